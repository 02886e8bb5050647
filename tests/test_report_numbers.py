"""Every number of a sentence: where it stands, its value, unit, qualifier, and what it is."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from prose_score import make_document
from published_rows import open_rows

from warehouse.contracts.load import load_expectations
from warehouse.report.check import make_judge
from warehouse.report.documents.read import read_document
from warehouse.report.figures import Figure, Figures
from warehouse.report.model import FIGURES, STATUSES, CheckedText, Item

CODES = load_expectations().codes
LONE = dict.fromkeys(Figure.__dataclass_fields__) | {
    "series_code": "lone", "indicator_name": "无", "unit": "家", "basis": "counted",
    "measure_kind": "stock", "is_additive": False, "adds_over_periods": False,
    "period": "1950", "period_type": "year", "reporting_unit_code": "420200",
    "reporting_unit": "黄石市", "value": 1, "value_state": "value", "expected_submissions": 1,
    "included_submissions": 1, "status": "final", "known_from_release": 1,
}  # fmt: skip
JUDGE = make_judge(Figures(open_rows([LONE], {1: date(2020, 10, 22)})), CODES)
"""Next to nothing is published: what is read is no matter of what is known."""

# sentence, its number marked | value | unit | qualifier | kind
CASES = """
全市有企业[[316家]] | 316 | 家 | | measure
全市有企业[[３１６家]] | 316 | 家 | | measure
注册商标[[12,345件]] | 12345 | 件 | | measure
注册商标[[1,234,567件]] | 1234567 | 件 | | measure
注册商标[[１，２３４件]] | 1234 | 件 | | measure
有企业三百一十六家，即[[三百一十六家]] | 316 | 家 | | measure
培育企业[[十七家]] | 17 | 家 | | measure
培育企业[[二十家]] | 20 | 家 | | measure
培育企业[[一百零五家]] | 105 | 家 | | measure
培育企业[[一百二十家]] | 120 | 家 | | measure
制定标准[[两千零五项]] | 2005 | 项 | | measure
输送职工[[一万二千人]] | 12000 | 人 | | measure
开展[[两项]]市级行动 | 2 | 项 | | measure
评选[[两家]]企业 | 2 | 家 | | measure
拥有专利[[三件]] | 3 | 件 | | measure
品牌价值[[201.84亿元]] | 20184000000 | 元 | | measure
品牌价值[[２０１．８４亿元]] | 20184000000 | 元 | | measure
经费[[210万元]] | 2100000 | 元 | | measure
经费[[2100000元]] | 2100000 | 元 | | measure
经费[[2,100,000.00元]] | 2100000 | 元 | | measure
经费[[0.5亿元]] | 50000000 | 元 | | measure
经费[[1.2万亿元]] | 1200000000000 | 元 | | measure
经费[[3千万元]] | 30000000 | 元 | | measure
经费[[5百万元]] | 5000000 | 元 | | measure
经费[[五百万元]] | 5000000 | 元 | | measure
经费[[两百一十万元]] | 2100000 | 元 | | measure
经费[[三千二百万元]] | 32000000 | 元 | | measure
经费[[两亿元]] | 200000000 | 元 | | measure
总投资[[2万亿]] | 2000000000000 | | | measure
出口[[3.5亿美元]] | 350000000 | 美元 | | measure
人口[[247万人]] | 2470000 | 人 | | measure
运用资金[[500余万元]] | 5000000 | 元 | 余 | measure
运用资金[[500多万元]] | 5000000 | 元 | 多 | measure
运用资金[[500万余元]] | 5000000 | 元 | 余 | measure
运用资金[[500万元余]] | 5000000 | 元 | 余 | measure
服务企业[[70余家]] | 70 | 家 | 余 | measure
服务企业[[七十余家]] | 70 | 家 | 余 | measure
服务企业[[七十多家]] | 70 | 家 | 多 | measure
服务企业[[二十来家]] | 20 | 家 | 来 | measure
服务企业[[30来家]] | 30 | 家 | 来 | measure
服务企业[[近500家]] | 500 | 家 | 近 | measure
服务企业[[近五百家]] | 500 | 家 | 近 | measure
服务企业[[将近500家]] | 500 | 家 | 将近 | measure
服务企业[[接近500家]] | 500 | 家 | 接近 | measure
服务企业[[近百家]] | 100 | 家 | 近 | measure
服务企业[[上百家]] | 100 | 家 | 上 | measure
服务企业[[约500家]] | 500 | 家 | 约 | measure
服务企业[[大约500家]] | 500 | 家 | 大约 | measure
服务企业[[500家左右]] | 500 | 家 | 左右 | measure
服务企业[[500家上下]] | 500 | 家 | 上下 | measure
服务企业[[500家以上]] | 500 | 家 | 以上 | measure
服务企业[[500家以内]] | 500 | 家 | 以内 | measure
服务企业[[超过500家]] | 500 | 家 | 超过 | measure
服务企业[[超500家]] | 500 | 家 | 超 | measure
服务企业[[逾500家]] | 500 | 家 | 逾 | measure
服务企业[[突破500家]] | 500 | 家 | 突破 | measure
服务企业[[不足500家]] | 500 | 家 | 不足 | measure
服务企业[[不到500家]] | 500 | 家 | 不到 | measure
服务企业[[至少500家]] | 500 | 家 | 至少 | measure
服务企业[[不少于500家]] | 500 | 家 | 不少于 | measure
服务企业[[不低于500家]] | 500 | 家 | 不低于 | measure
减免费用[[近240亿元]] | 24000000000 | 元 | 近 | measure
减免费用[[约为2.4亿元]] | 240000000 | 元 | 约为 | measure
减免费用[[逾百万元]] | 1000000 | 元 | 逾 | measure
服务企业[[146家次]] | 146 | 家次 | | measure
接待咨询[[320人次]] | 320 | 人次 | | measure
输送职工[[8118人]] | 8118 | 人 | | measure
输送职工[[8118名]] | 8118 | 名 | | measure
开展检查[[45批次]] | 45 | 批次 | | measure
覆盖产品[[1437种]] | 1437 | 种 | | measure
荣获金奖[[1枚]] | 1 | 枚 | | measure
培育[[316户]]企业 | 316 | 户 | | measure
有集群[[10个]] | 10 | 个 | | measure
覆盖率达到[[95%]] | 95 | % | | share
覆盖率达到[[95％]] | 95 | % | | share
覆盖率达到[[９５％]] | 95 | % | | share
覆盖率达到[[95.50%]] | 95.5 | % | | share
合格率为[[百分之九十五]] | 95 | % | | share
合格率为[[百分之95]] | 95 | % | | share
合格率为[[百分之九十八点六]] | 98.6 | % | | share
投诉率为[[2.5‰]] | 0.25 | % | | share
投诉率为[[千分之三]] | 0.3 | % | | share
占全省[[7%左右]] | 7 | % | 左右 | share
占全省[[近7%]] | 7 | % | 近 | share
占全省的[[7%以上]] | 7 | % | 以上 | share
占比超过一半，为[[51.3%]] | 51.3 | % | | share
民营企业占[[七成]]。 | 70 | % | | share
民营企业占[[七成多]]。 | 70 | % | 多 | share
民营企业占[[近七成]]。 | 70 | % | 近 | share
覆盖率提高到[[95%]] | 95 | % | | share
覆盖率由90%提高到[[95%]] | 95 | % | | share
覆盖率上升至[[95%]] | 95 | % | | share
覆盖率下降为[[85%]] | 85 | % | | share
覆盖率提高[[1.2个百分点]] | 1.2 | 个百分点 | | growth
覆盖率下降[[1.2个百分点]] | -1.2 | 个百分点 | | growth
覆盖率回落[[两个百分点]] | -2 | 个百分点 | | growth
高于全省平均[[0.8个百分点]] | 0.8 | 个百分点 | | growth
低于全省平均[[0.8个百分点]] | -0.8 | 个百分点 | | growth
出口额同比增长[[12.5%]] | 12.5 | % | | growth
出口额同比下降[[12.5%]] | -12.5 | % | | growth
出口额同比增长[[-12.5%]] | -12.5 | % | | growth
出口额同比增长[[－12.5%]] | -12.5 | % | | growth
出口额增幅为[[12.5%]] | 12.5 | % | | growth
出口额增速达[[12.5%]] | 12.5 | % | | growth
出口额降幅为[[3.1%]] | -3.1 | % | | growth
出口额比上年增长[[约8%]] | 8 | % | 约 | growth
出口额较去年同期减少[[3.1%]] | -3.1 | % | | growth
出口额环比回落[[3.1%]] | -3.1 | % | | growth
出口额同比增长[[三成]]。 | 30 | % | | growth
出口额增长[[2倍]] | 2 | 倍 | | growth
出口额增长[[1.5倍]] | 1.5 | 倍 | | growth
出口额是上年的[[2.3倍]] | 2.3 | 倍 | | growth
申请量[[翻番]] | 100 | % | | growth
申请量[[翻两番]] | 300 | % | | growth
企业比上年增加[[12家]] | 12 | 家 | | growth
企业比上年减少[[12家]] | -12 | 家 | | growth
企业同比多[[12家]] | 12 | 家 | | growth
企业较上年末增加了[[12家]] | 12 | 家 | | growth
企业新增[[5家]] | 5 | 家 | | measure
企业净增[[5家]] | 5 | 家 | | measure
企业增加到[[17家]] | 17 | 家 | | measure
企业由12家增至[[17家]] | 17 | 家 | | measure
数量居全省[[第2位]] | 2 | 位 | | rank
数量居全省[[第２位]] | 2 | 位 | | rank
数量均居全省[[第2]]。 | 2 | 位 | | rank
数量均居全省[[第二]]。 | 2 | 位 | | rank
数量位列全省[[第三位]] | 3 | 位 | | rank
数量排名全省[[第十二]]。 | 12 | 位 | | rank
数量居全省[[首位]] | 1 | 位 | | rank
数量位居全省[[榜首]] | 1 | 位 | | rank
数量进入全省[[前三]]。 | 3 | 位 | 前 | rank
数量位居全省[[前3位]] | 3 | 位 | 前 | rank
获得大赛[[第一名]] | 1 | 位 | | rank
明年新增企业[[20家]] | 20 | 家 | | target
质量提升活动覆盖率[[95%]] | 95 | % | | share
力争到年底企业达到[[20家]] | 20 | 家 | | target
力争到2021年底达到[[20家]] | 20 | 家 | | target
计划培育企业[[20家]] | 20 | 家 | | target
目标是[[20家]] | 20 | 家 | | target
拟新增企业[[20家]] | 20 | 家 | | target
确保覆盖率达到[[98%]] | 98 | % | | target
按照年度计划，已培育企业[[20家]] | 20 | 家 | | measure
实现[[零的突破]] | 1 | | implied | measure
实现[[零突破]] | 1 | | implied | measure
分别提高[[4.77]]和3.53个百分点 | 4.77 | 个百分点 | | growth
分别提高4.77和[[3.53个百分点]] | 3.53 | 个百分点 | | growth
分别下降[[4.77]]、3.53和1.2个百分点 | -4.77 | 个百分点 | | growth
分别增长12%、[[15%]]和18% | 15 | % | | growth
分别下降12%、15%和[[18%]] | -18 | % | | growth
三个区分别有[[12]]、15和18家企业 | 12 | 家 | | measure
奖金分别为[[40]]和20万元 | 400000 | 元 | | measure
在2020年1-9月，为[[近500家]]企业服务 | 500 | 家 | 近 | measure
（占全省[[7%]]） | 7 | % | | share
企业[[79家]]，占全省7% | 79 | 家 | | measure
在“质量月”期间检查企业[[120家]] | 120 | 家 | | measure
服务企业[[二十余家]] | 20 | 家 | 余 | measure
服务企业[[十多家]] | 10 | 家 | 多 | measure
接待咨询[[150余万人次]] | 1500000 | 人次 | 余 | measure
接待咨询[[1.2万余人次]] | 12000 | 人次 | 余 | measure
接待咨询[[2万多人次]] | 20000 | 人次 | 多 | measure
累计注册商标[[1.37万件]] | 13700 | 件 | | measure
带动[[上千种]]产品 | 1000 | 种 | 上 | measure
[[10个工作日]]内办结 | 10 | 个工作日 | | measure
产值[[超10亿元]]的企业3家 | 1000000000 | 元 | 超 | measure
产值超10亿元的企业[[3家]] | 3 | 家 | | measure
年产值过亿元企业[[12家]] | 12 | 家 | | measure
获奖企业仅[[一家]]。 | 1 | 家 | | measure
获金奖[[一项]]，银奖两项。 | 1 | 项 | | measure
出口到[[30多个]]国家 | 30 | 个 | 多 | measure
每家补助[[3]]-5万元 | 30000 | 元 | | measure
每家补助3-[[5万元]] | 50000 | 元 | | measure
增长[[百分之十]] | 10 | % | | growth
占比[[51.3%]]，居首位 | 51.3 | % | | share
增加值占比由18%提升至[[21%]] | 21 | % | | share
合格率98.5%，同比提高[[1.2个百分点]] | 1.2 | 个百分点 | | growth
同比提高1.2个百分点，达到[[98.5%]] | 98.5 | % | | share
同比增加12家，达到[[79家]] | 79 | 家 | | measure
较上年高[[12家]] | 12 | 家 | | growth
降低企业成本[[3.2亿元]] | 320000000 | 元 | | measure
减免费用[[25亿元]] | 2500000000 | 元 | | measure
减少审批环节[[12项]] | 12 | 项 | | measure
企业增加投资[[12亿元]] | 1200000000 | 元 | | measure
增值税减免[[5亿元]] | 500000000 | 元 | | measure
新增12家，同比增长[[20%]] | 20 | % | | growth
降幅收窄至[[3.1%]] | -3.1 | % | | growth
扭转下降趋势，增长[[3.1%]] | 3.1 | % | | growth
由降转升，增长[[3.1%]] | 3.1 | % | | growth
下降3.1%，三季度增长[[2.2%]] | 2.2 | % | | growth
高技能人才占比[[30%]] | 30 | % | | share
占比分别为[[30%]]、40%和30% | 30 | % | | share
目标任务[[20家]]，实际完成22家 | 20 | 家 | | target
目标任务20家，实际完成[[22家]] | 22 | 家 | | measure
原计划20家，已完成[[22家]] | 22 | 家 | | measure
确保了[[20家]]企业复工 | 20 | 家 | | measure
争取到资金[[300万元]] | 3000000 | 元 | | measure
要求[[20家]]企业整改 | 20 | 家 | | measure
年内将新增[[20家]] | 20 | 家 | | target
企业有望达到[[20家]] | 20 | 家 | | target
[[20家]]企业有望入围 | 20 | 家 | | target
数量列全省[[前10]]。 | 10 | 位 | 前 | rank
获评全省[[第三名]] | 3 | 位 | | rank
数量位居全国[[第五]]，增长12% | 5 | 位 | | rank
合格率[[100%]] | 100 | % | | share
合格率[[百分之百]] | 100 | % | | share
按黄政办函〔2020〕33号文，服务企业[[12家]] | 12 | 家 | | measure
执行GB/T 19001-2016的企业[[12家]] | 12 | 家 | | measure
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def check(text: str) -> CheckedText:
    return JUDGE.check(make_document("text", text))


