"""`biaogan report check` and `report render` as a user calls them: exit codes, output, files."""

from __future__ import annotations

import json
import re
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from night_root import SPRING, lay_spring, run_command, settings_of
from test_report_statuses import CONNECTION

from biaogan.cli import main
from biaogan.messages import choose_language
from warehouse.night import run_night

FACTS = [
    "start", "end", "text", "value", "unit", "qualifier", "kind", "period", "scope",
    "indicator_code", "series_code", "status", "warehouse_value", "release", "reason",
]  # fmt: skip
RIGHT = "黄石市2020年三季度质量工作报告\n\n全市高新技术企业735家，隐形冠军示范及培育企业79家。\n"
WRONG = RIGHT.replace("79家", "97家")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with nothing but a published file of five releases."""
    home = tmp_path_factory.mktemp("home")
    pointer = home / "published" / "mart.duckdb"
    pointer.parent.mkdir()
    CONNECTION.execute(f"attach '{pointer}' as written")
    CONNECTION.execute("copy from database memory to written")
    CONNECTION.execute("detach written")
    return home


@pytest.fixture
def run(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs `biaogan report …` in a folder of its own; gives exit code, output and complaints."""
    monkeypatch.setenv("BIAOGAN_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    handler = signal.getsignal(signal.SIGTERM)

    def run_one(*words: str, lang: str = "zh") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["biaogan", "--lang", lang, "report", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(left.value.code or 0), said.out, said.err

    yield run_one
    signal.signal(signal.SIGTERM, handler)
    choose_language("zh")


@pytest.fixture
def text(tmp_path: Path) -> Callable[[str], str]:
    """Writes a report and gives its name."""

    def write(content: str, name: str = "报告.txt") -> str:
        (tmp_path / name).write_text(content, encoding="utf-8")
        return name

    return write


# ---- report check


def test_a_text_whose_numbers_hold_is_exit_0_and_every_number_is_listed(run, text):
    code, out, _ = run("check", text(RIGHT))
    assert code == 0
    assert "735家" in out
    assert "79家" in out
    assert "第 5 次发布" in out


def test_a_number_that_contradicts_is_exit_1_with_the_published_value(run, text):
    code, out, _ = run("check", text(WRONG))
    assert code == 1
    assert "97家" in out
    assert "79" in out


def test_a_text_that_contradicts_itself_is_exit_1_though_nothing_is_published_of_it(run, text):
    said = text("全市创新型中小企业12家，其中大冶市8家、阳新县9家。\n")
    code, out, _ = run("check", said, "--format", "json")
    facts = json.loads(out)
    assert code == 1
    assert facts["remarks"]
    assert "contradicts" not in {item["status"] for item in facts["items"]}


def test_a_number_that_cannot_be_tied_or_was_revised_is_no_finding(run, text):
    code, out, _ = run(
        "check", text("2020年三季度\n民营企业9家。高新技术企业720家。"), "--format", "json"
    )
    statuses = {item["text"]: item["status"] for item in json.loads(out)["items"]}
    assert statuses["9家"] == "cannot be tied"
    assert statuses["720家"] == "explained by a later revision"
    assert code == 0


def test_a_text_without_numbers_is_exit_0_and_says_so(run, text):
    code, out, _ = run("check", text("质量第一，诚信为本。\n"))
    assert (code, "数字" in out) == (0, True)


def test_json_is_one_value_of_the_agreed_shape_with_offsets_into_the_file(run, text):
    code, out, err = run("check", text(WRONG), "--format", "json")
    facts = json.loads(out)
    assert (code, err) == (1, "")
    assert {"file", "as_of", "items"} <= set(facts)
    assert (facts["file"], facts["as_of"], facts["release"]) == ("报告.txt", None, 5)
    assert facts["items"]
    for item in facts["items"]:
        assert [name for name in item if name in FACTS] == FACTS
        assert WRONG[item["start"] : item["end"]] == item["text"]
    (wrong,) = [item for item in facts["items"] if item["text"] == "97家"]
    assert {name: wrong[name] for name in FACTS if name not in {"start", "end", "reason"}} == {
        "text": "97家", "value": 97, "unit": "家", "qualifier": None, "kind": "measure",
        "period": "2020Q3", "scope": "黄石市", "indicator_code": "hidden_champion_count",
        "series_code": "hidden_champion_count", "status": "contradicts", "warehouse_value": 79,
        "release": 4,
    }  # fmt: skip


def test_in_english_the_reasons_are_english_and_the_facts_are_the_same(run, text):
    name = text(WRONG)
    zh, en = (
        json.loads(run("check", name, "--format", "json", lang=lang)[1]) for lang in ("zh", "en")
    )
    assert [item["status"] for item in zh["items"]] == [item["status"] for item in en["items"]]
    for item in en["items"]:
        if item["kind"] == "measure":
            assert re.match(r"[A-Z“][ -~“”–]+\.$", item["reason"]), item["reason"]
    _, out, _ = run("check", name, lang="en")
    assert "contradicts" in out


def test_as_of_a_day_the_release_of_that_day_answers(run, text):
    _, out, _ = run("check", text(RIGHT), "--as-of", "2020-10-27", "--format", "json")
    facts = json.loads(out)
    assert (facts["as_of"], facts["release"]) == ("2020-10-27", 4)
    statuses = {item["text"]: (item["status"], item["release"]) for item in facts["items"]}
    assert statuses["735家"] == ("explained by a later revision", 5)
    assert statuses["79家"] == ("agrees", 4)


def test_marked_copies_are_written_where_asked_and_the_text_is_left_as_it_was(run, text, tmp_path):
    name = text(WRONG)
    code, out, _ = run("check", name, "-o", "marked.html", "-o", "marked.docx")
    assert code == 1
    assert "marked.html" in out
    page = (tmp_path / "marked.html").read_text(encoding="utf-8")
    assert "97家" in page
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    with zipfile.ZipFile(tmp_path / "marked.docx") as archive:
        assert "word/document.xml" in archive.namelist()
        assert "79" in archive.read("word/comments.xml").decode()
    assert (tmp_path / name).read_text(encoding="utf-8") == WRONG
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [name, "marked.html", "marked.docx"]
    )


@pytest.mark.parametrize("ending", ["md", "html"])
def test_a_report_of_another_kind_is_read_as_well(run, text, ending):
    body = WRONG if ending == "md" else f"<p>{WRONG.replace(chr(10), '</p><p>')}</p>"
    code, out, _ = run("check", text(body, f"报告.{ending}"), "--format", "json")
    items = json.loads(out)["items"]
    assert code == 1
    assert ("97家", "contradicts") in {(item["text"], item["status"]) for item in items}


# words of the command | exit code | said in Chinese | said in English
REFUSED_CHECKS = """
没有.txt | 2 | 没有.txt | 没有.txt
. | 2 | . | .
报告.doc | 1 | .docx | .docx
报告.xlsx | 1 | biaogan check | biaogan check
空.txt | 1 | 空.txt | 空.txt
坏.docx | 1 | 坏.docx | 坏.docx
图.txt | 1 | 图.txt | 图.txt
报告.txt --as-of 2019-01-01 | 1 | 2020-01-22 | 2020-01-22
报告.txt --as-of 昨天 | 2 | 2020-10-22 | 2020-10-22
报告.txt --format xml | 2 | json | json
报告.txt -o 标记.pdf | 2 | .docx | .docx
报告.txt --lang en | 2 | --lang | --lang
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("words", "code", "zh", "en"), _rows(REFUSED_CHECKS))
def test_what_cannot_be_checked_is_refused_in_one_sentence(
    run, text, tmp_path, words, code, zh, en
):
    for name in "报告.txt", "报告.doc", "报告.xlsx":
        text(RIGHT, name)
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "图.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    for lang, said in ("zh", zh), ("en", en):
        left, out, err = run("check", *words.split(), lang=lang)
        assert left == int(code), out + err
        assert said in (out + err).replace("\n", "")


def test_a_marked_copy_is_refused_before_anything_is_written(run, text, tmp_path):
    name = text(WRONG)
    assert run("check", name, "-o", "marked.html", "-o", "marked.pdf")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_where_nothing_was_published_it_says_what_to_run_first(run, text, tmp_path, monkeypatch):
    monkeypatch.setenv("BIAOGAN_HOME", str(tmp_path / "empty"))
    code, _, err = run("check", text(RIGHT))
    assert code == 1
    assert "biaogan nightly" in err


# ---- report render

TEMPLATE = """# 黄石市{{ period.year_zh }}质量报告

{{ period.end_zh }}，全市高新技术企业{{ figure("high_tech_enterprise_count") }}，\
隐形冠军示范及培育企业{{ figure("hidden_champion_count") }}。
"""


@pytest.mark.parametrize("ending", ["md", "html", "docx"])
def test_a_rendered_report_is_written_and_holds_when_checked(run, text, tmp_path, ending):
    target = f"报告.{ending}"
    template = text(TEMPLATE, "模板.md")
    code, out, err = run("render", template, "--period", "2020Q3", "-o", target)
    assert (code, err) == (0, "")
    assert target in out
    assert (tmp_path / target).stat().st_size
    code, out, _ = run("check", target, "--format", "json")
    statuses = {item["text"]: item["status"] for item in json.loads(out)["items"]}
    assert (code, statuses["735家"], statuses["79家"]) == (0, "agrees", "agrees")


def test_a_report_rendered_as_of_a_day_has_the_figures_of_that_day(run, text, tmp_path):
    template = text(TEMPLATE, "模板.md")
    words = ("render", template, "--period", "2020Q3", "-o", "a.md", "--as-of", "2020-10-27")
    assert run(*words)[0] == 0
    assert "720家" in (tmp_path / "a.md").read_text(encoding="utf-8")
    assert run("check", "a.md", "--as-of", "2020-10-27")[0] == 0
    _, out, _ = run("check", "a.md", "--format", "json")
    statuses = {item["text"]: item["status"] for item in json.loads(out)["items"]}
    assert statuses["720家"] == "explained by a later revision"


def test_a_figure_that_is_not_published_is_refused_and_exit_1_but_the_report_is_there(
    run, text, tmp_path
):
    template = text(TEMPLATE.replace("hidden_champion", "innovative_sme"), "模板.md")
    code, out, _ = run("render", template, "--period", "2020Q3", "-o", "a.md")
    assert code == 1
    assert "innovative_sme_count" in out
    assert "735家" in (tmp_path / "a.md").read_text(encoding="utf-8")


# words of the command | exit code | said
REFUSED_RENDERS = """
没有 --period 2020Q3 -o a.md | 2 | quality_and_brand
没有.md --period 2020Q3 -o a.md | 2 | quality_and_brand
模板.md --period 2020Q5 -o a.md | 2 | 2020Q3
模板.md --period 三季度 -o a.md | 2 | 2020Q3
模板.md --period 2020Q3 -o a.pdf | 1 | .docx
模板.md --period 2020Q3 | 2 | -o
模板.md -o a.md | 2 | --period
模板.md --period 2020Q3 -o a.md --as-of 2019-01-01 | 1 | 2020-01-22
坏.md --period 2020Q3 -o a.md | 1 | 坏.md
名.md --period 2020Q3 -o a.md | 1 | no_such_code
"""


@pytest.mark.parametrize(("words", "code", "said"), _rows(REFUSED_RENDERS))
def test_what_cannot_be_rendered_is_refused_and_no_file_is_left(
    run, text, tmp_path, words, code, said
):
    text(TEMPLATE, "模板.md")
    text('{{ figure("high_tech_enterprise_count") ', "坏.md")
    text('{{ figure("no_such_code") }}', "名.md")
    left, out, err = run("render", *words.split())
    assert left == int(code), out + err
    assert said in (out + err).replace("\n", "")
    assert not (tmp_path / "a.md").exists()


# ---- against what a real night published


@pytest.mark.slow  # a real night
def test_a_text_is_held_against_what_a_night_published(tmp_path: Path):
    home = tmp_path / "home"
    lay_spring(home)
    assert run_night(settings_of(home), SPRING).release_id == 1
    report = tmp_path / "report.txt"
    report.write_text(
        "阳新县2020年一季度质量工作报告\n阳新县执行和参与制修订标准8项。\n", encoding="utf-8"
    )
    code, out, err = run_command(home, "report", "check", str(report), "--format", "json")
    assert (code, err) == (0, "")
    (item,) = [item for item in json.loads(out)["items"] if item["text"] == "8项"]
    assert (item["status"], item["scope"], item["release"]) == ("agrees", "阳新县", 1)
    report.write_text(report.read_text(encoding="utf-8").replace("8项", "9项"), encoding="utf-8")
    code, _, err = run_command(home, "report", "check", str(report), "-o", str(tmp_path / "a.html"))
    assert (code, err) == (1, "")
    assert (tmp_path / "a.html").is_file()
    words = ("report", "render", "quality_and_brand", "--period", "2020Q1")
    code, _, err = run_command(home, *words, "-o", str(tmp_path / "a.md"))
    assert (code, err) == (1, "")  # most figures of one form are not published
    assert (tmp_path / "a.md").is_file()
