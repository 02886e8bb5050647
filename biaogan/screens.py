"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from biaogan.messages import language, tell
from biaogan.names import name_form, name_reporter
from warehouse.contracts.load import Expectations
from warehouse.settings import CITY_TIME

if TYPE_CHECKING:
    from warehouse.night import NightReport

console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
VERDICT_STYLES = {
    "accepted": "green",
    "held": "yellow",
    "rejected": "red",
    "identical": "dim",
    "waiting": "magenta",
}
MOST_LINES = 60
SEVERITIES = ("must_fix", "explain", "notice")


def show_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, note: str = ""
) -> None:
    """Prints a table; blank cells stay blank."""
    table = Table(title=title, title_justify="left", caption=note or None)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else _plain(cell) for cell in row))
    console.print(table)


def _plain(cell: object) -> str:
    """A cell as it is: brackets in a file's name are no markup."""
    return "" if cell is None else escape(str(cell))


def show_json(data: object) -> None:
    """Prints JSON, one value, nothing else."""
    console.file.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")


def show_night(report: NightReport, expectations: Expectations) -> None:
    """Prints what a night did."""
    at = report.clock.at.astimezone(CITY_TIME)
    note = tell(" (replayed on a simulated clock)") if report.clock.is_replayed else ""
    console.print(f"[bold]{tell('Night of {at}', at=f'{at:%Y-%m-%d %H:%M}')}{note}[/bold]")
    if report.taken_over_from:
        run = escape(report.taken_over_from)
        console.print(tell("Taken over from a run that was killed: {run}", run=run))
    for source in report.sources:
        if source.error:
            said = tell("Source down: {name}", name=escape(source.source))
            console.print(f"[red]{said}[/red] {escape(source.error)}")
    for dataset, rules in report.broken.items():
        for rule, reason in rules.items():
            said = tell("{dataset}: rule {rule} could not be run", dataset=dataset, rule=rule)
            console.print(f"[red]{said}[/red] {escape(reason)}")
    if not report.submissions:
        console.print(tell("Nothing new arrived."))
    else:
        _show_submissions(report, expectations)
    for stage, reason in report.failures.items():
        said = tell("Not done, the next run does it: {stage}", stage=tell(stage))
        console.print(f"[red]{said}[/red] {escape(reason)}")
    for sentence in report.notes:
        console.print(escape(sentence.of(language())), style="yellow")
    timings = "  ".join(f"{tell(stage)} {spent:.2f} s" for stage, spent in report.seconds.items())
    console.print(tell("Timings: {timings}", timings=timings))


def _show_submissions(report: NightReport, expectations: Expectations) -> None:
    rows = [_submission_line(row, expectations) for row in report.submissions]
    shown = sorted(rows, key=lambda row: row[1])[:MOST_LINES]
    left = len(rows) - len(shown)
    note = tell("and {left} more: biaogan status", left=left) if left else ""
    columns = ("No.", "Verdict", "Form", "Reporter", "Period", "File", *SEVERITIES)
    styled = [(row[0], Text(tell(row[1]), style=VERDICT_STYLES[row[1]]), *row[2:]) for row in shown]
    show_table(tell("Submissions"), [tell(column) for column in columns], styled, note=note)
    counts = "  ".join(
        f"{tell(severity)} {report.findings.get(severity, 0)}" for severity in SEVERITIES
    )
    console.print(tell("Findings: {counts}", counts=counts))


def _submission_line(row: Mapping[str, Any], expectations: Expectations) -> tuple[Any, ...]:
    title = name_form(row.get("dataset"), expectations)
    sender = row.get("reporter_code") or row["folder"]
    name = name_reporter(sender, expectations) or row["folder"]
    counts = [row["findings"].get(severity) for severity in SEVERITIES]
    facts = (title, name, row.get("period"), row["file_name"])
    return (row["submission_id"], row["verdict"], *facts, *counts)
