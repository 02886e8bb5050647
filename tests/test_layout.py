"""How a sheet is read into a form: headings, totals, footers, notes, nil reports, money units."""

from __future__ import annotations

import random
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.gate.sheets import EXPECTATIONS, read_as, say, write_document, write_sheet
from tests.form_maker import FORMATS, draw_look, make_form
from warehouse.read.document import read_document
from warehouse.read.form import EXPLANATION, UNREAD_SHEETS, Identity
from warehouse.read.headings import find_heading
from warehouse.read.layout import read_form
from warehouse.read.nil import answer_nil
from warehouse.read.refuse import Limits

CONTRACTS = EXPECTATIONS.contracts
TRADEMARKS = "序号|县(市、区)|申请量|申请量同比|注册量|注册量同比|有效注册量"
SERVICES = "企业名称|统一社会信用代码|所属县(市、区)|服务类型|服务日期"
SERVICE = "示例甲|91420222PDY0000798|阳新县|质量奖培育|2020-08-01"
FUNDING = "资金项目|资金级别|资金类型|受益单位|所属县(市、区)|金额|批准日期"
FUND = "专项资金|市|奖励|示例甲|阳新县|10|2020-08-01"
PROJECTS = "项目名称|项目级别|组织单位|启动日期|进展"
HONOURS = "名录名称|年度批次|企业名称|所属县(市、区)|企业性质|级别|认定日期"


def tied(
    dataset: str, text: str, **facts
) -> tuple[dict[str, str], list[str], list[str], int] | None:
    """The heading found: letter by column, unknown ones, repeated ones, its last row."""
    heading = find_heading(write_sheet(text, **facts), CONTRACTS[dataset])
    if heading is None:
        return None
    letters = {name: chr(65 + place) for place, name in heading.columns.items()}
    return (
        letters,
        list(heading.unknown.values()),
        list(heading.repeated.values()),
        heading.last_row,
    )


# --- headings ------------------------------------------------------------------------------------

ALL_TRADEMARKS = dict(
    zip(
        ["seq", "reporting_unit", "application_count", "application_yoy_pct", "registration_count",
         "registration_yoy_pct", "valid_count"], "ABCDEFG", strict=True,
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "last_row"),
    [
        (TRADEMARKS, 1),
        (f"商标申请注册情况表\n单位:件\n{TRADEMARKS}", 3),
        ("序 号|县（市、区）|申请量 (件)|申请量同比(%)|注册量（件）|注册量同比*|有效注册量", 1),
        ("序号|县市区|商标申请量|申请量同比增长|商标注册量|注册量同比增长|有效注册商标量", 1),
        ("序号|地区|申请量（单位：件）|申请量同比(必填)|注册量|注册量同比|有效注册量", 1),
        # one half over the other, in any mixture with headings in one row
        ("序号|县(市、区)|申请量|申请量|注册量|注册量|有效\n.|.|.|同比|完成值|同比|注册量", 2),
        # the city's own form, and what is left of it in CSV, where nothing is merged
        (
            "序号|县(市、区)|申请量|.|注册量|.|有效注册量\n.|.|完成值|同比增长|完成值|同比增长|完成值",
            2,
        ),
        ("序号|县(市、区)|申请量|.|注册量|.|有效注册量\n.|.|完成值|同比|完成值|同比|.", 2),
        # lines and groups above a heading that says all by itself
        (f"基本情况|.|填报内容\n{TRADEMARKS}", 2),
        (f"填报单位：市市场监管局|.|.|报告期：2020Q3|.|.|单位：件\n{TRADEMARKS}", 2),
        (f"甲|乙|丙|丁|戊|己|庚\n{TRADEMARKS}", 2),
        (f"1|阳新县|3|4.5|5|6.5|7\n{TRADEMARKS}\n1|阳新县|3|4.5|5|6.5|7", 2),
        (f"{TRADEMARKS}\n1|阳新县|3|4.5|5|6.5|7\n2|大冶市|3|4.5|5|6.5|7", 1),
    ],
)
def test_a_heading_is_known_in_one_row_or_two(text, last_row):
    assert tied("trademarks", text) == (ALL_TRADEMARKS, [], [], last_row)


