"""The night as a Prefect flow: pull, receive, check, load, publish.

Tasks are given names and numbers, never data: what they work on is the night this process holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import wait
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.artifacts import publish_artifacts
from flows.reminders import describe_failures, send_night_reminders
from flows.runs import FLOW, close_abandoned_runs, rename_run
from warehouse.night import Night, NightReport, open_night
from warehouse.settings import load_settings

_held: list[Night] = []


@contextmanager
def _hold(night: Night) -> Iterator[Night]:
    _held.append(night)
    try:
        yield night
    finally:
        _held.remove(night)


# A source has its own timeouts, retries what is transient itself and reports what is not, so no
# task does: a task on a thread cannot be interrupted, and a fault in a file is a finding that a
# second try would find again.
@task(name="pull", task_run_name="pull {source}", cache_policy=NO_CACHE)
def pull(source: str) -> State[str]:
    """Pulls one source; one that is down is named and stops no other."""
    result = _held[-1].pull(source)
    if result.error:
        get_run_logger().warning("%s: %s", source, result.error)
        return Completed(name="SourceDown", message=result.error, data=source)
    return Completed(message=f"{len(result.arrivals)} files", data=source)


@task(name="receive", task_run_name="receive batch {number}", cache_policy=NO_CACHE)
def receive(number: int, submissions: list[int]) -> int:
    """Reads, identifies, types and stages a batch of files."""
    return len(_held[-1].receive(submissions)) and number


@task(name="check", task_run_name="check {dataset}", cache_policy=NO_CACHE)
def check(dataset: str) -> State[str]:
    """Judges all of a dataset's new files in one Great Expectations run."""
    judgement = _held[-1].judge(dataset)
    if judgement.broken:
        message = f"rules not run: {', '.join(judgement.broken)}"
        get_run_logger().error("%s: %s", dataset, message)
        return Completed(name="Waiting", message=message, data=dataset)
    return Completed(message=f"{judgement.rules_run} rules", data=dataset)


@task(name="load", cache_policy=NO_CACHE)
def load() -> int:
    """Writes the night into the ledger and core in one transaction."""
    _held[-1].load()
    return _held[-1].report.rows_loaded


@task(name="publish", cache_policy=NO_CACHE)
def publish() -> str | None:
    """Builds, verifies and points to a release, where something has changed."""
    published = _held[-1].publish()
    return published.name if published else None


@task(name="return", cache_policy=NO_CACHE)
def return_workbooks() -> int:
    """Lays the workbooks of files that are to be mended or explained into the outbox."""
    return len(_held[-1].outgoing.return_workbooks())


@task(name="pages", cache_policy=NO_CACHE)
def write_pages() -> int:
    """Writes the steward's pages."""
    _held[-1].outgoing.write_pages()
    return _held[-1].report.pages_written


@flow(
    name=FLOW,
    flow_run_name="night {at}",
    task_runner=ThreadPoolTaskRunner(max_workers=4),  # type: ignore[arg-type]
    validate_parameters=False,
)
def nightly(home: str, at: str = "now") -> NightReport:
    """Runs one night over a data root.

    Args:
        home: the data root.
        at: `now`, or the simulated clock of a replayed night.
    """
    clock = None if at == "now" else datetime.fromisoformat(at)
    with open_night(load_settings(Path(home)), clock) as night, _hold(night):
        close_abandoned_runs(home)
        wait([pull.submit(source) for source in night.sources])
        for number, batch in enumerate(night.plan_batches(), start=1):
            receive(number, batch)
        for dataset in night.datasets():
            check(dataset)
        load()
        publish()
        return_workbooks()
        with night.report.note_failure("remind"):
            night.report.notes += describe_failures(send_night_reminders(night))
        write_pages()
        publish_artifacts(night.report, night.expectations)
        rename_run(night.report)
    return night.report
