"""A number of a text with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from warehouse.report.model import Kind
from warehouse.report.reading.amounts import Amount
from warehouse.report.reading.sentences import Sentence
from warehouse.report.reading.tables import Cell
from warehouse.report.reading.wording import Role

_FAR = 100
"""Numbers; so many without a full stop are a table that lost its lines."""
IMPLIED = "implied"
"""The qualifier of an amount that is said without a number."""
_MARKS = re.compile(r"〔[^〔〕]*〕|[。；;！？!?“”\"'‘’《》〈〉「」【】\s]")
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("net", re.compile(r"净增加?")),
    (
        "added",
        re.compile(
            r"新增加?|添了|增添|新(?:组建|建|设|成立|创建|引进|晋|添)|新添|又增|新认定|新获批?|新入选|新培育|新上榜|新评|增加(?!值|到|至)|新发展"
        ),
    ),
    ("cumulative", re.compile(r"累计|累积|历年")),
    ("total", re.compile(r"达到|增至|增加到|增加至|总数|共有|拥有")),
)


@dataclass
class Mention:
    """A number of a text with what stands around it.

    Attributes:
        amount: as written.
        kind: what it is.
        sentence: where it stands.
        beside: the words that belong to it, without quotes and blanks.
        behind: those of them that stand behind it.
        frame: the level its sentence begins with, as 在市级层面.
        reach: all since the number before it, or since the full stop, to where its clause ends.
        around: all since the last full stop, to the end of its sentence.
        words: the words it was understood by, those of the number it goes on from included.
        theme: the sentence before, up to the full stop.
        question: the block before, where it asks and this is the first number of the answer.
        heading: the nearest heading above.
        role: 新增, 净增, 累计 or a total, by the word before it.
        is_part: whether 其中 leads to it.
        parent: the number it is a part of, or whose subject it shares.
        head_at: where the words of a distributed list stand that belong to it; None without one.
        heads: all heads of that list, what leads to them first.
        subject: the number it says the change of, in a list of changes.
        is_named: whether it counts names that are listed.
        cell: its cell, where it stands in a table.
        places: names of the places that stand beside it.
        previous: the number before it in the text.
    """

    amount: Amount
    kind: Kind
    sentence: Sentence
    beside: str = ""
    behind: str = ""
    frame: str = ""
    reach: str = ""
    words: str = ""
    around: str = ""
    theme: str = ""
    question: str = ""
    heading: str = ""
    role: Role | None = None
    is_part: bool = False
    parent: Mention | None = None
    head_at: tuple[int, int] | None = None
    heads: tuple[str, ...] = ()
    subject: Mention | None = None
    is_named: bool = False
    cell: Cell | None = None
    places: tuple[str, ...] = ()
    previous: Mention | None = field(default=None, repr=False)


def clean(text: str) -> str:
    """A stretch of text without quotes, blanks and remarks, in which words are looked for."""
    return _MARKS.sub("", text)


def find_role(left: str) -> Role | None:
    """The word for what is counted that stands nearest before a number."""
    found = [(match.end(), role) for role, pattern in _ROLES for match in pattern.finditer(left)]
    return max(found)[1] if found else None


def is_near(before: Mention, mention: Mention) -> bool:
    """Whether no full stop stands between two numbers."""
    is_same_block = before.sentence.block == mention.sentence.block
    return is_same_block and mention.around.startswith(before.around)


def list_near(mention: Mention) -> Iterator[Mention]:
    """The numbers before one, the nearest first, as far back as no full stop stands between."""
    before = mention.previous
    for _ in range(_FAR):
        if before is None or not is_near(before, mention):
            return
        yield before
        before = before.previous
