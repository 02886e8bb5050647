"""What is said of one figure: plain values, so that a page and a program get the same."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from warehouse.contracts.model import Text

VERSION = 1
"""Of the document; raised when a reader of an older one would misread it."""

Document = dict[str, Any]
"""An evidence document: `Evidence.document`, as it lies in the page as JSON."""


@dataclass(frozen=True)
class Formula:
    """How a figure is made of rows.

    Attributes:
        evidence: name of the file in `sql/evidence`.
        measure: the mart's column, or the indicator.
        dimensions: the values the figure is of; those it does not distinguish are left out.
        datasets: the forms it rests on.
        columns: by dataset, the columns that decide the figure or tell its rows apart.
        sql: by path, the text of the files that make it.
    """

    evidence: str
    measure: str
    dimensions: dict[str, str]
    datasets: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    sql: dict[str, str]


@dataclass(frozen=True)
class Release:
    """The release that carries the figure, and where it is sealed in the ledger.

    Attributes:
        entry_hash: hash of the last ledger entry it was made from.
    """

    release_id: int
    ledger_cut: int
    entry_hash: str | None
    content_sha256: str | None
    rule_set: str
    code_version: str
    published_at: datetime
    recorded_at: datetime
    is_replayed: bool


@dataclass(frozen=True)
class Vintage:
    """What releases from one on said of the figure, until the next vintage.

    Attributes:
        is_present: False where these releases did not have the figure.
        causes: why it differs from the vintage before.
    """

    release_id: int
    published_at: datetime
    last_release_id: int
    value: Decimal | None
    value_state: str | None
    qualifier: str | None
    status: str | None
    expected_submissions: int | None
    included_submissions: int | None
    is_present: bool
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One cell of the original.

    Attributes:
        address: such as `B7`; None where the original cannot be read.
        read: the text as it stands there.
        value: what it was taken to mean.
    """

    column: str
    address: str | None
    read: str | None
    value: str | None


@dataclass(frozen=True)
class Row:
    """One row of a form behind the figure, and what it adds.

    Attributes:
        key: the values that tell the row apart, joined.
        cell: the address of what is counted or added up; None where it cannot be read.
    """

    submission_id: int
    dataset: str
    sheet: str
    row: int
    key: str
    cell: str | None
    cells: tuple[Cell, ...]
    thing: str | None
    amount: Decimal | None
    precedence: int | None
    adds: Decimal | None


@dataclass(frozen=True)
class Note:
    """One finding of a submission in force, with its explanation.

    Attributes:
        place: `sheet!B7`; empty for the form as a whole.
    """

    rule_id: str
    severity: str
    place: str
    sentence: Text
    explanation: str | None
    explained_by: str | None
    is_open: bool


@dataclass(frozen=True)
class Decision:
    """One decision on a submission."""

    action: str
    decided_by: str
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Submission:
    """One file behind the figure, as the ledger has it.

    Attributes:
        sequence: its ledger entry.
        row_hash: hash of that entry.
        round: the how-manieth for its form.
        rules_run: how many rules ran in its judgement; None where that is not on record.
        row_count: rows read.
        rows_used: of these, rows behind the figure.
    """

    submission_id: int
    sequence: int
    row_hash: str | None
    sha256: str | None
    file_name: str | None
    size_bytes: int | None
    dataset: str
    dataset_title: Text
    reporter_code: str
    reporter: Text
    period: str
    round: int | None
    is_nil: bool
    row_count: int | None
    rows_used: int
    template_version: int | None
    rule_set: str | None
    code_version: str | None
    rules_run: int | None
    finding_count: int | None
    findings_sha256: str | None
    known_at: datetime | None
    recorded_at: datetime | None
    is_replayed: bool
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Missing:
    """A form that was owed and does not count: what became of it."""

    dataset_title: Text
    reporter: Text
    period: str
    state: str


@dataclass(frozen=True)
class Twin:
    """The same fact from the other source."""

    series_code: str
    basis: str
    value: Decimal | None
    unit: str


@dataclass(frozen=True)
class Figure:
    """A published figure, as its release has it."""

    series_code: str
    period: str
    reporting_unit_code: str
    reporting_unit: Text
    name: Text
    indicator_code: str | None
    basis: str
    unit: str
    qualifier: str | None
    measure_kind: str
    value: Decimal | None
    value_state: str
    expected_submissions: int
    included_submissions: int
    status: str
    break_reason: str | None


@dataclass(frozen=True)
class Evidence:
    """All that stands behind one figure.

    Attributes:
        row_count: rows behind the figure, listed or not.
        rows: those listed.
        total: what all rows make; the figure's value where all is well.
        is_synthetic: the rows name example enterprises that do not exist.
    """

    figure: Figure
    release: Release
    formula: Formula
    total: Decimal | None
    row_count: int
    rows: tuple[Row, ...]
    submissions: tuple[Submission, ...]
    missing: tuple[Missing, ...]
    vintages: tuple[Vintage, ...]
    headings: dict[str, dict[str, str]] = field(default_factory=dict)
    twin: Twin | None = None
    is_synthetic: bool = False

    @property
    def document(self) -> Document:
        """Everything as plain values that JSON has; of a row only what is there, cells in order.

        A cell is its address, the text as read, and what it was taken to mean where that differs;
        its column is the one of the same place in `headings`.
        """
        others = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "rows"}
        said = {"biaogan_evidence": VERSION} | {
            name: _take_apart(value) for name, value in others.items()
        }
        document: Document = json.loads(json.dumps(said, ensure_ascii=False, default=_plain))
        return document | {"rows": [_shorten(row) for row in self.rows]}


def _take_apart(value: object) -> object:
    if isinstance(value, tuple):
        return [_take_apart(item) for item in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _shorten(row: Row) -> Document:
    numbers = {"amount": row.amount, "adds": row.adds}
    facts = {
        "submission_id": row.submission_id,
        "sheet": row.sheet,
        "row": row.row,
        "key": row.key,
        "cell": row.cell,
        "cells": [
            [cell.address, cell.read, *([cell.value] if cell.value != cell.read else [])]
            for cell in row.cells
        ],
        "thing": row.thing,
        "precedence": row.precedence,
    }
    written = {
        name: None if value is None else write_number(value) for name, value in numbers.items()
    }
    return facts | written


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    message = f"not a plain value: {value!r}"
    raise TypeError(message)


def write_number(value: Decimal) -> str:
    """A number without idle zeros and without an exponent: `1213`, `0.5`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
