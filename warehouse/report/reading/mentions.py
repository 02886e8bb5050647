"""Puts each number of a text into what stands around it: its clause and what is beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from warehouse.report.model import Document, Kind
from warehouse.report.reading.amounts import Amount
from warehouse.report.reading.lists import distribute
from warehouse.report.reading.mention import IMPLIED, Mention, clean, find_role
from warehouse.report.reading.parts import find_parent
from warehouse.report.reading.sentences import Sentence, find_stop

_AFTER_NUMBER = re.compile(
    r"(?:、|和|及|与|以及|并|，|达到|达|增至|升至|增加|增长|下降|减少|提高|同比|环比|比|较|居|位|占|均|为|是|$)"
)
"""What follows a number that stands after the thing it counts; else that thing follows it."""
_FRAME = re.compile(
    r"[^，；：]{0,6}?(?P<level>国家级?|省级?|市级?|县级?|区级?)(?:层面|方面|一级|上)[，：]?"
)
_ASKS = re.compile(r"[？?]\s*\Z")
_FULL_STOPS = "。！？!?\n"
_NEAR = 12
"""Numbers back to which a part may belong."""


def build_mentions(
    document: Document,
    text: str,
    sentences: Sequence[Sentence],
    found: Sequence[tuple[Amount, Kind]],
) -> list[Mention]:
    """Puts every number into what stands around it, by its place.

    Args:
        document: the text's blocks.
        text: its folded text.
        sentences: all of it.
        found: numbers in order, each with its kind; all lie in a sentence.
    """
    mentions: list[Mention] = []
    at = 0
    for sentence in sentences:
        inside: list[Mention] = []
        while at < len(found) and found[at][0].start < sentence.end:
            amount, kind = found[at]
            inside.append(Mention(amount, kind, sentence))
            at += 1
        if inside:
            _describe(document, text, sentence, inside, mentions)
            mentions += inside
    for before, item in zip([None, *mentions], mentions, strict=False):
        item.previous = before
    return mentions


def _describe(
    document: Document, text: str, sentence: Sentence, inside: list[Mention],
    earlier: Sequence[Mention],
) -> None:  # fmt: skip
    block = document.blocks[sentence.block]
    stop = find_stop(text, _FULL_STOPS, block.start, sentence.start)
    near = [item for item in earlier[-_NEAR:] if item.sentence.block == sentence.block]
    _describe_sentence(document, text, stop, inside)
    if not near:
        inside[0].question = _find_question(document, text, sentence.block)
    for at, item in enumerate(inside):
        before = inside[at - 1] if at else None
        after = inside[at + 1] if at + 1 < len(inside) else None
        left, right = _find_sides(text, sentence, before, item, after)
        since = max([stop, *(other.amount.end for other in (*near, *inside[:at]))])
        if item.amount.qualifier == IMPLIED:
            left = text[since : item.amount.start]
        item.beside, item.behind = clean(left + right), clean(right)
        item.reach = clean(text[since : item.amount.start] + right)
        if before is not None and not stands_after(text, before, item.amount.start):
            item.reach = item.reach.removeprefix(before.behind)
        item.role = find_role(left)
        item.is_part, item.parent = find_parent(text, near, inside, at)
    distribute(text, sentence, inside)


def _describe_sentence(document: Document, text: str, stop: int, inside: list[Mention]) -> None:
    """Tells the numbers of a sentence what all of them share."""
    sentence = inside[0].sentence
    start = document.blocks[sentence.block].start
    around = clean(text[stop : sentence.end])
    theme = clean(text[find_stop(text, _FULL_STOPS, start, max(stop - 1, start)) : stop])
    heading = sentence.heading
    title = clean(text[heading.start : heading.end]) if heading else ""
    framed = _FRAME.match(around)
    for item in inside:
        item.around, item.theme, item.heading = around, theme, title
        item.frame = framed["level"] if framed else ""


def _find_question(document: Document, text: str, number: int) -> str:
    """The block before one, where it asks; empty where it does not."""
    if number == 0:
        return ""
    asked = document.blocks[number - 1]
    words = text[asked.start : asked.end]
    return clean(words) if _ASKS.search(words) else ""


def _find_sides(
    text: str, sentence: Sentence, before: Mention | None, item: Mention, after: Mention | None
) -> tuple[str, str]:
    """The words before and behind a number that belong to it.

    Between two numbers, 、 divides; without one, the words belong to the earlier number if it
    comes before its thing, and to the later one if that comes behind its own.
    """
    start, end = sentence.find_clause(item.amount.start)
    is_first = before is None or before.amount.end <= start
    last = end if after is None or after.amount.start >= end else after.amount.start
    right = text[item.amount.end : last].partition("、")[0]
    if is_first:
        return text[start : item.amount.start], right
    assert before is not None  # noqa: S101
    between = text[before.amount.end : item.amount.start]
    joint = between.rpartition("、")
    if joint[1]:
        return joint[2], right
    is_taken = not stands_after(text, before, item.amount.start) and not stands_after(
        text, item, last
    )
    return ("" if is_taken else between), right


def stands_after(text: str, item: Mention, last: int) -> bool:
    """Whether a number stands behind the thing it counts, as 标准1213项, and not before it."""
    return _AFTER_NUMBER.match(clean(text[item.amount.end : last])) is not None
