"""One page per form and period: who sent it, how whole it is, what was found; and their list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.dimensions import DIMENSIONS
from warehouse.site.page import Page, Site
from warehouse.site.received import Received, Row, state_of
from warehouse.site.rule_text import describe_rule
from warehouse.site.signs import SEVERITIES, STATES

_FORMS = """
    with received as (
        select distinct dataset, period
        from core_round
    )

    select
        coverage.dataset,
        coverage.period,
        coverage.reporter_code,
        coverage.state,
        coverage.is_expected,
        coverage.is_excused,
        coverage.round,
        coverage.due_on,
        coverage.locked_on,
        coverage.first_arrived_at,
        coverage.is_filled,
        case when coverage.state in ('accepted', 'nil') then coverage.accepted_at end
            as accepted_at,
        case when coverage.state in ('accepted', 'nil') then coverage.days_late end as days_late,
        coverage.is_expected
        and coverage.state not in ('accepted', 'nil')
        and coalesce(coverage.due_on < getvariable('night_at')::date, false) as is_overdue
    from core_coverage as coverage
    left join received using (dataset, period)
    left join core_newest_period as newest using (dataset, period)
    where received.dataset is not null or newest.dataset is not null
    order by coverage.dataset, coverage.period
"""
_FOUND = """
    select
        dataset,
        period,
        rule_id,
        severity,
        sum(hit_count) as hits,
        sum(corrected_count) as corrected,
        sum(explained_count) as explained,
        sum(open_count) as open,
        count(distinct reporter_code) as reporters
    from core_finding_trail
    where dataset is not null and reporter_code is not null and period is not null
    group by dataset, period, rule_id, severity
    order by hits desc, rule_id
"""
MOST_LISTED = 600
"""Forms and periods in their list; older ones are found from the page of the next period."""
SETTLED = ("accepted", "nil")
"""States of a form that counts."""

Key = tuple[str, str]


@dataclass(frozen=True)
class FormPages:
    """The pages of every form and period that something came for, and of the newest period."""

    site: Site
    received: Received

    def list_pages(self) -> Iterator[Page]:
        """The page of each form and period, and the list of them."""
        forms = _group(self.site.fetch(_FORMS))
        found = _group(self.site.fetch(_FOUND))
        listed = []
        for key, rows in forms.items():
            facts = self._gather(key, rows, found.get(key, []))
            facts |= _find_neighbours(key, forms)
            listed.append(facts)
            yield Page(place(*key), "form_period.html", facts, facts.copy)
        names = ("form", "dataset", "period", "rates", "open", "due_on", "found_count")
        lines = [{name: facts[name] for name in names} for facts in _order(listed)]
        index = {"rows": lines[:MOST_LISTED], "older": max(len(lines) - MOST_LISTED, 0)}
        yield Page("forms/index.html", "forms.html", index, index.copy)

    def _gather(self, key: Key, rows: Sequence[Row], found: Sequence[Row]) -> dict[str, Any]:
        """Everything a page says but its neighbours, as plain values."""
        dataset, period = key
        locked_on = _usual([row["locked_on"] for row in rows])
        rules = [
            row
            | describe_rule(self.site.expectations, dataset, row["rule_id"])
            | {"rank": list(SEVERITIES).index(row["severity"])}
            for row in found
        ]
        return {
            "form": self.site.name_dataset(dataset),
            "dataset": dataset,
            "period": period,
            "due_on": _usual([row["due_on"] for row in rows]),
            "locked_on": locked_on,
            "rates": count_rates(rows),
            "states": _count_states(rows),
            "overdue": sum(row["is_overdue"] for row in rows),
            "open": sum(row["open"] for row in found),
            "rows": [self._describe(row, locked_on) for row in self._sort(rows)],
            "rules": sorted(rules, key=lambda row: (row["rank"], -row["hits"])),
            "dimensions": _count_dimensions(rules),
            "found_count": sum(row["hits"] for row in found),
        }

    def _sort(self, rows: Sequence[Row]) -> list[Row]:
        """Reporters in the order of their code list."""
        order = {item.code: at for at, item in enumerate(self.site.expectations.codes.reporters)}
        return sorted(rows, key=lambda row: order.get(row["reporter_code"], len(order)))

    def _describe(self, row: Row, locked_on: date | None) -> Row:
        """One reporter's form, with all its files, oldest first."""
        key = (row["dataset"], row["reporter_code"], row["period"])
        files = [
            (item["submission_id"], state_of(item))
            for item in self.received.by_obligation.get(key, ())
        ]
        return row | {
            "reporter": self.site.name_reporter(row["reporter_code"]),
            "files": files,
            "open_until": row["locked_on"] if row["locked_on"] != locked_on else None,
        }


def place(dataset: str, period: str) -> str:
    """Where the page of a form and period lies, below the site."""
    return f"forms/{dataset}/{period}.html"


def count_rates(rows: Sequence[Row]) -> dict[str, int]:
    """How many forms were expected, and how many of them arrived, are filled and count.

    The same definitions as in `mart.coverage_rate`: none can be more than were expected.
    """
    expected = [row for row in rows if row["is_expected"]]
    return {
        "expected": len(expected),
        "arrived": sum(row["round"] > 0 for row in expected),
        "filled": sum(row["is_filled"] for row in expected),
        "accepted": sum(row["state"] in SETTLED for row in expected),
    }


def _count_states(rows: Sequence[Row]) -> dict[str, int]:
    counted = Counter(row["state"] for row in rows if row["is_expected"] or row["is_excused"])
    return {state: counted[state] for state in STATES if counted[state]}


def _count_dimensions(rules: Sequence[Row]) -> list[dict[str, Any]]:
    """All six dimensions in the standard's order, with their findings by severity."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in DIMENSIONS}
    for row in rules:
        counted[row["dimension"]][row["severity"]] += row["hits"]
    return [
        {
            "name": DIMENSIONS[name],
            "counts": {severity: counts[severity] for severity in SEVERITIES},
            "bars": [(counts[severity], sign.colour) for severity, sign in SEVERITIES.items()],
            "total": counts.total(),
        }
        for name, counts in counted.items()
    ]


def _usual(days: Sequence[date | None]) -> date | None:
    """The day that holds for most; None where none is known."""
    known = Counter(day for day in days if day is not None)
    return max(known, key=lambda day: (known[day], -day.toordinal())) if known else None


def _group(rows: Sequence[Row]) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["dataset"], row["period"]].append(row)
    return dict(grouped)


def _find_neighbours(key: Key, forms: dict[Key, list[Row]]) -> dict[str, str | None]:
    """The periods before and after among those that have a page."""
    dataset, period = key
    periods = [other for name, other in forms if name == dataset]
    at = periods.index(period)
    return {
        "earlier": periods[at - 1] if at else None,
        "later": periods[at + 1] if at + 1 < len(periods) else None,
    }


def _order(pages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Newest period first, its forms in the order of their names."""
    by_name = sorted(pages, key=lambda facts: str(facts["dataset"]))
    return sorted(by_name, key=lambda facts: str(facts["period"]), reverse=True)
