"""A warehouse in memory, filled with rows rather than files: for truth tables of marts and checks.

Rows are lines of words: `-` is blank, `/` is a number marked as not applicable.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from warehouse.build.marts import build_marts
from warehouse.build.views import Cut, open_views
from warehouse.contracts.load import Expectations, load_expectations
from warehouse.gate.checks import run_checks
from warehouse.gate.stage import open_stage
from warehouse.ledger.chain import Chain
from warehouse.ledger.tables import create_tables
from warehouse.periods import PARTS, Period
from warehouse.settings import CITY_TIME
from warehouse.sql_files import SqlFile, load_sql

BLANK, NOT_APPLICABLE = "-", "/"
FIRST_ROW = 6
"""Source row of a form's first data row."""
OPEN, LOCKED = "2020-10-30", "2021-02-01"
"""Days before and after the lock date of 2020Q3."""


@functools.cache
def expectations() -> Expectations:
    return load_expectations()


@functools.cache
def sql(schema: str) -> dict[str, SqlFile]:
    return load_sql(schema)


@dataclass(frozen=True)
class Form:
    """One submission that was decided on.

    Attributes:
        rows: lines of words, in the order of the columns they are read with.
        action: the gate's decision.
        then: later decisions, as `(action, day)`.
        withheld: places of figures that await an explanation, as `(line, column)`.
        explained: places of figures that were explained.
    """

    reporter: str
    rows: Sequence[str] = ()
    period: str = "2020Q3"
    action: str = "accept"
    day: str = "2020-10-12"
    is_nil: bool = False
    then: Sequence[tuple[str, str]] = ()
    withheld: Sequence[tuple[int, str]] = ()
    explained: Sequence[tuple[int, str]] = ()


@dataclass
class Warehouse:
    """Submissions, decisions and core rows as a night would have left them."""

    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    count: int = 0

    def __post_init__(self) -> None:
        self.connection.execute(f"set TimeZone = '{CITY_TIME.key}'; set threads = 1")
        create_tables(self.connection, expectations().contracts.values())
        self.chain = Chain(self.connection)

    def keep(self, dataset: str, columns: str, form: Form) -> int:
        """Records one submission with its decisions, findings and rows."""
        self.count += 1
        period = Period.parse(form.period)
        submission = {
            "submission_id": self.count,
            "dataset": dataset,
            "reporter_code": form.reporter,
            "period": form.period,
            "period_type": period.period_type,
            "is_nil": form.is_nil,
            **_stamp(form.day),
        }
        self.chain.append("submission", [submission])
        for action, day in [(form.action, form.day), *form.then]:
            decision = {"submission_id": self.count, "action": action, "decided_by": "gate"}
            self.chain.append("decision", [decision | _stamp(day)])
        for explanation, places in ((None, form.withheld), ("说明", form.explained)):
            for line, column in places:
                self.connection.execute(
                    "insert into ledger.finding (submission_id, rule_id, severity, sheet, "
                    "source_row, column_name, explanation) values (?, 'x', 'explain', '', ?, ?, ?)",
                    [self.count, FIRST_ROW + line, column, explanation],
                )
        _insert(self.connection, f"core.{dataset}", columns, form.rows, self.count)
        return self.count

    def open(self, day: str, cut: int | None = None) -> None:
        """Opens the views of a ledger cut; the whole ledger where none is given."""
        at = datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=CITY_TIME)
        ledger_cut = self.chain.sequence if cut is None else cut
        open_views(self.connection, expectations(), Cut(ledger_cut, at, 7), sql("core"))
        for name, value in (
            ("recorded_at", "timestamptz '2026-01-01 00:00:00+08'"),
            ("is_replayed", "true"),
            ("rule_set", "'rules'"),
            ("code_version", "'1'"),
        ):
            self.connection.execute(f"set variable {name} = {value}")

    def build(self, *marts: str, day: str = OPEN, cut: int | None = None) -> dict[str, int]:
        """Builds marts, all where none is named, into an attached catalog in memory."""
        self.open(day, cut)
        self.connection.execute("detach database if exists release")
        self.connection.execute("attach ':memory:' as release; create schema release.mart")
        models = {name: model for name, model in sql("mart").items() if not marts or name in marts}
        return build_marts(self.connection, models, expectations(), "release")

    def read(self, mart: str, columns: str, where: str = "true") -> list[str]:
        """Rows of a built mart as lines of words, sorted."""
        texts = [f"{name}::varchar" for name in columns.split()]
        found = self.connection.execute(
            f"select {', '.join(texts)} from release.mart.{mart} where {where}"
        ).fetchall()
        return sorted(_line(row) for row in found)


@dataclass
class Gate(Warehouse):
    """A warehouse with forms of a night that are still to be judged."""

    def __post_init__(self) -> None:
        super().__post_init__()
        open_stage(self.connection, list(expectations().contracts.values()))

    def stage(self, dataset: str, columns: str, form: Form) -> int:
        """Stages a typed form; its number is above those of all kept ones."""
        self.count += 1
        period = Period.parse(form.period)
        self.connection.execute(
            "insert into gate_submission values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                self.count, dataset, form.reporter, form.period, period.end, period.period_type,
                str(period.previous), str(period.shift(-PARTS[period.period_type])), form.is_nil,
            ],
        )  # fmt: skip
        _insert(self.connection, f"gate_row_{dataset}", columns, form.rows, self.count)
        return self.count

    def total(self, submission_id: int, column: str, value: str, sheet: str = "") -> None:
        """Stages a number of a 合计 row."""
        self.connection.execute(
            "insert into gate_total values (?, ?, 99, ?, ?, 1)",
            [submission_id, sheet, column, value],
        )

    def judge(self, dataset: str, *marts: str) -> list[str]:
        """Runs a contract's checks: lines of `submission rule row column value expected`.

        Args:
            dataset: the contract.
            marts: those that figures are held against.
        """
        self.open(OPEN)
        models = {name: sql("mart")[name] for name in marts}
        build_marts(self.connection, models, expectations(), "temp")
        self.connection.execute(
            f"create or replace temp view gate_row as select * from gate_row_{dataset}"
        )
        contract = expectations().contracts[dataset]
        broken = run_checks(self.connection, contract, expectations(), sql("check"))
        assert broken == {}
        found = self.connection.execute(
            "select submission_id, rule_id, source_row, column_name, value, expected "
            "from gate_finding"
        ).fetchall()
        return sorted(_line(row) for row in found)


def _stamp(day: str) -> dict[str, Any]:
    at = datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=CITY_TIME)
    return {"night_at": at, "recorded_at": at, "is_replayed": True}


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    lines: Iterable[str],
    submission_id: int,
) -> None:
    names = columns.split()
    facts = ["submission_id", "source_sheet", "source_row", "not_applicable"]
    rows: list[Any] = []
    for place, line in enumerate(lines):
        words = line.split()
        assert len(words) == len(names), f"{len(names)} columns, but: {line}"
        absent = [name for name, word in zip(names, words, strict=True) if word == NOT_APPLICABLE]
        values = [None if word in {BLANK, NOT_APPLICABLE} else word for word in words]
        rows.append([*values, submission_id, "", FIRST_ROW + place, absent])
    if rows:
        marks = ", ".join(["?"] * (len(names) + len(facts)))
        connection.execute(
            f"insert into {table} ({', '.join([*names, *facts])}) values "
            + ", ".join([f"({marks})"] * len(rows)),
            [value for row in rows for value in row],
        )


def _line(row: Iterable[Any]) -> str:
    return " ".join(BLANK if value is None else str(value) for value in row)
