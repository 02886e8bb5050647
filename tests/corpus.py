"""Clean workbooks of every contract, in several looks, with known history: faults are planted here.

A workbook's rows are what its reporter sent for the period before, and new ones beside them. Every
change to a form can be taken back, so that a fault which would hide another is not planted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from examples.entries import Cell
from examples.forms import Grid, write_address
from tests.corpus_blank import LABELS, fill_in, find_label, lay_into_blank
from tests.corpus_history import CODES, History, draw_fresh_rows, find_history, settle_row
from tests.form_maker import (
    PERIODS,
    Look,
    MadeForm,
    Row,
    added_columns,
    lay_out,
    name_file,
    show,
    write_cell,
)
from warehouse.contracts.codes import Reporter
from warehouse.contracts.model import Contract
from warehouse.read.headings import IGNORED_HEADINGS
from warehouse.read.identify import MARK_WORD

TEMPLATE = "template"
LOOKS = {
    TEMPLATE: Look(
        file_format="xlsx", labels="joined", total="last", has_footer=False, date_style="cell"
    ),
    "workbook": Look(file_format="xlsx", total="last", has_note_column=True, date_style="cell"),
    "old workbook": Look(
        file_format="xls", labels="joined", total="first", money_unit="元", period_style=1,
        heading="groups", has_column_numbers=True, has_other_headings=True,
    ),
    "text table": Look(
        file_format="csv-gb18030", labels="split", total="last", left_columns=1, has_seq=True,
        money_unit="千元", date_style="chinese", has_note_column=True, reporter_spelling=1,
    ),
    "open workbook": Look(
        file_format="ods", labels="apart", total="last", top_rows=2, money_unit="元",
        date_style="slash", as_text=True, period_style=2,
    ),
}  # fmt: skip
"""The blank form as it was issued, and four tables as offices make them."""

_HEAD = 6
"""Rows above the table, among which a template mark may stand."""

Place = tuple[int, int]
"""Row and column of a sheet, from 0."""


@dataclass
class CorpusForm(MadeForm):
    """A form that knows what was accepted before it, and forgets what is taken back.

    Attributes:
        history: what the reporter's accepted forms say; None where there are none.
        blank: the bytes of the blank form that was filled in; None for a table of one's own.
        printed: the texts of the blank form.
        spoilt_totals: columns whose 合计 is wrong on purpose.
        gone: where columns stood that were taken away.
        dropped: the cells of rows that were taken out.
    """

    history: History | None = None
    blank: bytes | None = None
    printed: list[list[Cell]] = field(default_factory=list)
    spoilt_totals: set[str] = field(default_factory=set)
    gone: dict[str, int] = field(default_factory=dict)
    dropped: set[Place] = field(default_factory=set)

    @property
    def is_workbook(self) -> bool:
        """Whether it is an xlsx, which can hide rows and hold formulas."""
        return self.look.file_format == "xlsx"

    def place(self, row: int, column: str) -> Place:
        """Where a data cell stands, or stood before its column was taken away."""
        places = self.grid.places if column in self.grid.places else self.gone
        return self.row_numbers[row], places[column]

    def heading_place(self, column: str) -> Place:
        """Where a column's heading stands, or stood."""
        places = self.grid.places if column in self.grid.places else self.gone
        return self.heading_rows[column], places[column]

    def earlier(self, row: int) -> Row | None:
        """The same row in the accepted form of the period before."""
        return self.history.before_of(self.rows[row]) if self.history else None

    def add_up(self) -> None:
        """Writes the 合计 row anew, without mending what was spoilt in it."""
        if self.total_row is None:
            return
        spoilt = {
            name: self.grid.cells[self.total_row][self.grid.places[name]]
            for name in self.spoilt_totals
        }
        for column in added_columns(self.contract):
            if column.name not in self.grid.places:
                continue
            given = [row[column.name] for row in self.rows if row[column.name] is not None]
            total = sum((Decimal(str(value)) for value in given), Decimal(0))
            shown = spoilt.get(column.name, show(self, column, total))
            write_cell(self.grid, self.total_row, self.grid.places[column.name], shown)

    def drop(self, row: int) -> None:
        """Takes a row out; a blank line stays, so that no other address changes."""
        number = self.row_numbers.pop(row)
        self.rows.pop(row)
        width = len(self.grid.cells[number])
        self.dropped |= {(number, place) for place in range(width)}
        self.grid.cells[number] = [None] * width
        self.add_up()

    def append(self, row: Row) -> int:
        """Adds a row below everything else and returns its number among the rows."""
        self.row_numbers.append(len(self.grid.cells))
        self.rows.append(dict(row))
        at = len(self.rows) - 1
        self.grid.cells.append([])
        for column in self.contract.column:
            if column.name in self.grid.places:
                self.put(at, column.name, show(self, column, row[column.name]))
        self.add_up()
        return at

    def find_mark(self) -> Place | None:
        """Where the template mark stands."""
        for row, cells in enumerate(self.grid.cells[:_HEAD]):
            for place, value in enumerate(cells):
                if isinstance(value, str) and value.startswith(MARK_WORD):
                    return row, place
        return None

    def write_mark(self, mark: str | None) -> None:
        """Writes a template mark in place of the one there is, or beside the labels."""
        place = self.find_mark() or (next(iter(self.label_cells.values()))[0], self.width + 3)
        write_cell(self.grid, *place, mark)

    def write_title(self, title: str) -> str:
        """Writes another title and returns its address."""
        place = self.look.top_rows, self.look.left_columns
        write_cell(self.grid, *place, title)
        return write_address(*place)

    def restate(self, kind: str, said: str) -> str:
        """Writes something else behind 填报单位, 报告期 or 单位 and returns its address."""
        row, place = self.label_cells[kind]
        text = str(self.grid.cells[row][place])
        said_here = f"{LABELS[kind]}：{said}"
        new = re.sub(find_label(kind), said_here, text) if LABELS[kind] in text else said
        write_cell(self.grid, row, place, new)
        return self.at_label(kind)

    def try_out(self, change: Callable[[], Any]) -> tuple[Any, set[Place], Callable[[], None]]:
        """Makes a change; gives its result, the cells it wrote, and how to take it back.

        The 合计 row follows from the others and is none of the cells, unless it was spoilt.
        """
        grid, kept = self.grid, {name: getattr(self, name) for name in _PLAIN}
        cells = [list(row) for row in grid.cells]
        rows = [dict(row) for row in self.rows]
        copies = {name: getattr(grid, name).copy() for name in _GRID}
        own = {name: getattr(self, name).copy() for name in _OWN}
        result = change()
        written = set(_compare(cells, grid.cells)) | self.dropped - own["dropped"]
        written |= grid.formulas.keys() - copies["formulas"].keys()
        if self.spoilt_totals == own["spoilt_totals"]:
            written = {place for place in written if place[0] != self.total_row}

        def take_back() -> None:
            grid.cells, self.rows = cells, rows
            for target, values in ((grid, copies), (self, own), (self, kept)):
                for name, value in values.items():
                    setattr(target, name, value)

        return result, written, take_back

    def write(self, root: Path, number: int) -> Path:
        """Writes the form where a pull would find it: below its reporter's folder."""
        if self.blank is None:
            return super().write(root, number)
        folder = self.folder if self.folder is not None else self.reporter.code
        path = root / f"{number:05d}" / folder / f"{self.file_name or name_file(self)}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fill_in(self.blank, self.printed, self.grid))
        return path


