"""The tables of the warehouse file: the ledger, and one core table per contract.

Nothing here uses what DuckLake lacks (keys, unique constraints, sequences, indexes, enums): the
same statements are to run on a DuckLake catalogue later.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from warehouse.contracts.model import Contract
from warehouse.gate.type_rows import COLUMN_TYPES

LEDGER_TABLES: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "submission": (
        "One row is one file received, whatever became of it. Never changed.",
        {
            "sequence": ("bigint", "Place in the ledger's order, over all chained tables"),
            "submission_id": ("bigint", "Number of the submission; never reused"),
            "sha256": ("varchar", "Hash of the bytes in the archive"),
            "size_bytes": ("bigint", "Size of the file in bytes"),
            "source": ("varchar", "Source it was pulled from"),
            "folder": ("varchar", "Reporter code of the inbox it lay in"),
            "file_name": ("varchar", "Name at its source"),
            "document_kind": ("varchar", "xlsx, xls, ods or csv; empty where it could not be read"),
            "encoding": ("varchar", "Encoding of a CSV"),
            "dataset": ("varchar", "Dataset; empty where it could not be told"),
            "reporter_code": ("varchar", "Who reports; empty where it could not be told"),
            "period": ("varchar", "Reporting period; empty where it could not be told"),
            "period_type": ("varchar", "year, quarter or month"),
            "is_nil": ("boolean", "A nil report (零报告)"),
            "row_count": ("bigint", "Data rows read"),
            "template_version": ("bigint", "Version of the blank form, where it carries its mark"),
            "ancestor_id": ("bigint", "Submission whose returned workbook it says it is"),
            "rule_set": ("varchar", "Hash of the contracts and SQL it was judged with"),
            "code_version": ("varchar", "Version of Biaogan that judged it"),
            "finding_count": ("bigint", "Findings of all severities"),
            "findings_sha256": ("varchar", "Hash over its findings"),
            "known_at": ("timestamptz", "When it arrived at its source"),
            "night_at": ("timestamptz", "The clock of the night that took it in"),
            "recorded_at": ("timestamptz", "When Biaogan really took it in"),
            "is_replayed": ("boolean", "Taken in on a simulated clock, or loaded later as history"),
            "previous_hash": ("varchar", "Hash of the entry before"),
            "row_hash": ("varchar", "Hash of this entry and the one before"),
        },
    ),
    "decision": (
        "One row is one decision on a submission; the last one counts.",
        {
            "sequence": ("bigint", "Place in the ledger's order, over all chained tables"),
            "submission_id": ("bigint", "Submission decided on"),
            "action": ("varchar", "accept, hold, reject, return or withdraw"),
            "decided_by": ("varchar", "Who decided; gate for the nightly verdict"),
            "reason": ("varchar", "Why"),
            "night_at": ("timestamptz", "The clock of the night or hour of the decision"),
            "recorded_at": ("timestamptz", "When it was really recorded"),
            "is_replayed": ("boolean", "Recorded on a simulated clock"),
            "previous_hash": ("varchar", "Hash of the entry before"),
            "row_hash": ("varchar", "Hash of this entry and the one before"),
        },
    ),
    "explanation": (
        "One row is why one finding is right as it stands, given by its reporter or a steward.",
        {
            "sequence": ("bigint", "Place in the ledger's order, over all chained tables"),
            "explanation_id": ("bigint", "Number of the explanation; never reused"),
            "submission_id": ("bigint", "Submission it was given with, or for"),
            "dataset": ("varchar", "Dataset"),
            "reporter_code": ("varchar", "Who reports"),
            "period": ("varchar", "Reporting period it was given for"),
            "rule_id": ("varchar", "Rule that asks"),
            "column_name": ("varchar", "Column of the contract"),
            "subject": ("varchar", "What the finding is about, whatever row it stands in"),
            "explanation": ("varchar", "Why the figure is right"),
            "author": ("varchar", "Reporter code, or the steward who wrote it down"),
            "valid_until": ("date", "Last day it answers later periods too; empty: this one only"),
            "night_at": ("timestamptz", "The clock of the night or hour it was given"),
            "recorded_at": ("timestamptz", "When it was really recorded"),
            "is_replayed": ("boolean", "Recorded on a simulated clock"),
            "previous_hash": ("varchar", "Hash of the entry before"),
            "row_hash": ("varchar", "Hash of this entry and the one before"),
        },
    ),
    "exemption": (
        "One row is one exception for one form: from its lock, or from sending it at all.",
        {
            "sequence": ("bigint", "Place in the ledger's order, over all chained tables"),
            "exemption_id": ("bigint", "Number of the exemption; never reused"),
            "kind": ("varchar", "lock: may be changed until it ends; excuse: need not be sent"),
            "dataset": ("varchar", "Dataset"),
            "reporter_code": ("varchar", "Who reports"),
            "period": ("varchar", "Reporting period"),
            "granted_by": ("varchar", "Who answers for it"),
            "reason": ("varchar", "Why"),
            "ends_on": ("date", "Last day it holds; empty for an excuse without end"),
            "night_at": ("timestamptz", "The clock of the hour it was granted"),
            "recorded_at": ("timestamptz", "When it was really recorded"),
            "is_replayed": ("boolean", "Recorded on a simulated clock"),
            "previous_hash": ("varchar", "Hash of the entry before"),
            "row_hash": ("varchar", "Hash of this entry and the one before"),
        },
    ),
    "release": (
        "One row is one published state of the marts.",
        {
            "sequence": ("bigint", "Place in the ledger's order, over all chained tables"),
            "release_id": ("bigint", "Number of the release; never reused"),
            "ledger_cut": ("bigint", "Last ledger entry the release was made from"),
            "file_name": ("varchar", "Published file"),
            "content_sha256": ("varchar", "Hash over the content of all marts"),
            "rule_set": ("varchar", "Hash of the contracts and SQL in force"),
            "code_version": ("varchar", "Version of Biaogan that published it"),
            "published_at": ("timestamptz", "The clock of the night that published it"),
            "recorded_at": ("timestamptz", "When it was really published"),
            "is_replayed": ("boolean", "Published on a simulated clock"),
            "previous_hash": ("varchar", "Hash of the entry before"),
            "row_hash": ("varchar", "Hash of this entry and the one before"),
        },
    ),
    "finding": (
        "One row is one thing wrong with a submission.",
        {
            "submission_id": ("bigint", "Submission it is about"),
            "finding_number": ("bigint", "Number within the submission"),
            "rule_id": ("varchar", "Rule that speaks"),
            "severity": ("varchar", "must_fix, explain or notice"),
            "sheet": ("varchar", "Sheet; empty for CSV and for the whole file"),
            "source_row": ("bigint", "Row in the sheet, from 1"),
            "cell": ("varchar", "Address such as B7"),
            "column_name": ("varchar", "Column of the contract"),
            "value": ("varchar", "What was read"),
            "expected": ("varchar", "What would have been right"),
            "explanation": ("varchar", "The explanation in force when it was judged"),
            "subject": ("varchar", "What it is about, whatever row it stands in"),
        },
    ),
    "judgement": (
        "One row is one run of the gate over a night's files of one dataset.",
        {
            "night_at": ("timestamptz", "The clock of the night"),
            "recorded_at": ("timestamptz", "When it was really recorded"),
            "dataset": ("varchar", "Dataset"),
            "rule_set": ("varchar", "Hash of the contracts and SQL in force"),
            "code_version": ("varchar", "Version of Biaogan"),
            "rules_run": ("bigint", "Expectations and checks that were run"),
            "seconds": ("double", "How long it took"),
            "broken": ("varchar", "Rules that could not be run, as JSON"),
            "document_sha256": ("varchar", "Great Expectations' own result, in the archive"),
        },
    ),
    "night": (
        "One row is one night that came to its end.",
        {
            "night_at": ("timestamptz", "The clock of the night"),
            "recorded_at": ("timestamptz", "When it was really recorded"),
            "is_replayed": ("boolean", "Run on a simulated clock"),
            "release_id": ("bigint", "Release it published; empty where the one before stands"),
            "new_files": ("bigint", "Files that became submissions"),
            "rows_loaded": ("bigint", "Rows that went into core"),
            "seconds": ("varchar", "Seconds by stage, as JSON"),
        },
    ),
    "delivery": (
        "One row is one thing handed out: a returned workbook or a reminder.",
        {
            "kind": ("varchar", "returned or reminder"),
            "submission_id": ("bigint", "Submission that was returned"),
            "reporter_code": ("varchar", "Whom it is for"),
            "path": ("varchar", "File below the outbox"),
            "sha256": ("varchar", "Hash of what was handed out"),
            "channel": ("varchar", "outbox, or the notification block it went through"),
            "night_at": ("timestamptz", "The clock of the night that handed it out"),
            "recorded_at": ("timestamptz", "When it was really recorded"),
        },
    ),
    "arrival": (
        "One row is one file seen at a source, so that pulling is incremental.",
        {
            "source": ("varchar", "Source"),
            "folder": ("varchar", "Reporter code of the inbox"),
            "file_name": ("varchar", "Name at the source"),
            "size_bytes": ("bigint", "Size in bytes"),
            "etag": ("varchar", "Fingerprint the source gives: modification time or entity tag"),
            "known_at": ("timestamptz", "When it arrived at the source"),
            "sha256": ("varchar", "Hash of the bytes; empty where it was not fetched"),
            "outcome": ("varchar", "new, identical, refused or ignored"),
            "reason": ("varchar", "Why it was refused or ignored"),
            "submission_id": ("bigint", "The submission it became, or is identical with"),
            "night_at": ("timestamptz", "The clock of the night that saw it"),
            "recorded_at": ("timestamptz", "When it was really seen"),
        },
    ),
}
CHAINED = ("submission", "decision", "explanation", "exemption", "release")


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
