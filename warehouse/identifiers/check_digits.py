"""Weighted sums over the characters of fixed-width codes, for a whole column at once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

DIGITS = "0123456789"
DIGITS_AND_X = DIGITS + "X"


def tabulate_values(alphabet: str) -> pl.Series:
    """A table of 256 rows, one per byte: the character's place in `alphabet`, or null."""
    return pl.Series(
        [place if (place := alphabet.find(chr(byte))) >= 0 else None for byte in range(256)],
        dtype=pl.Int32,
    )


def split_bytes(code: pl.Expr, width: int) -> pl.Expr:
    """The bytes of each code as an array; null where the code is not `width` bytes long."""
    return code.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, width))


def value_at(cells: pl.Expr, place: int, table: pl.Series) -> pl.Expr:
    """The value of the character at `place` (from 0); null if it is not in the alphabet."""
    return pl.lit(table).gather(cells.arr.get(place))


def weigh(cells: pl.Expr, table: pl.Series, weights: Sequence[int], start: int = 0) -> pl.Expr:
    """Sum of value times weight over the characters from `start`; null if any has no value."""
    first, *others = (
        value_at(cells, start + step, table) * weight for step, weight in enumerate(weights)
    )
    return sum(others, first)


def weigh_text(text: str, alphabet: str, weights: Sequence[int]) -> int:
    """The same sum for one text, for making codes rather than judging them.

    Raises:
        ValueError: a character is not in the alphabet, or the length is not that of the weights.
    """
    return sum(
        alphabet.index(character) * weight for character, weight in zip(text, weights, strict=True)
    )
