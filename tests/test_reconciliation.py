"""Truth tables of two sources for one fact: published figures and bridges in, states out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.comparison_rows import (
    COUNTED,
    FUND,
    FUND_ROWS,
    REGISTER,
    TOTAL,
    UNITS,
    Case,
    bridge,
    city,
    read,
)
from tests.warehouse_rows import Form, Warehouse, expectations, sql
from warehouse.build.marts import build_marts
from warehouse.build.news import find_vintages

SIDES = "left_value right_value difference unit state owner_code"


def named(cases: Sequence[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.says for case in cases])


@named(
    [
        Case(
            "the report's 1213 standards agree with 1213 in the register",
            [city(TOTAL, "1213"), city(REGISTER, "1213", "-", "6/6")],
            ["1213 1213 0 项 agrees scjg"],
            "register.std_total_count",
            SIDES,
        ),
        Case(
            "one standard too many is open, and its reporter answers",
            [city(TOTAL, "1213"), city(REGISTER, "1212", "-", "6/6")],
            ["1213 1212 1 项 open scjg"],
            "register.std_total_count",
            SIDES,
        ),
        Case(
            "nothing can be said while a register's form is missing",
            [city(TOTAL, "1213"), city(REGISTER, "1100", "-", "5/6")],
            ["1213 1100 113 项 incomplete scjg"],
            "register.std_total_count",
            SIDES,
        ),
        Case(
            "a figure that only the register has is one-sided for the city, no row for a unit",
            [city(REGISTER, "1213", "-", "6/6"), f"{REGISTER} 2020Q3 420202 200"],
            ["- 1213 - 项 one_sided scjg"],
            "register.std_total_count",
            SIDES,
        ),
        Case(
            "a figure that only the department has is one-sided",
            [city(TOTAL, "1213"), f"{TOTAL} 2020Q3 420202 200"],
            ["1213 - - 项 one_sided scjg", "200 - - 项 one_sided scjg"],
            "register.std_total_count",
            SIDES,
        ),
        Case(
            "a unit's figure is held against its own register",
            [f"{TOTAL} 2020Q3 420202 200", f"{REGISTER} 2020Q3 420202 199"],
            ["200 199 1 项 open scjg"],
            "register.std_total_count",
            SIDES,
        ),
        Case(
            "a part the register does not list counts 0 where it has the whole",
            [city("std_national_count", "3"), city(REGISTER, "12")],
            ["3 0 3 项 open scjg"],
            "register.std_national_count",
            SIDES,
        ),
        Case(
            "a part the register lists is what counts, not the whole",
            [
                city("std_national_count", "388"),
                city(REGISTER, "1213"),
                city(COUNTED["std_national_count"], "388"),
            ],
            ["388 388 0 项 agrees scjg"],
            "register.std_national_count",
            SIDES,
        ),
        Case(
            "what is not applicable has nothing to compare",
            [city(TOTAL, "-"), city(REGISTER, "1213")],
            ["- 1213 - 项 one_sided scjg"],
            "register.std_total_count",
            SIDES,
        ),
        Case(
            "a flow is not held against a stock where no bridge is declared",
            [
                city("excellence_model_adopter_count", "70", "余"),
                city(COUNTED["excellence_model_adopter_count"], "12"),
            ],
            [],
            "register.excellence_model_adopter_count",
        ),
    ]
)
def test_a_register_is_compared_with_what_is_reported(case: Case) -> None:
    assert read(case) == case.rows


@pytest.mark.parametrize(
    ("stated", "written", "counted", "state"),
    [
        ("5000000 余", "ip_special_fund_amount 万元", "5230000", "agrees"),
        ("5000000 余", "", "5230000", "agrees"),
        ("5000000 余", "", "5000000", "agrees"),
        ("5000000 余", "", "4999999.99", "open"),
        ("5000000 余", "", "5999999.99", "agrees"),
        ("5000000 余", "", "6000000", "open"),
        ("5000000 超过", "", "5999999", "agrees"),
        ("5000000 近", "", "4500000", "agrees"),
        ("5000000 近", "", "4499999", "open"),
        ("5000000 近", "", "5000001", "open"),
        ("5000000 约", "", "4750000", "agrees"),
        ("5000000 约", "", "5250001", "open"),
        ("5000000 左右", "", "5250000", "agrees"),
        ("70 余", "", "79", "agrees"),
        ("70 余", "", "80", "open"),
        ("5230000", "ip_special_fund_amount 万元", "5234999.99", "agrees"),
        ("5230000", "ip_special_fund_amount 万元", "5235000", "agrees"),
        ("5230000", "ip_special_fund_amount 万元", "5235000.01", "open"),
        ("5000000", "ip_special_fund_amount 万元", "5005001", "open"),
        ("9960000000", "ip_special_fund_amount 亿元", "9964999999", "agrees"),
        ("9960000000", "ip_special_fund_amount 亿元", "9965000001", "open"),
        ("5230000", "ip_special_fund_amount 元", "5230001", "open"),
        ("0", "ip_special_fund_amount 万元", "4999", "agrees"),
        ("0", "ip_special_fund_amount 万元", "5001", "open"),
    ],
)
def test_qualifiers_and_the_unit_written_say_how_exact_a_figure_is(
    stated: str, written: str, counted: str, state: str
) -> None:
    figures = [city(FUND, *stated.split()), city(FUND_ROWS, counted)]
    case = Case("", figures, [], f"register.{FUND}", "state")
    assert read(case, written=written) == [state]


EACH = [f"{FUND} 2020Q3 {unit} 100" for unit in UNITS]
EACH_ROWS = [f"{FUND_ROWS} 2020Q3 {unit} 100 - 1/1" for unit in UNITS]


@named(
    [
        Case(
            "the city is the sum of its units",
            [city(FUND, "600"), *EACH],
            ["600 600 0 元 agrees czj"],
            f"total.{FUND}",
            SIDES,
        ),
        Case(
            "a city that is not the sum is open",
            [city(FUND, "601"), *EACH],
            ["601 600 1 元 open czj"],
            f"total.{FUND}",
            SIDES,
        ),
        Case(
            "a reported sum that misses a unit says nothing yet",
            [city(FUND, "600"), *EACH[1:]],
            ["600 500 100 元 incomplete czj"],
            f"total.{FUND}",
            SIDES,
        ),
        Case(
            "a unit whose figure is not applicable adds nothing and is not missing",
            [city(FUND, "500"), f"{FUND} 2020Q3 420202 -", *EACH[1:]],
            ["500 500 0 元 agrees czj"],
            f"total.{FUND}",
            SIDES,
        ),
        Case(
            "units without a city are one-sided",
            EACH,
            ["- 600 - 元 one_sided czj"],
            f"total.{FUND}",
            SIDES,
        ),
        Case("a city without units has no total to compare", [city(FUND, "600")], [], "total."),
        Case(
            "what does not add up over units is not added",
            [city("std_total_count", "9"), "std_total_count 2020Q3 420202 9"],
            [],
            "total.",
        ),
        Case(
            "a register's unit without such rows counts 0, the forms being in",
            [city(FUND_ROWS, "500"), *EACH_ROWS[1:]],
            ["500 500 0 项 agrees -"],
            f"total.{FUND_ROWS}",
            SIDES,
        ),
        Case(
            "a register with a form missing is incomplete",
            [city(FUND_ROWS, "500", "-", "5/6"), *EACH_ROWS[1:]],
            ["500 500 0 项 incomplete -"],
            f"total.{FUND_ROWS}",
            SIDES,
        ),
        Case(
            "qualified parts make a sum that is not exact",
            [city(FUND, "630"), f"{FUND} 2020Q3 420202 100 余", *EACH[1:]],
            ["630 600 30 元 agrees czj"],
            f"total.{FUND}",
            SIDES,
        ),
    ]
)
def test_a_citys_total_is_compared_with_the_sum_of_its_units(case: Case) -> None:
    fund = next(item for item in expectations().codes.indicators if item.code == FUND)
    rows = [row.replace("czj", fund.department) for row in case.rows]
    assert read(case) == rows


def test_rounded_parts_may_miss_a_rounded_total_by_half_a_digit_each() -> None:
    parts = [f"{FUND} 2020Q3 {unit} 100000" for unit in UNITS]
    for total, state in (("630000", "agrees"), ("640000", "open")):
        case = Case("", [city(FUND, total), *parts], [], f"total.{FUND}", "state")
        assert read(case, written=f"{FUND} 万元") == [state]


SHARE = "hidden_champion_province_share"
CHAMPIONS = [city("hidden_champion_count", "79"), city("prov_srdi_count", "1129")]
GROWN = "trademark_growth.application_yoy_pct"
COUNT = "trademarks.application_count"


@named(
    [
        Case(
            "a share recomputes to the digits it is stated with",
            [city(SHARE, "7"), *CHAMPIONS],
            ["7 6.997343 agrees jxj"],
            "a_share",
            "left_value right_value state owner_code",
        ),
        Case(
            "a share with more digits has to be exact to them",
            [city(SHARE, "7.1"), *CHAMPIONS],
            ["2020Q3 open"],
            "a_share",
        ),
        Case(
            "a share of about so much has 5 % to either side",
            [city(SHARE, "7", "左右"), CHAMPIONS[0], city("prov_srdi_count", "1187")],
            ["2020Q3 agrees"],
            "a_share",
        ),
        Case(
            "a share without its denominator is one-sided",
            [city(SHARE, "7"), CHAMPIONS[0]],
            ["2020Q3 one_sided"],
            "a_share",
        ),
        Case(
            "nothing is a share of 0",
            [city(SHARE, "7"), CHAMPIONS[0], city("prov_srdi_count", "0")],
            ["2020Q3 one_sided"],
            "a_share",
        ),
        Case(
            "no row where no share was stated",
            CHAMPIONS,
            [],
            "a_share",
        ),
        Case(
            "a rate per ten thousand has its own factor and its stated digits",
            [
                city("invention_per_10k", "8.37"),
                city("valid_invention_count", "2046"),
                city("workers_dispatched_count", "2444000"),
            ],
            ["8.37 8.371522 agrees"],
            "per_ten_thousand",
            "left_value right_value state",
        ),
        Case(
            "a growth recomputes from the figure of the year before",
            [city(GROWN, "38.36"), city(COUNT, "101"), city(COUNT, "73", period="2019Q3")],
            ["2020Q3 38.36 38.356164 % agrees"],
            "a_growth",
            "period left_value right_value unit state",
        ),
        Case(
            "half a digit more is still the growth stated, beyond it is not",
            [
                city(GROWN, "12.5"),
                city(COUNT, "1125.5"),
                city(COUNT, "1000", period="2019Q3"),
                city(GROWN, "12.5", period="2020-09"),
                city(COUNT, "1125.51", period="2020-09"),
                city(COUNT, "1000", period="2019-09"),
            ],
            ["2020-09 open", "2020Q3 agrees"],
            "a_growth",
        ),
        Case(
            "a sign that was lost is open",
            [city(GROWN, "2.22"), city(COUNT, "44"), city(COUNT, "45", period="2019Q3")],
            ["2.22 -2.222222 open"],
            "a_growth",
            "left_value right_value state",
        ),
        Case(
            "growth from nothing, or from a year without a figure, cannot be recomputed",
            [
                city(GROWN, "200", period="2020"),
                city(COUNT, "3", period="2020"),
                city(COUNT, "0", period="2019"),
                city(GROWN, "200"),
                city(COUNT, "3"),
            ],
            ["2020 one_sided", "2020Q3 one_sided"],
            "a_growth",
        ),
        Case(
            "growth from a year with a form missing says nothing yet",
            [city(GROWN, "10"), city(COUNT, "44"), city(COUNT, "45", "-", "4/6", period="2019Q3")],
            ["2020Q3 incomplete"],
            "a_growth",
        ),
    ]
)
def test_shares_and_growth_are_recomputed(case: Case) -> None:
    assert read(case) == case.rows


RANKED = [f"tech_sme_count 2020Q3 {u} {n}" for u, n in zip(UNITS, "975521", strict=True)]


@named(
    [
        Case(
            "a rank is one more than the units with a larger figure",
            [*RANKED, "design_service_rank 2020Q3 420203 2", "design_service_rank 2020Q3 KFQTS 5"],
            ["420203 2 2 agrees", "KFQTS 5 6 open"],
            "a_rank",
            "reporting_unit_code left_value right_value state",
        ),
        Case(
            "equal figures share the better rank, and the next one is left out",
            [
                *[line.replace("420204 5", "420204 7") for line in RANKED],
                "design_service_rank 2020Q3 420203 2",
                "design_service_rank 2020Q3 420204 3",
                "design_service_rank 2020Q3 420222 4",
            ],
            ["420203 2 2 agrees", "420204 3 2 open", "420222 4 4 agrees"],
            "a_rank",
            "reporting_unit_code left_value right_value state",
        ),
        Case(
            "a rank among fewer than all units says nothing yet",
            [*RANKED[:5], "design_service_rank 2020Q3 420203 2"],
            ["2020Q3 incomplete"],
            "a_rank",
        ),
        Case(
            "a city's rank has no units to be recomputed from",
            [*RANKED, city("design_service_rank", "2")],
            ["2020Q3 one_sided"],
            "a_rank",
        ),
        Case(
            "parts are no more than the whole",
            [
                city("qip_provincial_project_count", "1"),
                city("qip_municipal_project_count", "2"),
                city("qip_county_project_count", "6"),
                city("qip_project_count", "37"),
            ],
            ["9 37 -28 agrees scjg"],
            "levels",
            "left_value right_value difference state owner_code",
        ),
        Case(
            "parts that are more than the whole are open",
            [
                city("qip_provincial_project_count", "1"),
                city("qip_county_project_count", "6"),
                city("qip_project_count", "6"),
            ],
            ["7 6 1 open scjg"],
            "levels",
            "left_value right_value difference state owner_code",
        ),
        Case(
            "parts of about so much may reach below the whole",
            [city("qip_county_project_count", "40", "左右"), city("qip_project_count", "38")],
            ["2020Q3 agrees"],
            "levels",
        ),
        Case(
            "two offices' figures agree where both can be true",
            [
                city("high_tech_enterprise_count", "500", "近"),
                city("above_scale_enterprise_count", "400", "余"),
            ],
            ["500 近 400 余 agrees kjj"],
            "two_offices",
            "left_value left_qualifier right_value right_qualifier state owner_code",
        ),
        Case(
            "what 400余 ends before is not near 600",
            [
                city("high_tech_enterprise_count", "600", "近"),
                city("above_scale_enterprise_count", "400", "余"),
            ],
            ["2020Q3 open"],
            "two_offices",
        ),
        Case(
            "a figure only the second office has is one-sided",
            [city("above_scale_enterprise_count", "400")],
            ["2020Q3 one_sided"],
            "two_offices",
        ),
    ]
)
def test_ranks_parts_and_offices_are_compared(case: Case) -> None:
    assert read(case) == case.rows


def differing(*counted: str) -> list[str]:
    """1213 reported from release 1 on, and what the register counted."""
    return [city(TOTAL, "1213"), *(city(REGISTER, *line.split()) for line in counted)]


AGE = "state bridge_code open_since_release open_since age_days owner_code"
OPEN_SCJG = "open - 1 2020-10-21 40 scjg"
BRIDGED = "bridged executed - - - jxj"


@pytest.mark.parametrize(
    ("counted", "bridges", "row"),
    [
        ("1233", bridge(), BRIDGED),
        ("1228", bridge(), BRIDGED),
        ("1238", bridge(), BRIDGED),
        ("1227", bridge(), OPEN_SCJG),
        ("1239", bridge(), OPEN_SCJG),
        ("1213", bridge(), "agrees - - - - scjg"),
        ("1233", bridge(more='units = ["420202"]'), OPEN_SCJG),
        ("1233", bridge(more='units = ["420202", "420200"]'), BRIDGED),
        ("1233", bridge(more='first_period = "2020Q4"'), OPEN_SCJG),
        ("1233", bridge(more='last_period = "2020Q2"'), OPEN_SCJG),
        ("1233", bridge(more='first_period = "2020"'), OPEN_SCJG),
        ("1233", bridge(more='first_period = "2020Q3"\nlast_period = "2020-09"'), BRIDGED),
        ("1233", bridge("2020-11-30"), BRIDGED),
        ("1233", bridge("2020-11-29"), "expired executed 5 2020-11-30 0 jxj"),
        ("1233", bridge("2020-11-12"), "expired executed 4 2020-11-13 17 jxj"),
        ("1233", bridge("2020-01-01"), "expired executed 1 2020-10-21 40 jxj"),
        ("1200", bridge("2020-11-12"), OPEN_SCJG),
        ("1233", bridge().replace("2020-01-01", "2020-12-01"), OPEN_SCJG),
        ("1213", bridge("2020-11-12"), "agrees - - - - scjg"),
    ],
)
def test_a_bridge_explains_what_it_allows_until_its_last_day(
    counted: str, bridges: str, row: str
) -> None:
    case = Case("", differing(counted), [], "register.std_total_count", AGE)
    assert read(case, bridges=bridges) == [row]


@pytest.mark.parametrize(
    ("size", "explained", "unexplained"),
    [
        (
            "expected_ratio = 0.5\ntolerance_pct = 1",
            ["2426", "2401.99", "2450"],
            ["1213.5", "2500"],
        ),
        ("tolerance = 10", ["1203", "1223"], ["1202", "1224"]),
        ("tolerance_pct = 10", ["1103", "1347"], ["1102", "1348"]),
        ('side = "below"', ["1214", "99999"], ["1212"]),
        ('side = "above"', ["1212", "1"], ["1214"]),
        ('expected_difference = 3\nside = "above"', ["1210", "900"], ["1211", "1214"]),
    ],
)
def test_a_bridge_may_say_a_ratio_a_tolerance_or_only_a_side(
    size: str, explained: Sequence[str], unexplained: Sequence[str]
) -> None:
    bridges = bridge().replace("expected_difference = -20\ntolerance = 5", size)
    for state, values in (("bridged", explained), ("open", unexplained)):
        for counted in values:
            case = Case("", differing(counted), [], "register.std_total_count", "right_value state")
            assert read(case, bridges=bridges) == [f"{counted} {state}"]


def test_a_bridge_names_the_range_it_allows_and_its_reason() -> None:
    columns = "allowed_lowest allowed_highest reason reason_en bridge_ends_on"
    case = Case("", differing("1233"), [], "register.std_total_count", columns)
    assert read(case, bridges=bridge()) == ["-25 -15 口径 definition 2027-12-31"]


def test_a_flow_is_held_against_a_stock_over_a_bridge() -> None:
    adopters, counted = "excellence_model_adopter_count", COUNTED["excellence_model_adopter_count"]
    bridges = f"""
        [[bridge]]
        code = "so_far"
        left = "{adopters}"
        right = "{counted}"
        side = "above"
        reason = {{ zh = "累计", en = "so far" }}
        owner = "scjg"
        valid_from = 2020-01-01
        ends_on = 2027-12-31
    """
    for value, state in (("12", "bridged"), ("73", "agrees"), ("90", "open")):
        figures = [city(adopters, "70", "余"), city(counted, value)]
        case = Case("", figures, [], f"register.{adopters}", "state")
        assert read(case, bridges=bridges) == [state]


@pytest.mark.parametrize(
    ("counted", "ends_on", "row"),
    [
        (["1200 - 6/6 1-3", "1213 - 6/6 3-4", "1210 - 6/6 4-"], "", "open - 4 2020-11-20 10 scjg"),
        (["1200 - 6/6 1-2", "1201 - 6/6 2-"], "", OPEN_SCJG),
        (["1200 - 6/6 1-2", "1201 - 5/6 2-3", "1202 - 6/6 3-"], "", "open - 3 2020-11-10 20 scjg"),
        (["1200 - 6/6 1-2", "1200 - 6/6 3-"], "", "open - 3 2020-11-10 20 scjg"),
        (["1233 - 6/6 1-4", "1234 - 6/6 4-"], "2020-11-12", "expired executed 4 2020-11-13 17 jxj"),
        (["1233 - 6/6 1-4", "1299 - 6/6 4-"], "2020-11-12", "open - 4 2020-11-13 17 scjg"),
        (["1299 - 6/6 1-3", "1233 - 6/6 3-"], "2020-11-05", "expired executed 1 2020-10-21 40 jxj"),
        (["1299 - 6/6 1-3", "1233 - 6/6 3-"], "2020-11-12", "expired executed 4 2020-11-13 17 jxj"),
        (["1233 - 6/6 1-3", "1299 - 6/6 3-"], "2027-12-31", "open - 3 2020-11-10 20 scjg"),
    ],
)
def test_a_difference_is_as_old_as_the_unbroken_run_it_is_open_in(
    counted: Sequence[str], ends_on: str, row: str
) -> None:
    case = Case("", differing(*counted), [], "register.std_total_count", AGE)
    assert read(case, bridges=bridge(ends_on) if ends_on else "") == [row]


def test_a_figure_that_was_gone_for_a_release_starts_anew() -> None:
    figures = [
        f"{TOTAL} 2020Q3 420202 20 - 1/1 1-2",
        f"{TOTAL} 2020Q3 420202 20 - 1/1 3-",
        f"{REGISTER} 2020Q3 420202 19",
    ]
    case = Case("", figures, [], "register.std_total_count", AGE)
    assert read(case) == ["open - 3 2020-11-10 20 scjg"]


def test_the_history_says_since_when_both_sides_stood_as_they_do() -> None:
    figures = differing("1200 - 5/6 1-2", "1213 - 6/6 2-")
    read_columns = "known_from_release known_to_release known_to_on right_value outcome"
    case = Case("", figures, [], "register.std_total_count", read_columns)
    expected = ["1 2 2020-10-31 1200 incomplete", "2 - - 1213 agrees"]
    assert read(case, mart="comparison") == expected


def test_what_forms_say_is_compared_once_it_is_published() -> None:
    warehouse = Warehouse()
    standards = "reporting_unit standard_no uscc product_name standard_level role"
    for unit in UNITS:
        line = f"{unit} GB{unit} A p1 国家标准 执行"
        warehouse.keep("standards", standards, Form(unit, [line]))
    reported = [f"{TOTAL} 420200 项 6", "std_national_count 420200 项 7"]
    warehouse.keep("indicators", "indicator_code reporting_unit unit value", Form("scjg", reported))
    warehouse.open("2020-10-30")
    connection = warehouse.connection
    connection.execute("attach ':memory:' as release; create schema release.mart")

    def make_news() -> None:
        find_vintages(connection, "release", 7)

    build_marts(connection, dict(sql("mart")), expectations(), "release", make_news)
    columns = "comparison_code left_value::int right_value::int state age_days"
    assert warehouse.read("reconciliation", columns, "kind = 'register' and left_value > 0") == [
        "register.std_national_count 7 6 open 0",
        "register.std_total_count 6 6 agrees -",
    ]
