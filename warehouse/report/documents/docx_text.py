"""Reads a Word document (.docx)."""

from __future__ import annotations

from pathlib import Path

from warehouse.report.documents.docx_open import open_docx
from warehouse.report.documents.docx_walk import DocxWalk
from warehouse.report.model import Document


def read_docx(path: Path) -> Document:
    """The text of a .docx: paragraphs, list items, cells and text boxes in their order.

    Heads, feet, footnotes, comments, tables of contents and automatic numbers are not text;
    insertions that nobody has accepted yet are, deletions are not.

    Raises:
        DocumentUnread: it is encrypted, damaged or far too large.
    """
    return DocxWalk(open_docx(path), path.name).document
