"""What is said of a number that was tied: the status, the published value and its release."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from prose_score import make_document
from published_rows import open_rows

from warehouse.contracts.load import DEFAULT_EXPECTATIONS, load_expectations
from warehouse.report.check import Judge
from warehouse.report.figures import Figures
from warehouse.report.model import Item
from warehouse.report.reading.places import load_places
from warehouse.report.reading.wording import load_lexicon

CODES = load_expectations().codes
LEXICON = load_lexicon(CODES)
PLACES = load_places(DEFAULT_EXPECTATIONS)
INDICATORS = {item.code: item for item in CODES.indicators}
RELEASES = {
    1: date(2020, 1, 22), 2: date(2020, 4, 22), 3: date(2020, 7, 22), 4: date(2020, 10, 22),
    5: date(2021, 1, 22),
}  # fmt: skip
CITY, DAYE = "420200", "420281"

# indicator | unit | period | value | qualifier | from release | to release | series, if counted
PUBLISHED = f"""
trademark_application_count | {CITY} | 2019Q1 | 1000 | | 1 | |
trademark_application_count | {CITY} | 2019Q2 | 1100 | | 1 | |
trademark_application_count | {CITY} | 2019Q3 | 1200 | | 1 | |
trademark_application_count | {CITY} | 2019Q4 | 1300 | | 1 | |
trademark_application_count | {CITY} | 2020Q1 | 1400 | | 2 | |
trademark_application_count | {CITY} | 2020Q2 | 1500 | | 3 | |
trademark_application_count | {CITY} | 2020Q3 | 1600 | | 4 | |
trademark_application_count | {DAYE} | 2020Q3 | 400 | | 4 | |
trademark_registration_count | {CITY} | 2020Q1 | 900 | | 2 | |
trademark_registration_count | {CITY} | 2020Q3 | 1100 | | 4 | |
high_tech_enterprise_count | {CITY} | 2018Q4 | 520 | | 1 | |
high_tech_enterprise_count | {CITY} | 2019Q3 | 600 | | 1 | |
high_tech_enterprise_count | {CITY} | 2019Q4 | 610 | | 1 | |
high_tech_enterprise_count | {CITY} | 2020Q2 | 690 | | 3 | |
high_tech_enterprise_count | {CITY} | 2020Q3 | 720 | | 4 | 5 |
high_tech_enterprise_count | {CITY} | 2020Q3 | 735 | | 5 | |
high_tech_enterprise_count | {DAYE} | 2020Q3 | 210 | | 4 | |
hidden_champion_count | {CITY} | 2019Q3 | 60 | 近 | 1 | |
hidden_champion_count | {CITY} | 2020Q3 | 79 | | 4 | |
hidden_champion_province_share | {CITY} | 2020Q3 | 7 | 左右 | 4 | |
ip_special_fund_amount | {CITY} | 2020Q3 | 5234567 | | 4 | |
fee_reduction_amount | {CITY} | 2020Q3 | 24000000000 | 近 | 4 | |
loan_or_credit_approved_amount | {CITY} | 2020Q3 | 9960000000 | | 4 | |
brand_value_amount | {CITY} | 2020Q3 | 20184000000 | | 4 | |
brand_show_applicant_count | {CITY} | 2020Q3 | 500 | 超过 | 4 | |
quality_service_enterprise_count | {CITY} | 2020Q1 | 150 | | 2 | |
quality_service_enterprise_count | {CITY} | 2020Q2 | 320 | | 3 | |
quality_service_enterprise_count | {CITY} | 2020Q3 | 480 | | 4 | |
quality_award_cultivated_enterprise_count | {CITY} | 2020Q1 | 5 | | 2 | |
quality_award_cultivated_enterprise_count | {CITY} | 2020Q2 | 8 | | 3 | |
quality_award_cultivated_enterprise_count | {CITY} | 2020Q3 | 18 | | 4 | |
mayor_quality_award_prize_amount | {CITY} | 2020Q3 | 5400000 | | 4 | |
mayor_quality_award_winner_count | {CITY} | 2020Q3 | 14 | | 4 | |
excellence_model_adopter_count | {CITY} | 2020Q3 | 500 | | 4 | |
std_total_count | {CITY} | 2020Q3 | 1213 | | 4 | |
std_total_count | {CITY} | 2020Q3 | 1198 | | 4 | | standards.standard_count
hubei_top100_rank | {CITY} | 2020Q3 | 2 | | 4 | |
hubei_top100_rank | {CITY} | 2019Q3 | 3 | | 1 | |
qip_coverage_rate | {CITY} | 2019Q3 | 92.5 | | 1 | |
qip_coverage_rate | {CITY} | 2020Q3 | 95 | | 4 | |
retail_sales | {CITY} | 2020Q3 | 29000000000 | | 4 | |
single_champion_product_count | {CITY} | 2020Q3 | 1 | | 4 | |
china_time_honored_brand_count | {CITY} | 2020Q3 | 2 | | 4 | |
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _list_published() -> Iterator[dict[str, Any]]:
    for code, unit, period, value, qualifier, since, until, series in _rows(PUBLISHED):
        item = INDICATORS[code]
        is_flow = item.measure_kind == "flow"
        yield {
            "series_code": series or code,
            "indicator_code": code,
            "indicator_name": item.name.zh,
            "unit": item.unit,
            "basis": "counted" if series else "reported",
            "qualifier": qualifier or None,
            "measure_kind": item.measure_kind,
            "is_additive": item.is_additive,
            "adds_over_periods": is_flow
            and not item.counts_distinct
            and item.accumulated_since == "period",
            "accumulated_since": item.accumulated_since if is_flow else None,
            "period": period,
            "period_type": "quarter",
            "reporting_unit_code": unit,
            "reporting_unit": {CITY: "黄石市", DAYE: "大冶市"}[unit],
            "value": Decimal(value),
            "value_state": "value",
            "expected_submissions": 1,
            "included_submissions": 1,
            "status": "final",
            "break_reason": None,
            "known_from_release": int(since),
            "known_to_release": int(until) if until else None,
        }


