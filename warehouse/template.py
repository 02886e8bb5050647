"""Writes the blank workbook of a contract; everything in it is derived from the contract."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from warehouse.contracts.codes import Codes, Reporter
from warehouse.contracts.model import NUMERIC_TYPES, Column, Contract, Text
from warehouse.gate.type_rows import names_of
from warehouse.gate.type_values import NOT_APPLICABLE_VALUE
from warehouse.periods import Period
from warehouse.read.form import EXPLANATION
from warehouse.read.headings import IGNORED_HEADINGS, fold_heading, known_headings
from warehouse.read.identify import make_mark
from warehouse.read.layout import EXPLANATION_SHEET
from warehouse.template_notes import Noted, describe_filling, describe_prompt, write_notes

Language = Literal["zh", "en"]

ENTRY_ROWS = 5_000
"""Rows below the heading that have drop-down lists; column formats have no end."""
TITLE, LINE, PEOPLE, HEADING, NUMBERS, FIRST_ENTRY = 0, 1, 2, 4, 5, 6
"""Sheet rows from 0. Row 3 stays empty: a filled row right above a heading reads as part of it."""

OPTION_SHEET = "选项"
_STEMS = "甲乙丙丁戊己庚辛"
_STEM_TYPES = frozenset(
    {"text", "uscc", "application_no", "standard_no", "industry_code", "reporting_unit"}
    | {"indicator_code"}
)
_NUMBER_FORMATS = {
    "integer": "0",
    "decimal": "General",
    "money": "0.00####",
    "percent": "0.00",
    "date": "yyyy-mm-dd",
}
_WIDTHS = {"text": 26, "uscc": 22, "standard_no": 20, "application_no": 18, "date": 13}
_WIDTH, _WIDEST, _NOTE_WIDTH = 12, 40, 34
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001
_EXPLANATION_COLUMN = Column(
    name=EXPLANATION,
    heading=EXPLANATION_SHEET,
    type="text",
    description=Text(
        zh="对本行核实类问题的解释", en="Explanation of what is doubtful in this row"
    ),
)


class TemplateRefused(ValueError):
    """A blank form that would come back rejected: it is not owed by that reporter or for that
    kind of period."""


@dataclass(frozen=True)
class _Blank:
    """What one blank workbook is for, and the columns of its form."""

    contract: Contract
    codes: Codes
    reporter: Reporter | None
    period: Period | None
    language: Language
    columns: tuple[Column, ...]

    @property
    def mark(self) -> str:
        """The template mark. It names a period only behind a reporter: alone, it would be read as one."""
        reporter = self.reporter.code if self.reporter else ""
        period = str(self.period) if self.reporter and self.period else ""
        return make_mark(self.contract, reporter, period)


def write_template(
    contract: Contract,
    codes: Codes,
    target: Path,
    reporter: Reporter | None,
    period: Period | None,
    language: Language = "zh",
) -> Path:
    """Writes the blank form of a contract as an xlsx workbook, the same bytes each time.

    Headings are the contract's and stay Chinese; `language` is that of what explains them. Entry
    rows are formatted by column, so the sheet ends where its texts end.

    Args:
        contract: the dataset's contract.
        codes: for the drop-down lists and the rows given in advance.
        target: the file, or a folder in which it gets the name `<title>_<reporter>_<period>`.
        reporter: who fills it in; None leaves 填报单位 open.
        period: for when; None leaves 报告期 open.
        language: of descriptions and notes.

    Raises:
        TemplateRefused: the reporter does not owe this form, or the period is of another type.
        OSError: the file cannot be written.
    """
    _check_obligation(contract, codes, reporter, period)
    has_own = known_headings(contract)[fold_heading(EXPLANATION_SHEET)] != EXPLANATION
    columns = contract.column if has_own else (*contract.column, _EXPLANATION_COLUMN)
    blank = _Blank(contract, codes, reporter, period, language, columns)
    content = _write_workbook(blank)
    if target.is_dir():
        target /= name_template(contract, reporter, period)
    target.write_bytes(content)
    return target


def name_template(contract: Contract, reporter: Reporter | None, period: Period | None) -> str:
    """The file name by which a form is known even without its mark."""
    parts = (contract.title.zh, reporter.name if reporter else "", str(period or ""))
    return "_".join(part for part in parts if part) + ".xlsx"


def number_columns(columns: Sequence[Column]) -> list[str]:
    """The marks under the headings: 甲 乙 丙 for what describes a row, 1 2 3 for what is counted
    or chosen; digits alone where the readable stems do not suffice."""
    stems = iter(_STEMS if sum(c.type in _STEM_TYPES for c in columns) <= len(_STEMS) else "")
    marks: list[str] = []
    number = 0
    for column in columns:
        stem = next(stems, None) if column.type in _STEM_TYPES else None
        number += stem is None
        marks.append(stem or str(number))
    return marks


def list_options(column: Column, codes: Codes, reporter: Reporter | None) -> list[str]:
    """What may be chosen in a column; a unit's office sees its own unit alone, a department its
    own indicators. Empty for columns that are written freely."""
    names = names_of(column, codes)
    own: list[str] = []
    if reporter and column.type == "reporting_unit" and reporter.reporting_unit_code in names:
        own = [names[reporter.reporting_unit_code]]
    elif reporter and column.type == "indicator_code":
        own = [entry.code for entry in codes.indicators if entry.department == reporter.code]
    options = own or list(names.values())
    return [*options, NOT_APPLICABLE_VALUE] if column.may_be_not_applicable else options


def list_given_rows(
    contract: Contract, codes: Codes, reporter: Reporter | None
) -> list[dict[str, str | int]]:
    """The rows a table of figures always has: one per reporting unit, or the reporter's indicators."""
    types = {name: contract.columns[name].type for name in contract.key}
    if contract.kind != "figures":
        return []
    if list(types.values()) == ["reporting_unit"]:
        column = contract.columns[contract.key[0]]
        numbered = [c.name for c in contract.column if fold_heading(c.heading) in IGNORED_HEADINGS]
        return [
            {column.name: name, **dict.fromkeys(numbered, number)}
            for number, name in enumerate(list_options(column, codes, reporter), start=1)
        ]
    if reporter and "indicator_code" in types.values():
        return [
            {"indicator_code": entry.code, "indicator_name": entry.name.zh, "unit": entry.unit}
            for entry in codes.indicators
            if entry.department == reporter.code
        ]
    return []


