"""Makes the files that lie beside a subject's page: its series as CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import polars as pl

from warehouse.export.text import encode_csv
from warehouse.export.workbook import encode_xlsx

_STANDING = ("known_to_release", "known_to_on", "known_to_at", "known_from_at")
"""Of a value that stands nothing is known about its end; its release and day say since when."""


def select_standing(vintages: pl.DataFrame) -> pl.DataFrame:
    """The rows of `mart.series_vintage` that stand: those of `mart.series`, and since when."""
    return vintages.filter(pl.col("known_to_release").is_null()).drop(_STANDING)


def encode_standing_csv(vintages: pl.DataFrame) -> bytes:
    """What stands now, as CSV in UTF-8 with a byte-order mark."""
    return encode_csv(select_standing(vintages))


def encode_vintages_csv(vintages: pl.DataFrame) -> bytes:
    """Every value ever published, as CSV in UTF-8 with a byte-order mark."""
    return encode_csv(vintages)


def encode_standing_xlsx(vintages: pl.DataFrame, notes: Sequence[str]) -> bytes:
    """What stands now as a workbook, its second sheet saying what it is.

    It bears the time of the newest release that is in it: a run that was killed and comes again
    writes the same bytes.
    """
    newest = cast("datetime", vintages["known_from_at"].max())
    return encode_xlsx(select_standing(vintages), notes, newest)
