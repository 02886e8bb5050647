"""Finds days, periods and clocks in a text: 2020年三季度, 1-9月, 10月27日, 近三年, 11:10:10.

How long something took is no date: 连续16年, 示范期三年 and 3个月 are left alone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, Protocol, cast

from warehouse.report.reading.chinese_numerals import read_chinese
from warehouse.report.reading.date_patterns import DATE_PATTERNS, RANGE, YEAR_AND_PART
from warehouse.report.reading.folding import fold_text

Precision = Literal[
    "clock", "day", "month", "quarter", "year", "to_date", "half", "span", "relative"
]


@dataclass(frozen=True)
class DateSpan:
    """A date as it stands in a text.

    Attributes:
        start: its first character; `end` is the one after its last.
        period: such as 2020, 2020Q3 or 2020-09, where it is certain in itself; of `to_date` the
            one it reaches to, 1-12月 being the year. None for days, clocks and spans.
        year: as written; of a span the last one.
        day: where it is written in full.
        precision: `to_date` is from the year's start, `half` the second half of a year, `clock` a
            time with or without its day, `relative` what has no part and only the day of the text
            itself settles, such as 近三年 or 年底.
        needs_year: whether it is certain only with a year from elsewhere.
        shift_years: 0 for 今年, -1 for 去年, -2 for 前年; None where nothing is said.
        part: what of it is certain without its year: Q3, H2, M09, 10-27, or D27 of no named month.
        first_year: of a span over years.
    """

    start: int
    end: int
    period: str | None = None
    year: int | None = None
    day: date | None = None
    precision: Precision = "relative"
    needs_year: bool = False
    shift_years: int | None = None
    part: str | None = None
    first_year: int | None = None


_SHIFTS: Final = {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1}
_PARTS: Final = frozenset({"month", "months", "day", "quarter", "quarters", "to_date", "half"})
_POINTS: Final = frozenset({"month", "day", "quarter", "year"})


@dataclass(frozen=True)
class _Token:
    """A part of a date; `first` is what a range of its kind begins with."""

    start: int
    end: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    first: int | None = None
    shift: int | None = None
    has_clock: bool = False
    is_list: bool = False


def find_dates(text: str) -> list[DateSpan]:
    """Finds every date, by its place.

    A year, its part and a clock are one date, and so are both ends of a range. Relative ones such
    as 去年同期 are given although they may hold no number.
    """
    folded = fold_text(text)
    joined = _join(_find_tokens(folded), folded, _add_year)
    return [_settle(token) for token in _join(joined, folded, _make_range)]


def _find_tokens(text: str) -> list[_Token]:
    taken = bytearray(len(text))
    found: list[_Token] = []
    for kind, pattern in DATE_PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(_read_token(kind, match))
    return sorted(found, key=lambda token: token.start)


def _read_token(kind: str, match: re.Match[str]) -> _Token:
    said = match.groupdict()
    shift = said.get("shift")
    return _Token(
        *match.span(),
        kind=kind,
        year=_read(said.get("y")),
        month=_read(said.get("m")),
        day=_read(said.get("d")),
        quarter=2 if said.get("half") else _read(said.get("q")),
        first=_read(said.get("a") or said.get("n")),
        shift=_SHIFTS[shift[0]] if shift else None,
        has_clock=bool(said.get("clock")) or kind == "clock",
        is_list=kind == "quarters" and said.get("s") in {"、", "和", "及"},
    )


def _read(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "元":
        return 1
    if text.isascii():
        return int(text)
    value = read_chinese(text.replace("○", "〇"))
    return None if value is None else int(value)


class _Joiner(Protocol):
    def __call__(self, left: _Token, right: _Token, between: str) -> _Token | None: ...


def _join(tokens: list[_Token], text: str, join_two: _Joiner) -> list[_Token]:
    joined: list[_Token] = []
    for token in tokens:
        left = joined[-1] if joined else None
        near = left is not None and token.start - left.end <= 6
        both = join_two(left, token, text[left.end : token.start]) if left and near else None
        if both is None:
            joined.append(token)
        else:
            joined[-1] = both
    return joined


def _add_year(left: _Token, right: _Token, between: str) -> _Token | None:
    if left.kind not in {"year", "this"} or right.kind not in _PARTS or right.year is not None:
        return None
    if not YEAR_AND_PART.fullmatch(between):
        return None
    return replace(right, start=left.start, year=left.year, shift=left.shift)


def _make_range(left: _Token, right: _Token, between: str) -> _Token | None:
    """A range from one date to another; one that begins with a year is up to a date in it."""
    if not (left.kind in _POINTS and right.kind in _POINTS and RANGE.fullmatch(between)):
        return None
    year = right.year or left.year
    begins = left.quarter == 1 or (left.month == 1 and left.day in {None, 1})
    whole = right.month is None or _is_last_day(right, year)
    if begins and whole and left.year in {None, year} and right.kind != "year":
        kind = "to_date"
        month, quarter = right.month, right.quarter
    else:
        kind, month, quarter = "range", None, None
    return _Token(
        left.start, right.end, kind, year=year, month=month, quarter=quarter,
        first=left.year, shift=left.shift if right.shift is None else right.shift,
    )  # fmt: skip


def _is_last_day(token: _Token, year: int | None) -> bool:
    if token.day is None or token.month is None:
        return True
    return token.day == monthrange(year or 2000, token.month)[1]


def _settle(token: _Token) -> DateSpan:
    """The date that a token stands for."""
    readers = {"day": _settle_day, "clock": _settle_day, "months": _settle_months,
               "quarters": _settle_quarters}  # fmt: skip
    reader = readers.get(token.kind)
    if reader is not None:
        return reader(token)
    if token.kind in {"month", "quarter", "to_date", "half"}:
        return _settle_part(token, cast("Precision", token.kind), _name_part(token))
    base = DateSpan(token.start, token.end, year=token.year, shift_years=token.shift)
    if token.kind == "year":
        return replace(base, period=str(token.year), precision="year")
    if token.kind == "plan":
        number = token.first or 0
        return replace(base, year=2005 + 5 * number, first_year=2001 + 5 * number, precision="span")
    if token.kind == "years":
        return replace(base, first_year=token.first, precision="span")
    if token.kind == "range":
        lacking = token.year is None
        first = token.first or token.year
        return replace(base, first_year=first, precision="span", needs_year=lacking)
    if token.kind == "span":
        return replace(base, precision="span")
    return replace(base, precision="relative", needs_year=True)


def _name_part(token: _Token) -> str:
    if token.kind == "half":
        return "H2"
    if token.quarter is not None:
        return f"Q{token.quarter}"
    month = token.month or 0
    is_quarter = token.kind == "to_date" and month in {3, 6, 9}
    return f"Q{month // 3}" if is_quarter else f"M{month:02d}"


def _settle_part(token: _Token, precision: Precision, part: str) -> DateSpan:
    period = None
    if token.year is not None and part != "H2":
        period = f"{token.year}{part}" if part[0] == "Q" else f"{token.year}-{part[1:]}"
        if precision == "to_date" and part in {"M12", "Q4"}:
            period = str(token.year)
    return DateSpan(
        token.start, token.end, period, token.year, None, precision,
        needs_year=token.year is None, shift_years=token.shift, part=part,
    )  # fmt: skip


def _settle_months(token: _Token) -> DateSpan:
    first, last = token.first or 0, token.month or 0
    if first == 1:
        to_date = replace(token, kind="to_date")
        return _settle_part(to_date, "to_date", _name_part(to_date))
    if last - first == 2 and last % 3 == 0:
        return _settle_part(token, "quarter", f"Q{last // 3}")
    return DateSpan(
        token.start, token.end, None, token.year, precision="span",
        needs_year=token.year is None, shift_years=token.shift,
    )  # fmt: skip


def _settle_quarters(token: _Token) -> DateSpan:
    if token.first == 1 and not token.is_list:
        return _settle_part(token, "to_date", f"Q{token.quarter}")
    return DateSpan(
        token.start, token.end, None, token.year, precision="span",
        needs_year=token.year is None, shift_years=token.shift,
    )  # fmt: skip


def _settle_day(token: _Token) -> DateSpan:
    """A day, a clock or both; without `day` where no calendar has it."""
    precision: Precision = "clock" if token.has_clock else "day"
    base = DateSpan(token.start, token.end, year=token.year, precision=precision,
                    shift_years=token.shift)  # fmt: skip
    if token.day is None:
        return base
    if token.month is None:
        return replace(base, needs_year=True, part=f"D{token.day:02d}")
    part = f"{token.month:02d}-{token.day:02d}"
    is_there = token.day <= monthrange(token.year or 2000, token.month)[1]
    day = date(token.year, token.month, token.day) if token.year and is_there else None
    return replace(base, day=day, needs_year=token.year is None, part=part)
