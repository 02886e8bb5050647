"""Finds a series, a unit and a period that any release ever had, or says what comes near."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
from rapidfuzz import process

from warehouse.contracts.model import Text
from warehouse.vintages.failure import FigureUnknown

ALL_UNITS = "all"
_NEAR, NAMED = 60, 5
"""How much alike two names must be, of 100, for one to be offered for the other; how many are."""


def find_series(connection: duckdb.DuckDBPyConnection, wanted: str) -> dict[str, Any]:
    """The series of a code, or the one that has the indicator; its newest name, unit and basis.

    Raises:
        FigureUnknown: there is none; those that are near are named.
    """
    rows = connection.execute(
        """
        select
            series_code,
            max_by(indicator_code, known_from_release),
            max_by(indicator_name, known_from_release),
            max_by(unit, known_from_release),
            max_by(basis, known_from_release)
        from mart.series_vintage
        group by series_code
        order by series_code
        """
    ).fetchall()
    matching = [row for row in rows if row[0] == wanted] or [
        row for row in rows if row[1] == wanted
    ]
    if not matching:
        near = find_near(
            wanted, {row[0]: row[0] for row in rows} | {row[2]: row[0] for row in rows}
        )
        raise tell_unknown(
            f"没有序列 {wanted}" + (f"；相近的有：{'、'.join(near)}" if near else ""),
            f"there is no series {wanted}" + (f"; near to it: {', '.join(near)}" if near else ""),
        )
    code, indicator, name, unit, basis = matching[0]
    others = tuple(row[0] for row in rows if indicator and row[1] == indicator and row[0] != code)
    return {
        "series_code": code, "name": name, "unit": unit, "basis": basis, "related": others,
    }  # fmt: skip


def find_near(wanted: str, codes: Mapping[str, str], least: int = _NEAR) -> list[str]:
    """The codes whose name is most alike, the nearest first.

    Args:
        wanted: what was typed.
        codes: by name; a code is a name as well.
        least: how much alike they must be, of 100.
    """
    found = process.extract(wanted, list(codes), limit=2 * NAMED, score_cutoff=least)
    return list(dict.fromkeys(codes[name] for name, _, _ in found))[:NAMED]


def choose_units(
    connection: duckdb.DuckDBPyConnection, series_code: str, wanted: str | None, city: str
) -> list[str]:
    """The codes of the units asked for.

    Args:
        connection: a published file.
        series_code: a series it has.
        wanted: code or name, or `all`; None for the city, or all where the series has none of it.
        city: code of the city as a whole.

    Raises:
        FigureUnknown: no release had the unit; those there are are named.
    """
    units = dict(
        connection.execute(
            "select reporting_unit_code, max_by(reporting_unit, known_from_release) "
            "from mart.series_vintage where series_code = $1 group by all order by all",
            [series_code],
        ).fetchall()
    )
    if wanted is None and city in units:
        return [city]
    if wanted in {None, ALL_UNITS}:
        return list(units)
    chosen = [code for code, name in units.items() if wanted in {code, name}]
    if not chosen:
        known = [f"{code} {name}" for code, name in units.items()]
        raise tell_unknown(
            f"序列 {series_code} 没有统计单元 {wanted}；现有：{'、'.join(known)}",
            f"the series {series_code} has no unit {wanted}; it has: {', '.join(known)}",
        )
    return chosen


def check_period(
    connection: duckdb.DuckDBPyConnection, series_code: str, period: str | None
) -> str | None:
    """The period asked for, which some release had; None stays None.

    Raises:
        FigureUnknown: none had it; the first, the last and those that are near are named.
    """
    periods = [
        name
        for (name,) in connection.execute(
            "select distinct period from mart.series_vintage where series_code = $1 order by all",
            [series_code],
        ).fetchall()
    ]
    if period is None or period in periods:
        return period
    near = find_near(period, {name: name for name in periods})
    held = f"{periods[0]} … {periods[-1]}"
    raise tell_unknown(
        f"序列 {series_code} 没有报告期 {period}；现有 {held}"
        + (f"，相近的有：{'、'.join(near)}" if near else ""),
        f"the series {series_code} has no period {period}; it has {held}"
        + (f", near to it: {', '.join(near)}" if near else ""),
    )


def tell_unknown(zh: str, en: str) -> FigureUnknown:
    """The fault, from a sentence without its stop in either language."""
    return FigureUnknown(Text(zh=f"{zh}。", en=f"{en[0].upper()}{en[1:]}."))
