"""Asking what was known on a day: the release in force answers, rebuilt where its file is gone."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import night_root
import pytest
from night_root import SPRING, lay, read_marts, run_command, settings_of, write_form

from warehouse.build.publish import release_path
from warehouse.collect.archive import path_of
from warehouse.ledger.lease import LeaseHeld, hold_lease
from warehouse.night import run_night
from warehouse.settings import CITY_TIME
from warehouse.sql_files import DEFAULT_SQL
from warehouse.vintages import ledger, rebuild
from warehouse.vintages.failure import ReleaseLost, ReleaseUnknown
from warehouse.vintages.ledger import find_release
from warehouse.vintages.rebuild import open_release_file, rebuilt_folder

pytestmark = pytest.mark.slow  # real nights: half a minute of processor time and more

CORRECTED = SPRING + timedelta(days=2)
REDEFINED = SPRING + timedelta(days=4)
COUNT = (
    "select standard_count from standards where period = '2020Q1' "
    "and reporting_unit_code = '420200' and standard_level = '全部' and role = '全部'"
)
Q1 = "2020年一季度"


def redefine(extra: Path) -> Path:
    """A folder whose model of standards counts in another way, and a contract beside it."""
    night_root.declare_training(extra)
    text = (DEFAULT_SQL / "mart" / "standards.sql").read_text(encoding="utf-8")
    changed = text.replace("standard_count::bigint", "(1000 + standard_count)::bigint")
    assert changed != text
    (extra / "sql" / "mart" / "standards.sql").write_text(changed, encoding="utf-8")
    return extra


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, dict]]:
    """A root after four releases, two of them within one second, and the marts each published.

    One form; a correction of it and then, at the same second, another reporter's late form; then
    the model of standards counts in another way. Two files are kept.
    """
    folder = tmp_path_factory.mktemp("played")
    home = folder / "home"
    marts: dict[int, dict] = {}

    def night(at: datetime, **changes: object) -> None:
        report = run_night(settings_of(home, **changes), at)
        marts[report.release_id] = read_marts(settings_of(home).pointer)

    lay(home, "420222/一季度.csv", write_form("420222", Q1, range(8)), SPRING)
    night(SPRING)
    lay(home, "420222/更正.csv", write_form("420222", Q1, range(9)), CORRECTED)
    night(CORRECTED)
    lay(home, "420281/一季度.csv", write_form("420281", Q1, range(100, 103)), CORRECTED)
    night(CORRECTED)
    night(REDEFINED, extra=redefine(folder / "extra"))
    assert list(marts) == [1, 2, 3, 4]
    return home, marts


@pytest.fixture
def home(played: tuple[Path, dict[int, dict]], tmp_path: Path) -> Path:
    return night_root.copy_root(played[0], tmp_path / "home")


@pytest.fixture(scope="module")
def rebuilt(played: tuple[Path, dict[int, dict]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root without any published file but the newest, and three releases built again."""
    home = night_root.copy_root(played[0], tmp_path_factory.mktemp("rebuilt") / "home")
    settings = settings_of(home)
    release_path(settings.published, 3).unlink()
    for number in (1, 2, 3):
        open_release_file(settings, find_release(settings, release=number))
    return home


def ask(home: Path, *words: str) -> tuple[int, str, str]:
    return run_command(home, "--lang", "en", "query", COUNT, "--format", "csv", *words)


@pytest.mark.parametrize(
    ("day", "release"),
    [
        (SPRING, 1),
        (SPRING + timedelta(days=1), 1),
        (CORRECTED, 3),
        (REDEFINED - timedelta(days=1), 3),
        (REDEFINED + timedelta(days=900), 4),
    ],
)
def test_the_last_release_published_by_a_day_was_in_force(
    played: tuple[Path, dict[int, dict]], day: datetime, release: int
) -> None:
    assert find_release(settings_of(played[0]), day.date()).release_id == release


def test_a_day_is_one_of_the_city(played: tuple[Path, dict[int, dict]]) -> None:
    late_evening = datetime(2020, 4, 19, 18, tzinfo=SPRING.tzinfo).date()
    with pytest.raises(ReleaseUnknown):
        find_release(settings_of(played[0]), late_evening)
    found = find_release(settings_of(played[0]), SPRING.date())
    assert found.facts.published_at.astimezone(CITY_TIME) == SPRING


