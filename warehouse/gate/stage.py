"""Stages typed rows in temporary tables, where they are judged and from where they are loaded.

Temporary tables of one connection: a killed night leaves nothing behind. `gate_row_<dataset>` holds
the typed rows of all the night's forms of one dataset; the other tables are shared by all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import IDENTIFIER_TYPES, Contract
from warehouse.findings import FINDING_SCHEMA, frame_findings
from warehouse.gate.type_rows import COLUMN_TYPES, PLACE, shown_names, type_rows
from warehouse.periods import PARTS
from warehouse.read.form import Form
from warehouse.read.sheet import cell_address

CHUNK_ROWS = 2 * 122_880
"""Rows typed and inserted at once: whole row groups, which DuckDB takes over without copying."""
_TABLES = """
create temp table gate_submission (
    submission_id bigint, dataset varchar, reporter_code varchar, period varchar,
    period_end date, period_type varchar, previous_period varchar, year_before varchar,
    is_nil boolean
);
create temp table gate_finding (
    submission_id bigint, rule_id varchar, severity varchar, sheet varchar, source_row bigint,
    cell varchar, column_name varchar, value varchar, expected varchar
);
create temp table gate_place (
    submission_id bigint, source_sheet varchar, column_name varchar, letter varchar
);
create temp table gate_read_as (
    submission_id bigint, source_sheet varchar, source_row bigint, column_name varchar, text varchar
);
create temp table gate_total (
    submission_id bigint, source_sheet varchar, source_row bigint, column_name varchar,
    value decimal(28, 6),
    factor bigint
);
create temp table gate_explanation (
    submission_id bigint, about varchar, rule_id varchar, column_name varchar, subject varchar,
    text varchar, valid_until date
);
create or replace temp macro plain_number(number) as
    rtrim(rtrim(number::decimal(28, 6)::varchar, '0'), '.');
"""


@dataclass(frozen=True)
class Staged:
    """A form with the number its submission will have."""

    submission_id: int
    form: Form


def open_stage(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Creates the empty temporary tables of a night."""
    connection.execute(_TABLES)
    for contract in contracts:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in stage_columns(contract).items())
        connection.execute(f"create temp table gate_row_{contract.dataset} ({columns})")


def stage_columns(contract: Contract) -> dict[str, str]:
    """Columns of a staged row with their DuckDB types."""
    columns = {"submission_id": "bigint", "source_sheet": "varchar", "source_row": "bigint"}
    columns |= {column.name: COLUMN_TYPES.get(column.type, "varchar") for column in contract.column}
    columns |= {"not_applicable": "varchar[]", "explanation": "varchar"}
    columns |= {"period__end": "date", "reporter__unit": "varchar"}
    for column in contract.column:
        if column.type in IDENTIFIER_TYPES:
            columns[f"{column.name}__fault"] = "varchar"
        if column.type == "standard_no":
            columns[f"{column.name}__level"] = "varchar"
        if column.type == "application_no":
            columns[f"{column.name}__patent_type"] = "varchar"
            columns[f"{column.name}__filed_year"] = "integer"
        if column.type == "reporting_unit":
            columns[f"{column.name}__known"] = "varchar"
        if column.required:
            columns[f"{column.name}__state"] = "utinyint"
    return columns


def stage_forms(
    connection: duckdb.DuckDBPyConnection, expectations: Expectations, staged: Sequence[Staged]
) -> None:
    """Stages forms of any contracts, and those whose contract could not be told."""
    _stage_submissions(connection, staged)
    for contract in expectations.contracts.values():
        forms = [item for item in staged if item.form.identity.contract is contract]
        if forms:
            _stage_contract(connection, contract, expectations, forms)


