"""Goes through a .docx: its text, and which part of the file every character of it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from warehouse.report.documents.docx_inline import Inline, InlineReader, Piece
from warehouse.report.documents.docx_styles import DocxStyles
from warehouse.report.documents.element import Element
from warehouse.report.documents.text_builder import TextBuilder
from warehouse.report.model import BlockRole, Document

_TRANSPARENT = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"))) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
}
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_GALLERY = f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}"
_LONGEST_CELL = 300
_WIDEST_SPAN = 60


class DocxWalk:
    """One walk through a document.

    Attributes:
        document: its text and blocks.
        pieces: where the characters come from, in their order.
    """

    def __init__(self, word: WordDocument, name: str) -> None:
        """Walks through all of it; `name` is the file's."""
        self.pieces: list[Piece] = []
        body = word.element.body
        self._styles = DocxStyles(word.styles.element, body)
        self._builder = TextBuilder()
        self._inlines = InlineReader()
        self._carried: Inline | None = None
        self._add_blocks(body, None)
        self._finish_carried()
        self.document: Document = self._builder.finish(name)

    def _add_blocks(self, container: Element, anchor: Element | None) -> None:
        for element in _list_content(container, qn("w:p"), qn("w:tbl")):
            if element.tag == qn("w:tbl"):
                self._finish_carried()
                self._add_table(element, anchor)
            else:
                self._add_paragraph(element, anchor)

    def _add_paragraph(self, paragraph: Element, anchor: Element | None) -> None:
        inline = self._read(paragraph, anchor)
        properties = paragraph.find(qn("w:pPr"))
        manner = self._styles.read_manner(properties)
        if manner.is_generated:
            return
        if _is_mark_deleted(properties):
            self._carried = inline
            return
        role: BlockRole = "item" if manner.is_item else "paragraph"
        self._put(inline, "heading" if manner.level else role, manner.level)

    def _put(self, inline: Inline, role: BlockRole, level: int = 0) -> None:
        if inline.text.strip():
            self._place(inline, self._builder.add_block(inline.text, role, level))
        self._add_boxes(inline)

    def _place(self, inline: Inline, at: int) -> None:
        self.pieces += (piece.shift(at) for piece in inline.pieces)

    def _add_boxes(self, inline: Inline) -> None:
        for box, run in inline.boxes:
            self._add_blocks(box, run)

    def _read(self, paragraph: Element, anchor: Element | None) -> Inline:
        inline, self._carried = self._carried or Inline(), None
        self._inlines.read(paragraph, inline, anchor)
        return inline

    def _finish_carried(self) -> None:
        if self._carried:
            inline, self._carried = self._carried, None
            self._put(inline, "paragraph")

    def _add_table(self, table: Element, anchor: Element | None) -> None:
        rows = [row for row in _list_content(table, qn("w:tr")) if not _is_row_deleted(row)]
        if _is_layout(table):
            for row in rows:
                for cell in _list_content(row, qn("w:tc")):
                    self._add_blocks(cell, anchor)
            return
        boxes = Inline()
        self._builder.begin_table()
        for row in rows:
            self._builder.begin_row()
            self._skip_cells(_read_number(row, "w:trPr/w:gridBefore", 0))
            for cell in _list_content(row, qn("w:tc")):
                self._add_cell(cell, anchor, boxes)
        self._add_boxes(boxes)

    def _add_cell(self, cell: Element, anchor: Element | None, boxes: Inline) -> None:
        whole = Inline()
        if not _is_continued(cell):
            for paragraph in _list_content(cell, qn("w:p")):
                inline = self._read(paragraph, anchor)
                boxes.boxes += inline.boxes
                whole.append_line(inline)
        self._place(whole, self._builder.add_cell(whole.text))
        self._skip_cells(_read_number(cell, "w:tcPr/w:gridSpan", 1) - 1)

    def _skip_cells(self, count: int) -> None:
        for _ in range(min(count, _WIDEST_SPAN)):
            self._builder.add_cell("")


def _list_content(container: Element, *tags: str) -> Iterator[Element]:
    """The elements of these tags in a container, through what only wraps them."""
    for element in container:
        if element.tag in tags:
            yield element
        elif element.tag == _CHOICE or (element.tag in _TRANSPARENT and not _is_contents(element)):
            yield from _list_content(element, *tags)


def _is_contents(element: Element) -> bool:
    """Whether a content control is Word's table of contents."""
    gallery = element.find(_GALLERY)
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"


def _is_mark_deleted(properties: Element | None) -> bool:
    """Whether the end of a paragraph is deleted, so that it goes on in the next one."""
    path = f"{qn('w:rPr')}/{qn('w:del')}"
    return properties is not None and properties.find(path) is not None


def _is_row_deleted(row: Element) -> bool:
    return row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _is_continued(cell: Element) -> bool:
    """Whether a cell is the lower part of one that reaches over several rows."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _is_layout(table: Element) -> bool:
    """Whether a table holds a page together: tables or whole paragraphs lie in its cells."""
    inner = table.iter(qn("w:tbl"))
    next(inner)
    if next(inner, None) is not None:
        return True
    return any(
        sum(len(text.text or "") for text in cell.iter(qn("w:t"))) > _LONGEST_CELL
        for cell in table.iter(qn("w:tc"))
    )


def _read_number(element: Element, path: str, default: int) -> int:
    found = element.find("/".join(map(qn, path.split("/"))))
    given = "" if found is None else str(found.get(qn("w:val"), ""))
    return int(given) if given.isascii() and given.isdigit() else default
