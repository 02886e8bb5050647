"""The rows that figures are made of, and how a figure is made of them again.

A row of `sql/evidence/<mart>.sql` is what one source row adds to one measure. A figure takes those
of its unit (the city takes all), period and dimensions, and makes its value by one rule:

- rows with an amount alone are added up;
- rows with a thing alone are counted, each thing once;
- of rows with both, each thing gives the amount of its row of the highest precedence, the higher
  amount where two rows have the same, and these are added up.

`sql/evidence/series.sql` has the indicators that departments report: a row of it is the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import duckdb

from warehouse.build.views import readdress
from warehouse.evidence.model import Formula
from warehouse.sql_files import SqlFile

ALL = "全部"
"""The value of a dimension that a figure does not distinguish."""
REPORTED = "series"
"""The evidence file of figures that are reported, not counted."""

_ADDS = """
    select
        *,
        count(*) over () as row_count,
        case when count(*) over () = count(adds) over () then sum(adds) over () end as total
    from (
        select
            *,
            case
                when thing is null then amount
                when row_number() over (
                    partition by thing
                    order by coalesce(precedence, 0) desc, amount desc, submission_id,
                        source_sheet, source_row
                ) = 1
                    then coalesce(amount, 1)
                else 0
            end as adds
        from {rows}
    )
    order by coalesce(adds, 0) = 0, submission_id, source_sheet, source_row
"""


def open_evidence(connection: duckdb.DuckDBPyConnection, models: Mapping[str, SqlFile]) -> None:
    """Creates the views `evidence_<mart>` over those of `open_views`."""
    for model in models.values():
        query = readdress(model, {})
        connection.execute(f"create or replace temp view evidence_{model.name} as {query}")


def select_contributions(
    formula: Formula, period: str, unit: str | None, table: str | None = None
) -> tuple[str, list[str]]:
    """A SELECT of a figure's rows, those that add something first, and its values.

    Each row also says how many there are, what all of them make, and what it adds: a thing that
    stands in several rows is counted with one of them, and the others add 0. So the rows always sum
    to the figure.

    Args:
        formula: how the figure is made.
        period: of the figure.
        unit: its reporting unit; None for the city, whose figures take all rows.
        table: what holds the evidence, where it is not the view itself.
    """
    tests = ["measure = ?", "period = ?"]
    values = [formula.measure, period]
    if unit is not None:
        tests.append("reporting_unit_code = ?")
        values.append(unit)
    for name, value in formula.dimensions.items():
        tests.append(f'"{name}" = ?')
        values.append(value)
    rows = f"select * from {table or f'evidence_{formula.evidence}'} where {' and '.join(tests)}"  # noqa: S608
    return _ADDS.format(rows=f"({rows})"), values


def add_up(rows: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """The figure that rows make, by the rule above; None for a figure said to be not applicable.

    Written apart from the SQL, so that one holds the other to account.
    """
    total = Decimal(0)
    chosen: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        amount = None if row["amount"] is None else Decimal(row["amount"])
        if row["thing"] is None:
            if amount is None:
                return None
            total += amount
        else:
            candidate = (row["precedence"] or 0, Decimal(1) if amount is None else amount)
            chosen[row["thing"]] = max(chosen.get(row["thing"], candidate), candidate)
    return total + sum(amount for _, amount in chosen.values())
