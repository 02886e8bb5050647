"""Spreadsheet expressions for facts of the indicator, and of the unit, that a row names."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from warehouse.template.prefill import TypedRow
from warehouse.template.self_check.area import EntryArea
from warehouse.template.self_check.cells import look_up


def look_up_indicator(area: EntryArea, facts: Sequence[float | str]) -> str:
    """A fact of the indicator a row names, of a kept list; an error where it names none."""
    numbers = area.kept.keep_list(list(range(1, len(facts) + 1)))
    return f"LOOKUP({area.value('indicator_code')},{numbers},{area.kept.keep_list(facts)})"


def factor_of_unit(area: EntryArea) -> str:
    """The factor of the unit a row is counted in, to its base."""
    factors = {unit.name: float(unit.factor) for unit in area.codes.units_of_measure}
    codes = area.contract.columns["unit"].codes
    return look_up(area.value("unit"), [factors[code] for code in codes])


def base_of_unit(area: EntryArea) -> str:
    """The number of the base of the unit a row is counted in."""
    codes = area.contract.columns["unit"].codes
    return look_up(area.value("unit"), [number_of_base(area, code) for code in codes])


def number_of_base(area: EntryArea, unit_name: str) -> int:
    """By which number the base of a unit is known, from 1; 家 and 家次 have two."""
    bases = {unit.name: unit.base for unit in area.codes.units_of_measure}
    return list(dict.fromkeys(bases.values())).index(bases[unit_name]) + 1


_KEY_STEP = 1_000
"""More than there are reporting units: an indicator's number times this, and a unit's."""


class EarlierIndicators:
    """Earlier figures of indicators, found by indicator and reporting unit."""

    def __init__(self, area: EntryArea, rows: list[TypedRow]) -> None:
        """Keeps those that have a figure in a known unit, of an indicator that is still known."""
        self._area = area
        self._units = {unit.name: unit for unit in area.codes.units_of_measure}
        self.rows = sorted(filter(self._is_known, rows), key=self._number)
        self._keys = area.kept.keep_list([self._number(row) for row in self.rows])

    def _is_known(self, row: TypedRow) -> bool:
        return row["value"] is not None and row["unit"] in self._units and all(self._places(row))

    def _places(self, row: TypedRow) -> list[int]:
        columns = self._area.contract.columns
        names = ("indicator_code", "reporting_unit")
        return [self._area.number_of_code(columns[name], row[name]) for name in names]

    def _number(self, row: TypedRow) -> int:
        indicator, unit = self._places(row)
        return indicator * _KEY_STEP + unit

    def base_value(self, row: TypedRow) -> Decimal:
        """The figure in the base of its unit."""
        return Decimal(str(row["value"])) * self._units[str(row["unit"])].factor

    def rounding(self, row: TypedRow) -> Decimal:
        """Half the last written digit of a figure in a coarser unit."""
        factor = self._units[str(row["unit"])].factor
        exponent = Decimal(str(row["value"])).normalize().as_tuple().exponent
        decimals = max(0, -int(exponent))
        return factor / 10**decimals / 2 if factor > 1 else Decimal(0)

    def look_up(self, values: list[float]) -> str:
        """A number of the earlier figure that a row speaks of; 0 where there is none."""
        code, unit = (self._area.value(name) for name in ("indicator_code", "reporting_unit"))
        facts = self._area.kept.keep_list(values)
        return f"SUMIF({self._keys},{code}*{_KEY_STEP}+{unit},{facts})"

    def is_same_base(self) -> str:
        """1 where there is an earlier figure, and a row's unit converts to that of it."""
        bases = [float(number_of_base(self._area, str(row["unit"]))) for row in self.rows]
        return f"({base_of_unit(self._area)}={self.look_up(bases)})"
