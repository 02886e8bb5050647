"""How evidence reads: the variables of its templates, made of an evidence document alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from warehouse.contracts.model import Text
from warehouse.site.releases import CAUSES
from warehouse.site.subjects import STATUSES
from warehouse.site.text import say

Document = dict[str, Any]
"""As `warehouse.evidence.model.Evidence.document` gives it."""


def fill(document: Document) -> dict[str, Any]:
    """The variables of the templates `evidence.html` and `evidence_alone.html`."""
    return {
        "e": document,
        "both": _both,
        "clock": _clock,
        "number": write_thousands,
        "CAUSES": CAUSES,
        "STATUSES": STATUSES,
        "RULES": word_rules(),
        "rule": find_rule(document),
        "rows_of": lambda dataset: _list_rows(document, dataset),
        "has_links": False,
        "file_name": name_file(document),
        "block": Markup(embed(document)),  # noqa: S704
        "is_synthetic": document["is_synthetic"],
    }


def embed(document: Document) -> str:
    """The document as JSON that may stand in a page: no text in it can end the block."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def find_rule(document: Mapping[str, Any]) -> str:
    """Which rule of `warehouse.evidence.contributions` makes the figure of its rows."""
    if document["figure"]["basis"] == "reported":
        return "reported"
    rows = document["rows"]
    if rows and rows[0]["thing"] is None:
        return "sum"
    return "chosen" if rows and rows[0]["amount"] is not None else "count"


def word_rules() -> dict[str, Text]:
    """The rules in a sentence each."""
    return {
        "reported": say("The figure is the one cell in which the department reports it."),
        "sum": say("The amounts of the rows are added up."),
        "count": say("Distinct things are counted: one that stands in several rows counts once."),
        "chosen": say(
            "Each thing counts once, with the amount of the row that takes precedence, and these "
            "are added up."
        ),
    }


def write_thousands(value: str | None) -> str:
    """A number as a page shows it: `1,213`."""
    if value is None:
        return ""
    whole, dot, part = value.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{part}"


def name_file(document: Mapping[str, Any]) -> str:
    """The name of an evidence file where none was asked for: what it is evidence of."""
    figure = document["figure"]
    names = (figure["series_code"], figure["period"], figure["reporting_unit_code"])
    return f"{slug('-'.join(names))}-r{document['release']['release_id']}.html"


def slug(text: str) -> str:
    """A text as a file name: what a file system or a shell might take amiss becomes a dash."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-")


def _list_rows(document: Document, dataset: str) -> list[dict[str, Any]]:
    """The rows of one dataset with `file ▸ sheet!cell`, and cells with what each says."""
    files = {item["submission_id"]: item for item in document["submissions"]}
    return [
        {
            "place": write_place(files[row["submission_id"]]["file_name"], row),
            "adds": row["adds"],
            "cells": [_show_cell(*cell) for cell in row["cells"]],
        }
        for row in document["rows"]
        if files[row["submission_id"]]["dataset"] == dataset
    ]


def write_place(file_name: str | None, row: Mapping[str, Any]) -> str:
    """`file ▸ sheet!cell`, of what is counted or added up; the row where no cell can be read."""
    sheet = f"{row['sheet']}!" if row["sheet"] else ""
    return f"{file_name or '?'} ▸ {sheet}{row['cell'] or row['row']}"


def _show_cell(address: str | None, read: str | None, *meant: str | None) -> dict[str, str]:
    """A cell: what it was taken to mean, and what is written there where that is another text."""
    value = meant[0] if meant else read
    written = read if meant and read is not None else ""
    return {"address": address or "", "value": value or "", "written": written or ""}


def _both(text: Mapping[str, str]) -> Text:
    return Text(zh=text["zh"], en=text["en"])


def _clock(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
