"""Tells how well a wording fits what stands around a number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from warehouse.report.reading.amounts import PERCENT, POINTS, YUAN
from warehouse.report.reading.mention import IMPLIED, Mention, is_near
from warehouse.report.reading.ranks import RANK_UNIT
from warehouse.report.reading.wording import Line, Term, match_line

_SINCE = re.compile(r"(?<!今)(?<!年初)以来|至今|迄今")
_SPAN = re.compile(r"[\d一二三四前上]+个?(?:月|季度|年)|半年|全年|今年|本年|年初以来")


def fits(term: Term, mention: Mention) -> bool:
    """Whether a number of this kind, unit and role can be one of the term."""
    unit = mention.amount.unit
    if mention.kind == "growth":
        is_share = term.unit == PERCENT
        return is_share == (unit == POINTS) and term.unit != RANK_UNIT and not term.wording.role
    if mention.is_named and not term.wording.named:
        return False
    if mention.amount.qualifier == IMPLIED:
        return term.unit not in {PERCENT, RANK_UNIT, YUAN} and not term.is_flow
    if unit not in (term.counters or {unit}) or _is_criterion(mention):
        return False
    if mention.role == "cumulative" and term.is_periodic and _is_endless(mention):
        return False
    wanted = term.wording.role
    if mention.role in {"added", "net"}:
        return wanted == mention.role or (
            wanted is None and mention.role == "added" and term.is_flow
        )
    return wanted is None


def _is_endless(mention: Mention) -> bool:
    """Whether 累计 means all there ever was, and not all since the year began."""
    return _SPAN.search(mention.around) is None or _SINCE.search(mention.around) is not None


def _is_criterion(mention: Mention) -> bool:
    """Whether a number only says which things are meant, as in 拥有10件以上专利的企业."""
    return mention.amount.qualifier in {"以上", "以下", "以内"} and "的" in mention.behind


def score_words(
    term: Term, mention: Mention, words: str, parent: str | None, themes: Sequence[str]
) -> int:
    """How well the words fit; 0 where they do not.

    Args:
        term: what they may name.
        mention: the number.
        words: which it is understood by.
        parent: code of what it is a part of, as far as it is known.
        themes: things of which one alone may be left out where a text goes on about it.
    """
    part = 0
    if term.as_part and parent == term.wording.part_of:
        part = 2 * match_line(term.as_part, words)
    if mention.is_part and parent is not None:
        return part
    says = match_line(term.says, words)
    if not says:
        return part
    about = 0
    for line in term.about:
        found = match_line((line,), words) or _match_around(line, mention, themes)
        if not found:
            return part
        about += found
    return max(part, 2 * says + about)


def _match_around(line: Line, mention: Mention, themes: Sequence[str]) -> int:
    """A line in what stands around: of a share or a change, in what the nearest count is of."""
    if mention.kind in {"share", "growth"}:
        before = mention.previous
        if before is not None and is_near(before, mention) and before.kind == "measure":
            return match_line((line,), before.words or before.beside)
    found = match_line((line,), mention.around) or match_line((line,), mention.heading)
    if found:
        return found
    if mention.kind == "rank":
        return match_line((line,), mention.theme)
    spoken = [theme for theme in themes if theme in mention.theme + mention.around]
    return match_line((line,), mention.theme) if len(spoken) == 1 else 0


def measure_distance(term: Term, mention: Mention, words: str) -> int:
    """How far from a number the word stands by which a term is known."""
    heads = {word for line in term.says for word in line[-1]}
    behind = [mention.behind.find(word) for word in heads if word in mention.behind]
    before = [len(words) - words.rfind(word) for word in heads if word in words]
    return min(behind or before, default=len(words))
