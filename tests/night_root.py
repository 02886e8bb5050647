"""A small data root for fault tests: forms of every fate, nights over them, and what they leave.

Nights and commands run in processes of their own, forked by a server that has loaded what nights
load: a case costs a second instead of ten.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.identifiers.synthetic import make_uscc
from warehouse.settings import CITY_TIME, Settings

SPRING = datetime(2020, 4, 20, 2, tzinfo=CITY_TIME)
SUMMER = datetime(2020, 7, 20, 2, tzinfo=CITY_TIME)
AUTUMN = datetime(2020, 10, 22, 2, tzinfo=CITY_TIME)
WINTER = datetime(2021, 1, 20, 2, tzinfo=CITY_TIME)
HEADINGS = "企业名称,统一社会信用代码,所属县(市、区),产品名称,标准编号,标准名称,标准级别,参与方式"
UNITS = {
    "420202": "黄石港区",
    "420203": "西塞山区",
    "420204": "下陆区",
    "420222": "阳新县",
    "420281": "大冶市",
}
INDICATORS = """质量品牌指标报表,,,,
填报单位：市市场监管局,报告期：2020年三季度,,,
指标代码,指标名称,县(市、区),计量单位,本期数
std_total_count,执行和参与制修订标准项数,,项,12
"""
"""A form of figures, judged after the register that counts the same."""
WALL_CLOCK = ("recorded_at", "seconds", "previous_hash", "row_hash")
"""What two equal runs cannot share: the time of day they ran at, and hashes over it."""

Stop = tuple[str, str, int]
"""A point of a night: dotted name of a function, `before` or `after`, and at which call of it."""

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["tests.loaded_for_nights"])


def write_form(unit: str, period: str, numbers: Iterable[int], *, level: str = "国家标准") -> str:
    """A CSV form of standards, one row a number; a level other than 国家标准 contradicts them."""
    name = UNITS[unit]
    rows = [
        f"示例企业{number % 7}号,{make_uscc('420200', 1 + number % 7)},{name},,"
        f"GB/T {1000 + number}-2019,示例标准{number},{level},执行"
        for number in numbers
    ]
    head = [f"标准制修订情况表{',' * 7}", f"填报单位：{name},报告期：{period}{',' * 6}", HEADINGS]
    return "\r\n".join([*head, *rows, ""])


def lay(
    home: Path, name: str, content: str | bytes, changed: datetime = SUMMER, encoding: str = "utf-8"
) -> Path:
    """Lays a file into the inbox, dated an hour before `changed`."""
    path = home / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    seconds = changed.timestamp() - 3600
    os.utime(path, (seconds, seconds))
    return path


def lay_spring(home: Path) -> None:
    """Lays one good form of the first quarter."""
    form = write_form("420222", "2020年一季度", range(8))
    lay(home, "420222/一季度.csv", form, SPRING)


def lay_summer(home: Path) -> None:
    """Lays three good forms of the second quarter."""
    for unit, count in (("420222", 10), ("420281", 10), ("420204", 5)):
        lay(home, f"{unit}/二季度.csv", write_form(unit, "2020年二季度", range(count)))


def lay_autumn(home: Path) -> None:
    """Lays forms of every fate: accepted, held, rejected, refused, ignored, resent, misplaced."""
    good = write_form("420222", "2020年三季度", range(12))
    lay(home, "420222/三季度.csv", good, AUTUMN)
    lay(
        home, "420202/三季度.csv", write_form("420202", "2020年三季度", range(3)), AUTUMN, "gb18030"
    )
    lay(home, "420281/三季度.csv", write_form("420281", "2020年三季度", range(4)), AUTUMN)
    lay(home, "scjg/指标.csv", INDICATORS, AUTUMN)
    bad = write_form("420204", "2020年三季度", range(5), level="企业标准")
    lay(home, "420204/三季度.csv", bad, AUTUMN)
    lay(home, "420222/二季度更正.csv", write_form("420222", "2020年二季度", range(11)), AUTUMN)
    lay(home, "420281/再报.csv", write_form("420281", "2020年二季度", range(10)), AUTUMN)
    lay(home, "420203/三季度.csv", good, AUTUMN)
    lay(home, "420203/旧表.et", b"\xd0\xcf\x11\xe0 no table", AUTUMN)
    lay(home, "420203/~$三季度.xlsx", b"lock", AUTUMN)
    for number in (1, 2):
        (home / "inbox" / "420203" / f"链接{number}.csv").symlink_to(
            home / "inbox/420222/三季度.csv"
        )
        os.utime(
            home / "inbox" / "420203" / f"链接{number}.csv",
            (AUTUMN.timestamp() - 60, AUTUMN.timestamp() - 60),
            follow_symlinks=False,
        )


def lay_winter(home: Path) -> None:
    """Lays two good forms of the fourth quarter."""
    for unit, count in (("420222", 13), ("420202", 3)):
        form = write_form(unit, "2020年四季度", range(count))
        lay(home, f"{unit}/四季度.csv", form, WINTER)


TRAINING = """
version = 1
title = { zh = "质量培训情况表", en = "Quality training" }
each_row_is = { zh = "一次培训", en = "one training course" }
kind = "register"
content = "increment"
period_type = "quarter"
key = ["course_name"]
owed_by = ["reporting_units"]
owed_from = "2020Q1"
owner = "scjg"
due = { months_after = 1, day = 15 }
lock = { months_after = 2, day = 15 }