def find_marked(sentence: str) -> tuple[str, int, str]:
    before, rest = sentence.split("[[")
    marked, after = rest.split("]]")
    return before + marked + after, len(before), marked


@pytest.mark.parametrize("row", _rows(CASES), ids=lambda row: row[0])
def test_a_number_is_found_whole_with_what_is_said_of_it(row):
    sentence, value, unit, qualifier, kind = row
    text, start, marked = find_marked(sentence)
    items = [
        item for item in check(text).items if item.start < start + len(marked) and start < item.end
    ]
    found = [(i.text, i.start, i.value, i.unit, i.qualifier, i.kind) for i in items]
    assert found == [
        (marked, start, Decimal(value) if value else None, unit or None, qualifier or None, kind)
    ]


NOT_FOUND = """
引进一批企业，实施一系列措施
带动数十家企业，惠及几百人、数千户、好几家
每万人拥有量居全省前列
十几家企业参加，半数以上满意
进一步提升质量，第一时间处置
一方面抓质量，另一方面抓品牌
一、发展现状
（一）主要成效
1.选树标杆。
一是抓标准，二是抓品牌，三要抓服务
坚持两手抓，做到三位一体
万元产值能耗持续下降
打造千亿产业和亿元企业
一家企业一个方案
今年以来企业数持续增长，年底将再评估
提高质量，统一标准，唯一来源
"""


