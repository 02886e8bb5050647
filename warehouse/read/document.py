"""Reading one received file, whatever it is called, by what it holds."""

from __future__ import annotations

from pathlib import Path

from warehouse.read.refuse import Limits, Refused
from warehouse.read.sheet import Document
from warehouse.read.text_table import read_text_table
from warehouse.read.workbook import read_xlsx
from warehouse.read.workbook_ods import read_ods
from warehouse.read.workbook_xls import read_xls
from warehouse.read.xlsx_parts import is_workbook
from warehouse.read.zip_parts import ZipParts

_OLE2 = b"\xd0\xcf\x11\xe0"
# Workbooks older than OLE2 containers, which exporting systems still write: BIFF 2, 3, 4, 5.
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD_BYTES = 8
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def read_document(path: Path, *, file_name: str, limits: Limits) -> Document:
    """Read an archived file into text cells with addresses.

    Nothing in the file is run, no other file is opened, and nothing is unpacked beyond `limits`.

    Args:
        path: where the bytes are; its name says nothing.
        file_name: the name the reporter gave it, used only to tell a WPS ``.et`` file by name.
        limits: how much may be read.

    Raises:
        Refused: if the file cannot be read in full and for certain; see `Reason`.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty_file")
    if size > limits.file_bytes:
        raise Refused("too_large", file_bytes=size, limit=limits.file_bytes)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_ZIP):
        with ZipParts(path, limits) as parts:
            return _read_container(parts, limits)
    content = path.read_bytes()
    if head.startswith((_OLE2, *_BARE_BIFF)):
        return read_xls(content, is_et=file_name.lower().endswith(".et"), limits=limits)
    return read_text_table(content, limits)


def _read_container(parts: ZipParts, limits: Limits) -> Document:
    if is_workbook(parts):
        return read_xlsx(parts, limits)
    if parts.has("mimetype"):
        media_type = parts.read("mimetype").strip()
        if media_type.startswith(_SPREADSHEET):
            return read_ods(parts, limits)
        raise Refused("not_a_table", found=media_type.decode(errors="replace")[:100])
    raise Refused("unsupported_format", found="zip")
