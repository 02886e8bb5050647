"""Identifiers, list marks, names and idioms: numerals that are no figures."""

import csv
import itertools
import time
from pathlib import Path

import pytest

from warehouse.report.reading.dates import find_dates
from warehouse.report.reading.identifiers import find_identifiers
from warehouse.report.reading.names import find_idioms, find_names

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"

# text | what identifies, by comma or nothing
IDENTIFIERS = """
(黄政办函〔2020〕33号) | 黄政办函〔2020〕33号
(委员提案〔2020〕18号) | 委员提案〔2020〕18号
根据鄂政发[2020]18号文件 | 鄂政发[2020]18号
（2020）5号 | （2020）5号
（2020）鄂02民初123号 | （2020）鄂02民初123号
见第33号 | 第33号
13号文 | 13号文
第二号公告 | 第二号
索引号000014349/2020-83261 主题词 | 000014349/2020-83261
执行GB/T 19001-2016 | GB/T 19001-2016
GB 4754—2017 | GB 4754—2017
ＧＢ／Ｔ １９００１－２０１６ | ＧＢ／Ｔ １９００１－２０１６
DB42/T 1234-2019 | DB42/T 1234-2019
T/HBAS 5-2020 | T/HBAS 5-2020
ISO 9001 | ISO 9001
ISO9001:2015认证 | ISO9001:2015
专利ZL201810123456.7 | ZL201810123456.7
申请201810123456.7 | 201810123456.7
统一社会信用代码：91420281PDY0000798 | 91420281PDY0000798
电话0714-6512345 | 0714-6512345
拨打12315热线 | 12315
12345 热线 | 12345
邮编435000 | 435000
证书编号 12345 | 12345
网址http://www.hs.gov.cn/a/1.html。 | http://www.hs.gov.cn/a/1.html
邮箱a1@b2.cn | a1@b2.cn
工业4.0 | 4.0
2.0版 | 2.0版
V1.2 | V1.2
5G基站32个 | 5G
PM2.5浓度 | PM2.5
3A级 | 3A级
4A级景区3家 | 4A级
QC080000 | QC080000
3C认证 | 3C
N95口罩 | N95
全国第四批单项冠军 | 第四批
第四、五批 | 第四、五批
第二届 | 第二届
第13届 | 第13届
第十三次会议 | 第十三次
第3期 | 第3期
第二轮 | 第二轮
第三代半导体 | 第三代
如图1所示 | 图1
见表2 | 表2
附件1 | 附件1
— 3 — | — 3 —
A级景区 |
第一产业 |
第三方 |
第2位 |
居全省第二， |
第一名 |
列第3 |
第三季度 |
附件1份 |
发表3篇 |
代表2名 |
获PCT3件 |
5kg大米 |
100MW |
TOP100 |
2020Q3 |
分别为4.0、5.0和6.0% |
增长10.5% |
99.57%、97.43% |
1,213项 |
8118人 |
12345件 |
"""

# text | the mark
MARKERS = """
一、发展现状 | 一、
二、主要做法 | 二、
（一）营造氛围 | （一）
(一)营造氛围 | (一)
1.选树标杆 | 1.
１．选树标杆 | １．
1、选树标杆 | 1、
1）选树标杆 | 1）
（2）加快 | （2）
①选树 | ①
第一章 总则 | 第一章
第三条 为了 | 第三条
一是管理标准化 | 一是
一要加强 | 一要
其一，加强 | 其一
1.5亿元投资 |
一、二季度 |
十分重视 |
"""

NAMES = """
“六六八”工程 | 六六八
“四个十”科创平台 | 四个十
“3·15” | 3·15
在5·15当天 | 5·15
12·4国家宪法日 | 12·4
315晚会 | 315
“双11” | 双11
“1+N”体系 | 1+N
1+3+N | 1+3+N
“123”工程 | 123
“十百千” | 十百千
“三项制度” | 三项制度
“四个意识” | 四个意识
“万企兴万村”行动 | 万企兴万村
双千活动 | 双千
三化同步 | 三化
四大行动 | 四大
七大产业 | 七大
十大品牌 | 十大
三大攻坚战 | 三大攻坚战
9月质量月 | 9月质量月
6月安全生产月 | 6月安全生产月
百强 | 百强
湖北百强企业8家 | 百强
100强 | 100强
世界500强 | 500强
70年70品牌 | 70年70品牌
100周年 | 100周年
建党100周年 | 100周年
百年老店 | 百年老店
三品一标 | 三品一标
六稳六保 | 六稳六保
六税两费 | 六税两费
一带一路 | 一带一路
一村一品 | 一村一品
一企一策 | 一企一策
一网通办 | 一网通办
一站式 | 一站式
两化融合 | 两化融合
双随机 | 双随机
“双创”载体 | 双创
四上企业 | 四上企业
万企 | 万企
千企 | 千企
三标 | 三标
第一产业 | 第一产业
第二产业 | 第二产业
三次产业 | 三次产业
一二三产业 | 一二三产业
一等奖3项 | 一等
质量提升三年行动 | 三年
百日攻坚 | 百日
5个农产品品牌 |
两项市级质量提升行动 |
37项质量提升项目 |
四项行动 |
三家企业 |
近500家 |
三千万元 |
三亿元工程 |
两个品牌 |
三个大型企业 |
六个县级质量提升项目 |
“5家企业” |
“质量第一”意识 |
“十三五” |
“创客中国” |
一体化工程 |
百分之七 |
万人拥有量2.37件 |
增强3家 |
"""

