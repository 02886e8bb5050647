"""Derives the Great Expectations suite of a contract: what column types say, and its rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import IDENTIFIER_TYPES, NUMERIC_TYPES, Column, Contract, Rule
from warehouse.fault import UserFault
from warehouse.gate.type_rows import STATES, UNKNOWN_UNIT, names_ever, names_of
from warehouse.gate.type_values import NOT_APPLICABLE_VALUE

SUPPORTED = frozenset(
    {
        "ExpectColumnPairValuesAToBeGreaterThanB",
        "ExpectColumnPairValuesToBeEqual",
        "ExpectColumnPairValuesToBeInSet",
        "ExpectColumnValueLengthsToBeBetween",
        "ExpectColumnValuesToBeBetween",
        "ExpectColumnValuesToBeInSet",
        "ExpectColumnValuesToBeNull",
        "ExpectColumnValuesToMatchRegex",
        "ExpectColumnValuesToNotBeInSet",
        "ExpectColumnValuesToNotMatchRegex",
    }
)
"""Expectations that speak of one row's cells, blank cells left out. Presence is `required`, never
ExpectColumnValuesToNotBeNull: the suite sees each distinct value once, and no blanks."""

_FAULT_RULES = {
    "precision_loss": "precision_loss",
    "check_character": "check_digit",
    "check_digit": "check_digit",
    "organisation_code": "check_digit",
    "registration_number": "registration_number",
}
_EXAMPLES = {
    "uscc": "91350100M000100Y43",
    "application_no": "201710601862.3",
    "standard_no": "GB/T 1.1-2020",
    "industry_code": "C3360",
}


class UnsupportedExpectation(UserFault):
    """A contract names an expectation that does not speak of one row's cells."""


@dataclass(frozen=True)
class Planned:
    """One expectation of a suite, and how its failures become findings.

    Attributes:
        key: unique in the suite; results are matched by it, never by position.
        domain: the columns it looks at; rows with a blank among them are left out.
        column: contract column in which the finding stands.
        rule_id: rule the finding names; `rule_by_value` overrides it by the value that failed.
        expected: text, or the name of a column in `expected_column`.
    """

    key: str
    expectation: str
    arguments: dict[str, Any]
    domain: tuple[str, ...]
    column: str
    rule_id: str
    severity: str
    expected: str | None = None
    expected_column: str | None = None
    rule_by_value: dict[Any, str] = field(default_factory=dict)


def plan_suite(contract: Contract, expectations: Expectations) -> list[Planned]:
    """All expectations of a contract, in the form's order.

    Raises:
        UnsupportedExpectation: a rule names an expectation the gate cannot split by row.
    """
    planned: list[Planned] = []
    for column in contract.column:
        planned += _plan_column(column, contract, expectations)
    planned += _plan_own_unit(contract, expectations)
    planned += [_plan_rule(rule, contract) for rule in contract.rule if rule.expectation]
    return planned


