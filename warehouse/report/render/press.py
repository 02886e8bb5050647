"""Marks that stand in a text for what is printed only when the report is written.

A mark is made of characters no text has, so that neither Markdown nor a filter changes it, and a
figure is printed in one place only: where its mark is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.report.render.drawing import Drawing
    from warehouse.report.render.printable import Printable

_OPEN, _CLOSE, _ZERO = "\ue000", "\ue001", 0xE010
MARK = re.compile(f"{_OPEN}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){_CLOSE}")
RESERVED = re.compile(f"[{_OPEN}{_CLOSE}{chr(_ZERO)}-{chr(_ZERO + 9)}]")
"""What a template may not have in it."""


@dataclass
class Press:
    """Everything a template has asked to print; what it then threw away is in it too."""

    taken: list[Printable | Drawing] = field(default_factory=list)

    def take(self, entry: Printable | Drawing) -> str:
        """Keeps what is to be printed and answers the mark for it."""
        self.taken.append(entry)
        return write_mark(len(self.taken) - 1)

    def place(self, text: str) -> tuple[str, list[Printable | Drawing]]:
        """Numbers the marks of a text by their order, from 0, and lists what they stand for."""
        placed: list[Printable | Drawing] = []

        def number(found: re.Match[str]) -> str:
            placed.append(self.taken[read_mark(found)])
            return write_mark(len(placed) - 1)

        return MARK.sub(number, text), placed


def write_mark(number: int) -> str:
    """The mark of a number."""
    return f"{_OPEN}{''.join(chr(_ZERO + int(digit)) for digit in str(number))}{_CLOSE}"


def read_mark(found: re.Match[str]) -> int:
    """The number of a mark that `MARK` found."""
    return int("".join(str(ord(sign) - _ZERO) for sign in found[1]))


def replace_marks(text: str, write: Callable[[int], str]) -> str:
    """A text with something in the place of each mark."""
    return MARK.sub(lambda found: write(read_mark(found)), text)


def find_marks(text: str) -> list[int]:
    """The numbers of the marks in a text, in their order."""
    return [read_mark(found) for found in MARK.finditer(text)]
