"""Evidence for one figure: rows, cells, files, releases; and that whatever is changed is named."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from biaogan.evidence_commands import app
from biaogan.messages import choose_language
from tests.browser import needs_chromium, open_chromium, visit
from tests.night_root import AUTUMN, INDICATORS, copy_root, lay, write_form
from warehouse.collect.archive import path_of
from warehouse.evidence.contributions import add_up
from warehouse.evidence.finding import Check
from warehouse.evidence.gather import Gatherer
from warehouse.evidence.model import Document
from warehouse.evidence.page import NotEvidence, read_document, render_alone
from warehouse.evidence.release import Look, look_at_release
from warehouse.evidence.verify import verify_document
from warehouse.evidence.verify_root import verify_root
from warehouse.night import run_night
from warehouse.night.rules import Rules, load_rules
from warehouse.settings import Settings
from warehouse.site.evidence import EvidencePages, evidence_path, slug
from warehouse.site.evidence_page import write_place
from warehouse.site.page import Site
from warehouse.site.privacy import is_personal
from warehouse.site.write import write_pages
from warehouse.vintages.failure import FigureUnknown

pytestmark = pytest.mark.slow  # real nights: half a minute of processor time and more

LATER, LAST = (AUTUMN + timedelta(days=number) for number in (1, 2))
CITY = "420200"
COUNT = "standards.standard_count"
PERSON, NUMBER = "王小明", "13912345678"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights of standards in the third quarter: the second brings a correction."""
    home = tmp_path_factory.mktemp("evidence") / "root"
    lay(home, "420222/三季度.csv", write_form("420222", "2020年三季度", range(10)), AUTUMN)
    lay(home, "420281/三季度.csv", write_form("420281", "2020年三季度", range(4, 20)), AUTUMN)
    lay(home, "scjg/指标.csv", INDICATORS.replace("项,12", "项,20"), AUTUMN)
    run_night(Settings(home=home), AUTUMN)
    form = write_form("420222", "2020年三季度", [*range(12), 30])
    lay(home, "420222/更正.csv", f"{form}填表人：{PERSON}  联系电话：{NUMBER}\r\n", LATER)
    run_night(Settings(home=home), LATER)
    return home


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules(Settings(home=Path("/nowhere")))


@pytest.fixture(scope="module")
def look(home: Path, rules: Rules) -> Iterator[Look]:
    """A copy of the root, as of its newest release; a look at it keeps all others out."""
    root = copy_root(home, home.with_name("looked_at"))
    with look_at_release(Settings(home=root), rules) as looking:
        yield looking


def gather(look: Look, series: str = COUNT, unit: str = CITY) -> Document:
    gatherer = Gatherer(look.connection, look.settings, look.rules, look.release)
    return gatherer.gather(series, "2020Q3", unit).document


def failing(checks: list[Check]) -> set[str]:
    return {check.name for check in checks if not check.holds}


def tell_problems(checks: list[Check]) -> str:
    return "\n".join(
        f"{check.name} {problem.where} {problem.what.en} {problem.remedy.en}"
        for check in checks
        for problem in check.problems
    )


# --- what stands behind a figure ------------------------------------------------------------------


def test_a_count_names_every_row_with_its_cells_as_they_stand_in_the_file(look: Look) -> None:
    document = gather(look)
    assert document["figure"]["value"] == document["total"] == "21"
    assert document["row_count"] == len(document["rows"]) == 29
    assert sum(Decimal(row["adds"]) for row in document["rows"]) == 21
    assert add_up(document["rows"]) == 21
    names = list(document["headings"]["standards"])
    files = {item["submission_id"]: item["sha256"] for item in document["submissions"]}
    for row in document["rows"]:
        content = path_of(look.settings.archive, files[row["submission_id"]]).read_text("utf-8")
        line = list(csv.reader(content.splitlines()))[row["row"] - 1]
        for name, (address, read, *_) in zip(names, row["cells"], strict=True):
            assert address == f"{'ABCDEFGH'[line.index(read)] if read else 'D'}{row['row']}", name
        assert row["cell"] == f"E{row['row']}"


