"""The sheet 问题清单: one row a finding, with a link to its cell and room for an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from warehouse.read.returned_list import IDENTITY_FIELDS, MEMORY_FIELD, MOST_LETTERS, write_mark
from warehouse.read.sheet import cell_address
from warehouse.returned.list_frame import Frame, Guide, write_cell, write_sheet
from warehouse.returned.list_looks import add_looks
from warehouse.returned.model import Base, Mark, ReturnedForm
from warehouse.returned.styles import StyleTable
from warehouse.returned.text_lines import count_lines
from warehouse.returned.words import (
    HEADINGS,
    NOT_HERE,
    SAY_WHY,
    UNTIL_WHEN,
    show_change,
    show_value,
    write_head,
)
from warehouse.wording import SEVERITIES

_SHOWN = tuple(HEADINGS)
_FIELDS = (*_SHOWN, *IDENTITY_FIELDS, MEMORY_FIELD)
_WIDTHS = dict(zip(_SHOWN, (6, 7, 24, 13, 16, 32, 30, 7, 20, 26, 12), strict=True))
_HIDDEN_WIDTH = 12
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_TITLE_HEIGHT, _HEAD_HEIGHT, _LINE_HEIGHT, _MOST_HEIGHT = 28, 30, 14, 400
_MOST_LINKS, _MOST_ROWS = 65_530, 1_048_000
"""Links one sheet can hold, and findings."""
_FIRST_DAY = "36526"
"""2000-01-01 as workbooks count days."""

_Cells = Mapping[str, tuple[str, str]]
"""Look and text by field."""


@dataclass(frozen=True)
class ListedMark:
    """A finding with its place in the workbook.

    Attributes:
        target: where its link leads, as `write_link` has it; None where there is no such place.
        shown: its place as a clerk reads it.
        memory: colour of its cell, and the fill the colour stands for.
    """

    mark: Mark
    target: str | None
    shown: str
    memory: str = ""


@dataclass(frozen=True)
class ListSheet:
    """The sheet's XML, and the ranges workbooks keep outside of sheets, without the sheet's name.

    Attributes:
        title_rows: repeated on each printed page.
        filtered: the table with its headings.
    """

    xml: bytes
    title_rows: str
    filtered: str


def write_link(sheet: str, cell: str) -> str:
    """The place a link leads to; quotes within a sheet's name are doubled."""
    return f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}"


def write_list(
    form: ReturnedForm, listed: Sequence[ListedMark], table: StyleTable, base: Base
) -> ListSheet:
    """Writes the list: what must be mended first, then what is to be explained, then notices.

    Args:
        form: what goes back.
        listed: its findings.
        table: the workbook's styles, which those of the list are added to.
        base: what is marked.
    """
    rows = _Rows(form, add_looks(table), _choose_hidden(form))
    rows.write_head(write_head(form, base))
    ordered = sorted(listed, key=lambda item: (_RANK[item.mark.severity], item.mark.finding_number))
    links: dict[str, str] = {}
    for item in ordered[:_MOST_ROWS]:
        rows.write_finding(item)
        if item.target and len(links) < _MOST_LINKS:
            links[cell_address(rows.row, _SHOWN.index("place"))] = item.target
    heading = rows.heading
    frame = Frame(
        widths=[_WIDTHS.get(name, _HIDDEN_WIDTH) for name in _FIELDS],
        hidden=frozenset(place for place, name in enumerate(_FIELDS) if name in rows.hidden),
        heading=heading,
        filtered=f"A{heading}:{_LAST}{rows.row}",
        merged=[f"A{row}:{_LAST}{row}" for row in range(1, heading - 1)],
        guides=list(_guide_answers(rows, form.language)),
        links=links,
    )
    filtered = f"$A${heading}:${_LAST}${rows.row}"
    return ListSheet(write_sheet(rows.written, frame), f"${heading}:${heading}", filtered)


def _choose_hidden(form: ReturnedForm) -> frozenset[str]:
    """The columns that would say nothing, beside those that only the reader needs."""
    hidden = {*IDENTITY_FIELDS, MEMORY_FIELD}
    if form.round == 1:
        hidden.add("change")
    if not any(mark.offered for mark in form.marks):
        hidden.add("offered")
    if not any(mark.severity == "explain" for mark in form.marks):
        hidden |= {"explanation", "valid_until"}
    return frozenset(hidden)


