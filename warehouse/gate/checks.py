"""Runs the rules that look beyond one row: keys, totals, earlier periods, other tables. All in SQL.

A check is a file of `sql/check/`; it reads the staged tables (`gate_…`) and what is already kept,
and returns one row per fault: submission_id, source_sheet, source_row, column_name, value and
expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from warehouse.build.views import readdress
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import NUMERIC_TYPES, Contract, Figure
from warehouse.sql_files import SqlFile

AUTOMATIC = ("total_differs",)
"""Common rules that are checks of every contract."""
ADDED_TYPES = frozenset({"integer", "money", "decimal"})
"""Column types whose 合计 is the sum of the rows; percentages never add up."""


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    checks: Mapping[str, SqlFile],
) -> dict[str, str]:
    """Runs a contract's checks and stages their findings.

    Returns:
        Rules that could not be run, with the reason.
    """
    _stage_duplicates(connection, contract, expectations)
    _create_figures(connection, contract)
    common = expectations.codes.common_rules
    planned: list[tuple[str, str, str, dict[str, Any]]] = [
        (name, name, common[name].severity, {}) for name in AUTOMATIC
    ]
    planned += [
        (rule.id, rule.check, rule.severity, rule.arguments) for rule in contract.rule if rule.check
    ]
    broken: dict[str, str] = {}
    for rule_id, check, severity, arguments in planned:
        if check not in checks:
            broken[f"rule.{rule_id}"] = f"there is no sql/check/{check}.sql"
            continue
        try:
            _run_check(connection, checks[check], rule_id, severity, arguments)
        except duckdb.Error as error:
            broken[f"rule.{rule_id}"] = str(error)[:300]
    return broken


def _run_check(
    connection: duckdb.DuckDBPyConnection,
    check: SqlFile,
    rule_id: str,
    severity: str,
    arguments: dict[str, Any],
) -> None:
    query = readdress(check, {"mart": "temp"})
    connection.execute(
        f"""
        insert into gate_finding
        select
            submission_id, $rule_id, $severity, coalesce(source_sheet, ''), source_row, null,
            column_name, value::varchar, expected::varchar
        from ({query})
        """,  # noqa: S608
        {
            "rule_id": rule_id,
            "severity": severity,
            **{name: value for name, value in arguments.items() if name in check.parameters},
        },
    )


def _stage_duplicates(
    connection: duckdb.DuckDBPyConnection, contract: Contract, expectations: Expectations
) -> None:
    """Every row whose key stands in another row of the same form; blanks in a key are equal."""
    key = ", ".join(f'"{name}"' for name in contract.key)
    shown = " || ' ' || ".join(f"coalesce(\"{name}\"::varchar, '')" for name in contract.key)
    connection.execute(
        f"""
        insert into gate_finding
        with repeated as (
            select submission_id, {key}
            from gate_row
            group by all
            having count(*) > 1
        )
        select
            gate_row.submission_id, 'duplicate_key', $severity, gate_row.source_sheet,
            gate_row.source_row, null, $column_name, {_prefix(shown, contract)}, $expected
        from gate_row
        inner join repeated on {_same_key(contract)}
        """,  # noqa: S608
        {
            "severity": expectations.codes.common_rules["duplicate_key"].severity,
            "column_name": contract.key[0],
            "expected": "、".join(contract.columns[name].heading for name in contract.key),
        },
    )


def _prefix(shown: str, contract: Contract) -> str:
    for name in contract.key:
        shown = shown.replace(f'"{name}"', f'gate_row."{name}"')
    return f"trim({shown})"


def _same_key(contract: Contract) -> str:
    return " and ".join(
        f"gate_row.{name} is not distinct from repeated.{name}"
        for name in ("submission_id", *(f'"{name}"' for name in contract.key))
    )


def _create_figures(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """The views checks read beside `gate_row`: figures, sums, numbers and reporting units.

    `gate_figure` holds what tonight's forms amount to, `gate_unit` the units they have rows of;
    `gate_earlier_figure` and `gate_earlier_unit` hold the same of the forms that counted before
    this night, so that a file's findings do not depend on which files are judged beside it.
    `gate_sum` is what the rows of a sheet add up to, `gate_number` every number with its place.
    """
    now = [_figure(figure, contract, "gate_row") for figure in contract.figure]
    now += [_nil_figure(figure, contract) for figure in contract.figure if not figure.by_unit]
    then = [_figure(figure, contract, "earlier") for figure in contract.figure]
    empty = (
        "select null::bigint as submission_id, null::varchar as figure_name, "
        "null::varchar as column_name, null::varchar as measure_kind, null::boolean as by_unit, "
        "null::varchar as reporting_unit, null::varchar as source_sheet, "
        "null::bigint as source_row, null::decimal(28, 6) as value where false"
    )
    connection.execute(
        f"create or replace temp view gate_figure as {' union all by name '.join([empty, *now])}"
    )
    connection.execute(f"create or replace temp view gate_sum as {_sums(contract)}")
    connection.execute(f"create or replace temp view gate_number as {_numbers(contract)}")
    connection.execute(f"create or replace temp view gate_unit as {_units(contract, 'gate_row')}")
    earlier = (
        f"with earlier as (select * from included_{contract.dataset}), figure as "  # noqa: S608
        f"({' union all by name '.join([empty, *then])}) "
        "select figure.*, counts.dataset, counts.reporter_code, counts.period "
        "from figure inner join core_included_submission as counts "
        "on figure.submission_id = counts.submission_id"
    )
    connection.execute(f"create or replace temp view gate_earlier_figure as {earlier}")
    connection.execute(f"create or replace temp view gate_change as {_CHANGES}")
    earlier_unit = (
        "select unit.*, counts.dataset, counts.reporter_code, counts.period "  # noqa: S608
        f"from ({_units(contract, f'included_{contract.dataset}')}) as unit "
        "inner join core_included_submission as counts "
        "on unit.submission_id = counts.submission_id"
    )
    connection.execute(f"create or replace temp view gate_earlier_unit as {earlier_unit}")


_CHANGES = """
    select
        figure.submission_id, figure.source_sheet, figure.source_row, figure.column_name,
        figure.measure_kind, figure.value, earlier.value as earlier_value
    from gate_figure as figure
    inner join gate_submission as submission on figure.submission_id = submission.submission_id
    inner join gate_earlier_figure as earlier
        on
            submission.dataset = earlier.dataset
            and submission.reporter_code = earlier.reporter_code
            and submission.previous_period = earlier.period
            and figure.figure_name = earlier.figure_name
            and figure.reporting_unit is not distinct from earlier.reporting_unit
