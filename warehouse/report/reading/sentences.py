"""Divides a text into sentences and clauses, and tells what lies around a place in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.report.model import Block, Document

_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
_CLAUSE_END = re.compile(r"(?<!\d)[，,：:]|[，,：:](?!\d)|[（）()]|〕、?")
_SHORT = 20
LONGEST = 1_000
"""Characters of a sentence; what goes on for longer lost its stops, and is cut at a clause."""
_NO_HEADING = re.compile(r"[，。；：、｜|？?！!,;:\t]|\d(?!\d*[年强])")
_LIST_ITEM = re.compile(
    r"[ \u3000]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．是]|[·•●○◆■*—-])"
)
_ASIDE = re.compile(r"[（(][^（）()\d]{0,10}[）)]")
"""A short aside, as in 企业（项目）, does not part a clause."""


@dataclass(frozen=True)
class Sentence:
    """A stretch between two stops, within one block.

    Attributes:
        block: place of its block in the document.
        heading: the nearest heading above its block; None where there is none.
        lead: of a list's item, the line that leads to the list, as 到2025年： does.
        clauses: start and end of each clause, without the mark between them.
    """

    start: int
    end: int
    block: int
    heading: Block | None
    lead: Block | None
    clauses: tuple[tuple[int, int], ...]

    def find_clause(self, place: int) -> tuple[int, int]:
        """The clause that holds a character."""
        return self.clauses[self.number_clause(place)]

    def number_clause(self, place: int) -> int:
        """Which clause holds a character, from 0."""
        return max(bisect_right([start for start, _ in self.clauses], place) - 1, 0)


def divide(document: Document, text: str) -> list[Sentence]:
    """Divides a text.

    Args:
        document: whose blocks are divided.
        text: its folded text, of the same length.
    """
    found: list[Sentence] = []
    heading: Block | None = None
    lead: Block | None = None
    for number, block in enumerate(document.blocks):
        if not _LIST_ITEM.match(text, block.start, block.end):
            lead = None
        found += [
            Sentence(start, end, number, heading, lead, _divide_clauses(start, end, text))
            for start, end in _divide_block(block, text)
            if text[start:end].strip()
        ]
        if block.role == "heading" or _looks_like_one(block, text):
            heading = block
        if text[block.start : block.end].rstrip().endswith(("：", ":")):
            lead = block
    return found


def find_stop(text: str, signs: str, start: int, end: int) -> int:
    """Where the last of some signs before a place ends, or else the stretch; looks not too far."""
    first = max(start, end - LONGEST)
    return max(first, *(text.rfind(sign, first, end) + 1 for sign in signs))


def _divide_block(block: Block, text: str) -> Iterator[tuple[int, int]]:
    start = block.start
    ends = [match.end() for match in _SENTENCE_END.finditer(text, block.start, block.end)]
    for end in [*ends, block.end]:
        while end - start > LONGEST:
            cut = _find_cut(text, start, start + LONGEST)
            yield start, cut
            start = cut
        yield start, end
        start = end


def _find_cut(text: str, start: int, end: int) -> int:
    """Behind the last mark between clauses; where there is none, right at the end."""
    marks = [match.end() for match in _CLAUSE_END.finditer(text, start, end)]
    return marks[-1] if marks else end


def _divide_clauses(start: int, end: int, text: str) -> tuple[tuple[int, int], ...]:
    clauses: list[tuple[int, int]] = []
    at = start
    asides = {place for match in _ASIDE.finditer(text, start, end) for place in match.span()}
    asides |= {place - 1 for place in asides}
    for match in _CLAUSE_END.finditer(text, start, end):
        if text[match.start()] in "（）()" and match.start() in asides:
            continue
        clauses.append((at, match.start()))
        at = match.end()
    clauses.append((at, end))
    return tuple(clauses)


def _looks_like_one(block: Block, text: str) -> bool:
    """Whether a short line without marks stands over what follows, as 目标任务 does."""
    is_short = block.role == "paragraph" and block.end - block.start <= _SHORT
    return is_short and _NO_HEADING.search(text, block.start, block.end) is None
