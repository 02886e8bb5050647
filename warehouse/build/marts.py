"""Builds the marts: one SELECT per file, in the order the files themselves ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass

import duckdb
import polars as pl

from warehouse.build.news import NEWS
from warehouse.build.views import create_frame, readdress
from warehouse.contracts.load import Expectations
from warehouse.database import transaction
from warehouse.ledger.tables import quote
from warehouse.sql_files import SqlFile, SqlFileError, order_models

FIGURE = "mart.figure"
COVERAGE_COLUMNS = ("expected_submissions", "included_submissions", "status")
PLACE_COLUMNS = ("period", "period_type", "reporting_unit_code", "reporting_unit")
_MEASURE_SUFFIXES = ("_count", "_yuan", "_pct")
_COMMENTED = re.compile(r"\bas (?P<name>\w+),? -- (?P<zh>[^:]+): (?P<en>.+)$", re.MULTILINE)
_MEASURE = re.compile(r"\((?P<unit>[^\s,()]+), (?P<kind>stock|flow)(?P<additive>, additive)?\)$")


@dataclass(frozen=True)
class MartColumn:
    """One column of a mart, as its file documents it.

    Attributes:
        unit: for measures, the unit; None for other columns.
        measure_kind: for measures, stock or flow.
        is_additive: whether a measure may be summed over reporting units.
    """

    name: str
    title: str
    meaning: str
    unit: str | None = None
    measure_kind: str | None = None
    is_additive: bool = False

    @property
    def comment(self) -> str:
        """The column's comment in the published file."""
        return f"{self.title}: {self.meaning}"


def describe_columns(model: SqlFile) -> list[MartColumn]:
    """Reads the documented columns of a mart's file.

    Raises:
        SqlFileError: a column has no comment, or a measure does not say its unit and kind.
    """
    documented = {match["name"]: match for match in _COMMENTED.finditer(model.text)}
    columns = []
    for name in model.query.named_selects:
        if name not in documented:
            message = f"sql/mart/{model.name}.sql: column {name} needs `-- 中文: English` after it"
            raise SqlFileError(message)
        match = documented[name]
        measure = _MEASURE.search(match["en"])
        if is_measure(name) and measure is None:
            message = (
                f"sql/mart/{model.name}.sql: measure {name} needs `(unit, stock)` or "
                "`(unit, flow, additive)` at the end of its comment"
            )
            raise SqlFileError(message)
        if is_measure(name) and measure:
            columns.append(
                MartColumn(
                    name, match["zh"], match["en"], measure["unit"], measure["kind"],
                    measure["additive"] is not None,
                )
            )  # fmt: skip
        else:
            columns.append(MartColumn(name, match["zh"], match["en"]))
    return columns


def is_measure(name: str) -> bool:
    """Whether a mart's column is a measure, by its name."""
    return name.endswith(_MEASURE_SUFFIXES) and name not in COVERAGE_COLUMNS


def dimensions_of(columns: Iterable[MartColumn]) -> list[str]:
    """A mart's own dimensions, in its order."""
    general = {*PLACE_COLUMNS, *COVERAGE_COLUMNS}
    return [item.name for item in columns if item.name not in general and not is_measure(item.name)]


def trace_datasets(
    model: SqlFile, models: Mapping[str, SqlFile], *, with_figures: bool = True
) -> set[str]:
    """The datasets whose rows a mart reads, directly or through other marts.

    Args:
        model: the mart.
        models: all of `sql/mart` by name.
        with_figures: follow the long form of all marts; without it, what remains of the series is
            what departments report.
    """
    read = trace_marts([model], models, with_figures=with_figures)
    sources = {source for mart in read.values() for source in mart.sources}
    return {
        source.removeprefix("included.") for source in sources if source.startswith("included.")
    }


def trace_marts(
    readers: Iterable[SqlFile], models: Mapping[str, SqlFile], *, with_figures: bool = True
) -> dict[str, SqlFile]:
    """The marts that files read, directly or through other marts, and those among the files.

    Args:
        readers: files of any folder of `sql/`.
        models: all of `sql/mart` by name.
        with_figures: `mart.figure` stands for all marts with measures; without it, for none.
    """
    tables = {model.table: model for model in models.values()}
    found: dict[str, SqlFile] = {}
    met: set[str] = set()
    unread = [table for reader in readers for table in (reader.table, *reader.sources)]
    while unread:
        source = unread.pop()
        if source in met:
            continue
        met.add(source)
        if source == FIGURE and with_figures:
            unread += [
                item.table
                for item in models.values()
                if any(c.unit for c in describe_columns(item))
            ]
        elif source in tables:
            found[tables[source].name] = tables[source]
            unread += tables[source].sources
    return found


