"""Draws the sheet around a failing cell, as its clerk sees it.

Only headings, rows of data and 合计 rows are ever drawn, and of these only the contract's columns:
lines above the heading, footers, notes, other sheets and strange columns may hold names and
telephone numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.collect.archive import path_of
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.read.document import read_document
from warehouse.read.form import EXPLANATION, Form
from warehouse.read.headings import Heading, find_heading
from warehouse.read.identify import identify
from warehouse.read.layout import read_form
from warehouse.read.refuse import Limits
from warehouse.read.sheet import Document, Sheet, cell_address, split_address
from warehouse.site.privacy import is_personal

ROWS_AROUND, COLUMNS_AROUND = 2, 3
MOST_CHARACTERS = 40
"""Of one cell; a clerk who wrote more sees the rest in the workbook."""


Spot = tuple[str, int | None, int | None]
"""Sheet, row and column (0 is A) of a place; None for what it does not name."""


@dataclass(frozen=True)
class SeenCell:
    """One cell of a drawing: its text, whether it is the failing one, and whether it is hidden."""

    text: str
    is_marked: bool = False
    is_unseen: bool = False


@dataclass(frozen=True)
class SeenRow:
    """One row of a drawing.

    Attributes:
        number: in the sheet, from 1.
        kind: heading, data or total.
        follows_gap: rows between it and the one drawn before are left out.
    """

    number: int
    kind: str
    follows_gap: bool
    cells: tuple[SeenCell, ...]
    is_marked: bool


@dataclass(frozen=True)
class Neighbourhood:
    """A piece of a sheet.

    Attributes:
        address: the place it is drawn around.
        marked: the failing places it shows.
        letters: the letters of its columns.
    """

    address: str
    marked: frozenset[Spot]
    letters: tuple[str, ...]
    rows: tuple[SeenRow, ...]


@dataclass(frozen=True)
class _Table:
    """The part of one sheet that may be drawn: kinds by row number, and its columns."""

    sheet: Sheet
    heading: Heading
    kinds: dict[int, str]
    numbers: list[int]


class Original:
    """A file as it was received, to be drawn from."""

    def __init__(self, document: Document, form: Form, contract: Contract) -> None:
        """Finds the rows of each sheet that may be drawn."""
        self.form = form
        sheets = {sheet.name: sheet for sheet in document.sheets}
        self._tables = {name: _find_table(sheets[name], form, contract) for name in form.columns_at}

    def draw(self, spot: Spot, failing: Collection[Spot]) -> Neighbourhood | None:
        """The surroundings of a place; None where it lies outside of what may be drawn.

        Args:
            spot: the place meant.
            failing: all places at fault for the same reason; those in sight are marked as well.
        """
        sheet, row, column = spot
        table = self._tables.get(sheet)
        if table is None or row is None or row not in table.kinds:
            return None
        numbers = _choose_rows(table, row)
        places = _choose_columns(table, column)
        in_sight = {(sheet, number, place) for number in numbers for place in (None, *places)}
        marked = in_sight.intersection(failing)
        wanted = table.sheet.cells.filter(pl.col("source_row").is_in(numbers))
        texts = {number: cells for number, *cells in wanted.iter_rows()}
        rows = []
        for number, before in zip(numbers, [None, *numbers], strict=False):
            cells = tuple(
                _see(
                    table, number, place, texts.get(number, []),
                    is_marked=(sheet, number, place) in marked,
                )
                for place in places
            )  # fmt: skip
            gap = before is not None and number > before + 1
            is_marked = (sheet, number, None) in marked
            rows.append(SeenRow(number, table.kinds[number], gap, cells, is_marked))
        address = str(row) if column is None else cell_address(row, column)
        return Neighbourhood(
            f"{sheet}!{address}" if sheet else address,
            frozenset(marked),
            tuple(cell_address(1, place)[:-1] for place in places),
            tuple(rows),
        )


def locate(finding: dict[str, Any]) -> Spot:
    """Where a finding stands."""
    try:
        return finding["sheet"], *split_address(finding["cell"] or "")
    except ValueError:
        return finding["sheet"], finding["source_row"], None


def open_original(
    facts: dict[str, Any], archive: Path, expectations: Expectations
) -> Original | None:
    """Reads an archived file; None where nothing of it can be drawn.

    Args:
        facts: its row of `ledger.submission`.
        archive: every file ever received.
        expectations: the contracts it was judged with.
    """
    contract = expectations.contracts.get(facts["dataset"] or "")
    if contract is None or not facts["sha256"]:
        return None
    path = path_of(archive, facts["sha256"])
    try:
        document = read_document(path, file_name=facts["file_name"], limits=Limits())
        identity, _ = identify(document, facts["file_name"], facts["folder"], expectations)
        if identity.contract is None:
            return None
        form = read_form(document, identity, expectations.codes)
        return Original(document, form, identity.contract)
    except Exception:  # a file that our readers refuse or fail on has a finding that says so
        return None


def _find_table(sheet: Sheet, form: Form, contract: Contract) -> _Table | None:
    heading = find_heading(sheet, contract)
    if heading is None:
        return None
    kinds = dict.fromkeys(range(heading.first_row, heading.last_row + 1), "heading")
    for kind, frame in (("data", form.rows), ("total", form.totals)):
        own = frame.filter(pl.col("source_sheet") == sheet.name)["source_row"]
        kinds |= dict.fromkeys(own, kind)
    return _Table(sheet, heading, kinds, sorted(kinds))


def _choose_rows(table: _Table, row: int) -> list[int]:
    """The heading, and the rows next to the one meant; below a heading its first rows."""
    heading = [number for number in table.numbers if table.kinds[number] == "heading"]
    below = [number for number in table.numbers if table.kinds[number] != "heading"]
    if table.kinds[row] == "heading":
        return [*heading, *below[:ROWS_AROUND]]
    at = below.index(row)
    near = below[max(at - ROWS_AROUND, 0) : at + ROWS_AROUND + 1]
    close = [number for number in near if abs(number - row) <= ROWS_AROUND]
    return [*heading, *close]


def _choose_columns(table: _Table, column: int | None) -> list[int]:
    last = max(table.heading.rows, default=0)
    first = min(table.heading.rows, default=0)
    if column is None:
        return list(range(first, min(first + 2 * COLUMNS_AROUND, last) + 1))
    lowest = max(min(column - COLUMNS_AROUND, last - 2 * COLUMNS_AROUND), min(first, column))
    highest = max(min(lowest + 2 * COLUMNS_AROUND, last), column)
    return list(range(lowest, highest + 1))


def _see(
    table: _Table, number: int, place: int, texts: list[str | None], *, is_marked: bool
) -> SeenCell:
    """One cell; of rows other than the heading only columns that the contract knows."""
    text = texts[place] if place < len(texts) else None
    is_heading = table.kinds[number] == "heading"
    known = table.heading.columns.get(place)
    may_be_seen = place in table.heading.rows if is_heading else known not in {None, EXPLANATION}
    if text is not None and (not may_be_seen or is_personal(text)):
        return SeenCell("", is_marked, is_unseen=True)
    return SeenCell(shorten(text or "", MOST_CHARACTERS), is_marked)


def shorten(text: str, most: int) -> str:
    """A text in one line, cut off where it is longer than a page has room for."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
