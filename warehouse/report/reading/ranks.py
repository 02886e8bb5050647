"""Finds places in a comparison: 居全省第2位, 位列第三, 首位, 前三."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from warehouse.report.reading.amounts import Amount
from warehouse.report.reading.chinese_numerals import read_chinese

RANK_UNIT = "位"
_COMPARED_WORDS = (
    "居 列 排 位 名 占 为 各地 各县 获 得 夺 拿下 跃升 上升 升至 进入 跻身 保持 稳居 全省 "
    "全国 全市 全球 世界 省内 国内 市内 湖北 同类 同级"
)
_COMPARED = "|".join(_COMPARED_WORDS.split())
"""What stands a little before a rank; 质量第一 has none of it."""
_REACH = 12
_ASIDE = re.compile(r"（[^（）]*）")
_ORDINAL = re.compile(
    r"第(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<unit>位次|位|名)?"
    r"(?![\d一二三四五六七八九十]|批|届|次|期|轮|季|产业|条|章|款|号|年|个|家|项|书记|时间|线|类|方|责任|代|种|阶段"
    r"|名誉|步|要务|资源|动力|生产力|梯队|站|课|关|任|部|组|卷|版|节|集|辑|讲|张|页|中学|小学|医院|人民)"
)
_TOP = re.compile(r"[居列排位占获夺于][^，。；\d]{0,6}?(?P<rank>首位|榜首|头名|魁首)")
_AHEAD = re.compile(
    r"(?:居|列|排|位|进入|跻身|保持|处于)[^，。；\d]{0,6}?"
    r"(?P<rank>前(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<unit>位|名)?)(?!强|列|茅|沿|季|月|年|期)"
)
_PLACES = re.compile(
    r"(?:前移|提升|上升|前进|跃升|进|升|后移|下降)(?:了)?(?P<rank>(?P<number>\d{1,2}|[一两二三四五六七八九十]{1,3})(?:个)?(?:位次|位|名))"
)


def find_ranks(text: str) -> list[Amount]:
    """Finds every rank, by its place.

    Args:
        text: folded; what is something else is hidden, see `amounts.hide`.
    """
    found: list[Amount] = []
    taken = bytearray(len(text))
    for item in (*_read_top(text), *_read_ahead(text), *_read_ordinals(text)):
        if not any(taken[item.start : item.end]):
            taken[item.start : item.end] = b"\1" * (item.end - item.start)
            found.append(item)
    return sorted(found, key=lambda item: item.start)


def find_moves(text: str) -> list[tuple[int, int]]:
    """Where a text says by how many places a rank moved: a change, and no rank."""
    return [match.span("rank") for match in _PLACES.finditer(text)]


def _read_ordinals(text: str) -> Iterator[Amount]:
    for match in _ORDINAL.finditer(text):
        before = _ASIDE.sub("", text[max(match.start() - _REACH, 0) : match.start()])
        before = re.split(r"[，。；、“”\n]", before)[-1]
        if re.search(_COMPARED, before) or (match["unit"] and before):
            yield _make(match.span(), match["number"], None)


def _read_top(text: str) -> Iterator[Amount]:
    for match in _TOP.finditer(text):
        yield _make(match.span("rank"), "1", None)


def _read_ahead(text: str) -> Iterator[Amount]:
    for match in _AHEAD.finditer(text):
        yield _make(match.span("rank"), match["number"], "前")


def _make(span: tuple[int, int], number: str, qualifier: str | None) -> Amount:
    value = Decimal(number) if number.isdecimal() else read_chinese(number) or Decimal(0)
    return Amount(*span, value, RANK_UNIT, qualifier, Decimal(1), Decimal(1))
