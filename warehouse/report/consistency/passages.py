"""A text as sentences, each with its numbers and the words that lie between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from warehouse.report.consistency.amounts import Interval, bound
from warehouse.report.model import FIGURES, Block, BlockRole, Document, Item

_END = re.compile(r"[。！？；!?;]|\n\s*\n")
_NUMERAL = re.compile(r"[\d０-９〇零一二两三四五六七八九十百千]")
_LONGEST_LIST = 300
"""Characters; a list of parts that is longer is read sentence by sentence."""
_FOLDED = str.maketrans({
    ",": "，", ":": "：", "(": "（", ")": "）", "％": "%", "﹐": "，", "－": "-", "﹕": "：",
})  # fmt: skip
_PRIOR = re.compile(
    r"上年|去年|前年|上一年|上季|上月|上期|同期|往年|年初|期初|原来|原有|此前|以前|之前|过去|当时|"
    r"其时|曾经|上半年|下半年|[一二三四]季度|期末|年底|年末|明年|来年|下年|今后|力争|计划|目标|预计|"
    r"将达|拟|争取|到20\d\d|规划|任务"
)


@dataclass(frozen=True, eq=False)
class Mention:
    """A figure where it stands in a sentence.

    Attributes:
        item: the figure.
        value: its value.
        start: where its first digit is; what the item has before that is part of `before`.
        end: the one after its unit.
        before: the words since the figure before it, or since the sentence began.
        after: the words to the figure after it, or to the sentence's end.
        interval: the values it may stand for.
        is_last: whether no figure follows in the sentence.
    """

    item: Item
    value: Decimal
    start: int
    end: int
    before: str
    after: str
    interval: Interval
    is_first: bool
    is_last: bool

    @property
    def unit(self) -> str | None:
        """The unit published in."""
        return self.item.unit

    @property
    def is_percent(self) -> bool:
        """Whether it is a percentage, points left out."""
        return self.item.unit == "%" and not self.is_points

    @property
    def is_points(self) -> bool:
        """Whether it is a difference of percentages."""
        return "百分点" in (self.item.unit or "") + self.item.text + self.after[:5]

    @property
    def is_times(self) -> bool:
        """Whether it is a multiple: 1.5倍."""
        return self.item.unit == "倍" or "倍" in self.item.text or self.after.startswith("倍")

    @property
    def is_amount(self) -> bool:
        """Whether it counts or sums something."""
        return self.item.kind == "measure" and not (
            self.is_percent or self.is_points or self.is_times or self.item.unit is None
        )

    @property
    def clause_before(self) -> str:
        """The words before it since the last punctuation."""
        return re.split(r"[，、：；（）]", self.before)[-1]

    @property
    def clause_after(self) -> str:
        """The words after it up to the next punctuation."""
        return re.split(r"[，、：；（）]", self.after)[0]

    @property
    def speaks_of_another_time(self) -> bool:
        """Whether the words right before it name a base, a plan or a part of the year."""
        return bool(_PRIOR.search(self.clause_before))


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence, or what lies between two semicolons, with its figures.

    Attributes:
        start: its first character in the text.
        text: its words as written.
        role: of the block it stands in.
        block: index of that block.
        place: the last place named by a heading above it; empty where there is none.
        lead: the words of its block that come before it.
        mentions: its figures by place; dates, names and the like are words here.
    """

    start: int
    text: str
    role: BlockRole
    block: int
    heading: str
    lead: str
    mentions: list[Mention] = field(default_factory=list)

    @cached_property
    def dates(self) -> frozenset[str]:
        """The years and other periods it names, vague ones included, and the years said above."""
        periods = re.findall(r"(?:19|20)\d\d年?(?:\d{1,2}月|第?[一二三四1-4]季度)?", self.text)
        years = re.findall(r"(?:19|20)\d\d(?=年)", self.heading + self.lead)
        return frozenset([*periods, *years, *_PRIOR.findall(self.text)])


def fold(text: str) -> str:
    """Words without blanks, Chinese marks for Latin ones."""
    return re.sub(r"\s+", "", text).translate(_FOLDED)


def read_sentences(document: Document, items: Sequence[Item]) -> list[Sentence]:
    """Every sentence of a text in its order, those without a figure included.

    A sentence that begins with 其中 goes on with the one before it.
    """
    found: list[Sentence] = []
    blocks = document.blocks or tuple(_list_lines(document.text))
    headings: dict[int, str] = {}
    for number, block in enumerate(blocks):
        inside = items[
            bisect_left(items, block.start, key=_get_start) : bisect_left(
                items, block.end, key=_get_start
            )
        ]
        for start, end in _split(document.text, block, inside):
            found.append(
                Sentence(
                    start=start,
                    text=document.text[start:end],
                    role=block.role,
                    block=number,
                    heading="".join(headings.values()),
                    lead=document.text[max(block.start, start - 400) : start],
                )
            )
            found[-1].mentions.extend(_place(document.text, start, end, inside))
        if block.role == "heading":
            headings = {level: said for level, said in headings.items() if level < block.level}
            headings[block.level] = document.text[block.start : block.end]
    return found


def _list_lines(text: str) -> Iterator[Block]:
    for line in re.finditer(r"[^\n]+", text):
        yield Block(line.start(), line.end())


def _split(text: str, block: Block, items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; a list behind 其中 goes on over semicolons."""
    marks = list(_END.finditer(text, block.start, block.end))
    start, at = block.start, 0
    for number, mark in enumerate(marks):
        while at < len(items) and items[at].end <= mark.start():
            at += 1
        if at < len(items) and items[at].start <= mark.start():
            continue
        if fold(text[mark.end() : mark.end() + 4]).startswith("其中"):
            continue
        following = marks[number + 1].start() if number + 1 < len(marks) else block.end
        if mark.group() in "；;" and mark.end() - start < _LONGEST_LIST:
            is_listed = "其中" in text[start : mark.start()]
            if is_listed and "其中" not in text[mark.end() : following]:
                continue
        yield start, mark.end()
        start = mark.end()
    if block.end > start:
        yield start, block.end


def _place(text: str, start: int, end: int, items: Sequence[Item]) -> Iterator[Mention]:
    inside = items[
        bisect_left(items, start, key=_get_start) : bisect_left(items, end, key=_get_start)
    ]
    figures = [
        (item, item.value, *_find_core(item))
        for item in inside
        if item.value is not None
        and item.qualifier != "implied"
        and (item.kind in FIGURES or item.kind == "target")
    ]
    before_end = start
    for index, (item, value, first, last) in enumerate(figures):
        is_last = index + 1 == len(figures)
        following = end if is_last else figures[index + 1][2]
        before = fold(text[before_end:first])
        after = fold(text[last:following])
        yield Mention(
            item=item,
            value=value,
            start=first,
            end=last,
            before=before,
            after=after,
            interval=bound(item, value, before, after),
            is_first=index == 0,
            is_last=is_last,
        )
        before_end = last


def _get_start(item: Item) -> int:
    return item.start


def _find_core(item: Item) -> tuple[int, int]:
    """Where the number itself begins and its unit ends: an item may hold 新增 or 产品 as well."""
    found = _NUMERAL.search(item.text)
    first = found.start() if found else 0
    unit = item.unit or ""
    at = max(item.text.rfind(mark) for mark in (unit, "％" if unit == "%" else unit))
    last = at + len(unit) if unit and at > first else len(item.text)
    return item.start + first, item.start + last
