"""Bridges (口径差): differences between two figures that are known, reasoned and dated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

import polars as pl
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from warehouse.contracts.codes import Codes
from warehouse.contracts.model import Strict, Text, describe_problems
from warehouse.contracts.relations import (
    read_entries,
    read_relations,
    refuse_repeats,
    refuse_unknown_reporter,
    refuse_unknown_series,
)
from warehouse.periods import Period

PLACE: Final = "codes/bridges.toml"


class Bridge(Strict):
    """Why two series differ, by how much they may, and until when that is accepted.

    The allowed difference is left - right. No bridge is for ever: on the day after `ends_on` the
    difference is open again until somebody has looked at it.

    Attributes:
        left: series that is checked, or several as `a + b`: see `Relation.pair`.
        right: series it is checked by; of a total with its units the same series again.
        units: reporting units it holds for; all where none is named.
        first_period: first reporting period it holds for; all from the start where empty.
        last_period: last reporting period it holds for.
        expected_difference: what left - right should be, in the published unit.
        expected_ratio: what left / right should be.
        tolerance: how far it may be from what is expected, in the published unit.
        tolerance_pct: the same in per cent of the right figure.
        side: the left figure lies `above` or `below` what is expected, nobody can say how far.
        owner: reporter who has to answer when it has ended.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    left: str
    right: str
    units: tuple[str, ...] = ()
    first_period: str | None = None
    last_period: str | None = None
    expected_difference: Decimal | None = None
    expected_ratio: Decimal | None = Field(default=None, gt=0)
    tolerance: Decimal | None = Field(default=None, ge=0)
    tolerance_pct: Decimal | None = Field(default=None, ge=0, le=100)
    side: Literal["above", "below"] | None = None
    reason: Text
    owner: str
    valid_from: date
    ends_on: date

    @model_validator(mode="after")
    def _check(self) -> Bridge:
        expected = (self.expected_difference, self.expected_ratio)
        tolerated = (self.tolerance, self.tolerance_pct)
        problems = {
            "says no size: give expected_difference or expected_ratio, a tolerance, or a side": all(
                size is None for size in (*expected, *tolerated, self.side)
            ),
            "gives both expected_difference and expected_ratio": None not in expected,
            "gives both tolerance and tolerance_pct": None not in tolerated,
            "ends before it begins": self.ends_on < self.valid_from,
        }
        for problem, is_so in problems.items():
            if is_so:
                message = f"bridge {self.code} {problem}"
                raise ValueError(message)
        first, last = self.period_ends
        if first and last and last < first:
            message = f"bridge {self.code}: last_period lies before first_period"
            raise ValueError(message)
        return self

    @property
    def period_ends(self) -> tuple[date | None, date | None]:
        """Last days of the first and the last period it holds for.

        Raises:
            ValueError: one is no period.
        """
        first, last = self.first_period, self.last_period
        return (
            Period.parse(first).end if first else None,
            Period.parse(last).end if last else None,
        )


_BRIDGES: TypeAdapter[tuple[Bridge, ...]] = TypeAdapter(tuple[Bridge, ...])


def read_bridges(texts: Mapping[str, str], codes: Codes) -> tuple[Bridge, ...]:
    """Reads the declared bridges; none where the file is absent.

    Args:
        texts: of the expectations, by place.
        codes: the code lists the bridges name.

    Raises:
        ValueError: an unknown key, series, reporter or unit, a missing sentence, a code given
            twice, or two series that nothing compares.
    """
    try:
        bridges = _BRIDGES.validate_python(read_entries(texts, PLACE, "bridge"))
    except ValidationError as error:
        raise ValueError(describe_problems(error)) from error
    refuse_repeats("bridge", (bridge.code for bridge in bridges))
    pairs = {relation.pair for relation in read_relations(texts, codes)}
    for bridge in bridges:
        _refuse_unknown(bridge, codes)
        if not _is_compared(bridge, codes, pairs):
            message = (
                f"bridge {bridge.code}: nothing compares {bridge.left} with {bridge.right}; declare"
                " the relation, or name what the indicator is counted by"
            )
            raise ValueError(message)
    return bridges


def _refuse_unknown(bridge: Bridge, codes: Codes) -> None:
    where = f"bridge {bridge.code}"
    refuse_unknown_reporter(where, bridge.owner, codes)
    for series in (*bridge.left.split(" + "), *bridge.right.split(" / ")):
        refuse_unknown_series(where, series, codes)
    unknown = set(bridge.units) - {unit.code for unit in codes.reporting_units}
    if unknown:
        message = f"{where} names the unknown reporting unit {', '.join(sorted(unknown))}"
        raise ValueError(message)


def _is_compared(bridge: Bridge, codes: Codes, pairs: set[tuple[str, str]]) -> bool:
    """Whether a relation has the pair, a register counts it, or it is a total with its units."""
    if bridge.left == bridge.right or (bridge.left, bridge.right) in pairs:
        return True
    counted = next((item.counted for item in codes.indicators if item.code == bridge.left), None)
    if counted is None:
        return False
    measure, _, label = bridge.right.partition("[")
    named = set(filter(None, label.removesuffix("]").split(",")))
    wanted = {f"{name}={value}" for name, value in counted.where.items()}
    return measure == f"{counted.mart}.{counted.measure}" and named == wanted


def list_bridges(bridges: Iterable[Bridge]) -> pl.DataFrame:
    """One row per bridge; periods as the last days of those it holds for."""
    number = pl.Decimal(28, 6)
    schema = {
        "bridge_code": pl.String(),
        "left_series": pl.String(),
        "right_series": pl.String(),
        "units": pl.List(pl.String()),
        "first_period_end": pl.Date(),
        "last_period_end": pl.Date(),
        "expected_difference": number,
        "expected_ratio": number,
        "tolerance": number,
        "tolerance_pct": number,
        "side": pl.String(),
        "reason": pl.String(),
        "reason_en": pl.String(),
        "owner_code": pl.String(),
        "valid_from": pl.Date(),
        "ends_on": pl.Date(),
    }
    rows = [
        (
            bridge.code, bridge.left, bridge.right, list(bridge.units), *bridge.period_ends,
            bridge.expected_difference, bridge.expected_ratio, bridge.tolerance,
            bridge.tolerance_pct, bridge.side, bridge.reason.zh, bridge.reason.en, bridge.owner,
            bridge.valid_from, bridge.ends_on,
        )
        for bridge in bridges
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def is_turning(bridges: Iterable[Bridge], since: date, today: date) -> bool:
    """Whether a bridge came into force or ended after one day and up to another.

    A release made on the first day no longer says on the second what it should.
    """
    turns = {day for item in bridges for day in (item.valid_from, item.ends_on + timedelta(days=1))}
    return any(since < day <= today for day in turns)
