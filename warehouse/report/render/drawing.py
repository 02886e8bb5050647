"""Pictures of series over their periods: which lines, and what a template asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from warehouse.contracts.model import Text
from warehouse.report.figures import Figure
from warehouse.report.render.failure import Misasked
from warehouse.report.render.lookup import BASES, Asked, Lookup, Refusal

if TYPE_CHECKING:
    from warehouse.report.render.press import Press

MOST_LINES = 6
_BASIS_NAMES = {"reported": "上报", "counted": "计数"}


@dataclass(frozen=True)
class Line:
    """One series of a picture.

    Attributes:
        figures: complete and with a value, in the order of their periods; at least one.
        left_out: periods whose figure is incomplete: it would show a fall that is none.
    """

    name: str
    figures: Sequence[Figure]
    left_out: Sequence[str] = ()


@dataclass(frozen=True)
class Drawing:
    """What a template gets for `chart(…)`; printing it leaves a mark.

    Attributes:
        asked: the indicators or series, with the place; at least one.
        lines: none where no figure is known.
    """

    title: str
    asked: Sequence[Asked]
    lines: Sequence[Line]
    press: Press = field(repr=False, compare=False)

    def __str__(self) -> str:
        """The mark that stands for it until the report is written."""
        return self.press.take(self)

    @property
    def name_zh(self) -> str:
        """What its footnote begins with."""
        return self.title

    @property
    def points(self) -> list[Figure]:
        """Every figure in it."""
        return [figure for line in self.lines for figure in line.figures]

    @property
    def refused(self) -> Refusal | None:
        """Why there is nothing to draw; None where there is."""
        if self.lines:
            return None
        release = self.asked[0].code
        return Refusal(
            "未发布",
            Text(
                zh=f"本次发布中 {release} 没有可以画的数",
                en=f"the release has no figure of {release} to draw",
            ),
        )


def choose_lines(lookup: Lookup, asked: Sequence[Asked]) -> list[Line]:
    """The lines of a picture, all of one unit and of one type of period.

    Of one indicator what is reported and what is counted are two lines: they are never joined. Of
    several each has one line, the basis with more figures, so that it can be told from the others.

    Raises:
        Misasked: the series are in different units.
    """
    found = [
        (item, line)
        for item in asked
        for basis in BASES
        if (line := _read_line(lookup, item, basis)).figures
    ]
    if len(asked) > 1:
        found = [_choose_longest(found, item) for item in asked if any(e[0] is item for e in found)]
    types = [line.figures[-1].period_type for _, line in found]
    lines = [line for (_, line), kind in zip(found, types, strict=True) if kind == types[0]]
    units = {_merge_unit(line.figures[-1].unit) for line in lines}
    if len(units) > 1:
        names = "、".join(sorted(units))
        raise Misasked(
            f"一张图只能有一种单位，这里有 {names}", f"a chart has one unit, here are {names}"
        )
    if len(asked) > 1 or len(lines) == 1:
        return lines
    return [
        replace(line, name=f"{line.name}（{_BASIS_NAMES[line.figures[0].basis]}）")
        for line in lines
    ]


def _choose_longest(found: Sequence[tuple[Asked, Line]], asked: Asked) -> tuple[Asked, Line]:
    lines = [entry for entry in found if entry[0] is asked]
    return max(lines, key=lambda entry: len(entry[1].figures))


def _read_line(lookup: Lookup, asked: Asked, basis: str) -> Line:
    """The figures of the type of period that has most of them, up to the report's period."""
    known = [
        item
        for item in lookup.list_known(asked.code, asked.unit.code)
        if item.basis == basis and asked.basis in {None, basis}
    ]
    types = [item.period_type for item in known]
    kept = max(sorted(set(types)), key=types.count, default="")
    shown = [
        item
        for item in sorted(known, key=lambda item: item.period)
        if item.period_type == kept
        and (kept != asked.period.period_type or item.period <= str(asked.period))
    ]
    return Line(
        asked.name.zh,
        [item for item in shown if item.is_complete],
        [item.period for item in shown if not item.is_complete],
    )


def _merge_unit(unit: str) -> str:
    """A register counts 个 where departments report 家: one axis holds both."""
    return "个" if unit in {"个", "家", "项", "件", "种", "户"} else unit
