"""Reads a PDF: the lines a program wrote into it, put together to paragraphs."""

from __future__ import annotations

import logging
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError

from warehouse.report.documents.failure import (
    DocumentUnread,
    tell_damaged,
    tell_encrypted,
    tell_unread,
)
from warehouse.report.documents.pdf_lines import BULLET, join_lines
from warehouse.report.documents.pdf_page import Line, drop_notes, drop_page_frames
from warehouse.report.documents.text_builder import TextBuilder
from warehouse.report.model import Document

_MOST_UNREADABLE = 0.1
_REFERENCE = re.compile(r"[\[(（【]?(?:\d{1,3}|[①-⑳*])[\])）】]?")
_RAISED_SIZE = 0.75
_RAISED_BY = 0.15


@dataclass(frozen=True)
class _Chunk:
    """Characters drawn in one go, where they begin and how high they are, in points."""

    text: str
    x: float
    y: float
    size: float

    def is_reference(self, size: float, base: float) -> bool:
        """Whether this is a raised reference to a footnote in a line of that size."""
        is_raised = self.size < size * _RAISED_SIZE and self.y > base + size * _RAISED_BY
        return is_raised and bool(_REFERENCE.fullmatch(self.text.strip()))


def read_pdf(path: Path) -> Document:
    """The text of a PDF, without what stands at the head and foot of every page.

    Raises:
        DocumentUnread: it is encrypted, damaged, a scan, or its fonts do not say which characters
            they draw.
    """
    pages = _read_pages(path)
    builder = TextBuilder()
    for paragraph in join_lines(drop_notes(drop_page_frames(pages))):
        bullet = BULLET.match(paragraph)
        if bullet:
            builder.add_block(paragraph[bullet.end() :], "item")
        else:
            builder.add_block(paragraph)
    document = builder.finish(path.name)
    _refuse_unreadable(document, pages)
    return document


def _read_pages(path: Path) -> list[list[Line]]:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise tell_encrypted(path.name)
        return [_read_lines(page) for page in reader.pages]
    except DocumentUnread:
        raise
    except DependencyError as error:
        raise tell_encrypted(path.name) from error
    # A damaged PDF makes the reader fail anywhere: KeyError, TypeError, RecursionError were seen.
    except Exception as error:
        raise tell_damaged(path.name, "PDF") from error


def _read_lines(page: PageObject) -> list[Line]:
    """The lines of a page with the place where each begins."""
    lines: list[Line] = []
    chunks: list[_Chunk] = []

    def take(text: str, user: list[float], matrix: list[float], _font: object, size: float) -> None:
        x = matrix[4] * user[0] + matrix[5] * user[2] + user[4]
        y = matrix[4] * user[1] + matrix[5] * user[3] + user[5]
        height = size * math.hypot(*matrix[2:4]) * math.hypot(*user[2:4])
        for at, part in enumerate(text.split("\n")):
            if at:
                close()
            chunks.append(_Chunk(part, x, y, height))

    def close() -> None:
        line = _make_line(chunks)
        if line:
            lines.append(line)
        chunks.clear()

    page.extract_text(visitor_text=take)
    close()
    return lines


def _make_line(chunks: Sequence[_Chunk]) -> Line | None:
    said = [chunk for chunk in chunks if chunk.text.strip()]
    if not said:
        return None
    weights: Counter[float] = Counter()
    for chunk in said:
        weights[chunk.size] += len(chunk.text)
    size = weights.most_common(1)[0][0]
    base = min((chunk.y for chunk in said if chunk.size == size), default=0.0)
    raised = [chunk for chunk in said if chunk.is_reference(size, base)]
    kept = [chunk for chunk in chunks if chunk not in raised]
    text = "".join(chunk.text for chunk in kept).strip()
    if not text:
        return None
    # A character of another font may come first though it stands further right.
    left = min(chunk.x for chunk in said)
    references = tuple(chunk.text.strip() for chunk in raised)
    return Line(text, left, round(size, 1), references, said[0] in raised)


def _refuse_unreadable(document: Document, pages: list[list[Line]]) -> None:
    if pages and sum(not page for page in pages) * 2 > len(pages):
        raise tell_unread(
            document.name,
            "大部分页面只有图像，没有文字，是扫描件。请向起草单位要 Word 原件（.docx），"
            "或先做文字识别并校对，存为 .docx 或 .txt。",
            "Most pages are pictures without text: it is a scan. Ask the office that drafted it "
            "for the .docx, or have its text recognised, proofread it, and save it as .docx or "
            ".txt.",
        )
    unreadable = sum(
        character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character < "\t"
        for character in document.text
    )
    if unreadable > len(document.text) * _MOST_UNREADABLE:
        raise tell_unread(
            document.name,
            "里面的字体没有标明文字，读出来是乱码。请用 Word 原件（.docx）核对。",
            "Its fonts do not say which characters they draw, so what is read is garbled. Check "
            "the .docx it was made from.",
        )
