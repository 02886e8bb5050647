"""A value the warehouse has for what a text says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from warehouse.contracts.model import Text
from warehouse.report.figures import Figure


@dataclass(frozen=True)
class Candidate:
    """A value the warehouse has for what a text says.

    Attributes:
        value: in the published unit.
        qualifier: what the reporter put to it.
        period: as published; of a sum the one it reaches to.
        series_code: where it stands.
        name: what it is called.
        unit: the published unit.
        release: the release that first said it.
        is_sum: whether it was added up from several periods.
        is_certain: whether the text can mean no other period, so that a difference is a
            contradiction.
        earlier: other values the figure had or got in other releases.
    """

    value: Decimal
    qualifier: str | None
    period: str
    series_code: str
    name: Text
    unit: str
    release: int
    is_certain: bool = True
    is_sum: bool = False
    earlier: Sequence[Figure] = ()
