"""Judges all stored history again, with other rules or the same: nothing is stored."""

from warehouse.rehearse.differences import Difference, Hit, RuleEffect
from warehouse.rehearse.rehearsal import Rehearsal, rehearse

__all__ = ["Difference", "Hit", "Rehearsal", "RuleEffect", "rehearse"]
