"""A rehearsal says what other rules would have said of all history, and changes nothing."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest
from night_root import (
    AUTUMN,
    SHORT_NAME,
    SUMMER,
    TRAINING,
    WINTER,
    copy_root,
    declare_training,
    lay,
    lay_autumn,
    lay_summer,
    lay_winter,
    list_files,
    write_training,
)

from biaogan.messages import choose_language
from biaogan.rehearse import rehearse_rules
from warehouse.collect.archive import path_of
from warehouse.contracts.load import ContractError
from warehouse.database import open_database
from warehouse.history import NoHistory
from warehouse.ledger.lease import LeaseHeld, hold_lease
from warehouse.night import run_night
from warehouse.night.rules import RuleSetLost, keep_rule_set, load_kept_rules, load_rules
from warehouse.progress import listen
from warehouse.rehearse import Rehearsal, history, rehearse
from warehouse.settings import CITY_TIME, Settings

pytestmark = pytest.mark.slow
NOVEMBER = datetime(2020, 11, 10, 2, tzinfo=CITY_TIME)
"""Before the third quarter is locked."""
MANY = """
[[rule]]
id = "many_trainees"
severity = "explain"
owner = "reporter"
column = "trainee_count"
expectation = "ExpectColumnValuesToBeBetween"
arguments = { column = "trainee_count", max_value = 100 }
sentence = { zh = "参训 {value} 人，是否有误？", en = "{value} trainees: is that right?" }
remedy = { zh = "请核实。", en = "Check it." }
"""
STRICTER = SHORT_NAME.replace("min_value = 4", "min_value = 6")
LOOSER = MANY.replace("max_value = 100", "max_value = 1000")
THEN, NOW = SHORT_NAME + MANY, STRICTER + LOOSER

FORMS = [
    ("420222", AUTUMN, {"标准化培训": 30}),
    ("420281", AUTUMN, {"质量管理": 20, "首席质量官任职培训": 40}),
    ("420204", AUTUMN, {"首席质量官任职培训": 500}),
    ("420202", AUTUMN, {"质": 5}),
    ("420203", AUTUMN, {"企业标准化骨干培训": 12}),
    ("420222", NOVEMBER, {"标准化实务培训班": 30}),
    ("420202", NOVEMBER, {"质量管理基础培训": 5}),
]
"""Trainings of the third quarter: whose, when it was sent, and what it says."""

TWICE = 3
"""The one that says it twice."""


def lay_training(home: Path) -> None:
    for number, (unit, sent, courses) in enumerate(FORMS):
        form = write_training(unit, "2020年三季度", courses)
        if number == TWICE:
            form += form.splitlines()[-1] + "\r\n"
        lay(home, f"{unit}/培训{number}.csv", form, sent)


def write_contract(folder: Path, rules: str, name: str = "training") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(TRAINING.replace("质量培训", f"质量培训{name}") + rules, encoding="utf-8")
    return path


def play(settings: Settings, at: datetime | None) -> None:
    keep_rule_set(load_rules(settings), settings.archive)
    run_night(settings, at)


@pytest.fixture(scope="module")
def played(tmp_path_factory) -> Settings:
    """Three nights over forms of every fate."""
    settings = Settings(home=tmp_path_factory.mktemp("played"))
    for lay_forms in (lay_summer, lay_autumn, lay_winter):
        lay_forms(settings.home)
    for night in (SUMMER, AUTUMN, WINTER):
        play(settings, night)
    return settings


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Settings:
    """Two nights over trainings, some of which other rules would hit."""
    home, extra = tmp_path_factory.mktemp("trained"), tmp_path_factory.mktemp("extra")
    settings = Settings(home=home, extra=extra)
    declare_training(extra, rules=THEN)
    lay_training(home)
    for night in (AUTUMN, NOVEMBER):
        play(settings, night)
    return settings


@pytest.fixture(scope="module")
def changed(trained, tmp_path_factory) -> Rehearsal:
    """What the changed contract would have said of the trainings."""
    return rehearse(trained, [write_contract(tmp_path_factory.mktemp("changed"), NOW)])


@pytest.fixture
def copied(trained, tmp_path, monkeypatch) -> Settings:
    """A root of trainings with its rules, to be changed, as the command line finds it."""
    settings = Settings(home=copy_root(trained.home, tmp_path / "home"), extra=tmp_path / "extra")
    copy_root(trained.extra, tmp_path / "extra")
    config = tmp_path / "biaogan.toml"
    config.write_text(f'[biaogan]\nextra = "{settings.extra}"\n', encoding="utf-8")
    monkeypatch.setenv("BIAOGAN_HOME", str(settings.home))
    monkeypatch.setenv("BIAOGAN_CONFIG", str(config))
    return settings


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    choose_language("en")
    yield
    choose_language("zh")


def read_ledger(settings: Settings, query: str) -> list[tuple]:
    with open_database(settings, read_only=True) as connection:
        return connection.execute(query).fetchall()


def number_of(settings: Settings, place: int) -> int:
    """The submission that one of the trainings became."""
    unit = FORMS[place][0]
    [(number,)] = read_ledger(
        settings,
        "select submission_id from ledger.submission "
        f"where folder = '{unit}' and file_name like '%培训{place}.csv'",
    )
    return number


def verdicts(rehearsal: Rehearsal) -> dict[int, tuple[str, str]]:
    """What each differing submission was told, and would be."""
    return {
        item.submission_id: (item.old_verdict, item.new_verdict) for item in rehearsal.differences
    }


def says_the_same(rehearsal: Rehearsal) -> bool:
    return not rehearsal.changes_something and rehearsal.submissions > 0


# The rules of the time


def test_judged_again_with_their_own_rules_all_files_get_the_verdicts_and_findings_they_had(played):
    rehearsal = rehearse(played, pinned=True)
    assert says_the_same(rehearsal)
    [(count, actions)] = read_ledger(
        played,
        "select count(distinct submission_id), list_sort(list(distinct action)) "
        "from ledger.decision",
    )
    assert (rehearsal.submissions, rehearsal.nights) == (count, 3)
    assert actions == ["accept", "hold", "reject"]


def test_a_changed_rule_set_gives_the_new_verdict_and_the_kept_one_still_the_old(copied):
    declare_training(copied.extra, rules=NOW)
    assert verdicts(rehearse(copied)) == {
        number_of(copied, 0): ("accepted", "rejected"),
        number_of(copied, 1): ("accepted", "rejected"),
        number_of(copied, 2): ("held", "accepted"),
    }
    day = datetime(2021, 2, 3, 2, tzinfo=CITY_TIME)
    form = write_training("420204", "2020年四季度", {"标准化培训": 9})
    lay(copied.home, "420204/四季度培训.csv", form, day)
    play(copied, day)
    assert read_ledger(copied, "select count(distinct rule_set) from ledger.submission") == [(2,)]
    assert says_the_same(rehearse(copied, pinned=True))


def test_the_whole_example_judged_again_gets_no_other_verdict_and_no_other_finding(
    whole_example, tmp_path
):
    home = copy_root(whole_example.settings.home, tmp_path / "home")
    rehearsal = rehearse(Settings(home=home), pinned=True)
    assert says_the_same(rehearsal)
    assert rehearsal.submissions > 500


# Changed rules


def test_a_changed_contract_names_exactly_the_files_it_would_judge_otherwise(trained, changed):
    told = {
        item.submission_id: (
            item.reporter_code,
            item.period,
            f"{item.old_action} -> {item.new_action}",
            [(hit.rule_id, hit.cell, hit.value, hit.corrected_by) for hit in item.added],
            [(hit.rule_id, hit.value) for hit in item.gone],
        )
        for item in changed.differences
    }
    later = number_of(trained, 5)
    corrected = [("name_too_short", "A4", "标准化培训", later)]
    left = [("name_too_short", "A4", "质量管理", None)]
    assert told == {
        number_of(trained, 0): ("420222", "2020Q3", "accept -> reject", corrected, []),
        number_of(trained, 1): ("420281", "2020Q3", "accept -> reject", left, []),
        number_of(trained, 2): (
            "420204", "2020Q3", "hold -> accept", [], [("many_trainees", "500")],
        ),
    }  # fmt: skip
    assert [item.corrected_by for item in changed.differences if item.corrected_by] == [later]


def test_the_effect_of_each_rule_is_counted(changed):
    effects = {effect.rule_id: asdict(effect) for effect in changed.rules}
    # 质 was too short before and still is, twice.
    assert effects["name_too_short"] == {
        "dataset": "training", "rule_id": "name_too_short", "hits": 4, "added": 2,
        "added_corrected": 1, "gone": 0, "newly_returned": 2, "newly_held": 0,
        "blocked_corrected": 1, "released": 0,
    }  # fmt: skip
    assert effects["many_trainees"] == {
        "dataset": "training", "rule_id": "many_trainees", "hits": 0, "added": 0,
        "added_corrected": 0, "gone": 1, "newly_returned": 0, "newly_held": 0,
        "blocked_corrected": 0, "released": 1,
    }  # fmt: skip


def test_the_time_of_the_changed_rules_stands_beside_that_of_the_rules_in_force(changed):
    assert changed.seconds_by_dataset.keys() == changed.seconds_in_force.keys() == {"training"}
    assert changed.seconds > changed.seconds_by_dataset["training"] > 0


def test_a_question_that_would_newly_be_asked_holds_a_file(copied):
    declare_training(copied.extra, rules=SHORT_NAME + MANY.replace("= 100", "= 25"))
    rehearsal = rehearse(copied)
    assert verdicts(rehearsal) == {
        number_of(copied, place): ("accepted", "held") for place in (0, 1, 5)
    }
    [effect] = rehearsal.rules
    # One course was renamed later: its 30 trainees are another subject's.
    assert (effect.newly_held, effect.blocked_corrected) == (3, 1)


def test_the_same_finding_in_other_words_is_told_apart(copied):
    declare_training(copied.extra, rules=THEN)
    contract = copied.extra / "expectations/training.toml"
    renamed = 'heading = "课程名称"\nspellings = ["培训名称"]'
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace('heading = "培训名称"', renamed), encoding="utf-8")
    rehearsal = rehearse(copied, at=AUTUMN)
    assert rehearsal.differences == ()
    assert rehearsal.reworded == (number_of(copied, TWICE),)


def test_what_the_warehouse_has_no_room_for_yet_can_be_rehearsed(trained, tmp_path):
    column = (
        '[[column]]\nname = "teacher"\nheading = "授课教师"\ntype = "text"\n'
        'description = { zh = "授课教师", en = "Teacher" }\n\n'
    )
    wider = write_contract(tmp_path, THEN)
    text = wider.read_text(encoding="utf-8")
    wider.write_text(text.replace("[[column]]", f"{column}[[column]]", 1), encoding="utf-8")
    rehearsal = rehearse(trained, [wider, write_contract(tmp_path, THEN, "visits")], at=AUTUMN)
    assert rehearsal.broken == {}
    assert verdicts(rehearsal) == {}


def test_a_rule_that_cannot_be_run_would_make_its_files_wait(copied):
    figure = (
        '\n[[figure]]\nname = "trainees"\nexpression = "sum(nothing)"\nmeasure_kind = "stock"\n'
        'column = "trainee_count"\ntitle = { zh = "人数", en = "trainees" }\n'
    )
    declare_training(copied.extra, rules=figure + THEN)
    rehearsal = rehearse(copied, at=AUTUMN)
    assert rehearsal.broken.keys() == {"training"}
    assert {new for _, new in verdicts(rehearsal).values()} == {"waiting"}
    assert len(rehearsal.differences) == rehearsal.submissions == 5


# What a rehearsal leaves alone


def test_a_night_that_begins_meanwhile_is_let_in_and_what_it_brings_is_left_out(copied):
    form = write_training("420203", "2020年四季度", {"标准化骨干培训班": 9})
    day = datetime(2021, 2, 3, 2, tzinfo=CITY_TIME)
    lay(copied.home, "420203/四季度培训.csv", form, day)
    before = read_ledger(copied, "select count(*) from ledger.submission")
    nights = []

    def begin_night(stage: str, subject: str) -> None:
        if stage == "rehearse" and not nights:
            nights.append(subject)
            run_night(copied, day)

    with listen(begin_night):
        rehearsal = rehearse(copied)
    assert nights
    assert says_the_same(rehearsal)
    assert [(rehearsal.submissions,)] == before
    assert read_ledger(copied, "select count(*) from ledger.submission") > before


def test_while_a_night_holds_the_warehouse_a_rehearsal_says_so(trained, monkeypatch):
    monkeypatch.setattr(history, "FIRST_WAIT_SECONDS", 0.1)
    with hold_lease(trained.lease, "nightly"), pytest.raises(LeaseHeld, match="nightly"):
        rehearse(trained)


# What it names


def test_a_file_the_archive_lost_is_named_and_the_others_are_judged(copied, capsys):
    rows = read_ledger(
        copied, "select submission_id, sha256, file_name from ledger.submission order by all"
    )
    lost, damaged = rows[1], rows[3]
    path_of(copied.archive, lost[1]).unlink()
    path_of(copied.archive, damaged[1]).chmod(0o644)
    path_of(copied.archive, damaged[1]).write_bytes(b"")
    assert rehearse_rules([], "table", pinned=False) == 1
    said = capsys.readouterr().out
    for number, _, file_name in (lost, damaged):
        assert f"no. {number}, {file_name}" in said
    assert f"Rehearsed {len(rows) - 2} files" in said


UNKNOWN_EXPECTATION = SHORT_NAME.replace("ExpectColumnValueLengthsToBeBetween", "ExpectLuck")
UNKNOWN_CHECK = SHORT_NAME.replace('expectation = "ExpectColumnValueLengthsToBeBetween"',
                                   'check = "luck"')  # fmt: skip
NO_COLUMN = SHORT_NAME.replace('column = "course_name"\n', "").replace(
    'column = "course_name", ', ""
)


@pytest.mark.parametrize(
    ("name", "rules", "named"),
    [
        ("training", THEN + 'colour = "red"\n', "colour"),
        ("training", THEN + "colour = \n", "line"),
        ("training", "", "rule"),
        ("training", UNKNOWN_EXPECTATION, "ExpectLuck"),
        ("training", UNKNOWN_CHECK, "luck"),
        ("training", NO_COLUMN, "column"),
        ("Training (2)", THEN, "dataset"),
    ],
)
def test_a_broken_contract_is_refused_with_its_fault(copied, tmp_path, name, rules, named, capsys):
    path = tmp_path / f"{name}.toml"
    path.write_text(TRAINING + rules, encoding="utf-8")
    with pytest.raises(ContractError, match=named) as raised:
        rehearse(copied, [path])
    assert path.name in str(raised.value)
    assert rehearse_rules([path], "table", pinned=False) == 2
    assert path.name in capsys.readouterr().out


# Rule sets


def test_a_kept_rule_set_is_loaded_as_it_was(trained, tmp_path):
    rules = load_rules(trained)
    path = keep_rule_set(rules, tmp_path)
    before = path.stat()
    assert keep_rule_set(rules, tmp_path) == path
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert load_kept_rules(tmp_path, rules.rule_set) == rules
    assert load_kept_rules(tmp_path, rules.rule_set).rule_set == rules.rule_set


def test_line_ends_of_another_system_survive(trained, tmp_path):
    path = tmp_path / "training.toml"
    text = TRAINING + THEN
    path.write_bytes(text.replace("\n", "\r\n").encode())
    rules = load_rules(trained, [path])
    keep_rule_set(rules, tmp_path)
    assert load_kept_rules(tmp_path, rules.rule_set) == rules
    path.write_text(text, encoding="utf-8")
    assert load_rules(trained, [path]).rule_set != rules.rule_set


def test_a_rule_set_that_was_lost_or_damaged_is_named(copied):
    [(rule_set,)] = read_ledger(copied, "select distinct rule_set from ledger.submission")
    path = path_of(copied.archive, rule_set)
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content.replace("太短".encode(), "太长".encode()))
    with pytest.raises(RuleSetLost, match=rf"{rule_set}.*damaged.*backup"):
        rehearse(copied, pinned=True)
    path.unlink()
    with pytest.raises(RuleSetLost, match=rf"{rule_set}.*not in the archive.*backup"):
        rehearse(copied, pinned=True)


# The command


def test_the_command_says_who_would_be_returned_and_leaves_every_byte_as_it_was(
    copied, tmp_path, capsys
):
    database, files = copied.database.read_bytes(), list_files(copied.home)
    assert rehearse_rules([write_contract(tmp_path, NOW)], "table", pinned=False) == 1
    said = capsys.readouterr().out
    names = [reporter.name_en for reporter in load_rules(copied).expectations.codes.reporters
             if reporter.code in {"420222", "420281", "420204"}]  # fmt: skip
    for words in (*names, "name_too_short", "many_trainees", f"no. {number_of(copied, 5)}"):
        assert words in said
    assert copied.database.read_bytes() == database
    assert list_files(copied.home) == files


def test_the_command_s_json_says_all_of_it(copied, tmp_path, capsys):
    assert rehearse_rules([write_contract(tmp_path, NOW)], "json", pinned=False) == 1
    told = json.loads(capsys.readouterr().out)
    corrected = [item["corrected_by"] for item in told["differences"]]
    assert sorted(corrected, key=bool) == [None, None, number_of(copied, 5)]
    assert {effect["rule_id"] for effect in told["rules"]} == {"name_too_short", "many_trainees"}
    assert told["seconds_in_force"].keys() == {"training"}


def test_the_command_ends_well_where_nothing_would_be_different(copied, capsys):
    assert rehearse_rules([], "table", pinned=True) == 0
    assert "Nothing would be different." in capsys.readouterr().out


def test_wrong_use_of_the_command_is_said(copied, tmp_path, capsys):
    assert rehearse_rules([tmp_path / "nowhere.toml"], "table", pinned=False) == 2
    assert "nowhere.toml" in capsys.readouterr().out
    assert rehearse_rules([write_contract(tmp_path, NOW)], "table", pinned=True) == 2
    assert "--pinned" in capsys.readouterr().out


def test_a_root_without_a_night_has_nothing_to_rehearse(tmp_path):
    with pytest.raises(NoHistory, match="biaogan nightly"):
        rehearse(Settings(home=tmp_path))
