"""Lists to choose from, limits and prompts on the entry rows of a blank workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from warehouse.contracts.model import NUMERIC_TYPES, Column
from warehouse.periods import Period
from warehouse.read.layout import EXPLANATION_SHEET
from warehouse.template.notes import describe_refusal, list_explained, write_prompt
from warehouse.template.plan import FIRST_ENTRY, Blank

LAST_ENTRY = FIRST_ENTRY + 5_000 - 1
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_LEAST_NUMBER = -1e15
_TITLE_LIMIT = 32


def write_options(sheet: Any, blank: Blank) -> dict[str, str]:  # noqa: ANN401
    """Writes the lists to choose from on their hidden sheet, one a column.

    A list kept in the cell's own rule ends at 255 characters and breaks at commas, so none is.

    Returns:
        The range of each list by column name, and of what the sheet 说明 may be about.
    """
    lists = {**blank.options, EXPLANATION_SHEET: list_explained(blank.contract)}
    ranges: dict[str, str] = {}
    for position, (name, entries) in enumerate(lists.items()):
        heading = blank.contract.columns[name].heading if name in blank.options else name
        sheet.write_column(0, position, [heading, *entries])
        letters = xl_col_to_name(position, col_abs=True)
        ranges[name] = f"='{sheet.get_name()}'!{letters}$2:{letters}${len(entries) + 1}"
    sheet.hide()
    return ranges


def guide_entries(form: Any, blank: Blank, ranges: dict[str, str]) -> None:  # noqa: ANN401
    """Ties list, limit and prompt of every column to its entry rows; a limit only warns."""
    for position, column in enumerate(blank.columns):
        guide = {
            "input_title": column.heading[:_TITLE_LIMIT],
            "input_message": write_prompt(blank, position),
            "error_type": "warning",
            "error_title": column.heading[:_TITLE_LIMIT],
            "error_message": describe_refusal(blank, column),
            **_limit_entries(column, position, blank.period, ranges),
        }
        form.data_validation(FIRST_ENTRY, position, LAST_ENTRY, position, guide)


def guide_explanations(sheet: Any, ranges: dict[str, str]) -> None:  # noqa: ANN401
    """Offers the rules and headings an entry of the sheet 说明 may be about."""
    guide = {"validate": "list", "source": ranges[EXPLANATION_SHEET], "show_error": False}
    sheet.data_validation(1, 0, LAST_ENTRY, 0, guide)


def mark_missing(form: Any, book: Any, blank: Blank) -> None:  # noqa: ANN401
    """Draws lines around rows in use, and colours what is required there and still empty.

    LibreOffice shows the first format that holds and no other, so a colour brings its own lines.
    """
    last = len(blank.columns) - 1
    first_row = FIRST_ENTRY + 1
    row = f"$A{first_row}:${xl_col_to_name(last)}{first_row}"
    in_use = f'AND(COUNTA({row})>0,COUNTIF({row},"零报告*")=0)'
    is_sum = f'COUNTIF({row},"*合*计")+COUNTIF({row},"总*计")>0'
    missing = book.add_format({"bg_color": "#F8CBAD", "border": 1})
    lined = book.add_format({"border": 1})
    for position, column in enumerate(blank.columns):
        if column.required:
            cell = xl_rowcol_to_cell(FIRST_ENTRY, position, col_abs=True)
            form.conditional_format(
                FIRST_ENTRY,
                position,
                LAST_ENTRY,
                position,
                {
                    "type": "formula",
                    "criteria": f"=AND({in_use},NOT({is_sum}),LEN(TRIM({cell}))=0)",
                    "format": missing,
                },
            )
    used = {"type": "formula", "criteria": f"={in_use}", "format": lined}
    form.conditional_format(FIRST_ENTRY, 0, LAST_ENTRY, last, used)


def _limit_entries(
    column: Column, position: int, period: Period | None, ranges: dict[str, str]
) -> dict[str, Any]:
    if column.name in ranges:
        return {"validate": "list", "source": ranges[column.name]}
    if column.type == "date":
        last = period.end if period and not column.may_follow_period else _LAST_DAY
        return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": last}
    if column.type == "percent":
        # 12.5% typed into a number cell is kept as 0.125, a hundredfold error nobody sees later.
        cell = xl_rowcol_to_cell(FIRST_ENTRY, position)
        return {"validate": "custom", "value": f"=OR({cell}=0,ABS({cell})>=1)"}
    if column.type in NUMERIC_TYPES:
        least = _LEAST_NUMBER if column.minimum is None else column.minimum
        kind = "integer" if column.type == "integer" else "decimal"
        return {"validate": kind, "criteria": ">=", "value": least}
    if column.type == "uscc":
        return {"validate": "length", "criteria": "==", "value": 18}
    return {"validate": "any"}
