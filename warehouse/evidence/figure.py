"""Finds a published figure by its series, period and unit, and how it is made of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from warehouse.build.marts import describe_columns, dimensions_of
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.evidence.contributions import REPORTED
from warehouse.evidence.model import Figure, Formula, Twin, Vintage
from warehouse.sql_files import SqlFile
from warehouse.vintages.failure import FigureUnknown
from warehouse.vintages.series import NAMED, find_near, tell_unknown

if TYPE_CHECKING:
    from warehouse.night.rules import Rules

_NEAR = 55
"""How much alike two codes must be, of 100, for one to be offered for the other."""
_OF_FIGURE = "series_code = ? and period = ? and reporting_unit_code = ? and release_id <= ?"
_SERIES = re.compile(r"(?P<mart>[a-z0-9_]+)\.(?P<measure>[a-z0-9_]+)(?:\[(?P<dimensions>.*)\])?")


def read_vintages(
    connection: duckdb.DuckDBPyConnection, key: tuple[str, str, str], release_id: int
) -> list[dict[str, Any]]:
    """All that releases up to one have said of a figure, oldest first.

    Args:
        connection: the warehouse, or a look at it.
        key: series, period and reporting unit.
        release_id: the last release that counts.

    Returns:
        Rows of `ledger.series_vintage` with `published_at`, `causes` and `last_release_id`, the
        last release that still said so.
    """
    result = connection.execute(
        f"select * from ledger.series_vintage where {_OF_FIGURE} order by release_id",  # noqa: S608
        [*key, release_id],
    )
    names = [item[0] for item in result.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    numbers = ", ".join(str(row["release_id"]) for row in rows) or "null"
    published = dict(
        connection.execute(
            f"select release_id, published_at from ledger.release where release_id in ({numbers})"  # noqa: S608
        ).fetchall()
    )
    causes = dict(
        connection.execute(
            f"select release_id, list(distinct cause order by cause) from ledger.series_change "  # noqa: S608
            f"where {_OF_FIGURE} group by release_id",
            [*key, release_id],
        ).fetchall()
    )
    ends = [*(row["release_id"] - 1 for row in rows[1:]), release_id]
    return [
        row
        | {
            "published_at": published.get(row["release_id"]),
            "causes": causes.get(row["release_id"], []),
            "last_release_id": end,
        }
        for row, end in zip(rows, ends, strict=False)
    ]


def find_series(connection: duckdb.DuckDBPyConnection, name: str, release_id: int) -> str:
    """The series meant by a name: its code, or else an indicator that only a register counts."""
    row = connection.execute(
        """
        select series_code
        from ledger.series_vintage
        where release_id <= $release_id and (series_code = $name or indicator_code = $name)
        group by series_code
        order by series_code = $name desc, series_code
        limit 1
        """,
        {"release_id": release_id, "name": name},
    ).fetchone()
    return row[0] if row else name


def describe_vintage(row: Mapping[str, Any]) -> Vintage:
    """A vintage as evidence shows it."""
    names = set(Vintage.__dataclass_fields__) - {"causes"}
    return Vintage(**{name: row[name] for name in names}, causes=tuple(row["causes"]))


def describe_figure(row: Mapping[str, Any], expectations: Expectations) -> Figure:
    """The figure of a vintage, with its names in both languages."""
    units = {unit.code: unit for unit in expectations.codes.reporting_units}
    unit = units.get(row["reporting_unit_code"])
    indicators = {item.code: item.name for item in expectations.codes.indicators}
    named = row["indicator_name"] or row["series_code"]
    facts = {
        name: row[name]
        for name in Figure.__dataclass_fields__
        if name not in {"reporting_unit", "name"}
    }
    return Figure(
        **facts,
        reporting_unit=Text(zh=unit.name, en=unit.name_en)
        if unit
        else Text(zh=row["reporting_unit"], en=row["reporting_unit"]),
        name=indicators.get(row["indicator_code"] or "") or Text(zh=named, en=named),
    )


def find_formula(series_code: str, rules: Rules) -> Formula:
    """How a figure is made of rows.

    Raises:
        FigureUnknown: no mart has the measure, or it has no file in `sql/evidence`.
    """
    match = _SERIES.fullmatch(series_code)
    evidence, measure = (match["mart"], match["measure"]) if match else (REPORTED, series_code)
    model, mart = rules.evidence.get(evidence), rules.marts.get(evidence)
    if model is None or mart is None:
        raise FigureUnknown(
            Text(
                zh=f"序列 {series_code} 没有证据文件：请补上 sql/evidence/{evidence}.sql。",
                en=f"There is no evidence for {series_code}: add sql/evidence/{evidence}.sql.",
            )
        )
    names = dimensions_of(describe_columns(mart)) if match else []
    label = match["dimensions"] if match else None
    datasets = sorted(
        source.removeprefix("included.")
        for source in model.sources
        if source.startswith("included.")
    )
    return Formula(
        evidence=evidence,
        measure=measure,
        dimensions=split_label(label or "", names),
        datasets=tuple(datasets),
        columns={name: _find_columns(model, name, rules.expectations) for name in datasets},
        sql={f"sql/{item.schema}/{item.name}.sql": item.text for item in (mart, model)},
    )


def split_label(label: str, names: Iterable[str]) -> dict[str, str]:
    """Reads the label of a figure's dimension values back: `level=国家标准,role=执行`.

    A value may hold a comma: only one before a dimension's name starts a new part.
    """
    starts = re.compile(rf"(?:^|,)({'|'.join(map(re.escape, names)) or '$^'})=")
    found = list(starts.finditer(label))
    ends = [*(match.start() for match in found[1:]), len(label)]
    return {match[1]: label[match.end() : end] for match, end in zip(found, ends, strict=False)}


def _find_columns(model: SqlFile, dataset: str, expectations: Expectations) -> tuple[str, ...]:
    """The columns that its evidence reads and that tell its rows apart, in the form's order."""
    contract = expectations.contracts.get(dataset)
    if contract is None:
        return ()
    selects = [
        table.find_ancestor(exp.Select)
        for table in model.query.find_all(exp.Table)
        if (table.db, table.name) == ("included", dataset)
    ]
    read = {column.name for select in selects if select for column in select.find_all(exp.Column)}
    return tuple(name for name in contract.columns if name in read.union(contract.key))


