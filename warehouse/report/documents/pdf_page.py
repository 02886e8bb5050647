"""The lines of a PDF's page, and what is left of them without its frame and its footnotes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_FRAME_LINES = 2
_FRAME_PAGES = 3
_PAGE_NUMBER = re.compile(
    r"[-—–－·~•\s]*(?:第\s*)?(?P<page>\d{1,4})(?:\s*页)?"
    r"(?:\s*[/，,共]+\s*共?\s*\d{1,4}\s*页?)?[-—–－·~•\s]*"
)
_SURE_PAGE_NUMBER = re.compile(r"[-—–－·•]\s*\d{1,4}\s*[-—–－·•]|第\s*\d{1,4}\s*页.*")
_SMALLER = 0.9
_GAP_BESIDE_CJK = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")


@dataclass(frozen=True)
class Line:
    """A line of a page.

    Attributes:
        text: without blanks around it, and without raised references to footnotes.
        left: where it begins, in points from the left edge.
        size: of most of its characters, in points.
        references: the raised references it had.
        is_led_by_reference: whether it began with the first of them.
    """

    text: str
    left: float
    size: float = 12.0
    references: tuple[str, ...] = ()
    is_led_by_reference: bool = False

    @property
    def right(self) -> float:
        """About where it ends, in points from the left edge.

        Chinese is as wide as it is high, other characters half of that, and a gap beside Chinese
        a quarter.
        """
        closed, gaps = _GAP_BESIDE_CJK.subn("", self.text)
        wide = sum(unicodedata.east_asian_width(item) in "WFA" for item in closed)
        return self.left + (len(closed) + wide + gaps / 2) * self.size / 2


def drop_page_frames(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of each page without heads, feet and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_mask(page[at].text) for at in _list_edges(page)})
    often = max(_FRAME_PAGES, (len(pages) + 1) // 2)
    frames = {text for text, count in seen.items() if count >= often}
    offsets: Counter[int] = Counter()
    for number, page in enumerate(pages):
        offsets.update({found - number for found in _list_page_numbers(page)})
    numbered = {offset for offset, count in offsets.items() if count >= min(2, len(pages))}
    kept: list[list[Line]] = []
    for number, page in enumerate(pages):
        dropped = {
            at
            for at in _list_edges(page)
            if _mask(page[at].text) in frames or _is_page_number(page[at].text, number, numbered)
        }
        kept.append([line for at, line in enumerate(page) if at not in dropped])
    return kept


def drop_notes(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of all pages without their footnotes.

    Those are the smaller lines at the end of a page from the first on that begins with a reference
    which is raised above it; without one, small lines are a table or a remark and stay.
    """
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    # Footnotes may be longer than the text: the largest of the sizes much is written in.
    much = sum(sizes.values()) / 20
    body = max((size for size, length in sizes.items() if length >= much), default=0.0)
    return [line for page in pages for line in page[: _find_notes(page, body)]]


def _find_notes(page: Sequence[Line], body: float) -> int:
    """Where the footnotes of a page begin."""
    begins = len(page)
    while begins and page[begins - 1].size < body * _SMALLER:
        begins -= 1
    references = {item for line in page[:begins] for item in line.references}
    for at in range(begins, len(page)):
        line = page[at]
        lead = line.references[0] if line.is_led_by_reference else _read_lead(line.text)
        if lead in references:
            return at
    return len(page)


def _read_lead(text: str) -> str:
    lead = re.match(r"[\[(（【]?(?:\d{1,3}|[①-⑳*])[\])）】]?", text)
    return lead[0] if lead else ""


def _list_edges(page: Sequence[Line]) -> set[int]:
    last = len(page)
    return {*range(min(_FRAME_LINES, last)), *range(max(last - _FRAME_LINES, 0), last)}


def _mask(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text))


def _list_page_numbers(page: Sequence[Line]) -> set[int]:
    found = (_PAGE_NUMBER.fullmatch(page[at].text) for at in _list_edges(page))
    return {int(match["page"]) for match in found if match}


def _is_page_number(text: str, number: int, offsets: set[int]) -> bool:
    if _SURE_PAGE_NUMBER.fullmatch(text):
        return True
    match = _PAGE_NUMBER.fullmatch(text)
    return match is not None and int(match["page"]) - number in offsets
