"""The pages of releases: what moved, split into its parts, and nothing left out."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser

from tests.browser import needs_chromium, open_chromium, visit
from tests.night_root import AUTUMN, lay, lay_autumn, lay_summer, write_form
from warehouse.build.views import Cut, open_views
from warehouse.database import open_database
from warehouse.decide.record import record_explanation
from warehouse.ledger.chain import find_cut
from warehouse.night import run_night
from warehouse.night.rules import load_rules
from warehouse.settings import Settings
from warehouse.site.page import Site
from warehouse.site.releases import CAUSES, ReleasePages
from warehouse.site.write import write_pages

LATER = AUTUMN + timedelta(days=1)
PHONE = "13912345678"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights: in the second a form of the first is mended and another one comes late."""
    home = tmp_path_factory.mktemp("releases")
    lay_summer(home)
    lay_autumn(home)
    run_night(Settings(home=home), AUTUMN)
    for unit, numbers in (("420222", [*range(12), 50, 51]), ("420204", range(20))):
        form = write_form(unit, "2020年三季度", numbers)
        lay(home, f"{unit}/三季度更正.csv", form, LATER)
    run_night(Settings(home=home), LATER)
    return home


def read_page(home: Path, name: str) -> str:
    return (home / "site" / "releases" / name).read_text(encoding="utf-8")


