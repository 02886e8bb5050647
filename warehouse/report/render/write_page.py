"""Writes a report as one web page that needs nothing from outside itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from markdown_it.token import Token
from markupsafe import Markup, escape

from warehouse.report.figures import Figures
from warehouse.report.render.amounts import write_plain
from warehouse.report.render.drawing import Drawing
from warehouse.report.render.notes import Note
from warehouse.report.render.pictures import describe, draw_svg
from warehouse.report.render.press import replace_marks
from warehouse.report.render.printable import Printable
from warehouse.report.render.tokens import PICTURE, open_markdown

_STYLE = Path(__file__).parent / "page.css"
_PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
    "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
    "{notes}</body>\n</html>\n"
)
_REFERENCE = Markup(
    '<sup class="footnote-ref"><a href="#note-{number}" id="ref-{number}" '
    'title="{sentence}">{number}</a></sup>'
)
_DATA = Markup(
    '<data value="{value}" data-series="{series}" data-period="{period}" data-unit="{unit}">'
    "{text}</data>"
)
_KEPT = Markup('<span class="number">{}</span>')
"""Keeps the sign of a footnote on the line of what it belongs to."""
_FIGURE = Markup("<figure>{svg}<figcaption>{title}{reference}</figcaption></figure>\n")
_NOTES = Markup(
    '<section class="footnotes" aria-label="注释">\n<h2>数据来源</h2>\n<p>{release}</p>\n'
    "<ol>\n{notes}</ol>\n</section>\n"
)
_NOTE = Markup(
    '<li id="note-{number}">{sentence}{proof} <a href="#ref-{number}" '
    'aria-label="回到正文">↩</a></li>\n'
)
_SVG_TAG = re.compile(r"<svg [^>]*?(?=width=)")


def write_page(
    tokens: Sequence[Token],
    placed: Sequence[Printable | Drawing],
    notes: Sequence[Note],
    figures: Figures,
) -> dict[str, bytes]:
    """The page, under the empty name.

    Args:
        tokens: the filled template.
        placed: what its marks stand for.
        notes: the footnote of each.
        figures: where the numbers are from.
    """
    parser = open_markdown()
    rendered = [
        Token("html_block", "", 0, content=token.content, block=True)
        if token.type == PICTURE
        else token
        for token in tokens
    ]
    html = parser.renderer.render(rendered, parser.options, {})
    body = replace_marks(html, lambda number: str(_write(number, placed[number], notes[number])))
    page = _PAGE.format(
        title=_find_title(tokens, placed),
        style=Markup(_STYLE.read_text(encoding="utf-8")),  # noqa: S704
        body=Markup(body),  # noqa: S704
        notes=_write_notes(notes, figures),
    )
    return {"": str(page).encode()}


def _write(number: int, entry: Printable | Drawing, note: Note) -> Markup:
    reference = _REFERENCE.format(number=number + 1, sentence=note.sentence)
    if entry.refused:
        mark = Markup("<mark>{}</mark>").format(f"〔{entry.refused.word}：{entry.name_zh}〕")
        if isinstance(entry, Drawing):
            return Markup("<p>{}{}</p>\n").format(mark, reference)
        return _KEPT.format(mark + reference)
    if isinstance(entry, Drawing):
        return _FIGURE.format(svg=_write_svg(entry), title=entry.title, reference=reference)
    return _KEPT.format(_write_data(entry) + reference)


def _write_data(entry: Printable) -> Markup:
    figure = entry.figure
    text = entry.write().text
    if figure is None or figure.value is None:
        return escape(text)
    value = entry.computed.value if entry.computed else figure.value
    return _DATA.format(
        value=write_plain(value),
        series=figure.series_code,
        period=figure.period,
        unit=entry.computed.unit if entry.computed else figure.unit,
        text=text,
    )


def _write_svg(drawing: Drawing) -> Markup:
    """The drawing as one image to a reader; its words are no text of the report."""
    svg = draw_svg(drawing)
    label = escape(describe(drawing))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" '
    return Markup(_SVG_TAG.sub(lambda _: head, svg, count=1))  # noqa: S704


def _write_notes(notes: Sequence[Note], figures: Figures) -> Markup:
    if not notes:
        return Markup()
    listed = Markup().join(
        _NOTE.format(number=number, sentence=note.sentence, proof=_write_proof(note))
        for number, note in enumerate(notes, start=1)
    )
    return _NOTES.format(release=say_release(figures), notes=listed)


def say_release(figures: Figures) -> str:
    """What all numbers of the report are from, in one sentence."""
    return f"本报告的数据取自{figures.release.label.zh}。"


def _write_proof(note: Note) -> Markup:
    if not note.commands:
        return Markup()
    commands = Markup("，").join(
        Markup("<code>{}</code>").format(command) for command in note.commands
    )
    return Markup("依据：{}").format(commands)


def _find_title(tokens: Sequence[Token], placed: Sequence[Printable | Drawing]) -> str:
    """What the first heading says."""
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            said = "".join(
                child.content
                for child in following.children or ()
                if child.type in {"text", "code_inline"}
            )
            return replace_marks(said, lambda number: _say(placed[number]))
    return "报告"


def _say(entry: Printable | Drawing) -> str:
    return entry.title if isinstance(entry, Drawing) else entry.write().text
