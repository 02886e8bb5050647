"""A form: the rows of one received file, still text, under the contract's column names."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from warehouse.contracts.codes import Reporter, fold_name
from warehouse.contracts.model import Contract
from warehouse.findings import Finding
from warehouse.periods import Period
from warehouse.read.returned_list import Answer

EXPLANATION = "explanation"
EXPLANATION_SHEET = "说明"
UNREAD_SHEETS = frozenset(
    {EXPLANATION_SHEET, "资料来源", "填报说明", "自查", "上期", "问题清单", "选项"}
)
"""Sheets that hold no rows of a form, and say nothing of what the form is."""


@dataclass(frozen=True)
class Identity:
    """What a file says it is: dataset, reporter and period; None where it does not say.

    Attributes:
        other_sheets: sheets that hold another form; they are not read.
    """

    contract: Contract | None = None
    reporter: Reporter | None = None
    period: Period | None = None
    template_version: int | None = None
    other_sheets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Form:
    """One received file read through its contract.

    Attributes:
        rows: `source_sheet`, `source_row`, one text column per contract column, `explanation`.
        totals: the 合计 rows, same columns; checked and never loaded.
        columns_at: position (0 = A) of each contract column by sheet.
        money_units: the unit each money column is written in.
        explanations: entries of the 说明 sheet: what they are about, and the text.
        answers: explanations written into the list of a returned workbook.
        ancestor_id: the submission whose returned workbook this is, where it says so.
        findings: what is wrong with the form as a whole.
    """

    identity: Identity
    rows: pl.DataFrame
    totals: pl.DataFrame
    columns_at: dict[str, dict[str, int]] = field(default_factory=dict)
    money_units: dict[str, str] = field(default_factory=dict)
    is_nil: bool = False
    explanations: tuple[tuple[str, str], ...] = ()
    answers: tuple[Answer, ...] = ()
    ancestor_id: int | None = None
    findings: tuple[Finding, ...] = ()


def is_unread(sheet_name: str) -> bool:
    """Whether a sheet of that name is set aside; blanks do not tell names apart."""
    return fold_name(sheet_name) in UNREAD_SHEETS


def empty_rows(contract: Contract | None) -> pl.DataFrame:
    """No rows, with the columns a contract's forms have."""
    names = [column.name for column in contract.column] if contract else []
    return pl.DataFrame(
        schema={
            "source_sheet": pl.String,
            "source_row": pl.Int64,
            **dict.fromkeys([*names, EXPLANATION], pl.String),
        }
    )
