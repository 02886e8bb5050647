"""What a subject's page says of one main series: the city's figures, period by period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from warehouse.contracts.codes import ReportingUnit
from warehouse.contracts.model import Text
from warehouse.contracts.subjects import MainSeries
from warehouse.periods import PARTS, Period
from warehouse.site.numbers import Scale, choose_scale, qualify, show_percent
from warehouse.site.received import Row
from warehouse.site.series_charts import Point
from warehouse.site.text import same

BASES = ("counted", "reported")
_NO_UNIT = "–"


@dataclass(frozen=True)
class SeriesFacts:
    """One main series as published.

    Attributes:
        main: which it is.
        vintages: its rows of `mart.series_vintage`, by series, period and unit, oldest first.
        units: the reporting units, the city among them.
    """

    main: MainSeries
    vintages: Sequence[Row]
    units: Sequence[ReportingUnit]

    @cached_property
    def period_type(self) -> str:
        """What it is published by; where it is published by several, what has most figures."""
        counted = Counter(row["period_type"] for row in self.vintages)
        return max(counted, key=lambda name: (counted[name], name), default="quarter")

    @cached_property
    def current(self) -> list[Row]:
        """The rows that stand now, of the one type of period a chart can show."""
        return [
            row
            for row in self.vintages
            if row["known_to_release"] is None and row["period_type"] == self.period_type
        ]

    @cached_property
    def city_rows(self) -> list[Row]:
        """Those of `current` that speak of the whole city."""
        return [row for row in self.current if self.is_city(row)]

    @cached_property
    def scale(self) -> Scale:
        """The unit its values are shown in."""
        unit = self.vintages[-1]["unit"] if self.vintages else _NO_UNIT
        return choose_scale(unit, [row["value"] for row in self.current])

    @cached_property
    def periods(self) -> list[str]:
        """Every period from the first figure of the city to the last, those without one as well."""
        return list_periods(row["period"] for row in self.city_rows)

    @property
    def points(self) -> list[Point]:
        """The city's figures; what is not applicable has no point."""
        return self.make_points(self.city_rows, self.periods)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The city by period, newest first: both figures, their difference and the change.

        Periods one after the other in which nothing is published are one line.
        """
        found: dict[str, dict[str, Row]] = {basis: {} for basis in BASES}
        for row in self.city_rows:
            found[row["basis"]][row["period"]] = row
        published = {row["period"] for row in self.city_rows}
        lines: list[dict[str, Any]] = []
        for is_gap, grouped in groupby(reversed(self.periods), lambda name: name not in published):
            periods = list(grouped)
            if is_gap:
                lines.append({"gap": (periods[-1], periods[0]), "count": len(periods)})
            else:
                lines += [self._make_line(period, found) for period in periods]
        return lines

    @property
    def breaks(self) -> list[tuple[str, Text]]:
        """Periods whose figure is not comparable with the one before, and why, in order."""
        found = {
            row["period"]: row["break_reason"] for row in self.city_rows if row["break_reason"]
        }
        return [(period, split_languages(reason)) for period, reason in sorted(found.items())]

    def is_city(self, row: Row) -> bool:
        """Whether a figure speaks of the whole city."""
        return any(unit.is_city and unit.code == row["reporting_unit_code"] for unit in self.units)

    def make_points(self, rows: Iterable[Row], periods: Sequence[str]) -> list[Point]:
        """Figures as points of a drawing over these periods."""
        places = {period: place for place, period in enumerate(periods)}
        return [
            Point(
                places[row["period"]],
                self.scale.shrink(row["value"]),
                self.show(row),
                row["basis"],
                row["status"],
                row["break_reason"] is not None,
            )
            for row in rows
            if row["value"] is not None
        ]

    def show(self, row: Row) -> str:
        """A figure as written."""
        return qualify(self.scale.show(row["value"]), row["qualifier"])

    def compare(self, period: str, rows: Mapping[str, Row]) -> dict[str, Any] | None:
        """The change on the same period a year before; None where either has no value.

        Args:
            period: the later one.
            rows: the figures of one area and basis, by period.
        """
        before = str(Period.parse(period).shift(-PARTS[self.period_type]))
        now, then = rows.get(period), rows.get(before)
        if not now or not then or now["value"] is None or then["value"] is None:
            return None
        between = list_periods([before, period])[1:]
        return {
            "before": before,
            "shown": self.scale.show_change(now["value"] - then["value"]),
            "percent": show_percent(now["value"], then["value"]),
            "is_partial": any(
                row["included_submissions"] < row["expected_submissions"] for row in (now, then)
            ),
            "is_broken": any(rows[name]["break_reason"] for name in between if name in rows),
        }

    def _make_line(self, period: str, found: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
        counted, reported = (found[basis].get(period) for basis in BASES)
        difference = None
        if counted and reported and None not in (counted["value"], reported["value"]):
            difference = self.scale.show_change(counted["value"] - reported["value"])
        return {
            "period": period,
            "gap": None,
            "cells": [row and self._describe(row) for row in (counted, reported)],
            "difference": difference,
            "change": self.compare(period, found["counted" if counted else "reported"]),
        }

    def _describe(self, row: Row) -> Row:
        return row | {"shown": self.show(row), "since": self._find_since(row)}

    def _find_since(self, row: Row) -> int:
        """The release since which the city's figure has its value, whatever its status was."""
        since: int = row["known_from_release"]
        key = (row["series_code"], row["period"])
        for earlier in reversed(self.vintages):
            if not self.is_city(earlier) or (earlier["series_code"], earlier["period"]) != key:
                continue
            if earlier["value"] != row["value"] or earlier["known_to_release"] not in {None, since}:
                break
            since = earlier["known_from_release"]
        return since


def split_languages(text: str) -> Text:
    """A reason as the marts hold it, `中文 / English`; one that is not divided stands for both."""
    chinese, joint, english = text.partition(" / ")
    return Text(zh=chinese, en=english) if joint and english else same(text)


def list_periods(given: Iterable[str]) -> list[str]:
    """The periods given and all between them, of one type."""
    periods = sorted({Period.parse(text) for text in given})
    if not periods:
        return []
    listed = [periods[0]]
    while listed[-1] < periods[-1]:
        listed.append(listed[-1].shift(1))
    return [str(period) for period in listed]
