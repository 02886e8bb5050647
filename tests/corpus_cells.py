"""Plants faults of one cell, and of the cells of one row."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal

from tests.cases.gate.faults import CELL_FAULTS, CellFault, find_rule, indicator_of
from tests.corpus import CorpusForm
from tests.corpus_history import EXTRA, list_reporters
from tests.corpus_plants import (
    FOLDER,
    PERIOD,
    REPORTER,
    UNIT,
    Attempt,
    Claim,
    Fault,
    Planted,
    Planter,
    need_cells,
)
from tests.form_maker import MadeForm
from warehouse.contracts.model import Column, Contract, Rule
from warehouse.sql_files import load_sql


def leave_formula(form: MadeForm, row: int, column: Column) -> str | None:
    """A formula that was never calculated."""
    if form.look.file_format != "xlsx":
        return None
    form.put(row, column.name, "")
    form.grid.formulas[form.place(row, column.name)] = "=1+1"
    return "uncalculated_formula"


def leave_error(form: MadeForm, row: int, column: Column) -> str | None:
    """A formula that came to an error."""
    if form.look.file_format != "xlsx":
        return None
    form.put(row, column.name, ("#DIV/0!", "#REF!", "#N/A")[row % 3])
    form.grid.formulas[form.place(row, column.name)] = "=1/0"
    return "error_value"


def group_thousands(form: MadeForm, row: int, column: Column) -> str | None:
    """As in any table; where a range is plausible, of an indicator that has none."""
    ranged = find_rule(form, check="outside_plausible_range")
    if ranged is None or ranged.column != column.name:
        return CELL_FAULTS["group_thousands"](form, row, column)
    indicator = indicator_of(form, row)
    if indicator is None or (indicator.minimum, indicator.maximum) != (None, None):
        return None
    form.change(row, column.name, Decimal(1234))
    form.put(row, column.name, "1,234")
    return "thousands_separator"


def report_for_another(form: MadeForm, row: int, column: Column) -> str | None:
    """An indicator of a department of which nothing was accepted, so that nothing else differs."""
    sending = {reporter.code for reporter in list_reporters(form.contract)}
    others = [entry for entry in form.codes.indicators if entry.department not in sending]
    other = others[row % len(others)]
    known = [number for number in (other.minimum, other.maximum, 7) if number is not None]
    for check, value in (
        ("indicator_department", other.code),
        ("indicator_unit_known", other.unit),
        ("indicator_name_matches", other.name.zh),
        ("outside_plausible_range", Decimal(str(max(known[0], 0)))),
    ):
        if rule := find_rule(form, check=check):
            form.change(row, rule.column or "", value)
    return find_rule(form, check="indicator_department").id


COMMON_CELLS: dict[str, CellFault] = {
    "below_minimum": CELL_FAULTS["go_below"],
    "check_digit": CELL_FAULTS["break_check_digit"],
    "date_after_period": CELL_FAULTS["date_after_period"],
    "error_value": leave_error,
    "foreign_unit": CELL_FAULTS["write_foreign_unit"],
    "full_width": CELL_FAULTS["write_full_width"],
    "identifier_form": CELL_FAULTS["misshape"],
    "not_a_date": CELL_FAULTS["write_half_date"],
    "not_a_number": CELL_FAULTS["write_words_for_number"],
    "not_an_integer": CELL_FAULTS["write_half"],
    "not_applicable_not_allowed": CELL_FAULTS["mark_not_applicable"],
    "precision_loss": CELL_FAULTS["lose_precision"],
    "registration_number": CELL_FAULTS["write_registration_number"],
    "required": CELL_FAULTS["leave_blank"],
    "serial_date": CELL_FAULTS["write_serial_date"],
    "share_out_of_range": CELL_FAULTS["leave_range"],
    "spelling_recognised": CELL_FAULTS["spell_otherwise"],
    "thousands_separator": group_thousands,
    "too_large": CELL_FAULTS["write_too_large"],
    "too_precise": CELL_FAULTS["write_too_precise"],
    "uncalculated_formula": leave_formula,
    "unknown_code": CELL_FAULTS["write_unknown_code"],
    "unknown_reporting_unit": CELL_FAULTS["write_unknown_unit"],
}
CHECKED_CELLS: dict[str, CellFault] = {
    "filing_year_differs": CELL_FAULTS["file_in_another_year"],
    "indicator_department": report_for_another,
    "indicator_is_negative": CELL_FAULTS["go_below"],
    "indicator_name_matches": CELL_FAULTS["misname_indicator"],
    "indicator_unit_known": CELL_FAULTS["use_other_unit"],
    "outside_plausible_range": CELL_FAULTS["leave_plausible_range"],
    "valid_without_grant": CELL_FAULTS["forget_grant"],
}
EXPECTED_CELLS: dict[str, CellFault] = {
    "ExpectColumnPairValuesAToBeGreaterThanB": CELL_FAULTS["date_before_first_event"],
    "ExpectColumnPairValuesToBeEqual": CELL_FAULTS["contradict"],
    "ExpectColumnValuesToMatchRegex": CELL_FAULTS["break_pattern"],
}
_CHANGING = frozenset(
    {
        group_thousands,
        report_for_another,
        *map(CELL_FAULTS.get, ("leave_plausible_range", "use_other_unit")),
    }
)
"""Faults that put another number into a row: where rows are compared one by one, in a new one."""
_SQL = load_sql("check", extra=EXTRA)
_NEEDS: dict[str, frozenset[Claim]] = {
    "date_after_period": frozenset({PERIOD}),
    "foreign_unit": frozenset({REPORTER, FOLDER}),
    "indicator_department": frozenset({REPORTER}),
    "too_precise": frozenset({UNIT}),
}


def make_cell_planter(cell_fault: CellFault) -> Planter:
    """A planter that tries a fault in one row after the other."""

    def plant(form: CorpusForm, fault: Fault, dice: random.Random) -> Iterator[Attempt]:
        column = form.contract.columns[fault.column or ""]
        if column.name not in form.grid.places:
            return
        is_compared = form.contract.kind == "figures" and cell_fault in _CHANGING
        for row in dice.sample(range(len(form.rows)), len(form.rows)):
            if not (is_compared and form.earlier(row)):
                yield lambda row=row: _plant(form, fault, cell_fault, row, column)

    return plant


def _plant(
    form: CorpusForm, fault: Fault, cell_fault: CellFault, row: int, column: Column
) -> Planted | None:
    if cell_fault(form, row, column) != fault.rule:
        return None
    found = (fault.rule, form.sheet, form.at(row, column.name), column.name)
    rule = next((rule for rule in form.contract.rule if rule.id == fault.rule), None)
    read = columns_of(form.contract, rule) if rule else set()
    needs = need_cells(form, row, {column.name, *read})
    kind = rule.check or "" if rule else fault.rule
    return Planted([found], needs=needs | _NEEDS.get(kind, frozenset()))


def columns_of(contract: Contract, rule: Rule) -> set[str]:
    """The columns a rule looks at; a facet such as `x__level` is its column's.

    A check looks at those that its SQL names.
    """
    named = {str(name) for name in (rule.column, *rule.arguments.values())}
    if rule.check:
        named |= set(re.findall(r"\w+", _SQL[rule.check].text))
    return {name.split("__")[0] for name in named} & contract.columns.keys()