IDIOMS = """
一批企业 | 一批
一大批 | 一大批
一系列 | 一系列
另一方面 | 另一方面
进一步 | 进一步
下一步 | 下一步
统一 | 统一
一律 | 一律
一定 | 一定
第一时间 | 第一时间
第三方 | 第三方
万众 | 万众
老百姓 | 老百姓
千方百计 | 千方百计
十分重视 | 十分
一体化 | 一体化
唯一 | 唯一
之一 | 之一
一直 | 一直
一流 | 一流
一起 | 一起
质量第一 | 质量第一
九江市 | 九江
第一批 |
二十一批 |
十一项 |
二十分 |
同一百家 |
三家企业 |
一百家 |
"""


def _rows(table):
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]


def _written(text, spans):
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(("text", "written"), _rows(IDENTIFIERS))
def test_an_identifier_is_found_whole_and_a_count_or_rank_is_none(text, written):
    found = [span for span in find_identifiers(text) if span.kind == "identifier"]
    assert _written(text, found) == ([written] if written else [])


@pytest.mark.parametrize(("text", "mark"), _rows(MARKERS))
@pytest.mark.parametrize("before", ["", "前文。\n", "前文；"])
def test_a_list_mark_is_found_where_a_line_or_clause_begins(before, text, mark):
    whole = before + text
    found = [span for span in find_identifiers(whole) if span.kind == "marker"]
    assert _written(whole, found) == ([mark] if mark else [])


@pytest.mark.parametrize("text", ["全市1.5亿元", "共有三是", "占十一、二成", "增长(3)", "排第一"])
def test_a_list_mark_is_none_within_a_clause(text):
    assert [span for span in find_identifiers(text) if span.kind == "marker"] == []


@pytest.mark.parametrize(("text", "written"), _rows(NAMES))
def test_a_number_in_a_name_is_found_and_what_is_counted_is_none(text, written):
    assert _written(text, find_names(text)) == ([written] if written else [])


@pytest.mark.parametrize(("text", "word"), _rows(IDIOMS))
def test_a_word_whose_numeral_is_no_number_is_found_but_no_part_of_a_number(text, word):
    assert [text[start:end] for start, end in find_idioms(text)] == ([word] if word else [])


def test_spans_of_one_kind_never_overlap_and_go_by_place():
    text = "\n".join(
        row[0] for table in (IDENTIFIERS, MARKERS, NAMES, IDIOMS) for row in _rows(table)
    )
    for find in (find_identifiers, find_names, find_dates):
        spans = find(text)
        pairs = itertools.pairwise(spans)
        assert all(one.end <= other.start for one, other in pairs)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference texts are not here")
def test_of_the_report_of_2020_all_is_claimed_but_its_figures():
    text = (REFERENCE / "report_2020.txt").read_text(encoding="utf-8")
    found = [*find_identifiers(text), *find_names(text), *find_dates(text)]
    claimed = {place for span in found for place in range(span.start, span.end)}
    with (REFERENCE / "claims.csv").open(encoding="utf-8") as rows:
        claims = [row for row in csv.DictReader(rows) if row["kind"] != "implied"]
    wrong, judged = [], 0
    for row in claims:
        is_figure = row["kind"] in {"measure", "rank"}
        start = text.find(row["value_raw"], max(int(row["char_start"]) - 5, 0))
        if start >= 0:
            judged += 1
            is_claimed = bool(claimed & set(range(start, start + len(row["value_raw"]))))
            wrong += [row["claim_id"]] if is_figure == is_claimed else []
    assert judged >= 50
    assert wrong == []


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference texts are not here")
def test_names_of_the_reference_texts_are_found():
    texts = {path.stem: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*/t*.txt")}
    report = (REFERENCE / "report_2020.txt").read_text(encoding="utf-8")
    found = {name: _written(text, find_names(text)) for name, text in texts.items()}
    assert found["t01_huangshi_2018_press"] == ["六六八", "100强"]
    assert found["t05_xiaogan_2021"] == ["两化融合"]
    assert found["t11_xianning_2022q1"] == []
    assert _written(report, find_names(report)) == [
        "三化", "百强", "百强", "百强", "3·15", "9月质量月", "70年70品牌", "双千", "六六八",
        "四个十", "双创",
    ]  # fmt: skip


@pytest.mark.parametrize("find", [find_identifiers, find_names, find_idioms])
@pytest.mark.parametrize(
    "sign", ["1", "一", "A1", "“一", "万企", "第一、", "1.", "a.", "(1", "〔2020〕"]
)
def test_no_text_makes_the_search_run_away(find, sign):
    began = time.process_time()
    find(sign * (30_000 // len(sign)))
    assert time.process_time() - began < 3


def test_all_searches_of_a_long_text_take_a_moment():
    text = "一是执行GB/T 19001-2016，推动“六六八”工程，进一步服务79家企业，占全省7%左右。\n" * 2500
    assert len(text) > 120_000
    began = time.process_time()
    for find in (find_identifiers, find_names, find_dates):
        assert len(find(text)) >= 0
    assert time.process_time() - began < 4
