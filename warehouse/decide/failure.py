"""Why something was not decided, in both languages."""

from __future__ import annotations

from warehouse.told import ToldFault


class DecisionRefused(ToldFault):
    """What was asked for is against the rules, or has been done before: which rule, and who."""


class NotUnderstood(DecisionRefused):
    """What was asked for names something that does not exist, or leaves something out."""


class FormLost(DecisionRefused):
    """The bytes of a form whose rows are nowhere else are not in the archive."""
