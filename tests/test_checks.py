"""Truth tables of the checks: what is kept and what comes in, and the findings that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.warehouse_rows import FIRST_ROW, Form, Gate, expectations, sql

BEFORE, YEAR_BEFORE = "2020Q2", "2019Q3"
SERVED = "quality_service_enterprise_count"


@dataclass(frozen=True)
class Case:
    """A sentence, what counted before, tonight's form, and its findings.

    Attributes:
        finds: lines `rule row column value expected`; the row is that of the form's first line
            plus as many.
    """

    says: str
    kept: Sequence[Form]
    form: Form
    finds: Sequence[str] = ()


def named(cases: Sequence[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.says for case in cases])


def check(case: Case, dataset: str, columns: str, rules: set[str]) -> None:
    gate = Gate()
    for form in case.kept:
        gate.keep(dataset, columns, form)
    number = gate.stage(dataset, columns, case.form)
    found = [line.split(" ", 1)[1] for line in gate.judge(dataset) if line.startswith(f"{number} ")]
    assert [line for line in found if line.split()[0] in rules] == sorted(case.finds)


# --- trademarks: figures by unit -----------------------------------------------------------------

TRADEMARKS = (
    "reporting_unit application_count application_yoy_pct registration_count "
    "registration_yoy_pct valid_count"
)
KEPT = Form("scjg", ["420202 10 - 5 - 100", "420222 0 - 8 - 50"], BEFORE, day="2020-07-12")


@named(
    [
        Case(
            "a stock that fell by more than a fifth is found in its own row",
            [KEPT],
            Form("scjg", ["420202 10 - 5 - 100", "420222 0 - 8 - 39"]),
            [f"stock_falls {FIRST_ROW + 1} valid_count 39 50"],
        ),
        Case(
            "a fall by exactly a fifth is none",
            [KEPT],
            Form("scjg", ["420202 10 - 5 - 80", "420222 0 - 8 - 40"]),
        ),
        Case(
            "a flow ten times the last is found in its own row",
            [KEPT],
            Form("scjg", ["420202 100 - 5 - 100", "420222 0 - 8 - 50"]),
            [f"flow_jumps {FIRST_ROW} application_count 100 10"],
        ),
        Case(
            "just under ten times is none, and growth from 0 has no factor",
            [KEPT],
            Form("scjg", ["420202 99 - 5 - 100", "420222 7000 - 8 - 50"]),
        ),
        Case(
            "a stock may rise and a flow may fall",
            [KEPT],
            Form("scjg", ["420202 0 - 0 - 5000", "420222 0 - 0 - 5000"]),
        ),
        Case(
            "a unit without a row has vanished, and is named",
            [KEPT],
            Form("scjg", ["420202 10 - 5 - 100"]),
            ["unit_vanished - reporting_unit - 阳新县"],
        ),
        Case("without history nothing is compared", [], Form("scjg", ["420202 900 - 900 - 1"])),
        Case(
            "a form two periods back is no history",
            [
                Form(
                    "scjg", ["420202 10 - 5 - 100", "420222 1 - 8 - 50"], "2020Q1", day="2020-04-12"
                )
            ],
            Form("scjg", ["420202 900 - 900 - 1"]),
        ),
        Case(
            "a rejected, held or withdrawn form is no history",
            [
                Form("scjg", KEPT.rows, BEFORE, action="reject"),
                Form("scjg", KEPT.rows, BEFORE, action="hold"),
                Form("scjg", KEPT.rows, BEFORE, then=[("withdraw", "2020-10-01")]),
            ],
            Form("scjg", ["420202 900 - 900 - 1"]),
        ),
        Case(
            "history is the last accepted form, not the first",
            [KEPT, Form("scjg", ["420202 100 - 50 - 10"], BEFORE, day="2020-07-20")],
            Form("scjg", ["420202 100 - 50 - 9"]),
        ),
        Case(
            "a withheld figure is no history",
            [Form("scjg", KEPT.rows, BEFORE, withheld=[(0, "valid_count")])],
            Form("scjg", ["420202 10 - 5 - 1", "420222 0 - 8 - 50"]),
        ),
    ]
)
def test_figures_against_the_period_before(case: Case) -> None:
    rules = {"stock_falls", "flow_jumps", "unit_vanished"}
    check(case, "trademarks", TRADEMARKS, rules)


LAST_YEAR = Form("scjg", ["420202 200 - 0 - 100"], YEAR_BEFORE, day="2019-10-12")


@named(
    [
        Case(
            "growth that recomputes is none, to the tolerance",
            [LAST_YEAR],
            Form("scjg", ["420202 143 -28.55 5 - 100"]),
        ),
        Case(
            "growth that differs is found at its cell, with what it should be",
            [LAST_YEAR],
            Form("scjg", ["420202 143 28.5 5 - 100"]),
            [f"application_growth_differs {FIRST_ROW} application_yoy_pct 28.5 -28.5"],
        ),
        Case(
            "a lost decimal point is found",
            [LAST_YEAR],
            Form("scjg", ["420202 277 3850 5 - 100"]),
            [f"application_growth_differs {FIRST_ROW} application_yoy_pct 3850 38.5"],
        ),
        Case(
            "a blank growth, and growth from 0, are none",
            [LAST_YEAR],
            Form("scjg", ["420202 143 - 5 500 100"]),
        ),
        Case(
            "without the year before, or the unit in it, growth is taken as told",
            [LAST_YEAR],
            Form("scjg", ["420222 143 28.5 5 1 100"]),
        ),
        Case(
            "without history growth is taken as told", [], Form("scjg", ["420202 143 28.5 5 1 9"])
        ),
        Case(
            "last quarter is not last year",
            [Form("scjg", ["420202 200 - 1 - 100"], BEFORE)],
            Form("scjg", ["420202 143 28.5 5 1 100"]),
        ),
    ]
)
def test_growth_against_the_year_before(case: Case) -> None:
    rules = {"application_growth_differs", "registration_growth_differs"}
    check(case, "trademarks", TRADEMARKS, rules)


# --- registers -----------------------------------------------------------------------------------

PROJECTS = "project_name organiser project_level progress"
FIVE = [f"p{number} 发改委 市级 实施" for number in range(5)]


@named(
    [
        Case(
            "a register that shrank by more than a fifth is found as a whole",
            [Form("fgw", FIVE, BEFORE)],
            Form("fgw", FIVE[:3]),
            ["stock_falls - project_name 3 5"],
        ),
        Case("a fall by a fifth is none", [Form("fgw", FIVE, BEFORE)], Form("fgw", FIVE[:4])),
        Case(
            "a nil report after projects says that all of them are gone",
            [Form("fgw", FIVE, BEFORE)],
            Form("fgw", is_nil=True),
            ["stock_falls - project_name 0 5"],
        ),
        Case(
            "a nil report after a nil report is none",
            [Form("fgw", is_nil=True, period=BEFORE)],
            Form("fgw", is_nil=True),
        ),
        Case(
            "projects of another reporter are no history",
            [Form("scjg", FIVE, BEFORE)],
            Form("fgw", FIVE[:1]),
        ),
    ]
)
def test_a_register_against_the_period_before(case: Case) -> None:
    check(case, "quality_projects", PROJECTS, {"stock_falls"})


ENTERPRISES = "uscc reporting_unit status"


@named(
    [
        Case(
            "a unit that vanished from a register is named beside the fall of the others",
            [Form("scjg", ["A 420202 在营", "B 420203 在营", "C 420222 注销"], BEFORE)],
            Form("scjg", ["A 420202 注销"]),
            [
                "stock_falls - uscc 0 1",
                "unit_vanished - reporting_unit - 西塞山区",
                "unit_vanished - reporting_unit - 阳新县",
            ],
        ),
        Case(
            "a unit that is new is none",
            [Form("scjg", ["A 420202 在营"], BEFORE)],
            Form("scjg", ["A 420202 在营", "B 420203 在营"]),
        ),
        Case("without history nothing vanishes", [], Form("scjg", ["A 420202 在营"])),
    ]
)
def test_units_of_a_register(case: Case) -> None:
    check(case, "enterprises", ENTERPRISES, {"stock_falls", "unit_vanished"})


FUNDING = "recipient_name programme amount"


@named(
    [
        Case(
            "yuan written as 万元 are found",
            [Form("czj", ["甲 奖 300000.5", "乙 奖 100"], BEFORE)],
            Form("czj", ["甲 奖 3001005"]),
            ["flow_jumps - amount 3001005 300100.5"],
        ),
        Case("less is none", [Form("czj", ["甲 奖 3"], BEFORE)], Form("czj", ["甲 奖 29.99"])),
        Case(
            "money after a nil report has no factor",
            [Form("czj", is_nil=True, period=BEFORE)],
            Form("czj", ["甲 奖 3001005"]),
        ),
    ]
)
def test_flows_of_a_register(case: Case) -> None:
    check(case, "funding", FUNDING, {"flow_jumps"})


@pytest.mark.parametrize(
    ("declared", "finds"),
    [("300100.5", []), ("300100.4", ["1 total_differs 99 amount 300100.4 300100.5"])],
    ids=["a total that adds up is none", "a total that does not is found at its cell"],
)
def test_totals(declared: str, finds: list[str]) -> None:
    gate = Gate()
    number = gate.stage("funding", FUNDING, Form("czj", ["甲 奖 300000.5", "乙 奖 100"]))
    gate.total(number, "amount", declared)
    assert gate.judge("funding") == finds


PATENTS = "application_no application_no__filed_year applied_on granted_on legal_status"


@named(
    [
        Case(
            "a filing date of another year than the number's is found",
            [],
            Form("420202", ["1 2018 2019-03-01 - 审中", "2 2019 2019-03-01 - 审中"]),
            [f"filing_year_differs {FIRST_ROW} applied_on 2019-03-01 2018"],
        ),
        Case(
            "a patent in force without a grant date is found, one that lapsed is not",
            [],
            Form(
                "420202",
                [
                    "1 2019 2019-03-01 - 有效",
                    "2 2019 2019-03-01 - 失效",
                    "3 2019 2019-03-01 2020-01-02 有效",
                ],
            ),
            [f"valid_without_grant {FIRST_ROW} granted_on - 有效"],
        ),
        Case("a number without a year is none", [], Form("420202", ["1 - 2019-03-01 - 审中"])),
    ]
)
def test_patents(case: Case) -> None:
    check(case, "patents", PATENTS, {"filing_year_differs", "valid_without_grant"})


# --- indicators ----------------------------------------------------------------------------------

INDICATORS = (
    "indicator_code indicator_name reporting_unit unit value prior_year_value ytd_value qualifier"
)


def figure(code: str, text: str, unit_code: str = "420200") -> str:
    """A line of the form: `value unit`, and then prior=, ytd=, qualifier=, name=."""
    value, unit, *more = text.split()
    given = dict(item.split("=") for item in more)
    name = given.get("name", "-")
    rest = [given.get(key, "-") for key in ("prior", "ytd", "qualifier")]
    return " ".join([code, name, unit_code, unit, value, *rest])


def tonight(reporter: str, code: str, text: str, unit_code: str = "420200") -> Form:
    return Form(reporter, [figure(code, text, unit_code)])


def before(
    reporter: str, code: str, text: str, period: str = BEFORE, unit_code: str = "420200"
) -> Form:
    return Form(reporter, [figure(code, text, unit_code)], period, day="2020-07-12")


@named(
    [
        Case(
            "a flow ten times the last is found, the last told in the form's own unit",
            [before("czj", "quality_special_fund_amount", "20 万元")],
            tonight("czj", "quality_special_fund_amount", "2100000 元"),
            [f"indicator_jumps {FIRST_ROW} value 2100000 200000"],
        ),
        Case(
            "the same sum in another unit is none",
            [before("czj", "quality_special_fund_amount", "210 万元")],
            tonight("czj", "quality_special_fund_amount", "2100000 元"),
        ),
        Case(
            "growth from 0 has no factor",
            [before("czj", "quality_special_fund_amount", "0 万元")],
            tonight("czj", "quality_special_fund_amount", "210 万元"),
        ),
        Case(
            "a stock may grow tenfold, a flow may fall",
            [
                before("scjg", "std_total_count", "10 项"),
                before("jxj", "workers_dispatched_count", "9000 人"),
            ],
            Form(
                "jxj",
                [
                    figure("std_total_count", "1213 项"),
                    figure("workers_dispatched_count", "8 人"),
                ],
            ),
        ),
        Case(
            "a stock that fell by more than a fifth is found",
            [before("scjg", "std_total_count", "1213 项")],
            tonight("scjg", "std_total_count", "970 项"),
            [f"indicator_falls {FIRST_ROW} value 970 1213"],
        ),
        Case(
            "a fall by a fifth is none",
            [before("scjg", "std_total_count", "1000 项")],
            tonight("scjg", "std_total_count", "800 项"),
        ),
        Case(
            "a better rank is no fall",
            [before("jxj", "hubei_top100_rank", "3 位")],
            tonight("jxj", "hubei_top100_rank", "2 位"),
        ),
        Case(
            "each reporting unit has its own history",
            [before("scjg", "std_total_count", "1213 项")],
            tonight("scjg", "std_total_count", "97 项", "420202"),
        ),
        Case(
            "without history nothing jumps or falls", [], tonight("scjg", "std_total_count", "1 项")
        ),
        Case(
            "a withheld figure is no history",
            [Form("scjg", [figure("std_total_count", "1213 项")], BEFORE, withheld=[(0, "value")])],
            tonight("scjg", "std_total_count", "1 项"),
        ),
        Case(
            "an indicator's history is found whoever reported it",
            [before("jxj", "std_total_count", "1213 项")],
            tonight("scjg", "std_total_count", "1 项"),
            [f"indicator_falls {FIRST_ROW} value 1 1213"],
        ),
    ]
)
def test_indicators_against_the_period_before(case: Case) -> None:
    check(case, "indicators", INDICATORS, {"indicator_jumps", "indicator_falls"})


@named(
    [
        Case(
            "a figure of last year that was accepted otherwise is found, in the form's own unit",
            [before("czj", "quality_special_fund_amount", "1900000 元", YEAR_BEFORE)],
            tonight("czj", "quality_special_fund_amount", "210 万元 prior=180"),
            [f"prior_year_differs {FIRST_ROW} prior_year_value 180 190"],
        ),
        Case(
            "the same figure in another unit is none",
            [before("czj", "quality_special_fund_amount", "1900000 元", YEAR_BEFORE)],
            tonight("czj", "quality_special_fund_amount", "210 万元 prior=190"),
        ),
        Case(
            "what rounding to the last written digit hides is none",
            [before("swj", "retail_sales", "8123456 万元", YEAR_BEFORE)],
            tonight("swj", "retail_sales", "900 亿元 prior=812.3"),
        ),
        Case(
            "what it does not hide is found",
            [before("swj", "retail_sales", "8123456 万元", YEAR_BEFORE)],
            tonight("swj", "retail_sales", "900 亿元 prior=812.4"),
            [f"prior_year_differs {FIRST_ROW} prior_year_value 812.4 812.3456"],
        ),
        Case(
            "a figure without a coarser unit is not rounded",
            [before("scjg", "std_total_count", "1213 项", YEAR_BEFORE)],
            tonight("scjg", "std_total_count", "1300 项 prior=1212"),
            [f"prior_year_differs {FIRST_ROW} prior_year_value 1212 1213"],
        ),
        Case(
            "a figure accepted as about so much is not compared",
            [before("scjg", SERVED, "500 家 qualifier=近", YEAR_BEFORE)],
            tonight("scjg", SERVED, "520 家 prior=487"),
        ),
        Case(
            "a blank, or a year without a form, is none",
            [before("scjg", "std_total_count", "1213 项", YEAR_BEFORE)],
            Form(
                "scjg",
                [
                    figure("std_total_count", "1300 项"),
                    figure("std_national_count", "388 项 prior=1"),
                ],
            ),
        ),
    ]
)
def test_indicators_against_the_year_before(case: Case) -> None:
    check(case, "indicators", INDICATORS, {"prior_year_differs"})


@named(
    [
        Case(
            "a unit that does not convert is found: 家次 for 家",
            [],
            tonight("scjg", "quality_award_cultivated_enterprise_count", "18 家次"),
            [f"indicator_unit_known {FIRST_ROW} unit 家次 家"],
        ),
        Case("亿元 converts to 元", [], tonight("swj", "retail_sales", "812 亿元")),
        Case(
            "another department's indicator is found, and whose it is",
            [],
            tonight("jxj", "std_total_count", "1213 项"),
            [f"indicator_department {FIRST_ROW} indicator_code std_total_count 市市场监管局"],
        ),
        Case(
            "another name than the code's is found",
            [],
            tonight("scjg", "std_national_count", "388 项 name=国家标准数"),
            [f"indicator_name_matches {FIRST_ROW} indicator_name 国家标准数 其中国家标准项数"],
        ),
        Case(
            "the code's own name is none, and so is a blank one",
            [],
            Form(
                "scjg",
                [
                    figure("std_national_count", "388 项 name=其中国家标准项数"),
                    figure("std_total_count", "1213 项"),
                ],
            ),
        ),
        Case(
            "brackets may be wide",
            [],
            tonight("swj", "china_time_honored_brand_count", "2 个 name=中华老字号数（列名）"),
        ),
        Case(
            "a figure above the plausible range is found, the range in the form's own unit",
            [],
            tonight("jxj", "fee_reduction_amount", "240 亿元 qualifier=近"),
            [f"outside_plausible_range {FIRST_ROW} value 240 ≤ 88.2亿元"],
        ),
        Case("one at its edge is none", [], tonight("jxj", "fee_reduction_amount", "88.2 亿元")),
        Case(
            "a rank beyond the last one, and a share beyond the whole, are found",
            [],
            Form("jxj", [
                figure("hubei_top100_rank", "18 位"),
                figure("hidden_champion_province_share", "101 %"),
            ]),
            [
                f"outside_plausible_range {FIRST_ROW} value 18 1 ~ 17位",
                f"outside_plausible_range {FIRST_ROW + 1} value 101 0 ~ 100%",
            ],
        ),
        Case(
            "a net change below its floor is found",
            [],
            tonight("kjj", "high_tech_enterprise_net_new_count", "-501 家"),
            [f"outside_plausible_range {FIRST_ROW} value -501 ≥ -500家"],
        ),
        Case(
            "a net change may be negative, a count and its sums may not",
            [],
            Form(
                "kjj",
                [
                    figure("high_tech_enterprise_net_new_count", "-63 家 prior=-1"),
                    figure("high_tech_enterprise_count", "9 家 prior=-1 ytd=-2"),
                ],
            ),
            [
                f"negative_figure {FIRST_ROW + 1} prior_year_value -1 0",
                f"negative_figure {FIRST_ROW + 1} ytd_value -2 0",
            ],
        ),
    ]
)  # fmt: skip
def test_one_indicator_by_itself(case: Case) -> None:
    rules = {
        "indicator_unit_known",
        "indicator_department",
        "indicator_name_matches",
        "outside_plausible_range",
        "negative_figure",
    }
    check(case, "indicators", INDICATORS, rules)


def test_blanks_inside_an_indicators_name_do_not_matter() -> None:
    gate = Gate()
    gate.stage("indicators", INDICATORS, tonight("scjg", "std_national_count", "388 项"))
    spaced = "其中 国家\u3000标准项数"
    gate.connection.execute(f"update gate_row_indicators set indicator_name = '{spaced}'")
    assert gate.judge("indicators") == []


# --- figures against a register ------------------------------------------------------------------

SERVICES = "reporting_unit uscc service_type service_date"
SERVICE_ROWS = [f"420202 A{number} 质量技术服务 2020-07-01" for number in range(482)]


def differing(
    line: str, reporter: str = "scjg", *, is_in: bool = True, period: str = "2020Q3"
) -> str:
    """What the register of services, with 482 enterprises served, has against a figure."""
    gate = Gate()
    if is_in:
        gate.keep("services", SERVICES, Form("scjg", SERVICE_ROWS))
    gate.stage("indicators", INDICATORS, Form(reporter, [line], period))
    found = [text for text in gate.judge("indicators", "services") if " register_differs " in text]
    return found[0].split(" ", 4)[4] if found else "agrees"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("482 家", "agrees"),
        ("481 家", "481 482家"),
        ("500 家 qualifier=近", "agrees"),
        ("482 家 qualifier=近", "agrees"),
        ("481 家 qualifier=近", "481 482家"),
        ("540 家 qualifier=近", "540 482家"),
        ("480 家 qualifier=余", "agrees"),
        ("400 家 qualifier=余", "agrees"),
        ("482 家 qualifier=超过", "agrees"),
        ("470 家 qualifier=余", "470 482家"),
        ("500 家 qualifier=超过", "500 482家"),
        ("500 家 qualifier=约", "agrees"),
        ("460 家 qualifier=左右", "agrees"),
        ("510 家 qualifier=约", "510 482家"),
    ],
)
def test_a_figure_is_held_against_the_register_with_its_qualifier(text: str, outcome: str) -> None:
    assert differing(figure(SERVED, text)) == outcome


def test_the_register_counts_by_unit_too() -> None:
    assert differing(figure(SERVED, "481 家", "420202")) == "481 482家"
    assert differing(figure(SERVED, "1 家", "420203")) == "1 0家"
    assert differing(figure(SERVED, "0 家", "420203")) == "agrees"


def test_a_register_that_is_missing_or_of_another_period_says_nothing() -> None:
    line = figure(SERVED, "1 家")
    assert differing(line, is_in=False) == "agrees"
    assert differing(line, period="2020Q2") == "agrees"


def test_a_register_that_lacks_a_form_says_nothing_of_the_city() -> None:
    gate = Gate()
    columns = "reporting_unit standard_no uscc standard_level role"
    gate.keep("standards", columns, Form("420202", ["420202 GB1 A 国家标准 执行"]))
    lines = [figure("std_total_count", "9 项"), figure("std_total_count", "9 项", "420202")]
    gate.stage("indicators", INDICATORS, Form("scjg", lines))
    found = [text for text in gate.judge("indicators", "standards") if "register_differs" in text]
    assert found == [f"2 register_differs {FIRST_ROW + 1} value 9 1项"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("540.43 万元", "agrees"),
        ("540 万元", "agrees"),
        ("541 万元", "541 540.4321万元"),
        ("5404321 元", "agrees"),
        ("5404000 元", "5404000 5404321元"),
        ("0.054 亿元", "agrees"),
        ("0.055 亿元", "0.055 0.054043亿元"),
        ("500 万元 qualifier=余", "agrees"),
        ("600 万元 qualifier=近", "600 540.4321万元"),
    ],
)
def test_money_is_held_against_the_register_to_its_last_written_digit(
    text: str, outcome: str
) -> None:
    gate = Gate()
    columns = "reporting_unit programme funding_level funding_kind recipient_name amount"
    for reporter in ("scjg", "jxj", "swj", "kjj", "czj"):
        rows = ["420202 知识产权专项资金 市 补助 甲 5404321"] if reporter == "scjg" else []
        gate.keep("funding", columns, Form(reporter, rows, is_nil=not rows))
    gate.stage("indicators", INDICATORS, tonight("scjg", "ip_special_fund_amount", text))
    found = [line for line in gate.judge("indicators", "funding") if " register_differs " in line]
    assert (found[0].split(" ", 4)[4] if found else "agrees") == outcome


def test_a_flow_is_never_held_against_a_stock() -> None:
    gate = Gate()
    columns = "reporting_unit application_no patent_type patentee_name granted_on legal_status"
    for unit in ("420202", "420203", "420204", "420222", "420281", "KFQTS"):
        rows = [f"{unit} {unit} 发明 甲 2018-01-02 有效"]
        gate.keep("patents", columns, Form(unit, rows))
    lines = [figure("patent_grant_count", "1 件"), figure("valid_invention_count", "5 件")]
    gate.stage("indicators", INDICATORS, Form("scjg", lines))
    found = [text for text in gate.judge("indicators", "patents") if "register_differs" in text]
    assert found == [f"7 register_differs {FIRST_ROW + 1} value 5 6件"]


# --- all checks ----------------------------------------------------------------------------------


def test_a_forms_findings_do_not_depend_on_the_forms_beside_it() -> None:
    def judged(*others: Form) -> list[str]:
        gate = Gate()
        gate.keep("trademarks", TRADEMARKS, KEPT)
        number = gate.stage("trademarks", TRADEMARKS, Form("scjg", ["420202 100 - 5 - 9"]))
        for form in others:
            gate.stage("trademarks", TRADEMARKS, form)
        return [line for line in gate.judge("trademarks") if line.startswith(f"{number} ")]

    alone = judged()
    assert len(alone) == 3
    beside = judged(Form("scjg", ["420222 1 1 1 1 1"]), Form("scjg", KEPT.rows, BEFORE))
    assert beside == alone


def test_every_check_a_contract_names_has_its_file_and_every_file_is_named() -> None:
    rules = [rule for item in expectations().contracts.values() for rule in item.rule if rule.check]
    assert {rule.check for rule in rules} | {"total_differs"} == set(sql("check"))
    for rule in rules:
        assert sql("check")[str(rule.check)].parameters <= set(rule.arguments), rule.id


@pytest.mark.parametrize("name", sorted(sql("check")))
def test_every_check_says_what_a_row_is_and_returns_the_six_columns(name: str) -> None:
    model = sql("check")[name]
    assert model.header.startswith("A row is")
    assert model.query.named_selects == [
        "submission_id",
        "source_sheet",
        "source_row",
        "column_name",
        "value",
        "expected",
    ]