def _stage_contract(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    staged: Sequence[Staged],
) -> None:
    """Types the rows of forms of one contract, many small forms at a time."""
    waiting: list[pl.DataFrame] = []
    height = 0
    for item in staged:
        for rows in item.form.rows.iter_slices(CHUNK_ROWS):
            waiting.append(_prepare(rows, item, expectations))
            height += rows.height
            if height >= CHUNK_ROWS:
                _stage_rows(connection, contract, expectations, pl.concat(waiting, rechunk=True))
                waiting, height = [], 0
        _stage_totals(connection, contract, expectations, item)
    if waiting:
        _stage_rows(connection, contract, expectations, pl.concat(waiting, rechunk=True))


def append(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Appends a frame to a table, matching columns by name."""
    if frame.is_empty():
        return
    connection.register("incoming", frame)
    names = ", ".join(f'"{name}"' for name in frame.columns)
    connection.execute(f"insert into {table} ({names}) select {names} from incoming")  # noqa: S608
    connection.unregister("incoming")


def _stage_submissions(connection: duckdb.DuckDBPyConnection, staged: Sequence[Staged]) -> None:
    append(connection, "gate_submission", pl.DataFrame([_describe(item) for item in staged]))
    places = [
        (item.submission_id, sheet, name, cell_address(1, place)[:-1])
        for item in staged
        for sheet, columns in item.form.columns_at.items()
        for name, place in columns.items()
    ]
    names = ["submission_id", "source_sheet", "column_name", "letter"]
    append(connection, "gate_place", pl.DataFrame(places, schema=names, orient="row"))
    append(connection, "gate_explanation", _list_explanations(staged))
    findings = [
        frame_findings(item.submission_id, item.form.findings)
        for item in staged
        if item.form.findings
    ]
    append(connection, "gate_finding", pl.concat(findings) if findings else pl.DataFrame())


def _list_explanations(staged: Sequence[Staged]) -> pl.DataFrame:
    """What the sheets 说明 explain, and what the lists of returned workbooks answer."""
    entries = [
        {"submission_id": item.submission_id, "about": about, "text": text}
        for item in staged
        for about, text in item.form.explanations
    ] + [
        {
            "submission_id": item.submission_id,
            "rule_id": answer.rule_id,
            "column_name": answer.column_name,
            "subject": answer.subject,
            "text": answer.text,
            "valid_until": answer.valid_until,
        }
        for item in staged
        for answer in item.form.answers
    ]
    schema = {"submission_id": pl.Int64()} | dict.fromkeys(
        ["about", "rule_id", "column_name", "subject", "text"], pl.String()
    )
    return pl.DataFrame(entries, schema=schema | {"valid_until": pl.Date()}, orient="row")


def _describe(item: Staged) -> dict[str, Any]:
    identity = item.form.identity
    period = identity.period
    return {
        "submission_id": item.submission_id,
        "dataset": identity.contract.dataset if identity.contract else None,
        "reporter_code": identity.reporter.code if identity.reporter else None,
        "period": str(period) if period else None,
        "period_end": period.end if period else None,
        "period_type": period.period_type if period else None,
        "previous_period": str(period.previous) if period else None,
        "year_before": str(period.shift(-PARTS[period.period_type])) if period else None,
        "is_nil": item.form.is_nil,
    }


def _prepare(rows: pl.DataFrame, item: Staged, expectations: Expectations) -> pl.DataFrame:
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


def _stage_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    raw: pl.DataFrame,
) -> None:
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


def _stage_totals(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    item: Staged,
) -> None:
    """Stages the numbers of 合计 rows; one that is no number is a finding like any other cell."""
    if item.form.totals.is_empty():
        return
    raw = _prepare(item.form.totals, item, expectations)
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
            .unpivot(numeric, index=list(PLACE), variable_name="column_name", value_name="value")
            .drop_nulls("value")
        )
        factors = {unit.name: int(unit.factor) for unit in expectations.codes.units_of_measure}
        written_in = {name: factors[unit] for name, unit in item.form.money_units.items()}
        factor = pl.col("column_name").replace_strict(written_in, default=1, return_dtype=pl.Int64)
        append(connection, "gate_total", totals.with_columns(factor=factor))
