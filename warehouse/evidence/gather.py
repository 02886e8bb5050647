"""Gathers all that stands behind published figures, many from one look at the warehouse."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import duckdb

from warehouse.contracts.model import NUMERIC_TYPES
from warehouse.decide.rows import keep_rows, select_cells
from warehouse.evidence.contributions import REPORTED, select_contributions
from warehouse.evidence.figure import (
    describe_figure,
    describe_vintage,
    find_formula,
    find_twin,
    read_vintages,
    refuse_unknown,
)
from warehouse.evidence.model import Cell, Evidence, Figure, Formula, Release, Row
from warehouse.evidence.originals import MOST_HELD, SMALL, Originals, Spot
from warehouse.evidence.release import open_release
from warehouse.evidence.submissions import (
    Facts,
    Submissions,
    describe_missing,
    fetch,
    find_forms,
    keep_facts,
)
from warehouse.gate.explanations import SUBJECT_JOINT
from warehouse.identifiers.synthetic import RESERVED_PREFIX
from warehouse.read.headings import compared_columns
from warehouse.settings import Settings
from warehouse.site.privacy import HIDDEN, hide_personal, is_personal

if TYPE_CHECKING:
    from warehouse.night.rules import Rules

Values = tuple[str, dict[str, str | None]]
"""A row's key, and its values by column."""
Seen = tuple[str, list[Cell]]
"""A row's key, and its cells."""
MOST_LISTED = 50_000
"""Rows listed of one figure, in a file that a browser still opens; the others are counted."""

_KEEP = "evidence_kept"
"""Temporary table with all contributions of one mart and period, for the figures made of them."""


def gather_evidence(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    rules: Rules,
    series_code: str,
    period: str,
    reporting_unit_code: str,
    release_id: int,
) -> Evidence:
    """All that stands behind one figure as a release has it; opens the views at its cut.

    Args:
        connection: the warehouse, or a read-only look at it.
        settings: the data root.
        rules: those the release was made with.
        series_code: such as `std_total_count` or `standards.standard_count[role=执行]`.
        period: such as `2020Q3`.
        reporting_unit_code: the city's or a unit's.
        release_id: number of the release.

    Raises:
        FigureUnknown: the release has no such figure; what is near is named.
    """
    release = open_release(connection, rules, release_id)
    gatherer = Gatherer(connection, settings, rules, release)
    return gatherer.gather(series_code, period, reporting_unit_code)


