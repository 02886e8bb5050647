"""Dates in Chinese texts: each spelling, what is certain of it, and what is none."""

import time
from pathlib import Path

import pytest

from warehouse.report.reading.dates import find_dates
from warehouse.report.reading.folding import fold_text

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"

# text | the date in it | precision | period | part | year | shift
CASES = """
2020年 | 2020年 | year | 2020 | | 2020 |
2020年度全省 | 2020年度 | year | 2020 | | 2020 |
2020年度假区 | 2020年 | year | 2020 | | 2020 |
２０２０年 | ２０２０年 | year | 2020 | | 2020 |
二〇二〇年 | 二〇二〇年 | year | 2020 | | 2020 |
二零二零年 | 二零二零年 | year | 2020 | | 2020 |
二○二○年 | 二○二○年 | year | 2020 | | 2020 |
2020年末 | 2020年末 | year | 2020 | | 2020 |
2020年初步 | 2020年 | year | 2020 | | 2020 |
“2018中国品牌榜” | 2018 | year | 2018 | | 2018 |
2020-10-27 | 2020-10-27 | day | | 10-27 | 2020 |
2020/10/27 | 2020/10/27 | day | | 10-27 | 2020 |
2020.10.27 | 2020.10.27 | day | | 10-27 | 2020 |
20200930发布 | 20200930 | day | | 09-30 | 2020 |
2020年10月27日 | 2020年10月27日 | day | | 10-27 | 2020 |
2020 年 9 月 30 日 | 2020 年 9 月 30 日 | day | | 09-30 | 2020 |
二〇二〇年十月二十七日 | 二〇二〇年十月二十七日 | day | | 10-27 | 2020 |
于10月27日 | 10月27日 | day | | 10-27 | |
2月30日 | 2月30日 | day | | 02-30 | |
在16日的会上 | 16日 | day | | D16 | |
今年3月15日 | 今年3月15日 | day | | 03-15 | | 0
11:10:10 | 11:10:10 | clock | | | |
10时30分 | 10时30分 | clock | | | |
日期2020-10-27 11:10:10 失效 | 2020-10-27 11:10:10 | clock | | 10-27 | 2020 |
2020年10月27日上午9时 | 2020年10月27日上午9时 | clock | | 10-27 | 2020 |
2020年9月 | 2020年9月 | month | 2020-09 | M09 | 2020 |
2020-09 | 2020-09 | month | 2020-09 | M09 | 2020 |
截至2020年9月底 | 2020年9月底 | month | 2020-09 | M09 | 2020 |
2020年9月末 | 2020年9月末 | month | 2020-09 | M09 | 2020 |
9月份 | 9月份 | month | | M09 | |
十二月 | 十二月 | month | | M12 | |
2020Q3 | 2020Q3 | quarter | 2020Q3 | Q3 | 2020 |
2020年三季度 | 2020年三季度 | quarter | 2020Q3 | Q3 | 2020 |
2020年第三季度 | 2020年第三季度 | quarter | 2020Q3 | Q3 | 2020 |
2020年3季度 | 2020年3季度 | quarter | 2020Q3 | Q3 | 2020 |
2020三季度 | 2020三季度 | quarter | 2020Q3 | Q3 | 2020 |
2024年一季度末 | 2024年一季度末 | quarter | 2024Q1 | Q1 | 2024 |
三季度 | 三季度 | quarter | | Q3 | |
去年三季度 | 去年三季度 | quarter | | Q3 | | -1
2020年7-9月 | 2020年7-9月 | quarter | 2020Q3 | Q3 | 2020 |
4月至6月 | 4月至6月 | quarter | | Q2 | |
前三季度 | 前三季度 | to_date | | Q3 | |
2020年前三季度 | 2020年前三季度 | to_date | 2020Q3 | Q3 | 2020 |
一至三季度 | 一至三季度 | to_date | | Q3 | |
上半年 | 上半年 | to_date | | Q2 | |
2020年上半年 | 2020年上半年 | to_date | 2020Q2 | Q2 | 2020 |
2020上半年 | 2020上半年 | to_date | 2020Q2 | Q2 | 2020 |
2020年1-9月 | 2020年1-9月 | to_date | 2020Q3 | Q3 | 2020 |
２０２０年１－９月 | ２０２０年１－９月 | to_date | 2020Q3 | Q3 | 2020 |
2020年1至9月 | 2020年1至9月 | to_date | 2020Q3 | Q3 | 2020 |
2020年元至9月 | 2020年元至9月 | to_date | 2020Q3 | Q3 | 2020 |
2020年1—9月份 | 2020年1—9月份 | to_date | 2020Q3 | Q3 | 2020 |
2020年1～9月 | 2020年1～9月 | to_date | 2020Q3 | Q3 | 2020 |
2020年1月至9月 | 2020年1月至9月 | to_date | 2020Q3 | Q3 | 2020 |
2020年1月1日至9月30日 | 2020年1月1日至9月30日 | to_date | 2020Q3 | Q3 | 2020 |
2020年1-12月 | 2020年1-12月 | to_date | 2020 | M12 | 2020 |
2020年1-5月 | 2020年1-5月 | to_date | 2020-05 | M05 | 2020 |
今年1-9月 | 今年1-9月 | to_date | | Q3 | | 0
前8个月 | 前8个月 | to_date | | M08 | |
2020年下半年 | 2020年下半年 | half | | H2 | 2020 |
2022年3月至2025年3月 | 2022年3月至2025年3月 | span | | | 2025 |
2020年6月—2020年9月 | 2020年6月—2020年9月 | span | | | 2020 |
2018-2020年 | 2018-2020年 | span | | | 2020 |
2018年至2020年 | 2018年至2020年 | span | | | 2020 |
规划（2021-2023） | 2021-2023 | span | | | 2023 |
10月27日至30日 | 10月27日至30日 | span | | | |
一、二季度 | 一、二季度 | span | | | |
“十三五”期间 | 十三五 | span | | | 2020 |
十四五期间 | 十四五期间 | span | | | 2025 |
21世纪 | 21世纪 | span | | | |
20世纪90年代 | 20世纪90年代 | span | | | |
90年代 | 90年代 | span | | | |
近三年依次为 | 近三年 | relative | | | |
近5年 | 近5年 | relative | | | |
年底 | 年底 | relative | | | |
今年底 | 今年底 | relative | | | | 0
本年 | 本年 | relative | | | | 0
上年同期 | 上年同期 | relative | | | | -1
去年同期 | 去年同期 | relative | | | | -1
前年 | 前年 | relative | | | | -2
"""

