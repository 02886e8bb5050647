"""The six dimensions of data quality (GB/T 36344-2018), of which each rule declares one."""

from __future__ import annotations

from typing import Final

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.wording import find_rule

DIMENSIONS: Final[dict[str, Text]] = {
    "conformity": Text(zh="规范性", en="conformity"),
    "completeness": Text(zh="完整性", en="completeness"),
    "accuracy": Text(zh="准确性", en="accuracy"),
    "consistency": Text(zh="一致性", en="consistency"),
    "timeliness": Text(zh="时效性", en="timeliness"),
    "accessibility": Text(zh="可访问性", en="accessibility"),
}
"""In the standard's order. Conformity: with forms, code lists and the ways codes are written.
Accuracy takes in the type and range of a value and whether a thing is reported once; timeliness
the period a date belongs to and the order of dates; accessibility whether the data can be read."""


def find_dimension(expectations: Expectations, dataset: str | None, rule_id: str) -> str:
    """The dimension of a finding's rule; accuracy where the rule is no longer in force."""
    try:
        return find_rule(expectations, dataset, rule_id).dimension
    except KeyError:
        return "accuracy"