def test_merged_headings_reach_over_columns_and_rows():
    text = "序号|县(市、区)|申请量|.|注册量|.|有效注册量\n.|.|完成值|同比|完成值|同比"
    merged = ((1, 2, 1, 3), (1, 4, 1, 5), *((1, place, 2, place) for place in (0, 1, 6)))
    assert tied("trademarks", text, merged=merged) == (ALL_TRADEMARKS, [], [], 2)
    tall = tuple((1, place, 2, place) for place in range(7))
    assert tied("trademarks", f"{TRADEMARKS}\n.", merged=tall) == (ALL_TRADEMARKS, [], [], 2)
    # a heading spread over an empty neighbour is no second one
    wide = ((1, 6, 1, 7),)
    assert tied("trademarks", f"{TRADEMARKS}|.", merged=wide) == (ALL_TRADEMARKS, [], [], 1)


def test_column_marks_under_a_tall_heading_are_no_data():
    tall = tuple((1, place, 2, place) for place in range(5))
    sheet = write_sheet(f"{SERVICES}\n\n甲|乙|丙|1|2\n{SERVICE}", "表", merged=tall)
    assert read_as("services", sheet).rows["source_row"].to_list() == [4]


@pytest.mark.parametrize(
    ("dataset", "text", "unknown", "repeated"),
    [
        ("services", f"{SERVICES}|神秘栏目", ["神秘栏目"], []),
        ("services", f"{SERVICES}|服务类型", [], ["服务类型"]),
        ("services", f"{SERVICES}|服务类别|备注|说明", [], ["服务类别", "说明"]),
        ("services", f"序号|{SERVICES}|编号|备注", [], []),
        # a note that says another thing is no hint
        ("funding", FUNDING.replace("金额", "金额(其中:政府资金)"), ["金额(其中:政府资金)"], []),
        ("funding", FUNDING.replace("金额", "金额(百万元)"), ["金额(百万元)"], []),
        ("funding", FUNDING.replace("金额", "金额(累计)"), ["金额(累计)"], []),
        ("funding", FUNDING.replace("批准日期", "批准日期(年月日)"), [], []),
        ("funding", FUNDING.replace("受益单位", "受益单位（全称）"), [], []),
    ],
)  # fmt: skip
def test_a_heading_that_is_not_known_is_never_taken_for_one_that_is(
    dataset, text, unknown, repeated
):
    assert tied(dataset, text)[1:3] == (unknown, repeated)


def test_a_sheet_with_few_of_the_headings_has_no_heading():
    assert tied("services", "企业名称|地址|电话\n甲|乙|丙") is None


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("金额", "万元"),
        ("金额(元)", "元"),
        ("金额（千元）", "千元"),
        ("金额（单位：亿元）", "亿元"),
        ("金 额\u3000(万元)", "万元"),
    ],
)
def test_a_heading_names_its_unit_of_money(heading, unit):
    form = read_as("funding", f"{FUNDING.replace('金额', heading)}\n{FUND}")
    assert form.money_units == {"amount": unit}
    assert form.findings == ()


def test_a_unit_below_a_heading_is_its_unit():
    upper, lower = FUNDING, ".|.|.|.|.|元|."
    form = read_as("funding", f"{upper}\n{lower}\n{FUND}")
    assert (form.money_units, form.rows.height, form.findings) == ({"amount": "元"}, 1, ())


def test_a_misspelt_heading_is_one_fault_and_a_missing_column_another():
    form = read_as(
        "services", f"{SERVICES.replace('统一社会信用代码', '统一社会信用码')}\n{SERVICE}"
    )
    [found] = form.findings
    assert say([found]) == ["unknown_heading B1"]
    assert (found.expected, found.column_name) == ("统一社会信用代码", "uscc")
    form = read_as("services", "序号|企业名称|所属县(市、区)|服务类型|服务日期|神秘栏目\n1|示例甲")
    assert say(form.findings) == ["unknown_heading F1", "missing_column B1"]


# --- rows ----------------------------------------------------------------------------------------


