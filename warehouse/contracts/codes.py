"""Code lists: reporting units, reporters, units of measure and indicators, with their spellings.

The lists hold all there ever was. `Codes.on` and `Codes.in_period` tell which of it a form of some
period may name; without a day, the newest lists speak.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import Field, model_validator

from warehouse.contracts.dated import Dated, EarlierDefinition, Succession, check_successions
from warehouse.contracts.model import CommonRule, Contract, Strict, Text, refuse_disorder
from warehouse.periods import Period


@lru_cache(maxsize=65_536)
def fold_name(text: str) -> str:
    """Folds a name: full-width forms, blanks and middle dots do not tell names apart.

    Real tables print `阳 新 县`, `全 市` and `开发区•铁山区`.
    """
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s·•・‧∙.]", "", folded).lower()


class ReportingUnit(Dated):
    """统计单元: a county-level area, or the city."""

    code: str
    name: str
    name_en: str
    is_city: bool = False
    spellings: tuple[str, ...] = ()


class Reporter(Dated):
    """填报单位: who owes a form."""

    code: str
    name: str
    name_en: str
    spellings: tuple[str, ...] = ()
    reporting_unit_code: str | None = None

    @property
    def kind(self) -> str:
        """`department` of the city, or the office of a `reporting_unit`."""
        return "reporting_unit" if self.reporting_unit_code else "department"


class UnitOfMeasure(Strict):
    """计量单位, with the exact factor to the unit it is published in."""

    name: str
    base: str
    factor: Decimal
    spellings: tuple[str, ...] = ()


class Counted(Strict):
    """How a register counts an indicator: one measure of one mart, at these dimension values."""

    mart: str
    measure: str
    where: dict[str, str] = Field(default_factory=dict)


class Indicator(Strict):
    """指标: what a reported figure means.

    Attributes:
        earlier: what it meant up to some period, by their order in time.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    unit: str
    department: str
    measure_kind: Literal["stock", "flow"]
    is_additive: bool
    counts_distinct: bool = False
    accumulated_since: Literal["period", "year", "beginning"] = "period"
    rank_scope: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    range_reason: Text | None = None
    counted: Counted | None = None
    earlier: tuple[EarlierDefinition, ...] = ()

    def on(self, day: date) -> Indicator:
        """The indicator as it was defined on a day."""
        then = next((entry for entry in self.earlier if day <= entry.last_day), None)
        if then is None:
            return self
        said = {"name": then.name, "unit": then.unit, "department": then.department}
        return self.model_copy(update={name: value for name, value in said.items() if value})

    @model_validator(mode="after")
    def _check(self) -> Indicator:
        refuse_disorder(f"indicator {self.code}: earlier definitions", self.earlier)
        has_range = self.minimum is not None or self.maximum is not None
        if has_range != (self.range_reason is not None):
            message = (
                f"indicator {self.code}: a plausible range needs its range_reason, and only it"
            )
            raise ValueError(message)
        return self


