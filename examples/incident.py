"""One form that arrives with something about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from examples.faults import Fault


@dataclass(frozen=True)
class Incident:
    """One form that arrives with something about it.

    Attributes:
        verdict: what the gate must say: `accepted`, `held` or `rejected`.
        corrected_after: days until the good form follows; None: it never does.
        look: what differs from the office's habits.
        folder: the inbox folder, where it is not the reporter's own.
        says_period: the period the form says, where it is not the one it is for.
        revised_as: the rule that asks why the good form differs from the one accepted before it:
            `revision_note`, or `period_locked` where it comes after the lock date.
        revision_note: why it does, said in the good form itself; None: that stays open.
        withheld: keys of the figures that are not published although the others are.
    """

    dataset: str
    reporter: str
    period: str
    verdict: str
    faults: tuple[Fault, ...]
    corrected_after: int | None = 3
    look: dict[str, Any] = field(default_factory=dict)
    folder: str | None = None
    says_period: str | None = None
    withheld: tuple[str, ...] = ()
    revised_as: str | None = None
    revision_note: str | None = None
