"""Make identifiers for example data and tests that pass every check and belong to nobody."""

from __future__ import annotations

from typing import Final

from warehouse.identifiers.patents import TYPES, compute_check_digit
from warehouse.identifiers.uscc import (
    ALPHABET,
    AUTHORITIES,
    compute_check_character,
    compute_organisation_check_digit,
)

RESERVED_PREFIX: Final = "PDY"
"""GB 11714 leaves the bodies PDY00001 to PDY99999 to private use: no real organisation has one."""
LAST_RESERVED_SERIAL: Final = 99_999

FIRST_YEAR: Final = 1985
FIRST_YEAR_OF_TWELVE_DIGITS: Final = 2003


def make_uscc(division_code: str, serial: int, authority: str = "9", entity: str = "1") -> str:
    """A valid credit code from the reserved zone, e.g. `91420281PDY0000798`.

    Args:
        division_code: six digits, the place of the registering office (GB/T 2260).
        serial: 1 to 99999; one serial is one organisation.
        authority: character 1, e.g. `9` for market regulation, `N` for agriculture.
        entity: character 2, e.g. `1` for an enterprise under authority 9.

    Raises:
        ValueError: an argument that would not give a valid code, or one outside the reserved zone.
    """
    if not 1 <= serial <= LAST_RESERVED_SERIAL:
        raise ValueError(
            f"serial {serial}: the reserved zone runs from 1 to {LAST_RESERVED_SERIAL}"
        )
    if not _is_digits(division_code, 6):
        raise ValueError(f"division code {division_code!r}: expected six digits such as 420200")
    if len(authority) != 1 or authority not in AUTHORITIES:
        raise ValueError(f"authority {authority!r}: expected one of {AUTHORITIES}")
    if len(entity) != 1 or entity not in ALPHABET:
        raise ValueError(f"entity {entity!r}: expected one character of {ALPHABET}")
    body = f"{RESERVED_PREFIX}{serial:05d}"
    first = authority + entity + division_code + body + compute_organisation_check_digit(body)
    return first + compute_check_character(first)


def make_application_no(year: int, type_digit: str | int, serial: int) -> str:
    """A valid patent application number: twelve digits from 2003 on, eight before.

    Patent numbers have no reserved zone, so a made number may be one that was given out: rows
    with it must be marked as examples by other means.

    Args:
        year: year of application, 1985 to 2099.
        type_digit: 1, 2, 3, 8 or 9.
        serial: up to seven digits, up to five before 2003.

    Raises:
        ValueError: an argument that would not give a valid number.
    """
    is_long = year >= FIRST_YEAR_OF_TWELVE_DIGITS
    width = 7 if is_long else 5
    if not FIRST_YEAR <= year <= 2099:
        raise ValueError(f"year {year}: expected {FIRST_YEAR} to 2099")
    if str(type_digit) not in TYPES:
        raise ValueError(f"type digit {type_digit!r}: expected one of {', '.join(TYPES)}")
    if not 0 <= serial < 10**width:
        raise ValueError(f"serial {serial}: expected at most {width} digits in {year}")
    written_year = str(year) if is_long else f"{year % 100:02d}"
    body = f"{written_year}{type_digit}{serial:0{width}d}"
    return f"{body}.{compute_check_digit(body)}"


def _is_digits(text: str, width: int) -> bool:
    return len(text) == width and text.isascii() and text.isdigit()
