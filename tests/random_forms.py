"""Plays a random history for real: CSV forms in inboxes, nights, and what stewards decide.

What the gate made of a form is taken from the ledger; what its rows are, from what was written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from night_root import lay, settings_of, start
from random_history import (
    CITY,
    FIGURES,
    STEWARD,
    Act,
    Decision,
    Exemption,
    Explanation,
    File,
    History,
    Night,
    Question,
)
from reference_history import Reference

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Column
from warehouse.decide.record import grant_exemption, record_decision, record_explanation
from warehouse.fault import UserFault
from warehouse.settings import Settings

HEAD_ROWS = 3
"""Title, labels and headings stand above the first row."""
FILLINGS: dict[str, str] = {
    "enterprise_name": "示例企业", "standard_name": "示例标准", "title": "示例专利",
    "applied_on": "2019-05-06", "recipient_name": "示例单位", "approved_on": "2020-01-06",
    "started_on": "2019-03-01", "host_name": "示例单位", "recognised_on": "2019-03-01",
    "industry_code": "1511", "size": "小型", "established_on": "2010-05-06", "level": "省",
    "indicator_name": "示例指标",
}  # fmt: skip
"""What a required cell says that no figure hangs on."""
YI = Decimal(100_000_000)


def write_form(file: File, number: int, expectations: Expectations) -> str:
    """A CSV form; its number in the footer makes its bytes unlike any other's."""
    contract = expectations.contracts[file.dataset]
    reporter = expectations.codes.reporter(file.reporter)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([contract.title.zh])
    period = f"报告期：{file.period[:4]}年{'一二三四'[int(file.period[5]) - 1]}季度"
    lines.writerow([f"填报单位：{reporter.name}", period, "单位：元"])
    lines.writerow([column.heading for column in contract.column])
    if file.is_nil:
        lines.writerow(["零报告"])
    for record in file.records:
        lines.writerow([show(column, record, expectations) for column in contract.column])
    lines.writerow([])
    lines.writerow([f"填表人：示例{number}号"])
    return out.getvalue()


def show(column: Column, record: Mapping[str, Any], expectations: Expectations) -> str:
    """A cell as the form writes it."""
    value = record.get(column.name)
    if column.name not in record:
        return FILLINGS[column.name] if column.required else ""
    if value is None or (column.name == "reporting_unit" and value == CITY):
        return ""
    if column.name == "reporting_unit":
        units = {unit.code: unit.name for unit in expectations.codes.reporting_units}
        return units[value]
    if column.heading.endswith("(亿元)"):
        return f"{value / YI:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _run(home: Path, at: datetime, extra: Path) -> None:
    from warehouse.night import run_night

    run_night(settings_of(home, extra=extra), at)


@dataclass
class RealNights:
    """A data root over which a history is played.

    Attributes:
        extras: by edition, the folder with contracts and models beside the project's own.
        files: the files laid so far by name.
        nights: by release, the night that made it.
        refused: acts that the ledger did not take.
    """

    home: Path
    expectations: Expectations
    extras: Mapping[str, Path]
    files: dict[str, File] = field(default_factory=dict)
    nights: dict[int, Night] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def settings(self, edition: str) -> Settings:
        """Settings of a night: of three releases the files of two are kept."""
        return settings_of(self.home, extra=self.extras[edition])

    def play(self, history: History) -> None:
        """Plays every night, with what stewards did on the day before."""
        for night in history.nights:
            if self.nights:
                for act in night.acts:
                    self._act(act, night)
            self._lay(night)
            process = start(_run, self.home, night.at, self.extras[night.edition])
            process.join()
            assert process.exitcode == 0
            with self.look() as ledger:
                [(newest,)] = ledger.execute(
                    "select max(release_id) from ledger.release"
                ).fetchall()
            if newest is not None:
                self.nights.setdefault(newest, night)

    def look(self) -> duckdb.DuckDBPyConnection:
        """The ledger."""
        return duckdb.connect(str(self.settings("first").database), read_only=True)

    def _lay(self, night: Night) -> None:
        for file in night.files:
            number = len(self.files) + 1
            name = f"表{number:03d}.csv"
            self.files[name] = file
            text = write_form(file, number, self.expectations)
            known_at = night.at + timedelta(seconds=number)
            lay(self.home, f"{file.reporter}/{name}", text, known_at)

    def _act(self, act: Act, night: Night) -> None:
        """Decides as a steward would; the ledger may refuse what cannot be decided."""
        settings, at = self.settings(night.edition), night.at - timedelta(hours=8)
        try:
            if isinstance(act, Decision):
                record_decision(settings, act.submission_id, act.action, STEWARD, "核实", at)  # type: ignore[arg-type]
            elif isinstance(act, Exemption):
                grant_exemption(
                    settings, act.kind, act.dataset, act.reporter, act.period, STEWARD, "核实",  # type: ignore[arg-type]
                    act.ends_on, at,
                )  # fmt: skip
            else:
                for number, rule in self._list_open()[:2]:
                    record_explanation(settings, number, rule, "属实", STEWARD, at=at)
        except UserFault as refusal:
            self.refused.append(str(refusal))

    def _list_open(self) -> list[tuple[int, str]]:
        with self.look() as ledger:
            return ledger.execute(
                "select distinct finding.submission_id, finding.rule_id from ledger.finding "
                "anti join ledger.explanation using (submission_id, rule_id) "
                "where severity = 'explain' and finding.explanation is null order by all desc"
            ).fetchall()


