"""Judges files as a night would, without storing anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.build.marts import build_marts
from warehouse.build.views import Cut, open_views
from warehouse.contracts.load import Expectations
from warehouse.database import open_scratch
from warehouse.gate.consequences import drop_consequences
from warehouse.gate.explanations import apply_explanations
from warehouse.gate.judge import judge_contract
from warehouse.gate.stage import open_stage, stage_forms
from warehouse.gate.verdict import Verdict, decide
from warehouse.history import NoHistory, look_back, open_bench
from warehouse.intake import Incoming, Taken, take_in
from warehouse.ledger.chain import find_cut
from warehouse.ledger.lease import LeaseHeld
from warehouse.ledger.tables import create_tables
from warehouse.night.rules import Rules, load_rules
from warehouse.settings import CITY_TIME, Settings
from warehouse.wording import word_finding


@dataclass(frozen=True)
class Checked:
    """One file judged.

    Attributes:
        findings: rule, severity, sheet, cell, column, value, sentence, remedy.
    """

    file: str
    dataset: str | None
    reporter: str | None
    period: str | None
    verdict: str
    rows: int
    findings: list[dict[str, Any]]


def check_files(
    settings: Settings, files: Sequence[Path], language: str, at: datetime | None = None
) -> list[Checked]:
    """Judges files against the contracts and against what has been accepted so far.

    Where a night holds the warehouse, or there is none yet, rules that look at earlier periods
    have no history and stay silent.
    """
    rules = load_rules(settings)
    expectations = rules.expectations
    clock = at or datetime.now(UTC)
    with _open_history(settings, expectations) as connection:
        contracts = list(expectations.contracts.values())
        open_stage(connection, contracts)
        open_views(connection, expectations, Cut(find_cut(connection), clock, 0), rules.core)
        taken = [
            take_in(_describe(number, path, expectations), expectations, _day_of(clock))
            for number, path in enumerate(files, start=1)
        ]
        stage_forms(connection, expectations, [item.staged for item in taken])
        broken = _judge(connection, rules, taken)
        drop_consequences(connection, expectations)
        apply_explanations(connection, expectations)
        verdicts = decide(connection, expectations)
        return [
            _report(connection, item, verdicts, expectations, language, broken) for item in taken
        ]


def _day_of(clock: datetime) -> Any:  # noqa: ANN401
    return clock.astimezone(CITY_TIME).date()


@contextmanager
def _open_history(
    settings: Settings, expectations: Expectations
) -> Iterator[duckdb.DuckDBPyConnection]:
    """What has been accepted so far, under the lease: a night that starts now waits for us."""
    contracts = expectations.contracts.values()
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(open_bench(settings))
            stack.enter_context(look_back(connection, settings, contracts, 0))
        except (duckdb.Error, LeaseHeld, NoHistory, OSError):
            connection = stack.enter_context(open_scratch())
            create_tables(connection, contracts)
        yield connection


def _describe(number: int, path: Path, expectations: Expectations) -> Incoming:
    """A file lying in a reporter's folder is held against it; any other place says nothing."""
    codes = {reporter.code for reporter in expectations.codes.reporters}
    folder = path.resolve().parent.name
    content = path.read_bytes()
    return Incoming(
        submission_id=number,
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        source="check",
        folder=folder if folder in codes else "",
        file_name=path.name,
        known_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
    )


def _judge(
    connection: duckdb.DuckDBPyConnection, rules: Rules, taken: Sequence[Taken]
) -> dict[str, dict[str, str]]:
    expectations = rules.expectations
    broken = {}
    present = {item.facts["dataset"] for item in taken} - {None}
    figures = {name for name in present if expectations.contracts[name].kind == "figures"}
    if figures:
        readers = rules.checks.values()
        build_marts(connection, rules.marts, expectations, "temp", readers=readers)
    for dataset in sorted(present):
        contract = expectations.contracts[dataset]
        judgement = judge_contract(connection, contract, expectations, rules.checks)
        if judgement.broken:
            broken[dataset] = judgement.broken
    return broken


def _report(
    connection: duckdb.DuckDBPyConnection,
    item: Taken,
    verdicts: dict[int, Verdict],
    expectations: Expectations,
    language: str,
    broken: dict[str, dict[str, str]],
) -> Checked:
    number, facts = item.staged.submission_id, item.facts
    cursor = connection.execute(
        "select rule_id, severity, sheet, cell, column_name, value, expected "
        "from gate_explained where submission_id = ? order by finding_number",
        [number],
    )
    names = [column[0] for column in cursor.description or ()]
    findings = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    findings += [
        {"rule_id": "rule_not_run", "severity": "must_fix", "value": rule, "expected": reason}
        for rule, reason in broken.get(facts["dataset"], {}).items()
    ]
    shown = []
    for finding in findings:
        wording = word_finding(expectations, facts["dataset"], finding, language)
        shown.append(
            {
                "rule": finding["rule_id"],
                "severity": finding["severity"],
                "sheet": finding.get("sheet", ""),
                "cell": finding.get("cell"),
                "column": finding.get("column_name"),
                "value": finding.get("value"),
                "sentence": wording.sentence,
                "remedy": wording.remedy,
            }
        )
    verdict = "rejected" if facts["dataset"] in broken else verdicts[number].shown
    return Checked(
        facts["file_name"], facts["dataset"], facts["reporter_code"], facts["period"], verdict,
        facts["row_count"], shown,
    )  # fmt: skip
