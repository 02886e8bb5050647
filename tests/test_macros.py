"""Truth tables of the published file's macros: figures in, rows or a refusal in words out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse_rows import BLANK, NOT_APPLICABLE, Warehouse, expectations, sql
from warehouse.build.macros import create_macros, read_macro
from warehouse.build.marts import build_marts

MEASURES = {
    "money": ("flow", True, True, "period"),
    "so_far": ("flow", True, True, "year"),
    "ever": ("flow", True, True, "beginning"),
    "distinct": ("flow", False, False, "period"),
    "served": ("flow", True, False, "period"),
    "served_so_far": ("flow", True, False, "year"),
    "stock": ("stock", True, False, None),
    "things": ("stock", False, False, None),
}
"""By series: stock or flow, whether it adds up over units, and over periods, and since when it
accumulates. `served` counts distinct things that each belong to one unit."""


@dataclass(frozen=True)
class Case:
    """A sentence, the published rows it is about, a call, and what comes out.

    Attributes:
        figures: rows of `mart.series`: series, period, unit, value and included/expected forms.
        vintages: rows of `mart.series_vintage`: series, period, unit, value, status and the
            releases it stood from and to.
        releases: rows of `mart.release`: number and day.
        call: the macro with its arguments.
        read: columns looked at.
        rows: what comes out, as lines of words.
        refusal: what the refusal says in both languages, where there are no rows.
    """

    says: str
    call: str
    read: str = ""
    rows: Sequence[str] = ()
    figures: Sequence[str] = ()
    vintages: Sequence[str] = ()
    releases: Sequence[str] = ()
    refusal: tuple[str, str] | None = None


@pytest.fixture(scope="module")
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file without rows, as the real models make it, with its macros."""
    warehouse = Warehouse()
    warehouse.open("2020-10-30")
    connection = warehouse.connection
    connection.execute("attach ':memory:' as release; create schema release.mart")
    names = ("series", "series_vintage", "release", "reporting_unit")
    build_marts(connection, {n: sql("mart")[n] for n in names}, expectations(), "release")
    create_macros(connection, sql("macro"), "release")
    connection.execute("use release")
    yield connection
    connection.close()


def fill(connection: duckdb.DuckDBPyConnection, case: Case) -> None:
    for table in ("series", "series_vintage", "release"):
        connection.execute(f"delete from mart.{table}")
    days = dict(line.split() for line in case.releases)
    for number, day in days.items():
        row = {"release_id": number, "published_on": day, "published_at": f"{day} 02:00:00+08"}
        insert(connection, "release", row)
    for line in case.figures:
        series, period, unit, value, cover = line.split()
        included, expected = cover.split("/")
        cover_columns = {"included_submissions": included, "expected_submissions": expected}
        insert(connection, "series", figure(series, period, unit, value) | cover_columns)
    for line in case.vintages:
        series, period, unit, value, status, began, ended = line.split()
        spell = {
            "status": status,
            "known_from_release": began,
            "known_from_on": days[began],
            "known_to_release": None if ended == BLANK else ended,
            "known_to_on": days.get(ended),
        }
        insert(connection, "series_vintage", figure(series, period, unit, value) | spell)


def figure(series: str, period: str, unit: str, value: str) -> dict[str, Any]:
    """The columns that figures and vintages share."""
    kind, is_additive, adds_over_periods, accumulated_since = MEASURES[series]
    types = {4: "year", 6: "quarter", 7: "month"}
    return {
        "series_code": series,
        "indicator_name": f"{series} 名",
        "unit": "元",
        "basis": "counted",
        "measure_kind": kind,
        "is_additive": is_additive,
        "adds_over_periods": adds_over_periods,
        "accumulated_since": accumulated_since,
        "period": period,
        "period_type": types[len(period)],
        "reporting_unit_code": unit,
        "reporting_unit": f"{unit}区",
        "value": None if value == NOT_APPLICABLE else value,
        "value_state": "not_applicable" if value == NOT_APPLICABLE else "value",
    }


def insert(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"insert into mart.{table} ({', '.join(row)}) values ({marks})", list(row.values())
    )