def fetch(home: Path, sql: str) -> list[dict[str, Any]]:
    pointer = str(Settings(home=home).pointer.resolve())
    with closing(duckdb.connect(pointer, read_only=True)) as reader:
        result = reader.execute(sql)
        names = [item[0] for item in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def write(home: Path) -> tuple[str, ...]:
    """Writes the pages of releases as a night that met nothing new would; gives those written."""
    settings = Settings(home=home)
    rules = load_rules(settings)
    with closing(open_database(settings, read_only=True)) as connection:
        cut = Cut(find_cut(connection), LATER, 0)
        open_views(connection, rules.expectations, cut, rules.core)
        pages = list(ReleasePages(Site(connection, settings, rules)).list_pages())
        return write_pages(settings.site, pages).written


def read_rows(page: str, label: str) -> list[list[str]]:
    """The rows of a table as words, English left out."""
    table = page[page.index(f'aria-label="{label}"') :].split("</table>")[0]
    plain = re.sub(r'<span lang="en">.*?</span>', "", table.split("<tbody>")[1])
    return [
        [strip_tags(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line)]
        for line in plain.split("<tr")[1:]
    ]


def strip_tags(cell: str) -> str:
    return re.sub(r"<[^>]+>", "", cell).strip()


def test_every_release_has_a_page_and_a_line_in_the_list(home: Path) -> None:
    releases = fetch(home, "from mart.release order by release_id desc")
    names = {path.name for path in (home / "site" / "releases").glob("*.html")}
    assert names == {"index.html", *(f"{row['release_id']}.html" for row in releases)}
    lines = read_rows(read_page(home, "index.html"), "发布")
    assert [line[0] for line in lines] == [str(row["release_id"]) for row in releases]
    for row, line in zip(releases, lines, strict=True):
        assert line[3] == f"{row['moved']:,}"
        assert line[5] == f"{row['first_published']:,}"
        assert line[7] == row["inputs_sha256"][:12]


def test_what_moved_figures_is_named_with_its_file_and_reporter(home: Path) -> None:
    movers = read_rows(read_page(home, "2.html"), "什么引起了变动")
    found = {(line[0], line[4]) for line in movers}
    assert found == {("更正", "阳新县"), ("晚报", "下陆区")}
    parts = fetch(home, "from mart.series_change where release_id = 2 and cause = 'correction'")
    (correction,) = (line for line in movers if line[0] == "更正")
    assert correction[1] == str(parts[0]["submission_id"])
    figures = {(row["series_code"], row["reporting_unit_code"]) for row in parts}
    assert correction[6] == str(len(figures))


def test_a_correction_that_nobody_has_explained_says_that_it_was_asked(home: Path) -> None:
    movers = {line[0]: line for line in read_rows(read_page(home, "2.html"), "什么引起了变动")}
    assert movers["更正"][7] == "已询问，尚未说明"
    assert movers["晚报"][7] == ""


def test_the_parts_of_every_figure_add_up_to_its_difference(home: Path) -> None:
    """Read from the page itself: each whole is followed by its parts."""
    page = read_page(home, "2.html")
    assert "各部分之和不等于差额" not in page
    moved = fetch(
        home,
        "from mart.series_change where release_id = 2 and cause <> 'first_published' "
        "order by part_number",
    )
    figures: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in moved:
        key = (row["series_code"], row["period"], row["reporting_unit"])
        figures[key].append(row)
    wholes = re.findall(r'<tr class="whole">(.*?)</tr>', page)
    assert len(wholes) == len(figures)
    assert any(len(parts) > 1 for parts in figures.values())
    for whole in wholes:
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", whole)
        code = re.search(r"<code>([^<]+)</code>", cells[0])
        assert code is not None
        parts = figures[code[1].replace("&#34;", '"'), cells[1], cells[2]]
        difference = Decimal(re.sub(r"<[^>]+>|,", "", cells[5]))
        assert difference == sum(part["difference"] for part in parts)
        assert difference == (parts[-1]["value_after"] or 0) - (parts[0]["value_before"] or 0)


def test_figures_first_published_are_counted_and_all_listed(home: Path) -> None:
    page = read_page(home, "1.html")
    first = fetch(
        home,
        "select series_code, count(*) as figures from mart.series_change "
        "where release_id = 1 and cause = 'first_published' group by all order by all",
    )
    lines = read_rows(page, "首次发布的数字")
    assert [(line[0], line[2]) for line in lines] == [
        (row["series_code"], str(row["figures"])) for row in first
    ]


def test_the_file_beside_a_page_has_every_part_with_its_value(home: Path) -> None:
    for number in (1, 2):
        content = (home / "site" / "releases" / f"{number}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        parts = fetch(home, f"from mart.series_change where release_id = {number}")
        assert len(lines) == len(parts)
        difference = sum(Decimal(line["difference"]) for line in lines)
        assert difference == sum(part["difference"] for part in parts)


def test_pages_without_news_stay_as_they_are_and_a_note_given_later_shows(
    home: Path, tmp_path: Path
) -> None:
    copied = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    assert write(copied) == ()
    (number,) = {
        row["submission_id"]
        for row in fetch(home, "from mart.series_change where cause = 'correction'")
    }
    reason = f"初报漏报三项，经办电话 {PHONE}"
    record_explanation(
        Settings(home=copied), number, "revision_note", reason, by="李管理", at=LATER
    )
    assert write(copied) == ("releases/2.html",)
    movers = {line[0]: line for line in read_rows(read_page(copied, "2.html"), "什么引起了变动")}
    assert movers["更正"][7].startswith("初报漏报三项")
    for path in (copied / "site" / "releases").iterdir():
        assert PHONE not in path.read_text(encoding="utf-8")


def test_every_cause_of_a_change_has_its_words() -> None:
    assert set(CAUSES) == {
        *("late_form", "correction", "withdrawal", "decision", "definition_change"),
        *("passing_of_time", "unaccounted"),
    }
    assert all(text.zh != text.en for text in CAUSES.values())


def test_before_the_first_release_the_list_says_so(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with closing(duckdb.connect()) as connection:
        site = Site(connection, settings, load_rules(settings))
        (page,) = ReleasePages(site).list_pages()
        assert "尚未发布。" in page.render()


def test_today_and_every_page_lead_to_the_releases(home: Path) -> None:
    today = (home / "site" / "index.html").read_text(encoding="utf-8")
    assert 'href="releases/2.html"' in today
    assert 'href="releases/index.html"' in today
    for link in re.findall(r'href="\.\./([^"#]+)"', read_page(home, "2.html")):
        assert (home / "site" / link).exists(), link


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as running:
        yield running


@needs_chromium
@pytest.mark.parametrize("name", ["2.html", "index.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_accessible_and_fits_its_window_in_both_languages(
    name: str, width: int, home: Path, browser: Browser
) -> None:
    with visit(browser, home / "site" / "releases" / name, width=width) as visited:
        visited.page.evaluate(
            "document.querySelectorAll('details').forEach((item) => { item.open = true; })"
        )
        for _ in ("zh", "en"):
            assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
            visited.switch_language()
        assert visited.find_violations() == []
        assert visited.complaints == []
        assert [url for url in visited.requests if not url.startswith(("file:", "data:"))] == []
