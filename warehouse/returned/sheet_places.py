"""Where the rows, cells and other parts of one xlsx sheet stand in its XML."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.parsers import expat

from warehouse.read.sheet import split_address
from warehouse.read.zip_parts import parse_xml
from warehouse.returned.xml_places import end_of_tag

Cell = tuple[int, int]
"""Row counted from 1, column from 0."""


class CellPlace(NamedTuple):
    """One cell: its column, where its start tag stands, and its style."""

    column: int
    start: int
    style: int


@dataclass(slots=True)
class RowPlace:
    """One row: where it stands, the style of its blank cells, and its cells where asked for."""

    number: int
    start: int
    style: int | None
    close: int = 0
    cells: list[CellPlace] = field(default_factory=list)


@dataclass
class SheetPlaces:
    """What was found in one pass over a sheet.

    Attributes:
        rows: all rows, in order.
        marked: cells of the styles asked for, in other rows than those asked for.
        columns: first and last column (from 0), width and style of column definitions.
        heights: of rows that have one of their own, in points.
        merged: by row, of the rows asked for: first row, first column, last row, last column.
        views: places of `sheetView` tags.
        parts: name, start and end of what stands directly in the sheet.
        comment_drawing: relation id of the drawing that holds the boxes of comments.
    """

    rows: list[RowPlace] = field(default_factory=list)
    marked: list[CellPlace] = field(default_factory=list)
    columns: list[tuple[int, int, float | None, int | None]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    merged: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    views: list[int] = field(default_factory=list)
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    default_width: float | None = None
    comment_drawing: str | None = None

    def anchor_of(self, cell: Cell) -> Cell:
        """The cell itself, or the top left one of the merged range it lies in."""
        row, column = cell
        for first_row, first_column, _, last_column in self.merged.get(row, ()):
            if first_column <= column <= last_column:
                return first_row, first_column
        return cell

    def blank_style(self, row: int, column: int) -> int:
        """The style of a cell that is not there: its row's, else its column's."""
        place = bisect_left(self.rows, row, key=lambda item: item.number)
        if place < len(self.rows) and self.rows[place].number == row:
            style = self.rows[place].style
            if style is not None:
                return style
        for first, last, _, style in self.columns:
            if first <= column <= last and style is not None:
                return style
        return 0


def find_sheet_places(
    xml: bytes, part: str, rows: Collection[int], styles: Collection[int]
) -> SheetPlaces:
    """Finds the places of a sheet, whatever way it is spelled.

    Args:
        xml: the sheet.
        part: its member name, for refusals.
        rows: numbers of the rows whose cells are wanted.
        styles: cells of these styles are wanted too.

    Raises:
        Refused: ``damaged`` if it is not well-formed or an address is none.
    """
    finder = _Finder(xml, {str(style) for style in styles}, frozenset(rows))
    parser = expat.ParserCreate()
    parser.StartElementHandler = finder.start
    parser.EndElementHandler = finder.end
    finder.parser = parser
    parse_xml(parser, xml, part)
    return finder.found


class _Finder:
    """Receives the elements of a sheet in document order."""

    def __init__(self, xml: bytes, styles: set[str], rows: Collection[int]) -> None:
        self.found = SheetPlaces()
        self.parser: Any = None
        self._xml = xml
        self._styles = styles
        self._rows = rows
        self._depth = 0
        self._column = -1
        self._is_wanted = False
        self._begun: tuple[str, int] = ("", 0)

    def start(self, full_name: str, attributes: dict[str, str]) -> None:
        name = full_name.rpartition(":")[2]
        self._depth += 1
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes)
        elif self._depth == 2:
            self._begin_part(name, attributes)
        elif name == "col":
            self._note_column(attributes)
        elif name == "mergeCell":
            self._note_merged(attributes.get("ref", ""))
        elif name == "sheetView":
            self.found.views.append(self.parser.CurrentByteIndex)

    def end(self, full_name: str) -> None:
        name = full_name.rpartition(":")[2]
        if name == "row":
            self.found.rows[-1].close = self._end_index(self.found.rows[-1].start)[0]
        elif self._depth == 2:
            self.found.parts.append((*self._begun, self._end_index(self._begun[1])[1]))
        self._depth -= 1

    def _begin_part(self, name: str, attributes: dict[str, str]) -> None:
        self._begun = (name, self.parser.CurrentByteIndex)
        if name == "sheetFormatPr":
            self.found.default_width = _read_float(attributes.get("defaultColWidth"))
        elif name == "legacyDrawing":
            ids = [value for key, value in attributes.items() if key.endswith(":id")]
            self.found.comment_drawing = ids[0] if ids else None

    def _start_row(self, attributes: dict[str, str]) -> None:
        rows = self.found.rows
        number = int(attributes.get("r") or (rows[-1].number + 1 if rows else 1))
        style = int(attributes["s"]) if "s" in attributes else None
        rows.append(RowPlace(number, self.parser.CurrentByteIndex, style))
        self._column = -1
        self._is_wanted = number in self._rows
        height = _read_float(attributes.get("ht"))
        if height is not None:
            self.found.heights[number] = height

    def _start_cell(self, attributes: dict[str, str]) -> None:
        style = attributes.get("s", "0")
        if not self._is_wanted:
            if style in self._styles:
                at = self.parser.CurrentByteIndex
                self.found.marked.append(CellPlace(0, at, int(style)))
            return
        address = attributes.get("r")
        # A cell without an address stands behind the one before it, as in the Office rules.
        self._column = split_address(address)[1] if address else self._column + 1
        place = CellPlace(self._column, self.parser.CurrentByteIndex, int(style))
        self.found.rows[-1].cells.append(place)

    def _note_merged(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if not last:
            return
        (first_row, first_column), (last_row, last_column) = map(split_address, (first, last))
        span = range(first_row, last_row + 1)
        wanted = self._rows if len(span) > len(self._rows) else span
        for row in wanted:
            if row in span and row in self._rows:
                merged = self.found.merged.setdefault(row, [])
                merged.append((first_row, first_column, last_row, last_column))

    def _note_column(self, attributes: dict[str, str]) -> None:
        first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
        width = 0.0 if attributes.get("hidden") in ("1", "true") else None
        width = _read_float(attributes.get("width")) if width is None else width
        style = int(attributes["style"]) if "style" in attributes else None
        self.found.columns.append((first - 1, last - 1, width, style))

    def _end_index(self, start: int) -> tuple[int, int]:
        """Where the end tag of the element begun at `start` begins, and where it ends."""
        inside = end_of_tag(self._xml, start)
        if self._xml[inside - 2 : inside] == b"/>":
            return inside, inside
        close = self.parser.CurrentByteIndex
        return close, end_of_tag(self._xml, close)


def _read_float(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