def test_a_reported_figure_is_one_cell_and_shows_what_the_register_counts(look: Look) -> None:
    document = gather(look, "std_total_count")
    [row] = document["rows"]
    assert write_place("指标.csv", row) == "指标.csv ▸ E4"
    assert document["figure"]["basis"] == "reported"
    assert document["twin"] == {
        "series_code": COUNT, "basis": "counted", "value": "21", "unit": "项"
    }  # fmt: skip
    assert gather(look)["twin"]["series_code"] == "std_total_count"


def test_a_units_figure_rests_on_its_own_form_and_the_citys_says_what_is_missing(
    look: Look,
) -> None:
    unit = gather(look, unit="420281")
    assert [item["reporter_code"] for item in unit["submissions"]] == ["420281"]
    assert (unit["total"], unit["missing"]) == ("16", [])
    city = gather(look)
    assert len(city["submissions"]) == 2
    assert {item["state"] for item in city["missing"]} == {"missing"}
    assert len(city["missing"]) == 4


def test_the_files_carry_hash_verdict_rules_and_that_they_are_replayed(look: Look) -> None:
    for item in gather(look)["submissions"]:
        assert path_of(look.settings.archive, item["sha256"]).exists()
        assert item["decisions"][-1]["action"] == "accept"
        assert item["rules_run"] > 0
        assert item["is_replayed"]
        assert item["rule_set"] == look.rules.rule_set
        assert item["rows_used"] == item["row_count"]


def test_an_older_release_has_the_figure_and_the_rows_of_its_day(
    home: Path, rules: Rules, look: Look
) -> None:
    with look_at_release(Settings(home=home), rules, number=1) as earlier:
        before = gather(earlier)
        assert failing(verify_document(earlier, before)) == set()
    after = gather(look)
    assert (before["total"], before["row_count"], after["total"]) == ("20", 26, "21")
    assert [item["value"] for item in after["vintages"]] == ["20", "21"]
    assert after["vintages"][1]["causes"] == ["correction"]
    files = [{item["file_name"] for item in each["submissions"]} for each in (before, after)]
    assert files == [{"三季度.csv"}, {"三季度.csv", "更正.csv"}]


@pytest.mark.parametrize(
    ("series", "period", "unit", "said"),
    [
        ("standards.standard_cuont", "2020Q3", CITY, f"near to it: {COUNT}"),
        (COUNT, "2031Q1", CITY, "it has: 2020Q3"),
        (COUNT, "2020Q3", "420999", "it has: 420200"),
    ],
)
def test_what_is_not_known_is_said_with_what_is_near(
    series: str, period: str, unit: str, said: str, look: Look
) -> None:
    gatherer = Gatherer(look.connection, look.settings, look.rules, look.release)
    with pytest.raises(FigureUnknown) as fault:
        gatherer.gather(series, period, unit)
    assert said in fault.value.of("en")
    assert fault.value.of("zh") != fault.value.of("en")


# --- the page -------------------------------------------------------------------------------------


def test_the_page_is_one_file_that_names_no_other_and_no_person(look: Look) -> None:
    document = gather(look)
    html = render_alone(document)
    assert read_document(html, "x.html") == document
    for word in ("http:", "https:", "src=", 'href="site', PERSON, NUMBER):
        assert word not in html.replace('href="data:,"', "")
    assert not is_personal(json.dumps(document["rows"], ensure_ascii=False))
    assert "示例（虚构）企业" in html
    assert "@media print" in html


