"""What time a number speaks of: from its sentence, the heading, or the text as a whole."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from warehouse.periods import Period, period_containing
from warehouse.report.model import Document
from warehouse.report.reading.dates import DateSpan
from warehouse.report.reading.mention import Mention

_TITLE, _LONG = 3, 90
"""Blocks at the beginning whose period is the text's, and how long one of them may be."""
_HEAD, _FOOT = 6, 4
"""Blocks at a text's beginning and end in which its own day is looked for."""
_NUMBER_YEAR = re.compile(r"[〔\[](?P<year>20\d\d)[〕\]]")
_AT_THE_END = frozenset({"年末", "年底", "期末", "月末", "季末"})
_AGAINST = ("比", "较", "与", "同", "于")
_CHANGE = re.compile(r"[，,]?(?:同期|末|底)?(?:的)?(?:净|新|增|减|提|上升|下降|多|少|高|低|回落)")
_COMPARED = re.compile(r"[末底]?(?:同期)?(?:相比|比较)|[末底]?，[^，。；]{0,20}(?:相比)")
_SINCE = re.compile(r"[末底]?(?:以来|起|启动|开始|成立|创建|设立|组建|至今)")
_NOW = re.compile(r"目前|现有|现已|如今|截至目前|到现在")
_REACHED = re.compile(r"增长到|增加到|增至|达到|上升到|升至|提高到|升到|变为|跌到|降至|降到")
_BY = ("截至", "截止", "截至到", "截止到")
_PLAN = re.compile(r"规划|计划|方案|纲要|目标|行动|安排")
_POINTS = frozenset({"year", "quarter", "month", "to_date"})


@dataclass(frozen=True)
class When:
    """A time that a number speaks of.

    Attributes:
        period: None where the text leaves it open, as 近三年 does.
        is_span: from the year's beginning on, or a whole year: what happens in it adds up.
        is_certain: whether nothing else can be meant.
        is_loose: whether the sentence itself says no time: then a figure of the period alone and
            one since the year's beginning may both be meant.
        until: the day the text was written, as far as it is known.
    """

    period: Period | None
    is_span: bool = False
    is_certain: bool = True
    is_loose: bool = False
    until: date | None = None

    @property
    def is_ahead(self) -> bool:
        """Whether it had not begun when the text was written: what is said of it is a plan."""
        return self.period is not None and self.until is not None and self.period.start > self.until


@dataclass(frozen=True)
class TextTime:
    """The time of a text as a whole.

    Attributes:
        default: what a number without a date of its own speaks of.
        year: what 今年 and a quarter without a year belong to.
        day: when it was written.
    """

    default: When
    year: int
    day: date


def find_text_time(
    document: Document, dates: Sequence[DateSpan], as_of: date, asked: date | None
) -> TextTime:
    """The time of a text: its title's period, else its own day, else the day asked for.

    Args:
        document: the text.
        dates: all of it, by place.
        as_of: the day of the release it is held against.
        asked: the day the reader asked for.
    """
    blocks = document.blocks
    ends = [*blocks[:_HEAD], *blocks[-_FOOT:]]
    days = [
        item.day for block in ends for item in _within(dates, block.start, block.end) if item.day
    ]
    day = days[0] if days else asked or _find_number_year(document)
    period = _find_title_period(document, dates)
    if period is None:
        written = day or as_of
        return TextTime(_default(find_ended_quarter(written), written), written.year, written)
    written = day if day and day >= period.start else min(_after(period), as_of)
    told = [item for item in _list_ended(document, dates) if item <= as_of]
    written = max([written, *told])
    if period.period_type == "year":
        last = Period(period.year, 4, "quarter")
        ended = find_ended_quarter(written)
        period = min(last, ended) if ended.year == period.year else last
    return TextTime(_default(period, written), period.year, written)


def _list_ended(document: Document, dates: Sequence[DateSpan]) -> Iterator[date]:
    """Days that had passed when the text was written: it tells what had come about by then."""
    for item in dates:
        before = document.text[max(item.start - 3, 0) : item.start]
        if item.precision != "year" and before.endswith(_BY):
            if item.day:
                yield item.day
            elif item.period:
                yield Period.parse(item.period).end


def _find_number_year(document: Document) -> date | None:
    """The end of the year a text's own number names, as 黄政办发〔2022〕12号 does."""
    for block in document.blocks[:_TITLE]:
        if block.end - block.start < _LONG:
            found = _NUMBER_YEAR.search(document.text, block.start, block.end)
            if found:
                return date(int(found["year"]), 12, 31)
    return None


