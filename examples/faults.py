"""Planted faults: each a small change of a good form, with the rule and cell to be found.

A fault whose rule is None is a change that no rule objects to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from examples.entries import Cell, Row
from examples.forms import Form, Grid, write_address

Mark = tuple[str, str | None]
"""A rule and the cell it speaks of; None where it speaks of no single cell."""
Change = Callable[[Row], Cell]


def _nowhere(grid: Grid) -> tuple[str | None, ...]:
    return (None,)


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    Attributes:
        rule: the rule that must object.
        on_form: the change before the form is laid out.
        on_grid: the change to its cells.
        locate: the cells at fault.
    """

    rule: str | None
    on_form: Callable[[Form], Form] | None = None
    on_grid: Callable[[Grid], None] | None = None
    locate: Callable[[Grid], tuple[str | None, ...]] = _nowhere

    def list_marks(self, grid: Grid) -> list[Mark]:
        """What the gate must find of this fault in the laid-out form."""
        return [(self.rule, cell) for cell in self.locate(grid)] if self.rule else []


def spoil_whole(rule: str) -> Fault:
    """A fault that lies in the form's look, its folder or its being sent at all."""
    return Fault(rule)


def put(rule: str | None, row: int, column: str, value: Cell) -> Fault:
    """Writes a value into a data cell, as it stands; None empties the cell."""

    def on_grid(grid: Grid) -> None:
        grid.cells[grid.row_at(row)][grid.places[column]] = value

    return Fault(rule, on_grid=on_grid, locate=lambda grid: (grid.address(row, column),))


def rewrite(rule: str | None, column: str, write: Callable[[Cell], Cell], rows: slice) -> Fault:
    """Writes the cells of some rows in another way; cells that stay the same are not marked."""
    changed: list[str] = []

    def on_grid(grid: Grid) -> None:
        place = grid.places[column]
        changed.clear()
        for row in list(range(grid.first_row, grid.first_row + grid.row_count))[rows]:
            before = grid.cells[row][place]
            grid.cells[row][place] = write(before)
            if grid.cells[row][place] != before:
                changed.append(write_address(row, place))

    return Fault(rule, on_grid=on_grid, locate=lambda grid: tuple(changed))


def change_row(rule: str | None, row: int, column: str, change: Change) -> Fault:
    """Changes a value before layout, from what the row says."""

    def on_form(form: Form) -> Form:
        rows = list(form.rows)
        rows[row] = rows[row] | {column: change(rows[row])}
        return replace(form, rows=tuple(rows))

    return Fault(rule, on_form, locate=lambda grid: (grid.address(row, column),))


def repeat_row(row: int) -> Fault:
    """Adds a row a second time, at the end."""

    def on_form(form: Form) -> Form:
        return replace(form, rows=(*form.rows, form.rows[row]))

    return Fault("duplicate_key", on_form)


def keep_rows(rule: str | None, keep: Callable[[list[Row]], list[Row]]) -> Fault:
    """Sends only some of the rows."""
    return Fault(rule, lambda form: replace(form, rows=tuple(keep(list(form.rows)))))


def drop_unit(rule: str) -> Fault:
    """Leaves out the reporting unit with the fewest rows."""

    def keep(rows: list[Row]) -> list[Row]:
        units = [row["reporting_unit"] for row in rows]
        rarest = min(sorted({str(unit) for unit in units}), key=units.count)
        return [row for row in rows if row["reporting_unit"] != rarest]

    return keep_rows(rule, keep)


def empty_form(rule: str, *, is_nil: bool) -> Fault:
    """Sends no rows, with or without the words 零报告."""
    return Fault(rule, lambda form: replace(form, rows=(), total=None, is_nil=is_nil))


def say_nil() -> Fault:
    """Writes 零报告 below rows that are there all the same."""
    return Fault("nil_report_with_rows", lambda form: replace(form, is_nil=True))


def rename_heading(rule: str, column: str, heading: str) -> Fault:
    """Writes another heading over a column."""

    def on_grid(grid: Grid) -> None:
        grid.cells[grid.heading_row][grid.places[column]] = heading

    return Fault(rule, on_grid=on_grid, locate=lambda grid: (grid.heading_address(column),))