def check(connection: duckdb.DuckDBPyConnection, case: Case) -> None:
    fill(connection, case)
    columns = ", ".join(f"{name}::varchar" for name in case.read.split()) or "*"
    query = f"select {columns} from mart.{case.call}"
    if case.refusal is None:
        found = [
            " ".join(BLANK if value is None else show(value) for value in row)
            for row in connection.execute(query).fetchall()
        ]
        assert sorted(found) == sorted(case.rows)
        return
    with pytest.raises(duckdb.Error) as refused:
        connection.execute(query).fetchall()
    chinese, _, english = str(refused.value).partition(" / ")
    assert case.refusal[0] in chinese
    assert case.refusal[1] in english


def show(text: str) -> str:
    """Without the zeros of a decimal."""
    return re.sub(r"^(-?\d+)\.0+$", r"\1", text.replace(" ", "_"))


def named(cases: Sequence[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.says for case in cases])


# --- what was known when -------------------------------------------------------------------------

TIMES = ["1 2020-10-20", "2 2020-10-27", "3 2020-10-27", "4 2021-01-20"]
KNOWN = [
    "money 2020Q3 420200 10 provisional 1 2",
    "money 2020Q3 420200 11 provisional 2 3",
    "money 2020Q3 420200 12 provisional 3 -",
    "money 2020Q2 420200 5 final 1 4",
    "stock 2020Q3 420200 7 provisional 2 3",
    "stock 2020Q3 420200 7 final 4 -",
]
SEEN = "series_code period value release_id"


