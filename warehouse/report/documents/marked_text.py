"""Sets a checked text as HTML: its blocks, every number in them marked, and flags for remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from warehouse.report.documents.spans import Coverage, keep_apart, split_items
from warehouse.report.documents.status_signs import SIGNS
from warehouse.report.documents.text_builder import Table, find_tables
from warehouse.report.model import Block, CheckedText, Item

_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "�")
_LOWEST_HEADING = 6


class MarkedText:
    """The text of a check as HTML.

    Attributes:
        html: the whole text.
        items: those that are marked, in their order; the one at place `n` has the mark `t{n}`.
        anchored: places of those that lie in a block, so that `t{n}` exists.
    """

    def __init__(self, checked: CheckedText) -> None:
        """Sets all of it."""
        self.items: Sequence[Item] = keep_apart(checked.items)
        self.anchored: set[int] = set()
        self._text = checked.document.text
        self._coverage = Coverage(checked.remarks)
        blocks = checked.document.blocks
        self._inside = dict(zip(blocks, split_items(self.items, blocks), strict=True))
        parts = find_tables(checked.document)
        self.html = Markup("\n").join(
            self._set_table(part) if isinstance(part, Table) else self._set_block(part)
            for part in parts
        )

    def _set_block(self, block: Block) -> Markup:
        tag, attribute = "p", Markup("")
        if block.role == "heading":
            tag = f"h{min(block.level + 2, _LOWEST_HEADING)}"
        elif block.role == "item":
            attribute = Markup(' class="item"')
        return Markup("<{0}{1}>{2}</{0}>").format(tag, attribute, self._set_inside(block))

    def _set_table(self, table: Table) -> Markup:
        rows = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(
                    Markup("<td>{}</td>").format(self._set_inside(cell) if cell else "")
                    for cell in row
                )
            )
            for row in table.rows
        )
        return Markup('<div class="scroll"><table class="quoted">{}</table></div>').format(rows)

    def _set_inside(self, block: Block) -> Markup:
        pieces: list[Markup] = []
        at = block.start
        for place in self._inside[block]:
            item = self.items[place]
            start, end = max(item.start, block.start), min(item.end, block.end)
            pieces += self._set_plain(at, start)
            pieces += self._set_flags(start, end)
            pieces.append(self._set_mark(place, start, end))
            at = end
        pieces += self._set_plain(at, block.end)
        return Markup("").join(pieces)

    def _set_mark(self, place: int, start: int, end: int) -> Markup:
        name = SIGNS[self.items[place].status].name
        spoken_of = " r" if self._coverage.covers(start, end) else ""
        anchor = Markup("") if place in self.anchored else Markup(' id="t{}"').format(place)
        self.anchored.add(place)
        return Markup(
            '<a class="m m-{1}{2}"{3} href="#n{0}" aria-describedby="s{0} w{0}">{4}</a>'
        ).format(place, name, spoken_of, anchor, self._escape(start, end))

    def _set_plain(self, start: int, end: int) -> Iterator[Markup]:
        borders = [start, *self._coverage.list_borders(start, end), end]
        for first, last in pairwise(borders):
            if first == last:
                continue
            yield from self._set_flags(first, last)
            text = self._escape(first, last)
            if self._coverage.covers(first, last):
                text = Markup('<span class="r">{}</span>').format(text)
            yield text

    def _set_flags(self, start: int, end: int) -> Iterator[Markup]:
        for number in self._coverage.list_flags(start, end):
            yield Markup(
                '<a class="flag" id="f{0}" href="#r{0}"><span class="hidden"><span lang="zh">前后'
                '不一致</span><span lang="en">inconsistent</span> </span>⚑{0}</a>'
            ).format(number)

    def _escape(self, start: int, end: int) -> Markup:
        text = self._text[start:end].translate(_CONTROLS).replace("\r\n", "\n")
        return Markup("<br>").join(escape(line) for line in text.split("\n"))
