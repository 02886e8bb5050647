"""Files that no reader should take in: encrypted, damaged, foreign, linked, or no table at all."""

from __future__ import annotations

import io
import struct
import zipfile
from random import Random
from typing import Final

_SECTOR: Final = 512
_SMALLEST_STREAM: Final = 4096
"""Shorter streams would live in the mini stream, which nothing here needs."""
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE: Final = 0xFFFFFFFF
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)

_ENCRYPTION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption">'
    b'<keyData saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
    b'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"/></encryption>'
)
_LINK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<externalBook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'r:id="rId1"><sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_LINK_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATION}externalLinkPath" '
    'Target="file:///D:/%E5%8F%B0%E8%B4%A6.xlsx" TargetMode="External"/></Relationships>'
)


def make_compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE2 compound file (MS-CFB version 3) with these streams, padded to 4096 bytes each.

    Raises:
        ValueError: the streams need more than the one allocation sector written here.
    """
    padded = {
        name: data.ljust(_SMALLEST_STREAM, b"\0")
        for name, data in sorted(streams.items(), key=lambda item: (len(item[0]), item[0].upper()))
    }
    directory_sectors = -(-(len(padded) + 1) * 128 // _SECTOR)
    table = [_FAT, *range(2, directory_sectors + 1), _END]
    entries = [_write_entry("Root Entry", 5, child=1 if padded else _NONE, start=_END, size=0)]
    body = b""
    for number, (name, data) in enumerate(padded.items(), start=1):
        start = len(table)
        count = -(-len(data) // _SECTOR)
        table += [*range(start + 1, start + count), _END]
        right = number + 1 if number < len(padded) else _NONE
        entries.append(_write_entry(name, 2, right=right, start=start, size=len(data)))
        body += data.ljust(count * _SECTOR, b"\0")
    slots = _SECTOR // 4
    if len(table) > slots:
        message = f"{len(table)} sectors do not fit into one allocation sector of {slots}"
        raise ValueError(message)
    fat = struct.pack(f"<{slots}I", *table, *[_FREE] * (slots - len(table)))
    empty = _write_entry("", 0, start=0, size=0)
    entries += [empty] * (directory_sectors * 4 - len(entries))
    return _write_header() + fat + b"".join(entries) + body


def encrypt_workbook(random: Random) -> bytes:
    """What a workbook with an opening password looks like; the package itself is noise."""
    package = struct.pack("<Q", 8000) + random.randbytes(8000)
    header = struct.pack("<HHI", 4, 4, 0x40)
    return make_compound_file({"EncryptionInfo": header + _ENCRYPTION, "EncryptedPackage": package})


def make_et_file(random: Random) -> bytes:
    """A compound file that holds no Excel stream, as WPS is said to write `.et`."""
    return make_compound_file({"ETExtData": random.randbytes(5000)})


def damage(content: bytes) -> bytes:
    """The first three fifths of a file, as a broken transfer leaves it."""
    return content[: len(content) * 3 // 5]


def make_letter() -> bytes:
    """A Word document: a covering letter sent in place of the form."""
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>关于报送质量提升项目表的函（示例）</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )
    return _pack_office(
        "word/document.xml", "wordprocessingml.document.main+xml", document.encode()
    )


def make_binary_workbook(random: Random) -> bytes:
    """An xlsb, Excel's binary workbook, with nothing real in it."""
    return _pack_office("xl/workbook.bin", "sheet.binary.macroEnabled.main", random.randbytes(900))


def _pack_office(part: str, content_type: str, content: bytes) -> bytes:
    """A package whose one document is this part."""
    types = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{content_type}"/></Types>'
    )
    relations = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATION}officeDocument" Target="{part}"/>'
        "</Relationships>"
    )
    return pack(
        {"[Content_Types].xml": types.encode(), "_rels/.rels": relations.encode(), part: content}
    )


def link_outside(content: bytes) -> bytes:
    """Gives an xlsx a link to another workbook, as 引用 leaves it."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    types, relations, book = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    override = f'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="{part}"/>'
    relation = (
        f'<Relationship Id="rId99" Type="{_RELATION}externalLink" '
        'Target="externalLinks/externalLink1.xml"/>'
    )
    reference = '<externalReferences><externalReference r:id="rId99"/></externalReferences>'
    parts[types] = parts[types].replace(b"</Types>", f"{override}</Types>".encode())
    parts[relations] = parts[relations].replace(
        b"</Relationships>", f"{relation}</Relationships>".encode()
    )
    parts[book] = parts[book].replace(b"</sheets>", f"</sheets>{reference}".encode())
    parts["xl/externalLinks/externalLink1.xml"] = _LINK.encode()
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = _LINK_RELATIONS.encode()
    return pack(parts)


def pack(parts: dict[str, bytes]) -> bytes:
    """A zip with a fixed clock; `mimetype` stays uncompressed, as OpenDocument wants it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as settled:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            settled.writestr(info, data)
    return target.getvalue()


def _write_header() -> bytes:
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        b"\0" * 16,
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"\0" * 6,
        0,
        1,
        1,
        0,
        _SMALLEST_STREAM,
        _END,
        0,
        _END,
        0,
    )
    return header + struct.pack("<109I", 0, *[_FREE] * 108)


def _write_entry(
    name: str, kind: int, *, start: int, size: int, right: int = _NONE, child: int = _NONE
) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        encoded, length, kind, 1, _NONE, right, child, b"\0" * 16, 0, 0, 0, start, size,
    )  # fmt: skip
