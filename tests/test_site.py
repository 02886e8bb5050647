"""The steward's pages: what they say, what they keep back, and how they behave in a browser."""

from __future__ import annotations

import ast
import functools
import io
import os
import re
import shutil
import string
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import openpyxl
import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes

from tests.browser import needs_chromium, open_chromium, visit
from tests.night_root import AUTUMN, SUMMER, UNITS, lay, lay_summer, write_form
from tests.warehouse_rows import Form, Warehouse
from warehouse.build.views import Cut, open_views
from warehouse.contracts.model import Text
from warehouse.database import open_database
from warehouse.identifiers.synthetic import make_uscc
from warehouse.ledger.chain import Chain, find_cut
from warehouse.night import run_night
from warehouse.night.rules import Rules, load_rules
from warehouse.settings import Settings
from warehouse.site.blocked import list_blocked
from warehouse.site.causes import group_findings, write_ranges
from warehouse.site.page import PACKAGE, Site, open_templates
from warehouse.site.privacy import is_personal, mask_numbers
from warehouse.site.text import CATALOGUE
from warehouse.site.withheld import list_withheld
from warehouse.site.write import SiteReport, write_site

LATER = AUTUMN + timedelta(days=1)
NAMES = ("王小明", "李秀英", "赵铁柱")
NUMBERS = ("13912345678", "0714-6512345", "420202198001011234")
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
QUOTES = "“引号”‘单’&amp;'\""
FILE_NAMES = {
    "dirty": f"{IMAGE}.xlsx",
    "odd": "javascript:alert(3).csv",
    "long": "二千处 100%#?.csv",
}
FAULTS = 2_000
KINDS = {
    "today": "index.html",
    "rejected": "submissions/{dirty}.html",
    "held": "submissions/{held}.html",
    "accepted": "submissions/{mended}.html",
    "files": "submissions/index.html",
    "form and period": "forms/standards/2020Q3.html",
    "forms": "forms/index.html",
    "scorecards": "scorecards.html",
}


def write_dirty(path: Path) -> bytes:
    """A workbook with markup in its cells, and people around and beside its table."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    name = UNITS["420222"]
    lines: list[list[Any]] = [
        ["标准制修订情况表"],
        [f"经办：{NAMES[0]} {NUMBERS[0]}"],
        [f"填报单位：{name}", "报告期：2020年三季度"],
        [
            *("企业名称", "统一社会信用代码", "所属县(市、区)", "产品名称", "标准编号"),
            *("标准名称", "标准级别", "参与方式", "联络手机"),
        ],
    ]
    lines += [
        [
            *(f"示例企业{number}号", make_uscc("420222", 1 + number), name, SCRIPT),
            *(f"GB/T {1000 + number}-2019", f"{QUOTES}{IMAGE}", "国家标准", "执行"),
            NUMBERS[0],
        ]
        for number in range(6)
    ]
    lines[5][6] = SCRIPT
    lines[6][6] = "企业标准"
    lines[7][0] = None
    lines += [
        [f"单位负责人：{NAMES[1]}", f"填表人：{NAMES[2]}", f"联系电话：{NUMBERS[1]}"],
        [f"身份证 {NUMBERS[2]}"],
    ]
    for line in lines:
        sheet.append(line)
    book.create_sheet("通讯录").append([*NAMES, *NUMBERS])
    book.save(path)
    return path.read_bytes()


@functools.cache
def rules() -> Rules:
    return load_rules(Settings(home=Path("/nowhere")))


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """Three nights: forms accepted, held, rejected with 2,000 faults, refused, and mended."""
    home = tmp_path_factory.mktemp("site")
    lay_summer(home)
    run_night(Settings(home=home), SUMMER)
    dirty = write_dirty(tmp_path_factory.mktemp("desk") / "form.xlsx")
    lay(home, f"420222/{FILE_NAMES['dirty']}", dirty, AUTUMN)
    lay(home, "420281/三季度.csv", write_form("420281", "2020年三季度", range(4)), AUTUMN)
    long = write_form("420204", "2020年三季度", range(FAULTS), level="国家级标准")
    lay(home, f"420204/{FILE_NAMES['long']}", long, AUTUMN)
    lay(home, "420202/三季度.csv", write_form("420202", "2020年三季度", range(3)), AUTUMN)
    lay(home, f"scjg/{FILE_NAMES['odd']}", "没有表头,也没有题目\r\n1,2\r\n", AUTUMN)
    run_night(Settings(home=home), AUTUMN)
    lay(home, "420222/更正.csv", write_form("420222", "2020年三季度", range(12)), LATER)
    run_night(Settings(home=home), LATER)
    shutil.rmtree(home / "site", ignore_errors=True)
    write(home)
    return home


@pytest.fixture(scope="module")
def numbers(home) -> dict[str, int]:
    """The submissions' numbers."""
    with closing(open_database(Settings(home=home), read_only=True)) as connection:
        found = dict(
            connection.execute("select file_name, submission_id from ledger.submission").fetchall()
        )
    named = {name: found[file] for name, file in FILE_NAMES.items()}
    return named | {"mended": found["更正.csv"], "held": max(find_held(home))}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_chromium() as running:
        yield running


