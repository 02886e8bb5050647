"""The published figures as they were known in one release, and every value they ever had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

import duckdb

from warehouse.contracts.model import Text
from warehouse.settings import CITY_TIME
from warehouse.vintages.failure import ReleaseUnknown

_COLUMNS = (
    "series_code", "indicator_code", "indicator_name", "unit", "basis", "qualifier",
    "measure_kind", "is_additive", "adds_over_periods", "accumulated_since", "period",
    "period_type", "reporting_unit_code", "reporting_unit", "value", "value_state",
    "expected_submissions", "included_submissions", "status", "break_reason",
    "known_from_release", "known_to_release",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A row of `mart.series_vintage`: one value a figure was ever published with.

    Attributes:
        value: in `unit`, which is the published one; None where it is not applicable.
        basis: `reported` by a department or `counted` from a register's rows.
        known_from_release: the release that first said it.
        known_to_release: the one that replaced it; None while it stands.
    """

    series_code: str
    indicator_code: str | None
    indicator_name: str
    unit: str
    basis: str
    qualifier: str | None
    measure_kind: str
    is_additive: bool
    adds_over_periods: bool
    accumulated_since: str | None
    period: str
    period_type: str
    reporting_unit_code: str
    reporting_unit: str
    value: Decimal | None
    value_state: str
    expected_submissions: int
    included_submissions: int
    status: str
    break_reason: str | None
    known_from_release: int
    known_to_release: int | None

    @property
    def is_complete(self) -> bool:
        """Whether every form it is made from is in it."""
        return self.included_submissions >= self.expected_submissions

    def is_known_in(self, release: int) -> bool:
        """Whether it stood in a release."""
        ended = self.known_to_release
        return self.known_from_release <= release and (ended is None or release < ended)


@dataclass(frozen=True)
class ReleaseName:
    """A release as the published file names it."""

    release_id: int
    published_on: date
    published_at: datetime
    is_replayed: bool

    @property
    def label(self) -> Text:
        """Which release this is, and that it is no record of that day where it was replayed."""
        at = f"{self.published_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
        if not self.is_replayed:
            return Text(
                zh=f"第 {self.release_id} 次发布，{at}",
                en=f"release {self.release_id} of {at}",
            )
        return Text(
            zh=f"第 {self.release_id} 次发布，模拟时钟 {at}，为回放的历史",
            en=f"release {self.release_id}, at {at} by a simulated clock: replayed history",
        )

    @property
    def short(self) -> Text:
        """The same within a sentence."""
        day = f"{self.published_on}"
        if not self.is_replayed:
            return Text(
                zh=f"第 {self.release_id} 次发布（{day}）", en=f"release {self.release_id} ({day})"
            )
        return Text(
            zh=f"第 {self.release_id} 次发布（{day}，回放）",
            en=f"release {self.release_id} ({day}, replayed)",
        )


class Figures:
    """Every figure of a published file, as known in one of its releases.

    Values of earlier and later releases are there as well, so that a figure which moved can be
    told from one that never was.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, as_of: date | None = None) -> None:
        """Chooses the release in force.

        Args:
            connection: a published file, as `warehouse.query.published.open_published` opens it.
            as_of: a day in the city; the last release published on it or before, by number. None
                for the newest.

        Raises:
            ReleaseUnknown: nothing had been published by then.
        """
        self._connection = connection
        self.as_of = as_of
        self.release = self._choose_release(as_of)
        self._by_indicator: dict[str, dict[str, list[Figure]]] = {}
        self._find_rows = lru_cache(maxsize=4096)(self._read_rows)

    def find(self, code: str, period: str, unit_code: str) -> list[Figure]:
        """What is known of an indicator or a series in the release in force.

        Args:
            code: an indicator's, then what is reported of it and what is counted of it are found;
                or a `series_code` of `mart.series`.
            period: such as 2020Q3.
            unit_code: a reporting unit's, or the city's.

        Returns:
            At most one figure a series, the reported one first.
        """
        return [
            figure
            for figure in self.list_vintages(code, unit_code)
            if figure.period == period and figure.is_known_in(self.release.release_id)
        ]

    def list_vintages(self, code: str, unit_code: str) -> Sequence[Figure]:
        """Every value an indicator or series ever had for a unit: by basis, period and release."""
        return self._find_rows(code, unit_code)

    def list_periods(self, code: str, unit_code: str) -> list[str]:
        """The periods there is a figure for in the release in force, in order within a type."""
        known = {
            figure.period
            for figure in self.list_vintages(code, unit_code)
            if figure.is_known_in(self.release.release_id)
        }
        return sorted(known)

    def has(self, code: str) -> bool:
        """Whether any release ever had this indicator or series."""
        return code in self._codes

    def name_release(self, release_id: int) -> ReleaseName:
        """The release of a number that a figure carries."""
        return self._releases[release_id]

    @cached_property
    def _codes(self) -> frozenset[str]:
        rows = self._connection.execute(
            "select distinct unnest([series_code, indicator_code]) from mart.series_vintage"
        ).fetchall()
        return frozenset(code for (code,) in rows if code)

    @cached_property
    def _releases(self) -> dict[int, ReleaseName]:
        rows = self._connection.execute(
            "select release_id, published_on, published_at, is_replayed from mart.release "
            "order by release_id"
        ).fetchall()
        return {row[0]: ReleaseName(*row) for row in rows}

    def _choose_release(self, as_of: date | None) -> ReleaseName:
        known = [
            item for item in self._releases.values() if as_of is None or item.published_on <= as_of
        ]
        if not known:
            first = min(self._releases.values(), key=lambda item: item.published_on, default=None)
            since = f"{first.published_on}" if first else "–"
            raise ReleaseUnknown(
                Text(
                    zh=f"{as_of or ''} 那天还没有发布过数据，最早的一次发布在 {since}。",
                    en=f"Nothing had been published by {as_of}; the first release is of {since}.",
                )
            )
        return known[-1]

    def _read_rows(self, code: str, unit_code: str) -> Sequence[Figure]:
        """Of a unit's indicators all rows are read at once, of another series its own."""
        if unit_code not in self._by_indicator:
            grouped: dict[str, list[Figure]] = {}
            for figure in self._select("indicator_code is not null", unit_code):
                for name in {figure.series_code, figure.indicator_code or ""}:
                    grouped.setdefault(name, []).append(figure)
            self._by_indicator[unit_code] = grouped
        known = self._by_indicator[unit_code].get(code)
        return known if known is not None else self._select("series_code = $2", unit_code, code)

    def _select(self, condition: str, unit_code: str, *values: str) -> list[Figure]:
        rows: list[tuple[Any, ...]] = self._connection.execute(
            f"""
            select {", ".join(_COLUMNS)}
            from mart.series_vintage
            where reporting_unit_code = $1 and {condition}
            order by basis = 'counted', series_code, period, known_from_release
            """,  # noqa: S608
            [unit_code, *values],
        ).fetchall()
        return [Figure(*row) for row in rows]
