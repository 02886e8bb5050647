"""Blank workbooks: what they offer a clerk, and that a filled one is read back whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warehouse_rows import Form as Filed
from warehouse_rows import Warehouse

from warehouse.contracts.load import DEFAULT_EXPECTATIONS, Expectations, load_expectations
from warehouse.contracts.model import Column, Contract, Text
from warehouse.gate.stage import open_stage, stage_forms
from warehouse.gate.staged import Staged
from warehouse.gate.type_rows import STATES, names_of
from warehouse.identifiers.synthetic import make_application_no, make_uscc
from warehouse.ledger.lease import hold_lease
from warehouse.periods import Period
from warehouse.read.document import read_document
from warehouse.read.form import EXPLANATION, Form, Identity, is_unread
from warehouse.read.identify import MARK, identify
from warehouse.read.layout import read_form
from warehouse.read.refuse import Limits
from warehouse.settings import Settings
from warehouse.template import Prefill, TemplateRefused, read_prefill, write_template
from warehouse.template.notes import PROMPT_LIMIT
from warehouse.template.plan import STEMS

EXPECTATIONS = load_expectations()
CODES = EXPECTATIONS.codes
CONTRACTS = EXPECTATIONS.contracts
DATASETS = sorted(path.stem for path in DEFAULT_EXPECTATIONS.glob("*.toml"))
PERIODS = {"quarter": Period.parse("2020Q3"), "month": Period.parse("2020-09")}
PERIODS["year"] = Period.parse("2020")
HEADING_ROW, MARK_ROW, FIRST_ROW = 5, 6, 7
NUMBER_FORMATS = {"integer": "0", "decimal": "General", "percent": "0.00", "date": "yyyy-mm-dd"}
CLUMSY_NAME = "新建 XLSX 工作表 (2).xlsx"


@dataclass
class Read:
    """A file read back: what it says it is, its form, and all findings by rule."""

    identity: Identity
    form: Form
    rules: list[str]


def write(dataset: str, folder: Path, reporter: str | None = "", **options: Any) -> Path:
    contract = CONTRACTS[dataset]
    if reporter == "":
        reporter = CODES.owing(contract.owed_by)[0].code
    return write_template(
        contract,
        CODES,
        folder / "form.xlsx",
        CODES.reporter(reporter) if reporter else None,
        options.pop("period", PERIODS[contract.period_type]),
        **options,
    )


def read(path: Path, name: str = CLUMSY_NAME, expectations: Expectations = EXPECTATIONS) -> Read:
    document = read_document(path, file_name=name, limits=Limits())
    identity, findings = identify(document, name, "", expectations)
    form = read_form(document, identity, expectations.codes)
    rules = [found.rule_id for found in (*findings, *form.findings)]
    # No folder was given, so it cannot agree with the reporter.
    return Read(identity, form, [rule for rule in rules if rule != "folder_disagrees"])


def open_book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def columns_of(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[HEADING_ROW] if cell.value}


def format_of(sheet: Any, column: int) -> str:
    letter = openpyxl.utils.get_column_letter(column)
    return str(sheet.column_dimensions[letter].number_format)


def fill(path: Path, rows: list[dict[str, Any]], first_row: int = FIRST_ROW) -> None:
    """Types rows, by heading, into a form; as in a spreadsheet a cell has its column's format."""
    book = open_book(path)
    sheet = book.worksheets[0]
    columns = columns_of(sheet)
    for number, row in enumerate(rows, start=first_row):
        for heading, value in row.items():
            cell = sheet.cell(number, columns[heading], value)
            cell.number_format = format_of(sheet, cell.column)
    book.save(path)


def make_value(column: Column, number: int) -> Any:
    """A valid value of a column, different from row to row."""
    names = list(names_of(column, CODES).values())
    if column.type == "code" or names:
        return names[number % len(names)]
    return {
        "text": f"00{number}23",
        "integer": number,
        "decimal": 12.5 + number,
        "money": 1234.5678 + number,
        "percent": 18.5 + number,
        "date": date(2020, 3, 1 + number % 28),
        "uscc": make_uscc("420202", number + 1),
        "application_no": make_application_no(2020, 1, number),
        "standard_no": f"GB/T {number + 1}-2018",
        "industry_code": "0111",
    }[column.type]


def count_given(sheet: Any) -> int:
    return int(sheet.max_row) - MARK_ROW


