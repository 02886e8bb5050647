"""Opens the file the pointer leads to: attached read-only, locked, with no way to another file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts.model import Text
from warehouse.ledger.tables import quote
from warehouse.query.errors import (
    FileUnreadable,
    NothingPublished,
    QueryFailed,
    locate_error,
    read_error,
)
from warehouse.settings import CITY_TIME

CATALOG = "biaogan"


@dataclass(frozen=True)
class QueryLimits:
    """What one query may take.

    Attributes:
        rows: rows answered at most; a longer answer is cut and says so.
        memory: DuckDB's limit; nothing is ever written to disk instead.
    """

    seconds: float = 60.0
    rows: int = 10_000
    memory: str = "1GB"
    threads: int = 2


def resolve_release(pointer: Path) -> Path:
    """The file the pointer leads to, so that a running reader keeps its release.

    Raises:
        NothingPublished: the pointer is missing or leads nowhere.
    """
    if pointer.exists():
        return pointer.resolve()
    if pointer.is_symlink():
        raise NothingPublished(
            Text(
                zh=f"指针 {pointer} 指向的文件 {pointer.readlink()} 不存在。"
                "请运行 biaogan doctor 查看，再运行 biaogan nightly 重新发布。",
                en=f"The pointer {pointer} leads to {pointer.readlink()}, which does not exist: "
                "see biaogan doctor, then run biaogan nightly to publish again.",
            )
        )
    raise NothingPublished(
        Text(
            zh=f"还没有发布任何数据（{pointer} 不存在）。请先运行 biaogan nightly；"
            "数据在别处的，请检查 BIAOGAN_HOME。",
            en=f"Nothing has been published yet ({pointer} does not exist): run biaogan nightly "
            "first; if the data is elsewhere, check BIAOGAN_HOME.",
        )
    )


def open_published(path: Path, limits: QueryLimits | None = None) -> duckdb.DuckDBPyConnection:
    """Opens a released file, attached read-only and locked down; `standards` is `mart.standards`.

    Raises:
        FileUnreadable: it is no DuckDB file, is damaged, or another process writes to it.
        QueryFailed: a limit is not one DuckDB understands.
    """
    limits = limits or QueryLimits()
    connection = duckdb.connect()
    try:
        for name, value in _settings_before(limits).items():
            connection.execute(f"set {name} = {quote(value)}")
    except duckdb.Error as error:
        connection.close()
        raise QueryFailed(locate_error(error, "")) from error
    try:
        connection.execute(f"attach {quote(str(path))} as {CATALOG} (read_only)")
        connection.execute(f"use {CATALOG}.mart")
    except duckdb.Error as error:
        connection.close()
        raise complain_of_file(path, error) from error
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _settings_before(limits: QueryLimits) -> dict[str, str]:
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_persistent_secrets": "false",
        "python_enable_replacements": "false",
        "temp_directory": "",
        "errors_as_json": "true",
        "memory_limit": limits.memory,
        "threads": str(limits.threads),
        "TimeZone": CITY_TIME.key,
    }


def complain_of_file(path: Path, error: duckdb.Error) -> FileUnreadable:
    """The sentence for a released file that DuckDB cannot read."""
    reason, _ = read_error(error)
    text = Text(
        zh=f"发布文件 {path.name} 读不出来：{reason}。请运行 biaogan doctor。",
        en=f"The published file {path.name} cannot be read: {reason}; run biaogan doctor.",
    )
    return FileUnreadable(text, reason)
