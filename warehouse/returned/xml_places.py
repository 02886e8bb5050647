"""Places in an XML member: a parser finds them, and what is spliced in leaves all else as it was.

Writing a parsed tree back would lose what no library knows of: prefixes that `mc:Ignorable` names,
extensions of Office, WPS and LibreOffice, the order of attributes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from warehouse.read.zip_parts import parse_xml

_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_NAME = re.compile(rb"<(/?)([A-Za-z])")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TEXT_LIMIT = 32_767


class Edit(NamedTuple):
    """Bytes to put in place of those from `start` to `end`."""

    start: int
    end: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: its start tag is `start:inside`, its end tag `close:end`.

    Attributes:
        name: without prefix.
        depth: 0 for the root.
    """

    name: str
    attributes: dict[str, str]
    depth: int
    start: int
    inside: int
    close: int
    end: int


def end_of_tag(xml: bytes, start: int) -> int:
    """Where the tag that begins at `start` ends; a `>` within quotes ends none."""
    tag = _TAG.match(xml, start)
    return tag.end() if tag else len(xml)


def find_places(xml: bytes, part: str, names: Collection[str] = ()) -> list[Place]:
    """The elements of a member in document order; with `names`, those of these names only.

    Raises:
        Refused: ``damaged`` if it is not well-formed or declares a document type.
    """
    found: list[Place | None] = []
    begun: list[tuple[int, str, dict[str, str], int]] = []
    depth = 0
    parser = expat.ParserCreate()

    def start(full_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        name = full_name.rpartition(":")[2]
        if not names or name in names:
            begun.append((len(found), name, attributes, parser.CurrentByteIndex))
            found.append(None)
        depth += 1

    def finish(full_name: str) -> None:
        nonlocal depth
        depth -= 1
        if names and full_name.rpartition(":")[2] not in names:
            return
        number, name, attributes, at = begun.pop()
        inside = end_of_tag(xml, at)
        close = end = inside
        if xml[inside - 2 : inside] != b"/>":
            close = parser.CurrentByteIndex
            end = end_of_tag(xml, close)
        found[number] = Place(name, attributes, depth, at, inside, close, end)

    parser.StartElementHandler = start
    parser.EndElementHandler = finish
    parse_xml(parser, xml, part)
    return [place for place in found if place is not None]


def splice(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """Puts edits into a member; those at the same place stand in the order given."""
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += [xml[done : edit.start], edit.content]
        done = max(done, edit.end)
    return b"".join([*pieces, xml[done:]])


def append_inside(xml: bytes, place: Place, content: bytes, tag: bytes | None = None) -> list[Edit]:
    """Puts content behind the last child of an element, which may be an empty tag so far.

    Args:
        xml: the member.
        place: of the element.
        content: what to append.
        tag: the start tag it is to have; without it, the one it has.
    """
    tag = tag or xml[place.start : place.inside]
    if place.close < place.end:
        return [Edit(place.start, place.inside, tag), Edit(place.close, place.close, content)]
    name = _name_of(tag)
    opened = tag[:-2].rstrip() + b">" + content + b"</" + name + b">"
    return [Edit(place.start, place.end, opened)]


def prefix_of(xml: bytes, place: Place) -> bytes:
    """The prefix of an element with its colon; empty where it has none."""
    return prefix_of_tag(xml[place.start : place.inside])


def prefix_of_tag(tag: bytes) -> bytes:
    """The prefix in a start tag with its colon; empty where it has none."""
    name = _name_of(tag)
    return name.rpartition(b":")[0] + b":" if b":" in name else b""


def add_prefix(xml: bytes, prefix: bytes) -> bytes:
    """Gives every element of a snippet a prefix."""
    return _NAME.sub(rb"<\1" + prefix + rb"\2", xml) if prefix else xml


def set_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with an attribute set, or left out where the value is None."""
    written = b"" if value is None else b' %b="%b"' % (name.encode(), write_value(value))
    pattern = rb"""\s+%b\s*=\s*(?:"[^"]*"|'[^']*')""" % re.escape(name.encode())
    set_tag, count = re.subn(pattern, lambda _: written, tag, count=1)
    if count:
        return set_tag
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + written + tag[end:]


def write_value(text: str) -> bytes:
    """A text as the value of an attribute."""
    return escape(_NOT_XML.sub("\ufffd", text), {'"': "&quot;", "\n": "&#10;"}).encode()


def write_text(text: str) -> bytes:
    """A text as the content of a cell or comment, the way Office programs escape it.

    It is cut at the 32,767 characters a cell can hold.
    """
    kept = _ESCAPED.sub("_x005F_", text[:_TEXT_LIMIT])
    kept = _NOT_XML.sub(_escape_character, kept)
    return escape(kept, {"\r": "_x000D_"}).encode()


def _escape_character(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"_x{code:04X}_"


def _name_of(tag: bytes) -> bytes:
    return re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0]
