"""What holds of any figures and any history, against slow and obvious Python."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.comparison_rows import (
    FIRST_RELEASE,
    FUND,
    FUND_ROWS,
    NOW,
    REGISTER,
    TOTAL,
    Case,
    bridge,
    city,
    read,
)

TODAY = date.fromisoformat(NOW)
RELEASES = (TODAY - FIRST_RELEASE).days // 10 + 1
QUALIFIERS = ("-", "近", "余", "超过", "约", "左右")
PERIODS = [f"{2000 + number // 4}Q{number % 4 + 1}" for number in range(40)]


def can_both_be_true(stated: Decimal, qualifier: str, counted: Decimal) -> bool:
    """Whether a figure in yuan, stated with a qualifier, can mean another."""
    digits = str(stated)
    place = 10 ** (len(digits) - len(digits.rstrip("0"))) if stated else 1
    if qualifier == "近":
        return stated - Decimal(place) / 2 <= counted <= stated
    if qualifier in ("余", "超过"):
        return stated <= counted < stated + place
    if qualifier in ("约", "左右"):
        return abs(counted - stated) <= stated / 20
    return counted == stated


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 999),
            st.integers(0, 6),
            st.sampled_from(QUALIFIERS),
            st.one_of(st.sampled_from([1, 1.05, 0.95, 0.9, 1.1, 1.2, 2]), st.floats(0.8, 2.1)),
            st.sampled_from([-1, 0, 0, 1]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_a_qualified_figure_agrees_with_what_it_can_mean(
    figures: list[tuple[int, int, str, float, int]],
) -> None:
    lines, expected = [], []
    for period, (digits, zeros, qualifier, ratio, nudge) in zip(PERIODS, figures, strict=False):
        stated = Decimal(digits * 10**zeros)
        counted = max(round(stated * Decimal(ratio)) + nudge, Decimal(0))
        lines += [
            city(FUND, str(stated), qualifier, period=period),
            city(FUND_ROWS, str(counted), period=period),
        ]
        agrees = can_both_be_true(stated, qualifier, counted)
        expected.append(f"{period} {'agrees' if agrees else 'open'}")
    assert read(Case("", lines, [], f"register.{FUND}")) == expected


KINDS = {"same": "1213", "bridged": "1233", "other": "1299", "missing": "1233", "gone": ""}
DAYS = st.dates(FIRST_RELEASE - timedelta(15), TODAY + timedelta(5))


def find_open_since(history: list[str], begins: date, ends: date) -> date | None:
    """Goes through the days one by one; the first one of the last run that is open today."""
    since = None
    day = FIRST_RELEASE
    while day <= TODAY:
        kind = history[(day - FIRST_RELEASE).days // 10]
        is_bridged = kind == "bridged" and begins <= day <= ends
        is_open = kind in {"bridged", "other"} and not is_bridged
        since = (since or day) if is_open else None
        day += timedelta(1)
    return since


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.sampled_from(sorted(KINDS)), min_size=RELEASES, max_size=RELEASES),
        min_size=1,
        max_size=40,
    ),
    DAYS,
    DAYS,
)
def test_open_since_is_the_first_day_of_the_run_that_lasts_until_today(
    histories: list[list[str]], one: date, another: date
) -> None:
    begins, ends = sorted((one, another))
    lines, expected = [], []
    for period, history in zip(PERIODS, histories, strict=False):
        lines.append(city(TOTAL, "1213", period=period))
        for number, kind in enumerate(history, 1):
            if kind != "gone":
                cover = "5/6" if kind == "missing" else "6/6"
                spell = f"{number}-" + (str(number + 1) if number < RELEASES else "")
                lines.append(city(REGISTER, KINDS[kind], "-", cover, spell, period=period))
        expected.append(f"{period} {find_open_since(history, begins, ends) or '-'}")
    declared = bridge(ends.isoformat()).replace("2020-01-01", begins.isoformat())
    case = Case("", lines, [], "register.std_total_count", "period open_since")
    assert read(case, bridges=declared) == expected
