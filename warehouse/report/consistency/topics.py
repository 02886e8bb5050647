"""What a figure is about, as far as the words around it say so beyond doubt."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from warehouse.report.consistency.passages import Mention, Sentence
from warehouse.report.consistency.places import CITY, drop_places, find_places

_STATE = re.compile(
    r"^(目前|现在|截至目前|截止目前|其中|我市|，)*(已|共|现)?(组建|建有|建成|拥有|现有|共有|已有|设有|累计|有|共|达到|达)*"
)
_STATE_END = re.compile(
    r"(总数|总量|数量|总计|合计|累计|已经|已|共有|共计|共|达到|高达|达|为|是|有|的|约|近|超过|突破|增至|增加到|增长到)+$"
)
_ACTION = re.compile(
    r"开展|组织|召开|举办|检查|抽查|抽检|查处|办理|受理|培训|服务|发放|投入|走访|帮扶|深入|推动|引导|实施|完成|出动|立案|"
    r"协调|输送|减免|处理|处置|调解|指导|宣传|印发|争取|兑现|奖励|支持|解决|改造|申报|推荐|参加|参与|安排|列支|获|评|"
    r"认定|选树|命名|(?<![高创革])新(?!能源|材料|型|兴|产品|产业|城)|净增|增加|减少|退出|通过|涉及|分别|依次|其他|其余|其它|每|平均|人均|万人|最|第|以上的|超过|"
    r"导入|使用|运用|下达|拨付|落实|签订|签约|引进"
)
_ORGANISATION = re.compile(
    r"公司|集团|厂|学校|学院|大学|医院|街道|镇|乡|村|银行|协会|商会|园区|开发区|合作社|分局|研究所|某"
)
_CONDITION = re.compile(r"其中|包括|包含|分别|依次|如果|若|假如|例如|比如|案例|全国平均|全省平均")
_ADDED = re.compile(r"(新增|净增|增加)$")
_FIELD = re.compile(r"方面|领域|环节|行业|类")
_OF_ANY_RATE = re.compile(
    r"监督|抽查|抽检|抽样|检验|检测|监测|合格|总体|产品|商品|平均|质量|定期|评价性|批次|发现|[率比占重例]"
)
_SAID_OF_A_RATE = 2
_LEAST_OF_A_NOUN, _MOST_EXTRA = 2, 2
_NARROWING = re.compile(
    r"民营|国有|外资|规上|规下|大型|中型|小型|小微|发明|新型|外观|国家|省级|市级|县级|农村|城区|境内|国内|高价|核心|"
    r"机电|工业|农业|服务|净|新"
)
_SHORTEST, _CERTAIN = 4, 6
_LONGEST = 500
"""Characters of a sentence; more without a full stop are no sentence."""


@dataclass(frozen=True)
class Topic:
    """What is counted, where, and in which stretch of time, as the words say.

    Attributes:
        noun: the words right around the number, without place and verb.
        place: a reporting unit's code, `city`, or the word for a wider area.
        is_placed: whether the place is named in the sentence.
        dates: the periods its sentence names.
        section: the headings above, where the noun alone is too short to be sure of.
    """

    noun: str
    place: str
    is_placed: bool
    dates: frozenset[str]
    section: str


def find_topic(sentence: Sentence, at: int) -> Topic | None:
    """The topic of a figure; None where it may be a part, an action or somebody's own figure."""
    mention = sentence.mentions[at]
    is_running_text = sentence.role in ("paragraph", "item") and len(sentence.text) < _LONGEST
    if not is_running_text or mention.item.kind not in ("measure", "share"):
        return None
    if mention.speaks_of_another_time or mention.item.qualifier == "implied":
        return None
    before = _find_clause(sentence, at)
    if before is None or (not mention.is_last and mention.clause_after == mention.after != ""):
        return None
    noun = _trim(before) + ("" if mention.is_percent else _trim(mention.clause_after))
    said = sentence.text[: max(0, mention.start - sentence.start)]
    if not _is_distinctive(noun, mention) or _CONDITION.search(said):
        return None
    lead = drop_places(said.replace(before, ""))
    if _ORGANISATION.search(lead) or _FIELD.search(lead) or _has_label(said):
        return None
    named = find_places(said)
    place = named[-1] if named else _find_open_place(sentence)
    if place is None:
        return None
    section = "" if len(noun) >= _CERTAIN else sentence.heading
    return Topic(noun, place, bool(named), sentence.dates, section)


def _is_distinctive(noun: str, mention: Mention) -> bool:
    """Whether words say what is counted; those of a rate also of what it is a rate."""
    if mention.is_percent:
        return len(_OF_ANY_RATE.sub("", noun)) >= _SAID_OF_A_RATE
    return len(noun) >= _SHORTEST and not _ACTION.search(noun)


def find_noun(sentence: Sentence, at: int) -> str | None:
    """What is counted, verbs left out; None where the words are an organisation's or too few."""
    mention = sentence.mentions[at]
    said = drop_places(sentence.text[: max(0, mention.start - sentence.start)][-_LONGEST:])
    if _ORGANISATION.search(said) or _FIELD.search(said):
        return None
    is_cut = not mention.is_last and mention.clause_after == mention.after
    after = "" if is_cut or mention.is_percent else _trim(mention.clause_after)
    noun = _ACTION.sub("", _trim(mention.clause_before) + after)
    return noun if len(noun) >= _LEAST_OF_A_NOUN else None


def are_one_thing(noun: str, other: str) -> bool:
    """Whether two nouns of one indicator differ in next to nothing, and in no narrowing word."""
    short, long = sorted((noun, other), key=len)
    rest = iter(long)
    if any(letter not in rest for letter in short):
        return False
    extra = Counter(long) - Counter(short)
    return extra.total() <= _MOST_EXTRA and not _NARROWING.search(long.replace(short, ""))


def find_tail(mention: Mention) -> str:
    """The last words before a number, verbs of state left out."""
    return _trim(mention.clause_before)[-3:]


def _find_clause(sentence: Sentence, at: int) -> str | None:
    """The words that say what is counted: of `x新增5家达到17家` they stand before the 5."""
    mention = sentence.mentions[at]
    words = mention.clause_before
    if words != mention.before or mention.is_first:
        return words
    if at and _STATE_END.fullmatch(words):
        earlier = sentence.mentions[at - 1]
        if _ADDED.search(earlier.before) and earlier.unit == mention.unit:
            return _ADDED.sub("", earlier.clause_before)
    return None


def _trim(words: str) -> str:
    bare = _STATE_END.sub("", drop_places(words))
    bare = re.sub(r"^\d*年?(底|末)?", "", bare)
    return _STATE.sub("", bare, count=1)


def _has_label(said: str) -> bool:
    return bool(re.search(r"[：:]|——|－－|--", said))


def _find_open_place(sentence: Sentence) -> str | None:
    """The city, where neither the block so far nor its heading speaks of anything else."""
    around = sentence.heading + sentence.lead
    others = [place for place in find_places(around) if place != CITY]
    if others or _ORGANISATION.search(drop_places(around)):
        return None
    return CITY
