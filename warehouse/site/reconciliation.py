"""The page of differences between two sources of one fact: how old each is, and who answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import duckdb

from warehouse.contracts.model import Text
from warehouse.settings import Settings
from warehouse.site.numbers import choose_scale, show_number
from warehouse.site.page import Page, Site
from warehouse.site.published import list_marts, open_newest
from warehouse.site.received import Row
from warehouse.site.signs import STATES, Sign
from warehouse.site.text import same, say

MOST_ROWS = 400
"""Of a folded list; what is open is never cut."""
KINDS: Final[dict[str, Text]] = {
    "register": say("reported against the register"),
    "departments": say("two figures for one fact"),
    "total": say("city against its units"),
    "share": say("share recomputed"),
    "growth": say("growth recomputed"),
    "rank": say("rank recomputed"),
    "part": say("parts against the whole"),
}
OUTCOMES: Final[dict[str, Sign]] = {
    "open": Sign("✗", say("difference open"), STATES["rejected"].colour),
    "expired": Sign("✗", say("bridge ended"), STATES["returned"].colour),
    "bridged": Sign("≈", say("bridged"), STATES["nil"].colour),
    "incomplete": Sign("？", say("forms missing"), STATES["held"].colour),
    "one_sided": Sign("—", say("one source only"), STATES["missing"].colour),
    "agrees": Sign("✓", say("agrees"), STATES["accepted"].colour),
}
"""States of `mart.reconciliation` in the order they are listed."""
BADGES: Final[dict[str, str]] = {
    "open": "rejected",
    "expired": "returned",
    "bridged": "nil",
    "incomplete": "held",
    "one_sided": "missing",
    "agrees": "accepted",
}
"""The style sheet's badge for each."""

_ROWS = """
    select * from mart.reconciliation
    order by age_days desc nulls last, period desc, kind, comparison_code, reporting_unit_code
"""
_RELEASE = "select release_id, published_on from mart.release order by release_id desc limit 1"


@dataclass(frozen=True)
class ReconciliationPage:
    """The one page of two sources for one fact."""

    site: Site

    def list_pages(self) -> Iterator[Page]:
        """The one page; it says what the newest release says, so ages are as of that day."""
        facts = self._gather()
        signs: dict[str, Any] = {"kinds": KINDS, "outcomes": OUTCOMES, "badges": BADGES}
        signs |= {"most_rows": MOST_ROWS}
        yield Page("reconciliation.html", "reconciliation.html", facts, lambda: facts | signs)

    def _gather(self) -> dict[str, Any]:
        release, found = read_reconciliation(self.site.settings)
        rows = [self._name(row) for row in found]
        counts = Counter((row["kind"], row["state"]) for row in rows)
        return {
            "release": release,
            "unsettled": _keep(rows, "open", "expired"),
            "bridged": _keep(rows, "bridged"),
            "untold": _keep(rows, "incomplete", "one_sided"),
            "agreed": [row for row in _keep(rows, "agrees") if row["kind"] != "total"],
            "totals": {state: sum(_each(counts, state)) for state in OUTCOMES},
            "counts": [
                {"kind": kind, "states": {state: counts[kind, state] for state in OUTCOMES}}
                for kind in KINDS
                if any(counts[kind, state] for state in OUTCOMES)
            ],
        }

    def _name(self, row: Row) -> Row:
        """A row in words and written numbers."""
        return {
            "kind": row["kind"],
            "state": row["state"],
            "comparison": Text(zh=row["comparison"], en=row["comparison_en"]),
            "period": row["period"],
            "reporting_unit": self.site.name_subject(row["reporting_unit_code"]),
            "left_series": row["left_series"],
            "right_series": row["right_series"],
            "left": _write(row["left_value"], row["left_qualifier"]),
            "right": _write(row["right_value"], row["right_qualifier"]),
            "difference": _write(row["difference"], None),
            "unit": choose_scale(row["unit"], [Decimal(1)]).unit,
            "owner": self.site.name_reporter(row["owner_code"])
            if row["owner_code"]
            else say("the quality office"),
            "open_since": row["open_since"],
            "release_id": row["open_since_release"],
            "age_days": row["age_days"],
            "bridge": _describe_bridge(row) if row["bridge_code"] else None,
        }


def read_reconciliation(settings: Settings) -> tuple[Row | None, list[Row]]:
    """The newest release and what it says of every comparison; nothing where none does."""
    with open_newest(settings) as reader:
        if "reconciliation" not in list_marts(reader):
            return None, []
        return _fetch(reader, _RELEASE)[0], _fetch(reader, _ROWS)


def _fetch(reader: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = reader.execute(query)
    names = [item[0] for item in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _keep(rows: Iterable[Row], *states: str) -> list[Row]:
    return [row for row in rows if row["state"] in states]


def _each(counts: Counter[tuple[str, str]], state: str) -> Iterator[int]:
    return (counts[kind, state] for kind in KINDS)


def _write(value: Decimal | None, qualifier: str | None) -> str:
    """A figure to its last digit; its qualifier in brackets, as a form has it in a cell beside."""
    if value is None:
        return ""
    return f"{show_number(value)} ({qualifier})" if qualifier else show_number(value)


def _describe_bridge(row: Row) -> Row:
    return {
        "code": row["bridge_code"],
        "reason": Text(zh=row["reason"], en=row["reason_en"]),
        "ends_on": row["bridge_ends_on"],
        "allowed": _write_range(row["allowed_lowest"], row["allowed_highest"]),
    }


def _write_range(lowest: Decimal | None, highest: Decimal | None) -> Text:
    if lowest is None:
        return say("at most {number}", number=_sign(highest))
    if highest is None:
        return say("at least {number}", number=_sign(lowest))
    return same(f"{_sign(lowest)} … {_sign(highest)}")


def _sign(value: Decimal | None) -> str:
    number = value or Decimal(0)
    return f"{'+' if number > 0 else ''}{show_number(number)}"
