"""Unified social credit codes (GB 32100-2015) and the organisation code inside (GB 11714-1997).

A code has 18 characters: registering authority, entity class, six digits for the place of the
registering office, nine characters of organisation code, one check character. The place is where
the entity was registered, at the time it was: it says nothing sure about today's address and is
not compared with anything here.

All functions on columns expect the spelling that `normalise` gives.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import polars as pl

from warehouse.identifiers.check_digits import (
    DIGITS,
    DIGITS_AND_X,
    split_bytes,
    tabulate_values,
    value_at,
    weigh,
    weigh_text,
)
from warehouse.identifiers.spelling import fold_code, require_text, respell

UsccFault = Literal[
    "length",
    "character",
    "check_character",
    "organisation_code",
    "precision_loss",
    "registration_number",
]
FAULTS: Final[tuple[str, ...]] = get_args(UsccFault)
ORGANISATION_FAULTS: Final = ("length", "character", "check_character")

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
AUTHORITIES: Final = "123456789ANY"
"""Character 1: which authority registers. None has the number 0."""

# The organisation code counts all 26 letters, the credit code leaves out I O S V Z: M is 22 here
# and 21 there, so the two tables must not be shared.
ORGANISATION_ALPHABET: Final = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
HEAD_OFFICE_SUFFIX: Final = "B"
"""Census registers give a head-office establishment its parent's eight characters and this."""

_VALUES = tabulate_values(ALPHABET)
_ORGANISATION_VALUES = tabulate_values(ORGANISATION_ALPHABET)
_ORGANISATION_CHECK_VALUES = tabulate_values(DIGITS_AND_X)

_SHAPE = rf"^[{AUTHORITIES}][{ALPHABET}][0-9]{{6}}[{ALPHABET}]{{10}}$"
_ORGANISATION_SHAPE = r"^[0-9A-Z]{8}[0-9XB]$"
_REGISTRATION_NUMBER = r"^(?:[0-9]{15}|[0-9]{13})$"
# Both are how an 18-digit number looks once a spreadsheet or a float has held it.
_WRITTEN_AS_NUMBER = r"^(?:[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}|[0-9]{16,18}\.0*)$"
# A spreadsheet keeps 15 digits and fills up with zeros.
_CUT_TO_FIFTEEN_DIGITS = r"^[0-9]{15}000$"


def normalise(series: pl.Series) -> pl.Series:
    """Half-width, upper case, no blanks. Nulls stay null; what is not a code is still returned."""
    return respell(series, r"^[0-9A-Z]*$", fold_code)


def find_fault(series: pl.Series) -> pl.Series:
    """What is wrong with each code, as one of `FAULTS`; null where nothing is, or no code given.

    The first that applies, in this order:

    * `precision_loss`: the code went through a spreadsheet or float as a number. Written as one,
      or 18 digits ending in 000 of which either check fails. The lost digits cannot be computed.
    * `registration_number`: 15 or 13 digits, the business registration number used before.
    * `length`: not 18 characters.
    * `character`: a character outside the alphabet, a letter where the place's digits belong,
      or an authority that does not exist. All-zero stand-ins end here: both checks pass them.
    * `check_character`: the last character does not follow from the others.
    * `organisation_code`: the nine characters inside fail their own check. The head-office
      suffix `B` passes, although no check digit gives it.

    Raises:
        TypeError: the column was not read as text.
    """
    code, cells = pl.col("code"), pl.col("cells")
    whole = _is_whole(cells)
    organisation = _is_organisation_code(cells, start=8)
    fault = (
        pl.when(code.str.contains(_WRITTEN_AS_NUMBER))
        .then(pl.lit("precision_loss"))
        .when(code.str.contains(_REGISTRATION_NUMBER))
        .then(pl.lit("registration_number"))
        .when(code.str.len_chars() != 18)
        .then(pl.lit("length"))
        .when(~code.str.contains(_SHAPE))
        .then(pl.lit("character"))
        .when(~(whole & organisation) & code.str.contains(_CUT_TO_FIFTEEN_DIGITS))
        .then(pl.lit("precision_loss"))
        .when(~whole)
        .then(pl.lit("check_character"))
        .when(~organisation)
        .then(pl.lit("organisation_code"))
    )
    return _judge(series, width=18, fault=fault)


def check_uscc(code: str | None) -> str | None:
    """The fault of one code as typed, or None."""
    return _first(find_fault(normalise(_column(code))))


def normalise_organisation_code(series: pl.Series) -> pl.Series:
    """As `normalise`, and without the hyphen that forms print before the check digit."""
    return respell(
        series,
        r"^[0-9A-Z]*$",
        lambda texts: fold_code(texts).str.replace(r"^([0-9A-Z]{8})-([0-9A-Z])$", "${1}${2}"),
    )


def find_organisation_code_fault(series: pl.Series) -> pl.Series:
    """`length`, `character` or `check_character` for each nine-character code, else null."""
    code, cells = pl.col("code"), pl.col("cells")
    fault = (
        pl.when(code.str.len_chars() != 9)
        .then(pl.lit("length"))
        .when(~code.str.contains(_ORGANISATION_SHAPE))
        .then(pl.lit("character"))
        .when(~_is_organisation_code(cells, start=0))
        .then(pl.lit("check_character"))
    )
    return _judge(series, width=9, fault=fault)


def check_organisation_code(code: str | None) -> str | None:
    """The fault of one organisation code as typed, or None."""
    return _first(find_organisation_code_fault(normalise_organisation_code(_column(code))))


def compute_check_character(first_seventeen: str) -> str:
    """The 18th character of a credit code.

    The standard prints 31 minus the remainder, which has no character when the remainder is 0:
    the difference is taken modulo 31 once more.

    Raises:
        ValueError: not 17 characters of the alphabet.
    """
    return ALPHABET[-weigh_text(first_seventeen, ALPHABET, WEIGHTS) % 31]


def compute_organisation_check_digit(body: str) -> str:
    """The ninth character of an organisation code; ten is written X.

    Raises:
        ValueError: not eight digits or capital letters.
    """
    return DIGITS_AND_X[-weigh_text(body, ORGANISATION_ALPHABET, ORGANISATION_WEIGHTS) % 11]


def _is_whole(cells: pl.Expr) -> pl.Expr:
    total = weigh(cells, _VALUES, WEIGHTS) + value_at(cells, 17, _VALUES)
    return total % 31 == 0


def _is_organisation_code(cells: pl.Expr, start: int) -> pl.Expr:
    total = weigh(cells, _ORGANISATION_VALUES, ORGANISATION_WEIGHTS, start)
    check = value_at(cells, start + 8, _ORGANISATION_CHECK_VALUES)
    is_head_office = cells.arr.get(start + 8) == ord(HEAD_OFFICE_SUFFIX)
    return is_head_office | ((total + check) % 11 == 0).fill_null(value=False)


def _judge(series: pl.Series, width: int, fault: pl.Expr) -> pl.Series:
    return (
        require_text(series)
        .to_frame("code")
        .with_columns(cells=split_bytes(pl.col("code"), width))
        .select(fault.alias(series.name))
        .to_series()
    )


def _column(code: str | None) -> pl.Series:
    return pl.Series([code], dtype=pl.String)


def _first(faults: pl.Series) -> str | None:
    fault: str | None = faults.item()
    return fault
