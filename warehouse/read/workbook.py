"""The cells of an xlsx workbook.

The container is unpacked once, within its declared sizes. Its sheets are restated (percentages,
dates, errors, long numbers as the texts they show) and put into a fresh package without number
formats, and only that package is given to the fast reader. So the reader sees exactly the bytes
that were checked, and no format of the file can change what it returns.
"""

from __future__ import annotations

import io
import re
import zipfile

import fastexcel
import polars as pl

from warehouse.read.refuse import Limits, Refused
from warehouse.read.sheet import Document, Sheet, number_rows
from warehouse.read.xlsx_cells import Restated, restate_sheet
from warehouse.read.xlsx_marks import find_hidden_columns, find_hidden_rows, find_merged
from warehouse.read.xlsx_parts import SheetPart, read_book_parts
from warehouse.read.zip_parts import ZipParts

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = f'<Relationships xmlns="{_PACKAGE}/relationships">%s</Relationships>'
# An empty text in A1 makes every sheet begin there: the reader drops leading empty rows and
# columns and does not say how many. A real A1 comes later and wins.
_CORNER = b'<row r="1"><c r="A1" t="str"><v></v></c></row>'


def read_xlsx(parts: ZipParts, limits: Limits) -> Document:
    """Read all sheets of an xlsx or xlsm workbook.

    Numbers are written as in `warehouse.read.cell_text`, booleans as ``TRUE`` and ``FALSE``, the
    results of formulas like typed values.

    Raises:
        Refused: ``damaged`` or ``too_large``.
    """
    book = read_book_parts(parts)
    restated = [
        restate_sheet(
            parts.read_xml(sheet.part),
            sheet.part,
            book.formats,
            from_1904=book.from_1904,
            limits=limits,
        )
        for sheet in book.sheets
    ]
    frames = _read_frames(_pack(restated, book.strings), restated, limits)
    return Document(
        kind="xlsx",
        encoding=None,
        sheets=tuple(map(_join_sheet, book.sheets, restated, frames)),
        has_macros=book.has_macros,
        has_external_links=book.has_external_links,
    )


# The fast reader reserves memory for as many texts as the file claims, and ends the process.
_COUNTS = re.compile(rb"""(<(?:\w+:)?sst\b[^>]*?)\s+(?:uniqueC|c)ount\s*=\s*(?:"[^"]*"|'[^']*')""")


def _pack(sheets: list[Restated], strings: bytes) -> bytes:
    """Put sheets and shared strings, uncompressed, into a package with nothing else in it."""
    for _ in range(2):
        strings = _COUNTS.sub(rb"\1", strings, count=1)
    entries = []
    relations = [_relation("sharedStrings", "sharedStrings")]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as container:
        for index, sheet in enumerate(sheets):
            name = f"sheet{index}"
            entries.append(f'<sheet name="{name}" sheetId="{index + 1}" r:id="{name}"/>')
            relations.append(_relation(name, "worksheet"))
            anchored = sheet.xml.replace(b"<sheetData>", b"<sheetData>" + _CORNER, 1)
            container.writestr(f"xl/{name}.xml", anchored)
        workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>%s</sheets></workbook>'
        container.writestr("xl/sharedStrings.xml", strings)
        container.writestr("xl/workbook.xml", workbook % "".join(entries))
        container.writestr("xl/_rels/workbook.xml.rels", _RELATIONS % "".join(relations))
        container.writestr("_rels/.rels", _RELATIONS % _relation("xl/workbook", "officeDocument"))
        container.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
    return package.getvalue()


def _relation(name: str, kind: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>'


def _read_frames(package: bytes, restated: list[Restated], limits: Limits) -> list[pl.DataFrame]:
    """Read every sheet as text, with row and column numbers counted from A1."""
    frames = []
    cells = 0
    try:
        reader = fastexcel.read_excel(package)
        for index, expected in enumerate(restated):
            sheet = reader.load_sheet(
                index, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True
            )
            cells += sheet.width * sheet.height
            if sheet.height < expected.last_row:
                raise Refused("damaged", found=f"{sheet.height} rows of {expected.last_row}")
            if cells > limits.cells:
                raise Refused("too_large", cells=cells, limit=limits.cells)
            frames.append(number_rows(pl.DataFrame(sheet)))
    except fastexcel.FastExcelError as error:
        raise Refused("damaged", found=str(error).splitlines()[0]) from error
    return frames


def _join_sheet(part: SheetPart, restated: Restated, cells: pl.DataFrame) -> Sheet:
    return Sheet(
        name=part.name,
        cells=cells,
        hidden_rows=find_hidden_rows(restated.xml),
        hidden_columns=find_hidden_columns(restated.xml),
        merged=find_merged(restated.xml),
        uncalculated=restated.uncalculated,
        errors=restated.errors,
        is_hidden=part.is_hidden,
    )
