"""Reads a written report and says of every number whether it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from warehouse.contracts.codes import Codes
from warehouse.contracts.load import DEFAULT_EXPECTATIONS
from warehouse.report.candidates import list_candidates, list_changes
from warehouse.report.compare import Verdict, compare_amount
from warehouse.report.consistency import find_remarks
from warehouse.report.figures import Figures
from warehouse.report.model import FIGURES, CheckedText, Document, Item
from warehouse.report.reading.amounts import PERCENT, TIMES
from warehouse.report.reading.mention import IMPLIED, Mention
from warehouse.report.reading.places import Places, find_places, load_places
from warehouse.report.reading.read import Reading, read_numbers
from warehouse.report.reading.scopes import Scope, Scopes
from warehouse.report.reading.tie import Tie, tie_mentions
from warehouse.report.reading.times import When, find_text_time, find_when
from warehouse.report.reading.wording import Lexicon, load_lexicon
from warehouse.report.words import (
    NO_CHANGE,
    NOT_MEASURED,
    name_change,
    say_elsewhere,
    say_missing,
)
from warehouse.site.text import same

_YEAR, _QUARTER = 4, 1
"""How many quarters back 同比 and 环比 look."""


@dataclass(frozen=True)
class Judge:
    """What a text is held against.

    Attributes:
        figures: the release in force.
        lexicon: by which words indicators are named.
        places: names of places that are not the city's own.
    """

    figures: Figures
    codes: Codes
    lexicon: Lexicon
    places: Places

    def check(self, document: Document) -> CheckedText:
        """Checks a text."""
        reading = read_numbers(document)
        places = find_places(reading.text, self.codes, self.places)
        scopes = Scopes(document, reading.text, places, self.codes)
        time = find_text_time(
            document, reading.dates, self.figures.release.published_on, self.figures.as_of
        )
        for mention in reading.mentions:
            mention.places = scopes.list_beside(mention)
        times = [find_when(item, reading.dates, time, reading.text) for item in reading.mentions]
        for mention, when in zip(reading.mentions, times, strict=True):
            if mention.kind in FIGURES and when.is_ahead:
                mention.kind = "target"
        ties = tie_mentions(reading.mentions, self.lexicon)
        items = [
            self._judge(document, mention, tie, scopes.find_scope(mention.subject or mention), when)
            for mention, tie, when in zip(reading.mentions, ties, times, strict=True)
            if not mention.is_named or tie.code is not None
        ]
        items += _list_plain(document, reading)
        items.sort(key=lambda item: item.start)
        release = self.figures.release
        return CheckedText(
            document,
            self.figures.as_of.isoformat() if self.figures.as_of else None,
            release.release_id,
            release.label,
            items,
            find_remarks(document, items),
        )

    def _judge(
        self, document: Document, mention: Mention, tie: Tie, scope: Scope, when: When
    ) -> Item:
        amount = mention.amount
        unit = amount.unit
        if amount.qualifier == IMPLIED and tie.code is not None:
            unit = self.lexicon.units.get(tie.code, unit)
        item = Item(
            amount.start, amount.end, document.text[amount.start : amount.end], amount.value,
            unit, amount.qualifier, mention.kind, period=str(when.period) if when.period else None,
            scope=scope.name, indicator_code=None if tie.is_series else tie.code,
            status="cannot be tied", reason=tie.reason,
        )  # fmt: skip
        if tie.code is None:
            return replace(item, period=None)
        if scope.unit_code is None:
            return replace(item, reason=say_elsewhere(scope))
        verdict = self._compare(mention, tie, scope.unit_code, when)
        found = verdict.candidate
        if found is None:
            return replace(item, reason=verdict.reason)
        if verdict.status == "cannot be tied":
            return replace(item, reason=verdict.reason, series_code=found.series_code)
        return replace(
            item, status=verdict.status, reason=verdict.reason, series_code=found.series_code,
            warehouse_value=found.value, release=verdict.release, period=found.period,
        )  # fmt: skip

    def _compare(self, mention: Mention, tie: Tie, unit_code: str, when: When) -> Verdict:
        assert tie.code is not None  # noqa: S101
        if mention.kind == "growth":
            return self._compare_change(mention, tie.code, unit_code, when)
        candidates = list_candidates(self.figures, tie.code, unit_code, when)
        if mention.is_named or (
            mention.role == "cumulative" and not self._is_cumulative(tie.code, unit_code)
        ):
            # Names may be examples, and a sum so far is not what one period had.
            candidates = [replace(item, is_certain=False) for item in candidates]
        name = self.lexicon.names.get(tie.code)
        if not candidates:
            period = str(when.period) if when.period else None
            reason = say_missing(name or same(tie.code), period, self.figures.release.short)
            return Verdict("cannot be tied", reason)
        candidates = [replace(item, name=name or item.name) for item in candidates]
        return compare_amount(mention.amount, candidates, self.figures)

    def _compare_change(self, mention: Mention, code: str, unit_code: str, when: When) -> Verdict:
        amount = mention.amount
        is_share = amount.unit in {PERCENT, TIMES}
        steps = _QUARTER if "环比" in mention.beside else _YEAR
        changes = list_changes(self.figures, code, unit_code, when, is_share=is_share, steps=steps)
        if amount.unit == TIMES:
            changes = [replace(item, value=item.value / 100) for item in changes]
        if not changes:
            return Verdict("cannot be tied", NO_CHANGE)
        name = self.lexicon.names.get(code)
        changes = [replace(item, name=name_change(name or item.name)) for item in changes]
        return compare_amount(amount, changes, self.figures)

    def _is_cumulative(self, code: str, unit_code: str) -> bool:
        rows = self.figures.list_vintages(code, unit_code)
        return any(
            row.measure_kind == "stock" or row.accumulated_since in {"year", "beginning"}
            for row in rows
        )


def make_judge(figures: Figures, codes: Codes) -> Judge:
    """A judge with the words and places that are shipped.

    Raises:
        ContractError: the vocabulary is wrong.
        PlacesUnreadable: the list of places is wrong.
    """
    return Judge(figures, codes, load_lexicon(codes), load_places(DEFAULT_EXPECTATIONS))


def _list_plain(document: Document, reading: Reading) -> list[Item]:
    return [
        Item(
            item.start,
            item.end,
            document.text[item.start : item.end],
            None,
            None,
            None,
            item.kind,
            reason=NOT_MEASURED[item.kind],
        )
        for item in reading.plain
        if item.kind != "date" or _HAS_NUMERAL.search(reading.text, item.start, item.end)
    ]


_HAS_NUMERAL = re.compile(r"[\d〇零一二两三四五六七八九十半]")
"""今年 and 年底 tell a time, but are no numbers."""