def find_lists(book: openpyxl.Workbook, sheet: Any) -> dict[int, list[str]]:
    """The entries of each drop-down list by column number."""
    lists = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            name, area = rule.formula1.split("!")
            cells = book[name.strip("'")][area.replace("$", "")]
            lists[next(iter(rule.sqref.ranges)).min_col] = [cell.value for (cell,) in cells]
    return lists


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_filled_form_is_read_back_whole_whatever_its_file_is_called(dataset, tmp_path):
    contract = CONTRACTS[dataset]
    path = write(dataset, tmp_path)
    sheet = open_book(path).worksheets[0]
    printed = [
        dict(zip(columns_of(sheet), [cell.value for cell in row], strict=True))
        for row in sheet.iter_rows(min_row=FIRST_ROW)
    ]
    rows = [
        {
            column.heading: printed[number][column.heading]
            if printed and printed[number][column.heading] is not None
            else make_value(column, number)
            for column in contract.column
        }
        for number in range(len(printed) or 3)
    ]
    fill(path, rows)
    found = read(path)
    assert found.rules == []
    assert found.identity.contract is contract
    assert found.identity.reporter == CODES.owing(contract.owed_by)[0]
    assert found.identity.period == PERIODS[contract.period_type]
    assert found.identity.template_version == contract.version
    assert found.form.rows["source_row"].to_list() == list(range(FIRST_ROW, FIRST_ROW + len(rows)))
    for column in contract.column:
        texts = [str(row[column.heading]) for row in rows]
        assert found.form.rows[column.name].to_list() == texts
    connection = duckdb.connect()
    open_stage(connection, [contract])
    stage_forms(connection, EXPECTATIONS, [Staged(1, found.form)])
    assert (
        connection.execute("select rule_id, column_name, value from gate_finding").fetchall() == []
    )
    staged = connection.execute(f"select count(*) from gate_row_{dataset}").fetchone()
    assert staged == (len(rows),)


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_blank_form_says_only_that_it_is_blank(dataset, language, tmp_path):
    path = write(dataset, tmp_path, language=language)
    found = read(path)
    given_rows = count_given(open_book(path).worksheets[0])
    assert found.rules == ([] if given_rows else ["no_rows"])
    assert found.form.rows.height == given_rows
    assert not found.form.is_nil
    assert found.form.totals.is_empty()


@pytest.mark.parametrize(
    ("dataset", "reporter"), [("trademarks", "scjg"), ("indicators", "scjg"), ("indicators", "kjj")]
)
def test_rows_given_in_advance_lack_only_what_is_to_be_reported(dataset, reporter, tmp_path):
    found = read(write(dataset, tmp_path, reporter))
    contract = CONTRACTS[dataset]
    connection = duckdb.connect()
    open_stage(connection, [contract])
    stage_forms(connection, EXPECTATIONS, [Staged(1, found.form)])
    assert connection.execute("select * from gate_finding").fetchall() == []
    given_columns = {"seq", "reporting_unit", "indicator_code", "indicator_name", "unit"}
    for column in contract.column:
        if column.required:
            query = f"select distinct {column.name}__state from gate_row_{dataset}"
            state = "filled" if column.name in given_columns else "blank"
            assert connection.execute(query).fetchall() == [(STATES[state],)], column.name


def test_trademarks_are_given_the_six_units_and_running_numbers(tmp_path):
    rows = read(write("trademarks", tmp_path)).form.rows
    assert rows["reporting_unit"].to_list() == [unit.name for unit in CODES.counties]
    assert rows["seq"].to_list() == ["1", "2", "3", "4", "5", "6"]


def test_a_department_is_given_its_own_indicators_and_chooses_among_them(tmp_path):
    path = write("indicators", tmp_path, "swj")
    own = [entry for entry in CODES.indicators if entry.department == "swj"]
    rows = read(path).form.rows
    assert rows["indicator_code"].to_list() == [entry.code for entry in own]
    assert rows["indicator_name"].to_list() == [entry.name.zh for entry in own]
    assert rows["unit"].to_list() == [entry.unit for entry in own]
    book = open_book(path)
    assert find_lists(book, book.worksheets[0])[1] == [entry.code for entry in own]


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_cell_lies_below_what_is_printed(dataset, tmp_path):
    sheet = open_book(write(dataset, tmp_path)).worksheets[0]
    printed = {"trademarks": 6, "indicators": 34}.get(dataset, 0)
    assert count_given(sheet) == printed
    assert sheet.max_column == len(columns_of(sheet))