@named(
    [
        Case(
            "on the day of a release it is in force",
            "series_as_of('2020-10-20')",
            SEEN,
            ["money 2020Q2 5 1", "money 2020Q3 10 1"],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "between releases the one before stands, a date may be written as one",
            "series_as_of(date '2020-10-26')",
            SEEN,
            ["money 2020Q2 5 1", "money 2020Q3 10 1"],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "of two releases of one day the higher number is in force",
            "series_as_of('2020-10-27')",
            SEEN,
            ["money 2020Q2 5 3", "money 2020Q3 12 3"],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "what was taken down is gone, what came again is there",
            "series_as_of('2030-01-01')",
            SEEN,
            ["money 2020Q3 12 4", "stock 2020Q3 7 4"],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "before the first release nothing was known",
            "series_as_of('2020-10-19')",
            SEEN,
            [],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "a release with a wrong clock counts from the day it says, by its number",
            "series_as_of('2020-10-26')",
            SEEN,
            ["money 2020Q3 2 2"],
            vintages=[
                "money 2020Q3 420200 1 provisional 1 2",
                "money 2020Q3 420200 2 provisional 2 -",
            ],
            releases=["1 2020-10-27", "2 2020-10-20"],
        ),
    ]
)
def test_series_as_of(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


@named(
    [
        Case(
            "a release that was replaced within the second still has its figures",
            "series_as_released(2)",
            SEEN,
            ["money 2020Q2 5 2", "money 2020Q3 11 2", "stock 2020Q3 7 2"],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "a figure that was down in a release is not in it",
            "series_as_released(3)",
            SEEN,
            ["money 2020Q2 5 3", "money 2020Q3 12 3"],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "a number that no release has gives no rows",
            "series_as_released(9)",
            SEEN,
            [],
            vintages=KNOWN,
            releases=TIMES,
        ),
    ]
)
def test_series_as_released(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


@named(
    [
        Case(
            "first against latest, whatever lay between",
            "first_and_latest()",
            "series_code period first_value first_release first_on latest_value difference "
            "difference_pct value_count",
            [
                "money 2020Q2 5 1 2020-10-20 - - - 1",
                "money 2020Q3 10 1 2020-10-20 12 2 20 3",
                "stock 2020Q3 7 2 2020-10-27 7 0 0 1",
            ],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "a first value that was not applicable stays empty, and 0 has no per cent",
            "first_and_latest()",
            "series_code first_value latest_value difference difference_pct",
            ["distinct - 4 - -", "money 0 3 3 -"],
            vintages=[
                "distinct 2020Q3 420200 / provisional 1 2",
                "distinct 2020Q3 420200 4 provisional 2 -",
                "money 2020Q3 420200 0 provisional 1 2",
                "money 2020Q3 420200 3 provisional 2 -",
            ],
            releases=TIMES,
        ),
        Case(
            "a latest value that is not applicable is not the number before it",
            "first_and_latest()",
            "series_code first_value latest_value latest_status",
            ["money 4 - final"],
            vintages=[
                "money 2020Q3 420200 4 provisional 1 2",
                "money 2020Q3 420200 / final 2 -",
            ],
            releases=TIMES,
        ),
    ]
)
def test_first_and_latest(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


TRIANGLE = (
    "period vintage_number release_id published_on value difference_from_before "
    "difference_from_first"
)


@named(
    [
        Case(
            "every value a period was published with, against the one before and the first",
            "revision_triangle('money')",
            TRIANGLE,
            [
                "2020Q2 1 1 2020-10-20 5 - 0",
                "2020Q3 1 1 2020-10-20 10 - 0",
                "2020Q3 2 2 2020-10-27 11 1 1",
                "2020Q3 3 3 2020-10-27 12 1 2",
            ],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "a vintage in which only the status changed is no revision",
            "revision_triangle('stock')",
            TRIANGLE,
            ["2020Q3 1 2 2020-10-27 7 - 0"],
            vintages=KNOWN,
            releases=TIMES,
        ),
        Case(
            "a value that comes back after another is a revision again",
            "revision_triangle('money')",
            TRIANGLE,
            [
                "2020Q3 1 1 2020-10-20 3 - 0",
                "2020Q3 2 2 2020-10-27 - - -",
                "2020Q3 3 3 2020-10-27 3 - 0",
            ],
            vintages=[
                "money 2020Q3 420200 3 provisional 1 2",
                "money 2020Q3 420200 / provisional 2 3",
                "money 2020Q3 420200 3 provisional 3 -",
            ],
            releases=TIMES,
        ),
        Case(
            "a series nobody knows has no triangle",
            "revision_triangle('nothing')",
            TRIANGLE,
            [],
            vintages=KNOWN,
            releases=TIMES,
        ),
    ]
)
def test_revision_triangle(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


# --- what may be added ---------------------------------------------------------------------------

FIVE_OF_SIX = (
    "6_个单元中_5_个有数，与全市数不符或无法核对_/_5_of_6_units_have_a_figure,_and_the_whole_city's_"
    "does_not_confirm_the_sum"
)
UNITS = ("420202", "420203", "420204", "420222", "420281", "KFQTS")


def by_unit(series: str, period: str, city: int | None, **changes: str | None) -> list[str]:
    """A figure of 1, 2 … in each unit and the city's; a unit may say otherwise or be left out."""
    cells = {unit: f"{place} 1/1" for place, unit in enumerate(UNITS, start=1)}
    cells |= {name.removeprefix("u"): cell for name, cell in changes.items()}  # type: ignore[misc]
    if city is not None:
        cells["420200"] = f"{city} 6/6"
    return [f"{series} {period} {unit} {cell}" for unit, cell in cells.items() if cell]


@named(
    [
        Case(
            "an additive measure adds up to the city's figure, which is not added itself",
            "sum_over_units('money', '2020Q3')",
            "value city_value unit_count units_then is_complete note",
            ["21 21 6 6 true -"],
            by_unit("money", "2020Q3", 21),
        ),
        Case(
            "so does a stock, at one date",
            "sum_over_units('stock', '2020Q3')",
            "value unit_count",
            ["21 6"],
            by_unit("stock", "2020Q3", 21),
        ),
        Case(
            "other periods and series are not added",
            "sum_over_units('money', '2020Q3')",
            "period value",
            ["2020Q3 21"],
            [
                *by_unit("money", "2020Q3", 21),
                *by_unit("money", "2020Q2", 21),
                "stock 2020Q3 KFQTS 9 1/1",
            ],
        ),
        Case(
            "a distinct count is refused, and the city's row named",
            "sum_over_units('things', '2020Q3')",
            figures=by_unit("things", "2020Q3", 3),
            refusal=("不可跨统计单元相加", "may not be added over reporting units"),
        ),
        Case(
            "a form that is missing is said",
            "sum_over_units('money', '2020Q3')",
            "value is_complete note",
            ["21 false 有表未报，合计不全_/_forms_are_missing:_the_sum_is_incomplete"],
            by_unit("money", "2020Q3", 21, u420222="4 1/2"),
        ),
        Case(
            "a unit without a figure is said where the city has none to prove the sum by",
            "sum_over_units('money', '2020Q3')",
            "value city_value unit_count units_then is_complete note",
            [f"17 - 5 6 false {FIVE_OF_SIX}"],
            by_unit("money", "2020Q3", None, u420222=None),
        ),
        Case(
            "and where the city's figure is another",
            "sum_over_units('money', '2020Q3')",
            "value city_value is_complete note",
            [f"17 21 false {FIVE_OF_SIX}"],
            by_unit("money", "2020Q3", 21, u420222=None),
        ),
        Case(
            "what a unit's register has no row of counts 0, as the city's figure proves",
            "sum_over_units('money', '2020Q3')",
            "value city_value unit_count is_complete note",
            ["17 17 5 true -"],
            by_unit("money", "2020Q3", 17, u420222=None),
        ),
        Case(
            "the units are those of the period",
            "sum_over_units('money', '2018Q4')",
            "value unit_count units_then is_complete",
            ["28 7 7 true"],
            by_unit("money", "2018Q4", None, uKFQTS=None, u420205="6 1/1", uKFQ="7 1/1"),
        ),
        Case(
            "a unit to which it does not apply is said",
            "sum_over_units('money', '2020Q3')",
            "value note",
            ["17 有单元不适用_/_not_applicable_in_some_units"],
            by_unit("money", "2020Q3", None, u420222="/ 1/1"),
        ),
        Case(
            "without figures by unit there is nothing to add, not 0",
            "sum_over_units('money', '2020Q3')",
            figures=["money 2020Q3 420200 5 6/6"],
            refusal=("没有分统计单元的数字", "nothing to add"),
        ),
        Case(
            "a series nobody knows is refused",
            "sum_over_units('nothing', '2020Q3')",
            refusal=("nothing", "nothing has no figures"),
        ),
    ]
)
def test_sum_over_units(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


def quarters(series: str, *cells: str) -> list[str]:
    """Figures of one unit, quarter by quarter from 2020Q1; an empty one is missing."""
    return [
        f"{series} {2020 + place // 4}Q{place % 4 + 1} 420202 {cell}"
        for place, cell in enumerate(cells)
        if cell
    ]


DISTINCT = "去重计数不可跨期相加_/_distinct_things_may_not_be_added_over_periods"
YEAR = ["1 1/1", "2 1/1", "4 1/1", "8 1/1"]


@named(
    [
        Case(
            "a flow adds up from one quarter to another",
            "sum_over_periods('money', '2020Q2', '2020Q4')",
            "period_from period_to reporting_unit_code value period_count is_complete note",
            ["2020Q2 2020Q4 420202 14 3 true -"],
            quarters("money", *YEAR),
        ),
        Case(
            "and over the turn of a year",
            "sum_over_periods('money', '2020Q3', '2021Q2')",
            "value period_count",
            ["60 4"],
            quarters("money", *YEAR, "16 1/1", "32 1/1", "64 1/1"),
        ),
        Case(
            "and by month",
            "sum_over_periods('money', '2020-11', '2021-01')",
            "value period_count is_complete",
            ["7 3 true"],
            [
                "money 2020-11 420202 1 1/1",
                "money 2020-12 420202 2 1/1",
                "money 2021-01 420202 4 1/1",
            ],
        ),
        Case(
            "each unit has its own sum",
            "sum_over_periods('money', '2020Q1', '2020Q2')",
            "reporting_unit_code value",
            ["420202 3", "420222 30"],
            [
                *quarters("money", *YEAR),
                "money 2020Q1 420222 10 1/1",
                "money 2020Q2 420222 20 1/1",
            ],
        ),
        Case(
            "a stock is refused, with what to do instead",
            "sum_over_periods('stock', '2020Q1', '2020Q2')",
            figures=quarters("stock", *YEAR),
            refusal=("存量不可相加", "Subtract for the change"),
        ),
        Case(
            "distinct things are refused",
            "sum_over_periods('served', '2020Q1', '2020Q2')",
            figures=quarters("served", *YEAR),
            refusal=("不可相加", "periods may not be added"),
        ),
        Case(
            "what is reported as year to date is refused: the periods are in each other",
            "sum_over_periods('so_far', '2020Q1', '2020Q2')",
            figures=quarters("so_far", *YEAR),
            refusal=("按累计上报", "single_period takes"),
        ),
        Case(
            "a series nobody knows is refused",
            "sum_over_periods('nothing', '2020Q1', '2020Q2')",
            refusal=("没有序列 nothing", "There is no series nothing"),
        ),
        Case(
            "periods of another kind are refused, with how they are written",
            "sum_over_periods('money', '2020', '2021')",
            figures=quarters("money", *YEAR),
            refusal=("报告期写作 2020Q", "written like 2020Q"),
        ),
        Case(
            "so is a span from one kind to another",
            "sum_over_periods('money', '2020Q1', '2020-12')",
            figures=quarters("money", *YEAR),
            refusal=("报告期写作 2020Q", "written like 2020Q"),
        ),
        Case(
            "and one that ends before it begins",
            "sum_over_periods('money', '2020Q4', '2020Q1')",
            figures=quarters("money", *YEAR),
            refusal=("晚于", "2020Q4 is after 2020Q1"),
        ),
        Case(
            "a span without a figure is refused, not 0",
            "sum_over_periods('money', '2018Q1', '2018Q2')",
            figures=quarters("money", *YEAR),
            refusal=("没有数字", "money has no figures from 2018Q1 to 2018Q2"),
        ),
        Case(
            "where a quarter is missing there is no sum",
            "sum_over_periods('money', '2020Q1', '2020Q4')",
            "value period_count is_complete note",
            ["- 3 false 缺_1_期，不给合计_/_1_periods_are_missing:_no_sum"],
            quarters("money", "1 1/1", "", "4 1/1", "8 1/1"),
        ),
        Case(
            "a quarter to which it does not apply is none",
            "sum_over_periods('money', '2020Q1', '2020Q2')",
            "value is_complete",
            ["- false"],
            quarters("money", "1 1/1", "/ 1/1"),
        ),
        Case(
            "where a form is missing the sum says so",
            "sum_over_periods('money', '2020Q1', '2020Q2')",
            "value is_complete note",
            ["3 false 有表未报，合计不全_/_forms_are_missing:_the_sum_is_incomplete"],
            quarters("money", "1 1/1", "2 1/2"),
        ),
    ]
)
def test_sum_over_periods(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


@named(
    [
        Case(
            "single quarters add up to the year so far, and begin anew in January",
            "year_to_date('money')",
            "period value year_to_date_value is_exact note",
            [
                "2020Q1 1 1 true -",
                "2020Q2 2 3 true -",
                "2020Q3 4 7 true -",
                "2020Q4 8 15 true -",
                "2021Q1 16 16 true -",
            ],
            quarters("money", *YEAR, "16 1/1"),
        ),
        Case(
            "a missing quarter makes the rest of the year inexact, and no year after it",
            "year_to_date('money')",
            "period year_to_date_value is_exact note",
            [
                "2020Q1 1 true -",
                "2020Q3 - false 年初以来缺_1_期_/_1_periods_since_January_are_missing",
                "2021Q1 16 true -",
            ],
            quarters("money", "1 1/1", "", "4 1/1", "", "16 1/1"),
        ),
        Case(
            "so does a missing form",
            "year_to_date('money')",
            "period year_to_date_value is_exact note",
            [
                "2020Q1 - false 年初以来有表未报_/_forms_since_January_are_missing",
                "2020Q2 - false 年初以来有表未报_/_forms_since_January_are_missing",
            ],
            quarters("money", "1 1/2", "2 1/1"),
        ),
        Case(
            "distinct things do not add up over quarters",
            "year_to_date('served')",
            "period value year_to_date_value is_exact note",
            [f"2020Q1 1 - false {DISTINCT}"],
            quarters("served", "1 1/1"),
        ),
        Case(
            "what is reported as year to date stays as it is, though it counts distinct things",
            "year_to_date('served_so_far')",
            "period year_to_date_value is_exact note",
            [
                "2020Q1 - false 按累计上报_/_reported_so",
                "2020Q3 7 true 按累计上报_/_reported_so",
                "2020Q4 8 false 有表未报_/_forms_are_missing",
            ],
            quarters("served_so_far", "/ 1/1", "", "7 1/1", "8 1/2"),
        ),
        Case(
            "what has accumulated since it began has no year so far",
            "year_to_date('ever')",
            figures=quarters("ever", *YEAR),
            refusal=("历年累计数", "since it began"),
        ),
        Case(
            "a series nobody knows has none",
            "year_to_date('nothing')",
            refusal=("没有序列 nothing", "There is no series nothing"),
        ),
        Case(
            "a stock has no year so far",
            "year_to_date('stock')",
            figures=quarters("stock", *YEAR),
            refusal=("时点数", "is a stock"),
        ),
        Case(
            "units do not mix, nor do quarters and months",
            "year_to_date('money')",
            "reporting_unit_code period year_to_date_value",
            ["420202 2020-01 8", "420202 2020Q1 1", "420222 2020Q1 2"],
            [
                "money 2020Q1 420202 1 1/1",
                "money 2020Q1 420222 2 1/1",
                "money 2020-01 420202 8 1/1",
            ],
        ),
    ]
)
def test_year_to_date(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


@named(
    [
        Case(
            "a quarter is what came since the quarter before, the first is itself",
            "single_period('so_far')",
            "period year_to_date_value value is_exact note",
            [
                "2020Q1 1 1 true -",
                "2020Q2 3 2 true -",
                "2020Q3 7 4 true -",
                "2020Q4 15 8 true -",
                "2021Q1 16 16 true -",
            ],
            quarters("so_far", "1 1/1", "3 1/1", "7 1/1", "15 1/1", "16 1/1"),
        ),
        Case(
            "after a missing quarter the next is not exact, and the one after it is",
            "single_period('so_far')",
            "period value is_exact note",
            [
                "2020Q1 1 true -",
                "2020Q3 - false 缺年内上一期_/_the_period_before_in_the_year_is_missing",
                "2020Q4 8 true -",
            ],
            quarters("so_far", "1 1/1", "", "7 1/1", "15 1/1"),
        ),
        Case(
            "where a form is missing now or before it is not exact",
            "single_period('so_far')",
            "period value is_exact note",
            [
                "2020Q1 - false 有表未报_/_forms_are_missing",
                "2020Q2 - false 有表未报_/_forms_are_missing",
                "2020Q3 4 true -",
            ],
            quarters("so_far", "1 1/2", "3 1/1", "7 1/1"),
        ),
        Case(
            "distinct things may not be subtracted",
            "single_period('served_so_far')",
            "period value is_exact note",
            ["2020Q1 - false 去重计数不可相减_/_distinct_things_may_not_be_subtracted"],
            quarters("served_so_far", "1 1/1"),
        ),
        Case(
            "what is not applicable is not exact, nor is what comes after it",
            "single_period('so_far')",
            "period value is_exact note",
            [
                "2020Q1 1 true -",
                "2020Q2 - false 不适用_/_not_applicable",
                "2020Q3 - false 缺年内上一期_/_the_period_before_in_the_year_is_missing",
            ],
            quarters("so_far", "1 1/1", "/ 1/1", "5 1/1"),
        ),
        Case(
            "what is reported for single periods needs no taking apart",
            "single_period('money')",
            figures=quarters("money", *YEAR),
            refusal=("本来就按单期上报", "for single periods as it is"),
        ),
        Case(
            "what has accumulated since it began is to be subtracted by hand",
            "single_period('ever')",
            figures=quarters("ever", *YEAR),
            refusal=("相邻两期相减", "subtract two periods"),
        ),
        Case(
            "a series nobody knows has none",
            "single_period('nothing')",
            refusal=("没有序列 nothing", "There is no series nothing"),
        ),
        Case(
            "a stock has no single period",
            "single_period('stock')",
            figures=quarters("stock", *YEAR),
            refusal=("时点数", "is a stock"),
        ),
    ]
)
def test_single_period(published: duckdb.DuckDBPyConnection, case: Case) -> None:
    check(published, case)


# --- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(sql("macro")))
def test_every_macro_says_what_a_row_is_in_both_languages(name: str) -> None:
    chinese, _, english = read_macro(sql("macro")[name]).comment.partition(" / ")
    assert chinese.startswith("一行是")
    assert english.startswith("A row is")


TABLES_ELSEWHERE = {
    "comparison_term": "test_reconciliation.py",
    "trademark_growth": "test_reconciliation.py",
    "series_on_todays_units": "test_dated_codes.py",
}
"""Marts and macros whose rows are read under another name, or through what is made of them."""


def test_every_macro_and_every_mart_has_a_truth_table() -> None:
    """Some test reads its rows; a list of all names is no table."""
    folder = Path(__file__).parent
    tests = [path.read_text("utf-8") for path in folder.glob("test_*.py")]
    untested = [
        name
        for name in {*sql("mart"), *sql("macro")} - TABLES_ELSEWHERE.keys()
        if not any(re.search(_READS.format(name=name), text) for text in tests)
    ]
    assert untested == []
    assert {name for name in TABLES_ELSEWHERE.values() if not (folder / name).exists()} == set()


_READS = r'\b(?:read|check|build)\([^)]*"{name}"|\b{name}\(|\bmart[._]{name}\b'


def test_every_macro_is_in_the_file_with_its_comment(published: duckdb.DuckDBPyConnection) -> None:
    found = published.execute(
        "select function_name, comment from duckdb_functions() where schema_name = 'mart'"
    ).fetchall()
    assert dict(found) == {name: read_macro(model).comment for name, model in sql("macro").items()}
