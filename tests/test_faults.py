"""Killed at any point, the next run ends in the same state, and the published file is always whole.

Every case lets a night over a root with published releases be killed, looks at what readers
see, runs the night again and compares the root with one that nothing ever happened to.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import night_root
import pytest
from night_root import (
    AUTUMN,
    SHORT_NAME,
    SPRING,
    SUMMER,
    WINTER,
    Stop,
    kill_in,
    logical_state,
    read_marts,
    run_command,
    start_night,
    wait_for,
)

from warehouse.build.publish import PublishError, point_to, release_path, retire_releases
from warehouse.contracts.load import DEFAULT_EXPECTATIONS, ContractError
from warehouse.gate import judge, judge_values
from warehouse.identifiers.synthetic import make_uscc
from warehouse.ledger.chain import verify_chain
from warehouse.night import run_night


def rarely(*stop: Any) -> Any:
    """A point where only the slow suite stops; those left stand for every stage of a night."""
    return pytest.param(stop, marks=pytest.mark.slow)


BEFORE_THE_LOAD_IS_KEPT = [
    ("warehouse.night.run.create_tables", "before", 1),
    rarely("warehouse.night.steps.Night.pull", "before", 1),
    rarely("warehouse.night.steps.Night.pull", "after", 3),
    rarely("warehouse.night.steps.Night.receive", "after", 1),
    rarely("warehouse.night.steps.Night.judge", "before", 1),
    rarely("warehouse.night.steps.Night.judge", "after", 1),
    rarely("warehouse.night.steps.Night._settle_registers", "after", 1),
    ("warehouse.night.steps.Night.judge", "after", 2),
    rarely("warehouse.night.steps.Night.load", "before", 1),
    rarely("warehouse.night.steps.record_submissions", "before", 1),
    ("warehouse.ledger.chain.Chain.append", "after", 1),
    rarely("warehouse.ledger.chain.Chain.append", "before", 2),
    rarely("warehouse.night.steps.record_submissions", "after", 1),
    ("warehouse.night.steps.load_rows", "after", 10),
    rarely("warehouse.night.arrivals.Arrivals.record", "before", 1),
    ("warehouse.night.arrivals.Arrivals.record", "after", 1),
]
AFTER_THE_LOAD_IS_KEPT = [
    ("warehouse.night.steps.Night.load", "after", 1),
    rarely("warehouse.build.release.open_release", "before", 1),
    rarely("warehouse.build.release.build_marts", "before", 1),
    ("warehouse.build.release.build_marts", "after", 1),
    rarely("warehouse.build.release.finish_release", "before", 1),
    rarely("warehouse.build.publish.read_back", "after", 1),
    rarely("warehouse.build.publish._sync_folder", "before", 1),
    rarely("warehouse.build.release.finish_release", "after", 1),
    ("warehouse.ledger.chain.Chain.append", "after", 1),
    ("warehouse.night.releases.point_to", "before", 1),
    ("pathlib.Path.symlink_to", "after", 1),
    rarely("warehouse.build.publish._sync_folder", "before", 2),
    rarely("warehouse.night.releases.point_to", "after", 1),
    rarely("warehouse.night.releases.retire_releases", "after", 1),
    rarely("warehouse.night.steps.Night.publish", "after", 1),
]
ON_THE_FIRST_NIGHT_OF_ALL = [
    ("duckdb.connect", "after", 1),
    rarely("warehouse.ledger.tables._create", "after", 3),
    rarely("warehouse.night.run.create_tables", "after", 1),
    ("warehouse.night.releases.point_to", "before", 1),
]


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root after one night."""
    home = tmp_path_factory.mktemp("spring") / "home"
    night_root.lay_spring(home)
    run_night(night_root.settings_of(home), SPRING)
    return home


