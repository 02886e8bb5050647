"""Stages typed rows in temporary tables, where they are judged and from where they are loaded.

Temporary tables of one connection: a killed night leaves nothing behind. `gate_row_<dataset>` holds
the typed rows of all the night's forms of one dataset; the other tables are shared by all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import IDENTIFIER_TYPES, Contract
from warehouse.database import append
from warehouse.findings import frame_findings
from warehouse.gate.stage_rows import prepare_rows, stage_rows, stage_totals
from warehouse.gate.staged import Staged
from warehouse.gate.type_rows import COLUMN_TYPES
from warehouse.periods import PARTS
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
            waiting.append(prepare_rows(rows, item, expectations))
            height += rows.height
            if height >= CHUNK_ROWS:
                stage_rows(connection, contract, expectations, pl.concat(waiting, rechunk=True))
                waiting, height = [], 0
        stage_totals(connection, contract, expectations, item)
    if waiting:
        stage_rows(connection, contract, expectations, pl.concat(waiting, rechunk=True))


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
