"""Full-width letters, digits and signs become ASCII ones, each in its place."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Final

_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%.+-/@#&=*_~"
_FULL_WIDTH: Final = {ord(sign) + 0xFEE0: sign for sign in _SIGNS}
# `\d` matches the digits of every script, and `1٢` is a year to no reader of ASCII or Chinese.
_DIGITS: Final = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(0x80, sys.maxunicode + 1)
    if chr(code).isdecimal()
}
_FOLDED: Final = _DIGITS | _FULL_WIDTH
# Elsewhere the full-width comma is the Chinese one, which parts clauses.
_THOUSANDS: Final = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


def fold_text(text: str) -> str:
    """The text with ASCII signs for full-width ones: `２０２０．９％` becomes `2020.9%`.

    One character stands for one, so that a place in the result is one in the text. Chinese
    punctuation stays, but a full-width comma between thousands becomes an ASCII one.
    """
    return _THOUSANDS.sub(",", text).translate(_FOLDED)
