"""Code lists: reporting units, reporters, units of measure and indicators, with their spellings."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator

from warehouse.contracts.model import CommonRule, Strict, Text, describe_problems

Entry = TypeVar("Entry", bound=Strict)


@lru_cache(maxsize=65_536)
def fold_name(text: str) -> str:
    """Folds a name: full-width forms, blanks and middle dots do not tell names apart.

    Real tables print `阳 新 县`, `全 市` and `开发区•铁山区`.
    """
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s·•・‧∙.]", "", folded).lower()


class ReportingUnit(Strict):
    """统计单元: a county-level area, or the city."""

    code: str
    name: str
    name_en: str
    is_city: bool = False
    spellings: tuple[str, ...] = ()


class Reporter(Strict):
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
    """指标: what a reported figure means."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    unit: str
    department: str
    measure_kind: Literal["stock", "flow"]
    is_additive: bool
    counts_distinct: bool = False
    rank_scope: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    range_reason: Text | None = None
    counted: Counted | None = None

    @model_validator(mode="after")
    def _check(self) -> Indicator:
        has_range = self.minimum is not None or self.maximum is not None
        if has_range != (self.range_reason is not None):
            message = (
                f"indicator {self.code}: a plausible range needs its range_reason, and only it"
            )
            raise ValueError(message)
        return self


class Codes(Strict):
    """All code lists together."""

    reporting_units: tuple[ReportingUnit, ...]
    reporters: tuple[Reporter, ...]
    units_of_measure: tuple[UnitOfMeasure, ...]
    indicators: tuple[Indicator, ...]
    common_rules: dict[str, CommonRule]

    @property
    def city(self) -> ReportingUnit:
        """The whole city."""
        return next(unit for unit in self.reporting_units if unit.is_city)

    @property
    def counties(self) -> tuple[ReportingUnit, ...]:
        """The county-level areas; a row belongs to exactly one."""
        return tuple(unit for unit in self.reporting_units if not unit.is_city)

    def reporter(self, code: str) -> Reporter:
        """The reporter of that code.

        Raises:
            KeyError: there is none.
        """
        return {reporter.code: reporter for reporter in self.reporters}[code]

    def reporter_named(self, text: str) -> Reporter | None:
        """The reporter a form names, by any known spelling; None where it is unknown."""
        return self._reporter_names().get(fold_name(text))

    def _reporter_names(self) -> dict[str, Reporter]:
        return {
            fold_name(name): reporter
            for reporter in self.reporters
            for name in (reporter.code, reporter.name, *reporter.spellings)
        }

    def unit_spellings(self, *, with_city: bool) -> dict[str, str]:
        """Every folded spelling of a reporting unit, with its code."""
        return {
            fold_name(name): unit.code
            for unit in self.reporting_units
            if with_city or not unit.is_city
            for name in (unit.code, unit.name, *unit.spellings)
        }

    def owing(self, owed_by: tuple[str, ...]) -> tuple[Reporter, ...]:
        """The reporters behind `owed_by`: codes, `departments`, `reporting_units`.

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
        return tuple(dict.fromkeys(named))


def build_codes(folder: Path, read_toml: Any) -> Codes:  # noqa: ANN401
    """Reads the code lists of a folder.

    Raises:
        ValueError: a list has an unknown key or lacks a sentence.
    """
    units = _read_list(folder / "reporting_units.toml", "unit", ReportingUnit, read_toml)
    departments = _read_list(folder / "reporters.toml", "reporter", Reporter, read_toml)
    offices = [
        Reporter(
            code=unit.code,
            name=unit.name,
            name_en=unit.name_en,
            spellings=tuple(
                suffixed
                for name in (unit.name, *unit.spellings)
                for suffixed in (name, f"{name}市场监管局", f"{name}市场监督管理局")
                if suffixed != unit.name
            ),
            reporting_unit_code=unit.code,
        )
        for unit in units
        if not unit.is_city
    ]
    return Codes(
        reporting_units=units,
        reporters=(*departments, *offices),
        units_of_measure=_read_list(
            folder / "units_of_measure.toml", "unit", UnitOfMeasure, read_toml
        ),
        indicators=_read_list(folder / "indicators.toml", "indicator", Indicator, read_toml),
        common_rules={
            name: CommonRule(**entry)
            for name, entry in read_toml(folder / "common_rules.toml").items()
        },
    )


def _read_list(path: Path, table: str, entry: type[Entry], read_toml: Any) -> tuple[Entry, ...]:  # noqa: ANN401
    """Reads one code list; its file holds nothing but that table."""
    tables = read_toml(path)
    unknown = sorted(set(tables) - {table})
    if unknown:
        message = f"{path.name}: unknown key {', '.join(unknown)}"
        raise ValueError(message)
    try:
        return tuple(entry(**row) for row in tables[table])
    except ValidationError as error:
        message = f"{path.name}: {describe_problems(error)}"
        raise ValueError(message) from error
