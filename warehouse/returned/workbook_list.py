"""The list of sheets of a workbook: where 问题清单 is put in, or put in place of an older one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from warehouse.read.refuse import Refused
from warehouse.read.returned_list import LIST_SHEET, is_list
from warehouse.returned.list_sheet import ListSheet, write_link
from warehouse.returned.package import Package
from warehouse.returned.xml_places import (
    Edit,
    Place,
    add_prefix,
    append_inside,
    find_places,
    prefix_of,
    set_attribute,
    splice,
    write_text,
)

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_VIEW = re.compile(rb"<(?:\w+:)?sheetView\b[^>]*>")
_SELECTED = re.compile(rb"""\s+tabSelected\s*=\s*["'](?:1|true)["']""")
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


@dataclass(frozen=True)
class SheetEntry:
    """One sheet as the workbook lists it; kind is `worksheet`, `chartsheet` or another."""

    name: str
    part: str
    kind: str
    place: Place


def list_sheets(package: Package) -> list[SheetEntry]:
    """The sheets in the workbook's order.

    Raises:
        Refused: ``damaged`` if the workbook lacks its list of sheets.
    """
    relations = package.relations(package.workbook)
    found = []
    for place in find_places(package.read(package.workbook), package.workbook, {"sheet"}):
        ids = [value for key, value in place.attributes.items() if key.endswith(":id")]
        relation = relations.get(ids[0] if ids else "")
        name = place.attributes.get("name", "")
        if relation is None:
            raise Refused("damaged", part=package.workbook, found=f"sheet {name}")
        found.append(SheetEntry(name, relation.target, relation.kind, place))
    return found


def put_list(package: Package, sheet: ListSheet, *, replaces: bool) -> None:
    """Puts the list behind the last sheet, and opens the workbook on it.

    Behind the last one it shifts nothing: neither the first sheet nor what the workbook says of
    sheets by their number. An older list is replaced where it stands.

    Args:
        package: the workbook.
        sheet: the list.
        replaces: whether a sheet with the list's name is an older list of ours. A sheet of that
            name that somebody else made is kept.
    """
    sheets = list_sheets(package)
    old = [entry for entry in sheets if is_list(entry.name)]
    _unselect(package, sheets)
    if replaces and old:
        number = sheets.index(old[0])
        name = old[0].name
        _replace(package, old[0], sheet)
    else:
        number = len(sheets)
        # Blanks and dots do not tell names apart where sheets are set aside by name.
        name = LIST_SHEET + "." * len(old)
        _append(package, sheets, name, sheet)
    _name_ranges(package, number, write_link(name, ""), sheet)
    _open_on(package, number)


def _unselect(package: Package, sheets: list[SheetEntry]) -> None:
    """Of several selected sheets, typing into one types into all."""
    for entry in sheets:
        xml = package.read(entry.part)
        head = xml[: xml.find(b"sheetData")] if b"sheetData" in xml else xml
        bare = _VIEW.sub(lambda view: _SELECTED.sub(b"", view[0]), head)
        if bare != head:
            package.write(entry.part, bare + xml[len(head) :])


def _replace(package: Package, old: SheetEntry, sheet: ListSheet) -> None:
    package.write(old.part, sheet.xml)
    package.forget_relations(old.part)
    xml = package.read(package.workbook)
    tag = xml[old.place.start : old.place.inside]
    shown = set_attribute(tag, "state", None)
    package.write(package.workbook, splice(xml, [Edit(old.place.start, old.place.inside, shown)]))


def _append(package: Package, sheets: list[SheetEntry], name: str, sheet: ListSheet) -> None:
    part = package.name_free("xl/worksheets/sheet{}.xml")
    package.write(part, sheet.xml)
    package.declare(part, _SHEET_TYPE)
    relation = package.relate(package.workbook, f"{package.office}/worksheet", part)
    taken = [int(entry.place.attributes.get("sheetId") or 0) for entry in sheets]
    xml = package.read(package.workbook)
    [place] = find_places(xml, package.workbook, {"sheets"})[:1]
    entry = (
        f'<sheet xmlns:r="{package.office}" name="{name}" sheetId="{max(taken, default=0) + 1}" '
        f'r:id="{relation}"/>'
    )
    content = add_prefix(entry.encode(), prefix_of(xml, place))
    package.write(package.workbook, splice(xml, append_inside(xml, place, content)))


def _name_ranges(package: Package, number: int, where: str, sheet: ListSheet) -> None:
    """Names the rows repeated in print and the filtered table; those of an older list go."""
    xml = package.read(package.workbook)
    places = find_places(xml, package.workbook)
    edits = [
        Edit(place.start, place.end, b"")
        for place in places
        if place.name == "definedName" and place.attributes.get("localSheetId") == str(number)
    ]
    prefix = prefix_of(xml, places[0])
    names = "".join(
        f'<definedName name="_xlnm.{name}" localSheetId="{number}"{hidden}>'
        f"{write_text(where + cells).decode()}</definedName>"
        for name, cells, hidden in (
            ("_FilterDatabase", sheet.filtered, ' hidden="1"'),
            ("Print_Titles", sheet.title_rows, ""),
        )
    )
    parts = {place.name: place for place in places if place.depth == 1}
    if "definedNames" in parts:
        edits += append_inside(xml, parts["definedNames"], add_prefix(names.encode(), prefix))
    else:
        at = max(parts[name].end for name in _BEFORE_NAMES if name in parts)
        content = f"<definedNames>{names}</definedNames>".encode()
        edits.append(Edit(at, at, add_prefix(content, prefix)))
    package.write(package.workbook, splice(xml, edits))


def _open_on(package: Package, number: int) -> None:
    xml = package.read(package.workbook)
    places = find_places(xml, package.workbook, {"workbookView", "sheets"})
    view = next((place for place in places if place.name == "workbookView"), None)
    if view:
        tag = set_attribute(xml[view.start : view.inside], "activeTab", str(number))
        edit = Edit(view.start, view.inside, tag)
    else:
        sheets = next(place for place in places if place.name == "sheets")
        content = b'<bookViews><workbookView activeTab="%d"/></bookViews>' % number
        edit = Edit(sheets.start, sheets.start, add_prefix(content, prefix_of(xml, sheets)))
    package.write(package.workbook, splice(xml, [edit]))