class Codes(Strict):
    """All code lists together.

    Attributes:
        reporting_units: all there ever were, as are reporters.
        indicators: as they are defined on the day.
        day: the day the lists speak of; None for the newest.
    """

    reporting_units: tuple[ReportingUnit, ...]
    successions: tuple[Succession, ...] = ()
    reporters: tuple[Reporter, ...]
    units_of_measure: tuple[UnitOfMeasure, ...]
    indicators: tuple[Indicator, ...]
    common_rules: dict[str, CommonRule]
    day: date | None = None

    @model_validator(mode="after")
    def _check(self) -> Codes:
        check_successions(self.reporting_units, self.successions)
        return self

    def on(self, day: date | None) -> Codes:
        """The lists as they were on a day, always the same ones between two changes.

        To be asked of the newest lists: those of a day have no other definitions left.
        """
        if day is None:
            return self
        return self._states[bisect_right(self._changes, day)]

    def in_period(self, period: Period | None) -> Codes:
        """The lists as they were on a period's last day."""
        return self.on(period.end if period else None)

    @cached_property
    def _changes(self) -> list[date]:
        """The days on which something began to be otherwise."""
        dated = [*self.reporting_units, *self.reporters]
        begun = [entry.valid_from for entry in dated if entry.valid_from]
        ended = [entry.valid_until for entry in dated if entry.valid_until]
        ended += [then.last_day for item in self.indicators for then in item.earlier]
        return sorted({*begun, *(day + timedelta(days=1) for day in ended)})

    @cached_property
    def _states(self) -> list[Codes]:
        """The lists before the first change and after each one."""
        lists = {name: getattr(self, name) for name in Codes.model_fields}
        return [
            Codes.model_construct(
                **lists
                | {"day": first, "indicators": tuple(item.on(first) for item in self.indicators)}
            )
            for first in (date.min, *self._changes)
        ]

    @property
    def city(self) -> ReportingUnit:
        """The whole city."""
        return next(unit for unit in self.reporting_units if unit.is_city)

    @property
    def units(self) -> tuple[ReportingUnit, ...]:
        """The city and the county-level areas of the day."""
        return tuple(unit for unit in self.reporting_units if unit.is_valid(self.day))

    @property
    def counties(self) -> tuple[ReportingUnit, ...]:
        """The county-level areas of the day; a row belongs to exactly one."""
        return tuple(unit for unit in self.units if not unit.is_city)

    def find_successors(self, unit_code: str) -> tuple[str, ...]:
        """The codes of all units that came of one, the next ones first."""
        found = [unit_code]
        for code in found:
            following = [item for item in self.successions if code in item.from_codes]
            found += [into for item in following for into in item.into_codes if into not in found]
        return tuple(found[1:])

    def reporter(self, code: str) -> Reporter:
        """The reporter of that code.

        Raises:
            KeyError: there is none.
        """
        return {reporter.code: reporter for reporter in self.reporters}[code]

    def reporter_named(self, text: str) -> Reporter | None:
        """The reporter a form names, by any known spelling; None where it is unknown.

        A name that two had one after the other is that of the day's.
        """
        return self._reporter_names.get(fold_name(text))

    @cached_property
    def _reporter_names(self) -> dict[str, Reporter]:
        return {
            fold_name(name): reporter
            for reporter in sorted(self.reporters, key=self._is_there)
            for name in (reporter.code, reporter.name, *reporter.spellings)
        }

    def _is_there(self, entry: Dated) -> bool:
        return entry.is_valid(self.day)

    def unit_spellings(self, *, with_city: bool) -> dict[str, str]:
        """Every folded spelling of a reporting unit of any time, with its code.

        A spelling that two had one after the other is that of the day's.
        """
        return {
            fold_name(name): unit.code
            for unit in sorted(self.reporting_units, key=self._is_there)
            if with_city or not unit.is_city
            for name in (unit.code, unit.name, *unit.spellings)
        }

    def owing_in(self, contract: Contract, period: Period) -> tuple[Reporter, ...]:
        """The reporters that owe a form for a period."""
        return self.in_period(period).owing(contract.owed_by_in(period))

    def owing(self, owed_by: tuple[str, ...]) -> tuple[Reporter, ...]:
        """The day's reporters behind `owed_by`: codes, `departments`, `reporting_units`.

        Raises:
            ValueError: a code is unknown.
        """
        named: list[Reporter] = []
        for entry in owed_by:
            if entry in {"departments", "reporting_units"}:
                kind = entry.removesuffix("s")
                named += [reporter for reporter in self.reporters if reporter.kind == kind]
            else:
                found = [reporter for reporter in self.reporters if reporter.code == entry]
                if not found:
                    message = f"owed_by names the unknown reporter {entry}"
                    raise ValueError(message)
                named += found
        return tuple(dict.fromkeys(item for item in named if item.is_valid(self.day)))
