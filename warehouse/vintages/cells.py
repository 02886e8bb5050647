"""Finds the cells by which a correction moved a figure, in the forms as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb

from warehouse.build.views import Cut, open_views, set_cut
from warehouse.contracts.model import Contract, Text
from warehouse.decide.difference import compare_submission
from warehouse.decide.model import Difference, LoneRow
from warehouse.decide.rows import keep_rows, select_cells
from warehouse.fault import UserFault
from warehouse.gate.explanations import SUBJECT_JOINT
from warehouse.history import look_back, open_bench
from warehouse.night.rules import Rules, load_rules
from warehouse.settings import Settings
from warehouse.vintages.ledger import WAIT_SECONDS
from warehouse.vintages.model import Account, Cell, Movement, Part
from warehouse.vintages.scope import Row, Scope, find_scope

COMPARED = frozenset({"correction", "decision"})
"""Causes by which one form may have taken the place of another."""


def add_cells(settings: Settings, account: Account) -> Account:
    """The account with the cells of its corrections; where they cannot be had it says why.

    Forms are compared with the contracts in force, as of the ledger entry that did it.
    """
    if not any(part.cause in COMPARED for item in account.movements for part in item.parts):
        return account
    try:
        rules = load_rules(settings)
        contracts = rules.expectations.contracts.values()
        with (
            open_bench(settings) as connection,
            look_back(connection, settings, contracts, WAIT_SECONDS),
        ):
            comparer = _Comparer(connection, settings, rules, account)
            movements = tuple(comparer.complete(item) for item in account.movements)
    except (UserFault, OSError, duckdb.Error) as error:
        return replace(account, notices=(*account.notices, _excuse(error)))
    return replace(account, movements=movements, notices=(*account.notices, *comparer.notices))


def _excuse(error: Exception) -> Text:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    chinese, english = (
        (error.of("zh"), error.of("en")) if isinstance(error, UserFault) else (reason, reason)
    )
    return Text(
        zh=f"更正改动了哪些单元格没有列出：{chinese}",
        en=f"The cells that corrections changed are not shown: {english}",
    )


class _Comparer:
    """Compares each correcting submission once, however many figures it moved."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        settings: Settings,
        rules: Rules,
        account: Account,
    ) -> None:
        self.notices: list[Text] = []
        self._connection = connection
        self._settings = settings
        self._rules = rules
        self._scope = find_scope(account, rules)
        self._is_open = False
        self._compared: dict[tuple[int, int], _Comparison | None] = {}

    def complete(self, movement: Movement) -> Movement:
        """The movement, each correction with its cells."""
        return replace(
            movement, parts=tuple(self._complete_part(movement, part) for part in movement.parts)
        )

    def _complete_part(self, movement: Movement, part: Part) -> Part:
        if part.cause not in COMPARED or part.sequence is None or part.submission_id is None:
            return part
        key = (part.sequence, part.submission_id)
        if key not in self._compared:
            self._compared[key] = self._compare(*key)
        comparison = self._compared[key]
        return replace(part, cells=comparison.list_cells(movement)) if comparison else part

    def _compare(self, sequence: int, submission_id: int) -> _Comparison | None:
        """The form against the one it replaced; None where it replaced none."""
        self._cut_at(sequence)
        counting = self._connection.execute(
            "select 1 from core_included_submission where submission_id = $1", [submission_id]
        ).fetchone()
        if not counting:
            return None
        expectations = self._rules.expectations
        try:
            difference = compare_submission(
                self._connection, expectations, submission_id, self._settings.archive
            )
        except UserFault as error:
            self.notices.append(_excuse(error))
            return None
        contract = expectations.contracts.get(difference.dataset or "")
        if contract is None or difference.against is None or difference.is_other_period:
            return None
        return _Comparison(self._connection, self._scope, contract, difference)

    def _cut_at(self, sequence: int) -> None:
        """Shows the ledger as of an entry, by the clock of that entry."""
        row = self._connection.execute(
            "select night_at from ledger.decision where sequence = $1 "
            "union all select night_at from ledger.explanation where sequence = $1",
            [sequence],
        ).fetchone()
        if row is None:
            message = (
                f"台账里没有第 {sequence} 条记录。请运行 biaogan doctor。 / "
                f"The ledger has no entry {sequence}; run biaogan doctor."
            )
            raise UserFault(message)
        cut = Cut(sequence, row[0], 0)
        if not self._is_open:
            open_views(self._connection, self._rules.expectations, cut, self._rules.core)
            self._is_open = True
        set_cut(self._connection, cut)


@dataclass(frozen=True)
class _Comparison:
    """One form against the one it replaced."""

    connection: duckdb.DuckDBPyConnection
    scope: Scope
    contract: Contract
    difference: Difference

    def list_cells(self, movement: Movement) -> tuple[Cell, ...]:
        """What changed in rows that can touch a figure, or everything where none seems to."""
        touching = tuple(
            cell
            for cell, rows in self._changes
            if self.scope.touches(movement, self.contract, cell.column, rows)
        )
        return touching or tuple(cell for cell, _ in self._changes)

    @cached_property
    def _changes(self) -> list[tuple[Cell, tuple[Row, ...]]]:
        """Every cell and row that changed, with the row before and after."""
        files = self._name_files()
        new, old = files[self.difference.submission_id], files[self.difference.against or 0]
        return [
            *self._list_changed(new),
            *(
                (Cell(new, item.address, item.key, "", "", None, self._join(item)), (row,))
                for item, row in self._read_alone(self.difference.added)
            ),
            *(
                (Cell(old, item.address, item.key, "", "", self._join(item), None), (row,))
                for item, row in self._read_alone(self.difference.removed)
            ),
        ]

    def _list_changed(self, file: str) -> Iterator[tuple[Cell, tuple[Row, ...]]]:
        after = self._read_rows() if self.difference.changed else {}
        before: dict[tuple[str, int], dict[str, str | None]] = {}
        for item in self.difference.changed:
            place = (item.sheet, item.source_row)
            before.setdefault(place, dict(after[place]))[item.column] = item.before
        for item in self.difference.changed:
            place = (item.sheet, item.source_row)
            cell = Cell(
                file, item.address, item.key, item.column, item.heading, item.before, item.after
            )
            yield cell, (before[place], after[place])

    def _read_rows(self) -> dict[tuple[str, int], Row]:
        rows = keep_rows(self.contract, self.difference.submission_id, is_nil=False)
        found = self.connection.execute(
            f"select source_sheet, source_row, cells from ({select_cells(self.contract, rows)})"  # noqa: S608
        ).fetchall()
        names = list(self.difference.columns)
        return {(sheet, row): dict(zip(names, cells, strict=True)) for sheet, row, cells in found}

    def _read_alone(self, rows: Iterable[LoneRow]) -> Iterator[tuple[LoneRow, Row]]:
        for row in rows:
            yield row, dict(zip(self.difference.columns, row.cells, strict=True))

    def _join(self, row: LoneRow) -> str:
        """What a row says beside its key."""
        cells = zip(self.difference.columns, row.cells, strict=True)
        return SUBJECT_JOINT.join(
            text for name, text in cells if text and name not in self.contract.key
        )

    def _name_files(self) -> dict[int, str]:
        rows = self.connection.execute(
            "select submission_id, concat_ws('/', folder, file_name) from ledger.submission "
            "where submission_id in ($1, $2)",
            [self.difference.submission_id, self.difference.against],
        ).fetchall()
        return dict(rows)
