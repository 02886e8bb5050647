"""The commands that only look: check, query, template, dictionary, doctor."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rich.markup import escape
from rich.text import Text

from biaogan.messages import language, tell
from biaogan.screens import console, show_json, show_table
from warehouse.contracts.load import load_expectations
from warehouse.settings import Settings, SettingsError, find_home, load_settings

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
    sql: str, output: str, target: Path | None, seconds: float = 60.0, rows: int = 10_000
) -> int:
    """Runs one SELECT on the published file and writes its result; a cut is said on stderr."""
    from warehouse.export import write_result
    from warehouse.query import QueryLimits, run_query

    limits = QueryLimits(seconds=seconds, rows=rows)
    result = run_query(load_settings().pointer, sql, limits=limits)
    notice = result.notice.of(language()) if result.notice else None
    write_result(result.frame, output, target, notes=[note for note in (sql, notice) if note])
    if notice:
        print(notice, file=sys.stderr)  # noqa: T201
    return 0


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
    chosen = expectations.codes.reporter_named(reporter) if reporter else None
    if reporter and chosen is None:
        console.print(tell("There is no reporter {name}.", name=reporter))
        return WRONG_USE
    try:
        parsed = Period.parse(period) if period else None
    except ValueError:
        console.print(tell("not a period: {text}; write 2020, 2020Q3 or 2020-09", text=period))
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
    entries = build_dictionary(expectations, load_sql("mart", extra=settings.sql_extra))
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
