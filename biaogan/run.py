"""The commands that write: nights, their schedule, and the example submissions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from biaogan.messages import tell
from biaogan.screens import console, show_night
from warehouse.contracts.load import load_expectations
from warehouse.database import open_database
from warehouse.ledger.lease import share_lease
from warehouse.night import NightReport, run_night
from warehouse.night.replay import list_planned_nights
from warehouse.night.run import LEASE_SECONDS
from warehouse.progress import listen
from warehouse.settings import CITY_TIME, Settings, load_settings

EXAMPLE_QUERY = (
    "select period, basis, value, status from mart.series "
    "where indicator_code = 'std_total_count' and reporting_unit_code = '420200' "
    "order by period, basis"
)
Runner = Callable[[datetime | None], NightReport]


def run_nightly(at: datetime | None, *, with_prefect: bool) -> int:
    """Plays history that waits to be replayed, then runs the night asked for."""
    settings = load_settings()
    expectations = load_expectations(extra=settings.expectations_extra)
    waiting = _list_waiting_nights(settings) if at is None else []
    clocks: list[datetime | None] = [*waiting, at]
    code = 0
    with _choose_runner(settings, with_prefect=with_prefect) as run:
        for clock in clocks:
            report = run(clock)
            show_night(report, expectations)
            failed = (
                report.broken or report.failures or any(source.error for source in report.sources)
            )
            code = 1 if failed else code
    _show_ending(settings, report)
    return code


@contextmanager
def _choose_runner(settings: Settings, *, with_prefect: bool) -> Iterator[Runner]:
    with (
        console.status("") as progress,
        listen(lambda stage, subject: progress.update(f"{tell(stage)} {subject}")),
    ):
        if not with_prefect:
            yield lambda clock: run_night(settings, clock)
            return
        progress.update(tell("starting a private Prefect server …"))
        from flows.server import private_server

        with private_server(settings.home):
            from flows.nightly import nightly

            yield lambda clock: nightly(str(settings.home), clock.isoformat() if clock else "now")


def _list_waiting_nights(settings: Settings) -> list[datetime]:
    """Nights of `replay.toml` later than anything the ledger holds."""
    if not list_planned_nights(settings):
        return []
    return list_planned_nights(settings, after=_find_last_night(settings))


def _find_last_night(settings: Settings) -> datetime | None:
    if not settings.database.exists():
        return None
    with (
        share_lease(settings.lease, wait_seconds=LEASE_SECONDS),
        open_database(settings, read_only=True) as connection,
    ):
        tables = connection.execute(
            "select count(*) from duckdb_tables() where schema_name = 'ledger'"
        ).fetchone()
        if not tables or not tables[0]:
            return None
        # A night counts as played once it is published: one killed before that is played again.
        row = connection.execute("select max(published_at) from ledger.release").fetchone()
    return row[0].astimezone(CITY_TIME) if row and row[0] else None


def _show_ending(settings: Settings, report: NightReport) -> None:
    if not settings.pointer.exists():
        return
    if report.release_id is None:
        console.print(tell("Nothing changed; the release before stands."))
    else:
        console.print(tell("Release {number}", number=report.release_id))
    console.print(tell("Published file: {path}", path=settings.pointer))
    console.print(tell("A query to begin with:"))
    console.print(f'  .venv/bin/biaogan query "{EXAMPLE_QUERY}"', markup=False, soft_wrap=True)
    from biaogan.look import run_analyst_query

    run_analyst_query(EXAMPLE_QUERY, "table", None)


def serve_nights(port: int) -> int:
    """Serves the schedule until it is stopped."""
    settings = load_settings()
    from flows.server import private_server

    with private_server(settings.home, port, with_pages=True) as url:
        from flows.schedule import serve_schedule

        pages = url.removesuffix("/api")
        console.print(tell("Prefect at {url}; nights at 02:00 Asia/Shanghai.", url=pages))
        serve_schedule(settings.home)
    return 0


def lay_demo() -> int:
    """Lays the example submissions into an empty inbox."""
    from examples.lay import lay_examples

    settings = load_settings()
    if settings.inbox.is_dir() and any(settings.inbox.iterdir()):
        said = tell("The inbox is not empty: {path}; nothing was laid.", path=settings.inbox)
        console.print(said)
        return 0
    laid = lay_examples(settings.inbox)
    facts = {"count": laid.files, "path": settings.inbox}
    console.print(tell("{count} example files laid into {path}.", **facts))
    return 0
