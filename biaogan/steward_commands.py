"""The commands by which a steward decides: each appends to the ledger, none changes a value."""

from __future__ import annotations

from typing import Annotated

import typer

from biaogan.options import At, Format, read_format, read_time

app = typer.Typer()
Number = Annotated[int, typer.Argument(help="number of the submission", metavar="SUBMISSION")]
By = Annotated[str, typer.Option("--by", help="who decides")]
Reason = Annotated[str, typer.Option("--reason", help="why")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]
Until = Annotated[str | None, typer.Option(help="last day: 2020-12-31")]


@app.command()
def accept(number: Number, by: By, reason: Reason, yes: Yes = False, at: At = None) -> None:
    """Accept a held submission, with the reason for what is unexplained."""
    from biaogan.decide import decide

    raise typer.Exit(decide(number, "accept", by, reason, read_time(at), yes=yes))


@app.command("return")
def return_(number: Number, by: By, reason: Reason, yes: Yes = False, at: At = None) -> None:
    """Return a submission to its reporter; it no longer counts."""
    from biaogan.decide import decide

    raise typer.Exit(decide(number, "return", by, reason, read_time(at), yes=yes))


@app.command()
def withdraw(number: Number, by: By, reason: Reason, yes: Yes = False, at: At = None) -> None:
    """Withdraw a submission; the next night retires all that came of it."""
    from biaogan.decide import decide

    raise typer.Exit(decide(number, "withdraw", by, reason, read_time(at), yes=yes))


@app.command()
def explain(
    number: Number,
    rule: Annotated[str, typer.Option(help="rule that asks, such as stock_falls")],
    by: By,
    reason: Reason,
    cell: Annotated[str | None, typer.Option(help="B7 or sheet!B7; else all of the rule")] = None,
    until: Until = None,
    at: At = None,
) -> None:
    """Write down why what a rule asks about is right as it stands."""
    from biaogan.decide import explain

    raise typer.Exit(explain(number, rule, by, reason, cell, until, read_time(at)))


@app.command()
def exempt(
    dataset: Annotated[str, typer.Argument(help="such as standards")],
    reporter: Annotated[str, typer.Argument(help="reporter code")],
    period: Annotated[str, typer.Argument(help="such as 2020Q3")],
    kind: Annotated[str, typer.Option(help="lock: may be changed | excuse: need not be sent")],
    by: By,
    reason: Reason,
    until: Until = None,
    at: At = None,
) -> None:
    """Grant an exception for one form: from its lock, or from sending it."""
    from biaogan.decide import exempt

    raise typer.Exit(exempt(dataset, reporter, period, kind, by, reason, until, read_time(at)))


@app.command()
def diff(number: Number, output: Format = "table") -> None:
    """Show how a submission differs from the one accepted last."""
    from biaogan.decide import show_diff

    raise typer.Exit(show_diff(number, read_format(output)))
