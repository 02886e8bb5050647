"""Makes a release where something has changed, and mends what a killed run left behind."""

from __future__ import annotations

import getpass
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import __version__
from warehouse.build.changes import Before
from warehouse.build.news import record_news
from warehouse.build.publish import (
    Published,
    point_to,
    release_path,
    remove_unfinished,
    retire_releases,
)
from warehouse.build.release import ReleaseFacts, build_release, hash_inputs, list_versions
from warehouse.build.views import list_obligations
from warehouse.contracts.bridges import is_turning, read_bridges
from warehouse.database import transaction
from warehouse.ledger.chain import Chain, digest_news, find_cut
from warehouse.ledger.load import Clock
from warehouse.night.rules import Rules
from warehouse.settings import CITY_TIME, Settings


@dataclass(frozen=True)
class Releases:
    """The releases of a data root."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    rules: Rules
    clock: Clock

    def publish(self) -> tuple[int, Path] | None:
        """Publishes a release where it would say anything new.

        Returns:
            Its number and file; None where the one before stands.

        Raises:
            PublishError: the release could not be made; the one before still stands.
        """
        last = self.connection.execute(
            "select release_id, ledger_cut, rule_set, code_version, published_at "
            "from ledger.release order by release_id desc limit 1"
        ).fetchone()
        if last is None:
            return self._make(1)
        if self._has_changed(last):
            return self._make(last[0] + 1, last)
        self._mend(last[0])
        return None

    def _has_changed(self, last: tuple[Any, ...]) -> bool:
        """Whether a new release would say anything the last one does not, or its file is gone."""
        release_id, cut, rule_set, code_version, published_at = last
        if not release_path(self.settings.published, release_id).exists():
            return True
        made_from = (find_cut(self.connection), self.rules.rule_set, __version__)
        return (cut, rule_set, code_version) != made_from or self._date_matters(
            published_at.astimezone(CITY_TIME).date()
        )

    def _date_matters(self, since: date) -> bool:
        """Whether a period, an exception or a bridge ended, or a due or lock date passed."""
        today = self.clock.at.astimezone(CITY_TIME).date()
        if today == since:
            return False
        before = list_obligations(self.rules.expectations, since)
        now = list_obligations(self.rules.expectations, today)
        passed = now.filter(
            now["locked_on"].is_between(since, today, closed="left")
            | now["due_on"].is_between(since, today, closed="left")
        )
        if before.height != now.height or not passed.is_empty():
            return True
        declared = self.rules.expectations
        if is_turning(read_bridges(declared.texts, declared.codes), since, today):
            return True
        ended = self.connection.execute(
            "select count(*) from ledger.exemption where ends_on >= $1 and ends_on < $2",
            [since, today],
        ).fetchone()
        return bool(ended and ended[0])

    def _make(self, release_id: int, last: tuple[Any, ...] | None = None) -> tuple[int, Path]:
        """Builds a file, verifies it, records the release, and only then moves the pointer."""
        facts = ReleaseFacts(
            release_id=release_id,
            ledger_cut=find_cut(self.connection),
            published_at=self.clock.at,
            recorded_at=datetime.now(UTC),
            is_replayed=self.clock.is_replayed,
            rule_set=self.rules.rule_set,
            code_version=__version__,
            published_by=_name_account(),
        )
        folder = self.settings.published
        before = None
        if last:
            is_same = last[2:4] == (facts.rule_set, facts.code_version)
            before = Before(last[1], is_same)
        published = build_release(self.connection, self.rules, facts, folder, before, is_new=True)
        self._record(facts, published)
        point_to(published.path, self.settings.pointer)
        retire_releases(folder, self.settings.pointer, self.settings.keep_releases)
        return release_id, published.path

    def _record(self, facts: ReleaseFacts, published: Published) -> None:
        """Records the release with what it said anew, as a whole or not at all."""
        with transaction(self.connection):
            record_news(self.connection)
            Chain(self.connection).append(
                "release",
                [
                    asdict(facts)
                    | {
                        "file_name": published.path.name,
                        "content_sha256": published.content_sha256,
                        "inputs_sha256": hash_inputs(self.connection),
                        "contract_versions": list_versions(self.rules.expectations),
                        "vintages_sha256": digest_news(self.connection, facts.release_id),
                    }
                ],
            )

    def _mend(self, release_id: int) -> None:
        """A killed run left the pointer one release behind, half a file, or a file too many."""
        folder, pointer = self.settings.published, self.settings.pointer
        target = release_path(folder, release_id)
        if pointer.resolve() != target.resolve():
            point_to(target, pointer)
        remove_unfinished(folder)
        retire_releases(folder, pointer, self.settings.keep_releases)


def _name_account() -> str | None:
    """The account the night runs under; a container's may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
