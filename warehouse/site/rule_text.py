"""What a rule says in general, and for which dimension of data quality it speaks."""

from __future__ import annotations

import re
from typing import Any

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.dimensions import DIMENSIONS, find_dimension
from warehouse.site.text import say
from warehouse.wording import find_rule

_PLACE = re.compile(r"[“「]?\{(column|value|expected)\}[”」]?")
_ANY = "…"


def describe_rule(expectations: Expectations, dataset: str | None, rule_id: str) -> dict[str, Any]:
    """A rule for lists: its `sentence` without the facts of a finding, and its `dimension`."""
    dimension = find_dimension(expectations, dataset, rule_id)
    return {
        "sentence": _generalise(expectations, dataset, rule_id),
        "dimension": dimension,
        "dimension_name": DIMENSIONS[dimension],
    }


def _generalise(expectations: Expectations, dataset: str | None, rule_id: str) -> Text:
    try:
        rule = find_rule(expectations, dataset, rule_id)
    except KeyError:
        return say("A rule that is no longer in force.")
    contract = expectations.contracts.get(dataset or "")
    name = getattr(rule, "column", None)
    heading = contract.columns[name].heading if contract and name else None

    def fill(text: str) -> str:
        return _PLACE.sub(lambda place: heading if place[1] == "column" and heading else _ANY, text)

    return Text(zh=fill(rule.sentence.zh), en=fill(rule.sentence.en))
