"""Writes a finding as the sentence and the remedy its clerk reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import CommonRule, Rule, Severity, Text

SEVERITIES: dict[Severity, Text] = {
    "must_fix": Text(zh="强制", en="must fix"),
    "explain": Text(zh="核实", en="explain"),
    "notice": Text(zh="提示", en="notice"),
}
_PLACE = re.compile(r"\{(column|value|expected)\}")
_NOTHING = {"zh": "（空）", "en": "(blank)"}


@dataclass(frozen=True)
class Wording:
    """What a finding says, and what to do about it."""

    sentence: str
    remedy: str


def find_rule(expectations: Expectations, dataset: str | None, rule_id: str) -> Rule | CommonRule:
    """The rule of a finding: the contract's own, else a common one.

    Raises:
        KeyError: neither has it.
    """
    contract = expectations.contracts.get(dataset or "")
    own = {rule.id: rule for rule in contract.rule} if contract else {}
    return own.get(rule_id) or expectations.codes.common_rules[rule_id]


def word_finding(
    expectations: Expectations, dataset: str | None, finding: dict[str, Any], language: str
) -> Wording:
    """The wording of a finding.

    Args:
        expectations: contracts and codes.
        dataset: the dataset of its submission, where known.
        finding: `rule_id`, `column_name`, `value`, `expected`.
        language: `zh` or `en`.
    """
    rule = find_rule(expectations, dataset, finding["rule_id"])
    contract = expectations.contracts.get(dataset or "")
    columns = contract.columns if contract else {}
    name = finding.get("column_name")
    facts = {
        "column": columns[name].heading if name in columns else (name or ""),
        "value": _show(finding.get("value"), language),
        "expected": _show(finding.get("expected"), language),
    }
    return Wording(_fill(rule.sentence.of(language), facts), _fill(rule.remedy.of(language), facts))


def _show(value: str | None, language: str) -> str:
    return _NOTHING[language] if value in {None, ""} else str(value)


def _fill(text: str, facts: dict[str, str]) -> str:
    """Fills in the facts in one pass: a brace in what a clerk wrote is never a place to fill."""
    return _PLACE.sub(lambda place: facts[place[1]], text)
