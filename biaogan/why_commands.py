"""The command `why`: what moved a figure between two releases, part by part."""

from __future__ import annotations

from typing import Annotated

import typer

from biaogan.options import Format, read_format, read_release

app = typer.Typer()
Release = "number of a release, or a day: 2020-10-27"


@app.command()
def why(
    series: Annotated[str, typer.Argument(help="code of a series or an indicator")],
    period: Annotated[str | None, typer.Option(help="such as 2020Q3; else every period")] = None,
    unit: Annotated[
        str | None, typer.Option(help="reporting unit, or all; else the whole city")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help=Release)] = None,
    end: Annotated[str | None, typer.Option("--to", help=Release)] = None,
    output: Format = "table",
) -> None:
    """Say why a figure changed: late forms, corrections, withdrawals, decisions, definitions."""
    from biaogan.why import explain_why

    asked = (series, period, unit, read_release(start), read_release(end))
    raise typer.Exit(explain_why(*asked, read_format(output)))
