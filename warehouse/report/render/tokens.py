"""Reads filled Markdown into the tokens that web pages and Word files are written from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from warehouse.contracts.model import Text
from warehouse.report.render.drawing import Drawing
from warehouse.report.render.failure import TemplateWrong
from warehouse.report.render.press import MARK, RESERVED, find_marks
from warehouse.report.render.printable import Printable

PICTURE = "picture"
"""The type of the token that takes the place of a paragraph with nothing but a picture's mark."""
_WRITTEN = frozenset({"text", "code_inline", "fence", "code_block"})
_PARAGRAPH = 3
"""Tokens a paragraph is made of: its opening, what is in it, its end."""


def open_markdown() -> MarkdownIt:
    """The dialect of templates: CommonMark with tables; HTML in it is text."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def read_tokens(name: str, text: str, placed: Sequence[Printable | Drawing]) -> list[Token]:
    """The tokens of a filled template.

    Args:
        name: of the template, for complaints.
        text: Markdown, its marks numbered by their order.
        placed: what they stand for.

    Raises:
        TemplateWrong: a figure or picture stands where it cannot be printed, or an image is named.
    """
    tokens = open_markdown().parse(text)
    _refuse_images(name, tokens)
    tokens = _lift_pictures(tokens, placed)
    for token in tokens:
        if token.children:
            token.children = _join_lines(token.children)
    _refuse_lost(name, tokens, placed)
    return tokens


def _refuse_images(name: str, tokens: Sequence[Token]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                raise TemplateWrong(
                    Text(
                        zh=f"模板 {name}：不能引用图片“{child.content}”。"
                        "报告里的图请用 chart(…) 画。",
                        en=f'Template {name}: it names an image, "{child.content}". Draw the '
                        "report's pictures with chart(…).",
                    )
                )


def _lift_pictures(tokens: Sequence[Token], placed: Sequence[Printable | Drawing]) -> list[Token]:
    lifted: list[Token] = []
    at = 0
    while at < len(tokens):
        picture = _read_picture(tokens[at : at + _PARAGRAPH], placed)
        if picture is None:
            lifted.append(tokens[at])
            at += 1
        else:
            lifted.append(Token(PICTURE, "", 0, content=picture, block=True))
            at += _PARAGRAPH
    return lifted


def _read_picture(tokens: Sequence[Token], placed: Sequence[Printable | Drawing]) -> str | None:
    """The mark of a picture that stands on a line of its own."""
    if len(tokens) < _PARAGRAPH or tokens[0].type != "paragraph_open":
        return None
    content = tokens[1].content.strip()
    if MARK.fullmatch(content) and isinstance(placed[find_marks(content)[0]], Drawing):
        return content
    return None


def _join_lines(children: Sequence[Token]) -> list[Token]:
    """A line's end between Chinese characters is no blank."""
    kept: list[Token] = []
    for at, child in enumerate(children):
        if child.type == "softbreak":
            before = "".join(token.content for token in children[:at])
            after = "".join(token.content for token in children[at + 1 :])
            if _is_wide(before[-1:]) or _is_wide(after[:1]):
                continue
        kept.append(child)
    return kept


def _is_wide(sign: str) -> bool:
    return bool(sign) and (
        unicodedata.east_asian_width(sign) in "WF" or unicodedata.category(sign) == "Co"
    )


def _refuse_lost(name: str, tokens: Sequence[Token], placed: Sequence[Printable | Drawing]) -> None:
    """A mark in a link's target, say, would be printed nowhere; a picture within a line neither."""
    pictures = {
        number for token in tokens if token.type == PICTURE for number in find_marks(token.content)
    }
    written = [
        token
        for block in tokens
        for token in (*(block.children or ()), block)
        if token.type in _WRITTEN
    ]
    met = {number for token in written for number in find_marks(token.content)}
    for number, entry in enumerate(placed):
        if number not in (pictures if isinstance(entry, Drawing) else met):
            is_picture = isinstance(entry, Drawing)
            where = Text(
                zh="图要单独占一段" if is_picture else "数不能放在链接地址、标题属性里",
                en="a chart stands in a paragraph of its own"
                if is_picture
                else "a figure cannot be printed within the target of a link",
            )
            raise TemplateWrong(
                Text(
                    zh=f"模板 {name}：“{entry.name_zh}”放错了地方，{where.zh}。请移动它。",
                    en=f'Template {name}: "{entry.name_zh}" is misplaced: {where.en}. Move it.',
                )
            )


_LOOSE = re.compile(r"\d[\d.,%]*")
_MARKER = re.compile(r"^\s*(?:>\s*)*\d+[.)]\s", re.MULTILINE)


def list_loose(text: str, words: frozenset[str]) -> list[tuple[int, str]]:
    """Numbers of a filled template that are neither figures, periods nor list markers, by line."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " " * len(word) if "\n" not in word else word)
    text = _MARKER.sub(lambda found: " " * len(found[0]), text)
    found = []
    for line, written in enumerate(text.splitlines(), start=1):
        for number in _LOOSE.finditer(written):
            around = written[max(0, number.start() - 8) : number.end() + 8]
            found.append((line, RESERVED.sub("", around).strip()))
    return found
