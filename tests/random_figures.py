"""Random histories of published figures: values of every size, with qualifiers and revisions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import duckdb
from published_rows import open_rows

from warehouse.contracts.codes import Codes, Indicator
from warehouse.periods import Period

FIRST, LAST = Period(2018, 1, "quarter"), Period(2022, 4, "quarter")
QUALIFIERS = ("近", "余", "超过", "约", "左右")


def make_history(codes: Codes, seed: int) -> tuple[duckdb.DuckDBPyConnection, dict[int, date]]:
    """A published file with a random past: a release after every quarter, and revisions."""
    random = Random(seed)
    releases: dict[int, date] = {}
    rows: list[dict[str, Any]] = []
    period, number = FIRST, 0
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    while period <= LAST:
        number += 1
        releases[number] = period.end + timedelta(days=random.randint(15, 60))
        for indicator in codes.indicators:
            if random.random() < 0.9:
                row = _make_row(codes, indicator, period, number, random)
                rows.append(row)
                standing[indicator.code, str(period)] = row
        for key in random.sample(sorted(standing), k=min(12, len(standing))):
            old = standing[key]
            if old["known_from_release"] < number:
                rows.append(_revise(old, number, random))
                standing[key] = rows[-1]
        period = period.shift(1)
    return open_rows(rows, releases), releases


def _make_row(
    codes: Codes, indicator: Indicator, period: Period, release: int, random: Random
) -> dict[str, Any]:
    value = _draw(indicator.unit, random)
    qualifier = (
        random.choice(QUALIFIERS) if random.random() < 0.15 and indicator.unit != "位" else None
    )
    if qualifier:
        value = _round_off(value)
    is_flow = indicator.measure_kind == "flow"
    adds = is_flow and not indicator.counts_distinct and indicator.accumulated_since == "period"
    return {
        "series_code": indicator.code,
        "indicator_code": indicator.code,
        "indicator_name": indicator.name.zh,
        "unit": indicator.unit,
        "basis": "reported",
        "qualifier": qualifier if value else None,
        "measure_kind": indicator.measure_kind,
        "is_additive": indicator.is_additive,
        "adds_over_periods": adds,
        "accumulated_since": indicator.accumulated_since if is_flow else None,
        "period": str(period),
        "period_type": "quarter",
        "reporting_unit_code": codes.city.code,
        "reporting_unit": codes.city.name,
        "value": value,
        "value_state": "value",
        "expected_submissions": 1,
        "included_submissions": 0 if random.random() < 0.03 else 1,
        "status": "provisional",
        "break_reason": None,
        "known_from_release": release,
        "known_to_release": None,
    }


def _revise(old: dict[str, Any], release: int, random: Random) -> dict[str, Any]:
    """A later value of the same figure; the one it replaces ends where it begins."""
    old["known_to_release"] = release
    value = _draw(old["unit"], random)
    return old | {
        "value": value, "qualifier": None, "known_from_release": release, "known_to_release": None,
        "status": "revised",
    }  # fmt: skip


def _draw(unit: str, random: Random) -> Decimal:
    if unit == "位":
        return Decimal(random.randint(1, 17))
    if unit == "%":
        return Decimal(random.randint(0, 10_000)) / 100
    if unit == "元":
        return Decimal(random.randint(1, 10 ** random.randint(3, 11)))
    return Decimal(random.randint(0, 10 ** random.randint(1, 5)))


def _round_off(value: Decimal) -> Decimal:
    """A number as one puts 近 or 余 to: its first digits, then zeros."""
    if value < 10:
        return value.to_integral_value()
    place = Decimal(10) ** (value.adjusted() - 1)
    return (value / place).to_integral_value() * place
