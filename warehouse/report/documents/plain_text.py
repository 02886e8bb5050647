"""Reads a plain text file: what it says, to the character."""

from __future__ import annotations

import re
from pathlib import Path

from warehouse.read.refuse import Refused
from warehouse.read.text_encoding import to_utf_8
from warehouse.report.documents.failure import DocumentUnread, tell_unread
from warehouse.report.documents.headings import guess_heading
from warehouse.report.model import Block, BlockRole, Document

_LINE = re.compile(r"[^\r\n]+")


def read_plain_text(path: Path) -> Document:
    """The text of a file in UTF-8, UTF-16 or GB18030; its blocks are the lines that say something.

    Raises:
        DocumentUnread: it is no text, or breaks off within a character.
    """
    text = decode(path.read_bytes(), path.name)
    blocks = []
    for line in _LINE.finditer(text):
        said = line[0].strip()
        if not said:
            continue
        start = line.start() + line[0].index(said)
        level = guess_heading(said)
        role: BlockRole = "heading" if level else "paragraph"
        blocks.append(Block(start, start + len(said), role, level))
    return Document(path.name, text, tuple(blocks))


def decode(content: bytes, name: str) -> str:
    """The text of bytes, without a byte order mark.

    Raises:
        DocumentUnread: they are no text in any encoding tried.
    """
    try:
        return to_utf_8(content)[1].decode()
    except Refused as refused:
        raise _tell_refused(name, refused) from refused


def _tell_refused(name: str, refused: Refused) -> DocumentUnread:
    offset = int(refused.facts.get("offset", 0))
    if refused.reason == "not_a_table":
        return tell_unread(
            name,
            f"不是文本文件：第 {offset} 字节起不是文字。请用 Word 或 WPS 打开后另存为 .docx。",
            f"It is no text file: byte {offset} is none of a text. Open it in Word or WPS and "
            "save it as .docx.",
        )
    return tell_unread(
        name,
        f"文字编码损坏：第 {offset} 字节既不是 UTF-8 也不是 GB18030。"
        "请用记事本打开，另存为 UTF-8。",
        f"Its encoding is damaged: byte {offset} is neither UTF-8 nor GB18030. Open it in an "
        "editor and save it as UTF-8.",
    )
