"""Fills in the blank forms that are issued, as a clerk does."""

from __future__ import annotations

import functools
import io
import re
import tempfile
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils import get_column_letter

from examples.entries import Cell
from examples.forms import Grid
from tests.corpus_history import CODES, CONTRACTS
from tests.form_maker import added_columns, show, write_cell
from warehouse.contracts.model import NUMERIC_TYPES
from warehouse.periods import Period
from warehouse.read.form import EXPLANATION
from warehouse.template import write_template
from warehouse.template.plan import FIRST_ENTRY, plan_template

if TYPE_CHECKING:
    from tests.corpus import CorpusForm

LABELS = {"reporter": "填报单位", "period": "报告期", "unit": "单位"}
"""What stands before the values of the lines above the table."""


SELF_CHECK = "自查"


def find_label(kind: str) -> str:
    """A pattern of a label with what stands behind it: 单位 is no part of 填报单位."""
    return rf"(?<![\u4e00-\u9fff]){LABELS[kind]}：[^\u3000]*"


@functools.cache
def issue_blank(dataset: str, reporter: str, period: Period) -> bytes:
    """A blank form as it is issued."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "blank.xlsx"
        write_template(CONTRACTS[dataset], CODES, target, CODES.reporter(reporter), period)
        return target.read_bytes()


@functools.cache
def thin_out(blank: bytes) -> tuple[bytes, str, list[list[Cell]]]:
    """A blank form without its longest sheet, and the name and texts of its first one.

    The thousands of formulas of 自查 take longer to copy than all the rest, and no rule reads them.
    """
    book = openpyxl.load_workbook(io.BytesIO(blank))
    if SELF_CHECK in book.sheetnames:
        del book[SELF_CHECK]
    target = io.BytesIO()
    book.save(target)
    form = book.worksheets[0]
    texts = [list(row) for row in form.iter_rows(values_only=True)]
    return target.getvalue(), form.title, texts


def lay_into_blank(form: CorpusForm) -> None:
    """Writes rows and 合计 where the blank form has its entries; given rows give way to them."""
    contract, grid = form.contract, form.grid
    whole = issue_blank(contract.dataset, form.reporter.code, form.period)
    form.blank, grid.sheet_name, form.printed = thin_out(whole)
    form.look = replace(form.look, money_unit=contract.money_unit)
    _find_places(form)
    grid.cells = [list(row) for row in form.printed[:FIRST_ENTRY]]
    for number, row in enumerate(form.rows, start=FIRST_ENTRY):
        form.row_numbers.append(number)
        for column in contract.column:
            write_cell(grid, number, grid.places[column.name], show(form, column, row[column.name]))
    if added_columns(contract):
        lead = next(column for column in contract.column if column.type not in NUMERIC_TYPES)
        form.total_row = len(grid.cells)
        write_cell(grid, form.total_row, grid.places[lead.name], form.look.total_word)
        form.add_up()


def _find_places(form: CorpusForm) -> None:
    """Finds columns, headings and labels of the blank form."""
    columns = plan_template(form.contract, CODES, form.reporter, form.period, "zh").columns
    names = [column.name for column in columns]
    form.width = len(names)
    form.grid.places = {column.name: names.index(column.name) for column in form.contract.column}
    form.note_column = names.index(EXPLANATION) if EXPLANATION in names else None
    form.heading_rows = dict.fromkeys(form.grid.places, FIRST_ENTRY - 2)
    for line, cells in enumerate(form.printed[:FIRST_ENTRY]):
        for kind in LABELS:
            if re.search(find_label(kind), str(cells[0])):
                form.label_cells[kind] = line, 0


def fill_in(blank: bytes, printed: list[list[Cell]], grid: Grid) -> bytes:
    """A blank form with everything a grid holds, and without what is not in the grid."""
    book = openpyxl.load_workbook(io.BytesIO(blank))
    sheet = book.worksheets[0]
    for row, (cells, texts) in enumerate(zip_longest(grid.cells, printed, fillvalue=()), start=1):
        for place, (value, text) in enumerate(zip_longest(cells, texts), start=1):
            if value != text:
                _set_cell(sheet.cell(row, place), value)
    _hide_and_compute(sheet, grid)
    for name, lines in grid.sheets.items():
        further = book.create_sheet(name)
        further.sheet_state = "hidden" if name in grid.hidden_sheets else "visible"
        for row, cells in enumerate(lines, start=1):
            for place, value in enumerate(cells, start=1):
                _set_cell(further.cell(row, place), value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _hide_and_compute(sheet: Any, grid: Grid) -> None:
    """Formulas are kept without a value, and errors without their formula."""
    for (row, place), formula in grid.formulas.items():
        cell = sheet.cell(row + 1, place + 1)
        if cell.data_type != "e":
            cell.value = formula
    for row in grid.hidden_rows:
        sheet.row_dimensions[row + 1].hidden = True
    for place in grid.hidden_columns:
        sheet.column_dimensions[get_column_letter(place + 1)].hidden = True


def _set_cell(cell: Any, value: Cell) -> None:
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    cell.value = value
