"""What a form amounts to: its rows, the figures its contract declares, its columns added up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Column, Contract, Text
from warehouse.decide.model import Total
from warehouse.decide.rows import Rows
from warehouse.gate.checks import ADDED_TYPES
from warehouse.read.headings import compared_columns

_MONEY_NOTE = re.compile(r"[(（][^()（）]*元[)）]$")
_Amounts = dict[tuple[str, str | None], Decimal | None]
"""Numbers by name and reporting unit's code, which is None for the form as a whole."""


@dataclass(frozen=True)
class _Measure:
    """A number to be taken of a form: SQL over its rows."""

    name: str
    title: Text
    expression: str
    by_unit: bool = False


def compare_totals(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    before: Rows | None,
    after: Rows | None,
) -> tuple[Total, ...]:
    """The totals of two forms side by side; of one that is not there they are empty."""
    measures = _list_measures(contract)
    old, new = (_measure(connection, contract, measures, rows) for rows in (before, after))
    totals = []
    for measure in measures:
        place = (measure.name, None)
        totals.append(Total(*place, measure.title, old.get(place), new.get(place)))
        for unit in expectations.codes.reporting_units if measure.by_unit else ():
            key = (measure.name, unit.code)
            if key in old or key in new:
                totals.append(
                    Total(measure.name, unit.name, measure.title, old.get(key), new.get(key))
                )
    return tuple(totals)


def head_column(column: Column) -> str:
    """A column's heading with the unit its values are shown in."""
    if column.type == "money":
        return f"{_MONEY_NOTE.sub('', column.heading)}（元）"
    return f"{column.heading}（{column.unit}）" if column.unit else column.heading


def _list_measures(contract: Contract) -> list[_Measure]:
    """The numbers of a contract; a column a figure already adds up is not added up again."""
    rows = _Measure("rows", Text(zh="行数", en="rows"), "count(*)")
    figures = [
        _Measure(figure.name, figure.title, figure.expression, figure.by_unit)
        for figure in contract.figure
    ]
    known = {re.sub(r"\s", "", measure.expression) for measure in figures}
    sums = [
        _Measure(column.name, _title(column), f'sum("{column.name}")')
        for column in _added_columns(contract)
        if f"sum({column.name})" not in known
    ]
    return [rows, *figures, *sums]


def _added_columns(contract: Contract) -> list[Column]:
    """Columns whose values add up; rows of different indicators are counted in different units."""
    columns = compared_columns(contract)
    if any(column.type == "indicator_code" for column in columns):
        return []
    return [column for column in columns if column.type in ADDED_TYPES]


def _title(column: Column) -> Text:
    unit = " (yuan)" if column.type == "money" else ""
    return Text(zh=f"{head_column(column)}合计", en=f"sum of {column.name}{unit}")


def _measure(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    measures: Sequence[_Measure],
    rows: Rows | None,
) -> _Amounts:
    if rows is None:
        return {}
    unit = next((f'"{c.name}"' for c in contract.column if c.type == "reporting_unit"), "null")
    values = ", ".join(f"try_cast({measure.expression} as decimal(28, 6))" for measure in measures)
    found = connection.execute(
        f"""
        with kept as (select *, {unit}::varchar as unit_code from ({rows.source}))
        select unit_code, {values}
        from kept
        group by grouping sets ((), (unit_code))
        having grouping(unit_code) = 1 or unit_code is not null
        """  # noqa: S608
    ).fetchall()
    amounts = {
        (measure.name, code): value
        for code, *numbers in found
        for measure, value in zip(measures, numbers, strict=True)
        if code is None or measure.by_unit
    }
    if rows.is_nil:
        amounts |= {place: Decimal(0) for place, value in amounts.items() if value is None}
    return amounts
