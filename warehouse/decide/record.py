"""Records what a steward decides: each call takes the lease and appends in one transaction."""

from __future__ import annotations

from datetime import date, datetime

from warehouse.decide.answers import Explained, append_explanation
from warehouse.decide.decision import Action, Decided, append_decision, refuse_forbidden
from warehouse.decide.difference import compare_submission
from warehouse.decide.exemption import Exempted, Kind, append_exemption
from warehouse.decide.ledger import open_ledger, view_ledger
from warehouse.decide.model import Difference
from warehouse.decide.submission import find_submission
from warehouse.settings import Settings


def record_decision(
    settings: Settings,
    submission_id: int,
    action: Action,
    by: str,
    reason: str,
    at: datetime | None = None,
) -> Decided:
    """Accepts, returns or withdraws a submission; `append_decision` has the rules.

    Args:
        settings: the data root.
        submission_id: the submission.
        action: accept, return or withdraw.
        by: who decides.
        reason: why.
        at: a simulated clock; None for the real one.

    Raises:
        DecisionRefused: the submission may not be decided so.
        LeaseHeld: a night, or somebody else, holds the warehouse.
    """
    with open_ledger(settings, f"{action} {submission_id}", at) as ledger:
        return append_decision(ledger, submission_id, action, by, reason)


def record_explanation(
    settings: Settings,
    submission_id: int,
    rule_id: str,
    text: str,
    by: str,
    cell: str | None = None,
    column: str | None = None,
    until: date | None = None,
    at: datetime | None = None,
) -> Explained:
    """Writes down why findings of one rule are right; `append_explanation` has the rules.

    The last open question of a held submission answered, it is accepted by the same steward.

    Raises:
        DecisionRefused: there is no such finding, or it must be mended.
        LeaseHeld: a night, or somebody else, holds the warehouse.
    """
    with open_ledger(settings, f"explain {submission_id}", at) as ledger:
        return append_explanation(
            ledger, submission_id, rule_id, text, by, cell=cell, column=column, until=until
        )


def grant_exemption(
    settings: Settings,
    kind: Kind,
    dataset: str,
    reporter: str,
    period: str,
    by: str,
    reason: str,
    until: date | None = None,
    at: datetime | None = None,
) -> Exempted:
    """Grants an exception for one form; `append_exemption` has the rules.

    Raises:
        NotUnderstood: there is no such form, or the last day is missing or has passed.
        LeaseHeld: a night, or somebody else, holds the warehouse.
    """
    with open_ledger(settings, f"exempt {dataset} {period}", at) as ledger:
        return append_exemption(ledger, kind, dataset, reporter, period, by, reason, until)


def show_difference(
    settings: Settings, submission_id: int, action: Action | None = None
) -> Difference:
    """What a steward is shown before deciding.

    Args:
        settings: the data root.
        submission_id: the submission.
        action: what is about to be decided: refused here already if it may not be.

    Raises:
        DecisionRefused: there is no such submission, or it may not be decided so.
        FormLost: the rows of a rejected file cannot be had.
        LeaseHeld: a night, or somebody else, holds the warehouse.
    """
    with view_ledger(settings) as ledger:
        if action:
            submission = find_submission(ledger.connection, submission_id)
            refuse_forbidden(ledger, submission, action)
        return compare_submission(
            ledger.connection, ledger.expectations, submission_id, settings.archive
        )