@pytest.fixture(scope="module")
def summer(spring: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root after two nights, with the forms of the next quarter in its inbox."""
    home = night_root.copy_root(spring, tmp_path_factory.mktemp("summer") / "home")
    night_root.lay_summer(home)
    run_night(night_root.settings_of(home), SUMMER)
    night_root.lay_autumn(home)
    return home


@pytest.fixture(scope="module")
def autumn(summer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root after a third night that nothing happened to."""
    home = night_root.copy_root(summer, tmp_path_factory.mktemp("autumn") / "home")
    run_night(night_root.settings_of(home), AUTUMN)
    return home


@pytest.fixture(scope="module")
def calm(autumn: Path) -> dict[str, Any]:
    """What a third night leaves that nothing happened to."""
    return logical_state(autumn)


@pytest.fixture(scope="module")
def loaded(summer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose third night was killed when everything was loaded and nothing published."""
    home = night_root.copy_root(summer, tmp_path_factory.mktemp("loaded") / "home")
    kill_in(home, AUTUMN, ("warehouse.night.steps.Night.publish", "before", 1))
    return home


def describe(stop: Stop) -> str:
    return f"{stop[1]} {stop[0].removeprefix('warehouse.')} {stop[2]}"


def see_whole_release(home: Path, *, of: list[dict[str, Any]]) -> None:
    """What a reader finds at this moment is one of the whole releases."""
    assert read_marts(night_root.settings_of(home).pointer) in of


def expect_same(home: Path, calm: dict[str, Any]) -> None:
    state = logical_state(home)
    assert state.keys() == calm.keys()
    for part in calm:
        assert state[part] == calm[part], part
    with duckdb.connect(str(night_root.settings_of(home).database), read_only=True) as connection:
        assert verify_chain(connection) == []


@pytest.mark.parametrize("stop", BEFORE_THE_LOAD_IS_KEPT, ids=describe)
def test_a_night_killed_before_its_load_is_kept_ends_as_if_undisturbed(
    stop, summer, calm, tmp_path
):
    home = night_root.copy_root(summer, tmp_path / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    kill_in(home, AUTUMN, stop)
    see_whole_release(home, of=[before])
    report = run_night(night_root.settings_of(home), AUTUMN)

    assert report.new_files == 10
    assert "process" in (report.taken_over_from or "")
    expect_same(home, calm)


@pytest.mark.parametrize("stop", AFTER_THE_LOAD_IS_KEPT, ids=describe)
def test_a_night_killed_while_it_publishes_ends_as_if_undisturbed(stop, loaded, calm, tmp_path):
    home = night_root.copy_root(loaded, tmp_path / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    kill_in(home, AUTUMN, stop)
    see_whole_release(home, of=[before, calm["marts"]])
    report = run_night(night_root.settings_of(home), AUTUMN)

    assert report.new_files == 0
    expect_same(home, calm)


@pytest.mark.parametrize("stop", ON_THE_FIRST_NIGHT_OF_ALL, ids=describe)
def test_a_first_night_killed_ends_as_if_undisturbed(stop, spring, tmp_path):
    home = tmp_path / "home"
    night_root.lay_spring(home)
    kill_in(home, SPRING, stop)
    run_night(night_root.settings_of(home), SPRING)
    expect_same(home, logical_state(spring))


def test_a_warehouse_file_that_was_never_finished_stops_nobody(spring, tmp_path):
    home = tmp_path / "home"
    night_root.lay_spring(home)
    (home / ".warehouse.duckdb.new").write_bytes(b"half a header")
    run_night(night_root.settings_of(home), SPRING)
    expect_same(home, logical_state(spring))


def test_a_night_killed_three_times_in_a_row_counts_nothing_twice(summer, calm, tmp_path):
    home = night_root.copy_root(summer, tmp_path / "home")
    for stop in (
        ("warehouse.night.steps.Night.judge", "after", 1),
        ("warehouse.night.steps.Night.load", "after", 1),
        ("warehouse.build.release.finish_release", "after", 1),
    ):
        kill_in(home, AUTUMN, stop)
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


def test_a_replay_that_is_killed_publishes_every_vintage_all_the_same(spring, tmp_path):
    home = night_root.copy_root(spring, tmp_path / "home")
    night_root.lay_summer(home)
    night_root.lay_autumn(home)
    nights = [clock.isoformat() for clock in (SPRING, SUMMER, AUTUMN)]
    (home / "replay.toml").write_text(f"nights = {json.dumps(nights)}\n", encoding="utf-8")

    code, *_ = run_command(
        home, "nightly", "--no-prefect", stop=("warehouse.night.steps.Night.load", "after", 1)
    )
    assert code == -signal.SIGKILL
    code, *_ = run_command(home, "nightly", "--no-prefect")
    assert code == 0

    with duckdb.connect(str(night_root.settings_of(home).database), read_only=True) as connection:
        releases = connection.execute(
            "select published_at, is_replayed from ledger.release order by sequence"
        ).fetchall()
    assert releases[:3] == [(clock, True) for clock in (SPRING, SUMMER, AUTUMN)]


@pytest.fixture(scope="module")
def length(summer: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds that a night takes in a process of its own."""
    home = night_root.copy_root(summer, tmp_path_factory.mktemp("length") / "home")
    began = time.monotonic()
    start_night(home, AUTUMN).join()
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_night_killed_at_any_moment_ends_as_if_undisturbed(seed, length, summer, calm, tmp_path):
    before = read_marts(night_root.settings_of(summer).pointer)
    moments = random.Random(seed)
    home = night_root.copy_root(summer, tmp_path / "home")
    for _ in range(moments.choice((1, 1, 2))):
        night = start_night(home, AUTUMN)
        time.sleep(moments.uniform(0, length))
        night.kill()
        night.join()
        see_whole_release(home, of=[before, calm["marts"]])
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


@pytest.mark.slow
def test_readers_meet_no_error_and_no_half_release_while_nights_publish(spring, tmp_path):
    home = night_root.copy_root(spring, tmp_path / "home")
    settings = night_root.settings_of(home)
    first = settings.pointer.resolve()
    readers = []
    for read in (night_root.read_all_the_time, night_root.keep_reading):
        begun, ended = (tmp_path / f"{read.__name__}.{end}" for end in ("begun", "ended"))
        readers.append((night_root.start(read, settings.pointer, begun, ended), begun, ended))
    for _, begun, _ in readers:
        wait_for(begun.exists)

    whole = [look_into(settings.pointer)]
    for lay, at in (
        (night_root.lay_summer, SUMMER),
        (night_root.lay_autumn, AUTUMN),
        (night_root.lay_winter, WINTER),
    ):
        lay(home)
        run_night(settings, at)
        whole.append(look_into(settings.pointer))
    for reader, _, ended in readers:
        ended.touch()
        reader.join()
        assert reader.exitcode == 0

    always, once = (json.loads(ended.read_text()) for _, _, ended in readers)
    assert [found[0] for found in whole] == [1, 2, 3, 4]
    assert all(found in whole for found in always)
    assert (always[0], always[-1]) == (whole[0], whole[-1])
    # Retention removed the file that the second reader had open from the beginning.
    assert not first.exists()
    assert once == [whole[0]]


def look_into(path: Path) -> list[Any]:
    with duckdb.connect(str(path.resolve()), read_only=True) as release:
        return night_root.look(release)


@pytest.mark.parametrize(
    ("keep", "kept"), [(1, [4, 5]), (2, [4, 5]), (3, [3, 4, 5]), (9, [1, 2, 3, 4, 5])]
)
def test_retention_never_takes_the_release_pointed_to_or_the_one_before(keep, kept, tmp_path):
    pointer = tmp_path / "mart.duckdb"
    for number in range(1, 6):
        release_path(tmp_path, number).touch()
        point_to(release_path(tmp_path, number), pointer)
        retire_releases(tmp_path, pointer, keep)
    assert sorted(tmp_path.glob("mart-*")) == [release_path(tmp_path, number) for number in kept]
    assert pointer.resolve() == release_path(tmp_path, 5)


def test_a_published_file_that_was_removed_by_hand_is_published_again(autumn, tmp_path):
    home = night_root.copy_root(autumn, tmp_path / "home")
    settings = night_root.settings_of(home)
    settings.pointer.resolve().unlink()
    report = run_night(settings, AUTUMN)
    assert report.release_id == 4
    assert read_marts(settings.pointer)["standards"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command; the file size limit is tested instead")
    if mounted.returncode:
        pytest.skip(f"no right to mount a small disk: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


NIGHTLY = ("nightly", "--no-prefect", "--at", "2020-10-22T02:00")
FULL_DISKS = [
    ("warehouse.night.run.hold_lease", "before", 1),
    rarely("warehouse.night.steps.Night.pull", "before", 1),
    ("warehouse.night.steps.Night.load", "before", 1),
    rarely("warehouse.build.release.open_release", "before", 1),
    ("warehouse.build.release.build_marts", "after", 1),
]


@pytest.mark.parametrize("stop", FULL_DISKS, ids=describe)
def test_a_full_disk_leaves_the_old_release_and_says_why(stop, small_disk, summer, calm):
    home = night_root.copy_root(summer, small_disk / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    code, _, complaint = run_command(home, "--lang", "en", *NIGHTLY, stop=stop, disk=small_disk)

    assert code == 1
    (sentence,) = complaint.strip().splitlines()
    assert "The disk is full" in sentence
    assert "No space left on device" in sentence
    see_whole_release(home, of=[before])
    assert not list(home.glob("published/.building-*"))
    (small_disk / "ballast").unlink()
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


@pytest.mark.parametrize(
    "stop",
    [
        rarely("warehouse.build.release.finish_release", "after", 1),
        ("warehouse.night.releases.point_to", "before", 1),
    ],
    ids=describe,
)
def test_a_disk_full_at_the_very_end_leaves_one_whole_release(stop, small_disk, loaded, calm):
    home = night_root.copy_root(loaded, small_disk / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    code, _, complaint = run_command(home, "--lang", "zh", *NIGHTLY, stop=stop, disk=small_disk)

    assert len(complaint.strip().splitlines()) == code
    see_whole_release(home, of=[before, calm["marts"]])
    (small_disk / "ballast").unlink()
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


@pytest.mark.parametrize(
    "most_bytes",
    [
        pytest.param(100, marks=pytest.mark.slow),
        pytest.param(40_000, marks=pytest.mark.slow),
        700_000,
    ],
)
def test_a_quota_leaves_the_old_release_and_says_why(most_bytes, summer, calm, tmp_path):
    home = night_root.copy_root(summer, tmp_path / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    code, _, complaint = run_command(home, "--lang", "en", *NIGHTLY, most_bytes=most_bytes)

    assert code == 1
    (sentence,) = complaint.strip().splitlines()
    assert "File too large" in sentence
    see_whole_release(home, of=[before])
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


OWN_CHECK = """
[[rule]]
id = "own_rule"
severity = "must_fix"
owner = "reporter"
check = "own"
sentence = { zh = "示例。", en = "An example." }
remedy = { zh = "示例。", en = "An example." }
"""
NO_FAULT = (
    "select submission_id, source_sheet, source_row, 'course_name' as column_name, null as value, "
    "null as expected from gate_row where false"
)
ANY_FAULT = NO_FAULT.replace("null as value", "error('x') as value").replace("false", "true")
BROKEN_RULES = {
    "check_reads_what_is_not_there": (OWN_CHECK, "select nonsense from gate_row"),
    "check_is_no_sql": (OWN_CHECK, "select from where ("),
    "check_fails_as_it_runs": (OWN_CHECK, ANY_FAULT),
    "check_is_missing": (OWN_CHECK, None),
    "expectation_raises": (
        SHORT_NAME.replace("ColumnValueLengthsToBeBetween", "ColumnValuesToMatchRegex").replace(
            "min_value = 4", 'regex = "("'
        ),
        None,
    ),
    "expectation_looks_at_whole_columns": (
        SHORT_NAME.replace("ColumnValueLengthsToBeBetween", "ColumnMaxToBeBetween"),
        None,
    ),
    "expectation_is_unknown": (
        SHORT_NAME.replace("ColumnValueLengthsToBeBetween", "ColumnToSparkle"),
        None,
    ),
}


def test_rules_that_cannot_run_leave_their_datasets_waiting_until_they_are_mended(tmp_path):
    home, extra = tmp_path / "home", tmp_path / "extra"
    settings = night_root.settings_of(home, extra=extra)
    night_root.lay_spring(home)
    for name, (rules, check) in BROKEN_RULES.items():
        night_root.declare_training(extra, name, rules=rules, check=check)
        form = night_root.write_training("420222", "2020年三季度", {"首席质量官培训": 40}, name)
        night_root.lay(home, f"420222/{name}.csv", form, AUTUMN)

    report = run_night(settings, AUTUMN)

    assert report.broken.keys() == BROKEN_RULES.keys()
    for name, broken in report.broken.items():
        named = {"name_too_short", "own_rule", f"sql/check/{name}.sql"}
        told = " ".join([*broken, *broken.values()])
        assert any(word in told for word in named), told
    assert {row["file_name"]: row["verdict"] for row in report.submissions} == {
        "一季度.csv": "accepted",
        **{f"{name}.csv": "waiting" for name in BROKEN_RULES},
    }
    state = logical_state(home)
    assert len(state["ledger.submission"]) == len(state["ledger.decision"]) == 1
    assert [row[2] for row in state["ledger.arrival"]] == ["一季度.csv"]
    assert not any(state[f"core.{name}"] for name in BROKEN_RULES)

    for name in BROKEN_RULES:
        night_root.declare_training(extra, name, rules=OWN_CHECK, check=NO_FAULT)
    report = run_night(settings, AUTUMN)

    assert not report.broken
    assert [row["verdict"] for row in report.submissions] == ["accepted"] * len(BROKEN_RULES)
    state = logical_state(home)
    assert all(len(state[f"core.{name}"]) == 1 for name in BROKEN_RULES)


def test_the_command_names_the_rule_that_could_not_run_and_exits_1(tmp_path):
    home, extra = tmp_path / "home", tmp_path / "extra"
    night_root.declare_training(extra, rules=OWN_CHECK, check="select nonsense from gate_row")
    form = night_root.write_training("420222", "2020年三季度", {"首席质量官培训": 40})
    night_root.lay(home, "420222/培训.csv", form, AUTUMN)
    config = f'[biaogan]\nextra = "{extra}"\n'
    code, said, complaint = run_command(home, "--lang", "en", *NIGHTLY, config=config)
    assert code == 1
    assert "own_rule could not be run" in said
    assert complaint == ""


REPORTED_BADLY = """质量品牌指标报表,,,,
填报单位：市市场监管局,报告期：2020年三季度,,,
指标代码,指标名称,县(市、区),计量单位,本期数
no_such_code,无此指标,,家,5
"""
TRADEMARKS = """商标申请注册情况表,,,,
填报单位：市市场监管局,报告期：2020年三季度,,,
序号,县(市、区),申请量,注册量,有效注册量
1,阳新县,5,5,5
"""


def test_a_form_of_figures_keeps_its_findings_where_the_rule_of_another_fails(tmp_path):
    home, extra = tmp_path / "home", tmp_path / "extra"
    settings = night_root.settings_of(home, extra=extra)
    night_root.declare_training(extra, check=ANY_FAULT.replace("course_name", "seq"))
    contract = (DEFAULT_EXPECTATIONS / "trademarks.toml").read_text(encoding="utf-8")
    rule = OWN_CHECK.replace('"own"', '"training"')
    (extra / "expectations" / "trademarks.toml").write_text(contract + rule, encoding="utf-8")
    night_root.lay_spring(home)
    night_root.lay(home, "scjg/指标.csv", REPORTED_BADLY, AUTUMN)
    night_root.lay(home, "scjg/商标.csv", TRADEMARKS, AUTUMN)

    report = run_night(settings, AUTUMN)

    assert list(report.broken) == ["trademarks"]
    assert {row["file_name"]: row["verdict"] for row in report.submissions} == {
        "一季度.csv": "accepted",
        "指标.csv": "rejected",
        "商标.csv": "waiting",
    }
    assert report.rows_loaded == 8
    assert len(logical_state(home)["core.standards"]) == 8


def test_an_eleventh_dataset_is_one_contract_and_one_mart(tmp_path):
    home, extra = tmp_path / "home", tmp_path / "extra"
    settings = night_root.settings_of(home, extra=extra)
    night_root.declare_training(extra)
    for unit, courses in (
        ("420222", {"首席质量官培训": 40, "标准化培训": 60}),
        ("420281", {"卓越绩效培训": 25}),
        ("420204", {"质量": 10}),
    ):
        form = night_root.write_training(unit, "2020年三季度", courses)
        night_root.lay(home, f"{unit}/培训.csv", form, AUTUMN)

    report = run_night(settings, AUTUMN)

    verdicts = {row["folder"]: row["verdict"] for row in report.submissions}
    assert verdicts == {"420222": "accepted", "420281": "accepted", "420204": "rejected"}
    with duckdb.connect(str(settings.pointer), read_only=True) as reader:
        figures = reader.execute(
            "select reporting_unit_code, value::int, unit, basis, included_submissions, "
            "expected_submissions from mart.series where series_code = 'training.trainee_count' "
            "and period = '2020Q3' order by all"
        ).fetchall()
        comments = reader.execute(
            "select comment from duckdb_columns() where table_name = 'training'"
        ).fetchall()
    assert ("420200", 125, "人次", "counted", 2, 6) in figures
    assert ("420222", 100, "人次", "counted", 1, 1) in figures
    assert all(comment for (comment,) in comments)


def test_a_mart_that_is_added_or_mended_is_published_the_next_night(tmp_path):
    home, extra = tmp_path / "home", tmp_path / "extra"
    settings = night_root.settings_of(home, extra=extra)
    night_root.declare_training(
        extra, mart=night_root.TRAINING_MART.replace("trainee_count) as", "nonsense) as")
    )
    form = night_root.write_training("420222", "2020年三季度", {"首席质量官培训": 40})
    night_root.lay(home, "420222/培训.csv", form, AUTUMN)

    with pytest.raises(PublishError, match="nonsense"):
        run_night(settings, AUTUMN)
    assert not settings.pointer.exists()
    night_root.declare_training(extra)
    assert run_night(settings, AUTUMN).release_id == 1
    assert read_marts(settings.pointer)["training"]
    night_root.declare_training(extra, mart=night_root.TRAINING_MART.replace("sum(", "max("))
    assert run_night(settings, AUTUMN).release_id == 2


PLANTED = {
    "420202": ("rule.level_contradicts_number", "国家标准,执行", "企业标准,执行"),
    "420203": ("uscc.identifier_form", make_uscc("420200", 1), "91420200PDY0000100"),
    "420204": ("role.unknown_code", "执行", "旁听"),
    "420222": ("reporting_unit.unknown_reporting_unit", "阳新县,,GB", "火星区,,GB"),
    "420281": ("standard_name.required", "示例标准1,", ","),
}


def test_the_suite_decides_and_a_fault_whose_rule_is_taken_out_goes_through(tmp_path, monkeypatch):
    for unit, (_, good, bad) in PLANTED.items():
        form = night_root.write_form(unit, "2020年三季度", range(12))
        assert good in form
        for home in (tmp_path / "with", tmp_path / "without"):
            night_root.lay(home, f"{unit}/三季度.csv", form.replace(good, bad), AUTUMN)

    report = run_night(night_root.settings_of(tmp_path / "with"), AUTUMN)
    assert [row["verdict"] for row in report.submissions] == ["rejected"] * len(PLANTED)

    taken_out = {key for key, _, _ in PLANTED.values()}
    plan = judge.plan_suite
    monkeypatch.setattr(
        judge,
        "plan_suite",
        lambda *given: [one for one in plan(*given) if one.key not in taken_out],
    )
    report = run_night(night_root.settings_of(tmp_path / "without"), AUTUMN)
    assert [row["verdict"] for row in report.submissions] == ["accepted"] * len(PLANTED)


def test_a_suite_without_a_rule_accepts_nothing(tmp_path, monkeypatch):
    night_root.lay_spring(tmp_path)
    monkeypatch.setattr(judge, "plan_suite", lambda *_: [])
    report = run_night(night_root.settings_of(tmp_path), SPRING)
    assert [row["verdict"] for row in report.submissions] == ["waiting"]
    assert list(report.broken) == ["standards"]


def test_a_contract_without_a_rule_is_refused(tmp_path):
    night_root.declare_training(tmp_path / "extra", rules="")
    with pytest.raises(ContractError, match=r"training\.toml.*rule"):
        run_night(night_root.settings_of(tmp_path / "home", extra=tmp_path / "extra"), AUTUMN)


def test_a_result_that_does_not_come_back_is_never_a_pass(tmp_path, monkeypatch):
    night_root.lay_spring(tmp_path)
    monkeypatch.setattr(judge_values, "_why_not_run", lambda *_: "the rule raised")
    report = run_night(night_root.settings_of(tmp_path), SPRING)
    assert [row["verdict"] for row in report.submissions] == ["waiting"]


def test_a_bad_file_blocks_its_own_obligation_only(tmp_path):
    home = tmp_path / "home"
    night_root.lay_summer(home)
    night_root.lay(home, "420222/坏.xlsx", b"PK\x03\x04 broken", SUMMER)
    night_root.lay(home, "420281/空.csv", b"", SUMMER)
    night_root.lay(home, "420204/噪声.csv", bytes(range(256)) * 40, SUMMER)
    report = run_night(night_root.settings_of(home), SUMMER)
    verdicts = {(row["folder"], row["file_name"]): row["verdict"] for row in report.submissions}
    assert [verdicts[unit, "二季度.csv"] for unit in ("420222", "420281", "420204")] == [
        "accepted"
    ] * 3
    assert verdicts["420222", "坏.xlsx"] == "rejected"
    assert verdicts["420281", "空.csv"] == "rejected"
    assert verdicts["420204", "噪声.csv"] == "rejected"
    assert report.release_id == 1


def test_a_file_or_folder_that_may_not_be_read_does_not_stop_the_night(tmp_path):
    home = tmp_path / "home"
    night_root.lay_summer(home)
    form = night_root.write_form("420222", "2020年二季度", range(11))
    file = night_root.lay(home, "420222/不可读.csv", form, SUMMER)
    folder = night_root.lay(home, "420202/a.csv", "x", SUMMER).parent
    file.chmod(0)
    folder.chmod(0)

    with without_override():
        report = run_night(night_root.settings_of(home), SUMMER)

    verdicts = sorted((row["file_name"], row["verdict"]) for row in report.submissions)
    assert verdicts == [("不可读.csv", "rejected"), *[("二季度.csv", "accepted")] * 3]
    assert [source.source for source in report.sources if source.error] == ["inbox/420202"]
    assert report.release_id == 1
    file.chmod(0o644)
    folder.chmod(0o755)
    report = run_night(night_root.settings_of(home), SUMMER)
    assert {row["file_name"]: row["verdict"] for row in report.submissions} == {
        "不可读.csv": "accepted",
        "a.csv": "rejected",
    }


@contextmanager
def without_override() -> Iterator[None]:
    """Root reads what it may not; for this thread, for a while, it cannot."""
    if os.geteuid():
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    old, new = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, old) == 0
    new[:] = list(old)
    new[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
    assert libc.capset(header, new) == 0
    try:
        yield
    finally:
        assert libc.capset(header, old) == 0
