"""How a submission differs from the one accepted last, on the screen and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, islice
from typing import Any

from rich.markup import escape

from biaogan.messages import language, tell
from biaogan.names import name_form, name_reporter
from biaogan.screens import console, show_table
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.decide.model import Difference, LoneRow
from warehouse.gate.explanations import SUBJECT_JOINT

_Line = tuple[str, str, str, str, str, str]


def describe_form(
    expectations: Expectations, dataset: str | None, reporter: str | None, period: str | None
) -> str:
    """Title, reporter and period of a form; a question mark for what it does not say."""
    names = (name_form(dataset, expectations), name_reporter(reporter, expectations), period)
    return SUBJECT_JOINT.join(name or "?" for name in names)


def show_changes(difference: Difference, expectations: Expectations, most_lines: int) -> None:
    """Prints the totals, and changes of rows up to so many lines."""
    form = describe_form(
        expectations, difference.dataset, difference.reporter_code, difference.period
    )
    console.print(f"[bold]{escape(form)}[/bold]  {_compare_with(difference)}")
    totals = [
        (_title(item.title.of(language()), item.reporting_unit), *item.shown)
        for item in difference.totals
        if item.reporting_unit is None or item.delta != 0
    ]
    columns = [tell(name) for name in ("Total", "Before", "After", "Change")]
    if totals:
        show_table("", columns, totals)
    if difference.count == 0:
        if difference.against is not None and difference.is_readable:
            console.print(tell("No row differs."))
        return
    contract = expectations.contracts[difference.dataset or ""]
    lines = list(islice(_list_lines(difference, contract), most_lines))
    left = difference.count - len(lines)
    note = tell(
        "and {left} more: biaogan diff {number} --format json",
        left=left,
        number=difference.submission_id,
    )
    title = tell(
        "{changed} cells changed, {added} rows added, {removed} rows removed",
        changed=len(difference.changed),
        added=len(difference.added),
        removed=len(difference.removed),
    )
    columns = [tell(name) for name in ("What", "Row", "Cell", "Column", "Before", "After")]
    show_table(title, columns, lines, note=note if left else "")


def _compare_with(difference: Difference) -> str:
    facts = {"number": difference.submission_id, "against": difference.against}
    if not difference.is_readable:
        return tell("No row of submission {number} can be read, so nothing is compared.", **facts)
    if difference.against is None:
        return tell("Submission {number}; nothing was accepted before.", **facts)
    if difference.is_other_period:
        return tell(
            "Submission {number} against submission {against} of {period}, as nothing else was "
            "accepted for its own period.",
            period=difference.against_period,
            **facts,
        )
    return tell("Submission {number} against submission {against}, accepted last.", **facts)


def _title(title: str, reporting_unit: str | None) -> str:
    return SUBJECT_JOINT.join((title, reporting_unit)) if reporting_unit else title


def _list_lines(difference: Difference, contract: Contract) -> Iterator[_Line]:
    """One line a changed cell, then one a row that was added or removed, with what it says."""
    for cell in difference.changed:
        place = (cell.key, cell.address, cell.heading)
        yield (tell("changed"), *place, cell.before or "", cell.after or "")
    shown = [name not in contract.key for name in difference.columns]
    for row in difference.added:
        yield (tell("added"), row.key, row.address, "", "", _join(row, shown))
    for row in difference.removed:
        yield (tell("removed"), row.key, "", "", _join(row, shown), "")


def _join(row: LoneRow, shown: list[bool]) -> str:
    return SUBJECT_JOINT.join(cell for cell in compress(row.cells, shown) if cell)


def list_everything(difference: Difference) -> dict[str, Any]:
    """The whole difference for programs, every text as it is shown."""
    names = ("submission_id", "dataset", "reporter_code", "period", "against", "against_period")
    headings = list(difference.columns)
    lists = {
        name: [
            {
                "row": row.key,
                "address": row.address,
                "cells": dict(zip(headings, row.cells, strict=True)),
            }
            for row in rows
        ]
        for name, rows in (("added", difference.added), ("removed", difference.removed))
    }
    return {
        **{name: getattr(difference, name) for name in (*names, "is_readable")},
        "totals": [
            {
                "name": total.name,
                "title": total.title.of(language()),
                "reporting_unit": total.reporting_unit,
                **dict(zip(("before", "after", "change"), total.shown, strict=True)),
            }
            for total in difference.totals
        ],
        **lists,
        "changed": [
            {
                "row": cell.key,
                "address": cell.address,
                "column": cell.column,
                "heading": cell.heading,
                "before": cell.before,
                "after": cell.after,
            }
            for cell in difference.changed
        ],
    }