@pytest.mark.parametrize("dataset", DATASETS)
def test_headings_stand_as_in_the_contract_with_one_column_for_explanations(dataset, tmp_path):
    contract = CONTRACTS[dataset]
    sheet = open_book(write(dataset, tmp_path)).worksheets[0]
    headings = [column.heading for column in contract.column]
    extra = [] if "说明" in headings else ["说明"]
    assert list(columns_of(sheet)) == [*headings, *extra]
    fills = {cell.value: cell.fill.start_color.rgb for cell in sheet[HEADING_ROW]}
    required = {fills[column.heading] for column in contract.column if column.required}
    optional = {fills[column.heading] for column in contract.column if not column.required}
    assert len(required) == 1
    assert not required & optional


@pytest.mark.parametrize("dataset", DATASETS)
def test_columns_have_the_number_format_of_their_type(dataset, tmp_path):
    sheet = open_book(write(dataset, tmp_path)).worksheets[0]
    columns = columns_of(sheet)
    for column in CONTRACTS[dataset].column:
        shown = format_of(sheet, columns[column.heading])
        if column.type == "money":
            assert shown.startswith("0.00")
        else:
            assert shown == NUMBER_FORMATS.get(column.type, "@")


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_coded_column_has_a_list_of_all_that_is_accepted(dataset, tmp_path):
    contract = CONTRACTS[dataset]
    reporter = CODES.owing(contract.owed_by)[0]
    book = open_book(write(dataset, tmp_path))
    sheet = book.worksheets[0]
    lists = find_lists(book, sheet)
    columns = columns_of(sheet)
    for column in contract.column:
        names = list(names_of(column, CODES).values())
        offered = lists.get(columns[column.heading], [])
        if column.type == "reporting_unit" and reporter.reporting_unit_code:
            assert offered == [reporter.name]
        elif column.type == "indicator_code":
            assert set(offered) < set(names)
        else:
            assert offered == names + ["不适用"] * column.may_be_not_applicable
    assert book["选项"].sheet_state == "hidden"


def test_a_department_chooses_among_all_units_and_an_office_has_its_own(tmp_path):
    for reporter, units in (
        ("scjg", [unit.name for unit in CODES.counties]),
        ("KFQTS", ["开发区·铁山区"]),
    ):
        book = open_book(write("quality_projects", tmp_path, reporter))
        sheet = book.worksheets[0]
        assert find_lists(book, sheet)[columns_of(sheet)["所属县(市、区)"]] == units


def test_the_city_can_be_chosen_only_where_a_blank_means_the_city(tmp_path):
    book = open_book(write("indicators", tmp_path))
    sheet = book.worksheets[0]
    assert "黄石市" in find_lists(book, sheet)[columns_of(sheet)["县(市、区)"]]
    book = open_book(write("trademarks", tmp_path))
    sheet = book.worksheets[0]
    assert "黄石市" not in find_lists(book, sheet)[columns_of(sheet)["县(市、区)"]]


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_entry_cell_is_explained_and_no_text_exceeds_what_a_spreadsheet_opens(
    dataset, language, tmp_path
):
    contract = CONTRACTS[dataset]
    sheet = open_book(write(dataset, tmp_path, language=language)).worksheets[0]
    columns = columns_of(sheet)
    prompts = {
        next(iter(rule.sqref.ranges)).min_col: rule
        for rule in sheet.data_validations.dataValidation
    }
    for column in contract.column:
        rule = prompts[columns[column.heading]]
        assert column.description.of(language) in rule.prompt
        assert len(rule.prompt) <= PROMPT_LIMIT
        assert len(rule.error) <= PROMPT_LIMIT
        assert next(iter(rule.sqref.ranges)).min_row == FIRST_ROW
        assert rule.errorStyle == "warning"
        comment = sheet.cell(HEADING_ROW, columns[column.heading]).comment.text
        assert column.description.zh in comment
        assert column.description.en in comment


