"""Writes comments into a .docx: thousands of them, each fastened to a stretch of the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from warehouse.report.documents.element import Element
from warehouse.settings import CITY_TIME

AUTHOR = "标杆 Biaogan"
INITIALS = "标"


class DocxComments:
    """The comments of one document, those it had before included.

    The library's own `add_comment` looks through all comments for each new one.
    """

    def __init__(self, word: WordDocument) -> None:
        """Goes on from the highest number in use."""
        # The part has no public name, and one is made where there is none.
        self._comments: Element = word.part._comments_part.element
        used = [int(item.get(qn("w:id"), "0")) for item in self._comments]
        self._next = max(used, default=-1) + 1
        self._written_at = datetime.now(CITY_TIME).strftime("%Y-%m-%dT%H:%M:%S")

    def add(self, first: Element, last: Element, paragraphs: Sequence[str]) -> None:
        """Puts a comment on what lies from one run to another."""
        number = {qn("w:id"): str(self._next)}
        self._next += 1
        self._comments.append(self._make_comment(number, paragraphs))
        first.addprevious(OxmlElement("w:commentRangeStart", number))
        reference = _make_run("CommentReference", OxmlElement("w:commentReference", number))
        last.addnext(reference)
        last.addnext(OxmlElement("w:commentRangeEnd", number))

    def _make_comment(self, number: dict[str, str], paragraphs: Sequence[str]) -> Element:
        said_by = {"author": AUTHOR, "initials": INITIALS, "date": self._written_at}
        comment: Element = OxmlElement(
            "w:comment", number | {qn(f"w:{name}"): value for name, value in said_by.items()}
        )
        for at, text in enumerate(paragraphs):
            paragraph: Element = OxmlElement("w:p")
            if not at:
                mark = OxmlElement("w:annotationRef")
                paragraph.append(_make_run("CommentReference", mark))
            words: Element = OxmlElement("w:t")
            words.text = text
            paragraph.append(_make_run(None, words))
            comment.append(paragraph)
        return comment


def _make_run(style: str | None, content: Element) -> Element:
    run: Element = OxmlElement("w:r")
    if style:
        properties: Element = OxmlElement("w:rPr")
        properties.append(OxmlElement("w:rStyle", {qn("w:val"): style}))
        run.append(properties)
    run.append(content)
    return run
