"""Makes every figure of every mart again from the evidence rows, and lists those that differ.

Written as one query a measure over all periods, units and dimensions at once: apart from the code
that gathers one figure, and from the marts, which use neither of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.build.marts import describe_columns, dimensions_of
from warehouse.evidence.contributions import ALL, REPORTED
from warehouse.sql_files import SqlFile

CITY = "420200"


@dataclass(frozen=True)
class Compared:
    """How many figures of a measure there are, and those that the rows do not make."""

    measure: str
    figures: int
    differing: list[tuple[Any, ...]]


def compare_figures(
    connection: duckdb.DuckDBPyConnection, model: SqlFile, table: str
) -> list[Compared]:
    """Compares all figures of one mart.

    Args:
        connection: with `open_evidence` called.
        model: the mart's file.
        table: where it was built.
    """
    columns = describe_columns(model)
    dimensions = dimensions_of(columns)
    return [
        _compare(connection, f"evidence_{model.name}", table, item.name, dimensions)
        for item in columns
        if item.unit
    ]


def _compare(
    connection: duckdb.DuckDBPyConnection,
    evidence: str,
    table: str,
    measure: str,
    dimensions: list[str],
) -> Compared:
    cell = ", ".join(["period", "reporting_unit_code", *dimensions])
    spread = "".join(f", unnest([{name}, '{ALL}']) as of_{name}({name})" for name in dimensions)
    chosen = ", ".join(
        ["row.period", "unit.reporting_unit_code", *(f"of_{name}.{name}" for name in dimensions)]
    )
    rows = f"""
        select {chosen}, row.thing, row.amount, coalesce(row.precedence, 0) as precedence
        from (select * from {evidence} where measure = '{measure}') as row,
            unnest([row.reporting_unit_code, '{CITY}']) as unit(reporting_unit_code){spread}
    """
    made = f"""
        select {cell}, sum(adds) as value
        from (
            select {cell}, thing,
                case
                    when thing is null then sum(amount)
                    when count(amount) = 0 then 1
                    else max_by(amount, (precedence, amount))
                end as adds
            from ({rows})
            group by {cell}, thing
        )
        group by {cell}
    """
    same = " and ".join(
        f"mart.{name} is not distinct from made.{name}" for name in cell.split(", ")
    )
    differing = connection.execute(
        f"select {', '.join(f'mart.{name}' for name in cell.split(', '))}, mart.{measure}, "
        f"made.value from {table} as mart left join ({made}) as made on {same} "
        f"where mart.{measure} is not null and mart.{measure} <> coalesce(made.value, 0)"
    ).fetchall()
    count = connection.execute(f"select count({measure}) from {table}").fetchone()
    return Compared(measure, count[0] if count else 0, differing)


def compare_reported(connection: duckdb.DuckDBPyConnection, table: str) -> Compared:
    """Compares all indicators that departments report with the rows that report them."""
    differing = connection.execute(
        f"""
        select series.series_code, series.period, series.reporting_unit_code, series.value,
            made.amount
        from {table} as series
        left join evidence_{REPORTED} as made
            on
                series.series_code = made.measure
                and series.period = made.period
                and series.reporting_unit_code = made.reporting_unit_code
        where series.basis = 'reported' and (
            made.measure is null
            or series.value is distinct from made.amount
            or series.qualifier is distinct from made.qualifier
        )
        """
    ).fetchall()
    count = connection.execute(f"select count(*) from {table} where basis = 'reported'").fetchone()
    return Compared(REPORTED, count[0] if count else 0, differing)
