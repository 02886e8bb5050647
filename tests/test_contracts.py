"""Contracts and code lists: what is declared, what the loader refuses, and when a form is due."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from string import Formatter

import duckdb
import pytest

from warehouse.contracts.codes import Indicator, fold_name
from warehouse.contracts.deadlines import CalendarError, resolve_deadline
from warehouse.contracts.load import DEFAULT_EXPECTATIONS, ContractError, load_expectations
from warehouse.contracts.model import Contract, Deadline, Text
from warehouse.gate.suite import plan_suite
from warehouse.periods import Period
from warehouse.read.headings import fold_heading, known_headings
from warehouse.sql_files import load_sql

EXPECTATIONS = load_expectations()
CONTRACTS = EXPECTATIONS.contracts
CODES = EXPECTATIONS.codes

# The public interface: columns in the form's order, `*` where a value is required.
COLUMNS = {
    "standards": """enterprise_name* uscc* reporting_unit* product_name standard_no* standard_name*
        standard_level* role* published_on standard_status""",
    "patents": """application_no* patent_type* title* patentee_name* uscc reporting_unit*
        applied_on* granted_on legal_status* is_high_value""",
    "trademarks": """seq reporting_unit* application_count* application_yoy_pct
        registration_count* registration_yoy_pct valid_count*""",
    "funding": """programme* funding_level* funding_kind* recipient_name* uscc reporting_unit*
        ownership amount* approved_on* paid_on document_no""",
    "honours": """list_name* edition* enterprise_name* uscc reporting_unit* ownership*
        brand_or_product level* granted_on* valid_until brand_value""",
    "quality_projects": """project_name* project_level* organiser* reporting_unit started_on*
        progress* fund_amount""",
    "platforms": """platform_name* platform_type* level* host_name* uscc reporting_unit*
        recognised_on*""",
    "services": """enterprise_name* uscc* reporting_unit* service_type* service_date* provider""",
    "enterprises": """uscc* enterprise_name* reporting_unit* industry_code* ownership* size*
        established_on* status*""",
    "indicators": """indicator_code* indicator_name* reporting_unit unit* value*
        prior_year_value ytd_value qualifier note""",
}
KEYS = {
    "standards": "uscc standard_no product_name",
    "patents": "application_no",
    "trademarks": "reporting_unit",
    "funding": "document_no recipient_name programme",
    "honours": "list_name edition enterprise_name brand_or_product",
    "quality_projects": "project_name organiser",
    "platforms": "platform_name platform_type",
    "services": "uscc service_type service_date",
    "enterprises": "uscc",
    "indicators": "indicator_code reporting_unit",
}
FORMS = {
    "standards": ("标准制修订情况表", "register", "snapshot", "reporting_units"),
    "patents": ("专利情况表", "register", "snapshot", "reporting_units"),
    "trademarks": ("商标申请注册情况表", "figures", "snapshot", "scjg"),
    "funding": ("质量与知识产权资金情况表", "register", "increment", "scjg jxj swj kjj czj"),
    "honours": ("企业荣誉名录", "register", "snapshot", "scjg jxj swj"),
    "quality_projects": ("质量提升项目表", "register", "snapshot", "departments reporting_units"),
    "platforms": ("科创平台情况表", "register", "snapshot", "kjj jxj"),
    "services": ("企业服务情况表", "register", "increment", "scjg"),
    "enterprises": ("企业名录", "register", "snapshot", "scjg"),
    "indicators": ("质量品牌指标报表", "figures", "snapshot", "scjg jxj swj czj kjj"),
}
CODE_LISTS = {
    ("standards", "standard_level"): "国家标准 行业标准 地方标准 团体标准 企业标准",
    ("standards", "role"): "主导 参与 执行",
    ("standards", "standard_status"): "现行 即将实施 废止",
    ("patents", "patent_type"): "发明 实用新型 外观设计",
    ("patents", "legal_status"): "审中 有效 失效",
    ("patents", "is_high_value"): "是 否",
    ("funding", "funding_level"): "国家 省 市 县",
    ("funding", "funding_kind"): "预算 奖励 补助 贷款授信 减免",
    ("funding", "ownership"): "民营 国有 外资 其他",
    ("honours", "list_name"): "湖北企业百强 湖北制造业企业百强 隐形冠军示范及培育企业 "
    "专精特新“小巨人” 制造业单项冠军 中国品牌价值评价 中华老字号 荆楚优品 市长质量奖",
    ("honours", "ownership"): "民营 国有 外资 其他",
    ("honours", "level"): "国家 省 市",
    ("quality_projects", "project_level"): "省级 市级 县级",
    ("quality_projects", "progress"): "立项 实施 完成",
    ("platforms", "platform_type"): "产业研究院 企业技术中心 工程技术研究中心 重点实验室 "
    "工业设计中心 服务型制造示范",
    ("platforms", "level"): "国家 省 市",
    ("services", "service_type"): "知识产权服务 质量技术服务 质量奖培育 卓越绩效导入",
    ("enterprises", "ownership"): "民营 国有 外资 其他",
    ("enterprises", "size"): "大型 中型 小型 微型",
    ("enterprises", "status"): "在营 注销 吊销",
    ("indicators", "qualifier"): "近 余 超过 约 左右",
}

# What the marts measure, and which contract's codes each dimension takes.
MEASURES = {
    "standards": "standard_count enterprise_count product_count",
    "patents": "application_count grant_count valid_count high_value_count patentee_count",
    "trademarks": "application_count registration_count valid_count",
    "funding": "amount_yuan recipient_count",
    "enterprises": "enterprise_count added_count removed_count",
    "projects": "project_count organiser_count department_count fund_yuan",
    "brands": "brand_count brand_value_yuan",
    "platforms": "platform_count",
    "services": "service_count enterprise_count",
}
DIMENSIONS = {
    "standards": {"standard_level": "standards", "role": "standards"},
    "patents": {"patent_type": "patents"},
    "trademarks": {},
    "funding": dict.fromkeys(
        ("programme", "funding_level", "funding_kind", "ownership"), "funding"
    ),
    "enterprises": {"list_name": "honours", "ownership": "enterprises"},
    "projects": dict.fromkeys(("project_level", "progress"), "quality_projects"),
    "brands": {"list_name": "honours"},
    "platforms": dict.fromkeys(("platform_type", "level"), "platforms"),
    "services": {"service_type": "services"},
}
CHECKS = {
    "stock_falls": {"share"},
    "flow_jumps": {"factor"},
    "unit_vanished": set(),
    "growth_recomputes": {"value", "growth", "tolerance"},
    "register_differs": set(),
    "outside_plausible_range": set(),
    "indicator_jumps": {"factor"},
    "indicator_falls": {"share"},
    "indicator_unit_known": set(),
    "indicator_name_matches": set(),
    "indicator_department": set(),
    "prior_year_differs": set(),
    "indicator_is_negative": set(),
    "filing_year_differs": set(),
    "valid_without_grant": set(),
}
FACETS = re.compile(r"__(fault|level|patent_type|filed_year)$")
SEVERITIES = {
    ("standards", "level_contradicts_number"): "must_fix",
    ("patents", "granted_before_applied"): "must_fix",
    ("patents", "type_contradicts_number"): "must_fix",
    ("patents", "filing_year_differs"): "explain",
    ("patents", "valid_without_grant"): "explain",
    ("funding", "paid_before_approved"): "must_fix",
    ("honours", "expires_before_granted"): "must_fix",
    ("trademarks", "application_growth_differs"): "explain",
    ("trademarks", "registration_growth_differs"): "explain",
    ("indicators", "negative_figure"): "must_fix",
    ("indicators", "indicator_unit_known"): "must_fix",
    ("indicators", "indicator_department"): "must_fix",
    ("indicators", "indicator_name_matches"): "notice",
    ("indicators", "outside_plausible_range"): "explain",
    ("indicators", "register_differs"): "explain",
    ("indicators", "prior_year_differs"): "explain",
}
SQL_TYPES = {
    "integer": "bigint",
    "decimal": "decimal(28, 6)",
    "percent": "decimal(28, 6)",
    "money": "decimal(20, 2)",
    "date": "date",
}

# The figures of the 2020 report, by the department that owes them.
REPORT_2020 = {
    "scjg": """std_participating_enterprise_count std_covered_product_count std_total_count
        std_national_count ip_service_visit_count ip_special_fund_amount
        quality_award_cultivated_enterprise_count brand_value_listed_enterprise_count
        brand_value_amount hv_patent_contest_gold_count hv_patent_contest_silver_count
        mayor_quality_award_winner_count mayor_quality_award_prize_amount
        mayor_quality_award_private_winner_count brand_show_applicant_count qip_department_count
        qip_project_count qip_coverage_rate qip_provincial_project_count
        qip_provincial_grant_amount qip_municipal_project_count qip_county_project_count
        quality_service_enterprise_count excellence_model_adopter_count""",
    "jxj": """hubei_top100_enterprise_count hubei_mfg_top100_new_count hubei_mfg_top100_count
        hubei_top100_rank prov_growth_cluster_count hidden_champion_count
        hidden_champion_province_share single_champion_product_count
        loan_or_credit_approved_amount workers_dispatched_count fee_reduction_amount
        industry_research_institute_count prov_enterprise_tech_center_count
        prov_engineering_research_center_count prov_key_lab_count
        prov_industrial_design_center_count service_mfg_demo_count design_service_rank""",
    "swj": "china_time_honored_brand_count jingchu_youpin_brand_count",
    "czj": "quality_special_fund_amount",
}
NOT_COUNTED = {
    "hv_patent_contest_gold_count", "hv_patent_contest_silver_count", "qip_coverage_rate",
    "workers_dispatched_count", "prov_growth_cluster_count", "hidden_champion_province_share",
    "hubei_top100_rank", "design_service_rank", "brand_value_amount", "fee_reduction_amount",
    "brand_show_applicant_count",
}  # fmt: skip

each_contract = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS.keys())
each_indicator = pytest.mark.parametrize(
    "indicator", CODES.indicators, ids=[indicator.code for indicator in CODES.indicators]
)


def indicators_by_code() -> dict[str, Indicator]:
    return {indicator.code: indicator for indicator in CODES.indicators}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the expectations that a test may spoil."""
    return Path(shutil.copytree(DEFAULT_EXPECTATIONS, tmp_path / "expectations"))


