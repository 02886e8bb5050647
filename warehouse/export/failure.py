"""What an answer could not be written for."""

from __future__ import annotations

from warehouse.contracts.model import Text
from warehouse.fault import UserFault


class ExportError(UserFault):
    """An answer cannot be written in this format or to this place: why, and what to do."""

    def __init__(self, text: Text) -> None:
        """Keeps both languages."""
        super().__init__(f"{text.zh} / {text.en}")
        self.text = text

    def of(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        return self.text.of(language)
