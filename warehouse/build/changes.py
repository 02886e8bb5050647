"""Splits what moved a published figure into the ledger entries that did it.

The entries between two releases are played again in their order, and the figure is read after each:
what one entry changed is its part, so the parts add up to the whole to the last digit, for distinct
counts as well as for sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from warehouse.build.entries import Entry, list_entries
from warehouse.build.marts import (
    MartColumn,
    build_marts,
    describe_columns,
    select_figures,
    trace_datasets,
)
from warehouse.build.news import FIGURE_KEY
from warehouse.build.views import create_frame
from warehouse.contracts.load import Expectations
from warehouse.sql_files import SqlFile

REPORTED = "series"
"""Figures that a department reported have no mart of their own."""


@dataclass(frozen=True)
class Before:
    """The release before.

    Attributes:
        ledger_cut: last entry it was made from.
        is_same_method: contracts, models and program are still the same.
    """

    ledger_cut: int
    is_same_method: bool


def split_changes(
    connection: duckdb.DuckDBPyConnection,
    models: dict[str, SqlFile],
    expectations: Expectations,
    before: Before,
    ledger_cut: int,
) -> None:
    """Fills `news.series_change` for the figures that `news.series_vintage` shows to have moved.

    Args:
        connection: with the views open at the ledger cut, and the vintages found.
        models: the files of `sql/mart` by name.
        expectations: contracts and code lists.
        before: the release before.
        ledger_cut: last entry the release is made from.
    """
    moved = _find_moved(connection, before)
    if not moved:
        return
    readers = [models[mart] for mart in moved]
    build_marts(connection, models, expectations, "temp", readers=readers)
    base = "passing_of_time" if before.is_same_method else "definition_change"
    for mart, periods in moved.items():
        datasets = trace_datasets(models[mart], models, with_figures=False)
        query = _select_values(mart, describe_columns(models[mart]), periods)
        entries = list_entries(connection, before.ledger_cut, datasets)
        _play(connection, query, [before.ledger_cut, *(entry.sequence for entry in entries)])
        _append_parts(connection, mart, [Entry(0, base, None, None, None), *entries])
        _set_cut(connection, ledger_cut)


def _set_cut(connection: duckdb.DuckDBPyConnection, ledger_cut: int) -> None:
    connection.execute(f"set variable ledger_cut = {ledger_cut}::bigint")


def _find_moved(connection: duckdb.DuckDBPyConnection, before: Before) -> dict[str, list[str]]:
    """The periods of the figures that moved, by the mart they come from."""
    connection.execute(
        f"""
        create or replace temp table news_moved as
        select
            now.release_id,
            {", ".join(f"now.{name.strip()}" for name in FIGURE_KEY.split(","))},
            case
                when now.basis = 'reported' then '{REPORTED}'
                else split_part(now.series_code, '.', 1)
            end as mart,
            case when before.is_present then before.value end as value_before,
            case when now.is_present then now.value end as value_after
        from news_series_vintage as now
        inner join news_before as before using ({FIGURE_KEY})
        where
            now.is_present <> before.is_present
            or now.value is distinct from before.value
            or now.value_state is distinct from before.value_state
        """  # noqa: S608
    )
    found: dict[str, list[str]] = {}
    for mart, period in connection.execute(
        "select distinct mart, period from news_moved order by all"
    ).fetchall():
        found.setdefault(mart, []).append(period)
    return found


def _select_values(mart: str, columns: list[MartColumn], periods: list[str]) -> str:
    wanted = ", ".join(f"'{period}'" for period in periods)
    source = (
        "select * from mart_series where basis = 'reported'"
        if mart == REPORTED
        else select_figures(mart, columns, "temp")
    )
    return f"select {FIGURE_KEY}, value from ({source}) where period in ({wanted})"  # noqa: S608


def _play(connection: duckdb.DuckDBPyConnection, query: str, steps: Sequence[int]) -> None:
    """Reads the moved figures of one mart after each step."""
    connection.execute(
        "create or replace temp table news_value (step bigint, series_code varchar, "
        "period varchar, reporting_unit_code varchar, value decimal(28, 6))"
    )
    for step, cut in enumerate(steps):
        _set_cut(connection, cut)
        connection.execute(
            f"""
            insert into news_value
            select $step, {FIGURE_KEY}, figure.value
            from ({query}) as figure
            semi join news_moved using ({FIGURE_KEY})
            """,  # noqa: S608
            {"step": step},
        )


def _append_parts(
    connection: duckdb.DuckDBPyConnection, mart: str, entries: Iterable[Entry]
) -> None:
    """One part for each step after which a figure differs; what no step explains says so."""
    rows: list[dict[str, Any]] = [
        {
            "step": step,
            "cause": entry.cause,
            "sequence": entry.sequence or None,
            "submission_id": entry.submission_id,
            "reporter_code": entry.reporter_code,
            "decided_by": entry.decided_by,
        }
        for step, entry in enumerate(entries)
    ]
    rows.append({"step": len(rows), "cause": "unaccounted"})
    schema = {
        "step": pl.Int64, "cause": pl.String, "sequence": pl.Int64, "submission_id": pl.Int64,
        "reporter_code": pl.String, "decided_by": pl.String,
    }  # fmt: skip
    create_frame(connection, "news_step", pl.DataFrame(rows, schema=schema))
    connection.execute(
        f"""
        insert into news_series_change
        with reading as (
            select
                moved.release_id, moved.series_code, moved.period, moved.reporting_unit_code,
                news_step.*,
                case
                    when news_step.cause = 'unaccounted' then moved.value_after
                    else news_value.value
                end as value_after,
                moved.value_before as value_at_first
            from news_moved as moved
            cross join news_step
            left join news_value
                on
                    news_step.step = news_value.step
                    and moved.series_code = news_value.series_code
                    and moved.period = news_value.period
                    and moved.reporting_unit_code = news_value.reporting_unit_code
            where moved.mart = $mart
        ),

        part as (
            select
                *,
                case
                    when step = 0 then value_at_first
                    else lag(value_after) over (
                        partition by {FIGURE_KEY} order by step
                    )
                end as value_before
            from reading
            qualify value_after is distinct from value_before
        )

        select
            release_id, {FIGURE_KEY},
            row_number() over (partition by {FIGURE_KEY} order by step) as part_number,
            cause, sequence, submission_id, reporter_code, decided_by,
            value_before, value_after, coalesce(value_after, 0) - coalesce(value_before, 0)
        from part
        """,  # noqa: S608
        {"mart": mart},
    )
