"""Bring the many ways of typing one code to a single spelling, each distinct value once."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

INVISIBLE = r"[\p{Cf}\x00-\x08\x0E-\x1F\x7F]+"
"""Characters that take no room on the screen: zero-width marks, byte order marks, controls."""

_BLANK = r"\s+"
_TEXT_MARK = r"^['`\u2018\u2019\s]+"


def require_text(series: pl.Series) -> pl.Series:
    """Return `series` as text, or refuse it.

    An all-null column has no type of its own and counts as text. A number column is refused
    rather than written out: by then the digits after the fifteenth are gone already.

    Raises:
        TypeError: the column was read as something other than text.
    """
    if series.dtype == pl.String:
        return series
    if series.dtype == pl.Null:
        return series.cast(pl.String)
    raise TypeError(
        f"column {series.name!r} holds {series.dtype}: codes are judged as text, "
        "so read this column without converting it to a number"
    )


def respell(
    series: pl.Series, settled: str, rewrite: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """Rewrite the values that do not match the pattern `settled`, each distinct one once.

    Values that match are already as they should be and cost one pattern test; nulls stay null.
    `rewrite` gets distinct non-null values and returns one text for each, in the same order.
    """
    texts = require_text(series)
    odd = texts.filter(~texts.str.contains(settled)).unique()
    if odd.is_empty():
        return texts
    return texts.replace(odd, rewrite(odd))


def fold_characters(texts: pl.Series) -> pl.Series:
    """Full-width to half-width, upper case, nothing invisible, no leading text mark.

    Blanks inside are left in place. The apostrophe in front of a code is what a spreadsheet shows
    for "this is text" and what some exports write out. Compatibility forms are resolved first;
    what comes after can take letters apart or bring a letter and its accent together, so each
    such step is followed by `compose`, or folding twice would not be folding once.
    """
    upper = compose(texts.str.normalize("NFKC").str.to_uppercase())
    return compose(
        upper.str.replace_all(INVISIBLE, "").str.replace(_TEXT_MARK, "").str.strip_chars_end()
    )


def fold_code(texts: pl.Series) -> pl.Series:
    """As `fold_characters`, and without any blank: for codes in which a blank means nothing."""
    return compose(fold_characters(texts).str.replace_all(_BLANK, ""))


def compose(texts: pl.Series) -> pl.Series:
    """Unicode NFKC, skipped (it takes half the time of folding) when all is ASCII."""
    if (texts.str.len_bytes() == texts.str.len_chars()).all():
        return texts
    return texts.str.normalize("NFKC")
