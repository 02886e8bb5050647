"""Whether the parts of a total keep within it, and whether a full list adds up to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce

from warehouse.report.consistency.amounts import Interval
from warehouse.report.consistency.lists import (
    PartList,
    are_complete,
    do_not_overlap,
    find_part_lists,
)
from warehouse.report.consistency.passages import Mention, Sentence
from warehouse.report.consistency.places import CITY, drop_places, find_places, list_counties
from warehouse.report.consistency.wording import add_up, build_remark, quote, write_amount
from warehouse.report.model import Remark

_OPEN_END = re.compile(r"^[^，。；]{0,8}等|其他|其它|其余|余下|市直|市本级|交叉|重复|重叠|同时")
_WHOLE = re.compile(r"共|合计|总计|总数|总量")
_NEAR = Decimal("0.8")
_FUNCTION_WORDS = re.compile(
    r"其中|包括|分别|共有|共计|合计|总计|全部|共|有|为|的|和|及|与|、|：|，|达"
)


def check_parts(sentence: Sentence) -> Iterator[Remark]:
    """`part_exceeds_total`, and `sum_of_list` of a list that is said to be complete."""
    for found in find_part_lists(sentence):
        remark = _check_each(found) or _check_sum(found, sentence)
        if remark:
            yield remark


def check_distributed(sentence: Sentence) -> Iterator[Remark]:
    """`sum_of_list` of `A、B、C分别为1、2、3` behind a total that says it is one."""
    mentions = sentence.mentions
    for at in range(1, len(mentions)):
        names, is_spread, lead = mentions[at].before.rpartition("分别")
        total = mentions[at - 1]
        if not is_spread or len(lead) > 4 or total.unit != mentions[at].unit:
            continue
        parts = [mentions[at], *_take_row(mentions, at)]
        listed = re.split(r"[、和及与]", re.split(r"[，：]|其中", names)[-1])
        if len(listed) != len(parts) or not _is_whole(total) or "等" in names:
            continue
        if all(part.is_amount for part in (total, *parts)) and _are_named_apart(listed):
            remark = _compare_sum(total, parts)
            if remark:
                yield remark


def _check_each(found: PartList) -> Remark | None:
    for part in found.parts:
        if part.interval.low > found.limit.high:
            zh = f"“{quote(part)}”多于它所属的总数“{quote(found.total)}”："
            en = f"The part “{quote(part)}” is more than its total “{quote(found.total)}”: "
            computed = (
                f"{write_amount(part.value, part.unit)}＞"
                f"{write_amount(found.total.value, part.unit)}"
            )
            return build_remark(
                "part_exceeds_total", [part, found.total], f"{zh}{computed}。", f"{en}{computed}."
            )
    return None


def _check_sum(found: PartList, sentence: Sentence) -> Remark | None:
    parts = found.parts
    if (
        len(parts) < 2
        or _OPEN_END.search(found.tail)
        or re.search("既|同时|交叉|重复", sentence.text)
    ):
        return None
    apart = do_not_overlap(parts)
    total = _sum(parts)
    if found.is_certain and found.ends_sentence:
        if are_complete(parts) or found.opener == "由":
            return _compare_sum(found.total, parts)
        is_said = found.opener in ("包括", "包含", "分为", "分成") and apart
        is_near = total.low <= found.limit.high and total.high >= found.limit.low * _NEAR
        if is_said and is_near:
            return _compare_sum(found.total, parts)
    if not apart or total.low <= found.limit.high:
        return None
    computed, _ = add_up(parts)
    limit = write_amount(found.total.value, parts[0].unit)
    return build_remark(
        "part_exceeds_total",
        [parts[0], *parts[1:], found.total],
        f"“{quote(parts[0])}”等{len(parts)}个分项合起来多于总数“{quote(found.total)}”："
        f"{computed}＞{limit}。",
        f"“{quote(parts[0])}” and the other parts, {len(parts)} in all, come to more than the "
        f"total “{quote(found.total)}”: {computed}＞{limit}.",
    )


def _sum(parts: Sequence[Mention]) -> Interval:
    return reduce(Interval.plus, [part.interval for part in parts])


def _compare_sum(total: Mention, parts: Sequence[Mention]) -> Remark | None:
    if _sum(parts).meets(total.interval):
        return None
    computed, amount = add_up(parts)
    difference = write_amount(abs(total.value - amount), total.unit)
    said = write_amount(total.value, total.unit)
    return build_remark(
        "sum_of_list",
        [total, *parts],
        f"“{quote(total)}”与所列{len(parts)}个分项之和不等：{computed}，不是{said}，相差{difference}。",
        f"“{quote(total)}” is not the sum of the {len(parts)} parts listed: {computed}, not "
        f"{said}; they differ by {difference}.",
    )


def _take_row(mentions: Sequence[Mention], at: int) -> Iterator[Mention]:
    for mention in mentions[at + 1 :]:
        if mention.unit != mentions[at].unit or not re.fullmatch(
            r"[\w]{0,3}[、和及与，]", mention.before
        ):
            return
        yield mention


def _is_whole(total: Mention) -> bool:
    return bool(_WHOLE.search(total.clause_before)) and not total.speaks_of_another_time


def _are_named_apart(names: Sequence[str]) -> bool:
    """Whether names are all six units, or all kinds of patent."""
    places = [place for name in names for place in find_places(name)]
    if len(places) == len(names):
        return frozenset(places) == list_counties()
    kinds = {kind for name in names for kind in ("发明", "实用新型", "外观") if kind in name}
    return len(kinds) == len(names) == 3


def check_units(sentences: Sequence[Sentence]) -> Iterator[Remark]:
    """`sum_of_list` of a block that names every reporting unit behind a figure of the city.

    Args:
        sentences: of one block, for the units are often parted by semicolons.
    """
    text = "".join(sentence.text for sentence in sentences)
    if _OPEN_END.search(text):
        return
    mentions = [mention for sentence in sentences for mention in sentence.mentions]
    total: Mention | None = None
    parts: dict[str, Mention] = {}
    for mention in mentions:
        place = _find_place(mention)
        if place == CITY:
            total, parts = mention, {}
        elif total and place and mention.unit == total.unit:
            parts.setdefault(place, mention)
        if total and frozenset(parts) == list_counties():
            listed = list(parts.values())
            remark = _compare_sum(total, listed) if _count_one_thing(total, listed) else None
            if remark:
                yield remark
            total, parts = None, {}


def _find_place(mention: Mention) -> str | None:
    """The reporting unit a count is of, or `city`; None where it is of neither."""
    if not mention.is_amount:
        return None
    places = find_places(mention.before)
    if not places:
        return CITY if _WHOLE.search(mention.clause_before) else None
    return places[-1] if places[-1] in {CITY, *list_counties()} else None


def _count_one_thing(total: Mention, parts: Sequence[Mention]) -> bool:
    """Whether the words at the parts say nothing that the words at the total do not."""
    whole = total.before + total.after
    lead = re.sub(r"[。；：，、（）]", "", _FUNCTION_WORDS.sub("", drop_places(parts[0].before)))
    if lead and lead not in whole:
        return False
    for part in parts:
        if part.speaks_of_another_time:
            return False
        noun = _FUNCTION_WORDS.sub("", drop_places(part.clause_before))
        if noun and noun not in whole:
            return False
    return not total.speaks_of_another_time
