"""Splits the runs of a .docx where marks begin and end, and lays marks on them.

A run keeps its formatting in every part; what stands in it beside text, such as a picture, stays
where it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby, pairwise

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from warehouse.report.documents.docx_inline import Piece
from warehouse.report.documents.element import Element

_T, _PROPERTIES = qn("w:t"), qn("w:rPr")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# The order of elements within w:rPr is fixed; Word refuses others.
_AFTER_SHADING = frozenset(
    qn(f"w:{name}")
    for name in (
        "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
        "rPrChange",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """A run, or the part of one, that no mark begins or ends in.

    Attributes:
        start: its first character in the text; `end` is the one after its last.
        run: the `w:r` that holds it and nothing else of the text.
        anchor: the run to fasten comments to.
    """

    start: int
    end: int
    run: Element
    anchor: Element


def split_runs(pieces: Sequence[Piece], cuts: Sequence[int]) -> list[Stretch]:
    """Splits runs at all cuts that lie within them.

    Args:
        pieces: of the whole text, in their order.
        cuts: places in the text, ascending.

    Returns:
        The stretches of the text in their order.
    """
    stretches: list[Stretch] = []
    for _, grouped in groupby(pieces, key=lambda piece: id(piece.run)):
        within = list(grouped)
        first, last = within[0].start, within[-1].end
        inner = cuts[bisect_right(cuts, first) : bisect_left(cuts, last)]
        stretches += _split_run(within, inner)
    return stretches


def shade(run: Element, fill: str) -> None:
    """Gives a run a background, as RRGGBB, and takes away the one it had."""
    properties = run.find(_PROPERTIES)
    if properties is None:
        properties = OxmlElement("w:rPr")
        run.insert(0, properties)
    for name in (qn("w:shd"), qn("w:highlight")):
        for old in properties.findall(name):
            properties.remove(old)
    values = {"val": "clear", "color": "auto", "fill": fill}
    shading = OxmlElement("w:shd", {qn(f"w:{name}"): value for name, value in values.items()})
    following = next((item for item in properties if item.tag in _AFTER_SHADING), None)
    if following is None:
        properties.append(shading)
    else:
        following.addprevious(shading)


def _split_run(pieces: Sequence[Piece], cuts: Sequence[int]) -> list[Stretch]:
    """Splits one run at cuts that lie within it, in one go through its children."""
    run, anchor, start = pieces[0].run, pieces[0].anchor, pieces[0].start
    is_own_anchor = anchor is run
    nodes: dict[int, Element] = {}
    for piece in pieces:
        nodes[piece.start] = piece.node
        inner = cuts[bisect_right(cuts, piece.start) : bisect_left(cuts, piece.end)]
        if inner:
            nodes |= _split_text(piece, inner)
    stretches: list[Stretch] = []
    end = pieces[-1].end
    for cut in reversed(cuts):
        following = _move_on(run, nodes[cut])
        stretches.append(Stretch(cut, end, following, following if is_own_anchor else anchor))
        end = cut
    stretches.append(Stretch(start, end, run, anchor))
    return stretches[::-1]


def _split_text(piece: Piece, cuts: Sequence[int]) -> dict[int, Element]:
    """Cuts a `w:t`; gives the new ones by their first character."""
    text = piece.node.text
    nodes: dict[int, Element] = {}
    borders = [*cuts, piece.end]
    before = piece.node
    for start, end in pairwise(borders):
        node: Element = OxmlElement("w:t")
        node.text = text[start - piece.start : end - piece.start]
        node.set(_SPACE, "preserve")
        before.addnext(node)
        nodes[start] = before = node
    piece.node.text = text[: cuts[0] - piece.start]
    piece.node.set(_SPACE, "preserve")
    return nodes


def _move_on(run: Element, first: Element) -> Element:
    """Moves a child of a run and what follows it to a new run right after."""
    following = OxmlElement("w:r")
    for name, value in run.attrib.items():
        following.set(name, value)
    properties = run.find(_PROPERTIES)
    if properties is not None:
        following.append(deepcopy(properties))
    moved = [first, *first.itersiblings()]
    for child in moved:
        following.append(child)
    run.addnext(following)
    return following
