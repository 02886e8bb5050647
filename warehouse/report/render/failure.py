"""Why a report cannot be rendered, in one sentence in both languages."""

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


class TemplateWrong(_Told):
    """The template cannot be read or asks for what there is not: which line, and what to do."""


class TargetUnusable(_Told):
    """The report cannot be written where it should be."""


class Misasked(Exception):
    """What is wrong with one call of a template; whoever fills the template adds the line."""

    def __init__(self, zh: str, en: str) -> None:
        """Keeps both sentences, each without its stop."""
        super().__init__(en)
        self.text = Text(zh=zh, en=en)
