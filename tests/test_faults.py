"""Killed at any point, the next run ends in the same state, and the published file is always whole.

Every case lets a night over a root with published releases be killed, looks at what readers
see, runs the night again and compares the root with one that nothing ever happened to.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import night_root
import pytest
from night_root import (
    AUTUMN,
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

from warehouse.ledger.chain import verify_chain
from warehouse.night import run_night

BEFORE_THE_LOAD_IS_KEPT = [
    ("warehouse.night.create_tables", "before", 1),
    ("warehouse.night.Night.pull", "before", 1),
    ("warehouse.night.Night.pull", "after", 3),
    ("warehouse.night.Night.receive", "after", 1),
    ("warehouse.night.Night.judge", "before", 1),
    ("warehouse.night.Night.judge", "after", 1),
    ("warehouse.night.Night.load", "before", 1),
    ("warehouse.night.record_submissions", "before", 1),
    ("warehouse.ledger.chain.Chain.append", "after", 1),
    ("warehouse.ledger.chain.Chain.append", "before", 2),
    ("warehouse.night.record_submissions", "after", 1),
    ("warehouse.night.load_rows", "after", 10),
    ("warehouse.night.Night._record_arrivals", "before", 1),
    ("warehouse.night.Night._record_arrivals", "after", 1),
]
AFTER_THE_LOAD_IS_KEPT = [
    ("warehouse.night.Night.load", "after", 1),
    ("warehouse.night.open_release", "before", 1),
    ("warehouse.night.build_marts", "before", 1),
    ("warehouse.night.build_marts", "after", 1),
    ("warehouse.night.finish_release", "before", 1),
    ("warehouse.build.publish._read_back", "after", 1),
    ("warehouse.build.publish._sync_folder", "before", 1),
    ("warehouse.night.finish_release", "after", 1),
    ("warehouse.ledger.chain.Chain.append", "after", 1),
    ("warehouse.night.point_to", "before", 1),
    ("pathlib.Path.symlink_to", "after", 1),
    ("warehouse.build.publish._sync_folder", "before", 2),
    ("warehouse.night.point_to", "after", 1),
    ("warehouse.night.retire_releases", "after", 1),
    ("warehouse.night.Night.publish", "after", 1),
]
ON_THE_FIRST_NIGHT_OF_ALL = [
    ("warehouse.ledger.tables._create", "after", 3),
    ("warehouse.night.create_tables", "after", 1),
    ("warehouse.night.point_to", "before", 1),
]


@pytest.fixture(scope="module")
def summer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root after two nights, with the forms of the next quarter in its inbox."""
    home = tmp_path_factory.mktemp("summer") / "home"
    night_root.lay_spring(home)
    run_night(night_root.settings_of(home), SPRING)
    night_root.lay_summer(home)
    run_night(night_root.settings_of(home), SUMMER)
    night_root.lay_autumn(home)
    return home


