"""Says whether a form is a nil report: a cell says 零报告; a sentence that mentions it does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SAYS = re.compile(
    r"(?P<asks>是否)?(?:本期|本季度?|本月|本年度?|本报告期)?(?:为|作)?零报告"
    r"(?P<colon>:)?(?P<answer>是|否|不是|√|×)?[。.!]*"
)
_TITLED = re.compile(r".*表\(零报告\)")
_YES = frozenset({"是", "√"})
_NO = frozenset({"否", "不是", "×"})
_FILLER = re.compile(r"\d{1,3}|[-—–/]+|不适用|N/A|无")
_MORE = 1


def answer_nil(cells: Sequence[str]) -> bool | None:
    """What the filled cells of a line say: a nil report, none, or nothing of the kind.

    True for 零报告, 本期零报告, 零报告：是 and 零报告 beside 是; False for 零报告：否; None for a
    question left open and for a sentence that mentions the words.
    """
    folded = [_fold(text) for text in cells]
    answers = [_answer(text, folded[at + 1 : at + 2]) for at, text in enumerate(folded)]
    given = [answer for answer in answers if answer is not None]
    return any(given) if given else None


def holds_more(cells: Sequence[str]) -> bool:
    """Whether a line says more than 零报告 and who says it: then it is a row of data."""
    others = [
        text
        for text in map(_fold, cells)
        if not (_SAYS.fullmatch(text) or _FILLER.fullmatch(text) or text in _YES | _NO)
    ]
    return len(others) > _MORE


def titles_nil(text: str) -> bool:
    """Whether a title ends with （零报告）."""
    return bool(_TITLED.fullmatch(_fold(text)))


def _fold(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _answer(text: str, following: Sequence[str]) -> bool | None:
    said = _SAYS.fullmatch(text)
    if said is None:
        return None
    answer = said["answer"] or next((word for word in following if word in _YES | _NO), None)
    if answer:
        return answer in _YES
    return None if said["asks"] or said["colon"] else True
