"""Puts a plain text together from the parts of a document, block by block.

What parts two blocks says how they lie in a table, for a reader of the plain text: a cell after the
first of its row is preceded by a newline and a tab, the first of a row by two newlines, the first
of a table by three. A cell without text leaves its newline and tab behind and is no block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from warehouse.report.documents.headings import guess_heading
from warehouse.report.model import Block, BlockRole, Document

NEXT_CELL = "\n\t"
NEXT_ROW = "\n\n"
NEXT_TABLE = "\n\n\n"


class TextBuilder:
    """The text so far, and its blocks."""

    def __init__(self) -> None:
        """Begins with nothing."""
        self._pieces: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._before_row = ""
        self._row_has_text = False
        self._skipped = 0
        self._table, self._row, self._column = -1, -1, -1

    def add_block(self, text: str, role: BlockRole = "paragraph", level: int = 0) -> int:
        """Adds a block on a line of its own.

        Blanks around it stay in the text, but outside the block; blanks alone are no block. A
        paragraph that reads like a heading becomes one.

        Returns:
            Where the first character of `text` lies.
        """
        if role == "paragraph" and (guessed := guess_heading(text)):
            role, level = "heading", guessed
        if self._length:
            self._put("\n")
        return self._add(text, role, level)

    def begin_table(self) -> None:
        """What follows are rows."""
        self._before_row = NEXT_TABLE
        self._table += 1
        self._row = -1

    def begin_row(self) -> None:
        """What follows are cells of a new row."""
        if self._row_has_text:
            self._before_row = NEXT_ROW
        self._row_has_text = False
        self._skipped = -1
        self._row += 1
        self._column = -1

    def add_cell(self, text: str) -> int:
        """Adds the next cell of the row; one without text only takes its place.

        Returns:
            Where the first character of `text` lies.
        """
        self._skipped += 1
        self._column += 1
        if not text.strip():
            return self._length
        if not self._row_has_text and self._length:
            self._put(self._before_row)
        self._put(NEXT_CELL * self._skipped)
        self._skipped = 0
        self._row_has_text = True
        return self._add(text, "cell", 0, (self._table, self._row, self._column))

    def finish(self, name: str) -> Document:
        """The document of what was added."""
        return Document(name, "".join(self._pieces), tuple(self._blocks))

    def _add(
        self, text: str, role: BlockRole, level: int, place: tuple[int, int, int] | None = None
    ) -> int:
        at = self._length
        self._put(text)
        start = at + len(text) - len(text.lstrip())
        end = at + len(text.rstrip())
        if start < end:
            self._blocks.append(Block(start, end, role, level, place))
        return at

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)


@dataclass(frozen=True)
class Table:
    """A table found again in a text: rows of cells, None where a cell holds no text."""

    rows: tuple[tuple[Block | None, ...], ...]


def find_tables(document: Document) -> list[Block | Table]:
    """The blocks of a document, cells put together to the tables they came from."""
    parts: list[Block | Table] = []
    for number, group in groupby(document.blocks, lambda block: block.place and block.place[0]):
        blocks = list(group)
        parts += blocks if number is None else [_make_table(blocks)]
    return parts


def _make_table(cells: Sequence[Block]) -> Table:
    places = [block.place or (0, 0, 0) for block in cells]
    width = max(column for _, _, column in places) + 1
    rows: dict[int, list[Block | None]] = {row: [None] * width for _, row, _ in places}
    for block, (_, row, column) in zip(cells, places, strict=True):
        rows[row][column] = block
    return Table(tuple(map(tuple, rows.values())))
