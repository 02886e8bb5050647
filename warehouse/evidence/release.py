"""Opens the warehouse as of one release: its ledger cut, its clock, the rules it was made with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.views import Cut, open_views
from warehouse.evidence.contributions import open_evidence
from warehouse.evidence.model import Release
from warehouse.history import look_back, open_bench
from warehouse.ledger.schema import CHAINED
from warehouse.settings import Settings
from warehouse.vintages.ledger import WAIT_SECONDS, find_release

if TYPE_CHECKING:
    from warehouse.night.rules import Rules


@dataclass(frozen=True)
class Look:
    """A read-only look at the warehouse as of one release.

    Attributes:
        connection: with `open_views` and `open_evidence` at the release's cut.
        rules: those the release was made with.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    rules: Rules
    release: Release


@contextmanager
def look_at_release(
    settings: Settings, rules: Rules, as_of: date | None = None, number: int | None = None
) -> Iterator[Look]:
    """Looks at the warehouse as a release shows it, the newest one where none is asked for.

    Args:
        settings: the data root.
        rules: those in force, which the evidence of a release from before there was any is made by.
        as_of: a day in the city; the last release published on it or before.
        number: of a release.

    Raises:
        ReleaseUnknown: there is none.
        RuleSetLost: the rules of that release cannot be had any more.
        NoHistory: no night has run yet.
        LeaseHeld: a night is under way, and still was after waiting.
    """
    found = find_release(settings, as_of, number)
    made_by = _find_rules(settings, rules, found.facts.rule_set)
    with open_bench(settings) as connection:
        contracts = made_by.expectations.contracts.values()
        with look_back(connection, settings, contracts, WAIT_SECONDS):
            yield Look(
                connection, settings, made_by, open_release(connection, made_by, found.release_id)
            )


def open_release(connection: duckdb.DuckDBPyConnection, rules: Rules, release_id: int) -> Release:
    """Opens the views at a release's cut and says what it is.

    Args:
        connection: the warehouse, or a look at it.
        rules: those the release was made with.
        release_id: its number, which the ledger has.
    """
    release = read_release(connection, release_id)
    cut = Cut(release.ledger_cut, release.published_at, release_id)
    open_views(connection, rules.expectations, cut, rules.core)
    open_evidence(connection, rules.evidence)
    return release


def read_release(connection: duckdb.DuckDBPyConnection, release_id: int) -> Release:
    """What the ledger says of a release."""
    entries = " union all ".join(
        f"select sequence, row_hash from ledger.{name}"  # noqa: S608
        for name in CHAINED
    )
    names = [name for name in Release.__dataclass_fields__ if name != "entry_hash"]
    row = connection.execute(
        f"""
        select {", ".join(names)}, entry.row_hash
        from ledger.release as release
        left join ({entries}) as entry on release.ledger_cut = entry.sequence
        where release_id = ?
        """,  # noqa: S608
        [release_id],
    ).fetchone()
    if row is None:
        message = f"the ledger has no release {release_id}"
        raise LookupError(message)
    return Release(**dict(zip([*names, "entry_hash"], row, strict=True)))


def _find_rules(settings: Settings, rules: Rules, rule_set: str) -> Rules:
    from warehouse.night.rules import load_kept_rules

    if rule_set == rules.rule_set:
        return rules
    kept = load_kept_rules(settings.archive, rule_set)
    return replace(kept, evidence=kept.evidence or rules.evidence)
