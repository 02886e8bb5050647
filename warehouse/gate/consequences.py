"""Leaves out findings that only follow from another fault: a clerk should mend each cause once."""

from __future__ import annotations

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.gate.stage import append

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

_BROKEN_CELL = """
delete from gate_finding
where
    rule_id not in ('error_value', 'uncalculated_formula', 'hidden_row', 'hidden_column')
    and exists (
        select 1
        from gate_finding as fault
        where
            fault.rule_id in ('error_value', 'uncalculated_formula')
            and fault.submission_id = gate_finding.submission_id
            and fault.sheet = gate_finding.sheet
            and fault.cell = gate_finding.cell
    )
"""
_RULES_OVER_WRONG_CELLS = """
delete from gate_finding
where exists (
    select 1
    from gate_finding as fault
    inner join gate_submission as submission on fault.submission_id = submission.submission_id
    inner join gate_rule_column as rule
        on
            submission.dataset = rule.dataset
            and fault.column_name = rule.column_name
    inner join gate_common_rule as common on fault.rule_id = common.rule_id
    where
        fault.severity = 'must_fix'
        and fault.rule_id <> 'duplicate_key'
        and fault.submission_id = gate_finding.submission_id
        and fault.sheet = gate_finding.sheet
        and fault.source_row = gate_finding.source_row
        and rule.rule_id = gate_finding.rule_id
)
"""
_UNKNOWN_KEYS = """
delete from gate_finding
where
    rule_id = 'duplicate_key'
    and exists (
        select 1
        from gate_finding as fault
        inner join gate_submission as submission on fault.submission_id = submission.submission_id
        inner join gate_key as key
            on
                submission.dataset = key.dataset
                and fault.column_name = key.column_name
        where
            fault.submission_id = gate_finding.submission_id
            and fault.sheet = gate_finding.sheet
            and (
                fault.rule_id = 'missing_column'
                or (
                    fault.source_row = gate_finding.source_row
                    and fault.rule_id in (select unnest($unreadable::varchar[]))
                )
            )
    )
"""
_TOTALS_OF_UNKNOWNS = """
delete from gate_finding
where
    rule_id = 'total_differs'
    and exists (
        select 1
        from gate_finding as fault
        where
            fault.rule_id in (select unnest($unreadable::varchar[]))
            and fault.submission_id = gate_finding.submission_id
            and fault.sheet = gate_finding.sheet
            and fault.column_name = gate_finding.column_name
    )
"""
_ROWS_OF_ANOTHER_REPORTER = """
delete from gate_finding
where
    rule_id = 'foreign_unit'
    and exists (
        select 1
        from gate_finding as fault
        where
            fault.rule_id = 'folder_disagrees'
            and fault.submission_id = gate_finding.submission_id
    )
"""
_NOTHING_TO_EXPLAIN = """
delete from gate_finding
where
    severity = 'explain'
    and exists (
        select 1
        from gate_finding as fault
        where
            fault.severity = 'must_fix'
            and fault.submission_id = gate_finding.submission_id
            and (
                (fault.cell = gate_finding.cell and fault.sheet = gate_finding.sheet)
                or (
                    gate_finding.cell is null
                    and fault.rule_id in (select unnest($spoiling::varchar[]))
                )
            )
    )
"""


def drop_consequences(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    """Leaves out of `gate_finding` what only follows from a fault that must be mended anyway.

    * what is said of a cell that holds an error value or a formula without a value;
    * a contract's rule over cells of one row of which one is wrong in itself;
    * a repeated key of which a part is unknown, and a total of numbers of which one is;
    * foreign rows in a form that lay in the folder of whom they belong to;
    * questions about a cell that is wrong, or about the totals of a form read in the wrong unit,
      for the wrong period or without its rows: nobody can explain those.
    """
    _create_tables(connection, expectations)
    connection.execute(_BROKEN_CELL)
    connection.execute(_RULES_OVER_WRONG_CELLS)
    connection.execute(_UNKNOWN_KEYS, {"unreadable": list(UNREADABLE)})
    connection.execute(_TOTALS_OF_UNKNOWNS, {"unreadable": list(UNREADABLE)})
    connection.execute(_ROWS_OF_ANOTHER_REPORTER)
    connection.execute(_NOTHING_TO_EXPLAIN, {"spoiling": list(SPOILING)})


def _create_tables(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    contracts = expectations.contracts.values()
    keys = [(contract.dataset, name) for contract in contracts for name in contract.key]
    rules = [row for contract in contracts for row in _list_rule_columns(contract)]
    common = [(rule_id,) for rule_id in expectations.codes.common_rules]
    for table, names, rows in (
        ("gate_key", ["dataset", "column_name"], keys),
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
        named = [rule.arguments.get(name) for name in ("column", "column_A", "column_B")]
        columns = {rule.column, *(str(name).split("__")[0] for name in named if name)} - {None}
        rows += [(contract.dataset, rule.id, str(name)) for name in sorted(map(str, columns))]
    return rows
