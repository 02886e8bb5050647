"""Counts working days, and says where the kept holiday data ends."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from warehouse.contracts.deadlines import number_working_days
from warehouse.contracts.model import Text


@cache
def _numbers() -> dict[date, int]:
    return dict(number_working_days())


def count_working_days(after: date, until: date) -> int | None:
    """How many working days follow one day up to and including another.

    Returns:
        Negative where the second day is the earlier; None where the holiday data lacks either.
    """
    numbers = _numbers()
    if after not in numbers or until not in numbers:
        return None
    return numbers[until] - numbers[after]


def is_working_day(day: date) -> bool:
    """Whether people are at work; beyond the holiday data, from Monday to Friday."""
    count = count_working_days(day - timedelta(days=1), day)
    friday = 4
    return day.weekday() <= friday if count is None else count > 0


def describe_calendar_end(today: date, *, has_unknown_dates: bool) -> Text | None:
    """The warning that dates can no longer be told; None while all of them can.

    Args:
        today: the day looked from.
        has_unknown_dates: a due or lock date of a form already lies beyond the holiday data.
    """
    last = number_working_days()[-1][0]
    if today <= last and not has_unknown_dates:
        return None
    return Text(
        zh=f"节假日数据到 {last.year} 年为止：此后的截止日、锁定日和逾期天数算不出来，"
        "数据一直是暂定的。国务院公布下一年放假安排后，请升级 chinesecalendar 包。",
        en=f"The holiday calendar ends with {last.year}: due dates, lock dates and days late "
        "beyond it cannot be told, and figures stay provisional. Upgrade the package "
        "chinesecalendar once the State Council has published the next year.",
    )