"""
"""Each figure of tonight beside the same reporter's for the period before."""


def _sums(contract: Contract) -> str:
    """What the rows of each sheet add up to, by column that a 合计 row may carry."""
    empty = (
        "select null::bigint as submission_id, null::varchar as source_sheet, "
        "null::varchar as column_name, null::decimal(28, 6) as value where false"
    )
    sums = [
        f"select submission_id, source_sheet, '{column.name}', "  # noqa: S608
        f'sum("{column.name}")::decimal(28, 6) from gate_row group by all'
        for column in contract.column
        if column.type in ADDED_TYPES
    ]
    return " union all ".join([empty, *sums])


def _numbers(contract: Contract) -> str:
    """One row per number of a form: where it stands and which reporting unit its row is of."""
    unit = _unit_column(contract)
    empty = (
        "select null::bigint as submission_id, null::varchar as source_sheet, "
        "null::bigint as source_row, null::varchar as reporting_unit, "
        "null::varchar as column_name, null::decimal(28, 6) as value where false"
    )
    numbers = [
        f"select submission_id, source_sheet, source_row, {unit or 'null'}, '{column.name}', "  # noqa: S608
        f'"{column.name}"::decimal(28, 6) from gate_row where "{column.name}" is not null'
        for column in contract.column
        if column.type in NUMERIC_TYPES
    ]
    return " union all ".join([empty, *numbers])


def _units(contract: Contract, source: str) -> str:
    """The reporting units a form has rows of."""
    unit = _unit_column(contract)
    if unit is None:
        return (
            "select null::bigint as submission_id, null::varchar as column_name, "
            "null::varchar as reporting_unit where false"
        )
    return (
        f"select distinct submission_id, '{unit}' as column_name, {unit} as reporting_unit "  # noqa: S608
        f"from {source} where {unit} is not null"
    )


def _unit_column(contract: Contract) -> str | None:
    return next((c.name for c in contract.column if c.type == "reporting_unit"), None)


def _nil_figure(figure: Figure, contract: Contract) -> str:
    """A nil report has no rows to add up, and yet it says 0."""
    return (
        f"select submission_id, '{figure.name}' as figure_name, '{figure.column}' as column_name, "  # noqa: S608
        f"'{figure.measure_kind}' as measure_kind, 0 as value from gate_submission "
        f"where is_nil and dataset = '{contract.dataset}'"
    )


def _figure(figure: Figure, contract: Contract, source: str) -> str:
    """One row per form, or per form and unit. In a form of figures it knows its row."""
    unit = _unit_column(contract)
    by_unit = figure.by_unit and unit is not None
    place = (
        "if(count(*) = 1, any_value(source_sheet), null) as source_sheet, "
        "if(count(*) = 1, any_value(source_row), null) as source_row, "
        if contract.kind == "figures"
        else ""
    )
    return (
        f"select submission_id, '{figure.name}' as figure_name, '{figure.column}' as column_name, "  # noqa: S608
        f"'{figure.measure_kind}' as measure_kind, {by_unit} as by_unit, "
        f"{unit if by_unit else 'null::varchar'} as reporting_unit, {place}"
        f"({figure.expression})::decimal(28, 6) as value from {source} group by all"
    )
