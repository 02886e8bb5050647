"""The command status: what every reporter owes for a period, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from biaogan.messages import language, tell
from biaogan.names import name_form, name_reporter
from biaogan.screens import console, show_json, show_table
from warehouse.contracts.load import Expectations, load_expectations
from warehouse.obligations import Grid, read_grid
from warehouse.periods import Period
from warehouse.settings import load_settings

WRONG_USE = 2
MANY_REPORTERS = 8
"""With more reporters than this the grid is also shown with one sign a form."""
CELLS_A_SIGN = 3

_STYLES = {
    "accepted": "green",
    "nil": "green",
    "held": "yellow",
    "rejected": "red",
    "returned": "red",
    "withdrawn": "red",
    "excused": "dim",
    "missing": "red",
    "not due": "",
}


def show_status(period: str | None, output: str) -> int:
    """Prints the grid of one period, the newest with a form that came where none is named."""
    try:
        asked = Period.parse(period) if period else None
    except ValueError:
        console.print(tell("not a period: {text}; write 2020, 2020Q3 or 2020-09", text=period))
        return WRONG_USE
    settings = load_settings()
    grid = read_grid(settings.pointer, asked, datetime.now(UTC))
    if output == "json":
        show_json(grid.rows)
        return 0
    if not grid.rows:
        console.print(_say_nothing_owed(grid))
    else:
        _show_grid(grid, load_expectations(extra=settings.expectations_extra))
    if grid.warning:
        console.print(grid.warning.of(language()), style="yellow")
    return 0


def _say_nothing_owed(grid: Grid) -> str:
    if grid.period is None:
        return tell("No form is owed yet.")
    return tell("No form is owed for {period}, and none has come.", period=grid.period)


def _show_grid(grid: Grid, expectations: Expectations) -> None:
    rows = [
        (
            _name_form(row["dataset"], expectations),
            name_reporter(row["reporter_code"], expectations) or row["reporter"],
            Text(_name_state(row), style=_STYLES[_find_state(row)]),
            row["due_on"],
            row["locked_on"],
            _name_delay(row),
            row["submission_id"],
        )
        for row in grid.rows
    ]
    title = tell("Obligations of {period} as of {day}", period=grid.period, day=grid.as_of)
    columns = ("Form", "Reporter", "State", "Due", "Locked", "Late", "No.")
    show_table(title, [tell(column) for column in columns], rows)
    _show_matrix(grid, expectations)
    _show_rates(grid, expectations)


def _find_state(row: Mapping[str, Any]) -> str:
    """The state of a form on the grid's day."""
    if row["state"] == "missing" and row["due_on"] is not None and not row["is_due"]:
        return "not due"
    return str(row["state"])


def _name_state(row: Mapping[str, Any]) -> str:
    states = {
        "accepted": tell("Accepted"),
        "nil": tell("Nil report"),
        "held": tell("Held, to be explained"),
        "rejected": tell("Returned (round {round})", round=row["round"]),
        "returned": tell("Returned (round {round})", round=row["round"]),
        "withdrawn": tell("Withdrawn"),
        "excused": tell("Excused"),
        "missing": tell("Owed, not sent"),
        "not due": tell("Not due yet"),
    }
    name = states[_find_state(row)]
    is_extra = not row["expected"] and row["state"] != "excused"
    return tell("{state}, not asked for", state=name) if is_extra else name


def _name_delay(row: Mapping[str, Any]) -> str:
    if row["days_late"]:
        return tell("{days} working days late", days=row["days_late"])
    is_unknown = row["is_due"] and row["expected"] and row["days_late"] is None
    return tell("late, days unknown") if is_unknown else ""


def _show_matrix(grid: Grid, expectations: Expectations) -> None:
    """One sign a form: datasets down, reporters across under their codes, read downwards."""
    reporters = sorted({row["reporter_code"] for row in grid.rows})
    if len(reporters) <= MANY_REPORTERS:
        return
    states = {(row["dataset"], row["reporter_code"]): row for row in grid.rows}
    signs = _list_signs()
    datasets = dict.fromkeys(row["dataset"] for row in grid.rows)
    titles = {dataset: _name_form(dataset, expectations) for dataset in datasets}
    if max(map(cell_len, titles.values())) + CELLS_A_SIGN * len(reporters) >= console.width:
        return
    matrix = Table(box=None, padding=(0, 1, 0, 0), caption="  ".join(dict.fromkeys(signs.values())))
    for heading in ("", *("\n".join(reporter) for reporter in reporters)):
        matrix.add_column(heading, no_wrap=True, vertical="bottom")
    for dataset, title in titles.items():
        forms = (states.get((dataset, reporter)) for reporter in reporters)
        matrix.add_row(title, *(_sign(form, signs) for form in forms))
    console.print(matrix)


def _list_signs() -> dict[str, str]:
    """The first word is the sign, the rest says what it stands for."""
    return {
        "accepted": tell("A accepted"),
        "nil": tell("0 nil report"),
        "held": tell("H held"),
        "rejected": tell("R returned"),
        "returned": tell("R returned"),
        "withdrawn": tell("W withdrawn"),
        "excused": tell("E excused"),
        "missing": tell("M missing"),
        "not due": tell(". not due yet"),
    }


def _sign(row: Mapping[str, Any] | None, signs: Mapping[str, str]) -> Text:
    if row is None:
        return Text("")
    state = _find_state(row)
    return Text(signs[state].split()[0], style=_STYLES[state])


def _show_rates(grid: Grid, expectations: Expectations) -> None:
    rows = [
        (
            _name_form(row["dataset"], expectations),
            row["expected_count"],
            *(f"{row[f'{name}_count']}  {row[f'{name}_pct']} %" for name in _RATES),
        )
        for row in grid.rates
    ]
    if rows:
        columns = ("Form", "Expected", "Arrived", "Filled", "Accepted")
        show_table(tell("Rates"), [tell(column) for column in columns], rows)


_RATES: Sequence[str] = ("arrived", "filled", "accepted")


def _name_form(dataset: str, expectations: Expectations) -> str:
    if dataset == "全部":
        return tell("All forms")
    return name_form(dataset, expectations) or dataset
