"""Derives from a contract what its blank workbook holds: columns, marks, choices, given rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from warehouse.contracts.codes import Codes, Reporter
from warehouse.contracts.model import Column, Contract, Text
from warehouse.fault import UserFault
from warehouse.gate.type_rows import names_of
from warehouse.gate.type_values import NOT_APPLICABLE_VALUE
from warehouse.periods import Period
from warehouse.read import layout
from warehouse.read.form import EXPLANATION
from warehouse.read.headings import IGNORED_HEADINGS, fold_heading, known_headings
from warehouse.read.identify import make_mark
from warehouse.read.layout import EXPLANATION_SHEET
from warehouse.template.prefill import Prefill, Row, fill_prior_year

Language = Literal["zh", "en"]

FIRST_ENTRY = 6
"""Sheet row, from 0, below title, lines, headings and marks."""
STEMS = "甲乙丙丁戊己庚辛"
_STEM_TYPES = frozenset(
    {
        "text",
        "uscc",
        "application_no",
        "standard_no",
        "industry_code",
        "reporting_unit",
        "indicator_code",
    }
)
_EXPLANATION_COLUMN = Column(
    name=EXPLANATION,
    heading=EXPLANATION_SHEET,
    type="text",
    description=Text(zh="对本行核实类问题的解释", en="Explanation of what is doubtful in this row"),
)


class TemplateRefused(UserFault, ValueError):
    """A blank form that would come back rejected however it is filled in."""


@dataclass(frozen=True)
class Blank:
    """One blank workbook.

    Attributes:
        reporter: who fills it in; None leaves it open.
        period: for when; None leaves it open.
        language: of what explains the form; headings are the contract's and stay Chinese.
        columns: the contract's columns, and 说明 where it has none of its own.
        marks: the column marks 甲 乙 … 1 2 …, one a column.
        options: what may be chosen, by column name.
        given_rows: rows every filled form has, by column name.
        prefill: what was accepted of earlier periods, where it is known.
    """

    contract: Contract
    reporter: Reporter | None
    period: Period | None
    language: Language
    columns: tuple[Column, ...]
    marks: tuple[str, ...]
    options: dict[str, list[str]]
    given_rows: list[Row]
    prefill: Prefill | None = None

    @property
    def shows_earlier(self) -> bool:
        """Whether last period's rows are shown: what happened once is never reported again."""
        return self.prefill is not None and self.contract.content == "snapshot"

    @property
    def mark(self) -> str:
        """The template mark. A period without a reporter would be read as the reporter."""
        reporter = self.reporter.code if self.reporter else ""
        period = str(self.period) if self.reporter and self.period else ""
        return make_mark(self.contract, reporter, period)

    @property
    def file_name(self) -> str:
        """The name by which the form is known even without its mark."""
        reporter = self.reporter.name if self.reporter else ""
        parts = (self.contract.title.zh, reporter, str(self.period or ""))
        return "_".join(part for part in parts if part) + ".xlsx"

    @property
    def money_unit(self) -> str | None:
        """The unit on its unit line; None where no money column leaves its unit to that line."""
        money = [column for column in self.contract.column if column.type == "money"]
        is_open = any(not fold_heading(column.heading).endswith("元)") for column in money)
        return self.contract.money_unit if is_open else None


def plan_template(
    contract: Contract,
    codes: Codes,
    reporter: Reporter | None,
    period: Period | None,
    language: Language,
    prefill: Prefill | None = None,
) -> Blank:
    """Derives the blank workbook, with the code lists of its period.

    Raises:
        TemplateRefused: the reporter does not owe this form, or the period is of another type.
    """
    codes = codes.in_period(period)
    _check_obligation(contract, codes, reporter, period)
    has_own = known_headings(contract)[fold_heading(EXPLANATION_SHEET)] != EXPLANATION
    columns = contract.column if has_own else (*contract.column, _EXPLANATION_COLUMN)
    options = {column.name: list_options(column, codes, reporter) for column in columns}
    given_rows = list_given_rows(contract, codes, reporter)
    return Blank(
        contract=contract,
        reporter=reporter,
        period=period,
        language=language,
        columns=columns,
        marks=tuple(number_columns(columns)),
        options={name: entries for name, entries in options.items() if entries},
        given_rows=fill_prior_year(contract, codes, given_rows, prefill),
        prefill=prefill,
    )


def number_columns(columns: Sequence[Column]) -> list[str]:
    """The mark of each column: stems for what describes a row, digits for all else.

    Digits alone where there are more such columns than stems a reader knows.
    """
    described = sum(column.type in _STEM_TYPES for column in columns)
    stems = iter(STEMS if described <= len(STEMS) else "")
    marks: list[str] = []
    number = 0
    for column in columns:
        stem = next(stems, None) if column.type in _STEM_TYPES else None
        number += stem is None
        marks.append(stem or str(number))
    return marks


def list_options(column: Column, codes: Codes, reporter: Reporter | None) -> list[str]:
    """What may be chosen in a column; empty where it is written freely.

    The office of a reporting unit chooses its own unit alone, a department its own indicators.
    """
    names = names_of(column, codes)
    own: list[str] = []
    if reporter and column.type == "reporting_unit" and reporter.reporting_unit_code:
        own = [names[reporter.reporting_unit_code]]
    elif reporter and column.type == "indicator_code":
        own = [entry.code for entry in codes.indicators if entry.department == reporter.code]
    options = own or list(names.values())
    return [*options, NOT_APPLICABLE_VALUE] if column.may_be_not_applicable else options


def list_given_rows(contract: Contract, codes: Codes, reporter: Reporter | None) -> list[Row]:
    """The rows a table of figures always has: the reporting units, or the reporter's indicators."""
    key = [contract.columns[name] for name in contract.key]
    types = [column.type for column in key]
    if contract.kind != "figures":
        return []
    if types == ["reporting_unit"]:
        numbered = [c.name for c in contract.column if fold_heading(c.heading) in IGNORED_HEADINGS]
        return [
            {**dict.fromkeys(numbered, number), key[0].name: unit}
            for number, unit in enumerate(list_options(key[0], codes, reporter), start=1)
        ]
    if reporter and "indicator_code" in types:
        code = key[types.index("indicator_code")].name
        return [
            {code: entry.code, "indicator_name": entry.name.zh, "unit": entry.unit}
            for entry in codes.indicators
            if entry.department == reporter.code
        ]
    return []


def money_factor(column: Column, contract: Contract, codes: Codes) -> int:
    """The yuan in one unit of a money column, by its heading or else the form's unit line."""
    unit = layout.own_unit(column.heading) or contract.money_unit
    factors = {entry.name: int(entry.factor) for entry in codes.units_of_measure}
    return factors[unit]


def _check_obligation(
    contract: Contract, codes: Codes, reporter: Reporter | None, period: Period | None
) -> None:
    title = contract.title.zh
    owed_by = contract.owed_by_in(period) if period else contract.owed_by
    if reporter and reporter not in codes.owing(owed_by):
        message = (
            f"《{title}》不由“{reporter.name}”报送，请核对报表或填报单位。 "
            f"{reporter.name_en} does not owe {contract.dataset}: check the form or the reporter."
        )
        raise TemplateRefused(message)
    if period and period.period_type != contract.period_type:
        example = {"year": "2020", "quarter": "2020Q3", "month": "2020-09"}[contract.period_type]
        message = (
            f"《{title}》的报告期应写成 {example} 的样式，不能是 {period}。 "
            f"{contract.dataset} is filed by {contract.period_type}: write {example}, not {period}."
        )
        raise TemplateRefused(message)
