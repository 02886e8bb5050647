"""The pages of subjects: their list, their figures and drawings, and the files beside them."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.browser import needs_chromium, open_chromium, visit
from tests.night_root import AUTUMN, lay, lay_autumn, lay_summer, write_form
from warehouse.build.views import Cut, open_views
from warehouse.contracts.load import load_expectations
from warehouse.contracts.model import Text
from warehouse.contracts.subjects import SUBJECTS_FILE, MainSeries, Subject, build_subjects
from warehouse.database import open_database
from warehouse.ledger.chain import find_cut
from warehouse.night import run_night
from warehouse.night.rules import load_rules
from warehouse.settings import Settings
from warehouse.site.main_series import SeriesFacts, list_periods
from warehouse.site.numbers import choose_scale, qualify, show_percent
from warehouse.site.page import Site
from warehouse.site.series_charts import (
    COLOURS,
    Point,
    Revision,
    draw_city,
    draw_revisions,
    draw_units,
    split_runs,
)
from warehouse.site.series_past import PastFacts
from warehouse.site.subjects import SubjectPages
from warehouse.site.text import same
from warehouse.site.unit_series import UnitFacts
from warehouse.site.write import SiteReport, write_assets, write_pages
from warehouse.sql_files import load_sql

EXPECTATIONS = load_expectations()
NINE = [
    *("standards", "patents", "trademarks", "funding", "enterprises"),
    *("projects", "brands", "platforms", "services"),
]
MAIN = """
[[subject]]
code = "standards"
title = { zh = "标准", en = "Standards" }
about = { zh = "标准。", en = "Standards." }
datasets = ["standards"]

