"""The public figures: the report's, other years' and the trademark tables, each with its source."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from examples.entries import Cell, Row
from warehouse.contracts.codes import Codes

DATA: Final = Path(__file__).parent / "data"
CITY_TOTAL: Final = "全市合计"


def list_indicator_forms() -> list[tuple[str, str]]:
    """Reporter and period of every form of indicators there are figures for."""
    return list(dict.fromkeys((line["reporter"], line["period"]) for line in _read("indicators")))


def list_indicators(codes: Codes, reporter: str, period: str) -> list[Row]:
    """A row: one indicator's figure for the whole city, in the unit its source prints.

    说明 stays blank: what stands there counts as an explanation.
    """
    names = {indicator.code: indicator.name.zh for indicator in codes.indicators}
    return [
        {
            "indicator_code": line["indicator_code"],
            "indicator_name": names[line["indicator_code"]],
            "reporting_unit": None,
            "unit": line["unit"],
            "value": _read_number(line["value"]),
            "prior_year_value": _read_number(line["prior_year_value"]),
            "ytd_value": None,
            "qualifier": line["qualifier"] or None,
            "note": None,
        }
        for line in _select_indicators(reporter, period)
    ]


def list_indicator_sources(
    codes: Codes, reporter: str, period: str
) -> tuple[tuple[str, str, str], ...]:
    """Code, name and source of every figure, for the sheet 资料来源."""
    names = {indicator.code: indicator.name.zh for indicator in codes.indicators}
    return tuple(
        (line["indicator_code"], names[line["indicator_code"]], line["source"])
        for line in _select_indicators(reporter, period)
    )


def list_trademarks(period: str) -> tuple[list[Row], Row, str]:
    """The units' rows, the row 全市合计, and the table's source."""
    lines = [line for line in _read("trademarks") if line["period"] == period]
    rows = [_write_trademarks(line) for line in lines]
    units = [row for row in rows if row["reporting_unit"] != CITY_TOTAL]
    for number, row in enumerate(units, start=1):
        row["seq"] = number
    total = next(row for row in rows if row["reporting_unit"] == CITY_TOTAL)
    return units, total, lines[0]["source"]


def _select_indicators(reporter: str, period: str) -> Iterator[dict[str, str]]:
    for line in _read("indicators"):
        if (line["reporter"], line["period"]) == (reporter, period):
            yield line


def _write_trademarks(line: dict[str, str]) -> Row:
    counts = ("application_count", "registration_count", "valid_count")
    row: Row = {name: _read_number(line[name]) for name in counts}
    growth: Row = {
        name: line[name] or None for name in ("application_yoy_pct", "registration_yoy_pct")
    }
    return {"seq": None, "reporting_unit": line["reporting_unit"]} | row | growth


def _read_number(text: str) -> Cell:
    return Decimal(text) if text else None


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
