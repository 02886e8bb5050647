"""The doctor: green on a sane root, and each fault injected once turns its check."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from warehouse.collect.archive import path_of, store
from warehouse.contracts.load import load_expectations
from warehouse.doctor import Check, examine, machine
from warehouse.ledger.chain import Chain
from warehouse.ledger.lease import hold_lease
from warehouse.ledger.tables import create_tables
from warehouse.settings import CITY_TIME, Settings

NOW = datetime(2020, 10, 27, 9, tzinfo=CITY_TIME)
EXPECTATIONS = load_expectations()


def publish(settings: Settings, release: int, missing: int = 0) -> None:
    """A released file with the two marts the doctor reads, and the pointer to it."""
    settings.published.mkdir(parents=True, exist_ok=True)
    path = settings.published / f"mart-{release:06d}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema mart")
        connection.execute(
            "create table mart.release as select $1::bigint as release_id", [release]
        )
        connection.execute(
            """
            create table mart.coverage as
            select
                '市财政局' as reporter, true as expected, date '2020-10-15' as due_on,
                case when form <= $1 then 'missing' else 'accepted' end as state
            from range(1, 8) as listed (form)
            union all
            select '市商务局', true, date '2021-01-15', 'missing'
            """,
            [missing],
        )
    settings.pointer.unlink(missing_ok=True)
    settings.pointer.symlink_to(path.name)


def record(settings: Settings, sha256: str, release: int = 1) -> None:
    """A ledger with one submission, one arrival and one release."""
    with duckdb.connect(str(settings.database)) as connection:
        create_tables(connection, EXPECTATIONS.contracts.values())
        chain = Chain(connection)
        nothing_found = {"finding_count": 0, "findings_sha256": hashlib.sha256().hexdigest()}
        entry = {"submission_id": 1, "sha256": sha256, "night_at": NOW, **nothing_found}
        chain.append("submission", [entry])
        chain.append("release", [{"release_id": release, "ledger_cut": 1, "published_at": NOW}])
        connection.execute(
            "insert into ledger.arrival (source, known_at) values ('inbox/scjg', $1)",
            [NOW - timedelta(days=3)],
        )


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A sane root, small: what two nights and a reader would leave."""
    monkeypatch.delenv("BIAOGAN_CONFIG", raising=False)
    settings = Settings(home=tmp_path / "data")
    form = settings.inbox / "scjg" / "form.csv"
    form.parent.mkdir(parents=True)
    form.write_text("标准制修订情况表\n", encoding="utf-8")
    with form.open("rb") as stream:
        stored = store(settings.archive, stream, max_bytes=1000)
    record(settings, stored.sha256)
    publish(settings, 1)
    with hold_lease(settings.lease, "nightly"):
        pass
    return settings


def look(settings: Settings, *, deep: bool = False) -> dict[str, Check]:
    checks = examine(settings, NOW, deep=deep)
    assert len({check.name for check in checks}) == len(checks)
    for check in checks:
        assert check.seen.zh
        assert check.seen.en
        assert (check.remedy is None) == (check.state == "ok"), check
    return {check.name: check for check in checks}


def test_a_sane_root_is_green(settings: Settings) -> None:
    checks = look(settings, deep=True)
    assert {name: check.state for name, check in checks.items() if check.state != "ok"} == {}
    assert {"versions", "root", "share", "disk", "lease", "wal", "ledger", "archive", "pointer",
            "overdue", "sources", "config", "contracts", "calendar", "time_zone",
            "archive_bytes"} <= set(checks)  # fmt: skip


def test_looking_changes_nothing(settings: Settings) -> None:
    def listing() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in settings.home.rglob("*")
            if path.is_file()
        }

    before = listing()
    look(settings, deep=True)
    assert listing() == before


def test_a_check_can_be_written_as_json(settings: Settings) -> None:
    checks = json.loads(json.dumps([asdict(check) for check in examine(settings, NOW)]))
    assert {"name", "state", "seen", "remedy"} == set(checks[0])
    assert set(checks[0]["seen"]) == {"zh", "en"}


def leave_wal_beside_release(settings: Settings) -> None:
    (settings.published / "mart-000001.duckdb.wal").write_bytes(b"wal")


def leave_wal_beside_pointer(settings: Settings) -> None:
    (settings.published / "mart.duckdb.wal").write_bytes(b"wal")


