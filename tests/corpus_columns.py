"""Plants faults of a whole column, of two rows, and of the 合计 row."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

from examples.forms import write_address
from tests.corpus import CorpusForm
from tests.corpus_plants import (
    COLUMN,
    COUNT,
    SPELLING,
    Attempt,
    Claim,
    Fault,
    Found,
    Planted,
    Planter,
    need_cells,
)
from tests.form_maker import write_cell

ColumnFault = Callable[[CorpusForm, str, random.Random], Planted | None]


def tell(*found: Found, writes: Iterable[Claim] = (), needs: Iterable[Claim] = ()) -> Planted:
    """What a fault leads to."""
    return Planted(found, frozenset(writes), frozenset(needs))


def about_form(rule: str, sheet: str = "", cell: str | None = None) -> Found:
    """A finding that is about no column."""
    return rule, sheet, cell, None


def misspell_heading(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    row, place = form.heading_place(column)
    write_cell(form.grid, row, place, f"{form.grid.cells[row][place]}儿")
    found = ("unknown_heading", form.sheet, form.at_heading(column), column)
    return tell(found, writes={SPELLING})


def take_column_away(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    rows = [form.heading_rows[column], *form.row_numbers]
    rows += [form.total_row] if form.total_row else []
    if "甲" in form.grid.cells[rows[0] + 1]:  # the column goes whole, its mark with it
        rows.append(rows[0] + 1)
    place = form.gone[column] = form.grid.places.pop(column)
    for row in rows:
        write_cell(form.grid, row, place, None)
    if form.total_row:  # the word 合计 may have stood there
        write_cell(form.grid, form.total_row, min(form.grid.places.values()), form.look.total_word)
    first = leftmost(form)
    found = ("missing_column", form.sheet, form.at_heading(first), column)
    return tell(found, writes={COLUMN}, needs={form.heading_place(first)})


def leftmost(form: CorpusForm) -> str:
    """The first column that is there: findings about whole rows and columns are told at it."""
    return min(form.grid.places, key=lambda name: form.grid.places[name])


def repeat_heading(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    row, place = form.heading_place(column)
    write_cell(form.grid, row, form.width, form.grid.cells[row][place])
    found = about_form("duplicate_heading", form.sheet, write_address(row, form.width))
    return tell(found, needs={(row, place)})


def hide_column(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    if not form.is_workbook:
        return None
    form.grid.hidden_columns.add(form.grid.places[column])
    found = ("hidden_column", form.sheet, form.at_heading(column), column)
    return tell(found, needs={form.heading_place(column)})


def repeat_row(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    row = dice.randrange(len(form.rows))
    copied = form.append(form.rows[row])
    found = [("duplicate_key", form.sheet, form.at(at, column), column) for at in (row, copied)]
    needs = need_cells(form, row, form.grid.places) | need_cells(form, row, form.contract.key)
    return tell(*found, writes={COUNT}, needs=needs)


def change_total(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    return _spoil_total(form, column, "total_differs", "777777")


def word_total(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    return _spoil_total(form, column, "not_a_number", "见附件")


def leave_error_in_total(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    return _spoil_total(form, column, "error_value", "#REF!", "=SUM(#REF!)")


def leave_total_uncalculated(form: CorpusForm, column: str, dice: random.Random) -> Planted | None:
    return _spoil_total(form, column, "uncalculated_formula", "", "=1+1")


def _spoil_total(
    form: CorpusForm, column: str, rule: str, text: str, formula: str | None = None
) -> Planted | None:
    if form.total_row is None or (formula and not form.is_workbook):
        return None
    place = form.total_row, form.grid.places[column]
    write_cell(form.grid, *place, text)
    if formula:
        form.grid.formulas[place] = formula
    form.spoilt_totals.add(column)
    cells = {form.place(row, column) for row in range(len(form.rows))}
    found = (rule, form.sheet, form.at_total(column), column)
    return tell(found, writes={place}, needs=cells | {form.heading_place(column)})


IN_COLUMN: dict[str, ColumnFault] = {
    "duplicate_heading": repeat_heading,
    "duplicate_key": repeat_row,
    "hidden_column": hide_column,
    "missing_column": take_column_away,
    "total_differs": change_total,
    "unknown_heading": misspell_heading,
}
IN_TOTAL: dict[str, ColumnFault] = {
    "error_value": leave_error_in_total,
    "not_a_number": word_total,
    "uncalculated_formula": leave_total_uncalculated,
}


def make_column_planter(column_fault: ColumnFault) -> Planter:
    """A planter that tries a fault in the column it is to stand in."""

    def plant(form: CorpusForm, fault: Fault, dice: random.Random) -> Iterator[Attempt]:
        column = fault.column or ""
        if column in form.grid.places:
            yield lambda: column_fault(form, column, dice)

    return plant
