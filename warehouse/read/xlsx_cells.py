"""The cells in the XML of one xlsx sheet, restated as the texts they show.

Fast readers hand over bare numbers: 0.185 for a cell that shows 18.5%, a day number for a date,
nothing for an error, and decimals cut to nine places. Such cells are rewritten here as text cells
before a fast reader sees the sheet. They are found by the way Office programs spell cells; a sheet
spelled otherwise (prefixes, other quotes, comments, no addresses) is first respelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from warehouse.read.cell_text import FormatKind, write_formatted, write_iso_moment
from warehouse.read.refuse import Limits, Refused
from warehouse.read.respell import respell_sheet
from warehouse.read.sheet import split_address
from warehouse.read.xlsx_marks import read_attributes, read_count

_NUMBER_TYPES = (b"", b"n")
_LAST_ROW, _COLUMNS = 1_048_576, 16_384
# A cell's kind is everything between its address and its contents: ` s="3" t="s">`, ` s="2"><f`.
_NEAR_KIND = re.compile(rb'<c r="[A-Z][1-9][0-9]{0,4}"([^>]*>\s*(?:<f)?)')
_CELL_KIND = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"([^>]*>\s*(?:<f)?)')
_PLAIN_ROWS = re.compile(rb"<sheetData(?:>|/>)")
_VALUE = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")
_FORMULA_CELL = rb'<c r="([A-Z]+[0-9]+)"(%b)(.*?)</c>'
_VALUE_CELL = rb'<c r="([A-Z]+[0-9]+)"(%b)<v[^>]*>([^<]*)</v>.*?</c>'
_LONG_NUMBER_CELL = (
    rb'<c r="([A-Z]+[0-9]+)"(%b)<v>\s*([-+0-9.]{9,}|[-+0-9.]*[eE][-+0-9]+)\s*</v>.*?</c>'
)
_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789.e", b"0000000000E")
_LONG_DIGITS = b"0" * 9  # shorter numbers come through the fast reader unchanged (tested)


@dataclass(frozen=True)
class _CellKind:
    """What cells of one kind hold: type attribute, number format, whether a formula."""

    type: bytes
    format: FormatKind
    is_formula: bool
    is_empty: bool

    @property
    def is_number(self) -> bool:
        """Whether it is a number, typed or calculated."""
        return self.type in _NUMBER_TYPES and not self.is_empty

    @property
    def is_restated(self) -> bool:
        """Whether the fast reader would not give the text that such a typed cell shows."""
        if self.is_empty or self.is_formula:
            return False
        return self.type in (b"e", b"b", b"d") or (self.is_number and self.format != "number")


@dataclass(frozen=True)
class Restated:
    """A sheet ready for the fast reader.

    Attributes:
        xml: the sheet, in the usual spelling.
        last_row: the row of the last stored value; a reader that returns fewer rows lost some.
        uncalculated: addresses of formulas without a stored result.
        errors: addresses of error values.
    """

    xml: bytes
    last_row: int
    uncalculated: frozenset[str]
    errors: frozenset[str]


def restate_sheet(
    xml: bytes, part: str, formats: tuple[FormatKind, ...], *, from_1904: bool, limits: Limits
) -> Restated:
    """Rewrite the cells of a sheet that a fast reader would misstate.

    Args:
        xml: the sheet.
        part: its member name, for refusals.
        formats: what each cell style shows.
        from_1904: whether days count from 1904-01-01.
        limits: a sheet whose filled cells span more than ``limits.cells`` is refused, because
            readers allocate the whole rectangle for a single stray cell.

    Raises:
        Refused: ``damaged`` or ``too_large``.
    """
    kinds = _list_kinds(xml, limits)
    if kinds is None:
        xml = respell_sheet(xml, part)
        kinds = _list_kinds(xml, limits)
    if kinds is None:
        raise Refused("damaged", part=part, found="rows or addresses")
    described = {kind: _describe_kind(kind, formats) for kind in kinds}
    cells = _Restating(described, from_1904=from_1904)
    xml = cells.restate(xml)
    return Restated(
        xml=xml,
        last_row=_find_last_row(xml),
        uncalculated=frozenset(cells.uncalculated),
        errors=frozenset(cells.errors),
    )


def _list_kinds(xml: bytes, limits: Limits) -> set[bytes] | None:
    """List the kinds of cells that occur, or None if the sheet is not spelled as usual."""
    start, end = _data_bounds(xml)
    if _PLAIN_ROWS.match(xml, max(start, 0)) is None or _is_oddly_spelled(xml):
        return None
    count = xml.count(b"<c", start, end)
    near_kinds = _NEAR_KIND.findall(xml, start, end)
    if len(near_kinds) == count:
        return set(near_kinds)
    cells = _CELL_KIND.findall(xml, start, end)
    if len(cells) != count:
        return None
    kinds: set[bytes] = {kind for _, _, kind in cells}
    empty = {kind for kind in kinds if _is_empty(kind)}
    _check_span([cell for cell in cells if cell[2] not in empty], limits)
    return kinds


def _is_oddly_spelled(xml: bytes) -> bool:
    # One-byte searches are many times faster than longer ones, and mostly settle it.
    return (
        (b"!" in xml and b"<!" in xml)
        or (b"'" in xml and b"='" in xml)
        or (b" hidden=" in xml and xml.count(b"<row ") != xml.count(b'<row r="'))
    )


def _check_span(cells: list[tuple[bytes, bytes, bytes]], limits: Limits) -> None:
    """Refuse if the rectangle from A1 that holds all filled cells is too large or no sheet's."""
    columns = {letters: split_address(f"{letters.decode()}1")[1] for letters, _, _ in cells}
    height = max((int(row) for _, row, _ in cells), default=0)
    width = max(columns.values(), default=-1) + 1
    is_sheet = height <= _LAST_ROW and width <= _COLUMNS
    if is_sheet and height * width <= limits.cells:
        return
    far = max(cells, key=lambda cell: int(cell[1]) + columns[cell[0]])
    address = (far[0] + far[1]).decode()
    if not is_sheet:
        raise Refused("damaged", cell=address, found="address outside a sheet")
    raise Refused("too_large", cells=height * width, limit=limits.cells, cell=address)


