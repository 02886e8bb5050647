"""Writes a checked text as one page that needs nothing beside it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.contracts.model import Text
from warehouse.report.documents.failure import tell_unwritten
from warehouse.report.documents.marked_text import MarkedText
from warehouse.report.documents.status_signs import (
    SIGNS,
    StatusSign,
    write_amount,
    write_release,
    write_standing,
)
from warehouse.report.model import CheckedText, Item
from warehouse.site.page import PACKAGE, show
from warehouse.whole_file import put_whole

_HERE = Path(__file__).parent
_AROUND = 16


@dataclass(frozen=True)
class _Row:
    """A number as the page lists it.

    Attributes:
        place: among all numbers, counted from 0.
        is_anchored: whether it is marked in the text, so that a link leads there.
        before: what stands before it in its block; `after` what follows.
        tied: name of what it was tied to.
    """

    place: int
    item: Item
    sign: StatusSign
    is_anchored: bool
    before: str
    after: str
    tied: Text | None


def write_marked_html(
    checked: CheckedText, target: Path, names: Mapping[str, Text] | None = None
) -> None:
    """Writes the page, whole or not at all.

    Args:
        checked: the text and what was found in it.
        target: the file to write; one that is there is replaced.
        names: what indicators are called, by their codes; a code without one stands for itself.

    Raises:
        DocumentUnwritten: the file cannot be written.
    """
    html = render_marked_html(checked, names or {})
    try:
        put_whole(target, html.encode(errors="replace"))
    except OSError as error:
        raise tell_unwritten(target, error) from error


def render_marked_html(checked: CheckedText, names: Mapping[str, Text]) -> str:
    """The page: summary, what to look at first, the text marked, and the list of all numbers."""
    marked = MarkedText(checked)
    rows = [_make_row(checked, marked, place, names) for place in range(len(marked.items))]
    counts = Counter(row.item.status for row in rows)
    style, script = (_read_assets(suffix) for suffix in ("css", "js"))
    facts: dict[str, Any] = {
        "checked": checked,
        "standing": write_standing(checked),
        "article": marked.html,
        "rows": rows,
        "wrong": [row for row in rows if row.item.status == "contradicts"],
        "counts": [(sign, counts[status]) for status, sign in SIGNS.items()],
        "remarks": [_make_remark(checked, number) for number in range(len(checked.remarks))],
        "style": Markup(style),  # noqa: S704
        "script": Markup(script),  # noqa: S704
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    return _open_templates().get_template("marked.html").render(facts)


def _make_row(
    checked: CheckedText, marked: MarkedText, place: int, names: Mapping[str, Text]
) -> _Row:
    item = marked.items[place]
    code = item.indicator_code
    return _Row(
        place=place,
        item=item,
        sign=SIGNS[item.status],
        is_anchored=place in marked.anchored,
        before=_quote_before(checked.document.text, item.start),
        after=_quote_after(checked.document.text, item.end),
        tied=(names.get(code) or Text(zh=code, en=code)) if code else None,
    )


def _quote_before(text: str, end: int) -> str:
    """What stands before a number on its line, as far as it helps to find it."""
    line = text[max(end - _AROUND, 0) : end].replace("\r", "\n").rpartition("\n")[2].lstrip()
    return f"…{line}" if len(line) == _AROUND else line


def _quote_after(text: str, start: int) -> str:
    line = text[start : start + _AROUND].replace("\r", "\n").partition("\n")[0].rstrip()
    return f"{line}…" if len(line) == _AROUND else line


def _make_remark(checked: CheckedText, number: int) -> dict[str, Any]:
    remark = checked.remarks[number]
    text = checked.document.text
    quotes = [
        _quote_before(text, start) + " ".join(text[start:end].split()) + _quote_after(text, end)
        for start, end in remark.spans
        if text[start:end].strip()
    ]
    return {"number": number + 1, "remark": remark, "quotes": quotes}


@cache
def _read_assets(suffix: str) -> str:
    """The site's style or script, and what this page adds to it."""
    files = (PACKAGE / "assets" / f"site.{suffix}", _HERE / "assets" / f"marked.{suffix}")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def _open_templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=show,
    )
    templates.globals |= {"both": _say, "write_amount": write_amount}
    templates.globals["write_release"] = write_release
    return templates


def _say(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)
