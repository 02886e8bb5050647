"""Types the rows of many forms of one contract together; what does not parse becomes a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from warehouse.contracts.codes import Codes, fold_name
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import IDENTIFIER_TYPES, NUMERIC_TYPES, Column, Contract
from warehouse.findings import FINDING_SCHEMA
from warehouse.gate.type_values import (
    NOT_APPLICABLE,
    NOT_APPLICABLE_VALUE,
    Flag,
    Typed,
    type_code,
    type_date,
    type_identifier,
    type_money,
    type_number,
)

PLACE = ("submission_id", "source_sheet", "source_row")
UNKNOWN_UNIT = "unknown_reporting_unit"
STATES = {"blank": 0, "filled": 1, "not_applicable": 2}
COLUMN_TYPES: dict[str, str] = {
    "integer": "bigint",
    "decimal": "decimal(28, 6)",
    "percent": "decimal(28, 6)",
    "money": "decimal(20, 2)",
    "date": "date",
}
"""DuckDB type by column type; every other type is text."""


@dataclass(frozen=True)
class TypedRows:
    """Typed rows and what was noticed while typing.

    Attributes:
        rows: `submission_id`, `source_sheet`, `source_row`, the contract's columns typed,
            `not_applicable` (names of the cells written as not applicable), `explanation`, and the
            facets rules may use: `<col>__state`, `<col>__fault`, `period__end`, `reporter__unit`.
        findings: FINDING_SCHEMA, without cell addresses yet.
    """

    rows: pl.DataFrame
    findings: pl.DataFrame


def type_rows(contract: Contract, expectations: Expectations, raw: pl.DataFrame) -> TypedRows:
    """Types raw rows of any number of forms.

    Args:
        contract: the contract of all of them.
        expectations: for the code lists.
        raw: `submission_id`, `source_sheet`, `source_row`, the contract's columns as text,
            `explanation`, `period__end`, `reporter__unit`, and `<col>__factor` for money.
    """
    columns: dict[str, pl.Series] = {}
    facets: dict[str, pl.Series] = {}
    not_applicable: dict[str, pl.Series] = {}
    notices: list[pl.DataFrame] = []
    for column in contract.column:
        text = raw[column.name]
        absent = text.str.strip_chars().is_in(NOT_APPLICABLE).fill_null(value=False)
        if absent.any():
            not_applicable[column.name] = absent
            present = text.zip_with(~absent, pl.Series([None], dtype=pl.String))
        else:
            present = text
        typed = _type_column(column, present, raw, expectations)
        if column.blank_means:
            typed.values = typed.values.zip_with(
                text.is_not_null(), pl.Series([column.blank_means], dtype=pl.String)
            )
        if column.may_be_not_applicable and absent.any() and typed.values.dtype == pl.String:
            typed.values = typed.values.zip_with(~absent, pl.Series([NOT_APPLICABLE_VALUE]))
        columns[column.name] = typed.values
        facets |= typed.facets
        if column.type == "reporting_unit":
            facets[f"{column.name}__known"] = _keep_known(typed, column, expectations.codes)
        if column.required:
            facets[f"{column.name}__state"] = _state_of(text, absent)
        notices += [_report(flag, column, raw, expectations) for flag in typed.flags]
    rows = raw.select(*PLACE, "explanation", "period__end", "reporter__unit").with_columns(
        **columns, **facets, not_applicable=_list_not_applicable(not_applicable, raw.height)
    )
    schema = {name: kind for name, kind in FINDING_SCHEMA.items() if name != "cell"}
    found = [frame for frame in notices if not frame.is_empty()]
    return TypedRows(rows, pl.concat(found) if found else pl.DataFrame(schema=schema))


def _type_column(
    column: Column, text: pl.Series, raw: pl.DataFrame, expectations: Expectations
) -> Typed:
    codes = expectations.codes
    if column.type == "reporting_unit":
        return _type_units(column, text, raw["period__end"], codes)
    if column.type in IDENTIFIER_TYPES:
        return type_identifier(text, column.type, column.name)
    if column.type == "money":
        return type_money(text, raw[f"{column.name}__factor"])
    if column.type == "date":
        return type_date(text)
    if column.type in NUMERIC_TYPES:
        integer, percent = column.type == "integer", column.type == "percent"
        example = "12.5" if percent else "316"
        return type_number(text, example=example, integer=integer, percent=percent)
    spellings = spellings_of(column, codes)
    if spellings is None:
        return Typed(text.str.strip_chars())
    return type_code(text, spellings, names_of(column, codes))


def _type_units(column: Column, text: pl.Series, period_end: pl.Series, codes: Codes) -> Typed:
    """Reporting units as they were in each row's period; one of another time is an unknown one."""
    days: dict[int, list[date | None]] = {}
    for day in period_end.unique():
        days.setdefault(id(codes.on(day)), []).append(day)
    typed = Typed(text.str.strip_chars())
    for same in days.values():
        then, own = codes.on(same[0]), period_end.is_in(same, nulls_equal=True)
        part = type_code(_keep(text, own), spellings_of(column, then) or {}, names_of(column, then))
        typed.values = part.values if own.all() else part.values.zip_with(own, typed.values)
        names = names_of(column, then)
        others = part.values.is_in(list(names_ever(column, then).keys() - names))
        out_of_time = Flag(UNKNOWN_UNIT, others.fill_null(value=False), "、".join(names.values()))
        typed.flags += [*part.flags, out_of_time]
    return typed


