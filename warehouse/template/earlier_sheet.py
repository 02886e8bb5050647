"""Writes the sheet 上期: what was accepted last period, greyed, where the form has its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from warehouse.contracts.codes import Codes
from warehouse.contracts.model import NUMERIC_TYPES, Column, Contract, Text
from warehouse.gate.type_rows import names_ever
from warehouse.read.headings import IGNORED_HEADINGS, fold_heading
from warehouse.template.plan import FIRST_ENTRY, Blank, money_factor
from warehouse.template.prefill import Earlier, TypedRow, Value

SHEET = "上期"
"""Among the sheets that are never read as a form."""

_TITLE, _NOTE = 0, 1
_HEADING, _MARKS = FIRST_ENTRY - 2, FIRST_ENTRY - 1
_TITLE_TEXT = Text(
    zh="上期数据：{period}，已采用。不是本期数据，不会被读取",
    en="Last period's data: {period}, accepted. Not this period's, and never read as such",
)
_NOTE_TEXT = Text(
    zh="行列与填报表一致。可把整行复制到填报表（只粘贴值），再改成本期情况。",
    en="Rows and columns stand as in the form. Copy rows across (values only), then bring them up "
    "to date.",
)
_YEAR_BEFORE = Text(zh="上年同期{heading}（{period}）", en="A year before: {heading} ({period})")
_BORDER = {"border": 1, "border_color": "#D9D9D9"}
_GREY = {"font_color": "#808080", "bg_color": "#F2F2F2", "italic": True, **_BORDER}
_HEAD = {"font_color": "#808080", "bg_color": "#D9D9D9", "border": 1, "text_wrap": True}
_MIDDLE = {"align": "center", "valign": "vcenter"}
_YEAR_BEFORE_WIDTH = 16


def write_earlier(
    book: Any,  # noqa: ANN401
    sheet: Any,  # noqa: ANN401
    blank: Blank,
    codes: Codes,
    columns: Sequence[tuple[float, dict[str, Any]]],
) -> None:
    """Writes last period's rows; in a form of figures, beside them, the figures of a year before.

    Args:
        book: the workbook being written.
        sheet: the sheet 上期 of it, empty.
        blank: what the workbook holds; its prefill is shown.
        codes: for the names of codes.
        columns: width and cell format of each column of the form.
    """
    previous = blank.prefill.previous if blank.prefill else None
    year_before = blank.prefill.year_before if blank.prefill else None
    head = book.add_format({**_HEAD, **_MIDDLE})
    _write_lines(book, sheet, blank, previous)
    rows = place_rows(blank, codes, previous)
    for at, (column, (width, entry)) in enumerate(zip(blank.columns, columns, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(_HEADING, at, column.heading, head)
        sheet.write_string(_MARKS, at, blank.marks[at], head)
        _write_values(sheet, at, rows, column, blank, codes, book.add_format({**entry, **_GREY}))
    if blank.contract.kind == "figures" and year_before:
        rows = place_rows(blank, codes, year_before)
        shown = book.add_format(_GREY)
        for at, column in enumerate(_list_figures(blank.contract), start=len(blank.columns) + 1):
            text = _YEAR_BEFORE.of(blank.language)
            text = text.format(heading=column.heading, period=year_before.period.title_zh)
            sheet.set_column(at, at, _YEAR_BEFORE_WIDTH)
            sheet.write_string(_HEADING, at, text, head)
            _write_values(sheet, at, rows, column, blank, codes, shown)
    sheet.set_row(_HEADING, 32)
    sheet.freeze_panes(FIRST_ENTRY, 0)
    sheet.set_tab_color("#A6A6A6")


def place_rows(blank: Blank, codes: Codes, earlier: Earlier | None) -> dict[int, TypedRow]:
    """The earlier row by sheet row, from 0: beside the printed row of its key, else below."""
    key = [blank.contract.columns[name] for name in blank.contract.key]
    printed = {
        tuple(str(row.get(column.name, "")) for column in key): at
        for at, row in enumerate(blank.given_rows, start=FIRST_ENTRY)
    }
    placed: dict[int, TypedRow] = {}
    following = FIRST_ENTRY + len(blank.given_rows)
    for row in earlier.rows if earlier else ():
        shown = tuple(str(show_value(row, c, blank.contract, codes) or "") for c in key)
        at = printed.pop(shown, following)
        following += at == following
        placed[at] = row
    return placed


def show_value(row: TypedRow, column: Column, contract: Contract, codes: Codes) -> Value:
    """A typed value as the form writes it: names for codes, money in the form's unit."""
    value = row.get(column.name)
    if value is None or value == column.blank_means:
        return None
    if isinstance(value, str):
        return names_ever(column, codes).get(value, value)
    if column.type == "money":
        return Decimal(str(value)) / money_factor(column, contract, codes)
    return value


def _write_lines(book: Any, sheet: Any, blank: Blank, previous: Earlier | None) -> None:  # noqa: ANN401
    period = previous.period.title_zh if previous else "—"
    title = _TITLE_TEXT.of(blank.language).format(period=period)
    red = book.add_format({"bold": True, "font_size": 14, "font_color": "#C00000"})
    sheet.write_string(_TITLE, 0, title, red)
    grey = book.add_format({"font_color": "#808080"})
    sheet.write_string(_NOTE, 0, _NOTE_TEXT.of(blank.language), grey)


def _list_figures(contract: Contract) -> list[Column]:
    """The columns of numbers, running numbers left out."""
    return [
        column
        for column in contract.column
        if column.type in NUMERIC_TYPES and fold_heading(column.heading) not in IGNORED_HEADINGS
    ]


def _write_values(
    sheet: Any,  # noqa: ANN401
    at: int,
    rows: dict[int, TypedRow],
    column: Column,
    blank: Blank,
    codes: Codes,
    shown: Any,  # noqa: ANN401
) -> None:
    for number, row in rows.items():
        value = show_value(row, column, blank.contract, codes)
        if value is None:
            sheet.write_blank(number, at, None, shown)
        elif isinstance(value, str):
            sheet.write_string(number, at, value, shown)
        elif isinstance(value, date):
            sheet.write_datetime(number, at, value, shown)
        else:
            sheet.write_number(number, at, float(value), shown)
