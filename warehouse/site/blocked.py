"""What keeps published totals from being whole, the largest share missing first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from warehouse.build.marts import describe_columns
from warehouse.contracts.model import Contract, Text
from warehouse.site.page import Site
from warehouse.site.received import Row
from warehouse.site.text import join, say

_NOTE = re.compile(r"\s*\([^()]*\)$")

_OPEN = """
    select
        coverage.dataset,
        coverage.period,
        coverage.reporter_code,
        coverage.state,
        coverage.submission_id,
        coverage.due_on,
        coverage.due_on < getvariable('night_at')::date as is_late
    from core_coverage as coverage
    inner join core_newest_period as newest using (dataset)
    where
        coverage.is_expected
        and coverage.state not in ('accepted', 'nil')
        and (
            coverage.period = newest.period
            or coalesce(coverage.locked_on >= getvariable('night_at')::date, false)
        )
        and (coverage.state <> 'missing' or coverage.due_on < getvariable('night_at')::date)
    order by all
"""
_COUNTS = """
    select
        dataset,
        period,
        count(*) filter (where is_expected or state in ('accepted', 'nil')) as expected,
        count(*) filter (where state in ('accepted', 'nil')) as included
    from core_coverage
    group by dataset, period
"""
_KNOWN = """
    select
        reporter_code,
        max_by(submission_id, period) filter (where period = $period) as included_id,
        max_by(submission_id, period) filter (where period < $period) as earlier_id
    from core_included_submission
    where dataset = $dataset and period <= $period
    group by reporter_code
"""


@dataclass(frozen=True)
class Missing:
    """One number of the city that lacks something.

    Attributes:
        title: what is counted.
        missing: what the open forms gave when last accepted; None where they never were.
        total: that, and what is included; the best guess of the whole.
    """

    title: Text
    missing: Decimal | None
    total: Decimal

    @property
    def share(self) -> Decimal | None:
        """The part of the whole that is missing; None where nothing is known of it."""
        return self.missing / self.total if self.missing is not None and self.total > 0 else None


@dataclass(frozen=True)
class Blocker:
    """One open form: whose, and what became of it so far."""

    reporter: Text
    state: str
    submission_id: int | None
    due_on: Any
    is_late: bool
    given: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Blocked:
    """A form's city totals of one period, and what they lack.

    Attributes:
        published: mart by mart, the measures that rest on the form.
        expected: forms the totals should rest on.
        included: forms they do.
        figures: what the contract counts, with how much of it is missing.
        blockers: the open forms, the largest first.
    """

    dataset: str
    title: Text
    period: str
    published: tuple[tuple[str, Text], ...]
    expected: int
    included: int
    figures: tuple[Missing, ...]
    blockers: tuple[Blocker, ...]

    @property
    def share(self) -> Decimal:
        """The largest known share missing; the share of forms where nothing else is known."""
        known = [figure.share for figure in self.figures if figure.share is not None]
        return max(known) if known else Decimal(len(self.blockers)) / max(self.expected, 1)


def list_blocked(site: Site) -> list[Blocked]:
    """The totals of each form's newest period, and of those not locked yet, that lack something.

    Sizes are what each open form gave when it was last accepted, so a share compares sums of money
    with counts of patents. A form that is not due yet blocks nothing.
    """
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in site.fetch(_OPEN):
        grouped[row["dataset"], row["period"]].append(row)
    counts = {(row["dataset"], row["period"]): row for row in site.fetch(_COUNTS)}
    blocked = [
        _describe(site, site.expectations.contracts[dataset], period, rows, counts[dataset, period])
        for (dataset, period), rows in grouped.items()
    ]
    return sorted(blocked, key=lambda item: (-item.share, -len(item.blockers), item.dataset))


def _describe(
    site: Site, contract: Contract, period: str, rows: Sequence[Row], count: Row
) -> Blocked:
    measures = [(figure.title, figure.expression) for figure in contract.figure]
    measures = measures or [(say("rows"), "count(*)")]
    known = {
        row["reporter_code"]: row
        for row in site.fetch(_KNOWN, {"dataset": contract.dataset, "period": period})
    }
    wanted = {
        number for row in known.values() for number in (row["included_id"], row["earlier_id"])
    }
    values = _measure(site, contract, [item[1] for item in measures], wanted - {None})
    nothing: tuple[Decimal | None, ...] = (None,) * len(measures)
    earlier = {code: row["earlier_id"] for code, row in known.items()}
    given = {
        row["reporter_code"]: values.get(earlier.get(row["reporter_code"]) or 0, nothing)
        for row in rows
    }
    included = [values[row["included_id"]] for row in known.values() if row["included_id"]]
    figures = tuple(
        _sum(title, [line[at] for line in included], [line[at] for line in given.values()])
        for at, (title, _) in enumerate(measures)
    )
    blockers = [
        Blocker(
            site.name_reporter(row["reporter_code"]),
            row["state"],
            row["submission_id"],
            row["due_on"],
            row["is_late"],
            given[row["reporter_code"]],
        )
        for row in rows
    ]
    return Blocked(
        dataset=contract.dataset,
        title=contract.title,
        period=period,
        published=_list_published(site, contract.dataset),
        expected=count["expected"],
        included=count["included"],
        figures=figures,
        blockers=tuple(sorted(blockers, key=lambda item: -(item.given[0] or 0))),
    )


def _measure(
    site: Site, contract: Contract, expressions: Sequence[str], numbers: set[int]
) -> dict[int, tuple[Decimal | None, ...]]:
    """What each submission amounts to; a nil report, which has no rows, to nothing."""
    columns = ", ".join(f"try_cast({text} as decimal(28, 6))" for text in expressions)
    found = site.connection.execute(
        f"select submission_id, {columns} from core.{contract.dataset} "  # noqa: S608
        "where list_contains(?, submission_id) group by submission_id",
        [sorted(numbers)],
    ).fetchall()
    zero: tuple[Decimal | None, ...] = (Decimal(0),) * len(expressions)
    return dict.fromkeys(numbers, zero) | {number: tuple(line) for number, *line in found}


def _sum(
    title: Text, included: Sequence[Decimal | None], given: Sequence[Decimal | None]
) -> Missing:
    known = [value for value in given if value is not None]
    missing = sum(known, Decimal(0)) if known else None
    return Missing(
        title, missing, sum((value or Decimal(0) for value in included), missing or Decimal(0))
    )


def _list_published(site: Site, dataset: str) -> tuple[tuple[str, Text], ...]:
    """The marts that read a form's rows, with their measures."""
    published = []
    for model in site.rules.marts.values():
        if f"included.{dataset}" not in model.sources:
            continue
        measures = [
            Text(zh=column.title, en=_NOTE.sub("", column.meaning))
            for column in describe_columns(model)
            if column.unit
        ]
        published.append((model.table, join(measures) if measures else say("reported indicators")))
    return tuple(published)
