"""The pages of forms by period and of scorecards: what they say, link to and keep back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import needs_chromium, open_chromium, visit
from tests.ledger_rows import Ledger, Sent
from tests.warehouse_rows import expectations
from warehouse.night.rules import Rules
from warehouse.settings import Settings
from warehouse.site.form_period import FormPages
from warehouse.site.page import Page, Site
from warehouse.site.received import read_received
from warehouse.site.scorecards import ScorecardPage
from warehouse.site.write import write_assets, write_pages
from warehouse.sql_files import load_sql

NIGHT = "2020-10-22"
SECRET = "张三13812345678"
FILES = [
    Sent("standards 420202 2020Q3 2020-10-09", "accept", [f".spelling_recognised {SECRET}"]),
    Sent("standards 420203 2020Q3 2020-10-09", "reject", ["!duplicate_key a", "!required b"]),
    Sent("standards 420203 2020Q3 2020-10-19", "accept", [f"?stock_falls {SECRET} = {SECRET}"]),
    Sent("standards 420204 2020Q3 2020-10-12", "hold", ["?stock_falls a", "!gone_rule x"]),
    Sent("standards 420222 2020Q3 2020-10-12", "accept withdraw"),
    Sent("excuse standards 420281 2020Q3", ""),
    Sent("standards 420202 2019Q1 2019-04-10", "accept"),
    Sent("standards 420202 2018Q4 2019-04-10", "accept"),
    Sent("- 420202 - 2020-10-12", "reject", ["!unidentified_dataset a"]),
    Sent("indicators jxj 2020Q3 2020-10-12", "accept", ["?indicator_jumps a"]),
    *(
        Sent(f"patents {unit} 2020Q3 2020-10-12", "accept", [f".full_width {i}" for i in range(6)])
        for unit in ("420202", "420203")
    ),
]


def plan(files: Sequence[Sent], day: str = NIGHT, home: Path = Path("/nowhere")) -> list[Page]:
    """The pages of a ledger."""
    ledger = Ledger()
    for sent in files:
        ledger.receive(sent)
    return plan_again(ledger, day, home)


def plan_again(ledger: Ledger, day: str, home: Path = Path("/nowhere")) -> list[Page]:
    ledger.open(day)
    settings = Settings(home=home)
    site = Site(ledger.connection, settings, rules())
    return [
        *FormPages(site, read_received(site)).list_pages(),
        *ScorecardPage(site).list_pages(),
    ]


def rules() -> Rules:
    return Rules(expectations(), {}, load_sql("core"), load_sql("mart"))


def facts_of(pages: Sequence[Page], path: str) -> dict[str, Any]:
    return next(dict(page.fill()) for page in pages if page.path == path)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return plan(FILES)


def test_forms_have_pages_where_something_came_and_for_the_newest_period(
    pages: list[Page],
) -> None:
    paths = {page.path for page in pages}
    newest = {f"forms/{dataset}/2020Q3.html" for dataset in expectations().contracts}
    earlier = {"forms/standards/2018Q4.html", "forms/standards/2019Q1.html"}
    assert paths == newest | earlier | {"forms/index.html", "scorecards.html"}


def test_the_grid_says_what_became_of_every_reporters_form(pages: list[Page]) -> None:
    rows = facts_of(pages, "forms/standards/2020Q3.html")["rows"]
    said = [
        (row["reporter_code"], row["state"], row["files"], row["days_late"], row["is_overdue"])
        for row in rows
    ]
    assert said == [
        ("420202", "accepted", [(1, "accepted")], 0, False),
        ("420203", "accepted", [(2, "rejected"), (3, "accepted")], 2, False),
        ("420204", "held", [(4, "held")], None, True),
        ("420222", "withdrawn", [(5, "withdrawn")], None, True),
        ("420281", "excused", [], None, False),
        ("KFQTS", "missing", [], None, True),
    ]


def test_the_rates_are_those_of_the_mart_and_never_above_the_whole() -> None:
    ledger = Ledger()
    for sent in FILES:
        ledger.receive(sent)
    ledger.build("coverage_rate", day=NIGHT)
    rated = ledger.connection.execute(
        "select dataset, period, expected_count, arrived_count, filled_count, accepted_count "
        "from release.mart.coverage_rate"
    ).fetchall()
    expected = {(dataset, period): tuple(counts) for dataset, period, *counts in rated}
    seen = 0
    for page in plan_again(ledger, NIGHT):
        if page.template == "form_period.html":
            facts = page.fill()
            rates = facts["rates"]
            key = (facts["dataset"], facts["period"])
            assert tuple(rates.values()) == expected.get(key, (0, 0, 0, 0))
            assert max(rates.values()) == rates["expected"]
            seen += rates["expected"] > 0
    assert seen == 11


def test_findings_are_counted_by_dimension_and_by_rule(pages: list[Page]) -> None:
    facts = facts_of(pages, "forms/standards/2020Q3.html")
    counted = {
        item["name"].en: tuple(item["counts"].values())
        for item in facts["dimensions"]
        if item["total"]
    }
    assert counted == {
        "conformity": (0, 0, 1),
        "completeness": (1, 0, 0),
        "accuracy": (2, 2, 0),
    }
    assert len(facts["dimensions"]) == 6
    rules = [
        (row["rule_id"], row["hits"], row["corrected"], row["explained"], row["open"])
        for row in facts["rules"]
    ]
    assert rules == [
        ("duplicate_key", 1, 1, 0, 0),
        ("gone_rule", 1, 0, 0, 1),
        ("required", 1, 1, 0, 0),
        ("stock_falls", 2, 0, 1, 1),
        ("spelling_recognised", 1, 0, 0, 0),
    ]


def test_a_page_leads_to_the_periods_before_and_after_that_have_one(pages: list[Page]) -> None:
    facts = facts_of(pages, "forms/standards/2019Q1.html")
    assert (facts["earlier"], facts["later"]) == ("2018Q4", "2020Q3")
    facts = facts_of(pages, "forms/patents/2020Q3.html")
    assert (facts["earlier"], facts["later"]) == (None, None)


def test_the_scorecards_are_the_marts(pages: list[Page]) -> None:
    ledger = Ledger()
    for sent in FILES:
        ledger.receive(sent)
    ledger.build("reporter_score", "rule_score", day=NIGHT)
    facts = facts_of(pages, "scorecards.html")
    for mart, groups in (
        ("reporter_score", ("reporters", "forms", "pairs")),
        ("rule_score", ("rules", "rules_by_form")),
    ):
        result = ledger.connection.execute(f"from release.mart.{mart}")
        names = [item[0] for item in result.description or []]
        shown = [row for group in groups for row in facts[group]]
        shown += [facts["whole"]] if mart == "reporter_score" else []
        assert shown
        kept = [name for name in names if name in shown[0] and name != "reporter"]
        assert set(names) - set(kept) <= {"reporter", "days_late_mean", "days_late_max"}
        at = [names.index(name) for name in kept]
        published = sorted(str([row[place] for place in at]) for row in result.fetchall())
        assert sorted(str([row[name] for name in kept]) for row in shown) == published


def test_a_rule_nobody_acts_on_is_named_once(pages: list[Page]) -> None:
    advised = facts_of(pages, "scorecards.html")["advised"]
    assert [(row["rule_id"], row["dataset"], row["advice"]) for row in advised] == [
        ("full_width", "全部", "retire")
    ]
    html = next(page for page in pages if page.path == "scorecards.html").render()
    assert "建议停用" in html
    assert "retire: nobody acts on it" in html


def test_rules_that_were_never_broken_are_listed_and_broken_ones_are_not(
    pages: list[Page],
) -> None:
    silent = {text.en for text in facts_of(pages, "scorecards.html")["silent"]}
    assert "check_digit" in silent
    assert "full_width" not in silent
    assert "Patents applied for and granted: stock_falls" in silent
    assert "Standards executed, led or joined: stock_falls" not in silent


def test_nothing_a_clerk_wrote_reaches_these_pages(pages: list[Page]) -> None:
    for page in pages:
        assert SECRET not in page.render()
        assert SECRET not in json.dumps(page.inputs, ensure_ascii=False, default=str)


def test_every_link_leads_to_a_page_or_a_file_that_was_received(pages: list[Page]) -> None:
    there = {page.path for page in pages} | {"index.html", "reconciliation.html"}
    there |= {f"{folder}/index.html" for folder in ("submissions", "subjects", "releases")}
    for page in pages:
        folder = Path(page.path).parent
        for link in re.findall(r'(?:href|src)="([^"#:]+)"', page.render()):
            parts: list[str] = []
            for part in (folder / link).parts:
                if part == "..":
                    parts.pop()
                else:
                    parts.append(part)
            target = "/".join(parts)
            assert target in there or re.match(r"assets/|submissions/\d+\.html$", target), link


def test_pages_without_news_stay_as_they_are_from_day_to_day(tmp_path: Path) -> None:
    ledger = Ledger()
    for sent in FILES:
        ledger.receive(sent)
    first = write_pages(tmp_path, plan_again(ledger, NIGHT))
    assert first.kept == 0
    for day in (NIGHT, "2020-10-23", "2020-12-30"):
        again = write_pages(tmp_path, plan_again(ledger, day))
        assert (again.written, again.kept) == ((), first.pages_written)


def test_a_later_file_changes_the_pages_it_concerns_alone(tmp_path: Path) -> None:
    ledger = Ledger()
    for sent in FILES:
        ledger.receive(sent)
    write_pages(tmp_path, plan_again(ledger, NIGHT))
    ledger.receive(Sent("services scjg 2020Q3 2020-10-21", "accept"))
    written = write_pages(tmp_path, plan_again(ledger, NIGHT)).written
    assert set(written) == {"forms/services/2020Q3.html", "forms/index.html", "scorecards.html"}


def test_a_warehouse_that_received_nothing_has_its_pages() -> None:
    for page in plan([]):
        assert "<h1>" in page.render()


def test_pages_of_a_great_many_rules_stay_below_a_megabyte() -> None:
    contracts = expectations().contracts
    files = [
        Sent(
            f"{dataset} 420202 2020Q3 2020-10-12",
            "reject",
            [f"!{rule} a" for rule in expectations().codes.common_rules],
        )
        for dataset in contracts
    ]
    sizes = {page.path: len(page.render().encode()) for page in plan(files)}
    assert max(sizes.values()) < 1_000_000


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as running:
        yield running


@pytest.fixture(scope="module")
def site(pages: list[Page], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_pages(folder, pages)
    write_assets(folder)
    return folder


SHOWN = ["forms/standards/2020Q3.html", "forms/index.html", "scorecards.html"]


@needs_chromium
@pytest.mark.parametrize("path", SHOWN)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_accessible_and_fits_its_window_in_both_languages(
    path: str, width: int, site: Path, browser: Browser
) -> None:
    with visit(browser, site / path, width=width) as visited:
        visited.page.evaluate(
            "document.querySelectorAll('details').forEach((item) => { item.open = true; })"
        )
        for _ in ("zh", "en"):
            assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
            visited.switch_language()
        assert visited.find_violations() == []
        assert visited.complaints == []
        assert [url for url in visited.requests if not url.startswith(("file:", "data:"))] == []


@needs_chromium
def test_the_table_of_rules_sorts_and_filters(site: Path, browser: Browser) -> None:
    with visit(browser, site / "scorecards.html") as visited:
        section = visited.page.locator("section", has=visited.page.locator("h2", has_text="规则"))
        table = section.last.locator("table").first
        button = table.locator("th button", has_text="命中").first
        hits = table.locator("tbody tr td:nth-child(3)")
        button.click()
        upwards = [int(text) for text in hits.all_inner_texts()]
        assert upwards == sorted(upwards)
        button.click()
        assert [int(text) for text in hits.all_inner_texts()] == upwards[::-1]
        section.last.locator("input").first.fill("spelling")
        assert table.locator("tbody tr:visible").count() == 1
