"""Tells what a number is: a count, a share, a change, a rank or a plan."""

from __future__ import annotations

import re

from warehouse.report.model import Kind
from warehouse.report.reading.amounts import PERCENT, POINTS, TIMES, Amount
from warehouse.report.reading.ranks import RANK_UNIT
from warehouse.report.reading.sentences import Sentence, find_stop

_CHANGE = re.compile(
    r"增长|增幅|增速|增加|增量|同比|环比|下降|降幅|减少|上升|提高|(?<!质量)提升|回落|下滑|高(?!于)出?|低(?!于)|降低|降|涨|跌|多(?![数家个项种方元部措层次样年地少点])|少|翻|快于|慢于|扩大|收窄|缩短|增"
)
_REACHED = re.compile(
    r"之比|(?:增长|增加|上升|提高|提升|回落|下降|降低|降|增|升|扩大)(?:到|至|为)|占|比重|比例|率(?:为|达|到|约|已|均|超|在|分别|稳定|保持|达到)"
)
_FALL = re.compile(r"下降|减少|回落|下滑|降低|降幅|跌|缩短|收窄|低于?|负增长|少|降")
_RISE = re.compile(r"增长|增幅|增速|增加|上升|提高|提升|高|涨|多|翻|扩大|增")
_NEXT = re.compile(
    r"(?:增加|减少|增长|多|少|增|减|高|低|缩短|压缩|延长)(?:了|到)?[^，。；\d]{0,2}$"
)
_PACE = re.compile(r"增速|增幅")
_ADDED = re.compile(r"(?:净增|新增)加?$")
_THEN = re.compile(r"[，,](?:同比|环比)?(?:增加|减少|下降|增长)")
"""Right behind another number, this says by how much it changed: 上年同期为678件，增加124件."""
_CHANGED = re.compile(r"(?:增加|减少|多|少|增长|下降|提高|上升)了$")
_COMPARED = re.compile(r"同比|环比|比上?|较|相比|与[^，]{0,8}比")
_PLAN = re.compile(
    r"(?<!完成)(?<!实现)(?<!距)(?<!占)目标(?!的|差|任务(?:完成|的)|责任|考核|化|管理)|力争|争取(?!到|了|国家|省|上级|中央|资金|专项|项目)|确保|拟(?!态|定|订)|有望|打算|规划到|"
    r"(?<!培育)(?<!年度)(?<!五年)(?<!行动)(?<!专项)(?<!工作)(?<!生产)(?<!”)(?<!个)(?<![按该本])"
    r"计划(?![\d，。；、”》）)\s,]|实施|要求|任务|书|内|外|中|的|和)|"
    r"将(?:达到?|突破|超过|新增|培育|建成|完成|实现|力争|新建|支持|安排|投入|组织|开展|推动|制定|再)|"
    r"(?<![重需主紧首必只不])要(?![求素点件闻务么约塞道害领地职]|特别|感谢|说|看|指出|强调)|今年再|须(?!知)|必须|应达到|预期(?!目标完成)|预计(?!实现|完成)|"
    r"(?:到|至)20\d\d年底?[^。；]{0,6}(?:达到|突破|实现|建成|形成|力争)|含义是|寓意|下一步|明年"
)
_ENDED = re.compile(r"(?<!为)了(?!解)|去年|上年|前年")
"""In a number's own clause, it tells what was, whatever is planned around it."""
_FULFILLED = re.compile(r"(?:完成|实现|达成|超额|未完成)[^，。；]{0,8}$")
_PLANNED_BEHIND = re.compile(r"拟(?!态|定|订)|打算|有望|^的?目标(?!的)")
_DONE = re.compile(r"已|完成了|实现了|达到了|超额|实际|截至|截止|占目标|目标的|为目标")
_LEAD = 16
"""Characters of a sentence that heads its own line."""
_PLAN_HEADING = re.compile(r"下一步|下步|工作安排|工作打算|工作计划|目标|计划|打算|展望")


def tell_kind(amount: Amount, text: str, sentence: Sentence, heading: str, earlier: int) -> Kind:
    """What an amount is.

    Args:
        amount: as found.
        text: the folded text.
        sentence: where it stands.
        heading: the nearest heading above.
        earlier: where the number before it in its sentence ends; the sentence's start without one.
    """
    kind = _tell_plain(amount, text, sentence, earlier)
    if kind != "target" and is_planned(amount, text, sentence, heading):
        return "target"
    return kind


def tell_sign(amount: Amount, text: str, sentence: Sentence) -> int:
    """-1 where a change is a fall, else 1; the nearest word before the number decides."""
    start, _ = sentence.find_clause(amount.start)
    before = text[start : amount.start]
    falls = [match.start() for match in _FALL.finditer(before)]
    rises = [match.start() for match in _RISE.finditer(before)]
    return -1 if falls and falls[-1] > max(rises, default=-1) else 1


def _tell_plain(amount: Amount, text: str, sentence: Sentence, earlier: int) -> Kind:
    if amount.unit == RANK_UNIT and text[amount.start] in "第首榜头魁前":
        return "rank"
    start, _ = sentence.find_clause(amount.start)
    before = text[max(start, earlier) : amount.start]
    if amount.unit in {POINTS, TIMES} or text[amount.start] == "翻":
        return "growth"
    changed = _find_last(_CHANGE, before)
    if amount.unit == PERCENT:
        is_pace = changed < 0 and _PACE.search(text[max(sentence.start, earlier) : amount.start])
        return "growth" if changed > _find_last(_REACHED, before) or is_pace else "share"
    if _ADDED.search(before):
        return "measure"
    if _CHANGED.search(before) or (
        earlier > sentence.start and _THEN.fullmatch(text[earlier : amount.start])
    ):
        return "growth"
    compared = max(
        _find_last(_COMPARED, before), 0 if _COMPARED.search(text[start : amount.start]) else -1
    )
    reached = _find_last(_REACHED, before)
    if compared >= 0 and changed > reached and _NEXT.search(before):
        return "growth"
    return "measure"


def _find_last(pattern: re.Pattern[str], text: str) -> int:
    """Where a pattern is found last; -1 where it is not."""
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def is_planned(amount: Amount, text: str, sentence: Sentence, heading: str) -> bool:
    """Whether an amount is a plan, by what stands before it; see `tell_kind`."""
    stop = find_stop(text, "。\n", 0, amount.start)
    before = text[stop : amount.start]
    start, end = sentence.find_clause(amount.start)
    if _ENDED.search(text[start : amount.start]):
        return False
    if _PLANNED_BEHIND.search(text[amount.end : end].partition("、")[0]):
        return True
    planned = [
        match.end()
        for match in _PLAN.finditer(before)
        if not (match.group() == "目标" and _FULFILLED.search(before, 0, match.start()))
    ]
    if planned:
        return _DONE.search(before, planned[-1]) is None
    title = heading + _find_lead(text, amount.start)
    return _PLAN_HEADING.search(title) is not None and not _DONE.search(before)


def _find_lead(text: str, place: int) -> str:
    """The short first sentence of a line, which heads it, as 五、2023年目标 does."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("。", start, place)
    return text[start:end] if 0 <= end - start <= _LEAD else ""