@pytest.mark.parametrize("text", NOT_FOUND.strip().splitlines())
def test_a_word_with_a_numeral_that_counts_nothing_is_no_number(text):
    assert [item.text for item in check(text).items] == []


# text | the only numbers in it, each with its kind
NO_FIGURES = """
“六六八”工程和“四个十”平台 | 六六八 name, 四个十 name
建市70年70品牌活动 | 70年70品牌 name
湖北百强和世界500强 | 百强 name, 500强 name
3·15晚会后建5G基站 | 3·15 name, 5G identifier
第四批单项冠军 | 第四批 identifier
发展第一产业 | 第一产业 name
根据黄政办函〔2020〕33号文办理 | 黄政办函〔2020〕33号文 identifier
执行GB/T 19001-2016 | GB/T 19001-2016 identifier
电话0714-6512345 | 0714-6512345 identifier
2020年10月27日印发 | 2020年10月27日 date
2020年1-9月和三季度 | 2020年1-9月 date, 三季度 date
近三年稳步增长 | 近三年 date
11:10:10发布 | 11:10:10 date
提供7×24小时服务 | 7×24小时 name
"""


@pytest.mark.parametrize("row", _rows(NO_FIGURES), ids=lambda row: row[0])
def test_a_number_that_is_no_figure_has_its_kind_and_no_value(row):
    text, listed = row
    items = check(text).items
    assert ", ".join(f"{item.text} {item.kind}" for item in items) == listed
    assert {(item.value, item.status) for item in items} == {(None, "not a measure")}


