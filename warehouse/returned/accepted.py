"""What stood in the last accepted form where a finding stands now: same row, same column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from warehouse.contracts.codes import Codes
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Column, Contract
from warehouse.gate.explanations import SUBJECT_JOINT
from warehouse.gate.type_rows import names_of
from warehouse.gate.type_values import NOT_APPLICABLE_VALUE

_PREVIOUS = """
    select
        submission.submission_id,
        previous.submission_id as previous_id
    from ledger.submission as submission
    inner join ledger.submission as previous
        on
            submission.dataset = previous.dataset
            and submission.reporter_code = previous.reporter_code
            and submission.period >= previous.period
            and submission.submission_id > previous.submission_id
    inner join core_verdict as verdict on previous.submission_id = verdict.submission_id
    where
        submission.submission_id in (select unnest($numbers::bigint[]))
        and verdict.action = 'accept'
    qualify
        row_number() over (
            partition by submission.submission_id
            order by previous.period desc, previous.submission_id desc
        ) = 1
"""
_ROWS = """
    with pair as (
        select unnest($numbers::bigint[]) as number, unnest($previous::bigint[]) as previous_id
    ),

    wanted as (
        select unnest($wanted::bigint[]) as number, unnest($subjects::varchar[]) as subject
    ),

    kept as (
        select *, concat_ws('{joint}', {key}) as subject from core.{dataset}
    )

    select pair.number, kept.* exclude (submission_id)
    from pair
    inner join kept on pair.previous_id = kept.submission_id
    inner join wanted on pair.number = wanted.number and kept.subject = wanted.subject
"""


def find_accepted_values(
    connection: duckdb.DuckDBPyConnection,
    expectations: Expectations,
    submissions: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
) -> dict[tuple[int, int], str]:
    """The last accepted value of each finding in a cell, as a clerk writes it.

    It comes from the last accepted form of the same reporter and dataset for the same period, else
    for the nearest one before it, and from the row with the same key.

    Args:
        connection: on which `open_views` was called.
        expectations: contracts and codes.
        submissions: `submission_id` and `dataset`.
        findings: `submission_id`, `finding_number`, `source_row`, `column_name`, `subject`.

    Returns:
        By numbers of submission and finding; a blank cell has none.
    """
    numbers = [row["submission_id"] for row in submissions if row["dataset"]]
    previous = dict(connection.execute(_PREVIOUS, {"numbers": numbers}).fetchall())
    datasets = {row["submission_id"]: row["dataset"] for row in submissions}
    wanted: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in findings:
        if finding["submission_id"] in previous and finding["source_row"] is not None:
            wanted[datasets[finding["submission_id"]]].append(finding)
    found: dict[tuple[int, int], str] = {}
    for dataset, items in wanted.items():
        contract = expectations.contracts.get(dataset)
        if contract is None:
            continue
        rows = _read_rows(connection, contract, previous, items)
        for finding in items:
            row = rows.get((finding["submission_id"], finding["subject"]))
            column = contract.columns.get(finding["column_name"] or "")
            value = _show(row, column, contract, expectations.codes) if row and column else None
            if value is not None:
                found[finding["submission_id"], finding["finding_number"]] = value
    return found


def _read_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    previous: Mapping[int, int],
    findings: Sequence[Mapping[str, Any]],
) -> dict[tuple[int, str], dict[str, Any]]:
    """Rows of earlier forms by submission that asks for them, and by their key."""
    numbers = sorted({finding["submission_id"] for finding in findings})
    wanted = sorted({(finding["submission_id"], finding["subject"]) for finding in findings})
    key = ", ".join(f"coalesce(\"{name}\"::varchar, '')" for name in contract.key)
    cursor = connection.execute(
        _ROWS.format(joint=SUBJECT_JOINT, key=key, dataset=contract.dataset),
        {
            "numbers": numbers,
            "previous": [previous[number] for number in numbers],
            "wanted": [number for number, _ in wanted],
            "subjects": [subject for _, subject in wanted],
        },
    )
    names = [column[0] for column in cursor.description or ()]
    rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return {(row["number"], row["subject"]): row for row in rows}


def _show(row: Mapping[str, Any], column: Column, contract: Contract, codes: Codes) -> str | None:
    """A typed value as a clerk writes it: codes by name, money in the form's unit."""
    value = row[column.name]
    if column.name in (row["not_applicable"] or ()):
        return NOT_APPLICABLE_VALUE
    if value is None:
        return None
    if column.type == "money":
        unit = column.unit or contract.money_unit
        factor = next(entry.factor for entry in codes.units_of_measure if entry.name == unit)
        return f"{_write_number(Decimal(str(value)) / factor)} {unit}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | str):
        return names_of(column, codes).get(str(value), str(value))
    return _write_number(Decimal(str(value)))


def _write_number(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
