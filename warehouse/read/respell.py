"""An xlsx sheet of any XML spelling, rewritten the way Office programs spell it."""

from __future__ import annotations

import re
from xml.parsers import expat
from xml.sax.saxutils import escape

from warehouse.read.refuse import Refused
from warehouse.read.sheet import cell_address, split_address
from warehouse.read.zip_parts import parse_xml

_ROWS = ("sheetData", "row", "c", "f", "v", "is", "t", "r", "rPh")
_KEPT = frozenset((*_ROWS, "worksheet", "cols", "col", "mergeCells", "mergeCell"))
_TEXT_HOLDERS = ("f", "v", "t")
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_QUOTE = {'"': "&quot;"}
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


def respell_sheet(xml: bytes, part: str) -> bytes:
    """Rewrite a sheet with plain names, double quotes, addresses first, and nothing but cells.

    Rows and cells without an address stand behind the one before them, as in the Office rules.

    Args:
        xml: the sheet.
        part: its member name, for refusals.

    Raises:
        Refused: ``damaged`` if the sheet is not well-formed or an address is none.
    """
    speller = _Speller(part)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = speller.start
    parser.EndElementHandler = speller.end
    parser.CharacterDataHandler = speller.text
    parse_xml(parser, xml, part)
    return "".join(speller.written).encode()


class _Speller:
    def __init__(self, part: str) -> None:
        self.written: list[str] = []
        self._part = part
        self._holder = ""
        self._row = 0
        self._column = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name not in _KEPT:
            return
        if name == "worksheet":
            attributes = {"xmlns": _NAMESPACE}
        elif name == "sheetData":
            attributes = {}
        elif name == "row":
            attributes = self._place_row(attributes)
        elif name == "c":
            attributes = self._place_cell(attributes)
        self._holder = name if name in _TEXT_HOLDERS else ""
        spelled = "".join(
            f' {key}="{escape(value, _QUOTE)}"'
            for key, value in attributes.items()
            if ":" not in key or key == "xml:space"
        )
        self.written.append(f"<{name}{spelled}>")

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in _KEPT:
            self._holder = ""
            self.written.append(f"</{name}>")

    def text(self, text: str) -> None:
        if self._holder:
            self.written.append(escape(text))

    def _place_row(self, attributes: dict[str, str]) -> dict[str, str]:
        number = attributes.get("r", str(self._row + 1))
        if not number.isdecimal():
            raise Refused("damaged", part=self._part, found=f"row {number}")
        self._row, self._column = int(number), -1
        return _first_r({**attributes, "r": number})

    def _place_cell(self, attributes: dict[str, str]) -> dict[str, str]:
        address = attributes.get("r", "").upper() or cell_address(self._row, self._column + 1)
        if not _CELL.fullmatch(address):
            raise Refused("damaged", part=self._part, cell=address, found="no address")
        self._column = split_address(address)[1]
        return _first_r({**attributes, "r": address})


def _first_r(attributes: dict[str, str]) -> dict[str, str]:
    return {"r": attributes["r"], **attributes}
