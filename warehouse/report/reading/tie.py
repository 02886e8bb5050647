"""Ties a number to what it counts, or abstains: a wrong tie is the worst outcome."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from warehouse.contracts.model import Text
from warehouse.report.reading.context import is_filler, list_words
from warehouse.report.reading.fit import fits, measure_distance, score_words
from warehouse.report.reading.mention import Mention, is_near, list_near
from warehouse.report.reading.wording import Lexicon, Term, match_line

_PART_CUE = re.compile(r"，?其中")


@dataclass(frozen=True)
class Tie:
    """What a number was tied to.

    Attributes:
        code: of the indicator or the series; None where it was not tied.
        is_series: whether the code is a series that no indicator means.
        reason: why it was not tied.
    """

    code: str | None = None
    is_series: bool = False
    reason: Text | None = None


NOT_NAMED = Tie(
    reason=Text(
        zh="附近的文字没有说明是哪项指标，不作猜测。",
        en="The words around it name no indicator; nothing is guessed.",
    )
)
PLANNED = Tie(
    reason=Text(
        zh="这是目标或计划数，不与实际数比较。",
        en="This is a target or a plan; it is not held against what is.",
    )
)


def tie_mentions(mentions: Sequence[Mention], lexicon: Lexicon) -> list[Tie]:
    """Ties every number, in their order."""
    tied: dict[int, Tie] = {}
    ties: list[Tie] = []
    for mention in mentions:
        tie = _tie(mention, lexicon, tied)
        tied[id(mention)] = tie
        ties.append(tie)
    return ties


def _tie(mention: Mention, lexicon: Lexicon, tied: dict[int, Tie]) -> Tie:
    if mention.kind == "target":
        return PLANNED
    if mention.subject is not None:
        return tied[id(mention.subject)]
    parent = _name_whole(mention, lexicon)
    whole = mention.parent or _find_whole(mention, lexicon, tied)
    if parent.code is None and whole is not None:
        parent = tied.get(id(whole), NOT_NAMED)
    inherited = _inherit(mention, parent, tied)
    if inherited is not None:
        return inherited
    mention.words = mention.frame + mention.beside
    refused: Tie | None = None
    for beside in list_words(mention, lexicon):
        words = mention.frame + beside
        tie = _match(mention, words, lexicon, parent)
        if tie.code is not None or (tie is not NOT_NAMED and lexicon.has_topic(words)):
            mention.words = words
            return tie
        refused = refused or tie
    return refused or NOT_NAMED


def _name_whole(mention: Mention, lexicon: Lexicon) -> Tie:
    """What a part is of where the whole is named, but no number of it is there."""
    named = _PART_CUE.split(mention.reach)
    if not mention.is_part or len(named) == 1:
        return NOT_NAMED
    found = [
        term.code
        for term in lexicon.terms
        if term.code in lexicon.wholes
        and match_line(term.says, named[0])
        and all(match_line((line,), named[0]) for line in term.about)
        and lexicon.find_strange(term, named[0]) is None
    ]
    return Tie(found[0]) if len(set(found)) == 1 else NOT_NAMED


def _find_whole(mention: Mention, lexicon: Lexicon, tied: dict[int, Tie]) -> Mention | None:
    """The number a part is of where no 其中 says so: 标准1456项，国家标准417项."""
    for before in list_near(mention):
        code = tied[id(before)].code
        is_alike = mention.kind == before.kind and before.amount.unit == mention.amount.unit
        if (
            code
            and is_alike
            and any(
                term.wording.part_of == code and _is_bare_part(mention, term)
                for term in lexicon.terms
            )
        ):
            return before
    return None


def _is_bare_part(mention: Mention, term: Term) -> bool:
    """Whether nothing but the name of a part stands beside a number."""
    words = [word for line in term.as_part for choice in line for word in choice]
    names = [*mention.places, *sorted(words, key=len, reverse=True), "专利", "企业"]
    return any(word in mention.beside for word in words) and is_filler(mention.beside, names)


def _match(mention: Mention, words: str, lexicon: Lexicon, parent: Tie) -> Tie:
    scored: dict[str, tuple[tuple[int, int], Term]] = {}
    strange: list[tuple[int, str]] = []
    for term in lexicon.terms:
        if not fits(term, mention):
            continue
        score = score_words(term, mention, words, parent.code, lexicon.themes)
        if not score:
            continue
        is_behind = mention.behind and match_line(term.says, mention.behind)
        word = lexicon.find_strange(term, mention.behind if is_behind else words)
        word = word or next((w for w in term.wording.never_around if w in mention.around), None)
        if word is not None:
            strange.append((score, word))
            continue
        rank = (score, -measure_distance(term, mention, words))
        if rank > scored.get(term.code, ((0, 0), term))[0]:
            scored[term.code] = (rank, term)
    return _choose(scored.values(), strange)


def _choose(
    scored: Iterable[tuple[tuple[int, int], Term]], strange: Sequence[tuple[int, str]]
) -> Tie:
    ordered = sorted(scored, key=lambda pair: pair[0], reverse=True)
    if not ordered:
        return _tell_strange(max(strange)[1]) if strange else NOT_NAMED
    best = [term for score, term in ordered if score == ordered[0][0]]
    if len(best) > 1:
        return _tell_several(best)
    return Tie(best[0].code, is_series=best[0].wording.series is not None)


def _tell_strange(word: str) -> Tie:
    return Tie(
        reason=Text(
            zh=f"附近有“{word}”，与指标口径不同，不作猜测。",
            en=f"“{word}” beside it makes it another thing than the indicator; nothing is guessed.",
        )
    )


def _tell_several(terms: Sequence[Term]) -> Tie:
    codes = [term.code for term in terms]
    return Tie(
        reason=Text(
            zh=f"可能是 {'、'.join(codes)}，不作猜测。",
            en=f"It may be {', '.join(codes)}; nothing is guessed.",
        )
    )


def _inherit(mention: Mention, parent: Tie, tied: dict[int, Tie]) -> Tie | None:
    """The tie of what a part or a change speaks of, where nothing else is named beside it."""
    if mention.head_at is not None or mention.cell is not None:
        return None
    if not is_filler(mention.beside, mention.places):
        return None
    if mention.is_part and mention.kind == "measure":
        return parent if mention.places and mention.parent is not None else None
    if mention.kind != "growth":
        return None
    before = next((item for item in list_near(mention) if not _is_aside(item)), None)
    if before is None:
        return None
    mention.words = before.words
    return tied.get(id(before))


def _is_aside(before: Mention) -> bool:
    """Whether a change cannot be of this number but of one before it: no rank or increase grows."""
    earlier = before.previous
    if before.kind == "rank":
        return True
    has_earlier = earlier is not None and is_near(earlier, before) and earlier.kind == "measure"
    return before.role == "net" and has_earlier
