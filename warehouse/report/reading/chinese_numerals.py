"""Numbers written in Chinese characters: 十七, 一百二十, 两千零五, 一点五, 二〇二〇."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
STEPS = {"十": 10, "百": 100, "千": 1000}
MAGNITUDES = {"万": 10**4, "亿": 10**8}
CHARACTERS = "".join((*DIGITS, *STEPS, *MAGNITUDES))
_ROW = re.compile(rf"[{''.join(DIGITS)}]+")
_LONGEST = 40
"""Signs; a number with every step and ten decimals has fewer."""
_WHOLE = re.compile(rf"[{CHARACTERS}]+")


def read_chinese(text: str) -> Decimal | None:
    """The number that characters write; None where they write none.

    A row of digits is read as digits (二〇二〇), anything else by its steps (二百零五). A step
    without a digit before it counts once, as in 百家 or 十七.
    """
    whole, point, decimals = text.partition("点")
    if len(text) > _LONGEST:
        return None
    if not _WHOLE.fullmatch(whole) or (point and not _ROW.fullmatch(decimals)):
        return None
    value = _read_whole(whole)
    if value is None:
        return None
    if not point:
        return Decimal(value)
    return Decimal(f"{value}.{''.join(str(DIGITS[sign]) for sign in decimals)}")


def _read_whole(text: str) -> int | None:
    if _ROW.fullmatch(text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    for sign, factor in reversed(MAGNITUDES.items()):
        before, found, after = text.rpartition(sign)
        if found:
            high = _read_whole(before) if before else 1
            low = _read_whole(after) if after else 0
            return None if high is None or low is None or low >= factor else high * factor + low
    return _read_steps(text)


def _read_steps(text: str) -> int | None:
    """A number below ten thousand; None where its steps do not descend."""
    total, digit, last = 0, None, 10**4
    for sign in text:
        if sign in STEPS:
            step = STEPS[sign]
            if step >= last or digit == 0:
                return None
            total += (1 if digit is None else digit) * step
            digit, last = None, step
        elif DIGITS[sign] == 0:
            digit = None
        elif digit is not None:
            return None
        else:
            digit = DIGITS[sign]
    return total + (digit or 0)
