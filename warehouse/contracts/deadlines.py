"""Due and lock dates, on Chinese working days."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from warehouse.contracts.model import Deadline
from warehouse.fault import UserFault
from warehouse.periods import Period


class CalendarError(UserFault):
    """The holiday calendar does not reach a date."""


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
