"""Reads the grid of one period from the published file: every form, its state, and the rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from warehouse.contracts.model import Text
from warehouse.obligations.working_days import count_working_days, describe_calendar_end
from warehouse.periods import Period
from warehouse.query import resolve_release, run_query
from warehouse.settings import CITY_TIME

_ROWS = """
    select
        dataset, period, reporter_code, reporter, expected, state, round, submission_id, due_on,
        locked_on, first_arrived_at, accepted_at, days_late, is_filled
    from mart.coverage
    where period = '{period}'
    order by dataset, reporter_code
"""
_RATES = """
    select
        dataset, expected_count, arrived_count, filled_count, accepted_count, arrived_pct,
        filled_pct, accepted_pct
    from mart.coverage_rate
    where period = '{period}'
    order by dataset = '全部', dataset
"""
_PERIODS = """
    select period, bool_or(expected and submission_id is not null) as is_begun
    from mart.coverage
    group by period
"""
_RELEASE = "select published_at, is_replayed from mart.release order by release_id desc limit 1"


@dataclass(frozen=True)
class Grid:
    """What became of every form of one period.

    Attributes:
        period: the one asked for, else the newest for which an expected form has come.
        as_of: the day looked from: today, or the day of the last night where that was replayed.
        rows: one per form that was owed or came without being owed: the columns of `mart.coverage`
            with `days_late` as of that day, and `is_due`: the due date has passed.
        rates: one per dataset and one, `全部`, over all: the columns of `mart.coverage_rate`.
        warning: what is to be said of the holiday data.
    """

    period: Period | None
    as_of: date
    rows: list[dict[str, Any]]
    rates: list[dict[str, Any]]
    warning: Text | None


def read_grid(pointer: Path, period: Period | None, now: datetime) -> Grid:
    """Reads one period's grid; empty where nobody owes anything for it.

    A release is made only where figures change, so how late a form is by now is counted here.

    Raises:
        QueryError: there is no published file, or it cannot be read.
    """
    path = resolve_release(pointer)
    as_of = _find_day(path, now)
    chosen = period or _find_newest(path)
    if chosen is None:
        warning = describe_calendar_end(as_of, has_unknown_dates=False)
        return Grid(None, as_of, [], [], warning)
    # A period is written with digits, Q and - alone.
    rows = _read(path, _ROWS.format(period=chosen))
    for row in rows:
        _bring_up_to(as_of, row)
    unknown = any(row["expected"] and not (row["due_on"] and row["locked_on"]) for row in rows)
    warning = describe_calendar_end(as_of, has_unknown_dates=unknown)
    return Grid(chosen, as_of, rows, _read(path, _RATES.format(period=chosen)), warning)


def _find_day(path: Path, now: datetime) -> date:
    [release] = _read(path, _RELEASE)
    clock: datetime = release["published_at"] if release["is_replayed"] else now
    return clock.astimezone(CITY_TIME).date()


def _find_newest(path: Path) -> Period | None:
    found = _read(path, _PERIODS)
    begun = [row for row in found if row["is_begun"]] or found
    periods = [Period.parse(row["period"]) for row in begun]
    return max(periods, key=lambda item: (item.end, item.period_type == "quarter"), default=None)


def _bring_up_to(as_of: date, row: dict[str, Any]) -> None:
    """Counts a row's days late as the view does, on another day than that of the release."""
    due_on, accepted_at = row["due_on"], row["accepted_at"]
    row["is_due"] = due_on is not None and due_on < as_of
    if row["expected"] and due_on is not None and accepted_at is None:
        late = count_working_days(due_on, as_of) if row["is_due"] else None
        row["days_late"] = None if late is None else max(late, 0)


def _read(path: Path, sql: str) -> list[dict[str, Any]]:
    return run_query(path, sql).frame.to_dicts()