NO_DATES = """
连续16年 | 示范期三年 | 3个月 | 15日内 | 连续7日
500年 | 3000年 | 13年 | 近20年历史 | 9月质量月 | 3·15
000014349/2020-83261 | GB/T 19001-2016 | 〔2020〕33号 | 以上年限 | 每年 | 近年来
70年70品牌 | 2020家企业
6月安全生产月 | 第三产业 | 二是 | 200.00%
"""


def _rows(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize("row", _rows(CASES), ids=lambda row: row[0])
def test_a_date_is_found_whole_with_what_is_certain_of_it(row):
    text, written, precision, period, part, year, *shift = row
    (span,) = find_dates(text)
    assert text[span.start : span.end] == written
    assert (span.precision, span.period, span.part) == (precision, period or None, part or None)
    assert span.year == (int(year) if year else None)
    assert span.shift_years == (int(shift[0]) if shift and shift[0] else None)


@pytest.mark.parametrize("text", [cell for row in _rows(NO_DATES) for cell in row])
def test_durations_and_numbers_in_names_are_no_dates(text):
    assert find_dates(text) == []


@pytest.mark.parametrize("text", ["三季度", "1-9月", "10月27日", "近三年", "去年三季度", "年底"])
def test_what_has_no_year_of_its_own_says_so(text):
    (span,) = find_dates(text)
    assert span.needs_year
    assert span.period is None


def test_years_in_a_row_are_a_date_each():
    text = "2018、2019、2020年分别为"
    assert [span.period for span in find_dates(text)] == ["2018", "2019", "2020"]


def test_a_span_of_years_knows_both_ends():
    (plan,) = find_dates("十四五")
    assert (plan.first_year, plan.year) == (2021, 2025)


def test_folding_keeps_every_character_in_its_place():
    text = "２０２０年１－９月，完成１，２３４件（９．５％），ＧＢ／Ｔ　１９００１"
    folded = fold_text(text)
    assert folded == "2020年1-9月，完成1,234件（9.5%），GB/T　19001"
    assert len(folded) == len(text)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference texts are not here")
def test_the_dates_of_the_report_of_2020_are_found():
    text = (REFERENCE / "report_2020.txt").read_text(encoding="utf-8")
    assert [text[span.start : span.end] for span in find_dates(text)] == [
        *["2020-10-27 11:10:10"] * 2, "2020年度", "2020年度", "2020年", "2020年元至9月",
    ]  # fmt: skip


def test_a_long_text_is_read_in_a_moment():
    text = "2020年1-9月，全市79家企业入选，占全省7%左右，" * 4000
    began = time.process_time()
    assert len(find_dates(text)) == 4000
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "sign", ["1", "一", "年", "2020", "1-", "月1", " ", "2020年", "近", "第一、"]
)
def test_no_text_makes_the_search_run_away(sign):
    began = time.process_time()
    find_dates(sign * (30_000 // len(sign)))
    assert time.process_time() - began < 3
