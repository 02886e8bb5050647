"""The code tables that know time: definitions of indicators, successors of units, breaks.

Days are never empty in them, so that models can compare them plainly: what has always been there
begins on the first day there is, and what has not ended ends on the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import get_args

import polars as pl

from warehouse.contracts.codes import Codes, Indicator, ReportingUnit
from warehouse.contracts.model import Text
from warehouse.periods import PeriodType, period_containing

_DAY = timedelta(days=1)
_DEFINITION = {
    "indicator_code": pl.String,
    "valid_from": pl.Date,
    "valid_until": pl.Date,
    "indicator_name": pl.String,
    "unit": pl.String,
    "department": pl.String,
    "definition": pl.Int64,
}
_SUCCESSION = dict.fromkeys(["reporting_unit_code", "successor_code"], pl.String)
_TODAYS_UNIT = {
    "reporting_unit_code": pl.String,
    "todays_unit_code": pl.String,
    "is_whole": pl.Boolean,
}
_BREAK = dict.fromkeys(
    [
        "kind", "indicator_code", "reporting_unit_code", "period_type", "period", "reason_zh",
        "reason_en",
    ],
    pl.String,
)  # fmt: skip


def list_dated_codes(codes: Codes, today: date) -> dict[str, pl.DataFrame]:
    """The code tables by name.

    Returns:
        `indicator_definition`: a row is an indicator as it was defined in a span of days;
            `definition` numbers them, and stays where only the department changed.
        `unit_succession`: a row is a reporting unit and one of those it became at once.
        `todays_unit`: a row is a reporting unit of any time and one of today it went into;
            `is_whole`: all of it did.
        `series_break`: a row is a break, by kind and period type: the first period in which figures
            of an indicator (kind definition or owner) or of a reporting unit (kind unit) cannot be
            compared with those before.
    """
    return {
        "indicator_definition": _frame(_list_definitions(codes), _DEFINITION),
        "unit_succession": _frame(_list_successions(codes), _SUCCESSION),
        "todays_unit": _frame(_list_todays_units(codes, today), _TODAYS_UNIT),
        "series_break": _frame(_list_breaks(codes), _BREAK),
    }


def _frame(
    rows: Iterator[tuple[object, ...]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _list_definitions(codes: Codes) -> Iterator[tuple[object, ...]]:
    for indicator in codes.indicators:
        first, number = date.min, 0
        for entry in indicator.earlier:
            yield _describe(indicator.on(first), first, entry.last_day, number)
            first = entry.last_day + _DAY
            number += entry.is_redefined
        yield _describe(indicator, first, date.max, number)


def _describe(then: Indicator, first: date, last: date, number: int) -> tuple[object, ...]:
    return then.code, first, last, then.name.zh, then.unit, then.department, number


def _list_successions(codes: Codes) -> Iterator[tuple[object, ...]]:
    for succession in codes.successions:
        for unit in succession.from_codes:
            for successor in succession.into_codes:
                yield unit, successor


def _list_todays_units(codes: Codes, today: date) -> Iterator[tuple[object, ...]]:
    for unit in codes.reporting_units:
        found = list(_follow(codes, unit, today))
        for code in found:
            yield unit.code, code, len(found) == 1


def _follow(codes: Codes, unit: ReportingUnit, today: date) -> Iterator[str]:
    """The units of a day that one went into, itself where it is still there."""
    if unit.is_valid(today):
        yield unit.code
        return
    units = {item.code: item for item in codes.reporting_units}
    for succession in codes.successions:
        if unit.code in succession.from_codes and succession.on <= today:
            for code in succession.into_codes:
                yield from _follow(codes, units[code], today)


def _list_breaks(codes: Codes) -> Iterator[tuple[object, ...]]:
    for succession in codes.successions:
        for unit in succession.into_codes:
            yield from _place("unit", None, unit, succession.on, succession.reason)
    for indicator in codes.indicators:
        for entry in indicator.earlier:
            kind = "definition" if entry.is_redefined else "owner"
            yield from _place(kind, indicator.code, None, entry.last_day + _DAY, entry.reason)


def _place(
    kind: str, indicator: str | None, unit: str | None, day: date, reason: Text
) -> Iterator[tuple[object, ...]]:
    """By period type the first period of the new: the one in which the day lies."""
    for period_type in get_args(PeriodType):
        first = str(period_containing(day, period_type))
        yield kind, indicator, unit, period_type, first, reason.zh, reason.en
