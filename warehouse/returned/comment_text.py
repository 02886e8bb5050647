"""The texts of one comments member: ours put in front of what others wrote, and taken out again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from warehouse.returned.xml_places import (
    Edit,
    Place,
    add_prefix,
    append_inside,
    find_places,
    prefix_of,
    splice,
    write_text,
    write_value,
)

AUTHOR = "标杆 Biaogan"
BEGIN, END = "【标杆退回第{round}轮】", "【标杆批注止】"
"""Our part of a comment stands between these: LibreOffice forgets who wrote a comment."""

_OURS = re.compile(r"【标杆退回第\d+轮】.*?(?:【标杆批注止】\n?|\Z)", re.DOTALL)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_COMMENTS = f'<comments xmlns="{_MAIN}"><authors/><commentList/></comments>'.encode()
_NAMES = frozenset({"comments", "authors", "author", "commentList", "comment"})
_TEXT_NAMES = frozenset({"text", "r", "rPr", "t"})
_LOOK = '<rPr>{bold}<sz val="9"/><color indexed="81"/><rFont val="宋体"/><charset val="134"/></rPr>'


@dataclass(frozen=True)
class _Run:
    """A stretch of a comment's text with one look; `raw` is all of it as an `r` element."""

    raw: bytes
    look: bytes
    text: str


@dataclass
class _Comment:
    place: Place
    author: str
    text_place: Place | None = None
    runs: list[_Run] = field(default_factory=list)

    @property
    def cell(self) -> str:
        return self.place.attributes.get("ref", "")


def remove_ours(xml: bytes, part: str) -> tuple[bytes, set[str]]:
    """Takes our part out of every comment.

    Returns:
        The member, and the cells whose comment held nothing else.
    """
    edits: list[Edit] = []
    emptied: set[str] = set()
    for comment in _list_comments(xml, part):
        text = "".join(run.text for run in comment.runs)
        spans = [found.span() for found in _OURS.finditer(text)]
        if not spans and comment.author != AUTHOR:
            continue
        place = comment.text_place
        if not spans or place is None or not _OURS.sub("", text).strip():
            emptied.add(comment.cell)
            edits.append(Edit(comment.place.start, comment.place.end, b""))
            continue
        kept = b"".join(_cut(comment.runs, spans, prefix_of(xml, place)))
        edits.append(Edit(place.inside, place.close, kept))
    return splice(xml, edits), emptied


def add_ours(xml: bytes, part: str, texts: Mapping[str, str]) -> tuple[bytes, set[str]]:
    """Puts our part in front of what a cell's comment says, or gives the cell a comment.

    Args:
        xml: the member.
        part: its name, for refusals.
        texts: by cell address; the first line is shown bold.

    Returns:
        The member, and the cells that had a comment of somebody else's.
    """
    edits: list[Edit] = []
    others: set[str] = set()
    for comment in _list_comments(xml, part):
        place = comment.text_place
        if comment.cell not in texts or comment.cell in others or place is None:
            continue
        others.add(comment.cell)
        ours = add_prefix(_write_ours(texts[comment.cell] + "\n"), prefix_of(xml, place))
        kept = b"".join(run.raw for run in comment.runs)
        if place.close < place.end:
            edits.append(Edit(place.inside, place.close, ours + kept))
        else:
            edits += append_inside(xml, place, ours)
    xml, author = _add_author(splice(xml, edits), part)
    written = b"".join(
        b'<comment ref="%b" authorId="%d"><text>%b</text></comment>'
        % (cell.encode(), author, _write_ours(text))
        for cell, text in texts.items()
        if cell not in others
    )
    place = find_places(xml, part, {"commentList"})[0]
    return splice(
        xml, append_inside(xml, place, add_prefix(written, prefix_of(xml, place)))
    ), others


def _list_comments(xml: bytes, part: str) -> list[_Comment]:
    authors: list[str] = []
    comments: list[_Comment] = []
    run: Place | None = None
    look = b""
    for place in find_places(xml, part, _NAMES | _TEXT_NAMES):
        if place.name == "author":
            authors.append(_read_text(xml, place))
        elif place.name == "comment":
            number = int(place.attributes.get("authorId") or 0)
            author = authors[number] if number < len(authors) else ""
            comments.append(_Comment(place, author.strip()))
        elif place.name == "text" and comments:
            comments[-1].text_place = place
        elif place.name == "r":
            run, look = place, b""
        elif place.name == "rPr":
            look = xml[place.start : place.end]
        elif place.name == "t" and comments and comments[-1].text_place:
            is_direct = place.depth == comments[-1].text_place.depth + 1
            if is_direct:
                prefix = prefix_of(xml, place)
                raw = b"<%br>%b</%br>" % (prefix, xml[place.start : place.end], prefix)
                comments[-1].runs.append(_Run(raw, b"", _read_text(xml, place)))
            elif run and run.start < place.start < run.end:
                raw = xml[run.start : run.end]
                comments[-1].runs.append(_Run(raw, look, _read_text(xml, place)))
    return comments


def _read_text(xml: bytes, place: Place) -> str:
    """What an element says; escapes such as `_x000D_` stay as they are."""
    content = b"<t>" + xml[place.inside : place.close] + b"</t>"
    return ElementTree.fromstring(content).text or ""  # noqa: S314


def _cut(runs: Sequence[_Run], spans: Sequence[tuple[int, int]], prefix: bytes) -> Iterator[bytes]:
    """The runs without some spans of the whole text; a run that is not touched keeps its bytes."""
    at = 0
    for run in runs:
        kept = "".join(
            character
            for number, character in enumerate(run.text, start=at)
            if not any(first <= number < last for first, last in spans)
        )
        at += len(run.text)
        if kept == run.text:
            yield run.raw
        elif kept:
            text = b'<%bt xml:space="preserve">%b</%bt>' % (prefix, escape(kept).encode(), prefix)
            yield b"<%br>%b%b</%br>" % (prefix, run.look, text, prefix)


def _write_ours(text: str) -> bytes:
    head, _, rest = text.partition("\n")
    return b"".join(
        b'<r>%b<t xml:space="preserve">%b</t></r>'
        % (_LOOK.format(bold=bold).encode(), write_text(written))
        for written, bold in ((head, "<b/>"), (f"\n{rest}" if rest else "", ""))
        if written
    )


def _add_author(xml: bytes, part: str) -> tuple[bytes, int]:
    """The member with our name among its authors, and its number there."""
    places = find_places(xml, part, _NAMES)
    names = [_read_text(xml, place) for place in places if place.name == "author"]
    if AUTHOR in names:
        return xml, names.index(AUTHOR)
    root = places[0]
    prefix = prefix_of(xml, root)
    edits: list[Edit] = []
    lists = {place.name: place for place in places if place.depth == 1}
    author = add_prefix(b"<author>%b</author>" % write_value(AUTHOR), prefix)
    if "authors" in lists:
        edits += append_inside(xml, lists["authors"], author)
    else:
        author = add_prefix(b"<authors>%b</authors>" % write_value(AUTHOR), prefix)
    return splice(xml, edits), len(names)
