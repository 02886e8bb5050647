"""The values the warehouse has for what a number of a text speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from warehouse.periods import PARTS, Period
from warehouse.report.candidate import Candidate
from warehouse.report.figures import Figure, Figures
from warehouse.report.reading.times import When
from warehouse.site.text import same

_QUARTERS, _MONTHS_OF_QUARTER = 4, 3


def list_candidates(figures: Figures, code: str, unit_code: str, when: When) -> list[Candidate]:
    """The values of an indicator or series for what a text says of its time.

    A stock, and a flow that is counted since the year's or its own beginning, is what it was at
    the end of the span. Any other flow of a span is the sum of its quarters, where they add up;
    what was reported for its last quarter may be meant too, since departments write 1-9月 over a
    form of the third quarter, but a difference from it contradicts nothing.
    """
    found: list[Candidate] = []
    for period, is_certain in _list_periods(when):
        for figure in figures.find(code, str(period), unit_code):
            if figure.value is None or not _can_be(figure, when):
                continue
            is_meant = not when.is_span or _holds_at_end(figure) or period.part == 1
            found.append(_make(figures, figure, is_certain=is_certain and is_meant))
        if found:
            break
    if when.is_span or when.is_loose:
        found += _sum_quarters(figures, code, unit_code, when)
    return found


def list_changes(
    figures: Figures, code: str, unit_code: str, when: When, *, is_share: bool, steps: int
) -> list[Candidate]:
    """By how much a figure changed against an earlier period, in percent, or in its own unit.

    Args:
        figures: the release in force.
        code: an indicator's or a series'.
        unit_code: a reporting unit's or the city's.
        when: the later time.
        is_share: whether the change is told in percent of the earlier value.
        steps: how many quarters earlier; 4 is the same period a year before.
    """
    if when.period is None:
        return []
    changes: list[Candidate] = []
    for candidate in list_candidates(figures, code, unit_code, when):
        period = Period.parse(candidate.period)
        if steps < _QUARTERS and (period.period_type == "year" or candidate.is_sum):
            continue
        back = 1 if period.period_type == "year" else steps * PARTS[period.period_type] // _QUARTERS
        earlier = replace(when, period=period.shift(-back))
        for before in list_candidates(figures, code, unit_code, earlier):
            if (before.series_code, before.is_sum) == (candidate.series_code, candidate.is_sum):
                changes += _compute_change(candidate, before, is_share=is_share)
    return changes


def _compute_change(
    candidate: Candidate, before: Candidate, *, is_share: bool
) -> Iterator[Candidate]:
    if not before.value or candidate.qualifier or before.qualifier:
        return
    change = candidate.value - before.value
    value = 100 * change / before.value if is_share else change
    unit = "%" if is_share else "个百分点" if candidate.unit == "%" else candidate.unit
    yield replace(candidate, value=round(value, 6), unit=unit, earlier=())


def _list_periods(when: When) -> Iterator[tuple[Period, bool]]:
    """The periods that may be meant, the likeliest first, and whether they surely are."""
    period = when.period
    if period is None:
        return
    yield period, when.is_certain
    if period.period_type == "year":
        yield Period(period.year, _QUARTERS, "quarter"), when.is_certain
        if when.until and when.until.year == period.year:
            yield from ((item, when.is_certain) for item in _list_ended(when.until))
    if period.period_type == "month" and period.part % _MONTHS_OF_QUARTER == 0:
        yield Period(period.year, period.part // _MONTHS_OF_QUARTER, "quarter"), when.is_certain


def _list_ended(until: date) -> Iterator[Period]:
    """The quarters of a year that had ended by a day, the newest first."""
    for part in range(_QUARTERS, 0, -1):
        period = Period(until.year, part, "quarter")
        if period.end <= until:
            yield period


def _can_be(figure: Figure, when: When) -> bool:
    """Whether a figure can be of a month: what flowed in a quarter is no month's."""
    is_month = when.period is not None and when.period.period_type == "month"
    return not is_month or figure.period_type == "month" or _holds_at_end(figure)


def _holds_at_end(figure: Figure) -> bool:
    return figure.measure_kind == "stock" or figure.accumulated_since in {"year", "beginning"}


def _make(figures: Figures, figure: Figure, *, is_certain: bool) -> Candidate:
    others = [
        other
        for other in figures.list_vintages(figure.series_code, figure.reporting_unit_code)
        if (other.series_code, other.period) == (figure.series_code, figure.period)
        and other.value not in {None, figure.value}
    ]
    return Candidate(
        figure.value or Decimal(0), figure.qualifier, figure.period, figure.series_code,
        same(figure.indicator_name), figure.unit, figure.known_from_release, is_certain,
        earlier=tuple(others),
    )  # fmt: skip


def _sum_quarters(figures: Figures, code: str, unit_code: str, when: When) -> Iterator[Candidate]:
    """The sum from the year's first quarter on, of each series whose quarters add up."""
    if when.period is None or when.period.period_type == "month":
        return
    last = when.period.part if when.period.period_type == "quarter" else _QUARTERS
    quarters = [str(Period(when.period.year, part, "quarter")) for part in range(1, last + 1)]
    rows = [figure for name in quarters for figure in figures.find(code, name, unit_code)]
    for series in dict.fromkeys(figure.series_code for figure in rows):
        parts = [figure for figure in rows if figure.series_code == series]
        if len(parts) == last > 1 and _adds_up(parts):
            yield Candidate(
                sum((figure.value or Decimal(0) for figure in parts), Decimal(0)), None,
                quarters[-1], series, same(parts[0].indicator_name), parts[0].unit,
                max(figure.known_from_release for figure in parts), is_sum=True,
            )  # fmt: skip


def _adds_up(parts: Iterable[Figure]) -> bool:
    return all(
        figure.adds_over_periods and figure.value is not None and figure.qualifier is None
        and not _holds_at_end(figure)
        for figure in parts
    )  # fmt: skip
