"""Opens a .docx, after its container was looked at: nothing in it may burst."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
from docx.document import Document as WordDocument

from warehouse.read.refuse import Limits, Refused
from warehouse.read.zip_parts import ZipParts
from warehouse.report.documents.failure import (
    DocumentUnread,
    tell_damaged,
    tell_encrypted,
    tell_too_large,
    tell_unread,
)

UNPACKED_MB = 300
XML_MB = 64
_OLD_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_STRICT = "http://purl.oclc.org/ooxml/officeDocument"


def open_docx(path: Path) -> WordDocument:
    """The document in a file.

    Raises:
        DocumentUnread: it is encrypted, damaged, no .docx at all, or unpacks to more than 300 MB
            (64 MB of text).
        OSError: the file cannot be read.
    """
    _refuse_old(path)
    try:
        with ZipParts(path, Limits(unpacked_bytes=UNPACKED_MB * 1024**2)) as parts:
            relations = parts.read("_rels/.rels")
    except Refused as refused:
        raise _tell_refused(path.name, refused) from refused
    if _STRICT.encode() in relations:
        raise tell_unread(
            path.name,
            "存成了“严格 Open XML 文档”。请用 Word 打开，另存为普通的 Word 文档（.docx）再核对。",
            "It is a Strict Open XML document. Open it in Word, save it as an ordinary Word "
            "document (.docx), and check that.",
        )
    _refuse_burst(path)
    try:
        return docx.Document(str(path))
    except OSError:
        raise
    # A damaged container makes the library fail anywhere: KeyError, AttributeError and errors of
    # the XML parser, which are SyntaxErrors, were seen.
    except Exception as error:
        raise tell_damaged(path.name, ".docx") from error


def _refuse_old(path: Path) -> None:
    content = path.read_bytes()
    if not content.startswith(_OLD_CONTAINER):
        return
    if _ENCRYPTED_STREAM in content:
        raise tell_encrypted(path.name)
    raise tell_unread(
        path.name,
        "扩展名是 .docx，内容却是旧版 .doc 或 .wps。请用 Word 或 WPS 打开，另存为 .docx 再核对。",
        "Its ending says .docx, but it is an old .doc or .wps. Open it in Word or WPS, save it as "
        ".docx, and check that.",
    )


def _refuse_burst(path: Path) -> None:
    with zipfile.ZipFile(path) as container:
        unpacked = sum(
            part.file_size
            for part in container.infolist()
            if part.filename.lower().endswith((".xml", ".rels"))
        )
    if unpacked > XML_MB * 1024**2:
        raise tell_too_large(path.name, XML_MB, unpacked=True)


def _tell_refused(name: str, refused: Refused) -> DocumentUnread:
    if refused.reason == "encrypted":
        return tell_encrypted(name)
    if refused.reason == "too_large":
        return tell_too_large(name, UNPACKED_MB, unpacked=True)
    return tell_damaged(name, ".docx")
