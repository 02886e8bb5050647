"""The same figure said twice: other values, slips of the point, and what was added between."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from warehouse.report.consistency.passages import Mention, Sentence
from warehouse.report.consistency.places import names_another_place
from warehouse.report.consistency.topics import (
    Topic,
    are_one_thing,
    find_noun,
    find_tail,
    find_topic,
)
from warehouse.report.consistency.wording import build_remark, quote, write_amount
from warehouse.report.model import Remark

_SLIPS = (10, 100, 1000, 10_000)
_PART_OF_A_WHOLE = re.compile(
    r"(占[^，、]{0,10}|比重|(?<!不)合格率|(?<!拨备)(?<!偿债)(?<!利息)覆盖率|覆盖面|通过率|普及率|满意[度率]|达标率|优良率|转化率|"
    r"授权率|成功率|检验率|受检率|持证率|办结率|及时率|准确率|完好率|占有率|份额|按时率|检出率|参保率|入库率|发现率)"
    r"(为|达到|高达|达|是|约|近|超过|提高到|提升至|升至|的比重|的比例)*$"
)
_CHANGE = re.compile(r"(新增|净增|增加|减少|增长|下降|新认定|新培育|新获|提高|降低)(了|约|近)?$")
_OF_ANOTHER_WHOLE = re.compile(
    r"目标|任务|计划|预算|上年|去年|同期|GDP|生产总值|收入|财力|资产|负债"
)
_SHARED_OUT = re.compile(r"分别|依次|各[有为达]|力争|目标")
_PLANS = re.compile(r"目标|下一步|打算|今后|工作安排|展望|工作计划")
_FEW_VALUES = 2
_SAME_DIGITS = 4
"""So many equal digits at a tenfold value are no chance, even where the topic is not certain."""


@dataclass(frozen=True)
class _Said:
    """A figure with its topic, and whether its sentence is a list in order or speaks of plans."""

    mention: Mention
    topic: Topic | None
    noun: str | None
    is_set_aside: bool


def check_repeats(sentences: Sequence[Sentence]) -> Iterator[Remark]:
    """`same_figure_twice` and `slip_of_the_point` over the whole text."""
    said = [
        _Said(mention, find_topic(sentence, at), find_noun(sentence, at), is_set_aside)
        for sentence in sentences
        for is_set_aside in [_is_set_aside(sentence)]
        for at, mention in enumerate(sentence.mentions)
        if mention.item.kind in ("measure", "share") and mention.value > 0
    ]
    told: set[int] = set()
    for group, is_certain in [*_group_by_code(said), *_group_by_topic(said)]:
        for remark, mentions in _compare_group(group, is_certain):
            places = {mention.start for mention in mentions}
            if places & told:
                continue
            told |= places
            yield remark
    for remark, mentions in _find_same_digits([each.mention for each in said]):
        places = {mention.start for mention in mentions}
        if not places & told:
            told |= places
            yield remark
    yield from _find_impossible_shares(said, told)


def _is_set_aside(sentence: Sentence) -> bool:
    return bool(_SHARED_OUT.search(sentence.text) or _PLANS.search(sentence.heading))


def _group_by_code(said: Iterable[_Said]) -> Iterator[tuple[list[Mention], bool]]:
    groups: dict[tuple[object, ...], list[_Said]] = defaultdict(list)
    for each in said:
        item, mention = each.mention.item, each.mention
        if not item.indicator_code or not item.period or _CHANGE.search(mention.before):
            continue
        if each.is_set_aside or not each.noun or names_another_place(mention.before, item.scope):
            continue
        if mention.speaks_of_another_time or mention.is_points or mention.is_times:
            continue
        key = (item.indicator_code, item.period, item.scope, item.unit, item.kind)
        is_sum_of_years = bool(re.search(r"累计|历年|历届", mention.clause_before))
        groups[*key, item.series_code, is_sum_of_years].append(each)
    for group in groups.values():
        first = group[0].noun or ""
        yield [each.mention for each in group if are_one_thing(first, each.noun or "")], True


def _group_by_topic(said: Iterable[_Said]) -> Iterator[tuple[list[Mention], bool]]:
    groups: dict[tuple[object, ...], list[_Said]] = defaultdict(list)
    for each in said:
        if (
            each.topic
            and not each.is_set_aside
            and not each.mention.is_points
            and not each.mention.is_times
        ):
            topic = each.topic
            key = (topic.noun, topic.place, topic.dates, topic.section, each.mention.unit)
            groups[*key, each.mention.item.period].append(each)
    for group in groups.values():
        if any(each.topic and each.topic.is_placed for each in group):
            yield [each.mention for each in group], False


def _compare_group(
    group: Sequence[Mention], is_certain: bool
) -> Iterator[tuple[Remark, tuple[Mention, Mention]]]:
    counts = Counter(mention.value for mention in group)
    if len(counts) < 2 or (not is_certain and len(counts) > _FEW_VALUES):
        return
    usual = max(counts.values())
    reference = next(mention for mention in group if counts[mention.value] == usual)
    seen: set[Decimal] = set()
    for mention in group:
        if mention.value in seen or mention.interval.meets(reference.interval):
            continue
        seen.add(mention.value)
        yield _word(mention, reference), (mention, reference)


def _word(odd: Mention, other: Mention) -> Remark:
    times = _find_slip(odd, other)
    if times:
        return _word_slip(odd, other, times)
    difference = write_amount(abs(odd.value - other.value), odd.unit)
    return build_remark(
        "same_figure_twice",
        [odd, other],
        f"同一个数两处不同：“{quote(odd)}”与“{quote(other)}”，相差{difference}。",
        f"The same figure is given twice with different values: “{quote(odd)}” and "
        f"“{quote(other)}”; they differ by {difference}.",
    )


def _find_slip(first: Mention, second: Mention) -> int | None:
    low, high = sorted((first, second), key=lambda mention: mention.value)
    for times in _SLIPS:
        if low.value * times == high.value:
            return times
    return None


def _word_slip(odd: Mention, other: Mention, times: int) -> Remark:
    low, high = sorted((odd, other), key=lambda mention: mention.value)
    computed = f"{write_amount(high.value, odd.unit)}÷{write_amount(low.value, odd.unit)}＝{times}"
    if odd.is_percent and other.value > 100 >= odd.value:
        odd, other = other, odd
    return build_remark(
        "slip_of_the_point",
        [odd, other],
        f"“{quote(odd)}”与“{quote(other)}”恰好相差{times}倍（{computed}），疑为小数点或单位有误。",
        f"“{quote(odd)}” and “{quote(other)}” are apart by exactly {times} times ({computed}): "
        "the decimal point or the unit may have slipped.",
    )


def _find_same_digits(
    mentions: Iterable[Mention],
) -> Iterator[tuple[Remark, tuple[Mention, Mention]]]:
    first: dict[tuple[object, ...], Mention] = {}
    for mention in mentions:
        digits = "".join(map(str, mention.value.as_tuple().digits)).strip("0")
        tail = find_tail(mention)
        if len(digits) < _SAME_DIGITS or len(tail) < 3 or mention.speaks_of_another_time:
            continue
        other = first.setdefault((digits, mention.unit, tail), mention)
        times = _find_slip(mention, other) if other.value != mention.value else None
        if times:
            yield _word_slip(mention, other, times), (mention, other)


def _find_impossible_shares(said: Iterable[_Said], told: set[int]) -> Iterator[Remark]:
    for each in said:
        mention = each.mention
        if mention.item.kind != "share" or not mention.is_percent or mention.start in told:
            continue
        words = mention.clause_before
        if _OF_ANOTHER_WHOLE.search(words):
            continue
        if mention.interval.low > 100 and _PART_OF_A_WHOLE.search(words):
            yield build_remark(
                "slip_of_the_point",
                [mention],
                f"“{quote(mention)}”是部分占整体的比率，不会超过100%，疑为小数点有误。",
                f"“{quote(mention)}” is a part of a whole and cannot be above 100%: the decimal "
                "point may have slipped.",
            )


_BEFORE = re.compile(r"(上年|去年)年?[末底]|年初")
_ADDED = re.compile(r"(新增|净增|增加)$")
_REACHED = re.compile(r"^(，)?(总数|总量|累计)?(达到|达|增至|增加到)$")


def check_additions(sentences: Sequence[Sentence]) -> Iterator[Remark]:
    """`growth_differs` of `x新增5家达到17家` where last year's total stands elsewhere.

    Some may have gone since, so a total below last year's and the new ones together is no error;
    one above them is.
    """
    earlier: dict[tuple[str, str | None], list[Mention]] = defaultdict(list)
    added: list[tuple[str, Mention, Mention]] = []
    for sentence in sentences:
        is_of_last_year = bool(_BEFORE.search(sentence.text))
        for at, mention in enumerate(sentence.mentions):
            following = sentence.mentions[at + 1 : at + 2]
            noun = re.sub(r"^[，、]|全市|我市", "", mention.clause_before)
            if _ADDED.search(noun) and following and _REACHED.match(following[0].before):
                if not is_of_last_year:
                    added.append((_ADDED.sub("", noun), mention, following[0]))
            elif is_of_last_year and mention.is_amount and mention.is_first:
                name = re.sub(r"(共有|达到|为|有|达|共)$", "", _BEFORE.sub("", noun))
                earlier[name.strip("，的"), mention.unit].append(mention)
    for noun, step, reached in added:
        bases = earlier.get((noun, step.unit), [])
        if len(noun) < _SAME_DIGITS or len(bases) != 1 or reached.unit != step.unit:
            continue
        most = bases[0].interval.plus(step.interval)
        if most.high < reached.interval.low:
            unit = step.unit
            computed = (
                f"{write_amount(bases[0].value, unit)}＋{write_amount(step.value, unit)}＝"
                f"{write_amount(bases[0].value + step.value, unit)}"
            )
            yield build_remark(
                "growth_differs",
                [reached, step, bases[0]],
                f"“{quote(reached)}”多于“{quote(bases[0])}”与“{quote(step)}”之和：{computed}。",
                f"“{quote(reached)}” is more than “{quote(bases[0])}” and “{quote(step)}” "
                f"together: {computed}.",
            )
