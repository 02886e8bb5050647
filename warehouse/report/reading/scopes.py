"""What place a number speaks of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.contracts.codes import Codes
from warehouse.report.model import Document
from warehouse.report.reading.mention import Mention, clean
from warehouse.report.reading.places import PlaceSpan
from warehouse.report.reading.sentences import Sentence

_WIDE = frozenset({"province", "nation"})
_OPENS = re.compile(
    r"(?:同期|同时|而|其中|目前|截至目前|另外|此外|与此同时|去年|今年|,|，|“|\s|-|·|\d{4}年)*"
)
"""What may stand between the beginning of a clause and the place it speaks of."""
_HEAD = 3
"""Blocks at a text's beginning that say which city it is about."""
_LEADING = " 　—-·●★■一二三四五六七八九十0123456789、.．（）()"
"""What may stand at a paragraph's beginning before the place it is about."""
_ATTRIBUTE = re.compile(
    r"第|首|前|率先|各|同类|最|重点|唯一|领先|先进|排|居|列|百强|100强|优秀|知名|通报|会议"
)
"""Behind 全省 or 全国, these make it a quality of something and no place of a number."""


@dataclass(frozen=True)
class Scope:
    """The place of a number.

    Attributes:
        name: as the report would call it.
        unit_code: the city's or a reporting unit's; None for a place that sends no forms here.
    """

    name: str
    unit_code: str | None


class Scopes:
    """The places of a text."""

    def __init__(
        self, document: Document, text: str, places: Sequence[PlaceSpan], codes: Codes
    ) -> None:
        """Finds the place the text as a whole is about: the first city it names, or our own."""
        self._document, self._text, self._codes = document, text, codes
        self._places = [item for item in places if item.is_whole]
        self._starts = [item.start for item in self._places]
        self._ends = [item.end for item in self._places]
        self.home = self._find_home(places)

    def find_scope(self, mention: Mention) -> Scope:
        """The place a number speaks of: in its head, its clause, its sentence, its paragraph."""
        if mention.head_at is not None:
            inside = self._select(*mention.head_at)
            if inside:
                return self._name(inside[-1])
        sentence = mention.sentence
        number = sentence.number_clause(mention.amount.start)
        for at in range(number, -1, -1):
            start, end = sentence.clauses[at]
            last = min(end, mention.amount.start)
            found = [
                item for item in self._select(start, last)
                if item.kind not in _WIDE or (at == number and self._governs(item, start))
            ]  # fmt: skip
            if found:
                return self._name(found[-1])
        return self._find_wider(sentence)

    def list_beside(self, mention: Mention) -> tuple[str, ...]:
        """The names of places in a number's clause."""
        start, end = mention.sentence.find_clause(mention.amount.start)
        return tuple(clean(self._text[item.start : item.end]) for item in self._select(start, end))

    def _find_wider(self, sentence: Sentence) -> Scope:
        block = self._document.blocks[sentence.block]
        named = [
            item
            for item in self._select(block.start, sentence.start)
            if item.kind not in _WIDE and self._opens_sentence(item)
        ]
        if named and not self._text[block.start : named[0].start].strip(_LEADING):
            return self._name([item for item in named if item.kind == named[0].kind][-1])
        heading = sentence.heading
        if heading is not None:
            titled = [
                item for item in self._select(heading.start, heading.end)
                if item.kind == "reporting_unit"
            ]  # fmt: skip
            if titled:
                return self._name(titled[-1])
        return self.home

    def _opens_sentence(self, item: PlaceSpan) -> bool:
        before = self._text[max(item.start - 12, 0) : item.start]
        since = re.split(r"[。；;！\n]", before)[-1]
        return _OPENS.fullmatch(since) is not None

    def _governs(self, item: PlaceSpan, start: int) -> bool:
        """Whether 全省 or 全国 is what its clause speaks of, as in 同期全省共有."""
        opens = _OPENS.fullmatch(self._text[start : item.start]) is not None
        return opens and _ATTRIBUTE.match(self._text, item.end) is None

    def _select(self, start: int, end: int) -> list[PlaceSpan]:
        first, last = bisect_left(self._starts, start), bisect_right(self._ends, end)
        return self._places[first:last]

    def _name(self, place: PlaceSpan) -> Scope:
        if place.kind == "city":
            return self.home
        if place.kind == "reporting_unit":
            unit = next(item for item in self._codes.reporting_units if item.code == place.code)
            return Scope(unit.name, unit.code if self.home.unit_code else None)
        return Scope(place.name, None)

    def _find_home(self, places: Sequence[PlaceSpan]) -> Scope:
        """The city a text is about: a foreign one if its title names it, or it alone is named."""
        city = self._codes.city
        own = Scope(city.name, city.code)
        short = city.name.removesuffix("市")
        ours = [item for item in places if item.kind == "city" and short in item.name]
        others = [item for item in places if item.kind == "other" and item.is_whole]
        for block in self._document.blocks[:_HEAD]:
            named = [item for item in others if block.start <= item.start < block.end]
            is_ours = any(block.start <= item.start < block.end for item in ours)
            is_title = "。" not in self._text[block.start : block.end]
            if is_ours and is_title:
                return own
            if named and not is_ours and (is_title or (not ours and self._is_alone(named[0]))):
                return Scope(named[0].name, None)
        return own

    def _is_alone(self, item: PlaceSpan) -> bool:
        """Whether no 我市 stands in the sentence that names a city first."""
        end = self._text.find("。", item.end)
        return "我市" not in self._text[item.end : end if end >= 0 else None]
