"""What python-docx leaves to be done by hand: page numbers, links, lists that begin anew."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt


def add_foot(document: Document, sentence: str) -> None:
    """A sentence and the page number at the foot of every page."""
    paragraph: Any = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(f"{sentence}　— ")
    _add_page_number(paragraph)
    paragraph.add_run(" —")
    for run in paragraph.runs:
        run.font.size = Pt(9)


def add_link(paragraph: Any, run: Any, target: str) -> None:  # noqa: ANN401
    """Makes a run that was added last a link."""
    relation = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    paragraph._p.append(link)
    link.append(run._r)
    run.font.underline = True


def restart_numbers(document: Document, style: str) -> int:
    """A numbering like a style's that begins with 1: Word would count on from the list before."""
    root: Any = document.part.numbering_part.element
    used = document.styles[style].element.find(f".//{qn('w:numId')}").get(qn("w:val"))
    same = root.num_having_numId(int(used))
    number: int = root._next_numId
    root._insert_num(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number}">'
            f'<w:abstractNumId w:val="{same.abstractNumId.val}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    return number


def _add_page_number(paragraph: Any) -> None:  # noqa: ANN401
    """Each part in a run of its own: what a run says of its font, a field's result takes on."""
    for kind in ("begin", None, "separate", "1", "end"):
        run = paragraph.add_run("1" if kind == "1" else "")
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = "PAGE"
            run._r.append(element)
        elif kind != "1":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)
