"""Reads what was accepted of a form's earlier periods, for its next blank workbook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from warehouse.build.views import Cut, open_views
from warehouse.contracts.codes import Codes, Reporter, UnitOfMeasure
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract, Figure
from warehouse.history import NoHistory, look_back, open_bench
from warehouse.ledger.chain import find_cut
from warehouse.ledger.lease import LeaseHeld
from warehouse.periods import PARTS, Period
from warehouse.settings import Settings
from warehouse.sql_files import load_sql

Value = str | int | date | Decimal | None
TypedRow = dict[str, Value]
Row = dict[str, str | int | float]
"""A printed row of a blank form, as it is written."""


@dataclass(frozen=True)
class Earlier:
    """What was accepted of one earlier period.

    Attributes:
        rows: a row per row of the form, in its order: codes for names, money in yuan, 不适用 for
            what was said not to apply; a figure that awaits an explanation is None.
        figures: what the form amounts to, by figure and reporting unit; None for the whole form.
    """

    period: Period
    rows: tuple[TypedRow, ...]
    figures: dict[tuple[str, str | None], Decimal]


@dataclass(frozen=True)
class Prefill:
    """Earlier periods of one form; None where nothing was accepted."""

    previous: Earlier | None
    year_before: Earlier | None


def read_prefill(
    settings: Settings,
    expectations: Expectations,
    contract: Contract,
    reporter: Reporter,
    period: Period,
) -> Prefill | None:
    """Reads the period before and the same period a year before, as they stand now.

    Returns:
        None where nothing is known of either: no warehouse yet, one that a night holds, or one
        that an older version made.
    """
    try:
        with _open_accepted(settings, expectations) as connection:
            periods = (period.previous, period.shift(-PARTS[period.period_type]))
            found = [_read_earlier(connection, contract, reporter, each) for each in periods]
    except (duckdb.Error, LeaseHeld, NoHistory, OSError):
        return None
    return Prefill(*found) if any(found) else None


def fill_prior_year(
    contract: Contract, codes: Codes, rows: list[Row], prefill: Prefill | None
) -> list[Row]:
    """Gives each indicator of the whole city the figure accepted for it a year before.

    In the unit printed in its row. A figure that was accepted as about so much is no exact one and
    is left out.
    """
    checks = {rule.check: rule.column for rule in contract.rule}
    name, earlier = checks.get("prior_year_differs"), prefill and prefill.year_before
    if name is None or not earlier:
        return rows
    units = {unit.name: unit for unit in codes.units_of_measure}
    exact = {
        str(row["indicator_code"]): row
        for row in earlier.rows
        if row["reporting_unit"] == codes.city.code and row["qualifier"] is None
    }
    filled: list[Row] = []
    for row in rows:
        before = exact.get(str(row["indicator_code"]))
        value = _convert(before, units[str(row["unit"])], units) if before else None
        filled.append(row if value is None else {**row, name: float(value)})
    return filled


def _convert(row: TypedRow, unit: UnitOfMeasure, units: dict[str, UnitOfMeasure]) -> Decimal | None:
    """An earlier figure in another unit; None where it was withheld or does not convert."""
    stated = units[str(row["unit"])]
    if row["value"] is None or stated.base != unit.base:
        return None
    return Decimal(str(row["value"])) * stated.factor / unit.factor


@contextmanager
def _open_accepted(
    settings: Settings, expectations: Expectations
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse with its views, read-only and under the lease: a night that starts waits."""
    contracts = expectations.contracts.values()
    with open_bench(settings) as connection, look_back(connection, settings, contracts, 0):
        models = load_sql("core", extra=settings.sql_extra)
        cut = Cut(find_cut(connection), datetime.now(UTC), 0)
        open_views(connection, expectations, cut, models)
        yield connection


def _read_earlier(
    connection: duckdb.DuckDBPyConnection, contract: Contract, reporter: Reporter, period: Period
) -> Earlier | None:
    source = f"included_{contract.dataset} where reporter_code = ? and period = ?"
    place = [reporter.code, str(period)]
    cursor = connection.execute(
        f"select * from {source} order by source_sheet, source_row",  # noqa: S608
        place,
    )
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if not rows:
        return None
    figures = {
        (figure.name, unit): value
        for figure in contract.figure
        for unit, value in _add_up(connection, contract, figure, source, place)
    }
    return Earlier(period, tuple(_type_row(contract, row) for row in rows), figures)


def _type_row(contract: Contract, row: dict[str, Any]) -> TypedRow:
    absent = set(row["not_applicable"] or ())
    return {
        column.name: "不适用" if column.name in absent else row[column.name]
        for column in contract.column
    }


def _add_up(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    figure: Figure,
    source: str,
    place: list[str],
) -> list[tuple[str | None, Decimal]]:
    unit = next((c.name for c in contract.column if c.type == "reporting_unit"), None)
    by_unit = unit if figure.by_unit and unit else "null"
    found = connection.execute(
        f"select {by_unit}, ({figure.expression})::decimal(28, 6) from {source} "  # noqa: S608
        "group by 1 having count(*) > 0 order by 1",
        place,
    ).fetchall()
    return [(code, value) for code, value in found if value is not None]