@pytest.mark.parametrize("dataset", DATASETS)
def test_lines_above_the_heading_say_what_the_form_is(dataset, tmp_path):
    contract = CONTRACTS[dataset]
    reporter = CODES.owing(contract.owed_by)[0]
    path = write(dataset, tmp_path)
    sheet = open_book(path).worksheets[0]
    period = PERIODS[contract.period_type]
    assert sheet.title == contract.title.zh
    assert sheet["A1"].value == f"{period.title_zh}{contract.title.zh}"
    line = sheet["A2"].value
    assert line.startswith(f"填报单位：{reporter.name}　")
    assert f"报告期：{period.title_zh}" in line
    open_money = {"funding": "万元", "quality_projects": "万元"}
    assert line.partition("　单位：")[2] == open_money.get(dataset, "")
    mark = sheet.cell(2, sheet.max_column)
    assert MARK.fullmatch(mark.value)["version"] == str(contract.version)
    assert mark.font.sz < sheet["A2"].font.sz
    for label in ("单位负责人：", "填表人：", "联系电话：", "报出日期："):
        assert label in sheet["A3"].value
    assert [cell.value for cell in sheet[4] if cell.value] == []


def test_columns_are_marked_with_stems_and_numbers(tmp_path):
    sheet = open_book(write("standards", tmp_path)).worksheets[0]
    marks = [cell.value for cell in sheet[MARK_ROW]]
    assert marks == ["甲", "乙", "丙", "丁", "戊", "己", "1", "2", "3", "4", "庚"]


def test_the_sheet_prints_on_a4_landscape_and_keeps_its_heading_in_view(tmp_path):
    sheet = open_book(write("standards", tmp_path)).worksheets[0]
    assert sheet.freeze_panes == "A7"
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.print_title_rows == "$1:$6"
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.page_setup.fitToHeight == 0


def test_codes_typed_into_a_form_keep_every_digit(tmp_path):
    path = write("standards", tmp_path)
    fill(path, [{"企业名称": "00123", "统一社会信用代码": "913205056082348768"}])
    rows = read(path).form.rows
    assert rows["enterprise_name"].to_list() == ["00123"]
    assert rows["uscc"].to_list() == ["913205056082348768"]


def test_a_percentage_typed_with_its_sign_is_questioned_before_it_is_kept_as_a_hundredth(tmp_path):
    sheet = open_book(write("trademarks", tmp_path)).worksheets[0]
    (rule,) = (r for r in sheet.data_validations.dataValidation if "D7" in str(r.sqref))
    assert (rule.type, rule.formula1) == ("custom", "OR(D7=0,ABS(D7)>=1)")
    assert "12.5" in rule.error


def test_rows_far_below_the_lists_are_read_too(tmp_path):
    path = write("services", tmp_path)
    fill(path, [{"企业名称": "甲公司"}], first_row=6_000)
    assert read(path).form.rows["source_row"].to_list() == [6_000]


def test_a_row_above_the_heading_may_be_filled_in_without_becoming_part_of_it(tmp_path):
    path = write("standards", tmp_path)
    book = open_book(path)
    sheet = book.worksheets[0]
    sheet["A3"] = "单位负责人：张某　填表人：李某　联系电话：0714-0000000　报出日期：2020年10月9日"
    book.save(path)
    fill(path, [{"企业名称": "甲公司"}])
    found = read(path)
    assert found.rules == []
    assert found.form.rows.height == 1
    assert "张某" not in str(found.form)


def test_a_nil_report_is_written_as_the_form_says(tmp_path):
    path = write("funding", tmp_path)
    fill(path, [{"资金项目": "零报告"}])
    found = read(path)
    assert found.form.is_nil
    assert found.rules == []
    notes = " ".join(str(cell.value) for row in open_book(path)["填报说明"] for cell in row)
    assert "零报告" in notes
    notes = open_book(write("standards", tmp_path))["填报说明"]
    assert "零报告" not in " ".join(str(cell.value) for row in notes for cell in row)


def test_explanations_are_read_from_the_row_and_from_the_sheet(tmp_path):
    path = write("standards", tmp_path)
    fill(path, [{"企业名称": "甲公司", "说明": "两家合并"}])
    book = open_book(path)
    assert "stock_falls" in find_lists(book, book["说明"])[1]
    book["说明"].append(["stock_falls", "标准复审后废止"])
    book.save(path)
    form = read(path).form
    assert form.rows[EXPLANATION].to_list() == ["两家合并"]
    assert ("stock_falls", "标准复审后废止") in form.explanations


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_rules_are_listed_in_both_languages(dataset, language, tmp_path):
    contract = CONTRACTS[dataset]
    notes = open_book(write(dataset, tmp_path, language=language))["填报说明"]
    rows = {row[0]: row[1:] for row in notes.iter_rows(values_only=True)}
    for rule in contract.rule:
        _, mark, *texts = rows[rule.id]
        assert bool(mark) == bool(rule.column)
        assert not {"{", "}"} & set("".join(texts))
        wanted = (rule.sentence.zh, rule.sentence.en, rule.remedy.zh, rule.remedy.en)
        for text, template in zip(texts, wanted, strict=True):
            assert text.endswith(template.rpartition("}")[2])
    for column in contract.column:
        assert any(column.description.of(language) in row for row in rows.values())


