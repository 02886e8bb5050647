"""Published figures as lines of words, and what the marts of comparisons make of them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from tests.warehouse_rows import BLANK, Warehouse, expectations, sql
from warehouse.build.marts import build_marts
from warehouse.build.views import Cut, create_frame, open_views
from warehouse.contracts.bridges import list_bridges, read_bridges
from warehouse.contracts.load import Expectations, build_expectations
from warehouse.settings import CITY_TIME

FIRST_RELEASE = date(2020, 10, 21)
"""Releases of the truth tables come every 10 days: 1 on this day, 2 on 10-31, 3 on 11-10."""
NOW = "2020-11-30"
CITY, UNITS = "420200", ["420202", "420203", "420204", "420222", "420281", "KFQTS"]
COUNTED = {
    "std_total_count": "standards.standard_count",
    "std_national_count": "standards.standard_count[standard_level=国家标准]",
    "ip_special_fund_amount": "funding.amount_yuan[programme=知识产权专项资金]",
    "excellence_model_adopter_count": "services.enterprise_count[service_type=卓越绩效导入]",
}
RELATIONS = """
[[relation]]
code = "two_offices"
kind = "departments"
title = { zh = "两家", en = "two offices" }
left = "high_tech_enterprise_count"
right = "above_scale_enterprise_count"
owner = "kjj"

[[relation]]
code = "a_share"
kind = "share"
title = { zh = "比重", en = "share" }
series = "hidden_champion_province_share"
numerator = "hidden_champion_count"
denominator = "prov_srdi_count"
owner = "jxj"

[[relation]]
code = "per_ten_thousand"
kind = "share"
title = { zh = "每万人", en = "per 10,000" }
series = "invention_per_10k"
numerator = "valid_invention_count"
denominator = "workers_dispatched_count"
times = 10000
owner = "scjg"

[[relation]]
code = "a_growth"
kind = "growth"
title = { zh = "同比", en = "growth" }
series = "trademark_growth.application_yoy_pct"
of = "trademarks.application_count"
owner = "scjg"

[[relation]]
code = "a_rank"
kind = "rank"
title = { zh = "位次", en = "rank" }
series = "design_service_rank"
of = "tech_sme_count"
owner = "jxj"