def test_totals_subtotals_footers_and_notes_are_told_from_data():
    form = read_as(
        "trademarks",
        f"""{TRADEMARKS}
        .|全市|9|.|8|.|7
        1|阳新县|3|.|4|.|5
        .|小计|3|.|4|.|5
        2|大冶市|6|.|4|.|2

        全市合计|.|9|.|8|.|7
        合  计：|.|9|.|8|.|7
        单位负责人：张某|.|填 表 人：李某|.|联系电话：123
        （此表一式两份）
        注 ：本表为快报数
        3|黄石港区|1|.|1|.|1""",
    )
    assert form.rows["source_row"].to_list() == [3, 5, 12]
    assert form.totals["source_row"].to_list() == [2, 7, 8]
    assert form.totals["seq"].to_list() == [None, None, None]
    assert form.findings == ()


@pytest.mark.parametrize("left", [0, 1, 4])
def test_a_total_is_known_however_far_the_table_stands_to_the_right(left):
    lines = f"{FUNDING}\n{FUND}\n合计|.|.|.|.|10|.".splitlines()
    form = read_as("funding", "\n".join(".|" * left + line for line in lines))
    assert (form.rows.height, form.totals.height) == (1, 1)
    assert form.columns_at["表1"]["amount"] == left + 5


def test_a_city_row_is_data_where_rows_may_be_of_the_whole_city():
    heading = "指标代码|指标名称|县(市、区)|计量单位|本期数"
    form = read_as("indicators", f"{heading}\nstd_total_count|标准|全市|项|5\n合计|.|.|.|5")
    assert (form.rows.height, form.totals.height) == (1, 1)


@pytest.mark.parametrize(
    ("row", "is_dropped"),
    [
        ("甲|乙|1|2|3|4|5", True),
        ("甲|乙|丙|丁|戊|己|庚", True),
        ("1|2|3|4|5|6|7", True),
        ("（1）|（2）|（3）|（4）|（5）|（6）|（7）", True),
        (".|甲|1|2|3|4|5", True),
        ("甲|1|2|3|4|乙|5", True),
        # a column was deleted whole
        ("乙|丙|1|2|3|4|5", True),
        ("甲|乙|1|2|4|5|6", True),
        # rows of small figures
        ("1|.|1|2|3|.|4", False),
        ("1|.|2|.|3|.|4", False),
        ("2|3|4|5|6|7|8", False),
        ("1|阳新县|2|3|4|5|6", False),
        ("甲|甲|1|2|3|4|5", False),
        ("1|1|1|1|1|1|1", False),
    ],
)
def test_the_row_of_column_marks_is_told_from_a_row_of_small_figures(row, is_dropped):
    rows = read_as("trademarks", f"{TRADEMARKS}\n{row}\n8|大冶市|3|.|4|.|5").rows
    assert (rows["source_row"][0] == 3) == is_dropped


def test_values_without_a_heading_are_strays_and_those_under_a_running_number_are_not():
    form = read_as("services", f"序号|{SERVICES}\n1|{SERVICE}|旁注\n2|{SERVICE}|.|.|又注")
    assert say(form.findings) == ["stray_value G2", "stray_value I3"]


def test_hidden_rows_columns_and_sheets_are_read_and_told():
    sheet = write_sheet(
        f"{SERVICES}\n{SERVICE}\n{SERVICE}", "表", hidden_rows=frozenset({3}),
        hidden_columns=frozenset({1, 9}), is_hidden=True,
    )  # fmt: skip
    form = read_as("services", sheet)
    assert form.rows.height == 2
    assert say(form.findings) == ["hidden_column B1", "hidden_sheet", "hidden_row A3"]


def test_a_really_hidden_sheet_is_told_by_its_name(tmp_path):
    made = make_form(CONTRACTS["platforms"], EXPECTATIONS.codes, draw_look(1, "xlsx"), 1)
    path = made.write(tmp_path, 1)
    book = openpyxl.load_workbook(path)
    book.create_sheet("封面")["A1"] = "封面"
    book[made.sheet].sheet_state = "hidden"
    book.save(path)
    document = read_document(path, file_name=path.name, limits=Limits())
    form = read_form(document, Identity(made.contract), EXPECTATIONS.codes)
    assert form.rows.height == len(made.rows)
    assert say(form.findings) == ["hidden_sheet", "unread_sheet"]


