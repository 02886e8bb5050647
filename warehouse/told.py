"""A fault that is told in both languages."""

from __future__ import annotations

from warehouse.contracts.model import Text
from warehouse.fault import UserFault


class ToldFault(UserFault):
    """What happened and what to do, with its two languages kept apart.

    Attributes:
        text: the sentence.
    """

    def __init__(self, text: Text) -> None:
        """Keeps both languages: a name or a reason in the sentence may hold what parts them."""
        super().__init__(f"{text.zh} / {text.en}")
        self.text = text

    def of(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        return self.text.of(language)
