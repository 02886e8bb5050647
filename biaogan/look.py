"""The commands that only look: check, query, template, dictionary, doctor."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.markup import escape
from rich.text import Text

from biaogan.messages import language, tell
from biaogan.screens import console, show_json, show_table
from warehouse.contracts.load import load_expectations
from warehouse.settings import Settings, SettingsError, find_home, load_settings

if TYPE_CHECKING:
    from warehouse.contracts.model import Text as Sentence
    from warehouse.query import QueryLimits, QueryResult

WRONG_USE = 2


def check_files(files: Sequence[Path], output: str) -> int:
    """Judges files and prints their findings; 1 where one is not accepted."""
    from warehouse.check import check_files as judge

    missing = [path for path in files if not path.is_file()]
    if missing:
        console.print(tell("There is no file {path}.", path=missing[0]))
        return WRONG_USE
    checked = judge(load_settings(), files, language())
    for item in checked:
        if output == "json":
            show_json(asdict(item))
            continue
        known = (item.dataset or "?", item.reporter or "?", item.period or "?")
        title = "  ".join((escape(item.file), tell(item.verdict), *known))
        rows = [
            (
                found["cell"] or found["sheet"],
                tell(found["severity"]),
                found["sentence"],
                found["remedy"],
            )
            for found in item.findings
        ]
        columns = [tell(name) for name in ("Cell", "Severity", "Finding", "What to do")]
        show_table(title, columns, rows)
    return 0 if all(item.verdict == "accepted" for item in checked) else 1


def run_analyst_query(
    sql: str,
    output: str,
    target: Path | None,
    seconds: float = 60.0,
    rows: int = 10_000,
    as_of: date | None = None,
    release: int | None = None,
) -> int:
    """Runs one SELECT on a released file and writes its result.

    Asked for a day or a number, it says on stderr which release answered; a cut is said there too.
    """
    from warehouse.export import write_result
    from warehouse.query import QueryLimits, run_query

    limits = QueryLimits(seconds=seconds, rows=rows)
    if as_of is None and release is None:
        result, notices = run_query(load_settings().pointer, sql, limits=limits), []
    else:
        result, label = _ask_release(sql, limits, as_of, release)
        notices = [label]
    notices += [result.notice] if result.notice else []
    said = [notice.of(language()) for notice in notices]
    write_result(result.frame, output, target, notes=[sql, *said])
    for line in said:
        print(line, file=sys.stderr)  # noqa: T201
    return 0


def _ask_release(
    sql: str, limits: QueryLimits, as_of: date | None, number: int | None
) -> tuple[QueryResult, Sentence]:
    """Asks the release in force on a day, or of a number; says which one that is."""
    from warehouse.query import FileUnreadable, run_query
    from warehouse.query.statement import refuse_unless_reading
    from warehouse.vintages.ledger import find_release
    from warehouse.vintages.rebuild import open_release_file

    refuse_unless_reading(sql)
    settings = load_settings()
    release = find_release(settings, as_of, number)
    path = open_release_file(settings, release)
    try:
        return run_query(path, sql, limits=limits), release.label
    except FileUnreadable:
        if path.exists():
            raise
        path = open_release_file(settings, release)  # a night retired the file in between
        return run_query(path, sql, limits=limits), release.label


def write_blank_form(
    dataset: str, reporter: str | None, period: str | None, output: Path | None
) -> int:
    """Writes a blank form."""
    from warehouse.periods import Period
    from warehouse.template import read_prefill, write_template

    settings = load_settings()
    expectations = load_expectations(extra=settings.expectations_extra)
    contract = expectations.contracts.get(dataset)
    if contract is None:
        known = ", ".join(expectations.contracts)
        console.print(tell("There is no dataset {name}; known: {known}", name=dataset, known=known))
        return WRONG_USE
    try:
        parsed = Period.parse(period) if period else None
    except ValueError:
        console.print(tell("not a period: {text}; write 2020, 2020Q3 or 2020-09", text=period))
        return WRONG_USE
    codes = expectations.codes.in_period(parsed) if parsed else expectations.codes
    chosen = codes.reporter_named(reporter) if reporter else None
    if reporter and chosen is None:
        console.print(tell("There is no reporter {name}.", name=reporter))
        return WRONG_USE
    target = output or Path(f"{contract.title.zh}.xlsx")
    spoken: Literal["zh", "en"] = "en" if language() == "en" else "zh"
    prefill = (
        read_prefill(settings, expectations, contract, chosen, parsed)
        if chosen and parsed
        else None
    )
    write_template(contract, expectations.codes, target, chosen, parsed, spoken, prefill)
    console.print(tell("Blank form written: {path}", path=target))
    return 0


def print_dictionary(*, markdown: bool, target: Path | None) -> int:
    """Prints the dictionary of marts, columns and forms."""
    from rich.markdown import Markdown

    from warehouse.dictionary import build_dictionary, render_markdown
    from warehouse.sql_files import load_sql

    settings = load_settings()
    expectations = load_expectations(extra=settings.expectations_extra)
    marts, macros = (load_sql(schema, extra=settings.sql_extra) for schema in ("mart", "macro"))
    entries = build_dictionary(expectations, marts, macros)
    text = render_markdown(entries)
    if target:
        target.write_text(text, encoding="utf-8")
        console.print(tell("Dictionary written: {path}", path=target))
    elif markdown:
        console.file.write(text)
    else:
        console.print(Markdown(text))
    return 0


def examine_root(*, deep: bool, output: str) -> int:
    """Prints what doctor found; 1 where something fails."""
    from warehouse.doctor import examine

    try:
        settings = load_settings()
    except SettingsError:  # a broken config is one of the things doctor reports
        settings = Settings(home=find_home())
    checks = examine(settings, datetime.now(UTC), deep=deep)
    if output == "json":
        show_json([asdict(check) for check in checks])
    else:
        english = language() == "en"
        styles = {"ok": "green", "warn": "yellow", "fail": "red"}
        rows = [
            (
                check.name,
                Text(tell(check.state), style=styles[check.state]),
                check.seen.en if english else check.seen.zh,
                (check.remedy.en if english else check.remedy.zh) if check.remedy else "",
            )
            for check in checks
        ]
        columns = [tell(name) for name in ("Check", "State", "Seen", "What to do")]
        show_table(tell("Doctor"), columns, rows)
    return 1 if any(check.state == "fail" for check in checks) else 0
