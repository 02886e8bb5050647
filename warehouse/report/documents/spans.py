"""Which spans of a text lie in which of its blocks, and what covers a place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from warehouse.report.model import Block, Item, Remark


def keep_apart(items: Iterable[Item]) -> list[Item]:
    """Items in their order; of those that overlap, the first, and none without a character."""
    kept: list[Item] = []
    for item in sorted(items, key=lambda item: (item.start, -item.end)):
        if item.start < item.end and (not kept or kept[-1].end <= item.start):
            kept.append(item)
    return kept


def split_items(items: Sequence[Item], blocks: Sequence[Block]) -> list[list[int]]:
    """For each block the places in `items`, which are ordered and apart, of those reaching in."""
    found: list[list[int]] = [[] for _ in blocks]
    at = 0
    for number, block in enumerate(blocks):
        while at < len(items) and items[at].end <= block.start:
            at += 1
        inner = at
        while inner < len(items) and items[inner].start < block.end:
            found[number].append(inner)
            inner += 1
    return found


class Coverage:
    """The stretches remarks speak of."""

    def __init__(self, remarks: Sequence[Remark]) -> None:
        """Keeps the borders of all spans, and where each remark is to be looked at first."""
        spans = [span for remark in remarks for span in remark.spans if span[0] < span[1]]
        self._starts = sorted(start for start, _ in spans)
        self._ends = sorted(end for _, end in spans)
        self._borders = sorted({*self._starts, *self._ends})
        flags = sorted(
            (remark.spans[0][0], number)
            for number, remark in enumerate(remarks, start=1)
            if remark.spans
        )
        self._flag_places = [place for place, _ in flags]
        self._flags = [number for _, number in flags]

    def covers(self, start: int, end: int) -> bool:
        """Whether any of it is spoken of."""
        return bisect_left(self._starts, end) > bisect_right(self._ends, start)

    def list_borders(self, start: int, end: int) -> list[int]:
        """The borders of spans strictly within a stretch."""
        first, last = bisect_right(self._borders, start), bisect_left(self._borders, end)
        return self._borders[first:last]

    def list_flags(self, start: int, end: int) -> list[int]:
        """Numbers, counted from 1, of the remarks to be looked at first within a stretch."""
        places = self._flag_places
        return self._flags[bisect_left(places, start) : bisect_left(places, end)]
