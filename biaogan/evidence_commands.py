"""The commands that show what stands behind a figure, and verify it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text as Styled

from biaogan.messages import language, tell
from biaogan.options import Format, read_day, read_format
from biaogan.screens import console, show_json, show_table

if TYPE_CHECKING:
    from warehouse.contracts.load import Expectations
    from warehouse.evidence.finding import Check

app = typer.Typer()

_MOST_LINES = 30
"""Rows on the screen; the page and the JSON have all."""


@app.command()
def evidence(
    series: Annotated[str, typer.Argument(help="such as std_total_count")],
    period: Annotated[str, typer.Argument(help="such as 2020Q3")],
    unit: Annotated[str | None, typer.Option(help="reporting unit; else the city")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="as was known on a day: 2020-10-27")
    ] = None,
    release: Annotated[int | None, typer.Option("--release", help="number of a release")] = None,
    target: Annotated[Path | None, typer.Option("-o", "--output", help="page to write")] = None,
    output: Annotated[str | None, typer.Option("--format", help="table | json | html")] = None,
) -> None:
    """Show what stands behind a figure: rows, files, cells, decisions, releases."""
    if as_of is not None and release is not None:
        raise typer.BadParameter("--as-of | --release")
    chosen = output or ("html" if target else "table")
    if chosen not in {"table", "json", "html"}:
        raise typer.BadParameter("--format: table | json | html")
    document = _gather(series, period, unit, as_of, release)
    text = _write(document, chosen)
    if target is not None:
        target.write_text(text or "", encoding="utf-8")
        console.print(tell("Evidence written: {path}", path=target))
    elif text is not None:
        typer.echo(text, nl=False)
    else:
        _show(document)


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="a page written by biaogan evidence")] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="without a file: read all originals again")
    ] = False,
    output: Format = "table",
) -> None:
    """Verify an evidence page, or without one all that is kept; 1 where something does not hold."""
    shown = read_format(output)
    checks = _verify_root(deep=deep) if file is None else _verify_file(file)
    if shown == "json":
        show_json([_list_check(check) for check in checks])
    else:
        _show_checks(checks)
    raise typer.Exit(0 if all(check.holds for check in checks) else 1)


def _gather(
    series: str, period: str, unit: str | None, as_of: str | None, release: int | None
) -> dict[str, Any]:
    from warehouse.evidence.figure import find_series
    from warehouse.evidence.gather import Gatherer
    from warehouse.evidence.release import look_at_release
    from warehouse.night.rules import load_rules
    from warehouse.settings import load_settings

    settings = load_settings()
    rules = load_rules(settings)
    with look_at_release(settings, rules, read_day(as_of), release) as look:
        code = find_series(look.connection, series, look.release.release_id)
        gatherer = Gatherer(look.connection, settings, look.rules, look.release)
        place = _find_unit(look.rules.expectations, unit)
        return gatherer.gather(code, period, place).document


def _find_unit(expectations: Expectations, unit: str | None) -> str:
    """The code of a unit given by code or name; the city's where none is given."""
    for item in expectations.codes.reporting_units:
        if unit in {item.code, item.name, item.name_en} or (unit is None and item.is_city):
            return item.code
    return unit or ""


def _write(document: dict[str, Any], chosen: str) -> str | None:
    """The document as a page or as JSON; None for the screen."""
    from warehouse.evidence.page import render_alone

    if chosen == "html":
        return render_alone(document)
    if chosen == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return None


def _show(document: dict[str, Any]) -> None:
    from warehouse.site.evidence_page import find_rule, word_rules, write_thousands
    from warehouse.site.subjects import STATUSES

    figure, release = document["figure"], document["release"]
    value = tell("not applicable") if figure["value"] is None else write_thousands(figure["value"])
    head = (figure["name"][language()], figure["reporting_unit"][language()], figure["period"])
    shown = f"{figure['qualifier'] or ''}{value} {figure['unit']}"
    console.print(f"[bold]{escape('  '.join(head))}[/bold]  {escape(shown)}")
    console.print(
        tell(
            "{status}; {included} of {expected} forms counted; release {release} of {day}",
            status=STATUSES[figure["status"]].of(language()),
            included=figure["included_submissions"],
            expected=figure["expected_submissions"],
            release=release["release_id"],
            day=release["published_at"][:10],
        )
    )
    if release["is_replayed"]:
        console.print(tell("Replayed history: no record of that day."))
    if figure["break_reason"]:
        said = tell(
            "Not comparable with the period before: {reason}", reason=figure["break_reason"]
        )
        console.print(escape(said))
    console.print(escape(word_rules()[find_rule(document)].of(language())))
    if document["twin"]:
        twin = document["twin"]
        said = tell(
            "The other source, {series}, has {value} {unit}.",
            series=twin["series_code"],
            value=write_thousands(twin["value"]),
            unit=twin["unit"],
        )
        console.print(escape(said))
    _show_rows(document)
    _show_files(document)
    _show_vintages(document)


