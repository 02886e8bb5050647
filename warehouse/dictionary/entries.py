"""Gathers the dictionary: marts from their SQL files, everything else from the contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from warehouse.build.macros import Macro, read_macro
from warehouse.build.marts import describe_columns, trace_datasets
from warehouse.contracts.load import Expectations
from warehouse.sql_files import SqlFile


@dataclass(frozen=True)
class MartColumnEntry:
    """One column of a mart.

    Attributes:
        type: as the published file has it.
        unit: of a measure; None for every other column.
        measure_kind: of a measure, stock or flow.
        is_additive: whether a measure may be summed over reporting units.
    """

    name: str
    title: str
    meaning: str
    type: str
    unit: str | None
    measure_kind: str | None
    is_additive: bool


@dataclass(frozen=True)
class MartEntry:
    """One mart.

    Attributes:
        row_is: what a row is, as the file's header says.
        columns: in the mart's order.
        datasets: the forms its figures come from; empty where it is made from the ledger alone.
    """

    table: str
    row_is: str
    columns: tuple[MartColumnEntry, ...]
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """Everything a reader of the published file may look up."""

    marts: tuple[MartEntry, ...]
    expectations: Expectations
    macros: tuple[Macro, ...] = ()


def build_dictionary(
    expectations: Expectations,
    mart_models: Mapping[str, SqlFile],
    macros: Mapping[str, SqlFile] | None = None,
) -> Dictionary:
    """Gathers the dictionary.

    Args:
        expectations: contracts and code lists.
        mart_models: the files of `sql/mart` by name.
        macros: the files of `sql/macro` by name.

    Raises:
        SqlFileError: a mart's file cannot be parsed or a column in it is not documented.
    """
    order = list(expectations.contracts)
    return Dictionary(
        tuple(
            MartEntry(
                model.table,
                model.header,
                _describe(model),
                tuple(sorted(trace_datasets(model, mart_models), key=order.index)),
            )
            for model in mart_models.values()
        ),
        expectations,
        tuple(read_macro(model) for model in (macros or {}).values()),
    )


def _describe(model: SqlFile) -> tuple[MartColumnEntry, ...]:
    selected = model.query.find(exp.Select)
    types = {item.alias_or_name: _find_type(item) for item in selected.selects} if selected else {}
    return tuple(
        MartColumnEntry(
            column.name,
            column.title,
            _drop_measure_mark(column.meaning) if column.unit else column.meaning,
            types[column.name],
            column.unit,
            column.measure_kind,
            column.is_additive,
        )
        for column in describe_columns(model)
    )


def _find_type(item: exp.Expr) -> str:
    value = item.unalias()
    if not isinstance(value, exp.Cast):
        return ""
    written = value.to.sql(dialect="duckdb").lower()
    return "varchar" if written == "text" else written


def _drop_measure_mark(meaning: str) -> str:
    """Takes `(项, stock)` off the end: unit and kind have columns of their own."""
    return meaning[: meaning.rindex("(")].rstrip()