_PLAIN = ("look", "folder", "file_name", "period")
_OWN = ("row_numbers", "spoilt_totals", "gone", "dropped")
_GRID = ("places", "formulas", "hidden_rows", "hidden_columns", "sheets", "hidden_sheets")


def _compare(before: list[list[Cell]], after: list[list[Cell]]) -> Iterator[Place]:
    """The places at which two sheets differ."""
    for row, cells in enumerate(after):
        old = before[row] if row < len(before) else []
        if cells == old:
            continue
        for place, value in enumerate(cells):
            if value != (old[place] if place < len(old) else None):
                yield row, place


def make_clean(
    contract: Contract, reporter: Reporter, look_name: str, seed: int, count: int = 12
) -> CorpusForm:
    """A workbook in which nothing is wrong, of a reporter with history.

    Args:
        contract: what the form is.
        reporter: one of `corpus_history.list_reporters`.
        look_name: one of `LOOKS`.
        seed: draws the rows that are new this period.
        count: how many rows are new; fewer where the key allows no more.
    """
    dice = random.Random(seed)
    period = PERIODS[contract.period_type]
    history = find_history(contract.dataset, reporter.code)
    kept = [settle_row(contract, dict(row), history) for row in history.before]
    fresh = draw_fresh_rows(contract.dataset, reporter.code, count, seed)
    rows = [*kept, *(dict(row) for row in fresh)]
    look = LOOKS[look_name]
    if any(column.heading in IGNORED_HEADINGS for column in contract.column):
        look = replace(look, has_seq=False)
    form = CorpusForm(contract, CODES, reporter, period, look, rows, Grid([], {}), history=history)
    if look_name == TEMPLATE:
        lay_into_blank(form)
    else:
        lay_out(form, dice)
    return form
