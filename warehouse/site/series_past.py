"""What a subject's page says of one main series' past: every value it was published with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from warehouse.site.main_series import BASES, SeriesFacts
from warehouse.site.received import Row
from warehouse.site.series_charts import Revision


@dataclass(frozen=True)
class PastFacts:
    """The vintages of one main series."""

    series: SeriesFacts

    @property
    def revisions(self) -> list[Revision]:
        """The city's figures that were published with more than one value."""
        periods = self.series.periods
        return [
            Revision(periods.index(period), basis, tuple(map(self.series.scale.shrink, values)))
            for (basis, period), values in self._list_values().items()
            if len(values) > 1 and period in periods
        ]

    @property
    def history(self) -> list[Row]:
        """Every value the city's figures were ever published with, newest period first."""
        rows = [row for row in self.series.vintages if self.series.is_city(row)]
        order = {basis: at for at, basis in enumerate(BASES)}
        rows = sorted(rows, key=lambda row: (order[row["basis"]], row["known_from_release"]))
        rows = sorted(rows, key=lambda row: str(row["period"]), reverse=True)
        return [row | {"shown": self.series.show(row)} for row in rows]

    @property
    def unit_revision_count(self) -> int:
        """How many of the units' figures have been published with more than one value."""
        values: dict[tuple[str, str, str], set[Decimal | None]] = defaultdict(set)
        for row in self.series.vintages:
            if not self.series.is_city(row):
                key = (row["series_code"], row["period"], row["reporting_unit_code"])
                values[key].add(row["value"])
        return sum(len(found) > 1 for found in values.values())

    def _list_values(self) -> dict[tuple[str, str], list[Decimal]]:
        """Values in the order they were published, one that stayed the same once."""
        found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
        for row in self.series.vintages:
            if self.series.is_city(row) and row["value"] is not None:
                values = found[row["basis"], row["period"]]
                if values[-1:] != [row["value"]]:
                    values.append(row["value"])
        return found
