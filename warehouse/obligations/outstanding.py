"""Lists what reporters still have to do, and the exceptions in force; read from a night's views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text, list_asking
from warehouse.obligations.config import ReminderConfig
from warehouse.obligations.working_days import count_working_days, describe_calendar_end

Kind = Literal["returned", "withdrawn", "held", "withheld", "revised", "missing"]
_ORDER = ("returned", "withdrawn", "held", "withheld", "revised", "missing")
COUNTING = frozenset({"withheld", "revised"})
"""What is outstanding of forms that count: nothing of them is late."""
_KINDS: dict[str, Kind] = {
    "rejected": "returned",
    "returned": "returned",
    "withdrawn": "withdrawn",
    "held": "held",
    "missing": "missing",
}


@dataclass(frozen=True)
class Outstanding:
    """One form that its reporter still has to do something for.

    Attributes:
        kind: `returned` to be mended, `withdrawn` to be sent anew, `held` to be explained,
            `withheld`: accepted, with figures that are not published until they are explained,
            `revised`: accepted in the place of another, and nobody has said why, `missing`:
            nothing came yet.
        round: files that came for it so far.
        submission_id: the last of them, or the one that counts.
        due_on: None where the holiday data does not reach.
        is_past: the due date has passed.
        days_late: working days past the due date; None before it, and where it cannot be told.
        days_left: working days up to the due date; None after it, and where it cannot be told.
        unexplained: figures withheld, or questions open that hold nothing.
        workbook: the returned workbook, below the outbox.
    """

    kind: Kind
    dataset: str
    reporter: str
    period: str
    round: int
    submission_id: int | None
    due_on: date | None
    is_past: bool
    days_late: int | None
    days_left: int | None
    unexplained: int
    workbook: str | None


def list_outstanding(
    connection: duckdb.DuckDBPyConnection,
    expectations: Expectations,
    config: ReminderConfig,
    today: date,
) -> list[Outstanding]:
    """What every reporter has to do, the newest due date first within a kind.

    Forms that are not owed, are excused, or were due longer ago than `days_back` are left out; so
    are forms of which nothing came yet, until `days_ahead` working days before they are due.
    """
    figures = [name for name, item in expectations.contracts.items() if item.kind == "figures"]
    found = connection.execute(
        """
        with withheld as (
            select submission_id, count(*) as finding_count
            from core_finding
            where severity = 'explain' and is_open and source_row is not null
            group by all
        ),

        asked as (
            select submission_id, count(*) as finding_count
            from core_finding
            where severity = 'explain' and is_open
                and list_contains($asking::varchar[], rule_id)
            group by all
        ),

        workbook as (
            select submission_id, max_by(path, recorded_at) as path
            from ledger.delivery
            where kind = 'returned'
            group by all
        )

        select
            coverage.state, coverage.dataset, coverage.reporter_code, coverage.period,
            coverage.round, coverage.submission_id, coverage.due_on, coverage.days_late,
            case
                when coverage.dataset in (select unnest($figures::varchar[]))
                    then coalesce(withheld.finding_count, 0)
                else 0
            end as withheld_count,
            coalesce(asked.finding_count, 0) as asked_count,
            workbook.path
        from core_coverage as coverage
        left join withheld on coverage.submission_id = withheld.submission_id
        left join asked on coverage.submission_id = asked.submission_id
        left join workbook on coverage.submission_id = workbook.submission_id
        where
            coverage.is_expected
            and coalesce(coverage.due_on >= $oldest, true)
            and (
                coverage.state not in ('accepted', 'nil') or withheld_count > 0 or asked_count > 0
            )
        """,
        {
            "oldest": today - timedelta(days=config.days_back),
            "figures": figures,
            "asking": list_asking(expectations.codes.common_rules),
        },
    ).fetchall()
    items = [item for row in found for item in _describe(today, *row)]
    kept = [item for item in items if item.kind != "missing" or _is_near(item, config)]
    return sorted(kept, key=_rank)


def _describe(today: date, state: str, *facts: Any) -> Iterator[Outstanding]:  # noqa: ANN401
    dataset, reporter, period, round_, number, due_on, days_late, *counts, workbook = facts
    is_past = due_on is not None and due_on < today
    left = count_working_days(today, due_on) if due_on and not is_past else None
    kinds: dict[Kind, int] = dict(zip(("withheld", "revised"), counts, strict=True))
    if state in _KINDS:
        kinds = {_KINDS[state]: 0}
    for kind, count in kinds.items():
        if count or kind not in COUNTING:
            yield Outstanding(
                kind, dataset, reporter, period, round_, number, due_on, is_past, days_late, left,
                count, workbook,
            )  # fmt: skip


def _is_near(item: Outstanding, config: ReminderConfig) -> bool:
    """Whether a form that did not come is asked for; not where its due date cannot be told."""
    if item.due_on is None:
        return False
    return item.is_past or (item.days_left or 0) <= config.days_ahead


def _rank(item: Outstanding) -> tuple[int, int, str, str, str]:
    due = item.due_on or date.max
    return _ORDER.index(item.kind), -due.toordinal(), item.dataset, item.period, item.reporter


def list_exemptions(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The exceptions in force, those that end first before the others.

    Returns:
        Per exception: exemption_id, kind (`lock` or `excuse`), dataset, reporter_code, period,
        granted_by, reason and ends_on, None for an excuse without end.
    """
    cursor = connection.execute(
        "select exemption_id, kind, dataset, reporter_code, period, granted_by, reason, ends_on "
        "from core_exemption order by ends_on nulls last, exemption_id"
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def warn_of_calendar(connection: duckdb.DuckDBPyConnection, today: date) -> Text | None:
    """The warning that the holiday data has ended; None while every date can be told."""
    row = connection.execute(
        "select coalesce(bool_or(due_on is null or locked_on is null), false) from codes_obligation"
    ).fetchone()
    return describe_calendar_end(today, has_unknown_dates=bool(row and row[0]))
