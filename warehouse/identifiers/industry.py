"""Industry codes (GB/T 4754-2017): two-digit division, three-digit group or four-digit class.

Files write `3360`, `C3360` or `C 33`. The letter is the section, which the division already
implies, so it is dropped where it agrees and kept, as a fault, where it does not. Codes are text:
`0111` (rice) and `111` are different things. Which groups and classes exist is not checked here.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import polars as pl

from warehouse.identifiers.spelling import fold_code, require_text, respell

IndustryFault = Literal["form", "division", "section"]
FAULTS: Final[tuple[str, ...]] = get_args(IndustryFault)

LAST_DIVISIONS: Final = {
    "A": 5,
    "B": 12,
    "C": 43,
    "D": 46,
    "E": 50,
    "F": 52,
    "G": 60,
    "H": 62,
    "I": 65,
    "J": 69,
    "K": 70,
    "L": 72,
    "M": 75,
    "N": 79,
    "O": 82,
    "P": 83,
    "Q": 85,
    "R": 90,
    "S": 96,
    "T": 97,
}
"""Section to its last division. The divisions 01-97 have no gap: each section starts where the
one before ends."""

_SETTLED = r"^[0-9]{2,4}$"
_FORM = r"^[A-Z]?[0-9]{2,4}$"


def _list_sections() -> dict[str, str]:
    sections: dict[str, str] = {}
    for section, last in LAST_DIVISIONS.items():
        for division in range(len(sections) + 1, last + 1):
            sections[f"{division:02d}"] = section
    return sections


SECTIONS: Final = _list_sections()
"""Division, as two digits of text, to section letter."""


def normalise(series: pl.Series) -> pl.Series:
    """The digits alone, half-width, no blanks; a section letter that contradicts them stays."""
    return respell(series, _SETTLED, _rewrite)


def find_fault(series: pl.Series) -> pl.Series:
    """What is wrong with each code, as one of `FAULTS`; null where nothing is, or none given.

    * `form`: not two to four digits with at most one letter in front.
    * `division`: the first two digits are not 01-97.
    * `section`: the letter is not that of the division.

    Raises:
        TypeError: the column was not read as text.
    """
    code = pl.col("code")
    fault = (
        pl.when(~code.str.contains(_FORM))
        .then(pl.lit("form"))
        .when(_section(code).is_null())
        .then(pl.lit("division"))
        .when(_letter(code) != _section(code))
        .then(pl.lit("section"))
    )
    return _select(series, pl.when(code.is_not_null()).then(fault))


def check_industry_code(code: str | None) -> str | None:
    """The fault of one code as typed, or None."""
    fault: str | None = find_fault(normalise(pl.Series([code], dtype=pl.String))).item()
    return fault


def section_of(series: pl.Series) -> pl.Series:
    """The section letter that the division implies; null for what is not an industry code."""
    code = pl.col("code")
    return _select(series, pl.when(code.str.contains(_FORM)).then(_section(code)))


def _rewrite(texts: pl.Series) -> pl.Series:
    agrees = _letter(pl.col("code")) == _section(pl.col("code"))
    return (
        fold_code(texts)
        .to_frame("code")
        .select(
            pl.when(agrees & pl.col("code").str.contains(_FORM))
            .then(pl.col("code").str.slice(1))
            .otherwise(pl.col("code"))
        )
        .to_series()
    )


def _letter(code: pl.Expr) -> pl.Expr:
    return code.str.extract(r"^([A-Z])", 1)


def _section(code: pl.Expr) -> pl.Expr:
    division = code.str.extract(r"^[A-Z]?([0-9]{2})", 1)
    return division.replace_strict(SECTIONS, default=None, return_dtype=pl.String)


def _select(series: pl.Series, part: pl.Expr) -> pl.Series:
    return require_text(series).to_frame("code").select(part.alias(series.name)).to_series()
