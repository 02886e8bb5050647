"""Runs one statement within its limits and brings the rows back as plain types."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from warehouse.contracts.model import Text
from warehouse.query.errors import (
    FileUnreadable,
    QueryFailed,
    QueryTooBig,
    QueryTooSlow,
    locate_error,
)
from warehouse.query.published import (
    QueryLimits,
    complain_of_file,
    open_published,
    resolve_release,
)
from warehouse.query.statement import refuse_other_types, refuse_unless_reading

_PLAIN_TYPES = frozenset(
    {
        "bigint", "boolean", "date", "decimal", "double", "float", "hugeint", "integer", "smallint",
        "time", "timestamp", "timestamp with time zone", "timestamp_ms", "timestamp_ns",
        "timestamp_s", "tinyint", "ubigint", "uinteger", "usmallint", "utinyint", "varchar",
    }
)  # fmt: skip
_INTERRUPT_AGAIN_SECONDS = 0.2


@dataclass(frozen=True)
class QueryResult:
    """An answer.

    Attributes:
        frame: the rows; types no spreadsheet knows (lists, structs, intervals) are text.
        path: the release's own file that answered, not the pointer.
        notice: what the reader must know, where the answer was cut at the row limit.
    """

    frame: pl.DataFrame
    path: Path
    notice: Text | None = None


def run_query(pointer: Path, sql: str, *, limits: QueryLimits | None = None) -> QueryResult:
    """Runs one statement that reads on the file the pointer leads to at this moment.

    Raises:
        NothingPublished: there is no published file yet, or the pointer is broken.
        FileUnreadable: the published file cannot be read.
        QueryRefused: the text is not exactly one statement that reads.
        QueryFailed: DuckDB cannot run it.
        QueryTooSlow: it took longer than the limit.
        QueryTooBig: it needed more memory than the limit.
    """
    limits = limits or QueryLimits()
    refuse_unless_reading(sql)
    path, connection = _open_current(pointer, limits)
    try:
        refuse_other_types(connection, sql)
        with _limit_time(connection, limits.seconds):
            frame = _fetch(connection, sql, limits.rows + 1)
    except duckdb.OutOfMemoryException as error:
        raise _complain_of_memory(limits) from error
    except duckdb.IOException as error:
        raise complain_of_file(path, error) from error
    except duckdb.Error as error:
        raise QueryFailed(locate_error(error, sql)) from error
    finally:
        connection.close()
    if frame.height <= limits.rows:
        return QueryResult(frame, path)
    return QueryResult(frame.head(limits.rows), path, _notice_of_cut(limits.rows))


def _open_current(pointer: Path, limits: QueryLimits) -> tuple[Path, duckdb.DuckDBPyConnection]:
    path = resolve_release(pointer)
    try:
        return path, open_published(path, limits)
    except FileUnreadable:
        newer = resolve_release(pointer)
        if newer == path:
            raise
        return newer, open_published(newer, limits)  # a night retired the file in between


@contextlib.contextmanager
def _limit_time(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupts what the connection runs once the time is up, again and again until it stops."""
    done, expired = threading.Event(), threading.Event()

    def watch() -> None:
        if done.wait(seconds):
            return
        expired.set()
        connection.interrupt()
        while not done.wait(_INTERRUPT_AGAIN_SECONDS):
            connection.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except duckdb.InterruptException as error:
        if not expired.is_set():
            raise KeyboardInterrupt from error
        raise QueryTooSlow(
            Text(
                zh=f"查询超过 {seconds:g} 秒，已停止。请缩小范围，或检查是否漏写了连接条件。",
                en=f"The query took longer than {seconds:g} s and was stopped: "
                "narrow it, or look for a join without a condition.",
            )
        ) from error
    finally:
        done.set()
        watcher.join()


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str, rows: int) -> pl.DataFrame:
    try:
        relation = connection.sql(sql)
    except (duckdb.BinderException, duckdb.CatalogException):
        connection.execute(sql)  # fails in the same way, but says where
        raise
    if relation is None:
        return pl.DataFrame()
    columns = [
        f"#{place}" + ("" if kind.id in _PLAIN_TYPES else "::varchar") + f' as "{_quoted(name)}"'
        for place, (name, kind) in enumerate(zip(relation.columns, relation.types, strict=True), 1)
    ]
    frame = relation.project(", ".join(columns)).limit(rows).pl()
    _refuse_unreal_dates(frame)
    return frame


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _refuse_unreal_dates(frame: pl.DataFrame) -> None:
    """Infinite dates and years above 9999 exist in DuckDB alone: nothing after it can show them."""
    for name, kind in frame.schema.items():
        if kind != pl.Date and not isinstance(kind, pl.Datetime):
            continue
        days = frame[name].cast(pl.Date)
        if not days.is_between(date(1, 1, 1), date(9999, 12, 31)).all():
            raise QueryFailed(
                Text(
                    zh=f"列 {name} 有公元 1 年至 9999 年以外的日期；请改写为 {name}::varchar。",
                    en=f"Column {name} has dates outside the years 1 to 9999: "
                    f"write {name}::varchar.",
                )
            )


def _complain_of_memory(limits: QueryLimits) -> QueryTooBig:
    return QueryTooBig(
        Text(
            zh=f"查询需要的内存超过 {limits.memory}，已停止。请先筛选或汇总，再排序或去重。",
            en=f"The query needs more memory than {limits.memory} and was stopped: "
            "filter or group before sorting or removing duplicates.",
        )
    )


def _notice_of_cut(rows: int) -> Text:
    return Text(
        zh=f"只给出前 {rows:,} 行，后面还有；请缩小范围，或用 --limit 提高上限。",
        en=f"Only the first {rows:,} rows are shown and there are more: "
        "narrow the query or raise --limit.",
    )
