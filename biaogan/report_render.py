"""Writes a report and prints what was refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.markup import escape

from biaogan.messages import language, tell
from biaogan.screens import console, show_table
from warehouse.contracts.load import DEFAULT_EXPECTATIONS, load_expectations
from warehouse.periods import Period
from warehouse.query.published import open_published, resolve_release
from warehouse.report.figures import Figures
from warehouse.report.render import Rendered, render_report
from warehouse.settings import load_settings

TEMPLATES = DEFAULT_EXPECTATIONS / "reports"


def write_report(template: str, period: Period, as_of: date | None, target: Path) -> int:
    """Writes a report; 1 where a figure was refused, which then stands in it as a mark."""
    path = find_template(template)
    if path is None:
        known = ", ".join(sorted(item.stem for item in TEMPLATES.glob("*.md")))
        console.print(
            tell("There is no template {name}; shipped are: {known}", name=template, known=known)
        )
        return 2
    settings = load_settings()
    expectations = load_expectations(extra=settings.expectations_extra)
    connection = open_published(resolve_release(settings.pointer))
    try:
        rendered = render_report(path, Figures(connection, as_of), expectations, period, target)
    finally:
        connection.close()
    _show(rendered)
    return 1 if rendered.refused else 0


def find_template(name: str) -> Path | None:
    """A template by its path, or a shipped one by its name; None where there is none."""
    for path in (Path(name), TEMPLATES / name, TEMPLATES / f"{name}.md"):
        if path.is_file():
            return path
    return None


def _show(rendered: Rendered) -> None:
    spoken = language()
    for path in rendered.files:
        console.print(tell("Report written: {path}", path=escape(str(path))))
    console.print(
        tell(
            "Figures printed: {count}, from {release}",
            count=len(rendered.bound),
            release=rendered.release.label.of(spoken),
        )
    )
    if rendered.refused:
        rows = [
            (item.name.of(spoken), item.code, item.period, item.reason.of(spoken))
            for item in rendered.refused
        ]
        columns = [tell(name) for name in ("Refused", "Code", "Period", "Reason")]
        show_table(tell("Figures that were refused"), columns, rows)
    for loose in rendered.loose:
        console.print(
            tell("Line {line}: no figure stands behind “{text}”", line=loose.line, text=loose.text)
        )
