"""How states and severities look wherever they are shown: a sign, a word and a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from warehouse.contracts.model import Text
from warehouse.site.text import say


@dataclass(frozen=True)
class Sign:
    """One state or severity.

    Attributes:
        mark: a character that tells it apart without its colour.
        word: what it is called.
        colour: its colour in charts; the style sheet has the same under `.sign-<name>`.
    """

    mark: str
    word: Text
    colour: str


STATES: Final[dict[str, Sign]] = {
    "accepted": Sign("✓", say("accepted"), "#2f6db3"),
    "nil": Sign("0", say("nil report"), "#8db4dc"),
    "excused": Sign("／", say("excused"), "#c9cfd6"),
    "held": Sign("?", say("held"), "#e0a526"),
    "returned": Sign("↩", say("returned by the steward"), "#d9722e"),
    "rejected": Sign("✗", say("returned"), "#c03a2b"),
    "withdrawn": Sign("⊘", say("withdrawn"), "#7d5a9b"),
    "missing": Sign("—", say("not received"), "#8a94a0"),
}
"""What may have become of a form that was owed (`core.coverage.state`), the settled ones first."""

ACTIONS: Final[dict[str, str]] = {
    "accept": "accepted",
    "hold": "held",
    "reject": "rejected",
    "return": "returned",
    "withdraw": "withdrawn",
}
"""The state a decision (`ledger.decision.action`) leads to."""

SEVERITIES: Final[dict[str, Sign]] = {
    "must_fix": Sign("✗", say("must fix"), "#c03a2b"),
    "explain": Sign("?", say("explain"), "#e0a526"),
    "notice": Sign("i", say("notice"), "#2f6db3"),
}
