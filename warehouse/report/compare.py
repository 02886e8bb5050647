"""Holds the number of a text against the published figures and says whether it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from warehouse.contracts.model import Text
from warehouse.report.candidate import Candidate
from warehouse.report.figures import Figure, Figures
from warehouse.report.model import Status
from warehouse.report.reading.amounts import Amount
from warehouse.report.words import (
    SPAN_OPEN,
    say_agrees,
    say_contradicts,
    say_revised,
    say_rounded,
)

_UNDER = frozenset({"近", "将近", "接近", "不足", "不到"})
_OVER = frozenset({"余", "多"})
_AT_LEAST = frozenset({"超过", "超", "逾", "突破", "以上", "至少", "不少于", "不低于", "上"})
_AT_MOST = frozenset({"以下", "以内", "不超过"})
_ABOUT = frozenset({"约", "约为", "大约", "左右", "上下"})
_AMONG = "前"
"""前三 is true of the second."""
_UNDER_BY, _OVER_BY, _ABOUT_BY = Decimal("0.1"), Decimal("0.5"), Decimal("0.05")
"""近500 is from 450, 超过500 to 750, 约500 from 475 to 525: what a reader takes the words for. 余
is bounded by the last digit that is not 0: 500余 ends at 600, 70余 at 80."""


@dataclass(frozen=True)
class Verdict:
    """What came of a comparison.

    Attributes:
        release: the one in which the text's value stood, else the one of `candidate`.
    """

    status: Status
    reason: Text
    candidate: Candidate | None = None
    release: int | None = None


def compare_amount(amount: Amount, candidates: Sequence[Candidate], figures: Figures) -> Verdict:
    """Compares a number with all the warehouse has for it; any that agrees is enough."""
    for candidate in candidates:
        if agrees(amount, candidate.value, candidate.qualifier):
            return Verdict("agrees", say_agrees(candidate), candidate, candidate.release)
    for candidate in candidates:
        if agrees_rounded(amount, candidate.value, candidate.qualifier):
            return Verdict(
                "agrees when rounded", say_rounded(candidate), candidate, candidate.release
            )
    for candidate in candidates:
        for other in candidate.earlier:
            if _stood(amount, other):
                return _explain(candidate, other, figures)
    certain = [candidate for candidate in candidates if candidate.is_certain]
    if certain:
        nearest = min(certain, key=lambda item: abs(item.value - amount.value))
        return Verdict("contradicts", say_contradicts(nearest), nearest, nearest.release)
    return Verdict("cannot be tied", SPAN_OPEN, candidates[0] if candidates else None)


def _stood(amount: Amount, other: Figure) -> bool:
    """Whether what a text says is true of another value a figure had."""
    value, qualifier = other.value, other.qualifier
    return value is not None and (
        agrees(amount, value, qualifier) or agrees_rounded(amount, value, qualifier)
    )


def agrees(amount: Amount, value: Decimal, qualifier: str | None) -> bool:
    """Whether what a text says is true of a published value, its qualifier taken at its word."""
    said = amount.qualifier
    if value == amount.value and (said is None) == (qualifier is None):
        return said is None or _is_alike(said, qualifier)
    if said is None or qualifier is not None:
        return False
    low, high = measure_range(amount)
    return low <= value <= high and (value != amount.value or said not in {*_UNDER, *_OVER})


def measure_range(amount: Amount) -> tuple[Decimal, Decimal]:
    """The values a number with a qualifier may stand for."""
    value, said = amount.value, amount.qualifier
    if said in _UNDER:
        return value * (1 - _UNDER_BY), value
    if said in _OVER:
        return value, value + amount.room
    if said in _AT_LEAST:
        return value, value * (1 + _OVER_BY)
    if said in _AT_MOST:
        return value * (1 - _OVER_BY), value
    if said == _AMONG:
        return Decimal(1), value
    if said in _ABOUT:
        slack = max(value * _ABOUT_BY, amount.step / 2)
        return value - slack, value + slack
    return value, value


def agrees_rounded(amount: Amount, value: Decimal, qualifier: str | None = None) -> bool:
    """Whether a published value, rounded to the digits written, is what the text says."""
    if amount.qualifier and qualifier:
        is_alike = _is_alike(amount.qualifier, qualifier)
        return not is_alike and _overlap(amount, value, qualifier)
    if amount.qualifier not in {None, *_ABOUT} or not amount.step:
        return False
    rounded = (value / amount.step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * amount.step
    return rounded == amount.value and value != amount.value


def _overlap(amount: Amount, value: Decimal, qualifier: str) -> bool:
    """Whether 超过230 and 近240 can both be true of one value."""
    low, high = measure_range(amount)
    other = replace(amount, value=value, qualifier=qualifier)
    first, last = measure_range(other)
    return max(low, first) < min(high, last)


def _is_alike(said: str, qualifier: str | None) -> bool:
    groups = (_UNDER, {*_OVER, *_AT_LEAST}, _AT_MOST, _ABOUT, {"implied"})
    return said == qualifier or any({said, qualifier} <= set(group) for group in groups)


def _explain(candidate: Candidate, other: Figure, figures: Figures) -> Verdict:
    said = figures.name_release(other.known_from_release)
    now = figures.name_release(candidate.release)
    reason = say_revised(candidate, said.short, now.short)
    return Verdict("explained by a later revision", reason, candidate, said.release_id)
