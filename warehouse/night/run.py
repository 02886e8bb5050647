"""Opens a night, and runs one from beginning to end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

from warehouse.build.views import Cut, open_views
from warehouse.collect.archive import clear_incoming
from warehouse.database import open_database
from warehouse.gate.stage import open_stage
from warehouse.ledger.chain import find_cut
from warehouse.ledger.lease import hold_lease
from warehouse.ledger.load import Clock
from warehouse.ledger.tables import create_database, create_tables
from warehouse.night.report import NightReport
from warehouse.night.rules import keep_rule_set, load_rules
from warehouse.night.steps import Night
from warehouse.settings import CITY_TIME, Settings

LEASE_SECONDS = 10.0
"""A check or doctor that looks at the warehouse is done by then; another night is not."""

SOURCES_AT_ONCE = 4
"""Pulling waits for servers and for the disk to confirm each file, seldom for the processor."""


@contextmanager
def open_night(settings: Settings, at: datetime | None = None) -> Iterator[Night]:
    """Holds the lease and opens a night.

    Args:
        settings: the data root.
        at: a simulated clock for history that is replayed; None for the real one.

    Raises:
        LeaseHeld: another run is alive.
        ContractError: a contract cannot be used.
    """
    rules = load_rules(settings)
    clock = Clock(at or datetime.now(UTC), at is not None)
    purpose = f"nightly {clock.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
    with hold_lease(settings.lease, purpose, wait_seconds=LEASE_SECONDS) as left_behind:
        clear_incoming(settings.archive)
        keep_rule_set(rules, settings.archive)
        create_database(settings.database)
        connection = open_database(settings)
        try:
            contracts = list(rules.expectations.contracts.values())
            create_tables(connection, contracts)
            open_stage(connection, contracts)
            night = Night(settings, rules, clock, connection)
            if left_behind:
                night.report.taken_over_from = f"{left_behind.purpose} (process {left_behind.pid})"
            cut = Cut(find_cut(connection), clock.at, 0)
            open_views(connection, rules.expectations, cut, rules.core)
            yield night
        finally:
            connection.close()


def run_night(settings: Settings, at: datetime | None = None) -> NightReport:
    """Runs one night from beginning to end; reminders are laid out, and sent by the flow alone.

    Raises:
        LeaseHeld: another run is alive.
        PublishError: the release could not be made; the one before still stands.
    """
    with open_night(settings, at) as night:
        with ThreadPoolExecutor(SOURCES_AT_ONCE, thread_name_prefix="pull") as pool:
            list(pool.map(night.pull, night.sources))
        for batch in night.plan_batches():
            night.receive(batch)
        for dataset in night.datasets():
            night.judge(dataset)
        night.load()
        night.publish()
        night.outgoing.return_workbooks()
        night.outgoing.remind()
        night.outgoing.write_pages()
    return night.report
