"""Builds the file of one release: for the night that makes it, and again when it is gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.changes import Before, split_changes
from warehouse.build.macros import create_macros
from warehouse.build.marts import build_marts
from warehouse.build.news import find_vintages
from warehouse.build.publish import CATALOG, Published, finish_release, open_release
from warehouse.build.views import Cut, open_views
from warehouse.contracts.load import Expectations
from warehouse.ledger.tables import quote
from warehouse.progress import announce

if TYPE_CHECKING:
    from warehouse.night.rules import Rules

_INPUTS = """
    select sha256(coalesce(string_agg(
        submission.submission_id || ' ' || coalesce(submission.sha256, ''), chr(10)
        order by submission.submission_id
    ), ''))
    from ledger.submission as submission
    semi join core_included_submission as counts using (submission_id)
"""


@dataclass(frozen=True)
class ReleaseFacts:
    """What a release says of itself, besides its figures.

    Attributes:
        ledger_cut: last ledger entry it is made from.
        published_at: clock of the night that publishes it.
        recorded_at: when it is really made.
        rule_set: hash of the rules in force.
        published_by: account the night runs under.
    """

    release_id: int
    ledger_cut: int
    published_at: datetime
    recorded_at: datetime
    is_replayed: bool
    rule_set: str
    code_version: str
    published_by: str | None


def build_release(
    connection: duckdb.DuckDBPyConnection,
    rules: Rules,
    facts: ReleaseFacts,
    folder: Path,
    before: Before | None = None,
    *,
    is_new: bool = False,
) -> Published:
    """Builds a release's file from ledger and core, verifies it and moves it to its name.

    Built again, its vintages and changes come from the ledger and its content is as it was, rules
    and program being the same. Built for the first time, they are found and left in the `news`
    tables for the ledger.

    Args:
        connection: the warehouse, or a database in memory that shows it read-only.
        rules: those of the release.
        facts: what it says of itself.
        folder: where the file goes.
        before: the release before a new one; None where there is none.
        is_new: the release is being made, not made again.

    Raises:
        PublishError: a model cannot be built, or the file cannot be read back.
    """
    cut = Cut(facts.ledger_cut, facts.published_at, facts.release_id)
    open_views(connection, rules.expectations, cut, rules.core)
    _set_facts(connection, facts, rules.expectations)

    def make_news() -> None:
        announce("vintages")
        find_vintages(connection, CATALOG, facts.release_id)
        if before:
            split_changes(connection, rules.marts, rules.expectations, before, facts.ledger_cut)

    with open_release(connection, folder, facts.release_id) as building:
        build_marts(
            connection, rules.marts, rules.expectations, CATALOG, make_news if is_new else None
        )
        create_macros(connection, rules.macros, CATALOG)
        announce("publish")
    return finish_release(building, folder, facts.release_id)


def hash_inputs(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash over the files that count, at the cut the views are open at."""
    row = connection.execute(_INPUTS).fetchone()
    return str(row[0]) if row else ""


def list_versions(expectations: Expectations) -> str:
    """The version of each dataset's contract, as JSON: the start of its text's hash."""
    versions = {
        dataset: _shorten(expectations.texts, f"{dataset}.toml")
        for dataset in sorted(expectations.contracts)
    }
    return json.dumps(versions, separators=(",", ":"))


def _shorten(texts: Mapping[str, str], place: str) -> str:
    return hashlib.sha256(texts.get(place, "").encode()).hexdigest()[:12]


def _set_facts(
    connection: duckdb.DuckDBPyConnection, facts: ReleaseFacts, expectations: Expectations
) -> None:
    """Sets the session variables `mart.release` reads."""
    for name, value in (
        ("recorded_at", f"timestamptz '{facts.recorded_at.isoformat()}'"),
        ("is_replayed", str(facts.is_replayed)),
        ("rule_set", quote(facts.rule_set)),
        ("code_version", quote(facts.code_version)),
        ("published_by", quote(facts.published_by) if facts.published_by else "null::varchar"),
        ("inputs_sha256", quote(hash_inputs(connection))),
        ("contract_versions", quote(list_versions(expectations))),
    ):
        connection.execute(f"set variable {name} = {value}")
