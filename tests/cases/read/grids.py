"""What a document should hold, and what it does: texts by (row, column)."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from warehouse.read.document import read_document
from warehouse.read.refuse import Limits, Refused
from warehouse.read.sheet import Document, Sheet, cell_address

TRICKY_TEXTS = (
    "00123",
    "913205056082348768",
    "NA",
    "null",
    "TRUE",
    "1e5",
    "-0",
    "18.5%",
    "2020-09-30",
    "#REF!",
    "１２３",
    " 阳 新 县",
    "\u3000大冶市\u3000",
    "〇·—㎡䶮𠮷",
    "_x000D_",
    "<v>1</v>",
    "&amp; \"引号\" 'x'",
    "=1+1",
    "两\n行",
    "制表\t符",
)
# A separator such as U+001C is white space to one library and not to another: left out.
_LETTERS = st.characters(
    exclude_categories=("Cs",), exclude_characters="\x00\x1c\x1d\x1e\x1f\ufffe\uffff"
)
TEXTS = st.text(_LETTERS, max_size=12) | st.sampled_from(TRICKY_TEXTS)


def grids(*, min_width: int = 0) -> st.SearchStrategy[list[list[str]]]:
    """Rows of text of different lengths."""
    rows = st.lists(TEXTS, min_size=min_width, max_size=6)
    return st.lists(rows, min_size=1, max_size=8)


def read(path: Path, name: str = "", limits: Limits | None = None) -> Document:
    return read_document(path, file_name=name, limits=limits or Limits())


def refusal(path: Path, name: str = "", limits: Limits | None = None) -> Refused:
    """The refusal that reading ends in."""
    try:
        read(path, name, limits)
    except Refused as refused:
        return refused
    raise AssertionError("the file was read")


def filled(sheet: Sheet) -> dict[str, str]:
    """All filled cells by address."""
    return {
        cell_address(row, column): text
        for row, *texts in sheet.cells.iter_rows()
        for column, text in enumerate(texts)
        if text is not None
    }


def expected(rows: list[list[str]], row: int = 1, column: int = 0) -> dict[str, str]:
    """What `rows` written from (row, column) on should be read as."""
    return {
        cell_address(row + down, column + right): text
        for down, texts in enumerate(rows)
        for right, text in enumerate(texts)
        if text.strip()
    }