[[relation]]
code = "levels"
kind = "part"
title = { zh = "三级", en = "levels" }
parts = ["qip_provincial_project_count", "qip_municipal_project_count", "qip_county_project_count"]
whole = "qip_project_count"
owner = "scjg"
"""
BRIDGES = """
[[bridge]]
code = "executed"
left = "std_total_count"
right = "standards.standard_count"
expected_difference = -20
tolerance = 5
reason = {{ zh = "口径", en = "definition" }}
owner = "jxj"
valid_from = 2020-01-01
ends_on = {ends_on}
{more}
"""


TOTAL, REGISTER = "std_total_count", COUNTED["std_total_count"]
FUND, FUND_ROWS = "ip_special_fund_amount", COUNTED["ip_special_fund_amount"]


@dataclass(frozen=True)
class Case:
    """A sentence, the figures published, and what the comparison then says.

    Attributes:
        figures: lines `series period unit value qualifier included/expected from-to`; words left
            out at the end are `- 1/1 1-`. A unit in capitals short: `city`.
        says_of: which comparisons are looked at, by the start of their code.
        rows: lines of the columns read.
    """

    says: str
    figures: Sequence[str]
    rows: Sequence[str]
    says_of: str
    read: str = "period state"


def bridge(ends_on: str = "2027-12-31", more: str = "") -> str:
    return BRIDGES.format(ends_on=ends_on, more=more)


@functools.cache
def declare(bridges: str = "") -> Expectations:
    """The shipped expectations with other relations and bridges."""
    texts = dict(expectations().texts)
    texts |= {"codes/relations.toml": RELATIONS, "codes/bridges.toml": bridges}
    return build_expectations(texts)


@functools.cache
def open_marts() -> duckdb.DuckDBPyConnection:
    """The marts as views over published figures, releases and forms that are tables to fill."""
    warehouse = Warehouse()
    connection = warehouse.connection
    at = datetime.fromisoformat(f"{NOW}T02:00:00").replace(tzinfo=CITY_TIME)
    open_views(connection, declare(), Cut(0, at, 9), sql("core"))
    build_marts(connection, dict(sql("mart")), declare(), "temp")
    for view in ("mart_series_vintage", "mart_release", "core_included_submission"):
        connection.execute(f"create temp table filled as select * from {view} limit 0")
        connection.execute(f"drop view {view}; alter table filled rename to {view}")
    releases = [(number, FIRST_RELEASE + timedelta(10 * number - 10)) for number in range(1, 10)]
    connection.executemany(
        "insert into mart_release (release_id, published_on) values (?, ?)",
        [(number, day) for number, day in releases if day <= at.date()],
    )
    return connection


def open_bridges(bridges: str) -> None:
    texts = {"codes/relations.toml": RELATIONS, "codes/bridges.toml": bridges}
    declared = read_bridges(texts, declare().codes)
    create_frame(open_marts(), "codes_bridge", list_bridges(declared))


def publish(connection: duckdb.DuckDBPyConnection, lines: Sequence[str]) -> None:
    """Fills the published figures."""
    connection.execute("delete from mart_series_vintage")
    for line in lines:
        words = line.split()
        series, period, unit, value, qualifier, cover, spell = [
            *words,
            *["-", "1/1", "1-"][len(words) - 4 :],
        ]
        included, expected = cover.split("/")
        began, ended = spell.split("-")
        indicator = next((i for i in expectations().codes.indicators if i.code == series), None)
        is_pct = series.endswith("_pct")
        facts = {
            "series_code": series,
            "indicator_code": indicator and series,
            "indicator_name": series,
            "unit": "%" if is_pct else indicator.unit if indicator else "项",
            "basis": "reported" if indicator else "counted",
            "qualifier": None if qualifier == BLANK else qualifier,
            "is_additive": indicator.is_additive if indicator else "amount_yuan" in series,
            "period": period,
            "period_type": "quarter" if "Q" in period else "month" if "-" in period else "year",
            "reporting_unit_code": CITY if unit == "city" else unit,
            "value": None if value == BLANK else value,
            "included_submissions": included,
            "expected_submissions": expected,
            "known_from_release": began,
            "known_to_release": ended or None,
        }
        marks = ", ".join("?" * len(facts))
        connection.execute(
            f"insert into mart_series_vintage ({', '.join(facts)}) values ({marks})",
            list(facts.values()),
        )


def read(
    case: Case, *, bridges: str = "", written: str = "", mart: str = "reconciliation"
) -> list[str]:
    """Publishes a case's figures and reads what is made of them.

    Args:
        case: the case.
        bridges: those declared, as TOML.
        written: units of measure the city's forms were written in: `series unit; …`.
        mart: the mart read.
    """
    connection = open_marts()
    publish(connection, case.figures)
    open_bridges(bridges)
    connection.execute("delete from core.indicators; delete from core_included_submission")
    connection.execute(
        "insert into core_included_submission (submission_id, period) values (1, '2020Q3')"
    )
    for series, unit in (item.split() for item in written.split("; ") if item):
        connection.execute(
            "insert into core.indicators (submission_id, indicator_code, unit, reporting_unit) "
            "select distinct 1, ?, ?, reporting_unit_code from mart_series_vintage",
            [series, unit],
        )
    texts = ", ".join(
        f"case when try_cast({name} as double) is null then {name}::varchar "
        f"else regexp_replace({name}::varchar, '\\.?0+$', '') end"
        if name.endswith(("value", "difference", "highest", "lowest"))
        else f"{name}::varchar"
        for name in case.read.split()
    )
    found = connection.execute(
        f"select {texts} from mart_{mart} where starts_with(comparison_code, ?)",
        [case.says_of],
    ).fetchall()
    return sorted(" ".join(BLANK if word is None else word for word in row) for row in found)


def city(series: str, value: str, *more: str, period: str = "2020Q3") -> str:
    return " ".join([series, period, "city", value, *more])
