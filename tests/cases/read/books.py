"""Builds workbooks byte by byte, where no library would write what a test needs."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import xlrd.compdoc

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPES = f'<Types xmlns="{PACKAGE}/content-types"/>'


def relations(*targets: tuple[str, str]) -> str:
    """A relations member; each target is (kind, member), with ids r0, r1, …"""
    entries = (
        f'<Relationship Id="r{index}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(entries)}</Relationships>'


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    """A worksheet member around the XML of its rows."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def styles(*codes: str | int) -> str:
    """A styles member whose cell style n shows format n: a code, or a built-in number."""
    formats, cells = [], []
    for index, code in enumerate(codes):
        number = code if isinstance(code, int) else 164 + index
        cells.append(f'<xf numFmtId="{number}"/>')
        if isinstance(code, str):
            quoted = code.replace("&", "&amp;").replace('"', "&quot;")
            formats.append(f'<numFmt numFmtId="{number}" formatCode="{quoted}"/>')
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{"".join(formats)}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{"".join(cells)}</cellXfs>'
        "</styleSheet>"
    )


def write_zip(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return path


def write_xlsx(
    path: Path,
    sheet_xml: str | bytes,
    *,
    style_xml: str = "",
    strings: str = "",
    workbook_start: str = "",
    extra: Mapping[str, str | bytes] | None = None,
) -> Path:
    """An xlsx with one sheet named 表 made of exactly the given XML."""
    targets = [("worksheet", "worksheets/sheet1.xml")]
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook_start}'
            '<sheets><sheet name="表" sheetId="1" r:id="r0"/></sheets></workbook>'
        ),
        "xl/worksheets/sheet1.xml": sheet_xml,
    }
    if style_xml:
        targets.append(("styles", "styles.xml"))
        members["xl/styles.xml"] = style_xml
    if strings:
        targets.append(("sharedStrings", "texts.xml"))
        members["xl/texts.xml"] = strings
    members["xl/_rels/workbook.xml.rels"] = relations(*targets)
    return write_zip(path, members | dict(extra or {}))


def write_ods(path: Path, tables: str, *, automatic_styles: str = "", **extra: str) -> Path:
    """An ods whose content member holds the given tables."""
    namespaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "table": "table",
            "text": "text",
            "style": "style",
            "draw": "drawing",
        }.items()
    )
    calc = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    content = (
        f'<office:document-content {namespaces} xmlns:calcext="{calc}"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{automatic_styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    members = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
    }
    return write_zip(path, members | extra)


def pack_ole(name: str, stream: bytes, *, is_overlapping: bool = False) -> bytes:
    """An OLE2 container with one stream, whose sectors may be claimed by something else too."""
    sector = 512
    stream = stream.ljust(4096, b"\0")  # shorter ones would live in another structure
    stream += b"\0" * (-len(stream) % sector)
    count = len(stream) // sector
    end, fat_mark, free = -2, -3, -1
    header = struct.pack(
        "<8s16xHHHHH6x10i",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 4096, end, 0, end, 0, 0),
    ) + struct.pack("<108i", *[free] * 108)
    fat = [fat_mark, end, *range(3, 2 + count), end]
    fat += [free] * (sector // 4 - len(fat))
    directory = _directory_entry(
        "Root Entry", kind=5, child=1, start=2 if is_overlapping else end, size=len(stream)
    )
    directory += _directory_entry(name, kind=2, child=-1, start=2, size=len(stream))
    return header + struct.pack("<128i", *fat) + directory.ljust(sector, b"\0") + stream


def _directory_entry(name: str, *, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBiii36xiQ", text, len(text), kind, 1, -1, -1, child, start, size)


def encrypted_biff() -> bytes:
    """An xls that stops at the record which says that the rest is encrypted."""
    start = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    return pack_ole("Workbook", start + struct.pack("<HH54x", 0x002F, 54))


def overlap_xls(content: bytes) -> bytes:
    """The xls `content` in a container with the fault for which xlrd calls it corrupt."""
    stream = xlrd.compdoc.CompDoc(content, io.StringIO()).get_named_stream("Workbook")
    return pack_ole("Workbook", stream, is_overlapping=True)


def link_xls(content: bytes) -> bytes:
    """The xls `content` of one sheet with a reference to another workbook added to it."""
    stream = bytearray(xlrd.compdoc.CompDoc(content, io.StringIO()).get_named_stream("Workbook"))
    texts = b"".join(struct.pack("<HB", len(text), 0) + text for text in (b"other.xls", b"S1"))
    data = struct.pack("<H", 1) + texts
    record = struct.pack("<HH", 0x01AE, len(data)) + data
    position = 0
    while position < len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        if kind == 0x0085:  # where the sheet begins moves down
            (begin,) = struct.unpack_from("<I", stream, position + 4)
            struct.pack_into("<I", stream, position + 4, begin + len(record))
            break
        position += 4 + size
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    return pack_ole("Workbook", bytes(stream[:first] + record + stream[first:]))
