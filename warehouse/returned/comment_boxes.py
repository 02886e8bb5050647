"""The boxes comments are shown in: one drawing of a sheet, in the old drawing language of Office.

Such drawings are not always well-formed (Excel leaves tags open in the text of form controls), so
shapes are found as text, and those of form controls are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from itertools import count

from warehouse.returned.sheet_places import Cell, SheetPlaces
from warehouse.returned.text_lines import count_lines

NO_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" '
    b'xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap '
    b'v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
    b'o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path '
    b'gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = re.compile(rb"<v:shape\b[^>]*>.*?</v:shape>\s*", re.DOTALL)
_ROW = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>")
_COLUMN = re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_ANCHOR = re.compile(rb"<x:Anchor>[^<]*</x:Anchor>")
_NAMESPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_ID = re.compile(rb'id="_x0000_s(\d+)"')
_NEW_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden"'
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" '
    'color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox '
    'style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData '
    'ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{box}</x:Anchor><x:AutoFill>'
    "False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_LAST_USED_ID = 1024
_WIDTH, _LINE_HEIGHT, _MARGIN = 340, 16, 14
_LETTERS_A_LINE, _MOST_LINES = 52, 32
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 64, 20


def remove_boxes(drawing: bytes, cells: Collection[Cell]) -> bytes:
    """The drawing without the boxes of some cells."""
    return _SHAPE.sub(lambda shape: b"" if _cell_of(shape[0]) in cells else shape[0], drawing)


def normalise_prefixes(drawing: bytes) -> bytes:
    """Gives a drawing the prefixes everybody else writes, bound at its root.

    openpyxl writes ns0, ns1 and ns2; with lxml at hand it binds the usual prefixes, but in every
    shape anew and not at the root, where new shapes need them.
    """
    for prefix, name in _NAMESPACES.items():
        declared = re.search(rb'xmlns:(\w+)="' + re.escape(name) + rb'"', drawing)
        if declared and declared[1] != prefix:
            old = re.escape(declared[1])
            drawing = re.sub(rb"(</?|\s|xmlns:)" + old + rb"(?=[:=])", rb"\1" + prefix, drawing)
        root = re.search(rb"<xml\b[^>]*>", drawing)
        if root and b"xmlns:" + prefix + b"=" not in root[0]:
            binding = b" xmlns:" + prefix + b'="' + name + b'"'
            at = root.start() + len(b"<xml")
            drawing = drawing[:at] + binding + drawing[at:]
    return drawing


def put_boxes(drawing: bytes, boxes: Mapping[Cell, str], others: Collection[Cell]) -> bytes:
    """The drawing with a box for each comment.

    Args:
        drawing: of the sheet.
        boxes: place of each box by cell.
        others: cells that have a box, which is made to hold our text as well.
    """

    def move(shape: re.Match[bytes]) -> bytes:
        cell = _cell_of(shape[0])
        if cell is None or cell not in boxes or cell not in others:
            return shape[0]
        return _ANCHOR.sub(f"<x:Anchor>{boxes[cell]}</x:Anchor>".encode(), shape[0])

    drawing = _SHAPE.sub(move, drawing) if b"</xml>" in drawing else NO_DRAWING
    numbers = count(max([_LAST_USED_ID, *map(int, _ID.findall(drawing))]) + 1)
    shapes = "".join(
        _NEW_SHAPE.format(number=next(numbers), box=box, row=row - 1, column=column)
        for (row, column), box in boxes.items()
        if (row, column) not in others
    )
    end = drawing.rfind(b"</xml>")
    return drawing[:end] + shapes.encode() + drawing[end:]


def place_box(cell: Cell, text: str, places: SheetPlaces) -> str:
    """Where the box of a comment stands: beside its cell, as wide and high as its text needs.

    Returns:
        Column, pixels into it, row, pixels into it, of the upper left and the lower right corner.
    """
    row, column = cell
    height = min(count_lines(text, _LETTERS_A_LINE), _MOST_LINES) * _LINE_HEIGHT + _MARGIN
    first_column, first_row = column + 1, max(row - 2, 0)
    last_column, right = _reach(first_column, 15 + _WIDTH, lambda at: _column_pixels(at, places))
    last_row, below = _reach(first_row, 10 + height, lambda at: _row_pixels(at, places))
    corners = (first_column, 15, first_row, 10, last_column, right, last_row, below)
    return ", ".join(map(str, corners))


def _reach(at: int, pixels: int, size_of: Callable[[int], int]) -> tuple[int, int]:
    """The column or row that lies so many pixels further on, and how far into it."""
    while pixels > size_of(at):
        pixels -= size_of(at)
        at += 1
    return at, pixels


def _column_pixels(column: int, places: SheetPlaces) -> int:
    for first, last, width, _ in places.columns:
        if first <= column <= last and width is not None:
            return round(width * 7 + 5) if width else 0
    return round((places.default_width or 0) * 7 + 5) if places.default_width else _DEFAULT_WIDTH


def _row_pixels(row: int, places: SheetPlaces) -> int:
    height = places.heights.get(row + 1)
    return _DEFAULT_HEIGHT if height is None else round(height * 4 / 3)


def _cell_of(shape: bytes) -> Cell | None:
    """The cell a comment's box belongs to; None for other shapes."""
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if b'ObjectType="Note"' not in shape or not row or not column:
        return None
    return int(row[1]) + 1, int(column[1])
