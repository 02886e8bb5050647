"""A private Prefect server for one run: quiet, on loopback, its database under the data root."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil

from warehouse.fault import UserFault

START_SECONDS = 90.0
STOP_SECONDS = 20.0
DRAIN_SECONDS = 10.0


class ServerError(UserFault):
    """The private Prefect server did not start: what it said, and what to do."""


def set_quiet_environment(home: Path) -> None:
    """Settings for this process and the server: no telemetry, no chatter, data under the root.

    Must run before Prefect is imported.
    """
    settings = {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "0.5",
    }
    for name, value in settings.items():
        os.environ.setdefault(name, value)


@contextlib.contextmanager
def private_server(
    home: Path, port: int | None = None, *, with_pages: bool = False
) -> Iterator[str]:
    """Runs a server for as long as the block lasts; yields its API address.

    Where `PREFECT_API_URL` is set that server is used and nothing is started.

    Raises:
        ServerError: it did not answer in time.
    """
    set_quiet_environment(home)
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        yield configured
        return
    log = home / "prefect" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    started = datetime.now(UTC)
    keeper = home / "prefect" / "server.pid"
    _stop_orphan(keeper)
    port = port or _find_port()
    url = f"http://127.0.0.1:{port}/api"
    with log.open("ab") as stream:
        command = [sys.executable, "-m", "prefect", "server", "start"]
        command += [] if with_pages else ["--no-ui"]
        server = subprocess.Popen(  # noqa: S603
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    keeper.write_text(str(server.pid), encoding="utf-8")
    try:
        _await_health(url, server, log)
        os.environ["PREFECT_API_URL"] = url
        yield url
    finally:
        _send_what_is_left()
        with contextlib.suppress(Exception):  # the run is over; its pages are not worth a failure
            _await_task_runs(started)
        os.environ.pop("PREFECT_API_URL", None)
        _stop(server)
        keeper.unlink(missing_ok=True)


def _send_what_is_left() -> None:
    """Sends the logs and events still queued here; once the server is gone each would complain."""
    logs = sys.modules.get("prefect.logging.handlers")
    if logs:
        logs.APILogWorker.drain_all(timeout=DRAIN_SECONDS)
    events = sys.modules.get("prefect.events.worker")
    if events:
        events.EventsWorker.drain_all(timeout=DRAIN_SECONDS)


def _await_task_runs(since: datetime) -> None:
    """Waits until the server has written every task's end: it keeps them in memory for a moment."""
    if "prefect.flows" not in sys.modules:
        return
    from prefect.client.orchestration import get_client
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType

    unfinished = filters.TaskRunFilter(
        state=filters.TaskRunFilterState(
            type=filters.TaskRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING])
        )
    )
    ours = filters.FlowRunFilter(
        start_time=filters.FlowRunFilterStartTime.model_validate({"after_": since})
    )
    deadline = time.monotonic() + DRAIN_SECONDS
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            if not client.read_task_runs(flow_run_filter=ours, task_run_filter=unfinished, limit=1):
                return
            time.sleep(0.1)


def _stop_orphan(keeper: Path) -> None:
    """Ends the server that a killed run left behind: two servers must not share one database."""
    try:
        process = psutil.Process(int(keeper.read_text(encoding="utf-8")))
        if "prefect" in " ".join(process.cmdline()):
            _end_family(process)
    except (OSError, ValueError, psutil.Error):
        return


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_health(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=1):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    message = (
        f"本机的 Prefect 服务没有启动：请看数据目录 prefect 下的 {log.name}，"
        "或加 --no-prefect 运行。 / "
        f"The private Prefect server did not start; see {log.name} in the data root's prefect "
        "folder, or run the night with --no-prefect."
    )
    raise ServerError(message)


def _stop(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(psutil.Error):
        _end_family(psutil.Process(server.pid))
    server.wait()


def _end_family(parent: psutil.Process) -> None:
    """Ends a server with the worker it starts; the parent alone would leave the worker running."""
    family = [parent, *parent.children(recursive=True)]
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
