"""Why a release of the past cannot answer, or a change cannot be told, in one sentence."""

from __future__ import annotations

from warehouse.contracts.model import Text
from warehouse.fault import UserFault


class _Told(UserFault):
    """A fault told in both languages."""

    def __init__(self, text: Text) -> None:
        """Keeps both languages: a name in the sentence may hold what parts them."""
        super().__init__(f"{text.zh} / {text.en}")
        self.text = text

    def of(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        return self.text.of(language)


class ReleaseUnknown(_Told):
    """Nothing was published by then, or never under that number."""


class ReleaseLost(_Told):
    """The release's file is gone and what is rebuilt is not what was published."""


class FigureUnknown(_Told):
    """No release ever had such a series, period or reporting unit; what comes near is named."""
