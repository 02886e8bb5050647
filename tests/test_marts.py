"""Truth tables of the marts: rows and decisions in, published rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.warehouse_rows import LOCKED, OPEN, Form, Warehouse, expectations, sql
from warehouse.build.marts import COVERAGE_COLUMNS, build_marts, describe_columns, is_measure


@dataclass(frozen=True)
class Case:
    """A sentence, the forms it is about, and the rows that follow.

    Attributes:
        where: which rows of the mart are looked at; these are then all there are.
        read: columns looked at; those of the table where empty.
    """

    says: str
    forms: Sequence[Form]
    rows: Sequence[str]
    where: str = "true"
    read: str = ""
    day: str = OPEN


def named(cases: Sequence[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.says for case in cases])


def check(case: Case, mart: str, dataset: str, given: str, read: str) -> None:
    warehouse = Warehouse()
    for form in case.forms:
        warehouse.keep(dataset, given, form)
    warehouse.build(mart, day=case.day)
    assert warehouse.read(mart, case.read or read, case.where) == sorted(case.rows)


COVER = "expected_submissions included_submissions status"

# --- standards -----------------------------------------------------------------------------------

STANDARDS = "reporting_unit standard_no uscc product_name standard_level role"
STANDARD_COUNTS = (
    "reporting_unit_code standard_level role standard_count enterprise_count product_count"
)
ALL_STANDARDS = "standard_level = '全部' and role = '全部'"
TWO_LEVELS = [
    "420202 GB1 A p1 国家标准 执行",
    "420202 GB1 B p1 国家标准 主导",
    "420202 Q1 A p1 企业标准 执行",
    "420202 Q1 A p2 企业标准 主导",
]
ONE = ["420202 GB1 A p1 国家标准 执行"]
TWO = ["420202 GB1 A p1 国家标准 执行", "420202 GB2 A p2 国家标准 执行"]


@named(
    [
        Case(
            "every level and role has its rollups, with distinct things counted anew",
            [Form("420202", TWO_LEVELS)],
            [
                "420202 全部 全部 2 2 3",
                "420202 全部 主导 2 2 2",
                "420202 全部 执行 2 1 1",
                "420202 企业标准 全部 1 1 2",
                "420202 企业标准 主导 1 1 1",
                "420202 企业标准 执行 1 1 1",
                "420202 国家标准 全部 1 2 2",
                "420202 国家标准 主导 1 1 1",
                "420202 国家标准 执行 1 1 1",
            ],
            "reporting_unit_code = '420202'",
        ),
        Case(
            "what two units name counts once in the city, a product once for each enterprise",
            [
                Form("420202", TWO_LEVELS),
                Form("420222", ["420222 GB1 A p1 国家标准 执行", "420222 GB2 C p1 国家标准 执行"]),
            ],
            ["420200 全部 全部 3 3 4", "420202 全部 全部 2 2 3", "420222 全部 全部 2 2 2"],
            ALL_STANDARDS,
        ),
        Case(
            "a row without a product names no product",
            [Form("420202", ["420202 GB1 A - 国家标准 执行"])],
            ["420202 全部 全部 1 1 0"],
            f"{ALL_STANDARDS} and reporting_unit_code = '420202'",
        ),
        Case(
            "a nil report says 0, and no other unit has a row",
            [Form("420202", is_nil=True)],
            ["420200 全部 全部 0 0 0", "420202 全部 全部 0 0 0"],
        ),
        Case(
            "a period without an accepted form has no row",
            [Form("420202", ONE, action="reject")],
            [],
        ),
        Case("a held form does not count", [Form("420202", ONE, action="hold")], []),
        Case(
            "a held form counts as soon as it is accepted",
            [Form("420202", ONE, action="hold", then=[("accept", "2020-10-14")])],
            ["420200 1 6 1 provisional", "420202 1 1 1 provisional"],
            ALL_STANDARDS,
            f"reporting_unit_code standard_count {COVER}",
        ),
        Case(
            "a later submission replaces the earlier one",
            [Form("420202", TWO), Form("420202", ONE, day="2020-10-20")],
            ["420200 1", "420202 1"],
            ALL_STANDARDS,
            "reporting_unit_code standard_count",
        ),
        Case(
            "a later submission that is held or rejected leaves the earlier one standing",
            [
                Form("420202", TWO),
                Form("420202", ONE, day="2020-10-20", action="hold"),
                Form("420202", ONE, day="2020-10-21", action="reject"),
            ],
            ["420200 2", "420202 2"],
            ALL_STANDARDS,
            "reporting_unit_code standard_count",
        ),
        Case(
            "a withdrawn submission gives way to the one before",
            [
                Form("420202", ONE),
                Form("420202", TWO, day="2020-10-20", then=[("withdraw", "2020-10-21")]),
            ],
            ["420200 1", "420202 1"],
            ALL_STANDARDS,
            "reporting_unit_code standard_count",
        ),
        Case(
            "a withdrawn submission with none before leaves no row",
            [Form("420202", ONE, then=[("withdraw", "2020-10-21")])],
            [],
        ),
        Case(
            "the city's coverage names the units that are missing, and it stays provisional",
            [Form("420202", ONE), Form("420222", ["420222 GB2 B - 国家标准 执行"])],
            ["420200 2 6 2 provisional", "420202 1 1 1 final", "420222 1 1 1 final"],
            ALL_STANDARDS,
            f"reporting_unit_code standard_count {COVER}",
            LOCKED,
        ),
        Case(
            "a unit inside its revision window is provisional",
            [Form("420202", ONE)],
            ["420202 1 1 1 provisional"],
            f"{ALL_STANDARDS} and reporting_unit_code = '420202'",
            f"reporting_unit_code standard_count {COVER}",
        ),
        Case(
            "a change after the lock date is revised, one before it is not",
            [
                Form("420202", TWO),
                Form("420202", ONE, day="2020-12-20"),
                Form("420222", ["420222 GB2 B - 国家标准 执行"]),
                Form("420222", ["420222 GB3 B - 国家标准 执行"], day="2020-11-10"),
                Form("420281", ["420281 GB4 C - 国家标准 执行"], day="2020-12-20"),
            ],
            ["420202 1 1 1 revised", "420222 1 1 1 final", "420281 1 1 1 final"],
            f"{ALL_STANDARDS} and reporting_unit_code <> '420200'",
            f"reporting_unit_code standard_count {COVER}",
            LOCKED,
        ),
        Case(
            "withdrawing after the lock date is a revision too",
            [
                Form("420202", ONE),
                Form("420202", TWO, day="2020-10-20", then=[("withdraw", "2020-12-20")]),
            ],
            ["420202 1 1 1 revised"],
            f"{ALL_STANDARDS} and reporting_unit_code = '420202'",
            f"reporting_unit_code standard_count {COVER}",
            LOCKED,
        ),
        Case(
            "explaining a held correction after the lock date is a revision from that day",
            [
                Form("420202", ONE),
                Form(
                    "420202", TWO, day="2020-10-20", action="hold",
                    then=[("accept", "2020-12-20")],
                ),
            ],
            ["420202 2 1 1 revised"],
            f"{ALL_STANDARDS} and reporting_unit_code = '420202'",
            f"reporting_unit_code standard_count {COVER}",
            LOCKED,
        ),
        Case(
            "accepting a form twice changes nothing",
            [Form("420202", ONE, then=[("accept", "2020-12-20")])],
            ["420202 1 1 1 final"],
            f"{ALL_STANDARDS} and reporting_unit_code = '420202'",
            f"reporting_unit_code standard_count {COVER}",
            LOCKED,
        ),
        Case(
            "a form of a period before the dataset was owed counts, with its own coverage",
            [
                Form("420202", ONE, period="2018Q4"),
                Form("420222", ONE, period="2018Q4", action="hold"),
            ],
            ["420200 1 1 1 final", "420202 1 1 1 final"],
            ALL_STANDARDS,
            f"reporting_unit_code standard_count {COVER}",
        ),
    ]
)  # fmt: skip
def test_standards(case: Case) -> None:
    check(case, "standards", "standards", STANDARDS, STANDARD_COUNTS)


# --- patents -------------------------------------------------------------------------------------

PATENTS = (
    "reporting_unit application_no patent_type patentee_name uscc granted_on legal_status "
    "is_high_value"
)
PATENT_COUNTS = (
    "reporting_unit_code patent_type application_count grant_count valid_count high_value_count "
    "patentee_count"
)


@named(
    [
        Case(
            "application, grant and force are three counts",
            [
                Form(
                    "420202",
                    [
                        "420202 1 发明 甲 A 2019-05-06 有效 是",
                        "420202 2 发明 甲 A 2018-05-06 失效 是",
                        "420202 3 发明 甲 A - 审中 -",
                        "420202 4 外观设计 乙 - 2020-01-02 有效 否",
                    ],
                )
            ],
            [
                "420202 全部 4 3 2 2 2",
                "420202 发明 3 2 1 2 1",
                "420202 外观设计 1 1 1 0 1",
            ],
            "reporting_unit_code = '420202'",
        ),
        Case(
            "an application two units hold together counts once in the city",
            [
                Form("420202", ["420202 1 发明 甲 A - 审中 -"]),
                Form("420222", ["420222 1 发明 乙 B - 审中 -", "420222 2 发明 乙 B - 审中 -"]),
            ],
            ["420200 全部 2 0 0 0 2", "420202 全部 1 0 0 0 1", "420222 全部 2 0 0 0 1"],
            "patent_type = '全部'",
        ),
        Case(
            "a patentee is known by the code that another row of the period gives for the name",
            [
                Form("420202", ["420202 1 发明 甲 A - 审中 -", "420202 2 发明 甲 - - 审中 -"]),
                Form("420222", ["420222 3 发明 丙 - - 审中 -", "420222 4 发明 旧丙 C - 审中 -"]),
            ],
            ["420200 全部 4 0 0 0 3", "420202 全部 2 0 0 0 1", "420222 全部 2 0 0 0 2"],
            "patent_type = '全部'",
        ),
    ]
)
def test_patents(case: Case) -> None:
    check(case, "patents", "patents", PATENTS, PATENT_COUNTS)


# --- trademarks ----------------------------------------------------------------------------------

TRADEMARKS = "reporting_unit application_count registration_count valid_count"
TRADEMARK_COUNTS = "reporting_unit_code application_count registration_count valid_count"
SIX = [
    "420202 10 5 100",
    "420203 20 6 100",
    "420204 0 7 100",
    "420222 30 8 100",
    "420281 40 9 100",
    "KFQTS 50 10 100",
]


@named(
    [
        Case(
            "the city is the sum of the six units",
            [Form("scjg", SIX)],
            ["420200 150 45 600", *SIX],
        ),
        Case(
            "a withheld cell empties its unit's and the city's figure, and no other",
            [Form("scjg", SIX, withheld=[(3, "application_count")])],
            ["420200 - 45 600", *SIX[:3], "420222 - 8 100", *SIX[4:]],
        ),
        Case(
            "an explained cell is published",
            [Form("scjg", SIX, explained=[(3, "application_count")])],
            ["420200 150 45 600", *SIX],
        ),
        Case(
            "a unit without a row leaves the city without a figure",
            [Form("scjg", SIX[:5])],
            ["420200 - - -", *SIX[:5], "KFQTS - - -"],
        ),
        Case("without the form there is no row", [Form("scjg", SIX, action="reject")], []),
    ]
)
def test_trademarks(case: Case) -> None:
    check(case, "trademarks", "trademarks", TRADEMARKS, TRADEMARK_COUNTS)


# --- funding -------------------------------------------------------------------------------------

FUNDING = "reporting_unit programme funding_level funding_kind recipient_name uscc ownership amount"
FUNDING_SUMS = (
    "reporting_unit_code programme funding_level funding_kind ownership amount_yuan recipient_count"
)
ALL_FUNDING = "programme = '全部' and funding_level = '全部' and funding_kind = '全部'"


@named(
    [
        Case(
            "sums add up and recipients are counted anew, over departments too",
            [
                Form(
                    "scjg",
                    ["420202 奖 市 奖励 甲 A 民营 400000.50", "420281 奖 市 奖励 乙 B 国有 1"],
                ),
                Form("czj", ["420202 补 市 补助 甲 - 民营 100"]),
            ],
            ["420200 400101.50 2 5 2", "420202 400100.50 1 5 2", "420281 1.00 1 5 2"],
            f"{ALL_FUNDING} and ownership = '全部' and amount_yuan > 0",
            "reporting_unit_code amount_yuan recipient_count expected_submissions "
            "included_submissions",
        ),
        Case(
            "a blank ownership is 未注明, beside 全部",
            [Form("scjg", ["420202 奖 市 奖励 甲 A 民营 2", "420202 奖 市 奖励 乙 - - 3"])],
            [
                "420202 全部 全部 全部 全部 5.00 2",
                "420202 全部 全部 全部 未注明 3.00 1",
                "420202 全部 全部 全部 民营 2.00 1",
            ],
            f"{ALL_FUNDING} and reporting_unit_code = '420202'",
        ),
        Case(
            "every dimension has its own rollup",
            [Form("scjg", ["420202 奖 市 奖励 甲 A 民营 2", "420202 贷 省 贷款授信 甲 A 民营 3"])],
            ["420200 奖 全部 全部 全部 2.00 1", "420200 贷 全部 全部 全部 3.00 1"],
            "reporting_unit_code = '420200' and programme <> '全部' and funding_level = '全部' "
            "and funding_kind = '全部' and ownership = '全部'",
        ),
        Case(
            "a quarter of nil reports is a quarter of 0 yuan",
            [Form("scjg", is_nil=True), Form("czj", is_nil=True)],
            ["420200 全部 全部 全部 全部 0.00 0"],
            "reporting_unit_code = '420200'",
        ),
    ]
)
def test_funding(case: Case) -> None:
    check(case, "funding", "funding", FUNDING, FUNDING_SUMS)


# --- projects ------------------------------------------------------------------------------------

PROJECTS = "reporting_unit project_level progress project_name organiser fund_amount"
PROJECT_COUNTS = (
    "reporting_unit_code project_level progress project_count organiser_count department_count "
    "fund_yuan"
)
ALL_PROJECTS = "project_level = '全部' and progress = '全部'"


@named(
    [
        Case(
            "a project without a reporting unit counts in the city alone",
            [
                Form("fgw", ["- 不适用 实施 p1 发改委 -"]),
                Form("420222", ["420222 县级 立项 p2 阳新县 50000"]),
            ],
            ["420200 全部 全部 2 2 1 50000.00", "420222 全部 全部 1 1 0 50000.00"],
            f"{ALL_PROJECTS} and project_count > 0",
        ),
        Case(
            "不适用 stays a level of its own",
            [Form("fgw", ["- 不适用 实施 p1 发改委 -", "- 市级 实施 p2 发改委 -"])],
            [
                "420200 不适用 全部 1 1 1 -",
                "420200 全部 全部 2 1 1 -",
                "420200 市级 全部 1 1 1 -",
            ],
            "reporting_unit_code = '420200' and progress = '全部'",
        ),
        Case(
            "a project two reporters send counts once, and so does its fund",
            [
                Form("fgw", ["420222 省级 实施 p1 阳新县 300000"]),
                Form("420222", ["420222 省级 实施 p1 阳新县 300000"]),
                Form("scjg", ["- 省级 实施 p1 别家 -"]),
            ],
            ["420200 省级 实施 2 2 2 300000.00", "420222 省级 实施 1 1 1 300000.00"],
            "project_level = '省级' and progress = '实施'",
        ),
        Case(
            "a nil report counts as included and says 0",
            [Form("fgw", is_nil=True), Form("420202", is_nil=True)],
            ["420200 0 35 2", "420202 0 30 2"],
            f"{ALL_PROJECTS} and reporting_unit_code in ('420200', '420202')",
            "reporting_unit_code project_count expected_submissions included_submissions",
        ),
    ]
)
def test_projects(case: Case) -> None:
    check(case, "projects", "quality_projects", PROJECTS, PROJECT_COUNTS)


# --- brands --------------------------------------------------------------------------------------

HONOURS = (
    "reporting_unit list_name edition enterprise_name uscc ownership brand_or_product granted_on "
    "brand_value"
)


@named(
    [
        Case(
            "a brand counts once on all lists together, and an enterprise where no brand is named",
            [
                Form("scjg", ["420202 中国品牌价值评价 2020 甲 A 民营 劲 2020-05-10 20184000000"]),
                Form(
                    "swj",
                    [
                        "420202 中华老字号 二 甲 A 民营 劲 2011-05-14 -",
                        "420281 荆楚优品 一 乙 B 国有 - 2017-10-31 -",
                    ],
                ),
            ],
            [
                "420200 中华老字号 1 -",
                "420200 中国品牌价值评价 1 20184000000.00",
                "420200 全部 2 20184000000.00",
                "420200 荆楚优品 1 -",
            ],
            "reporting_unit_code = '420200'",
        ),
        Case(
            "a brand on two editions has the value of the later one",
            [
                Form(
                    "scjg",
                    [
                        "420202 中国品牌价值评价 2020 甲 A 民营 劲 2020-05-10 200",
                        "420202 中国品牌价值评价 2019 甲 A 民营 劲 2019-05-10 900",
                        "420202 中国品牌价值评价 2020 甲 A 民营 松 2020-05-10 7",
                    ],
                )
            ],
            ["420202 中国品牌价值评价 2 207.00", "420202 全部 2 207.00"],
            "reporting_unit_code = '420202'",
        ),
        Case(
            "a brand in two units counts in both, and once in the city",
            [
                Form(
                    "swj",
                    [
                        "420202 荆楚优品 一 甲 A 民营 港饼 2017-10-31 -",
                        "420281 荆楚优品 一 乙 B 民营 港饼 2017-10-31 -",
                    ],
                )
            ],
            ["420200 荆楚优品 1 -", "420202 荆楚优品 1 -", "420281 荆楚优品 1 -"],
            "list_name = '荆楚优品'",
        ),
    ]
)
def test_brands(case: Case) -> None:
    read = "reporting_unit_code list_name brand_count brand_value_yuan"
    check(case, "brands", "honours", HONOURS, read)


# --- platforms and services ----------------------------------------------------------------------

PLATFORMS = "reporting_unit platform_name platform_type level host_name"


@named(
    [
        Case(
            "a platform that two departments report counts once, at each level they give",
            [
                Form("kjj", ["420202 p1 重点实验室 省 甲", "420202 p1 产业研究院 省 甲"]),
                Form("jxj", ["420202 p1 重点实验室 国家 甲"]),
            ],
            [
                "420200 产业研究院 全部 1",
                "420200 全部 全部 2",
                "420200 全部 国家 1",
                "420200 全部 省 2",
                "420200 重点实验室 全部 1",
                "420200 重点实验室 国家 1",
            ],
            "reporting_unit_code = '420200' and (platform_type = '全部' or level <> '省')",
        ),
        Case(
            "a unit without a platform has a row of 0 for the forms that are in",
            [Form("kjj", ["420202 p1 重点实验室 省 甲"])],
            ["420281 全部 全部 0 2 1 provisional"],
            "reporting_unit_code = '420281'",
            f"reporting_unit_code platform_type level platform_count {COVER}",
        ),
    ]
)
def test_platforms(case: Case) -> None:
    read = "reporting_unit_code platform_type level platform_count"
    check(case, "platforms", "platforms", PLATFORMS, read)


SERVICES = "reporting_unit uscc service_type service_date"


@named(
    [
        Case(
            "家次 are rows and 家 are enterprises, counted anew over types and units",
            [
                Form(
                    "scjg",
                    [
                        "420202 A 知识产权服务 2020-07-01",
                        "420202 A 知识产权服务 2020-08-01",
                        "420202 A 质量奖培育 2020-08-01",
                        "420281 A 知识产权服务 2020-09-01",
                    ],
                )
            ],
            [
                "420200 全部 4 1",
                "420200 知识产权服务 3 1",
                "420200 质量奖培育 1 1",
                "420202 全部 3 1",
                "420202 知识产权服务 2 1",
                "420202 质量奖培育 1 1",
                "420281 全部 1 1",
                "420281 知识产权服务 1 1",
            ],
            "service_count > 0",
        ),
        Case(
            "a nil report says 0 everywhere",
            [Form("scjg", is_nil=True)],
            ["420200 全部 0 0"],
            "reporting_unit_code = '420200'",
        ),
    ]
)
def test_services(case: Case) -> None:
    read = "reporting_unit_code service_type service_count enterprise_count"
    check(case, "services", "services", SERVICES, read)


# --- enterprises ---------------------------------------------------------------------------------

REGISTER = "reporting_unit uscc ownership status"
MOVES = "reporting_unit_code ownership enterprise_count added_count removed_count"
REGISTER_BEFORE = Form(
    "scjg",
    ["420202 A 民营 在营", "420202 B 国有 在营", "420202 C 民营 在营", "420281 D 民营 注销"],
    period="2020Q2",
    day="2020-07-12",
)


@named(
    [
        Case(
            "without the period before, who joined and who left is not known",
            [Form("scjg", ["420202 A 民营 在营", "420202 B 国有 注销"])],
            ["420200 全部 1 - -", "420200 民营 1 - -"],
            "reporting_unit_code = '420200'",
        ),
        Case(
            "joining and leaving are told against the period before",
            [
                REGISTER_BEFORE,
                Form("scjg", ["420202 A 民营 在营", "420202 B 国有 注销", "420281 D 民营 在营"]),
            ],
            [
                "420200 全部 2 1 2",
                "420200 国有 0 0 1",
                "420200 民营 2 1 1",
                "420202 全部 1 0 2",
                "420202 国有 0 0 1",
                "420202 民营 1 0 1",
                "420281 全部 1 1 0",
                "420281 民营 1 1 0",
            ],
            "period = '2020Q3'",
        ),
        Case(
            "who moves between units is new there, and neither new nor gone in the city",
            [
                REGISTER_BEFORE,
                Form("scjg", ["420202 A 民营 在营", "420202 B 国有 在营", "420281 C 民营 在营"]),
            ],
            ["420200 全部 3 0 0", "420202 全部 2 0 1", "420281 全部 1 1 0"],
            "period = '2020Q3' and ownership = '全部'",
        ),
        Case(
            "a gap of one period leaves nothing to compare with",
            [
                Form("scjg", ["420202 A 民营 在营"], period="2020Q1", day="2020-04-12"),
                Form("scjg", ["420202 B 民营 在营"]),
            ],
            ["420200 全部 1 - -"],
            "period = '2020Q3' and ownership = '全部' and reporting_unit_code = '420200'",
        ),
    ]
)
def test_enterprises_of_the_register(case: Case) -> None:
    check(case, "enterprises", "enterprises", REGISTER, MOVES)


def honour(
    list_name: str, *enterprises: str, unit: str = "420202", edition: str = "一"
) -> list[str]:
    """Rows of a list; an enterprise is written as name/code/ownership."""
    return [
        f"{unit} {list_name} {edition} {' '.join(item.split('/'))} - 2020-05-10 -"
        for item in enterprises
    ]


TOP, MADE, GIANT = "湖北企业百强", "湖北制造业企业百强", "专精特新“小巨人”"
ALL_BEFORE = [
    Form("scjg", honour("市长质量奖", "乙/B/国有"), period="2020Q2", day="2020-07-12"),
    Form("swj", honour("荆楚优品", "丙/C/民营"), period="2020Q2", day="2020-07-12"),
]
LIST_BEFORE = Form("jxj", honour(TOP, "甲/A/民营", "乙/B/国有"), period="2020Q2", day="2020-07-12")
OTHERS_NOW = [
    Form("scjg", honour("市长质量奖", "乙/B/国有")),
    Form("swj", honour("荆楚优品", "丙/C/民营")),
]


@named(
    [
        Case(
            "a list is compared with itself one period before",
            [
                *ALL_BEFORE, LIST_BEFORE, *OTHERS_NOW,
                Form("jxj", honour(TOP, "甲/A/民营", "丁/D/民营", "戊/E/民营")),
            ],
            ["420200 全部 3 2 1 3 3", "420200 国有 0 0 1 3 3", "420200 民营 3 2 0 3 3"],
            f"period = '2020Q3' and list_name = '{TOP}' and reporting_unit_code = '420200'",
        ),
        Case(
            "a list the period before did not have is not all new",
            [
                *ALL_BEFORE, LIST_BEFORE, *OTHERS_NOW,
                Form("jxj", honour(TOP, "甲/A/民营", "乙/B/国有") + honour(GIANT, "甲/A/民营")),
            ],
            ["420200 全部 1 - - 3 3"],
            f"list_name = '{GIANT}' and reporting_unit_code = '420200' and ownership = '全部'",
        ),
        Case(
            "a unit's first on a list the city had is new",
            [
                *ALL_BEFORE, LIST_BEFORE, *OTHERS_NOW,
                Form(
                    "jxj",
                    honour(TOP, "甲/A/民营", "乙/B/国有") + honour(TOP, "丁/D/民营", unit="420281"),
                ),
            ],
            ["420281 全部 1 1 0 3 3"],
            f"period = '2020Q3' and list_name = '{TOP}' and reporting_unit_code = '420281' "
            "and ownership = '全部'",
        ),
        Case(
            "while a form of the period before is missing, nothing is told",
            [*ALL_BEFORE[:1], LIST_BEFORE, *OTHERS_NOW, Form("jxj", honour(TOP, "丁/D/民营"))],
            ["420200 全部 1 - - 3 3"],
            f"period = '2020Q3' and list_name = '{TOP}' and reporting_unit_code = '420200' "
            "and ownership = '全部'",
        ),
        Case(
            "while a form of this period is missing, nobody is said to have left",
            [*ALL_BEFORE, LIST_BEFORE, *OTHERS_NOW[:1], Form("jxj", honour(TOP, "丁/D/民营"))],
            ["420200 全部 1 1 - 3 2"],
            f"period = '2020Q3' and list_name = '{TOP}' and reporting_unit_code = '420200' "
            "and ownership = '全部'",
        ),
        Case(
            "an enterprise without a code is the one of the same name that has one",
            [
                *ALL_BEFORE, LIST_BEFORE, *OTHERS_NOW,
                Form("jxj", honour(TOP, "甲/-/民营", "乙(新名)/B/国有")),
            ],
            ["420200 全部 2 0 0 3 3"],
            f"period = '2020Q3' and list_name = '{TOP}' and reporting_unit_code = '420200' "
            "and ownership = '全部'",
        ),
        Case(
            "two editions of a list count an enterprise once",
            [Form("jxj", honour(TOP, "甲/A/民营") + honour(TOP, "甲/A/民营", edition="二"))],
            ["420202 全部 1 - - 3 1"],
            "reporting_unit_code = '420202' and ownership = '全部'",
        ),
        Case("lists have no rollup", [*ALL_BEFORE, LIST_BEFORE], [], "list_name = '全部'"),
    ]
)  # fmt: skip
def test_enterprises_of_the_lists(case: Case) -> None:
    read = f"{MOVES} expected_submissions included_submissions"
    check(case, "enterprises", "honours", HONOURS, read)


def test_the_register_and_the_lists_rest_on_forms_of_their_own() -> None:
    warehouse = Warehouse()
    warehouse.keep("enterprises", REGISTER, Form("scjg", ["420202 A 民营 在营"]))
    warehouse.keep("honours", HONOURS, Form("jxj", honour(TOP, "甲/A/民营")))
    warehouse.build("enterprises", day=LOCKED)
    assert warehouse.read(
        "enterprises",
        f"list_name enterprise_count {COVER}",
        "reporting_unit_code = '420200' and ownership = '全部'",
    ) == ["全部在营 1 1 1 final", f"{TOP} 1 3 1 provisional"]


# --- series and coverage -------------------------------------------------------------------------

INDICATORS = "indicator_code reporting_unit unit value qualifier"
SERIES = "basis value unit qualifier measure_kind expected_submissions included_submissions"


def built(*forms: Form, day: str = OPEN) -> Warehouse:
    warehouse = Warehouse()
    for form in forms:
        warehouse.keep("indicators", INDICATORS, form)
    warehouse.build(day=day)
    return warehouse


def test_an_indicator_has_a_row_as_reported_and_a_row_as_counted() -> None:
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", TWO))
    warehouse.keep("indicators", INDICATORS, Form("scjg", ["std_total_count 420200 项 1213 -"]))
    warehouse.build()
    where = "indicator_code = 'std_total_count' and reporting_unit_code = '420200'"
    assert warehouse.read("series", SERIES, where) == [
        "counted 2.000000 项 - stock 6 1",
        "reported 1213.000000 项 - stock 1 1",
    ]
    assert warehouse.read("series", "series_code", where) == [
        "standards.standard_count",
        "std_total_count",
    ]


def test_a_counted_figure_carries_its_dimensions_in_its_code() -> None:
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", TWO))
    warehouse.build()
    assert warehouse.read(
        "series",
        "series_code indicator_code value",
        "reporting_unit_code = '420200' and series_code like 'standards.standard_count[%'",
    ) == [
        "standards.standard_count[role=执行] - 2.000000",
        "standards.standard_count[standard_level=国家标准,role=执行] - 2.000000",
        "standards.standard_count[standard_level=国家标准] std_national_count 2.000000",
    ]


def test_reported_money_is_published_in_yuan_with_its_qualifier() -> None:
    warehouse = built(
        Form("jxj", ["fee_reduction_amount 420200 亿元 240 近"]),
        Form("scjg", ["ip_special_fund_amount 420200 万元 500 余"]),
        Form("czj", ["quality_special_fund_amount 420200 千元 2100 -"]),
    )
    assert warehouse.read("series", SERIES, "basis = 'reported'") == [
        "reported 2100000.000000 元 - flow 1 1",
        "reported 24000000000.000000 元 近 flow 1 1",
        "reported 5000000.000000 元 余 flow 1 1",
    ]


def test_a_withheld_figure_has_no_row_and_the_others_of_its_form_have() -> None:
    rows = ["fee_reduction_amount 420200 亿元 240 近", "workers_dispatched_count 420200 人 8118 -"]
    warehouse = built(Form("jxj", rows, withheld=[(0, "value")]))
    assert warehouse.read("series", "indicator_code", "basis = 'reported'") == [
        "workers_dispatched_count"
    ]


def test_what_is_withheld_elsewhere_in_a_row_leaves_its_figure() -> None:
    rows = ["workers_dispatched_count 420200 人 8118 -"]
    warehouse = built(Form("jxj", rows, withheld=[(0, "prior_year_value")]))
    assert warehouse.read("series", "value", "basis = 'reported'") == ["8118.000000"]


def test_not_applicable_blank_and_zero_stay_three_things() -> None:
    warehouse = built(
        Form(
            "jxj",
            [
                "workers_dispatched_count 420202 人 / -",
                "workers_dispatched_count 420203 人 - -",
                "workers_dispatched_count 420204 人 0 -",
            ],
        )
    )
    assert warehouse.read(
        "series", "reporting_unit_code value value_state", "basis = 'reported'"
    ) == ["420202 - not_applicable", "420204 0.000000 value"]


def test_a_reported_figure_has_the_status_of_its_own_form() -> None:
    late = Form("jxj", ["workers_dispatched_count 420200 人 9 -"], day="2020-12-20")
    first = Form("jxj", ["workers_dispatched_count 420200 人 8 -"])
    read = "value status"
    assert built(first).read("series", read) == ["8.000000 provisional"]
    assert built(first, day=LOCKED).read("series", read) == ["8.000000 final"]
    assert built(first, late, day=LOCKED).read("series", read) == ["9.000000 revised"]


def test_a_figure_that_cannot_be_told_is_no_row_of_the_series() -> None:
    warehouse = Warehouse()
    warehouse.keep("trademarks", TRADEMARKS, Form("scjg", SIX[:5]))
    warehouse.build()
    where = "series_code = 'trademarks.valid_count'"
    units = warehouse.read("series", "reporting_unit_code", where)
    assert units == ["420202", "420203", "420204", "420222", "420281"]


def test_every_figure_and_every_series_is_one_row_a_period_and_unit() -> None:
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", TWO_LEVELS))
    warehouse.keep("honours", HONOURS, Form("jxj", honour(TOP, "甲/A/民营")))
    warehouse.keep("indicators", INDICATORS, Form("scjg", ["std_total_count 420200 项 9 -"]))
    rows = warehouse.build()
    distinct = warehouse.connection.execute(
        "select count(distinct (series_code, basis, period, reporting_unit_code)) "
        "from release.mart.series"
    ).fetchone()
    assert distinct == (rows["series"],)


def test_no_two_indicators_are_counted_by_the_same_figure() -> None:
    counted = [
        (item.counted.mart, item.counted.measure, *sorted(item.counted.where.items()))
        for item in expectations().codes.indicators
        if item.counted
    ]
    assert len(counted) == len(set(counted))


def test_what_counts_an_indicator_is_a_measure_of_a_mart_in_the_indicators_unit() -> None:
    units = {
        (name, column.name): column.unit
        for name, model in sql("mart").items()
        for column in describe_columns(model)
    }
    for item in expectations().codes.indicators:
        if item.counted:
            unit = units[item.counted.mart, item.counted.measure]
            assert (unit == "元") == (item.unit == "元"), item.code
            assert (unit == "家次") == (item.unit == "家次"), item.code


def test_coverage_says_what_became_of_every_owed_form() -> None:
    warehouse = Warehouse()
    for form in (
        Form("420202", ONE),
        Form("420203", ONE, action="reject"),
        Form("420204", ONE, action="hold"),
        Form("420222", is_nil=True),
        Form("420281", ONE, then=[("withdraw", "2020-10-20")]),
    ):
        warehouse.keep("standards", STANDARDS, form)
    warehouse.build("coverage")
    where = "dataset = 'standards' and period = '2020Q3'"
    assert warehouse.read("coverage", "reporter_code expected state submission_id", where) == [
        "420202 true accepted 1",
        "420203 true rejected 2",
        "420204 true held 3",
        "420222 true nil 4",
        "420281 true withdrawn 5",
        "KFQTS true missing -",
    ]


def test_coverage_names_the_submission_that_counts_not_the_last_one() -> None:
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", ONE))
    warehouse.keep("standards", STANDARDS, Form("420202", TWO, action="reject"))
    warehouse.keep("standards", STANDARDS, Form("420203", ONE, period="2018Q4"))
    warehouse.build("coverage")
    read = "reporter_code period expected state submission_id"
    assert warehouse.read("coverage", read, "submission_id is not null") == [
        "420202 2020Q3 true accepted 1",
        "420203 2018Q4 false accepted 3",
    ]


def test_an_earlier_cut_of_the_ledger_gives_the_figures_of_that_day() -> None:
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", ONE))
    cut = warehouse.chain.sequence
    warehouse.keep("standards", STANDARDS, Form("420202", TWO, day="2020-10-20"))
    where = f"{ALL_STANDARDS} and reporting_unit_code = '420200'"
    warehouse.build("standards", cut=cut)
    assert warehouse.read("standards", "standard_count", where) == ["1"]
    warehouse.build("standards")
    assert warehouse.read("standards", "standard_count", where) == ["2"]


def test_a_form_whose_lock_date_is_unknown_is_provisional() -> None:
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", ONE))
    warehouse.open(LOCKED)
    warehouse.connection.execute("update codes_obligation set locked_on = null")
    status = warehouse.connection.execute(
        "select status from core_unit_coverage where dataset = 'standards' "
        "and period = '2020Q3' and reporting_unit_code = '420202'"
    ).fetchone()
    assert status == ("provisional",)


def test_the_list_of_releases_holds_every_one_before_even_without_new_forms() -> None:
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", ONE))
    cut = warehouse.chain.sequence
    for number in (1, 2):
        warehouse.chain.append("release", [{"release_id": number, "ledger_cut": cut}])
    warehouse.build("release", cut=cut)
    assert warehouse.read("release", "release_id ledger_cut") == [
        f"1 {cut}",
        f"2 {cut}",
        f"7 {cut}",
    ]


# --- comments ------------------------------------------------------------------------------------


def test_views_of_a_few_marts_leave_the_names_of_all_measures_and_the_long_form() -> None:
    warehouse = Warehouse()
    warehouse.build()
    known = [
        warehouse.connection.execute(f"from {table}").fetchall()
        for table in ("codes_measure", "codes_indicator_count")
    ]
    readers = [sql("mart")["patents"]]
    build_marts(warehouse.connection, dict(sql("mart")), expectations(), "temp", readers=readers)
    views = "select view_name from duckdb_views() where view_name like 'mart_%' order by 1"
    assert warehouse.connection.execute(views).fetchall() == [("mart_figure",), ("mart_patents",)]
    assert known == [
        warehouse.connection.execute(f"from {table}").fetchall()
        for table in ("codes_measure", "codes_indicator_count")
    ]
    assert warehouse.connection.execute("select count(*) from mart_figure").fetchone() == (0,)


def test_every_mart_and_column_of_the_built_file_has_a_comment() -> None:
    warehouse = Warehouse()
    warehouse.build()
    bare = warehouse.connection.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'release' "
        "and comment is null union all "
        "select table_name, null from duckdb_tables() where database_name = 'release' "
        "and comment is null"
    ).fetchall()
    assert bare == []


@pytest.mark.parametrize("name", sorted(sql("mart")))
def test_every_mart_says_what_a_row_is_and_every_measure_its_unit_and_kind(name: str) -> None:
    model = sql("mart")[name]
    chinese, _, english = model.header.partition(" / ")
    assert chinese.startswith("一行是")
    assert english.startswith("A row is")
    known = {unit.name for unit in expectations().codes.units_of_measure}
    for column in describe_columns(model):
        assert (column.unit is not None) == is_measure(column.name)
        assert column.unit is None or column.unit in known
        assert not column.name.endswith("_yuan") or column.unit == "元"


FIGURES = sorted(
    name
    for name, model in sql("mart").items()
    if name != "series" and any(source.startswith("included.") for source in model.sources)
)


@pytest.mark.parametrize("name", FIGURES)
def test_every_mart_of_figures_carries_place_and_coverage(name: str) -> None:
    columns = [column.name for column in describe_columns(sql("mart")[name])]
    assert columns[:4] == ["period", "period_type", "reporting_unit_code", "reporting_unit"]
    assert tuple(columns[-3:]) == COVERAGE_COLUMNS
