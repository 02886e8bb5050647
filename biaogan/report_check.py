"""Prints what a report says and whether it holds, and writes its marked-up copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.markup import escape
from rich.text import Text as Styled

from biaogan.messages import language, tell
from biaogan.screens import MOST_LINES, console, show_json, show_table
from warehouse.contracts.codes import Codes
from warehouse.contracts.load import load_expectations
from warehouse.contracts.model import Text
from warehouse.query.published import open_published, resolve_release
from warehouse.report.check import make_judge
from warehouse.report.documents.marked_docx import write_marked_docx
from warehouse.report.documents.marked_html import write_marked_html
from warehouse.report.documents.read import read_document
from warehouse.report.figures import Figures
from warehouse.report.model import STATUSES, CheckedText, Item
from warehouse.report.words import show_published
from warehouse.settings import load_settings

ENDINGS = frozenset({".html", ".htm", ".docx"})
_STYLES = {
    "agrees": "green",
    "agrees when rounded": "green",
    "explained by a later revision": "yellow",
    "contradicts": "red",
    "cannot be tied": "dim",
}
_URGENCY = (
    "contradicts",
    "explained by a later revision",
    "cannot be tied",
    "agrees when rounded",
    "agrees",
)
_NEAR = 12
"""Characters of the text that are shown before a number."""


def check_report(file: Path, as_of: date | None, targets: Sequence[Path], output: str) -> int:
    """Checks a report; 1 where a number contradicts the warehouse or the text itself."""
    if not file.is_file():
        console.print(tell("There is no file {path}.", path=file))
        return 2
    if any(target.resolve() == file.resolve() for target in targets):
        console.print(tell("The copy would overwrite the report itself: {path}", path=file))
        return 2
    settings = load_settings()
    document = read_document(file)
    codes = load_expectations(extra=settings.expectations_extra).codes
    connection = open_published(resolve_release(settings.pointer))
    try:
        checked = make_judge(Figures(connection, as_of), codes).check(document)
    finally:
        connection.close()
    for target in targets:
        _write_marked(checked, file, target, codes)
    if output == "json":
        show_json(checked.list_facts(language()))
    else:
        _show(checked, targets)
    wrong = any(item.status == "contradicts" for item in checked.items)
    return 1 if wrong or checked.remarks else 0


def _write_marked(checked: CheckedText, original: Path, target: Path, codes: Codes) -> None:
    if target.suffix.lower() == ".docx":
        write_marked_docx(checked, original, target)
    else:
        write_marked_html(checked, target, {item.code: item.name for item in codes.indicators})


def _show(checked: CheckedText, targets: Sequence[Path]) -> None:
    spoken = language()
    figures = [item for item in checked.items if item.status != "not a measure"]
    shown = _choose_shown(figures)
    rows = [_make_row(checked, item) for item in shown]
    columns = ("Line", "Text", "Verdict", "Warehouse", "Reason")
    title = f"{checked.document.name}  ·  {checked.release_label.of(spoken)}"
    show_table(escape(title), [tell(name) for name in columns], rows)
    if len(shown) < len(figures):
        left = len(figures) - len(shown)
        console.print(tell("{left} more are in the marked copy and the JSON.", left=left))
    if checked.remarks:
        _show_remarks(checked)
    counted = Counter(item.status for item in checked.items)
    told = [f"{tell(status)} {counted[status]}" for status in STATUSES if counted[status]]
    console.print(" · ".join(told) or tell("No number was found."))
    for target in targets:
        console.print(tell("Marked copy written: {path}", path=escape(str(target))))


def _choose_shown(figures: Sequence[Item]) -> list[Item]:
    """The numbers a screen has room for: all, or those that need a look first, by their place."""
    if len(figures) <= MOST_LINES:
        return list(figures)
    urgent = sorted(figures, key=lambda item: (_URGENCY.index(item.status), item.start))
    return sorted(urgent[:MOST_LINES], key=lambda item: item.start)


def _make_row(checked: CheckedText, item: Item) -> tuple[object, ...]:
    text = checked.document.text
    before = text[max(item.start - _NEAR, 0) : item.start].rpartition("\n")[2]
    shown = Styled(before, style="dim")
    shown.append(item.text.replace("\n", ""), style="bold not dim")
    value = _say(show_published(item))
    return (
        text.count("\n", 0, item.start) + 1,
        shown,
        Styled(tell(item.status), style=_STYLES[item.status]),
        value,
        _say(item.reason),
    )


def _show_remarks(checked: CheckedText) -> None:
    text = checked.document.text
    rows = [
        (text.count("\n", 0, remark.spans[0][0]) + 1, _say(remark.sentence), _say(remark.remedy))
        for remark in checked.remarks
    ]
    columns = [tell(name) for name in ("Line", "The text contradicts itself", "What to do")]
    show_table(tell("Consistency of the text"), columns, rows)


def _say(text: Text | None) -> str:
    return text.of(language()) if text else ""