def test_errors_and_formulas_without_a_value_are_told_in_rows_and_totals():
    sheet = write_sheet(
        f"{FUNDING}\n{FUND}\n{FUND.replace('|10|', '|#REF!|')}\n合计|.|.|.|.|.|.", "表",
        errors=frozenset({"F3", "Z9"}), uncalculated=frozenset({"F4", "A1", "K2"}),
    )  # fmt: skip
    found = read_as("funding", sheet).findings
    assert sorted(say(found)) == ["error_value F3", "uncalculated_formula F4"]


def test_sheets_that_explain_are_left_out_and_others_are_told():
    table = write_sheet(f"{SERVICES}\n{SERVICE}", "数据")
    others = [write_sheet(f"{SERVICES}\n{SERVICE}", name) for name in sorted(UNREAD_SHEETS)]
    form = read_as(
        "services", *others, table, write_sheet("随手记|1", "草稿"), write_sheet("", "空")
    )
    assert form.rows.height == 1
    assert [(item.rule_id, item.value) for item in form.findings] == [("unread_sheet", "草稿")]


def test_a_sheet_of_another_form_is_not_read_even_where_its_headings_would_do():
    identity = Identity(CONTRACTS["services"], other_sheets=frozenset({"另"}))
    document = write_document(
        write_sheet(f"{SERVICES}\n{SERVICE}", "表"), write_sheet(f"{SERVICES}\n{SERVICE}", "另")
    )
    form = read_form(document, identity, EXPECTATIONS.codes)
    assert (form.rows.height, form.findings) == (1, ())


def test_rows_of_two_sheets_are_read_with_the_place_of_each():
    form = read_as("services", f"{SERVICES}\n{SERVICE}", f"标题\n序号|{SERVICES}\n1|{SERVICE}")
    assert form.rows.select("source_sheet", "source_row").rows() == [("表1", 2), ("表2", 3)]
    assert form.columns_at["表2"]["uscc"] == 2


# --- explanations --------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["说明", "备注", "情况说明", "原因说明", "备 注", "说明*"])
def test_a_column_of_that_name_explains_its_row(heading):
    form = read_as("services", f"{SERVICES}|{heading}\n{SERVICE}|已核实")
    assert form.rows[EXPLANATION].to_list() == ["已核实"]
    assert form.findings == ()


def test_a_column_of_the_contract_s_own_explains_and_is_kept_as_well():
    heading = "指标代码|指标名称|县(市、区)|计量单位|本期数|说明|备注"
    rows = "a|甲|.|项|5|口径不同|.\nb|乙|.|项|5|.|快报\nc|丙|.|项|5|.|."
    form = read_as("indicators", f"{heading}\n{rows}")
    assert form.rows[EXPLANATION].to_list() == ["口径不同", "快报", None]
    assert form.rows["note"].to_list() == ["口径不同", None, None]


def test_the_sheet_of_explanations_is_read_line_by_line():
    entries = write_sheet("规则|说明\nstock_falls|.|撤并企业\n D7 |分案\n只有一格", "说明")
    form = read_as("services", f"{SERVICES}\n{SERVICE}", entries)
    assert form.explanations == (("规则", "说明"), ("stock_falls", "撤并企业"), ("D7", "分案"))


# --- nil reports ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        (["零报告"], True),
        (["零 报 告"], True),
        (["本期零报告。"], True),
        (["本季度零报告"], True),
        (["零报告：是"], True),
        (["是否零报告：是"], True),
        (["零报告：", "是"], True),
        (["是否零报告", "√"], True),
        (["零报告", "零报告"], True),
        (["零报告：否"], False),
        (["零报告:", "否"], False),
        (["零报告", "否"], False),
        (["是否零报告（是/否）："], None),
        (["是否零报告："], None),
        (["零报告："], None),
        (["如无数据请注明零报告"], None),
        (["不接受零报告"], None),
        (["非零报告"], None),
        (["零报告制度建设"], None),
        (["说明：本期无数据的，作零报告。"], None),
        (["无"], None),
        (["0"], None),
        ([], None),
    ],
)
def test_a_cell_says_nil_and_a_sentence_does_not(cells, answer):
    assert answer_nil(cells) is answer