# table, its lines parted by / | numbers in it: value unit kind
TABLES = """
指标｜2020年｜同比（%）/商标申请量（件）｜5210｜12.0/商标注册量（件）｜4012｜-9.1 | \
5210 件 measure, 12 % growth, 4012 件 measure, -9.1 % growth
地区｜出口额（亿元）｜增速（%）/黄石港区｜10.5｜-3.1 | \
1050000000 元 measure, -3.1 % growth
出口额（亿元）｜210.5/零售额（万元）｜820 | 21050000000 元 measure, 8200000 元 measure
指标  目标  完成/高新技术企业（家）  700  720 | 700 家 target, 720 家 measure
年份｜企业（家）/2018年｜1,520/2019年｜1,610 | 1520 家 measure, 1610 家 measure
指标｜数量/产业研究院｜8家/覆盖率｜95% | 8 家 measure, 95 % share
"""


@pytest.mark.parametrize("row", [line.split(" | ") for line in TABLES.strip().splitlines()])
def test_a_number_in_a_table_has_the_unit_and_the_kind_its_heads_give_it(row):
    table, listed = row
    for separator in "｜", "\t", " | ":
        text = table.replace("/", "\n").replace("｜", separator)
        items = [item for item in check(text).items if item.kind != "date"]
        said = [f"{_plain(item.value)} {item.unit} {item.kind}" for item in items]
        assert ", ".join(said) == listed, separator


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