def test_a_check_over_figures_names_the_figures_it_looks_at(tmp_path):
    notes = open_book(write("trademarks", tmp_path))["填报说明"]
    sentences = {row[0]: row[3] for row in notes.iter_rows(values_only=True)}
    assert sentences["stock_falls"].startswith("有效注册商标量比上期少了")
    assert sentences["flow_jumps"].startswith("商标申请量、商标注册量达到上期")


def test_an_open_form_leaves_reporter_and_period_to_the_clerk(tmp_path):
    path = write("standards", tmp_path, None, period=None)
    sheet = open_book(path).worksheets[0]
    assert sheet["A1"].value == "标准制修订情况表"
    assert read(path).rules == ["unidentified_reporter", "unidentified_period", "no_rows"]
    book = open_book(path)
    book.worksheets[0]["A2"] = "填报单位：大冶市　　报告期：2020年三季度"
    book.save(path)
    found = read(path)
    assert found.identity.reporter == CODES.reporter("420281")
    assert str(found.identity.period) == "2020Q3"
    assert found.rules == ["no_rows"]


@pytest.mark.parametrize(("reporter", "period"), [(None, "2020Q3"), ("420202", None)])
def test_a_half_open_form_never_takes_the_one_for_the_other(reporter, period, tmp_path):
    path = write("standards", tmp_path, reporter, period=Period.parse(period) if period else None)
    identity = read(path).identity
    assert (identity.reporter and identity.reporter.code) == reporter
    assert (identity.period and str(identity.period)) == period


def test_a_form_of_an_older_version_says_so(tmp_path):
    path = write("standards", tmp_path)
    newer = CONTRACTS["standards"].model_copy(update={"version": 2})
    found = read(path, expectations=replace(EXPECTATIONS, contracts={"standards": newer}))
    assert found.identity.template_version == 1
    assert found.rules == ["old_template", "no_rows"]


def test_in_a_folder_a_form_gets_a_name_it_is_known_by(tmp_path):
    reporter = CODES.reporter("KFQTS")
    path = write_template(CONTRACTS["patents"], CODES, tmp_path, reporter, PERIODS["quarter"], "zh")
    assert path == tmp_path / "专利情况表_开发区·铁山区_2020Q3.xlsx"
    book = open_book(path)
    for row in book.worksheets[0]["A1:L3"]:
        for cell in row:
            if type(cell).__name__ != "MergedCell":
                cell.value = None
    book.save(path)
    identity = read(path, path.name).identity
    assert (identity.contract, identity.reporter) == (CONTRACTS["patents"], reporter)
    assert identity.period == PERIODS["quarter"]
    assert identity.template_version is None


def test_the_same_contract_gives_the_same_bytes(tmp_path):
    first = write("indicators", tmp_path).read_bytes()
    assert write("indicators", tmp_path).read_bytes() == first


def test_a_form_that_would_come_back_rejected_is_not_written(tmp_path):
    with pytest.raises(TemplateRefused, match=r"不由“市市场监管局”报送.*does not owe standards"):
        write("standards", tmp_path, "scjg")
    with pytest.raises(TemplateRefused, match=r"2020Q3 的样式.*filed by quarter"):
        write("standards", tmp_path, period=Period.parse("2020-09"))
    assert list(tmp_path.iterdir()) == []


