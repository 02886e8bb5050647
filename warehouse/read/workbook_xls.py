"""The cells of a binary workbook: xls, or whatever WPS saved in the same format.

A WPS ``.et`` file is an OLE2 container like xls. Where its contents are an xls workbook it is read
as one; where they are not, it is refused by name.
"""

from __future__ import annotations

import io

import xlrd
from xlrd.compdoc import CompDoc, CompDocError

from warehouse.read.cell_text import FormatKind, kind_of_format, write_formatted
from warehouse.read.refuse import Limits, Refused
from warehouse.read.sheet import (
    Document,
    Sheet,
    blank_to_null,
    cell_address,
    frame_rows,
    number_rows,
)

_WORKBOOK_STREAMS = frozenset(("Workbook", "Book"))
_ENCRYPTED_STREAMS = frozenset(("EncryptedPackage", "EncryptionInfo"))
_OTHER_DOCUMENTS = {"WordDocument": "doc", "PowerPoint Document": "ppt", "VisioDocument": "vsd"}
_LINK_TO_FILE = 2  # xlrd's number for a table of references that points to another workbook


def read_xls(content: bytes, *, is_et: bool, limits: Limits) -> Document:
    """Read all sheets of a binary workbook.

    The format does not tell a formula that was never calculated from one whose result is empty or
    0, so `Sheet.uncalculated` stays empty. Office programs always calculate before they save.

    Args:
        content: the whole file.
        is_et: whether it was named ``.et``.
        limits: how many cells may be read.

    Raises:
        Refused: ``encrypted``, ``et_format``, ``not_a_table``, ``damaged`` or ``too_large``.
    """
    streams = _list_streams(content)
    if streams & _ENCRYPTED_STREAMS:
        raise Refused("encrypted", found="EncryptedPackage")
    for stream, found in _OTHER_DOCUMENTS.items():
        if stream in streams:
            raise Refused("not_a_table", found=found)
    try:
        book = _open_book(content)
        sheets = _read_sheets(book, limits)
    except Refused:
        raise
    # xlrd meets damage with whatever exception its parsing stumbles on.
    except Exception as error:
        if "encrypted" in str(error):
            raise Refused("encrypted", found=str(error)) from error
        if is_et:
            raise Refused("et_format", found=_describe(error)) from error
        if streams and not streams & _WORKBOOK_STREAMS:
            raise Refused("not_a_table", found=", ".join(sorted(streams))[:100]) from error
        raise Refused("damaged", found=_describe(error)) from error
    return Document(
        kind="xls",
        encoding=None,
        sheets=sheets,
        has_macros=any(name.startswith("_VBA_PROJECT") for name in streams),
        has_external_links=_LINK_TO_FILE in getattr(book, "_supbook_types", ()),
    )


def _list_streams(content: bytes) -> frozenset[str]:
    """Name the streams of an OLE2 container; none if it is bare or damaged."""
    try:
        # Checks of the allocation table are left to the reading itself.
        container = CompDoc(content, logfile=io.StringIO(), ignore_workbook_corruption=True)
    except Exception:
        return frozenset()
    return frozenset(entry.name for entry in container.dirlist)


def _open_book(content: bytes) -> xlrd.Book:
    """Open with formats, which xlrd needs to know percentages and hidden rows.

    WPS and some exporting systems write allocation tables that xlrd calls corrupt although every
    program opens them; they are read on a second try.
    """
    options = {"formatting_info": True, "ragged_rows": True, "logfile": io.StringIO()}
    try:
        return xlrd.open_workbook(file_contents=content, **options)
    except CompDocError:
        return xlrd.open_workbook(file_contents=content, ignore_workbook_corruption=True, **options)


def _read_sheets(book: xlrd.Book, limits: Limits) -> tuple[Sheet, ...]:
    formats = [_format_of(book, style.format_key) for style in book.xf_list]
    sheets = []
    cells = 0
    for sheet in book.sheets():
        cells += sheet.nrows * sheet.ncols
        if cells > limits.cells:
            raise Refused("too_large", cells=cells, limit=limits.cells)
        sheets.append(_read_sheet(book, sheet, formats))
    return tuple(sheets)


def _format_of(book: xlrd.Book, key: int) -> FormatKind:
    stored = book.format_map.get(key)
    return kind_of_format(key, stored.format_str if stored else None)


def _read_sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet, formats: list[FormatKind]) -> Sheet:
    errors = set()
    rows: list[list[str | None]] = []
    for row_index in range(sheet.nrows):
        cells = sheet.row(row_index)
        rows.append([_write_cell(book, cell, formats) for cell in cells])
        for column, cell in enumerate(cells):
            if cell.ctype == xlrd.XL_CELL_ERROR:
                errors.add(cell_address(row_index + 1, column))
    frame = blank_to_null(frame_rows(rows))
    hidden_rows = (row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden)
    hidden_columns = (column for column, info in sheet.colinfo_map.items() if info.hidden)
    return Sheet(
        name=sheet.name,
        cells=number_rows(frame),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        merged=tuple(
            (first_row + 1, first_column, end_row, end_column - 1)
            for first_row, end_row, first_column, end_column in sheet.merged_cells
        ),
        errors=frozenset(errors),
        is_hidden=sheet.visibility != 0,
    )


def _write_cell(book: xlrd.Book, cell: xlrd.sheet.Cell, formats: list[FormatKind]) -> str | None:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        shown = formats[cell.xf_index]
        return write_formatted(repr(cell.value), shown, from_1904=book.datemode == 1)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERROR!"))
    return None


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
