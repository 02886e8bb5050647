"""Compares a submission with the one accepted last, row by row by the contract's key and in sum.

Nothing is capped: a screen cuts what it shows, and says so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.decide.failure import FormLost
from warehouse.decide.model import ChangedCell, Difference, LoneRow
from warehouse.decide.rows import Rows, keep_rows, read_form_again, select_cells, type_form_again
from warehouse.decide.submission import Submission, find_submission
from warehouse.decide.totals import compare_totals, head_column
from warehouse.gate.explanations import SUBJECT_JOINT
from warehouse.periods import Period
from warehouse.read.form import Form
from warehouse.read.headings import compared_columns
from warehouse.read.sheet import cell_address

_Places = dict[str, dict[str, int]]
"""Position (0 = A) of each column by sheet."""


def compare_submission(
    connection: duckdb.DuckDBPyConnection,
    expectations: Expectations,
    submission_id: int,
    archive: Path | None = None,
    *,
    across_periods: bool = True,
) -> Difference:
    """How a submission differs from the last accepted one of its obligation, other than itself.

    Where nothing else was accepted for its period, the one that counts for the period before
    stands in. Rows of accepted and held files are in core. A rejected file has none there: it is
    read again from the archive, with the contracts in force.

    Args:
        connection: on which `open_views` was called; what is accepted is so as of its cut.
        expectations: contracts and codes.
        submission_id: the submission.
        archive: every file ever received. Without it, addresses name rows instead of cells, and a
            rejected file cannot be compared.
        across_periods: list rows and cells also where the form of another period stands in and the
            forms are no snapshots: what happened in two periods is no change.

    Raises:
        DecisionRefused: there is no such submission.
        FormLost: the rows of a rejected file cannot be had.
    """
    submission = find_submission(connection, submission_id)
    difference = Difference(submission_id, *submission.obligation)
    contract = expectations.contracts.get(difference.dataset or "")
    if contract is None or None in submission.obligation:
        return replace(difference, is_readable=False)
    reader = _Reader(connection, expectations, archive, submission)
    after = reader.open_rows(contract)
    if after is None:
        return replace(difference, is_readable=False)
    against, period, before = _find_accepted(connection, contract, submission)
    difference = replace(
        difference,
        against=against,
        against_period=period,
        is_snapshot=contract.content == "snapshot",
        columns={column.name: head_column(column) for column in compared_columns(contract)},
        totals=compare_totals(connection, contract, expectations, before, after),
    )
    if before is None or not (across_periods or difference.is_comparable):
        return difference
    found = connection.execute(
        _DIFFERING.format(
            before=select_cells(contract, before), after=select_cells(contract, after)
        )
    ).fetchall()
    return _describe(difference, contract, found, reader.find_places(contract) if found else {})


_DIFFERING = """
    with before as ({before}),

    after as ({after})

    select
        coalesce(after.key, before.key),
        coalesce(after.source_sheet, before.source_sheet) as source_sheet,
        coalesce(after.source_row, before.source_row) as source_row,
        before.cells,
        after.cells
    from before
    full join after on before.key = after.key and before.occurrence = after.occurrence
    where before.cells is distinct from after.cells
    order by source_sheet, source_row
"""
"""Within lists DuckDB holds two blanks to be equal, so that a key may have blank parts."""


class _Reader:
    """Reads a submission's file again, at most once, where its rows or places ask for it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        expectations: Expectations,
        archive: Path | None,
        submission: Submission,
    ) -> None:
        self._connection = connection
        self._expectations = expectations
        self._archive = archive
        self._submission = submission

    @cached_property
    def _form(self) -> Form:
        row = self._connection.execute("select getvariable('night_at')::date").fetchone()
        today = row[0] if row else date.max
        return read_form_again(self._submission.facts, self._expectations, self._archive, today)

    def open_rows(self, contract: Contract) -> Rows | None:
        """The rows of the submission; None where none can be read."""
        submission = self._submission
        if submission.is_kept:
            return keep_rows(contract, submission.submission_id, is_nil=submission.facts["is_nil"])
        return type_form_again(
            self._connection, contract, self._expectations, submission.submission_id, self._form
        )

    def find_places(self, contract: Contract) -> _Places:
        """Where each column stands; nothing where the file is lost, or another form by now."""
        with suppress(FormLost):
            if self._form.identity.contract is contract:
                return self._form.columns_at
        return {}


def _find_accepted(
    connection: duckdb.DuckDBPyConnection, contract: Contract, submission: Submission
) -> tuple[int | None, str | None, Rows | None]:
    """The last accepted submission of the same period, else of the one before, and its rows."""
    dataset, reporter_code, period = submission.obligation
    row = connection.execute(
        """
        select submission.submission_id, submission.period, submission.is_nil
        from ledger.submission as submission
        inner join core_verdict as verdict on submission.submission_id = verdict.submission_id
        where
            verdict.action = 'accept'
            and submission.dataset = $dataset
            and submission.reporter_code = $reporter_code
            and submission.period in ($period, $previous)
            and submission.submission_id <> $submission_id
        order by submission.period = $period desc, submission.submission_id desc
        limit 1
        """,
        {
            "dataset": dataset,
            "reporter_code": reporter_code,
            "period": period,
            "previous": str(Period.parse(str(period)).previous),
            "submission_id": submission.submission_id,
        },
    ).fetchone()
    if row is None:
        return None, None, None
    number, of_period, is_nil = row
    return number, of_period, keep_rows(contract, number, is_nil=is_nil)


def _describe(
    difference: Difference, contract: Contract, found: list[tuple[Any, ...]], places: _Places
) -> Difference:
    """Sorts what differs into rows added, rows removed and cells changed."""
    added, removed, changed = [], [], []
    for key, sheet, row, before, after in found:
        shown = SUBJECT_JOINT.join(part or "" for part in key)
        at = {name: cell_address(row, place) for name, place in places.get(sheet, {}).items()}
        if after is None:
            removed.append(LoneRow(shown, sheet, row, None, tuple(before)))
        elif before is None:
            added.append(LoneRow(shown, sheet, row, at.get(contract.key[0]), tuple(after)))
        else:
            cells = zip(difference.columns.items(), before, after, strict=True)
            changed += [
                ChangedCell(shown, sheet, row, at.get(name), name, heading, old, new)
                for (name, heading), old, new in cells
                if old != new
            ]
    return replace(difference, added=tuple(added), removed=tuple(removed), changed=tuple(changed))