[[column]]
name = "course_name"
heading = "培训名称"
type = "text"
required = true
description = { zh = "培训名称", en = "Name of the course" }

[[column]]
name = "reporting_unit"
heading = "所属县(市、区)"
type = "reporting_unit"
required = true
description = { zh = "统计单元", en = "Reporting unit" }

[[column]]
name = "trainee_count"
heading = "参训人数"
type = "integer"
required = true
description = { zh = "参训人数", en = "People trained" }
"""
SHORT_NAME = """
[[rule]]
id = "name_too_short"
severity = "must_fix"
owner = "reporter"
column = "course_name"
expectation = "ExpectColumnValueLengthsToBeBetween"
arguments = { column = "course_name", min_value = 4 }
sentence = { zh = "培训名称“{value}”太短。", en = "The name {value} is too short." }
remedy = { zh = "请写全称。", en = "Write the full name." }
"""
TRAINING_MART = """-- A row is a period and reporting unit: how many people were trained.
with training as (
    select
        period,
        reporting_unit,
        trainee_count
    from included.training
),

unit_coverage as (
    select
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        expected_submissions,
        included_submissions,
        status
    from core.unit_coverage
    where dataset = 'training'
),

counted as (
    select
        period,
        case when grouping(reporting_unit) = 1 then '420200' else reporting_unit end as unit_code,
        sum(trainee_count) as trainee_count
    from training
    group by period, cube (reporting_unit)
)

select
    counted.period::varchar as period, -- 报告期: reporting period
    unit_coverage.period_type::varchar as period_type, -- 报告期别: year, quarter or month
    unit_coverage.reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: city 420200
    unit_coverage.reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    counted.trainee_count::bigint as trainee_count, -- 参训人数: people (人次, flow, additive)
    unit_coverage.expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    unit_coverage.included_submissions::bigint as included_submissions, -- 已计入: forms included
    unit_coverage.status::varchar as status -- 状态: provisional, final or revised
from counted
inner join unit_coverage
    on
        counted.period = unit_coverage.period
        and counted.unit_code = unit_coverage.reporting_unit_code