def _describe_kind(kind: bytes, formats: tuple[FormatKind, ...]) -> _CellKind:
    attributes = read_attributes(kind)
    style = read_count(attributes.get(b"s"))
    return _CellKind(
        type=attributes.get(b"t", b""),
        format=formats[style] if style < len(formats) else "number",
        is_formula=kind.endswith(b"<f"),
        is_empty=_is_empty(kind),
    )


def _is_empty(kind: bytes) -> bool:
    return kind.rstrip().endswith(b"/>")


class _Restating:
    """One pass over a sheet's cells of the kinds that need it."""

    def __init__(self, kinds: dict[bytes, _CellKind], *, from_1904: bool) -> None:
        self._kinds = kinds
        self._from_1904 = from_1904
        self.uncalculated: set[str] = set()
        self.errors: set[str] = set()

    def restate(self, xml: bytes) -> bytes:
        """Rewrite formulas, values of special kinds, and numbers too long for the fast reader."""
        formulas = self._select(lambda cell: cell.is_formula)
        if formulas:
            xml = re.sub(_FORMULA_CELL % formulas, self._restate_formula, xml, flags=re.DOTALL)
        values = self._select(lambda cell: cell.is_restated)
        if values:
            xml = re.sub(_VALUE_CELL % values, self._restate_value, xml, flags=re.DOTALL)
        numbers = self._select(
            lambda cell: cell.is_number and not cell.is_restated and not cell.is_formula
        )
        if numbers and _has_long_numbers(xml):
            xml = re.sub(_LONG_NUMBER_CELL % numbers, self._restate_value, xml, flags=re.DOTALL)
        return xml

    def _select(self, is_wanted: Callable[[_CellKind], bool]) -> bytes:
        """Write the kinds that are wanted as alternatives of a pattern."""
        kinds = [kind for kind, cell in self._kinds.items() if is_wanted(cell)]
        return b"|".join(map(re.escape, kinds))

    def _restate_formula(self, match: re.Match[bytes]) -> bytes:
        address, kind, body = match.groups()
        value = _VALUE.search(body)
        if value is not None and value[1]:
            return self._restate_cell(address, kind, value[1]) or match[0]
        is_empty_text = self._kinds[kind].type == b"str" and b"<v" in body
        if not is_empty_text:
            self.uncalculated.add(address.decode())
        return match[0]

    def _restate_value(self, match: re.Match[bytes]) -> bytes:
        return self._restate_cell(*match.groups()) or match[0]

    def _restate_cell(self, address: bytes, kind: bytes, value: bytes) -> bytes | None:
        """Write a text cell for a value; None if it is to stay as it is."""
        cell = self._kinds[kind]
        if cell.type == b"e":
            self.errors.add(address.decode())
        rest = _write_rest(value, cell.type, cell.format, self._from_1904)
        return rest and b'<c r="' + address + rest


# Dates, shares and codes repeat within a night, and writing one is ten times looking it up.
@lru_cache(maxsize=65_536)
def _write_rest(value: bytes, type_: bytes, format_: FormatKind, from_1904: bool) -> bytes | None:
    """Write what follows the address in the text cell that shows a stored value."""
    raw = value.decode(errors="replace")
    text: str | None = None
    if type_ == b"e":
        text = raw
    elif type_ == b"b":
        text = "TRUE" if raw in ("1", "true") else "FALSE"
    elif type_ == b"d":
        text = write_iso_moment(raw)
    elif type_ in _NUMBER_TYPES:
        text = write_formatted(raw, format_, from_1904=from_1904)
    return None if text is None else b'" t="str"><v>%b</v></c>' % text.encode()


def _find_last_row(xml: bytes) -> int:
    end = xml.rfind(b"</v></c>")
    cell = _CELL_KIND.match(xml, max(xml.rfind(b"<c ", 0, max(end, 0)), 0))
    has_value = cell is not None and xml[end - 1 : end] != b">"
    return int(cell[2]) if cell is not None and has_value else 0


def _has_long_numbers(xml: bytes) -> bool:
    start, end = _data_bounds(xml)
    zeros = xml[start:end].translate(_DIGITS_AS_ZEROS)
    return _LONG_DIGITS in zeros or b"0E" in zeros


def _data_bounds(xml: bytes) -> tuple[int, int]:
    """Where the rows begin and end; (-1, …) if the sheet has no plainly spelled place for rows."""
    return xml.find(b"<sheetData"), max(xml.rfind(b"</sheetData>"), 0)
