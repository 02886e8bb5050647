"""What a steward is shown before deciding: how a submission differs from what was accepted last."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from warehouse.contracts.model import Text
from warehouse.export.values import show_decimal


@dataclass(frozen=True, slots=True)
class Total:
    """One number that either form amounts to.

    Attributes:
        name: `rows`, a figure of the contract, or a column that is added up.
        reporting_unit: the name of the unit it is of; None for the form as a whole.
        title: what it is; sums of money are in yuan.
        before: in the form it is compared with; None where there is none, or nothing to add up.
        after: in the submission itself.
    """

    name: str
    reporting_unit: str | None
    title: Text
    before: Decimal | None
    after: Decimal | None

    @property
    def delta(self) -> Decimal | None:
        """By how much it grew."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def shown(self) -> tuple[str, str, str]:
        """Before, after and growth as text; what is not there is empty."""
        delta = self.delta
        sign = "+" if delta is not None and delta > 0 else ""
        return _show(self.before), _show(self.after), sign + _show(delta)


def _show(value: Decimal | None) -> str:
    return "" if value is None else show_decimal(value)


@dataclass(frozen=True, slots=True)
class LoneRow:
    """A row that only one of the two forms has.

    Attributes:
        key: what tells the row from others, ready to show.
        sheet: sheet of the form that has it; empty for CSV.
        source_row: row in that sheet, from 1.
        cell: address of the first cell of its key; None for a removed row, and where the file
            cannot be read any more.
        cells: its cells as text, in the order of the difference's columns; None is blank.
    """

    key: str
    sheet: str
    source_row: int
    cell: str | None
    cells: tuple[str | None, ...]

    @property
    def address(self) -> str:
        """Sheet and cell, or sheet and row."""
        return write_place(self.sheet, self.source_row, self.cell)


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that says something else than the same row of the other form.

    Attributes:
        key: what tells the row from others, ready to show.
        sheet: sheet of the submission; empty for CSV.
        source_row: row in that sheet, from 1.
        cell: address in the submission; None where its file cannot be read any more.
        column: name of the column.
        heading: its heading, with the unit; money is in yuan.
        before: text in the form it is compared with; None is blank.
        after: text in the submission.
    """

    key: str
    sheet: str
    source_row: int
    cell: str | None
    column: str
    heading: str
    before: str | None
    after: str | None

    @property
    def address(self) -> str:
        """Sheet and cell, or sheet and row."""
        return write_place(self.sheet, self.source_row, self.cell)


@dataclass(frozen=True)
class Difference:
    """How a submission differs from the one that was accepted last.

    Attributes:
        submission_id: the submission.
        against: the one it is compared with; None where nothing was ever accepted, or where it is
            not known for whom or for when the submission is.
        against_period: its period: the submission's own, or else the one before.
        is_readable: False where no row of the submission could be read: nothing is compared then.
        is_snapshot: the form lists what is there at the period's end, not what happened in it.
        columns: the compared columns by name, with their headings as shown; running numbers are
            left out.
        totals: what each form amounts to.
        added: rows only the submission has.
        removed: rows only the other form has.
        changed: cells of rows both have.
    """

    submission_id: int
    dataset: str | None
    reporter_code: str | None
    period: str | None
    against: int | None = None
    against_period: str | None = None
    is_readable: bool = True
    is_snapshot: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    totals: tuple[Total, ...] = ()
    added: tuple[LoneRow, ...] = ()
    removed: tuple[LoneRow, ...] = ()
    changed: tuple[ChangedCell, ...] = ()

    @property
    def is_other_period(self) -> bool:
        """Whether nothing was accepted for the period itself, so that the one before stands in."""
        return self.against is not None and self.against_period != self.period

    @property
    def is_comparable(self) -> bool:
        """Whether rows of the two forms can be the same: not what happened in two periods."""
        return self.is_snapshot or not self.is_other_period

    @property
    def count(self) -> int:
        """Rows added and removed, and cells changed."""
        return len(self.added) + len(self.removed) + len(self.changed)


def write_place(sheet: str, source_row: int, cell: str | None) -> str:
    """`sheet!B7`, `B7` in a CSV, and `sheet!7` where only the row is known."""
    place = cell or str(source_row)
    return f"{sheet}!{place}" if sheet else place
