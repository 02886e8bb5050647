"""The page a steward opens in the morning: what came, what blocks, what to decide."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from warehouse.contracts.model import Text
from warehouse.settings import CITY_TIME
from warehouse.site.blocked import Blocked, list_blocked
from warehouse.site.charts import Bar, draw_columns, draw_shares
from warehouse.site.form_period import place
from warehouse.site.page import Page, Site
from warehouse.site.received import Received, Row, state_of, summarise_file
from warehouse.site.signs import STATES
from warehouse.site.text import same, say
from warehouse.site.withheld import list_asked, list_withheld

NIGHTS_DRAWN = 12
MOST_ARRIVALS = 1_000
"""Files of one night that are listed one by one; the page says how many more there are."""

_NIGHTS = "select * from ledger.night order by recorded_at desc limit ?"
_RELEASE = """
    select release_id, published_at, recorded_at, is_replayed, rule_set, code_version
    from ledger.release order by release_id desc limit 1
"""
_OTHERS = """
    select outcome, count(*) as count
    from ledger.arrival
    where outcome <> 'new' and recorded_at > ? and recorded_at <= ?
    group by outcome
    order by outcome
"""
_BROKEN = """
    select dataset, broken from ledger.judgement
    where recorded_at > ? and recorded_at <= ? and coalesce(broken, '{}') <> '{}'
    order by dataset
"""
_EXEMPTIONS = """
    select kind, dataset, reporter_code, period, granted_by, reason, ends_on
    from core_exemption
    order by ends_on nulls last, exemption_id
"""
_STATES = """
    select coverage.dataset, coverage.period, coverage.state, count(*) as count
    from core_coverage as coverage
    inner join core_newest_period as newest using (dataset, period)
    where coverage.is_expected or coverage.is_excused
    group by all
    order by all
"""
_LATE = """
    select
        count(*) filter (where due_on < getvariable('night_at')::date) as late,
        count(*) filter (where due_on >= getvariable('night_at')::date or due_on is null)
            as not_due,
        count(*) filter (where locked_on < getvariable('night_at')::date) as locked
    from core_coverage
    where is_expected and state not in ('accepted', 'nil')
"""
STAGES = {
    "pull": say("pulling"),
    "receive": say("reading"),
    "check": say("judging"),
    "load": say("keeping"),
    "publish": say("publishing"),
    "return": say("returning"),
    "remind": say("reminding"),
}
"""The stages of a night, as its timings name them; one that is not here shows by its own name."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=CITY_TIME)


