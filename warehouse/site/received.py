"""What the ledger says of every file received, read in bulk: one query each, not one per page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from warehouse.periods import Period
from warehouse.site.page import Site
from warehouse.site.signs import ACTIONS

Row = dict[str, Any]

_SUBMISSIONS = """
    select
        submission.* exclude (previous_hash, row_hash, findings_sha256, finding_count),
        verdict.action,
        round.round,
        round.previous_submission_id,
        round_count.fixed_count,
        round_count.new_count,
        round_count.left_count,
        coalesce(found.must_fix_count, 0) as must_fix_count,
        coalesce(found.explain_count, 0) as explain_count,
        coalesce(found.notice_count, 0) as notice_count,
        coalesce(found.open_count, 0) as open_count,
        found.state as findings_state
    from ledger.submission
    left join core_verdict as verdict using (submission_id)
    left join core_round as round using (submission_id)
    left join core_round_count as round_count using (submission_id)
    left join (
        select
            submission_id,
            count(*) filter (where severity = 'must_fix') as must_fix_count,
            count(*) filter (where severity = 'explain') as explain_count,
            count(*) filter (where severity = 'notice') as notice_count,
            count(*) filter (where severity = 'explain' and is_open) as open_count,
            sum(
                hash(finding_number, explanation, explained_by, valid_until)::hugeint
            )::varchar as state
        from core_finding
        group by submission_id
    ) as found using (submission_id)
    where submission.sequence <= getvariable('ledger_cut')
    order by submission_id
"""
_LISTS = {
    "decisions": """
        select submission_id, action, decided_by, reason, night_at
        from ledger.decision where sequence <= getvariable('ledger_cut') order by sequence""",
    "explanations": """
        select submission_id, rule_id, column_name, subject, explanation, author, valid_until,
            night_at
        from ledger.explanation where sequence <= getvariable('ledger_cut') order by sequence""",
    "deliveries": """
        select submission_id, path, channel, night_at
        from ledger.delivery
        where kind = 'returned' and submission_id is not null order by recorded_at, path""",
}


@dataclass(frozen=True)
class Received:
    """Every file received up to the ledger cut.

    Attributes:
        submissions: by number: the row of `ledger.submission` with `action`, `round`,
            `previous_submission_id`, the counts against that round, and findings by severity.
    """

    submissions: dict[int, Row]
    decisions: dict[int, list[Row]]
    explanations: dict[int, list[Row]]
    deliveries: dict[int, list[Row]]

    @cached_property
    def by_obligation(self) -> dict[tuple[str, str, str], list[Row]]:
        """The rounds of each dataset, reporter and period, oldest first."""
        rounds: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in self.submissions.values():
            if row["round"] is not None:
                rounds[row["dataset"], row["reporter_code"], row["period"]].append(row)
        return rounds

    def comparable_with(self, row: Row) -> list[int]:
        """The accepted files one may be compared with: of its own period, and the one before."""
        if row["round"] is None:
            return []
        dataset, reporter, period = row["dataset"], row["reporter_code"], row["period"]
        periods = (str(Period.parse(period).previous), period)
        return [
            other["submission_id"]
            for each in periods
            for other in self.by_obligation.get((dataset, reporter, each), ())
            if other["action"] == "accept" and other is not row
        ]

    def rounds_of(self, row: Row) -> list[Row]:
        """All rounds of a submission's obligation; itself alone where that is not known."""
        return self.by_obligation.get((row["dataset"], row["reporter_code"], row["period"]), [row])

    def successor_of(self, row: Row) -> Row | None:
        """The newest later file for the same obligation."""
        last = self.rounds_of(row)[-1]
        return last if last["submission_id"] > row["submission_id"] else None


def read_received(site: Site) -> Received:
    """Reads everything; a hundred thousand files are some tens of megabytes."""
    submissions = {row["submission_id"]: row for row in site.fetch(_SUBMISSIONS)}
    lists = {name: _group(site.fetch(sql)) for name, sql in _LISTS.items()}
    return Received(submissions, **lists)


def state_of(row: Row) -> str:
    """The state of one file, in the words of `core.coverage`."""
    if row["is_nil"] and row["action"] == "accept":
        return "nil"
    return ACTIONS[row["action"]]


def summarise_file(site: Site, row: Row) -> dict[str, Any]:
    """What lists of files say of one."""
    return {
        "row": row,
        "state": state_of(row),
        "dataset": site.name_dataset(row["dataset"]),
        "reporter": site.name_reporter(row["reporter_code"] or row["folder"]),
    }


def _group(rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["submission_id"]].append(row)
    return grouped