def kill_a_writer(settings: Settings) -> None:
    program = (
        "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]); "
        "connection.execute('create table core.leftover (i int)'); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(settings.database)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert settings.database.with_name("warehouse.duckdb.wal").exists()


def leave_a_half_built_release(settings: Settings) -> None:
    (settings.published / ".building-000002.duckdb").write_bytes(b"half")


def kill_a_night(settings: Settings) -> None:
    program = (
        "import os, pathlib, sys; from warehouse.ledger.lease import hold_lease\n"
        "with hold_lease(pathlib.Path(sys.argv[1]), 'nightly'): os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(settings.lease)], check=False)
    assert ended.returncode == -signal.SIGKILL


def lose_the_pointer(settings: Settings) -> None:
    settings.pointer.unlink()


def lose_the_release(settings: Settings) -> None:
    settings.pointer.resolve().unlink()


def damage_the_release(settings: Settings) -> None:
    settings.pointer.resolve().write_bytes(b"x" * 9000)


def empty_the_release(settings: Settings) -> None:
    settings.pointer.resolve().unlink()
    with duckdb.connect(str(settings.published / "mart-000001.duckdb")) as connection:
        connection.execute("create schema mart; create table mart.other (i int)")


def point_to_an_older_release(settings: Settings) -> None:
    with duckdb.connect(str(settings.database)) as connection:
        Chain(connection).append("release", [{"release_id": 2, "ledger_cut": 1}])


def change_the_ledger(settings: Settings) -> None:
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("update ledger.submission set reporter_code = 'czj'")


def damage_the_ledger(settings: Settings) -> None:
    content = settings.database.read_bytes()
    settings.database.write_bytes(content[: len(content) // 2])


def lose_the_ledger(settings: Settings) -> None:
    settings.database.unlink()


def replace_the_ledger(settings: Settings) -> None:
    settings.database.unlink()
    duckdb.connect(str(settings.database)).close()


def lose_a_kept_file(settings: Settings) -> None:
    shutil.rmtree(settings.archive)


def damage_a_kept_file(settings: Settings) -> None:
    (kept,) = [path for path in settings.archive.glob("??/*") if path.is_file()]
    kept.chmod(0o644)
    kept.write_bytes(b"other")


def miss_forms(settings: Settings) -> None:
    settings.pointer.resolve().unlink()
    publish(settings, 1, missing=3)


def add_a_silent_source(settings: Settings) -> None:
    (settings.inbox / "420202").mkdir()
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("update ledger.arrival set known_at = '2020-01-02 08:00:00+08'")


def break_the_config(settings: Settings) -> None:
    settings.config.write_text("[[source]]\nname = 'x'\nreporter = 'czj'\nadress = '/tmp'\n")


def break_the_settings(settings: Settings) -> None:
    settings.config.write_text("[biaogan]\nkeep_release = 3\n")


@pytest.mark.parametrize(
    ("inject", "name", "state", "seen", "remedy"),
    [
        (leave_wal_beside_release, "wal", "fail", "mart-000001.duckdb.wal", "移出"),
        (leave_wal_beside_pointer, "wal", "fail", "mart.duckdb.wal", "move the .wal out"),
        (kill_a_writer, "wal", "warn", "warehouse.duckdb.wal", "不要删除"),
        (leave_a_half_built_release, "half_built", "warn", ".building-000002", "nothing"),
        (kill_a_night, "lease", "warn", "was killed", "takes over"),
        (lose_the_pointer, "pointer", "fail", "release 1", "biaogan nightly"),
        (lose_the_release, "pointer", "fail", "mart-000001.duckdb", "biaogan nightly"),
        (damage_the_release, "pointer", "fail", "not a valid DuckDB", "biaogan nightly"),
        (empty_the_release, "pointer", "fail", "release", "biaogan nightly"),
        (point_to_an_older_release, "pointer", "fail", "in the ledger is 2", "biaogan nightly"),
        (change_the_ledger, "ledger", "fail", "submission entry 1", "backup"),
        (damage_the_ledger, "ledger", "fail", "warehouse.duckdb", "backup"),
        (lose_the_ledger, "ledger", "fail", "lost", "do not run a night"),
        (replace_the_ledger, "ledger", "fail", "does not exist", "backup"),
        (lose_a_kept_file, "archive", "fail", "1 files are missing", "backup"),
        (damage_a_kept_file, "archive_bytes", "fail", "1 kept files", "backup"),
        (miss_forms, "overdue", "warn", "市财政局 3", "biaogan status"),
        (add_a_silent_source, "sources", "warn", "420202 (never)", "address"),
        (add_a_silent_source, "sources", "warn", "inbox/scjg（最近 2020-01-02）", "地址"),
        (break_the_config, "config", "fail", "address", "mend"),
        (break_the_settings, "config", "fail", "keep_release", "mend"),
    ],
)
def test_a_fault_turns_its_check_and_says_what_to_do(
    settings: Settings,
    inject: Callable[[Settings], None],
    name: str,
    state: str,
    seen: str,
    remedy: str,
) -> None:
    inject(settings)
    check = look(settings, deep=True)[name]
    assert check.state == state
    assert seen in f"{check.seen.zh} {check.seen.en}"
    assert check.remedy is not None
    assert remedy in f"{check.remedy.zh} {check.remedy.en}"


@pytest.mark.parametrize("kind", ["cifs", "nfs4", "smb3", "fuse.sshfs"])
def test_a_root_on_a_network_share_is_a_warning(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    mounts = [
        machine.Mount(mountpoint="/", fstype="ext4"),
        machine.Mount(mountpoint=str(settings.home.parent), fstype=kind),
        machine.Mount(mountpoint=f"{settings.home}x", fstype="ext4"),
    ]
    monkeypatch.setattr(machine, "list_mounts", lambda: mounts)
    check = look(settings)["share"]
    assert check.state == "warn"
    assert kind in check.seen.en


def test_a_disk_of_this_machine_above_a_share_is_no_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = [
        machine.Mount(mountpoint="/", fstype="nfs"),
        machine.Mount(mountpoint=str(tmp_path), fstype="xfs"),
    ]
    monkeypatch.setattr(machine, "list_mounts", lambda: mounts)
    assert machine.check_share(tmp_path / "data").state == "ok"


@pytest.mark.parametrize(("free", "state"), [(3 << 30, "ok"), (1 << 30, "warn"), (1 << 20, "fail")])
def test_a_disk_that_fills_up_warns_and_then_fails(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert look(settings)["disk"].state == state


def test_a_root_that_is_not_there_yet_is_a_warning_and_nothing_else_is_looked_at(
    tmp_path: Path,
) -> None:
    checks = look(Settings(home=tmp_path / "data"))
    assert checks["root"].state == "warn"
    assert "pointer" not in checks
    assert not (tmp_path / "data").exists()


def test_a_root_that_is_a_file_fails(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    assert look(Settings(home=tmp_path / "data"))["root"].state == "fail"


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a folder root cannot write")
def test_a_root_that_cannot_be_written_fails() -> None:
    assert machine.check_root(Path("/proc")).state == "fail"


def test_an_empty_root_waits_for_its_first_night(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    checks = look(Settings(home=tmp_path / "data"))
    assert checks["ledger"].state == "ok"
    assert checks["pointer"].state == "warn"
    assert list((tmp_path / "data").iterdir()) == []


def test_while_a_night_runs_its_files_are_left_alone_and_nothing_is_called_stray(
    settings: Settings,
) -> None:
    kill_a_writer(settings)
    leave_a_half_built_release(settings)
    with hold_lease(settings.lease, "nightly 2020-10-27 02:00"):
        checks = look(settings)
    assert checks["lease"].state == "ok"
    assert "nightly 2020-10-27 02:00" in checks["lease"].seen.en
    assert str(os.getpid()) in checks["lease"].seen.zh
    assert checks["wal"].state == "ok"
    assert "half_built" not in checks
    assert "not looked at" in checks["ledger"].seen.en
    assert checks["pointer"].state == "ok"


def test_a_holder_without_a_heartbeat_is_named_with_its_process(settings: Settings) -> None:
    with hold_lease(settings.lease, "nightly"):
        holder = json.loads(settings.lease.read_text(encoding="utf-8"))
        holder |= {"pid": 4242, "heartbeat": "2020-10-27T02:00:00+00:00"}
        settings.lease.write_text(json.dumps(holder), encoding="utf-8")
        check = look(settings)["lease"]
    assert check.state == "warn"
    assert check.remedy is not None
    assert "kill 4242" in check.remedy.en


def test_a_night_that_starts_while_the_doctor_looks_waits_its_turn(settings: Settings) -> None:
    from warehouse.doctor.root import watch_lease
    from warehouse.ledger.lease import LeaseHeld

    with watch_lease(settings) as lease:
        assert lease.is_free
        with pytest.raises(LeaseHeld), hold_lease(settings.lease, "nightly"):
            pass
    with hold_lease(settings.lease, "nightly"):
        pass


@pytest.mark.parametrize(
    ("requirements", "python", "seen"),
    [
        (["duckdb==0.0.1"], ">=3.11", "duckdb ==0.0.1"),
        (["polars>=2", "no-such-package>=1"], ">=3.11", "no-such-package"),
        (["polars>=2"], "<3.0", "python <3.0"),
    ],
)
def test_a_version_that_is_not_the_one_asked_for_fails(
    requirements: list[str], python: str, seen: str
) -> None:
    check = machine.check_versions(requirements, python)
    assert check.state == "fail"
    assert seen in check.seen.en


def test_an_extra_that_is_not_installed_is_nothing_to_complain_of() -> None:
    check = machine.check_versions(["polars>=2", 'no-such-package>=1; extra == "sftp"'], ">=3.11")
    assert check.state == "ok"


def test_a_calendar_that_ends_soon_is_a_warning(settings: Settings) -> None:
    late = {check.name: check for check in examine(settings, NOW.replace(year=2035))}
    assert late["calendar"].state == "warn"
    assert late["calendar"].remedy is not None
    assert "chinesecalendar" in late["calendar"].remedy.en


def test_a_missing_time_zone_fails() -> None:
    assert machine.check_time_zone("Asia/Nowhere").state == "fail"


def test_contracts_that_cannot_be_read_fail(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "extra" / "expectations"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("version = 1\n")
    check = look(settings.model_copy(update={"extra": tmp_path / "extra"}))["contracts"]
    assert check.state == "fail"
    assert "broken.toml" in check.seen.en


def test_the_archive_is_read_only_where_asked(settings: Settings) -> None:
    damage_a_kept_file(settings)
    checks = look(settings)
    assert "archive_bytes" not in checks
    assert checks["archive"].state == "ok"
    (sha256,) = (path.name for path in settings.archive.glob("??/*"))
    assert path_of(settings.archive, sha256).exists()
