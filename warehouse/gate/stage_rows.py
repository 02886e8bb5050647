"""Types the rows of staged forms and appends them, with what typing finds, to the gate's tables."""

from __future__ import annotations

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.database import append
from warehouse.findings import FINDING_SCHEMA
from warehouse.gate.staged import Staged
from warehouse.gate.type_rows import PLACE, shown_names, type_rows


def prepare_rows(rows: pl.DataFrame, item: Staged, expectations: Expectations) -> pl.DataFrame:
    """Adds to raw rows what typing and judging need to know of their form."""
    period, reporter = item.form.identity.period, item.form.identity.reporter
    factors = {unit.name: int(unit.factor) for unit in expectations.codes.units_of_measure}
    return rows.with_columns(
        pl.lit(item.submission_id, dtype=pl.Int64).alias("submission_id"),
        pl.lit(period.end if period else None, dtype=pl.Date).alias("period__end"),
        pl.lit(reporter.reporting_unit_code if reporter else None, dtype=pl.String).alias(
            "reporter__unit"
        ),
        *(
            pl.lit(factors[unit], dtype=pl.Int64).alias(f"{name}__factor")
            for name, unit in item.form.money_units.items()
        ),
    )


def stage_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    raw: pl.DataFrame,
) -> None:
    """Types raw rows of one contract and appends them, their texts and their findings."""
    typed = type_rows(contract, expectations, raw)
    append(connection, f"gate_row_{contract.dataset}", typed.rows)
    append(connection, "gate_read_as", _list_read_as(contract, expectations, raw, typed.rows))
    if not typed.findings.is_empty():
        found = typed.findings.with_columns(cell=pl.lit(None, dtype=pl.String))
        append(connection, "gate_finding", found.select(list(FINDING_SCHEMA)))


def _list_read_as(
    contract: Contract, expectations: Expectations, raw: pl.DataFrame, typed: pl.DataFrame
) -> pl.DataFrame:
    """The text of each cell that is written unlike its typed value, or the name of its code."""
    frames = []
    for column in contract.column:
        text, value = raw[column.name], typed[column.name].cast(pl.String)
        if names := shown_names(column, expectations.codes):
            value = value.replace(names)
        differs = (text != value).fill_null(value=False) | (text.is_not_null() & value.is_null())
        if differs.any():
            frames.append(
                raw.filter(differs).select(
                    *PLACE,
                    pl.lit(column.name).alias("column_name"),
                    pl.col(column.name).alias("text"),
                )
            )
    return pl.concat(frames) if frames else pl.DataFrame()


def stage_totals(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    item: Staged,
) -> None:
    """Stages the numbers of 合计 rows; one that is no number is a finding like any other cell."""
    if item.form.totals.is_empty():
        return
    raw = prepare_rows(item.form.totals, item, expectations)
    typed = type_rows(contract, expectations, raw)
    numeric = [
        column.name
        for column in contract.column
        if column.type in {"integer", "money", "decimal"}
        and typed.rows[column.name].dtype.is_numeric()
    ]
    found = typed.findings.filter(pl.col("column_name").is_in(numeric))
    append(
        connection,
        "gate_finding",
        found.with_columns(cell=pl.lit(None, dtype=pl.String)).select(list(FINDING_SCHEMA)),
    )
    append(connection, "gate_read_as", _list_read_as(contract, expectations, raw, typed.rows))
    if numeric:
        totals = (
            typed.rows.select(*PLACE, *(pl.col(name).cast(pl.Decimal(28, 6)) for name in numeric))
            .unpivot(numeric, index=list(PLACE), variable_name="column_name", value_name=" ")
            .rename({" ": "value"})  # a contract may have a column named value
            .drop_nulls("value")
        )
        factors = {unit.name: int(unit.factor) for unit in expectations.codes.units_of_measure}
        written_in = {name: factors[unit] for name, unit in item.form.money_units.items()}
        factor = pl.col("column_name").replace_strict(written_in, default=1, return_dtype=pl.Int64)
        append(connection, "gate_total", totals.with_columns(factor=factor))
