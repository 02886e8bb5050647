"""Tells what a number in a table is by the head of its row and of its column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from warehouse.report.model import Document, Kind
from warehouse.report.reading.amounts import COUNTERS, PERCENT, YUAN, Amount
from warehouse.report.reading.chinese_numerals import MAGNITUDES

Span = tuple[int, int]
_PARTED = re.compile(r"[｜|\t]|\u3000+| {2,}")
_UNIT = re.compile(
    r"(?:[（(]|单位[：:])\s*(?P<scale>[万亿千百]*)(?P<unit>"
    + "|".join(("%", "‰", YUAN, *sorted(COUNTERS, key=len, reverse=True)))
    + r")\s*(?:[）)]|$)"
)
_NAMED = re.compile(r"(?P<name>[^（）()、，及和]+)[（(][^（）()]{1,4}[）)]")
_CHANGE = re.compile(r"同比|环比|增幅|增速|增长|增减|升降")
_PLAN = re.compile(r"目标|计划|规划|任务")
_SCALES = {"百": 100, "千": 1000, **MAGNITUDES}


@dataclass(frozen=True)
class Cell:
    """A cell of a table, with what stands over it and before it.

    Attributes:
        label: where the head of its row stands; None without one.
        heading: where the head of its column stands; None without one.
        earlier: where the head of the column before stands, which a change goes on from.
        unit: where its row says the unit, in a column of its own.
    """

    start: int
    end: int
    label: Span | None = None
    heading: Span | None = None
    earlier: Span | None = None
    unit: Span | None = None

    def name(self, text: str) -> str:
        """The words of its heads."""
        return "".join(text[slice(*span)] for span in (self.heading, self.label) if span)

    def name_wider(self, text: str) -> str:
        """Those words, and of a change those of the column before."""
        name = self.name(text)
        is_change = self.earlier is not None and _CHANGE.search(name) is not None
        return text[slice(*self.earlier)] + name if is_change and self.earlier else name


def find_cells(document: Document, text: str) -> list[Cell]:
    """Finds every cell of every table, of those that are written as lines of text as well.

    Args:
        document: whose cell blocks know their place in a table.
        text: folded.
    """
    lines: list[tuple[int, list[Span]]] = []
    for block in document.blocks:
        if block.place is not None:
            table, row, _ = block.place
            lines.append((table * 100_000 + row, [(block.start, block.end)]))
        elif block.role == "paragraph":
            lines.append((-1, _split(text, block.start, block.end)))
        else:
            lines.append((-1, []))
    return sorted(
        (cell for table in _group(lines) for cell in _read_table(document, text, *table)),
        key=lambda cell: cell.start,
    )


def settle(amount: Amount, kind: Kind, cell: Cell, text: str) -> tuple[Amount, Kind]:
    """An amount in a cell with the unit and the kind its heads give it."""
    heads = [text[slice(*span)] for span in (cell.heading, cell.label) if span]
    heading = heads[0] if cell.heading else ""
    if amount.unit is None:
        words = [f"（{text[slice(*cell.unit)].strip()}）"] if cell.unit else []
        found = next(filter(None, (_UNIT.search(head) for head in (*words, *heads))), None)
        if found is not None:
            amount = _give_unit(amount, found)
            kind = "share" if amount.unit == PERCENT else "measure"
    if _PLAN.search(heading):
        return amount, "target"
    if amount.unit == PERCENT and any(_CHANGE.search(head) for head in heads):
        return amount, "growth"
    return amount, ("share" if amount.unit == PERCENT else "measure") if kind == "target" else kind


def _give_unit(amount: Amount, found: re.Match[str]) -> Amount:
    unit, factor = found["unit"], Decimal(1)
    for sign in found["scale"]:
        factor *= _SCALES[sign]
    return replace(
        amount, unit=PERCENT if unit == "%" else unit, value=amount.value * factor,
        step=amount.step * factor, room=amount.room * factor,
    )  # fmt: skip


def _split(text: str, start: int, end: int) -> list[Span]:
    """The cells of a line; none where it is no line of a table."""
    cells: list[Span] = []
    at = start
    for match in _PARTED.finditer(text, start, end):
        cells.append((at, match.start()))
        at = match.end()
    cells = [span for span in (*cells, (at, end)) if text[slice(*span)].strip()]
    return cells if len(cells) > 1 else []


def _group(lines: Sequence[tuple[int, list[Span]]]) -> Iterator[tuple[int, list[list[Span]]]]:
    """Tables: the place of their first block, and their rows of cells."""
    rows: list[tuple[int, int, list[Span]]] = []
    for key, found in groupby(
        enumerate(lines), key=lambda item: (item[1][0], item[1][0] < 0 and item[0])
    ):
        blocks = list(found)
        cells = [span for _, (_, spans) in blocks for span in spans]
        rows.append((blocks[0][0], key[0] // 100_000, cells))
    for _, table in groupby(rows, key=lambda row: (row[1], len(row[2]))):
        listed = list(table)
        if len(listed) > 1 and len(listed[0][2]) > 1:
            yield listed[0][0], [cells for _, _, cells in listed]


def _read_table(
    document: Document, text: str, first: int, rows: Sequence[Sequence[Span]]
) -> Iterator[Cell]:
    has_head = not any(_has_number(text, span) for span in rows[0])
    above = _read_title(document, text, first, len(rows[0]) - 1) if not has_head else []
    for row in rows[1:] if has_head else rows:
        label = row[0] if not _has_number(text, row[0]) else None
        heads = rows[0] if has_head else [None, *above] if above else [None] * len(row)
        units = [row[at] for at, head in enumerate(heads) if head and _is_unit_head(text, head)]
        for at, span in enumerate(row):
            earlier = heads[at - 1] if at > 1 else None
            yield Cell(
                *span, label if at else None, heads[at], earlier, units[0] if units else None
            )


def _is_unit_head(text: str, span: Span) -> bool:
    return text[slice(*span)].strip() in {"单位", "计量单位"}


def _read_title(document: Document, text: str, first: int, columns: int) -> list[Span]:
    """The heads of columns that stand in the line above: 注册量（件）及同比增幅（%）."""
    if first == 0:
        return []
    title = document.blocks[first - 1]
    names = [match.span() for match in _NAMED.finditer(text, title.start, title.end)]
    return names if len(names) == columns else []


def _has_number(text: str, span: Span) -> bool:
    """Whether a cell holds a number that is no year."""
    return re.search(r"\d(?!\d*年)", re.sub(r"\d{4}年?", "", text[slice(*span)])) is not None
