"""What a number of a text may stand for: its rounding and its qualifier give an interval."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from warehouse.report.model import Item

DIGITS = re.compile(r"[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?")
_BELOW = ("将近", "接近", "近", "不足", "不到")
_AT_MOST = ("不超过", "不高于", "至多", "最多", "以内", "以下", "低于", "少于")
_ABOVE = ("余", "多", "来")
_AT_LEAST = ("超过", "突破", "以上", "逾", "高于", "多于", "不少于", "不低于", "至少", "超")
_ABOUT = ("约", "左右", "上下", "大概", "大致", "几乎", "基本", "估计", "预计", "几")
_EXACT = (
    "达到", "高达", "已达", "达", "实现", "共计", "合计", "总计", "累计", "共", "新增", "净增",
    "增加", "仅", "只有", "为", "有", "已", "全部", "近年", "就近",
)  # fmt: skip
_ABOUT_SHARE = Decimal("0.05")
_FAR = Decimal(10) ** 30


@dataclass(frozen=True)
class Interval:
    """All values between two bounds, both inclusive."""

    low: Decimal
    high: Decimal

    def meets(self, other: Interval) -> bool:
        """Whether one value is in both."""
        return self.low <= other.high and other.low <= self.high

    def plus(self, other: Interval) -> Interval:
        """Every sum of a value of this and one of the other."""
        return Interval(self.low + other.low, self.high + other.high)

    def minus(self, other: Interval) -> Interval:
        """Every difference between a value of this and one of the other."""
        return Interval(self.low - other.high, self.high - other.low)

    def over(self, other: Interval) -> Interval | None:
        """Every quotient of two amounts; None where the divisor may be nothing or less."""
        if other.low <= 0 or self.low < 0:
            return None
        return Interval(self.low / other.high, self.high / other.low)

    def shift(self, by: int) -> Interval:
        """Every value and a number."""
        return Interval(self.low + by, self.high + by)

    def scale(self, by: int) -> Interval:
        """Every value times a positive number."""
        return Interval(self.low * by, self.high * by)


def find_step(item: Item, value: Decimal) -> Decimal:
    """The size of the last digit written, in the item's unit: 0.1亿 for 99.6亿元."""
    found = DIGITS.search(item.text)
    if found is None:
        return _find_spoken_step(item.text, value)
    written = re.sub("[,，]", "", found.group()).replace("．", ".")
    number = Decimal(written)
    decimals = len(written.partition(".")[2])
    factor = abs(value / number) if number else Decimal(1)
    return factor * Decimal(1).scaleb(-decimals)


def bound(item: Item, value: Decimal, before: str = "", after: str = "") -> Interval:
    """The values an item may stand for.

    Args:
        item: the number.
        value: its value.
        before: the text that leads to it.
        after: what follows.
    """
    step = find_step(item, value)
    half = step / 2 if not _is_count(item, step) else Decimal(0)
    lead = _find_lead(item, value)
    said = _list_qualifiers(item, before, after)
    low, high = value - half, value + half
    if said & {*_BELOW}:
        low = min(low, value - lead, value * Decimal("0.9"))
    if said & {*_ABOVE}:
        high = max(high, value + lead - (step if _is_count(item, step) else 0))
    if said & {*_AT_LEAST}:
        high = _FAR
    if said & {*_AT_MOST}:
        low = -_FAR
    if said & {*_ABOUT}:
        room = max(lead / 2, abs(value) * _ABOUT_SHARE)
        low, high = min(low, value - room), max(high, value + room)
    return Interval(low, high)


def widen_share(item: Item, value: Decimal, interval: Interval) -> Interval:
    """The values a rounded figure may come from, cut off instead of rounded as well."""
    step = find_step(item, value)
    if value < 0:
        return Interval(min(interval.low, value - step), interval.high)
    return Interval(interval.low, max(interval.high, value + step))


def _is_count(item: Item, step: Decimal) -> bool:
    """A count in ones is not rounded; an amount of money or a percentage is."""
    return step == 1 and item.unit not in ("%", "元", "倍")


def _find_lead(item: Item, value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 70余 ends before 80, 3500余 before 3600."""
    found = DIGITS.search(item.text)
    step = find_step(item, value)
    if found is None or "." in found.group():
        return max(step, _find_round_place(value) if found is None else step)
    return max(step, _find_round_place(value))


def _find_round_place(value: Decimal) -> Decimal:
    """Of 1,200 it is 100, of 7 it is 1; of nothing it is 1."""
    if not value:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _find_spoken_step(text: str, value: Decimal) -> Decimal:
    if "成" in text or "半" in text:
        return Decimal(10)
    return max(Decimal(1), _find_round_place(value))


def _list_qualifiers(item: Item, before: str, after: str) -> set[str]:
    """Every hedge said of a number, by the item itself or right beside it.

    One that nobody here knows counts as 约: what is not understood must not raise an alarm.
    """
    found: set[str] = set()
    written = (item.qualifier or "").strip()
    kinds = (_AT_MOST, _AT_LEAST, _BELOW, _ABOUT, _ABOVE)
    known = next((word for kind in kinds for word in kind if word == written), None)
    if known:
        found.add(known)
    elif written and written not in _EXACT:
        parts = {word for kind in kinds for word in kind if word in written}
        found |= parts or {"约"}
    lead, tail = before[-4:], after[:3]
    if not lead.endswith(("近年", "就近", "附近", "最近", "邻近")):
        found |= {word for kind in kinds[:4] for word in kind if lead.endswith(word)}
    found |= {word for word in ("以上", "以内", "以下", "左右", "上下") if tail.startswith(word)}
    found |= {word for word in ("以上", "左右", "上下", "以内", "以下") if word in item.text}
    found |= set(re.findall(r"(?<=[\d０-９十百千万亿])[余多来几]", item.text))
    if re.match(r"[余多]", tail) and not tail.startswith(("多元", "多种", "多样")):
        found.add("余")
    return found