def read_reference(ledger: duckdb.DuckDBPyConnection, root: RealNights) -> Reference:
    """The ledger of a data root as the reference's list of entries, its releases played again."""
    reference = Reference()
    questions = _read_questions(ledger)
    for kind, number, by, at, *what in _read_entries(ledger):
        if kind == "Release":
            [release, rule_set] = what
            reference.publish(root.nights[int(release)], rule_set)
            continue
        told: Any = None
        if kind == "File":
            file = root.files[what[0]]
            asked = questions.get(number, {}) if file.dataset in FIGURES else {}
            told = replace(file, verdict="", doubtful=tuple(asked.values()))
            reference.files[number] = told
        elif kind == "Decision":
            told = Decision(number, what[0])
        elif kind == "Explanation":
            told = Explanation(number, questions.get(number, {}).get(tuple(what)))  # type: ignore[arg-type]
        elif kind == "Exemption":
            dataset, reporter, period, sort, ends_on = what
            told = Exemption(sort, dataset, reporter, period, ends_on)
        reference.record(kind, at, number, told, by)
    return reference


def _read_entries(ledger: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Every chained entry in its order: kind, submission, who, when, and what it says."""
    selects = {
        "File": ("submission", "submission_id", "'gate'", "night_at", "[file_name]"),
        "Decision": ("decision", "submission_id", "decided_by", "night_at", "[action]"),
        "Explanation": (
            "explanation", "submission_id", "author", "night_at", "[rule_id, column_name, subject]",
        ),
        "Release": (
            "release", "0", "''", "published_at", "[release_id::varchar, rule_set]",
        ),
    }  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for kind, (table, number, by, at, what) in selects.items():
        rows += [
            (sequence, kind, submission, who, when, *told)
            for sequence, submission, who, when, told in ledger.execute(
                f"select sequence, {number}, {by}, {at}, {what} from ledger.{table}"
            ).fetchall()
        ]
    rows += [
        (sequence, "Exemption", 0, by, at, *told)
        for sequence, by, at, *told in ledger.execute(
            "select sequence, granted_by, night_at, dataset, reporter_code, period, kind, ends_on "
            "from ledger.exemption"
        ).fetchall()
    ]
    return [row[1:] for row in sorted(rows, key=lambda row: row[0])]


def _read_questions(
    ledger: duckdb.DuckDBPyConnection,
) -> dict[int, dict[tuple[str, str, str], Question]]:
    """What was asked about single figures and not answered with the form, by rule and subject."""
    found: dict[int, dict[tuple[str, str, str], Question]] = {}
    for number, rule, column, subject, row in ledger.execute(
        "select submission_id, rule_id, column_name, subject, source_row from ledger.finding "
        "where severity = 'explain' and explanation is null and source_row is not null "
        "and column_name is not null"
    ).fetchall():
        line = row - HEAD_ROWS - 1
        found.setdefault(number, {})[rule, column, subject] = (line, column, rule)
    return found
