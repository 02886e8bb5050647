"""Prints why the figures of a series changed, so that the parts are seen to add up to the whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from rich.markup import escape

from biaogan.messages import language, tell
from biaogan.screens import MOST_LINES, console, show_json, show_table
from warehouse.contracts.load import load_expectations
from warehouse.export.values import show_decimal
from warehouse.settings import load_settings
from warehouse.vintages.cells import add_cells
from warehouse.vintages.model import Account, Cell, Edition, Movement, Part
from warehouse.vintages.why import Question, explain_series

_CAUSES = {
    "first_published": "first published",
    "late_form": "late forms",
    "correction": "corrections",
    "withdrawal": "withdrawals",
    "decision": "decisions",
    "definition_change": "definition changes",
    "passing_of_time": "passing of time",
    "unaccounted": "without a cause",
}


def explain_why(
    series: str,
    period: str | None,
    unit: str | None,
    start: int | date | None,
    end: int | date | None,
    output: str,
) -> int:
    """Prints the account of a series; 1 where the parts of a figure do not add up to the whole.

    As JSON it is one object: `series`, `name`, `unit`, `basis`, `from` (null: from nothing), `to`
    (`release_id`, `published_on`, `is_replayed`), `related` (series of the same indicator),
    `notices` (what could not be shown) and `figures`. Each of them has `period`,
    `reporting_unit_code`, `reporting_unit`, `before`, `after`, `difference`, `revision` (the
    difference without the first publication), `by_cause`, `is_accounted` and `parts`, which have
    the columns of `mart.series_change` and `cells`: null where no form took the place of another
    or the forms cannot be compared, else `file`, `address`, `row`, `column`, `heading`, `before`
    and `after` of each. Numbers are exact decimals, as text.
    """
    settings = load_settings()
    codes = load_expectations(extra=settings.expectations_extra).codes
    city = next((item.code for item in codes.reporting_units if item.is_city), "")
    question = Question(series, period, unit, city, start, end)
    account = add_cells(settings, explain_series(settings.pointer, question))
    if output == "json":
        show_json(_list_everything(account))
    else:
        _show(account)
    return 0 if all(item.is_accounted for item in account.movements) else 1


def _show(account: Account) -> None:
    name = f"{account.series_code}  {account.name} ({account.unit})"
    span = tell("from {start} to {end}", start=_name(account.start), end=_name(account.end))
    console.print(f"[bold]{escape(name)}[/bold]  {escape(span)}")
    moved = [item for item in account.movements if item.has_moved]
    still = [item for item in account.movements if not item.has_moved]
    for movement in moved:
        _show_movement(movement)
    if still:
        figures = _join_figures(still)
        if account.start:
            console.print(tell("Not changed in between: {figures}", figures=figures))
        else:
            console.print(tell("Not changed since it was published: {figures}", figures=figures))
    for related in account.related:
        console.print(tell("The same indicator from the other source: {series}", series=related))
    for notice in account.notices:
        console.print(escape(notice.of(language())), style="yellow")


def _name(edition: Edition | None) -> str:
    if edition is None:
        return tell("first publication")
    said = tell("release {number} ({day})", number=edition.release_id, day=edition.published_on)
    return said + (tell(" (replayed on a simulated clock)") if edition.is_replayed else "")


def _show_movement(movement: Movement) -> None:
    """A table of the parts, what each cause adds up to, and the cells of corrections below."""
    rows = [_line(part) for part in movement.parts]
    names = (
        "Release", "Published", "Cause", "Reporter", "Submission", "Entry", "Before", "After",
        "Change", "Decided by", "Note",
    )  # fmt: skip
    title = f"{movement.period}  {movement.reporting_unit}"
    show_table(escape(title), [tell(name) for name in names], rows)
    causes = "  ".join(
        f"{tell(_CAUSES[cause])} {_sign(sum_)}" for cause, sum_ in movement.subtotals.items()
    )
    facts = {
        "causes": causes,
        "difference": _sign(movement.difference),
        "before": _number(movement.before) or tell("nothing"),
        "after": _number(movement.after) or tell("nothing"),
    }
    if movement.is_accounted:
        console.print(tell("{causes}; together {difference}, from {before} to {after}.", **facts))
    else:
        said = tell(
            "{causes}; this does not account for {difference}, from {before} to {after}. "
            "Run biaogan doctor.",
            **facts,
        )
        console.print(said, style="red")
    for part in movement.parts:
        if part.cells:
            _show_cells(part, part.cells)


def _line(part: Part) -> tuple[object, ...]:
    replayed = tell(" (replayed)") if part.is_replayed else ""
    return (
        part.release_id,
        f"{part.published_on}{replayed}",
        tell(_CAUSES[part.cause]),
        part.reporter or part.reporter_code,
        part.submission_id,
        part.sequence,
        _number(part.value_before),
        _number(part.value_after),
        _sign(part.difference),
        tell("the gate") if part.decided_by == "gate" else part.decided_by,
        part.note,
    )


def _show_cells(part: Part, cells: tuple[Cell, ...]) -> None:
    said = tell(
        "Submission {number} changed {count} places:", number=part.submission_id, count=len(cells)
    )
    console.print(said)
    for cell in cells[:MOST_LINES]:
        console.print(f"  {escape(_write_cell(cell))}", soft_wrap=True)
    if len(cells) > MOST_LINES:
        left = len(cells) - MOST_LINES
        console.print(f"  {tell('and {left} more: --format json', left=left)}")


def _write_cell(cell: Cell) -> str:
    place = f"{cell.file} ▸ {cell.address}"
    if cell.column:
        blank = tell("blank")
        return f"{place}  {cell.heading}  {cell.before or blank} → {cell.after or blank}"
    change = tell("row removed") if cell.after is None else tell("row added")
    said = cell.before if cell.after is None else cell.after
    return f"{place}  {change}  {cell.row}  {said}"


def _join_figures(movements: Iterable[Movement]) -> str:
    return "  ".join(
        escape(f"{item.period} {item.reporting_unit} {_number(item.after) or '—'}")
        for item in movements
    )


def _number(value: Decimal | None) -> str:
    return "" if value is None else show_decimal(value)


def _sign(value: Decimal) -> str:
    return ("+" if value > 0 else "") + show_decimal(value)


def _list_everything(account: Account) -> dict[str, Any]:
    return {
        "series": account.series_code,
        "name": account.name,
        "unit": account.unit,
        "basis": account.basis,
        "from": vars(account.start) if account.start else None,
        "to": vars(account.end),
        "related": list(account.related),
        "notices": [notice.of(language()) for notice in account.notices],
        "figures": [_list_movement(item) for item in account.movements],
    }


def _list_movement(movement: Movement) -> dict[str, Any]:
    return {
        "period": movement.period,
        "reporting_unit_code": movement.reporting_unit_code,
        "reporting_unit": movement.reporting_unit,
        "before": _plain(movement.before),
        "after": _plain(movement.after),
        "difference": _plain(movement.difference),
        "revision": _plain(movement.revision),
        "by_cause": {cause: _plain(value) for cause, value in movement.subtotals.items()},
        "is_accounted": movement.is_accounted,
        "parts": [_list_part(part) for part in movement.parts],
    }


def _list_part(part: Part) -> dict[str, Any]:
    cells = None if part.cells is None else [vars(cell) for cell in part.cells]
    facts = {name: _plain(value) for name, value in vars(part).items()}
    return facts | {"cells": cells}


def _plain(value: object) -> object:
    return show_decimal(value) if isinstance(value, Decimal) else value
