"""The lease: one night at a time, and a killed one is taken over at once."""

from __future__ import annotations

import json
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import night_root
import pytest
from night_root import run_command, wait_for

from warehouse.ledger import lease
from warehouse.ledger.lease import LeaseHeld, hold_lease, read_holder
from warehouse.ledger.tables import create_database


def hold(path: Path, begun: Path) -> None:
    """What another process runs: it holds the lease until it is killed."""
    settings = night_root.settings_of(path.parent)
    with hold_lease(path, "nightly 2020-10-22 02:00"), duckdb.connect(str(settings.database)):
        begun.touch()
        signal.pause()


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "home"
    path.mkdir()
    return path


@pytest.fixture
def path(home):
    return night_root.settings_of(home).lease


@pytest.fixture
def other(path, tmp_path):
    """Another process that holds the lease."""
    create_database(night_root.settings_of(path.parent).database)
    begun = tmp_path / "begun"
    process = night_root.start(hold, path, begun)
    wait_for(begun.exists)
    yield process
    process.kill()
    process.join()


def test_the_second_of_two_nights_says_who_holds_the_warehouse(home, other):
    night_root.lay_spring(home)
    (home / "replay.toml").write_text('nights = ["2020-04-20T02:00:00+08:00"]\n')

    def run(language: str) -> tuple[int, str, str]:
        return run_command(home, "--lang", language, "nightly", "--no-prefect")

    with ThreadPoolExecutor() as pool:
        chinese, english = pool.map(run, ("zh", "en"))
    for (code, _, complaint), words in (
        (chinese, ("数据仓正由", "请等它结束")),
        (english, ("holds the warehouse", "wait for it to end")),
    ):
        assert code == 1
        (sentence,) = complaint.strip().splitlines()
        for word in (*words, "nightly 2020-10-22 02:00", str(other.pid), socket.gethostname()):
            assert word in sentence


def test_a_killed_night_is_taken_over_at_once_and_the_next_says_so(home, path, other):
    night_root.lay_spring(home)
    other.kill()
    other.join()
    assert path.exists()
    code, said, _ = run_command(home, "--lang", "en", "nightly", "--no-prefect")
    assert code == 0
    assert (
        f"Taken over from a run that was killed: nightly 2020-10-22 02:00 (process {other.pid})"
        in said
    )
    assert not path.exists()


def test_a_holder_without_a_heartbeat_is_named_with_what_to_do(path, other):
    holder = json.loads(path.read_text())
    silent = datetime.now(UTC) - timedelta(minutes=10)
    # The holder's own heartbeat would overwrite this within seconds.
    os.kill(other.pid, signal.SIGSTOP)
    path.write_text(json.dumps(holder | {"heartbeat": silent.isoformat()}))
    with pytest.raises(LeaseHeld) as raised, hold_lease(path, "nightly"):
        pass
    assert f"kill {other.pid}" in raised.value.of("en")
    assert "没有心跳" in raised.value.of("zh")


def test_a_holder_file_of_a_dead_process_stops_nobody(path):
    left = {
        "pid": 2**22 + 1,
        "host": "elsewhere",
        "purpose": "nightly",
        "since": "x",
        "heartbeat": "x",
    }
    path.write_text(json.dumps(left))
    with hold_lease(path, "nightly") as left_behind:
        assert left_behind.pid == 2**22 + 1
        assert read_holder(path).pid == os.getpid()
    assert not path.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "\x00\x00"])
def test_a_holder_file_that_cannot_be_read_stops_nobody(content, path):
    path.write_text(content)
    with hold_lease(path, "nightly") as left_behind:
        assert left_behind is None
        assert read_holder(path).purpose == "nightly"


def test_a_lease_held_by_somebody_unreadable_is_still_refused(path, other):
    path.unlink()
    with (
        pytest.raises(LeaseHeld, match=r"数据仓正在使用中.* / The warehouse is in use"),
        hold_lease(path, "x"),
    ):
        pass


def test_the_heartbeat_is_visible_and_refreshed(path, monkeypatch):
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.01)
    with hold_lease(path, "nightly"):
        first = read_holder(path)
        wait_for(lambda: read_holder(path).heartbeat > first.heartbeat)
        later = read_holder(path)
    assert (later.pid, later.host, later.since) == (first.pid, first.host, first.since)
    assert first.pid == os.getpid()
    assert later.silence < lease.STALE_SECONDS


def test_a_heartbeat_that_cannot_be_written_does_not_end_the_night(path, monkeypatch):
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.01)
    tries = []

    def fail(*_: object) -> None:
        tries.append(1)
        raise OSError(28, "No space left on device")

    with hold_lease(path, "nightly"):
        monkeypatch.setattr(lease, "_write", fail)
        wait_for(lambda: len(tries) > 2)
        assert read_holder(path).purpose == "nightly"
    assert not path.exists()


def test_a_run_that_fails_leaves_no_lease(path):
    with pytest.raises(RuntimeError, match="broken"), hold_lease(path, "nightly"):
        raise RuntimeError("broken")
    assert [child.name for child in path.parent.iterdir()] == ["warehouse.lock"]
    with hold_lease(path, "nightly") as left_behind:
        assert left_behind is None


def test_one_process_cannot_hold_the_lease_twice(path):
    with hold_lease(path, "first"):
        with pytest.raises(LeaseHeld, match="first"), hold_lease(path, "second"):
            pass
        assert read_holder(path).purpose == "first"
