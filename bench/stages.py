"""Seconds and peak memory of a process, stage by stage."""

from __future__ import annotations

import resource
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET_PEAK = "5"
_KIB = 1024


@dataclass
class Stage:
    """One stage: how long by the clock and by the processors, and the most memory held in it."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass
class StageClock:
    """Parts a process's life into stages; a name that comes again is added to."""

    stages: dict[str, Stage] = field(default_factory=dict)
    _name: str | None = None
    _since: tuple[float, float] = (0.0, 0.0)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, name: str | None) -> None:
        """Ends the running stage and begins another, unless it is the same; None only ends.

        Sources are pulled at once, so several threads may say that the same stage has begun.
        """
        with self._lock:
            if name != self._name:
                self._end()
                self._name = name

    def _end(self) -> None:
        now = time.perf_counter(), time.process_time()
        if self._name:
            stage = self.stages.setdefault(self._name, Stage())
            stage.seconds += now[0] - self._since[0]
            stage.cpu_seconds += now[1] - self._since[1]
            stage.peak_mb = max(stage.peak_mb, _read_peak_mb())
        _forget_peak()
        self._since = now

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Ready for JSON."""
        return {name: asdict(stage) for name, stage in self.stages.items()}


def _read_peak_mb() -> float:
    """The peak since it was last forgotten; since the process began where that cannot be done."""
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * _KIB / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB / 1e6


def _forget_peak() -> None:
    with suppress(OSError):
        _CLEAR.write_text(_RESET_PEAK)
