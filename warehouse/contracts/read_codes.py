"""Reads the code lists of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from warehouse.contracts.codes import Codes, Indicator, Reporter, ReportingUnit, UnitOfMeasure
from warehouse.contracts.dated import Succession
from warehouse.contracts.model import CommonRule, Strict, describe_problems

Entry = TypeVar("Entry", bound=Strict)


def build_codes(folder: Path, read_toml: Any) -> Codes:  # noqa: ANN401
    """Reads the code lists of a folder.

    Raises:
        ValueError: a list has an unknown key or lacks a sentence.
    """
    path = folder / "reporting_units.toml"
    units = _read_list(path, "unit", ReportingUnit, read_toml, beside=("succession",))
    successions = read_toml(path).get("succession", [])
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
            valid_from=unit.valid_from,
            valid_until=unit.valid_until,
        )
        for unit in units
        if not unit.is_city
    ]
    return Codes(
        reporting_units=units,
        successions=tuple(Succession(**entry) for entry in successions),
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


def _read_list(
    path: Path,
    table: str,
    entry: type[Entry],
    read_toml: Any,  # noqa: ANN401
    beside: tuple[str, ...] = (),
) -> tuple[Entry, ...]:
    """Reads one code list; its file holds nothing but that table and those named beside it."""
    tables = read_toml(path)
    unknown = sorted(set(tables) - {table, *beside})
    if unknown:
        message = f"{path.name}: unknown key {', '.join(unknown)}"
        raise ValueError(message)
    try:
        return tuple(entry(**row) for row in tables[table])
    except ValidationError as error:
        message = f"{path.name}: {describe_problems(error)}"
        raise ValueError(message) from error