@pytest.fixture(scope="module")
def calm(summer: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The state after a second night that nothing happened to."""
    home = night_root.copy_root(summer, tmp_path_factory.mktemp("calm") / "home")
    run_night(night_root.settings_of(home), AUTUMN)
    return logical_state(home)


@pytest.fixture(scope="module")
def loaded(summer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose second night was killed when everything was loaded and nothing published."""
    home = night_root.copy_root(summer, tmp_path_factory.mktemp("loaded") / "home")
    kill_in(home, AUTUMN, ("warehouse.night.Night.publish", "before", 1))
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
def test_a_night_killed_before_its_load_is_kept_ends_as_if_undisturbed(stop, summer, calm, tmp_path):
    home = night_root.copy_root(summer, tmp_path / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    kill_in(home, AUTUMN, stop)
    see_whole_release(home, of=[before])
    report = run_night(night_root.settings_of(home), AUTUMN)

    assert report.new_files == 9
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
def test_a_first_night_killed_ends_as_if_undisturbed(stop, summer, tmp_path):
    home = tmp_path / "home"
    night_root.lay_spring(home)
    kill_in(home, SPRING, stop)
    run_night(night_root.settings_of(home), SPRING)
    night_root.lay_summer(home)
    run_night(night_root.settings_of(home), SUMMER)
    night_root.lay_autumn(home)
    expect_same(home, logical_state(summer))


def test_a_night_killed_three_times_in_a_row_counts_nothing_twice(summer, calm, tmp_path):
    home = night_root.copy_root(summer, tmp_path / "home")
    for stop in (
        ("warehouse.night.Night.judge", "after", 1),
        ("warehouse.night.Night.load", "after", 1),
        ("warehouse.night.finish_release", "after", 1),
    ):
        kill_in(home, AUTUMN, stop)
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_night_killed_at_any_moment_ends_as_if_undisturbed(seed, summer, calm, tmp_path):
    before = read_marts(night_root.settings_of(summer).pointer)
    moments = random.Random(seed)
    home = night_root.copy_root(summer, tmp_path / "home")
    for _ in range(moments.choice((1, 1, 2))):
        night = start_night(home, AUTUMN)
        time.sleep(moments.uniform(0.2, 3))
        os.kill(night.pid, signal.SIGKILL)
        night.join()
        see_whole_release(home, of=[before, calm["marts"]])
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


def test_a_reader_never_meets_an_error_or_half_a_release_while_nights_publish(tmp_path):
    home = tmp_path / "home"
    settings = night_root.settings_of(home, keep_releases=12)
    night_root.lay_spring(home)
    run_night(settings, SPRING)
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    reader = night_root.start(night_root.read_all_the_time, settings.pointer, begun, ended)
    wait_for(begun.exists)

    for lay, at in (
        (night_root.lay_summer, SUMMER),
        (night_root.lay_autumn, AUTUMN),
        (night_root.lay_winter, WINTER),
    ):
        lay(home)
        run_night(settings, at)
    ended.touch()
    reader.join()

    assert reader.exitcode == 0
    seen = json.loads(ended.read_text())
    whole = []
    for path in sorted(settings.published.glob("mart-*.duckdb")):
        with duckdb.connect(str(path), read_only=True) as release:
            whole.append(night_root.look(release))
    assert [found[0] for found in whole] == [1, 2, 3, 4]
    assert all(found in whole for found in seen)
    assert seen[0] == whole[0]
    assert seen[-1] == whole[-1]


def test_a_reader_of_an_old_release_keeps_it_after_retention_removed_the_file(tmp_path):
    home = tmp_path / "home"
    settings = night_root.settings_of(home)
    night_root.lay_spring(home)
    run_night(settings, SPRING)
    first = settings.pointer.resolve()
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    reader = night_root.start(night_root.keep_reading, settings.pointer, begun, ended)
    wait_for(begun.exists)

    for lay, at in ((night_root.lay_summer, SUMMER), (night_root.lay_autumn, AUTUMN)):
        lay(home)
        run_night(settings, at)
    assert not first.exists()
    ended.touch()
    reader.join()

    assert reader.exitcode == 0
    (seen,) = json.loads(ended.read_text())
    assert seen[0] == 1


def test_the_release_before_is_kept_even_where_one_is_asked_for(tmp_path):
    home = tmp_path / "home"
    settings = night_root.settings_of(home, keep_releases=1)
    for lay, at in (
        (night_root.lay_spring, SPRING),
        (night_root.lay_summer, SUMMER),
        (night_root.lay_autumn, AUTUMN),
    ):
        lay(home)
        run_night(settings, at)
    names = sorted(path.name for path in settings.published.iterdir())
    assert names == ["mart-000002.duckdb", "mart-000003.duckdb", "mart.duckdb"]


def test_a_published_file_that_was_removed_by_hand_is_published_again(summer, tmp_path):
    home = night_root.copy_root(summer, tmp_path / "home")
    settings = night_root.settings_of(home)
    run_night(settings, AUTUMN)
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
    ("warehouse.night.hold_lease", "before", 1),
    ("warehouse.night.Night.pull", "before", 1),
    ("warehouse.night.Night.load", "before", 1),
    ("warehouse.night.open_release", "before", 1),
    ("warehouse.night.build_marts", "after", 1),
]


@pytest.mark.parametrize("stop", FULL_DISKS, ids=describe)
def test_a_full_disk_leaves_the_old_release_and_says_why(stop, small_disk, summer, calm):
    home = night_root.copy_root(summer, small_disk / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    code, _, complaint = run_command(home, "--lang", "en", *NIGHTLY, fill=(stop, small_disk))

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
        ("warehouse.night.finish_release", "after", 1),
        ("warehouse.night.point_to", "before", 1),
    ],
    ids=describe,
)
def test_a_disk_full_at_the_very_end_leaves_one_whole_release(stop, small_disk, loaded, calm):
    home = night_root.copy_root(loaded, small_disk / "home")
    before = read_marts(night_root.settings_of(home).pointer)

    code, _, complaint = run_command(home, "--lang", "zh", *NIGHTLY, fill=(stop, small_disk))

    assert len(complaint.strip().splitlines()) == code
    see_whole_release(home, of=[before, calm["marts"]])
    (small_disk / "ballast").unlink()
    run_night(night_root.settings_of(home), AUTUMN)
    expect_same(home, calm)


@pytest.mark.parametrize("most_bytes", [100, 1_000, 40_000, 700_000])
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
