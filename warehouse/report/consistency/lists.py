"""Parts listed behind a total: 其中, 包括, 由…组成, 分别为."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from warehouse.report.consistency.amounts import Interval
from warehouse.report.consistency.passages import Mention, Sentence
from warehouse.report.consistency.places import find_places, list_counties

_OPENERS = re.compile(r"(?P<some>其中|主要包括|主要有)|(?P<all>包括|包含|分为|分成|由)")
_NOT_A_PART = re.compile(
    r"比|较|同比|上年|去年|同期|前年|增加|减少|增长|下降|达到|累计|占|超过|服务|发放|投入|另|此外|同时|还有|建成|建设|"
    r"安装|设立|设置|打造|配备|发现|整改|解决|培训|涉及|带动|惠及|覆盖|完成|开展|举办|组织"
)
_COMPOSED = re.compile(r"^[^，]{0,10}(组成|构成)")
_CONDITION = re.compile(r"^(及|或)?(以上|以下|以内|以外|至|到|—|-|~)")
_ALONE = re.compile(
    r"(达到|增至|增加到|总数达?|总量达?|共有|共计|合计|总计|累计达?|累计有|共)[^，]{0,12}$"
)
_CHANGE = re.compile(
    r"新(增|建|认定|入库|培育|获|注册|成立|签)|净增|(增加|减少|增长|下降)(?!到|至)|比|较|上年|去年|同期|退出|取消|"
    r"注销|淘汰"
)
_DIFFERENCE = re.compile(r"比|较|上年|去年|同期|减少|下降|退出|取消|注销|淘汰")
_JOIN = re.compile(r"^[^，。；：、]{0,14}[、和及与]|^[^，。；：、]{0,14}以及")
_BESIDES = frozenset({"元", "%", "倍"})
"""Units that stand between a total and its parts without being taken for the total."""
_LOOK_BACK = 10
_DIVIDED = frozenset({"分为", "分成", "由"})
_FAMILIES: tuple[tuple[str, ...], ...] = (
    ("国家级", "省级", "市级", "县级", "区级", "乡镇级"),
    ("国际标准", "国家标准", "行业标准", "地方标准", "团体标准", "企业标准"),
    ("发明", "实用新型", "外观设计", "外观"),
    ("特等奖", "一等奖", "二等奖", "三等奖", "优秀奖", "金奖", "银奖", "铜奖", "提名奖"),
    ("国有", "民营", "外资", "集体", "私营", "港澳台"),
    ("大型", "中型", "小型", "微型", "小微", "规上", "规下"),
    ("第一产业", "第二产业", "第三产业"),
    ("出口", "进口"),
    ("合格", "不合格"),
)  # fmt: skip
_COMPLETE = (
    frozenset({"发明", "实用新型", "外观设计"}),
    frozenset({"第一产业", "第二产业", "第三产业"}),
    frozenset({"出口", "进口"}),
    frozenset({"合格", "不合格"}),
)


@dataclass(frozen=True, eq=False)
class PartList:
    """A total with the parts said of it.

    Attributes:
        total: the figure the parts belong to; with `limit`, the most they may come to, which is
            more where it is not certain which figure is the total.
        limit: see `total`.
        is_certain: whether no other figure can be the total.
        parts: those that are parts beyond doubt.
        opener: the word that opened the list.
        ends_sentence: whether no figure of the same unit follows the parts.
        tail: the words after the last part.
    """

    total: Mention
    limit: Interval
    is_certain: bool
    parts: tuple[Mention, ...]
    opener: str
    ends_sentence: bool
    tail: str


@lru_cache(maxsize=1)
def find_part_lists(sentence: Sentence) -> tuple[PartList, ...]:
    """Every list of parts in a sentence."""
    found: list[PartList] = []
    for at, mention in enumerate(sentence.mentions):
        opened = _open(mention)
        if opened is None or not mention.is_amount or _is_condition(mention):
            continue
        total = _find_total(sentence.mentions, at, found)
        if total is None:
            continue
        parts, ends = _take_parts(sentence.mentions, at)
        if opened == "由" and not _COMPOSED.match(parts[-1].after):
            continue
        if opened in _DIVIDED and len(parts) < 2:
            continue
        found.append(
            PartList(
                total=total[0],
                limit=total[1],
                is_certain=total[2],
                parts=parts,
                opener=opened,
                ends_sentence=ends,
                tail=parts[-1].after,
            )
        )
    return tuple(found)


def _is_condition(mention: Mention) -> bool:
    """Whether a figure tells which ones are meant, as in 其中投资10亿元以上项目3个."""
    if _CONDITION.match(mention.after) or mention.item.text.endswith(("以上", "以下", "以内")):
        return True
    return mention.unit == "元" and bool(re.match(r"[^，。；：、）占]", mention.after))


def _open(mention: Mention) -> str | None:
    words = list(_OPENERS.finditer(mention.before))
    if mention.is_first or not words:
        return None
    word = words[-1]
    if word.group("all") and any(other.group("some") for other in words):
        word = next(other for other in words if other.group("some"))
    lead = mention.before[word.end() :].lstrip("，：")
    if "，" in lead or "：" in lead or _NOT_A_PART.search(lead):
        return None
    if word.group("all") and not re.fullmatch(
        r"[^，]{0,10}[，（：]?(其中)?", mention.before[: word.start()]
    ):
        return None
    return word.group()


def _find_total(
    mentions: Sequence[Mention], at: int, earlier: Sequence[PartList]
) -> tuple[Mention, Interval, bool] | None:
    """The total, the most the parts may come to, and whether that is beyond doubt."""
    unit = mentions[at].unit
    before = mentions[max(0, at - _LOOK_BACK) : at]
    known = [mention for mention in before if mention.unit == unit and mention.is_amount]
    if not known:
        return None
    total = known[-1]
    between = before[before.index(total) + 1 :]
    if any(item.item.kind == "target" or item.is_amount for item in between
           if item.unit not in _BESIDES):  # fmt: skip
        return None
    if len(known) == 1:
        is_difference = bool(_DIFFERENCE.search(total.clause_before))
        return None if is_difference else (total, total.interval, True)
    if earlier and not _CHANGE.search(total.clause_before):
        widest = max((*(each.limit for each in earlier), total.interval), key=lambda it: it.high)
        return total, widest, False
    if _ALONE.search(total.clause_before) and not _CHANGE.search(total.clause_before):
        return total, total.interval, True
    run = known if _CHANGE.search(total.clause_before) else _take_run(before, known)
    limit = run[0].interval
    for mention in run[1:]:
        limit = limit.plus(mention.interval)
    return total, limit, len(run) == 1


def _take_run(before: Sequence[Mention], known: Sequence[Mention]) -> list[Mention]:
    """The figures of one unit that stand in neighbouring clauses: 其中 may speak of all."""
    run = [known[-1]]
    for mention in reversed(known[:-1]):
        words = "".join(
            item.before for item in before[before.index(mention) + 1 : before.index(run[0]) + 1]
        )
        if words.count("，") + words.count("；") > 1:
            break
        run.insert(0, mention)
    return run


def _take_parts(mentions: Sequence[Mention], at: int) -> tuple[tuple[Mention, ...], bool]:
    """The parts from the first one on, and whether nothing of their unit comes after."""
    first = mentions[at]
    parts = [first]
    words = ""
    for mention in mentions[at + 1 :]:
        words += mention.before
        if mention.unit in _BESIDES and mention.unit != first.unit:
            continue
        if mention.unit != first.unit or not mention.is_amount:
            return tuple(parts), False
        noun = mention.clause_before
        if _OPENERS.search(mention.before) or _NOT_A_PART.search(noun):
            return tuple(parts), False
        joined = bool(_JOIN.search(re.sub(r"（[^）]*）?", "", words))) and "，" not in words
        if not joined and not do_not_overlap([*parts, mention]):
            return tuple(parts), False
        parts.append(mention)
        words = ""
    return tuple(parts), True


def name_member(mention: Mention) -> tuple[int, str] | None:
    """Which kind of a known division a part is of; None where it names none or several."""
    noun = re.split(r"其中|包括|包含|分为|由", mention.clause_before)[-1]
    noun += "" if noun else mention.clause_after
    if re.search(r"以上|以下|及|或", noun):
        return None
    places = [place for place in find_places(noun) if place in list_counties()]
    if len(places) == 1:
        return -1, places[0]
    for number, family in enumerate(_FAMILIES):
        for word in sorted(family, key=len, reverse=True):
            if noun.startswith(word) or noun.endswith(word):
                return number, "外观设计" if word == "外观" else word
    return None


def do_not_overlap(parts: Sequence[Mention]) -> bool:
    """Whether parts are different kinds of one known division, so that nothing is in two."""
    members = [name_member(part) for part in parts]
    known = [member for member in members if member is not None]
    return (
        len(known) == len(parts)
        and len({number for number, _ in known}) == 1
        and len(set(known)) == len(known)
    )


def are_complete(parts: Sequence[Mention]) -> bool:
    """Whether parts are all there are of a division that has no others."""
    members = {member for part in parts if (member := name_member(part))}
    names = frozenset(name for _, name in members)
    return len(members) == len(parts) and names in (*_COMPLETE, list_counties())
