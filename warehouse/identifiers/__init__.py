"""Codes that stand for a thing elsewhere: how each is spelled and how a wrong one is told.

Every module here has the same two functions on a text column. `normalise` gives the one spelling
that is stored; `find_fault` looks at that spelling and names what is wrong in one word of the
module's `FAULTS`, or gives null. `IDENTIFIERS` finds both by the type name used in contracts.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl

from warehouse.identifiers import industry, patents, standard_numbers, uscc


class Identifier(NamedTuple):
    """How one type of code is spelled and judged."""

    normalise: Callable[[pl.Series], pl.Series]
    find_fault: Callable[[pl.Series], pl.Series]
    faults: tuple[str, ...]


IDENTIFIERS: Final = MappingProxyType(
    {
        "uscc": Identifier(uscc.normalise, uscc.find_fault, uscc.FAULTS),
        "organisation_code": Identifier(
            uscc.normalise_organisation_code,
            uscc.find_organisation_code_fault,
            uscc.ORGANISATION_FAULTS,
        ),
        "application_no": Identifier(patents.normalise, patents.find_fault, patents.FAULTS),
        "standard_no": Identifier(
            standard_numbers.normalise, standard_numbers.find_fault, standard_numbers.FAULTS
        ),
        "industry_code": Identifier(industry.normalise, industry.find_fault, industry.FAULTS),
    }
)
"""Type name in a contract to its functions."""