[[subject.main]]
indicator = "std_total_count"
title = { zh = "项数", en = "standards" }
"""
LATER = AUTUMN + timedelta(days=1)


def subjects(text: str | None = None) -> tuple[Subject, ...]:
    texts = {SUBJECTS_FILE: text} if text is not None else EXPECTATIONS.texts
    return build_subjects(texts, EXPECTATIONS.codes, EXPECTATIONS.contracts)


# --- the list of subjects ------------------------------------------------------------------------


def test_the_nine_subjects_are_declared() -> None:
    assert [subject.code for subject in subjects()] == NINE


def test_rules_kept_from_before_there_were_subjects_have_none() -> None:
    assert build_subjects({}, EXPECTATIONS.codes, EXPECTATIONS.contracts) == ()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("datasets", "forms"), "forms"),
        (("std_total_count", "std_toal_count"), "unknown indicator std_toal_count"),
        (('["standards"]', '["standard"]'), "no contract for standard"),
        (('indicator = "std_total_count"', ""), "not both"),
        (("indicator =", 'series = "standards.standard_count"\nindicator ='), "not both"),
        (('indicator = "std_total_count"', 'series = "standards"'), "series"),
        (('en = "Standards." }', 'en = "" }'), "about"),
        ((MAIN, MAIN * 2), "given twice: standards"),
        ((MAIN, MAIN + MAIN[MAIN.index("[[subject.main]]") :]), "given twice: std_total_count"),
        (("[[subject]]", "[[subjekt]]\n[[subject]]"), "unknown key subjekt"),
    ],
)
def test_a_subject_that_cannot_be_meant_is_refused_by_name(
    change: tuple[str, str], complaint: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        subjects(MAIN.replace(*change))


def test_every_main_series_is_a_measure_of_a_mart() -> None:
    marts = load_sql("mart")
    for subject in subjects():
        for main in subject.main:
            if main.series:
                mart, measure = main.series.split("[")[0].split(".")
                assert f" as {measure}, -- " in marts[mart].text


# --- figures -------------------------------------------------------------------------------------


def row(period: str, value: float | None, **facts: Any) -> dict[str, Any]:
    """A row of mart.series_vintage that stands, of the city unless said."""
    kind = "quarter" if "Q" in period else "year"
    return {
        "series_code": "standards.standard_count",
        "indicator_code": "std_total_count",
        "unit": "项",
        "basis": "counted",
        "qualifier": None,
        "period": period,
        "period_type": kind,
        "reporting_unit_code": "420200",
        "value": None if value is None else Decimal(str(value)),
        "value_state": "not_applicable" if value is None else "value",
        "expected_submissions": 6,
        "included_submissions": 6,
        "status": "final",
        "break_reason": None,
        "known_from_release": 1,
        "known_to_release": None,
    } | facts


def facts_of(*rows: dict[str, Any]) -> SeriesFacts:
    main = MainSeries(indicator="std_total_count", title=Text(zh="项数", en="standards"))
    return SeriesFacts(main, rows, EXPECTATIONS.codes.reporting_units)


def test_a_period_without_a_figure_is_a_gap_and_never_0() -> None:
    facts = facts_of(row("2019Q1", 5), row("2019Q2", 6), row("2020Q1", 0))
    assert facts.periods == ["2019Q1", "2019Q2", "2019Q3", "2019Q4", "2020Q1"]
    assert [(point.place, point.value) for point in facts.points] == [(0, 5), (1, 6), (4, 0)]
    lines = facts.lines
    assert [line.get("period") for line in lines] == ["2020Q1", None, "2019Q2", "2019Q1"]
    assert (lines[1]["gap"], lines[1]["count"]) == (("2019Q3", "2019Q4"), 2)
    assert lines[0]["cells"][0]["shown"] == "0"
    assert [item.run for item in split_runs(facts.points)] == [1, 1, 2]


def test_what_is_not_applicable_has_a_line_and_no_point() -> None:
    facts = facts_of(row("2019Q1", None), row("2019Q2", 6))
    assert [point.place for point in facts.points] == [1]
    assert facts.lines[1]["cells"][0]["value_state"] == "not_applicable"


def test_counted_and_reported_stand_beside_each_other_with_their_difference() -> None:
    reported = {"basis": "reported", "series_code": "std_total_count", "qualifier": "余"}
    facts = facts_of(row("2020Q3", 1213), row("2020Q3", 1200, **reported))
    (line,) = facts.lines
    assert [cell["shown"] for cell in line["cells"]] == ["1,213", "1,200余"]
    assert line["difference"] == "+13"


@pytest.mark.parametrize(
    ("then", "between", "now", "expected"),
    [
        ({}, {}, {}, ("+20", "+20.0 %", False, False)),
        ({"included_submissions": 5}, {}, {}, ("+20", "+20.0 %", True, False)),
        ({}, {"break_reason": "merged"}, {}, ("+20", "+20.0 %", False, True)),
        ({}, {}, {"break_reason": "merged"}, ("+20", "+20.0 %", False, True)),
        ({"break_reason": "merged"}, {}, {}, ("+20", "+20.0 %", False, False)),
    ],
)
def test_the_change_on_the_year_before_says_when_it_cannot_be_compared(
    then: dict[str, Any],
    between: dict[str, Any],
    now: dict[str, Any],
    expected: tuple[str, str, bool, bool],
) -> None:
    facts = facts_of(
        row("2019Q3", 100, **then), row("2020Q1", 50, **between), row("2020Q3", 120, **now)
    )
    change = facts.lines[0]["change"]
    shown = ("shown", "percent", "is_partial", "is_broken")
    assert tuple(change[name] for name in shown) == expected
    assert facts.lines[-1]["change"] is None


def test_a_figure_is_known_since_it_has_its_value_whatever_its_status_was() -> None:
    facts = facts_of(
        row("2020Q3", 5, known_from_release=1, known_to_release=3),
        row("2020Q3", 6, known_from_release=3, known_to_release=4, status="provisional"),
        row("2020Q3", 6, known_from_release=4),
    )
    assert facts.lines[0]["cells"][0]["since"] == 3


def test_taken_down_and_published_again_a_figure_is_known_since_then() -> None:
    facts = facts_of(
        row("2020Q3", 6, known_from_release=1, known_to_release=2),
        row("2020Q3", 6, known_from_release=4),
    )
    assert facts.lines[0]["cells"][0]["since"] == 4


def test_the_units_are_ranked_and_one_without_a_figure_stands_last() -> None:
    units = UnitFacts(
        facts_of(
            row("2019Q3", 5, reporting_unit_code="420222"),
            row("2020Q3", 4, reporting_unit_code="420222"),
            row("2020Q3", 9, reporting_unit_code="420281"),
            row("2020Q2", 7, reporting_unit_code="420202"),
        )
    )
    ranked = [(line["name"].zh, line["value"]) for line in units.ranking]
    assert ranked[:2] == [("大冶市", 9), ("阳新县", 4)]
    assert {value for _, value in ranked[2:]} == {None}
    assert ("黄石港区", None) in ranked
    assert "铁山区" not in dict(ranked)
    assert units.ranking[1]["change"]["shown"] == "-1"


def test_every_value_published_is_kept_and_only_changed_values_are_revisions() -> None:
    unit: dict[str, Any] = {"reporting_unit_code": "420222"}
    past = PastFacts(
        facts_of(
            row("2020Q2", 5, known_from_release=1, known_to_release=2),
            row("2020Q2", 5, known_from_release=2),
            row("2020Q3", 7, known_from_release=2, known_to_release=3),
            row("2020Q3", 8, known_from_release=3),
            row("2020Q3", 1, known_from_release=2, known_to_release=3, **unit),
            row("2020Q3", 2, known_from_release=3, **unit),
        )
    )
    assert past.revisions == [Revision(1, "counted", (7, 8))]
    assert [(item["period"], item["shown"]) for item in past.history] == [
        *(("2020Q3", "7"), ("2020Q3", "8"), ("2020Q2", "5"), ("2020Q2", "5"))
    ]
    assert past.unit_revision_count == 1


def test_a_series_of_which_nothing_is_published_says_so() -> None:
    facts = facts_of()
    assert (facts.lines, facts.points, facts.breaks) == ([], [], [])
    assert UnitFacts(facts).ranking == []
    assert PastFacts(facts).history == []


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("元", "9960000000", ("99.6", "亿元")),
        ("元", "9985802000", ("99.858", "亿元")),
        ("元", "5360000", ("536", "万元")),
        ("元", "9999", ("9,999", "元")),
        ("项", "123456789", ("123,456,789", "项")),
        ("%", "12.70", ("12.7", "%")),
        ("斤", "3", ("3", "斤")),
    ],
)
def test_money_is_shown_by_its_size_and_all_else_as_it_is(
    unit: str, value: str, shown: tuple[str, str]
) -> None:
    scale = choose_scale(unit, [Decimal(value), None])
    assert (scale.show(Decimal(value)), scale.unit.zh) == shown


@pytest.mark.parametrize(
    ("qualifier", "shown"), [(None, "240"), ("近", "近240"), ("余", "240余"), ("左右", "240左右")]
)
def test_a_qualifier_stands_where_chinese_has_it(qualifier: str | None, shown: str) -> None:
    assert qualify("240", qualifier) == shown


def test_growth_from_nothing_has_no_percentage() -> None:
    assert show_percent(Decimal(3), Decimal(0)) is None


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 30), st.sampled_from(list(COLOURS))), st.booleans(), max_size=40
    )
)
def test_lines_join_neighbouring_periods_of_one_source_and_never_across_a_break(
    drawn: dict[tuple[int, str], bool],
) -> None:
    points = [
        Point(place, 1.0, "1", basis, "final", is_break)
        for (place, basis), is_break in drawn.items()
    ]
    joined = split_runs(points)
    assert sorted(id(item.point) for item in joined) == sorted(map(id, points))
    runs: dict[int, list[Point]] = {}
    for item in joined:
        runs.setdefault(item.run, []).append(item.point)
    for run in runs.values():
        assert len({point.basis for point in run}) == 1
        assert [point.place for point in run] == list(range(run[0].place, run[-1].place + 1))
        assert not any(point.is_break for point in run[1:])


@given(st.lists(st.tuples(st.integers(2015, 2030), st.integers(1, 4)), max_size=8))
def test_the_time_axis_has_every_period_once(given_periods: list[tuple[int, int]]) -> None:
    names = [f"{year}Q{part}" for year, part in given_periods]
    listed = list_periods(names)
    assert set(names) <= set(listed)
    assert listed == sorted(set(listed))
    if listed:
        first, last = (int(name[:4]) * 4 + int(name[5]) for name in (listed[0], listed[-1]))
        assert len(listed) == last - first + 1


# --- drawings ------------------------------------------------------------------------------------

UNIT = Text(zh="项", en="items")
QUARTERS = list_periods(["2019Q1", "2020Q4"])


def count_lines(drawing: str) -> int:
    """Stretches of lines with at least two points."""
    return len(re.findall(r'<path d="M[^"MZ]*L[^"MZ]*" stroke="#[0-9a-f]{6}"', drawing))


def test_provisional_figures_are_hollow_and_revised_ones_have_another_shape() -> None:
    def draw_one(status: str) -> str:
        return str(draw_city([Point(0, 5, "5", "counted", status)], QUARTERS, UNIT))

    marks = {status: draw_one(status) for status in ("provisional", "final", "revised")}
    assert 'fill="#ffffff"' in marks["provisional"]
    assert 'fill="#ffffff"' not in marks["final"]
    shapes = {
        status: re.findall(r'd="([^"]+)" fill="(#2f6db3|#ffffff)"', drawing)
        for status, drawing in marks.items()
    }
    assert shapes["revised"][0][0] != shapes["final"][0][0]


def test_a_gap_breaks_the_line_of_the_city_and_of_a_unit() -> None:
    points = [Point(place, 5, "5", "counted", "final") for place in (0, 1, 2, 5, 6)]
    whole = [Point(place, 5, "5", "counted", "final") for place in range(7)]
    assert count_lines(str(draw_city(whole, QUARTERS, UNIT))) == 1
    assert count_lines(str(draw_city(points, QUARTERS, UNIT))) == 2
    panels = [(same("甲"), points), (same("乙"), whole), (same("丙"), [])]
    drawing = str(draw_units(panels, QUARTERS, UNIT))
    assert count_lines(drawing) == 3
    assert all(name in drawing for name in "甲乙丙")


def test_a_break_is_a_dashed_line_with_its_number() -> None:
    points = [Point(place, 5, "7", "counted", "final", place in {2, 4}) for place in range(6)]
    drawing = str(draw_city(points, QUARTERS, UNIT))
    assert len(re.findall(r"<line [^>]*stroke-dasharray=", drawing)) == 2
    assert {">1<", ">2<"} <= set(re.findall(r">\d<", drawing))
    assert count_lines(drawing) == 3


def test_words_in_a_drawing_are_in_both_languages_and_reach_for_nothing() -> None:
    points = [Point(0, 5, "5", "reported", "final"), Point(1, 5, "5", "counted", "final")]
    panels = [(Text(zh="黄石港区", en="Huangshigang District"), points)]
    for drawing in (
        draw_city(points, QUARTERS, UNIT),
        draw_units(panels, QUARTERS, UNIT),
        draw_revisions([Revision(0, "counted", (1, 2, 3))], QUARTERS, UNIT),
    ):
        assert '<tspan lang="zh">项</tspan><tspan lang="en">items</tspan>' in drawing
        assert not re.search(r"href|url\(|@import|<image", drawing.replace("clip-path", ""))


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights: two quarters of standards with an indicator, then a form late and one mended."""
    home = tmp_path_factory.mktemp("subjects")
    lay_summer(home)
    lay_autumn(home)
    run_night(Settings(home=home), AUTUMN)
    for unit, count in (("420222", 15), ("420204", 20)):
        form = write_form(unit, "2020年三季度", range(count))
        lay(home, f"{unit}/三季度更正.csv", form, LATER)
    run_night(Settings(home=home), LATER)
    return home


