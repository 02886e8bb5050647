"""Gives each number of a list its own head: 甲、乙、丙分别为 x、y、z."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from warehouse.report.reading.mention import Mention, clean, find_role
from warehouse.report.reading.sentences import Sentence

_SHARED_CUE = re.compile(r"分别|依次|各(?:为|达)|[：:]")
_LIST_JOINT = re.compile(r"(?:、|和|及|与|以及|，|,|；)?")
_HEAD_JOINT = re.compile(r"、|和|及|与|以及")
_HEAD_MARK = re.compile(r"、")
_LEAST = 2
"""Numbers of a list."""


def distribute(text: str, sentence: Sentence, inside: list[Mention]) -> None:
    """Gives each number of 甲、乙、丙分别为 its own head, or the number it is a change of.

    Args:
        text: folded.
        sentence: which is read.
        inside: its numbers, by place; they are completed.
    """
    for cue in _SHARED_CUE.finditer(text, sentence.start, sentence.end):
        run = list(_follow_run(text, inside, cue.end()))
        if len(run) < _LEAST:
            continue
        start = _find_heads(text, sentence, cue)
        earlier = [item for item in inside if item.amount.end <= cue.start()]
        since = max([start, *(item.amount.end for item in earlier)])
        heads = _choose_heads(text, since, len(text[: cue.start()].rstrip("，,")), len(run))
        measures = [item for item in earlier if item.kind == "measure"]
        if len(heads) >= len(run):
            _give_heads(text, run, heads[-len(run) :], text[cue.end() : run[0].amount.start])
            lead = run[0].reach.partition(run[0].heads[0])[0]
            for item in run:
                item.heads = (lead, *item.heads)
        elif run[0].kind == "growth" and len(measures) >= len(run):
            for item, subject in zip(run, measures[-len(run) :], strict=True):
                item.subject = subject


def _find_heads(text: str, sentence: Sentence, cue: re.Match[str]) -> int:
    """Where the heads of a list begin: in the cue's clause, or in the one that leads to it."""
    if cue.group() in "：:":
        return sentence.start
    number = sentence.number_clause(cue.start())
    start, _ = sentence.clauses[number]
    is_bare = number > 0 and not text[start : cue.start()].strip()
    return sentence.clauses[number - 1][0] if is_bare else start


def _give_heads(
    text: str, run: Sequence[Mention], heads: Sequence[tuple[int, int]], words: str
) -> None:
    names = tuple(clean(text[first:last]) for first, last in heads)
    for item, place, name in zip(run, heads, names, strict=True):
        item.head_at, item.heads = place, names
        item.beside = name + clean(words)
        item.behind = ""
        item.role = find_role(item.beside)


def _follow_run(text: str, inside: Sequence[Mention], start: int) -> Iterator[Mention]:
    following = [item for item in inside if item.amount.start >= start]
    for at, item in enumerate(following):
        if at and not _LIST_JOINT.fullmatch(text[following[at - 1].amount.end : item.amount.start]):
            return
        yield item


def _choose_heads(text: str, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """The heads of a list: parted by 、 alone if that gives one a number, else by 和 as well."""
    heads = _split_heads(text, start, end, _HEAD_MARK)
    return heads if len(heads) == count else _split_heads(text, start, end, _HEAD_JOINT)


def _split_heads(text: str, start: int, end: int, joint: re.Pattern[str]) -> list[tuple[int, int]]:
    heads: list[tuple[int, int]] = []
    at = start
    for match in joint.finditer(text, start, end):
        heads.append((at, match.start()))
        at = match.end()
    return [*heads, (at, end)]