FACTS = {
    "start", "end", "text", "value", "unit", "qualifier", "kind", "period", "scope",
    "indicator_code", "series_code", "status", "warehouse_value", "release", "reason",
}  # fmt: skip
LONG = """2020年前三季度黄石市质量和品牌工作报告

一、基本情况
截至9月底，全市５０２家企业执行和参与制修订标准１，５０３项，其中国家标准455项（占30.3％）。\
专利授权量3,120件，同比增长12.5%；有效发明专利拥有量2450件。

指标｜2020年｜同比（%）
商标申请量（件）｜5210｜12.0

二、下一步打算
力争到年底高新技术企业达到800家，实现零的突破。白鸭皮蛋和黄石港饼获得“中华老字号”称号。
"""


def check_file(path: Path, content: bytes) -> CheckedText:
    path.write_bytes(content)
    return JUDGE.check(read_document(path))


ENCODINGS = {
    "utf-8": LONG.encode(),
    "utf-8 with a mark": b"\xef\xbb\xbf" + LONG.encode(),
    "gb18030": LONG.encode("gb18030"),
    "utf-16": LONG.encode("utf-16"),
    "crlf": LONG.replace("\n", "\r\n").encode(),
    "gb18030 with crlf": LONG.replace("\n", "\r\n").encode("gb18030"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_offset_is_a_character_of_the_file_whatever_its_encoding(tmp_path, encoding):
    checked = check_file(tmp_path / "report.txt", ENCODINGS[encoding])
    said = LONG.replace("\n", "\r\n") if "crlf" in encoding else LONG
    assert checked.document.text == said
    assert [item.text for item in checked.items] == [said[i.start : i.end] for i in checked.items]
    plain = check_file(tmp_path / "plain.txt", LONG.encode())
    assert [_drop_place(item) for item in checked.items] == [
        _drop_place(item) for item in plain.items
    ]
    assert len(checked.items) >= 15


def _drop_place(item: Item) -> tuple[object, ...]:
    return (item.text, item.value, item.unit, item.kind, item.indicator_code, item.status)


def test_the_items_are_by_place_and_no_two_figures_share_a_character():
    items = check(LONG).items
    assert [item.start for item in items] == sorted(item.start for item in items)
    figures = [item for item in items if item.kind in FIGURES]
    assert all(a.end <= b.start for a, b in pairwise(figures))


def test_the_facts_of_a_check_are_plain_json_in_either_language():
    checked = check(LONG)
    for language in "zh", "en":
        facts = json.loads(json.dumps(checked.list_facts(language), ensure_ascii=False))
        assert {"file", "as_of", "release", "items", "remarks"} <= set(facts)
        for item, row in zip(checked.items, facts["items"], strict=True):
            assert set(row) >= FACTS
            assert checked.document.text[row["start"] : row["end"]] == row["text"]
            assert row["status"] in STATUSES
            assert row["value"] is None or Decimal(str(row["value"])) == item.value
            assert row["reason"] or row["status"] == "agrees"
    zh, en = (checked.list_facts(language)["items"] for language in ("zh", "en"))
    assert all(re.search("[\u4e00-\u9fff]", row["reason"]) for row in zh)
    assert [row["value"] for row in zh] == [row["value"] for row in en]


def test_a_whole_amount_is_written_without_a_point_and_a_part_with_one():
    facts = check("覆盖率95.5%，经费0.5亿元，企业316.0家").list_facts("zh")["items"]
    assert [json.dumps(row["value"]) for row in facts] == ["95.5", "50000000", "316"]


def test_a_text_without_a_number_has_no_items():
    assert check("质量第一，诚信为本。").list_facts("zh")["items"] == []


def test_a_long_report_is_read_in_a_moment():
    text = LONG * 40
    began = time.process_time()
    assert len(check(text).items) >= 600
    assert time.process_time() - began < 5
