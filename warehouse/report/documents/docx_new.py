"""Makes a .docx of a text that was none, and says where each character of the text went."""

from __future__ import annotations

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from warehouse.report.documents.docx_inline import Piece
from warehouse.report.documents.element import Element
from warehouse.report.documents.text_builder import Table, find_tables
from warehouse.report.model import Block, Document

_STYLES = {"paragraph": "Normal", "item": "List Bullet", "cell": "Normal"}
_DEEPEST_HEADING = 9
_UNWRITABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")
_UNWRITABLE |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
# A carriage return within a block belongs to the newline after it.
_UNWRITABLE[13] = " "


def make_docx(document: Document) -> tuple[WordDocument, list[Piece]]:
    """A Word document of the blocks of a text, and the pieces of its text in their order."""
    word = docx.Document()
    _choose_fonts(word)
    # Looked up anew for every paragraph, styles take half of the time of a long text.
    styles = {name: word.styles[name].style_id for name in map(_name_style, document.blocks)}
    pieces: list[Piece] = []
    for part in find_tables(document):
        if isinstance(part, Table):
            _add_table(word, part, document.text, pieces)
        else:
            paragraph: Element = word.add_paragraph()._p
            paragraph.style = styles[_name_style(part)]
            _fill(paragraph, part, document.text, pieces)
    return word, pieces


def _choose_fonts(word: WordDocument) -> None:
    for style in word.styles.element.findall(qn("w:style")):
        fonts = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is not None:
            fonts.attrib.pop(qn("w:eastAsiaTheme"), None)
            fonts.set(qn("w:eastAsia"), "宋体")
    normal: Element = word.styles["Normal"].element
    normal.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")


def _name_style(block: Block) -> str:
    if block.role == "heading":
        return f"Heading {min(max(block.level, 1), _DEEPEST_HEADING)}"
    return _STYLES[block.role]


def _add_table(word: WordDocument, table: Table, text: str, pieces: list[Piece]) -> None:
    grid = word.add_table(rows=0, cols=len(table.rows[0]), style="Table Grid")
    for cells in table.rows:
        row: Element = grid.add_row()._tr
        for place, cell in zip(row.tc_lst, cells, strict=True):
            if cell:
                _fill(place.p_lst[0], cell, text, pieces)


def _fill(paragraph: Element, block: Block, text: str, pieces: list[Piece]) -> None:
    run: Element = OxmlElement("w:r")
    paragraph.append(run)
    at = block.start
    for line in text[block.start : block.end].split("\n"):
        if at > block.start:
            _add_node(run, OxmlElement("w:br"), at - 1, at, pieces)
        if line:
            node: Element = OxmlElement("w:t")
            node.text = line.translate(_UNWRITABLE)
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            _add_node(run, node, at, at + len(line), pieces)
        at += len(line) + 1


def _add_node(run: Element, node: Element, start: int, end: int, pieces: list[Piece]) -> None:
    run.append(node)
    pieces.append(Piece(start, end, node, run, run))
