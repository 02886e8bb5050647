"""Writes a published value the way officials do: 1213项, 500余万元, 近500家, 7%左右."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise

from warehouse.report.render.hanzi import write_counted, write_hanzi

YUAN, PERCENT, RANK = "元", "%", "位"
MOST_DECIMALS = Decimal("0.01")
_MONEY = ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元"), (Decimal(1), "元"))
_AFTER_NUMBER, _AFTER_UNIT = frozenset({"余"}), frozenset({"左右"})
_ROUNDING = {"余": ROUND_FLOOR, "超过": ROUND_FLOOR, "近": ROUND_CEILING}
"""More than, or nearly, what is printed: rounded the other way it would not be true any more."""


@dataclass(frozen=True)
class Style:
    """How a value is to be printed.

    Attributes:
        unit: the one to print; None for the published one, of money the one that suits its size.
        divisor: a published value divided by it is in `unit`.
        is_bare: without its unit.
        is_rank: 第2位 rather than 2位.
        is_hanzi: in Chinese characters.
        has_thousands: with its thousands set apart.
    """

    unit: str | None = None
    divisor: Decimal = Decimal(1)
    is_bare: bool = False
    is_rank: bool = False
    is_hanzi: bool = False
    has_thousands: bool = False


PLAIN = Style()
"""As officials would write it without being told."""


@dataclass(frozen=True)
class Shown:
    """A value as it is printed.

    Attributes:
        is_rounded: whether the published value has more digits.
    """

    text: str
    is_rounded: bool = False


def write_amount(value: Decimal, unit: str, qualifier: str | None, style: Style) -> Shown:
    """Writes a published value with its qualifier and unit.

    Args:
        value: as published.
        unit: the published one: money is in 元.
        qualifier: 近, 余, 超过, 约 or 左右; None of an exact figure.
        style: how.

    Raises:
        ValueError: a number too large, or none, to be written in characters.
    """
    number, shown_unit, is_rounded = _scale(value, unit, qualifier, style)
    if style.is_rank:
        return Shown(_write_rank(number, style), is_rounded)
    if style.is_hanzi and shown_unit == PERCENT and not style.is_bare:
        return Shown(_qualify(f"百分之{write_hanzi(number)}", "", qualifier), is_rounded)
    written = _write_number(number, style, shown_unit)
    if qualifier in _AFTER_NUMBER and not style.is_bare and number % 10 and shown_unit != YUAN:
        for magnitude in ("亿", "万"):
            # 3亿余元, for 3余亿元 is no Chinese: 余 stands behind the last full step.
            if shown_unit == f"{magnitude}{YUAN}":
                return Shown(f"{written}{magnitude}{qualifier}{YUAN}", is_rounded)
    return Shown(_qualify(written, "" if style.is_bare else shown_unit, qualifier), is_rounded)


def write_plain(value: Decimal) -> str:
    """A value with all its digits and no idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_to(value: Decimal, step: Decimal, qualifier: str | None = None) -> Decimal:
    """Rounds half up, or the way a qualifier stays true."""
    return value.quantize(step, _ROUNDING.get(qualifier or "", ROUND_HALF_UP))


def _scale(
    value: Decimal, unit: str, qualifier: str | None, style: Style
) -> tuple[Decimal, str, bool]:
    """The number to print, its unit, and whether digits were lost."""
    if style.unit is None and unit == YUAN and not style.is_bare:
        return _scale_money(value, qualifier)
    number, is_rounded = _shorten(value / style.divisor, qualifier)
    return number, style.unit or unit, is_rounded


def _scale_money(value: Decimal, qualifier: str | None) -> tuple[Decimal, str, bool]:
    """Of 元, 万元 and 亿元 the largest of which there is one: 99,999,999 rounded is 1亿元."""
    for (divisor, name), (below, _) in pairwise(_MONEY):
        if abs(_shorten(value / below, qualifier)[0] * below) >= divisor:
            number, is_rounded = _shorten(value / divisor, qualifier)
            return number, name, is_rounded
    number, is_rounded = _shorten(value, qualifier)
    return number, YUAN, is_rounded


def _shorten(number: Decimal, qualifier: str | None) -> tuple[Decimal, bool]:
    rounded = round_to(number, MOST_DECIMALS, qualifier)
    if rounded == number or (rounded == 0 and number != 0):
        return number, False
    return rounded, True


def _write_number(number: Decimal, style: Style, unit: str) -> str:
    if style.is_hanzi:
        return write_hanzi(number) if unit in {RANK, PERCENT} else write_counted(number)
    text = write_plain(number)
    if style.has_thousands:
        whole, point, decimals = text.partition(".")
        return f"{int(whole):,}{point}{decimals}"
    return text


def _write_rank(number: Decimal, style: Style) -> str:
    if style.is_hanzi:
        return f"第{write_hanzi(number)}"
    return f"第{write_plain(number)}" + ("" if style.is_bare else RANK)


def _qualify(number: str, unit: str, qualifier: str | None) -> str:
    if qualifier in _AFTER_NUMBER:
        return f"{number}{qualifier}{unit}"
    if qualifier in _AFTER_UNIT:
        return f"{number}{unit}{qualifier}"
    return f"{qualifier or ''}{number}{unit}"
