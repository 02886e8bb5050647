"""Units, owners and definitions change: each period has its own, and a series tells its breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests import warehouse_rows
from tests.cases.gate.sheets import tell
from tests.warehouse_rows import Form, Gate, Warehouse
from warehouse.build.macros import create_macros
from warehouse.build.views import list_obligations
from warehouse.check import check_files
from warehouse.contracts.load import (
    ContractError,
    Expectations,
    build_expectations,
    load_expectations,
)
from warehouse.periods import Period
from warehouse.read.form import Identity
from warehouse.read.identify import check_obligation
from warehouse.settings import Settings
from warehouse.sql_files import load_sql
from warehouse.template import TemplateRefused
from warehouse.template.plan import plan_template

EXPECTATIONS = load_expectations()
CODES = EXPECTATIONS.codes
COMMON = ["420202", "420203", "420204", "420222", "420281"]
OLD, NEW = ["420205", "KFQ"], ["KFQTS"]
MERGED = "2019年4月黄石经济技术开发区与铁山区整合为开发区·铁山区，此前两个单元分别统计"
STANDARDS = (
    "uscc standard_no product_name reporting_unit standard_level role enterprise_name standard_name"
)
SERVICES = "uscc enterprise_name reporting_unit service_type service_date"
MARTS = ("funding", "services", "standards", "series", "series_break", "reporting_unit")
INDICATORS = "indicator_code indicator_name reporting_unit unit value"


def period(text: str) -> Period:
    return Period.parse(text)


def spoil(place: str, change: Callable[[str], str]) -> Expectations:
    """The shipped contracts and code lists with one file changed."""
    assert change(EXPECTATIONS.texts[place]) != EXPECTATIONS.texts[place]
    return build_expectations({**EXPECTATIONS.texts, place: change(EXPECTATIONS.texts[place])})


def define_earlier(code: str, lines: str) -> Expectations:
    """The shipped lists with an earlier definition of an indicator."""

    def insert(text: str) -> str:
        head, _, tail = text.partition(f'code = "{code}"\n')
        own, gap, rest = tail.partition("\n\n")
        return f'{head}code = "{code}"\n{own}\n[[indicator.earlier]]\n{lines}{gap}{rest}'

    return spoil("codes/indicators.toml", insert)


# Reporting units


@pytest.mark.parametrize(
    ("day", "counties"),
    [
        ("2018", [*COMMON, *OLD]),
        ("2019Q1", [*COMMON, *OLD]),
        ("2019-03", [*COMMON, *OLD]),
        ("2019-04", [*COMMON, *NEW]),
        ("2019Q2", [*COMMON, *NEW]),
        ("2019", [*COMMON, *NEW]),
        ("2026Q3", [*COMMON, *NEW]),
    ],
)
def test_a_period_has_the_units_of_its_last_day(day, counties):
    assert [unit.code for unit in CODES.in_period(period(day)).counties] == counties


def test_without_a_period_the_newest_list_speaks():
    assert [unit.code for unit in CODES.counties] == [*COMMON, *NEW]
    assert CODES.in_period(None) is CODES
    assert CODES.on(date(2019, 3, 31)) is CODES.on(date(2001, 1, 1))
    assert CODES.on(date(2019, 4, 1)) is not CODES.on(date(2019, 3, 31))


@pytest.mark.parametrize(
    ("spelling", "before", "since"),
    [
        ("铁山区", "420205", "KFQTS"),
        ("铁 山 区", "420205", "KFQTS"),
        ("市开发区", "KFQ", "KFQTS"),
        ("黄石经济技术开发区", "KFQ", "KFQTS"),
        ("开发区·铁山区", "KFQTS", "KFQTS"),
        ("420205", "420205", "420205"),
        ("阳新", "420222", "420222"),
    ],
)
def test_a_spelling_is_that_of_the_unit_that_bore_it_in_the_period(spelling, before, since):
    form = "标准制修订情况表\n填报单位：{} | 报告期：{}\n企业名称"
    told = [tell(form.format(spelling, written))[1] for written in ("2019年一季度", "2019年二季度")]
    assert told == [before, since]


@pytest.mark.parametrize(
    ("reporter", "written", "owes"),
    [
        ("420205", "2019Q1", True),
        ("420205", "2019Q2", False),
        ("KFQTS", "2019Q1", False),
        ("KFQTS", "2019Q2", True),
        ("420202", "2019Q1", True),
    ],
)
def test_a_unit_owes_forms_while_it_is_there(reporter, written, owes):
    contract = EXPECTATIONS.contracts["standards"]
    identity = Identity(contract, CODES.reporter(reporter), period(written))
    found = [finding.rule_id for finding in check_obligation(identity, EXPECTATIONS, None)]
    assert found == ([] if owes else ["wrong_form"])
    if owes:
        plan_template(contract, CODES, CODES.reporter(reporter), period(written), "zh")
        return
    with pytest.raises(TemplateRefused, match="does not owe standards"):
        plan_template(contract, CODES, CODES.reporter(reporter), period(written), "zh")


def test_obligations_follow_the_units_of_each_period():
    owed = list_obligations(EXPECTATIONS, date(2019, 10, 1)).filter(dataset="standards")
    assert {
        name: sorted(frame["reporter_code"])
        for (name,), frame in owed.group_by("period", maintain_order=True)
    } == {
        "2019Q1": [*COMMON[:3], "420205", *COMMON[3:], "KFQ"],
        "2019Q2": [*COMMON, "KFQTS"],
        "2019Q3": [*COMMON, "KFQTS"],
    }


@pytest.mark.parametrize(
    ("written", "there"), [("2019Q1", [*COMMON, *OLD]), ("2019Q2", [*COMMON, *NEW])]
)
def test_a_blank_form_offers_the_units_of_its_period(written, there):
    blank = plan_template(
        EXPECTATIONS.contracts["trademarks"], CODES, CODES.reporter("scjg"), period(written), "zh"
    )
    names = [unit.name for unit in CODES.reporting_units if unit.code in there]
    assert blank.options["reporting_unit"] == names
    assert [row["reporting_unit"] for row in blank.given_rows] == names


@pytest.mark.parametrize(
    ("folder", "rules"),
    [
        ("420205", []),
        ("KFQTS", []),
        ("KFQ", ["folder_disagrees"]),
        ("420202", ["folder_disagrees"]),
    ],
)
def test_the_successor_may_send_what_a_unit_that_ended_still_owed(folder, rules):
    lines = "标准制修订情况表\n填报单位：铁山区 | 报告期：2019年一季度\n企业名称"
    assert [finding.rule_id for finding in tell(lines, folder=folder)[3]] == rules


WRITTEN = [
    ("2019年一季度", "铁山区", []),
    ("2019年一季度", "市开发区", ["spelling_recognised"]),
    ("2019年一季度", "开发区·铁山区", ["unknown_reporting_unit"]),
    ("2019年一季度", "KFQTS", ["unknown_reporting_unit"]),
    ("2019年一季度", "大冶湖高新区", ["unknown_reporting_unit"]),
    ("2019年二季度", "铁山区", ["spelling_recognised"]),
    ("2019年二季度", "420205", ["unknown_reporting_unit"]),
    ("2019年二季度", "开发区·铁山区", []),
]


def test_a_unit_that_was_not_there_in_the_period_is_unknown_and_those_that_were_are_offered(
    tmp_path: Path,
):
    paths = []
    for number, (written, unit, _) in enumerate(WRITTEN):
        paths.append(tmp_path / f"{number}.csv")
        paths[-1].write_text(
            f"企业服务情况表\n填报单位：市市场监管局,报告期：{written}\n"
            "企业名称,统一社会信用代码,所属县(市、区),服务类型,服务日期,服务机构\n"
            f"示例,91420200PDY0000017,{unit},知识产权服务,2019-02-01,\n",
            encoding="utf-8",
        )
    judged = check_files(
        Settings(home=tmp_path / "home"), paths, "zh", datetime(2020, 1, 1, tzinfo=UTC)
    )
    for checked, (written, unit, rules) in zip(judged, WRITTEN, strict=True):
        own = [item for item in checked.findings if item["cell"] == "C4"]
        assert [item["rule"] for item in own] == rules, (written, unit)
        there = CODES.in_period(period("2019Q1" if "一" in written else "2019Q2")).counties
        for item in own:
            if item["rule"] == "unknown_reporting_unit":
                assert item["value"] == unit
                assert "、".join(one.name for one in there) in item["remedy"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda text: text.replace("on = 2019-04-01", "on = 2019-05-01"), "420205"),
        (lambda text: text.replace('into = ["KFQTS"]', 'into = ["KFQ2"]'), "KFQ2"),
        (lambda text: text.replace('kind = "merge"', 'kind = "split"'), "one becomes several"),
        (lambda text: text.replace("valid_from = 2019-04-01\n", ""), "KFQTS"),
        (lambda text: text.replace("reason = {", "reasons = {"), "reason"),
    ],
)
def test_a_succession_that_contradicts_the_units_is_refused(change, named):
    with pytest.raises(ContractError, match=named):
        spoil("codes/reporting_units.toml", change)


# Owners


OWNED_BEFORE = """
[[owed_before]]
until = "2019Q2"
owed_by = ["kjj", "swj"]
reason = { zh = "机构改革，职责划转", en = "the duty was moved in the reform" }
"""


def test_who_owes_a_form_follows_the_period():
    changed = spoil("services.toml", lambda text: text + OWNED_BEFORE)
    contract = changed.contracts["services"]
    owing = {
        text: [item.code for item in changed.codes.owing_in(contract, period(text))]
        for text in ("2019Q1", "2019Q2", "2019Q3", "2026Q1")
    }
    assert owing == {
        "2019Q1": ["kjj", "swj"], "2019Q2": ["kjj", "swj"], "2019Q3": ["scjg"], "2026Q1": ["scjg"],
    }  # fmt: skip
    owed = list_obligations(changed, date(2019, 12, 31)).filter(dataset="services")
    assert owed.sort("period", "reporter_code").select("period", "reporter_code").rows() == [
        ("2019Q1", "kjj"), ("2019Q1", "swj"), ("2019Q2", "kjj"), ("2019Q2", "swj"),
        ("2019Q3", "scjg"),
    ]  # fmt: skip
    identity = Identity(contract, changed.codes.reporter("scjg"), period("2019Q1"))
    assert [item.rule_id for item in check_obligation(identity, changed, None)] == ["wrong_form"]


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('owed_by = ["kjj", "swj"]', 'owed_by = ["nobody"]', "nobody"),
        ('until = "2019Q2"', 'until = "2019 Q2"', "not a period"),
        ("reason = {", "cause = {", "reason"),
    ],
)
def test_an_earlier_owner_is_known_and_has_a_reason(before, after, named):
    with pytest.raises(ContractError, match=named):
        spoil("services.toml", lambda text: text + OWNED_BEFORE.replace(before, after))


# Definitions of indicators


REDEFINED = """until = "2019Q4"
name = { zh = "主导和参与制修订标准项数", en = "standards led or joined" }
reason = { zh = "2020年起含执行标准", en = "from 2020 on standards executed count as well" }
"""
HANDED_OVER = """until = "2019Q4"
department = "kjj"
reason = { zh = "职责划转", en = "the duty was moved" }
"""


def test_an_indicator_is_told_by_the_definition_of_the_period():
    codes = define_earlier("std_total_count", REDEFINED).codes
    then, now = (
        next(item for item in codes.in_period(period(text)).indicators if item.code == code)
        for text, code in (("2019Q4", "std_total_count"), ("2020Q1", "std_total_count"))
    )
    assert (then.name.zh, then.unit, then.department) == ("主导和参与制修订标准项数", "项", "scjg")
    assert now.name.zh == "执行和参与制修订标准项数"
    assert [item.name for item in codes.indicators if item.code == "std_total_count"] == [now.name]


def test_a_form_holds_the_indicators_of_the_period_as_they_were():
    codes = define_earlier("std_total_count", HANDED_OVER).codes
    contract = EXPECTATIONS.contracts["indicators"]
    listed = {
        (reporter, text): "std_total_count"
        in {
            row["indicator_code"]
            for row in plan_template(
                contract, codes, codes.reporter(reporter), period(text), "zh"
            ).given_rows
        }
        for reporter in ("scjg", "kjj")
        for text in ("2019Q4", "2020Q1")
    }
    assert listed == {
        ("scjg", "2019Q4"): False, ("scjg", "2020Q1"): True,
        ("kjj", "2019Q4"): True, ("kjj", "2020Q1"): False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (
            'until = "2019Q4"\nreason = { zh = "改", en = "changed" }\n',
            "nothing that was different",
        ),
        ('until = "2019Q4"\nunit = "家"\n', "reason"),
        ('until = "then"\nunit = "家"\nreason = { zh = "改", en = "changed" }\n', "not a period"),
    ],
)
def test_an_earlier_definition_says_what_was_different_and_why(lines, named):
    with pytest.raises(ContractError, match=named):
        define_earlier("std_total_count", lines)


def keep_figures(gate: Warehouse, *figures: tuple[str, str, int]) -> None:
    for reporter, quarter, value in figures:
        gate.keep(
            "indicators",
            INDICATORS,
            Form(reporter, [f"std_total_count - 420200 项 {value}"], quarter, day="2020-08-01"),
        )


@pytest.mark.parametrize(
    ("lines", "reporter", "found"),
    [
        ("", "scjg", ["indicator_falls"]),
        (REDEFINED, "scjg", []),
        (HANDED_OVER, "scjg", ["indicator_falls"]),
        (HANDED_OVER, "kjj", ["indicator_department", "indicator_falls"]),
    ],
)
def test_a_figure_is_not_held_against_one_of_another_definition(
    monkeypatch, lines, reporter, found
):
    if lines:
        changed = define_earlier("std_total_count", lines)
        monkeypatch.setattr(warehouse_rows, "expectations", lambda: changed)
    gate = Gate()
    keep_figures(gate, ("scjg", "2019Q4", 1000))
    tonight = Form(reporter, ["std_total_count - 420200 项 100"], "2020Q1")
    gate.stage("indicators", INDICATORS, tonight)
    rules = {"indicator_falls", "indicator_department"}
    told = [line.split()[1] for line in gate.judge("indicators")]
    assert [rule for rule in told if rule in rules] == found


PLATFORMS = "platform_name platform_type level host_name reporting_unit recognised_on"


@pytest.mark.parametrize(
    ("before", "now", "vanished"),
    [
        ("420205 KFQ 420202", "KFQTS 420202", []),
        ("420205 420202", "KFQTS 420202", []),
        ("420205 KFQ 420202", "420202", ["开发区·铁山区"]),
        ("420205 420202", "KFQTS", ["黄石港区"]),
    ],
)
def test_a_unit_that_ended_has_not_vanished_where_its_successor_is_there(before, now, vanished):
    first, second = (
        [f"p{n} 重点实验室 省 h {unit} 2018-01-01" for n, unit in enumerate(units.split())]
        for units in (before, now)
    )
    gate = Gate()
    gate.keep("platforms", PLATFORMS, Form("kjj", first, "2019Q1", day="2019-04-10"))
    gate.stage("platforms", PLATFORMS, Form("kjj", second, "2019Q2"))
    found = [line for line in gate.judge("platforms") if " unit_vanished " in line]
    assert [line.split()[-1] for line in found] == vanished


def test_a_merger_is_no_fall_and_no_jump_of_the_units_in_a_form():
    columns = "reporting_unit application_count registration_count valid_count"
    gate = Gate()
    lines = ["420202 10 10 100", "420205 10 10 900", "KFQ 10 10 900"]
    gate.keep("trademarks", columns, Form("scjg", lines, "2019Q1", day="2019-04-10"))
    form = Form("scjg", ["420202 10 10 100", "KFQTS 900 900 20"], "2019Q2")
    gate.stage("trademarks", columns, form)
    assert gate.judge("trademarks") == []


# Breaks


def test_a_merger_breaks_the_series_of_the_new_unit_alone():
    warehouse = keep_merger(Warehouse())
    warehouse.build(*MARTS, day="2019-10-22")
    where = "series_code = 'standards.standard_count'"
    columns = f"period reporting_unit_code value strpos(break_reason,'{MERGED}')"
    assert warehouse.read("series", columns, where) == [
        "2019Q1 420200 4.000000 -",
        "2019Q1 420202 1.000000 -",
        "2019Q1 420205 2.000000 -",
        "2019Q1 KFQ 3.000000 -",
        "2019Q2 420200 5.000000 -",
        "2019Q2 420202 1.000000 -",
        "2019Q2 KFQTS 5.000000 1",
        "2019Q3 420200 6.000000 -",
        "2019Q3 KFQTS 6.000000 -",
    ]
    columns = "period reporting_unit_code kind reason"
    assert warehouse.read("series_break", columns, where) == [f"2019Q2 KFQTS unit {MERGED}"]
    late = "series_code = 'standards.standard_count[role=主导]'"
    assert warehouse.read("series", "period reporting_unit_code", late) == [
        "2019Q3 420200",
        "2019Q3 KFQTS",
    ]
    assert warehouse.read("series_break", columns, late) == []


def test_the_units_of_a_period_are_those_its_figures_cover():
    warehouse = keep_merger(Warehouse())
    warehouse.open("2019-10-22")
    found = warehouse.connection.execute(
        "select period, list(reporting_unit_code order by reporting_unit_code) "
        "from core_unit_coverage where dataset = 'standards' group by period order by period"
    ).fetchall()
    city = ["420200", *COMMON[:3]]
    assert found == [
        ("2019Q1", [*city, "420205", *COMMON[3:], "KFQ"]),
        ("2019Q2", [*city, *COMMON[3:], "KFQTS"]),
        ("2019Q3", [*city, *COMMON[3:], "KFQTS"]),
    ]


@pytest.mark.parametrize(
    ("lines", "figures", "breaks"),
    [
        (REDEFINED, ["2019Q4", "2020Q1", "2020Q2"], ["2020Q1 definition 2020年起含执行标准"]),
        (REDEFINED, ["2019Q3", "2020Q2"], ["2020Q2 definition 2020年起含执行标准"]),
        (REDEFINED, ["2019Q3", "2019Q4"], []),
        (REDEFINED, ["2020Q2"], []),
        (HANDED_OVER, ["2019Q4", "2020Q1"], ["2020Q1 owner 职责划转"]),
    ],
)
def test_a_definition_breaks_the_reported_series_at_its_first_figure(
    monkeypatch, lines, figures, breaks
):
    changed = define_earlier("std_total_count", lines)
    monkeypatch.setattr(warehouse_rows, "expectations", lambda: changed)
    warehouse = Warehouse()
    keep_figures(warehouse, *(("scjg", quarter, 100) for quarter in figures))
    warehouse.build(*MARTS, day="2020-08-22")
    where = "series_code = 'std_total_count'"
    assert warehouse.read("series_break", "period kind reason", where) == breaks
    marked = warehouse.read("series", "period", f"{where} and break_reason is not null")
    assert marked == [line.split()[0] for line in breaks]
    names = dict(line.split() for line in warehouse.read("series", "period indicator_name", where))
    early = "主导和参与制修订标准项数" if lines == REDEFINED else "执行和参与制修订标准项数"
    for quarter in figures:
        assert names[quarter] == (early if quarter < "2020" else "执行和参与制修订标准项数")


# On today's units


def keep_merger(warehouse: Warehouse) -> Any:
    """Standards and services of three quarters; U1 is served, and GB1 used, in both old units."""
    for unit, quarter, count in (
        ("420202", "2019Q1", 1), ("420205", "2019Q1", 2), ("KFQ", "2019Q1", 3),
        ("420202", "2019Q2", 1), ("KFQTS", "2019Q2", 5), ("KFQTS", "2019Q3", 6),
    ):  # fmt: skip
        numbers = range(count) if unit != "KFQ" else (1, 2, 3)
        lines = [f"U{number} GB{number} p {unit} 国家标准 执行 e n" for number in numbers]
        if quarter == "2019Q3":
            lines[-1] = lines[-1].replace("执行", "主导")
        day = f"2019-{int(quarter[-1]) * 3 + 1:02d}-10"
        warehouse.keep("standards", STANDARDS, Form(unit, lines, quarter, day=day))
    for quarter, served in (
        ("2019Q1", "420205 420205 KFQ 420202"), ("2019Q2", "KFQTS KFQTS 420202"),
    ):  # fmt: skip
        lines = [
            f"U{number} e {unit} 知识产权服务 2019-02-0{number + 1}"
            for number, unit in enumerate(served.split())
        ]
        warehouse.keep("services", SERVICES, Form("scjg", lines, quarter, day="2019-07-12"))
    return warehouse


def publish(warehouse: Warehouse) -> None:
    warehouse.build(*MARTS, day="2019-10-22")
    create_macros(warehouse.connection, {TODAY: load_sql("macro")[TODAY]}, "release")


def ask_today(warehouse: Warehouse, series: str, unit: str = "KFQTS") -> list[tuple[Any, ...]]:
    connection = warehouse.connection
    connection.execute("use release")
    try:
        return connection.execute(
            f"select period, value::bigint, units_as, note from mart.{TODAY}(?) "
            "where reporting_unit_code = ? order by period",
            [series, unit],
        ).fetchall()
    finally:
        connection.execute("use memory")


TODAY = "series_on_todays_units"
SUM = "合计自 / the sum of：铁山区、黄石经济技术开发区"


def test_additive_figures_of_units_that_were_joined_are_summed():
    warehouse = keep_merger(Warehouse())
    publish(warehouse)
    assert ask_today(warehouse, "services.service_count") == [
        ("2019Q1", 3, "summed", SUM),
        ("2019Q2", 2, "own", None),
    ]
    city = [("2019Q1", 4, "own", None), ("2019Q2", 3, "own", None)]
    assert ask_today(warehouse, "services.service_count", "420200") == city


@pytest.mark.parametrize(
    ("missing", "series", "answer"),
    [
        ("", "funding.amount_yuan", (70, "summed", "合计自")),
        ("", "funding.amount_yuan[funding_kind=补助]", (40, "summed", "合计自")),
        ("czj", "funding.amount_yuan", (None, "not_comparable", "原单元未都发布或未报齐")),
    ],
)
def test_a_sum_needs_every_form_and_what_a_register_does_not_list_is_nothing(
    missing, series, answer
):
    """Only the zone was given 补助; a department without a row reports nil."""
    columns = (
        "programme funding_level funding_kind recipient_name reporting_unit amount approved_on"
    )
    lines = [
        "专项 市 奖励 甲 420205 30 2019-02-01",
        "专项 市 补助 乙 KFQ 40 2019-02-01",
    ]
    warehouse = Warehouse()
    warehouse.keep("funding", columns, Form("scjg", lines, "2019Q1", day="2019-04-10"))
    for reporter in {"jxj", "swj", "kjj", "czj"} - {missing}:
        nil = Form(reporter, [], "2019Q1", day="2019-04-10", is_nil=True)
        warehouse.keep("funding", columns, nil)
    publish(warehouse)
    [(quarter, value, units_as, note)] = ask_today(warehouse, series)
    assert (quarter, value, units_as, note.split(" / ")[0]) == ("2019Q1", *answer)


SPLIT = """
[[unit]]
code = "EAST"
name = "阳新东区"
name_en = "East"
valid_from = 2019-07-01