def write(home: Path, at: datetime = LATER) -> SiteReport:
    """Writes the subjects' pages as a night that met nothing new would."""
    settings = Settings(home=home)
    rules = load_rules(settings)
    with closing(open_database(settings, read_only=True)) as connection:
        open_views(connection, rules.expectations, Cut(find_cut(connection), at, 0), rules.core)
        pages = list(SubjectPages(Site(connection, settings, rules)).list_pages())
        write_assets(settings.site)
        return write_pages(settings.site, pages)


def read_page(home: Path, code: str) -> str:
    return (home / "site" / "subjects" / f"{code}.html").read_text(encoding="utf-8")


def fetch(home: Path, sql: str) -> list[tuple[Any, ...]]:
    pointer = str(Settings(home=home).pointer.resolve())
    with closing(duckdb.connect(pointer, read_only=True)) as reader:
        return reader.execute(sql).fetchall()


def test_every_subject_has_a_page_from_the_first_night_on(home: Path) -> None:
    assert {path.stem for path in (home / "site" / "subjects").glob("*.html")} == {*NINE, "index"}
    assert "尚未发布数字" in read_page(home, "funding")
    assert "尚未发布数字" in read_page(home, "index")


def test_the_page_of_standards_says_what_the_mart_says(home: Path) -> None:
    page = read_page(home, "standards")
    figures = fetch(
        home,
        "select value, included_submissions, expected_submissions from mart.series where "
        "indicator_code = 'std_total_count' and reporting_unit_code = '420200'",
    )
    assert len(figures) > 1
    for value, included, expected in figures:
        assert re.search(rf"\b{value:,.0f}</span>", page)
        assert f"{included} / {expected}" in page


