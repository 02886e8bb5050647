"""How much room a text takes."""

from __future__ import annotations

import unicodedata


def measure(line: str) -> int:
    """How long a line is, in letters; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def count_lines(text: str, letters: int) -> int:
    """How many lines a text takes at so many letters a line."""
    return sum(-(-measure(line) // letters) or 1 for line in text.split("\n"))
