"""Fills the cells of one sheet by severity, and gives older marks the fill back they stand for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from warehouse.contracts.model import Severity
from warehouse.read.sheet import cell_address
from warehouse.returned.fills import Shades, paint
from warehouse.returned.sheet_places import Cell, RowPlace, SheetPlaces
from warehouse.returned.styles import StyleTable
from warehouse.returned.xml_places import Edit, end_of_tag, prefix_of_tag, set_attribute


class Painter:
    """Chooses styles for marked cells; cells that look alike share one.

    Attributes:
        marked: styles with the colour of an older mark, with the fill each stands in for.
        remembered: the fill under each colour that was chosen.
    """

    def __init__(self, table: StyleTable, marked: Mapping[int, bytes]) -> None:
        """Paints with the styles of one workbook."""
        self.marked = marked
        self.remembered: dict[str, bytes] = {}
        self._table = table
        self._shades = Shades()
        self._restored: dict[int, int] = {}
        self._chosen: dict[tuple[int, Severity], tuple[int, str | None]] = {}

    def restore(self, style: int) -> int:
        """The style without an older mark; a style without one is itself."""
        if style not in self.marked:
            return style
        if style not in self._restored:
            restored = self._table.restore(style, self.marked[style])
            self._restored[style] = style if restored is None else restored
        return self._restored[style]

    def choose(self, style: int, severity: Severity) -> tuple[int, str | None]:
        """The style of a marked cell, and its colour; None where the style table is full."""
        style = self.restore(style)
        if (style, severity) not in self._chosen:
            fill = self._table.fill_of(style)
            colour = self._shades.choose(severity, fill)
            filled = self._table.refill(style, paint(colour))
            if filled is None:
                self._chosen[style, severity] = (style, None)
            else:
                self._chosen[style, severity] = (filled, colour)
                self.remembered.setdefault(colour, fill)
        return self._chosen[style, severity]


def paint_cells(
    xml: bytes, places: SheetPlaces, cells: Mapping[Cell, Severity], painter: Painter
) -> tuple[list[Edit], dict[Cell, str]]:
    """Paints cells, and gives all others of the sheet back what they had.

    A cell that is not there, because it is blank, is put there with the style it would have had.

    Args:
        xml: the sheet.
        places: of the sheet; its rows must know their cells wherever a cell is painted.
        cells: what to paint; of a merged range, its top left cell.
        painter: of the workbook.

    Returns:
        The edits, and the colour of each cell that was painted.
    """
    colours: dict[Cell, str] = {}
    edits: list[Edit] = []
    missing: dict[int, dict[int, int]] = {}
    for row in places.rows:
        for cell in row.cells:
            severity = cells.get((row.number, cell.column))
            if severity is None:
                style = painter.restore(cell.style)
            else:
                style, colour = painter.choose(cell.style, severity)
                colours |= {(row.number, cell.column): colour} if colour else {}
            edits += _restyle(xml, cell.start, cell.style, style)
    for cell in places.marked:
        edits += _restyle(xml, cell.start, cell.style, painter.restore(cell.style))
    known = {(row.number, cell.column) for row in places.rows for cell in row.cells}
    for (number, column), severity in cells.items():
        if (number, column) not in known:
            style, colour = painter.choose(places.blank_style(number, column), severity)
            colours |= {(number, column): colour} if colour else {}
            missing.setdefault(number, {})[column] = style
    return edits + _add_cells(xml, places, missing), colours


def _restyle(xml: bytes, start: int, old: int, new: int) -> list[Edit]:
    if old == new:
        return []
    end = end_of_tag(xml, start)
    return [Edit(start, end, set_attribute(xml[start:end], "s", str(new)))]


def _add_cells(
    xml: bytes, places: SheetPlaces, missing: Mapping[int, Mapping[int, int]]
) -> list[Edit]:
    """Puts blank cells where there are none, in rows that may not be there either."""
    if not missing:
        return []
    _, start, end = next(part for part in places.parts if part[0] == "sheetData")
    inside = end_of_tag(xml, start)
    prefix = prefix_of_tag(xml[start:inside])
    edits: list[Edit] = []
    new_rows = b""
    for number in sorted(missing):
        at = bisect_left(places.rows, number, key=lambda row: row.number)
        cells = sorted(missing[number].items())
        if at < len(places.rows) and places.rows[at].number == number:
            edits += _extend_row(xml, places.rows[at], cells, prefix)
            continue
        row = b'<%brow r="%d">%b</%brow>' % (
            prefix, number, _write_cells(number, cells, prefix), prefix
        )  # fmt: skip
        if at < len(places.rows):
            edits.append(Edit(places.rows[at].start, places.rows[at].start, row))
        else:
            new_rows += row
    if new_rows and xml[inside - 2 : inside] == b"/>":
        opened = xml[start : inside - 2].rstrip() + b">"
        edits.append(Edit(start, end, opened + new_rows + b"</%bsheetData>" % prefix))
    elif new_rows:
        close = xml.rindex(b"<", start, end)
        edits.append(Edit(close, close, new_rows))
    return edits


def _extend_row(
    xml: bytes, row: RowPlace, cells: Iterable[tuple[int, int]], prefix: bytes
) -> list[Edit]:
    inside = end_of_tag(xml, row.start)
    # What a row says of the columns it spans is a hint that no longer holds.
    tag = set_attribute(xml[row.start : inside], "spans", None)
    if xml[inside - 2 : inside] == b"/>":
        written = _write_cells(row.number, cells, prefix)
        return [Edit(row.start, inside, tag[:-2].rstrip() + b">" + written + b"</%brow>" % prefix)]
    edits = [Edit(row.start, inside, tag)]
    for column, style in cells:
        later = [cell.start for cell in row.cells if cell.column > column]
        at = min(later, default=row.close)
        edits.append(Edit(at, at, _write_cells(row.number, [(column, style)], prefix)))
    return edits


def _write_cells(row: int, cells: Iterable[tuple[int, int]], prefix: bytes) -> bytes:
    return b"".join(
        b'<%bc r="%b" s="%d"/>' % (prefix, cell_address(row, column).encode(), style)
        for column, style in cells
    )
