"""A published file of a few rows in memory: what a report is written from and held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb

from warehouse.report.figures import Figure
from warehouse.settings import CITY_TIME

_TYPES = {
    "value": "decimal(28,6)",
    "is_additive": "boolean",
    "adds_over_periods": "boolean",
    "expected_submissions": "bigint",
    "included_submissions": "bigint",
    "known_from_release": "bigint",
    "known_to_release": "bigint",
}


def open_rows(
    rows: Sequence[Mapping[str, Any]], releases: Mapping[int, date]
) -> duckdb.DuckDBPyConnection:
    """A connection that has these rows as `mart.series_vintage`, and `mart.release`."""
    connection = duckdb.connect()
    connection.execute("create schema mart")
    columns = ", ".join(
        f"{name} {_TYPES.get(name, 'varchar')}" for name in Figure.__dataclass_fields__
    )
    connection.execute(f"create table mart.series_vintage ({columns})")
    marks = ", ".join("?" for _ in Figure.__dataclass_fields__)
    connection.executemany(
        f"insert into mart.series_vintage values ({marks})",
        [[row[name] for name in Figure.__dataclass_fields__] for row in rows],
    )
    connection.execute(
        "create table mart.release (release_id bigint, published_on date, "
        "published_at timestamptz, is_replayed boolean)"
    )
    connection.executemany(
        "insert into mart.release values (?, ?, ?, false)",
        [
            [number, day, datetime(day.year, day.month, day.day, 2, tzinfo=CITY_TIME)]
            for number, day in releases.items()
        ],
    )
    return connection