CONNECTION = open_rows(list(_list_published()), RELEASES)
JUDGES = {
    day: Judge(Figures(CONNECTION, day), CODES, LEXICON, PLACES)
    for day in (None, *RELEASES.values())
}
TITLE = "2020年三季度质量工作报告\n"
AUTUMN, WINTER = RELEASES[4], RELEASES[5]


def judge(sentence: str, as_of: date | None = AUTUMN, title: str = TITLE) -> Item:
    before, rest = sentence.split("[[")
    marked, after = rest.split("]]")
    start = len(title + before)
    text = title + before + marked + after
    (item,) = [
        item for item in JUDGES[as_of].check(make_document("t", text)).items
        if item.start <= start < item.end or start <= item.start < start + len(marked)
    ]  # fmt: skip
    return item


# sentence, the number meant marked | status | published value | its release
AGREES = """
高新技术企业[[720家]] | agrees | 720 | 4
高新技术企业[[７２０家]] | agrees | 720 | 4
高新技术企业[[720户]] | agrees | 720 | 4
拥有[[七百二十家]]高新技术企业 | agrees | 720 | 4
高新技术企业[[700余家]] | agrees | 720 | 4
高新技术企业[[七百多家]] | agrees | 720 | 4
高新技术企业[[近750家]] | agrees | 720 | 4
高新技术企业[[约700家]] | agrees | 720 | 4
高新技术企业[[720家左右]] | agrees | 720 | 4
高新技术企业[[720家以上]] | agrees | 720 | 4
高新技术企业[[超过700家]] | agrees | 720 | 4
高新技术企业总数突破[[700家]] | agrees | 720 | 4
高新技术企业[[不少于700家]] | agrees | 720 | 4
运用知识产权专项资金[[500余万元]] | agrees | 5234567 | 4
运用知识产权专项资金[[5,234,567元]] | agrees | 5234567 | 4
运用知识产权专项资金[[近530万元]] | agrees | 5234567 | 4
为[[近500家]]企业提供质量技术服务 | agrees | 480 | 4
劲牌公司品牌价值[[201.84亿元]] | agrees | 20184000000 | 4
劲牌公司品牌价值[[2018400万元]] | agrees | 20184000000 | 4
劲牌公司品牌价值[[200多亿元]] | agrees | 20184000000 | 4
减免各项费用[[近240亿元]] | agrees | 24000000000 | 4
品牌展示活动海选报名企业[[超过500家]] | agrees | 500 | 4
品牌展示活动海选报名企业[[500余家]] | agrees | 500 | 4
品牌展示活动海选报名企业[[逾500家]] | agrees | 500 | 4
质量提升活动覆盖率达到[[95%]] | agrees | 95 | 4
湖北企业百强、湖北制造业百强上榜企业数量均居全省[[第二]]。 | agrees | 2 | 4
东贝电器荣获单项冠军产品，实现[[零的突破]] | agrees | 1 | 4
[[白云茶和红星酒获得]]“中华老字号”称号。 | agrees | 2 | 4
市长质量奖累计发放奖金[[540万元]] | agrees | 5400000 | 4
大冶市高新技术企业[[210家]] | agrees | 210 | 4
全市高新技术企业720家，其中大冶市[[210家]] | agrees | 210 | 4
2020年底高新技术企业[[720家]] | agrees | 720 | 4
2019年底高新技术企业[[610家]] | agrees | 610 | 1
去年同期高新技术企业[[600家]] | agrees | 600 | 1
"""

