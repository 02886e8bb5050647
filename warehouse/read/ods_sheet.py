"""One sheet of an OpenDocument spreadsheet while it is read, and the text of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from warehouse.read.cell_text import write_duration, write_iso_moment, write_number, write_percent
from warehouse.read.refuse import Limits, Refused
from warehouse.read.sheet import Sheet, blank_to_null, frame_rows, number_rows


@dataclass
class OdsSheet:
    """One sheet while it is read; `rows` are (row number, text by column)."""

    name: str
    is_hidden: bool
    is_link: bool = False
    row: int = 1
    row_repeat: int = 1
    column: int = 0
    next_column: int = 0
    filled: dict[int, str] = field(default_factory=dict)
    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncalculated: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)

    def finish(self, limits: Limits) -> Sheet:
        """Put the rows into columns. Hidden rows below the last filled one are left out."""
        width = max((max(cells) for _, cells in self.rows), default=-1) + 1
        if width * len(self.rows) > limits.cells:
            raise Refused("too_large", cells=width * len(self.rows), limit=limits.cells)
        frame = frame_rows([[cells.get(c) for c in range(width)] for _, cells in self.rows])
        numbers = pl.Series([number for number, _ in self.rows], dtype=pl.Int64)
        last = max((number for number, _ in self.rows), default=0)
        return Sheet(
            name=self.name,
            cells=number_rows(blank_to_null(frame), numbers),
            hidden_rows=frozenset(
                row for first, end in self.hidden_rows for row in range(first, min(end, last + 1))
            ),
            hidden_columns=frozenset(self.hidden_columns),
            merged=tuple(self.merged),
            uncalculated=frozenset(self.uncalculated),
            errors=frozenset(self.errors),
            is_hidden=self.is_hidden,
        )


def write_ods_value(cell: dict[str, str], text: str) -> str | None:
    """Write the text a cell shows; None if it has no value."""
    kind = cell.get("office:value-type")
    if kind in ("float", "currency"):
        return write_number(cell.get("office:value", "")) or text
    if kind == "percentage":
        return write_percent(cell.get("office:value", "")) or text
    if kind == "date":
        return write_iso_moment(cell.get("office:date-value", text))
    if kind == "time":
        return write_duration(cell.get("office:time-value", text))
    if kind == "boolean":
        return cell.get("office:boolean-value", text).upper()
    return cell.get("office:string-value", text) if kind == "string" else text or None
