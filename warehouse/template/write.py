"""Writes the blank workbook of a contract, ready to be filled in and to be known again."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from warehouse.contracts.codes import Codes, Reporter
from warehouse.contracts.model import Column, Contract
from warehouse.periods import Period
from warehouse.read.layout import EXPLANATION_SHEET
from warehouse.template.earlier_sheet import SHEET as EARLIER_SHEET
from warehouse.template.earlier_sheet import write_earlier
from warehouse.template.guides import (
    LAST_ENTRY,
    guide_entries,
    guide_explanations,
    mark_missing,
    write_options,
)
from warehouse.template.notes import list_columns, list_notes, list_rules, write_comment
from warehouse.template.plan import FIRST_ENTRY, Blank, Language, plan_template
from warehouse.template.prefill import Prefill
from warehouse.template.self_check import SHEET as SELF_CHECK_SHEET
from warehouse.template.self_check import write_self_check
from warehouse.template.wrong_entries import mark_wrong

NOTES_SHEET = "填报说明"
OPTIONS_SHEET = "选项"
_TITLE, _LINE, _PEOPLE = range(3)
_HEADING, _MARKS = FIRST_ENTRY - 2, FIRST_ENTRY - 1
"""The row above the headings stays empty: texts there could be read as part of them."""

_CREATED = datetime(2020, 1, 1)
_NUMBER_FORMATS = {
    "integer": "0",
    "decimal": "General",
    "money": "0.00####",
    "percent": "0.00",
    "date": "yyyy-mm-dd",
}
_WIDTHS = {"text": 26, "uscc": 22, "standard_no": 20, "application_no": 18, "date": 13}
_LEAST_WIDTH, _MOST_WIDTH, _LAST_WIDTH = 12, 40, 34
_GAP = "　" * 4
_TO_FILL_IN = "（请填写）"
_HEAD = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}


def write_template(
    contract: Contract,
    codes: Codes,
    target: Path,
    reporter: Reporter | None,
    period: Period | None,
    language: Language = "zh",
    prefill: Prefill | None = None,
) -> Path:
    """Writes the blank form of a contract as an xlsx workbook, the same bytes each time.

    Entry rows are formatted by column, so the sheet ends where its texts end. Lists warn and do not
    forbid: known spellings, 不适用 and 零报告 are for the gate to judge.

    Args:
        contract: the dataset's contract.
        codes: for the lists to choose from and the rows given in advance.
        target: the file, or a folder in which it is named `<title>_<reporter>_<period>`.
        reporter: who fills it in; None leaves 填报单位 open.
        period: for when; None leaves 报告期 open.
        language: of descriptions and notes; headings stay Chinese.
        prefill: what was accepted of earlier periods, from `read_prefill`.

    Returns:
        The path written.

    Raises:
        TemplateRefused: the reporter does not owe this form, or the period is of another type.
        OSError: the file cannot be written.
    """
    blank = plan_template(contract, codes, reporter, period, language, prefill)
    if target.is_dir():
        target /= blank.file_name
    target.write_bytes(_write_workbook(blank, codes.in_period(period)))
    return target


def _write_workbook(blank: Blank, codes: Codes) -> bytes:
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": "宋体", "font_size": 11},
    }
    book = xlsxwriter.Workbook(content, options)
    title = blank.contract.title.zh
    book.set_properties({"title": title, "subject": blank.mark, "created": _CREATED})
    form_name = re.sub(r"[\[\]:*?/\\]", "", title)[:31]
    form = book.add_worksheet(form_name)
    self_check = book.add_worksheet(SELF_CHECK_SHEET)
    if blank.shows_earlier:
        earlier = book.add_worksheet(EARLIER_SHEET)
        columns = [(_choose_width(blank, at), _describe_entry(column))
                   for at, column in enumerate(blank.columns)]  # fmt: skip
        write_earlier(book, earlier, blank, codes, columns)
        _set_page(earlier)
        earlier.repeat_rows(0, _MARKS)
    explanations = book.add_worksheet(EXPLANATION_SHEET)
    notes = book.add_worksheet(NOTES_SHEET)
    ranges = write_options(book.add_worksheet(OPTIONS_SHEET), blank)
    _write_lines(form, book, blank)
    _write_columns(form, book, blank)
    _set_page(form)
    form.freeze_panes(FIRST_ENTRY, 0)
    form.repeat_rows(0, _MARKS)
    guide_entries(form, blank, ranges)
    mark_wrong(form, book, blank, codes, LAST_ENTRY)
    mark_missing(form, book, blank)
    _write_explanations(explanations, book)
    guide_explanations(explanations, ranges)
    _write_notes(notes, book, blank)
    write_self_check(book, self_check, blank, codes, form_name)
    _set_page(self_check, is_upright=True)
    book.close()
    return content.getvalue()


def _write_lines(form: Any, book: Any, blank: Blank) -> None:  # noqa: ANN401
    """Writes the lines above the headings, among them what the form is known by."""
    last = len(blank.columns) - 1
    period = blank.period.title_zh if blank.period else ""
    reporter = blank.reporter.name if blank.reporter else _TO_FILL_IN
    unit = f"{_GAP}单位：{blank.money_unit}" if blank.money_unit else ""
    large = {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
    small = {"font_size": 8, "font_color": "#808080", "align": "right", "shrink": True}
    plain = book.add_format({"valign": "vcenter"})
    title = f"{period}{blank.contract.title.zh}"
    _write_across(form, _TITLE, last, title, book.add_format(large))
    line = f"填报单位：{reporter}{_GAP}报告期：{period or _TO_FILL_IN}{unit}"
    mark_at = max(last, 1)
    _write_across(form, _LINE, mark_at - 1, line, plain)
    form.write_string(_LINE, mark_at, blank.mark, book.add_format(small))
    people = ("单位负责人：", "填表人：", "联系电话：", "报出日期：")
    _write_across(form, _PEOPLE, last, (_GAP * 2).join(people), plain)
    for row, height in ((_TITLE, 30), (_PEOPLE + 1, 6), (_HEADING, 32)):
        form.set_row(row, height)


def _write_across(sheet: Any, row: int, last: int, text: str, shown: Any) -> None:  # noqa: ANN401
    if last:
        sheet.merge_range(row, 0, row, last, text, shown)
    else:
        sheet.write_string(row, 0, text, shown)


def _write_columns(form: Any, book: Any, blank: Blank) -> None:  # noqa: ANN401
    """Writes headings, marks and given rows; an entry's format is its column's."""
    required = book.add_format({**_HEAD, "bg_color": "#FFF2CC"})
    optional = book.add_format({**_HEAD, "bold": False, "bg_color": "#F2F2F2"})
    marked = book.add_format({"border": 1, "align": "center", "font_color": "#808080"})
    for position, column in enumerate(blank.columns):
        entry = book.add_format(_describe_entry(column))
        form.set_column(position, position, _choose_width(blank, position), entry)
        shown = required if column.required else optional
        form.write_string(_HEADING, position, column.heading, shown)
        comment = {"author": "", "x_scale": 2, "y_scale": 1.6}
        form.write_comment(_HEADING, position, write_comment(blank, position), comment)
        form.write_string(_MARKS, position, blank.marks[position], marked)
        for row, given in enumerate(blank.given_rows, start=FIRST_ENTRY):
            if column.name in given:
                form.write(row, position, given[column.name], entry)


def _describe_entry(column: Column) -> dict[str, Any]:
    number_format = _NUMBER_FORMATS.get(column.type, "@")
    return {
        "num_format": number_format,
        "align": "left" if number_format == "@" else "right",
        "valign": "vcenter",
        "text_wrap": column.type == "text",
    }


def _choose_width(blank: Blank, position: int) -> int:
    """In characters of the default font, of which a Chinese one takes two."""
    column = blank.columns[position]
    texts = [column.heading, *blank.options.get(column.name, [])]
    longest = max(len(text.encode("gb18030")) for text in texts) + 3
    least = _WIDTHS.get(column.type, _LEAST_WIDTH)
    if position == len(blank.columns) - 1:
        least = _LAST_WIDTH  # the template mark stands above it
    return max(least, min(longest, _MOST_WIDTH))


def _set_page(sheet: Any, *, is_upright: bool = False) -> None:  # noqa: ANN401
    a4 = 9
    if not is_upright:
        sheet.set_landscape()
    sheet.set_paper(a4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _write_explanations(sheet: Any, book: Any) -> None:  # noqa: ANN401
    """An entry counts once both its cells are filled, so none is begun in advance."""
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 30, text)
    sheet.set_column(1, 1, 80, text)
    sheet.write_row(0, 0, ["规则", EXPLANATION_SHEET], book.add_format(_HEAD))
    sheet.freeze_panes(1, 0)
    _set_page(sheet)


def _write_notes(sheet: Any, book: Any, blank: Blank) -> None:  # noqa: ANN401
    """Writes advice, the table of columns and the table of rules, one below the other."""
    last = 6
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    line = book.add_format({"text_wrap": True, "valign": "vcenter"})
    heading = book.add_format({**_HEAD, "bg_color": "#F2F2F2"})
    for position, width in enumerate((28, 20, 10, 40, 40, 40, 40)):
        sheet.set_column(position, position, width)
    title = f"{NOTES_SHEET}：{blank.contract.title.zh} · {blank.contract.title.en}"
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    row = 1
    for text in list_notes(blank):
        sheet.merge_range(row, 0, row, last, text, line)
        row += 1
    for table in (list_columns(blank), list_rules(blank)):
        row += 1
        for index, cells in enumerate(table):
            sheet.write_row(row, 0, cells, wrapped if index else heading)
            row += 1
    _set_page(sheet)
