"""Looks at what the warehouse holds without being able to change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb

from warehouse.contracts.model import Contract
from warehouse.database import open_scratch
from warehouse.fault import UserFault
from warehouse.ledger.lease import share_lease
from warehouse.ledger.schema import LEDGER_TABLES
from warehouse.ledger.tables import core_columns, quote
from warehouse.settings import Settings


class NoHistory(UserFault):
    """There is nothing to judge again."""


@contextmanager
def open_bench(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory, within the limits the settings give the real one."""
    with open_scratch() as connection:
        for name, value in (
            ("memory_limit", settings.memory_limit),
            ("threads", str(settings.threads)),
            ("temp_directory", str(settings.home / ".spill")),
            ("preserve_insertion_order", "false"),
        ):
            connection.execute(f"set {name} = {quote(value)}")
        yield connection


@contextmanager
def look_back(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: Iterable[Contract],
    wait_seconds: float,
) -> Iterator[None]:
    """Shows the warehouse file as `ledger` and `core`, read-only, and keeps nights out meanwhile.

    A table or column that a contract has and the file lacks is there, and empty: rules can be
    rehearsed before a night has made room for what they add.

    Raises:
        NoHistory: no night has run yet.
        LeaseHeld: a night is under way, and still was after waiting.
    """
    if not settings.database.exists():
        message = (
            f"{settings.home} 里还没有历史，请先运行 biaogan nightly。 / "
            f"{settings.home} has no history yet; run biaogan nightly first."
        )
        raise NoHistory(message)
    with share_lease(settings.lease, wait_seconds=wait_seconds):
        connection.execute(f"attach {quote(str(settings.database))} as past (read_only)")
        try:
            _show_tables(connection, contracts)
            yield
        finally:
            connection.execute("detach past")


def _show_tables(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    wanted = {f"ledger.{name}": columns for name, (_, columns) in LEDGER_TABLES.items()}
    wanted |= {f"core.{contract.dataset}": core_columns(contract) for contract in contracts}
    existing = set(
        connection.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns() "
            "where database_name = 'past'"
        ).fetchall()
    )
    tables = {table for table, _ in existing}
    connection.execute("create schema if not exists ledger; create schema if not exists core")
    for table, columns in wanted.items():
        selected = ", ".join(
            f'"{name}"' if (table, name) in existing else f'null::{kind} as "{name}"'
            for name, (kind, _) in columns.items()
        )
        source = f"from past.{table}" if table in tables else "where false"
        connection.execute(f"create or replace view {table} as select {selected} {source}")
