"""Reads a Markdown file: what is seen once it is set, without its footnotes and its fences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from warehouse.report.documents.html_text import add_html, join_source_lines
from warehouse.report.documents.plain_text import decode
from warehouse.report.documents.text_builder import TextBuilder
from warehouse.report.model import BlockRole, Document

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?:[\w-]+:.*\n(?:[ \t#-].*\n|[ \t]*\n)*)+(?:---|\.\.\.)[ \t]*\n"
)
# A definition, its continuation lines, and those of further paragraphs, which are indented.
_NOTE = re.compile(
    r"^ {0,3}\[\^[^\]\n]+\]:.*\n?(?:(?!\s*\[\^)[^\s#>|`-].*\n?|(?:[ \t]*\n)*(?: {4}|\t).*\n?)*",
    re.MULTILINE,
)
_NOTE_REFERENCE = re.compile(r"\[\^[^\]\s]+\]")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(path: Path) -> Document:
    """The text of a Markdown file; marks, targets of links, pictures and fences are not text.

    Raises:
        DocumentUnread: it is no text.
    """
    source = decode(path.read_bytes(), path.name).replace("\r\n", "\n").replace("\r", "\n")
    source = _NOTE.sub("\n", _FRONT_MATTER.sub("", source))
    # Writers of Chinese begin a paragraph with blanks; four of them are no code.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    builder = TextBuilder()
    _Walk(builder, path.name).run(parser.parse(source))
    return builder.finish(path.name)


class _Walk:
    """Goes through the tokens once."""

    def __init__(self, builder: TextBuilder, name: str) -> None:
        self._builder = builder
        self._name = name
        self._roles: list[tuple[BlockRole, int]] = [("paragraph", 0)]

    def run(self, tokens: Sequence[Token]) -> None:
        """Adds what they say."""
        for token in tokens:
            if token.type == "inline":
                self._add(join_source_lines(_read_inline(token.children or [])))
            elif token.type == "html_block":
                add_html(self._builder, token.content, self._name)
            elif token.nesting > 0:
                self._open(token)
            elif token.nesting < 0 and token.type in _ROLES:
                self._roles.pop()

    def _add(self, text: str) -> None:
        role, level = self._roles[-1]
        if role == "cell":
            self._builder.add_cell(text)
        elif text.strip():
            self._builder.add_block(text, role, level)

    def _open(self, token: Token) -> None:
        if token.type == "table_open":
            self._builder.begin_table()
        elif token.type == "tr_open":
            self._builder.begin_row()
        elif role := _ROLES.get(token.type.replace("_open", "_close")):
            level = int(token.tag[1]) if role == "heading" else 0
            self._roles.append((role, level))


_ROLES: dict[str, BlockRole] = {
    "heading_close": "heading",
    "list_item_close": "item",
    "th_close": "cell",
    "td_close": "cell",
}


def _read_inline(tokens: Sequence[Token]) -> str:
    said: list[str] = []
    for token in tokens:
        if token.type in ("text", "text_special", "code_inline"):
            said.append(token.content)
        elif token.type == "softbreak":
            said.append("\r")
        elif token.type == "hardbreak" or _LINE_BREAK.match(token.content):
            said.append("\n")
    return _NOTE_REFERENCE.sub("", "".join(said))
