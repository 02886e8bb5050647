"""The command `biaogan`: exit 0 done, 1 findings or refused, 2 wrong use."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from biaogan import (
    evidence_commands,
    reconcile_commands,
    report_commands,
    steward_commands,
    why_commands,
)
from biaogan.messages import LANGUAGES, choose_language
from biaogan.options import At, Format, read_day, read_format, read_time

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="标杆 Biaogan: forms in, findings back, published series out.",
)


for commands in (
    why_commands,
    evidence_commands,
    reconcile_commands,
    report_commands,
    steward_commands,
):
    app.add_typer(commands.app)


@app.callback()
def _start(
    lang: Annotated[str | None, typer.Option(help="zh | en; else by the locale")] = None,
) -> None:
    if lang is not None and lang not in LANGUAGES:
        raise typer.BadParameter(f"--lang: {' | '.join(LANGUAGES)}")
    choose_language(lang)


@app.command()
def nightly(
    at: At = None,
    no_prefect: Annotated[bool, typer.Option("--no-prefect", help="without Prefect")] = False,
) -> None:
    """Run one night: pull, receive, check, load, build, publish."""
    from biaogan.run import run_nightly

    raise typer.Exit(run_nightly(read_time(at), with_prefect=not no_prefect))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="port of the Prefect server on loopback")] = 4200,
) -> None:
    """Keep a Prefect server and the 02:00 Asia/Shanghai schedule alive."""
    from biaogan.run import serve_nights

    raise typer.Exit(serve_nights(port))


@app.command()
def demo() -> None:
    """Lay the example submissions into the inbox, if it is empty."""
    from biaogan.run import lay_demo

    raise typer.Exit(lay_demo())


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="files to judge; nothing is stored")],
    output: Format = "table",
) -> None:
    """Judge files without storing anything."""
    from biaogan.look import check_files

    raise typer.Exit(check_files(files, read_format(output)))


@app.command()
def status(
    period: Annotated[str | None, typer.Option(help="such as 2020Q3; else the newest")] = None,
    output: Format = "table",
) -> None:
    """Show what every reporter owed and what became of it."""
    from biaogan.status import show_status

    raise typer.Exit(show_status(period, read_format(output)))


@app.command()
def template(
    dataset: Annotated[str, typer.Argument(help="such as standards")],
    reporter: Annotated[str | None, typer.Option(help="reporter code")] = None,
    period: Annotated[str | None, typer.Option(help="such as 2020Q3")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="file to write")] = None,
) -> None:
    """Write a blank form."""
    from biaogan.look import write_blank_form

    raise typer.Exit(write_blank_form(dataset, reporter, period, output))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="one SELECT over the published marts")],
    output: Annotated[
        str, typer.Option("--format", help="table | csv | json | parquet | xlsx")
    ] = "table",
    target: Annotated[Path | None, typer.Option("-o", "--output", help="file to write")] = None,
    seconds: Annotated[float, typer.Option(help="time limit")] = 60.0,
    limit: Annotated[int, typer.Option(help="most rows")] = 10_000,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="as was known on a day: 2020-10-27")
    ] = None,
    release: Annotated[int | None, typer.Option("--release", help="number of a release")] = None,
) -> None:
    """Query the published marts: no file access, no writes, memory and time limited."""
    from biaogan.look import run_analyst_query

    if as_of is not None and release is not None:
        raise typer.BadParameter("--as-of | --release")
    day = read_day(as_of)
    raise typer.Exit(run_analyst_query(sql, output, target, seconds, limit, day, release))


@app.command()
def rehearse(
    contract: Annotated[
        list[Path] | None,
        typer.Option("--contract", help="a changed contract; may be given again"),
    ] = None,
    pinned: Annotated[
        bool, typer.Option("--pinned", help="with the rules each file was judged with")
    ] = False,
    output: Format = "table",
) -> None:
    """Judge all history again, with changed contracts; nothing is stored."""
    from biaogan.rehearse import rehearse_rules

    raise typer.Exit(rehearse_rules(contract or [], read_format(output), pinned=pinned))


@app.command()
def dictionary(
    markdown: Annotated[bool, typer.Option("--markdown", help="as Markdown")] = False,
    target: Annotated[Path | None, typer.Option("-o", "--output", help="file to write")] = None,
) -> None:
    """Print every mart, column, unit and form."""
    from biaogan.look import print_dictionary

    raise typer.Exit(print_dictionary(markdown=markdown, target=target))


@app.command()
def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="also hash the whole archive")] = False,
    output: Format = "table",
) -> None:
    """Check versions, root, disk, lease, pointer and sources, and say what to do."""
    from biaogan.look import examine_root

    raise typer.Exit(examine_root(deep=deep, output=read_format(output)))


def _leave(number: int, frame: object) -> None:
    """Ends like a normal exit: the lease is given back and a private server is ended."""
    raise SystemExit(128 + number)


def main() -> None:
    """Runs the command; a fault a user can meet is one sentence, never a traceback."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        app()
    except Exception as error:
        from biaogan.faults import explain_fault

        sentence = explain_fault(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
