"""Shows an answer as a table of fixed-width characters."""

from __future__ import annotations

import io
import re
from typing import Literal

import polars as pl
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Shown

from warehouse.export.values import show_value

WIDEST = 10_000
_UNSHOWABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def render_table(frame: pl.DataFrame, width: int = WIDEST) -> str:
    """A table for a fixed-width screen, on which a Chinese character takes two places.

    What does not fit is folded into further lines, never cut; control characters, which could
    steer a terminal, are shown as blanks. A query plan is shown as it is.
    """
    if frame.columns == ["explain_key", "explain_value"]:
        return "".join(f"{_visible(text)}\n" for text in frame["explain_value"])
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, kind in frame.schema.items():
        justify: Literal["left", "right"] = "right" if kind.is_numeric() else "left"
        table.add_column(Shown(_visible(name)), justify=justify, overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(Shown(_visible(show_value(value))) for value in row))
    written = io.StringIO()
    Console(file=written, width=width, color_system=None, legacy_windows=False).print(table)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"


def _visible(text: str) -> str:
    return _UNSHOWABLE.sub(" ", text)
