"""Comments on the cells of one sheet: their texts, their boxes, and what ties both to the sheet."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.read.sheet import cell_address, split_address
from warehouse.returned.comment_boxes import (
    NO_DRAWING,
    normalise_prefixes,
    place_box,
    put_boxes,
    remove_boxes,
)
from warehouse.returned.comment_text import NO_COMMENTS, add_ours, remove_ours
from warehouse.returned.package import Package
from warehouse.returned.sheet_places import Cell, SheetPlaces
from warehouse.returned.xml_places import Edit, end_of_tag, prefix_of_tag

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BEHIND = frozenset(
    {
        *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
        *("tableParts", "extLst", "AlternateContent"),
    }
)
"""What the format wants behind the tag that ties a drawing of comments to its sheet."""


def strip_comments(package: Package, sheet: str, places: SheetPlaces) -> None:
    """Removes our comments of earlier rounds from a sheet; what others wrote stays."""
    texts, drawing = _find_parts(package, sheet, places)
    if texts is None:
        return
    xml = package.read(texts)
    kept, emptied = remove_ours(xml, texts)
    if kept != xml:
        package.write(texts, kept)
    if emptied and drawing:
        cells = {split_address(cell) for cell in emptied}
        package.write(drawing, remove_boxes(normalise_prefixes(package.read(drawing)), cells))


def add_comments(
    package: Package, sheet: str, places: SheetPlaces, xml: bytes, texts: Mapping[Cell, str]
) -> list[Edit]:
    """Puts comments on cells of a sheet; a cell that has one keeps it, behind ours.

    Args:
        package: the workbook.
        sheet: its member.
        places: of the sheet.
        xml: the sheet.
        texts: by cell.

    Returns:
        What has to be put into the sheet.
    """
    if not texts:
        return []
    comments, drawing = _find_parts(package, sheet, places)
    edits: list[Edit] = []
    if drawing is None:
        drawing = package.name_free("xl/drawings/vmlDrawing{}.vml")
        package.write(drawing, NO_DRAWING)
        package.declare_suffix("vml", _DRAWING_TYPE)
        relation = package.relate(sheet, f"{package.office}/vmlDrawing", drawing)
        edits = [_tie(xml, places, relation, package.office)]
    if comments is None:
        comments = package.name_free("xl/comments{}.xml")
        package.write(comments, NO_COMMENTS)
        package.declare(comments, _COMMENTS_TYPE)
        package.relate(sheet, f"{package.office}/comments", comments)
    by_address = {cell_address(*cell): text for cell, text in texts.items()}
    written, others = add_ours(package.read(comments), comments, by_address)
    package.write(comments, written)
    boxes = {cell: place_box(cell, text, places) for cell, text in texts.items()}
    taken = {split_address(cell) for cell in others}
    package.write(drawing, put_boxes(normalise_prefixes(package.read(drawing)), boxes, taken))
    return edits


def _find_parts(package: Package, sheet: str, places: SheetPlaces) -> tuple[str | None, str | None]:
    """The members with a sheet's comments and their drawing; None where it has none."""
    relations = {
        name: relation
        for name, relation in package.relations(sheet).items()
        if package.has(relation.target)
    }
    texts = [relation.target for relation in relations.values() if relation.kind == "comments"]
    drawing = relations.get(places.comment_drawing or "")
    return texts[0] if texts else None, drawing.target if drawing else None


def _tie(xml: bytes, places: SheetPlaces, relation: str, office: str) -> Edit:
    """The tag that ties a drawing of comments to its sheet, where the format wants it."""
    _, start, rows_end = next(part for part in places.parts if part[0] == "sheetData")
    prefix = prefix_of_tag(xml[start : end_of_tag(xml, start)])
    tag = f'legacyDrawing xmlns:r="{office}" r:id="{relation}"/>'.encode()
    at = max(end for name, begin, end in places.parts if begin < rows_end or name not in _BEHIND)
    return Edit(at, at, b"<" + prefix + tag)