def find_held(home: Path) -> list[int]:
    with closing(open_database(Settings(home=home), read_only=True)) as connection:
        rows = connection.execute(
            "select submission_id from ledger.decision where action = 'hold'"
        ).fetchall()
    return [number for (number,) in rows]


def write(home: Path, at: datetime = LATER) -> SiteReport:
    """Writes the pages as a night that met nothing new would."""
    settings = Settings(home=home)
    with closing(open_database(settings, read_only=True)) as connection:
        cut = Cut(find_cut(connection), at, 0)
        open_views(connection, rules().expectations, cut, rules().core)
        return write_site(connection, settings, rules())


def copy(home: Path, target: Path) -> Path:
    return shutil.copytree(home, target / "home")


def read_tree(home: Path) -> dict[str, bytes]:
    site = home / "site"
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def read_page(home: Path, name: str) -> str:
    return (home / "site" / name).read_text(encoding="utf-8")


def read_pages(home: Path) -> dict[str, str]:
    return {name: read_page(home, name) for name in read_tree(home) if name.endswith(".html")}


def unpack(content: bytes) -> bytes:
    """A file as it is; of a workbook, what its parts say."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(map(book.read, book.namelist()))


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


# --- what a page may never be --------------------------------------------------------------------


def test_no_page_names_anything_outside(home):
    outside = re.compile(r"https?:|(?<![:\w])//\w")
    for name, text in (read_pages(home) | read_assets()).items():
        text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE) if name.endswith(".js") else text
        found = [text[max(at.start() - 40, 0) : at.end() + 40] for at in outside.finditer(text)]
        assert not found, name


def read_assets() -> dict[str, str]:
    folder = PACKAGE / "assets"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_what_a_clerk_wrote_never_becomes_markup(home):
    for name, html in read_pages(home).items():
        elements = Elements(html).found
        scripts = [
            attributes
            for tag, attributes in elements
            if tag == "script" and attributes.get("type") != "application/json"
        ]
        assert [list(attributes) for attributes in scripts] == [["src"]], name
        for tag, attributes in elements:
            assert not [key for key in attributes if key.startswith("on")], (name, tag)
            assert tag not in {"img", "iframe", "object", "embed"}, name
            for key in ("href", "src"):
                scheme = urlsplit(attributes.get(key) or "").scheme
                assert scheme in {"", "data"}, (name, attributes)
            assert not [key for key, value in attributes.items() if "<span" in (value or "")], name


def test_what_a_clerk_wrote_can_be_read_on_its_page(home, numbers):
    html = read_page(home, f"submissions/{numbers['dirty']}.html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "“引号”‘单’&amp;amp;&#39;&#34;" in html
    assert "&#34;&gt;&lt;img src=x onerror=alert(2)&gt;.xlsx" in html


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_text_in_a_template_is_markup(zh, en):
    source = (
        "<p {{ text | attribute('title') }}><b {{ text | english }}>{{ text }}{{ plain }}</b></p>"
    )
    html = open_templates().from_string(source).render(text=Text(zh=zh, en=en), plain=zh)
    found = Elements(html).found
    assert {tag for tag, _ in found} <= {"p", "b", "span"}
    assert {key for _, attributes in found for key in attributes} <= {
        "title", "data-en-title", "data-en", "lang",
    }  # fmt: skip


def test_nobody_s_name_or_number_is_on_a_page(home):
    for name, content in read_tree(home).items():
        text = unpack(content).decode()
        for secret in (*NAMES, *NUMBERS):
            assert secret not in text, (name, secret)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13912345678", True),
        ("139 1234 5678", True),
        ("0714-6512345", True),
        ("填 表 人：某人", True),
        ("420202198001011234", True),
        ("91420200PDY0000798", False),
        ("201910012345.6", False),
        ("139123456780", False),
        ("GB/T 1000-2019", False),
        ("项目负责人", False),
        ("2020-10-15 09:30", False),
    ],
)
def test_what_may_be_a_person_s_is_told_apart(text, expected):
    assert is_personal(text) is expected


def test_a_number_in_a_free_text_is_left_out_and_the_text_stays():
    assert mask_numbers("已与 13912345678 核实，共 139 项") == "已与 … 核实，共 139 项"
    assert mask_numbers(None) is None


def test_pages_with_example_enterprises_say_so(home, numbers):
    pages = read_pages(home)
    assert "含示例（虚构）企业" in pages[f"submissions/{numbers['dirty']}.html"]
    assert "含示例（虚构）企业" in pages[f"submissions/{numbers['mended']}.html"]
    assert "含示例（虚构）企业" not in pages[f"submissions/{numbers['odd']}.html"]
    reserved = re.compile(r"[0-9A-Z]{8}PDY[0-9]{5}")
    for name, html in pages.items():
        assert not reserved.search(html) or "含示例（虚构）企业" in html, name


def test_no_page_is_larger_than_a_megabyte(home, numbers):
    sizes = {name: len(content) for name, content in read_tree(home).items()}
    html = read_page(home, f"submissions/{numbers['long']}.html")
    assert html.count("国家级标准") >= 3
    assert all(f"!G{row}<" in html or f">G{row}<" in html for row in range(4, FAULTS + 4))
    assert max(size for name, size in sizes.items() if name.endswith(".html")) < 1_000_000


# --- what pages say ------------------------------------------------------------------------------


def test_every_link_leads_to_something(home):
    for name, html in read_pages(home).items():
        for _, attributes in Elements(html).found:
            for key in ("href", "src"):
                target = attributes.get(key) or ""
                if target and not target.startswith(("#", "data:")):
                    path = (home / "site" / name).parent / unquote(target.partition("#")[0])
                    assert path.exists(), (name, target)


def test_a_rejected_file_shows_the_sheet_around_each_cause(home, numbers):
    html = read_page(home, f"submissions/{numbers['dirty']}.html")
    tables = re.findall(r'<table class="sheet">.*?</table>', html, re.DOTALL)
    assert len(tables) >= 3
    level = next(table for table in tables if "企业标准" in table and "mark" in table)
    assert re.findall(r'<th scope="col">(\w)</th>', level) == list("CDEFGHI")
    rows = [int(row) for row in re.findall(r'<th scope="row"[^>]*>(\d+)</th>', level)]
    assert rows[0] == 4
    assert set(rows[1:]) <= set(range(5, 11))
    assert "不显示" in level


def test_an_accepted_file_says_what_it_fixed(home, numbers):
    html = read_page(home, f"submissions/{numbers['mended']}.html")
    assert re.search(r"已改 [1-9]\d* 处，新增 0 处，仍有 0 处", html)
    assert "增加 2 行" in html
    assert f"submissions/{numbers['dirty']}.html" in html


def test_today_asks_for_a_decision_with_the_command_to_type(home, numbers):
    html = read_page(home, "index.html")
    assert f"biaogan accept {numbers['held']} --by 姓名 --reason &#34;理由&#34;" in html
    assert "模拟时钟回放" in html
    assert "标准制修订情况表" in html
    assert "mart.standards" in html


def test_a_returned_workbook_with_an_odd_name_can_be_followed(home, numbers, tmp_path):
    root = copy(home, tmp_path)
    path = "420204/退回 50%#1?&a=b.xlsx"
    (root / "outbox" / path).parent.mkdir(parents=True, exist_ok=True)
    (root / "outbox" / path).write_bytes(b"workbook")
    with closing(open_database(Settings(home=root))) as connection:
        connection.execute(
            "insert into ledger.delivery (kind, submission_id, path, channel, recorded_at) "
            "values ('returned', ?, ?, 'outbox', now())",
            [numbers["long"], path],
        )
    name = f"submissions/{numbers['long']}.html"
    assert name in write(root).written
    links = [attributes.get("href") for _, attributes in Elements(read_page(root, name)).found]
    assert "../../outbox/420204/%E9%80%80%E5%9B%9E%2050%25%231%3F%26a%3Db.xlsx" in links


def test_great_expectations_own_result_lies_beside_the_pages(home, numbers):
    html = read_page(home, f"submissions/{numbers['long']}.html")
    link = re.search(r'href="\.\./(judgements/[^"]+-standards\.json)"', html)
    assert link
    assert '"unexpected_count"' in read_page(home, link[1])


PATENTS = "application_no patent_type title patentee_name reporting_unit applied_on legal_status"


def make_patents(unit: str, count: int) -> list[str]:
    return [
        f"20191{unit[-2:]}{number:05d}.1 发明 名称 权利人 {unit} 2019-05-01 有效"
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({"standards": "420222", "patents": "420281"}, ["standards", "patents"]),
        ({"standards": "420281", "patents": "420222"}, ["patents", "standards"]),
        ({"patents": "420222"}, ["patents"]),
        ({}, []),
    ],
)
def test_the_largest_blocked_total_comes_first(missing, expected):
    """Of both forms 阳新县 gave nine tenths last quarter, 大冶市 one tenth."""
    warehouse = Warehouse()
    columns = "uscc standard_no product_name reporting_unit standard_level role"
    for period, day in (("2020Q2", "2020-07-12"), ("2020Q3", "2020-10-12")):
        for unit, count in (("420222", 9), ("420281", 1)):
            standards = [f"X{unit}{n} GB{n} - {unit} 国家标准 执行" for n in range(count)]
            for dataset, names, rows in (
                ("standards", columns, standards),
                ("patents", PATENTS, make_patents(unit, count)),
            ):
                is_missing = period == "2020Q3" and missing.get(dataset) == unit
                action = "reject" if is_missing else "accept"
                form = Form(unit, rows, period=period, action=action, day=day)
                warehouse.keep(dataset, names, form)
    warehouse.open("2020-10-20")
    blocked = [
        item
        for item in list_blocked(Site(warehouse.connection, Settings(home=Path("/no")), rules()))
        if any(blocker.state == "rejected" for blocker in item.blockers)
    ]
    assert [item.dataset for item in blocked] == expected
    shares = [item.figures[0].share for item in blocked]
    assert shares == sorted(shares, reverse=True)
    assert shares[:1] in ([], [Decimal("0.9")])


def test_a_figure_that_waits_for_its_explanation_is_named():
    warehouse = Warehouse()
    columns = "indicator_code indicator_name reporting_unit unit value"
    rows = ["std_total_count 名称 420200 项 12", "patent_valid_count 名称 420200 件 7"]
    form = Form("scjg", rows, withheld=[(1, "value")])
    number = warehouse.keep("indicators", columns, form)
    warehouse.open("2020-10-20")
    site = Site(warehouse.connection, Settings(home=Path("/no")), rules())
    (row,) = list_withheld(site)
    assert (row["submission_id"], row["period"], row["heading"]) == (number, "2020Q3", "本期数")
    assert row["reporter"].zh == "市市场监管局"


def test_however_many_findings_no_address_is_left_out():
    count = 20_000
    findings = [
        {
            "rule_id": "unknown_code", "severity": "must_fix", "sheet": "表", "source_row": row,
            "cell": f"G{row}", "column_name": "standard_level", "value": "值" * 500 + str(row),
            "expected": "应" * 500 + str(row), "explanation": None, "is_open": True, "change": None,
        }
        for row in range(5, 5 + count)
    ]  # fmt: skip
    (cause,) = group_findings(findings, "standards", rules().expectations, None)
    assert cause.count == count
    listed = len(cause.places)
    assert cause.places[-1].address == f"表!G{listed + 4}"
    assert cause.ranges == f"表!G{listed + 5}:G{count + 4}"
    assert sum(len(str(vars(place)).encode()) for place in cause.places) < 800_000


# --- written once --------------------------------------------------------------------------------


def test_a_night_without_news_changes_no_byte(home, tmp_path):
    root = copy(home, tmp_path)
    before = read_tree(root)
    times = {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*")}
    report = write(root, LATER + timedelta(days=2))
    assert report.written == ()
    assert report.kept == len(read_pages(root))
    assert read_tree(root) == before
    assert {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*")} == times


def test_killed_at_any_point_the_next_run_ends_in_the_same_state(home, tmp_path, monkeypatch):
    root = copy(home, tmp_path)
    expected = read_tree(root)
    shutil.rmtree(root / "site")
    replace = Path.replace

    def die_at(count: int) -> None:
        left = iter(range(count))

        def move(self: Path, target: Path) -> Path:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", move)

    for count in (0, 1, 5, 20):
        die_at(count)
        with pytest.raises(KeyboardInterrupt):
            write(root)
    monkeypatch.undo()
    write(root)
    assert read_tree(root) == expected


def test_a_page_that_is_not_whole_is_written_anew(home, tmp_path):
    root = copy(home, tmp_path)
    expected = read_tree(root)
    page = root / "site" / "index.html"
    page.write_bytes(page.read_bytes()[:-50])
    (root / "site" / "forms" / "index.html").unlink()
    assert sorted(write(root).written) == ["forms/index.html", "index.html"]
    assert read_tree(root) == expected


def test_a_decision_rewrites_what_tells_of_it_and_nothing_else(home, numbers, tmp_path):
    root = copy(home, tmp_path)
    with closing(open_database(Settings(home=root))) as connection:
        Chain(connection).append(
            "decision",
            [
                {
                    "submission_id": numbers["held"],
                    "action": "accept",
                    "decided_by": "陈<b>管理员</b>",
                    "reason": SCRIPT,
                    "night_at": LATER,
                    "recorded_at": LATER,
                    "is_replayed": True,
                }
            ],
        )
    written = set(write(root).written)
    assert {f"submissions/{numbers['held']}.html", "index.html"} <= written
    assert f"submissions/{numbers['mended']}.html" not in written
    html = read_page(root, f"submissions/{numbers['held']}.html")
    assert "陈&lt;b&gt;管理员&lt;/b&gt;" in html
    assert "待你决定" not in html


def test_nothing_half_written_stays_behind(home, tmp_path):
    root = copy(home, tmp_path)
    leftover = root / "site" / "submissions" / ".7.html.new"
    leftover.write_text("half", encoding="utf-8")
    write(root)
    assert not leftover.exists()
    assert not list((root / "site").rglob(".*"))


def test_assets_that_were_changed_by_hand_are_put_right(home, tmp_path):
    root = copy(home, tmp_path)
    style = root / "site" / "assets" / "site.css"
    os.truncate(style, 10)
    write(root)
    assert style.read_bytes() == (PACKAGE / "assets" / "site.css").read_bytes()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["C7", "C8", "C9"], "表!C7:C9"),
        (["C7", "D7", "C9"], "表!C7, 表!D7, 表!C9"),
        ([None, "B2"], "表!3, 表!B2"),
    ],
)
def test_addresses_below_one_another_are_one_range(cells, expected):
    findings = [{"sheet": "表", "source_row": 3, "cell": cell} for cell in cells]
    assert write_ranges(findings) == expected


# --- both languages ------------------------------------------------------------------------------


def read_catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as stream:
        return {str(item.id): str(item.string) for item in read_po(stream) if item.id}


def list_messages() -> Iterator[Any]:
    """The first argument of every `say` in modules and templates; None where it is no literal."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                yield getattr(node.args[0], "value", None)
    for path in (PACKAGE / "templates").glob("*.html"):
        for call in open_templates().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                yield getattr(call.args[0], "value", None)