"""


def declare_training(
    extra: Path,
    name: str = "training",
    *,
    rules: str = SHORT_NAME,
    check: str | None = None,
    mart: str = TRAINING_MART,
) -> None:
    """Declares an eleventh dataset in a folder apart: contract, mart, and a check of its name."""
    contract = TRAINING.replace("质量培训", f"质量培训{name}") + rules.replace('"own"', f'"{name}"')
    files = {f"expectations/{name}.toml": contract}
    if name == "training":
        files["sql/mart/training.sql"] = mart
    if check is not None:
        files[f"sql/check/{name}.sql"] = check
    for file_name, text in files.items():
        path = extra / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_training(
    unit: str, period: str, courses: dict[str, int], dataset: str = "training"
) -> str:
    """A CSV form of the eleventh dataset."""
    name = UNITS[unit]
    rows = [f"{course},{name},{count}" for course, count in courses.items()]
    head = [
        f"质量培训{dataset}情况表,,",
        f"填报单位：{name},报告期：{period},",
        "培训名称,所属县(市、区),参训人数",
    ]
    return "\r\n".join([*head, *rows, ""])


def copy_root(home: Path, target: Path) -> Path:
    """Copies a data root with its links and times, so that nothing in it looks new."""
    shutil.copytree(home, target, symlinks=True)
    return target


def settings_of(home: Path, **changes: Any) -> Settings:
    """Settings that keep so few releases that the third retires the first."""
    return Settings(home=home, **{"keep_releases": 2, **changes})


def start(target: Callable[..., None], *args: Any) -> Any:
    """Runs a function in a process of its own."""
    process = _server.Process(target=target, args=args)
    process.start()
    return process


def start_night(home: Path, at: datetime | None, stop: Stop | None = None) -> Any:
    """Starts a night in a process of its own, to be killed from outside or at a point."""
    return start(_run_night, home, at, stop)


def kill_in(home: Path, at: datetime, stop: Stop) -> None:
    """Runs a night that kills itself at a point, and makes sure that it came there."""
    night = start_night(home, at, stop)
    night.join()
    assert night.exitcode == -signal.SIGKILL, f"the night never came to {stop}"


def run_command(
    home: Path,
    *words: str,
    stop: Stop | None = None,
    disk: Path | None = None,
    most_bytes: int | None = None,
    config: str = "[biaogan]\nkeep_releases = 2\n",
) -> tuple[int, str, str]:
    """Runs `biaogan …` in a process of its own; gives exit code, output and complaints.

    Args:
        home: the data root.
        words: the command line.
        stop: a point to be killed at or, where a disk is given, to fill it to its last byte.
        disk: the disk to fill.
        most_bytes: no file may grow beyond this.
        config: the config file.
    """
    with tempfile.TemporaryDirectory() as name:
        desk = Path(name)
        (desk / "biaogan.toml").write_text(config, encoding="utf-8")
        command = start(_run_command, home, desk, words, stop, disk, most_bytes)
        command.join()
        said = [(desk / stream).read_text(encoding="utf-8") for stream in ("out", "err")]
    return command.exitcode, *said


def _run_night(home: Path, at: datetime | None, stop: Stop | None) -> None:
    from warehouse.night import run_night

    if stop:
        _plant(stop, kill_oneself)
    run_night(settings_of(home), at)


def _run_command(
    home: Path,
    desk: Path,
    words: tuple[str, ...],
    stop: Stop | None,
    disk: Path | None,
    most_bytes: int | None,
) -> None:
    for stream, name in ((sys.stdout, "out"), (sys.stderr, "err")):
        with (desk / name).open("wb") as target:
            os.dup2(target.fileno(), stream.fileno())
    os.environ |= {"BIAOGAN_HOME": str(home), "BIAOGAN_CONFIG": str(desk / "biaogan.toml")}
    from biaogan.cli import main

    if stop:
        _plant(stop, lambda: fill_disk(disk) if disk else kill_oneself())
    if most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    sys.argv = ["biaogan", *words]
    main()


def kill_oneself() -> None:
    """Ends this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill_disk(disk: Path) -> None:
    """Fills a small disk to its last byte."""
    free = os.statvfs(disk)
    with (disk / "ballast").open("ab") as ballast:
        ballast.write(bytes(free.f_bavail * free.f_frsize))


def _plant(stop: Stop, act: Callable[[], None]) -> None:
    """Wraps a function so that something happens before or after one call of it."""
    name, when, call = stop
    owner, attribute = _find_owner(name)
    original = getattr(owner, attribute)
    calls = itertools.count(1)

    def wrapped(*args: Any, **keys: Any) -> Any:
        is_now = next(calls) == call
        if is_now and when == "before":
            act()
        result = original(*args, **keys)
        if is_now and when == "after":
            act()
        return result

    setattr(owner, attribute, wrapped)


