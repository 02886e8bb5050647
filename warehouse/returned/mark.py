"""Marks one workbook: fills and comments on its cells, and the list of findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warehouse.contracts.model import Severity
from warehouse.read.returned_list import ReturnedList, is_list
from warehouse.read.sheet import cell_address, split_address
from warehouse.returned.comments import add_comments, strip_comments
from warehouse.returned.fills import find_marked, read_fill
from warehouse.returned.list_sheet import ListedMark, write_link, write_list
from warehouse.returned.model import Base, Mark, ReturnedForm
from warehouse.returned.package import Package
from warehouse.returned.paint import Painter, paint_cells
from warehouse.returned.sheet_places import Cell, SheetPlaces, find_sheet_places
from warehouse.returned.styles import NO_STYLES, StyleTable
from warehouse.returned.words import WHOLE_FORM, write_comment
from warehouse.returned.workbook_list import SheetEntry, list_sheets, put_list
from warehouse.returned.xml_places import splice
from warehouse.wording import SEVERITIES

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MOST_COMMENTS = 20_000
"""Cells of one sheet that get a comment; further ones are filled and listed all the same."""
_SEEN = (None, "visible")
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}

Found = dict[tuple[str, Cell], str]
"""Colour and fill of marked cells, by sheet and cell, as the list remembers them."""


def mark_workbook(
    package: Package,
    form: ReturnedForm,
    base: Base,
    names: Mapping[str, str],
    previous: ReturnedList | None,
) -> None:
    """Removes the marks of an earlier round from a workbook, and marks what is wrong now.

    Args:
        package: the workbook.
        form: what is wrong with it.
        base: what the workbook is.
        names: the name sheets have in it, where it differs from that in the findings.
        previous: the list in it, where it is a returned workbook that came back.

    Raises:
        Refused: ``damaged`` where the workbook does not hold together.
    """
    styles = _find_styles(package)
    table = StyleTable(package.read(styles), styles)
    fills = {colour: read_fill(text) for colour, text in previous.fills.items()} if previous else {}
    marked = find_marked(table, {colour: fill for colour, fill in fills.items() if fill})
    painter = Painter(table, marked)
    sheets = [entry for entry in list_sheets(package) if entry.kind == "worksheet"]
    forms = [entry for entry in sheets if not (previous and is_list(entry.name))]
    by_sheet: dict[str, list[Mark]] = {}
    for mark in form.marks:
        by_sheet.setdefault(names.get(mark.sheet, mark.sheet), []).append(mark)
    memories: Found = {}
    for entry in forms:
        memories |= _mark_sheet(package, entry, by_sheet.get(entry.name, []), form, painter)
    whole = WHOLE_FORM.of(form.language)
    listed = [_list_mark(mark, forms, names, memories, whole) for mark in form.marks]
    sheet = write_list(form, listed, table, base)
    package.write(styles, table.write())
    put_list(package, sheet, replaces=previous is not None)


def _find_styles(package: Package) -> str:
    for relation in package.relations(package.workbook).values():
        if relation.kind == "styles":
            return relation.target
    # Some readers look for this name and no other.
    part = "xl/styles.xml"
    package.write(part, NO_STYLES)
    package.declare(part, _STYLES_TYPE)
    package.relate(package.workbook, f"{package.office}/styles", part)
    return part


def _mark_sheet(
    package: Package,
    entry: SheetEntry,
    marks: Sequence[Mark],
    form: ReturnedForm,
    painter: Painter,
) -> Found:
    """Marks one sheet; one that has nothing to mark and no mark of old keeps its bytes."""
    located = [(split_address(mark.cell), mark) for mark in marks if mark.cell]
    relations = package.relations(entry.part).values()
    has_comments = any(relation.kind == "comments" for relation in relations)
    if not located and not painter.marked and not has_comments:
        return {}
    xml = package.read(entry.part)
    places = _find_places(xml, entry.part, [cell for cell, _ in located], painter)
    if has_comments:
        strip_comments(package, entry.part, places)
    by_cell: dict[Cell, list[Mark]] = {}
    for cell, mark in located:
        by_cell.setdefault(places.anchor_of(cell), []).append(mark)
    worst: dict[Cell, Severity] = {
        cell: min((mark.severity for mark in found), key=_RANK.__getitem__)
        for cell, found in by_cell.items()
    }
    edits, colours = paint_cells(xml, places, worst, painter)
    texts = {
        cell: write_comment(form, found) for cell, found in list(by_cell.items())[:_MOST_COMMENTS]
    }
    edits += add_comments(package, entry.part, places, xml, texts)
    if edits:
        package.write(entry.part, splice(xml, edits))
    memories: Found = {}
    for cell, _ in located:
        colour = colours.get(places.anchor_of(cell))
        if colour:
            fill = painter.remembered[colour].decode()
            memories[entry.name, cell] = f"{colour} {fill}"
    return memories


def _find_places(xml: bytes, part: str, cells: Sequence[Cell], painter: Painter) -> SheetPlaces:
    rows = {row for row, _ in cells}
    places = find_sheet_places(xml, part, rows, painter.marked.keys())
    anchors = {places.anchor_of(cell)[0] for cell in cells}
    if anchors <= rows:
        return places
    return find_sheet_places(xml, part, rows | anchors, painter.marked.keys())


def _list_mark(
    mark: Mark,
    forms: Sequence[SheetEntry],
    names: Mapping[str, str],
    memories: Found,
    whole: str,
) -> ListedMark:
    """A finding with its link; one about the whole file leads to its first sheet to be seen."""
    sheet = names.get(mark.sheet, mark.sheet)
    shown = mark.cell or (f"{mark.source_row}:{mark.source_row}" if mark.source_row else "")
    label = "!".join(part for part in (mark.sheet, shown) if part) or whole
    if not sheet:
        seen = (entry.name for entry in forms if entry.place.attributes.get("state") in _SEEN)
        sheet = next(seen, "")
    if sheet not in {entry.name for entry in forms}:
        return ListedMark(mark, None, label)
    cell = mark.cell or cell_address(mark.source_row or 1, 0)
    memory = memories.get((sheet, split_address(mark.cell)), "") if mark.cell else ""
    return ListedMark(mark, write_link(sheet, cell), label, memory)
