"""What a file says it is: mark, title and labels, file name, folder; and never a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.gate.sheets import EXPECTATIONS, say, tell, write_sheet
from warehouse.contracts.load import DEFAULT_EXPECTATIONS
from warehouse.periods import Period, period_containing
from warehouse.read.form import UNREAD_SHEETS, Identity
from warehouse.read.identify import MARK, check_obligation, make_mark

CODES = EXPECTATIONS.codes
STANDARDS = EXPECTATIONS.contracts["standards"]
HEADINGS = (
    "企业名称 | 统一社会信用代码 | 所属县(市、区) | 标准编号 | 标准名称 | 标准级别 | 参与方式"
)
TITLE = "标准制修订情况表"
LABELS = "填报单位：阳新县 | 报告期：2020年三季度"
WHOLE = f"{TITLE}\n{LABELS}\n{HEADINGS}"


@pytest.mark.parametrize(
    ("line", "reporter", "period"),
    [
        ("填报单位：阳新县 | 报告期：2020年三季度", "420222", "2020Q3"),
        ("填报单位：|阳新县|报告期：|2020年第3季度", "420222", "2020Q3"),
        ("填报单位：|.|阳 新 县|.|报告期：|.|2020年1-9月", "420222", "2020Q3"),
        ("填报单位：阳新县　　　报告期：2020年三季度　　　单位：万元", "420222", "2020Q3"),
        ("填报单位：阳新县报告期：2020Q3单位：万元", "420222", "2020Q3"),
        ("填报单位: 阳　新　县 | 报告期: 2020 年 三 季 度", "420222", "2020Q3"),
        ("填报单位（盖章）：阳新县市场监管局 | 报告期别：2020年第三季度", "420222", "2020Q3"),
        ("填报单位：阳新县（盖章） | 报告期：2020年三季度", "420222", "2020Q3"),
        ("填报单位名称：黄石经济技术开发区•铁山区 | 报告期：2020年三季度", "KFQTS", "2020Q3"),
        ("填报单位：阳新县    联系人张某 | 报告期：2020年三季度", "420222", "2020Q3"),
        ("报告期：2020年三季度　填报日期：2020年10月12日 | 填报单位：420222", "420222", "2020Q3"),
        ("填报单位：阳新县 统计员：张某 | 报告期：2020年三季度 表 号：示1", "420222", "2020Q3"),
        ("报送单位：大冶 | 报告期：2020年三季度", "420281", "2020Q3"),
        ("（填报单位：大冶市 报告期：2020年三季度）", "420281", "2020Q3"),
    ],
)
def test_labels_are_read_however_they_are_spaced(line, reporter, period):
    assert tell(f"{TITLE}\n{line}\n{HEADINGS}") == ("standards", reporter, period, [])


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        (f"{TITLE}\n填报单位：|报告期：2020年三季度", ["unidentified_reporter"]),
        (f"{TITLE}\n填报单位：　　报告期：2020年三季度", ["unidentified_reporter"]),
        (f"{TITLE}\n填报单位：报告期：2020年三季度", ["unidentified_reporter"]),
        (f"{TITLE}\n填报单位：阳新县|报告期：", ["unidentified_period"]),
        (f"{TITLE}\n填报单位：阳新县|报告期：　填报日期：2020年9月1日", ["unidentified_period"]),
        (f"{TITLE}\n填报单位：阳新县|报告期：三季度", ["unidentified_period B2"]),
        (f"{TITLE}\n填报单位：|（请填写）|报告期：2020Q3", ["unidentified_reporter B2"]),
        (f"{TITLE}\n填报单位：市粮食局|报告期：2020Q3", ["unidentified_reporter A2"]),
        ("季度情况\n填报单位：阳新县|报告期：2020Q3", ["unidentified_dataset"]),
        ("", ["unidentified_dataset", "unidentified_reporter", "unidentified_period"]),
        ("请注意：填报单位：阳新县、报告期：2020Q3 必填", [
            "unidentified_dataset", "unidentified_reporter", "unidentified_period"]),
    ],
)  # fmt: skip
def test_what_is_left_open_or_unknown_is_a_finding(lines, rules):
    assert say(tell(f"{lines}\n{HEADINGS}")[3]) == rules


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("标准制修订情况表_阳新县_2020Q3.csv", ("standards", "420222", "2020Q3")),
        ("标准制修订情况表_阳新县_2020年三季度.xlsx", ("standards", "420222", "2020Q3")),
        ("标准制修订情况表 大冶市 2020年1-9月 修改稿.xls", ("standards", "420281", "2020Q3")),
        ("专利情况表_420281_2020Q3.ods", ("patents", "420281", "2020Q3")),
        ("报表.xlsx", (None, None, None)),
        ("标准制修订情况表、专利情况表_阳新县_2020Q3.xlsx", (None, "420222", "2020Q3")),
        ("标准制修订情况表_阳新县_大冶市_2020Q3.xlsx", ("standards", None, "2020Q3")),
    ],
)
def test_a_sheet_that_says_nothing_is_known_by_the_name_of_its_file(name, expected):
    assert tell(HEADINGS, name=name)[:3] == expected


def test_the_sheet_goes_before_the_name_of_the_file():
    found = tell(WHOLE, name="专利情况表_大冶市_2019Q1.xlsx")
    assert found == ("standards", "420222", "2020Q3", [])


MARKS = [
    ("标杆模板：standards-1 420222 2020Q3", ("standards", "420222", "2020Q3")),
    ("标杆模板：standards-1 2020Q3", ("standards", None, "2020Q3")),
    ("标杆模板：standards-1 2020", ("standards", None, "2020")),
    ("标杆模板：standards-1 2020-09", ("standards", None, "2020-09")),
    ("标杆模板：standards-1 420222", ("standards", "420222", None)),
    ("标杆模板: standards-1", ("standards", None, None)),
    ("标杆模板：standards-1 KFQTS 2020Q3 请勿改动", ("standards", "KFQTS", "2020Q3")),
    ("标杆模板：tea_houses-1 420222 2020Q3", (None, "420222", "2020Q3")),
    ("标杆模板：standards-1 ABC 2020Q3", ("standards", None, "2020Q3")),
]


@pytest.mark.parametrize(("mark", "expected"), MARKS)
def test_the_template_mark_names_form_reporter_and_period(mark, expected):
    assert tell(f"{HEADINGS} | {mark}")[:3] == expected


def test_the_mark_of_one_cell_takes_nothing_from_the_next():
    assert tell(f"标杆模板：standards-1|ABC|2020Q3\n{HEADINGS}")[:3] == ("standards", None, None)


@given(
    reporter=st.sampled_from(["", *(item.code for item in CODES.reporters)]),
    period=st.sampled_from(["", "2020", "2020Q3", "2020-09"]),
    dataset=st.sampled_from(sorted(EXPECTATIONS.contracts)),
)
def test_a_mark_reads_back_what_it_was_made_of(reporter, period, dataset):
    contract = EXPECTATIONS.contracts[dataset]
    found = MARK.fullmatch(make_mark(contract, reporter, period))
    assert found.group("dataset", "version") == (dataset, str(contract.version))
    assert (found["reporter"] or "", found["period"] or "") == (reporter, period)


ALL = ("standards", "420222", "2020Q3")
NO_PERIOD, NO_REPORTER = ("standards", "420222", None), ("standards", None, "2020Q3")
OWN = f"{TITLE}\n填报单位：阳新县|报告期："


@pytest.mark.parametrize(
    ("mark", "lines", "rules", "left"),
    [
        # last quarter's blank form, with title and 报告期 edited
        (
            "420222 2020Q2",
            f"2020年三季度{WHOLE}",
            ["mark_disagrees B3", "mark_disagrees A2"],
            NO_PERIOD,
        ),
        ("420222 2020Q2", WHOLE, ["mark_disagrees B3"], NO_PERIOD),
        ("420281 2020Q3", WHOLE, ["mark_disagrees A3"], NO_REPORTER),
        (
            "420281 2020Q2",
            WHOLE,
            ["mark_disagrees A3", "mark_disagrees B3"],
            ("standards", None, None),
        ),
        ("420222 2020Q3", WHOLE, [], ALL),
        # a year in a title may be that of a list's edition
        ("420222 2020Q3", f"2019年度{WHOLE}", [], ALL),
        ("420222 2020Q3", f"{OWN}2020年", [], ALL),
        ("420222 2020Q3", f"{OWN}上季", ["unidentified_period B3"], ALL),
        (
            "420222 2020Q3",
            f"{TITLE}\n填报单位：火星|报告期：2020Q3",
            ["unidentified_reporter A3"],
            ALL,
        ),
        ("420222 2020Q3", f"专利情况表\n{LABELS}", ["mark_disagrees A2"], (None, *ALL[1:])),
    ],
)
def test_where_mark_and_sheet_disagree_neither_is_believed(mark, lines, rules, left):
    *found, findings = tell(f"标杆模板：standards-1 {mark}\n{lines}\n{HEADINGS}")
    assert say(findings) == rules
    assert tuple(found) == left


def test_two_sheets_that_name_two_quarters_disagree():
    older = WHOLE.replace("三季度", "二季度")
    *found, findings = tell(WHOLE, write_sheet(older, "旧表", is_hidden=True))
    assert found == ["standards", "420222", None]
    assert [(item.rule_id, item.sheet, item.cell) for item in findings] == [
        ("sheet_disagrees", "旧表", "B2")
    ]


def test_a_title_of_another_quarter_than_the_label_disagrees():
    *found, findings = tell(f"2020年二季度{WHOLE}")
    assert found == ["standards", "420222", None]
    assert say(findings) == ["sheet_disagrees A1"]


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2020年三季度标准制修订情况表", "2020Q3"),
        ("标准制修订情况表（2020年第3季度）", "2020Q3"),
        ("2020年1-9月 企业标准制修订情况表", "2020Q3"),
        ("标 准 制 修 订 情 况 表 2020年第三季度", "2020Q3"),
        ("2020年标准制修订情况表", "2020"),
    ],
)
def test_a_title_says_the_period_where_no_label_does(title, period):
    assert tell(f"{title}\n填报单位：阳新县\n{HEADINGS}") == ("standards", "420222", period, [])


@pytest.mark.parametrize("sheet", [*sorted(UNREAD_SHEETS), "填 报 说 明"])
def test_sheets_that_only_explain_identify_nothing(sheet):
    told = "标杆模板：patents-1 420281 2019Q1\n专利情况表\n填报单位：大冶市|报告期：2019年一季度"
    assert tell(write_sheet(told, sheet))[:3] == (None, None, None)
    assert tell(write_sheet(told, sheet), WHOLE) == ("standards", "420222", "2020Q3", [])


def test_a_list_of_contents_identifies_nothing():
    contents = write_sheet("目录\n标准制修订情况表\n专利情况表\n企业名录", "目录")
    assert tell(contents, WHOLE) == ("standards", "420222", "2020Q3", [])
    assert tell(contents)[0] is None


def test_a_row_of_data_that_mentions_a_title_identifies_nothing():
    row = "企业名录编制组|91420222PDY0000798|阳新县|GB/T 1-2020|专利情况表编制规范|国家标准|参与"
    assert tell(f"{LABELS}\n{HEADINGS}\n{row}", name=f"{TITLE}.csv")[0] == "standards"


def test_a_second_form_in_the_file_is_told_and_not_read():
    second = write_sheet("专利情况表\n填报单位：阳新县|报告期：2020年三季度", "专利")
    dataset, *_, findings = tell(WHOLE, second)
    assert dataset == "standards"
    assert [(item.rule_id, item.sheet, item.value) for item in findings] == [
        ("second_form", "专利", "专利情况表")
    ]


@pytest.mark.parametrize(
    ("folder", "rules"),
    [
        ("420222", []),
        ("", []),
        ("420281", ["folder_disagrees"]),
        ("lsj", ["folder_disagrees"]),
    ],
)
def test_the_folder_must_agree_with_the_reporter(folder, rules):
    *found, findings = tell(WHOLE, folder=folder)
    assert found == ["standards", "420222", "2020Q3"]
    assert say(findings) == rules


def test_every_title_of_every_contract_is_told_from_the_others():
    for path in DEFAULT_EXPECTATIONS.glob("*.toml"):
        contract = EXPECTATIONS.contracts[path.stem]
        for title in (contract.title.zh, *contract.title_spellings):
            assert tell(f"2020年三季度{title}")[0] == path.stem


@pytest.mark.parametrize(
    ("reporter", "period", "rules"),
    [
        ("420222", "2020Q3", []),
        ("scjg", "2020Q3", ["wrong_form"]),
        ("420222", "2020Q4", ["wrong_period"]),
        ("420222", "2020", ["wrong_period"]),
        ("420222", "2020-09", ["wrong_period"]),
        ("scjg", "2020-09", ["wrong_form", "wrong_period"]),
        (None, None, []),
    ],
)
def test_a_form_that_is_not_owed_or_not_yet_is_a_finding(reporter, period, rules):
    identity = Identity(
        STANDARDS,
        CODES.reporter(reporter) if reporter else None,
        Period.parse(period) if period else None,
    )
    newest = period_containing(date(2020, 10, 12), "quarter").previous
    assert say(check_obligation(identity, EXPECTATIONS, newest)) == rules


def test_an_older_and_a_newer_contract_are_told_by_the_mark_alone():
    newer = replace(
        EXPECTATIONS, contracts={"standards": STANDARDS.model_copy(update={"version": 4})}
    )
    assert newer.contracts["standards"].version == 4
    assert MARK.fullmatch(make_mark(newer.contracts["standards"]))["version"] == "4"
