"""The worklist of open differences, on the command line and as a page, and what may be declared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from biaogan import reconcile_commands
from biaogan.messages import choose_language
from biaogan.screens import console
from tests.browser import needs_chromium, open_chromium, visit
from tests.comparison_rows import (
    COUNTED,
    FUND,
    FUND_ROWS,
    REGISTER,
    RELATIONS,
    TOTAL,
    bridge,
    city,
    open_bridges,
    open_marts,
    publish,
)
from tests.warehouse_rows import expectations, sql
from warehouse.build.marts import describe_columns, dimensions_of
from warehouse.contracts.bridges import is_turning, read_bridges
from warehouse.contracts.relations import read_relations
from warehouse.night.rules import Rules
from warehouse.settings import Settings
from warehouse.site.page import Page, Site
from warehouse.site.reconciliation import ReconciliationPage
from warehouse.site.write import write_assets, write_pages

WORKLIST = [
    city(TOTAL, "1213"),
    city(REGISTER, "1233", "-", "6/6"),
    city("std_national_count", "388"),
    city(COUNTED["std_national_count"], "380", "-", "6/6", "1-3"),
    city(COUNTED["std_national_count"], "381", "-", "6/6", "3-"),
    city("high_tech_enterprise_count", "500", "近"),
    city("above_scale_enterprise_count", "460", period="2020Q3"),
    city("invention_per_10k", "8.37"),
    city(FUND, "5000000", "余"),
    city(FUND_ROWS, "7000000", "-", "5/5"),
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data root with a published file of what the worklist's figures give."""
    connection = open_marts()
    publish(connection, WORKLIST)
    open_bridges(bridge("2020-11-12"))
    path = tmp_path / "published" / "mart-000005.duckdb"
    path.parent.mkdir()
    connection.execute(f"attach '{path}' as release; create schema release.mart")
    for mart in ("reconciliation", "release"):
        connection.execute(f"create table release.mart.{mart} as from mart_{mart}")
    connection.execute("detach release")
    (path.parent / "mart.duckdb").symlink_to(path.name)
    monkeypatch.setenv("BIAOGAN_HOME", str(tmp_path))
    return tmp_path