ROUNDED = """
劲牌公司品牌价值[[201.8亿元]] | agrees when rounded | 20184000000 | 4
劲牌公司品牌价值[[202亿元]] | agrees when rounded | 20184000000 | 4
运用知识产权专项资金[[523万元]] | agrees when rounded | 5234567 | 4
运用知识产权专项资金[[523.46万元]] | agrees when rounded | 5234567 | 4
商标申请量[[0.2万件]] | agrees when rounded | 1600 | 4
"""

CONTRADICTS = """
高新技术企业[[721家]] | contradicts | 720 | 4
高新技术企业[[700家]] | contradicts | 720 | 4
高新技术企业[[近720家]] | contradicts | 720 | 4
高新技术企业[[720余家]] | contradicts | 720 | 4
高新技术企业[[不足720家]] | contradicts | 720 | 4
高新技术企业[[近900家]] | contradicts | 720 | 4
高新技术企业[[上千家]] | contradicts | 720 | 4
导入卓越绩效管理模式的企业[[500余家]] | contradicts | 500 | 4
导入卓越绩效管理模式的企业[[近500家]] | contradicts | 500 | 4
品牌展示活动海选报名企业[[500家]] | contradicts | 500 | 4
品牌展示活动海选报名企业[[近500家]] | contradicts | 500 | 4
运用知识产权专项资金[[524万元]] | contradicts | 5234567 | 4
劲牌公司品牌价值[[200亿元]] | contradicts | 20184000000 | 4
劲牌公司品牌价值[[201.84万元]] | contradicts | 20184000000 | 4
劲牌公司品牌价值[[201.85亿元]] | contradicts | 20184000000 | 4
质量提升活动覆盖率达到[[96%]] | contradicts | 95 | 4
湖北企业百强、湖北制造业百强上榜企业数量均居全省[[首位]] | contradicts | 2 | 4
大冶市高新技术企业[[720家]] | contradicts | 210 | 4
2019年底高新技术企业[[720家]] | contradicts | 610 | 1
"""

