"""What a release says anew: the vintages of figures, and why those published before changed."""

from __future__ import annotations

import duckdb

from warehouse.ledger.schema import LEDGER_TABLES

RECORDED = ("series_vintage", "series_change")
NEWS = frozenset(f"core.{name}" for name in RECORDED)
"""The views that show the ledger's and the news: marts on them are built when the news is known."""
FIGURE_KEY = "series_code, period, reporting_unit_code"
_FACTS = [
    name for name in LEDGER_TABLES["series_vintage"][1] if name not in {"release_id", "is_present"}
]


def clear_news(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the `news` tables, empty: what models read while no release is being made."""
    for name in RECORDED:
        columns = ", ".join(f"{column} {kind}" for column, (kind, _) in _columns(name).items())
        connection.execute(f"create or replace temp table news_{name} ({columns})")


def find_vintages(connection: duckdb.DuckDBPyConnection, catalog: str, release_id: int) -> None:
    """Fills `news.series_vintage`: figures that are not as the releases before left them.

    A figure that is gone gets a row as well, so that the ledger needs no row changed to say until
    when it held.

    Args:
        connection: with `mart.series` built in the catalog.
        catalog: the release being made.
        release_id: its number.
    """
    facts = ", ".join(_FACTS)
    gone = ", ".join(f"before.{name}" for name in _FACTS)
    connection.execute(
        f"""
        create or replace temp table news_before as
        select {facts}, is_present
        from ledger.series_vintage
        where release_id < $release_id
        qualify row_number() over (partition by {FIGURE_KEY} order by release_id desc) = 1
        """,  # noqa: S608
        {"release_id": release_id},
    )
    connection.execute(
        f"""
        insert into news_series_vintage (release_id, {facts}, is_present)
        select $release_id, *, true
        from (
            select {facts} from {catalog}.mart.series
            except
            select {facts} from news_before where is_present
        )
        union all
        select $release_id, {gone}, false
        from news_before as before
        anti join {catalog}.mart.series as now using ({FIGURE_KEY})
        where before.is_present
        """,  # noqa: S608
        {"release_id": release_id},
    )


def record_news(connection: duckdb.DuckDBPyConnection) -> None:
    """Appends what the release said anew to the ledger, in the release's own transaction."""
    for name in RECORDED:
        columns = ", ".join(_columns(name))
        connection.execute(
            f"insert into ledger.{name} ({columns}) select {columns} from news_{name}"  # noqa: S608
        )


def _columns(name: str) -> dict[str, tuple[str, str]]:
    return LEDGER_TABLES[name][1]
