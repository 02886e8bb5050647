"""Plants faults of what a file holds beside its table, and of whether the table has rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from examples.forms import write_address
from tests.corpus import CorpusForm
from tests.corpus_columns import about_form, leftmost, tell
from tests.corpus_plants import COUNT, REPORTER, ROWS, Planted, need_cells
from tests.form_maker import show, write_cell
from warehouse.read.returned_list import (
    ANSWER_FIELDS,
    IDENTITY_FIELDS,
    LIST_SHEET,
    MOST_LETTERS,
    write_mark,
)

FormFault = Callable[[CorpusForm, random.Random], Planted | None]


def add_foreign_sheet(form: CorpusForm, dice: random.Random) -> Planted | None:
    if not form.is_workbook:
        return None
    form.grid.sheets["草稿"] = [["随手记", 1], ["随手记", 2]]
    return tell(about_form("unread_sheet", "草稿"))


def add_second_form(form: CorpusForm, dice: random.Random) -> Planted | None:
    if not form.is_workbook:
        return None
    title = next(title for title in ("企业名录", "专利情况表") if title != form.contract.title.zh)
    form.grid.sheets["另一张"] = [[title], ["企业名称", "统一社会信用代码"], ["甲", "乙"]]
    return tell(about_form("second_form", "另一张", "A1"))


def hide_half_of_it(form: CorpusForm, dice: random.Random) -> Planted | None:
    """A row goes on another sheet under the same headings, and that sheet lies hidden."""
    if not form.is_workbook:
        return None
    row = form.rows[-1]
    form.drop(len(form.rows) - 1)
    columns = form.contract.column
    cells = [show(form, column, row[column.name]) for column in columns]
    form.grid.sheets["续表"] = [[column.heading for column in columns], cells]
    form.grid.hidden_sheets.add("续表")
    return tell(about_form("hidden_sheet", "续表"), writes={COUNT}, needs={REPORTER})


def hide_row(form: CorpusForm, dice: random.Random) -> Planted | None:
    if not form.is_workbook:
        return None
    row = dice.randrange(len(form.rows))
    form.grid.hidden_rows.add(form.row_numbers[row])
    first = leftmost(form)
    found = about_form("hidden_row", form.sheet, form.at(row, first))
    return tell(found, needs=need_cells(form, row, [first]))


def carry_macros(form: CorpusForm, dice: random.Random) -> Planted | None:
    if form.look.file_format != "xlsx" or form.blank is not None:
        return None
    form.look = replace(form.look, file_format="xlsm")
    return tell(about_form("macros"))


def answer_nothing(form: CorpusForm, dice: random.Random) -> Planted | None:
    return _answer(form, "answer_without_finding", about="")


def answer_at_length(form: CorpusForm, dice: random.Random) -> Planted | None:
    return _answer(form, "answer_too_long", text="已核实" * MOST_LETTERS)


def answer_until_some_day(form: CorpusForm, dice: random.Random) -> Planted | None:
    return _answer(form, "unreadable_day", valid_until="年底")


def _answer(
    form: CorpusForm, rule: str, about: str = "no_such_rule", text: str = "已核实",
    valid_until: str = "",
) -> Planted | None:  # fmt: skip
    """The workbook was returned before, and something is written in its list."""
    if not form.is_workbook:
        return None
    fields = [*IDENTITY_FIELDS, *ANSWER_FIELDS]
    before = form.grid.sheets.get(LIST_SHEET) or [[write_mark(7, "")], [*fields]]
    form.grid.sheets[LIST_SHEET] = [*before, [about, "", "", text, valid_until]]
    return tell(about_form(rule, LIST_SHEET))


def write_beside(form: CorpusForm, dice: random.Random) -> Planted | None:
    number = dice.choice(form.row_numbers)
    write_cell(form.grid, number, form.width + 2, "旁注")
    return tell(about_form("stray_value", form.sheet, write_address(number, form.width + 2)))


def take_rows_away(form: CorpusForm, dice: random.Random) -> Planted | None:
    clear_rows(form)
    return tell(about_form("no_rows"), writes={ROWS})


def report_nothing(form: CorpusForm, dice: random.Random) -> Planted | None:
    clear_rows(form)
    write_cell(form.grid, form.row_numbers[0], form.look.left_columns, "本期零报告")
    return tell(about_form("nil_report_not_allowed"), writes={ROWS})


def report_nothing_and_rows(form: CorpusForm, dice: random.Random) -> Planted | None:
    first = leftmost(form)
    write_cell(form.grid, len(form.grid.cells), form.grid.places[first], "零报告")
    return tell(about_form("nil_report_with_rows"), needs={form.heading_place(first)})


def clear_rows(form: CorpusForm) -> None:
    """Empties every row, and the 合计 row."""
    for number in (*form.row_numbers, *([form.total_row] if form.total_row else [])):
        form.grid.cells[number] = [None] * len(form.grid.cells[number])


SHEET_FAULTS: dict[str, FormFault] = {
    "answer_too_long": answer_at_length,
    "answer_without_finding": answer_nothing,
    "hidden_row": hide_row,
    "hidden_sheet": hide_half_of_it,
    "macros": carry_macros,
    "nil_report_not_allowed": report_nothing,
    "nil_report_with_rows": report_nothing_and_rows,
    "no_rows": take_rows_away,
    "second_form": add_second_form,
    "stray_value": write_beside,
    "unread_sheet": add_foreign_sheet,
    "unreadable_day": answer_until_some_day,
}
