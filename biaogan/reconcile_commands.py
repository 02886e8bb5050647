"""The command `reconcile`: what two sources say differently, and who has to answer."""

from __future__ import annotations

from typing import Annotated

import typer

from biaogan.options import Format, read_format

app = typer.Typer()


@app.command()
def reconcile(
    period: Annotated[str | None, typer.Option(help="such as 2020Q3; else every period")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="also what agrees or cannot be told yet")
    ] = False,
    output: Format = "table",
) -> None:
    """List differences between two sources of one fact that nothing explains; 1 where any is."""
    from biaogan.reconcile import show_differences

    raise typer.Exit(show_differences(period, read_format(output), everything=everything))
