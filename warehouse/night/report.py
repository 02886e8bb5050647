"""What a night did."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.collect.arrivals import PullResult
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
        broken: rules that could not be run, by dataset; its files wait for the next run.
    """

    clock: Clock
    submissions: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    findings_by_rule: list[dict[str, Any]] = field(default_factory=list)
    sources: list[PullResult] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    broken: dict[str, dict[str, str]] = field(default_factory=dict)
    rows_loaded: int = 0
    release_id: int | None = None
    published: Path | None = None
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

    def add_submission(self, row: dict[str, Any], verdict: str, found: dict[str, int]) -> None:
        """Adds one file with its verdict and its findings by severity."""
        self.submissions.append({**row, "verdict": verdict, "findings": found})
        for severity, count in found.items():
            self.findings[severity] = self.findings.get(severity, 0) + count
