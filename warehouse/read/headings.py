"""Finds the heading row of a form and ties each heading to a contract's column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from warehouse.contracts.model import Column, Contract
from warehouse.read.form import EXPLANATION
from warehouse.read.sheet import Sheet

HEAD_ROWS = 40
ALIKE = 70
"""Likeness, of 100, from which a heading is taken to be a misspelt one."""
EXPLANATION_HEADINGS = frozenset({"说明", "备注", "情况说明", "原因说明"})
IGNORED_HEADINGS = frozenset({"序号", "编号", "行号"})
_NOTE = re.compile(r"\((?P<note>[^()]*)\)$")
_MONEY_UNITS = frozenset({"元", "千元", "万元", "亿元"})
_UNITS = _MONEY_UNITS | {"%", "家", "家次", "项", "件", "个", "种", "位", "人", "批", "户"}
_HINT = re.compile(r"必填|选填|可选|全称|文本|\d+位|.*(?:年.*月.*日|yyyy.*mm.*dd).*")

Row = tuple[int, list[str | None]]
Texts = Sequence[str | None]


def compared_columns(contract: Contract) -> list[Column]:
    """The columns that say something: a running number changes with every row put in between."""
    return [column for column in contract.column if column.heading not in IGNORED_HEADINGS]


@dataclass(frozen=True)
class Heading:
    """A heading, one or two sheet rows high.

    Attributes:
        last_row: sheet row below which data may begin.
        columns: contract column (or `explanation`) by position.
        money_units: money unit by column, where the heading itself names one.
        unknown: headings that match nothing, with their position.
        repeated: headings that match a column already taken, with their position.
        rows: the sheet row in which the heading of a position stands.
    """

    first_row: int
    last_row: int
    columns: dict[int, str] = field(default_factory=dict)
    money_units: dict[str, str] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    repeated: dict[int, str] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)


@lru_cache(maxsize=65_536)
def fold_heading(text: str) -> str:
    """Folds a heading: width, blanks, line breaks and dashes do not tell headings apart."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*:、,]", "", folded).lower()


def known_headings(contract: Contract) -> dict[str, str]:
    """Folded heading to column name, with a bracketed note left off as a second spelling."""
    known: dict[str, str] = {}
    for column in contract.column:
        for heading in (column.heading, *column.spellings):
            folded = fold_heading(heading)
            known[folded] = column.name
            known.setdefault(_NOTE.sub("", folded), column.name)
    for heading in EXPLANATION_HEADINGS - known.keys():
        known[heading] = EXPLANATION
    return known


def explaining_columns(contract: Contract) -> list[str]:
    """The contract's own columns whose heading is that of an explanation, such as 说明."""
    return [
        column.name
        for column in contract.column
        if not EXPLANATION_HEADINGS.isdisjoint(
            fold_heading(text) for text in (column.heading, *column.spellings)
        )
    ]


def match_misspelt(unknown: dict[int, str], absent: Sequence[Column]) -> dict[int, Column]:
    """By position the absent column an unknown heading means: 企业名 is 企业名称."""
    meant: dict[int, Column] = {}
    for column in absent:
        likeness = {
            place: max(
                fuzz.ratio(fold_heading(text), fold_heading(heading))
                for heading in (column.heading, *column.spellings)
            )
            for place, text in unknown.items()
            if place not in meant
        }
        place = max(likeness, key=lambda place: likeness[place], default=None)
        if place is not None and likeness[place] >= ALIKE:
            meant[place] = column
    return meant


def head_of(sheet: Sheet) -> list[Row]:
    """The first rows that hold anything, with their row numbers."""
    head = sheet.cells.head(HEAD_ROWS)
    return [(row[0], list(row[1:])) for row in head.iter_rows()]


def find_heading(sheet: Sheet, contract: Contract) -> Heading | None:
    """The heading with the most known headings.

    None where it has fewer than half as many columns as are required.
    """
    known = known_headings(contract)
    head = head_of(sheet)
    hopeful = [_holds_heading(cells, known) for _, cells in head]
    best: Heading | None = None
    for index, (number, cells) in enumerate(head):
        candidates: list[Heading | None] = []
        if hopeful[index]:
            candidates.append(_read_row(sheet, number, cells, known))
        if any(hopeful[index : index + 2]) and head[index + 1 : index + 2]:
            number_below, below = head[index + 1]
            if number_below == number + 1:
                candidates.append(_read_two_rows(sheet, number, cells, below, known))
        for heading in candidates:
            if heading and (best is None or _rank(heading) > _rank(best)):
                best = heading
    required = [column for column in contract.column if column.required]
    if best is None or 2 * len(set(best.columns.values())) < len(required):
        return None
    return best