def test_every_message_has_a_chinese_text_and_none_is_stale():
    assert set(list_messages()) == read_catalogue().keys()


@pytest.mark.parametrize(("english", "chinese"), sorted(read_catalogue().items()))
def test_a_message_says_the_same_facts_in_both_languages(english, chinese):
    def list_fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert chinese
    assert list_fields(english) == list_fields(chinese)


def test_every_text_of_a_page_is_there_in_both_languages(home):
    for name, html in read_pages(home).items():
        languages = [attributes.get("lang") for _, attributes in Elements(html).found]
        assert languages.count("zh") == languages.count("en") > 10, name


# --- in a browser --------------------------------------------------------------------------------


@needs_chromium
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_nothing_outside_and_is_open_to_everyone(kind, home, numbers, browser):
    """Offline, without a complaint, without a fault against WCAG AA, wide and narrow."""
    path = home / "site" / KINDS[kind].format(**numbers)
    # The narrow pages of forms and scorecards are looked at where their contents are tested.
    widths = (1280,) if kind in {"form and period", "forms", "scorecards"} else (1280, 390)
    for width in widths:
        with visit(browser, path, width=width) as visited:
            assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
            for title in ("标杆", "Biaogan"):
                assert title in visited.page.title()
                assert visited.find_violations() == []
                visited.switch_language()
        assert visited.complaints == []
        assert {urlsplit(url).scheme for url in visited.requests} <= {"file", "data"}


