"""Writes a report as a Word file, from the tokens of its Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Mm, Pt
from markdown_it.token import Token

from warehouse.report.figures import Figures
from warehouse.report.render.drawing import Drawing
from warehouse.report.render.notes import Note
from warehouse.report.render.pictures import describe, draw_svg
from warehouse.report.render.press import MARK, find_marks, read_mark
from warehouse.report.render.printable import Printable
from warehouse.report.render.tokens import PICTURE
from warehouse.report.render.word_frame import add_foot, add_link, restart_numbers
from warehouse.report.render.word_notes import add_reference, write_notes
from warehouse.report.render.word_pictures import add_picture
from warehouse.report.render.word_styles import CAPTION, dress, indent_first_line
from warehouse.report.render.write_page import say_release

_MOST_LEVELS = 2
"""Levels of lists that have a style of their own; deeper ones look like the last."""
_DEEPEST = 6


def write_word(
    tokens: Sequence[Token],
    placed: Sequence[Printable | Drawing],
    notes: Sequence[Note],
    figures: Figures,
) -> dict[str, bytes]:
    """The file, under the empty name; see `write_page` for the arguments."""
    document = docx.Document()
    dress(document)
    add_foot(document, say_release(figures))
    _Writer(document, placed).write(tokens)
    if notes:
        write_notes(document, notes)
    buffer = BytesIO()
    document.save(buffer)
    return {"": buffer.getvalue()}


@dataclass
class _List:
    """A list that is being written."""

    is_ordered: bool
    number: int | None
    is_new_item: bool = False


@dataclass
class _Look:
    """How the words being written look."""

    bold: int = 0
    italic: int = 0
    strike: int = 0
    target: str | None = None


@dataclass
class _Writer:
    """Walks over the tokens of a document once."""

    document: Document
    placed: Sequence[Printable | Drawing]
    lists: list[_List] = field(default_factory=list)
    quotes: int = 0

    def write(self, tokens: Sequence[Token]) -> None:
        """Writes all blocks in their order."""
        stream = iter(tokens)
        steps = self._list_steps()
        for token in stream:
            step = steps.get(token.type)
            if step is not None:
                step(token, stream)

    def _list_steps(self) -> dict[str, Callable[[Token, Iterator[Token]], None]]:
        return {
            "heading_open": self._write_heading,
            "paragraph_open": self._write_paragraph,
            "bullet_list_open": self._open_list,
            "ordered_list_open": self._open_list,
            "bullet_list_close": self._close_list,
            "ordered_list_close": self._close_list,
            "list_item_open": self._open_item,
            "blockquote_open": self._change_quote,
            "blockquote_close": self._change_quote,
            "table_open": self._write_table,
            "fence": self._write_code,
            "code_block": self._write_code,
            PICTURE: self._write_picture,
        }

    def _write_heading(self, token: Token, stream: Iterator[Token]) -> None:
        level = min(int(token.tag.removeprefix("h")), _DEEPEST)
        self._write_inline(self.document.add_heading(level=level), next(stream))

    def _write_paragraph(self, _token: Token, stream: Iterator[Token]) -> None:
        paragraph = self._add_paragraph()
        self._write_inline(paragraph, next(stream))

    def _add_paragraph(self) -> Any:  # noqa: ANN401
        if not self.lists:
            paragraph = self.document.add_paragraph(style="Quote" if self.quotes else None)
            if not self.quotes:
                indent_first_line(paragraph)
            return paragraph
        current = self.lists[-1]
        kind = "List Number" if current.is_ordered else "List Bullet"
        level = min(len(self.lists), _MOST_LEVELS)
        style = kind if level == 1 else f"{kind} {level}"
        if not current.is_new_item:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.left_indent = Mm(11 * level)
            return paragraph
        current.is_new_item = False
        paragraph = self.document.add_paragraph(style=style)
        if current.is_ordered:
            if current.number is None:
                current.number = restart_numbers(self.document, style)
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = current.number
        return paragraph

    def _open_list(self, token: Token, _stream: Iterator[Token]) -> None:
        self.lists.append(_List(token.type.startswith("ordered"), None))

    def _close_list(self, _token: Token, _stream: Iterator[Token]) -> None:
        self.lists.pop()

    def _open_item(self, _token: Token, _stream: Iterator[Token]) -> None:
        self.lists[-1].is_new_item = True

    def _change_quote(self, token: Token, _stream: Iterator[Token]) -> None:
        self.quotes += token.nesting

    def _write_code(self, token: Token, _stream: Iterator[Token]) -> None:
        for line in token.content.rstrip("\n").split("\n"):
            self._write_text(self.document.add_paragraph(), line, _Look())

    def _write_table(self, _token: Token, stream: Iterator[Token]) -> None:
        rows: list[list[tuple[Token, bool]]] = []
        is_head = False
        for token in stream:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in {"th_open", "td_open"}:
                is_head = token.type == "th_open"
            elif token.type == "inline":
                rows[-1].append((token, is_head))
        table: Any = self.document.add_table(0, max(len(row) for row in rows), style="Table Grid")
        for row in rows:
            cells = table.add_row().cells
            for cell, (token, is_bold) in zip(cells, row, strict=False):
                self._write_inline(cell.paragraphs[0], token, _Look(bold=int(is_bold)))

    def _write_picture(self, token: Token, _stream: Iterator[Token]) -> None:
        number = find_marks(token.content)[0]
        drawing = self.placed[number]
        if isinstance(drawing, Drawing) and not drawing.refused:
            paragraph = self.document.add_paragraph(style=CAPTION)
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.space_before = Pt(10)
            add_picture(self.document, paragraph, draw_svg(drawing), describe(drawing))
            caption: Any = self.document.add_paragraph(drawing.title, style=CAPTION)
            add_reference(caption, number + 1)
        else:
            self._write_text(self._add_paragraph(), token.content, _Look())

    def _write_inline(self, paragraph: Any, token: Token, look: _Look | None = None) -> None:  # noqa: ANN401
        look = look or _Look()
        for child in token.children or ():
            self._change_look(look, child)
            if child.type in {"text", "code_inline"}:
                self._write_text(paragraph, child.content, look)
            elif child.type == "softbreak":
                self._write_text(paragraph, " ", look)
            elif child.type == "hardbreak":
                paragraph.add_run().add_break()

    def _change_look(self, look: _Look, child: Token) -> None:
        kind = child.type.removesuffix("_open").removesuffix("_close")
        if kind == "strong":
            look.bold += child.nesting
        elif kind == "em":
            look.italic += child.nesting
        elif kind == "s":
            look.strike += child.nesting
        elif kind == "link":
            look.target = str(child.attrs["href"]) if child.nesting > 0 else None

    def _write_text(self, paragraph: Any, text: str, look: _Look) -> None:  # noqa: ANN401
        at = 0
        for found in MARK.finditer(text):
            self._add_run(paragraph, text[at : found.start()], look)
            self._write_entry(paragraph, read_mark(found), look)
            at = found.end()
        self._add_run(paragraph, text[at:], look)

    def _write_entry(self, paragraph: Any, number: int, look: _Look) -> None:  # noqa: ANN401
        entry = self.placed[number]
        refused = entry.refused
        if refused:
            run = self._add_run(paragraph, f"〔{refused.word}：{entry.name_zh}〕", look)
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        elif isinstance(entry, Printable):
            self._add_run(paragraph, entry.write().text, look)
        add_reference(paragraph, number + 1)

    def _add_run(self, paragraph: Any, text: str, look: _Look) -> Any:  # noqa: ANN401
        if not text:
            return None
        run = paragraph.add_run(text)
        run.bold = True if look.bold else None
        run.italic = True if look.italic else None
        run.font.strike = True if look.strike else None
        if look.target:
            add_link(paragraph, run, look.target)
        return run