# --- what was accepted before ---------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Settings:
    """A root in which forms of earlier periods were accepted."""
    settings_of_root = Settings(home=tmp_path / "home")
    settings_of_root.home.mkdir()
    warehouse = Warehouse(duckdb.connect(str(settings_of_root.database)))
    keep = warehouse.keep
    unit, counts = "reporting_unit", "application_count registration_count valid_count"
    rows = ["420281 8 5 900", "420202 6 7 800", "KFQTS 3 2 500"]
    withheld = [(1, "application_count")]
    keep("trademarks", f"{unit} {counts}", Filed("scjg", rows, "2020Q2", withheld=withheld))
    keep("trademarks", f"{unit} {counts}", Filed("scjg", ["420281 4 4 700"], "2019Q3"))
    figures = "indicator_code indicator_name reporting_unit unit value qualifier"
    rows = [
        "brand_value_amount 劲牌 420200 亿元 12.5 -",
        "std_total_count 标准 420200 项 1200 近",
        "std_national_count 国标 420200 项 300 -",
        "std_national_count 国标 420281 项 80 -",
    ]
    keep("indicators", figures, Filed("scjg", rows, "2019Q3"))
    projects = "project_name project_level organiser started_on progress fund_amount"
    rows = [f"项目{number} / 市局 2019-03-0{number} 实施 25000{number}" for number in (1, 2, 3)]
    keep("quality_projects", projects, Filed("scjg", rows, "2020Q2"))
    returned = Filed("scjg", ["项目9 市级 市局 2019-03-01 实施 -"], "2020Q2", action="reject")
    keep("quality_projects", projects, returned)
    keep("services", "enterprise_name", Filed("scjg", ["甲公司"], "2020Q2"))
    warehouse.connection.close()
    return settings_of_root


def write_prefilled(dataset: str, settings_of_root: Settings, folder: Path) -> Path:
    contract, reporter = CONTRACTS[dataset], CODES.reporter("scjg")
    period = PERIODS[contract.period_type]
    prefill = read_prefill(settings_of_root, EXPECTATIONS, contract, reporter, period)
    assert prefill is not None
    return write(dataset, folder, "scjg", prefill=prefill)


def test_last_periods_rows_stand_greyed_where_the_form_has_its_own(root, tmp_path):
    sheet = open_book(write_prefilled("quality_projects", root, tmp_path))["上期"]
    assert "2020年二季度" in sheet["A1"].value
    assert "不是本期数据" in sheet["A1"].value
    columns = columns_of(sheet)
    shown = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)]
    assert [row[0] for row in shown] == ["项目1", "项目2", "项目3"]
    assert [row[columns["专项经费"] - 1] for row in shown] == [25.0001, 25.0002, 25.0003]
    assert shown[0][columns["项目级别"] - 1] == "不适用"
    assert shown[0][columns["启动日期"] - 1].date() == date(2019, 3, 1)
    for row in sheet.iter_rows(min_row=FIRST_ROW):
        assert {cell.font.color.rgb for cell in row} == {"FF808080"}
        assert {cell.fill.fgColor.rgb for cell in row} == {"FFF2F2F2"}


def test_a_prefilled_form_is_read_as_blank_as_it_is(root, tmp_path):
    assert is_unread("上期")
    found = read(write_prefilled("quality_projects", root, tmp_path))
    assert found.rules == ["no_rows"]
    assert found.identity.reporter == CODES.reporter("scjg")
    assert found.identity.period == PERIODS["quarter"]


def test_earlier_figures_stand_beside_the_printed_row_of_their_unit(root, tmp_path):
    book = open_book(write_prefilled("trademarks", root, tmp_path))
    form, sheet = book.worksheets[0], book["上期"]
    columns = columns_of(sheet)
    earlier = {"大冶市": (8, 900), "黄石港区": (None, 800), "开发区·铁山区": (3, 500)}
    for row in range(FIRST_ROW, FIRST_ROW + 6):
        unit = form.cell(row, 2).value
        shown = tuple(sheet.cell(row, columns[name]).value for name in ("申请量", "有效注册量"))
        assert shown == earlier.get(unit, (None, None))
        before = sheet.cell(row, columns["上年同期申请量（2019年三季度）"]).value
        assert before == (4 if unit == "大冶市" else None)
    assert form.cell(FIRST_ROW, columns["申请量"]).value is None


def test_a_figure_of_a_year_before_is_printed_in_the_rows_unit_where_it_is_exact(root, tmp_path):
    sheet = open_book(write_prefilled("indicators", root, tmp_path)).worksheets[0]
    columns = columns_of(sheet)
    printed = {
        row[0].value: row[columns["上年同期"] - 1].value
        for row in sheet.iter_rows(min_row=FIRST_ROW)
    }
    assert printed["brand_value_amount"] == 1_250_000_000
    assert printed["std_national_count"] == 300
    assert printed["std_total_count"] is None
    assert printed["ip_service_visit_count"] is None


