"""The commands `report render` and `report check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biaogan.messages import tell
from biaogan.options import Format, read_day, read_format

app = typer.Typer()
report = typer.Typer(
    no_args_is_help=True, help="Write a report from the figures, or check one that was written."
)
app.add_typer(report, name="report")
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="as was known on a day: 2020-10-27; else the newest")
]


@report.command()
def render(
    template: Annotated[str, typer.Argument(help="a file, or a shipped one: quality_and_brand")],
    period: Annotated[str, typer.Option(help="such as 2020Q3")],
    target: Annotated[Path, typer.Option("-o", "--output", help="out.docx | out.html | out.md")],
    as_of: AsOf = None,
) -> None:
    """Write a report whose every number is a published figure; 1 where one is refused."""
    from biaogan.report_render import write_report
    from warehouse.periods import Period

    try:
        parsed = Period.parse(period)
    except ValueError as error:
        said = tell("not a period: {text}; write 2020, 2020Q3 or 2020-09", text=period)
        raise typer.BadParameter(said) from error
    raise typer.Exit(write_report(template, parsed, read_day(as_of), target))


@report.command()
def check(
    file: Annotated[Path, typer.Argument(help="a report: txt, md, docx, html or pdf")],
    as_of: AsOf = None,
    targets: Annotated[
        list[Path] | None,
        typer.Option("-o", "--output", help="marked-up copy: .html or .docx; may be given again"),
    ] = None,
    output: Format = "table",
) -> None:
    """Say of every number of a report whether it holds; 1 where one does not."""
    from biaogan.report_check import ENDINGS, check_report

    for target in targets or ():
        if target.suffix.lower() not in ENDINGS:
            raise typer.BadParameter("-o: .html | .docx")
    raise typer.Exit(check_report(file, read_day(as_of), targets or [], read_format(output)))
