"""The words a number may be understood by, the nearest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from warehouse.report.reading.mention import Mention, is_near
from warehouse.report.reading.wording import Lexicon

_FILLER_WORDS = (
    "其中 包括 里面 当中 但 而 微 光 另 这个 这一 该 此 全市 我市 我们 黄石 目前 现在 现有 "
    "已经 已 就 又 也 还 都 仅 只 才 了 的 是 为 有 共 达到 达 计 约 到 在 至 增至 升至 合计 "
    "总数 总量 数量 数 新上榜 新增 新增加 新 净增 净增加 净 增加 增长 增幅 增速 减少 下降 "
    "降幅 上升 提高 提升 回落 多 少 高 低 分别 依次 同比 环比 比 较 与 和 及 相比 上年 去年 "
    "今年 前年 同期 年末 年底 末 底 年 月 日 季度 上半 前 初 个 家企业 企业 比重 占比 比例 "
    "幅度 增量 降 升 长 增 更 高达 仅为 则 却 后者 前者 若 把 同口径 可比口径 名义 实际 按 "
    "再 还有 另有 居 次之 当年 全年 独占 占 新进 新入围 指标 下滑 微降 逆势 缩短 才 左右 时 "
    "这 实现 现在是 规划期初 只有 之后 随后 进一步 继续 由 从 变为 提高到 跌到 降至 增加到 "
    "增长到 压减 涨幅 份额 次席 分地区看 分县区看 看"
)
_FILLER = re.compile(
    "|".join(sorted(_FILLER_WORDS.split(), key=len, reverse=True))
    + r"|第?[一二三四五六七八九十]+(?=季度|月|日|年)|\d+|[，、：:；。（）()\ufffc,]"
)
"""Words that name nothing: a number with no others beside it goes on from the one before it."""
_YEAR = re.compile(r"\d{4}年")
_ROLE = re.compile(r"净增加?|新增加?|总数|总量")
"""What a number says of itself alone."""


def list_words(mention: Mention, lexicon: Lexicon) -> Iterator[str]:
    """The words a number may be understood by, the nearest first."""
    beside = mention.beside
    yield beside
    if mention.is_named:
        return
    if mention.head_at is not None:
        if not lexicon.has_topic(beside):
            yield from _list_heads(mention)
        return
    if mention.reach != beside:
        yield mention.reach
    if mention.cell is None:
        yield from _list_earlier(mention)


def _list_heads(mention: Mention) -> Iterator[str]:
    """The words of a list's number whose own head names nothing, with those that do."""
    topics = [name for name in mention.heads if not is_filler(name, mention.places)]
    if topics:
        yield mention.beside + topics[-1]
        return
    before = _find_first(mention).previous
    if before is not None and before.amount.unit == mention.amount.unit:
        yield before.words + mention.beside


def _list_earlier(mention: Mention) -> Iterator[str]:
    """The words of a number with those of what it answers or goes on from."""
    if mention.question:
        yield mention.question + mention.beside
    if not is_filler(mention.reach, mention.places):
        return
    before = _find_alike(mention)
    is_plain_part = mention.is_part and mention.role not in {"added", "net"}
    if before is not None and not is_plain_part:
        yield _ROLE.sub("", before.words) + mention.beside
    elif before is None and mention.heading and _YEAR.search(mention.reach):
        yield mention.heading + mention.beside


def _find_alike(mention: Mention) -> Mention | None:
    """The number of the same kind and unit that one may go on from, over changes and ranks."""
    before = mention.previous
    while before is not None and (is_near(before, mention) or _goes_back(before, mention)):
        if before.kind == mention.kind:
            return before if before.amount.unit == mention.amount.unit else None
        if before.kind not in {"growth", "rank", "share"}:
            return None
        before = before.previous
    return None


def _goes_back(before: Mention, mention: Mention) -> bool:
    """Whether a sentence says nothing but another time of what the one before it was about."""
    is_same_block = before.sentence.block == mention.sentence.block
    return is_same_block and _YEAR.search(mention.reach) is not None


def _find_first(mention: Mention) -> Mention:
    """The first number of a list with several heads."""
    first = mention
    while first.previous is not None and first.previous.heads == mention.heads:
        first = first.previous
    return first


def is_filler(words: str, places: Iterable[str]) -> bool:
    """Whether words name nothing that could be counted."""
    for name in places:
        words = words.replace(name, "")
    return not _FILLER.sub("", words)