def _plan_column(column: Column, contract: Contract, expectations: Expectations) -> list[Planned]:
    planned: list[Planned] = []

    def add(rule_id: str, expectation: str, domain: str, **extra: Any) -> None:  # noqa: ANN401
        planned.append(
            Planned(
                key=f"{column.name}.{rule_id}",
                expectation=expectation,
                arguments={"column": domain, **extra.pop("arguments", {})},
                domain=(domain,),
                column=column.name,
                rule_id=rule_id,
                severity=expectations.codes.common_rules[rule_id].severity,
                **extra,
            )
        )

    if column.required:
        states = [STATES["filled"]]
        states += [STATES["not_applicable"]] if column.may_be_not_applicable else []
        add(
            "required",
            "ExpectColumnValuesToBeInSet",
            f"{column.name}__state",
            arguments={"value_set": states},
            rule_by_value={STATES["not_applicable"]: "not_applicable_not_allowed"},
        )
    if column.type in IDENTIFIER_TYPES:
        add(
            "identifier_form",
            "ExpectColumnValuesToBeNull",
            f"{column.name}__fault",
            rule_by_value=_FAULT_RULES,
            expected=_EXAMPLES[column.type],
        )
    if names := _allowed_codes(column, expectations):
        rule_id = UNKNOWN_UNIT if column.type == "reporting_unit" else "unknown_code"
        shown = "、".join(names.values()) if len(names) < 20 else "指标代码表中的代码"
        # Typing has refused a unit of another time: which are known here depends on no period.
        others = names_ever(column, expectations.codes).keys() - names
        add(
            rule_id,
            "ExpectColumnValuesToBeInSet",
            column.name,
            arguments={"value_set": [*names, *sorted(others)]},
            expected=shown,
        )
    minimum = _minimum_of(column)
    if minimum is not None:
        add(
            "below_minimum",
            "ExpectColumnValuesToBeBetween",
            column.name,
            arguments={"min_value": minimum},
            expected=f"{minimum:g}",
        )
    if column.is_share:
        add(
            "share_out_of_range",
            "ExpectColumnValuesToBeBetween",
            column.name,
            arguments={"min_value": 0, "max_value": 100},
        )
    if column.type == "date" and not column.may_follow_period:
        planned.append(
            Planned(
                key=f"{column.name}.date_after_period",
                expectation="ExpectColumnPairValuesAToBeGreaterThanB",
                arguments={
                    "column_A": "period__end",
                    "column_B": column.name,
                    "or_equal": True,
                    "ignore_row_if": "either_value_is_missing",
                },
                domain=("period__end", column.name),
                column=column.name,
                rule_id="date_after_period",
                severity=expectations.codes.common_rules["date_after_period"].severity,
                expected_column="period__end",
            )
        )
    return planned


def _allowed_codes(column: Column, expectations: Expectations) -> dict[str, str]:
    names = names_of(column, expectations.codes)
    if names and column.may_be_not_applicable:
        return names | {NOT_APPLICABLE_VALUE: NOT_APPLICABLE_VALUE}
    return names


def _minimum_of(column: Column) -> float | None:
    """Counts and sums are never negative; growth may be, so percentages have no floor."""
    if column.minimum is not None:
        return column.minimum
    return 0 if column.type in NUMERIC_TYPES - {"percent", "decimal"} else None


def _plan_own_unit(contract: Contract, expectations: Expectations) -> list[Planned]:
    """A reporting unit's own office reports rows of its own area only."""
    units = [column.name for column in contract.column if column.type == "reporting_unit"]
    if "reporting_units" not in contract.ever_owed_by or not units:
        return []
    return [
        Planned(
            key=f"{name}.foreign_unit",
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments={
                "column_A": f"{name}__known",
                "column_B": "reporter__unit",
                "ignore_row_if": "either_value_is_missing",
            },
            domain=(f"{name}__known", "reporter__unit"),
            column=name,
            rule_id="foreign_unit",
            severity=expectations.codes.common_rules["foreign_unit"].severity,
            expected_column="reporter__unit",
        )
        for name in units
    ]


def _plan_rule(rule: Rule, contract: Contract) -> Planned:
    if rule.expectation not in SUPPORTED:
        message = (
            f"{contract.dataset}: rule {rule.id} names {rule.expectation}, which the gate cannot "
            f"split by row; use one of {', '.join(sorted(SUPPORTED))}, or a check in sql/check/"
        )
        raise UnsupportedExpectation(message)
    pair = rule.arguments.get("column_B")
    domain = tuple(
        rule.arguments[name]
        for name in ("column", "column_A", "column_B")
        if name in rule.arguments
    )
    if not domain:
        message = f"{contract.dataset}: rule {rule.id} names no column for {rule.expectation}"
        raise UnsupportedExpectation(message)
    column = rule.column or domain[0]
    other = next((name for name in reversed(domain) if name != column), None)
    return Planned(
        key=f"rule.{rule.id}",
        expectation=rule.expectation,
        arguments=rule.arguments,
        domain=domain,
        column=column,
        rule_id=rule.id,
        severity=rule.severity,
        expected_column=other if pair else None,
    )
