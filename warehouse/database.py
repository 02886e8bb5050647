"""Opens the warehouse file, always with the same settings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import duckdb
import polars as pl

from warehouse.settings import CITY_TIME, Settings


def open_database(settings: Settings, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Opens the warehouse file; hold the lease before opening it for writing."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return _set_up(
        duckdb.connect(
            str(settings.database),
            read_only=read_only,
            config={
                "memory_limit": settings.memory_limit,
                "threads": str(settings.threads),
                "temp_directory": str(settings.home / ".spill"),
                "preserve_insertion_order": "false",
            },
        )
    )


def open_scratch() -> duckdb.DuckDBPyConnection:
    """An empty database in memory, for judging without history."""
    return _set_up(duckdb.connect())


def _set_up(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    # As a connect option this fails: the time zones belong to an extension loaded afterwards.
    connection.execute(f"set TimeZone = '{CITY_TIME.key}'")
    return connection


def append(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Appends a frame to a table, matching columns by name."""
    if frame.is_empty():
        return
    connection.register("incoming", frame)
    names = ", ".join(f'"{name}"' for name in frame.columns)
    connection.execute(f"insert into {table} ({names}) select {names} from incoming")  # noqa: S608
    connection.unregister("incoming")


@contextlib.contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Does what is done inside as a whole or not at all."""
    connection.execute("begin")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # A commit that fails on a full disk has ended its transaction already.
        with contextlib.suppress(duckdb.Error):
            connection.execute("rollback")
        raise
