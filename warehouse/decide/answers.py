"""Explanations a steward writes down: which findings they answer, and until when."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.contracts.model import Text, list_asking
from warehouse.decide.failure import DecisionRefused
from warehouse.decide.ledger import Ledger
from warehouse.decide.model import write_place
from warehouse.decide.submission import Submission, find_submission
from warehouse.decide.texts import require_future, require_name, require_reason
from warehouse.gate.revisions import ONCE

_NAMED = 5


@dataclass(frozen=True)
class Explained:
    """An explanation that stands in the ledger; it takes effect at the next build.

    Attributes:
        answered: findings it answers; those about the same thing are one explanation.
        left: questions of the submission that are still open.
        is_accepted: the last question that held a submission was answered, so it was accepted.
        counting: the submission that counts for the obligation from the next build on.
        times: explanations of this rule in this dataset so far, this one with them.
    """

    submission_id: int
    rule_id: str
    by: str
    text: str
    until: date | None
    answered: int
    left: int
    is_accepted: bool
    counting: int | None
    times: int


def append_explanation(
    ledger: Ledger,
    submission_id: int,
    rule_id: str,
    text: str,
    by: str,
    *,
    cell: str | None = None,
    column: str | None = None,
    until: date | None = None,
) -> Explained:
    """Appends an explanation of findings of one rule; a later one takes the place of an earlier.

    Args:
        ledger: opened to be written.
        submission_id: the submission that has the findings.
        rule_id: the rule that asks.
        text: why the figure is right.
        by: who says so.
        cell: only findings at this address, `B7` or `sheet!B7`; without it, all of the rule that
            are still open, or all of it where none is.
        column: only findings of this column, by name or heading.
        until: the last day it answers the same findings of later periods; None: this period only.

    Raises:
        DecisionRefused: there is no such finding, none that asks for an explanation, or one that
            is asked once for each submission and given a last day.
        NotUnderstood: nobody is named, no text is given, or the last day has passed.
    """
    by, text = require_name(by), require_reason(text)
    require_future(until, ledger.today)
    submission = find_submission(ledger.connection, submission_id)
    if until and rule_id in ONCE:
        raise _refuse(
            submission,
            zh=f"的问题 {rule_id} 每份报送各说明一次，没有有效期；请去掉截止日期。",
            en=f"is asked {rule_id} once, for itself alone: leave the last day out.",
        )
    found = _list_findings(ledger, submission)
    chosen = _choose(ledger, submission, found, rule_id, cell, column)
    if cell is None:
        chosen = [item for item in chosen if item["is_open"]] or chosen
    append_answers(
        ledger, submission, [(rule_id, item["column_name"], item["subject"]) for item in chosen],
        text, by, until,
    )  # fmt: skip
    left = [item["rule_id"] for item in _list_findings(ledger, submission) if item["is_open"]]
    asking = list_asking(ledger.expectations.codes.common_rules)
    holding = set(left).difference(asking)
    is_accepted = submission.action == "hold" and not holding
    if is_accepted:
        decision = {"action": "accept", "decided_by": by, "reason": text}
        ledger.append("decision", [{"submission_id": submission_id} | decision])
    dataset, *_ = submission.obligation
    return Explained(
        submission_id,
        rule_id,
        by=by,
        text=text,
        until=until,
        answered=len(chosen),
        left=len(left),
        is_accepted=is_accepted,
        counting=ledger.find_counting(submission.obligation),
        times=count_explanations(ledger).get((dataset, rule_id), 0),
    )


def append_answers(
    ledger: Ledger,
    submission: Submission,
    findings: Iterable[tuple[str, str | None, str]],
    text: str,
    by: str,
    until: date | None = None,
) -> int:
    """Appends one explanation for each rule, column and subject, and tells how many."""
    answered = list(dict.fromkeys(findings))
    dataset, reporter_code, period = submission.obligation
    first = ledger.number("explanation")
    ledger.append(
        "explanation",
        [
            {
                "explanation_id": number,
                "submission_id": submission.submission_id,
                "dataset": dataset,
                "reporter_code": reporter_code,
                "period": period,
                "rule_id": rule_id,
                "column_name": column_name,
                "subject": subject,
                "explanation": text,
                "author": by,
                "valid_until": until,
            }
            for number, (rule_id, column_name, subject) in enumerate(answered, start=first)
        ],
    )
    return len(answered)


def count_explanations(ledger: Ledger) -> dict[tuple[str | None, str], int]:
    """How often each rule of each dataset was explained: a rule only ever explained asks in vain.

    One given for a later period, or in place of an earlier one, counts again; one that stands over
    several periods was given once.
    """
    rows = ledger.connection.execute(
        """
        select dataset, rule_id, count(*)
        from ledger.explanation
        where sequence <= getvariable('ledger_cut')
        group by dataset, rule_id
        """
    ).fetchall()
    return {(dataset, rule_id): count for dataset, rule_id, count in rows}


def _list_findings(ledger: Ledger, submission: Submission) -> list[dict[str, Any]]:
    cursor = ledger.connection.execute(
        "select rule_id, severity, sheet, source_row, cell, column_name, subject, "
        "severity = 'explain' and is_open as is_open "
        "from core_finding where submission_id = ? order by finding_number",
        [submission.submission_id],
    )
    names = [name for name, *_ in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _choose(
    ledger: Ledger,
    submission: Submission,
    found: list[dict[str, Any]],
    rule_id: str,
    cell: str | None,
    column: str | None,
) -> list[dict[str, Any]]:
    """The findings of a rule at the cell and in the column named, all that ask for a reason."""
    of_rule = [item for item in found if item["rule_id"] == rule_id]
    names = _names_of_column(ledger, submission, column)
    chosen = [
        item
        for item in of_rule
        if (cell is None or _stands_at(item, cell))
        and (column is None or item["column_name"] in names)
    ]
    if not chosen:
        asking = [item for item in of_rule or found if item["severity"] == "explain"]
        raise _miss(submission, rule_id, asking)
    if any(item["severity"] == "must_fix" for item in chosen):
        raise _refuse(
            submission,
            zh=f"的问题 {rule_id} 必须改正，不能用说明代替；请填报单位改正后重报。",
            en=f"must mend {rule_id}: a must_fix is never explained. Its reporter mends it and "
            "sends it again.",
        )
    if any(item["severity"] == "notice" for item in chosen):
        raise _refuse(
            submission,
            zh=f"的问题 {rule_id} 只是提示，不需要说明。",
            en=f"needs no explanation for {rule_id}: it is only a notice.",
        )
    return chosen


def _stands_at(finding: dict[str, Any], cell: str) -> bool:
    sheet, _, address = unicodedata.normalize("NFKC", cell).strip().rpartition("!")
    sheets = {"", unicodedata.normalize("NFKC", finding["sheet"])}
    return finding["cell"] == address.upper().replace("$", "") and sheet.strip("'") in sheets


def _names_of_column(ledger: Ledger, submission: Submission, column: str | None) -> set[str]:
    """The column of that name or heading."""
    dataset, *_ = submission.obligation
    contract = ledger.expectations.contracts.get(dataset or "")
    columns = contract.columns if contract else {}
    return {name for name, entry in columns.items() if column in {name, entry.heading}}


def _miss(submission: Submission, rule_id: str, asking: list[dict[str, Any]]) -> DecisionRefused:
    places = [
        f"{item['rule_id']} ({write_place(item['sheet'], item['source_row'], item['cell'])})"
        if item["source_row"]
        else item["rule_id"]
        for item in asking
    ]
    places = list(dict.fromkeys(places))
    named = ", ".join(places[:_NAMED])
    more = " …" if len(places) > _NAMED else ""
    return _refuse(
        submission,
        zh=f"在此处没有 {rule_id} 的问题；"
        + (f"可以说明的有：{named}{more}。" if named else "没有需要说明的问题。"),
        en=f"has no finding of {rule_id} there; "
        + (f"what can be explained: {named}{more}." if named else "nothing asks for a reason."),
    )


def _refuse(submission: Submission, *, zh: str, en: str) -> DecisionRefused:
    number = submission.submission_id
    return DecisionRefused(Text(zh=f"{number} 号报送{zh}", en=f"Submission {number} {en}"))
