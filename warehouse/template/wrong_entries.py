"""Colours entries that cannot be right where they stand, as far as one row's cells can tell.

The rules are the gate's own plan; what takes more than a comparison is left to the sheet 自查.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from warehouse.contracts.codes import Codes
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import NUMERIC_TYPES, Column
from warehouse.gate.suite import Planned, plan_suite
from warehouse.template.plan import FIRST_ENTRY, Blank
from warehouse.template.self_check.cells import fold_date, fold_number, is_filled, remove_all, trim

_EPOCH = date(1899, 12, 30)
_LOOK = {"bg_color": "#FFC7CE", "font_color": "#9C0006", "border": 1}


def mark_wrong(form: Any, book: Any, blank: Blank, codes: Codes, last_row: int) -> None:  # noqa: ANN401
    """Adds the conditional formats of a form's entry rows.

    Args:
        form: the form's sheet.
        book: its workbook.
        blank: what the workbook holds.
        codes: for the plan of the contract.
        last_row: last row, from 0, that is coloured.
    """
    shown = book.add_format(_LOOK)
    places = {column.name: at for at, column in enumerate(blank.columns)}
    for name, criteria in _list_criteria(blank, codes):
        at = places[name]
        rule = {"type": "formula", "criteria": f"={criteria}", "format": shown}
        form.conditional_format(FIRST_ENTRY, at, last_row, at, rule)


def _list_criteria(blank: Blank, codes: Codes) -> Iterator[tuple[str, str]]:
    """Column and condition of each colour."""
    contract = blank.contract
    cells = {
        column.name: xl_rowcol_to_cell(FIRST_ENTRY, at, col_abs=True)
        for at, column in enumerate(contract.column)
    }
    for column in contract.column:
        unread = _is_unread(column, cells[column.name])
        if unread:
            yield column.name, unread
    if blank.period:
        cells["period__end"] = str((blank.period.end - _EPOCH).days)
    for plan in plan_suite(contract, Expectations({contract.dataset: contract}, codes, {})):
        if all(name in cells for name in plan.domain):
            broken = _is_broken(plan, contract.columns, cells)
            if broken:
                yield plan.column, broken


def _is_unread(column: Column, cell: str) -> str | None:
    """Whether a text stands where a number or a day should, and cannot be read as one."""
    text = trim(cell)
    if column.type in NUMERIC_TYPES:
        plain = remove_all(fold_number(text, percent=column.type == "percent"), ",")
        return f"AND(ISTEXT({cell}),{is_filled(text)},ISERROR(VALUE({plain})))"
    if column.type == "date":
        folded = fold_date(text)
        is_none = f"ISERROR(DATEVALUE({folded})),ISERROR(VALUE({folded}))"
        return f"AND(ISTEXT({cell}),{is_filled(text)},{is_none})"
    return None


def _is_broken(plan: Planned, columns: dict[str, Column], cells: dict[str, str]) -> str | None:
    """The condition of an expectation over numbers or days."""
    numbered = NUMERIC_TYPES | {"date"}
    if any(name in columns and columns[name].type not in numbered for name in plan.domain):
        return None
    named = [cells[name] for name in plan.domain]
    are_numbers = ",".join(f"ISNUMBER({cell})" for cell in named)
    least = plan.arguments.get("min_value")
    if plan.expectation == "ExpectColumnValuesToBeBetween" and least is not None:
        return f"AND({are_numbers},{named[0]}<{least})"
    if plan.expectation == "ExpectColumnPairValuesAToBeGreaterThanB":
        sign = "<" if plan.arguments.get("or_equal") else "<="
        return f"AND({are_numbers},{named[0]}{sign}{named[1]})"
    return None