def test_a_text_of_a_clerk_cannot_end_the_data_in_the_page(look: Look) -> None:
    document = gather(look)
    document["rows"][0]["key"] = "</script><script>alert(1)</script>&"
    document["submissions"][0]["file_name"] = "</script><b>.csv"
    html = render_alone(document)
    assert read_document(html, "x.html") == document
    assert "alert(1)</script>" not in html
    assert "<b>.csv" not in html


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("", "is no evidence page"),
        ('<script type="application/json" id="evidence">{</script>', "is no evidence page"),
        ('<script type="application/json" id="evidence">[1]</script>', "is no evidence page"),
        (
            '<script type="application/json" id="evidence">{"biaogan_evidence":9}</script>',
            "is of format 9",
        ),
    ],
)
def test_a_file_that_is_no_evidence_is_refused_by_name(html: str, said: str) -> None:
    with pytest.raises(NotEvidence) as fault:
        read_document(html, "x.html")
    assert said in fault.value.of("en")


@needs_chromium
def test_the_page_opens_offline_in_both_languages_without_a_complaint(
    look: Look, tmp_path: Path
) -> None:
    path = tmp_path / "evidence.html"
    path.write_text(render_alone(gather(look)), encoding="utf-8")
    with open_chromium() as browser, visit(browser, path, width=1280) as visited:
        for title in ("标杆", "Biaogan"):
            assert title in visited.page.title()
            assert visited.find_violations() == []
            visited.switch_language()


# --- verification ---------------------------------------------------------------------------------


def test_what_nobody_touched_holds(look: Look) -> None:
    for series in (COUNT, "std_total_count", "standards.enterprise_count[role=执行]"):
        document = gather(look, series)
        checks = verify_document(look, document, render_alone(document))
        assert failing(checks) == set(), tell_problems(checks)


@pytest.fixture
def root(home: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    return copy_root(home, tmp_path / "root")


def spoil_original(root: Path, document: Document) -> str:
    """Changes one byte of an archived file."""
    sha256 = str(document["submissions"][0]["sha256"])
    path = path_of(root / "archive", sha256)
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"GB/T 1005", b"GB/T 1905", 1))
    return sha256


def lose_original(root: Path, document: Document) -> str:
    sha256 = str(document["submissions"][0]["sha256"])
    path_of(root / "archive", sha256).unlink()
    return sha256


def run_sql(root: Path, statement: str) -> None:
    with duckdb.connect(str(root / "warehouse.duckdb")) as connection:
        connection.execute(statement)


def change_core(root: Path, document: Document) -> str:
    """Changes one cell that was taken in; no seal covers it."""
    number, row = document["rows"][0]["submission_id"], document["rows"][0]["row"]
    run_sql(
        root,
        "update core.standards set standard_no = 'GB/T 9-1999' "
        f"where submission_id = {number} and source_row = {row}",
    )
    return f"▸ {row}"


def change_submission(root: Path, document: Document) -> str:
    number = document["submissions"][0]["submission_id"]
    run_sql(
        root,
        f"update ledger.submission set file_name = '换.csv' where submission_id = {number}",
    )
    return "was changed after it was written"


def change_decision(root: Path, document: Document) -> str:
    number = document["submissions"][0]["submission_id"]
    run_sql(
        root,
        f"update ledger.decision set decided_by = '某人' where submission_id = {number}",
    )
    return "ledger.decision entry"


def change_vintage(root: Path, document: Document) -> str:
    run_sql(
        root,
        "update ledger.series_vintage set value = 22 where period = '2020Q3' "
        f"and series_code = '{COUNT}' and reporting_unit_code = '{CITY}'",
    )
    return "value: the evidence says 21, the ledger has 22"


def forge(document: Document, change: Callable[[Document], None]) -> Document:
    forged: Document = json.loads(json.dumps(document))
    change(forged)
    return forged


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (spoil_original, {"originals", "cells", "core", "rows", "said"}),
        (lose_original, {"originals", "cells", "core", "rows", "said"}),
        (change_core, {"core", "rows", "figure"}),
        (change_submission, {"chain", "said"}),
        (change_decision, {"chain", "said"}),
        (change_vintage, {"chain", "figure", "said"}),
    ],
)
def test_what_was_changed_in_the_root_is_found_and_named(
    spoil: Callable[[Path, Document], str],
    found: set[str],
    root: Path,
    rules: Rules,
    look: Look,
) -> None:
    document = gather(look)
    where = spoil(root, document)
    with look_at_release(Settings(home=root), rules) as spoilt:
        checks = verify_document(spoilt, document)
    assert {"originals", "cells", "core"} & found <= failing(checks) <= found
    assert failing(checks) & found
    assert where in tell_problems(checks)