def reconcile(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    choose_language("en")
    with pytest.raises(SystemExit) as left:
        reconcile_commands.app(list(words))
    return int(left.value.code or 0), capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_the_worklist_shows_what_is_open_oldest_first(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = reconcile(capsys, "--format", "json")
    rows = json.loads(out)
    assert code == 1
    assert [(row["comparison_code"], row["state"], row["age_days"]) for row in rows] == [
        (f"register.{FUND}", "open", 40),
        ("register.std_national_count", "open", 40),
        ("register.std_total_count", "expired", 17),
    ]
    assert rows[0]["left_value"] == "5000000"
    code, out = reconcile(capsys, "--all", "--format", "json")
    assert {row["state"] for row in json.loads(out)} == {"open", "expired", "one_sided", "agrees"}


@pytest.mark.usefixtures("home")
def test_the_worklist_names_owner_age_and_the_bridge_that_ended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "width", 400)
    code, out = reconcile(capsys)
    line = next(line for line in out.splitlines() if "bridge ended" in line)
    assert code == 1
    for fact in ("1213 项", "1233 项", "-20", "2020-11-13", "17", "市经信局", "executed until"):
        assert fact in line
    assert "open 2  bridge ended 1" in out


@pytest.mark.usefixtures("home")
def test_nothing_open_in_a_period_is_exit_0_and_no_period_is_wrong_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert reconcile(capsys, "--period", "2019Q1")[0] == 0
    assert reconcile(capsys, "--period", "2020Q3")[0] == 1
    assert reconcile(capsys, "--period", "soon")[0] == 2


def test_a_release_from_before_the_comparisons_says_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = home / "published" / "mart-000001.duckdb"
    with duckdb.connect(str(older)) as release:
        release.execute("create schema mart; create table mart.release as select 1 as release_id")
    (home / "published" / "mart.duckdb").unlink()
    (home / "published" / "mart.duckdb").symlink_to(older.name)
    code, out = reconcile(capsys)
    assert code == 1
    assert "run biaogan nightly" in out
    assert "Nothing is published yet." in draw(home).render()


def draw(home: Path) -> Page:
    rules = Rules(expectations(), {}, sql("core"), sql("mart"))
    site = Site(duckdb.connect(), Settings(home=home), rules)
    return next(ReconciliationPage(site).list_pages())


def test_the_page_lists_what_is_open_first_with_age_owner_and_reason(home: Path) -> None:
    page = draw(home)
    facts = dict(page.fill())
    assert [row["state"] for row in facts["unsettled"]] == ["open", "open", "expired"]
    assert facts["unsettled"][2]["age_days"] == 17
    assert facts["totals"] == {
        "open": 2, "expired": 1, "bridged": 0, "incomplete": 0, "one_sided": 1, "agrees": 1,
    }  # fmt: skip
    html = page.render()
    for said in ("5,000,000 (余)", "1,233", "2020-11-13", "市经信局", "definition", "-25 … -15"):
        assert said in html
    assert draw(home).stamp == page.stamp


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as started:
        yield started


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_accessible_and_fits_its_window_in_both_languages(
    width: int, home: Path, browser: Browser
) -> None:
    write_pages(home / "site", [draw(home)])
    write_assets(home / "site")
    with visit(browser, home / "site" / "reconciliation.html", width=width) as visited:
        visited.page.evaluate(
            "document.querySelectorAll('details').forEach((item) => { item.open = true; })"
        )
        for _ in ("zh", "en"):
            assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
            visited.switch_language()
        assert visited.find_violations() == []
        assert visited.complaints == []


def test_the_page_says_so_where_nothing_is_published(tmp_path: Path) -> None:
    assert "Nothing is published yet." in draw(tmp_path).render()


def refuse(relations: str = RELATIONS, bridges: str = "") -> str:
    """The sentence bad declarations are refused with."""
    texts = {"codes/relations.toml": relations, "codes/bridges.toml": bridges}
    with pytest.raises(ValueError) as refused:
        read_bridges(texts, expectations().codes)
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('left = "high_tech', 'lefft = "high_tech', "lefft"),
        ('left = "high_tech', 'left = "low_tech', "unknown series low_tech_enterprise_count"),
        ('of = "trademarks.application_count"', 'of = "trademarks"', "unknown series trademarks"),
        ('owner = "kjj"', 'owner = "nobody"', "unknown reporter nobody"),
        ('kind = "growth"', 'kind = "shrinking"', "shrinking"),
        ('title = { zh = "两家", en = "two offices" }', "", "title"),
        ('en = "two offices"', 'en = ""', "title.en"),
        ('code = "levels"', 'code = "a_rank"', "relation a_rank is declared twice"),
        ("times = 10000", "times = 0", "times"),
        ('code = "levels"', 'code = "levels', ""),
        ("[[relation]]", "[[relations]]", "unknown key relations"),
    ],
)
def test_a_bad_relation_is_refused_by_name(old: str, new: str, said: str) -> None:
    assert said in refuse(RELATIONS.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tolerance = 5", "tolerence = 5", "tolerence"),
        ("tolerance = 5", "tolerance = -5", "tolerance"),
        ("tolerance = 5", "tolerance = 5\ntolerance_pct = 1", "both tolerance and tolerance_pct"),
        ("tolerance = 5", "expected_ratio = 2", "both expected_difference and expected_ratio"),
        ("expected_difference = -20\ntolerance = 5", "", "says no size"),
        ("ends_on = 2027-12-31", "ends_on = 2019-12-31", "ends before it begins"),
        ("ends_on = 2027-12-31", "", "ends_on"),
        ("ends_on = 2027-12-31", 'ends_on = 2027-12-31\nunits = ["1"]', "unknown reporting unit 1"),
        ("ends_on = 2027-12-31", 'ends_on = 2027-12-31\nfirst_period = "Q3"', "not a period"),
        (
            "ends_on = 2027-12-31",
            'ends_on = 2027-12-31\nfirst_period = "2021"\nlast_period = "2020"',
            "last_period lies before first_period",
        ),
        ('owner = "jxj"', 'owner = "nobody"', "unknown reporter nobody"),
        ('left = "std_total_count"', 'left = "std_total"', "unknown series std_total"),
        ('left = "std_total_count"', 'left = "std_national_count"', "nothing compares"),
        ('"standards.standard_count"', '"standards.product_count"', "nothing compares"),
        ('"standards.standard_count"', '"prov_srdi_count"', "nothing compares"),
        ('zh = "口径"', 'zh = ""', "reason.zh"),
        ("[[bridge]]", "[[bridges]]", "unknown key bridges"),
    ],
)
def test_a_bad_bridge_is_refused_by_name(old: str, new: str, said: str) -> None:
    assert old in bridge()
    assert said in refuse(bridges=bridge().replace(old, new))


def test_a_bridge_declared_twice_is_refused() -> None:
    assert refuse(bridges=bridge() + bridge()) == "bridge executed is declared twice"


def test_declarations_may_be_absent() -> None:
    assert read_relations({}, expectations().codes) == ()
    assert read_bridges({}, expectations().codes) == ()


def test_a_release_is_made_anew_on_the_day_a_bridge_turns() -> None:
    bridges = read_bridges({"codes/bridges.toml": bridge("2020-11-12")}, expectations().codes)
    for since, today, turns in (
        (date(2020, 11, 11), date(2020, 11, 12), False),
        (date(2020, 11, 12), date(2020, 11, 13), True),
        (date(2020, 11, 13), date(2020, 11, 14), False),
        (date(2019, 12, 31), date(2020, 1, 1), True),
    ):
        assert is_turning(bridges, since, today) is turns


def test_what_is_declared_names_measures_that_marts_have() -> None:
    columns = {name: describe_columns(model) for name, model in sql("mart").items()}
    codes = expectations().codes
    relations = read_relations(expectations().texts, codes)
    bridges = read_bridges(expectations().texts, codes)
    declared = {series for item in relations for _, series in item.terms}
    declared |= {series for item in bridges for series in (item.left, item.right)}
    for series in (name for name in declared if "." in name):
        mart, _, rest = series.partition(".")
        measure, _, label = rest.partition("[")
        names = [part.partition("=")[0] for part in label.removesuffix("]").split(",") if part]
        assert measure in {column.name for column in columns[mart]}
        assert names == [name for name in dimensions_of(columns[mart]) if name in names]