def build_marts(
    connection: duckdb.DuckDBPyConnection,
    models: dict[str, SqlFile],
    expectations: Expectations,
    catalog: str,
    make_news: Callable[[], None] | None = None,
    readers: Iterable[SqlFile] | None = None,
) -> dict[str, int]:
    """Builds every mart into a catalog, or as views of the connection where it is `temp`.

    The series model reads `mart.figure`, the long form of every mart with measures, so that a new
    mart's figures become series without any other file being edited.

    Args:
        connection: with `open_views` at the cut the marts are to show.
        models: the files of `sql/mart` by name.
        expectations: contracts and code lists.
        catalog: an attached catalog with a schema `mart`, or `temp`.
        make_news: fills the `news` tables once the series are there; models that show them are
            built after it. Without it the ledger has all vintages.
        readers: only the marts among these files are built, and those they read; to bind a view
            takes as long as to bind all that it reads.

    Returns:
        Rows by mart; empty for views.
    """
    wanted = models if readers is None else trace_marts(readers, models)
    described = {name: describe_columns(model) for name, model in models.items()}
    measured = [
        name
        for name, columns in described.items()
        if any(item.unit for item in columns) and set(PLACE_COLUMNS) <= {c.name for c in columns}
    ]
    _create_measures(connection, expectations, {name: described[name] for name in measured})
    ordered = order_models({model.table: model for model in wanted.values()})
    last = _needing(NEWS, ordered)
    late = _needing({FIGURE}, ordered) - last

    def create(tables: Iterable[SqlFile]) -> None:
        for model in tables:
            _create(connection, model, described[model.name], catalog)

    create(item for item in ordered if item.table not in late | last)
    if wanted.keys() >= set(measured):
        _create_figure(connection, {name: described[name] for name in measured}, catalog)
    create(item for item in ordered if item.table in late)
    if make_news:
        make_news()
    create(item for item in ordered if item.table in last)
    if catalog == "temp":
        return {}
    return {name: _fetch_count(connection, f"{catalog}.mart.{name}") for name in wanted}


def _fetch_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _needing(tables: Set[str], ordered: list[SqlFile]) -> set[str]:
    late = set(tables)
    for model in ordered:
        if model.sources & late:
            late.add(model.table)
    return late


def _create(
    connection: duckdb.DuckDBPyConnection, model: SqlFile, columns: list[MartColumn], catalog: str
) -> None:
    query = readdress(model, {"mart": catalog, FIGURE: "temp"})
    if catalog == "temp":
        connection.execute(f"create or replace temp view mart_{model.name} as {query}")
        return
    table = f"{catalog}.mart.{model.name}"
    connection.execute(f"create table {table} as {query}")
    with transaction(connection):  # each on its own would wait for the disk
        connection.execute(f"comment on table {table} is {quote(model.header)}")
        for column in columns:
            name = f"{table}.{column.name}"
            connection.execute(f"comment on column {name} is {quote(column.comment)}")


def _create_figure(
    connection: duckdb.DuckDBPyConnection, measured: dict[str, list[MartColumn]], catalog: str
) -> None:
    selects = [select_figures(name, columns, catalog) for name, columns in measured.items()]
    query = " union all by name ".join(selects) or _EMPTY_FIGURE
    connection.execute(f"create or replace temp view mart_figure as {query}")


def select_figures(name: str, columns: list[MartColumn], catalog: str) -> str:
    """A SELECT of a mart's long form: one row per measure, period, unit and dimension values."""
    table = f"mart_{name}" if catalog == "temp" else f"{catalog}.mart.{name}"
    measures = [item.name for item in columns if item.unit]
    dimensions = dimensions_of(columns)
    labels = ", ".join(
        f"case when {item} <> '全部' then '{item}=' || {item} end" for item in dimensions
    )
    label = f"nullif(concat_ws(',', {labels}), '')" if labels else "null"
    casts = ", ".join(f"{item}::decimal(28, 6) as {item}" for item in measures)
    general = ", ".join((*PLACE_COLUMNS, *COVERAGE_COLUMNS))
    return f"""
        select
            *, '{name}.' || measure || coalesce('[' || dimensions || ']', '') as series_code
        from (
            select '{name}' as mart, measure, {label}::varchar as dimensions, {general}, value
            from (
                unpivot (select {", ".join([general, *dimensions, casts])} from {table})
                on {", ".join(measures)} into name measure value value
            )
        )
    """  # noqa: S608


_EMPTY_FIGURE = """
    select null::varchar as mart, null::varchar as measure, null::varchar as dimensions,
        null::varchar as period, null::varchar as period_type,
        null::varchar as reporting_unit_code, null::varchar as reporting_unit,
        null::bigint as expected_submissions, null::bigint as included_submissions,
        null::varchar as status, null::decimal(28, 6) as value, null::varchar as series_code
    where false
"""


def _create_measures(
    connection: duckdb.DuckDBPyConnection,
    expectations: Expectations,
    measured: dict[str, list[MartColumn]],
) -> None:
    """Code tables of the marts' measures, and of the indicators that one of them counts."""
    measures = [
        (mart, item.name, item.title, item.unit, item.measure_kind, item.is_additive)
        for mart, columns in measured.items()
        for item in columns
        if item.unit
    ]
    names = ["mart", "measure", "measure_name", "unit", "measure_kind"]
    schema = dict.fromkeys(names, pl.String()) | {"is_additive": pl.Boolean()}
    create_frame(connection, "codes_measure", pl.DataFrame(measures, schema=schema, orient="row"))
    counts = [
        (
            indicator.code,
            indicator.counted.mart,
            indicator.counted.measure,
            label_dimensions(indicator.counted.where, measured[indicator.counted.mart]),
        )
        for indicator in expectations.codes.indicators
        if indicator.counted and indicator.counted.mart in measured
    ]
    schema = dict.fromkeys(["indicator_code", "mart", "measure", "dimensions"], pl.String())
    frame = pl.DataFrame(counts, schema=schema, orient="row")
    create_frame(connection, "codes_indicator_count", frame)


def label_dimensions(where: dict[str, str], columns: list[MartColumn]) -> str | None:
    """The label of a figure's dimension values, those that are 全部 left out."""
    parts = [f"{name}={where[name]}" for name in dimensions_of(columns) if name in where]
    return ",".join(parts) or None
