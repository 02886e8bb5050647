"""Writes a grid as an OpenDocument spreadsheet.

odfpy 1.4.1 was tried first: it adds to a table of name spaces for as long as the process lives and
prints that table into every file, so the same sheet came out with other bytes the second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from examples.broken import pack
from examples.entries import Cell
from examples.forms import Grid

_MEDIA_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES: Final = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text")
)
_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)

Merge = tuple[int, int, int, int]


def write_ods(grid: Grid, created: datetime) -> bytes:
    """The bytes of a file; the moment of creation is not part of it."""
    tables = [_write_table(grid.sheet_name, grid.cells, grid.merges)]
    tables += [_write_table(name, lines, []) for name, lines in grid.sheets.items()]
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} '
        f'office:version="1.2"><office:body><office:spreadsheet>{"".join(tables)}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return pack(
        {
            "mimetype": _MEDIA_TYPE.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": _MANIFEST.encode(),
        }
    )


def _write_table(name: str, lines: list[list[Cell]], merges: list[Merge]) -> str:
    starts = {(merge[0], merge[1]): merge for merge in merges}
    covered = set(_list_covered(merges))
    rows = []
    for row, cells in enumerate(lines):
        width = max([len(cells), *(place + 1 for line, place in covered if line == row)])
        texts = [
            "<table:covered-table-cell/>"
            if (row, column) in covered
            else _write_cell(
                cells[column] if column < len(cells) else None, starts.get((row, column))
            )
            for column in range(width)
        ]
        rows.append(f"<table:table-row>{''.join(texts)}</table:table-row>")
    return f"<table:table table:name={quoteattr(name)}>{''.join(rows)}</table:table>"


def _list_covered(merges: list[Merge]) -> Iterator[tuple[int, int]]:
    for first_row, first_column, last_row, last_column in merges:
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                if (row, column) != (first_row, first_column):
                    yield row, column


def _write_cell(value: Cell, merge: Merge | None) -> str:
    if value is None:
        return "<table:table-cell/>"
    span = ""
    if merge:
        rows, columns = merge[2] - merge[0] + 1, merge[3] - merge[1] + 1
        span = f' table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f"<table:table-cell{span} {_describe(value)}>{text}</table:table-cell>"


def _describe(value: Cell) -> str:
    if isinstance(value, str):
        return 'office:value-type="string"'
    if isinstance(value, date):
        return f'office:value-type="date" office:date-value="{value.isoformat()}"'
    return f'office:value-type="float" office:value="{value}"'