class _Rows:
    """The rows of the list as they are written.

    Attributes:
        row: the last one, from 1.
        heading: the one with the headings.
        open_rows: those that take an explanation.
        closed_rows: those that take none.
    """

    def __init__(
        self, form: ReturnedForm, looks: Mapping[str, int], hidden: frozenset[str]
    ) -> None:
        self.hidden = hidden
        self.written: list[str] = []
        self.heading = 0
        self.open_rows: list[int] = []
        self.closed_rows: list[int] = []
        self._form = form
        self._looks = looks

    @property
    def row(self) -> int:
        return len(self.written)

    def write_head(self, lines: Sequence[str]) -> None:
        """The title, the lines, the mark, the hidden row that names the fields, the headings."""
        width = sum(width for name, width in _WIDTHS.items() if name not in self.hidden)
        self._write({"number": ("title", lines[0])}, _TITLE_HEIGHT)
        for line in lines[1:]:
            height = _LINE_HEIGHT * count_lines(line, width)
            self._write({"number": ("line", line)}, height)
        mark = write_mark(self._form.submission_id, self._form.sha256)
        self._write({"number": ("mark", mark)}, _LINE_HEIGHT)
        self._write({name: ("mark", name) for name in _FIELDS}, None)
        first, second = ("en", "zh") if self._form.language == "en" else ("zh", "en")
        named = {name: name for name in _FIELDS}
        named |= {name: f"{text.of(first)}\n{text.of(second)}" for name, text in HEADINGS.items()}
        self._write({name: ("head", text) for name, text in named.items()}, _HEAD_HEIGHT)
        self.heading = self.row

    def write_finding(self, item: ListedMark) -> None:
        """The row of one finding."""
        mark, language = item.mark, self._form.language
        is_open = mark.severity == "explain"
        valid_until = mark.valid_until.isoformat() if mark.valid_until else ""
        cells = {
            "number": ("number", str(mark.finding_number)),
            "severity": (mark.severity, SEVERITIES[mark.severity].of(language)),
            "place": ("link" if item.target else "text", item.shown),
            "heading": ("text", mark.heading),
            "value": ("text", show_value(mark, language)),
            "sentence": ("text", mark.sentence),
            "remedy": ("text", mark.remedy),
            "change": ("centre", show_change(mark, language)),
            "offered": ("text", mark.offered or ""),
            "explanation": ("answer" if is_open else "closed", mark.explanation or ""),
            "valid_until": ("day" if is_open else "closed", valid_until),
            "rule_id": ("mark", mark.rule_id),
            "column_name": ("mark", mark.column_name or ""),
            "subject": ("mark", mark.subject),
            MEMORY_FIELD: ("mark", item.memory),
        }
        lines = max(
            count_lines(cells[name][1], width - 1)
            for name, width in _WIDTHS.items()
            if name not in self.hidden
        )
        self._write(cells, min(_LINE_HEIGHT * lines + 2, _MOST_HEIGHT))
        (self.open_rows if is_open else self.closed_rows).append(self.row)

    def _write(self, cells: _Cells, height: int | None) -> None:
        row = self.row + 1
        written = "".join(
            write_cell(
                cell_address(row, place),
                self._looks[cells[name][0]],
                cells[name][1],
                is_number=cells[name][0] == "number",
            )
            for place, name in enumerate(_FIELDS)
            if name in cells
        )
        shown = ' hidden="1"' if height is None else f' ht="{height}"'
        self.written.append(f'<row r="{row}"{shown}>{written}</row>')


def _guide_answers(rows: _Rows, language: str) -> Iterator[Guide]:
    """Says what an answer is for, and that what must be mended takes none."""
    if rows.open_rows:
        first, last = rows.open_rows[0], rows.open_rows[-1]
        texts, days = (f"{letter}{first}:{letter}{last}" for letter in (_TEXTS, _DAYS))
        limit = str(MOST_LETTERS)
        yield Guide("textLength", texts, "lessThanOrEqual", limit, SAY_WHY.of(language))
        yield Guide("date", days, "greaterThan", _FIRST_DAY, UNTIL_WHEN.of(language))
    for first, last in _find_runs(rows.closed_rows):
        closed = f"{_TEXTS}{first}:{_DAYS}{last}"
        yield Guide("custom", closed, "", "FALSE", NOT_HERE.of(language), style="stop")


def _find_runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of rows without a gap."""
    known = set(rows)
    firsts = (row for row in rows if row - 1 not in known)
    lasts = (row for row in rows if row + 1 not in known)
    return list(zip(firsts, lasts, strict=True))


def _letter(name: str) -> str:
    return cell_address(1, _FIELDS.index(name))[:-1]


_TEXTS, _DAYS, _LAST = _letter("explanation"), _letter("valid_until"), _letter(_SHOWN[-1])
