"""The night's one transaction: submissions, findings, decisions and rows go in together or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from warehouse.contracts.model import Contract
from warehouse.gate.verdict import Verdict
from warehouse.ledger.chain import NO_FINDINGS, Chain, digest_findings

_OBLIGATION = ("dataset", "reporter_code", "period")
KEPT = frozenset({"accept", "hold"})
"""Verdicts whose rows go into core: a held file counts as soon as it is explained."""


@dataclass(frozen=True)
class Clock:
    """The time of a night.

    Attributes:
        at: what the night takes for now.
        is_replayed: the clock is simulated; nothing recorded then looks like a record of that day.
    """

    at: datetime
    is_replayed: bool


def record_submissions(
    connection: duckdb.DuckDBPyConnection,
    chain: Chain,
    clock: Clock,
    submissions: Sequence[dict[str, Any]],
    verdicts: Mapping[int, Verdict],
) -> None:
    """Appends submissions with their findings, then the gate's decisions.

    Args:
        connection: inside a transaction.
        chain: the ledger's chain.
        clock: the night's clock.
        submissions: facts of each file, without hashes.
        verdicts: action and reason by submission.
    """
    digests = digest_findings(connection, "gate_explained")
    now = datetime.now(UTC)
    stamp = {"night_at": clock.at, "recorded_at": now, "is_replayed": clock.is_replayed}
    sealed = []
    for row in submissions:
        count, digest = digests.get(row["submission_id"], NO_FINDINGS)
        sealed.append(row | {"finding_count": count, "findings_sha256": digest} | stamp)
    chain.append("submission", sealed)
    connection.execute(
        """
        insert into ledger.finding (
            submission_id, finding_number, rule_id, severity, sheet, source_row, cell,
            column_name, value, expected, explanation, subject
        )
        select
            submission_id, finding_number, rule_id, severity, sheet, source_row, cell,
            column_name, value, expected, explanation, subject
        from gate_explained
        where submission_id in (select unnest($1::bigint[]))
        """,
        [[row["submission_id"] for row in submissions]],
    )
    chain.append("explanation", _list_given(connection, submissions, stamp))
    chain.append(
        "decision",
        (
            {
                "submission_id": row["submission_id"],
                "action": verdicts[row["submission_id"]].action,
                "decided_by": "gate",
                "reason": verdicts[row["submission_id"]].reason,
                **stamp,
            }
            for row in submissions
        ),
    )


def _list_given(
    connection: duckdb.DuckDBPyConnection,
    submissions: Sequence[dict[str, Any]],
    stamp: dict[str, Any],
) -> list[dict[str, Any]]:
    """The explanations that came with the files: one per rule, column and subject.

    Their author is the reporter, not the clerk: who wrote it stays in the archive.
    """
    facts = {row["submission_id"]: row for row in submissions}
    number = next_number(connection, "explanation")
    given = connection.execute(
        """
        select submission_id, rule_id, column_name, subject, min(explanation), max(valid_until)
        from gate_explained
        where is_given and submission_id in (select unnest($1::bigint[]))
        group by submission_id, rule_id, column_name, subject
        order by submission_id, min(finding_number)
        """,
        [list(facts)],
    ).fetchall()
    return [
        {
            "explanation_id": number + place,
            "submission_id": submission_id,
            **{name: facts[submission_id][name] for name in _OBLIGATION},
            "rule_id": rule_id,
            "column_name": column_name,
            "subject": subject,
            "explanation": text,
            "author": facts[submission_id]["reporter_code"],
            "valid_until": valid_until,
            **stamp,
        }
        for place, (submission_id, rule_id, column_name, subject, text, valid_until) in enumerate(
            given
        )
    ]


def next_number(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """The next number of a ledger table whose rows are numbered; one writer holds the lease."""
    row = connection.execute(
        f"select coalesce(max({table}_id), 0) + 1 from ledger.{table}"  # noqa: S608
    ).fetchone()
    return int(row[0]) if row else 1


def load_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, submission_ids: Sequence[int]
) -> int:
    """Copies the staged rows of accepted and held files into core.

    Returns:
        Rows loaded.
    """
    if not submission_ids:
        return 0
    names = [f'"{column.name}"' for column in contract.column]
    names += ["not_applicable", "submission_id", "source_sheet", "source_row"]
    columns = ", ".join(names)
    result = connection.execute(
        f"""
        insert into core.{contract.dataset} ({columns})
        select {columns} from gate_row_{contract.dataset}
        where submission_id in (select unnest($1::bigint[]))
        """,  # noqa: S608
        [list(submission_ids)],
    ).fetchone()
    return int(result[0]) if result else 0