def find_twin(
    connection: duckdb.DuckDBPyConnection, figure: Figure, release_id: int
) -> Twin | None:
    """The same indicator, period and unit from the other source, as a release has it."""
    if figure.indicator_code is None:
        return None
    row = connection.execute(
        """
        select series_code, basis, value, unit
        from (
            select *
            from ledger.series_vintage
            where
                release_id <= $release_id
                and indicator_code = $indicator
                and period = $period
                and reporting_unit_code = $unit
                and series_code <> $series
            qualify row_number() over (partition by series_code order by release_id desc) = 1
        )
        where is_present and basis <> $basis
        order by series_code
        limit 1
        """,
        {
            "release_id": release_id,
            "indicator": figure.indicator_code,
            "period": figure.period,
            "unit": figure.reporting_unit_code,
            "series": figure.series_code,
            "basis": figure.basis,
        },
    ).fetchone()
    return Twin(*row) if row else None


def refuse_unknown(
    connection: duckdb.DuckDBPyConnection, key: tuple[str, str, str], release_id: int
) -> FigureUnknown:
    """What to say where a release has no such figure: what of its key is unknown, what is near."""
    series_code, period, unit = key
    series, periods, units = (
        [
            name
            for (name,) in connection.execute(
                f"select distinct {column} from ledger.series_vintage "  # noqa: S608
                f"where release_id <= ? and {test} order by {column}",
                [release_id, *values],
            ).fetchall()
        ]
        for column, test, values in (
            ("series_code", "true", []),
            ("period", "series_code = ?", [series_code]),
            ("reporting_unit_code", "series_code = ? and period = ?", [series_code, period]),
        )
    )
    if not series:
        return tell_unknown(
            f"第 {release_id} 次发布没有留下任何数字的版本记录，请先运行 biaogan nightly",
            f"release {release_id} has left no record of its figures; run biaogan nightly first",
        )
    if not periods:
        near = "、".join(find_near(series_code, {name: name for name in series}, _NEAR))
        return tell_unknown(
            f"没有序列 {series_code}" + (f"；相近的有：{near}" if near else ""),
            f"there is no series {series_code}" + (f"; near to it: {near}" if near else ""),
        )
    if not units:
        held = f"{periods[0]} … {periods[-1]}" if len(periods) > NAMED else ", ".join(periods)
        return tell_unknown(
            f"序列 {series_code} 没有报告期 {period}；现有：{held}",
            f"the series {series_code} has no period {period}; it has: {held}",
        )
    if unit not in units:
        return tell_unknown(
            f"序列 {series_code} 在 {period} 没有统计单元 {unit}；现有：{'、'.join(units)}",
            f"the series {series_code} has no unit {unit} in {period}; it has: {', '.join(units)}",
        )
    return tell_unknown(
        f"第 {release_id} 次发布不再有 {series_code} {period} {unit} 这个数字；"
        "可用 --as-of 或 --release 看以前的",
        f"release {release_id} no longer has {series_code} {period} {unit}; "
        "ask with --as-of or --release for an earlier one",
    )
