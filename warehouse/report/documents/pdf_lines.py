"""Puts the lines of pages together to paragraphs.

A PDF knows lines, not paragraphs. A line goes on in the next one where it is full (the first word
of the next would not have fitted), the next is not set in, and nothing says that it begins anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from warehouse.report.documents.headings import guess_heading
from warehouse.report.documents.pdf_page import Line

BULLET = re.compile(r"(?:[•·●○■□◆◇▪➢√☑*※\ue000-\uf8ff]|[-–—](?=\s))[\s\u3000]*")
"""The sign before an item of a list; those of symbol fonts lie in the area of private use."""

_BEGINNING = re.compile(
    rf"{BULLET.pattern}|"
    r"[(（]?\d{1,2}[)）.．、](?!\d)|"
    r"[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]+[章节条]|"
    r"[①-⑳]|附件?[:：\d]"
)
_ENDING = "。；：！？;:!?"
_TOKEN = re.compile(
    r"[(（“《〔\[]*(?:[0-9A-Za-z.,%‰+/:_-]+|.)[、。，；：,;:）)”》〕%％]*", re.DOTALL
)
# One line in so many may be wider than the page, its characters having been misread.
_ODD_ONES = 50
_FULL = 0.88
_NEARLY_FULL = 0.7
_OPEN_END = re.compile(r"[0-9,，、《（(〔“]$")
_SET_IN = 6.0
_OTHER_SIZE = 0.6
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# What a PDF shows as the gap between Chinese and Latin is no blank of the text.
_GAP = re.compile(rf"(?<=[{_CJK}]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%.]) (?=[{_CJK}])")
# Quotation marks of another font lie where that font was drawn, not where they are read, and leave
# a gap where they belong: 银奖2 “ ”项。开展 老字号 建设. Where they belong cannot be told.
_DISPLACED = re.compile(r" ?[“”‘’](?: [“”‘’])+| [“”‘’](?=\S)")
_GAP_WITHIN_CJK = re.compile(rf"(?<=[{_CJK}]) (?=[{_CJK}])")
_SENTENCE = re.compile(r"[。，；：、]|,(?!\d)")


def join_lines(lines: Sequence[Line]) -> Iterator[str]:
    """The paragraphs of lines."""
    column = _find_column(lines)
    is_indented = _uses_indents(lines)
    said = ""
    for at, line in enumerate(lines):
        said = _join(said, line.text) if said else line.text
        following = lines[at + 1] if at + 1 < len(lines) else None
        if following is None or not _goes_on(line, following, column, is_indented):
            yield _close_gaps(said)
            said = ""


def _goes_on(line: Line, following: Line, column: tuple[float, float], is_indented: bool) -> bool:
    if line.text[-1] in _ENDING and not is_indented:
        return False
    if abs(line.size - following.size) > _OTHER_SIZE:
        return False
    if guess_heading(line.text) or _BEGINNING.match(following.text) or _is_row(line.text):
        return False
    if following.left > line.left + _SET_IN and not _BEGINNING.match(line.text):
        return False
    first = _TOKEN.match(following.text)
    reached = line.right + (Line(first[0], 0.0, line.size).right if first else 0.0)
    enough = _NEARLY_FULL if _OPEN_END.search(line.text) else _FULL
    return reached - column[0] >= (column[1] - column[0]) * enough


def _join(said: str, text: str) -> str:
    is_latin = said[-1].isascii() and said[-1].isalpha() and text[0].isascii() and text[0].isalpha()
    return f"{said} {text}" if is_latin else said + text


def _close_gaps(text: str) -> str:
    """A sentence without the gaps between Chinese and Latin; a row of a table keeps them."""
    kept, displaced = _DISPLACED.subn("", text)
    if displaced:
        text = _GAP_WITHIN_CJK.sub("", kept)
    return text if _is_row(text) else _GAP.sub("", text)


def _is_row(text: str) -> bool:
    """Whether a line looks like a row of a table: gaps, and nothing of a sentence."""
    return text.count(" ") > 1 and not _SENTENCE.search(text)


def _find_column(lines: Sequence[Line]) -> tuple[float, float]:
    """The left and right edge of the text, in points."""
    rights = sorted(line.right for line in lines)
    right = rights[-1 - len(rights) // _ODD_ONES] if rights else 0.0
    return min((line.left for line in lines), default=0.0), right


def _uses_indents(lines: Sequence[Line]) -> bool:
    """Whether paragraphs are told by an indent: a tenth of the lines begin a little further in."""
    if not lines:
        return False
    margin = Counter(round(line.left) for line in lines).most_common(1)[0][0]
    indented = sum(margin + _SET_IN < line.left < margin + 50 for line in lines)
    return indented * 10 >= len(lines)