def drop_column(column: str) -> Fault:
    """Leaves a required column out of the form."""

    def on_grid(grid: Grid) -> None:
        place = grid.places.pop(column)
        last = grid.first_row + grid.row_count + (grid.total_row is not None)
        for row in (grid.heading_row, *range(grid.first_row, last)):
            del grid.cells[row][place]
        for name, other in grid.places.items():
            grid.places[name] = other - (other > place)
        numbered = grid.heading_row + 1
        if numbered < grid.first_row:
            grid.cells[numbered].pop()

    return Fault("missing_column", on_grid=on_grid)


def stray(row: int, value: Cell) -> Fault:
    """Writes a value to the right of the last heading."""

    def place(grid: Grid) -> int:
        return len(grid.cells[grid.heading_row])

    def on_grid(grid: Grid) -> None:
        cells = grid.cells[grid.row_at(row)]
        cells.extend([None] * (place(grid) - len(cells)))
        cells.append(value)

    return Fault(
        "stray_value",
        on_grid=on_grid,
        locate=lambda grid: (write_address(grid.row_at(row), place(grid)),),
    )


def put_formula(rule: str, row: int, column: str, formula: str, shown: str) -> Fault:
    """Writes a formula with what it shows: an error, or nothing where it was never worked out."""

    def on_grid(grid: Grid) -> None:
        place = (grid.row_at(row), grid.places[column])
        grid.formulas[place] = formula
        grid.cells[place[0]][place[1]] = shown

    return Fault(rule, on_grid=on_grid, locate=lambda grid: (grid.address(row, column),))


def hide_row(row: int) -> Fault:
    """Hides a data row."""

    def on_grid(grid: Grid) -> None:
        grid.hidden_rows.add(grid.row_at(row))

    def locate(grid: Grid) -> tuple[str | None, ...]:
        return (write_address(grid.row_at(row), min(grid.places.values())),)

    return Fault("hidden_row", on_grid=on_grid, locate=locate)


def hide_column(column: str) -> Fault:
    """Hides a column."""

    def on_grid(grid: Grid) -> None:
        grid.hidden_columns.add(grid.places[column])

    return Fault(
        "hidden_column", on_grid=on_grid, locate=lambda grid: (grid.heading_address(column),)
    )


def add_sheet(name: str, lines: list[list[Cell]], rule: str = "unread_sheet") -> Fault:
    """Leaves a sheet in the workbook that belongs to something else."""

    def on_grid(grid: Grid) -> None:
        grid.sheets[name] = lines

    return Fault(rule, on_grid=on_grid)


def hide_copy(name: str) -> Fault:
    """Leaves a hidden sheet in the workbook, with the form's headings and no rows."""

    def on_grid(grid: Grid) -> None:
        grid.sheets[name] = [list(grid.cells[grid.heading_row])]
        grid.hidden_sheets.add(name)

    return Fault("hidden_sheet", on_grid=on_grid)


def change_total(column: str, value: Cell) -> Fault:
    """Writes another 合计."""

    def on_grid(grid: Grid) -> None:
        grid.cells[grid.total_row or 0][grid.places[column]] = value

    def locate(grid: Grid) -> tuple[str | None, ...]:
        return (write_address(grid.total_row or 0, grid.places[column]),)

    return Fault("total_differs", on_grid=on_grid, locate=locate)


def leave_out_total() -> Fault:
    """Sends the form without its 合计 row."""
    return Fault(None, lambda form: replace(form, total=None))


def explain(about: str, text: str) -> Fault:
    """Explains what the gate will ask, on a sheet 说明."""
    return Fault(None, lambda form: replace(form, explanations=(*form.explanations, (about, text))))


def explain_row(row: int, text: str) -> Fault:
    """Explains what the gate will ask, in a column 说明 at the right end."""

    def on_form(form: Form) -> Form:
        return replace(form, row_notes=form.row_notes | {row % len(form.rows): text})

    return Fault(None, on_form)


def add_row(rule: str, column: str, row: Row) -> Fault:
    """Adds a row that does not belong; it is marked in a column."""
    return Fault(
        rule,
        lambda form: replace(form, rows=(*form.rows, row)),
        locate=lambda grid: (grid.address(-1, column),),
    )
