"""Whether a change agrees with the two figures it is stated with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from warehouse.report.consistency.amounts import Interval, widen_share
from warehouse.report.consistency.passages import Mention, Sentence
from warehouse.report.consistency.wording import (
    build_remark,
    quote,
    write_amount,
    write_number,
)
from warehouse.report.model import Remark

_RISE = "增长|增加|提高|上升|提升|扩大|增|升|上涨|多"
_FALL = "下降|减少|降低|回落|缩减|下滑|降|减|少"
_SAID = re.compile(
    rf"^[^，、；：]{{0,4}}[，（]?(同比|环比|增幅|幅度|比上年|较上年|比上年同期|较上年同期)*(?P<word>{_RISE}|{_FALL}|增幅)"
    r"(了|约|近|超过|达到|达|为|幅度为)*$"
)
_FROM = re.compile(r"(由|从)[^，；]{0,16}$")
_TO = re.compile(
    r"^[^，；]{0,8}[，]?(增加|增长|提高|上升|提升|扩大|发展|增|升|上涨|下降|减少|降低|回落|降|减)(到|至|为)(了|约|近|超过)*$"
)
_EARLIER = re.compile(
    r"^[^，；]{0,8}[，（](?P<than>比|较|与)?(?P<then>[^，；（）]{0,4}?(上年|去年|上季|上月|上期|同期|前年|(19|20)\d\d年)"
    r"(同期|同季|同月|末|底|年末|全年)?)(的|为|是|相比)?$"
)
_BASE = re.compile(r"(上年|去年|原有|年初|由|从)[^，；]{0,12}$")
_ADDED = re.compile(r"(基础上)?[，]?[^，；]{0,4}(?P<word>新增|净增|增加)(了)?$")
_REACHED = re.compile(r"^[^，；]{0,6}[，]?[^，；]{0,6}(达到|增加到|增至|总数达|总量达|累计达|共)$")
_MORE = re.compile(
    rf"^[^，；]{{0,8}}[，（](比|较)(上年|去年)(同期|末|底)?(净)?(?P<word>{_RISE}|{_FALL})(了)?$"
)
_NOT_PLAIN = re.compile(
    r"可比|同口径|剔除|扣除|不变价|年均|平均|实际增|名义|生产总值|GDP|增加值|总产值|两年|三年|翻番|折合"
)


@dataclass(frozen=True)
class _Change:
    """A change, the figure before and the one after."""

    said: Mention
    base: Mention
    reached: Mention


def check_growth(sentence: Sentence) -> Iterator[Remark]:
    """`growth_differs`, for every change whose two figures stand in its own sentence."""
    if _NOT_PLAIN.search(sentence.text):
        return
    mentions = sentence.mentions
    for at in range(2, len(mentions)):
        change = _find_change(mentions, at)
        if change:
            remark = _compare(change)
        else:
            remark = _check_addition(mentions, at) or _check_rate_of_difference(mentions, at)
        if remark:
            yield remark


def _find_change(mentions: Sequence[Mention], at: int) -> _Change | None:
    """`由a增加到b，增长g` or `b，比上年的a增长g` or `b，上年同期a，同比增长g`."""
    first, second, said = mentions[at - 2 : at + 1]
    if first.unit != second.unit or first.item.kind != second.item.kind:
        return None
    if not _SAID.match(said.before) or first.item.kind == "growth" or not _may_change(said):
        return None
    if any(item.item.kind in ("target", "rank") for item in (first, second)):
        return None
    if _FROM.search(first.before) and _TO.match(second.before):
        return _Change(said, first, second)
    earlier = _EARLIER.match(second.before)
    if earlier and not first.speaks_of_another_time:
        is_joined = "，" not in said.before and "（" not in said.before
        if bool(earlier.group("than")) == is_joined or not earlier.group("than"):
            return _Change(said, second, first)
    return None


def _may_change(said: Mention) -> bool:
    return said.item.kind != "target" and "倍" not in said.before


def _compare(change: _Change) -> Remark | None:
    said, base, reached = change.said, change.base, change.reached
    claimed = _find_claimed(said)
    difference = reached.interval.minus(base.interval)
    if claimed is None:
        return None
    if said.unit == base.unit and not said.is_times and (not base.is_percent or said.is_points):
        possible = [difference]
    elif base.is_percent and (said.is_points or said.is_percent):
        possible = [difference]
        possible += [] if said.is_points else _list_rates(difference, base.interval, 100)
    elif said.is_percent:
        possible = _list_rates(difference, base.interval, 100)
    elif said.is_times:
        possible = _list_rates(difference, base.interval, 1)
        possible += [rate.shift(1) for rate in possible]
    else:
        return None
    if not possible or any(each.meets(claimed) for each in possible):
        return None
    return _word(change)


def _list_rates(difference: Interval, base: Interval, scale: int) -> list[Interval]:
    if base.low <= 0:
        return []
    bounds = [
        end / low for end in (difference.low, difference.high) for low in (base.low, base.high)
    ]
    return [Interval(min(bounds) * scale, max(bounds) * scale)]


def _find_claimed(said: Mention) -> Interval | None:
    """What is said of the change, with its sign: 下降5.5% and 增长-5.5% are the same."""
    found = _SAID.match(said.before) or _MORE.match(said.before)
    if found is None:
        return None
    falls = bool(re.fullmatch(_FALL, found.group("word")))
    wide = widen_share(said.item, said.value, said.interval)
    if falls and said.value >= 0:
        return Interval(-wide.high, -wide.low)
    return wide


def _word(change: _Change) -> Remark:
    said, base, reached = change.said, change.base, change.reached
    before, after = (write_amount(each.value, base.unit) for each in (base, reached))
    difference = reached.value - base.value
    if said.is_points or (said.unit == base.unit and not base.is_percent and not said.is_times):
        unit = "个百分点" if said.is_points else said.unit
        computed = f"{after}－{before}＝{write_amount(difference, unit)}"
    elif said.is_times:
        computed = f"({after}－{before})÷{before}＝{write_number(difference / base.value)}倍"
    else:
        rate = write_number(difference / base.value * 100)
        computed = f"({after}－{before})÷{before}＝{rate}%"
    return build_remark(
        "growth_differs",
        [said, base, reached],
        f"“{quote(said)}”与“{quote(base)}”“{quote(reached)}”不符：{computed}。",
        f"“{quote(said)}” does not follow from “{quote(base)}” and “{quote(reached)}”: {computed}.",
    )


def _check_addition(mentions: Sequence[Mention], at: int) -> Remark | None:
    """`在上年a的基础上新增n，达到b`: some may have gone since, so 新增 may come to less."""
    base, added, reached = mentions[at - 2 : at + 1]
    found = _ADDED.search(added.before)
    is_one_thing = base.unit == added.unit == reached.unit and reached.is_amount
    if not (found and is_one_thing and base.is_amount and added.item.kind in ("measure", "growth")):
        return None
    if not _BASE.search(base.before) or not _REACHED.match(reached.before):
        return None
    total = base.interval.plus(added.interval)
    if total.meets(reached.interval):
        return None
    if found.group("word") == "新增" and total.low > reached.interval.high:
        return None
    unit = base.unit
    computed = (
        f"{write_amount(base.value, unit)}＋{write_amount(added.value, unit)}＝"
        f"{write_amount(base.value + added.value, unit)}"
    )
    return build_remark(
        "growth_differs",
        [reached, base, added],
        f"“{quote(reached)}”与“{quote(base)}”“{quote(added)}”不符：{computed}。",
        f"“{quote(reached)}” does not follow from “{quote(base)}” and “{quote(added)}”: "
        f"{computed}.",
    )


def _check_rate_of_difference(mentions: Sequence[Mention], at: int) -> Remark | None:
    """`b，比上年增加n，增长g%`."""
    reached, step, said = mentions[at - 2 : at + 1]
    more, rate = _MORE.match(step.before), _SAID.match(said.before)
    if not (more and rate and said.is_percent and reached.is_amount):
        return None
    if reached.unit != step.unit or step.is_points or reached.speaks_of_another_time:
        return None
    falls = bool(re.fullmatch(_FALL, more.group("word")))
    change = step.interval if not falls else Interval(-step.interval.high, -step.interval.low)
    base = reached.interval.minus(change)
    claimed = _find_claimed(said)
    possible = _list_rates(change, base, 100)
    if claimed is None or not possible or possible[0].meets(claimed):
        return None
    amount = -abs(step.value) if falls else step.value
    before = reached.value - amount
    computed = (
        f"{write_amount(amount, step.unit)}÷({write_amount(reached.value, step.unit)}－"
        f"{write_amount(amount, step.unit)})＝{write_number(amount / before * Decimal(100))}%"
    )
    return build_remark(
        "growth_differs",
        [said, step, reached],
        f"“{quote(said)}”与“{quote(step)}”“{quote(reached)}”不符：{computed}。",
        f"“{quote(said)}” does not follow from “{quote(step)}” and “{quote(reached)}”: {computed}.",
    )
