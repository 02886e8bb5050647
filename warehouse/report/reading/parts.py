"""Tells whether a number is a part of another: 其中国家标准388项, 14家（民营10家）."""

from __future__ import annotations

import re
from collections.abc import Sequence

from warehouse.report.reading.amounts import PERCENT
from warehouse.report.reading.mention import Mention

_PART = re.compile(
    r"其中|里面|当中|内含|内有|这些[^，。]{1,6}[里中]|(?:^|[，,（(；;])(?:含|包括)(?![^）)]*[）)])"
)
_TAKES = re.compile(r"占了?$")
_OPENS = re.compile(r"[（(][^，。；、\d]{0,8}")
"""What opens an aside right behind a number: 14家（民营10家）."""
_IS_ONE = re.compile(r"(?:是|为|属于?)(?!了|全|历)")
"""Behind a number, as in 10家是民营企业, this makes it a part of the one before."""
_LISTED = re.compile(r"[、，,和及与以并]{0,2}[^、，,。；\d]{0,14}")
_THINGS = frozenset({"家", "户", "个", "项", "件"})
"""Counters that one text uses for one thing: 17家企业，其中民营10个."""


def find_parent(
    text: str, near: Sequence[Mention], inside: Sequence[Mention], at: int
) -> tuple[bool, Mention | None]:
    """Whether a number is a part, and of which.

    Args:
        text: folded.
        near: the numbers of earlier sentences of the block.
        inside: those of its own sentence, of which it is the one at `at`.
        at: see `inside`.
    """
    item = inside[at]
    before = inside[at - 1] if at else None
    since = before.amount.end if before else item.sentence.start
    words = text[since : item.amount.start]
    if _PART.search(words) or (before is not None and _OPENS.fullmatch(words)):
        return True, _find_whole(item, [*near, *inside[:at]])
    is_listed = before is not None and before.is_part and _LISTED.fullmatch(words) is not None
    is_one = (
        before is not None
        and item.amount.unit == before.amount.unit
        and _IS_ONE.match(text, item.amount.end) is not None
    )
    takes = _TAKES.search(words) is not None
    whole = _find_whole(item, inside[:at] if takes or is_one else [*near, *inside[:at]])
    is_part = is_listed or is_one or (takes and whole is not None)
    return is_part, whole if is_part else None


def _find_whole(item: Mention, earlier: Sequence[Mention]) -> Mention | None:
    """The nearest number before it that may be the whole it is a part of."""
    for other in reversed(earlier):
        if not other.is_part and other.kind == "measure" and _is_same_unit(other, item):
            return other
    return None


def _is_same_unit(one: Mention, other: Mention) -> bool:
    if other.amount.unit == PERCENT:
        return True
    return one.amount.unit == other.amount.unit or {one.amount.unit, other.amount.unit} <= _THINGS
