"""How one column of text is typed: exactly, and nothing that is wrong passes silently."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.gate.type_values import (
    NOT_APPLICABLE,
    Typed,
    parse_date,
    type_code,
    type_date,
    type_identifier,
    type_money,
    type_number,
)

FACTORS = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}


def column(*texts: str | None) -> pl.Series:
    return pl.Series("column", texts, dtype=pl.String)


def first(typed: Typed) -> tuple[object, list[str]]:
    """The first value, and the rules that speak of it."""
    return typed.values[0], sorted(flag.rule_id for flag in typed.flags if flag.mask[0])


def number(text: str, *, integer: bool = False, percent: bool = False) -> tuple[object, list[str]]:
    return first(type_number(column(text), example="1", integer=integer, percent=percent))


def money(text: str, unit: str) -> tuple[object, list[str]]:
    return first(type_money(column(text), pl.Series([FACTORS[unit]], dtype=pl.Int64)))


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("316", "316", []),
        ("-28.5", "-28.5", []),
        ("+5", "5", []),
        (" 3 ", "3", []),
        ("0", "0", []),
        ("-0", "0", []),
        ("00012", "12", []),
        ("1.10", "1.1", []),
        ("0.30000000000000004", "0.3", []),
        ("1.0000000000000002", "1", []),
        ("123456789012345.5", "123456789012345.5", []),
        ("000000000000000001", "1", []),
        ("1,234", "1234", ["thousands_separator"]),
        ("-1,234,567.5", "-1234567.5", ["thousands_separator"]),
        ("１２３", "123", ["full_width"]),
        ("１，２１３", "1213", ["full_width", "thousands_separator"]),
        ("－28.5", "-28.5", ["full_width"]),
        ("\u30007", "7", []),
        ("约50", None, ["not_a_number"]),
        ("50余", None, ["not_a_number"]),
        ("约５０", None, ["not_a_number"]),
        ("316家", None, ["not_a_number"]),
        ("12.5%", None, ["not_a_number"]),
        ("1,23", None, ["not_a_number"]),
        ("12,34,567", None, ["not_a_number"]),
        ("1 234", None, ["not_a_number"]),
        (".5", None, ["not_a_number"]),
        ("5.", None, ["not_a_number"]),
        ("1e5", None, ["not_a_number"]),
        ("−5", None, ["not_a_number"]),
        ("五十", None, ["not_a_number"]),
        ("NaN", None, ["not_a_number"]),
        ("inf", None, ["not_a_number"]),
        ("#REF!", None, ["not_a_number"]),
        ("'12", None, ["not_a_number"]),
        ("1234567890123456", None, ["too_large"]),
        ("9" * 40, None, ["too_large"]),
        ("1,234,567,890,123,456", None, ["too_large"]),
    ],
)
def test_a_number_is_exact_or_a_finding(text, value, rules):
    assert number(text) == (None if value is None else Decimal(value), rules)


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("316", 316, []),
        ("316.0", 316, []),
        ("315.99999999999994", 316, []),
        ("-3", -3, []),
        ("1,213", 1213, ["thousands_separator"]),
        ("1.5", None, ["not_an_integer"]),
        ("1,234.5", None, ["not_an_integer"]),
        ("0.0001", None, ["not_an_integer"]),
        ("999999999999999", 999_999_999_999_999, []),
        ("1000000000000000", None, ["too_large"]),
        ("十", None, ["not_a_number"]),
    ],
)
def test_a_count_is_whole_or_a_finding(text, value, rules):
    assert number(text, integer=True) == (value, rules)


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("18.5%", "18.5", []),
        ("-28.5%", "-28.5", []),
        ("18.5", "18.5", []),
        ("18.5 %", "18.5", []),
        ("200.00%", "200", []),
        ("-100.0%", "-100", []),
        ("0.185", "0.185", []),
        ("18.5％", "18.5", ["full_width"]),
        ("1,200%", "1200", ["thousands_separator"]),
        ("%", None, ["not_a_number"]),
        ("18.5%%", None, ["not_a_number"]),
        ("18.5‰", None, ["not_a_number"]),
        ("百分之五", None, ["not_a_number"]),
    ],
)
def test_a_percentage_may_carry_its_sign(text, value, rules):
    assert number(text, percent=True) == (None if value is None else Decimal(value), rules)


@pytest.mark.parametrize(
    ("text", "unit", "yuan", "rules"),
    [
        ("210.5", "元", "210.50", []),
        ("210.5", "千元", "210500", []),
        ("210.5", "万元", "2105000", []),
        ("240", "亿元", "24000000000", []),
        ("99.1", "亿元", "9910000000", []),
        ("0.01", "元", "0.01", []),
        ("0.00001", "千元", "0.01", []),
        ("0.000001", "万元", "0.01", []),
        ("0.0000000001", "亿元", "0.01", []),
        # what binary arithmetic leaves behind is no precision
        ("0.30000000000000004", "元", "0.30", []),
        ("0.30000000000000004", "万元", "3000", []),
        ("1.1000000000000001", "亿元", "110000000", []),
        ("12.345", "元", None, ["too_precise"]),
        ("0.005", "元", None, ["too_precise"]),
        ("1.2345678", "万元", None, ["too_precise"]),
        ("1.234567", "千元", None, ["too_precise"]),
        ("-5", "万元", "-50000", []),
        ("1,234.5", "万元", "12345000", ["thousands_separator"]),
        ("12,345.678", "元", None, ["too_precise"]),
        ("２１０．５", "万元", "2105000", ["full_width"]),
        ("210.5万", "元", None, ["not_a_number"]),
        ("近240", "亿元", None, ["not_a_number"]),
        ("99999999999999", "亿元", None, ["too_large"]),
        ("1234567890123456789012", "元", None, ["too_large"]),
        ("1234567890123456789012", "亿元", None, ["too_large"]),
    ],
)
def test_money_is_exact_to_the_fen_in_every_unit(text, unit, yuan, rules):
    assert money(text, unit) == (None if yuan is None else Decimal(yuan), rules)


@given(fen=st.integers(-(10**15), 10**15), unit=st.sampled_from(sorted(FACTORS)))
def test_any_sum_survives_being_written_in_any_unit(fen, unit):
    written = f"{Decimal(fen) / 100 / FACTORS[unit]:f}"
    assert money(written, unit) == (Decimal(fen) / 100, [])


@pytest.mark.parametrize("unit", sorted(FACTORS))
@given(text=st.text("0123456789.,+-%eE约 １２", max_size=24))
def test_whatever_is_written_is_a_number_or_a_finding(unit, text):
    stripped = text.strip()
    for value, rules in (number(text), number(text, integer=True), number(text, percent=True)):
        assert (value is None) == bool(
            {"not_a_number", "not_an_integer", "too_large"} & set(rules)
        ) or not stripped
    value, rules = money(text, unit)
    assert (value is None) == bool(
        {"not_a_number", "too_precise", "too_large"} & set(rules)
    ) or not stripped


DAY = date(2020, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2020-09-03", "2020-9-3", "2020/9/3", "2020.9.3", "2020.09.03", "2020年9月3日",
        "2020年09月03日", "2020年9月3", "2020 年 9 月 3 日", "20200903", "2020-09-03T00:00:00",
        "2020-09-03 00:00:00", "2020/9/3 0:00", " 2020-09-03 ",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(text):
    assert first(type_date(column(text))) == (DAY, [])


@pytest.mark.parametrize(
    ("text", "day", "rules"),
    [
        ("44077", DAY, ["serial_date"]),
        ("25569", date(1970, 1, 1), ["serial_date"]),
        ("２０２０－０９－０３", DAY, ["full_width"]),
        ("２０２０年９月３日", DAY, ["full_width"]),
        ("9999-12-31", date(9999, 12, 31), []),
        ("2020-02-29", date(2020, 2, 29), []),
        ("2019-02-29", None, ["not_a_date"]),
        ("2020-02-30", None, ["not_a_date"]),
        ("2020-13-01", None, ["not_a_date"]),
        ("2020-00-10", None, ["not_a_date"]),
        ("20200931", None, ["not_a_date"]),
        ("0000-01-01", None, ["not_a_date"]),
        ("1020-01-01", None, ["not_a_date"]),
        ("2020.9", None, ["not_a_date"]),
        ("2020-09", None, ["not_a_date"]),
        ("202009", None, ["not_a_date"]),
        ("2020年9月", None, ["not_a_date"]),
        ("2020年三季度", None, ["not_a_date"]),
        ("2020", None, ["not_a_date"]),
        # 2020-09 typed without its nought would be a day of 1955 as a serial number
        ("20209", None, ["not_a_date"]),
        ("60000", None, ["not_a_date"]),
        ("44077.5", None, ["not_a_date"]),
        ("20-9-3", None, ["not_a_date"]),
        ("3/9/2020", None, ["not_a_date"]),
        ("2020-09-03 14:30:00", None, ["not_a_date"]),
        ("二〇二〇年九月三日", None, ["not_a_date"]),
        ("２０２０．９", None, ["not_a_date"]),
        ("待定", None, ["not_a_date"]),
    ],
)
def test_a_date_is_a_full_day_or_a_finding(text, day, rules):
    assert first(type_date(column(text))) == (day, rules)


def test_a_serial_date_is_said_to_be_read_as_a_day():
    [flag] = [flag for flag in type_date(column("44077")).flags if flag.rule_id == "serial_date"]
    assert flag.expected[0] == "2020-09-03"


@given(day=st.dates(date(1970, 1, 1), date(2064, 4, 6)))
def test_any_day_is_read_back_from_any_way_of_writing_it(day):
    for written in (f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}",
                    f"{day.year}年{day.month}月{day.day}日"):  # fmt: skip
        assert parse_date(written) == (day, False)
    assert parse_date(str((day - date(1899, 12, 30)).days)) == (day, True)


@given(text=st.text("0123456789-/.年月日 T:", max_size=12))
def test_whatever_is_written_is_a_day_or_none(text):
    day, _ = parse_date(text)
    assert day is None or day >= date(1900, 1, 1)


SPELLINGS = {"国家标准": "国家标准", "国标": "国家标准", "开发区铁山区": "KFQTS", "kfqts": "KFQTS"}
NAMES = {"国家标准": "国家标准", "KFQTS": "开发区·铁山区"}


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("国家标准", "国家标准", None),
        (" 国家标准 ", "国家标准", None),
        ("国标", "国家标准", "国家标准"),
        ("国 标", "国家标准", "国家标准"),
        ("KFQTS", "KFQTS", None),
        ("ｋｆｑｔｓ", "KFQTS", "开发区·铁山区"),
        ("开发区·铁山区", "KFQTS", None),
        ("开发区•铁 山 区", "KFQTS", "开发区·铁山区"),
        ("国际标准", "国际标准", None),
        ("国家标准化", "国家标准化", None),
    ],
)
def test_a_code_is_known_by_its_spellings_and_an_unknown_one_stays(text, value, expected):
    typed = type_code(column(text), SPELLINGS, NAMES)
    [flag] = typed.flags
    assert typed.values[0] == value
    assert flag.mask[0] == (expected is not None)
    assert (flag.expected[0] if flag.mask[0] else None) == expected


@pytest.mark.parametrize(
    ("kind", "text", "value", "fault", "rules"),
    [
        ("uscc", "91350100M000100Y43", "91350100M000100Y43", None, []),
        (
            "uscc",
            "９１３５０１００Ｍ０００１００Ｙ４３",
            "91350100M000100Y43",
            None,
            ["full_width"],
        ),
        ("uscc", "91350100M000100Y44", "91350100M000100Y44", "check_character", []),
        ("uscc", "420200000012345", "420200000012345", "registration_number", []),
        ("uscc", "无（个人）", "无(个人)", "length", []),
        ("application_no", "ZL201710601862.3", "201710601862.3", None, []),
        ("application_no", "201710601862.4", "201710601862.4", "check_digit", []),
        ("standard_no", "GB／T 1.1—2020", "GB/T 1.1-2020", None, ["full_width"]),
        ("standard_no", "标准一", "标准一", "form", []),
        ("industry_code", "C3360", "3360", None, []),
        ("industry_code", "Q3360", "Q3360", "section", []),
    ],
)
def test_an_identifier_is_brought_to_its_form_with_the_fault_it_has(
    kind, text, value, fault, rules
):
    typed = type_identifier(column(text), kind, "code")
    assert typed.facets["code__fault"][0] == fault
    assert first(typed) == (value, rules)


@pytest.mark.parametrize(
    ("kind", "text", "facet", "told"),
    [
        ("standard_no", "GB/T 1.1-2020", "level", "国家标准"),
        ("standard_no", "标准一", "level", None),
        ("application_no", "201710601862.3", "patent_type", "发明"),
        ("application_no", "201710601862.3", "filed_year", 2017),
        # a number that fails its check may have lost the very digit that tells the type
        ("application_no", "201710601862.4", "patent_type", None),
        ("application_no", "201710601862.4", "filed_year", None),
    ],
)
def test_a_number_tells_of_its_row_only_what_it_can_be_trusted_with(kind, text, facet, told):
    assert type_identifier(column(text), kind, "code").facets[f"code__{facet}"][0] == told


def test_blank_cells_are_never_a_finding_of_a_type():
    blank = column(None, None)
    typed = [
        type_number(blank, example="1", integer=False, percent=False),
        type_number(blank, example="1", integer=True, percent=False),
        type_money(blank, pl.Series([1, 1], dtype=pl.Int64)),
        type_date(blank),
        type_code(blank, SPELLINGS, NAMES),
        *(type_identifier(blank, kind, "code")
          for kind in ("uscc", "application_no", "standard_no", "industry_code")),
    ]  # fmt: skip
    for one in typed:
        assert one.values.to_list() == [None, None]
        assert not any(flag.mask.any() for flag in one.flags)


def test_the_signs_of_not_applicable_are_neither_blank_nor_nought():
    assert not {"", "0", "零报告", "无"} & set(NOT_APPLICABLE)
