"""What SQL models read as of a ledger cut: code tables, the submissions that count, their rows.

Everything is temporary in the connection, so that "as known on a date" is the same views with the
cut set lower, and the warehouse file itself holds only what was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import duckdb
import polars as pl
from sqlglot import exp

from warehouse.build.dated_codes import list_dated_codes
from warehouse.build.news import clear_news
from warehouse.contracts.bridges import list_bridges, read_bridges
from warehouse.contracts.deadlines import CalendarError, number_working_days, resolve_deadline
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.contracts.relations import list_relations, read_relations
from warehouse.periods import Period, period_containing
from warehouse.settings import CITY_TIME
from warehouse.sql_files import SqlFile, load_sql, order_models

TEMPORARY = frozenset({"codes", "core", "included", "news"})


@dataclass(frozen=True)
class Cut:
    """From which state of the ledger, and by which clock, figures are made.

    Attributes:
        ledger_cut: last ledger entry that counts.
        night_at: the clock, which decides what is still inside its revision window.
        release_id: number the release will have.
    """

    ledger_cut: int
    night_at: datetime
    release_id: int


_LAST_DAY_OF = """
    create or replace temp macro last_day_of(period) as
        last_day(
            make_date(
                period[:4]::integer,
                case length(period)
                    when 6 then period[6]::integer * 3
                    when 7 then period[6:]::integer
                    else 12
                end,
                1
            )
        )
