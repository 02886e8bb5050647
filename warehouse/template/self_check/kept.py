"""What the hidden columns of the sheet 自查 hold for its formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from warehouse.template.plan import FIRST_ENTRY

SHEET = "自查"
LAST_CHECKED = FIRST_ENTRY + 2_000
"""Sheet row, from 1, of the last entry that is checked; what lies below is counted."""
ROWS = LAST_CHECKED - FIRST_ENTRY + 1
KEPT_AT, TABLES_AT, ROWS_AT = 9, 10, 11
"""Columns, from 0, in which the sheet keeps what its formulas look up; they are hidden."""
STEPS = (50, 100, 200, 500, 1_000)
"""Rows that are looked at: up to the first of these below which nothing is in use."""
LAST_ROW = 1_048_576
"""Of any sheet."""


@dataclass
class Kept:
    """What the hidden columns of the sheet hold.

    Attributes:
        cells: a formula (with a leading `=`) or a text each, one below the other.
        rows: formulas that are calculated once for all rows of the form, a column each.
        tables: lists of numbers or texts, one below the other.
    """

    cells: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    tables: list[Sequence[float | str]] = field(default_factory=list)

    def keep(self, content: str) -> str:
        """Keeps a text or formula once and returns its address."""
        if content not in self.cells:
            self.cells.append(content)
        column = xl_col_to_name(KEPT_AT, col_abs=True)
        return f"'{SHEET}'!{column}${self.cells.index(content) + 1}"

    def keep_rows(self, formula: str, last_row: str) -> str:
        """Keeps what many rules ask of each row.

        Returns:
            The range of it down to the last row in use; below, it has no value.
        """
        if formula not in self.rows:
            self.rows.append(formula)
        column = xl_col_to_name(ROWS_AT + self.rows.index(formula), col_abs=True)
        return f"'{SHEET}'!{column}$1:INDEX('{SHEET}'!{column}$1:{column}${ROWS},{last_row})"

    def keep_list(self, values: Sequence[float | str]) -> str:
        """Keeps a list of values once and returns its range."""
        if values not in self.tables:
            self.tables.append(values)
        first = sum(map(len, self.tables[: self.tables.index(values)])) + 1
        column = xl_col_to_name(TABLES_AT, col_abs=True)
        return f"'{SHEET}'!{column}${first}:{column}${first + len(values) - 1}"
