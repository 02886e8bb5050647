"""The style table of a workbook: a style is copied with another fill, and nothing else changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from warehouse.returned.xml_places import (
    Edit,
    Place,
    add_prefix,
    append_inside,
    find_places,
    prefix_of,
    set_attribute,
    splice,
)

MOST_STYLES = 64_000
"""Cell styles a workbook may have once it is marked; Excel opens none with more than 65,490."""
NO_FILL = b'<fill><patternFill patternType="none"/></fill>'

_FIRST_ENTRIES = {
    "fonts": (b'<font><sz val="11"/><name val="Calibri"/></font>',),
    "fills": (NO_FILL, b'<fill><patternFill patternType="gray125"/></fill>'),
    "borders": (b"<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellXfs": (b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
}
_FOLLOWING = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
              "tableStyles", "colors", "extLst")  # fmt: skip
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
    'borderId="0"/></cellStyleXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>'
).encode()


@dataclass
class _Section:
    """One list of the table: its place, its entries, and those that are to be appended."""

    place: Place
    entries: list[bytes]
    numbers: dict[bytes, int]
    added: list[bytes] = field(default_factory=list)


class StyleTable:
    """The styles of one workbook, by their numbers."""

    def __init__(self, xml: bytes, part: str) -> None:
        """Reads the table; a list it lacks is begun.

        Raises:
            Refused: ``damaged`` if it is not well-formed.
        """
        self._xml = _begin_lists(xml, part)
        places = find_places(self._xml, part)
        self._prefix = prefix_of(self._xml, places[0])
        self._sections = {
            place.name: self._read_section(place, places)
            for place in places
            if place.depth == 1 and place.name in _FIRST_ENTRIES
        }
        for name, entries in _FIRST_ENTRIES.items():
            if not self._sections[name].entries:
                for entry in entries:
                    self.add(name, entry)

    def _read_section(self, place: Place, places: list[Place]) -> _Section:
        entries = [
            self._xml[inner.start : inner.end]
            for inner in places
            if inner.depth == place.depth + 1 and place.start < inner.start < place.end
        ]
        numbers: dict[bytes, int] = {}
        for number, entry in enumerate(entries):
            numbers.setdefault(entry, number)
        return _Section(place, entries, numbers)

    def add(self, section: str, entry: bytes) -> int:
        """The number of an entry, which is appended where the list has none like it.

        Args:
            section: `fonts`, `fills`, `borders` or `cellXfs`.
            entry: its XML without prefixes.
        """
        return self._add(section, add_prefix(entry, self._prefix))

    def _add(self, section: str, entry: bytes) -> int:
        kept = self._sections[section]
        if entry not in kept.numbers:
            kept.numbers[entry] = len(kept.entries)
            kept.entries.append(entry)
            kept.added.append(entry)
        return kept.numbers[entry]

    @property
    def fills(self) -> list[bytes]:
        """All fills, by number."""
        return self._sections["fills"].entries

    @property
    def _styles(self) -> list[bytes]:
        return self._sections["cellXfs"].entries

    def fill_of(self, style: int) -> bytes:
        """The fill of a cell style, without prefixes."""
        number = _read_number(self._style(style), b"fillId")
        fill = self.fills[number if number < len(self.fills) else 0]
        return fill.replace(b"<" + self._prefix, b"<").replace(b"</" + self._prefix, b"</")

    def styles_filled(self, fill: int) -> list[int]:
        """The cell styles that use a fill."""
        return [
            style
            for style, entry in enumerate(self._styles)
            if _read_number(entry, b"fillId") == fill
        ]

    def refill(self, style: int, fill: bytes) -> int | None:
        """A cell style like another one but for its fill; None where the table is full."""
        number = str(self.add("fills", fill))
        entry = self._style(style)
        end = entry.index(b">") + 1
        tag = set_attribute(set_attribute(entry[:end], "fillId", number), "applyFill", "1")
        filled = tag + entry[end:]
        is_known = filled in self._sections["cellXfs"].numbers
        return self._add("cellXfs", filled) if is_known or self.has_room else None

    @property
    def has_room(self) -> bool:
        """Whether another cell style fits in."""
        return len(self._styles) < MOST_STYLES

    def restore(self, style: int, fill: bytes) -> int | None:
        """A cell style like another one with the fill it had before.

        Where the table has such a style it is used again, so that rounds add none.
        """
        known = self._by_look.get((*_without_fill(self._style(style)), fill))
        return self.refill(style, fill) if known is None else known

    @cached_property
    def _by_look(self) -> dict[tuple[frozenset[tuple[bytes, bytes]], bytes, bytes], int]:
        found: dict[tuple[frozenset[tuple[bytes, bytes]], bytes, bytes], int] = {}
        for style, entry in enumerate(self._styles):
            found.setdefault((*_without_fill(entry), self.fill_of(style)), style)
        return found

    def write(self) -> bytes:
        """The table with what was added."""
        edits: list[Edit] = []
        for section in self._sections.values():
            if section.added:
                place = section.place
                tag = self._xml[place.start : place.inside]
                tag = set_attribute(tag, "count", str(len(section.entries)))
                edits += append_inside(self._xml, place, b"".join(section.added), tag)
        return splice(self._xml, edits)

    def _style(self, style: int) -> bytes:
        return self._styles[style if style < len(self._styles) else 0]


def _begin_lists(xml: bytes, part: str) -> bytes:
    """Puts an empty list where the table lacks one, in the order the format asks for."""
    for name in _FIRST_ENTRIES:
        places = find_places(xml, part)
        children = {place.name: place for place in places if place.depth == 1}
        if name in children:
            continue
        content = add_prefix(b"<%b/>" % name.encode(), prefix_of(xml, places[0]))
        later = _FOLLOWING[_FOLLOWING.index(name) + 1 :]
        following = [children[other].start for other in later if other in children]
        if following:
            edits = [Edit(min(following), min(following), content)]
        else:
            edits = append_inside(xml, places[0], content)
        xml = splice(xml, edits)
    return xml


def _read_number(entry: bytes, name: bytes) -> int:
    found = re.search(rb"""\s%b\s*=\s*["'](\d+)["']""" % name, entry[: entry.index(b">")])
    return int(found[1]) if found else 0


def _without_fill(entry: bytes) -> tuple[frozenset[tuple[bytes, bytes]], bytes]:
    """What tells styles apart but for their fill: attributes, and what stands inside."""
    end = entry.index(b">") + 1
    pairs = re.findall(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""", entry[:end])
    kept = frozenset(pair for pair in pairs if pair[0] not in (b"fillId", b"applyFill"))
    return kept, entry[end:]
