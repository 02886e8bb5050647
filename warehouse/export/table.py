"""Shows an answer as a table of fixed-width characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl
from rich.cells import cell_len, chop_cells

from warehouse.export.values import show_value

WIDEST = 1_000_000
NARROWEST_COLUMN = 4
_GAP = "  "
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def render_table(frame: pl.DataFrame, width: int = WIDEST) -> str:
    """A table for a fixed-width screen, on which a Chinese character takes two places.

    What does not fit is folded into further lines, never cut; control characters, which could
    steer a terminal, are shown as blanks. A query plan is shown as it is.

    rich's own tables look alike and need 10 s for 10,000 rows of 18 columns, measured.
    """
    if frame.columns == ["explain_key", "explain_value"]:
        return "".join(
            f"{_visible(line)}\n"
            for text in frame["explain_value"]
            for line in text.rstrip("\n").split("\n")
        )
    heading = [_visible(name) for name in frame.columns]
    rows = [[_visible(show_value(value)) for value in row] for row in frame.iter_rows()]
    natural = [max(map(cell_len, column)) for column in zip(heading, *rows, strict=True)]
    widths = _fit(natural, width)
    numeric = [kind.is_numeric() for kind in frame.dtypes]
    lines = [
        *_lay_out(heading, widths, numeric),
        _GAP.join("─" * width for width in widths),
        *(line for row in rows for line in _lay_out(row, widths, numeric)),
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _fit(natural: Sequence[int], width: int) -> list[int]:
    """Caps the widest columns so that a line fits, as far as it can."""
    room = width - len(_GAP) * (len(natural) - 1)
    cap = max(natural, default=0)
    while cap > NARROWEST_COLUMN and sum(min(size, cap) for size in natural) > room:
        cap -= 1
    return [min(size, cap) for size in natural]


def _lay_out(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    """The lines of one row: as many as its longest cell needs."""
    folded = [
        chop_cells(text, width) if cell_len(text) > width else [text]
        for text, width in zip(row, widths, strict=True)
    ]
    height = max(map(len, folded), default=0)
    return [
        _GAP.join(
            _pad(parts[line] if line < len(parts) else "", width, to_right=to_right)
            for parts, width, to_right in zip(folded, widths, numeric, strict=True)
        )
        for line in range(height)
    ]


def _pad(text: str, width: int, *, to_right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if to_right else text + blanks


def _visible(text: str) -> str:
    return _UNSHOWABLE.sub(" ", text)
