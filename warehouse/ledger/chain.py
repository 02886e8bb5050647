"""The hash chain over the ledger: every entry seals the one before, so a changed row is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from warehouse.ledger.entries import append_entries
from warehouse.ledger.schema import CHAINED, LEDGER_TABLES

GENESIS = "0" * 64
NO_FINDINGS = (0, hashlib.sha256().hexdigest())
_UNSEALED = ("previous_hash", "row_hash")


class Chain:
    """Appends entries to the chained tables, in one order over all of them.

    One writer at a time holds the lease, so numbers are taken as the highest so far plus one.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Continues after the last entry."""
        self._connection = connection
        last = connection.execute(
            " union all ".join(f"select sequence, row_hash from ledger.{name}" for name in CHAINED)  # noqa: S608
            + " order by sequence desc limit 1"
        ).fetchone()
        self.sequence, self.head = last if last else (0, GENESIS)

    def append(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Seals and appends rows, given without `sequence` and hashes."""
        sealed = []
        for row in rows:
            self.sequence += 1
            entry = {**row, "sequence": self.sequence}
            previous, self.head = self.head, seal(self.head, entry)
            sealed.append(entry | {"previous_hash": previous, "row_hash": self.head})
        append_entries(self._connection, table, sealed)


def find_cut(connection: duckdb.DuckDBPyConnection) -> int:
    """The last ledger entry that figures can depend on; releases themselves are none."""
    entries = " union all ".join(
        f"select sequence from ledger.{name}"  # noqa: S608
        for name in CHAINED
        if name != "release"
    )
    row = connection.execute(f"select coalesce(max(sequence), 0) from ({entries})").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def seal(previous: str, entry: dict[str, Any]) -> str:
    """The hash of an entry and of the one before it."""
    body = {
        name: _plain(value)
        for name, value in sorted(entry.items())
        if name not in _UNSEALED and value is not None
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def digest_findings(
    connection: duckdb.DuckDBPyConnection, table: str
) -> dict[int, tuple[int, str]]:
    """Count and hash of each submission's findings, from a table shaped like `ledger.finding`."""
    # As JSON, a blank and an empty text differ, and no text can pose as two columns. Findings
    # recorded before they had a subject are sealed without one.
    query = f"""
        select
            submission_id,
            count(*),
            sha256(string_agg(
                json_array(
                    finding_number, rule_id, severity, sheet, source_row, cell, column_name, value,
                    expected, explanation
                )::varchar || coalesce(to_json(subject)::varchar, ''),
                chr(10) order by finding_number
            ))
        from {table}
        group by submission_id
    """  # noqa: S608
    found = connection.execute(query).fetchall()
    return {number: (count, digest) for number, count, digest in found}


def digest_news(connection: duckdb.DuckDBPyConnection, release_id: int) -> str:
    """Hash over the vintages and changes that one release recorded."""
    digest = hashlib.sha256()
    for table in ("series_vintage", "series_change"):
        # Merged into nothing, an object loses its empty members: a column that is added later
        # breaks no old seal.
        members = ", ".join(f"'{name}', {name}::varchar" for name in LEDGER_TABLES[table][1])
        row = connection.execute(
            f"""
            select sha256(coalesce(string_agg(line, chr(10) order by line), ''))
            from (
                select json_merge_patch('{{}}', json_object({members}))::varchar as line
                from ledger.{table}
                where release_id = $1
            )
            """,  # noqa: S608
            [release_id],
        ).fetchone()
        digest.update(str(row).encode())
    return digest.hexdigest()


def verify_chain(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Recomputes every hash; each line names what no longer fits, none means all is well.

    An entry cut off at the very end leaves no trace in the chain itself.
    """
    return [
        *_verify_entries(connection),
        *_verify_findings(connection),
        *_verify_vintages(connection),
    ]


def _verify_entries(connection: duckdb.DuckDBPyConnection) -> list[str]:
    entries: list[tuple[str, dict[str, Any]]] = []
    for table in CHAINED:
        cursor = connection.execute(f"select * from ledger.{table}")  # noqa: S608
        names = [column[0] for column in cursor.description or ()]
        entries += [(table, dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    entries.sort(key=lambda item: item[1]["sequence"])
    problems = []
    head = GENESIS
    for place, (table, entry) in enumerate(entries, start=1):
        if entry["sequence"] != place:
            problems.append(f"ledger entry {place} is missing before ledger.{table}")
            break
        if entry["previous_hash"] != head or seal(head, entry) != entry["row_hash"]:
            problems.append(f"ledger.{table} entry {place} was changed after it was written")
        head = entry["row_hash"]
    return problems


def _verify_findings(connection: duckdb.DuckDBPyConnection) -> list[str]:
    sealed = {
        number: (count, digest)
        for number, count, digest in connection.execute(
            "select submission_id, finding_count, findings_sha256 from ledger.submission"
        ).fetchall()
    }
    found = digest_findings(connection, "ledger.finding")
    return [
        f"ledger.finding: the findings of submission {number} are not those it was sealed with"
        for number in sorted(sealed.keys() | found.keys())
        if sealed.get(number) != found.get(number, NO_FINDINGS)
    ]


def _verify_vintages(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Releases from before vintages were recorded are sealed without them."""
    sealed = connection.execute(
        "select release_id, vintages_sha256 from ledger.release "
        "where vintages_sha256 is not null order by release_id"
    ).fetchall()
    return [
        f"ledger.series_vintage: the figures of release {number} are not those it was sealed with"
        for number, digest in sealed
        if digest_news(connection, number) != digest
    ]
