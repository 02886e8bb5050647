"""Whether a share agrees with the part and the whole it is stated with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from warehouse.report.consistency.amounts import widen_share
from warehouse.report.consistency.lists import find_part_lists
from warehouse.report.consistency.passages import Mention, Sentence
from warehouse.report.consistency.places import drop_places
from warehouse.report.consistency.wording import (
    build_remark,
    quote,
    write_amount,
    write_number,
)
from warehouse.report.model import Remark

_SHARE = re.compile(r"^(?P<noun>[^，；：]{0,14})[，（]?(分别)?占(?P<base>[^，；：、（）]{0,16})$")
_EMPTY_BASE = re.compile(
    r"总数|总量|总额|总|全部|全体|比重|比例|比|其|的|约|近|超过|达到|达|为|高|了|到|数"
)
_AREA = re.compile(r"全省|全国|全市|全县|全区|全行业")
_AMONG = re.compile(r"(?<!其)中(，|(?=有|已|共|仅|只)|$)(已|共|就|仅|只)?有?[^，；]{0,12}$")
_TESTED = re.compile(r"抽查|抽检|抽样|检验|检测|监测|检查")
_PASSED = re.compile(r"(?<!不)合格(的|产品|样品)?(有|为|达到|达|数)?$")
_FAILED = re.compile(r"不合格(的|产品|样品|设备)?(有|为|达到|达|数)?$")
_RATE = re.compile(
    r"^[^，；]{0,4}[，（、]?(批次|产品|抽查|抽检|样品|总体|检验)?(?P<not>不)?合格(发现)?率(为|达到|达|是)?$"
)
_SPREAD = re.compile(r"分别占|占比分别为|比重分别为")
_SKIPPED = 2


def check_shares(sentence: Sentence) -> Iterator[Remark]:
    """`share_differs`, for every share that says what it is a share of."""
    for at, share in enumerate(sentence.mentions):
        if not share.is_percent or share.item.kind not in ("share", "measure"):
            continue
        if share.item.kind == "share" and share.value > 100:
            continue
        pair = _find_pair(sentence, at)
        tested = _find_tested(sentence.mentions, at)
        remark = _compare(share, *pair) if pair else _compare(share, *tested) if tested else None
        if remark:
            yield remark


def _find_pair(sentence: Sentence, at: int) -> tuple[Mention, Mention] | None:
    """The part and the whole of `…占…%`."""
    mentions = sentence.mentions
    if _SPREAD.search(mentions[at].before) or (at and _is_spread(mentions, at)):
        return _find_spread(sentence, at)
    said = _SHARE.match(mentions[at].before)
    part = _step_back(mentions, at)
    if said is None or part is None or not _may_be_counted(said.group("noun"), part):
        return None
    return _find_whole(sentence, part, said.group("base"))


def _may_be_counted(noun: str, part: Mention) -> bool:
    """Whether 占 speaks of the figure before it and not of something named between."""
    return part.is_amount and not re.search(
        r"其中|产值|产量|金额|收入|面积|人数|税收|销售|投资|出口", noun
    )


def _step_back(mentions: Sequence[Mention], at: int) -> Mention | None:
    for mention in reversed(mentions[max(0, at - 1 - _SKIPPED) : at]):
        if mention.item.kind in ("growth", "rank"):
            continue
        return mention
    return None


def _find_whole(sentence: Sentence, part: Mention, base: str) -> tuple[Mention, Mention] | None:
    mentions = sentence.mentions
    area = _AREA.search(base)
    others = [it for it in mentions if it is not part and it.unit == part.unit and it.is_amount]
    rest = _EMPTY_BASE.sub("", _AREA.sub("", base))
    whole: Mention | None = None
    if area:
        named = [it for it in others if area.group() in it.before]
        whole = named[0] if len(named) == 1 and len(others) == 1 else None
        is_place_alone = not _EMPTY_BASE.sub("", drop_places(part.clause_before)).strip("有共")
        if whole and not is_place_alone and not _is_listed(sentence, part, whole):
            whole = None
    else:
        whole = _find_stated_whole(sentence, part, others, base)
    if whole is None or whole.speaks_of_another_time or whole.start > part.start:
        return None
    if rest and not _is_named(rest, whole):
        return None
    return part, whole


def _is_named(noun: str, whole: Mention) -> bool:
    """Whether a figure counts just that, and not something that has it in its name."""
    before = re.sub(r"(总数|总量|数量|共有|共计|拥有|达到|共|有|达|为)+$", "", whole.clause_before)
    return before.endswith(noun) or whole.clause_after.startswith(noun)


def _find_stated_whole(
    sentence: Sentence, part: Mention, others: Sequence[Mention], base: str
) -> Mention | None:
    mentions = sentence.mentions
    for found in find_part_lists(sentence):
        if part in found.parts:
            return found.total if found.is_certain else None
    at = mentions.index(part)
    if at and mentions[at - 1] in others and _AMONG.search(part.before):
        return mentions[at - 1]
    before = [it for it in others if it.start < part.start]
    if re.search("总|全部", base) and len(before) == len(others) == 1:
        return before[0]
    return None


def _is_listed(sentence: Sentence, part: Mention, whole: Mention) -> bool:
    return any(
        part in found.parts and found.total is whole and found.is_certain
        for found in find_part_lists(sentence)
    )


def _is_spread(mentions: Sequence[Mention], at: int) -> bool:
    """Whether a share is a later one of `分别占53.8%、46.2%`."""
    while at and re.fullmatch(r"[、和及与]", mentions[at].before):
        at -= 1
    return bool(_SPREAD.search(mentions[at].before))


def _find_spread(sentence: Sentence, at: int) -> tuple[Mention, Mention] | None:
    mentions = sentence.mentions
    first = at
    while not _SPREAD.search(mentions[first].before):
        first -= 1
    row = [mentions[first]]
    for mention in mentions[first + 1 :]:
        if not re.fullmatch(r"[、和及与]", mention.before):
            break
        row.append(mention)
    base = _EMPTY_BASE.sub("", _SPREAD.split(mentions[first].before)[-1])
    for found in find_part_lists(sentence):
        is_beside = found.parts[-1] is mentions[first - 1] and len(found.parts) == len(row)
        if is_beside and found.is_certain and not base:
            return found.parts[at - first], found.total
    return None


def _find_tested(mentions: Sequence[Mention], at: int) -> tuple[Mention, Mention, bool] | None:
    """The lots that passed, or failed, and all tested; and whether the rate is of the others."""
    said = _RATE.match(mentions[at].before)
    if said is None or at < 2:
        return None
    tested, counted = mentions[at - 2], mentions[at - 1]
    if not (tested.is_amount and counted.is_amount and tested.unit == counted.unit):
        return None
    has_failed = bool(_FAILED.search(counted.before))
    if not _TESTED.search(tested.before) or not (has_failed or _PASSED.search(counted.before)):
        return None
    return counted, tested, has_failed != bool(said.group("not"))


def _compare(
    share: Mention, part: Mention, whole: Mention, is_of_others: bool = False
) -> Remark | None:
    counted = whole.interval.minus(part.interval) if is_of_others else part.interval
    ratio = counted.over(whole.interval)
    said = widen_share(share.item, share.value, share.interval)
    if ratio is None or ratio.scale(100).meets(said) or not whole.value:
        return None
    amount = whole.value - part.value if is_of_others else part.value
    computed = write_number(amount / whole.value * 100)
    terms = f"{write_amount(amount, part.unit)}÷{write_amount(whole.value, whole.unit)}"
    return build_remark(
        "share_differs",
        [share, part, whole],
        f"“{quote(share)}”与“{quote(part)}”“{quote(whole)}”不符：{terms}＝{computed}%。",
        f"“{quote(share)}” does not follow from “{quote(part)}” and “{quote(whole)}”: "
        f"{terms}＝{computed}%.",
    )
