"""What reporters sent before: the accepted forms that the corpus is held against.

Of every contract a department or a reporting unit, and both where both owe it, had its form of the
period before accepted; of figures that of a year before as well. One register of the period itself
is in, for a reporting unit of its own, so that reported figures can be held against it, and those
that several departments owe are in for the second of them, so that they can be revised.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tests.form_maker import PERIODS, Row, make_rows
from warehouse.contracts.codes import Indicator, Reporter
from warehouse.contracts.load import load_expectations
from warehouse.contracts.model import NUMERIC_TYPES, Column, Contract, Figure, Rule
from warehouse.periods import PARTS, Period

EXTRA = Path(__file__).parent / "cases" / "gate"
"""Declares a form no office sends, with a column of every type and a share among them."""
EXPECTATIONS = load_expectations(extra=EXTRA / "expectations")
CONTRACTS, CODES = EXPECTATIONS.contracts, EXPECTATIONS.codes
KEPT = 12
FIGURE = "value"
"""The column that checks of indicators read."""


@dataclass(frozen=True)
class History:
    """Rows accepted of one reporter's forms.

    Attributes:
        before: of the period before.
        year_before: of figures, of the same period a year before; the same keys.
    """

    contract: Contract
    before: list[Row]
    year_before: list[Row]

    def before_of(self, row: Row) -> Row | None:
        """The row of the same key in the period before."""
        return _find_key(self.contract, row, self.before)

    def year_before_of(self, row: Row) -> Row | None:
        """The row of the same key a year before."""
        return _find_key(self.contract, row, self.year_before)

    @property
    def locked(self) -> Period:
        """A period whose form was accepted, which is locked, and of which no register is in."""
        period = PERIODS[self.contract.period_type]
        return year_before(period) if self.contract.kind == "figures" else period.previous


def _find_key(contract: Contract, row: Row, rows: Sequence[Row]) -> Row | None:
    same = (one for one in rows if all(one[name] == row[name] for name in contract.key))
    return next(same, None)


def year_before(period: Period) -> Period:
    """The same period a year before."""
    return period.shift(-PARTS[period.period_type])


def list_reporters(contract: Contract) -> list[Reporter]:
    """The first department and the first reporting unit of those that owe a form."""
    first: dict[str, Reporter] = {}
    for reporter in CODES.owing(contract.owed_by):
        first.setdefault(reporter.kind, reporter)
    return list(first.values())


def find_counting() -> tuple[Contract, Reporter] | None:
    """A register that a single reporting unit owes and that counts an indicator, and its reporter.

    The last to owe it: the corpus is sent by the first.
    """
    for indicator in CODES.indicators:
        contract = CONTRACTS.get(indicator.counted.mart) if indicator.counted else None
        if contract and contract.owed_by == ("reporting_units",):
            return contract, CODES.owing(contract.owed_by)[-1]
    return None


def find_revised(contract: Contract) -> Reporter | None:
    """The department whose register of the period itself was accepted: the second to owe it."""
    departments = [item for item in CODES.owing(contract.owed_by) if item.kind == "department"]
    return departments[1] if contract.kind == "register" and len(departments) > 1 else None


def list_counted(contract: Contract) -> list[Indicator]:
    """The indicators that a register counts."""
    return [
        item for item in CODES.indicators if item.counted and item.counted.mart == contract.dataset
    ]


@functools.cache
def find_history(dataset: str, reporter_code: str) -> History:
    """What was accepted of a reporter; the same each time."""
    contract, reporter = CONTRACTS[dataset], CODES.reporter(reporter_code)
    dice = random.Random(f"{dataset} {reporter_code}")
    rows = draw_rows(contract, reporter, KEPT * 2, dice)
    if contract.kind == "register":
        return History(contract, rows[:KEPT], [])
    # Half of the keys there are, where they are few: the others are new this period.
    before = [_blank_comparisons(contract, row) for row in rows[: len(rows) // 2]]
    return History(contract, before, [_shrink(contract, row) for row in before])


def draw_rows(contract: Contract, reporter: Reporter, count: int, dice: random.Random) -> list[Row]:
    """Valid rows, dated up to the end of the period before; none that a register in hand counts."""
    period = PERIODS[contract.period_type].previous
    rows = make_rows(contract, CODES, reporter, period, count, dice)
    counting, unit = find_counting(), find_unit_column(contract)
    code = next((c.name for c in contract.column if c.type == "indicator_code"), None)
    if contract.kind == "register" or counting is None or code is None or unit is None:
        return rows
    stated = {item.code for item in CODES.indicators if _is_stated(item)}
    counted = counting[1].reporting_unit_code
    return [row for row in rows if row[unit] != counted and row[code] not in stated]


def _is_stated(indicator: Indicator) -> bool:
    """Whether another form of figures says the same, which is in for every period of history."""
    contract = CONTRACTS.get(indicator.counted.mart) if indicator.counted else None
    return contract is not None and contract.kind == "figures"


@functools.cache
def draw_fresh_rows(dataset: str, reporter_code: str, count: int, seed: int) -> list[Row]:
    """Rows that were not there the period before.

    In a register each counts for the figures as one of the period before does: a figure grows by
    the factor the rows do, whatever is filtered.
    """
    contract, reporter = CONTRACTS[dataset], CODES.reporter(reporter_code)
    history = find_history(dataset, reporter_code)
    dice = random.Random(f"{dataset} {reporter_code} {seed}")
    drawn = draw_rows(contract, reporter, count + len(history.before), dice)
    fresh = [row for row in drawn if history.before_of(row) is None][:count]
    for number, row in enumerate(fresh):
        twin = history.before[number % len(history.before)]
        row |= {name: twin[name] for name in _filtering(contract)}
    return fresh


def settle_row(contract: Contract, row: Row, history: History) -> Row:
    """Makes a row agree with what was accepted a year before."""
    earlier = history.year_before_of(row)
    for rule in contract.rule if earlier else ():
        if rule.check == "growth_recomputes":
            row[rule.arguments["growth"]] = recompute_growth(rule, row, earlier)
        elif rule.check == "prior_year_differs":
            row[rule.column or ""] = earlier[FIGURE]
    return row


def recompute_growth(rule: Rule, row: Row, earlier: Row) -> Decimal | None:
    """Growth in per cent as a row's own figure and that of a year before give it."""
    now, then = (Decimal(str(one[rule.arguments["value"]])) for one in (row, earlier))
    return round((now - then) * 100 / then, 2) if then else None


