"""A report of some 200 pages: the labelled texts of the tests, again and again, numbers changed."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import docx

PROSE = Path(__file__).parents[1] / "tests" / "cases" / "prose" / "developing"
PAGES, CHARACTERS_A_PAGE = 200, 600
"""A page of an official document has 22 lines of 28 characters."""
_MARK = re.compile(r"\[\[(?P<quote>[^\[\]]+?)::(?P<kind>[^\s\[\]]+)[^\[\]]*\]\]")
_CHANGED = frozenset({"measure", "share", "growth"})
_AGAIN = re.compile(r"(?<![\d.])[1-9]\d{0,3}(?![\d.])")


def write_long_text(factor: float = 1.0, seed: int = 1) -> str:
    """A text of 200 pages, or of that many times the factor, in lines."""
    random = Random(seed)  # noqa: S311 - the same text every time
    marked = [
        path.read_text(encoding="utf-8").partition("\n")[2] for path in sorted(PROSE.glob("*.txt"))
    ]
    wanted = round(PAGES * CHARACTERS_A_PAGE * factor)
    parts: list[str] = []
    length = 0
    while length < wanted:
        part = _strip_marks(marked[len(parts) % len(marked)], random)
        parts.append(part)
        length += len(part) + 2
    text = "\n\n".join(parts)
    end = text.find("\n", wanted)
    return text if end < 0 else text[:end]


def save_as_word(text: str, target: Path) -> None:
    """The same text as a Word file, a paragraph a line."""
    document = docx.Document()
    for line in text.split("\n"):
        if line.strip():
            document.add_paragraph(line)
    document.save(str(target))


def _strip_marks(marked: str, random: Random) -> str:
    def change(match: re.Match[str]) -> str:
        quote = match["quote"]
        if match["kind"] not in _CHANGED:
            return quote
        return _AGAIN.sub(lambda number: _draw_like(number[0], random), quote)

    return _MARK.sub(change, marked)


def _draw_like(number: str, random: Random) -> str:
    """A number of as many digits."""
    low = 10 ** (len(number) - 1)
    return str(random.randrange(low, 10 * low))
