"""What an xlsx container says about its workbook: sheets, number formats, shared texts."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from warehouse.read.cell_text import FormatKind, kind_of_format
from warehouse.read.refuse import Refused
from warehouse.read.zip_parts import ZipParts, list_elements

_HIDDEN_STATES = ("hidden", "veryHidden")
_NO_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


@dataclass(frozen=True)
class SheetPart:
    """A worksheet's name in the workbook and its member in the container."""

    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True)
class BookParts:
    """What holds for a whole workbook.

    Attributes:
        sheets: worksheets in workbook order; chart and dialogue sheets have no cells and are
            left out.
        strings: the shared strings member, XML.
        formats: what a numeric cell of each cell style shows, by style index.
        from_1904: whether days count from 1904-01-01.
    """

    sheets: tuple[SheetPart, ...]
    strings: bytes
    formats: tuple[FormatKind, ...]
    from_1904: bool
    has_macros: bool
    has_external_links: bool


def is_workbook(parts: ZipParts) -> bool:
    """Say whether an Office container holds a workbook.

    Raises:
        Refused: ``unsupported_format`` for the binary xlsb, ``not_a_table`` for other documents.
    """
    if not parts.has("[Content_Types].xml"):
        return False
    if parts.has("xl/workbook.bin"):
        raise Refused("unsupported_format", found="xlsb")
    for folder, found in (("word/", "docx"), ("ppt/", "pptx"), ("visio/", "vsdx")):
        if any(name.startswith(folder) for name in parts.names) and not parts.has(
            "xl/workbook.xml"
        ):
            raise Refused("not_a_table", found=found)
    return True


def read_book_parts(parts: ZipParts) -> BookParts:
    """Read what the container declares; sheets themselves are not unpacked.

    Raises:
        Refused: ``damaged`` if a declared member is missing or unreadable.
    """
    workbook = _find_workbook(parts)
    targets = _read_targets(parts, workbook)
    sheets: list[SheetPart] = []
    from_1904 = has_macro_sheet = False
    for name, attributes in list_elements(parts.read_xml(workbook), workbook):
        if name == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            kind, part = targets.get(_relation_id(attributes), ("", ""))
            has_macro_sheet = has_macro_sheet or kind.endswith("acrosheet")
            if kind == "worksheet":
                is_hidden = attributes.get("state") in _HIDDEN_STATES
                sheets.append(SheetPart(attributes.get("name", ""), part, is_hidden))
            elif not kind:
                raise Refused("damaged", part=workbook, found=f"sheet {attributes.get('name')}")
    by_kind = {kind: part for kind, part in targets.values() if parts.has(part)}
    return BookParts(
        sheets=tuple(sheets),
        strings=parts.read_xml(by_kind["sharedStrings"])
        if "sharedStrings" in by_kind
        else _NO_STRINGS,
        formats=_read_formats(parts, by_kind["styles"]) if "styles" in by_kind else (),
        from_1904=from_1904,
        has_macros=has_macro_sheet or any(name.endswith("vbaproject.bin") for name in parts.names),
        has_external_links=any(name.startswith("xl/externallinks/") for name in parts.names),
    )


def _find_workbook(parts: ZipParts) -> str:
    if parts.has("_rels/.rels"):
        for _, attributes in list_elements(parts.read_xml("_rels/.rels"), "_rels/.rels"):
            if attributes.get("Type", "").endswith("/officeDocument"):
                return posixpath.normpath(attributes.get("Target", "").lstrip("/"))
    return "xl/workbook.xml"


def _read_targets(parts: ZipParts, workbook: str) -> dict[str, tuple[str, str]]:
    """Map the workbook's relation ids to (kind, member name)."""
    folder, name = posixpath.split(workbook)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    targets = {}
    for _, attributes in list_elements(parts.read_xml(relations), relations):
        target = attributes.get("Target", "").replace("\\", "/")
        target = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        kind = attributes.get("Type", "").rpartition("/")[2]
        targets[attributes.get("Id", "")] = (kind, posixpath.normpath(target))
    return targets


def _relation_id(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


def _read_formats(parts: ZipParts, styles: str) -> tuple[FormatKind, ...]:
    """Read what each cell style shows; named and conditional styles have lists of their own."""
    codes: dict[int, str] = {}
    formats: list[FormatKind] = []
    group = ""
    for name, attributes in list_elements(parts.read_xml(styles), styles):
        number = attributes.get("numFmtId", "0")
        if name in ("numFmts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            group = name
        elif not number.isdecimal():
            raise Refused("damaged", part=styles, found=f"numFmtId {number}")
        elif name == "numFmt" and group == "numFmts":
            codes[int(number)] = attributes.get("formatCode", "")
        elif name == "xf" and group == "cellXfs":
            formats.append(kind_of_format(int(number), codes.get(int(number))))
    return tuple(formats)