def find_unit_column(contract: Contract) -> str | None:
    """The column that says which reporting unit a row is of."""
    return next((c.name for c in contract.column if c.type == "reporting_unit"), None)


def reads(figure: Figure, column: Column) -> bool:
    """Whether a figure depends on a column."""
    is_unit = figure.by_unit and column.type == "reporting_unit"
    return is_unit or re.search(rf"\b{column.name}\b", figure.expression) is not None


def _filtering(contract: Contract) -> list[str]:
    """The columns of codes by which a register's figures choose their rows."""
    return [
        column.name
        for column in contract.column
        if contract.kind == "register"
        and contract.figure
        and column.name not in contract.key
        and (column.type == "reporting_unit" or column.type == "code")
        and (column.type == "reporting_unit" or any(reads(f, column) for f in contract.figure))
    ]


def _blank_comparisons(contract: Contract, row: Row) -> Row:
    """A row of a first form: nothing in it looks back, and its figures are exact."""
    looking = {
        str(rule.arguments.get("growth", rule.column))
        for rule in contract.rule
        if rule.check in {"growth_recomputes", "prior_year_differs"}
    }
    optional = {c.name for c in contract.column if c.type == "code" and not c.required}
    return {name: None if name in looking | optional else value for name, value in row.items()}


def _shrink(contract: Contract, row: Row) -> Row:
    """The same row of a year before: its whole numbers were a fifth smaller."""
    counts = {c.name for c in contract.column if c.type == "integer" and c.required}
    return {
        name: max(int(str(value)) * 4 // 5, 1) if name in counts else value
        for name, value in row.items()
    }


def evaluate(contract: Contract, figure: Figure, rows: Sequence[Row]) -> dict[str | None, Decimal]:
    """What rows amount to by the contract's own expression, by reporting unit or as a whole."""
    schema = {column.name: _STORED.get(column.type, pl.String()) for column in contract.column}
    unit = find_unit_column(contract) if figure.by_unit else None
    connection = _open_scratch()
    connection.register("form", pl.DataFrame(list(rows), schema=schema, orient="row"))
    values = connection.execute(
        f"select {unit or 'null'}, ({figure.expression})::decimal(28, 6) from form group by all"
    ).fetchall()
    return dict(values)


@functools.cache
def amount_before(dataset: str, reporter_code: str, figure_name: str) -> dict[str | None, Decimal]:
    """What the accepted form of the period before amounts to."""
    contract = CONTRACTS[dataset]
    figure = next(figure for figure in contract.figure if figure.name == figure_name)
    return evaluate(contract, figure, find_history(dataset, reporter_code).before)


@functools.cache
def _open_scratch() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


_STORED: dict[str, Any] = {
    "integer": pl.Int64(),
    "date": pl.Date(),
    **dict.fromkeys(NUMERIC_TYPES - {"integer"}, pl.Decimal(28, 6)),
}
