"""The rows of one submission, as SQL: from core, or read again from the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.build.views import create_frame
from warehouse.collect.archive import path_of
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import NUMERIC_TYPES, Column, Contract, Text
from warehouse.decide.failure import FormLost
from warehouse.gate.stage_rows import prepare_rows
from warehouse.gate.staged import Staged
from warehouse.gate.type_rows import type_rows
from warehouse.gate.type_values import NOT_APPLICABLE_VALUE
from warehouse.intake import Incoming, take_in
from warehouse.read.form import Form
from warehouse.read.headings import compared_columns

_READ = "difference_read"
_NAMES = {
    "reporting_unit": ("codes_reporting_unit", "reporting_unit_code", "reporting_unit"),
    "indicator_code": ("codes_indicator", "indicator_code", "indicator_name"),
}
"""By column type: the code table, its code and its name."""


@dataclass(frozen=True)
class Rows:
    """The rows of one submission.

    Attributes:
        source: a SELECT with the contract's typed columns, `not_applicable`, `source_sheet` and
            `source_row`; for a form read again also `<column>__read`, the text as it stands there.
        is_read_again: the rows are in no core table.
        is_nil: the form says that there is nothing to report.
    """

    source: str
    is_read_again: bool
    is_nil: bool


def keep_rows(contract: Contract, submission_id: int, *, is_nil: bool) -> Rows:
    """The rows a submission has in core."""
    source = f"select * from core.{contract.dataset} where submission_id = {submission_id}"  # noqa: S608
    return Rows(source, is_read_again=False, is_nil=is_nil)


def read_form_again(
    facts: dict[str, Any], expectations: Expectations, archive: Path | None, today: date
) -> Form:
    """The form of a submission as it is in the archive, read with the contracts in force.

    Args:
        facts: its row of `ledger.submission`.
        expectations: contracts and codes.
        archive: every file ever received.
        today: by the clock of the views.

    Raises:
        FormLost: the archive does not have it.
    """
    path = path_of(archive, facts["sha256"]) if archive and facts["sha256"] else None
    if path is None or not path.is_file():
        raise _lose(facts["submission_id"])
    names = ("submission_id", "sha256", "size_bytes", "source", "folder", "file_name", "known_at")
    incoming = Incoming(path=path, **{name: facts[name] for name in names})
    return take_in(incoming, expectations, today).staged.form


def type_form_again(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    expectations: Expectations,
    submission_id: int,
    form: Form,
) -> Rows | None:
    """The typed rows of a form read again; None where it has none, or is another form by now."""
    if form.identity.contract is not contract or (form.rows.is_empty() and not form.is_nil):
        return None
    raw = prepare_rows(form.rows, Staged(submission_id, form), expectations)
    texts = [pl.col(column.name).alias(f"{column.name}__read") for column in contract.column]
    typed = type_rows(contract, expectations, raw).rows
    create_frame(connection, _READ, typed.hstack(raw.select(texts)))
    return Rows(f"select * from {_READ}", is_read_again=True, is_nil=form.is_nil)  # noqa: S608


def select_cells(contract: Contract, rows: Rows) -> str:
    """A SELECT with one line a row: its place, key and cells as lists of text.

    `occurrence` numbers rows of the same key, which a rejected form may have. A cell that could not
    be typed is shown as it was read.
    """
    shown = {column.name: _show(column, rows) for column in compared_columns(contract)}
    return f"""
        select
            *, row_number() over (partition by key order by source_sheet, source_row) as occurrence
        from (
            select
                kept.source_sheet,
                kept.source_row,
                [{", ".join(shown[name] for name in contract.key)}] as key,
                [{", ".join(shown.values())}] as cells
            from ({rows.source}) as kept
        )
    """  # noqa: S608


def _show(column: Column, rows: Rows) -> str:
    """SQL of a cell's text: codes by name, numbers without idle zeros, money in yuan."""
    value = f'kept."{column.name}"'
    if column.type in NUMERIC_TYPES - {"integer"}:
        text = f"rtrim(rtrim({value}::decimal(28, 6)::varchar, '0'), '.')"
    elif column.type in _NAMES:
        table, code, name = _NAMES[column.type]
        text = f"coalesce((select {name} from {table} where {code} = {value}), {value})"  # noqa: S608
    else:
        text = f"{value}::varchar"
    if rows.is_read_again:
        text = f'coalesce({text}, kept."{column.name}__read")'
    return (
        f"case when list_contains(kept.not_applicable, '{column.name}') "
        f"then '{NOT_APPLICABLE_VALUE}' else {text} end"
    )


def _lose(number: int) -> FormLost:
    return FormLost(
        Text(
            zh=f"存档里没有 {number} 号报送的原件，无法对比。请从备份恢复 archive 目录。",
            en=f"The archive does not have the file of submission {number}, so it cannot be "
            "compared. Restore the archive from the backup.",
        )
    )
