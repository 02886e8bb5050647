"""The sentences that say why a number of a text holds or does not."""

from __future__ import annotations

from decimal import Decimal

from warehouse.contracts.model import Text
from warehouse.report.candidate import Candidate
from warehouse.report.model import Item
from warehouse.report.reading.amounts import PERCENT, POINTS, YUAN
from warehouse.report.reading.scopes import Scope
from warehouse.site.numbers import choose_scale, show_number

_BEHIND_UNIT = frozenset({"左右", "以上", "上下"})
_BEHIND_NUMBER = frozenset({"余", "多"})
_ENGLISH = {PERCENT: "%", POINTS: " percentage points"}
_LARGE = ((Decimal(10**9), "billion"), (Decimal(10**6), "million"))
SPAN_OPEN = Text(
    zh="文中所说的时段与仓库的报告期对不上，不作判断。",
    en="The span the text speaks of is none the warehouse has; nothing is said.",
)
NO_CHANGE = Text(
    zh="没有可以比较的前期发布值，增减幅度无法复算。",
    en="There is no earlier figure to compare with; the change cannot be recomputed.",
)
NOT_MEASURED = {
    "date": Text(zh="日期或时段。", en="A date or a span of time."),
    "identifier": Text(zh="文号、批次等编号。", en="A document, batch or other number."),
    "name": Text(zh="名称里的数字。", en="A number inside a name."),
}


def show_value(value: Decimal, unit: str | None, qualifier: str | None = None) -> Text:
    """A published value as a sentence has it, its unit by its size: 近240亿元, 7%左右."""
    scale = choose_scale(unit or "", [value])
    number, name = scale.show(value), scale.unit.zh if unit else ""
    if qualifier in _BEHIND_UNIT:
        chinese = f"{number}{name}{qualifier}"
    elif qualifier in _BEHIND_NUMBER:
        chinese = f"{number}{qualifier}{name}"
    else:
        chinese = f"{qualifier or ''}{number}{name}"
    english = f"{_show_english(value, unit)}{f' ({qualifier})' if qualifier else ''}"
    return Text(zh=chinese, en=english)


def _show_english(value: Decimal, unit: str | None) -> str:
    if unit == YUAN:
        for divisor, name in _LARGE:
            if abs(value) >= divisor:
                return f"{show_number(value / divisor)} {name} yuan"
        return f"{show_number(value)} yuan"
    return f"{show_number(value)}{_ENGLISH.get(unit or '', '')}"


def show_published(item: Item) -> Text | None:
    """What is published for a number of a text; None where it was held against nothing."""
    if item.warehouse_value is None:
        return None
    return show_value(item.warehouse_value, item.unit)


def name_change(name: Text) -> Text:
    """What the change of a figure is called."""
    return Text(zh=f"{name.zh}的变化", en=f"change of {name.en}")


def say_agrees(candidate: Candidate) -> Text:
    """That a text agrees."""
    value = _show(candidate)
    return Text(
        zh=f"与“{candidate.name.zh}”{candidate.period} 的发布值 {value.zh} 一致。",
        en=f"Agrees with “{candidate.name.en}” of {candidate.period}, published as {value.en}.",
    )


def say_rounded(candidate: Candidate) -> Text:
    """That a text agrees once the published value is rounded as it is."""
    value = _show(candidate)
    return Text(
        zh=f"“{candidate.name.zh}”{candidate.period} 的发布值 {value.zh}，四舍五入后与此一致。",
        en=f"Agrees when rounded with “{candidate.name.en}” of {candidate.period}, published as "
        f"{value.en}.",
    )


def say_contradicts(candidate: Candidate) -> Text:
    """That a text says what was never published."""
    value = _show(candidate)
    return Text(
        zh=f"“{candidate.name.zh}”{candidate.period} 的发布值是 {value.zh}，与此不符；"
        "历次发布也没有过这个值。",
        en=f"“{candidate.name.en}” of {candidate.period} is published as {value.en}, and never was "
        "what is said here.",
    )


def say_revised(candidate: Candidate, said: Text, now: Text) -> Text:
    """That a text says what another release said.

    Args:
        candidate: what stands in the release it is held against.
        said: the release that said what the text says.
        now: the one that said `candidate` first.
    """
    value = _show(candidate)
    return Text(
        zh=f"“{candidate.name.zh}”{candidate.period} 在{said.zh}中是这个值；"
        f"{now.zh}起为 {value.zh}。",
        en=f"“{candidate.name.en}” of {candidate.period} had this value in {said.en}; it is "
        f"{value.en} since {now.en}.",
    )


def say_elsewhere(scope: Scope) -> Text:
    """That a number speaks of a place that sends no forms here."""
    return Text(
        zh=f"说的是{scope.name}，仓库没有那里的数据。",
        en=f"It speaks of {scope.name}, of which the warehouse has no figures.",
    )


def say_missing(name: Text, period: str | None, release: Text) -> Text:
    """That what a number counts is known, but there is no figure to hold it against.

    Args:
        name: of the indicator.
        period: of the text; None where it is no reporting period.
        release: the one it is held against.
    """
    if period is None:
        return Text(
            zh=f"是“{name.zh}”，但文中的时段不是一个报告期。",
            en=f"It is “{name.en}”, but the span the text speaks of is no reporting period.",
        )
    return Text(
        zh=f"是“{name.zh}”，但{release.zh}里没有 {period} 的发布值（未报送、待核实或尚未发布）。",
        en=f"It is “{name.en}”, but {release.en} has no figure of {period} (not reported, withheld "
        "until explained, or not yet published).",
    )


def _show(candidate: Candidate) -> Text:
    return show_value(candidate.value, candidate.unit, candidate.qualifier)
