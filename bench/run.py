"""Runs nights and limits, each in a fresh process, and puts what they say side by side."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.work_sets import WorkSet, lay_work_set


@dataclass(frozen=True)
class Measured:
    """One process.

    Attributes:
        start_seconds: interpreter, imports and exit; in no ratio.
        seconds: all stages together.
        cpu_seconds: what the processors worked for them.
        peak_mb: the most memory held in any stage.
        stages: `seconds`, `cpu_seconds` and `peak_mb` by stage.
        facts: what was counted, such as files and rows.
    """

    start_seconds: float
    seconds: float
    cpu_seconds: float
    peak_mb: float
    stages: dict[str, dict[str, float]]
    facts: dict[str, int]

    @property
    def whole_seconds(self) -> float:
        """From the first to the last."""
        return self.start_seconds + self.seconds


@dataclass(frozen=True)
class Compared:
    """A night over a work set beside its limit.

    Attributes:
        limit: DuckDB with plain SQL; for workbooks calamine, merely reading them.
        reading: of workbooks, the reading that a night does, alone.
        ratio: the night's seconds to the limit's, starts left out; the goal is about this one.
        ratio_with_start: the same with interpreter start and imports on both sides.
        cpu_ratio: the same by processor time, which other programs on the machine disturb less.
        receive_ratio: reading, typing and staging, to the limit.
        reading_ratio: reading alone, to the limit.
    """

    title: str
    files: int
    rows: int
    night: Measured
    limit: Measured
    reading: Measured | None
    ratio: float
    ratio_with_start: float
    cpu_ratio: float
    receive_ratio: float
    reading_ratio: float | None


def compare(work_set: WorkSet, work: Path) -> dict[str, Any]:
    """Lays a work set and measures its limit and its night, one after the other.

    Returns:
        A `Compared`, ready for JSON.
    """
    inbox = lay_work_set(work_set, work / "sets")
    reading = None
    with _open_home(work) as home:
        if work_set.kind == "xlsx":
            limit = _measure("bench.play_reading", ["calamine", inbox], home)
            reading = _measure("bench.play_reading", ["night", inbox], home)
        else:
            limit = _measure("bench.play_limit", [inbox, home], home)
    with _open_home(work, inbox) as home:
        night = _measure("bench.play_night", [home], home)
    return asdict(
        Compared(
            title=work_set.title,
            files=work_set.files,
            rows=work_set.row_count,
            night=night,
            limit=limit,
            reading=reading,
            ratio=night.seconds / limit.seconds,
            ratio_with_start=night.whole_seconds / limit.whole_seconds,
            cpu_ratio=night.cpu_seconds / limit.cpu_seconds,
            receive_ratio=night.stages["receive"]["seconds"] / limit.seconds,
            reading_ratio=reading.seconds / limit.seconds if reading else None,
        )
    )


def time_command(work_set: WorkSet, work: Path, *options: str) -> float:
    """Seconds that `biaogan nightly` takes over a work set, from the first to the last."""
    inbox = lay_work_set(work_set, work / "sets")
    with _open_home(work, inbox) as home:
        command = [str(Path(sys.executable).with_name("biaogan")), "nightly", *options]
        started = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own command
            command,
            check=True,
            env=os.environ | {"BIAOGAN_HOME": str(home)},
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - started


@contextmanager
def _open_home(work: Path, inbox: Path | None = None) -> Iterator[Path]:
    """A fresh data root; the forms of a work set are linked into its inbox, not copied."""
    home = work / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    if inbox is not None:
        shutil.copytree(inbox, home / "inbox", copy_function=os.link)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(module: str, arguments: Sequence[str | Path], home: Path) -> Measured:
    output = home / "measured.json"
    command = [sys.executable, "-m", module, *map(str, arguments), str(output)]
    started = time.perf_counter()
    subprocess.run(command, check=True)  # noqa: S603 - our own modules
    whole = time.perf_counter() - started
    said = json.loads(output.read_text(encoding="utf-8"))
    stages = {name: stage for name, stage in said["stages"].items() if name != "start"}
    seconds = sum(stage["seconds"] for stage in stages.values())
    return Measured(
        start_seconds=whole - seconds,
        seconds=seconds,
        cpu_seconds=sum(stage["cpu_seconds"] for stage in stages.values()),
        peak_mb=max(stage["peak_mb"] for stage in said["stages"].values()),
        stages=stages,
        facts=said["facts"],
    )
