"""What was sent, what the gate decided on it, and what was known when it did."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from warehouse.collect.archive import path_of
from warehouse.history import look_back, open_bench
from warehouse.intake import Incoming
from warehouse.settings import CITY_TIME, Settings

FIRST_WAIT_SECONDS = 10.0
"""A check or doctor that looks at the warehouse is done by then."""

LATER_WAIT_SECONDS = 600.0
"""A night that began between two sittings is waited for: half of the work would be lost."""


@dataclass(frozen=True)
class Past:
    """One submission as the gate left it, whatever a steward decided later.

    Attributes:
        action: accept, hold or reject.
        asked: the rules that asked for an explanation nobody had given.
        findings_sha256: hash over its findings, to the last letter.
    """

    incoming: Incoming
    dataset: str | None
    reporter_code: str | None
    period: str | None
    action: str
    asked: frozenset[str]
    findings_sha256: str

    def tell_verdict(self, asking: Collection[str]) -> str:
        """Accepted, held or rejected: what its clerk was told.

        Args:
            asking: the rules whose open questions hold nothing.
        """
        if self.action != "accept":
            return _VERDICTS[self.action]
        return "held" if self.asked.difference(asking) else "accepted"


_VERDICTS = {"reject": "rejected", "hold": "held"}


@dataclass(frozen=True)
class Sitting:
    """Submissions that were judged together.

    Attributes:
        ledger_cut: the last ledger entry that was known then.
        night_at: the night's clock.
        rule_set: what they were judged with.
    """

    ledger_cut: int
    night_at: datetime
    rule_set: str
    submissions: tuple[Past, ...]

    def only(self, datasets: Iterable[str]) -> Sitting:
        """The same sitting without the forms of other datasets."""
        chosen = tuple(past for past in self.submissions if past.dataset in set(datasets))
        return replace(self, submissions=chosen)


def read_history(settings: Settings, at: datetime | None = None) -> list[Sitting]:
    """All submissions in the order they were judged, by sitting.

    A night records what it judged together in one run of the ledger: the registers before the
    forms of figures, which are held against them. So what was known to a sitting is all that the
    ledger holds before its first submission.

    Args:
        settings: the data root.
        at: history ends with the last night before this moment; None for all of it.

    Raises:
        NoHistory: no night has run yet.
        LeaseHeld: a night is under way.
    """
    with (
        open_bench(settings) as connection,
        look_back(connection, settings, (), FIRST_WAIT_SECONDS),
    ):
        cursor = connection.execute(_SUBMISSIONS, {"at": at})
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    runs = itertools.groupby(
        enumerate(rows), key=lambda item: (item[1]["sequence"] - item[0], item[1]["night_at"])
    )
    return [_describe_sitting(settings, [row for _, row in run]) for _, run in runs]


_SUBMISSIONS = """
    with decided as (
        select submission_id, min_by(action, sequence) as action
        from ledger.decision
        where decided_by = 'gate'
        group by submission_id
    ),

    asked as (
        select submission_id, list(distinct rule_id) as rules
        from ledger.finding
        where severity = 'explain' and explanation is null
        group by submission_id
    ),

    refused as (
        select submission_id, min(reason) as reason
        from ledger.arrival
        where outcome = 'refused'
        group by submission_id
    )

    select
        submission.*,
        decided.action,
        refused.reason as refusal,
        coalesce(asked.rules, []) as asked
    from ledger.submission as submission
    inner join decided on submission.submission_id = decided.submission_id
    left join asked on submission.submission_id = asked.submission_id
    left join refused on submission.submission_id = refused.submission_id
    where submission.night_at <= $at or $at is null
    order by submission.sequence
"""


def _describe_sitting(settings: Settings, rows: list[dict[str, Any]]) -> Sitting:
    first = rows[0]
    return Sitting(
        ledger_cut=first["sequence"] - 1,
        night_at=first["night_at"].astimezone(CITY_TIME),
        rule_set=first["rule_set"],
        submissions=tuple(_describe_past(settings, row) for row in rows),
    )


def _describe_past(settings: Settings, row: dict[str, Any]) -> Past:
    incoming = Incoming(
        path=path_of(settings.archive, row["sha256"]) if row["sha256"] else None,
        **{
            name: row[name]
            for name in (
                "submission_id", "sha256", "size_bytes", "source", "folder", "file_name",
                "known_at", "refusal",
            )
        },
    )  # fmt: skip
    facts = ("dataset", "reporter_code", "period", "action", "findings_sha256")
    asked = frozenset(row["asked"])
    return Past(incoming, asked=asked, **{name: row[name] for name in facts})
