"""Judges all of a night's forms of one contract: the suite, the SQL checks, and the verdict."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.gate.checks import run_checks
from warehouse.gate.judge_values import Outcome, judge_values
from warehouse.gate.locks import stage_locked
from warehouse.gate.revisions import stage_revisions
from warehouse.gate.suite import Planned, plan_suite
from warehouse.gate.type_rows import UNKNOWN_UNIT, names_of, shown_names
from warehouse.sql_files import SqlFile


@dataclass(frozen=True)
class Judgement:
    """How one contract's forms of a night were judged.

    Attributes:
        broken: rules that could not be run, with the reason. Where there is one, none of these
            forms may be accepted: the night leaves them for the next run.
        document: Great Expectations' own result.
        seconds: how long it took.
    """

    dataset: str
    rules_run: int
    broken: dict[str, str]
    document: dict[str, Any]
    seconds: float = 0.0


def judge_contract(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    checks: Mapping[str, SqlFile],
) -> Judgement:
    """Judges the staged forms of one contract; findings are appended to `gate_finding`."""
    began = time.perf_counter()
    planned = plan_suite(contract, expectations)
    table = f"gate_row_{contract.dataset}"
    connection.execute(f"create or replace temp view gate_row as select * from {table}")  # noqa: S608
    outcome = judge_values(planned, _collect_domains(connection, planned))
    for plan in planned:
        if plan.key in outcome.failing:
            _stage_failing(connection, plan, outcome)
    broken = dict(outcome.broken)
    broken |= run_checks(connection, contract, expectations, checks)
    if not planned:
        broken["suite"] = "the suite is empty: nothing would be judged"
    if not broken:
        stage_locked(connection, contract.dataset, expectations)
        stage_revisions(connection, contract, expectations)
        _complete_cells(connection)
        _offer_units_of_the_time(connection, contract, expectations)
        _show_as_read(connection, contract, expectations)
    checked = sum(rule.check is not None for rule in contract.rule)
    rules_run = len(planned) + checked - len(broken)
    seconds = time.perf_counter() - began
    return Judgement(contract.dataset, rules_run, broken, outcome.document, seconds)


def _collect_domains(
    connection: duckdb.DuckDBPyConnection, planned: Sequence[Planned]
) -> dict[tuple[str, ...], pl.DataFrame]:
    domains: dict[tuple[str, ...], pl.DataFrame] = {}
    for plan in planned:
        if plan.domain not in domains:
            names = ", ".join(f'"{name}"' for name in plan.domain)
            filled = " and ".join(f'"{name}" is not null' for name in plan.domain)
            # In order, so that the same values give the same document.
            query = f"select distinct {names} from gate_row where {filled} order by all"  # noqa: S608
            domains[plan.domain] = connection.execute(query).pl()
    return domains


def _stage_failing(connection: duckdb.DuckDBPyConnection, plan: Planned, outcome: Outcome) -> None:
    """Finds the rows in which a failing value stands and reports each of them."""
    failing = outcome.failing[plan.key]
    rules = [plan.rule_by_value.get(value, plan.rule_id) for value in failing[plan.domain[0]]]
    names = [f"key_{number}" for number in range(len(plan.domain))]
    frame = failing.rename(dict(zip(plan.domain, names, strict=True)))
    connection.register("failing", frame.with_columns(rule_id=pl.Series(rules)).to_arrow())
    matches = " and ".join(
        f'gate_row."{column}" = failing.{name}'
        for column, name in zip(plan.domain, names, strict=True)
    )
    expected = (
        f'gate_row."{plan.expected_column}"::varchar' if plan.expected_column else "$expected"
    )
    query = f"""
        insert into gate_finding
        select
            gate_row.submission_id, failing.rule_id, $severity, gate_row.source_sheet,
            gate_row.source_row, null, $column_name, gate_row."{plan.column}"::varchar, {expected}
        from gate_row
        inner join failing on {matches}
    """  # noqa: S608
    values: dict[str, str | None] = {"severity": plan.severity, "column_name": plan.column}
    if not plan.expected_column:
        values["expected"] = plan.expected
    connection.execute(query, values)
    connection.unregister("failing")


def _complete_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Fills in cell addresses."""
    connection.execute(
        """
        update gate_finding
        set cell = place.letter || gate_finding.source_row::varchar
        from gate_place as place
        where
            gate_finding.cell is null
            and gate_finding.source_row is not null
            and place.submission_id = gate_finding.submission_id
            and place.source_sheet = gate_finding.sheet
            and place.column_name = gate_finding.column_name
        """
    )
    # A column that is not there was reported once; its cells are not blank, they do not exist.
    connection.execute("delete from gate_finding where rule_id = 'required' and cell is null")


def _offer_units_of_the_time(
    connection: duckdb.DuckDBPyConnection, contract: Contract, expectations: Expectations
) -> None:
    """Where no such unit is known, names those there were in the form's period."""
    codes = expectations.codes
    found = connection.execute(
        "select distinct submission_id, column_name, period_end "
        "from gate_finding inner join gate_submission using (submission_id) "
        "where rule_id = ? and dataset = ? and period_end is not null",
        [UNKNOWN_UNIT, contract.dataset],
    ).fetchall()
    for submission_id, column_name, period_end in found:
        names = names_of(contract.columns[column_name], codes.on(period_end))
        connection.execute(
            "update gate_finding set expected = ? "
            "where rule_id = ? and submission_id = ? and column_name = ?",
            ["、".join(names.values()), UNKNOWN_UNIT, submission_id, column_name],
        )


def _show_as_read(
    connection: duckdb.DuckDBPyConnection, contract: Contract, expectations: Expectations
) -> None:
    """Shows what stands in the cell: the name of its code, or the text written unlike either."""
    for column in contract.column:
        for code, name in shown_names(column, expectations.codes).items():
            connection.execute(
                "update gate_finding set value = ? "
                "where column_name = ? and value = ? and source_row is not null",
                [name, column.name, code],
            )
    connection.execute(
        """
        update gate_finding
        set value = written.text
        from gate_read_as as written
        where
            written.submission_id = gate_finding.submission_id
            and written.source_sheet = gate_finding.sheet
            and written.source_row = gate_finding.source_row
            and written.column_name = gate_finding.column_name
        """
    )