FORGERIES: dict[str, tuple[Callable[[Document], None], set[str]]] = {
    "a value": (lambda e: e["figure"].update(value="1213"), {"figure"}),
    "a row left out of the list": (lambda e: e["rows"].pop(3), {"rows"}),
    "a row made up": (
        lambda e: e["rows"].append(e["rows"][0] | {"row": 999, "thing": "GB/T 7-1990"}),
        {"rows", "cells", "figure"},
    ),
    "a cell's text": (lambda e: e["rows"][0]["cells"][0].__setitem__(1, "X"), {"cells"}),
    "a cell's address": (lambda e: e["rows"][0]["cells"][0].__setitem__(0, "Z9"), {"cells"}),
    "who decided": (
        lambda e: e["submissions"][0]["decisions"][0].update(decided_by="某人"),
        {"said"},
    ),
    "the hash of an original": (
        lambda e: e["submissions"][0].update(sha256="0" * 64),
        {"originals", "chain", "said"},
    ),
    "an older vintage": (lambda e: e["vintages"][0].update(value="7"), {"said"}),
    "the formula": (lambda e: e["formula"].update(measure="product_count"), {"said"}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_was_changed_in_the_file_is_found(name: str, look: Look) -> None:
    change, found = FORGERIES[name]
    document = forge(gather(look), change)
    assert failing(verify_document(look, document)) == found


def test_a_page_that_says_other_than_its_data_is_found(look: Look) -> None:
    document = gather(look)
    html = render_alone(document).replace("<strong>21 项</strong>", "<strong>22 项</strong>")
    assert failing(verify_document(look, document, html)) == {"page"}


def test_a_root_nobody_touched_holds_to_the_last_row(look: Look) -> None:
    checks = verify_root(look, deep=True)
    assert failing(checks) == set(), tell_problems(checks)


def change_finding(root: Path) -> str:
    run_sql(root, "delete from ledger.finding")
    run_sql(root, "insert into ledger.finding (submission_id, finding_number) values (1, 1)")
    return "the findings of submission 1 are not those"


def change_stray(root: Path) -> str:
    path = path_of(root / "archive", "ab" * 32)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"?")
    return "ab" * 32


def change_release(root: Path) -> str:
    path = root / "published" / "mart-000001.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update mart.series set value = value + 1")
    return "mart-000001.duckdb release 1 does not fit the ledger"


def change_row(root: Path) -> str:
    run_sql(root, "update core.standards set role = '主导' where source_row = 5")
    return "▸ 5 the row taken in"


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (change_finding, {"chain"}),
        (change_stray, {"archive"}),
        (change_release, {"releases"}),
        (change_row, {"core"}),
    ],
)
def test_what_was_changed_anywhere_in_the_root_is_found_without_a_file(
    spoil: Callable[[Path], str], found: set[str], root: Path, rules: Rules
) -> None:
    where = spoil(root)
    with look_at_release(Settings(home=root), rules) as spoilt:
        checks = verify_root(spoilt, deep=True)
    assert failing(checks) == found
    assert where in tell_problems(checks)


# --- commands -------------------------------------------------------------------------------------


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    choose_language("en")
    yield
    choose_language("zh")


def run(home: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words, env={"BIAOGAN_HOME": str(home)})
    return result.exit_code, result.output


@pytest.mark.usefixtures("english")
def test_the_command_writes_a_page_that_the_other_command_verifies(
    root: Path, tmp_path: Path
) -> None:
    target = tmp_path / "evidence.html"
    assert run(root, "evidence", COUNT, "2020Q3", "-o", str(target))[0] == 0
    code, output = run(root, "verify", str(target), "--format", "json")
    assert code == 0, output
    target.write_text(target.read_text("utf-8").replace('"value":"21"', '"value":"22"'), "utf-8")
    assert run(root, "verify", str(target))[0] == 1
    shutil.rmtree(root / "archive")
    assert run(root, "verify")[0] == 1


