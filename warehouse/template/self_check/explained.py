"""Spreadsheet expressions that ask whether the clerk has given a reason for what is doubtful."""

from __future__ import annotations

from warehouse.contracts.codes import fold_name
from warehouse.read.form import EXPLANATION_SHEET
from warehouse.template.self_check.area import EntryArea
from warehouse.template.self_check.cells import quote

_ABOUT, _WHY = (f"'{EXPLANATION_SHEET}'!${letter}$2:${letter}$200" for letter in "AB")


def count_explanations(area: EntryArea, rule_id: str, column: str | None) -> str:
    """How often the sheet 说明 gives a reason for a rule, or for all of a column."""
    columns = area.contract.columns
    heading = columns[column].heading if column in columns else rule_id
    named = f"(TRIM({_ABOUT})={quote(rule_id)})+(TRIM({_ABOUT})={quote(heading)})"
    return f'SUM(({named})*(TRIM({_WHY})<>""))'


def is_unexplained(area: EntryArea, place: str) -> str:
    """1 for each cell whose row has no 说明, and which the sheet 说明 does not name."""
    note = next(
        column.name
        for column in area.blank.columns
        if fold_name(column.heading) == EXPLANATION_SHEET
    )
    named = f"COUNTIF({_ABOUT},ADDRESS(ROW({place}),COLUMN({place}),4))"
    return f'({area.text(note)}="")*({named}=0)'