def test_what_happened_once_is_not_shown_to_be_reported_again(root, tmp_path):
    assert "上期" not in open_book(write_prefilled("services", root, tmp_path)).sheetnames


def test_the_same_history_gives_the_same_bytes(root, tmp_path):
    first = write_prefilled("trademarks", root, tmp_path).read_bytes()
    assert write_prefilled("trademarks", root, tmp_path).read_bytes() == first


def test_a_form_is_written_without_history_where_none_can_be_read(root, tmp_path):
    contract, reporter = CONTRACTS["trademarks"], CODES.reporter("scjg")

    def ask(settings_of_root: Settings, period: str) -> Prefill | None:
        wanted = Period.parse(period)
        return read_prefill(settings_of_root, EXPECTATIONS, contract, reporter, wanted)

    assert ask(Settings(home=tmp_path / "nowhere"), "2020Q3") is None
    assert not (tmp_path / "nowhere").exists()
    assert ask(root, "2024Q1") is None
    with hold_lease(root.lease, "nightly"):
        assert ask(root, "2020Q3") is None
    assert ask(root, "2020Q3") is not None
    root.database.write_bytes(b"no database")
    assert ask(root, "2020Q3") is None


@pytest.mark.parametrize(
    ("dataset", "column", "condition"),
    [
        ("patents", "授权日", "AND(ISNUMBER($H7),ISNUMBER($G7),$H7<$G7)"),
        ("patents", "申请日", "AND(ISNUMBER(44104),ISNUMBER($G7),44104<$G7)"),
        ("trademarks", "申请量", "AND(ISNUMBER($C7),$C7<0)"),
        ("trademarks", "申请量同比", "AND(ISNUMBER($D7),$D7<-100.0)"),
    ],
)
def test_an_entry_that_cannot_be_right_is_coloured_in_its_place(
    dataset, column, condition, tmp_path
):
    sheet = open_book(write(dataset, tmp_path)).worksheets[0]
    letter = openpyxl.utils.get_column_letter(columns_of(sheet)[column])
    formulas = {
        formula
        for area, rules in sheet.conditional_formatting._cf_rules.items()
        for rule in rules
        for formula in rule.formula
        if str(area.sqref).startswith(f"{letter}7:")
    }
    assert condition in formulas


TYPES = ["text", "integer", "decimal", "money", "percent", "date", "code", "uscc", "standard_no"]
TYPES += ["application_no", "industry_code", "reporting_unit", "indicator_code"]


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """A contract of up to fourteen columns of any types, 说明 perhaps among them."""
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=14))
    own = draw(st.integers(-1, len(kinds) - 1)) if len(kinds) > 1 else -1
    columns = tuple(
        Column(
            name=f"column_{number}",
            heading="说明" if number == own else f"栏目{number}",
            type=kind,
            codes=("是", "否") if kind == "code" else (),
            required=draw(st.booleans()),
            description=Text(zh="含义", en="meaning"),
        )
        for number, kind in enumerate(kinds)
    )
    return CONTRACTS["standards"].model_copy(
        update={"dataset": "new_form", "column": columns, "key": ("column_0",), "figure": ()}
        | {"rule": (), "kind": draw(st.sampled_from(["register", "figures"]))}
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contract=contracts())
def test_any_contract_gives_a_form_that_is_read_back(contract, tmp_path):
    expectations = replace(EXPECTATIONS, contracts={"new_form": contract})
    reporter = CODES.reporter("420202")
    path = write_template(contract, CODES, tmp_path / "a.xlsx", reporter, PERIODS["quarter"])
    given_rows = count_given(open_book(path).worksheets[0])
    assert read(path, expectations=expectations).rules == ([] if given_rows else ["no_rows"])
    marks = [cell.value for cell in open_book(path).worksheets[0][MARK_ROW] if cell.value]
    assert all(mark in STEMS or mark.isdigit() for mark in marks)
    rows = [{column.heading: make_value(column, number) for column in contract.column}
            for number in range(2)]  # fmt: skip
    fill(path, rows, FIRST_ROW + given_rows)
    found = read(path, expectations=expectations)
    assert found.rules == []
    assert found.form.rows.height == given_rows + 2
