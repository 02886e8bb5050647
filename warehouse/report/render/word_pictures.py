"""Puts a drawing into a Word file as SVG, with a picture in pixels for what cannot show it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from warehouse.report.render.pictures import draw_png

WIDTH = Mm(150)
_CONTENT = "image/svg+xml"
_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_SPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def add_picture(document: Document, paragraph: Any, svg: str, label: str) -> None:  # noqa: ANN401
    """Adds a drawing to a paragraph.

    Args:
        document: it belongs to.
        paragraph: where it stands.
        svg: the drawing.
        label: what is to be seen.
    """
    inline: Any = paragraph.add_run().add_picture(BytesIO(draw_png(svg)), width=WIDTH)._inline
    inline.docPr.set("descr", label)
    number = inline.docPr.id
    part = Part(
        PackURI(f"/word/media/drawing{number}.svg"),
        _CONTENT,
        svg.encode(),
        document.part.package,
    )
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip = inline.find(f".//{qn('a:blip')}")
    blip.append(
        parse_xml(
            f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{_EXTENSION}">'
            f'<asvg:svgBlip xmlns:asvg="{_SVG_SPACE}" r:embed="{relation}"/>'
            "</a:ext></a:extLst>"
        )
    )