def spoil(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


# The public interface


def test_all_ten_datasets_are_declared():
    assert set(CONTRACTS) >= set(COLUMNS)


@pytest.mark.parametrize("dataset", COLUMNS)
def test_every_column_of_the_public_interface_is_there_under_its_exact_name(dataset):
    declared = [f"{c.name}{'*' if c.required else ''}" for c in CONTRACTS[dataset].column]
    assert declared == COLUMNS[dataset].split()


@pytest.mark.parametrize("dataset", COLUMNS)
def test_every_form_has_its_title_kind_key_and_reporters(dataset):
    contract = CONTRACTS[dataset]
    title, kind, content, owed_by = FORMS[dataset]
    assert (contract.title.zh, contract.kind, contract.content) == (title, kind, content)
    assert contract.owed_by == tuple(owed_by.split())
    assert contract.key == tuple(KEYS[dataset].split())
    assert contract.period_type == "quarter"


@pytest.mark.parametrize(("dataset", "column"), CODE_LISTS)
def test_every_code_list_holds_exactly_the_public_codes(dataset, column):
    codes = CONTRACTS[dataset].columns[column].codes
    assert codes == tuple(CODE_LISTS[dataset, column].split())


def test_the_code_lists_above_are_all_there_are_but_the_units_of_measure():
    declared = {
        (dataset, column.name)
        for dataset in COLUMNS
        for column in CONTRACTS[dataset].column
        if column.type == "code"
    }
    assert declared == {*CODE_LISTS, ("indicators", "unit")}


def test_a_nil_report_is_an_answer_where_a_period_may_rightly_be_empty():
    allowed = {dataset for dataset in COLUMNS if CONTRACTS[dataset].nil_report}
    assert allowed == {"quality_projects", "funding", "services"}


def test_a_project_may_have_no_level_but_must_say_so():
    level = CONTRACTS["quality_projects"].columns["project_level"]
    assert level.required
    assert level.may_be_not_applicable


def test_an_indicator_without_a_reporting_unit_is_the_whole_city():
    assert CONTRACTS["indicators"].columns["reporting_unit"].blank_means == CODES.city.code


def test_only_a_date_of_expiry_may_lie_in_the_future():
    later = {
        (dataset, column.name)
        for dataset in COLUMNS
        for column in CONTRACTS[dataset].column
        if column.may_follow_period
    }
    assert later == {("honours", "valid_until")}


# What holds for every contract


@each_contract
def test_every_reporter_that_owes_a_form_is_known(contract: Contract):
    assert CODES.owing(contract.owed_by)


def test_quality_projects_are_owed_by_29_departments_and_six_reporting_units():
    owing = CODES.owing(CONTRACTS["quality_projects"].owed_by)
    kinds = [reporter.kind for reporter in owing]
    assert (kinds.count("department"), kinds.count("reporting_unit")) == (29, 6)


@each_contract
def test_every_rule_speaks_to_the_clerk_in_both_languages(contract: Contract):
    for rule in contract.rule:
        for text in (rule.sentence, rule.remedy):
            assert_bilingual(text)


def test_every_common_rule_speaks_to_the_clerk_in_both_languages():
    for rule in CODES.common_rules.values():
        for text in (rule.sentence, rule.remedy):
            assert_bilingual(text)


def assert_bilingual(text: Text) -> None:
    assert re.search(r"[\u4e00-\u9fff]", text.of("zh"))
    assert re.search(r"[a-z]{2}", text.of("en"))
    for sentence in (text.zh, text.en):
        places = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
        assert places <= {"column", "value", "expected"}


@each_contract
def test_no_rule_of_a_contract_hides_a_common_rule(contract: Contract):
    assert not {rule.id for rule in contract.rule} & set(CODES.common_rules)


@each_contract
def test_every_check_is_a_known_one_with_its_arguments(contract: Contract):
    for rule in contract.rule:
        if rule.check:
            assert set(rule.arguments) == CHECKS[rule.check], rule.id


@each_contract
def test_every_expectation_judges_columns_the_rows_have(contract: Contract):
    for rule in contract.rule:
        if rule.expectation is None:
            continue
        named = [rule.arguments[key] for key in rule.arguments if key.startswith("column")]
        assert named, rule.id
        for name in named:
            assert FACETS.sub("", name) in contract.columns, rule.id


@each_contract
def test_the_gate_can_run_every_rule(contract: Contract):
    files = load_sql("check")
    planned = {plan.rule_id for plan in plan_suite(contract, EXPECTATIONS)}
    for rule in contract.rule:
        assert rule.id in planned if rule.expectation else rule.check in files, rule.id


@each_contract
def test_every_pair_rule_leaves_rows_with_a_blank_alone(contract: Contract):
    for rule in contract.rule:
        if rule.expectation and "Pair" in rule.expectation:
            assert rule.arguments["ignore_row_if"] == "either_value_is_missing", rule.id
            assert rule.arguments["column_A"].startswith(rule.column or "?"), rule.id


@pytest.mark.parametrize(("dataset", "rule_id"), SEVERITIES)
def test_every_common_fault_has_its_severity(dataset, rule_id):
    severity = {rule.id: rule.severity for rule in CONTRACTS[dataset].rule}
    assert severity[rule_id] == SEVERITIES[dataset, rule_id]


@each_contract
def test_every_figure_is_sql_over_the_forms_columns(contract: Contract):
    columns = ", ".join(f"{c.name} {SQL_TYPES.get(c.type, 'varchar')}" for c in contract.column)
    with duckdb.connect() as connection:
        connection.execute(f"create table form ({columns})")
        for figure in contract.figure:
            value = connection.sql(f"select {figure.expression} from form").fetchone()
            assert value in {(0,), (None,)}, figure.name


@each_contract
def test_falls_are_checked_where_there_are_stocks_and_jumps_where_there_are_flows(contract):
    kinds = {figure.measure_kind for figure in contract.figure}
    checks = {rule.check for rule in contract.rule}
    assert ("stock_falls" in checks) == ("stock" in kinds)
    assert ("flow_jumps" in checks) == ("flow" in kinds)


@each_contract
def test_every_spelling_of_a_heading_leads_to_its_own_column(contract: Contract):
    known = known_headings(contract)
    for column in contract.column:
        for heading in (column.heading, *column.spellings):
            assert known[fold_heading(heading)] == column.name, heading


@each_contract
def test_no_spelling_of_a_code_can_be_read_two_ways(contract: Contract):
    for column in contract.column:
        folded = {fold_name(code): code for code in column.codes}
        assert len(folded) == len(column.codes)
        for spelling, code in column.code_spellings.items():
            assert folded.setdefault(fold_name(spelling), code) == code, spelling


def test_no_form_can_be_taken_for_another_by_its_title():
    titles = {
        fold_name(title): dataset
        for dataset, contract in CONTRACTS.items()
        for title in (contract.title.zh, *contract.title_spellings)
    }
    for title, dataset in titles.items():
        longest = max((other for other in titles if other in title), key=len)
        assert titles[longest] == dataset


def test_the_units_a_form_may_use_are_the_known_units_of_measure():
    known = tuple(unit.name for unit in CODES.units_of_measure)
    assert CONTRACTS["indicators"].columns["unit"].codes == known


# Indicators


def test_every_figure_of_the_2020_report_is_an_indicator_of_its_department():
    declared = {code: indicator.department for code, indicator in indicators_by_code().items()}
    for department, codes in REPORT_2020.items():
        for code in codes.split():
            assert declared[code] == department, code
    assert sum(len(codes.split()) for codes in REPORT_2020.values()) == 45


def test_no_indicator_is_declared_twice():
    assert len(indicators_by_code()) == len(CODES.indicators)
    names = [fold_name(indicator.name.zh) for indicator in CODES.indicators]
    assert len(set(names)) == len(names)


@each_indicator
def test_an_indicator_belongs_to_a_department_that_owes_the_form(indicator: Indicator):
    assert indicator.department in CONTRACTS["indicators"].owed_by


@each_indicator
def test_an_indicator_is_published_in_a_base_unit(indicator: Indicator):
    units = {unit.name: unit.base for unit in CODES.units_of_measure}
    assert units[indicator.unit] == indicator.unit


@each_indicator
def test_shares_and_ranks_are_bounded_and_never_added(indicator: Indicator):
    if indicator.unit == "%":
        assert (indicator.minimum, indicator.maximum) == (0, 100)
    if indicator.unit == "位":
        assert (indicator.minimum, indicator.maximum) == (1, 17)
    assert (indicator.rank_scope is not None) == (indicator.unit == "位")
    assert not (indicator.unit in {"%", "位"} and indicator.is_additive)


@each_indicator
def test_a_counted_indicator_names_a_known_measure_at_known_codes(indicator: Indicator):
    counted = indicator.counted
    if counted is None:
        return
    assert counted.measure in MEASURES[counted.mart].split()
    for dimension, value in counted.where.items():
        column = CONTRACTS[DIMENSIONS[counted.mart][dimension]].columns[dimension]
        assert column.type == "text" or value in column.codes


def test_every_figure_of_the_report_that_a_register_can_count_says_how():
    report = {code for codes in REPORT_2020.values() for code in codes.split()}
    uncounted = {code for code in report if indicators_by_code()[code].counted is None}
    assert uncounted == NOT_COUNTED


def test_only_a_net_change_may_be_negative():
    negative = {item.code for item in CODES.indicators if (item.minimum or 0) < 0}
    assert negative == {"high_tech_enterprise_net_new_count"}


def test_a_fee_reduction_of_240_yi_lies_outside_its_plausible_range():
    indicator = indicators_by_code()["fee_reduction_amount"]
    assert indicator.maximum is not None
    assert 2_400_000_000 < indicator.maximum < 24_000_000_000
    assert indicator.range_reason is not None


# What the loader refuses


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('version = 1\n', 'version = 1\ncolour = "red"\n', "colour"),
        ('name = "seq"\n', 'name = "seq"\nrequird = true\n', "requird"),
        ('id = "stock_falls"\n', 'id = "stock_falls"\nseverety = "notice"\n', "severety"),
        ('name = "valid_count"\nexpression', 'name = "valid_count"\nby_units = true\nexpression',
         "by_units"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_refused_by_file_and_name(folder, before, after, key):
    spoil(folder / "trademarks.toml", lambda text: text.replace(before, after, 1))
    with pytest.raises(ContractError, match=rf"trademarks\.toml.*{key}"):
        load_expectations(folder)


@pytest.mark.parametrize(
    ("name", "addition", "key"),
    [
        ("indicators.toml", 'colour = "red"\n', "colour"),
        ("units_of_measure.toml", 'colour = "red"\n', "colour"),
        ("indicators.toml", '[[indicatr]]\ncode = "x"\n', "indicatr"),
    ],
)
def test_an_unknown_key_in_a_code_list_is_refused_by_file_and_name(folder, name, addition, key):
    spoil(folder / "codes" / name, lambda text: text + "\n" + addition)
    with pytest.raises(ContractError, match=rf"{re.escape(name)}.*{key}"):
        load_expectations(folder)


@pytest.mark.parametrize(
    ("pattern", "replacement", "key"),
    [
        (r"^sentence = .*\n", "", "sentence"),
        (r"^remedy = .*\n", "", "remedy"),
        (r"^(sentence = \{ zh = \".*?\"), en = .*\n", r"\1 }\n", r"sentence\.en"),
        (r"^(sentence = \{ zh = )\".*?\"", r'\1""', r"sentence\.zh"),
        (r"^description = .*\n", "", "description"),
        (r"^each_row_is = .*\n", "", "each_row_is"),
    ],
)
def test_a_missing_sentence_is_refused(folder, pattern, replacement, key):
    spoil(
        folder / "patents.toml",
        lambda text: re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE),
    )
    with pytest.raises(ContractError, match=rf"patents\.toml.*{key}"):
        load_expectations(folder)


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('owed_by = ["scjg"]', 'owed_by = ["scjg", "nobody"]', "nobody"),
        ('column = "service_date"', 'column = "service_day"', "service_day"),
        ('heading = "服务机构"', 'heading = "服务日期"', "服务日期"),
        ('"知识产权" = "知识产权服务"', '"知识产权" = "咨询"', "咨询"),
        ('severity = "explain"', 'severity = "perhaps"', "severity"),
        ('check = "flow_jumps"\n', "", "flow_jumps"),
        ("version = 1", "version = ", "line"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(folder, before, after, named):
    spoil(folder / "services.toml", lambda text: text.replace(before, after, 1))
    with pytest.raises(ContractError, match=rf"services\.toml.*{named}"):
        load_expectations(folder)


def test_a_contract_in_an_extra_folder_is_loaded_beside_the_others(folder, tmp_path):
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "visits.toml").write_bytes((folder / "services.toml").read_bytes())
    loaded = load_expectations(folder, extra)
    assert loaded.contracts["visits"].title == CONTRACTS["services"].title
    assert set(loaded.contracts) == {*CONTRACTS, "visits"}


def test_a_changed_sentence_changes_the_rule_set(folder):
    same = load_expectations(folder).rule_set
    spoil(folder / "patents.toml", lambda text: text.replace("早于申请日", "先于申请日", 1))
    assert same == EXPECTATIONS.rule_set
    assert load_expectations(folder).rule_set != same


# Deadlines


def test_standards_of_the_third_quarter_are_due_in_mid_october_and_locked_in_mid_november():
    contract = CONTRACTS["standards"]
    period = Period.parse("2020Q3")
    assert resolve_deadline(period, contract.due) == date(2020, 10, 15)
    # 2020-11-15 is a Sunday
    assert resolve_deadline(period, contract.lock) == date(2020, 11, 16)


@each_contract
def test_no_form_is_locked_before_it_is_due(contract: Contract):
    for period in map(Period.parse, ("2019Q1", "2019Q4", "2020Q1", "2020Q3")):
        due = resolve_deadline(period, contract.due)
        assert period.end < due < resolve_deadline(period, contract.lock)


@pytest.mark.parametrize(
    ("period", "months_after", "day", "expected"),
    [
        pytest.param("2020Q3", 1, 1, date(2020, 10, 9), id="national_day_with_mid_autumn_2020"),
        pytest.param("2020Q3", 1, 8, date(2020, 10, 9), id="last_day_of_that_holiday"),
        pytest.param("2019Q3", 1, 7, date(2019, 10, 8), id="national_day_2019"),
        pytest.param("2024Q3", 1, 5, date(2024, 10, 8), id="national_day_2024"),
        pytest.param("2020Q3", 1, 10, date(2020, 10, 10), id="saturday_made_a_working_day"),
        pytest.param("2020Q2", 3, 27, date(2020, 9, 27), id="sunday_made_a_working_day"),
        pytest.param("2020Q2", 1, 18, date(2020, 7, 20), id="ordinary_saturday"),
        pytest.param("2019Q4", 1, 24, date(2020, 2, 3), id="spring_festival_prolonged_in_2020"),
        pytest.param("2020Q4", 1, 15, date(2021, 1, 15), id="into_the_next_year"),
        pytest.param("2020", 2, 15, date(2021, 2, 18), id="yearly_in_spring_festival_2021"),
        pytest.param("2020-09", 0, 15, date(2020, 9, 15), id="within_the_month"),
    ],
)
def test_a_deadline_moves_to_the_next_working_day(period, months_after, day, expected):
    deadline = Deadline(months_after=months_after, day=day)
    assert resolve_deadline(Period.parse(period), deadline) == expected


@pytest.mark.parametrize("period", ["2099Q3", "1999Q3"])
def test_a_year_beyond_the_holiday_calendar_fails_loudly(period):
    with pytest.raises(CalendarError, match=r"chinesecalendar"):
        resolve_deadline(Period.parse(period), Deadline(months_after=1, day=15))
