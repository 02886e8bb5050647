"""The lines of a self-check that are the gate's own plan of a contract: types and its suite.

What is compiled is `plan_suite` itself, so that form and gate follow one source. A rule for which
there is no compiler stays a line without a formula: the sheet says that it is judged after sending.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from warehouse.contracts.model import Column
from warehouse.gate.suite import Planned
from warehouse.gate.type_rows import STATES
from warehouse.template.self_check.area import EntryArea
from warehouse.template.self_check.cells import is_absent, is_among, list_words, trim
from warehouse.template.self_check.lines import Draft, Line
from warehouse.template.self_check.operands import (
    NEVER,
    PERIOD_END,
    find_operand,
    is_in_time,
    judge_identifier,
)


def list_suite_lines(draft: Draft) -> list[Line]:
    """One line per rule and column of the suite."""
    lines: list[Line] = []
    for plan in draft.suite:
        if plan.domain[0].endswith("__state"):
            continue
        compile_plan = _EXPECTATIONS.get(plan.expectation)
        found = compile_plan(draft, plan) if compile_plan else {plan.rule_id: None}
        expected = plan.expected
        if plan.expected_column == PERIOD_END and draft.area.blank.period:
            expected = str(draft.area.blank.period.end)
        lines += [
            draft.add(
                rule_id,
                plan.column,
                draft.in_rows(condition) if condition else None,
                expected=expected,
                is_partial=_is_partial(draft.area, plan),
            )
            for rule_id, condition in found.items()
            if condition != NEVER
        ]
    return lines


def list_presence_lines(draft: Draft) -> list[Line]:
    """Whether required cells are filled: one line per rule for all columns together."""
    area = draft.area
    place = area.cut(0, len(area.contract.column) - 1)
    text = trim(place)
    is_blank = f'({text}="")*(1-ISERROR({place}))'
    conditions = {STATES["blank"]: is_blank, STATES["not_applicable"]: is_absent(text)}
    plans = {plan.column: plan for plan in draft.suite if plan.domain[0].endswith("__state")}
    lines: list[Line] = []
    for state, condition in conditions.items():
        refusing = {
            name: plan for name, plan in plans.items() if state not in plan.arguments["value_set"]
        }
        if refusing:
            asked = ",".join(str(int(c.name in refusing)) for c in area.contract.column)
            plan = next(iter(refusing.values()))
            rule_id = plan.rule_by_value.get(state, plan.rule_id)
            hits = draft.in_rows(f"{condition}*{{{asked}}}")
            lines.append(draft.add_block(rule_id, hits, place, tuple(refusing)))
    return lines


def list_type_lines(draft: Draft) -> list[Line]:
    """What the type of a column says of its cells; the sums of a 合计 row are cells like others."""
    lines: list[Line] = []
    for column in draft.area.contract.column:
        rows = draft.area.numbered_rows(column)
        for rule_id, (condition, expected) in _judge_type(draft.area, column).items():
            lines.append(draft.add(rule_id, column.name, f"{rows}*{condition}", expected=expected))
    return lines


def _judge_type(area: EntryArea, column: Column) -> dict[str, tuple[str, str | None]]:
    """By rule the condition and what is to be expected."""
    name = column.name
    value, is_read = area.value(name), area.is_read(name)
    unread = f"{area.filled(name)}*(1-{is_read})"
    if column.type == "date":
        return {"not_a_date": (unread, "2020-09-30")}
    if column.type not in {"integer", "decimal", "money", "percent"}:
        return {}
    example = {"percent": "12.5", "money": "210.5"}.get(column.type, "316")
    found: dict[str, tuple[str, str | None]] = {"not_a_number": (unread, example)}
    limit = "1E+15"
    if column.type == "integer":
        rounded = f"ROUND({value},9)"
        found["not_an_integer"] = (f"IFERROR({rounded}<>INT({rounded}),FALSE)", None)
    if column.type == "money":
        factor = area.money_factor(column)
        limit = f"{min(1e15, 1e18 / factor):.0E}"
        # Numbers are read with ten decimals, which in 亿元 reach no further than a fen.
        if factor < 10**8:
            yuan = f"(ROUND({value},10)*{factor})"
            is_fine = f"IFERROR(ABS(ROUND({yuan},2)-{yuan})>0.0001,FALSE)"
            is_small = f"IFERROR(ABS({value})<{limit},FALSE)"
            found["too_precise"] = (f"{is_fine}*{is_small}", None)
    found["too_large"] = (f"IFERROR(ABS({value})>={limit},FALSE)", None)
    return found


def _is_partial(area: EntryArea, plan: Planned) -> bool:
    """Of a standard's number the formula looks at its letters and its year alone."""
    columns = {name.split("__")[0] for name in plan.domain}
    types = {column.type for column in area.contract.column if column.name in columns}
    return "standard_no" in types and any("__" in name for name in plan.domain)