"""
"""The last day of a period as it is written, 2020, 2020Q3 or 2020-09: it decides what is valid."""


def open_views(
    connection: duckdb.DuckDBPyConnection,
    expectations: Expectations,
    cut: Cut,
    models: dict[str, SqlFile] | None = None,
) -> None:
    """Creates the code tables and views of one cut, replacing those of an earlier one."""
    set_cut(connection, cut)
    clear_news(connection)
    connection.execute(_LAST_DAY_OF)
    _create_codes(connection, expectations, cut.night_at.astimezone(CITY_TIME).date())
    models = models if models is not None else load_sql("core")
    for model in order_models({model.table: model for model in models.values()}):
        query = readdress(model, {})
        connection.execute(f"create or replace temp view core_{model.name} as {query}")
    for contract in expectations.contracts.values():
        connection.execute(
            f"create or replace temp view included_{contract.dataset} as {_included(contract)}"
        )


def set_cut(connection: duckdb.DuckDBPyConnection, cut: Cut) -> None:
    """Sets the session variables models read."""
    connection.execute(f"set variable ledger_cut = {cut.ledger_cut}::bigint")
    connection.execute(f"set variable release_id = {cut.release_id}::bigint")
    connection.execute(f"set variable night_at = timestamptz '{cut.night_at.isoformat()}'")


def readdress(model: SqlFile, catalogs: Mapping[str, str]) -> str:
    """The SQL of a model, with the tables it reads named where they are.

    Args:
        model: the model.
        catalogs: by table or schema name, the catalog that holds it; `temp` names a flat
            temporary name such as `mart_standards`.
    """
    return _readdress(model, tuple(sorted(catalogs.items())))


@lru_cache(maxsize=1_024)
def _readdress(model: SqlFile, places: tuple[tuple[str, str], ...]) -> str:
    catalogs = dict(places)
    query = model.query.copy()
    for table in query.find_all(exp.Table):
        if not table.db:
            continue
        catalog = catalogs.get(f"{table.db}.{table.name}") or catalogs.get(table.db)
        derived = table.db != "core" or f"core.{table.name}" in _CORE_VIEWS
        if catalog == "temp" or (catalog is None and table.db in TEMPORARY and derived):
            alias = table.alias or table.name
            flat = exp.to_table(f"{table.db}_{table.name}", alias=alias)
            table.replace(flat)
        elif catalog is not None:
            table.set("catalog", exp.to_identifier(catalog))
    return query.sql(dialect="duckdb")


_CORE_VIEWS = frozenset(model.table for model in load_sql("core").values())


def ended_periods(contract: Contract, today: date) -> list[Period]:
    """The periods a dataset has been owed for, up to the last one that has ended."""
    period = Period.parse(contract.owed_from)
    newest = period_containing(today, contract.period_type).previous
    periods = []
    while period <= newest:
        periods.append(period)
        period = period.shift(1)
    return periods


def list_obligations(expectations: Expectations, today: date) -> pl.DataFrame:
    """One row per form that was owed up to a day: who, what, for when, due and locked on which day.

    Dates beyond the kept holiday data are empty; `doctor` and the night's summary say so.
    """
    rows = []
    for contract in expectations.contracts.values():
        for period in ended_periods(contract, today):
            due, lock = (_resolve(period, contract, kind) for kind in ("due", "lock"))
            rows += [
                (contract.dataset, reporter.code, str(period), period.period_type, due, lock)
                for reporter in expectations.codes.owing_in(contract, period)
            ]
    return pl.DataFrame(
        rows,
        schema={
            "dataset": pl.String,
            "reporter_code": pl.String,
            "period": pl.String,
            "period_type": pl.String,
            "due_on": pl.Date,
            "locked_on": pl.Date,
        },
        orient="row",
    )


def _resolve(period: Period, contract: Contract, kind: str) -> date | None:
    try:
        return resolve_deadline(period, getattr(contract, kind))
    except CalendarError:
        return None


def _create_codes(
    connection: duckdb.DuckDBPyConnection, expectations: Expectations, today: date
) -> None:
    """Creates the code lists as tables: what people wrote, in the words of the SQL models."""
    codes = expectations.codes
    tables: dict[str, list[dict[str, object]]] = {
        "reporting_unit": [
            {
                "reporting_unit_code": unit.code,
                "reporting_unit": unit.name,
                "reporting_unit_en": unit.name_en,
                "is_city": unit.is_city,
                "valid_from": unit.valid_from or date.min,
                "valid_until": unit.valid_until or date.max,
            }
            for unit in codes.reporting_units
        ],
        "reporter": [
            {
                "reporter_code": item.code,
                "reporter": item.name,
                "reporter_en": item.name_en,
                "kind": item.kind,
                "reporting_unit_code": item.reporting_unit_code,
            }
            for item in codes.reporters
        ],
        "unit_of_measure": [
            {"unit": unit.name, "base": unit.base, "factor": unit.factor}
            for unit in codes.units_of_measure
        ],
        "indicator": [
            {
                "indicator_code": item.code,
                "indicator_name": item.name.zh,
                "indicator_name_en": item.name.en,
                "unit": item.unit,
                "department": item.department,
                "measure_kind": item.measure_kind,
                "is_additive": item.is_additive,
                "adds_over_periods": item.measure_kind == "flow"
                and item.is_additive
                and not item.counts_distinct,
                "accumulated_since": item.accumulated_since
                if item.measure_kind == "flow"
                else None,
                "minimum": item.minimum,
                "maximum": item.maximum,
            }
            for item in codes.indicators
        ],
    }
    for name, rows in tables.items():
        create_frame(connection, f"codes_{name}", pl.DataFrame(rows, infer_schema_length=None))
    for name, frame in list_dated_codes(codes, today).items():
        create_frame(connection, f"codes_{name}", frame)
    create_frame(connection, "codes_obligation", list_obligations(expectations, today))
    working_days = pl.DataFrame(number_working_days(), schema=["day", "number"], orient="row")
    create_frame(connection, "codes_working_day", working_days)
    relations = list_relations(read_relations(expectations.texts, codes))
    create_frame(connection, "codes_relation", relations)
    bridges = list_bridges(read_bridges(expectations.texts, codes))
    create_frame(connection, "codes_bridge", bridges)


def create_frame(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Creates, or replaces, a temporary table with the rows of a frame."""
    connection.register("incoming", frame.to_arrow())
    connection.execute(f"create or replace temp table {table} as select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def _included(contract: Contract) -> str:
    """The rows that count of one dataset; figures that await an explanation are blanked."""
    withheld = contract.kind == "figures"
    columns = [
        f"""case when list_contains(withheld.columns, '{column.name}') then null
            else kept."{column.name}" end as "{column.name}" """
        if withheld and column.name not in contract.key
        else f'kept."{column.name}"'
        for column in contract.column
    ]
    join = (
        """left join (
            select submission_id, sheet, source_row, list(column_name) as columns
            from core_finding
            where severity = 'explain' and is_open
            group by all
        ) as withheld
            on kept.submission_id = withheld.submission_id
            and kept.source_sheet = withheld.sheet
            and kept.source_row = withheld.source_row"""
        if withheld
        else ""
    )
    return f"""
        select {", ".join(columns)}, kept.not_applicable, kept.submission_id, kept.source_sheet,
            kept.source_row, counts.reporter_code, counts.period, counts.period_type
        from core.{contract.dataset} as kept
        inner join core_included_submission as counts on kept.submission_id = counts.submission_id
        {join}
    """  # noqa: S608
