"""Why figures changed between two releases: each figure's parts, which add up to the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warehouse.contracts.model import Text

FIRST = "first_published"
CAUSES = (
    FIRST,
    "late_form",
    "correction",
    "withdrawal",
    "decision",
    "definition_change",
    "passing_of_time",
    "unaccounted",
)
"""In the order they are told. The last must never happen: no entry and no rule explains it."""


@dataclass(frozen=True)
class Edition:
    """A release as the published file lists it; its day is that of its clock, in the city."""

    release_id: int
    published_on: date
    is_replayed: bool


@dataclass(frozen=True)
class Cell:
    """What a correction changed in a form: a cell, or a whole row.

    Attributes:
        file: the form that says the new value; for a removed row the one that said the old.
        address: `sheet!B7`, or the row where the file cannot be read any more.
        row: what tells the row from others.
        column: name of the column; empty for a whole row.
        heading: its heading; empty for a whole row.
        before: what stood there; None is blank, or no such row.
        after: what stands there now; None is blank, or no such row any more.
    """

    file: str
    address: str
    row: str
    column: str
    heading: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Part:
    """One part of what moved a figure.

    Attributes:
        release_id: release that said the new value.
        cause: one of `CAUSES`.
        sequence: ledger entry that did it; None where none did.
        submission_id: submission the entry is about; None also where a part stands for several.
        decided_by: who decided; `gate` for the nightly verdict.
        difference: what it added; nothing published counts as 0.
        note: why its reporter revised, where it was said.
        cells: what a correction changed; None where that was not asked or cannot be had.
    """

    release_id: int
    published_on: date
    is_replayed: bool
    cause: str
    sequence: int | None
    submission_id: int | None
    reporter_code: str | None
    reporter: str | None
    decided_by: str | None
    value_before: Decimal | None
    value_after: Decimal | None
    difference: Decimal
    note: str | None
    cells: tuple[Cell, ...] | None = None


@dataclass(frozen=True)
class Movement:
    """How the figure of one period and reporting unit moved.

    Attributes:
        before: value in the release it starts from; None where there was none.
        after: value in the release it ends with; None where it is not published any more.
        parts: in the order of releases, then of the ledger.
    """

    period: str
    reporting_unit_code: str
    reporting_unit: str
    before: Decimal | None
    after: Decimal | None
    parts: tuple[Part, ...]

    @property
    def difference(self) -> Decimal:
        """The whole; nothing published counts as 0."""
        return (self.after or Decimal()) - (self.before or Decimal())

    @property
    def revision(self) -> Decimal:
        """What is left of the whole without the first publication."""
        return self.difference - self.subtotals.get(FIRST, Decimal())

    @property
    def subtotals(self) -> dict[str, Decimal]:
        """What each cause that occurs added, in the order of `CAUSES`."""
        return {
            cause: add(part.difference for part in self.parts if part.cause == cause)
            for cause in CAUSES
            if any(part.cause == cause for part in self.parts)
        }

    @property
    def is_accounted(self) -> bool:
        """Whether the parts add up to the whole, and each has a cause."""
        total = add(part.difference for part in self.parts)
        return total == self.difference and "unaccounted" not in self.subtotals

    @property
    def has_moved(self) -> bool:
        """Whether anything but the first publication happened to it."""
        return any(part.cause != FIRST for part in self.parts)


@dataclass(frozen=True)
class Account:
    """Why a series changed between two releases.

    Attributes:
        start: None where it starts from nothing, before the first release.
        end: the release it ends with.
        movements: by period, then unit.
        related: the same indicator's other series.
        notices: what could not be shown.
    """

    series_code: str
    name: str
    unit: str
    basis: str
    start: Edition | None
    end: Edition
    movements: tuple[Movement, ...]
    related: tuple[str, ...] = ()
    notices: tuple[Text, ...] = ()


def add(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum; none gives 0."""
    return sum(numbers, Decimal())
