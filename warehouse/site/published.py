"""Reads what the newest release says of the subjects' main series, from its published file.

The file is opened beside the warehouse and only read: measured, a subject's rows come in a few
milliseconds, while the same marts as temporary views would be computed anew for every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

import duckdb
import polars as pl

from warehouse.contracts.subjects import Subject
from warehouse.query.published import open_published
from warehouse.settings import Settings

_VINTAGES = """
    select * from mart.series_vintage
    where list_contains($series, series_code) or list_contains($indicators, indicator_code)
    order by series_code, period, reporting_unit_code, known_from_release
"""
_COVERAGE = "select * from mart.coverage_rate order by dataset, period desc"
_TABLES = "select table_name from duckdb_tables() where schema_name = 'mart'"


@dataclass(frozen=True)
class PublishedFigures:
    """What the newest release holds of the main series; empty frames where nothing is published.

    Attributes:
        vintages: `mart.series_vintage`: every value ever published, the ones that stand included.
        coverage: `mart.coverage_rate`.
    """

    vintages: pl.DataFrame = field(default_factory=pl.DataFrame)
    coverage: pl.DataFrame = field(default_factory=pl.DataFrame)


def read_published(settings: Settings, subjects: Sequence[Subject]) -> PublishedFigures:
    """Reads the newest release; one made before vintages were kept counts as none."""
    main = [item for subject in subjects for item in subject.main]
    values = {
        "series": [item.series for item in main if item.series],
        "indicators": [item.indicator for item in main if item.indicator],
    }
    with open_newest(settings) as reader:
        if not {"series_vintage", "coverage_rate"} <= list_marts(reader):
            return PublishedFigures()
        return PublishedFigures(
            reader.execute(_VINTAGES, values).pl(), reader.execute(_COVERAGE).pl()
        )


def open_newest(settings: Settings) -> closing[duckdb.DuckDBPyConnection]:
    """Opens the newest release, only to be read; an empty database where nothing is published."""
    if not settings.pointer.exists():
        return closing(duckdb.connect())
    return closing(open_published(settings.pointer.resolve()))


def list_marts(reader: duckdb.DuckDBPyConnection) -> set[str]:
    """The marts that are there."""
    return {name for (name,) in reader.execute(_TABLES).fetchall()}
