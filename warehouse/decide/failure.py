"""Why something was not decided, in both languages."""

from __future__ import annotations

from warehouse.contracts.model import Text
from warehouse.fault import UserFault


class DecisionRefused(UserFault):
    """What was asked for is against the rules, or has been done before: which rule, and who."""

    def __init__(self, text: Text) -> None:
        """Keeps both languages apart: a reason somebody wrote may hold what parts them."""
        super().__init__(f"{text.zh} / {text.en}")
        self.text = text

    def of(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        return self.text.of(language)


class NotUnderstood(DecisionRefused):
    """What was asked for names something that does not exist, or leaves something out."""


class FormLost(DecisionRefused):
    """The bytes of a form whose rows are nowhere else are not in the archive."""
