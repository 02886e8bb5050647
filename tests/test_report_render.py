"""Rendering a report: how figures are written, which are refused, and that each is bound."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import duckdb
import pytest
from docx.oxml.ns import qn
from example_figures import REPORT_DAY, judge_example
from published_rows import open_rows

from warehouse.contracts.load import DEFAULT_EXPECTATIONS, Expectations, load_expectations
from warehouse.periods import Period
from warehouse.report.figures import Figures
from warehouse.report.render import Rendered, TargetUnusable, TemplateWrong, render_report
from warehouse.report.render.amounts import Style, write_amount
from warehouse.report.render.hanzi import write_hanzi

CASES = Path(__file__).parent / "cases" / "figures_2020q3.csv"
CLAIMS = Path(__file__).parents[2] / "shared" / "reference" / "claims.csv"
SHIPPED = DEFAULT_EXPECTATIONS / "reports" / "quality_and_brand.md"
CITY = ("420200", "黄石市")

# ---- a published file of a few rows

# code | indicator | unit | basis | qualifier | period | value | included/expected | status |
# known from | to
ROWS = """
std_total_count | std_total_count | 项 | reported | - | 2020Q3 | 1213 | 1/1 | provisional | 2 | -
std_total_count | std_total_count | 项 | reported | - | 2020Q2 | 1150 | 1/1 | final | 1 | -
std_total_count | std_total_count | 项 | reported | - | 2019Q3 | 1020 | 1/1 | final | 1 | -
standards.standard_count | std_total_count | 项 | counted | - | 2020Q3 | 1212 | 6/6 | provisional | 2 | -
standards.standard_count | std_total_count | 项 | counted | - | 2020Q2 | 1100 | 5/6 | provisional | 1 | -
standards.standard_count | std_total_count | 项 | counted | - | 2019Q3 | 1212 | 6/6 | final | 1 | -
std_national_count | std_national_count | 项 | reported | - | 2020Q3 | 388 | 1/1 | final | 2 | -
ip_special_fund_amount | ip_special_fund_amount | 元 | reported | 余 | 2020Q3 | 5000000 | 1/1 | final | 1 | -
ip_special_fund_amount | ip_special_fund_amount | 元 | reported | - | 2019Q3 | 4000000 | 1/1 | final | 1 | -
loan_or_credit_approved_amount | loan_or_credit_approved_amount | 元 | reported | - | 2020Q3 | 12345678 | 1/1 | final | 1 | -
fee_reduction_amount | fee_reduction_amount | 元 | reported | - | 2020Q3 | 99 | 1/1 | provisional | 1 | 2
qip_project_count | qip_project_count | 项 | reported | - | 2020Q3 | 37 | 5/6 | provisional | 2 | -
qip_coverage_rate | qip_coverage_rate | % | reported | - | 2020Q3 | 95 | 1/1 | final | 1 | -
qip_coverage_rate | qip_coverage_rate | % | reported | - | 2019Q3 | 91.5 | 1/1 | final | 1 | -
hubei_top100_rank | hubei_top100_rank | 位 | reported | - | 2020Q3 | 2 | 1/1 | final | 1 | -
hubei_mfg_top100_count | hubei_mfg_top100_count | 家 | reported | - | 2020Q3 | 17 | 1/1 | final | 1 | -
qip_municipal_project_count | qip_municipal_project_count | 项 | reported | - | 2020Q3 | 2 | 1/1 | final | 1 | -
single_champion_product_count | single_champion_product_count | 个 | reported | - | 2020Q3 | 1 | 1/1 | final | 1 | -
china_time_honored_brand_count | china_time_honored_brand_count | 个 | reported | - | 2020Q3 | 1 | 1/1 | final | 1 | -
china_time_honored_brand_count | china_time_honored_brand_count | 个 | reported | - | 2019Q4 | 2 | 1/1 | final | 1 | -
ip_service_visit_count | ip_service_visit_count | 家次 | reported | - | 2020Q3 | 146 | 1/1 | final | 1 | -
workers_dispatched_count | workers_dispatched_count | 人 | reported | - | 2020Q3 | / | 1/1 | final | 1 | -
funding.amount_yuan[x] | mayor_quality_award_prize_amount | 元 | counted | - | 2020Q3 | 5400000 | 1/1 | final | 1 | -
high_tech_enterprise_net_new_count | high_tech_enterprise_net_new_count | 家 | reported | - | 2020Q3 | -5 | 1/1 | final | 1 | -
high_tech_enterprise_net_new_count | high_tech_enterprise_net_new_count | 家 | reported | - | 2019Q3 | -9 | 1/1 | final | 1 | -
innovative_sme_count | innovative_sme_count | 家 | reported | - | 2020Q3 | 20 | 1/1 | final | 1 | -
innovative_sme_count | innovative_sme_count | 家 | reported | - | 2020Q1 | 15 | 1/1 | broken | 1 | -
innovative_sme_count | innovative_sme_count | 家 | reported | - | 2019Q3 | 10 | 1/1 | final | 1 | -
prov_srdi_count | prov_srdi_count | 家 | reported | - | 2020Q3 | 30 | 1/1 | final | 3 | -
"""  # noqa: E501


def read_row(line: str) -> dict[str, Any]:
    code, indicator, unit, basis, qualifier, period, value, forms, status, first, last = (
        word.strip() for word in line.split("|")
    )
    included, expected = forms.split("/")
    is_flow = "amount" in code
    return {
        "series_code": code,
        "indicator_code": indicator,
        "indicator_name": code,
        "unit": unit,
        "basis": basis,
        "qualifier": None if qualifier == "-" else qualifier,
        "measure_kind": "flow" if is_flow else "stock",
        "is_additive": False,
        "adds_over_periods": False,
        "accumulated_since": "period" if is_flow else None,
        "period": period,
        "period_type": "quarter",
        "reporting_unit_code": CITY[0],
        "reporting_unit": CITY[1],
        "value": None if value == "/" else Decimal(value),
        "value_state": "not_applicable" if value == "/" else "value",
        "expected_submissions": int(expected),
        "included_submissions": int(included),
        "status": "final" if status == "broken" else status,
        "break_reason": "口径变了 / redefined" if status == "broken" else None,
        "known_from_release": int(first),
        "known_to_release": None if last == "-" else int(last),
    }


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    rows = [read_row(line) for line in ROWS.strip().splitlines()]
    return open_rows(rows, {at: date(2020, 10, day) for at, day in ((1, 1), (2, 22), (3, 30))})


@pytest.fixture(scope="module")
def expectations() -> Expectations:
    return load_expectations()


@pytest.fixture(scope="module")
def figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    return Figures(connection, date(2020, 10, 27))


Render = Callable[..., Rendered]


@pytest.fixture
def render(figures: Figures, expectations: Expectations, tmp_path: Path) -> Render:
    def rendered(source: str, ending: str = ".md") -> Rendered:
        template = tmp_path / "template.md"
        template.write_text(source, encoding="utf-8")
        target = tmp_path / f"out{ending}"
        return render_report(template, figures, expectations, Period.parse("2020Q3"), target)

    return rendered


def printed(rendered: Rendered) -> str:
    """The body of a Markdown report, without the signs of footnotes."""
    body = rendered.files[0].read_text(encoding="utf-8").split("\n[^1]: ")[0]
    return re.sub(r"\[\^\d+\]", "", body).strip()


# ---- how a figure is written


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "style", "text"),
    [
        ("1213", "项", None, Style(), "1213项"),
        ("146.000000", "家次", None, Style(), "146家次"),
        ("5000000", "元", "余", Style(), "500余万元"),
        ("500", "家", "近", Style(), "近500家"),
        ("500", "家", "超过", Style(), "超过500家"),
        ("70", "家", "余", Style(), "70余家"),
        ("8118", "人", "约", Style(), "约8118人"),
        ("7", "%", "左右", Style(), "7%左右"),
        ("38.25", "%", None, Style(), "38.25%"),
        ("2.37", "件", None, Style(), "2.37件"),
        ("20184000000", "元", None, Style(), "201.84亿元"),
        ("9960000000", "元", None, Style(), "99.6亿元"),
        ("24000000000", "元", "近", Style(), "近240亿元"),
        ("300000", "元", None, Style(), "30万元"),
        ("2100000", "元", None, Style(), "210万元"),
        ("12345678", "元", None, Style(), "1234.57万元"),
        ("12345678", "元", "余", Style(), "1234.56万余元"),
        ("12345611", "元", "近", Style(), "近1234.57万元"),
        ("99999999", "元", None, Style(), "1亿元"),
        ("99990000", "元", None, Style(), "9999万元"),
        ("9999", "元", None, Style(), "9999元"),
        ("10000", "元", None, Style(), "1万元"),
        ("0", "元", None, Style(), "0元"),
        ("0.5", "元", None, Style(), "0.5元"),
        ("300000000", "元", "余", Style(), "3亿余元"),
        ("3000000000", "元", "余", Style(), "30余亿元"),
        ("-5", "家", None, Style(), "-5家"),
        ("-23000000", "元", None, Style(), "-2300万元"),
        ("300000", "元", None, Style(unit="亿元", divisor=Decimal(10**8)), "0.003亿元"),
        ("20184000000", "元", None, Style(unit="万元", divisor=Decimal(10**4)), "2018400万元"),
        ("20184000000", "元", None, Style(is_bare=True), "20184000000"),
        ("1213", "项", None, Style(has_thousands=True), "1,213项"),
        ("500", "家", "近", Style(is_bare=True), "近500"),
        ("2", "位", None, Style(is_rank=True), "第2位"),
        ("3", "位", None, Style(is_rank=True, is_hanzi=True), "第三"),
        ("2", "项", None, Style(is_hanzi=True), "两项"),
        ("17", "家", None, Style(is_hanzi=True), "十七家"),
        ("70", "家", "余", Style(is_hanzi=True), "七十余家"),
        ("5000000", "元", "余", Style(is_hanzi=True), "五百余万元"),
        ("95", "%", None, Style(is_hanzi=True), "百分之九十五"),
        ("7", "%", "左右", Style(is_hanzi=True), "百分之七左右"),
        ("12", "件", None, Style(unit="个"), "12个"),
    ],
)
def test_a_figure_is_written_as_officials_write_it(
    value: str, unit: str, qualifier: str | None, style: Style, text: str
) -> None:
    assert write_amount(Decimal(value), unit, qualifier, style).text == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "零"), ("2", "二"), ("10", "十"), ("12", "十二"), ("20", "二十"), ("101", "一百零一"),
        ("110", "一百一十"), ("1005", "一千零五"), ("1213", "一千二百一十三"), ("10000", "一万"),
        ("100500", "十万零五百"), ("20184", "二万零一百八十四"), ("100000000", "一亿"),
        ("100000001", "一亿零一"), ("1.5", "一点五"), ("-3", "负三"), ("2002000", "二百万二千"),
    ],
)  # fmt: skip
def test_a_number_is_written_in_characters(value: str, text: str) -> None:
    assert write_hanzi(Decimal(value)) == text


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('figure("std_total_count")', "1213项"),
        ('figure("std_total_count", basis="counted")', "1212项"),
        ('figure("standards.standard_count")', "1212项"),
        ('figure("std_total_count", period="2020Q2")', "1150项"),
        ('figure("std_total_count", period=period.previous)', "1150项"),
        ('figure("std_total_count", unit="全市")', "1213项"),
        ('figure("std_total_count") | unit("个")', "1213个"),
        ('figure("std_total_count") | number', "1213"),
        ('figure("std_total_count") | thousands', "1,213项"),
        ('figure("std_total_count") ~ ""', "1213项"),
        ('figure("std_total_count") | growth', "同比增长18.9%"),
        ('figure("standards.standard_count") | growth', "与上年同期持平"),
        ('figure("qip_coverage_rate") | growth', "同比提高3.5个百分点"),
        ('figure("std_total_count") | difference', "比上年同期增加193项"),
        ('figure("std_total_count") | difference(of=figure("std_national_count"))', "825项"),
        ('figure("std_national_count") | share(of=figure("std_total_count"))', "占比32.0%"),
        ('figure("ip_special_fund_amount")', "500余万元"),
        ('figure("ip_special_fund_amount", period="2019Q3") | money("元")', "4000000元"),
        ('figure("loan_or_credit_approved_amount") | money("亿元")', "0.12亿元"),
        ('figure("hubei_top100_rank")', "第2位"),
        ('figure("hubei_top100_rank") | rank', "第2位"),
        ('figure("hubei_top100_rank") | rank_hanzi', "第二"),
        ('figure("hubei_mfg_top100_count") | hanzi', "十七家"),
        ('figure("qip_municipal_project_count") | hanzi', "两项"),
        ('figure("single_champion_product_count") | breakthrough', "零的突破"),
        ('figure("qip_project_count") | incomplete', "37项（应报6份，已计入5份）"),
        ('figure("std_total_count") | incomplete', "1213项"),
        ('figure("high_tech_enterprise_net_new_count")', "-5家"),
    ],
)
def test_a_template_prints_a_figure_in_the_form_it_asks_for(
    render: Render, call: str, text: str
) -> None:
    rendered = render("前{{ " + call + " }}后")
    assert printed(rendered) == f"前{text}后"
    assert [bound.text for bound in rendered.bound] == [text]
    assert rendered.refused == []


@pytest.mark.parametrize(
    ("call", "mark", "reason"),
    [
        ('figure("fee_reduction_amount")', "〔未发布：减免各项费用额〕", "第 2 次发布起撤下"),
        ('figure("prov_srdi_count")', "〔未发布：", "第 3 次发布才有"),
        ('figure("std_national_count", period="2019Q3")', "〔未发布：", "最近一期有数的是 2020Q3"),
        ('figure("brand_value_amount")', "〔未发布：劲牌公司品牌价值〕", "没有报送，或有疑问"),
        ('figure("std_total_count", unit="大冶市")', "〔未发布：", "大冶市2020年三季度"),
        ('figure("workers_dispatched_count")', "〔未发布：输送职工人数〕", "不适用"),
        ('figure("mayor_quality_award_prize_amount")', "〔未发布：", 'basis="counted"'),
        ('figure("qip_project_count")', "〔未报齐：质量提升项目数〕", "应报6份，已计入5份"),
        ('figure("std_national_count") | growth', "〔无法比较：", "没有上年同期（2019Q3）的数"),
        ('figure("innovative_sme_count") | growth', "〔无法比较：", "起与以前不可比：口径变了"),
        ('figure("high_tech_enterprise_net_new_count") | growth', "〔无法比较：", "不大于零"),
        ('figure("ip_special_fund_amount") | growth', "〔无法计算：", "不是精确数"),
        ('figure("fee_reduction_amount") | growth', "〔未发布：", "撤下"),
        (
            'figure("std_total_count") | share(of=figure("std_national_count"))',
            "〔无法计算：", "不是std_national_count的一部分",
        ),
        (
            'figure("std_total_count") | share(of=figure("qip_project_count"))',
            "〔无法计算：", "质量提升项目数：2020Q3 还没有报齐",
        ),
        ('figure("china_time_honored_brand_count") | breakthrough', "〔不是零的突破：", "已经有了"),
        ('figure("std_total_count") | breakthrough', "〔不是零的突破：", "已经有了"),
        ('figure("hubei_mfg_top100_count") | breakthrough', "〔不是零的突破：", "不是 1"),
        ('chart("brand_value_amount")', "〔未发布：劲牌公司品牌价值〕", "没有可以画的数"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", [".md", ".html", ".docx"])
def test_what_may_not_be_printed_leaves_a_mark_without_a_number_and_says_why(
    render: Render, call: str, mark: str, reason: str, ending: str
) -> None:
    rendered = render("{{ " + call + " }}", ending)
    assert rendered.bound == []
    [refused] = rendered.refused
    assert refused.text.startswith(mark)
    assert reason in refused.reason.zh
    assert refused.reason.en
    if ending != ".docx":
        assert refused.text in rendered.files[0].read_text(encoding="utf-8")
    else:
        assert refused.text in "".join(
            item.text for item in docx.Document(rendered.files[0]).paragraphs
        )


def test_a_template_asks_before_it_prints(render: Render) -> None:
    rendered = render(
        '{% if figure("fee_reduction_amount") is published %}甲{% else %}乙{% endif %}'
        '{% if figure("std_total_count") is comparable %}丙{% endif %}'
        '{% if figure("china_time_honored_brand_count") is breakthrough %}丁{% endif %}'
    )
    assert printed(rendered) == "乙丙"
    assert (rendered.bound, rendered.refused) == ([], [])


# ---- what is wrong with a template


@pytest.mark.parametrize(
    ("source", "line", "complaint"),
    [
        ('一\n\n{{ figure("std_total_cont") }}', 3, "相近的有：std_total_count"),
        ('一\n{{ figure("完全没有的指标") }}', 2, "没有指标或序列"),
        ("{{ figure(5) }}", 1, "没有指标或序列"),
        ('{{ figure("std_total_count", period="三季度") }}', 1, "不是报告期"),
        ('{{ figure("std_total_count", unit="大治市") }}', 1, "相近的有：大冶市"),
        ('{{ figure("std_total_count", basis="guessed") }}', 1, "没有口径"),
        ("一\n二\n{{ figur(1) }}", 3, "'figur' is undefined"),
        ("{% if %}", 1, "模板写法不对"),
        ("{{ period.next }}", 1, "no attribute 'next'"),
        ('{{ figure("std_total_count").figure.value }}', 1, "unsafe"),
        ('\n{{ figure("std_total_count") | int }}', 2, "No filter named 'int'"),
        ('{{ figure("std_total_count") + 1 }}', 1, "不能这样计算"),
        ('{% include "/etc/passwd" %}', 1, "不能引用别的文件"),
        ('{{ "".__class__.__mro__ }}', 1, "unsafe"),
        ('{{ "1213" | growth }}', 1, "只能用于 figure"),
        ('{{ figure("std_total_count") | growth | hanzi }}', 1, "已经算出来"),
        ('{{ figure("std_total_count") | money("万元") }}', 1, "不是金额"),
        ('{{ figure("ip_service_visit_count") | unit("家") }}', 1, "不能写成家"),
        ('{{ figure("std_total_count") | rank }}', 1, "不是位次"),
        ('{{ figure("hubei_top100_rank") | growth }}', 1, "是位次"),
        ('{{ figure("std_total_count") | share }}', 1, "share(of=figure(…))"),
        (
            '{{ figure("std_total_count") | share(of=figure("qip_coverage_rate")) }}',
            1, "同单位、同报告期",
        ),
        ('{{ chart() }}', 1, "1 到 6 个指标"),
        ('{{ chart("std_total_count", "qip_coverage_rate") }}', 1, "只能有一种单位"),
        ('{{ 1 / 0 }}', 1, "division by zero"),
        ('文中{{ chart("std_total_count") }}的图', None, "单独占一段"),
        ('[看]({{ figure("std_total_count") }})', None, "放错了地方"),
        ("![图](https://example.org/a.png)", None, "不能引用图片"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_told_in_one_sentence_with_its_line(
    render: Render, source: str, line: int | None, complaint: str
) -> None:
    with pytest.raises(TemplateWrong) as refused:
        render(source)
    sentence = refused.value.of("zh")
    assert complaint in sentence or complaint in refused.value.of("en")
    assert "\n" not in sentence
    assert "template.md" in sentence
    if line:
        assert f"第 {line} 行" in sentence
        assert f"line {line}" in refused.value.of("en")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "是空的"), (b"\xff\xfe\x00", "UTF-8"), ("一\n\ue000".encode(), "第 2 行有私用区字符")],
)
def test_a_template_that_cannot_be_read_is_told(
    figures: Figures, expectations: Expectations, tmp_path: Path, content: bytes, complaint: str
) -> None:
    template = tmp_path / "bad.md"
    template.write_bytes(content)
    period = Period.parse("2020Q3")
    with pytest.raises(TemplateWrong, match=complaint):
        render_report(template, figures, expectations, period, tmp_path / "out.md")
    with pytest.raises(TemplateWrong, match="读不出来"):
        render_report(tmp_path / "none.md", figures, expectations, period, tmp_path / "out.md")


def test_a_target_that_cannot_be_written_is_told(
    figures: Figures, expectations: Expectations, tmp_path: Path
) -> None:
    template = tmp_path / "template.md"
    template.write_text("一", encoding="utf-8")
    (tmp_path / "file").write_text("")
    for target, complaint in (
        ("out.pdf", "结尾"),
        ("template.md", "模板本身"),
        ("file/out.md", "写不进去"),
    ):
        with pytest.raises(TargetUnusable, match=complaint):
            render_report(
                template, figures, expectations, Period.parse("2020Q3"), tmp_path / target
            )


# ---- what is written


def test_every_printed_figure_is_bound_and_has_its_footnote(render: Render) -> None:
    rendered = render(
        '# {{ period.year_zh }}\n\n标准{{ figure("std_total_count") }}，'
        '资金{{ figure("loan_or_credit_approved_amount") }}，'
        '费用{{ figure("fee_reduction_amount") }}，'
        '{{ figure("std_total_count", period="2020Q2") }}'
    )
    assert [(bound.order, bound.text, bound.value) for bound in rendered.bound] == [
        (1, "1213项", Decimal(1213)),
        (2, "1234.57万元", Decimal(12345678)),
        (4, "1150项", Decimal(1150)),
    ]
    assert {bound.release for bound in rendered.bound} == {2}
    notes = rendered.files[0].read_text(encoding="utf-8").split("\n[^")[1:]
    assert len(notes) == 4
    for words in (
        "执行和参与制修订标准项数", "2020年三季度", "黄石市", "上报", "初步数",
        "第 2 次发布，2020-10-22",
        "应报1份，已计入1份", "`biaogan evidence std_total_count 2020Q3 --release 2`",
    ):  # fmt: skip
        assert words in notes[0]
    assert "公布值 12345678 元" in notes[1]
    assert "撤下" in notes[2]
    assert "第 1 次发布起" in notes[3]


def test_a_command_in_a_footnote_can_be_typed_as_it_stands(render: Render) -> None:
    rendered = render('{{ figure("funding.amount_yuan[x]") }}')
    text = rendered.files[0].read_text(encoding="utf-8")
    assert "biaogan evidence 'funding.amount_yuan[x]' 2020Q3 --release 2" in text


def test_numbers_typed_into_a_template_are_listed(render: Render) -> None:
    rendered = render(
        "1. {{ period.title_zh }}，{{ release.day_zh }}\n2. 全市有12家，"
        '{{ figure("std_total_count") }}\n\n{{ 34 }}个'
    )
    assert [(loose.line, loose.text) for loose in rendered.loose] == [
        (2, "全市有12家，"),
        (4, "34个"),
    ]


def test_a_page_stands_alone_and_escapes_what_it_is_given(render: Render) -> None:
    rendered = render(
        '# 甲 & 乙 <script>alert(1)</script>\n\n{{ figure("std_total_count") }}\n\n'
        '[x](javascript:alert(1))\n\n{{ chart("std_total_count", title="<b>图</b>") }}\n',
        ".html",
    )
    page = rendered.files[0].read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import", page) == []
    assert '<sup class="footnote-ref"><a href="#note-1" id="ref-1"' in page
    assert '<section class="footnotes"' in page
    assert '<data value="1213" data-series="std_total_count"' in page
    assert page.count("<svg ") == 1


def test_a_picture_shows_known_and_complete_figures_only(render: Render) -> None:
    rendered = render('{{ chart("std_total_count") }}')
    [drawn] = rendered.drawn
    assert [(item.basis, item.period) for item in drawn.points] == [
        ("reported", "2019Q3"), ("reported", "2020Q2"), ("reported", "2020Q3"),
        ("counted", "2019Q3"), ("counted", "2020Q3"),
    ]  # fmt: skip
    assert "2020Q2 未报齐，不画" in rendered.files[0].read_text(encoding="utf-8")
    svg = rendered.files[1].read_text(encoding="utf-8")
    assert rendered.files[1].name == "out-1.svg"
    assert svg.startswith("<svg")
    assert "Noto Sans CJK SC" in svg
    assert "执行和参与制修订标准项数（上报）" in svg


def read_word_notes(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as packed:
        root = docx.oxml.parse_xml(packed.read("word/footnotes.xml"))
    return {
        note.get(qn("w:id")): "".join(text.text or "" for text in note.iter(qn("w:t")))
        for note in root
    }


def test_a_word_file_has_words_own_footnotes_styles_and_vector_pictures(render: Render) -> None:
    rendered = render(
        '# 题\n\n## 节\n\n标准**{{ figure("std_total_count") }}**，'
        '费用{{ figure("fee_reduction_amount") }}\n'
        '换行\n\n1. 一\n2. 二{{ figure("std_national_count") }}\n   - 三\n\n中\n\n'
        "1. 又一\n\n> 引\n\n"
        '| 甲 | 乙 |\n|---|---|\n| a | {{ figure("std_national_count") }} |\n\n'
        '{{ chart("std_total_count") }}\n\n[站](https://example.org) `码`\n',
        ".docx",
    )
    document = docx.Document(rendered.files[0])
    written = [(item.style.name, item.text) for item in document.paragraphs if item.text]
    assert written[:3] == [
        ("Heading 1", "题"),
        ("Heading 2", "节"),
        ("Normal", "标准1213项，费用〔未发布：减免各项费用额〕换行"),
    ]
    assert ("List Number", "二388项") in written
    assert ("Quote", "引") in written
    assert document.tables[0].cell(1, 1).text == "388项"
    body = document.element.body
    references = [item.get(qn("w:id")) for item in body.iter(qn("w:footnoteReference"))]
    assert references == ["1", "2", "3", "4", "5"]
    notes = read_word_notes(rendered.files[0])
    assert list(notes) == ["-1", "0", "1", "2", "3", "4", "5"]
    assert "执行和参与制修订标准项数：2020年三季度" in notes["1"]
    numbers = [item.get(qn("w:val")) for item in body.iter(qn("w:numId"))]
    assert len(set(numbers)) == 2
    with zipfile.ZipFile(rendered.files[0]) as packed:
        names = packed.namelist()
        assert any(name.endswith(".svg") for name in names)
        assert any(name.endswith(".png") for name in names)
        assert b"svgBlip" in packed.read("word/document.xml")
        assert b"footnotes+xml" in packed.read("[Content_Types].xml")


@pytest.mark.slow
def test_a_word_file_opens_elsewhere_with_its_footnotes(render: Render, tmp_path: Path) -> None:
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    rendered = render(
        '# 题\n\n标准{{ figure("std_total_count") }}\n\n{{ chart("std_total_count") }}', ".docx"
    )
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(rendered.files[0])],
        check=True, capture_output=True, timeout=500, env=os.environ | {"HOME": str(tmp_path)},
    )  # fmt: skip
    pdf = tmp_path / "out.pdf"
    text = subprocess.run(
        ["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "biaogan evidence std_total_count" in text.replace("\n", " ")


# ---- the shipped template


def read_codes() -> list[str]:
    with CASES.open(encoding="utf-8") as stream:
        return [row["indicator_code"] for row in csv.DictReader(stream)]


def test_the_shipped_template_asks_for_every_indicator_and_types_no_number() -> None:
    source = SHIPPED.read_text(encoding="utf-8")
    asked = re.findall(r'figure\("(\w+)"', source)
    assert set(asked) == set(read_codes())
    typed = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", source, flags=re.DOTALL)
    assert re.findall(r"[0-9０-９]", typed) == []


def list_raw_claims() -> dict[str, str]:
    """As the reference report prints each figure, without the words around it."""
    with CLAIMS.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["kind"] in {"measure", "rank"}]
    found = {}
    for row in rows:
        raw = re.search(
            r"(?:近|超过|第)?(?:\d|[一二两三])[\d.]*余?(?:万|亿)?[^\s\d产]*", row["value_raw"]
        )
        assert raw, row["value_raw"]
        found[row["indicator_code"]] = raw.group()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".md", ".html", ".docx"])
def test_the_shipped_report_of_the_example_says_what_the_reference_says(
    expectations: Expectations, tmp_path: Path, ending: str
) -> None:
    figures = judge_example(REPORT_DAY).figures
    rendered = render_report(
        SHIPPED, figures, expectations, Period.parse("2020Q3"), tmp_path / f"out{ending}"
    )
    assert [item.code for item in rendered.refused] == ["fee_reduction_amount"]
    assert rendered.loose == []
    bound = {item.indicator_code: item for item in rendered.bound if item.kind == "figure"}
    with CASES.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["indicator_code"] != "fee_reduction_amount":
                assert bound[row["indicator_code"]].value == Decimal(row["reported"])
    assert len(bound) == len(read_codes()) - 1
    check_claims(rendered.bound)


def check_claims(bound: Sequence[Any]) -> None:
    if not CLAIMS.exists():
        return
    texts = {item.indicator_code: item.text for item in bound if item.kind == "figure"}
    claims = list_raw_claims()
    del claims["fee_reduction_amount"]
    different = {
        code: (texts[code], raw)
        for code, raw in claims.items()
        if texts[code].replace("第2位", "第2") != raw
    }
    assert different == {}
