"""Lists the faults that can stand in a contract's form, and finds how each is planted.

The list follows from the contracts: a column's type, what it requires and allows, the key and the
rules. A rule that nothing here can plant is named, so that a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.corpus_cells import CHECKED_CELLS, COMMON_CELLS, EXPECTED_CELLS, make_cell_planter
from tests.corpus_changes import FORM_CHANGES, make_change_planter
from tests.corpus_columns import IN_COLUMN, IN_TOTAL, make_column_planter
from tests.corpus_forms import FORM_FAULTS, list_strangers, make_form_planter
from tests.corpus_history import find_revised
from tests.corpus_plants import Fault, Planter
from tests.corpus_rows import FIGURE_CHANGES, ROW_CHANGES, make_row_planter
from tests.form_maker import added_columns, own_unit
from warehouse.contracts.codes import Codes
from warehouse.contracts.model import IDENTIFIER_TYPES, NUMERIC_TYPES, Column, Contract, Rule

REFUSED = "refused_"
"""What a file is refused for before anybody looks for a form in it."""
NOT_IN_A_FORM = {"rule_not_run": "the warehouse's own fault, not the form's"}

_CHECKED = frozenset({"uscc", "application_no"})
_SPELLED = frozenset({"reporting_unit", "indicator_code"})
IN_EACH_COLUMN: dict[str, Callable[[Contract, Column], bool]] = {
    "below_minimum": lambda _, c: c.minimum is not None or c.type in {"integer", "money"},
    "check_digit": lambda _, c: c.type in _CHECKED,
    "date_after_period": lambda _, c: c.type == "date" and not c.may_follow_period,
    "duplicate_heading": lambda *_: True,
    "duplicate_key": lambda contract, c: c.name == contract.key[0],
    "error_value": lambda *_: True,
    "foreign_unit": lambda k, c: c.type == "reporting_unit" and "reporting_units" in k.owed_by,
    "full_width": lambda _, c: c.type in NUMERIC_TYPES | IDENTIFIER_TYPES | {"date"},
    "hidden_column": lambda *_: True,
    "identifier_form": lambda _, c: c.type in IDENTIFIER_TYPES,
    "missing_column": lambda _, c: c.required,
    "not_a_date": lambda _, c: c.type == "date",
    "not_a_number": lambda _, c: c.type in NUMERIC_TYPES,
    "not_an_integer": lambda _, c: c.type == "integer",
    "not_applicable_not_allowed": lambda _, c: c.required and not c.may_be_not_applicable,
    "precision_loss": lambda _, c: c.type in _CHECKED,
    "registration_number": lambda _, c: c.type == "uscc",
    "required": lambda _, c: c.required,
    "serial_date": lambda _, c: c.type == "date",
    "share_out_of_range": lambda _, c: c.is_share,
    "spelling_recognised": lambda _, c: c.type in _SPELLED or bool(c.code_spellings),
    "thousands_separator": lambda _, c: c.type in NUMERIC_TYPES and not c.is_share,
    "too_large": lambda _, c: c.type in NUMERIC_TYPES,
    "too_precise": lambda _, c: c.type == "money" and own_unit(c) != "亿元",
    "total_differs": lambda contract, c: c in added_columns(contract),
    "uncalculated_formula": lambda *_: True,
    "unknown_code": lambda _, c: c.type in {"code", "indicator_code"},
    "unknown_heading": lambda *_: True,
    "unknown_reporting_unit": lambda _, c: c.type == "reporting_unit",
}
"""Common rules that can speak of a column of a contract."""
IN_THE_FORM: dict[str, Callable[[Contract, Codes], bool]] = {
    **dict.fromkeys(FORM_FAULTS, lambda *_: True),
    "revision_note": lambda contract, _: find_revised(contract) is not None,
    "nil_report_not_allowed": lambda contract, _: not contract.nil_report,
    "unknown_money_unit": lambda contract, _: any(
        column.type == "money" and not own_unit(column) for column in contract.column
    ),
    "wrong_form": lambda contract, codes: bool(list_strangers(contract, codes)),
}
"""Common rules that can speak of a contract's form as a whole."""
OF_CHECKS: dict[str, Callable[[Contract], list[str]]] = {
    "flow_jumps": lambda k: [f.column for f in k.figure if f.measure_kind == "flow"],
    "stock_falls": lambda k: [f.column for f in k.figure if f.measure_kind == "stock"],
    "indicator_is_negative": lambda k: [c.name for c in k.column if c.type == "decimal"],
}
"""Columns that a check speaks of where its rule names none."""


def list_faults(contract: Contract, codes: Codes) -> Iterator[Fault]:
    """Every fault that can stand in a contract's form."""
    for rule_id in codes.common_rules:
        if rule_id in IN_EACH_COLUMN:
            applies = IN_EACH_COLUMN[rule_id]
            yield from (Fault(rule_id, c.name) for c in contract.column if applies(contract, c))
        elif rule_id in IN_THE_FORM and IN_THE_FORM[rule_id](contract, codes):
            yield Fault(rule_id)
    for rule_id in IN_TOTAL:
        yield from (Fault(rule_id, c.name, in_total=True) for c in added_columns(contract))
    for rule in contract.rule:
        yield from (Fault(rule.id, column) for column in _columns_told(contract, rule))


def _columns_told(contract: Contract, rule: Rule) -> list[str | None]:
    named = rule.column or rule.arguments.get("column") or rule.arguments.get("column_A")
    if named is None and rule.check in OF_CHECKS:
        return [*OF_CHECKS[rule.check](contract)]
    return [named]


def find_planter(contract: Contract, fault: Fault) -> Planter | None:
    """How a fault is planted; None where nothing here knows."""
    rule = next((rule for rule in contract.rule if rule.id == fault.rule), None)
    if rule is not None:
        return _find_own_planter(contract, rule)
    if fault.in_total:
        return make_column_planter(IN_TOTAL[fault.rule])
    for table, make in (
        (COMMON_CELLS, make_cell_planter),
        (IN_COLUMN, make_column_planter),
        (FORM_FAULTS, make_form_planter),
    ):
        if fault.rule in table:
            return make(table[fault.rule])
    return None


def _find_own_planter(contract: Contract, rule: Rule) -> Planter | None:
    check = rule.check or ""
    if check in ROW_CHANGES or (check in FIGURE_CHANGES and contract.kind == "figures"):
        return make_row_planter(rule)
    if check in FORM_CHANGES:
        return make_change_planter(rule)
    cell_fault = CHECKED_CELLS.get(check) or EXPECTED_CELLS.get(rule.expectation or "")
    return make_cell_planter(cell_fault) if cell_fault else None


def list_unplanted(contract: Contract, codes: Codes) -> list[str]:
    """The rules that nothing here can plant, each in a sentence."""
    known = {*IN_EACH_COLUMN, *IN_THE_FORM, *NOT_IN_A_FORM}
    faults = list(list_faults(contract, codes))
    rules = [name for name in codes.common_rules if name not in known and REFUSED not in name]
    rules += sorted({rule.id for rule in contract.rule} - {fault.rule for fault in faults})
    rules += [fault.rule for fault in faults if find_planter(contract, fault) is None]
    return [say_unplanted(contract, rule) for rule in rules]


def say_unplanted(contract: Contract, rule: str) -> str:
    """What is wrong with a corpus that leaves a rule out."""
    return f"no fault is planted for rule {rule} of contract {contract.dataset}"
