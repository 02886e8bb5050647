"""The example before the merger of 2019-04: what one unit lists later, two listed then."""

from __future__ import annotations

from typing import Final

from examples.entries import Row

JOINED: Final = "KFQTS"
TIESHAN, ZONE = "420205", "KFQ"
JOINED_FROM: Final = 1
"""2019Q2, counted from 2019Q1 = 0: the first quarter that ends after the merger."""


def list_before(rows: list[Row], reporter: str) -> list[Row]:
    """Rows as the forms of 2019Q1 name their units; an old unit lists only its own."""
    placed = [_place(row) for row in rows]
    if reporter not in {JOINED, TIESHAN, ZONE}:
        return placed
    return [row for row in placed if row["reporting_unit"] == reporter]


def find_lister(reporter: str, index: int) -> str:
    """Whose register holds what a reporter lists in a quarter."""
    return JOINED if index < JOINED_FROM and reporter in {TIESHAN, ZONE} else reporter


def _place(row: Row) -> Row:
    """Puts a row of the joint area where its firm was registered, a person's by its number."""
    if row.get("reporting_unit") != JOINED:
        return row
    uscc = row.get("uscc")
    is_of_tieshan = str(uscc)[2:8] == TIESHAN if uscc else sum(str(row).encode()) % 2 == 0
    return row | {"reporting_unit": TIESHAN if is_of_tieshan else ZONE}