def _show_rows(document: dict[str, Any]) -> None:
    lines = list(islice(_list_rows(document), _MOST_LINES))
    left = document["row_count"] - len(lines)
    note = tell("and {left} more: -o FILE.html or --format json has all", left=left) if left else ""
    title = tell("{count} rows make {total}", count=document["row_count"], total=document["total"])
    show_table(title, [tell(name) for name in ("Place", "Row", "Adds")], lines, note=note)


def _list_rows(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    from warehouse.site.evidence_page import write_place, write_thousands

    files = {item["submission_id"]: item["file_name"] for item in document["submissions"]}
    for row in document["rows"]:
        place = write_place(files[row["submission_id"]], row)
        yield place, row["key"], write_thousands(row["adds"])


def _show_files(document: dict[str, Any]) -> None:
    rows = [
        (
            str(item["submission_id"]),
            item["reporter"][language()],
            item["file_name"] or "",
            (item["known_at"] or "")[:10],
            _name_decision(item["decisions"]),
            item["sha256"] or "",
        )
        for item in document["submissions"]
    ]
    names = ("Submission", "Reporter", "File", "Arrived", "Decision", "SHA-256")
    show_table(tell("Files"), [tell(name) for name in names], rows)


def _name_decision(decisions: Sequence[dict[str, Any]]) -> str:
    """The decision in force, as the state it leads to."""
    from warehouse.site.signs import ACTIONS, STATES

    return STATES[ACTIONS[decisions[-1]["action"]]].word.of(language()) if decisions else ""


def _show_vintages(document: dict[str, Any]) -> None:
    from warehouse.site.evidence_page import write_thousands
    from warehouse.site.subjects import STATUSES

    rows = [
        (
            f"{item['release_id']}–{item['last_release_id']}",
            item["published_at"][:10],
            write_thousands(item["value"]) if item["is_present"] else "—",
            STATUSES[item["status"]].of(language()) if item["is_present"] else "",
        )
        for item in document["vintages"]
    ]
    names = ("Releases", "From", "Value", "Status")
    show_table(tell("What releases said"), [tell(name) for name in names], rows)


def _verify_file(file: Path) -> Sequence[Check]:
    from warehouse.evidence.page import read_document
    from warehouse.evidence.release import look_at_release
    from warehouse.evidence.verify import verify_document
    from warehouse.night.rules import load_rules
    from warehouse.settings import load_settings

    try:
        html = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        said = tell("The file {path} cannot be read: {reason}.", path=file, reason=reason)
        raise typer.BadParameter(said) from error
    document = read_document(html, file.name)
    settings = load_settings()
    number = int(document["release"]["release_id"])
    with look_at_release(settings, load_rules(settings), number=number) as look:
        return verify_document(look, document, html)


def _verify_root(*, deep: bool) -> Sequence[Check]:
    from warehouse.evidence.release import look_at_release
    from warehouse.evidence.verify_root import verify_root
    from warehouse.night.rules import load_rules
    from warehouse.settings import load_settings

    settings = load_settings()
    with look_at_release(settings, load_rules(settings)) as look:
        return verify_root(look, deep=deep)


def _show_checks(checks: Sequence[Check]) -> None:
    spoken = language()
    rows = [
        (
            Styled(
                tell("holds") if check.holds else tell("does not hold"),
                style="green" if check.holds else "red",
            ),
            check.seen.of(spoken),
        )
        for check in checks
    ]
    show_table(tell("Verified"), [tell("Result"), tell("What was verified")], rows)
    for check in checks:
        for problem in check.problems:
            console.print(f"[red]{escape(problem.where)}[/red]")
            console.print(f"  {escape(problem.what.of(spoken))}")
            console.print(f"  {escape(problem.remedy.of(spoken))}")


def _list_check(check: Check) -> dict[str, Any]:
    spoken = language()
    return {
        "check": check.name,
        "holds": check.holds,
        "seen": check.seen.of(spoken),
        "problems": [
            {
                "where": problem.where,
                "what": problem.what.of(spoken),
                "remedy": problem.remedy.of(spoken),
            }
            for problem in check.problems
        ],
    }
