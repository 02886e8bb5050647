"""The tables of the warehouse file: the ledger, and one core table per contract.

Nothing here uses what DuckLake lacks (keys, unique constraints, sequences, indexes, enums): the
same statements are to run on a DuckLake catalogue later.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from warehouse.contracts.model import Contract
from warehouse.database import transaction
from warehouse.gate.type_rows import COLUMN_TYPES
from warehouse.ledger.schema import LEDGER_TABLES


def create_database(path: Path) -> None:
    """Creates the empty warehouse file, where there is none, in one step.

    Killed while it writes a file's first pages, DuckDB leaves one that cannot be opened again.
    """
    if not path.exists():
        fresh = path.with_name(f".{path.name}.new")
        fresh.unlink(missing_ok=True)
        duckdb.connect(str(fresh)).close()
        fresh.replace(path)


def create_tables(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Creates what is missing; a column a contract has gained is added, none is ever dropped."""
    with transaction(connection):
        for schema in ("ledger", "core"):
            connection.execute(f"create schema if not exists {schema}")
        existing = _existing_columns(connection)
        for name, (meaning, columns) in LEDGER_TABLES.items():
            _create(connection, f"ledger.{name}", meaning, columns, existing)
        for contract in contracts:
            table, columns = f"core.{contract.dataset}", core_columns(contract)
            _create(connection, table, contract.each_row_is.en, columns, existing)


def core_columns(contract: Contract) -> dict[str, tuple[str, str]]:
    """Columns of a contract's core table: type and comment."""
    columns = {
        column.name: (
            COLUMN_TYPES.get(column.type, "varchar"),
            column.description.en + (" (yuan)" if column.type == "money" else ""),
        )
        for column in contract.column
    }
    columns["not_applicable"] = ("varchar[]", "Columns the reporter marked as not applicable")
    columns["submission_id"] = ("bigint", "Submission the row came with")
    columns["source_sheet"] = ("varchar", "Sheet; empty for CSV")
    columns["source_row"] = ("bigint", "Row in the sheet, from 1")
    return columns


def _existing_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where schema_name in ('ledger', 'core')"
    ).fetchall()
    existing: dict[str, set[str]] = {}
    for table, column in rows:
        existing.setdefault(table, set()).add(column)
    return existing


def _create(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    meaning: str,
    columns: dict[str, tuple[str, str]],
    existing: dict[str, set[str]],
) -> None:
    if table not in existing:
        body = ", ".join(f'"{name}" {kind}' for name, (kind, _) in columns.items())
        connection.execute(f"create table {table} ({body})")
        connection.execute(f"comment on table {table} is {quote(meaning)}")
        added = columns
    else:
        added = {name: value for name, value in columns.items() if name not in existing[table]}
        for name, (kind, _) in added.items():
            connection.execute(f'alter table {table} add column "{name}" {kind}')
    for name, (_, comment) in added.items():
        connection.execute(f'comment on column {table}."{name}" is {quote(comment)}')


def quote(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
