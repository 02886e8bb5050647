"""The ledger entries between two releases that can move a figure, and the cause of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

MOST_STEPS = 100
"""Beyond so many entries for one mart in one release, neighbours of one cause become one part."""


@dataclass(frozen=True)
class Entry:
    """A ledger entry that can move a figure.

    Attributes:
        cause: late_form, correction, withdrawal or decision.
        submission_id: None for an exemption, or where the entry stands for several.
        reporter_code: None where it stands for several.
    """

    sequence: int
    cause: str
    submission_id: int | None
    reporter_code: str | None
    decided_by: str | None


def list_entries(
    connection: duckdb.DuckDBPyConnection, cut: int, datasets: set[str]
) -> list[Entry]:
    """Entries since a cut for forms of some datasets.

    Of all periods: a name that gets its code in a later edition of a list has it in all editions.
    The gate's own hold and reject never take anything in or out.

    Args:
        connection: with the views open at the later cut.
        cut: of the release before.
        datasets: whose forms.
    """
    rows = connection.execute(
        """
        with form as (
            select submission_id, dataset, reporter_code, period
            from ledger.submission
            where list_contains($datasets, dataset)
        )

        select sequence, action, form.submission_id, form.dataset, form.reporter_code, form.period,
            decided_by
        from ledger.decision
        inner join form on decision.submission_id = form.submission_id
        where sequence <= getvariable('ledger_cut') and action not in ('hold', 'reject')
        union all
        select sequence, 'explain', form.submission_id, form.dataset, form.reporter_code,
            form.period, author
        from ledger.explanation
        inner join form on explanation.submission_id = form.submission_id
        where
            sequence <= getvariable('ledger_cut')
            and sequence > $cut
            and author is distinct from form.reporter_code
        union all
        select sequence, 'exempt', null, dataset, reporter_code, period, granted_by
        from ledger.exemption
        where
            sequence <= getvariable('ledger_cut')
            and sequence > $cut
            and list_contains($datasets, dataset)
        order by sequence
        """,
        {"datasets": sorted(datasets), "cut": cut},
    ).fetchall()
    accepted: dict[tuple[str, ...], set[int]] = {}
    entries = []
    for sequence, action, submission_id, *form, decided_by in rows:
        counting = accepted.setdefault(tuple(form), set())
        cause = _name_cause(action, decided_by, is_in=bool(counting))
        if action == "accept":
            counting.add(submission_id)
        elif action in {"withdraw", "return"}:
            counting.discard(submission_id)
        if sequence > cut:
            entries.append(Entry(sequence, cause, submission_id, form[1], decided_by))
    return _merge_neighbours(entries)


def _name_cause(action: str, decided_by: str, *, is_in: bool) -> str:
    if action == "withdraw":
        return "withdrawal"
    if action != "accept" or decided_by != "gate":
        return "decision"
    return "correction" if is_in else "late_form"


def _merge_neighbours(entries: list[Entry]) -> list[Entry]:
    if len(entries) <= MOST_STEPS:
        return entries
    size = -(-len(entries) // MOST_STEPS)
    merged: list[Entry] = []
    for _, group in groupby(entries, key=lambda entry: entry.cause):
        same = list(group)
        merged += [_merge(same[start : start + size]) for start in range(0, len(same), size)]
    return merged


def _merge(entries: list[Entry]) -> Entry:
    """One entry for several: the last one's place, and what all of them have in common."""

    def share(name: str) -> Any:  # noqa: ANN401 - a number or a text
        found = {getattr(entry, name) for entry in entries}
        return found.pop() if len(found) == 1 else None

    return Entry(
        entries[-1].sequence,
        entries[-1].cause,
        share("submission_id"),
        share("reporter_code"),
        share("decided_by"),
    )
