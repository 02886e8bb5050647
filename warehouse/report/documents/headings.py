"""Which lines are headings, where nothing but their wording says so."""

from __future__ import annotations

import re

_MARKS = (
    re.compile(r"第[一二三四五六七八九十百]+[编章][\s　、:：]"),
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[(（][一二三四五六七八九十]+[)）]"),
)
_LONGEST = 40
_NO_HEADING = re.compile(r"[。；;！!？?，,：:]")


def guess_heading(line: str) -> int:
    """The level of a line headed 第一章, 一、 or （一）; 0 where it is no heading.

    Officials write whole paragraphs behind such marks, so a line with the punctuation of a sentence
    is none.
    """
    line = line.strip()
    if len(line) > _LONGEST or "\n" in line or _NO_HEADING.search(line):
        return 0
    for level, mark in enumerate(_MARKS, start=1):
        if mark.match(line):
            return max(level, 2)
    return 0