# 1-9月 of what adds up is the sum of its quarters; what is counted since the year's beginning, and
# a stock, is what it was at the end.
SPANS = """
1-9月商标申请量[[4500件]] | agrees | 4500 | 4
2020年前三季度商标申请量[[4500件]] | agrees | 4500 | 4
今年以来商标申请量[[4500件]] | agrees | 4500 | 4
前三季度商标申请量[[4400件]] | contradicts | 4500 | 4
上半年商标申请量[[2900件]] | agrees | 2900 | 3
一季度商标申请量[[1400件]] | agrees | 1400 | 2
二季度商标申请量[[1500件]] | agrees | 1500 | 3
三季度商标申请量[[1600件]] | agrees | 1600 | 4
三季度商标申请量[[4500件]] | contradicts | 1600 | 4
2019年商标申请量[[4600件]] | agrees | 4600 | 1
2019年商标申请量[[4700件]] | contradicts | 4600 | 1
1-9月为[[480家]]企业提供质量技术服务 | agrees | 480 | 4
上半年为[[320家]]企业提供质量技术服务 | agrees | 320 | 3
前三季度为[[950家]]企业提供质量技术服务 | contradicts | 480 | 4
前三季度，高新技术企业[[720家]] | agrees | 720 | 4
1-9月为[[31家]]企业开展质量奖培育专题服务 | cannot be tied | |
前三季度商标注册量[[3000件]] | cannot be tied | |
前三季度社会消费品零售总额[[820亿元]] | cannot be tied | |
"""

CHANGES = """
商标申请量1600件，同比增长[[33.3%]] | agrees when rounded | 33.333333 | 4
商标申请量1600件，同比增长[[33%]] | agrees when rounded | 33.333333 | 4
商标申请量1600件，同比增长[[20%]] | contradicts | 33.333333 | 4
商标申请量1600件，同比下降[[33.3%]] | contradicts | 33.333333 | 4
商标申请量1600件，同比增加[[400件]] | agrees | 400 | 4
商标申请量1600件，环比增长[[6.7%]] | agrees when rounded | 6.666667 | 4
商标申请量1600件，环比增长[[33.3%]] | contradicts | 6.666667 | 4
三季度商标申请量同比增长[[三成多]]。 | agrees | 33.333333 | 4
高新技术企业720家，同比增长[[20%]] | agrees | 20 | 4
高新技术企业720家，同比增加[[120家]] | agrees | 120 | 4
质量提升活动覆盖率达到95%，同比提高[[2.5个百分点]] | agrees | 2.5 | 4
质量提升活动覆盖率达到95%，同比提高[[4个百分点]] | contradicts | 2.5 | 4
商标申请量1600件，比上年同期增长[[33.3%]] | agrees when rounded | 33.333333 | 4
商标申请量1600件，比2019年同期增长[[33.3%]] | agrees when rounded | 33.333333 | 4
质量提升活动覆盖率达到95%，比上年提高[[2.5个百分点]] | agrees | 2.5 | 4
隐形冠军示范及培育企业79家，同比增长[[31.7%]] | cannot be tied | |
商标注册量1100件，同比增长[[10%]] | cannot be tied | |
"""

NO_VERDICT = """
阳新县高新技术企业[[100家]] | cannot be tied | |
武汉市高新技术企业[[720家]] | cannot be tied | |
同期全省高新技术企业[[8000家]] | cannot be tied | |
力争高新技术企业达到[[1000家]] | cannot be tied | |
力争高新技术企业达到[[720家]] | cannot be tied | |
2018年商标申请量[[4600件]] | cannot be tied | |
近三年高新技术企业新增[[120家]] | cannot be tied | |
下半年商标申请量[[3300件]] | cannot be tied | |
民营企业[[720家]] | cannot be tied | |
培育服务企业[[720家次]] | cannot be tied | |
印发通知[[〔2020〕33号]] | not a measure | |
建设[[“双创”]]载体 | not a measure | |
"""


def assert_status(row: list[str], as_of: date | None = AUTUMN) -> Item:
    sentence, status, value, release = row
    item = judge(sentence, as_of)
    assert (item.status, item.warehouse_value, item.release) == (
        status,
        Decimal(value) if value else None,
        int(release) if release else None,
    ), item.reason
    return item


@pytest.mark.parametrize("row", _rows(AGREES), ids=lambda row: row[0])
def test_what_is_published_agrees_its_qualifier_taken_at_its_word(row):
    assert_status(row)


