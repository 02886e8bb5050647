"""Finds a submission with the decision in force on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from warehouse.contracts.model import Text
from warehouse.decide.failure import DecisionRefused
from warehouse.ledger.load import KEPT
from warehouse.settings import CITY_TIME


@dataclass(frozen=True)
class Submission:
    """One submission as of the cut.

    Attributes:
        facts: its row of `ledger.submission`.
        action: of the decision in force: accept, hold, reject, return or withdraw.
        decided_by: who decided so; gate for the nightly verdict.
        decided_at: by whose clock.
        gate_action: what the gate decided when it came.
    """

    facts: dict[str, Any]
    action: str
    decided_by: str
    reason: str
    decided_at: datetime
    gate_action: str

    @property
    def submission_id(self) -> int:
        """Its number."""
        return int(self.facts["submission_id"])

    @property
    def is_kept(self) -> bool:
        """Whether its rows are in core; those of a rejected file never are."""
        return self.gate_action in KEPT

    @property
    def obligation(self) -> tuple[str | None, str | None, str | None]:
        """Dataset, reporter and period; None where the file did not say."""
        facts = self.facts
        return facts["dataset"], facts["reporter_code"], facts["period"]

    @property
    def decided(self) -> Text:
        """Who decided so and when."""
        at = f"{self.decided_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
        is_gate = self.decided_by == "gate"
        chinese, english = ("审核程序", "the gate") if is_gate else (self.decided_by,) * 2
        return Text(
            zh=f"{chinese}于 {at}（{self.reason}）", en=f"by {english} at {at} ({self.reason})"
        )


def find_submission(connection: duckdb.DuckDBPyConnection, submission_id: int) -> Submission:
    """The submission of that number, on a connection on which `open_views` was called.

    Raises:
        DecisionRefused: there is none; the newest is named.
    """
    cursor = connection.execute(
        """
        select
            submission.*,
            verdict.action,
            verdict.decided_by,
            verdict.reason,
            verdict.night_at as decided_at,
            first.action as gate_action
        from ledger.submission as submission
        inner join core_verdict as verdict on submission.submission_id = verdict.submission_id
        inner join (
            select submission_id, min_by(action, sequence) as action
            from ledger.decision
            group by submission_id
        ) as first on submission.submission_id = first.submission_id
        where
            submission.submission_id = try_cast($submission_id as bigint)
            and submission.sequence <= getvariable('ledger_cut')
        """,
        {"submission_id": str(submission_id)},
    )
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    if row is None:
        raise _miss(connection, submission_id)
    facts = dict(zip(names, row, strict=True))
    parts = ("action", "decided_by", "reason", "decided_at", "gate_action")
    return Submission(facts, **{name: facts.pop(name) for name in parts})


def _miss(connection: duckdb.DuckDBPyConnection, submission_id: int) -> DecisionRefused:
    row = connection.execute(
        "select max(submission_id) from ledger.submission "
        "where sequence <= getvariable('ledger_cut')"
    ).fetchone()
    newest = row[0] if row else None
    return DecisionRefused(
        Text(
            zh=f"没有 {submission_id} 号报送；"
            + (f"最新一份是 {newest} 号。" if newest else "还没有收到过报送。"),
            en=f"There is no submission {submission_id}; "
            + (f"the newest is {newest}." if newest else "none has come yet."),
        )
    )
