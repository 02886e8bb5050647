"""Writes the sheet 自查: one line per rule with its hits, and a total that turns green."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_range

from warehouse.contracts.codes import Codes
from warehouse.template.plan import FIRST_ENTRY, Blank
from warehouse.template.self_check.area import EntryArea
from warehouse.template.self_check.checks import list_check_lines, list_form_lines
from warehouse.template.self_check.explained import count_explanations, is_unexplained
from warehouse.template.self_check.kept import KEPT_AT, LAST_CHECKED, ROWS, ROWS_AT, TABLES_AT
from warehouse.template.self_check.lines import Draft, Line
from warehouse.template.self_check.suite import (
    list_presence_lines,
    list_suite_lines,
    list_type_lines,
)
from warehouse.template.self_check.words import join, say
from warehouse.wording import SEVERITIES

_MARK, _SENTENCE, _SEVERITY, _COUNT, _FIRST, _STATE, _RULE = range(7)
_PLACE, _OPEN = 7, 8
"""Hidden columns: where the first hit stands as row × 1000 + column, and how many are open."""
_TITLE, _TOTAL, _NOTE, _HEADING = range(4)
_FIRST_LINE = _HEADING + 1
_WIDTHS = (5, 56, 8, 8, 10, 16, 24)
_LINE_HEIGHT = 17
_BORDER = {"valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
_COLORS = {
    "green": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    "red": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "amber": {"bg_color": "#FFEB9C", "font_color": "#7F6000"},
}


def write_self_check(book: Any, sheet: Any, blank: Blank, codes: Codes, form: str) -> None:  # noqa: ANN401
    """Writes the sheet and the defined names its formulas use.

    Every formula carries the value it has while nothing is entered, for programs that open a
    workbook without calculating it.

    Args:
        book: the workbook being written.
        sheet: the sheet 自查 of it, empty.
        blank: what the workbook holds.
        codes: for the lists that entries are held against.
        form: name of the form's sheet.
    """
    area = EntryArea(blank, codes, form)
    lines = list_lines(area)
    writer = _Writer(book, sheet, area, lines)
    writer.write_head()
    for row, line in enumerate(lines, start=_FIRST_LINE):
        writer.write_line(row, line)
    writer.write_total()
    writer.color_results()
    writer.write_kept()
    for name, formula in area.names.items():
        book.define_name(name, formula)


def list_lines(area: EntryArea) -> list[Line]:
    """All lines of a form: what must be filled in, column by column, the whole form, the rest.

    The rest are the rules that no formula can tell.
    """
    draft = Draft(area)
    lines = [*list_type_lines(draft), *list_suite_lines(draft), *list_check_lines(draft)]
    order = {column.name: at for at, column in enumerate(area.contract.column)}
    lines.sort(key=lambda line: order.get(line.column or "", len(order)))
    lines = [*list_presence_lines(draft), *lines, *list_form_lines(draft)]
    return sorted(lines, key=lambda line: line.hits is None)


class _Writer:
    """Writes lines to the sheet; the addresses of a line's cells follow from its row."""

    def __init__(self, book: Any, sheet: Any, area: EntryArea, lines: list[Line]) -> None:  # noqa: ANN401
        self.book, self.sheet, self.area = book, sheet, area
        self.language = area.blank.language
        self.last = _FIRST_LINE + len(lines) - 1
        self.marks = dict(zip([c.name for c in area.blank.columns], area.blank.marks, strict=True))
        self.wrapped = book.add_format({**_BORDER, "text_wrap": True})
        self.middle = book.add_format({**_BORDER, "align": "center"})
        self.grey = book.add_format({**_BORDER, "align": "center", "font_color": "#808080"})
        self.small = book.add_format({**_BORDER, "font_size": 8, "font_color": "#808080"})
        link = {"align": "center", "font_color": "#0563C1", "underline": 1}
        self.link = book.add_format({**_BORDER, **link})

    def write_head(self) -> None:
        """Writes title, note and headings."""
        blank, sheet, add_format = self.area.blank, self.sheet, self.book.add_format
        for at, width in enumerate(_WIDTHS):
            sheet.set_column(at, at, width)
        title = f"{self._say('title')}：{blank.contract.title.of(self.language)}"
        large = add_format({"bold": True, "font_size": 14, "valign": "vcenter"})
        sheet.merge_range(_TITLE, 0, _TITLE, _RULE, title, large)
        note = self._say("note", first=FIRST_ENTRY + 1, last=LAST_CHECKED)
        look = {"text_wrap": True, "valign": "vcenter", "font_size": 9, "font_color": "#595959"}
        sheet.merge_range(_NOTE, 0, _NOTE, _RULE, note, add_format(look))
        head = add_format({**_BORDER, "bold": True, "bg_color": "#F2F2F2", "align": "center"})
        sheet.write_row(_HEADING, 0, self._say("headings").split("|"), head)
        for row, height in ((_TITLE, 26), (_TOTAL, 30), (_NOTE, 42), (_HEADING, 20)):
            sheet.set_row(row, height)
        sheet.freeze_panes(_FIRST_LINE, 0)
        sheet.set_tab_color("#70AD47")

    def write_line(self, row: int, line: Line) -> None:
        """Writes one rule: what it is, its hits, where the first stands and what that means."""
        sheet = self.sheet
        sheet.write_string(row, _MARK, self.marks.get(line.column or "", ""), self.middle)
        partial = self._say("partial") if line.is_partial and line.hits else ""
        sentence = line.sentence.of(self.language) + partial
        sheet.write_string(row, _SENTENCE, sentence, self.wrapped)
        severity = SEVERITIES[line.severity].of(self.language)
        sheet.write_string(row, _SEVERITY, severity, self.middle)
        sheet.write_string(row, _RULE, line.rule_id, self.small)
        sheet.set_row(row, _LINE_HEIGHT * _count_lines(sentence))
        if line.hits is None:
            for at in (_COUNT, _FIRST):
                sheet.write_blank(row, at, None, self.grey)
            sheet.write_string(row, _STATE, self._say("system"), self.grey)
            return
        hits = f"IF({self.area.entered}=0,0,SUM({line.hits}))"
        self._write_array(row, _COUNT, hits, self.middle)
        self._write_place(row, line)
        self._write_array(row, _OPEN, self._count_open(row, line))
        count, left = _cell(row, _COUNT), _cell(row, _OPEN)
        state = (
            f"IF(ISERROR({count}),{self._join('failed')},"
            f"IF({self.area.entered}=0,{self._join('empty')},IF({count}=0,{self._join('passed')},"
            f"IF({left}=0,{self._join('explained')},{self._join('open', n=left)}))))"
        )
        self._write_array(row, _STATE, state, self.middle, self._say("empty"))

    def _write_place(self, row: int, line: Line) -> None:
        if line.place is None:
            self.sheet.write_blank(row, _FIRST, None, self.middle)
            return
        count, place = _cell(row, _COUNT), _cell(row, _PLACE)
        numbers = f"ROW({line.place})*1000+COLUMN({line.place})"
        self._write_array(row, _PLACE, f"IF(N({count})=0,0,MIN(IF({line.hits}>0,{numbers})))")
        address = f"ADDRESS(INT({place}/1000),MOD({place},1000),4)"
        target = f'"#{self.area.form}!"&{address}'
        link = f'IF(N({place})=0,"",HYPERLINK({target},{address}))'
        self._write_array(row, _FIRST, link, self.link, "")

    def _count_open(self, row: int, line: Line) -> str:
        """Hits that block: of what may be explained those without an explanation."""
        count = _cell(row, _COUNT)
        if line.severity != "explain":
            return count
        unexplained = f"({line.hits})"
        if line.place is not None:
            unexplained += f"*{is_unexplained(self.area, line.place)}"
        explained = count_explanations(self.area, line.rule_id, line.column)
        return f"IF(N({count})=0,{count},IF({explained}>0,0,SUM({unexplained})))"

    def write_total(self) -> None:
        """Writes the one line that says whether the form may go."""
        blocking = f"{_cell(_FIRST_LINE, _OPEN, '$')}:{_cell(self.last, _OPEN, '$')}"
        below = self.area.kept.keep(f"={self.area.count_below()}")
        lines, hits = f'COUNTIF({blocking},">0")', f"SUM({blocking})"
        state = (
            f"IF({self.area.entered}+{below}=0,{self._join('empty')},"
            f"IF({below}>0,{self._join('below', last=str(LAST_CHECKED))},"
            f"IF(ISERROR({hits}),{self._join('failed')},"
            f"IF({hits}=0,{self._join('clean')},{self._join('left', lines=lines, n=hits)}))))"
        )
        # Centred across and not merged: no program takes an array formula in merged cells.
        look = {"bold": True, "font_size": 16, "align": "center_across", "valign": "vcenter"}
        shown = self.book.add_format(look)
        self._write_array(_TOTAL, 0, state, shown, self._say("empty"))
        for at in range(1, _RULE + 1):
            self.sheet.write_blank(_TOTAL, at, None, shown)

    def color_results(self) -> None:
        """Green for what is clear, red for what must be mended, amber for what wants a reason."""
        formats = {name: self.book.add_format(look) for name, look in _COLORS.items()}
        total, left = _cell(_TOTAL, 0, "$"), _cell(_FIRST_LINE, _OPEN)
        state, severity = _cell(_FIRST_LINE, _STATE), _cell(_FIRST_LINE, _SEVERITY)
        explain = SEVERITIES["explain"].of(self.language)
        passed = ",".join(f"{state}={self._join(name)}" for name in ("passed", "explained"))
        top = (_TOTAL, 0, _TOTAL, _RULE)
        lines = (_FIRST_LINE, _COUNT, self.last, _STATE)
        for place, criteria, color in (
            (top, f"={total}={self._join('clean')}", "green"),
            (top, f"={total}<>{self._join('empty')}", "red"),
            (lines, f'=AND(N({left})>0,{severity}="{explain}")', "amber"),
            (lines, f"=OR(N({left})>0,{state}={self._join('failed')})", "red"),
            (lines, f"=OR({passed})", "green"),
        ):
            rule = {"type": "formula", "criteria": criteria, "format": formats[color]}
            self.sheet.conditional_format(*place, {**rule, "stop_if_true": True})

    def write_kept(self) -> None:
        """Writes what formulas look up into hidden columns."""
        kept = self.area.kept
        for row, content in enumerate(kept.cells):
            if content.startswith("="):
                self._write_array(row, KEPT_AT, content[1:])
            else:
                self.sheet.write_string(row, KEPT_AT, content)
        for at, formula in enumerate(kept.rows, start=ROWS_AT):
            self._write_rows(at, formula)
        values = [value for table in kept.tables for value in table]
        self.sheet.write_column(0, TABLES_AT, values)
        last = ROWS_AT + len(kept.rows)
        self.sheet.set_column(_RULE + 1, last, None, None, {"hidden": True})

    def _write_array(
        self,
        row: int,
        column: int,
        formula: str,
        shown: Any = None,  # noqa: ANN401
        empty: str | int = 0,
    ) -> None:
        """An array formula of one cell, with its value while nothing is entered.

        No formula here is a plain one: LibreOffice takes the stored value of those, and never
        learns that it has changed while the array formulas they look at were not yet calculated.
        """
        self.sheet.write_array_formula(row, column, row, column, f"{{={formula}}}", shown, empty)

    def _write_rows(self, column: int, formula: str) -> None:
        """An array formula over all rows, of which the file holds the first cell alone.

        xlsxwriter would write a zero for each of the others, which takes longer than all else here
        and as long again wherever a blank form is read.
        """
        self._write_array(0, column, formula)
        cells = self.sheet.table[0]
        cells[column] = cells[column]._replace(range=xl_range(0, column, ROWS - 1, column))

    def _say(self, name: str, **facts: object) -> str:
        return say(name, self.language, **facts)

    def _join(self, name: str, **cells: str) -> str:
        return join(name, self.language, **cells)


def _cell(row: int, column: int, fixed: str = "") -> str:
    return f"${xl_col_to_name(column)}{fixed}{row + 1}"


def _count_lines(text: str) -> int:
    """How many lines a sentence takes in its column; a Chinese character is two wide."""
    return -(-len(text.encode("gb18030")) // _WIDTHS[_SENTENCE])
