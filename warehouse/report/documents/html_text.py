"""Reads a web page: what a reader sees of it, without its navigation and its footnotes."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from warehouse.report.documents.element import Element
from warehouse.report.documents.failure import tell_damaged
from warehouse.report.documents.html_signs import (
    BLOCKS,
    HEADINGS,
    find_layout_tables,
    is_text,
    read_span,
)
from warehouse.report.documents.plain_text import decode
from warehouse.report.documents.text_builder import TextBuilder
from warehouse.report.model import BlockRole, Document

# Those whose readers see other characters than GB18030 or UTF-8 would make of the same bytes.
_OTHER_CHARSETS = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "utf-16": "utf-16"}
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
# A source line that ends beside a Chinese character is no blank; it takes the blanks along.
_SOURCE_LINE = re.compile(
    rf"(?<=[{_CJK}])[ \t\f]*[\r\n][ \t\r\n\f]*|[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_CJK}])"
)

_RETURN = re.compile(r"[ \t]*\r[ \t]*")
_RETURN_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}])[ \t]*\r[ \t]*|[ \t]*\r[ \t]*(?=[{_CJK}])")


def read_html(path: Path) -> Document:
    """The text of a page: headings, paragraphs, list items and cells are its blocks.

    Raises:
        DocumentUnread: it is no text, or no page can be made of it.
    """
    builder = TextBuilder()
    add_html(builder, _decode_page(path.read_bytes(), path.name), path.name)
    return builder.finish(path.name)


def add_html(builder: TextBuilder, html: str, name: str) -> None:
    """Adds the text of a page, or of a part of one.

    Raises:
        DocumentUnread: no page can be made of it.
    """
    # Without huge_tree the parser drops, in silence, what is nested deeper than 256 elements; pages
    # saved by word processors are.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(html.encode(errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if not html.strip():
            return
        raise tell_damaged(name, "HTML") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise tell_damaged(name, "HTML")
    if root is not None:
        _Walk(builder, find_layout_tables(root)).run(root)


def join_source_lines(text: str) -> str:
    """A text whose carriage returns are ends of source lines, which a reader does not see."""
    return _RETURN.sub(" ", _RETURN_BESIDE_CJK.sub("", text))


def _decode_page(content: bytes, name: str) -> str:
    declared = _CHARSET.search(content[:4096])
    codec = _OTHER_CHARSETS.get(declared[1].decode("ascii").lower()) if declared else None
    if codec:
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            pass
    return decode(content, name)


class _Walk:
    """Goes through a page once, collecting the text between two borders of blocks."""

    def __init__(self, builder: TextBuilder, layouts: set[Element]) -> None:
        self._builder = builder
        self._layouts = layouts
        self._text: list[str] = []
        self._roles: list[tuple[BlockRole, int]] = [("paragraph", 0)]
        self._tables: list[bool] = []
        self._verbatim = 0

    def run(self, root: Element) -> None:
        """Goes through all of it."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start" and not is_text(element):
                walker.skip_subtree()
                continue
            if event == "start":
                self._start(element)
            elif is_text(element):
                self._end(element)
            if event == "end" and element is not root:
                self._add(element.tail)
        self._flush()

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if not self._verbatim:
            text = _SOURCE_LINE.sub("", text)
            text = _BLANKS.sub(" ", text)
        self._text.append(text)

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._text.append("\n")
        elif tag in BLOCKS:
            self._open(element, tag)
        self._verbatim += tag == "pre"
        self._add(element.text)

    def _open(self, element: Element, tag: str) -> None:
        if self._roles[-1][0] == "cell":
            self._text.append("\n")
            return
        self._flush()
        if tag == "table":
            self._tables.append(element not in self._layouts)
            if self._tables[-1]:
                self._builder.begin_table()
        elif tag == "tr" and self._is_data():
            self._builder.begin_row()
        elif tag in ("td", "th") and self._is_data():
            self._roles.append(("cell", 0))
        elif tag in HEADINGS:
            self._roles.append(("heading", HEADINGS[tag]))
        elif tag in ("li", "dd", "dt"):
            self._roles.append(("item", 0))

    def _end(self, element: Element) -> None:
        tag = element.tag
        self._verbatim -= tag == "pre"
        if tag not in BLOCKS:
            return
        role = self._roles[-1][0]
        if role == "cell" and tag in ("td", "th"):
            self._close_cell(element)
            return
        if role == "cell":
            self._text.append("\n")
            return
        self._flush()
        if tag == "table":
            self._tables.pop()
        elif tag in HEADINGS or tag in ("li", "dd", "dt"):
            self._roles.pop()

    def _close_cell(self, element: Element) -> None:
        self._builder.add_cell("\n".join(self._take_lines()))
        self._roles.pop()
        for _ in range(read_span(element) - 1):
            self._builder.add_cell("")

    def _is_data(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _flush(self) -> None:
        lines = self._take_lines()
        if lines:
            self._builder.add_block("\n".join(lines), *self._roles[-1])

    def _take_lines(self) -> list[str]:
        text = "".join(self._text)
        self._text.clear()
        lines = (_BLANKS.sub(" ", line).strip(" ") for line in text.split("\n"))
        return [line for line in lines if line]