@pytest.mark.parametrize("row", _rows(ROUNDED), ids=lambda row: row[0])
def test_what_was_rounded_agrees_when_rounded(row):
    assert_status(row)


@pytest.mark.parametrize("row", _rows(CONTRADICTS), ids=lambda row: row[0])
def test_what_was_never_published_contradicts_and_the_published_value_is_named(row):
    assert_status(row)


@pytest.mark.parametrize("row", _rows(SPANS), ids=lambda row: row[0])
def test_a_span_is_held_against_what_its_quarters_make_together(row):
    assert_status(row)


@pytest.mark.parametrize("row", _rows(CHANGES), ids=lambda row: row[0])
def test_a_change_is_computed_again_unless_a_qualifier_or_a_gap_forbids_it(row):
    assert_status(row)


@pytest.mark.parametrize("row", _rows(NO_VERDICT), ids=lambda row: row[0])
def test_where_nothing_can_be_held_against_a_number_nothing_is_said(row):
    item = assert_status(row)
    assert item.reason is not None
    assert item.reason.zh
    assert item.reason.en


# text's value | day it is held against | status | published value then | release named
REVISIONS = """
720 | 4 | agrees | 720 | 4
720 | 5 | explained by a later revision | 735 | 4
735 | 5 | agrees | 735 | 5
735 | 4 | explained by a later revision | 720 | 5
730 | 4 | contradicts | 720 | 4
730 | 5 | contradicts | 735 | 5
"""


@pytest.mark.parametrize(("said", "release", "status", "value", "named"), _rows(REVISIONS))
def test_a_value_of_another_release_is_explained_by_the_release_that_had_it(
    said, release, status, value, named
):
    item = assert_status(
        [f"高新技术企业[[{said}家]]", status, value, named], RELEASES[int(release)]
    )
    if status == "explained by a later revision":
        assert f"第 {named} 次发布" in item.reason.zh
        assert f"release {named}" in item.reason.en
        assert value in item.reason.zh


def test_the_newest_release_is_in_force_where_no_day_is_asked_for():
    assert judge("高新技术企业[[735家]]", None).status == "agrees"
    assert judge("高新技术企业[[735家]]", None) == judge("高新技术企业[[735家]]", WINTER)


def test_what_was_not_yet_published_on_a_day_is_not_held_against_a_text():
    item = judge("高新技术企业[[720家]]", RELEASES[3])
    assert (item.status, item.warehouse_value) == ("cannot be tied", None)
    assert judge("2020年6月底，高新技术企业[[690家]]", RELEASES[3]).status == "agrees"


@pytest.mark.parametrize(
    ("said", "series"), [(1213, "std_total_count"), (1198, "standards.standard_count")]
)
def test_what_is_reported_or_what_is_counted_is_enough_where_they_differ(said, series):
    item = judge(f"执行和参与制修订标准[[{said}项]]")
    assert (item.status, item.series_code, item.indicator_code) == (
        "agrees", series, "std_total_count",
    )  # fmt: skip


def test_a_number_between_what_is_reported_and_what_is_counted_contradicts():
    item = judge("执行和参与制修订标准[[1205项]]")
    assert item.status == "contradicts"
    assert item.warehouse_value in {1213, 1198}


def test_a_period_that_is_not_there_is_named_in_the_reason():
    item = judge("2018年一季度商标申请量[[900件]]")
    assert (item.status, item.period) == ("cannot be tied", "2018Q1")
    assert "2018Q1" in item.reason.zh
    assert "2018Q1" in item.reason.en


def test_the_period_and_the_place_of_an_agreement_are_those_it_was_found_at():
    item = judge("全市高新技术企业[[720家]]")
    assert (item.period, item.scope, item.unit) == ("2020Q3", "黄石市", "家")
    item = judge("2019年底大冶市高新技术企业[[210家]]")
    assert (item.status, item.period, item.scope) == ("cannot be tied", "2019", "大冶市")
