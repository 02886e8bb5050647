"""A steward's decision: which are allowed on a submission as it stands, and what they append."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from warehouse.contracts.model import Text
from warehouse.decide.answers import append_answers
from warehouse.decide.failure import DecisionRefused
from warehouse.decide.ledger import Ledger
from warehouse.decide.model import write_place
from warehouse.decide.submission import Submission, find_submission
from warehouse.decide.texts import require_name, require_reason

Action = Literal["accept", "return", "withdraw"]
_NAMED_PLACES = 3
_STATES = {
    "accept": Text(zh="已接受", en="accepted"),
    "hold": Text(zh="待核实", en="held"),
    "reject": Text(zh="未通过审核", en="rejected"),
    "return": Text(zh="已退回", en="returned"),
    "withdraw": Text(zh="已撤回", en="withdrawn"),
}


@dataclass(frozen=True)
class Decided:
    """A decision that stands in the ledger; it takes effect at the next build.

    Attributes:
        at: by whose clock.
        answered: explanations recorded with an acceptance, from its reason.
        counting: the submission that counts for the obligation from the next build on.
    """

    submission_id: int
    action: Action
    by: str
    reason: str
    at: datetime
    answered: int
    counting: int | None


def append_decision(
    ledger: Ledger, submission_id: int, action: Action, by: str, reason: str
) -> Decided:
    """Appends one decision; accepting answers what is still open with the decision's reason.

    Raises:
        DecisionRefused: the submission may not be decided so.
        NotUnderstood: nobody is named, or no reason.
    """
    by, reason = require_name(by), require_reason(reason)
    submission = find_submission(ledger.connection, submission_id)
    refuse_forbidden(ledger, submission, action)
    answered = 0
    if action == "accept":
        answered = append_answers(ledger, submission, _list_open(ledger, submission), reason, by)
    decision = {"action": action, "decided_by": by, "reason": reason}
    ledger.append("decision", [{"submission_id": submission_id} | decision])
    counting = ledger.find_counting(submission.obligation)
    return Decided(submission_id, action, by, reason, ledger.clock.at, answered, counting)


def refuse_forbidden(ledger: Ledger, submission: Submission, action: Action) -> None:
    """Lets pass only what may be decided on a submission as it stands.

    Raises:
        DecisionRefused: it was decided so before, must be mended first, or does not count anyway.
    """
    if action == "accept":
        _refuse_faulty(ledger, submission)
    is_open = action == "accept" and bool(_list_open(ledger, submission))
    if submission.action == action and not is_open:
        raise _refuse(
            submission,
            zh=f"{_STATES[action].zh}：由{submission.decided.zh}。",
            en=f"was {_STATES[action].en} already {submission.decided.en}.",
        )
    if action == "return" and submission.action not in {"accept", "hold"}:
        raise _refuse(
            submission,
            zh=f"{_STATES[submission.action].zh}（由{submission.decided.zh}），不计入统计，无须再退回。",
            en=f"was {_STATES[submission.action].en} {submission.decided.en} and does not count; "
            "there is nothing to return.",
        )


def _refuse_faulty(ledger: Ledger, submission: Submission) -> None:
    """What has anything to mend is never accepted, whoever asks; its rows are in no table."""
    faults = ledger.connection.execute(
        "select sheet, source_row, cell, rule_id from ledger.finding "
        "where submission_id = ? and severity = 'must_fix' order by finding_number",
        [submission.submission_id],
    ).fetchall()
    if not faults and submission.is_kept:
        return
    named = [
        write_place(sheet, row, cell) if row else rule
        for sheet, row, cell, rule in faults[:_NAMED_PLACES]
    ]
    more = len(faults) > _NAMED_PLACES
    raise _refuse(
        submission,
        zh=f"有 {len(faults)} 处必须改正：{'、'.join(named)}{' 等' if more else ''}。"
        "须由填报单位改正后重报，任何人都不能放行。",
        en=f"must be mended ({len(faults)} must_fix: {', '.join(named)}{' …' if more else ''}). "
        "Its reporter mends or resends it; nobody may wave through a must_fix.",
    )


def _list_open(ledger: Ledger, submission: Submission) -> list[tuple[Any, ...]]:
    """Rule, column and subject of each question nobody has answered."""
    return ledger.connection.execute(
        "select rule_id, column_name, subject from core_finding "
        "where submission_id = ? and severity = 'explain' and is_open order by finding_number",
        [submission.submission_id],
    ).fetchall()


def _refuse(submission: Submission, *, zh: str, en: str) -> DecisionRefused:
    number = submission.submission_id
    return DecisionRefused(Text(zh=f"{number} 号报送{zh}", en=f"Submission {number} {en}"))
