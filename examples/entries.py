"""What a synthetic register is made of: rows with the quarters in which a reporter lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from examples.pool import QUARTERS

Cell = str | int | float | Decimal | date | None
Row = dict[str, Cell]


@dataclass(frozen=True)
class Entry:
    """One row, listed by one reporter from the quarter `since` up to, not including, `until`."""

    reporter: str
    row: Row
    since: int
    until: int = QUARTERS


def list_rows(entries: Iterable[Entry], reporter: str, index: int) -> list[Row]:
    """The rows a reporter's form has in a quarter, in the register's order."""
    return [
        entry.row
        for entry in entries
        if entry.reporter == reporter and entry.since <= index < entry.until
    ]


def enter_states(
    reporter: str, states: Iterable[tuple[int, Row]], until: int = QUARTERS
) -> list[Entry]:
    """One thing whose row changes: each state holds until the quarter the next one begins."""
    begun = sorted(states, key=lambda state: state[0])
    ends = [since for since, _ in begun[1:]] + [until]
    return [
        Entry(reporter, row, max(0, since), end)
        for (since, row), end in zip(begun, ends, strict=True)
        if end > max(0, since)
    ]
