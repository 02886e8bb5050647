"""The footnote of a printed number: what it is, where it comes from, and what proves it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.periods import Period
from warehouse.report.figures import Figure, Figures
from warehouse.report.render.amounts import write_plain
from warehouse.report.render.drawing import Drawing
from warehouse.report.render.printable import Printable, say_coverage
from warehouse.site.text import say

_BASES = {"reported": "部门上报数", "counted": "按名录计数"}


@dataclass(frozen=True)
class Note:
    """A footnote.

    Attributes:
        sentence: what it says, with its stop.
        commands: what shows the evidence, one a figure.
    """

    sentence: str
    commands: Sequence[str] = ()


def write_note(entry: Printable | Drawing, figures: Figures, city: str) -> Note:
    """Writes the footnote of what is printed, refused or drawn.

    Args:
        entry: what stands in the text.
        figures: the release it was read in.
        city: code of the city as a whole, which a command need not name.
    """
    refused = entry.refused
    if refused:
        return Note(f"{entry.name_zh}：{refused.reason.zh.rstrip('。')}。")
    if isinstance(entry, Drawing):
        return _write_drawn(entry, figures, city)
    figure = entry.figure
    if figure is None:
        return Note(f"{entry.name_zh}。")
    said = [_describe(entry, figure, figures)]
    shown = [figure]
    if entry.computed and entry.computed.against:
        against = entry.computed.against
        shown.append(against)
        said.append(f"与之相比的是{_describe_other(figure, against)}")
    commands = [_write_command(item, figures, city) for item in shown]
    return Note("。".join(said) + "。", commands)


def _describe(entry: Printable, figure: Figure, figures: Figures) -> str:
    parts = [
        f"{entry.name_zh}：{Period.parse(figure.period).title_zh}，{figure.reporting_unit}",
        f"{_BASES.get(figure.basis, figure.basis)}（{_say_status(figure)}）",
        _name_release(figure, figures),
        say_coverage(figure).zh,
    ]
    if entry.computed or entry.write().is_rounded:
        parts.append(f"公布值 {_say_value(figure)}")
    return "；".join(parts)


def _describe_other(figure: Figure, other: Figure) -> str:
    name = "" if other.series_code == figure.series_code else f"{other.indicator_name}，"
    period = Period.parse(other.period).title_zh
    return f"{name}{period} {_say_value(other)}（{say_coverage(other).zh}）"


def _say_value(figure: Figure) -> str:
    value = "不适用" if figure.value is None else write_plain(figure.value)
    return f"{value} {figure.unit}"


def _say_status(figure: Figure) -> str:
    return say(figure.status).zh


def _name_release(figure: Figure, figures: Figures) -> str:
    """The release it was read in, and the one that first said it where that is another."""
    release, first = figures.release, figure.known_from_release
    since = "" if first == release.release_id else f"（第 {first} 次发布起）"
    return f"{release.label.zh}{since}"


def _write_command(figure: Figure, figures: Figures, city: str) -> str:
    words = ["biaogan", "evidence", figure.series_code, figure.period]
    if figure.reporting_unit_code != city:
        words += ["--unit", figure.reporting_unit_code]
    return shlex.join([*words, "--release", str(figures.release.release_id)])


def _write_drawn(drawing: Drawing, figures: Figures, city: str) -> Note:
    """Every line of a picture with its stretch of periods; the command shows the last point."""
    said = []
    commands = []
    for line in drawing.lines:
        first, last = line.figures[0], line.figures[-1]
        said.append(
            f"{line.name}：{first.reporting_unit}，{first.period} 至 {last.period}，"
            f"{_BASES.get(last.basis, last.basis)}"
            + (f"（{'、'.join(line.left_out)} 未报齐，不画）" if line.left_out else "")
        )
        commands.append(_write_command(last, figures, city))
    return Note(f"{'；'.join(said)}；{figures.release.label.zh}。", commands)
