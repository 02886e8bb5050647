"""How a stored number becomes the text of its cell: plain, percentage, date or time.

A spreadsheet keeps fifteen digits of a number and computes in binary, so 0.185 may be stored as
0.18500000000000005. Texts here have at most fifteen significant digits and never an exponent.
A code of eighteen digits that was typed as a number ends in 000 then, which is how its loss shows.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Context, Decimal
from math import floor, isfinite
from typing import Literal

FormatKind = Literal["number", "percent", "date", "datetime", "time"]

_FIFTEEN_DIGITS = Context(prec=15)
_SECONDS_OF_A_DAY = 86_400
_LAST_DAY = 2_958_465  # 9999-12-31
_FEBRUARY_29_1900 = 60  # a day that spreadsheets count and the calendar lacks

# Formats that files name by number alone. 27-36 and 50-58 are the Chinese date formats.
_BUILT_IN: dict[int, FormatKind] = {
    **dict.fromkeys((9, 10), "percent"),
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "date"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), "time"),
    22: "datetime",
}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
_FRACTION_OF_SECOND = re.compile(r"s[.,]0+")
_WEEKDAY = re.compile(r"a{3,4}")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?Z?$")
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def kind_of_format(number: int, code: str | None) -> FormatKind:
    """Say what a number format shows: `code` if the file spells it out, else built-in `number`.

    A format with a percent sign in any of its sections is a percentage: reading 0.185 for 18.5% is
    a hundredfold error. A quoted or escaped sign does not multiply and is ignored. Elapsed times
    (``[h]:mm``) stay numbers.
    """
    if not code:
        return _BUILT_IN.get(number, "number")
    bare = _LITERAL.sub("", code).lower()
    if "%" in bare:
        return "percent"
    bare = _FRACTION_OF_SECOND.sub("s", bare)
    if _ELAPSED.search(bare) or any(sign in bare for sign in "0#?"):
        return "number"
    has_time = "h" in bare or "s" in bare
    has_month = "m" in bare and not has_time
    has_date = "y" in bare or "d" in bare or has_month or _WEEKDAY.search(bare) is not None
    if has_date:
        return "datetime" if has_time else "date"
    return "time" if has_time else "number"


def write_number(raw: str) -> str | None:
    """Write a stored number plainly (``240``, ``0.1``, ``9910000000``), or None if it is none."""
    number = _read_decimal(raw)
    return None if number is None else _write_plain(number)


def write_percent(raw: str) -> str | None:
    """Write a stored share as the percentage its cell shows: 0.185 becomes ``18.5%``."""
    number = _read_decimal(raw)
    return None if number is None else f"{_write_plain(number.scaleb(2))}%"


def write_formatted(raw: str, kind: FormatKind, *, from_1904: bool) -> str | None:
    """Write a stored number the way its number format says.

    Args:
        raw: the number as stored; for dates the day number, with the time as its fraction.
        kind: what the format shows.
        from_1904: whether the workbook counts its days from 1904-01-01.

    Returns:
        ``18.5%``, ``2020-09-30``, ``2020-09-30T14:30:00``, ``14:30:00`` or a plain number; a day
        number outside the calendar stays a plain number; None if `raw` is not a number.
    """
    if kind == "percent":
        return write_percent(raw)
    number = write_number(raw)
    if kind == "number" or number is None:
        return number
    return _write_moment(float(raw), kind, from_1904=from_1904) or number


def write_iso_moment(raw: str) -> str:
    """Write a date that was stored as ISO text, without a time that is midnight."""
    return _MIDNIGHT.sub("", raw)


def write_duration(raw: str) -> str:
    """Write an OpenDocument time such as ``PT14H30M00S`` as ``14:30:00``, others unchanged."""
    match = _DURATION.fullmatch(raw)
    return ":".join(part.zfill(2) for part in match.groups()) if match else raw


def _read_decimal(raw: str) -> Decimal | None:
    try:
        number = float(raw)
    except ValueError:
        return None
    return _FIFTEEN_DIGITS.plus(Decimal(repr(number))) if isfinite(number) else None


def _write_plain(number: Decimal) -> str:
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _write_moment(serial: float, kind: FormatKind, *, from_1904: bool) -> str | None:
    days = floor(serial)
    seconds = round((serial - days) * _SECONDS_OF_A_DAY)
    if seconds == _SECONDS_OF_A_DAY:
        days, seconds = days + 1, 0
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if kind == "time" and days == 0:
        return clock
    first = 0 if from_1904 else 1
    if not first <= days <= _LAST_DAY or (days == _FEBRUARY_29_1900 and not from_1904):
        return None
    if from_1904:
        start = date(1904, 1, 1)
    else:
        start = date(1899, 12, 31) if days < _FEBRUARY_29_1900 else date(1899, 12, 30)
    try:
        day = (start + timedelta(days=days)).isoformat()
    except OverflowError:
        return None
    return day if kind == "date" or seconds == 0 else f"{day}T{clock}"
