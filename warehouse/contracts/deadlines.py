"""Due and lock dates, on Chinese working days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import chinese_calendar

from warehouse.contracts.model import Deadline
from warehouse.fault import UserFault
from warehouse.periods import Period


class CalendarError(UserFault):
    """The holiday calendar does not reach a date."""


@cache
def number_working_days() -> tuple[tuple[date, int], ...]:
    """Every day of the kept holiday data, with the number of working days up to and including it.

    The difference of two days' numbers is how many working days lie between them.
    """
    days = sorted({day.year for day in chinese_calendar.constants.holidays})
    first, last = date(days[0], 1, 1), date(days[-1], 12, 31)
    numbered = []
    number = 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        number += chinese_calendar.is_workday(day)
        numbered.append((day, number))
    return tuple(numbered)


def resolve_deadline(period: Period, deadline: Deadline) -> date:
    """The date by which a form of that period is due, or from which it is locked.

    A day that is no working day (法定节假日 and 调休 counted) moves to the next one.

    Raises:
        CalendarError: the year lies outside the kept holiday data.
    """
    month_index = period.end.year * 12 + period.end.month - 1 + deadline.months_after
    year, month = divmod(month_index, 12)
    day = date(year, month + 1, deadline.day)
    try:
        while not chinese_calendar.is_workday(day):
            day += timedelta(days=1)
    except NotImplementedError as error:
        message = (
            f"no holiday data for {day.year}: upgrade the package chinesecalendar, "
            "which gains a year each time the State Council publishes the calendar"
        )
        raise CalendarError(message) from error
    return day