def test_every_value_ever_published_is_on_the_page(home: Path) -> None:
    page = read_page(home, "standards")
    history = page[page.index("历次发布的数值，及起止") :].split("</details>")[0]
    values = fetch(
        home,
        "select value, known_from_release from mart.series_vintage where "
        "indicator_code = 'std_total_count' and reporting_unit_code = '420200'",
    )
    assert history.count("<tr><td>") == len(values)
    assert len({value for value, _ in values}) > 2
    for value, release in values:
        assert f"{value:,.0f}</span>" in history
        assert f'releases/{release}.html">{release}</a>' in history


def test_the_files_beside_a_page_are_the_rows_of_the_mart(home: Path) -> None:
    folder = home / "site" / "subjects"
    codes = {main.indicator for main in subjects()[0].main}
    column_names = [name for name, *_ in fetch(home, "describe mart.series")]
    names = [name for name in column_names if name != "release_id"]
    expected = sorted(
        tuple(map(str, found))
        for found in fetch(
            home,
            f"select {', '.join(names)} from mart.series where indicator_code in {tuple(codes)}",
        )
    )
    content = (folder / "standards.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {"break_reason", "status", "included_submissions", "known_from_release"} <= set(lines[0])
    assert len(lines) == len(expected)

    def spell(name: str, value: Any) -> str:
        if value in {None, ""}:
            return "None"
        return str(Decimal(value).quantize(Decimal("1e-6"))) if name == "value" else str(value)

    found = sorted(
        tuple(
            spell(name, line[name]).replace("true", "True").replace("false", "False")
            for name in names
        )
        for line in lines
    )
    assert found == expected
    sheet = openpyxl.load_workbook(folder / "standards.xlsx")["数据"]
    heading, *cells = sheet.iter_rows(values_only=True)
    at = [heading.index(name) for name in names]
    assert (
        sorted(
            tuple(spell(name, line[i]) for name, i in zip(names, at, strict=True)) for line in cells
        )
        == expected
    )
    vintages = (folder / "standards-vintages.csv").read_text(encoding="utf-8-sig")
    (count,) = fetch(
        home, f"select count(*) from mart.series_vintage where indicator_code in {tuple(codes)}"
    )[0]
    assert len(vintages.splitlines()) == count + 1


def test_the_page_has_the_sql_of_its_mart_and_a_query_that_runs(home: Path) -> None:
    page = read_page(home, "standards")
    assert "sql/mart/standards.sql" in page
    assert "count(distinct" in page
    queries = re.findall(r'<code class="command">biaogan query &#34;([^<]+)&#34;</code>', page)
    assert len(queries) == 2
    for query in queries:
        assert fetch(home, query.replace("&#39;", "'"))


def test_a_page_without_news_is_not_drawn_again_and_a_lost_file_is_made_again(
    home: Path, tmp_path: Path
) -> None:
    copied = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    report = write(copied, LATER + timedelta(days=40))
    assert (report.written, report.kept) == ((), 10)
    lost = copied / "site" / "subjects" / "standards.xlsx"
    content = lost.read_bytes()
    lost.unlink()
    assert write(copied).written == ("subjects/standards.html",)
    assert lost.read_bytes() == content


def test_without_a_published_file_every_page_says_that_nothing_is_published(
    tmp_path: Path,
) -> None:
    settings = Settings(home=tmp_path)
    rules = load_rules(settings)
    with closing(duckdb.connect()) as connection:
        pages = {
            page.path: page for page in SubjectPages(Site(connection, settings, rules)).list_pages()
        }
        assert len(pages) == 10
        assert "尚未发布数字" in pages["subjects/standards.html"].render()
        assert not any(page.beside for page in pages.values())


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as running:
        yield running


@needs_chromium
@pytest.mark.parametrize("code", ["standards", "index"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_accessible_and_fits_its_window_in_both_languages(
    code: str, width: int, home: Path, browser: Browser
) -> None:
    with visit(browser, home / "site" / "subjects" / f"{code}.html", width=width) as visited:
        visited.page.evaluate(
            "document.querySelectorAll('details').forEach((item) => { item.open = true; })"
        )
        for _ in ("zh", "en"):
            assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
            visited.switch_language()
        assert visited.find_violations() == []
        assert visited.complaints == []
        assert [url for url in visited.requests if not url.startswith(("file:", "data:"))] == []