def _find_title_period(document: Document, dates: Sequence[DateSpan]) -> Period | None:
    """The period a text's first lines name, a part of a year before a whole one.

    Where the first of them names a span of years, a plan of them was written when the year before
    had ended, as 2021—2025年规划 was, and an account of them when the last one had.
    """
    found: list[Period] = []
    for block in document.blocks[:_TITLE]:
        if block.end - block.start >= _LONG:
            continue
        named = _within(dates, block.start, block.end)
        for item in named:
            if item.period and item.precision in _POINTS:
                found.append(Period.parse(item.period))
            elif not found and item.first_year and item.year:
                is_plan = _PLAN.search(document.text, block.start, block.end)
                return Period(item.first_year - 1 if is_plan else item.year, 1, "year")
    parts = [item for item in found if item.period_type == "quarter"]
    return next(iter([*parts, *found]), None)


def _default(period: Period, written: date) -> When:
    return When(period, is_loose=True, until=written)


def find_when(mention: Mention, dates: Sequence[DateSpan], time: TextTime, text: str) -> When:
    """The time a number speaks of: the last one said before it in its sentence, else its list's."""
    named = _find_heads_dates(mention, dates)
    if named:
        return _resolve(named[-1], time, text)
    before = _within(dates, mention.sentence.start, mention.amount.start)
    if lead := mention.sentence.lead:
        before = [*_within(dates, lead.start, lead.end), *before]
    spoken = [
        item for item in before if item.precision != "clock" and not _is_aside(item, mention, text)
    ]
    if not spoken:
        return time.default
    return _resolve(spoken[-1], time, text)


def _find_heads_dates(mention: Mention, dates: Sequence[DateSpan]) -> list[DateSpan]:
    """The dates of a number's own head, in a table or in a list with several heads."""
    if mention.head_at is not None:
        return _within(dates, *mention.head_at)
    if mention.cell is not None and mention.cell.heading is not None:
        return _within(dates, *mention.cell.heading)
    return []


def _is_aside(item: DateSpan, mention: Mention, text: str) -> bool:
    """Whether a date is no time of a number: one it is compared with, or something began in."""
    between = text[item.end : mention.amount.start]
    if _SINCE.match(between) or _NOW.search(between):
        return True
    if text[item.start : item.end] in _AT_THE_END:
        return True
    is_against = text[max(item.start - 2, 0) : item.start].endswith(_AGAINST)
    if _COMPARED.match(between) or (is_against and _CHANGE.match(between)):
        return True
    earlier = mention.previous
    return (
        earlier is not None
        and earlier.amount.start >= item.end
        and earlier.amount.unit == mention.amount.unit
        and _REACHED.search(text[earlier.amount.end : mention.amount.start]) is not None
    )


def find_ended_quarter(day: date) -> Period:
    """The last quarter that had ended by a day."""
    current = period_containing(day, "quarter")
    return current if current.end <= day else current.previous


def _resolve(span: DateSpan, time: TextTime, text: str) -> When:
    if span.precision in {"span", "half"}:
        return When(None, is_certain=False, until=time.day)
    if span.day is not None:
        return When(find_ended_quarter(span.day), until=time.day)
    if span.period is not None:
        period = Period.parse(span.period)
        return When(period, _is_span(span, period), until=time.day)
    if span.shift_years is not None:
        return _shift(span, span.shift_years, time, "同期" in text[span.start : span.end])
    if span.needs_year and span.part:
        return _complete(span, time.year, time)
    return When(None, is_certain=False, until=time.day)


def _shift(span: DateSpan, years: int, time: TextTime, is_same_part: bool) -> When:
    """The time of 去年同期 or 今年三季度, so many years from the text's own."""
    year = time.year + years
    if span.part:
        return _complete(span, year, time)
    default = time.default.period
    if years == 0:
        return time.default
    if is_same_part and default is not None and default.period_type != "year":
        return When(default.shift(4 * years), is_certain=False, until=time.day)
    return When(Period(year, 1, "year"), is_span=True, until=time.day)


def _complete(span: DateSpan, year: int, time: TextTime) -> When:
    """A part of a year with the year it belongs to."""
    part = span.part or ""
    if part.startswith("Q"):
        period = Period(year, int(part[1]), "quarter")
        return When(period, span.precision == "to_date", until=time.day)
    if part.startswith("M"):
        period = Period(year, int(part[1:]), "month")
        is_span = span.precision == "to_date"
        if is_span and period.part % 3 == 0:
            period = Period(year, period.part // 3, "quarter")
        return When(period, is_span, until=time.day)
    return When(None, is_certain=False, until=time.day)


def _is_span(span: DateSpan, period: Period) -> bool:
    return span.precision == "to_date" or period.period_type == "year"


def _after(period: Period) -> date:
    return period.end + timedelta(days=60)


def _within(dates: Sequence[DateSpan], start: int, end: int) -> list[DateSpan]:
    first = bisect_left(dates, start, key=lambda item: item.start)
    last = bisect_right(dates, end, key=lambda item: item.end)
    return list(dates[first:last])
