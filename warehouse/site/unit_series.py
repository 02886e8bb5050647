"""What a subject's page says of one main series unit by unit: small multiples and a ranking."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from warehouse.contracts.codes import ReportingUnit
from warehouse.contracts.model import Text
from warehouse.periods import Period
from warehouse.site.main_series import BASES, SeriesFacts, list_periods, split_languages
from warehouse.site.received import Row
from warehouse.site.series_charts import Point


@dataclass(frozen=True)
class UnitFacts:
    """The reporting units' figures of one main series."""

    series: SeriesFacts

    @cached_property
    def basis(self) -> str | None:
        """Whether the figures shown are counted or, where none is, reported; None without any."""
        found = {row["basis"] for row in self.series.current if not self.series.is_city(row)}
        return next((basis for basis in BASES if basis in found), None)

    @cached_property
    def periods(self) -> list[str]:
        """Every period from the first figure to the last, those without one as well."""
        return list_periods(row["period"] for rows in self._rows.values() for row in rows.values())

    @property
    def panels(self) -> list[tuple[Text, list[Point]]]:
        """Name and figures of every unit, those without any as well."""
        return [
            (name_unit(unit), self.series.make_points(self._rows[unit.code].values(), self.periods))
            for unit in self._units
        ]

    @property
    def ranking(self) -> list[dict[str, Any]]:
        """The units in the newest period, highest first; one without a figure stands last."""
        if not self.periods:
            return []
        newest = self.periods[-1]
        last_day = Period.parse(newest).end
        lines = []
        for unit in self._units:
            rows = self._rows[unit.code]
            row = rows.get(newest)
            if row or unit.is_valid(last_day):
                lines.append(
                    {
                        "name": name_unit(unit),
                        "row": row and row | {"shown": self.series.show(row)},
                        "value": row and row["value"],
                        "change": self.series.compare(newest, rows),
                    }
                )
        return sorted(lines, key=lambda line: (line["value"] is None, -(line["value"] or 0)))

    @property
    def breaks(self) -> list[tuple[Text, str, Text]]:
        """Unit, period and reason of each break."""
        return [
            (name_unit(unit), period, split_languages(row["break_reason"]))
            for unit in self._units
            for period, row in self._rows[unit.code].items()
            if row["break_reason"]
        ]

    @cached_property
    def _rows(self) -> dict[str, dict[str, Row]]:
        """The figures that stand, by unit and period."""
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.series.current:
            if row["basis"] == self.basis and not self.series.is_city(row):
                found[row["reporting_unit_code"]][row["period"]] = row
        return found

    @cached_property
    def _units(self) -> list[ReportingUnit]:
        """The units of today, whether they have figures or not, and those of old that have."""
        return [
            unit
            for unit in self.series.units
            if not unit.is_city and (unit.code in self._rows or unit.is_valid(None))
        ]


def name_unit(unit: ReportingUnit) -> Text:
    """What a reporting unit is called."""
    return Text(zh=unit.name, en=unit.name_en)
