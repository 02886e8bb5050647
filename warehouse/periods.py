"""Reporting periods: a year, a quarter or a month, and the ways forms write them."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

PeriodType = Literal["year", "quarter", "month"]
PARTS = {"year": 1, "quarter": 4, "month": 12}
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}
_WRITTEN = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")
_SPAN = "至到和、\\-—–~～"
_FORM_QUARTER = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})年?第?(?P<part>[一二三四1-4])季度?(?![度{_SPAN}])"
)
_FORM_TO_DATE = re.compile(
    r"(?<!\d)(?P<year>\d{4})年?(?:1|一|元)月?[-—–~～至到](?P<month>\d{1,2})月份?(?!\d)"
)
_FORM_MONTH = re.compile(rf"(?<!\d)(?P<year>\d{{4}})年(?P<month>\d{{1,2}})月份?(?![\d份{_SPAN}])")
_FORM_YEAR = re.compile(
    rf"(?<![\d{_SPAN}])(?P<year>\d{{4}})年(?:度|全年)?"
    rf"(?![\dQq一二三四五六七八九十元第上下前后半度末底初{_SPAN}])"
)


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period, written `2020`, `2020Q3` or `2020-09`; ordered in time within a type."""

    year: int
    part: int
    period_type: PeriodType

    @classmethod
    def parse(cls, text: str) -> Period:
        """Reads the written form.

        Raises:
            ValueError: the text is not a period.
        """
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            message = f"not a period: {text!r}; write 2020, 2020Q3 or 2020-09"
            raise ValueError(message)
        year = int(match["year"])
        if match["quarter"]:
            return cls(year, int(match["quarter"]), "quarter")
        if match["month"]:
            return cls(year, int(match["month"]), "month")
        return cls(year, 1, "year")

    def __str__(self) -> str:
        """Writes the period as the public interface does."""
        if self.period_type == "quarter":
            return f"{self.year}Q{self.part}"
        if self.period_type == "month":
            return f"{self.year}-{self.part:02d}"
        return str(self.year)

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.part - 1) * self._months + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        month = self.part * self._months
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def _months(self) -> int:
        return 12 // PARTS[self.period_type]

    def shift(self, count: int) -> Period:
        """The period `count` periods later, or earlier where it is negative."""
        index = self.year * PARTS[self.period_type] + self.part - 1 + count
        year, part = divmod(index, PARTS[self.period_type])
        return Period(year, part + 1, self.period_type)

    @property
    def previous(self) -> Period:
        """The period before."""
        return self.shift(-1)

    @property
    def title_zh(self) -> str:
        """As a form's title line writes it."""
        if self.period_type == "quarter":
            return f"{self.year}年{'一二三四'[self.part - 1]}季度"
        if self.period_type == "month":
            return f"{self.year}年{self.part}月"
        return f"{self.year}年"


def period_containing(day: date, period_type: PeriodType) -> Period:
    """The period of that type in which a day lies."""
    return Period(day.year, (day.month - 1) // (12 // PARTS[period_type]) + 1, period_type)


def find_period(text: str) -> Period | None:
    """Finds the one period a form's line names; None where it names none.

    Forms write 2020年三季度, 2020年第3季度, 2020年1-9月, 2020年9月, 2020年. A span from January
    that ends with a quarter is that quarter: departments report cumulative forms that way.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if _WRITTEN.fullmatch(folded):
        return Period.parse(folded)
    written = re.search(r"(?<![\d.])\d{4}(?:Q[1-4]|-(?:0[1-9]|1[0-2]))(?![\d-])", folded)
    if written:
        return Period.parse(written.group())
    if match := _FORM_QUARTER.search(folded):
        part = match["part"]
        return Period(int(match["year"]), _NUMERALS.get(part) or int(part), "quarter")
    if match := _FORM_TO_DATE.search(folded):
        return _months_to_date(int(match["year"]), int(match["month"]))
    if (match := _FORM_MONTH.search(folded)) and 1 <= int(match["month"]) <= PARTS["month"]:
        return Period(int(match["year"]), int(match["month"]), "month")
    if match := _FORM_YEAR.search(folded):
        return Period(int(match["year"]), 1, "year")
    return None


def _months_to_date(year: int, month: int) -> Period | None:
    months_in_quarter = 3
    if month in range(months_in_quarter, PARTS["month"] + 1, months_in_quarter):
        return Period(year, month // months_in_quarter, "quarter")
    return None
