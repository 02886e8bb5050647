"""Keeps what may be a person's name or number out of the pages, wherever a clerk wrote it."""

from __future__ import annotations

import re

HIDDEN = "…"

_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[-－ ]\d{7,8}"
    r"|\d{17}[0-9Xx])(?![0-9A-Za-z])"
)
"""Mobile numbers, numbers with an area code, and the citizen's number of eighteen digits."""

_LABELS = re.compile(
    r"(?:负责人|填表人|填报人|制表人|经办人|审核人|复核人|统计员|联系人|联系电话|联系方式|手机"
    r"|电话|分机号|经办)[^:：]{0,8}[:：]"
)


def is_personal(text: str) -> bool:
    """Whether a text holds a telephone or citizen's number, or the label of a form's footer."""
    folded = re.sub(r"(?<=\S)\s(?=\S)", "", text) if "：" in text or ":" in text else text
    return bool(_NUMBERS.search(text) or _LABELS.search(folded))


def hide_personal(text: str | None) -> str | None:
    """The text itself, or a sign that something stands there."""
    return HIDDEN if text is not None and is_personal(text) else text


def mask_numbers(text: str | None) -> str | None:
    """A free text with telephone and citizen's numbers left out."""
    return text and _NUMBERS.sub(HIDDEN, text)