@dataclass
class Gatherer:
    """Gathers figures of one release.

    Attributes:
        connection: with `open_release` called for the release.
        rules: those the release was made with.
        most_rows: rows listed of one figure; the others are counted and added up.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    rules: Rules
    release: Release
    most_rows: int = MOST_LISTED
    _kept: tuple[str, str] | None = field(default=None, init=False)
    _formulas: dict[str, Formula] = field(default_factory=dict, init=False)
    _values: dict[int, dict[Spot, Values]] = field(default_factory=dict, init=False)

    @cached_property
    def _originals(self) -> Originals:
        return Originals(self.connection, self.settings, self.rules)

    @cached_property
    def _submissions(self) -> Submissions:
        keep_facts(self.connection)
        return Submissions(self.connection, self._originals)

    def gather(self, series_code: str, period: str, unit: str) -> Evidence:
        """All that stands behind one figure.

        Raises:
            FigureUnknown: the release has no such figure; what is near is named.
        """
        key, release_id = (series_code, period, unit), self.release.release_id
        vintages = read_vintages(self.connection, key, release_id)
        if not vintages or not vintages[-1]["is_present"]:
            raise refuse_unknown(self.connection, key, release_id)
        submissions = self._submissions
        figure = describe_figure(vintages[-1], self.rules.expectations)
        formula = self.find_formula(series_code)
        found = self._find_rows(formula, figure)
        used = self._count_rows(formula, figure, found)
        forms = self._find_forms(formula, figure, submissions.read_facts(set(used)))
        counted = {form["submission_id"] for form in forms if form["state"] in {"accepted", "nil"}}
        facts = submissions.read_facts(counted | set(used))
        rows = self._describe_rows(formula, found, facts)
        return Evidence(
            figure=figure,
            release=self.release,
            formula=formula,
            total=found[0]["total"] if found else Decimal(0),
            row_count=found[0]["row_count"] if found else 0,
            rows=rows,
            submissions=submissions.describe({number: used.get(number, 0) for number in facts}),
            missing=describe_missing(forms, self.rules.expectations),
            vintages=tuple(describe_vintage(row) for row in vintages),
            headings=self._list_headings(formula),
            twin=find_twin(self.connection, figure, release_id),
            is_synthetic=any(
                RESERVED_PREFIX in (cell.value or "") for row in rows for cell in row.cells
            ),
        )

    def find_formula(self, series_code: str) -> Formula:
        """How a figure of a series is made, read once a series.

        Raises:
            FigureUnknown: no mart has the measure, or it has no file in `sql/evidence`.
        """
        if series_code not in self._formulas:
            self._formulas[series_code] = find_formula(series_code, self.rules)
        return self._formulas[series_code]

    def _is_city(self, unit: str) -> bool:
        units = self.rules.expectations.codes.reporting_units
        return any(item.is_city for item in units if item.code == unit)

    def _find_rows(self, formula: Formula, figure: Figure) -> list[Facts]:
        """The rows listed; each says how many there are, and what all of them make."""
        self._keep(formula.evidence, figure.period)
        query, values = self._select_rows(formula, figure)
        return fetch(self.connection, f"{query} limit {self.most_rows}", values)

    def _count_rows(self, formula: Formula, figure: Figure, found: list[Facts]) -> dict[int, int]:
        """How many rows of each submission are behind the figure, listed or not."""
        if not found or found[0]["row_count"] == len(found):
            return Counter(row["submission_id"] for row in found)
        query, values = self._select_rows(formula, figure)
        return dict(
            self.connection.execute(
                f"select submission_id, count(*) from ({query}) group by submission_id",  # noqa: S608
                values,
            ).fetchall()
        )

    def _select_rows(self, formula: Formula, figure: Figure) -> tuple[str, list[str]]:
        unit = figure.reporting_unit_code
        is_rollup = formula.evidence != REPORTED and self._is_city(unit)
        return select_contributions(formula, figure.period, None if is_rollup else unit, _KEEP)

    def _keep(self, evidence: str, period: str) -> None:
        """Keeps the contributions of one mart and period: the next figure asks for the same."""
        if self._kept != (evidence, period):
            self.connection.execute(
                f"create or replace temp table {_KEEP} as "  # noqa: S608
                f"select * from evidence_{evidence} where period = ?",
                [period],
            )
            self._kept = (evidence, period)

    def _find_forms(
        self, formula: Formula, figure: Figure, facts: Mapping[int, Facts]
    ) -> list[Facts]:
        """The forms the figure should rest on; of an indicator, the one form that reports it."""
        if formula.evidence == REPORTED:
            return []
        unit = figure.reporting_unit_code
        return find_forms(
            self.connection,
            {row["dataset"] for row in facts.values()} or set(formula.datasets),
            {row["period"] for row in facts.values()} | {figure.period},
            None if self._is_city(unit) else unit,
        )

    def _list_headings(self, formula: Formula) -> dict[str, dict[str, str]]:
        """By dataset, the headings of the columns that matter."""
        contracts = self.rules.expectations.contracts
        return {
            dataset: {name: contracts[dataset].columns[name].heading for name in columns}
            for dataset, columns in formula.columns.items()
            if dataset in contracts
        }

    def _describe_rows(
        self, formula: Formula, found: list[Facts], facts: Mapping[int, Facts]
    ) -> tuple[Row, ...]:
        numbers: dict[int, list[int]] = defaultdict(list)
        for row in found:
            numbers[row["submission_id"]].append(row["source_row"])
        read = {
            number: self._read_rows(formula, facts[number], rows)
            for number, rows in numbers.items()
        }
        return tuple(
            self._describe_row(formula, row, facts[row["submission_id"]]["dataset"], *seen)
            for row in found
            for seen in (read[row["submission_id"]][row["source_sheet"], row["source_row"]],)
        )

    def _read_rows(
        self, formula: Formula, facts: Facts, numbers: Collection[int]
    ) -> dict[Spot, Seen]:
        """Key and cells of a submission's rows: as core has them, and as the original does."""
        original = self._originals.read(facts)
        texts = original.read_rows(numbers) if original else {}
        columns = formula.columns.get(facts["dataset"], ())
        wanted = set(numbers)
        seen = {}
        for spot, (key, meant) in self._read_values(facts, numbers).items():
            if spot[1] in wanted:
                found = (
                    original.find_cell(texts, spot, column) if original else (None, None)
                    for column in columns
                )
                seen[spot] = (
                    key,
                    [
                        Cell(column, address, read, hide_personal(meant.get(column)))
                        for column, (address, read) in zip(columns, found, strict=True)
                    ],
                )
        return seen

    def _read_values(self, facts: Facts, numbers: Collection[int]) -> dict[Spot, Values]:
        """Keys and values of a submission's rows in core, as they are shown."""
        number = facts["submission_id"]
        if (facts["row_count"] or 0) > SMALL:
            return self._query_values(facts, numbers)
        if number not in self._values:
            if len(self._values) * SMALL >= MOST_HELD:
                del self._values[next(iter(self._values))]
            self._values[number] = self._query_values(facts)
        return self._values[number]

    def _query_values(
        self, facts: Facts, numbers: Collection[int] | None = None
    ) -> dict[Spot, Values]:
        contract = self.rules.expectations.contracts[facts["dataset"]]
        rows = keep_rows(contract, facts["submission_id"], is_nil=facts["is_nil"])
        if numbers is not None:
            among = ", ".join(str(number) for number in sorted(numbers)) or "null"
            rows = replace(rows, source=f"{rows.source} and source_row in ({among})")
        names = [column.name for column in compared_columns(contract)]
        query = f"select source_sheet, source_row, key, cells from ({select_cells(contract, rows)})"  # noqa: S608
        return {
            (sheet, row): (
                SUBJECT_JOINT.join(part for part in key if part),
                dict(zip(names, cells, strict=True)),
            )
            for sheet, row, key, cells in self.connection.execute(query).fetchall()
        }

    def _describe_row(
        self, formula: Formula, row: Facts, dataset: str, key: str, cells: list[Cell]
    ) -> Row:
        return Row(
            submission_id=row["submission_id"],
            dataset=dataset,
            sheet=row["source_sheet"],
            row=row["source_row"],
            key=hide_personal(key) or "",
            cell=self._find_main(formula, dataset, row, cells),
            cells=tuple(cells),
            thing=hide_thing(row["thing"]),
            amount=row["amount"],
            precedence=row["precedence"],
            adds=row["adds"],
        )

    def _find_main(
        self, formula: Formula, dataset: str, row: Facts, cells: list[Cell]
    ) -> str | None:
        """The address of what is counted or added up, else of the row's first cell."""
        columns = self.rules.expectations.contracts[dataset].columns
        numbers = {name for name, column in columns.items() if column.type in NUMERIC_TYPES}
        tests: tuple[Callable[[Cell], bool], ...] = (
            lambda cell: cell.column == formula.measure,
            lambda cell: row["amount"] is not None and cell.column in numbers,
            lambda cell: cell.value == row["thing"],
            lambda cell: True,
        )
        found = (
            cell.address for is_main in tests for cell in cells if cell.address and is_main(cell)
        )
        return next(found, None)


def hide_thing(thing: str | None) -> str | None:
    """What is counted; a hash in place of what may be personal, so that it still counts once."""
    if thing is None or not is_personal(thing):
        return thing
    return HIDDEN + hashlib.sha256(thing.encode()).hexdigest()[:16]
