"""The commands by which a steward decides: accept, return, withdraw, explain, exempt, diff."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import cast, get_args

import typer
from rich.markup import escape

from biaogan.difference import describe_form, list_everything, show_changes
from biaogan.messages import language, tell
from biaogan.screens import MOST_LINES, console, show_json
from warehouse.contracts.load import load_expectations
from warehouse.decide.decision import Action
from warehouse.decide.exemption import Kind
from warehouse.decide.failure import DecisionRefused, FormLost, NotUnderstood
from warehouse.decide.record import (
    grant_exemption,
    record_decision,
    record_explanation,
    show_difference,
)
from warehouse.decide.texts import require_name, require_reason
from warehouse.settings import load_settings

WRONG_USE = 2
LINES_BEFORE_DECIDING = 20


def decide(
    submission_id: int, action: Action, by: str, reason: str, at: datetime | None, *, yes: bool
) -> int:
    """Shows the difference, asks, and records the decision; 1 where the answer is no."""
    if not yes and not sys.stdin.isatty():
        said = tell(
            "Nobody is there to ask: say --yes. biaogan diff {number} shows what would change.",
            number=submission_id,
        )
        console.print(said)
        return WRONG_USE
    try:
        by, reason = require_name(by), require_reason(reason)
    except NotUnderstood as unclear:
        return _print_fault(unclear)
    settings = load_settings()
    expectations = load_expectations(extra=settings.expectations_extra)
    try:
        difference = show_difference(settings, submission_id, action)
        show_changes(difference, expectations, LINES_BEFORE_DECIDING)
    except FormLost as lost:
        _print_fault(lost)
    question = tell("{action} submission {number}?", action=tell(action), number=submission_id)
    if not yes and not typer.confirm(question):
        console.print(tell("Nothing was decided."))
        return 1
    decided = record_decision(settings, submission_id, action, by, reason, at)
    said = tell(
        "Recorded by {by}: {action} submission {number}.",
        by=escape(decided.by),
        action=tell(action),
        number=submission_id,
    )
    console.print(said)
    if decided.answered:
        said = tell("The reason answers {count} open questions.", count=decided.answered)
        console.print(said)
    _show_counting(submission_id, decided.counting)
    return 0


def explain(
    submission_id: int,
    rule: str,
    by: str,
    reason: str,
    cell: str | None,
    until: str | None,
    at: datetime | None,
) -> int:
    """Records why findings of one rule are right as they stand."""
    last_day = _read_day(until)
    try:
        done = record_explanation(
            load_settings(), submission_id, rule, reason, by, cell=cell, until=last_day, at=at
        )
    except NotUnderstood as unclear:
        return _print_fault(unclear)
    facts = {"rule": done.rule_id, "number": submission_id, "by": escape(done.by)}
    console.print(
        tell(
            "Recorded by {by}: {count} findings of {rule} on submission {number} are explained.",
            count=done.answered,
            **facts,
        )
    )
    if done.until:
        said = tell("The same findings of later periods are answered until {day}.", day=done.until)
        console.print(said)
    if done.left:
        console.print(tell("Open questions left: {count}.", count=done.left))
    if done.is_accepted:
        console.print(tell("Nothing holds it any more, so the submission is accepted."))
        _show_counting(submission_id, done.counting)
    console.print(tell("{rule} was explained {count} times so far.", count=done.times, **facts))
    return 0


def exempt(
    dataset: str,
    reporter: str,
    period: str,
    kind: str,
    by: str,
    reason: str,
    until: str | None,
    at: datetime | None,
) -> int:
    """Grants an exception for one form: from its lock, or from sending it."""
    if kind not in get_args(Kind):
        console.print("--kind: lock | excuse")
        return WRONG_USE
    settings, last_day = load_settings(), _read_day(until)
    try:
        done = grant_exemption(
            settings, cast("Kind", kind), dataset, reporter, period, by, reason, last_day, at
        )
    except NotUnderstood as unclear:
        return _print_fault(unclear)
    expectations = load_expectations(extra=settings.expectations_extra)
    form = describe_form(expectations, done.dataset, done.reporter_code, done.period)
    facts = {"by": escape(done.by), "form": form}
    if done.kind == "lock":
        console.print(tell("Recorded by {by}: {form} may be changed after its lock.", **facts))
    else:
        console.print(tell("Recorded by {by}: {form} need not be sent.", **facts))
    if done.until:
        console.print(tell("The last day it holds is {day}.", day=done.until))
    return 0


def show_diff(submission_id: int, output: str) -> int:
    """Prints how a submission differs from the one accepted last."""
    settings = load_settings()
    difference = show_difference(settings, submission_id)
    if output == "json":
        show_json(list_everything(difference))
    else:
        show_changes(difference, load_expectations(extra=settings.expectations_extra), MOST_LINES)
    return 0


def _print_fault(fault: DecisionRefused) -> int:
    console.print(escape(fault.of(language())))
    return WRONG_USE


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        said = tell("not a day: {text}; write 2020-10-22", text=text)
        raise typer.BadParameter(said) from error


def _show_counting(submission_id: int, counting: int | None) -> None:
    """Says which submission counts for the obligation from the next build on."""
    if counting is None:
        console.print(tell("From the next night on nothing counts for its form and period."))
    elif counting == submission_id:
        console.print(tell("From the next night on it counts."))
    else:
        said = tell("From the next night on submission {number} counts.", number=counting)
        console.print(said)