@pytest.mark.parametrize(
    ("text", "is_nil", "rows", "rules"),
    [
        (f"{PROJECTS}\n零报告", True, 0, []),
        (f"{PROJECTS}\n1|零报告", True, 0, []),
        (f"{PROJECTS}\n零报告|.|市教育局", True, 0, []),
        (f"零报告：是\n{PROJECTS}", True, 0, []),
        (f"填报单位：市教育局|报告期：2020Q3|零报告：|是\n{PROJECTS}", True, 0, []),
        (f"质量提升项目表（零报告）\n{PROJECTS}", True, 0, []),
        ("质量提升项目表\n零报告", True, 0, []),
        (f"{PROJECTS}\n单位负责人：张某\n零报告", True, 0, []),
        (f"零报告：否\n{PROJECTS}\n甲|市级|市教育局|2020-01-01|立项", False, 1, []),
        (f"{PROJECTS}\n零报告：否\n甲|市级|市教育局|2020-01-01|立项", False, 1, []),
        (f"注意：如无数据请注明零报告\n{PROJECTS}", False, 0, ["no_rows"]),
        (f"{PROJECTS}\n注：如无数据请注明零报告", False, 0, ["no_rows"]),
        (f"{PROJECTS}", False, 0, ["no_rows"]),
        # a project that is called so, with all that belongs to one
        (f"{PROJECTS}\n零报告|市级|市教育局|2020-01-01|立项", False, 1, []),
        (f"{PROJECTS}\n零报告制度|市级|市教育局|2020-01-01|立项", False, 1, []),
        (
            f"{PROJECTS}\n甲|市级|市教育局|2020-01-01|立项\n零报告",
            True,
            1,
            ["nil_report_with_rows"],
        ),
        (f"{PROJECTS}\n无", False, 1, []),
        (f"{PROJECTS}\n-|-|-|-|-", False, 1, []),
        (f"{PROJECTS}\n0", False, 1, []),
    ],
)
def test_a_nil_report_is_what_says_so(text, is_nil, rows, rules):
    form = read_as("quality_projects", text)
    assert (form.is_nil, form.rows.height, say(form.findings)) == (is_nil, rows, rules)


def test_a_form_that_may_not_be_nil_says_so():
    assert say(read_as("honours", f"{HONOURS}\n零报告").findings) == ["nil_report_not_allowed"]


def test_a_sheet_of_notes_does_not_make_a_nil_report():
    notes = write_sheet("填报说明\n零报告", "填报说明")
    assert say(read_as("quality_projects", notes, PROJECTS).findings) == ["no_rows"]


# --- units of money ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "unit", "rules"),
    [
        (["填报单位：市财政局"], "万元", []),
        (["单位：元"], "元", []),
        (["（单位：千元）"], "千元", []),
        (["金额单位:亿元"], "亿元", []),
        (["计量单位：|.|元"], "元", []),
        (["单位：人民币元"], "元", []),
        (["单位：万元、件"], "万元", []),
        (["填报单位：市财政局　　报告期：2020年三季度　　单位：元"], "元", []),
        (["报告期：2020年三季度单位：元"], "元", []),
        (["质量与知识产权资金情况表（元）"], "元", []),
        (["组织单位：市财政局", "主管单位：市政府"], "万元", []),
        (["单位：美元"], "万元", ["unknown_money_unit A1"]),
        (["单位：百万元"], "万元", ["unknown_money_unit A1"]),
        (["单位：件"], "万元", ["unknown_money_unit A1"]),
        (["单位：元、万元"], "万元", ["unknown_money_unit A1"]),
        (["单位：万元", "单位：元"], "万元", ["sheet_disagrees A2"]),
        (["质量与知识产权资金情况表（万元）", "单位：元"], "元", ["sheet_disagrees A1"]),
    ],
)
def test_the_unit_line_says_the_unit_of_money(lines, unit, rules):
    form = read_as("funding", "\n".join([*lines, FUNDING, FUND]))
    assert (form.money_units, say(form.findings)) == ({"amount": unit}, rules)