def test_the_command_gives_the_evidence_as_json_as_of_a_day(home: Path) -> None:
    day = str(AUTUMN.date())
    code, output = run(home, "evidence", COUNT, "2020Q3", "--as-of", day, "--format", "json")
    assert code == 0, output
    assert json.loads(output)["figure"]["value"] == "20"


def test_a_broken_file_is_refused_without_a_traceback(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "x.html"
    broken.write_bytes(b"\xff\xfe\x00")
    assert run(home, "verify", str(broken))[0] == 2
    assert run(home, "evidence", COUNT, "2020Q3", "--format", "pdf")[0] == 2


# --- pages of the site ----------------------------------------------------------------------------


def write_evidence(look: Look, folder: Path) -> tuple[list[str], int]:
    site = Site(look.connection, look.settings, look.rules)
    report = write_pages(folder, EvidencePages(site).list_pages())
    return sorted(report.written), report.kept


def test_the_site_has_one_page_a_city_figure_and_writes_it_once(look: Look, tmp_path: Path) -> None:
    written, kept = write_evidence(look, tmp_path)
    again, kept_again = write_evidence(look, tmp_path)
    assert (kept, again, kept_again) == (0, [], len(written))
    assert evidence_path(COUNT, "2020Q3") in written
    assert evidence_path("std_total_count", "2020Q3") in written
    html = (tmp_path / evidence_path(COUNT, "2020Q3")).read_text("utf-8")
    document = read_document(html, "x.html")
    assert failing(verify_document(look, document, html)) == set()


def test_a_page_that_lists_some_rows_counts_all_of_them(look: Look) -> None:
    gatherer = Gatherer(look.connection, look.settings, look.rules, look.release, 5)
    evidence = gatherer.gather(COUNT, "2020Q3", CITY)
    assert (len(evidence.rows), evidence.row_count, evidence.total) == (5, 29, 21)
    assert sum(item.rows_used for item in evidence.submissions) == 29
    assert failing(verify_document(look, evidence.document)) == set()


def test_a_large_form_gives_the_same_as_one_looked_up_whole(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = gather(look)
    for module in ("originals", "gather"):
        monkeypatch.setattr(f"warehouse.evidence.{module}.SMALL", 0)
        monkeypatch.setattr(f"warehouse.evidence.{module}.MOST_HELD", 1)
    assert gather(look) == whole
    assert failing(verify_document(look, whole)) == set()


def test_a_later_night_leaves_the_pages_of_figures_it_did_not_touch(
    root: Path, rules: Rules, look: Look, tmp_path: Path
) -> None:
    write_evidence(look, tmp_path / "site")
    lay(root, "420202/三季度.csv", write_form("420202", "2020年三季度", range(30, 33)), LAST)
    run_night(Settings(home=root), LAST)
    with look_at_release(Settings(home=root), rules) as later:
        written, kept = write_evidence(later, tmp_path / "site")
    assert evidence_path(COUNT, "2020Q3") in written
    assert evidence_path("std_total_count", "2020Q3") not in written
    assert kept


@pytest.mark.parametrize(
    ("code", "expected"),
    [("std_total_count", "std_total_count"), (COUNT, COUNT)],
)
def test_a_plain_series_names_its_folder(code: str, expected: str) -> None:
    assert slug(code) == expected


def test_series_that_differ_in_a_sign_alone_have_folders_of_their_own() -> None:
    codes = ("a.b[c=d/e]", "a.b[c=d?e]", "a.b[c=d e]", "a.b[c=" + "长" * 300 + "]")
    names = [slug(code) for code in codes]
    assert len(set(names)) == len(codes)
    assert all(len(name.encode()) < 255 and not set(name) & set('/\\?*:"<>| ') for name in names)
