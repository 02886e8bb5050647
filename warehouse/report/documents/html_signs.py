"""What the elements of a web page mean for its text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from warehouse.report.documents.element import Element

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog dir div dl dt "
        "fieldset figcaption figure footer form header hr html legend li main ol p pre section "
        "summary table tbody td tfoot th thead tr ul ",
    )
) | set(HEADINGS)
"""Elements that part the text before and after them."""

_NO_TEXT = frozenset(
    re.findall(
        r"\w+",
        "applet audio button canvas datalist del embed frameset head iframe input map math nav "
        "noframes noscript object option rp rt script select style svg template textarea title "
        "video ",
    )
)
_NOTE_CLASSES = frozenset({"footnote-ref", "footnotes", "footnote-back", "footnote-backref"})
_NOTE_ROLES = frozenset({"doc-noteref", "doc-endnotes", "doc-backlink"})
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WIDEST_SPAN = 60
_LONGEST_CELL = 300


def is_text(element: Element) -> bool:
    """Whether what is within an element is part of the text a reader reads."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _NO_TEXT:
        return False
    given = element.attrib
    if given and (_is_hidden(given) or _is_note(given) or _is_english_twin(element)):
        return False
    return tag != "sup" or not _is_link_alone(element)


def find_layout_tables(root: Element) -> set[Element]:
    """Tables that hold a page together rather than figures.

    They have headings, other tables or whole paragraphs in their cells.
    """
    layouts: set[Element] = set()
    for inner in root.iter("table", "td", *HEADINGS):
        if inner.tag == "td" and not _is_long(inner):
            continue
        outer = next(inner.iterancestors("table"), None)
        while outer is not None and outer not in layouts:
            layouts.add(outer)
            outer = next(outer.iterancestors("table"), None)
    return layouts


def read_span(cell: Element) -> int:
    """Over how many columns a cell reaches."""
    given = str(cell.get("colspan", "1")).strip()
    wide = given.isascii() and given.isdigit() and len(given) < 4
    return min(max(int(given), 1), _WIDEST_SPAN) if wide else 1


def _is_long(cell: Element) -> bool:
    length = 0
    for text in cell.itertext():
        length += len(text.strip())
        if length > _LONGEST_CELL:
            return True
    return False


def _is_hidden(given: Mapping[str, str]) -> bool:
    return "hidden" in given or bool(_UNSEEN.search(given.get("style", "")))


def _is_note(given: Mapping[str, str]) -> bool:
    classes = given.get("class", "").split()
    return not _NOTE_CLASSES.isdisjoint(classes) or given.get("role") in _NOTE_ROLES


def _is_english_twin(element: Element) -> bool:
    """Whether the same is said in Chinese right beside it."""
    if not element.get("lang", "").lower().startswith("en"):
        return False
    beside = (element.getprevious(), element.getnext())
    return any(
        twin is not None and (twin.get("lang") or "").lower().startswith("zh") for twin in beside
    )


def _is_link_alone(element: Element) -> bool:
    """Whether an element holds a link and nothing beside it."""
    if len(element) != 1 or element[0].tag != "a":
        return False
    return not ((element.text or "").strip() or (element[0].tail or "").strip())
