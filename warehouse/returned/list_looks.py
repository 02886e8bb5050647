"""How the cells of the list look: its styles, added to those of the workbook it stands in."""

from __future__ import annotations

from typing import NamedTuple

from warehouse.returned.fills import BASE_COLOURS, paint
from warehouse.returned.styles import NO_FILL, StyleTable

_FONT = (
    '<font>{look}<sz val="{size}"/><color rgb="FF{colour}"/><name val="宋体"/><charset val="134"/>'
    "</font>"
)
_BORDER = "<border>{sides}<diagonal/></border>"
_SIDE = '<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>'
_SIDES = ("left", "right", "top", "bottom")
_BLACK, _GREY, _BLUE = "000000", "808080", "0563C1"
_HEAD_COLOUR, _CLOSED_COLOUR, _OPEN_COLOUR = "DDE3EA", "E4E4E4", "FFFDE9"
_GENERAL, _TEXT, _DAY = 0, 49, 14


class _Look(NamedTuple):
    font: str = ""
    size: int = 10
    colour: str = _BLACK
    fill: str = ""
    is_lined: bool = True
    number_format: int = _TEXT
    horizontal: str = "left"
    vertical: str = "top"


_LOOKS = {
    "title": _Look("<b/>", 16, is_lined=False, vertical="center"),
    "line": _Look(is_lined=False, vertical="center"),
    "mark": _Look(size=8, colour=_GREY, is_lined=False, vertical="center"),
    "head": _Look("<b/>", fill=_HEAD_COLOUR, horizontal="center", vertical="center"),
    "text": _Look(),
    "number": _Look(number_format=_GENERAL, horizontal="center"),
    "centre": _Look(horizontal="center"),
    "link": _Look('<u val="single"/>', colour=_BLUE),
    "closed": _Look(fill=_CLOSED_COLOUR),
    "answer": _Look(fill=_OPEN_COLOUR),
    "day": _Look(fill=_OPEN_COLOUR, number_format=_DAY, horizontal="center"),
}


def add_looks(table: StyleTable) -> dict[str, int]:
    """The styles of the list by name; a severity's own is named after it."""
    coloured: dict[str, _Look] = {
        severity: _Look("<b/>", fill=f"{colour:06X}", horizontal="center")
        for severity, colour in BASE_COLOURS.items()
    }
    return {name: _add(table, look) for name, look in (_LOOKS | coloured).items()}


def _add(table: StyleTable, look: _Look) -> int:
    font = _FONT.format(look=look.font, size=look.size, colour=look.colour)
    sides = (_SIDE.format(side=side) if look.is_lined else f"<{side}/>" for side in _SIDES)
    numbers = {
        "numFmtId": look.number_format,
        "fontId": table.add("fonts", font.encode()),
        "fillId": table.add("fills", paint(look.fill) if look.fill else NO_FILL),
        "borderId": table.add("borders", _BORDER.format(sides="".join(sides)).encode()),
        "xfId": 0,
    }
    written = "".join(f' {name}="{number}"' for name, number in numbers.items())
    applied = "".join(
        f' apply{what}="1"' for what in ("NumberFormat", "Font", "Fill", "Border", "Alignment")
    )
    return table.add(
        "cellXfs",
        f'<xf{written}{applied}><alignment horizontal="{look.horizontal}" '
        f'vertical="{look.vertical}" wrapText="1"/></xf>'.encode(),
    )