@dataclass(frozen=True)
class TodayPage:
    """The first page."""

    site: Site
    received: Received

    def list_pages(self) -> Iterator[Page]:
        """The one page."""
        facts = self._gather()
        yield Page("index.html", "today.html", facts, lambda: facts | self._draw(facts))

    def _gather(self) -> dict[str, Any]:
        """Everything the page says, as plain values."""
        nights = self.site.fetch(_NIGHTS, [NIGHTS_DRAWN])
        night = nights[0] if nights else None
        since = nights[1]["recorded_at"] if len(nights) > 1 else _BEGINNING
        until = night["recorded_at"] if night else _BEGINNING
        arrivals = [
            row for row in self.received.submissions.values() if since < row["recorded_at"] <= until
        ]
        arrivals.sort(key=lambda row: (_URGENCY[row["action"]], row["submission_id"]))
        states = self.site.fetch(_STATES)
        return {
            "night": night and night | {"seconds": _read_seconds(night["seconds"])},
            "release": next(iter(self.site.fetch(_RELEASE)), None),
            "arrivals": [summarise_file(self.site, row) for row in arrivals[:MOST_ARRIVALS]],
            "arrived": len(arrivals),
            "more": max(len(arrivals) - MOST_ARRIVALS, 0),
            "counts": dict.fromkeys(STATES, 0) | Counter(map(state_of, arrivals)),
            "others": dict.fromkeys(("identical", "refused", "ignored"), 0)
            | {row["outcome"]: row["count"] for row in self.site.fetch(_OTHERS, [since, until])},
            "broken": [
                (self.site.name_dataset(row["dataset"]), rule, reason)
                for row in self.site.fetch(_BROKEN, [since, until])
                for rule, reason in json.loads(row["broken"]).items()
            ],
            "held": [summarise_file(self.site, row) for row in self._list_held()],
            "blocked": [_show_blocked(item) for item in list_blocked(self.site)],
            "withheld": list_withheld(self.site),
            "asked": list_asked(self.site),
            "late": self.site.fetch(_LATE)[0],
            "exemptions": [self._name(row) for row in self.site.fetch(_EXEMPTIONS)],
            "bars": self._count_states(states),
            "columns": self._count_nights(nights[::-1]),
        }

    def _list_held(self) -> list[Row]:
        """Files that wait for the steward, oldest first; one with a later file does not."""
        held = [
            row
            for row in self.received.submissions.values()
            if row["action"] == "hold" and self.received.successor_of(row) is None
        ]
        return sorted(held, key=lambda row: (row["known_at"], row["submission_id"]))

    def _name(self, row: Row) -> Row:
        return row | {
            "title": self.site.name_dataset(row["dataset"]),
            "reporter": self.site.name_reporter(row["reporter_code"]),
        }

    def _count_states(self, rows: Sequence[Row]) -> list[tuple[Text, str, dict[str, int]]]:
        """By dataset, its newest period and how many forms are in which state."""
        counted: dict[str, tuple[Text, str, dict[str, int]]] = {}
        for row in rows:
            title = self.site.name_dataset(row["dataset"])
            entry = counted.setdefault(row["dataset"], (title, row["period"], {}))
            entry[2][row["state"]] = row["count"]
        return list(counted.values())

    def _count_nights(self, nights: Sequence[Row]) -> list[tuple[Row, dict[str, int]]]:
        """By night, how many of its files are in which state by now."""
        by_night: dict[datetime, Counter[str]] = {}
        for row in self.received.submissions.values():
            by_night.setdefault(row["night_at"], Counter())[state_of(row)] += 1
        return [
            ({"night_at": night["night_at"]}, dict(by_night.get(night["night_at"], {})))
            for night in nights
            if night["new_files"]
        ]

    def _draw(self, facts: dict[str, Any]) -> dict[str, Any]:
        bars = [Bar(title, counts) for title, _, counts in facts["bars"]]
        columns = [
            Bar(same(f"{night['night_at'].astimezone(CITY_TIME):%Y-%m-%d}"), counts)
            for night, counts in facts["columns"]
        ]
        return {
            "state_names": [
                name for name in STATES if any(name in counts for *_, counts in facts["bars"])
            ],
            "arrival_names": [
                name for name in STATES if any(name in counts for _, counts in facts["columns"])
            ],
            "state_chart": draw_shares(bars, STATES, say("share of the forms owed"))
            if bars
            else None,
            "arrival_chart": draw_columns(columns, STATES, say("files")) if columns else None,
            "stage_names": STAGES,
        }


_URGENCY = {"hold": 0, "reject": 1, "return": 1, "withdraw": 2, "accept": 3}
"""Arrivals that ask for something come first."""


def _read_seconds(text: str | None) -> dict[str, float]:
    seconds: dict[str, float] = json.loads(text or "{}")
    return seconds


def _show_blocked(item: Blocked) -> dict[str, Any]:
    """A blocked total with its share as a whole percentage, and numbers as text."""
    return {
        **{name: getattr(item, name) for name in ("title", "dataset", "period", "published")},
        "page": place(item.dataset, item.period),
        "expected": item.expected,
        "included": item.included,
        "percent": _percent(item.share),
        "figures": [
            {
                "title": figure.title,
                "missing": _show(figure.missing),
                "total": _show(figure.total),
                "percent": None if figure.share is None else _percent(figure.share),
            }
            for figure in item.figures
        ],
        "blockers": [
            asdict(blocker) | {"reporter": blocker.reporter, "given": _show(blocker.given[0])}
            for blocker in item.blockers
        ],
    }


def _percent(share: Decimal) -> str:
    percent = share * 100
    return "<1" if 0 < percent < 1 else f"{percent:.0f}"


def _show(number: Decimal | None) -> str:
    """A number with its thousands set apart; empty where none is known."""
    if number is None:
        return ""
    return f"{number.normalize():,f}" if number else "0"