@needs_chromium
def test_the_language_is_remembered_from_page_to_page(home, browser):
    with visit(browser, home / "site" / "index.html") as visited:
        page = visited.page
        assert page.locator("h1").inner_text() == "今日"
        visited.switch_language()
        assert page.locator("h1").inner_text() == "Today"
        page.click("nav a >> nth=2")
        assert page.locator("h1").inner_text() == "Files received"
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("nav").get_attribute("aria-label") == "Pages"


@needs_chromium
def test_without_scripts_a_page_is_whole_and_chinese(home, browser):
    with visit(browser, home / "site" / "index.html", scripts=False) as visited:
        text = visited.page.locator("body").inner_text()
        assert "今日" in text
        assert "Today" not in text
        assert not visited.page.locator("#language").is_visible()


@needs_chromium
def test_a_long_table_sorts_and_filters_by_keyboard(home, numbers, browser):
    path = home / "site" / f"submissions/{numbers['long']}.html"
    with visit(browser, path) as visited:
        page = visited.page
        table = page.locator("table.data").first
        heading = table.locator("thead th").first
        heading.locator("button").focus()
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == "ascending"
        first = table.locator("tbody tr").first.inner_text()
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == "descending"
        assert table.locator("tbody tr").first.inner_text() != first
        box = page.get_by_label("筛选").first
        box.fill("G1999")
        assert table.locator("tbody tr:visible").count() == 1
        assert "共 2000 行" in page.locator(".filter [role=status]").first.inner_text()
        page.emulate_media(media="print")
        assert table.locator("tbody tr").first.is_visible()
        assert table.locator("tbody tr").last.is_visible()
        assert not page.locator("nav").is_visible()
        assert not box.is_visible()


@needs_chromium
def test_the_keyboard_reaches_the_content_at_once(home, browser):
    with visit(browser, home / "site" / "index.html") as visited:
        page = visited.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


@needs_chromium
def test_a_page_prints_on_a4(home, numbers, browser):
    path = home / "site" / f"submissions/{numbers['dirty']}.html"
    with visit(browser, path) as visited:
        printed = visited.page.pdf(prefer_css_page_size=True)
    boxes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed))
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
