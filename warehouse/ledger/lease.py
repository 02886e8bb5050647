"""The lease on the warehouse file: one writer at a time, with a heartbeat others can read."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from warehouse.fault import UserFault
from warehouse.settings import CITY_TIME

HEARTBEAT_SECONDS = 5.0
STALE_SECONDS = 60.0


class LeaseHeld(UserFault):
    """Another run holds the warehouse: who, since when, and what to do."""


@dataclass(frozen=True)
class Holder:
    """Who holds, or last held, the lease."""

    pid: int
    host: str
    purpose: str
    since: str
    heartbeat: str

    @property
    def silence(self) -> float:
        """Seconds since the last heartbeat."""
        return (datetime.now(UTC) - datetime.fromisoformat(self.heartbeat)).total_seconds()


def read_holder(path: Path) -> Holder | None:
    """The holder named in the lease file; None where nobody ever held it or it is unreadable."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextlib.contextmanager
def hold_lease(path: Path, purpose: str, *, wait_seconds: float = 0) -> Iterator[Holder | None]:
    """Holds the lease; yields the holder it was taken over from, where that one was killed.

    The operating system frees the lock of a killed process, so the next run takes over at once and
    a holder file left behind tells whom it took over from.

    Raises:
        LeaseHeld: another run is alive.
    """
    lock = _acquire(path, wait_seconds)
    left_behind = read_holder(path)
    now = datetime.now(UTC).isoformat()
    holder = Holder(os.getpid(), socket.gethostname(), purpose, now, now)
    stopped = threading.Event()
    beat = threading.Thread(target=_keep_beating, args=(path, holder, stopped), daemon=True)
    beat.start()
    try:
        _write(path, holder)
        yield left_behind
    finally:
        stopped.set()
        beat.join()
        for leftover in (path, _fresh(path)):
            leftover.unlink(missing_ok=True)
        lock.release()


@contextlib.contextmanager
def share_lease(path: Path, *, wait_seconds: float = 0) -> Iterator[None]:
    """Keeps nights out while somebody looks; who held the lease last stays written down.

    Raises:
        LeaseHeld: a night is under way.
    """
    lock = _acquire(path, wait_seconds)
    try:
        yield
    finally:
        lock.release()


def _acquire(path: Path, wait_seconds: float) -> BaseFileLock:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_suffix(".lock"))
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise LeaseHeld(_describe(read_holder(path), path)) from error
    return lock


def _keep_beating(path: Path, holder: Holder, stopped: threading.Event) -> None:
    while not stopped.wait(HEARTBEAT_SECONDS):
        with contextlib.suppress(OSError):  # a full disk must not end the night by its heartbeat
            _write(path, holder)


def _write(path: Path, holder: Holder) -> None:
    beat = asdict(holder) | {"heartbeat": datetime.now(UTC).isoformat()}
    fresh = _fresh(path)
    fresh.write_text(json.dumps(beat), encoding="utf-8")
    fresh.replace(path)


def _fresh(path: Path) -> Path:
    return path.with_suffix(".beat")


def _describe(holder: Holder | None, path: Path) -> str:
    if holder is None:
        return (
            f"数据仓正在使用中（{path.name}），请等该次运行结束。 / "
            f"The warehouse is in use ({path.name}); wait for that run to end."
        )
    since = datetime.fromisoformat(holder.since).astimezone(CITY_TIME)
    chinese = (
        f"数据仓正由“{holder.purpose}”使用：{holder.host} 上的进程 {holder.pid}，"
        f"始于 {since:%Y-%m-%d %H:%M:%S}"
    )
    english = (
        f"{holder.purpose} holds the warehouse: process {holder.pid} on {holder.host}, "
        f"since {since:%Y-%m-%d %H:%M:%S}"
    )
    if holder.silence > STALE_SECONDS:
        return (
            f"{chinese}；已有 {holder.silence:.0f} 秒没有心跳。请用 kill {holder.pid} 结束它，"
            f"下一次运行会接手。 / {english}; no heartbeat for {holder.silence:.0f} s. "
            f"End it with kill {holder.pid}; the next run takes over."
        )
    return f"{chinese}；请等它结束。 / {english}; wait for it to end."