def _check_obligation(
    contract: Contract, codes: Codes, reporter: Reporter | None, period: Period | None
) -> None:
    title = contract.title
    if reporter and reporter not in codes.owing(contract.owed_by):
        message = (
            f"《{title.zh}》不由{reporter.name}报送，请核对报表或填报单位。 "
            f"{reporter.name_en} does not owe {contract.dataset}: choose another form or reporter."
        )
        raise TemplateRefused(message)
    if period and period.period_type != contract.period_type:
        example = {"year": "2020", "quarter": "2020Q3", "month": "2020-09"}[contract.period_type]
        message = (
            f"《{title.zh}》的报告期要写成 {example} 的样子，不是 {period}。 "
            f"{contract.dataset} is filed by {contract.period_type}: write {example}, not {period}."
        )
        raise TemplateRefused(message)


def _write_workbook(blank: _Blank) -> bytes:
    content = io.BytesIO()
    font = {"font_name": "宋体", "font_size": 11}
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_format_properties": font})
    book.set_properties(
        {"title": blank.contract.title.zh, "subject": blank.mark, "created": _EPOCH}
    )
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", "", blank.contract.title.zh)[:31])
    explanations = book.add_worksheet(EXPLANATION_SHEET)
    notes = Noted(blank.contract, blank.codes, blank.columns, number_columns(blank.columns))
    _write_head(sheet, book, blank)
    _write_columns(sheet, book, blank)
    _write_given_rows(sheet, book, blank)
    _set_page(sheet)
    write_notes(book, notes, blank.language, has_given=sheet.dim_rowmax >= FIRST_ENTRY)
    _write_explanation_sheet(explanations, book, blank)
    lists = _write_options(book, blank)
    _validate_entries(sheet, blank, lists)
    _validate_explanations(explanations, lists)
    book.close()
    return content.getvalue()
