"""Lays out anew, as an xlsx workbook, a form that came as CSV, xls or ods: what our reader saw."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl
import xlsxwriter

from warehouse.read.refuse import Refused
from warehouse.read.returned_list import is_list, read_list
from warehouse.read.sheet import Document, Sheet, split_address
from warehouse.returned.sheet_places import Cell
from warehouse.returned.text_lines import measure

_CREATED = datetime(2020, 1, 1)
_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_LINES = {"border": 1, "border_color": "#BFBFBF"}
_LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "table": {**_LINES, "text_wrap": True},
    "number": {**_LINES, "align": "right"},
    "title": {"bold": True, "font_size": 14},
}
_NUMBER = re.compile(r"[-+]?[\d,]{1,11}(?:\.\d+)?%?")
"""What is set to the right; longer ones are codes."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!")
_NAME_LIMIT, _TEXT_LIMIT = 31, 32_767
_SHEET_ROWS, _SHEET_COLUMNS = 1_048_576, 16_384
_MOST_CELLS, _MOST_MERGED = 3_000_000, 10_000
"""Beyond these the form itself is left out, or a merged range drawn apart."""
_LEAST_WIDTH, _MOST_WIDTH, _SAMPLE_ROWS = 8, 46, 2_000
_LINE_CELLS = 2
"""Rows with no more texts than this are lines above or below the table."""
_A4 = 9
_NOTHING = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews>'
    "<workbookView/></bookViews><sheets></sheets></workbook>",
}


def write_nothing() -> bytes:
    """A workbook without any sheet yet, for a form that could not be read."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as container:
        for name, xml in _NOTHING.items():
            container.writestr(zipfile.ZipInfo(name), xml)
    return content.getvalue()


def rebuild_workbook(document: Document, title: str) -> tuple[bytes, dict[str, str]]:
    """Writes what was read at the addresses it was read at, every cell as a text.

    A formula without a result and an error value become error cells: as blanks or texts they might
    pass when the form comes back.

    Args:
        document: the form; a list of an earlier round is left out.
        title: names the one sheet of a CSV.

    Returns:
        The workbook, and the name each sheet has in it, by the name it had.

    Raises:
        Refused: ``too_large`` for a workbook.
    """
    _check_size(document)
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": _CREATED})
    names: dict[str, str] = {}
    was_returned = read_list(document) is not None
    for sheet in document.sheets:
        if was_returned and is_list(sheet.name):
            continue
        name = _choose_name(sheet.name or title, names.values())
        names[sheet.name] = name
        _write_sheet(book.add_worksheet(name), book, sheet)
    book.close()
    return content.getvalue(), names


def _choose_name(wanted: str, taken: Iterable[str]) -> str:
    """A name a workbook accepts for a sheet, like none that it has."""
    folded = {name.lower() for name in taken}
    bare = _NOT_IN_NAMES.sub("", wanted).strip("'")[:_NAME_LIMIT] or "Sheet"
    name, number = bare, 2
    while name.lower() in folded:
        suffix = f" ({number})"
        name = bare[: _NAME_LIMIT - len(suffix)] + suffix
        number += 1
    return name


def _write_sheet(target: Any, book: Any, sheet: Sheet) -> None:  # noqa: ANN401
    looks = {name: book.add_format({**_FONT, **look}) for name, look in _LOOKS.items()}
    widths = _write_rows(target, sheet, looks)
    for address in sheet.errors | sheet.uncalculated:
        _write_error(target, sheet, address, looks["table"])
    for column in widths.keys() | sheet.hidden_columns:
        shown = max(_LEAST_WIDTH, min(widths.get(column, 0), _MOST_WIDTH))
        is_hidden = {"hidden": column in sheet.hidden_columns}
        target.set_column(column, column, shown, None, is_hidden)
    for row in sheet.hidden_rows:
        target.set_row(row - 1, None, None, {"hidden": True})
    if sheet.is_hidden:
        target.hide()
    target.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    target.set_landscape()
    target.set_paper(_A4)
    target.fit_to_pages(1, 0)


def _write_rows(target: Any, sheet: Sheet, looks: dict[str, Any]) -> dict[int, int]:  # noqa: ANN401
    """Writes the texts, with lines around the rows of the table.

    Returns:
        How wide the columns of the table should be, in letters.
    """
    merged = _list_merged(sheet)
    widths: dict[int, int] = {}
    for number, *cells in sheet.cells.iter_rows():
        filled = [(column, text[:_TEXT_LIMIT]) for column, text in enumerate(cells) if text]
        is_table = len(filled) > _LINE_CELLS
        for column in (place for place, text in enumerate(cells) if is_table and not text):
            target.write_blank(number - 1, column, None, looks["table"])
        for column, text in filled:
            look = looks[_choose_look(text, is_table=is_table, is_only=number == len(filled) == 1)]
            span = merged.get((number, column))
            if span:
                target.merge_range(number - 1, column, span[0] - 1, span[1], "", look)
            target.write_string(number - 1, column, text, look)
            if is_table and not span and number <= _SAMPLE_ROWS:
                widths[column] = max(widths.get(column, 0), measure(text) + 2)
    return widths


def _choose_look(text: str, *, is_table: bool, is_only: bool) -> str:
    if is_table:
        return "number" if _NUMBER.fullmatch(text.strip()) else "table"
    return "title" if is_only else "plain"


def _list_merged(sheet: Sheet) -> dict[Cell, Cell]:
    """Merged ranges by first cell, with the last one; those that overlap are left out."""
    taken: set[Cell] = set()
    found: dict[Cell, Cell] = {}
    for first_row, first_column, last_row, last_column in sheet.merged:
        size = (last_row - first_row + 1) * (last_column - first_column + 1)
        if not 1 < size <= _MOST_MERGED:
            continue
        cells = {
            (row, column)
            for row in range(first_row, last_row + 1)
            for column in range(first_column, last_column + 1)
        }
        if not cells & taken:
            taken |= cells
            found[first_row, first_column] = (last_row, last_column)
    return found


def _write_error(target: Any, sheet: Sheet, address: str, look: Any) -> None:  # noqa: ANN401
    """Writes an error value, which needs a formula of ours: a constant, nothing that was read."""
    row, column = split_address(address)
    error = "#N/A"
    if address in sheet.errors:
        shown = sheet.cells.row(by_predicate=pl.col("source_row") == row)[column + 1]
        error = shown if shown in _ERRORS else "#VALUE!"
    target.write_formula(row - 1, column, f"={error}", look, error)


def _check_size(document: Document) -> None:
    for sheet in document.sheets:
        rows = sheet.cells["source_row"].max() if sheet.cells.height else 0
        columns = sheet.cells.width - 1
        cells = sheet.cells.height * columns
        fits = int(str(rows)) <= _SHEET_ROWS and columns <= _SHEET_COLUMNS
        if not fits or cells > _MOST_CELLS:
            raise Refused("too_large", cells=cells, limit=_MOST_CELLS)
