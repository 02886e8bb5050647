"""Patent application numbers (ZC 0006-2003 and the form before it).

Since 2003-10 a number is year, type digit, seven digits, a dot and a check character
(`201710601862.3`); before, two digits of the year, type digit, five digits, dot, check character
(`95115608.X`). A patent number is the application number behind the letters ZL. A publication
number (`CN107123456A`) is another thing: it has no check character and cannot be turned into one.

All functions on columns but `normalise` expect the spelling that `normalise` gives.
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

PatentFault = Literal["form", "type_digit", "check_digit", "publication_number", "precision_loss"]
FAULTS: Final[tuple[str, ...]] = get_args(PatentFault)

INVENTION: Final = "发明"
UTILITY_MODEL: Final = "实用新型"
DESIGN: Final = "外观设计"
TYPES: Final = {
    "1": INVENTION,
    "2": UTILITY_MODEL,
    "3": DESIGN,
    "8": INVENTION,
    "9": UTILITY_MODEL,
}
"""Type digit to type; 8 and 9 are international (PCT) applications that entered China."""

WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
"""For twelve digits; the eight digits of the older form use the first eight."""

_LONG = r"^20(?:0[3-9]|[1-9][0-9])[0-9]{8}\.[0-9X]$"
_SHORT = r"^(?:8[5-9]|9[0-9]|0[0-3])[0-9]{6}\.[0-9X]$"
_SETTLED = r"^(?:[0-9]{4})?[0-9]{8}\.[0-9X]$"
_PUBLICATION = r"^CN[0-9]{7,9}(?:[A-Z][0-9]?)?$"
_WRITTEN_AS_NUMBER = r"^[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}$"
# Databases abroad write CN before an application number too; with the dot, or with thirteen
# characters, it cannot be a publication number.
_UNDOTTED = r"^(?:CN)?([0-9]{12})[.。·]?([0-9X])$"
_UNDOTTED_SHORT = r"^([0-9]{8})[.。·]?([0-9X])$"
_COUNTRY_SHORT = r"^CN([0-9]{8})[.。·]([0-9X])$"

_DIGIT_VALUES = tabulate_values(DIGITS)
_CHECK_VALUES = tabulate_values(DIGITS_AND_X)


def normalise(series: pl.Series) -> pl.Series:
    """Digits, dot, check character: no ZL, no country letters, half-width, no blanks.

    The dot is put back where 13 or 9 characters leave no doubt. Anything that is not an
    application number comes back folded but otherwise as written.
    """
    return respell(series, _SETTLED, _rewrite)


def find_fault(series: pl.Series) -> pl.Series:
    """What is wrong with each number, as one of `FAULTS`; null where nothing is, or none given.

    The first that applies, in this order:

    * `publication_number`: CN, digits, kind code. The application number is on the same page.
    * `precision_loss`: written in scientific notation by a spreadsheet.
    * `form`: neither of the two forms, or a year in which that form was not given out.
    * `type_digit`: the digit after the year is not 1, 2, 3, 8 or 9.
    * `check_digit`: the last character does not follow from the others.

    Raises:
        TypeError: the column was not read as text.
    """
    code = pl.col("code")
    fault = (
        pl.when(code.str.contains(_PUBLICATION))
        .then(pl.lit("publication_number"))
        .when(code.str.contains(_WRITTEN_AS_NUMBER))
        .then(pl.lit("precision_loss"))
        .when(~_is_formed(code))
        .then(pl.lit("form"))
        .when(~_type_digit(code).is_in(list(TYPES)))
        .then(pl.lit("type_digit"))
        .when(~(_is_whole(pl.col("long"), 12) | _is_whole(pl.col("short"), 8)))
        .then(pl.lit("check_digit"))
    )
    return (
        require_text(series)
        .to_frame("code")
        .with_columns(long=split_bytes(code, 14), short=split_bytes(code, 10))
        .select(pl.when(code.is_not_null()).then(fault).alias(series.name))
        .to_series()
    )


def check_application_no(code: str | None) -> str | None:
    """The fault of one number as typed, or None."""
    fault: str | None = find_fault(normalise(pl.Series([code], dtype=pl.String))).item()
    return fault


def patent_type_of(series: pl.Series) -> pl.Series:
    """发明, 实用新型 or 外观设计 by the type digit; null for what is not an application number.

    The check character is not looked at: a wrong one is a finding of its own.
    """
    code = pl.col("code")
    return _read(
        series,
        _type_digit(code).replace_strict(TYPES, default=None, return_dtype=pl.String),
    )


def application_year_of(series: pl.Series) -> pl.Series:
    """The year of application (Int32); null for what is not an application number."""
    code = pl.col("code")
    two_digits = code.str.slice(0, 2).cast(pl.Int32, strict=False)
    year = (
        pl.when(_is_long(code))
        .then(code.str.slice(0, 4).cast(pl.Int32, strict=False))
        .otherwise(two_digits + pl.when(two_digits >= 85).then(1900).otherwise(2000))
    )
    return _read(series, year.cast(pl.Int32))


def compute_check_digit(body: str) -> str:
    """The check character after twelve (or, before 2003-10, eight) digits; ten is written X.

    Raises:
        ValueError: not twelve or eight digits.
    """
    if len(body) not in (8, 12):
        raise ValueError(f"{body!r}: a patent application number has 12 digits, or 8 before 2003")
    return DIGITS_AND_X[weigh_text(body, DIGITS, WEIGHTS[: len(body)]) % 11]


def _rewrite(texts: pl.Series) -> pl.Series:
    return (
        fold_code(texts)
        .str.replace(r"^ZL([0-9])", "${1}")
        .str.replace(_UNDOTTED, "${1}.${2}")
        .str.replace(_UNDOTTED_SHORT, "${1}.${2}")
        .str.replace(_COUNTRY_SHORT, "${1}.${2}")
    )


def _read(series: pl.Series, part: pl.Expr) -> pl.Series:
    """One part of each well-formed number, null for the others."""
    return (
        require_text(series)
        .to_frame("code")
        .select(pl.when(_is_formed(pl.col("code"))).then(part).alias(series.name))
        .to_series()
    )


def _is_long(code: pl.Expr) -> pl.Expr:
    return code.str.len_bytes() == 14


def _is_formed(code: pl.Expr) -> pl.Expr:
    return code.str.contains(f"{_LONG}|{_SHORT}")


def _type_digit(code: pl.Expr) -> pl.Expr:
    return pl.when(_is_long(code)).then(code.str.slice(4, 1)).otherwise(code.str.slice(2, 1))


def _is_whole(cells: pl.Expr, digits: int) -> pl.Expr:
    """Whether the check character follows; False also for a number of another length."""
    remainder = weigh(cells, _DIGIT_VALUES, WEIGHTS[:digits]) % 11
    check = value_at(cells, digits + 1, _CHECK_VALUES)
    return (remainder == check).fill_null(value=False)
