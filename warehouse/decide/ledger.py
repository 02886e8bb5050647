"""Opens the ledger for one decision: under the lease, in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from warehouse.build.views import Cut, open_views, set_cut
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.database import open_database, transaction
from warehouse.decide.failure import DecisionRefused
from warehouse.ledger.chain import Chain, find_cut
from warehouse.ledger.lease import hold_lease, share_lease
from warehouse.ledger.load import Clock, next_number
from warehouse.ledger.tables import create_tables
from warehouse.night.rules import load_rules
from warehouse.settings import CITY_TIME, Settings

WAIT_SECONDS = 10.0
"""A look or another decision is over by then; a night is not, and is named."""
_OBLIGATION = ("dataset", "reporter_code", "period")


@dataclass(frozen=True)
class Ledger:
    """The ledger, opened at its last entry, with the views of that cut."""

    connection: duckdb.DuckDBPyConnection
    expectations: Expectations
    clock: Clock

    @property
    def today(self) -> date:
        """The day by the clock, in the city."""
        return self.clock.at.astimezone(CITY_TIME).date()

    @property
    def stamp(self) -> dict[str, Any]:
        """When an entry is made, by which clock."""
        return {
            "night_at": self.clock.at,
            "recorded_at": datetime.now(UTC),
            "is_replayed": self.clock.is_replayed,
        }

    def append(self, table: str, entries: Iterable[dict[str, Any]]) -> None:
        """Seals entries and appends them; the views show them at once."""
        stamp = self.stamp
        Chain(self.connection).append(table, [entry | stamp for entry in entries])
        set_cut(self.connection, Cut(find_cut(self.connection), self.clock.at, 0))

    def number(self, table: str) -> int:
        """The next number of a table whose entries are numbered."""
        return next_number(self.connection, table)

    def find_counting(self, obligation: tuple[str | None, ...]) -> int | None:
        """The submission that counts for an obligation from the next build on."""
        same = " and ".join(f"{name} = ${name}" for name in _OBLIGATION)
        row = self.connection.execute(
            f"select submission_id from core_included_submission where {same}",  # noqa: S608
            dict(zip(_OBLIGATION, obligation, strict=True)),
        ).fetchone()
        return int(row[0]) if row else None


@contextmanager
def open_ledger(settings: Settings, purpose: str, at: datetime | None = None) -> Iterator[Ledger]:
    """Opens the ledger to append to it; what is appended inside goes in together or not at all.

    Args:
        settings: the data root.
        purpose: what others are told while they wait.
        at: a simulated clock; None for the real one.

    Raises:
        LeaseHeld: a night, or somebody else, has held the warehouse all the while.
        DecisionRefused: no night has run yet.
    """
    rules = load_rules(settings)
    clock = Clock(at or datetime.now(UTC), at is not None)
    with hold_lease(settings.lease, purpose, wait_seconds=WAIT_SECONDS):
        connection = _open(settings, read_only=False)
        try:
            create_tables(connection, rules.expectations.contracts.values())
            cut = Cut(find_cut(connection), clock.at, 0)
            open_views(connection, rules.expectations, cut, rules.core)
            with transaction(connection):
                yield Ledger(connection, rules.expectations, clock)
        finally:
            connection.close()


@contextmanager
def view_ledger(settings: Settings, at: datetime | None = None) -> Iterator[Ledger]:
    """Opens the ledger to look at it, and keeps nights out meanwhile.

    Raises:
        LeaseHeld: a night, or somebody else, has held the warehouse all the while.
        DecisionRefused: no night has run yet, or none with this version.
    """
    rules = load_rules(settings)
    clock = Clock(at or datetime.now(UTC), at is not None)
    with share_lease(settings.lease, wait_seconds=WAIT_SECONDS):
        connection = _open(settings, read_only=True)
        try:
            cut = Cut(find_cut(connection), clock.at, 0)
            open_views(connection, rules.expectations, cut, rules.core)
            yield Ledger(connection, rules.expectations, clock)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise DecisionRefused(
                Text(
                    zh="数据仓是旧版本留下的，请先运行一次 biaogan nightly。",
                    en="An earlier version left this warehouse; run biaogan nightly once first.",
                )
            ) from error
        finally:
            connection.close()


def _open(settings: Settings, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    if not settings.database.exists():
        raise DecisionRefused(
            Text(
                zh="还没有收到过报送，请先运行 biaogan nightly。",
                en="Nothing has come yet; run biaogan nightly first.",
            )
        )
    return open_database(settings, read_only=read_only)
