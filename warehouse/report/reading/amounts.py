"""Finds amounts in a text: a number with its unit, its qualifier and its precision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from warehouse.report.reading.chinese_numerals import (
    CHARACTERS,
    DIGITS,
    MAGNITUDES,
    STEPS,
    read_chinese,
)

_COUNTER_WORDS = (
    "个工作日 平方公里 平方米 千瓦时 家次 人次 件次 项次 户次 场次 台次 批次 车次 班次 个月 "
    "公里 公斤 千克 千瓦 小时 分钟 家 项 件 个 种 类 名 人 户 位 批 场 次 枚 条 座 部 台 套 "
    "期 所 处 吨 亩 篇 份 本 册 款 支 只 辆 组 宗 起 笔 艘 架 卷 席 口 例 门 届 间 栋 幢 张 "
    "米 分 秒 票 趟 岁 周 天 年 月"
)
COUNTERS = tuple(_COUNTER_WORDS.split())
"""What is counted in, the longer first: 家 and 家次, 人 and 人次 are different things."""
_CHARACTER_COUNTER_WORDS = (
    "家次 人次 场次 批次 个月 家 项 件 个 种 类 名 人 户 位 场 次 枚 条 座 所 款 份 趟 岁 年"
)
_OF_CHARACTERS = tuple(_CHARACTER_COUNTER_WORDS.split())
"""Counters before which a number in characters is an amount: 三点 or 四大 is none."""
_CURRENCIES = ("美元", "欧元", "港元", "日元", "元")
PERCENT, POINTS, TIMES, YUAN = "%", "个百分点", "倍", "元"
_RATIOS = {"%": Decimal(1), "‰": Decimal("0.1")}
_MOST = Decimal(10) ** 20
"""No figure is as large; beyond 28 digits decimals can no longer be divided."""
HIDDEN = "\ufffc"
"""Stands for a character that belongs to something else, such as a date; matches nothing."""

_QUALIFIER = "将近|接近|近|大约|约为|约|超过|超|逾|突破|不足|不到|至少|不少于|不低于|不超过"
_FOLLOWING = "左右|上下|以上|以下|以内"
_MAGNITUDE = "万亿|千万|百万|十万|万|亿|千|百(?!分)|十"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in names)


_SEVERAL = re.compile(r"[一二两三四五六七八九]{2,}")
"""三四家 is some, and not 34."""
_STEP_ALONE = frozenset({*STEPS, *MAGNITUDES} - {"十"})
"""百家 or 万人 is an amount only behind 近, 上 and the like: 万人拥有量 counts something else."""
_NOT_COUNTED = r"(?!牌|录|单|义|优|字|称|之|别|布|局|支|公司|析|工)"
"""名 and 分 before these are no counters: 5名牌, 3分之一."""
_COUNTED = (
    rf"(?:{POINTS}|百分点|[%‰]|{TIMES}|{_any_of(_CURRENCIES)}"
    rf"|(?:{_any_of(COUNTERS)}){_NOT_COUNTED})"
)
_WRITTEN = re.compile(
    rf"(?P<before>{_QUALIFIER})?(?P<number>(?<![\d.A-Za-z])(?:(?<![-\d.A-Za-z（(])[-－−])?"
    rf"(?:{_ARABIC}))(?![A-Za-z.]*\d)"
    rf"(?P<inner>[余多来])?[ \u00a0]?(?P<magnitude>{_MAGNITUDE})?"
    rf"(?P<outer>[余多](?!次|年|家企业共))?"
    rf"(?P<counter>{_COUNTED})?(?P<after>{_FOLLOWING}|[余多](?![个项家]))?"
)
_IN_CHARACTERS = re.compile(
    rf"(?P<before>{_QUALIFIER}|上)?(?<![数几好第每{CHARACTERS}])"
    rf"(?P<number>[{CHARACTERS}]+(?:点[{''.join(DIGITS)}]+)?)(?![数几])"
    rf"(?P<inner>[余多来])?(?P<magnitude>(?<=[{''.join(DIGITS)}])[万亿])?(?P<outer>)"
    rf"(?P<counter>{POINTS}|{TIMES}|{_any_of(_CURRENCIES)}"
    rf"|(?:{_any_of(_OF_CHARACTERS)}){_NOT_COUNTED})"
    rf"(?P<after>{_FOLLOWING})?"
)
_PER_HUNDRED = re.compile(
    rf"(?P<before>{_QUALIFIER})?(?P<base>百|千)分之(?P<number>[{CHARACTERS}点]+|{_ARABIC})"
    rf"(?P<after>{_FOLLOWING})?"
)
_TENTHS = re.compile(
    rf"(?P<before>{_QUALIFIER})?(?<![{CHARACTERS}\d])(?P<number>[一二两三四五六七八九\d])"
    rf"成(?P<unit>[一二三四五六七八九])?(?P<after>{_FOLLOWING}|多)?(?=[，,。；;、）)\s]|[的企规以受中]|$)"
)
_DOUBLED = re.compile(r"翻(?P<times>[一两二三])?番")
_JOINED = re.compile(r"[、和与及至到\-—–~～]|以及")


@dataclass(frozen=True)
class Amount:
    """An amount as written.

    Attributes:
        start: its first character, the qualifier before it included; `end` is one after the last.
        value: in `unit`.
        unit: money in 元, a percentage in %, else the counter; None where none is written.
        qualifier: as written; None where there is none.
        step: the worth of the last digit written, in `unit`: of 201.84亿元 it is 1,000,000.
        room: the worth of the last digit that is not 0: what 余 may add.
        magnitude: the factor that was written: of 万 it is 10,000.
        is_lone: a single 一, which is an amount only where something is counted.
    """

    start: int
    end: int
    value: Decimal
    unit: str | None
    qualifier: str | None
    step: Decimal
    room: Decimal
    magnitude: Decimal = Decimal(1)
    is_lone: bool = False


def find_amounts(text: str) -> list[Amount]:
    """Finds every amount, by its place.

    Args:
        text: folded; what is something else, such as a date, is `HIDDEN`.
    """
    found: list[Amount] = []
    for reader in (_read_fractions, _read_arabic, _read_characters):
        taken = mark(((item.start, item.end) for item in found), len(text))
        found += [item for item in reader(text) if not any(taken[item.start : item.end])]
    found = [item for item in found if abs(item.value) < _MOST]
    return _share_units(text, sorted(found, key=lambda item: item.start))


def hide(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these stretches made unreadable, and of the same length."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = HIDDEN * (end - start)
    return "".join(signs)


def mark(spans: Iterable[tuple[int, int]], length: int) -> bytearray:
    """Which characters of a text of this length lie in one of these stretches."""
    marked = bytearray(length)
    for start, end in spans:
        marked[start:end] = b"\1" * (end - start)
    return marked


def _read_arabic(text: str) -> Iterator[Amount]:
    for match in _WRITTEN.finditer(text):
        number = re.sub("[－−]", "-", match["number"].replace(",", ""))
        yield _make(match, Decimal(number), _read_magnitude(match["magnitude"] or ""))


def _read_characters(text: str) -> Iterator[Amount]:
    for match in _IN_CHARACTERS.finditer(text):
        number = match["number"]
        value = read_chinese(number)
        is_alone = number in _STEP_ALONE and not (match["before"] or match["inner"])
        if value is None or is_alone or _SEVERAL.fullmatch(number):
            continue
        amount = _make(match, value, _read_magnitude(match["magnitude"] or ""))
        yield replace(amount, is_lone=number == "一" and amount.unit not in {TIMES, POINTS})


def _read_fractions(text: str) -> Iterator[Amount]:
    for match in _PER_HUNDRED.finditer(text):
        value = _read_number(match["number"])
        if value is not None:
            share = value if match["base"] == "百" else value / 10
            yield _make_percent(match, share)
    for match in _TENTHS.finditer(text):
        value = _read_number(match["number"])
        if value is not None:
            rest = read_chinese(match["unit"]) if match["unit"] else None
            tenths = _make_percent(match, value * 10 + (rest or 0))
            yield tenths if rest else replace(tenths, step=Decimal(10))
    for match in _DOUBLED.finditer(text):
        doubled = 2 ** int(read_chinese(match["times"] or "一") or 1)
        value = Decimal(100 * (doubled - 1))
        yield Amount(match.start(), match.end(), value, PERCENT, None, Decimal(1), value)


def _read_number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if text[0].isdigit() else read_chinese(text)


def _read_magnitude(text: str) -> Decimal:
    factor = Decimal(1)
    for sign in text:
        factor *= (STEPS | MAGNITUDES)[sign]
    return factor


def _make(match: re.Match[str], number: Decimal, magnitude: Decimal) -> Amount:
    unit, factor = _read_unit(match["counter"])
    factor *= magnitude
    qualifier = match["before"] or match["inner"] or match["outer"] or match["after"]
    step, room = _measure_digits(number)
    return Amount(
        match.start(), match.end(), number * factor, unit, qualifier, step * factor, room * factor,
        magnitude,
    )  # fmt: skip


def _make_percent(match: re.Match[str], value: Decimal) -> Amount:
    step, room = _measure_digits(value)
    qualifier = match["before"] or match["after"]
    return Amount(match.start(), match.end(), value, PERCENT, qualifier, step, room)


def _read_unit(counter: str | None) -> tuple[str | None, Decimal]:
    if counter in _RATIOS:
        return PERCENT, _RATIOS[counter]
    return (POINTS if counter == "百分点" else counter), Decimal(1)


def _measure_digits(number: Decimal) -> tuple[Decimal, Decimal]:
    """The worth of the last digit written, and of the last one that is not 0."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101
    step = Decimal(1).scaleb(min(exponent, 0))
    written = "".join(map(str, digits))
    zeros = len(written) - len(written.rstrip("0")) if number else 0
    return step, step * 10**zeros


def _share_units(text: str, amounts: list[Amount]) -> list[Amount]:
    """Gives the unit of a list's last number to those before it: 4.77和3.53个百分点."""
    for at in range(len(amounts) - 2, -1, -1):
        item, following = amounts[at], amounts[at + 1]
        between = text[item.end : following.start]
        if item.unit is None and following.unit and _JOINED.fullmatch(between):
            factor = following.magnitude if item.magnitude == 1 else Decimal(1)
            amounts[at] = replace(
                item, unit=following.unit, value=item.value * factor, step=item.step * factor,
                room=item.room * factor, magnitude=item.magnitude * factor,
            )  # fmt: skip
    return amounts
