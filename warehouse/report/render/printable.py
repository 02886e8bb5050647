"""A figure on its way into the text: what is to be printed of it, or why it may not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse.contracts.model import Text
from warehouse.report.figures import Figure
from warehouse.report.render.amounts import PLAIN, RANK, Shown, Style, write_amount
from warehouse.report.render.lookup import Asked, Refusal
from warehouse.report.render.model import PrintedKind

if TYPE_CHECKING:
    from warehouse.report.render.press import Press


@dataclass(frozen=True)
class Computed:
    """What a filter computed from a figure.

    Attributes:
        text: as printed.
        value: the number in it, in `unit`.
        against: the figure it was computed with.
    """

    kind: PrintedKind
    text: str
    value: Decimal
    unit: str
    against: Figure | None


@dataclass(frozen=True)
class Printable:
    """What a template gets for `figure(…)`; filters change a copy, printing it leaves a mark.

    Attributes:
        figure: None where there is none.
        refusal: why nothing may be printed, coverage aside.
        allows_incomplete: whether coverage may be incomplete; it is then printed with the figure.
        computed: None where the figure itself is printed.
    """

    asked: Asked
    press: Press = field(repr=False, compare=False)
    figure: Figure | None = None
    refusal: Refusal | None = None
    style: Style = PLAIN
    allows_incomplete: bool = False
    computed: Computed | None = None

    def __str__(self) -> str:
        """The mark that stands for it until the report is written."""
        return self.press.take(self)

    @property
    def name_zh(self) -> str:
        """What its footnote begins with."""
        return self.asked.name.zh

    @property
    def refused(self) -> Refusal | None:
        """Why it may not be printed; None where it may."""
        if self.refusal or self.figure is None:
            return self.refusal
        against = self.computed.against if self.computed else None
        for figure in (self.figure, against):
            if figure and not figure.is_complete and not self.allows_incomplete:
                return _refuse_incomplete(figure)
        return None

    def write(self) -> Shown:
        """What is printed of it, or the mark of a refused one: 〔未发布：减免各项费用额〕."""
        refused = self.refused
        if refused or self.figure is None or self.figure.value is None:
            word = refused.word if refused else "未发布"
            return Shown(f"〔{word}：{self.asked.name.zh}〕")
        if self.computed:
            shown = Shown(self.computed.text)
        else:
            style = self.style
            if self.figure.unit == RANK and style == PLAIN:
                style = Style(is_rank=True)
            shown = write_amount(self.figure.value, self.figure.unit, self.figure.qualifier, style)
        if self.figure.is_complete:
            return shown
        coverage = say_coverage(self.figure)
        return Shown(f"{shown.text}（{coverage.zh}）", shown.is_rounded)


def say_coverage(figure: Figure) -> Text:
    """How many forms a figure should be made from, and how many are in it."""
    expected, included = figure.expected_submissions, figure.included_submissions
    return Text(
        zh=f"应报{expected}份，已计入{included}份", en=f"{included} of {expected} forms are in it"
    )


def _refuse_incomplete(figure: Figure) -> Refusal:
    coverage = say_coverage(figure)
    reason = Text(
        zh=f"{figure.period} 还没有报齐：{coverage.zh}；要照此印出，请加 | incomplete",
        en=f"{figure.period} is incomplete: {coverage.en}; to print it with its coverage, "
        "add | incomplete",
    )
    return Refusal("未报齐", reason)
