"""Runs nights and limits, each in a fresh process, and puts what they say side by side."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
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


@dataclass(frozen=True)
class Compared:
    """A night over a work set beside its limit.

    Attributes:
        ratio: the night's seconds to the limit's, starts left out; the goal is about this one.
        ratio_with_start: the same with interpreter start and imports on both sides.
        cpu_ratio: the same by processor time, which other programs on the machine disturb less.
        receive_ratio: reading, typing and staging alone, to the limit; told of workbooks.
    """

    title: str
    files: int
    rows: int
    night: Measured
    limit: Measured
    ratio: float = field(init=False)
    ratio_with_start: float = field(init=False)
    cpu_ratio: float = field(init=False)
    receive_ratio: float = field(init=False)

    def __post_init__(self) -> None:
        """Works the ratios out."""
        night, limit = self.night, self.limit
        whole = (night.seconds + night.start_seconds) / (limit.seconds + limit.start_seconds)
        received = night.stages["receive"]["seconds"] / limit.seconds
        object.__setattr__(self, "ratio", night.seconds / limit.seconds)
        object.__setattr__(self, "ratio_with_start", whole)
        object.__setattr__(self, "cpu_ratio", night.cpu_seconds / limit.cpu_seconds)
        object.__setattr__(self, "receive_ratio", received)

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)


def compare(work_set: WorkSet, work: Path) -> Compared:
    """Lays a work set, then measures its limit and its night, one after the other."""
    inbox = lay_work_set(work_set, work / "sets")
    with _open_home(work) as home:
        limit = _measure("bench.play_limit", [inbox, home], home)
    with _open_home(work, inbox) as home:
        night = _measure("bench.play_night", [home], home)
    return Compared(work_set.title, work_set.files, work_set.row_count, night, limit)


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


def _measure(module: str, arguments: list[Path], home: Path) -> Measured:
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
