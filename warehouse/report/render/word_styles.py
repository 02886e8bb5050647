"""How a Word report looks: page, fonts, headings, after what official documents use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

LATIN = "Times New Roman"
SONG, FANG, HEI, KAI = "宋体", "仿宋", "黑体", "楷体"
TEXT, NOTE, NOTE_SIGN, CAPTION = "Normal", "footnote text", "footnote reference", "Caption"
_BODY_SIZE, _LINE = 16, 28


@dataclass(frozen=True)
class _Look:
    """A style: its Chinese font, size in points, and the space before and after."""

    font: str
    size: float
    is_bold: bool = False
    before: float = 0
    after: float = 0
    is_centred: bool = False


_HEADINGS = {
    "Heading 1": _Look(SONG, 22, is_bold=True, before=12, after=24, is_centred=True),
    "Heading 2": _Look(HEI, 16, before=12, after=6),
    "Heading 3": _Look(KAI, 16, is_bold=True, before=6, after=4),
    "Heading 4": _Look(FANG, 16, is_bold=True),
    "Heading 5": _Look(FANG, 16),
    "Heading 6": _Look(FANG, 16),
}


def dress(document: Document) -> None:
    """Sets the page and every style a report uses."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    styles = document.styles
    _dress_text(styles[TEXT])
    for name, look in _HEADINGS.items():
        _dress_as(styles[name], look)
    for name in ("List Bullet", "List Number", "List Bullet 2", "List Number 2"):
        _set_font(styles[name], FANG, _BODY_SIZE)
    _dress_as(styles["Quote"], _Look(KAI, 15))
    styles["Quote"].paragraph_format.left_indent = Mm(11)
    _dress_as(styles[CAPTION], _Look(HEI, 12, before=2, after=10, is_centred=True))
    _add_note_styles(styles)


def indent_first_line(paragraph: Any) -> None:  # noqa: ANN401
    """By two characters, whatever their size."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(2 * _BODY_SIZE * 20))


def _dress_text(style: Any) -> None:  # noqa: ANN401
    _set_font(style, FANG, _BODY_SIZE)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    style.paragraph_format.line_spacing = Pt(_LINE)
    style.paragraph_format.space_after = Pt(0)


def _dress_as(style: Any, look: _Look) -> None:  # noqa: ANN401
    _set_font(style, look.font, look.size)
    style.font.bold = look.is_bold
    style.font.italic = False
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    if look.is_centred:
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _set_font(style: Any, chinese: str, size: float) -> None:  # noqa: ANN401
    """The theme's fonts go: they would stand above the names given here."""
    style.font.name = LATIN
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), chinese)


def _add_note_styles(styles: Any) -> None:  # noqa: ANN401
    note = styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    note.base_style = styles[TEXT]
    _set_font(note, SONG, 9)
    note.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    sign = styles.add_style(NOTE_SIGN, WD_STYLE_TYPE.CHARACTER, builtin=True)
    sign.font.superscript = True
