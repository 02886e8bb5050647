"""The whole example, night by night: every night of its past, then tonight."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from examples.lay import Laid, lay_examples
from warehouse.night import NightReport, run_night
from warehouse.settings import Settings


@dataclass(frozen=True)
class WholeExample:
    """The example after its nights; `whole_example` gives it, to be read and not changed."""

    settings: Settings
    laid: Laid
    reports: list[NightReport]

    def read_ledger(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.settings.database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def read_release(self, release_id: int, query: str) -> list[tuple]:
        path = self.settings.published / f"mart-{release_id:06d}.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    @property
    def of_the_report(self) -> int:
        """The release in force on the report's date, 2020-10-27."""
        [(number,)] = self.read_ledger(
            "select max(release_id) from ledger.release where published_at < '2020-10-27'"
        )
        return number


def play_whole_example(home: Path) -> WholeExample:
    settings = Settings(home=home, keep_releases=50)
    laid = lay_examples(settings.inbox)
    reports = [run_night(settings, night) for night in [*laid.nights, None]]
    return WholeExample(settings, laid, reports)