def test_of_two_releases_within_one_second_neither_is_lost(
    played: tuple[Path, dict[int, dict]],
) -> None:
    second, third = (find_release(settings_of(played[0]), release=number) for number in (2, 3))
    assert second.facts.published_at == third.facts.published_at
    assert second.content_sha256 != third.content_sha256


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_release_whose_file_is_gone_is_rebuilt_as_it_was(
    rebuilt: Path, played: tuple[Path, dict[int, dict]], number: int
) -> None:
    """The rules in force have changed since: those kept with each release are used."""
    settings = settings_of(rebuilt)
    path = open_release_file(settings, find_release(settings, release=number))
    assert path == release_path(rebuilt_folder(settings), number)
    assert read_marts(path) == played[1][number]
    assert [file.name for file in settings.published.glob("mart-*.duckdb")] == [
        "mart-000004.duckdb"
    ]


def test_a_file_that_still_lies_where_it_was_published_answers_itself(home: Path) -> None:
    settings = settings_of(home)
    release = find_release(settings)
    assert open_release_file(settings, release) == release_path(settings.published, 4)
    assert not rebuilt_folder(settings).exists()


def test_a_damaged_file_is_not_believed(home: Path, played: tuple[Path, dict[int, dict]]) -> None:
    damage = b"no database"
    settings = settings_of(home)
    release = find_release(settings, release=3)
    spoilt = release_path(settings.published, 3)
    spoilt.chmod(0o644)
    spoilt.write_bytes(damage)
    path = open_release_file(settings, release)
    assert path.parent == rebuilt_folder(settings)
    path.chmod(0o644)
    path.write_bytes(damage)
    assert read_marts(open_release_file(settings, release)) == played[1][3]


def test_a_file_whose_figures_were_changed_is_not_believed(home: Path) -> None:
    settings = settings_of(home)
    path = release_path(settings.published, 3)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update mart.standards set standard_count = standard_count + 1")
    answered = open_release_file(settings, find_release(settings, release=3))
    assert answered.parent == rebuilt_folder(settings)


def test_a_query_is_answered_as_was_known_on_its_day(rebuilt: Path) -> None:
    answers = {
        day: ask(rebuilt, "--as-of", day) for day in ("2020-04-21", "2020-04-22", "2020-04-24")
    }
    assert {day: answer[1].split()[-1] for day, answer in answers.items()} == {
        "2020-04-21": "8",
        "2020-04-22": "12",
        "2020-04-24": "1012",
    }
    assert {code for code, _, _ in answers.values()} == {0}
    complaint = answers["2020-04-22"][2]
    assert complaint.startswith("Release 3, at 2020-04-22 02:00 by a simulated clock: replayed")
    assert "no record of that day" in complaint


def test_a_query_is_answered_by_the_release_of_a_number(rebuilt: Path) -> None:
    assert ask(rebuilt, "--release", "2")[1].split()[-1] == "9"
    code, said, complaint = run_command(rebuilt, "query", COUNT, "--release", "9")
    assert (code, said) == (1, "")
    assert complaint.strip() == "没有第 9 次发布；现有第 1 次至第 4 次。"


def test_macros_of_a_released_file_answer_as_of_it(rebuilt: Path) -> None:
    sql = (
        "select value::bigint from series_as_of(date '2020-04-23') where period = '2020Q1' and "
        "series_code = 'standards.standard_count' and reporting_unit_code = '420200'"
    )
    for words, value in (((), "12"), (("--as-of", "2020-04-24"), "12"), (("--release=1",), "8")):
        code, said, _ = run_command(rebuilt, "query", sql, "--format", "csv", *words)
        assert (code, said.split()[-1]) == (0, value)


def test_before_the_first_release_nothing_was_known(rebuilt: Path) -> None:
    code, said, complaint = ask(rebuilt, "--as-of", "2020-04-19")
    assert (code, said) == (1, "")
    assert complaint == (
        "Nothing had been published by 2020-04-19. The first is release 1 of 2020-04-20.\n"
    )