def _find_owner(name: str) -> tuple[Any, str]:
    """The module or class a dotted name lies in, and the name inside it."""
    from importlib import import_module

    path, _, attribute = name.rpartition(".")
    try:
        return import_module(path), attribute
    except ModuleNotFoundError:
        module, _, owner = path.rpartition(".")
        return getattr(import_module(module), owner), attribute


def read_all_the_time(pointer: Path, begun: Path, ended: Path) -> None:
    """Opens the published file again and again, and writes down each different thing it saw.

    Args:
        pointer: what readers open.
        begun: made by the reader once it has read for the first time.
        ended: made by the test; the reader reads once more, and writes into it.
    """
    seen: list[Any] = []
    while True:
        is_last = ended.exists()
        with duckdb.connect(str(pointer), read_only=True) as reader:
            found = look(reader)
        if found not in seen:
            seen.append(found)
        begun.touch()
        if is_last:
            break
    ended.write_text(json.dumps(seen), encoding="utf-8")


def keep_reading(pointer: Path, begun: Path, ended: Path) -> None:
    """As `read_all_the_time`, on the one release that is open from the beginning."""
    seen: list[Any] = []
    with duckdb.connect(str(pointer), read_only=True) as reader:
        while True:
            is_last = ended.exists()
            found = look(reader)
            if found not in seen:
                seen.append(found)
            begun.touch()
            if is_last:
                break
            time.sleep(0.01)
    ended.write_text(json.dumps(seen), encoding="utf-8")


def look(reader: duckdb.DuckDBPyConnection) -> list[Any]:
    """The release a published file says it is, and the rows and releases of every mart."""
    tables = reader.execute(
        "select table_name from duckdb_tables() where schema_name = 'mart' order by all"
    ).fetchall()
    counts = [
        [table, *(reader.execute(f"select count(*) from mart.{table}").fetchone() or ())]
        for (table,) in tables
    ]
    releases = reader.execute(
        "select (select max(release_id) from mart.release), min(release_id), max(release_id) "
        "from mart.series"
    ).fetchone()
    return [*(releases or ()), counts]


def wait_for(condition: Callable[[], object]) -> None:
    """Waits until another process has come somewhere; the test's own time limit ends it."""
    while not condition():
        time.sleep(0.01)


def logical_state(home: Path) -> dict[str, Any]:
    """Everything two equal histories must share: ledger, core, marts, pointer, files on disk."""
    settings = Settings(home=home)
    state: dict[str, Any] = {}
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where schema_name in ('ledger', 'core') order by all"
        ).fetchall():
            if table == "night":  # a killed night leaves no record of how it went
                continue
            state[f"{schema}.{table}"] = read_rows(connection, f"{schema}.{table}")
        state["comments"] = connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
            "where schema_name in ('ledger', 'core') order by all"
        ).fetchall()
    state["pointer"] = settings.pointer.readlink().name
    state["marts"] = read_marts(settings.pointer)
    state["files"] = list_files(home)
    return state


def read_rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table, sorted, without what depends on the wall clock."""
    names = [
        name
        for name, *_ in connection.execute(f"describe {table}").fetchall()
        if name not in WALL_CLOCK
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    return connection.execute(f"select {columns} from {table} order by all").fetchall()


def read_marts(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every mart of a published file."""
    with duckdb.connect(str(path.resolve()), read_only=True) as reader:
        reader.execute("set TimeZone = 'Asia/Shanghai'")
        tables = reader.execute(
            "select table_name from duckdb_tables() where schema_name = 'mart' order by all"
        ).fetchall()
        return {table: read_rows(reader, f"mart.{table}") for (table,) in tables}


def list_files(home: Path) -> list[str]:
    """Names of all files below the root, without those a killed transfer may leave for a day."""
    return sorted(
        path.relative_to(home).as_posix()
        for path in home.rglob("*")
        if not path.is_dir() and path.parent.name != ".incoming"
    )