# An expectation speaks of operands; rows in which one is not present are left out, as in the gate.


def _fault_is_null(draft: Draft, plan: Planned) -> dict[str, str | None]:
    name = plan.domain[0].removesuffix("__fault")
    return dict(judge_identifier(draft.area, name))


def _value_in_set(draft: Draft, plan: Planned) -> dict[str, str | None]:
    name = plan.domain[0]
    area, allowed = draft.area, plan.arguments["value_set"]
    column = area.contract.columns[name]
    codes = area.codes_of(column)
    present = area.filled(name)
    if not codes:
        return {plan.rule_id: f"{present}*(1-{is_among(area.text(name), list_words(allowed))})"}
    if set(codes) <= set(allowed):
        blank = f'*({area.text(name)}<>"")' if column.blank_means else ""
        return {plan.rule_id: f"{present}{blank}*({area.value(name)}=0)"}
    numbers = list_words(
        str(area.number_of_code(column, code)) for code in allowed if code in codes
    )
    return {plan.rule_id: f"{present}*(1-{is_among(area.value(name), numbers)})"}


def _value_not_in_set(draft: Draft, plan: Planned) -> dict[str, str | None]:
    area, refused = draft.area, plan.arguments["value_set"]
    operand = find_operand(area, plan.domain[0])
    if operand is None:
        return {plan.rule_id: None}
    found = is_among(operand.value, list_words(map(str, refused)))
    return {plan.rule_id: f"{operand.present}*{found}"}


def _value_between(draft: Draft, plan: Planned) -> dict[str, str | None]:
    operand = find_operand(draft.area, plan.domain[0])
    if operand is None:
        return {plan.rule_id: None}
    return {plan.rule_id: f"{operand.present}*{_outside(operand.value, plan.arguments)}"}


def _length_between(draft: Draft, plan: Planned) -> dict[str, str | None]:
    operand = find_operand(draft.area, plan.domain[0])
    if operand is None:
        return {plan.rule_id: None}
    outside = _outside(f"LEN({operand.value})", plan.arguments)
    return {plan.rule_id: f"{operand.present}*{outside}"}


def _outside(value: str, arguments: dict[str, Any]) -> str:
    least, most = arguments.get("min_value"), arguments.get("max_value")
    sides = [
        f"({value}{sign}{limit})"
        for sign, limit in (("<", least), (">", most))
        if limit is not None
    ]
    return f"({'+'.join(sides)}+0>0)"  # a lone comparison is no number, and TRUE > 0 in Excel


def _is_null(draft: Draft, plan: Planned) -> dict[str, str | None]:
    if plan.domain[0].endswith("__fault"):
        return _fault_is_null(draft, plan)
    return {plan.rule_id: draft.area.filled(plan.domain[0])}


def _pair_equal(draft: Draft, plan: Planned) -> dict[str, str | None]:
    one, other = (find_operand(draft.area, name) for name in plan.domain)
    if one is None or other is None:
        return {plan.rule_id: None}
    if NEVER in (one.present, other.present):
        return {plan.rule_id: NEVER}
    return {plan.rule_id: f"{one.present}*{other.present}*({one.value}<>{other.value})"}


def _pair_greater(draft: Draft, plan: Planned) -> dict[str, str | None]:
    """A text is greater than any number: where the first is none, it is never below the other."""
    one, other = (find_operand(draft.area, name) for name in plan.domain)
    if one is None or other is None:
        return {plan.rule_id: None}
    sign = "<" if plan.arguments.get("or_equal") else "<="
    present = other.present
    if PERIOD_END not in plan.domain:
        present = is_in_time(draft.area, plan.domain[1])
    return {plan.rule_id: f"({one.value}{sign}{other.value})*{present}"}


_EXPECTATIONS: dict[str, Callable[[Draft, Planned], dict[str, str | None]]] = {
    "ExpectColumnPairValuesAToBeGreaterThanB": _pair_greater,
    "ExpectColumnPairValuesToBeEqual": _pair_equal,
    "ExpectColumnValueLengthsToBeBetween": _length_between,
    "ExpectColumnValuesToBeBetween": _value_between,
    "ExpectColumnValuesToBeInSet": _value_in_set,
    "ExpectColumnValuesToBeNull": _is_null,
    "ExpectColumnValuesToNotBeInSet": _value_not_in_set,
}
"""What compiles each expectation; a pattern is beyond the formulas of a spreadsheet."""