@pytest.mark.parametrize(
    ("heading", "line", "unit", "rules"),
    [
        ("品牌价值(亿元)", "单位：件", "亿元", []),
        ("品牌价值(亿元)", "单位：万元", "亿元", []),
        ("品牌价值(亿元)", "填报单位：市商务局", "亿元", []),
        ("品牌价值（元）", "单位：万元", "元", []),
        ("品牌价值", "单位：件", "亿元", []),
        ("品牌价值", "填报单位：市商务局", "亿元", []),
        # the form's own line says what the form's heading leaves open
        ("品牌价值", "单位：万元", "万元", []),
        (None, "单位：件", "亿元", []),
    ],
)
def test_a_heading_s_own_unit_goes_before_the_unit_line(heading, line, unit, rules):
    form = read_as("honours", f"{line}\n{HONOURS}{f'|{heading}' if heading else ''}\n.")
    assert form.money_units == {"brand_value": unit}
    assert say(form.findings) == [*rules, "no_rows"]


def test_two_sheets_in_two_units_are_never_read_as_one():
    one, other = f"单位：万元\n{FUNDING}\n{FUND}", f"单位：元\n{FUNDING}\n{FUND}"
    [found] = read_as("funding", one, other).findings
    assert (found.rule_id, found.sheet, found.cell) == ("sheet_disagrees", "表2", "A1")


def test_a_form_without_money_may_have_any_unit_line():
    form = read_as("trademarks", f"单位:件\n{TRADEMARKS}\n1|阳新县|3|.|4|.|5")
    assert (form.money_units, form.findings) == ({}, ())


# --- any form ------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(
    dataset=st.sampled_from(sorted(CONTRACTS)),
    seed=st.integers(0, 10_000),
    file_format=st.sampled_from(FORMATS),
    count=st.integers(1, 6),
)
def test_any_look_is_read_back_cell_by_cell(dataset, seed, file_format, count, tmp_path_factory):
    look = draw_look(seed, file_format)
    made = make_form(CONTRACTS[dataset], EXPECTATIONS.codes, look, seed, count)
    path = made.write(tmp_path_factory.mktemp("look"), seed)
    document = read_document(path, file_name=path.name, limits=Limits())
    form = read_form(document, Identity(made.contract), EXPECTATIONS.codes)
    assert form.findings == ()
    assert form.rows["source_row"].to_list() == [number + 1 for number in made.row_numbers]
    assert form.totals.height == (made.total_row is not None)
    places = form.columns_at[made.sheet]
    assert {name: places[name] for name in made.grid.places} == made.grid.places
    for column in made.contract.column:
        if column.type in {"text", "code", "uscc", "application_no", "standard_no"}:
            assert form.rows[column.name].to_list() == [row[column.name] for row in made.rows]


WORDS = [None, "零报告", "合计", "小计", "单位：", "填报单位：", "1", "甲", "元", "说明", "备注："]
WORDS += ["企业名称", "服务类型", "服务日期", "统一社会信用代码", "报告期：", "2020Q3"]
WORDS += ["标杆模板：services-1 scjg 2020Q3"]


@settings(max_examples=60)
@given(lines=st.lists(st.lists(st.sampled_from(WORDS), max_size=7), max_size=12))
def test_no_sheet_whatever_it_holds_is_read_with_an_exception(lines):
    text = "\n".join("|".join(cell or "." for cell in cells) for cells in lines)
    form = read_as("services", text)
    assert set(form.rows["source_row"]).isdisjoint(form.totals["source_row"])
    if not form.is_nil:
        assert form.findings or form.rows.height


def test_rows_keep_their_order_and_lines_whatever_lies_between_them():
    dice = random.Random(3)
    lines = [SERVICES]
    expected = []
    for _ in range(30):
        lines += [""] * dice.randrange(3)
        expected.append(len(lines) + 1)
        lines.append(SERVICE)
    form = read_as("services", replace(write_sheet("\n".join(lines)), name="表"))
    assert form.rows["source_row"].to_list() == expected
