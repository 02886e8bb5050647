"""Writes a grid as a file, with the same bytes each time: xlsx, xlsm, xls, ods, or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
import xlwt

from examples.broken import make_compound_file
from examples.entries import Cell
from examples.forms import Grid
from examples.ods import write_ods

_DATE: Final = "yyyy-mm-dd"
_WIDTH: Final = 18
SUFFIXES: Final = {
    "xlsx": ".xlsx",
    "xlsm": ".xlsm",
    "xls": ".xls",
    "ods": ".ods",
    "csv": ".csv",
    "csv-bom": ".csv",
    "csv-gb18030": ".csv",
}


def write_grid(grid: Grid, file_format: str, created: datetime) -> bytes:
    """The bytes of a file of that format.

    Raises:
        KeyError: the format is none of `SUFFIXES`.
    """
    return _WRITERS[file_format](grid, created)


def _write_xlsx(grid: Grid, created: datetime, macros: bytes | None = None) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": created.replace(tzinfo=None)})
    if macros:
        book.add_vba_project(io.BytesIO(macros), is_stream=True)
    formats = {
        "date": book.add_format({"num_format": _DATE}),
        "head": book.add_format({"bold": True, "align": "center"}),
    }
    sheet = book.add_worksheet(grid.sheet_name)
    sheet.set_column(0, max(grid.places.values()), _WIDTH)
    _fill_xlsx_sheet(sheet, grid.cells, formats)
    for (row, column), formula in grid.formulas.items():
        sheet.write_formula(row, column, formula, None, grid.cells[row][column])
    for first_row, first_column, last_row, last_column in grid.merges:
        value = grid.cells[first_row][first_column]
        sheet.merge_range(first_row, first_column, last_row, last_column, value, formats["head"])
    for row in grid.hidden_rows:
        sheet.set_row(row, None, None, {"hidden": True})
    for column in grid.hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})
    for name, lines in grid.sheets.items():
        further = book.add_worksheet(name)
        _fill_xlsx_sheet(further, lines, formats)
        if name in grid.hidden_sheets:
            further.hide()
    book.close()
    return target.getvalue()


def _fill_xlsx_sheet(sheet: Any, lines: list[list[Cell]], formats: dict[str, Any]) -> None:  # noqa: ANN401
    for row, cells in enumerate(lines):
        for column, value in enumerate(cells):
            _write_xlsx_cell(sheet, row, column, value, formats["date"])


def _write_xlsx_cell(sheet: Any, row: int, column: int, value: Cell, dated: Any) -> None:  # noqa: ANN401
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), dated)
    else:
        sheet.write_number(row, column, _as_number(value))


def _write_xlsm(grid: Grid, created: datetime) -> bytes:
    return _write_xlsx(
        grid, created, macros=make_compound_file({"PROJECT": b"Name=VBAProject\r\n"})
    )


def _write_xls(grid: Grid, created: datetime) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    dated = xlwt.easyxf(num_format_str=_DATE)
    plain = xlwt.easyxf()
    anchors = {(first, left): (last, right) for first, left, last, right in grid.merges}
    for name, lines in {grid.sheet_name: grid.cells, **grid.sheets}.items():
        sheet = book.add_sheet(name)
        for row, cells in enumerate(lines):
            for column, value in enumerate(cells):
                if value is None:
                    continue
                written = _as_number(value) if isinstance(value, Decimal) else value
                if lines is grid.cells and (row, column) in anchors:
                    last_row, last_column = anchors[row, column]
                    sheet.write_merge(row, last_row, column, last_column, written, plain)
                else:
                    sheet.write(row, column, written, dated if isinstance(value, date) else plain)
        if lines is grid.cells:
            for row in grid.hidden_rows:
                sheet.row(row).hidden = True
            for column in grid.hidden_columns:
                sheet.col(column).hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_csv(encoding: str) -> Callable[[Grid, datetime], bytes]:
    def write(grid: Grid, created: datetime) -> bytes:
        width = max(len(cells) for cells in grid.cells)
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\r\n")
        for cells in grid.cells:
            texts = ["" if value is None else _as_text(value) for value in cells]
            writer.writerow([*texts, *[""] * (width - len(texts))])
        return target.getvalue().encode(encoding)

    return write


def _as_text(value: Cell) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _as_number(value: Cell) -> int | float:
    number = float(value or 0)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number


_WRITERS: Final[dict[str, Callable[[Grid, datetime], bytes]]] = {
    "xlsx": _write_xlsx,
    "xlsm": _write_xlsm,
    "xls": _write_xls,
    "ods": write_ods,
    "csv": _write_csv("utf-8"),
    "csv-bom": _write_csv("utf-8-sig"),
    "csv-gb18030": _write_csv("gb18030"),
}
