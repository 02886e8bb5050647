"""What a night did."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.collect.arrivals import Arrival, PullResult
from warehouse.contracts.model import Text
from warehouse.fault import UserFault
from warehouse.ledger.load import Clock

_timing = threading.Lock()


@dataclass
class NightReport:
    """What a night did, for the summary.

    Attributes:
        submissions: one row per file that arrived: its facts, `verdict`, `findings` by severity.
        findings: number of findings by severity.
        findings_by_rule: dataset, rule, severity and count.
        seconds: by stage.
        returned: workbooks laid into the outbox.
        pages_written: of the steward's pages.
        broken: rules that could not be run, by dataset; its files wait for the next run.
        failures: stages after publishing that could not be done, with the reason; the next run does
            them. They never undo what was published.
        notes: what else is to be said: exceptions in force, reminders that were not sent.
    """

    clock: Clock
    submissions: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    findings_by_rule: list[dict[str, Any]] = field(default_factory=list)
    sources: list[PullResult] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    broken: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[Text] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    rows_loaded: int = 0
    release_id: int | None = None
    published: Path | None = None
    returned: list[Path] = field(default_factory=list)
    pages_written: int = 0
    taken_over_from: str | None = None
    _running: dict[str, tuple[int, float]] = field(default_factory=dict, repr=False)

    @property
    def new_files(self) -> int:
        """Files that became submissions."""
        return sum(row["verdict"] != "identical" for row in self.submissions)

    @contextmanager
    def time_stage(self, name: str) -> Iterator[None]:
        """Adds what is done inside to the seconds of a stage; what is done at once counts once."""
        with _timing:
            count, since = self._running.get(name, (0, time.perf_counter()))
            self._running[name] = (count + 1, since)
        try:
            yield
        finally:
            with _timing:
                count, since = self._running.pop(name)
                if count > 1:
                    self._running[name] = (count - 1, since)
                else:
                    spent = time.perf_counter() - since
                    self.seconds[name] = self.seconds.get(name, 0.0) + spent

    @contextmanager
    def note_failure(self, stage: str) -> Iterator[None]:
        """Names what goes wrong inside instead of ending the night: its figures are published."""
        try:
            yield
        except Exception as error:
            reason = error.of("en") if isinstance(error, UserFault) else f"{error}"
            self.failures[stage] = f"{type(error).__name__}: {reason}"

    def add_submission(self, row: dict[str, Any], verdict: str, found: dict[str, int]) -> None:
        """Adds one file with its verdict and its findings by severity."""
        self.submissions.append({**row, "verdict": verdict, "findings": found})
        for severity, count in found.items():
            self.findings[severity] = self.findings.get(severity, 0) + count

    def summarise(
        self,
        connection: duckdb.DuckDBPyConnection,
        facts: Mapping[int, dict[str, Any]],
        verdicts: Mapping[int, str],
        waiting: Collection[int],
    ) -> None:
        """Adds the night's submissions with their findings, and counts findings by rule.

        Args:
            connection: holds `gate_explained`.
            facts: of each submission taken in.
            verdicts: as shown, by submission.
            waiting: submissions left for the next night.
        """
        counts: dict[int, dict[str, int]] = {}
        rules: dict[tuple[str, str, str], int] = {}
        for number, rule, severity, count in connection.execute(
            "select submission_id, rule_id, severity, count(*) from gate_explained group by all"
        ).fetchall():
            found = counts.setdefault(number, {})
            found[severity] = found.get(severity, 0) + count
            key = (facts[number]["dataset"] or "", rule, severity)
            rules[key] = rules.get(key, 0) + count
        for number in sorted(facts):
            if number in waiting:
                self.add_submission(facts[number], "waiting", {})
            else:
                self.add_submission(facts[number], verdicts[number], counts.get(number, {}))
        self.findings_by_rule = [
            {"dataset": dataset, "rule": rule, "severity": severity, "count": count}
            for (dataset, rule, severity), count in sorted(
                rules.items(), key=lambda item: (-item[1], item[0])
            )
        ]

    def add_twins(self, twins: Iterable[tuple[Arrival, int]]) -> None:
        """Adds files that were sent before, with the submission they are identical with."""
        for item, number in twins:
            facts = {
                "submission_id": number, "file_name": item.file_name, "folder": item.reporter,
            }  # fmt: skip
            self.add_submission(facts, "identical", {})
