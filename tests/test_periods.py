"""Periods: their written form, their days, and the ways forms name them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.periods import PARTS, Period, find_period, period_containing

periods = st.sampled_from(sorted(PARTS)).flatmap(
    lambda kind: st.builds(
        Period, st.integers(1990, 2100), st.integers(1, PARTS[kind]), st.just(kind)
    )
)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(periods)
def test_a_period_is_read_back_from_what_it_writes(period):
    assert Period.parse(str(period)) == period


@given(periods)
def test_a_forms_wording_of_a_period_is_found_again(period):
    assert find_period(period.title_zh) == period
    assert find_period(f"报告期：{period.title_zh}") == period


@given(periods, st.integers(-50, 50))
def test_shifting_there_and_back_changes_nothing(period, count):
    assert period.shift(count).shift(-count) == period
    assert (period < period.shift(count)) == (count > 0)


@given(periods)
def test_periods_of_one_type_follow_each_other_without_a_gap(period):
    assert period.previous.end + timedelta(days=1) == period.start
    assert period.start < period.end


@given(days, st.sampled_from(sorted(PARTS)))
def test_a_day_lies_in_the_period_that_contains_it(day, period_type):
    period = period_containing(day, period_type)
    assert period.start <= day <= period.end


@pytest.mark.parametrize(
    ("text", "start", "end", "previous"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31), "2019"),
        ("2020Q1", date(2020, 1, 1), date(2020, 3, 31), "2019Q4"),
        ("2020Q3", date(2020, 7, 1), date(2020, 9, 30), "2020Q2"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "2020-01"),
        ("2020-01", date(2020, 1, 1), date(2020, 1, 31), "2019-12"),
    ],
)
def test_a_period_knows_its_days_and_the_one_before(text, start, end, previous):
    period = Period.parse(text)
    assert (period.start, period.end) == (start, end)
    assert str(period.previous) == previous


@pytest.mark.parametrize(
    "text", ["", "2020Q5", "2020Q0", "2020-13", "2020-9", "2020q3", "2020年", "20", "2020Q3x"]
)
def test_what_is_no_period_is_refused_with_the_ways_to_write_one(text):
    with pytest.raises(ValueError, match="write 2020, 2020Q3 or 2020-09"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020", "2020"),
        ("2020年", "2020"),
        ("2020年度", "2020"),
        ("2020年三季度", "2020Q3"),
        ("2020年第三季度", "2020Q3"),
        ("2020年第3季度", "2020Q3"),
        ("2020年4季度", "2020Q4"),
        ("2020 年 3 季度", "2020Q3"),
        ("２０２０年三季度", "2020Q3"),
        ("2020年1-9月", "2020Q3"),
        ("2020年1—9月", "2020Q3"),
        ("2020年1月至9月", "2020Q3"),
        ("2020年元至9月", "2020Q3"),
        ("2020年1-3月", "2020Q1"),
        ("2020年1-12月", "2020Q4"),
        ("2020年9月", "2020-09"),
        ("2020年09月", "2020-09"),
        ("2020年9月份", "2020-09"),
        ("2020Q3", "2020Q3"),
        ("2020-09", "2020-09"),
        ("黄石市2020年三季度商标申请注册情况表", "2020Q3"),
        ("标准制修订情况表_大冶市_2020Q3", "2020Q3"),
        ("单位：万元  报告期：2020年三季度", "2020Q3"),
    ],
)
def test_the_period_a_form_names_is_found(text, expected):
    assert str(find_period(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "标准制修订情况表",
        "GB/T 1-2020",
        "黄政办函〔2020〕33号",
        "2020年13月",
        "2020年第5季度",
        "2020-09-30",
        "20200930",
    ],
)
def test_where_no_period_is_named_none_is_found(text):
    assert find_period(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2020年1-8月",
        "2020年2-9月",
        "2020年7-9月",
        "2020年上半年",
        "2020年下半年",
        "2020年半年",
        "2020年一至三季度",
        "2020年前三季度",
        "2020年三、四季度",
        "2020年1季度至3季度",
        "2020年Q3",
        "2020年九月",
        "2020年元月",
        "2020年9月30日",
        "2019年和2020年",
        "2020-2021年",
        "12020年",
    ],
)
def test_a_span_that_is_no_one_period_is_never_guessed(text):
    assert find_period(text) is None
