"""Checks what a steward types: who decides, why, and until when."""

from __future__ import annotations

import unicodedata
from datetime import date

from warehouse.contracts.model import Text
from warehouse.decide.failure import NotUnderstood

_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that steer a screen, or that no file can hold: the command line hands on
bytes it cannot decode as lone surrogates."""


def require_name(text: str) -> str:
    """The name of who decides.

    Raises:
        NotUnderstood: nobody is named, or the gate, which decides by itself alone.
    """
    name = _fold(text)
    if not name:
        raise _ask(Text(zh="请写明由谁决定（--by）。", en="Say who decides (--by)."))
    if name.casefold() == "gate":
        zh = "gate 是审核程序，不能替人决定；请写决定人（--by）。"
        en = "gate is the nightly verdict and decides for nobody; name who decides (--by)."
        raise _ask(Text(zh=zh, en=en))
    return name


def require_reason(text: str) -> str:
    """Why it is decided so, in one line.

    Raises:
        NotUnderstood: no reason is given.
    """
    reason = _fold(text)
    if not reason:
        raise _ask(Text(zh="请写明理由（--reason）。", en="Say why (--reason)."))
    return reason


def require_future(until: date | None, today: date) -> None:
    """The last day of what is granted or explained lies today or later.

    Raises:
        NotUnderstood: it is over already.
    """
    if until is not None and until < today:
        zh = f"截止日 {until} 已过（今天是 {today}）；请写今天或以后的日期（--until）。"
        en = f"{until} has passed (today is {today}); name today or a later day (--until)."
        raise _ask(Text(zh=zh, en=en))


def _fold(text: str) -> str:
    shown = (" " if unicodedata.category(char) in _UNSHOWN else char for char in text)
    return " ".join("".join(shown).split())


def _ask(text: Text) -> NotUnderstood:
    return NotUnderstood(text)