@pytest.mark.parametrize(
    "words",
    [("--as-of", "yesterday"), ("--as-of", ""), ("--as-of", "2020-04-20", "--release", "1")],
)
def test_a_day_and_a_number_are_read_strictly(rebuilt: Path, words: tuple[str, ...]) -> None:
    assert ask(rebuilt, *words)[0] == 2


def test_a_statement_that_writes_is_refused_before_anything_is_rebuilt(home: Path) -> None:
    code, _, complaint = run_command(home, "query", "drop table standards", "--release", "1")
    assert code == 1
    assert "DROP" in complaint
    assert not rebuilt_folder(settings_of(home)).exists()


def test_a_damaged_rule_set_is_named(home: Path) -> None:
    settings = settings_of(home)
    rule_set = find_release(settings, release=1).facts.rule_set
    kept = path_of(settings.archive, rule_set)
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes()[:-100])
    code, said, complaint = ask(home, "--release", "1")
    assert (code, said) == (1, "")
    assert rule_set in complaint
    assert "damaged" in complaint
    kept.unlink()
    assert "not in the archive" in ask(home, "--release", "1")[2]


@pytest.mark.parametrize(("version", "remedy"), [("0.0.1", "version 0.0.1"), (None, "doctor")])
def test_what_comes_out_otherwise_than_published_is_refused(
    home: Path, version: str | None, remedy: str
) -> None:
    settings = settings_of(home)
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("update ledger.release set content_sha256 = 'abc' where release_id = 1")
        if version:
            connection.execute("update ledger.release set code_version = $1", [version])
    with pytest.raises(ReleaseLost) as refused:
        open_release_file(settings, find_release(settings, release=1))
    sentence = refused.value.of("en")
    assert "published the content hash abc" in sentence
    assert remedy in sentence
    assert "mart-000001.duckdb" in sentence
    assert list(rebuilt_folder(settings).rglob("*.duckdb")) == []


@pytest.mark.slow
def test_few_rebuilt_files_are_kept_and_the_last_used_stay(
    rebuilt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(night_root.copy_root(rebuilt, tmp_path / "home"))
    release_path(settings.published, 4).unlink()
    monkeypatch.setattr(rebuild, "KEPT", 2)
    for number in (1, 4):
        open_release_file(settings, find_release(settings, release=number))
    assert sorted(path.name for path in rebuilt_folder(settings).glob("*.duckdb")) == [
        release_path(Path(), number).name for number in (1, 4)
    ]


@pytest.mark.slow
def test_two_commands_at_once_both_get_the_answer(home: Path) -> None:
    words = [sys.executable, "-m", "biaogan.cli", "query", COUNT, "--format", "csv", "--release=2"]
    environment = {"BIAOGAN_HOME": str(home), "PATH": "/usr/bin:/bin"}
    commands = [
        subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [command.communicate()[0].split()[-1] for command in commands] == ["9"] * 3
    assert len(list(rebuilt_folder(settings_of(home)).iterdir())) == 2


def test_while_a_night_runs_the_answer_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(home)
    release = find_release(settings, release=1)
    monkeypatch.setattr(ledger, "WAIT_SECONDS", 0.1)
    monkeypatch.setattr(rebuild, "WAIT_SECONDS", 0.1)
    held, freed = multiprocessing.Event(), multiprocessing.Event()

    def hold() -> None:
        with hold_lease(settings.lease, "nightly"):
            held.set()
            freed.wait(60)

    process = multiprocessing.get_context("fork").Process(target=hold)
    process.start()
    try:
        assert held.wait(60)
        for action in (
            lambda: find_release(settings, release=1),
            lambda: open_release_file(settings, release),
        ):
            with pytest.raises(LeaseHeld, match="nightly"):
                action()
    finally:
        freed.set()
        process.join()


def test_a_root_without_history_says_what_to_do(tmp_path: Path) -> None:
    code, said, complaint = ask(tmp_path / "home", "--as-of", "2020-04-20")
    assert (code, said) == (1, "")
    assert "run biaogan nightly first" in complaint
