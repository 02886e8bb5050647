"""Reads what releases moved, published first and took down, from the newest published file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from warehouse.site.page import Site
from warehouse.site.published import list_marts, open_newest
from warehouse.site.received import Row

_RELEASES = "select * from mart.release order by release_id"
_MOVERS = """
    select
        release_id,
        cause,
        submission_id,
        reporter_code,
        decided_by,
        count(distinct concat_ws(' ', series_code, period, reporting_unit_code)) as figures
    from mart.series_change
    where cause <> 'first_published'
    group by all
    order by release_id, min(sequence) nulls last, cause
"""
_PARTS = """
    select part.*, indicator.indicator_code
    from mart.series_change as part
    left join (
        select distinct series_code, indicator_code
        from mart.series_vintage
        where indicator_code is not null
    ) as indicator using (series_code)
    where part.release_id = ? and part.cause <> 'first_published'
    order by part.series_code, part.period, part.reporting_unit_code, part.part_number
"""
_FIRST = """
    select
        series_code,
        any_value(indicator_name) as indicator_name,
        count(*) as figures,
        list(distinct period order by period) as periods
    from mart.series_change
    where release_id = ? and cause = 'first_published'
    group by series_code
    order by series_code
"""
_WITHDRAWN = """
    select gone.series_code, gone.indicator_name, gone.period, gone.reporting_unit, gone.value
    from mart.series_vintage as gone
    anti join mart.series_vintage as next
        on
            gone.series_code = next.series_code
            and gone.period = next.period
            and gone.reporting_unit_code = next.reporting_unit_code
            and gone.known_to_release = next.known_from_release
    where gone.known_to_release = ?
    order by all
"""
_ALL = "select * from mart.series_change where release_id = ? order by all"
_NEEDED = {"release", "series_change", "series_vintage"}
_FACTS = """
    select submission_id, dataset, period from ledger.submission
    where sequence <= getvariable('ledger_cut') and dataset is not null
"""
_NOTES = "select submission_id, note, noted_by from core_revision_note"


@dataclass(frozen=True)
class ReleaseNews:
    """What one release said anew.

    Attributes:
        parts: one row per part of what moved a figure, the parts of one figure in their order.
        first: one row per series with figures never published before.
        withdrawn: figures no longer published.
    """

    parts: list[Row]
    first: list[Row]
    withdrawn: list[Row]


def read_releases(site: Site) -> tuple[list[Row], Mapping[int, list[Row]]]:
    """The releases, and by release what moved figures in it; none before vintages were kept."""
    movers: dict[int, list[Row]] = defaultdict(list)
    with open_newest(site.settings) as reader:
        if not list_marts(reader) >= _NEEDED:
            return [], movers
        releases, moved = _fetch(reader, _RELEASES), _fetch(reader, _MOVERS)
    notes = {row["submission_id"]: row for row in site.fetch(_NOTES)} if moved else {}
    forms = {row["submission_id"]: row for row in site.fetch(_FACTS)} if moved else {}
    for row in moved:
        number = row["submission_id"]
        known = {"form": forms.get(number), "note": notes.get(number)}
        movers[row["release_id"]].append(row | known)
    return releases, movers


def read_release(site: Site, number: int) -> ReleaseNews:
    """What one release said anew."""
    with open_newest(site.settings) as reader:
        return ReleaseNews(*(_fetch(reader, sql, [number]) for sql in (_PARTS, _FIRST, _WITHDRAWN)))


def read_parts(site: Site, number: int) -> pl.DataFrame:
    """The rows of `mart.series_change` of one release, first publications among them."""
    with open_newest(site.settings) as reader:
        return reader.execute(_ALL, [number]).pl()


def _fetch(reader: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> list[Row]:
    result = reader.execute(sql, list(values))
    names = [item[0] for item in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
