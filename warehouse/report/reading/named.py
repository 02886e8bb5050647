"""Counts names where a text gives no number: 甲和乙获得某称号 says two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from warehouse.report.reading.amounts import Amount
from warehouse.report.reading.mention import IMPLIED, Mention, clean
from warehouse.report.reading.sentences import Sentence

_AWARDED = re.compile(
    r"(?P<names>[^“”（）()]{2,60}?)(?:成功|先后|双双|共同|同时|又|均|也|分别|已|相继|一举)*"
    r"(?P<verb>获得|荣获|获评|获批|入选|入围|列入|跻身|荣登|被认定为|被评为|被授予|进入|获)"
    r"(?P<honour>.{3,40})"
)
_LEADING = re.compile(
    r"^(?:推动|支持|助推|引导|指导|帮助|推荐|培育|其中|近日|今年|去年|目前|全市|我市|黄石市?|同时|此外|另外)+"
)
_JOINT = re.compile(r"、|和|及|与|以及")
_GENERAL = re.compile(
    r"企业$|品牌$|产品$|我市|全市|单位$|部门$|县$|市$|区$|等$|数量|一批|多|各|工作$|\d|[一二两三四五六七八九十]+[家个项]"
)
"""A name that ends so is none: 我市企业获得 names nobody."""
_LEAST, _LEAST_ALONE, _MOST = 2, 8, 24
"""Characters of a name; of one that stands alone, where no 和 shows that names are listed."""


def find_named(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> list[Mention]:
    """Finds names that are said to have got or entered something, as counts of what they got.

    Args:
        text: folded.
        sentences: all of it.
        mentions: the numbers; a clause that has one says itself how many there are.
    """
    found: list[Mention] = []
    starts = [mention.amount.start for mention in mentions]
    implied = {mention.sentence for mention in mentions if mention.amount.qualifier == IMPLIED}
    at = 0
    for sentence in sentences:
        if sentence in implied:
            continue
        for start, end in sentence.clauses:
            while at < len(starts) and starts[at] < start:
                at += 1
            if at < len(starts) and starts[at] < end:
                continue
            found += _read_clause(text, sentence, start, end)
    return found


def _read_clause(text: str, sentence: Sentence, start: int, end: int) -> Iterator[Mention]:
    match = _AWARDED.match(text, start, end)
    if match is None:
        return
    leading = _LEADING.match(match["names"])
    first = match.start("names") + (leading.end() if leading else 0)
    names = [name.strip() for name in _JOINT.split(text[first : match.end("names")])]
    least = _LEAST if len(names) > 1 else _LEAST_ALONE
    if not all(least <= len(name) <= _MOST and not _GENERAL.search(name) for name in names):
        return
    count = Decimal(len(names))
    amount = Amount(first, match.end("verb"), count, None, IMPLIED, Decimal(1), Decimal(1))
    around = clean(text[sentence.start : sentence.end])
    yield Mention(
        amount, "measure", sentence, beside=clean(match["honour"]), around=around, is_named=True
    )
