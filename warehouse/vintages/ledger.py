"""Finds the release in force: the last one published on or before a day, or one by its number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from warehouse.build.release import ReleaseFacts
from warehouse.contracts.model import Text
from warehouse.history import look_back, open_bench
from warehouse.settings import CITY_TIME, Settings
from warehouse.vintages.failure import ReleaseUnknown

WAIT_SECONDS = 10.0
"""A look or a decision is over by then; a night is not, and is named."""

_FACTS = (
    "release_id", "ledger_cut", "published_at", "recorded_at", "is_replayed", "rule_set",
    "code_version", "published_by",
)  # fmt: skip


@dataclass(frozen=True)
class Release:
    """A release as the ledger has it.

    Attributes:
        facts: what it says of itself.
        content_sha256: hash over the content of its marts.
    """

    facts: ReleaseFacts
    content_sha256: str

    @property
    def release_id(self) -> int:
        """Its number."""
        return self.facts.release_id

    @property
    def published_on(self) -> date:
        """Its day, in the city."""
        return self.facts.published_at.astimezone(CITY_TIME).date()

    @property
    def label(self) -> Text:
        """Which release this is, and that it is no record of that day where it was replayed."""
        at = f"{self.facts.published_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
        if not self.facts.is_replayed:
            return Text(
                zh=f"第 {self.release_id} 次发布，{at} 发布。",
                en=f"Release {self.release_id}, published at {at}.",
            )
        made = f"{self.facts.recorded_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
        return Text(
            zh=f"第 {self.release_id} 次发布，模拟时钟 {at}；这是回放的历史，实际生成于 {made}，"
            "不是当日的记录。",
            en=f"Release {self.release_id}, at {at} by a simulated clock: replayed history, really "
            f"made at {made}, no record of that day.",
        )


def find_release(
    settings: Settings, as_of: date | None = None, release: int | None = None
) -> Release:
    """Finds a release in the ledger.

    Args:
        settings: the data root.
        as_of: a day in the city; the last release published on it or before.
        release: a number. Without either, the newest release.

    Raises:
        ReleaseUnknown: there is none; the first or the range of numbers is named.
        NoHistory: no night has run yet.
        LeaseHeld: a night is under way, and still was after waiting.
    """
    with open_bench(settings) as connection, look_back(connection, settings, (), WAIT_SECONDS):
        releases = _read_releases(connection)
    if not releases:
        raise ReleaseUnknown(
            Text(
                zh="还没有发布过任何数据，请先运行 biaogan nightly。",
                en="Nothing has been published yet; run biaogan nightly first.",
            )
        )
    if release is not None:
        return _pick_number(releases, release)
    known = [item for item in releases if as_of is None or item.published_on <= as_of]
    if not known:
        raise _miss_day(releases, as_of or date.min)
    return known[-1]


def _read_releases(connection: duckdb.DuckDBPyConnection) -> list[Release]:
    """All releases by number: the clock of one may be earlier than that of the one before."""
    rows = connection.execute(
        f"select content_sha256, {', '.join(_FACTS)} from ledger.release order by release_id"  # noqa: S608
    ).fetchall()
    return [_describe(row) for row in rows]


def _describe(row: tuple[Any, ...]) -> Release:
    content, *facts = row
    return Release(ReleaseFacts(**dict(zip(_FACTS, facts, strict=True))), content)


def _pick_number(releases: list[Release], number: int) -> Release:
    for item in releases:
        if item.release_id == number:
            return item
    first, last = releases[0].release_id, releases[-1].release_id
    raise ReleaseUnknown(
        Text(
            zh=f"没有第 {number} 次发布；现有第 {first} 次至第 {last} 次。",
            en=f"There is no release {number}; there are releases {first} to {last}.",
        )
    )


def _miss_day(releases: list[Release], as_of: date) -> ReleaseUnknown:
    first = min(releases, key=lambda item: (item.published_on, item.release_id))
    return ReleaseUnknown(
        Text(
            zh=f"{as_of} 那天还没有发布过数据。最早的一次是第 {first.release_id} 次发布，"
            f"{first.published_on}。",
            en=f"Nothing had been published by {as_of}. The first is release {first.release_id} "
            f"of {first.published_on}.",
        )
    )
