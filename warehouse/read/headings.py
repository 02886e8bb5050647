"""Finds the heading row of a form and ties each heading to a contract's column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.contracts.model import Contract
from warehouse.read.form import EXPLANATION
from warehouse.read.sheet import Sheet

HEAD_ROWS = 40
EXPLANATION_HEADINGS = frozenset({"说明", "备注", "情况说明", "原因说明"})
IGNORED_HEADINGS = frozenset({"序号", "编号", "行号"})
_UNIT_NOTE = re.compile(r"\((?P<note>[^()]*)\)$")
_MONEY_UNITS = frozenset({"元", "千元", "万元", "亿元"})

Row = tuple[int, list[str | None]]


@dataclass(frozen=True)
class Heading:
    """A heading row, one or two sheet rows high.

    Attributes:
        last_row: sheet row below which data may begin.
        columns: contract column (or `explanation`) by position.
        money_units: money unit by column, where the heading itself names one.
        unknown: headings that match nothing, with their position.
        repeated: headings that match a column already taken, with their position.
    """

    first_row: int
    last_row: int
    columns: dict[int, str]
    money_units: dict[str, str]
    unknown: dict[int, str]
    repeated: dict[int, str]


def fold_heading(text: str) -> str:
    """Folds a heading: width, blanks, line breaks and dashes do not tell headings apart."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*:、,]", "", folded).lower()


def known_headings(contract: Contract) -> dict[str, str]:
    """Folded heading to column name, with the bracketed unit left off as a second spelling."""
    known: dict[str, str] = {}
    for column in contract.column:
        for heading in (column.heading, *column.spellings):
            folded = fold_heading(heading)
            known[folded] = column.name
            known.setdefault(_UNIT_NOTE.sub("", folded), column.name)
    for heading in EXPLANATION_HEADINGS - known.keys():
        known[heading] = EXPLANATION
    return known


def head_of(sheet: Sheet) -> list[Row]:
    """The first rows that hold anything, with their row numbers."""
    head = sheet.cells.head(HEAD_ROWS)
    return [(row[0], list(row[1:])) for row in head.iter_rows()]


def find_heading(sheet: Sheet, contract: Contract) -> Heading | None:
    """The heading row with the most known headings; None where no row has at least half of the
    required ones."""
    known = known_headings(contract)
    head = head_of(sheet)
    best: Heading | None = None
    for index, (number, cells) in enumerate(head):
        candidates = [_tie(number, number, cells, [cells], known)]
        if index + 1 < len(head) and head[index + 1][0] == number + 1:
            upper = _spread_merged(sheet, number, cells)
            candidates.append(_tie(number, number + 1, cells, [upper, head[index + 1][1]], known))
        for heading in candidates:
            if best is None or _rank(heading) > _rank(best):
                best = heading
    required = [column for column in contract.column if column.required]
    if best is None or 2 * len(set(best.columns.values())) < len(required):
        return None
    return best


def _rank(heading: Heading) -> tuple[int, int, int]:
    """Most known headings, then fewest strange ones, then the lower height.

    Read as a two-row heading, the 填报单位 line and the heading below it match as many columns as
    the heading alone.
    """
    strange = len(heading.unknown) + len(heading.repeated)
    return len(heading.columns), -strange, heading.first_row - heading.last_row


def _spread_merged(sheet: Sheet, number: int, cells: list[str | None]) -> list[str | None]:
    """Copies a merged heading over the columns it spans; only its first cell holds the text."""
    spread = list(cells)
    for first_row, first_column, last_row, last_column in sheet.merged:
        if first_row <= number <= last_row and first_column < len(cells):
            for column in range(first_column, min(last_column + 1, len(cells))):
                spread[column] = cells[first_column]
    return spread


def _tie(
    first: int,
    last: int,
    top: Sequence[str | None],
    rows: Sequence[Sequence[str | None]],
    known: dict[str, str],
) -> Heading:
    heading = Heading(first, last, {}, {}, {}, {})
    for position in range(len(top)):
        texts = [row[position] for row in rows]
        written = [fold_heading(text) for text in texts if text]
        if not written:
            continue
        joined = "".join(dict.fromkeys(written))
        column, matched = _match((joined, *reversed(written)), known)
        if column is None:
            if joined not in IGNORED_HEADINGS:
                heading.unknown[position] = " ".join(text.strip() for text in texts if text)
        elif column in heading.columns.values():
            heading.repeated[position] = " ".join(text.strip() for text in texts if text)
        else:
            heading.columns[position] = column
            note = _UNIT_NOTE.search(matched)
            if note and note["note"] in _MONEY_UNITS:
                heading.money_units[column] = note["note"]
    return heading


def _match(spellings: Sequence[str], known: dict[str, str]) -> tuple[str | None, str]:
    for spelling in spellings:
        for text in (spelling, _UNIT_NOTE.sub("", spelling)):
            if text in known:
                return known[text], spelling
    return None, ""
