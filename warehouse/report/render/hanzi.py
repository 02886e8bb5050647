"""Writes numbers in Chinese characters, as in 两项, 十七家 or 百分之七."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_STEPS = ("", "十", "百", "千")
_SECTIONS = ("", "万", "亿", "万亿")
_SECTION = 10_000
MOST = _SECTION ** len(_SECTIONS) - 1
"""The largest number that is written."""


def write_hanzi(value: Decimal) -> str:
    """Writes a number in characters; decimals follow 点, one by one.

    Raises:
        ValueError: it is beyond `MOST`.
    """
    if abs(value) > MOST:
        message = f"too large to be written in characters: {value}"
        raise ValueError(message)
    sign = "负" if value < 0 else ""
    whole = int(abs(value))
    shown = f"{abs(value):f}"
    decimals = shown.partition(".")[2].rstrip("0")
    point = "点" + "".join(_DIGITS[int(digit)] for digit in decimals) if decimals else ""
    return f"{sign}{_write_whole(whole)}{point}"


def write_counted(value: Decimal) -> str:
    """Writes a number before a counter or a magnitude, where two is 两."""
    return "两" if value == Decimal(2) else write_hanzi(value)


def _write_whole(whole: int) -> str:
    if whole == 0:
        return _DIGITS[0]
    sections = []
    rest = whole
    while rest:
        rest, section = divmod(rest, _SECTION)
        sections.append(section)
    text = ""
    for at in reversed(range(len(sections))):
        section = sections[at]
        if section:
            has_gap = bool(text) and section < _SECTION // 10
            text += (_DIGITS[0] if has_gap else "") + _write_section(section) + _SECTIONS[at]
    return text.removeprefix("一") if text.startswith("一十") else text


def _write_section(section: int) -> str:
    text, gap = "", False
    for at in reversed(range(len(_STEPS))):
        digit = section // 10**at % 10
        if digit:
            text += (_DIGITS[0] if gap and text else "") + _DIGITS[digit] + _STEPS[at]
            gap = False
        else:
            gap = True
    return text
