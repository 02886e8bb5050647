"""Leaves out findings that only follow from another fault: a clerk should mend each cause once."""

from __future__ import annotations

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.database import append
from warehouse.gate.revisions import REVISING

SPOILING = (
    "folder_disagrees",
    "mark_disagrees",
    "missing_column",
    "nil_report_not_allowed",
    "nil_report_with_rows",
    "no_rows",
    "second_form",
    "sheet_disagrees",
    "unidentified_dataset",
    "unidentified_period",
    "unidentified_reporter",
    "unknown_heading",
    "unknown_money_unit",
    "unknown_reporting_unit",
    "wrong_form",
    "wrong_period",
)
"""Faults under which comparing a form's totals with anything means nothing."""
UNREADABLE = (
    "error_value",
    "not_a_date",
    "not_a_number",
    "not_an_integer",
    "not_applicable_not_allowed",
    "required",
    "too_large",
    "too_precise",
    "uncalculated_formula",
)
"""Faults that leave the value of a cell unknown."""

_CONSEQUENCES = {
    "what is said of a cell that holds an error value or a formula without a value": """
        rule_id not in ('error_value', 'uncalculated_formula')
        and cell is not null
        and (submission_id, sheet, cell) in (
            select (submission_id, sheet, cell)
            from gate_finding
            where rule_id in ('error_value', 'uncalculated_formula')
        )
    """,
    "a rule over cells of one row, of which one is wrong in itself": """
        source_row is not null
        and (submission_id, sheet, source_row, rule_id) in (
            select (fault.submission_id, fault.sheet, fault.source_row, rule.rule_id)
            from gate_finding as fault
            inner join gate_submission as submission
                on fault.submission_id = submission.submission_id
            inner join gate_rule_column as rule
                on submission.dataset = rule.dataset and fault.column_name = rule.column_name
            inner join gate_common_rule as common on fault.rule_id = common.rule_id
            where fault.severity = 'must_fix' and fault.rule_id <> 'duplicate_key'
        )
    """,
    "a repeated key of which a part is unknown": """
        rule_id = 'duplicate_key'
        and (submission_id, sheet, source_row) in (
            select (fault.submission_id, fault.sheet, fault.source_row)
            from gate_finding as fault
            inner join gate_submission as submission
                on fault.submission_id = submission.submission_id
            inner join gate_key as key
                on submission.dataset = key.dataset and fault.column_name = key.column_name
            where fault.rule_id in (select unnest($unreadable::varchar[]))
        )
    """,
    "a repeated key of which a column is missing or was not recognised": """
        rule_id = 'duplicate_key'
        and (submission_id, sheet) in (
            select (fault.submission_id, fault.sheet)
            from gate_finding as fault
            inner join gate_submission as submission
                on fault.submission_id = submission.submission_id
            inner join gate_key as key on submission.dataset = key.dataset
            left join gate_place as place
                on
                    fault.submission_id = place.submission_id
                    and fault.sheet = place.source_sheet
                    and key.column_name = place.column_name
            where
                fault.rule_id in ('missing_column', 'unknown_heading')
                and place.letter is null
        )
    """,
    "a total of numbers of which one is unknown": """
        rule_id = 'total_differs'
        and (submission_id, sheet, column_name) in (
            select (submission_id, sheet, column_name)
            from gate_finding
            where rule_id in (select unnest($unreadable::varchar[]))
        )
    """,
    "foreign rows in a form that lay in the folder of another reporter": """
        rule_id = 'foreign_unit'
        and submission_id in (
            select submission_id from gate_finding where rule_id = 'folder_disagrees'
        )
    """,
    "a thing that is missing, where it may stand in a cell that cannot be read": """
        severity = 'explain'
        and cell is null
        and value is null
        and (submission_id, column_name) in (
            select (submission_id, column_name)
            from gate_finding
            where rule_id in (select unnest($unreadable::varchar[]))
        )
    """,
    "a question about a row that is taken for the whole city, as its unit was not read": """
        (severity = 'explain' or rule_id = 'duplicate_key')
        and source_row is not null
        and (submission_id, sheet, source_row) in (
            select (asked.submission_id, asked.sheet, asked.source_row)
            from gate_finding as asked
            inner join gate_submission as submission
                on asked.submission_id = submission.submission_id
            inner join gate_city as city on submission.dataset = city.dataset
            inner join gate_finding as fault
                on
                    asked.submission_id = fault.submission_id
                    and asked.sheet = fault.sheet
                    and city.column_name = fault.column_name
            where
                fault.rule_id = 'unknown_heading'
                or (
                    fault.rule_id = 'uncalculated_formula'
                    and fault.source_row = asked.source_row
                )
        )
    """,
    "a question about a cell that is wrong": """
        severity = 'explain'
        and cell is not null
        and (submission_id, sheet, cell) in (
            select (submission_id, sheet, cell) from gate_finding where severity = 'must_fix'
        )
    """,
    "a question about the totals of a form read in the wrong unit or for another period": """
        severity = 'explain'
        and cell is null
        and submission_id in (
            select submission_id
            from gate_finding
            where rule_id in (select unnest($spoiling::varchar[]))
        )
    """,
    "the question why an accepted form is revised, by a file that does not take its place": """
        rule_id = $revising
        and submission_id in (
            select submission_id from gate_finding where severity = 'must_fix'
        )
    """,
}
"""What is left out, and how it is known. Tuples compare as equal where both have a null."""


def drop_consequences(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    """Leaves out of `gate_finding` what only follows from a fault that must be mended anyway."""
    _create_tables(connection, expectations)
    values = {"unreadable": list(UNREADABLE), "spoiling": list(SPOILING), "revising": REVISING}
    for condition in _CONSEQUENCES.values():
        named = {name: value for name, value in values.items() if f"${name}" in condition}
        connection.execute(f"delete from gate_finding where {condition}", named)  # noqa: S608


def _create_tables(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    contracts = expectations.contracts.values()
    keys = [(contract.dataset, name) for contract in contracts for name in contract.key]
    rules = [row for contract in contracts for row in _list_rule_columns(contract)]
    cities = [
        (contract.dataset, column.name)
        for contract in contracts
        for column in contract.column
        if column.blank_means
    ]
    common = [(rule_id,) for rule_id in expectations.codes.common_rules]
    for table, names, rows in (
        ("gate_key", ["dataset", "column_name"], keys),
        ("gate_city", ["dataset", "column_name"], cities),
        ("gate_rule_column", ["dataset", "rule_id", "column_name"], rules),
        ("gate_common_rule", ["rule_id"], common),
    ):
        columns = ", ".join(f"{name} varchar" for name in names)
        connection.execute(f"create or replace temp table {table} ({columns})")
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        append(connection, table, frame)


def _list_rule_columns(contract: Contract) -> list[tuple[str, str, str]]:
    """The columns each rule of a contract looks at; a facet such as `x__fault` is its column's."""
    rows: list[tuple[str, str, str]] = []
    for rule in contract.rule:
        named = {rule.column, *(str(value).split("__")[0] for value in rule.arguments.values())}
        columns = [name for name in contract.columns if name in named]
        rows += [(contract.dataset, rule.id, name) for name in columns]
    return rows
