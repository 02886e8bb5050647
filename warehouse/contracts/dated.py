"""What changes over time: validity of entries, units that became others, earlier definitions.

A period is told by its last day: an entry that began or ended within a period is, or is not, there
for the whole of it. 2019Q1 ends on 2019-03-31 and 2019 on 2019-12-31, so a merger of 2019-04-01 is
in the year's form and not in the first quarter's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from warehouse.contracts.model import Ended, Strict, Text

_SHAPES = {"merge": "several become one", "split": "one becomes several", "rename": "one is one"}


class Dated(Strict):
    """An entry of a code list with the days on which it is there; both are inclusive.

    Attributes:
        valid_from: None has always been there.
        valid_until: None has not ended.
    """

    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid(self, day: date | None) -> bool:
        """Whether it is there on a day; without one, whether it is of the newest list."""
        if day is None:
            return self.valid_until is None
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)


class Succession(Strict):
    """What became of reporting units: the old ones end the day before, the new ones begin.

    A unit whose area changes ends as well, and goes on under a code of its own: figures of one
    code always speak of one area.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: Literal["merge", "split", "rename"]
    on: date
    from_codes: tuple[str, ...] = Field(alias="from", min_length=1)
    into_codes: tuple[str, ...] = Field(alias="into", min_length=1)
    reason: Text

    @model_validator(mode="after")
    def _check(self) -> Succession:
        counts = (len(self.from_codes) > 1, len(self.into_codes) > 1)
        wanted = {"merge": (True, False), "split": (False, True), "rename": (False, False)}
        if counts != wanted[self.kind]:
            message = f"succession of {self.on}: in a {self.kind} {_SHAPES[self.kind]}"
            raise ValueError(message)
        return self


def check_successions(units: Iterable[Any], successions: Iterable[Succession]) -> None:
    """Whether the units of each succession are known, and end and begin on its day.

    Raises:
        ValueError: one of them is not, or does not.
    """
    known = {unit.code: unit for unit in units}
    for succession in successions:
        day_before = succession.on - timedelta(days=1)
        for code in (*succession.from_codes, *succession.into_codes):
            if code not in known:
                message = f"succession of {succession.on} names the unknown unit {code}"
                raise ValueError(message)
        for code in succession.from_codes:
            if known[code].valid_until != day_before:
                message = f"unit {code} ended on {succession.on}: its valid_until is {day_before}"
                raise ValueError(message)
        for code in succession.into_codes:
            if known[code].valid_from != succession.on:
                message = f"unit {code} began on {succession.on}: that is its valid_from"
                raise ValueError(message)


class EarlierDefinition(Ended):
    """What an indicator meant before; what is not said was as it is today.

    Attributes:
        note: what was counted differently, where neither name nor unit tells.
        department: who reported it then.
    """

    name: Text | None = None
    unit: str | None = None
    department: str | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _check(self) -> EarlierDefinition:
        if not (self.is_redefined or self.department):
            message = f"the definition until {self.until} says nothing that was different"
            raise ValueError(message)
        return self

    @property
    def is_redefined(self) -> bool:
        """Whether more than the reporting department changed after it."""
        return any((self.name, self.unit, self.note))
