"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from biaogan.messages import tell

Format = Annotated[str, typer.Option("--format", help="table | json")]
At = Annotated[str | None, typer.Option(help="simulated clock: 2020-10-22T02:00")]


def read_time(text: str | None) -> datetime | None:
    """A clock; the city's own where no zone is written.

    Raises:
        typer.BadParameter: it is no time.
    """
    from warehouse.settings import CITY_TIME

    if text is None:
        return None
    try:
        clock = datetime.fromisoformat(text)
    except ValueError as error:
        said = tell("not a time: {text}; write 2020-10-22T02:00", text=text)
        raise typer.BadParameter(said) from error
    return clock if clock.tzinfo else clock.replace(tzinfo=CITY_TIME)


def read_day(text: str | None) -> date | None:
    """A day; None where none was given.

    Raises:
        typer.BadParameter: it is no day.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        said = tell("not a day: {text}; write 2020-10-22", text=text)
        raise typer.BadParameter(said) from error


def read_release(text: str | None) -> int | date | None:
    """A release: its number, or a day; None where none was given.

    Raises:
        typer.BadParameter: it is neither.
    """
    return int(text) if text is not None and text.isdecimal() else read_day(text)


def read_format(output: str) -> str:
    """The form of the output.

    Raises:
        typer.BadParameter: it is neither table nor json.
    """
    if output not in {"table", "json"}:
        raise typer.BadParameter("--format: table | json")
    return output
