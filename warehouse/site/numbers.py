"""How figures are written on a page: their unit by size, their sign, their change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from warehouse.contracts.model import Text
from warehouse.site.text import same, say

MOST_DECIMALS = 4
"""The downloads have every digit; a page of 亿元 shows down to 万元."""
_AFTER = frozenset({"余", "左右"})
_YUAN = "元"
_MONEY = (
    (Decimal(10**8), say("100 million yuan")),
    (Decimal(10**4), say("10,000 yuan")),
    (Decimal(1), say("yuan")),
)
_UNITS: Final[dict[str, Text]] = {
    "家": say("enterprises"),
    "家次": say("visits"),
    "项": say("items"),
    "件": say("pieces"),
    "种": say("kinds"),
    "个": say("count"),
    "人": say("people"),
    "位": say("rank"),
}


@dataclass(frozen=True)
class Scale:
    """The unit a series is shown in.

    Attributes:
        divisor: a published value divided by it is what the page shows.
    """

    divisor: Decimal
    unit: Text

    def shrink(self, value: Decimal) -> float:
        """A published value in this unit, for a drawing."""
        return float(value / self.divisor)

    def show(self, value: Decimal | None) -> str:
        """A published value in this unit, its thousands set apart; empty where there is none."""
        return "" if value is None else show_number(value / self.divisor)

    def show_change(self, value: Decimal) -> str:
        """A difference with its sign."""
        return f"{'+' if value > 0 else ''}{self.show(value)}"


def choose_scale(unit: str, values: Iterable[Decimal | None]) -> Scale:
    """The unit to show values in: money in 亿元, 万元 or 元 by the largest of them."""
    if unit != _YUAN:
        return Scale(Decimal(1), _UNITS.get(unit, same(unit)))
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    divisor, name = next((item for item in _MONEY if largest >= item[0]), _MONEY[-1])
    return Scale(divisor, name)


def show_number(value: Decimal) -> str:
    """A number with its thousands set apart and no idle zeros: 1,213 or 99.858."""
    text = f"{round(value, MOST_DECIMALS):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def qualify(shown: str, qualifier: str | None) -> str:
    """A number with its 限定词 where Chinese has it: 近240, 500余."""
    if qualifier in _AFTER:
        return f"{shown}{qualifier}"
    return f"{qualifier or ''}{shown}"


def show_percent(value: Decimal, before: Decimal) -> str | None:
    """By how many percent a value differs from the one before; None where that says nothing."""
    if before <= 0:
        return None
    return f"{100 * (value - before) / before:+.1f} %"
