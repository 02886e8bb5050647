"""The night under Prefect: same result, all of it recorded, nothing left behind."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psutil
import pytest

from flows.server import private_server

FORM = """2020年三季度标准制修订情况表,,,,,,,
填报单位：阳新县,,报告期：2020年三季度,,,,,
企业名称,统一社会信用代码,所属县(市、区),产品名称,标准编号,标准名称,标准级别,参与方式
示例甲公司（虚构）,91420222PDY000060W,阳新县,产品一,GB/T 1234-2018,某标准,国家标准,执行
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "inbox" / "420222"
    folder.mkdir(parents=True)
    form = folder / "form.csv"
    form.write_text(FORM, encoding="utf-8")
    hour_ago = time.time() - 3600
    os.utime(form, (hour_ago, hour_ago))
    return tmp_path / "data"


def run_cli(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    return subprocess.run(
        [sys.executable, "-m", "biaogan.cli", "--lang", "en", *arguments],
        env={**kept, "BIAOGAN_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def read_prefect(home: Path, query: str) -> list[tuple]:
    with sqlite3.connect(home / "prefect" / "prefect.db") as database:
        return database.execute(query).fetchall()


def read_standards(home: Path) -> list[tuple]:
    with duckdb.connect(str(home / "published" / "mart.duckdb"), read_only=True) as published:
        return published.execute("select * from mart.standards order by all").fetchall()


def find_servers(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if "prefect" in " ".join(process.cmdline()) and str(home) in process.environ().get(
                "PREFECT_HOME", ""
            ):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.slow
def test_a_night_under_prefect_is_recorded_whole_ends_quietly_and_equals_one_without(
    home, tmp_path
):
    plain_home = tmp_path / "plain"
    (plain_home / "inbox" / "420222").mkdir(parents=True)
    copy = plain_home / "inbox" / "420222" / "form.csv"
    copy.write_bytes((home / "inbox/420222/form.csv").read_bytes())
    os.utime(copy, (time.time() - 3600,) * 2)

    with_prefect = run_cli(home, "nightly")
    without = run_cli(plain_home, "nightly", "--no-prefect")

    assert (with_prefect.returncode, without.returncode) == (0, 0), with_prefect.stderr
    assert "Traceback" not in with_prefect.stdout + with_prefect.stderr
    assert read_standards(home) == read_standards(plain_home) != []
    tasks = read_prefect(home, "select name, state_type from task_run")
    assert {name.split("-")[0] for name, _ in tasks} == {
        "pull inbox/420222", "receive batch 1", "check standards", "load", "publish", "return",
        "pages",
    }  # fmt: skip
    assert {state for _, state in tasks} == {"COMPLETED"}
    [(name, state)] = read_prefect(home, "select name, state_type from flow_run")
    assert state == "COMPLETED"
    assert name.endswith("release 1")
    keys = {key for (key,) in read_prefect(home, "select key from artifact")}
    assert keys == {"night-summary", "night-submissions", "night-findings"}
    assert find_servers(home) == []


@pytest.mark.slow
def test_a_killed_night_does_not_block_the_next_and_is_closed_by_it(home):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT")},
        "BIAOGAN_HOME": str(home),
    }
    script = (
        "import os, warehouse.night.steps as night\n"
        "night.Night.load = lambda self: os.kill(os.getpid(), 9)\n"
        "import sys; sys.argv = ['biaogan', 'nightly']\n"
        "from biaogan.cli import main; main()\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script], env=environment, timeout=500, check=False,
        capture_output=True,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL

    after = run_cli(home, "nightly")

    assert after.returncode == 0, after.stdout + after.stderr
    assert "Taken over" in after.stdout
    assert read_standards(home) != []
    states = read_prefect(home, "select state_type from flow_run order by start_time")
    assert states == [("CRASHED",), ("COMPLETED",)]
    assert find_servers(home) == []


@pytest.mark.slow
def test_a_server_that_is_named_is_used_and_left_running(home, tmp_path, monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "city" / "prefect"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with private_server(tmp_path / "city") as url:
        result = run_cli(home, "nightly", PREFECT_API_URL=url)
        assert result.returncode == 0, result.stdout + result.stderr
        rows = read_prefect(tmp_path / "city", "select state_type from flow_run")
        assert rows == [("COMPLETED",)]
        assert not (home / "prefect" / "prefect.db").exists()
        assert len(find_servers(tmp_path / "city")) > 0


@pytest.mark.slow
def test_the_schedule_is_served_once_however_often_serving_is_restarted(home):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT")},
        "BIAOGAN_HOME": str(home),
    }
    for _ in range(2):
        serving = subprocess.Popen(
            [sys.executable, "-m", "biaogan.cli", "serve", "--port", "0"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for_schedule(home)
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(60)
    schedules = read_prefect(home, "select active, slug from deployment_schedule order by slug")
    assert schedules == [(1, "every-morning"), (1, "every-night")]
    assert find_servers(home) == []


def wait_for_schedule(home: Path) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            if read_prefect(home, "select 1 from deployment_schedule where active"):
                time.sleep(2)
                return
        except sqlite3.Error:
            pass
        time.sleep(1)
    pytest.fail("the schedule was not served in time")