def _holds_heading(cells: Texts, known: dict[str, str]) -> bool:
    """Whether a row may be part of a heading; in most rows no cell is one, and they cost least."""
    folded = [fold_heading(text) for text in cells if text]
    return any(text in known or _NOTE.sub("", text) in known for text in folded)


def _rank(heading: Heading) -> tuple[int, int, int, int]:
    """Most known headings, fewest strange ones, most units of money, the lower height."""
    strange = len(heading.unknown) + len(heading.repeated)
    height = heading.last_row - heading.first_row
    return len(heading.columns), -strange, len(heading.money_units), -height


def _read_row(sheet: Sheet, number: int, cells: Texts, known: dict[str, str]) -> Heading:
    """A heading in one row; its cells may be merged with those below."""
    texts = {place: [text] for place, text in enumerate(cells) if text}
    bottom = max(
        (last_row for top, left, last_row, _ in sheet.merged if top == number and left in texts),
        default=number,
    )
    heading = Heading(number, bottom)
    for place, written in texts.items():
        heading.rows[place] = number
        _tie(heading, place, written, [fold_heading(written[0])], known)
    return heading


def _read_two_rows(
    sheet: Sheet, number: int, upper: Texts, lower: Texts, known: dict[str, str]
) -> Heading | None:
    """A heading in two rows: groups such as 申请量 over 完成值 and 同比.

    None where the upper row is no part of a heading but a line or a row of values: over a heading
    that says all by itself only the name of a group may stand, and a group has several columns.
    """
    heading = Heading(number, number + 1)
    spread = _spread_merged(sheet, number, upper)
    for place in range(len(spread)):
        above, below = spread[place], lower[place]
        if below is None:
            if upper[place] is None:
                continue
            spellings = [fold_heading(upper[place] or "")]
        else:
            group = fold_heading(above or _group_left_of(spread, lower, place) or "")
            part = fold_heading(below)
            if part.strip("()") in _UNITS:
                spellings = [f"{group}({part.strip('()')})", part]
            elif above and group + part not in known and not _is_group(spread, place):
                return None
            else:
                spellings = [group + part, part]
        heading.rows[place] = number if below is None else number + 1
        _tie(heading, place, [text for text in (above, below) if text], spellings, known)
    return heading


def _is_group(spread: Texts, place: int) -> bool:
    neighbours = [spread[at] for at in (place - 1, place + 1) if 0 <= at < len(spread)]
    return spread[place] in neighbours or (place + 1 < len(spread) and spread[place + 1] is None)


def _group_left_of(spread: Texts, lower: Texts, place: int) -> str | None:
    """The group a column belongs to where merging was lost, as in CSV: the last one to its left."""
    while place > 0 and spread[place] is None and lower[place] is not None:
        place -= 1
    return spread[place] if lower[place] is not None else None


def _spread_merged(sheet: Sheet, number: int, cells: Texts) -> list[str | None]:
    """Copies a merged heading over the columns it spans; only its first cell holds the text."""
    spread = list(cells)
    for first_row, first_column, last_row, last_column in sheet.merged:
        if first_row <= number <= last_row and first_column < len(cells):
            for column in range(first_column, min(last_column + 1, len(cells))):
                spread[column] = cells[first_column]
    return spread


def _tie(
    heading: Heading,
    place: int,
    texts: Sequence[str],
    spellings: Sequence[str],
    known: dict[str, str],
) -> None:
    """Ties the heading at one position to the column it names."""
    column, unit = _match(spellings, known)
    shown = " ".join(text.strip() for text in dict.fromkeys(texts))
    if column is None:
        if spellings[0] not in IGNORED_HEADINGS:
            heading.unknown[place] = shown
    elif column in heading.columns.values():
        heading.repeated[place] = shown
    else:
        heading.columns[place] = column
        if unit:
            heading.money_units[column] = unit


def _match(spellings: Sequence[str], known: dict[str, str]) -> tuple[str | None, str | None]:
    """The column and the unit of money a heading names.

    A bracketed note is left off only where it is a unit or a hint on filling in: 金额(累计) and
    金额(百万元) are other things than 金额.
    """
    for spelling in spellings:
        note = _NOTE.search(spelling)
        said = note["note"].removeprefix("单位") if note else ""
        unit = said if said in _MONEY_UNITS else None
        if spelling in known:
            return known[spelling], unit
        bare = _NOTE.sub("", spelling)
        if note and bare in known and (said in _UNITS or _HINT.fullmatch(said)):
            return known[bare], unit
    return None, None
