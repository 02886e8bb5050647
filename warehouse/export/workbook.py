"""Encodes an answer as a workbook, every cell by its type."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import xlsxwriter
from rich.cells import cell_len

from warehouse.contracts.model import Text
from warehouse.export.failure import ExportError
from warehouse.export.values import FORMULA, show_decimal, show_value

MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767
MOST_DIGITS = 15
FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets believe in a 29 February 1900: days before it are written as text."""


def encode_xlsx(
    frame: pl.DataFrame, notes: Sequence[str] = (), created: datetime | None = None
) -> bytes:
    """A workbook: numbers as numbers, dates as dates, the heading frozen; text is never a formula.

    Args:
        frame: the rows.
        notes: lines for a second sheet.
        created: what the workbook says of its making; given one, equal rows are equal bytes.

    Raises:
        ExportError: more rows, or a longer text, than a sheet can hold.
    """
    _refuse_what_no_sheet_holds(frame)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "remove_timezone": True})
    if created:
        book.set_properties({"created": created})
    writer = _SheetWriter(book)
    sheet = book.add_worksheet("数据")
    for place, name in enumerate(frame.columns):
        sheet.write_string(0, place, name, writer.formats["heading"])
        sheet.set_column(place, place, _column_width(frame[name]))
    for line, row in enumerate(frame.iter_rows(), start=1):
        for place, value in enumerate(row):
            writer.write(sheet, line, place, value)
    sheet.freeze_panes(1, 0)
    if frame.width:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
    if notes:
        sheet = book.add_worksheet("说明")
        sheet.set_column(0, 0, 100)
        for line, note in enumerate(notes):
            writer.write(sheet, line, 0, note)
    book.close()
    return content.getvalue()


class _SheetWriter:
    """Writes cells by their Python type; nothing is guessed from how a text looks."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.formats = {
            "heading": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "time": book.add_format({"num_format": "hh:mm:ss"}),
            "disarmed": book.add_format({"quote_prefix": True}),
        }

    def write(self, sheet: Any, line: int, place: int, value: object) -> None:  # noqa: ANN401
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(line, place, value)
        elif isinstance(value, int | float | Decimal) and _fits_spreadsheet(value):
            sheet.write_number(line, place, value)
        elif (kind := _kind_of_moment(value)) is not None:
            sheet.write_datetime(line, place, value, self.formats[kind])
        else:
            text = show_value(value)
            style = self.formats["disarmed"] if re.match(FORMULA, text) else None
            sheet.write_string(line, place, text, style)


def _fits_spreadsheet(value: float | Decimal) -> bool:
    """Whether a spreadsheet keeps the number: it holds 15 digits and knows no infinity."""
    if isinstance(value, float):
        return math.isfinite(value)
    digits = show_decimal(Decimal(value)).strip("-").replace(".", "").strip("0")
    return len(digits) <= MOST_DIGITS


def _kind_of_moment(value: object) -> str | None:
    if isinstance(value, datetime):
        return "datetime" if value.date() >= FIRST_DAY else None
    if isinstance(value, date):
        return "date" if value >= FIRST_DAY else None
    return "time" if isinstance(value, time) else None


def _column_width(column: pl.Series) -> float:
    shown = (show_value(value) for value in column.head(200))
    lengths = [cell_len(column.name) + 4, *(cell_len(text) + 2 for text in shown)]
    return min(max(lengths), 60)


def _refuse_what_no_sheet_holds(frame: pl.DataFrame) -> None:
    if frame.height > MOST_ROWS:
        raise ExportError(
            Text(
                zh=f"一张工作表放不下 {frame.height:,} 行（上限 {MOST_ROWS:,}）；"
                "请用 csv 或 parquet。",
                en=f"A sheet cannot hold {frame.height:,} rows ({MOST_ROWS:,} at most): "
                "use csv or parquet.",
            )
        )
    for name in frame.select(pl.col(pl.String)).columns:
        if frame.filter(pl.col(name).str.len_chars() > LONGEST_TEXT).height:
            raise ExportError(
                Text(
                    zh=f"列 {name} 有超过 {LONGEST_TEXT:,} 字的内容，单元格放不下；"
                    "请用 csv 或 parquet。",
                    en=f"Column {name} has a text longer than the {LONGEST_TEXT:,} characters a "
                    "cell holds: use csv or parquet.",
                )
            )
