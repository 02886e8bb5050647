"""Why a report cannot be rendered, in one sentence in both languages."""

from __future__ import annotations

from warehouse.contracts.model import Text
from warehouse.told import ToldFault


class TemplateWrong(ToldFault):
    """The template cannot be read or asks for what there is not: which line, and what to do."""


class TargetUnusable(ToldFault):
    """The report cannot be written where it should be."""


class Misasked(Exception):
    """What is wrong with one call of a template; whoever fills the template adds the line."""

    def __init__(self, zh: str, en: str) -> None:
        """Keeps both sentences, each without its stop."""
        super().__init__(en)
        self.text = Text(zh=zh, en=en)