[[unit]]
code = "WEST"
name = "阳新西区"
name_en = "West"
valid_from = 2019-07-01

[[succession]]
kind = "split"
on = 2019-07-01
from = ["420222"]
into = ["EAST", "WEST"]
reason = { zh = "阳新县分设", en = "Yangxin was divided" }
"""


def divide_yangxin(text: str) -> str:
    ended = text.replace('code = "420222"\n', 'code = "420222"\nvalid_until = 2019-06-30\n')
    return ended + SPLIT


def test_a_unit_that_was_split_says_that_its_figures_cannot_be_divided(monkeypatch):
    changed = spoil("codes/reporting_units.toml", divide_yangxin)
    monkeypatch.setattr(warehouse_rows, "expectations", lambda: changed)
    warehouse = Warehouse()
    for quarter, units in (("2019Q2", "420222"), ("2019Q3", "EAST WEST")):
        lines = [f"U e {unit} 知识产权服务 2019-02-01" for unit in units.split()]
        warehouse.keep("services", SERVICES, Form("scjg", lines, quarter, day="2019-10-12"))
    publish(warehouse)
    for unit in ("EAST", "WEST"):
        before, now = ask_today(warehouse, "services.service_count", unit)
        assert before[:3] == ("2019Q2", None, "not_comparable")
        assert before[3].startswith("单元已拆分")
        assert now == ("2019Q3", 1, "own", None)
    where = "series_code = 'services.service_count' and reporting_unit_code <> 'KFQTS'"
    assert warehouse.read("series_break", "period reporting_unit_code reason", where) == [
        "2019Q3 EAST 阳新县分设", "2019Q3 WEST 阳新县分设",
    ]  # fmt: skip


def test_distinct_things_of_units_that_were_joined_are_not_summed():
    warehouse = keep_merger(Warehouse())
    publish(warehouse)
    [first, *others] = ask_today(warehouse, "standards.standard_count")
    assert first[:3] == ("2019Q1", None, "not_comparable")
    assert first[3].startswith("不可加")
    assert others == [("2019Q2", 5, "own", None), ("2019Q3", 6, "own", None)]
    assert ask_today(warehouse, "standards.standard_count", "420205") == []


def test_as_it_was_is_the_series_itself():
    warehouse = keep_merger(Warehouse())
    warehouse.build(*MARTS, day="2019-10-22")
    where = "series_code = 'services.service_count' and period = '2019Q1' and value > 0"
    assert warehouse.read("series", "reporting_unit_code value", where) == [
        "420200 4.000000", "420202 1.000000", "420205 2.000000", "KFQ 1.000000",
    ]  # fmt: skip
    columns = "reporting_unit_code valid_from valid_until todays_unit_code is_whole"
    where = "reporting_unit_code in ('420202', '420205', 'KFQ', 'KFQTS')"
    assert warehouse.read("reporting_unit", columns, where) == [
        "420202 - - 420202 true",
        "420205 - 2019-03-31 KFQTS true",
        "KFQ - 2019-03-31 KFQTS true",
        "KFQTS 2019-04-01 - KFQTS true",
    ]
