"""The colours of marks. A colour tells how bad a finding is, and which fill it stands in for.

A mark's cell may have moved, been copied or been saved by another program before it comes back:
neither address nor style number finds the fill it had. The colour itself stays with it: each fill
that is marked over has a shade of its own, too fine for an eye, and the list says which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from warehouse.contracts.model import Severity
from warehouse.returned.styles import NO_FILL, StyleTable

BASE_COLOURS: dict[Severity, int] = {
    "must_fix": 0xF8A8A0,
    "explain": 0xF8D878,
    "notice": 0xB0D8F0,
}
"""The lowest three bits of each part are free for the shade."""

_SHADE_BITS, _SHADE_MASK = 3, 0x070707
_MOST_SHADES = 1 << (3 * _SHADE_BITS)
_SOLID = re.compile(
    rb"<(?:\w+:)?patternFill\b[^>]*\bpatternType\s*=\s*[\"']solid[\"'][^>]*>\s*"
    rb"<(?:\w+:)?fgColor\b[^>]*\brgb\s*=\s*[\"'](?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})[\"']"
)
_FILL_TAGS = re.compile(
    r"(?:</?(?:fill|patternFill|gradientFill|stop|fgColor|bgColor|color)"
    r"""(?:\s+[A-Za-z]+\s*=\s*["'][A-Za-z0-9.+\-]*["'])*\s*/?>\s*)+"""
)


class Shades:
    """Hands out a colour for each severity and fill that is marked over."""

    def __init__(self) -> None:
        """Begins with none handed out."""
        self._numbers: dict[bytes, int] = {}

    def choose(self, severity: Severity, fill: bytes) -> str:
        """Six hex digits; fills beyond the number of shades share the first one's."""
        number = self._numbers.setdefault(fill, len(self._numbers))
        return f"{BASE_COLOURS[severity] | _spread(number % _MOST_SHADES):06X}"


def paint(colour: str) -> bytes:
    """A fill of one colour."""
    return (
        b'<fill><patternFill patternType="solid"><fgColor rgb="FF%b"/><bgColor indexed="64"/>'
        b"</patternFill></fill>" % colour.encode()
    )


def find_marked(table: StyleTable, remembered: Mapping[str, bytes]) -> dict[int, bytes]:
    """Cell styles with a mark's colour, each with the fill it stands in for.

    Args:
        table: the styles of a workbook that may have been returned before.
        remembered: fills by colour, as the list tells them; a colour it does not know is removed.
    """
    found: dict[int, bytes] = {}
    for number, fill in enumerate(table.fills):
        solid = _SOLID.search(fill)
        colour = solid[1].decode().upper() if solid else ""
        if colour and int(colour, 16) & ~_SHADE_MASK in BASE_COLOURS.values():
            original = remembered.get(colour, NO_FILL)
            found |= dict.fromkeys(table.styles_filled(number), original)
    return found


def read_fill(text: str) -> bytes | None:
    """A fill as the list remembers it; None where it is none.

    The list comes back from a clerk: nothing but a fill may find its way into the style table.
    """
    if not text.startswith("<fill") or not _FILL_TAGS.fullmatch(text):
        return None
    parser = expat.ParserCreate()
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return None
    return text.encode()


def _spread(number: int) -> int:
    """Puts the bits of a shade's number into the lowest bits of red, green and blue."""
    mask = (1 << _SHADE_BITS) - 1
    red, green, blue = (number >> (_SHADE_BITS * place) & mask for place in range(3))
    return red << 16 | green << 8 | blue