def _keep_known(typed: Typed, column: Column, codes: Codes) -> pl.Series:
    """Reporting units that were there in their row's period; blank for any other."""
    known = typed.values.is_in(list(names_ever(column, codes))).fill_null(value=False)
    for flag in typed.flags:
        if flag.rule_id == UNKNOWN_UNIT:
            known = known & ~flag.mask
    return _keep(typed.values, known)


def _keep(values: pl.Series, mask: pl.Series) -> pl.Series:
    if mask.all():
        return values
    return values.zip_with(mask, pl.Series([None], dtype=values.dtype))


def spellings_of(column: Column, codes: Codes) -> dict[str, str] | None:
    """Folded spelling to code, for columns that take codes; None for free text."""
    if column.type == "code":
        known = {fold_name(code): code for code in column.codes}
        return known | {fold_name(text): code for text, code in column.code_spellings.items()}
    if column.type == "reporting_unit":
        return codes.unit_spellings(with_city=column.blank_means is not None)
    if column.type == "indicator_code":
        return {fold_name(indicator.code): indicator.code for indicator in codes.indicators}
    return None


def names_of(column: Column, codes: Codes) -> dict[str, str]:
    """Code to the name a form should carry, of the day's codes."""
    if column.type == "reporting_unit":
        units = codes.units if column.blank_means else codes.counties
        return {unit.code: unit.name for unit in units}
    if column.type == "indicator_code":
        return {indicator.code: indicator.code for indicator in codes.indicators}
    return {code: code for code in column.codes}


def names_ever(column: Column, codes: Codes) -> dict[str, str]:
    """Code to name, of the codes of any time."""
    if column.type != "reporting_unit":
        return names_of(column, codes)
    units = (unit for unit in codes.reporting_units if column.blank_means or not unit.is_city)
    return {unit.code: unit.name for unit in units}


def shown_names(column: Column, codes: Codes) -> dict[str, str]:
    """Code to the name findings show for it, where the two differ."""
    return {code: name for code, name in names_ever(column, codes).items() if code != name}


def _state_of(text: pl.Series, absent: pl.Series) -> pl.Series:
    frame = pl.select(
        pl.when(text.is_null())
        .then(STATES["blank"])
        .when(absent)
        .then(STATES["not_applicable"])
        .otherwise(STATES["filled"])
        .cast(pl.UInt8)
        .alias("state")
    )
    return frame["state"]


def _list_not_applicable(absent: dict[str, pl.Series], height: int) -> pl.Series:
    if not absent:
        return pl.Series([[]], dtype=pl.List(pl.String)).new_from_index(0, height)
    names = [
        pl.when(mask).then(pl.lit(name)).otherwise(pl.lit(None, dtype=pl.String))
        for name, mask in absent.items()
    ]
    frame = pl.select(pl.concat_list(names).list.drop_nulls().alias("names"))
    return frame["names"]


def _report(
    flag: Flag, column: Column, raw: pl.DataFrame, expectations: Expectations
) -> pl.DataFrame:
    if not flag.mask.any():
        return pl.DataFrame()
    expected = flag.expected if isinstance(flag.expected, pl.Series) else pl.lit(flag.expected)
    rule = expectations.codes.common_rules[flag.rule_id]
    return (
        raw.with_columns(expected=expected)
        .filter(flag.mask)
        .select(
            "submission_id",
            pl.lit(flag.rule_id).alias("rule_id"),
            pl.lit(rule.severity).alias("severity"),
            pl.col("source_sheet").alias("sheet"),
            "source_row",
            pl.lit(column.name).alias("column_name"),
            pl.col(column.name).alias("value"),
            pl.col("expected").cast(pl.String),
        )
    )
