"""Says why the figures of a series changed between two releases, from the published file alone.

The published file has every value that was ever published and, for each time one moved, the parts
of why: nothing is worked out anew here, only chosen, added up and held against the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from warehouse.contracts.model import Text
from warehouse.query import FileUnreadable, open_published, resolve_release
from warehouse.query.published import complain_of_file
from warehouse.vintages.failure import ReleaseUnknown
from warehouse.vintages.model import Account, Edition, Movement, Part
from warehouse.vintages.series import check_period, choose_units, find_series, tell_unknown


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        series: code of a series, or of an indicator that one series has.
        period: None for every period.
        unit: code or name of a reporting unit, or `all`; None for the city.
        city: code of the city as a whole.
        start: number of a release, or a day; None for from the beginning.
        end: number of a release, or a day; None for the newest release.
    """

    series: str
    period: str | None
    unit: str | None
    city: str
    start: int | date | None
    end: int | date | None


def explain_series(pointer: Path, question: Question) -> Account:
    """The account of a series between two releases, without the cells of corrections.

    Raises:
        FigureUnknown: no release ever had such a series, period or unit.
        ReleaseUnknown: there is no such release, or they are in the wrong order.
        NothingPublished: there is no published file.
        FileUnreadable: it cannot be read, or was made before releases remembered vintages.
    """
    path = resolve_release(pointer)
    with open_published(path) as connection:
        try:
            return _explain(connection, question)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise _date_file(path) from error
        except duckdb.Error as error:
            raise complain_of_file(path, error) from error


def _explain(connection: duckdb.DuckDBPyConnection, question: Question) -> Account:
    editions = _list_editions(connection)
    end = _pick(editions, question.end) if question.end is not None else editions[-1]
    start = _pick(editions, question.start) if question.start is not None else None
    if start and start.release_id > end.release_id:
        raise _turn_round(start, end)
    series = find_series(connection, question.series)
    units = choose_units(connection, series["series_code"], question.unit, question.city)
    span = {
        "series": series["series_code"],
        "units": units,
        "period": check_period(connection, series["series_code"], question.period),
        "start": start.release_id if start else 0,
        "end": end.release_id,
    }
    movements = tuple(_list_movements(connection, span))
    if question.period and not movements:
        raise tell_unknown(
            f"截至第 {end.release_id} 次发布，序列 {series['series_code']} 还没有 "
            f"{question.period} 的数字",
            f"by release {end.release_id} the series {series['series_code']} had no figure of "
            f"{question.period} yet",
        )
    return Account(**series, start=start, end=end, movements=movements)


def _list_editions(connection: duckdb.DuckDBPyConnection) -> list[Edition]:
    rows = connection.execute(
        "select release_id, published_on, is_replayed from mart.release order by release_id"
    ).fetchall()
    return [Edition(*row) for row in rows]


def _pick(editions: list[Edition], wanted: int | date) -> Edition:
    """The release of a number, or the last by number that was published by a day."""
    known = [
        item
        for item in editions
        if (item.published_on <= wanted if isinstance(wanted, date) else item.release_id == wanted)
    ]
    if known:
        return known[-1]
    first, last = editions[0], editions[-1]
    raise ReleaseUnknown(
        Text(
            zh=f"没有“{wanted}”这次发布：现有第 {first.release_id} 次（{first.published_on}）至"
            f"第 {last.release_id} 次（{last.published_on}）。",
            en=f"There is no release {wanted}: there are {first.release_id} "
            f"({first.published_on}) to {last.release_id} ({last.published_on}).",
        )
    )


def _turn_round(start: Edition, end: Edition) -> ReleaseUnknown:
    return ReleaseUnknown(
        Text(
            zh=f"第 {start.release_id} 次发布在第 {end.release_id} 次之后，请对调 --from 和 --to。",
            en=f"Release {start.release_id} comes after release {end.release_id}: "
            "exchange --from and --to.",
        )
    )


_SPAN = """
    series_code = $series
    and list_contains($units, reporting_unit_code)
    and ($period is null or period = $period)
"""
_VALUES = """
    select
        period,
        reporting_unit_code,
        max_by(reporting_unit, known_from_release),
        max(value) filter (
            where known_from_release <= $start and coalesce(known_to_release > $start, true)
        ),
        max(value) filter (
            where known_from_release <= $end and coalesce(known_to_release > $end, true)
        )
    from mart.series_vintage
    where {span} and known_from_release <= $end
    group by period, reporting_unit_code
    order by period, reporting_unit_code
"""
_PARTS = """
    select
        period, reporting_unit_code, release_id, published_on, is_replayed, cause, sequence,
        submission_id, reporter_code, reporter, decided_by, value_before, value_after, difference,
        note
    from mart.series_change
    where {span} and release_id > $start and release_id <= $end
    order by period, reporting_unit_code, release_id, part_number
"""


def _list_movements(connection: duckdb.DuckDBPyConnection, span: dict[str, Any]) -> list[Movement]:
    """One movement a figure that any release up to the end had, whether or not it changed."""
    rows = connection.execute(
        _PARTS.format(span=_SPAN),
        {name: span[name] for name in ("series", "units", "period", "start", "end")},
    ).fetchall()
    parts = {
        figure: tuple(Part(*row[2:]) for row in group)
        for figure, group in groupby(rows, key=lambda row: row[:2])
    }
    return [
        Movement(period, unit, name, before, after, parts.get((period, unit), ()))
        for period, unit, name, before, after in connection.execute(
            _VALUES.format(span=_SPAN), span
        ).fetchall()
    ]


def _date_file(path: Path) -> FileUnreadable:
    reason = "no vintages"
    text = Text(
        zh=f"发布文件 {path.name} 是旧版本留下的，不记得数字以前的值。"
        "请先运行一次 biaogan nightly。",
        en=f"The published file {path.name} was left by an earlier version and does not remember "
        "what figures were before; run biaogan nightly once first.",
    )
    return FileUnreadable(text, reason)
