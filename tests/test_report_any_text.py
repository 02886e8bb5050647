"""Whatever a text says, `report check` reads it: nothing raises, and every number is in place."""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose_score import make_document
from random_figures import make_history

from bench.long_text import write_long_text
from warehouse.contracts.load import load_expectations
from warehouse.report.check import Judge, make_judge
from warehouse.report.figures import Figures
from warehouse.report.model import FIGURES, CheckedText
from warehouse.report.reading.amounts import find_amounts
from warehouse.report.reading.folding import fold_text

NUMERALS = "0 1 2 12 305 1,234 0.5 201.84 20٢٠ ２０２０ 一 两 十七 一百二十 亿万 二〇二〇 ② ³ 1e9"
UNITS = "家 项 件 人次 % ‰ 个百分点 倍 亿元 万元 万 余 多 位 名 元 年 月 日 季度 号 强 成 番"
WORDS = (
    "全市 大冶市 阳新县 孝感市 全省 居全省第 其中 分别为 依次为 新增 净增 累计 同比增长 环比下降 "
    "国家标准 有效发明专利 湖北名牌 市长质量奖 计划 力争 达到 占 比重 上年同期 去年底 今年 "
    "零的突破 翻番 百分之 第 前 近 超过 约 目标 一批 甲公司 获得 GB/T ISO 〔2020〕 一、 1."
)
MARKS = "，。；、：\n\r\t（）()“”《》〔〕-—～.,/ \u3000｜|？·①\ufeff"
FRAGMENTS = st.sampled_from([*NUMERALS.split(), *UNITS.split(), *WORDS.split(), *MARKS])
LINES = st.lists(
    st.sampled_from(["指标", "企业数（家）", "同比（%）", "12", "3.5", ""]), max_size=5
)
TABLES = st.lists(LINES.map("\t".join), max_size=4).map("\n".join)
CHINESE = st.lists(st.one_of(FRAGMENTS, FRAGMENTS, TABLES), max_size=60).map("".join)
ANY = st.one_of(CHINESE, CHINESE, st.text(max_size=80))
FEW = settings(max_examples=50, derandomize=True)
MANY = settings(FEW, max_examples=3_000, derandomize=False)


@lru_cache(maxsize=1)
def judge_random() -> Judge:
    codes = load_expectations().codes
    connection, _ = make_history(codes, seed=5)
    return make_judge(Figures(connection), codes)


def check(text: str) -> CheckedText:
    return judge_random().check(make_document("any", text))


def prove_sound(text: str) -> CheckedText:
    checked = check(text)
    items = checked.items
    assert all(item.text == text[item.start : item.end] and item.text for item in items)
    assert [item.start for item in items] == sorted(item.start for item in items)
    figures = [item for item in items if item.kind in FIGURES]
    assert all(one.end <= two.start for one, two in pairwise(figures))
    assert all(item.status == "not a measure" for item in items if item.kind in {"date", "name"})
    for remark in checked.remarks:
        assert all(0 <= start < end <= len(text) for start, end in remark.spans)
    json.dumps(checked.list_facts("zh"))
    return checked


@FEW
@given(ANY)
def test_any_text_is_read_and_every_number_lies_where_it_is_said_to(text):
    prove_sound(text)


@FEW
@given(CHINESE)
def test_a_text_that_is_checked_again_says_the_same(text):
    assert check(text) == check(text)


@FEW
@given(CHINESE, st.integers(1, 40))
def test_words_without_a_number_behind_a_text_change_nothing_before_them(text, lines):
    """A paragraph that names no time and no place; a text's last lines may hold its day."""
    foot = "\n\n" + "感谢各位领导的关心和支持。\n\n" * lines
    before, after = check(text + "\n\n" + "。\n" * 4), check(text + "\n\n" + "。\n" * 4 + foot)
    assert list(after.items)[: len(before.items)] == list(before.items)
    assert len(after.items) == len(before.items)


@pytest.mark.slow
@MANY
@given(ANY)
def test_very_many_texts_are_read(text):
    prove_sound(text)


@pytest.mark.parametrize("digits", [24, 25, 40, 500])
@pytest.mark.parametrize("sign", ["1", "9", "一", "亿", "万亿", "1,111"])
def test_a_number_of_too_many_digits_is_no_figure(sign, digits):
    checked = prove_sound(f"全市有效发明专利{sign * digits}件，增长{sign * digits}%。")
    assert all(item.value is None or abs(item.value) < 10**20 for item in checked.items)


@pytest.mark.parametrize(
    ("text", "step", "room"),
    [("500余家", 1, 100), ("12.50%", "0.01", "0.10"), ("3亿元", 10**8, 10**8), ("0家", 1, 1)],
)
def test_the_last_digits_tell_how_exact_a_number_is(text, step, room):
    (amount,) = find_amounts(text)
    assert (str(amount.step), str(amount.room)) == (str(step), str(room))


def test_the_digits_of_every_script_are_folded_in_their_place():
    assert fold_text("20٢٠年１２家，²③") == "2020年12家，²③"


EXTREMES = {
    "no text": "",
    "blanks": " \n\t\u3000" * 500,
    "no stop": "质量" * 4_000,
    "no stop, numbers": "，".join(f"国家标准{number}项" for number in range(800)),
    "numbers alone": " ".join(map(str, range(1_200))),
    "lines of numbers": "\n".join(map(str, range(1_200))),
    "one row of a table": "\t".join(map(str, range(800))),
    "changes": "，".join(f"同比增长{number}%" for number in range(800)),
    "parts": "，".join(f"其中行业标准{number}项" for number in range(500)),
    "ranks": "，".join("居全省第2位" for _ in range(500)),
    "breakthroughs": "零的突破" * 500,
    "a list": "国家标准、" * 300 + "分别为" + "、".join(f"{number}项" for number in range(300)),
    "deep brackets": "（" * 3_000 + "12家" + "）" * 3_000,
    "open brackets": "（1家" * 500 + "《“〔" * 500,
    "quotes": "“企业1家”" * 500,
    "dots": "1." * 1_500,
    "dashes": "1-" * 700,
    "addresses": "a." * 2_000 + "@",
    "places": "大冶市" * 2_000,
    "ordinals": "第1、" * 500,
    "dates": "、".join(f"2020年{number % 12 + 1}月" for number in range(800)),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_texts_that_nobody_writes_are_read_as_well(name):
    prove_sound(EXTREMES[name])


HUGE = {
    "no stop": "质量" * 25_000,
    "one number": "1" * 50_000,
    "10,000 numbers in a sentence": "，".join(f"国家标准{number}项" for number in range(10_000)),
    "10,000 rows": "\n".join(map(str, range(10_000))),
    "brackets": "（" * 25_000 + "）" * 25_000,
    "semicolons": "；".join(f"国家标准{number}项" for number in range(10_000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_texts_of_any_size_are_read(name):
    prove_sound(HUGE[name])


def count_calls(text: str) -> int:
    """How many functions are called while a text is checked: the same on every machine."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        check(text)
    finally:
        sys.setprofile(before)
    return counted


def test_twice_the_pages_are_little_more_than_twice_the_work():
    check(write_long_text(0.01))
    assert count_calls(write_long_text(0.1)) < 2.2 * count_calls(write_long_text(0.05))
