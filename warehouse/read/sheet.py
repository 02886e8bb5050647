"""Sheets and documents: text cells with the addresses a clerk sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class Sheet:
    """One sheet as it was sent.

    Attributes:
        name: name of the sheet; empty for a text table.
        cells: a row per row of the sheet that holds anything. ``source_row`` (Int64, first column)
            is the row number in the sheet, or the line a record of a text table starts on; ``c0``,
            ``c1``, … are all text, and ``c0`` is always column A. A cell without text, or with
            nothing but white space, is null; any other text is as it was, neither trimmed nor
            normalised.
        hidden_rows: numbers of hidden rows, counted from 1.
        hidden_columns: numbers of hidden columns, counted from 0.
        merged: merged ranges as (first row, first column, last row, last column), all included.
        uncalculated: addresses of formulas stored without a result; they are null in `cells`.
        errors: addresses of error values; `cells` holds their text, such as ``#REF!``.
        is_hidden: whether the sheet itself is hidden.
    """

    name: str
    cells: pl.DataFrame
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    uncalculated: frozenset[str] = field(default_factory=frozenset)
    errors: frozenset[str] = field(default_factory=frozenset)
    is_hidden: bool = False


@dataclass(frozen=True)
class Document:
    """One received file.

    Attributes:
        kind: ``xlsx``, ``xls``, ``ods`` or ``csv``, by content and not by name.
        encoding: of a text table: ``utf-8``, ``utf-8-sig``, ``gb18030`` or ``utf-16``; else None.
        sheets: in the order of the workbook, hidden ones included.
        has_macros: whether it carries a program. It is never run.
        has_external_links: whether it takes values from other files.
    """

    kind: str
    encoding: str | None
    sheets: tuple[Sheet, ...]
    has_macros: bool
    has_external_links: bool


def cell_address(row: int, column: int) -> str:
    """Write an address: row counted from 1, column from 0, so that (7, 1) is ``B7``."""
    letters = ""
    number = column + 1
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"


def split_address(address: str) -> tuple[int, int]:
    """Read an address back: ``B7`` is (7, 1).

    Raises:
        ValueError: if `address` is not one cell in A1 notation.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"not a cell address: {address!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1


def number_rows(frame: pl.DataFrame, source_rows: pl.Series | None = None) -> pl.DataFrame:
    """Give text columns, A first, the form of `Sheet.cells`: a null is a blank cell.

    Rows and trailing columns without any text are left out; the rows that stay keep their number.

    Args:
        frame: text columns.
        source_rows: the number of each row; without it they are numbered from 1.
    """
    if source_rows is None:
        source_rows = pl.int_range(1, frame.height + 1, eager=True)
    nulls = [column.null_count() for column in frame.iter_columns()]
    while nulls and nulls[-1] == frame.height:
        nulls.pop()
    if not nulls:
        return pl.DataFrame(schema={"source_row": pl.Int64})
    frame = frame[:, : len(nulls)]
    frame.columns = [f"c{index}" for index in range(frame.width)]
    frame.insert_column(0, source_rows.cast(pl.Int64).alias("source_row"))
    if 0 in nulls:
        return frame
    return frame.filter(pl.any_horizontal(pl.exclude("source_row").is_not_null()))


def blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    """Make cells that hold nothing but white space null, and leave every other text as it is."""
    return frame.with_columns(pl.when(pl.all().str.contains(r"\S")).then(pl.all()))


def frame_rows(rows: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """Put rows of text, short ones padded with nulls, into columns of equal length."""
    width = max((len(row) for row in rows), default=0)
    padded = [row if len(row) == width else [*row, *[None] * (width - len(row))] for row in rows]
    columns = zip(*padded, strict=True)
    return pl.DataFrame(
        {f"c{index}": pl.Series(column, dtype=pl.String) for index, column in enumerate(columns)}
    )
