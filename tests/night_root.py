"""A small data root for fault tests: forms of every fate, nights over them, and the state they leave.

`kill_in` runs a night in a process of its own, forked by a server that has Great Expectations loaded
but no thread pool of Polars or DuckDB, so that one case costs tenths of a second and not ten.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.identifiers.synthetic import make_uscc
from warehouse.settings import CITY_TIME, Settings

SUMMER = datetime(2020, 7, 20, 2, tzinfo=CITY_TIME)
AUTUMN = datetime(2020, 10, 22, 2, tzinfo=CITY_TIME)
HEADINGS = "企业名称,统一社会信用代码,所属县(市、区),产品名称,标准编号,标准名称,标准级别,参与方式"
UNITS = {
    "420202": "黄石港区",
    "420203": "西塞山区",
    "420204": "下陆区",
    "420222": "阳新县",
    "420281": "大冶市",
}
WALL_CLOCK = ("recorded_at", "previous_hash", "row_hash")
"""What two equal runs cannot share: the time of day they ran at, and hashes over it."""

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["great_expectations", "pandas", "sqlglot", "pydantic", "tenacity"])


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


def lay_summer(home: Path) -> None:
    """Lays three good forms of the second quarter."""
    for unit, count in (("420222", 10), ("420281", 10), ("420204", 5)):
        lay(home, f"{unit}/二季度.csv", write_form(unit, "2020年二季度", range(count)))


def lay_autumn(home: Path) -> None:
    """Lays what can become of a file: accepted, held, rejected, refused, ignored, resent, misplaced."""
    good = write_form("420222", "2020年三季度", range(12))
    lay(home, "420222/三季度.csv", good, AUTUMN)
    lay(home, "420202/三季度.csv", write_form("420202", "2020年三季度", range(3)), AUTUMN, "gb18030")
    lay(home, "420281/三季度.csv", write_form("420281", "2020年三季度", range(4)), AUTUMN)
    bad = write_form("420204", "2020年三季度", range(5), level="企业标准")
    lay(home, "420204/三季度.csv", bad, AUTUMN)
    lay(home, "420222/二季度更正.csv", write_form("420222", "2020年二季度", range(11)), AUTUMN)
    lay(home, "420281/再报.csv", write_form("420281", "2020年二季度", range(10)), AUTUMN)
    lay(home, "420203/三季度.csv", good, AUTUMN)
    lay(home, "420203/旧表.et", b"\xd0\xcf\x11\xe0 no table", AUTUMN)
    lay(home, "420203/~$三季度.xlsx", b"lock", AUTUMN)
    for number in (1, 2):
        (home / "inbox" / "420203" / f"链接{number}.csv").symlink_to(home / "inbox/420222/三季度.csv")
        os.utime(
            home / "inbox" / "420203" / f"链接{number}.csv",
            (AUTUMN.timestamp() - 60, AUTUMN.timestamp() - 60),
            follow_symlinks=False,
        )


def copy_root(home: Path, target: Path) -> Path:
    """Copies a data root with its links and times, so that nothing in it looks new."""
    shutil.copytree(home, target, symlinks=True)
    return target


def run_child(home: Path, at: datetime | None, stop: tuple[str, str, int] | None = None) -> None:
    """What a killed process runs: a night, with one function wrapped to kill the process.

    Args:
        home: the data root.
        at: the night's clock.
        stop: dotted name of the function, `before` or `after`, and at which call of it.
    """
    from warehouse.night import run_night

    if stop:
        _plant(*stop)
    run_night(Settings(home=home), at)


def start_child(home: Path, at: datetime | None, stop: tuple[str, str, int] | None = None) -> Any:
    """Starts `run_child` in a process of its own."""
    child = _server.Process(target=run_child, args=(home, at, stop))
    child.start()
    return child


def kill_in(home: Path, at: datetime, stop: tuple[str, str, int]) -> None:
    """Runs a night that kills itself at a point, and makes sure that it came there."""
    child = start_child(home, at, stop)
    child.join()
    assert child.exitcode == -signal.SIGKILL, f"the night never came to {stop}"


def _plant(name: str, when: str, call: int) -> None:
    owner, attribute = _find_owner(name)
    original = getattr(owner, attribute)
    calls = 0

    def wrapped(*args: Any, **keys: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **keys)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
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
