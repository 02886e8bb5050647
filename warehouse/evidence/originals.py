"""Reads archived originals again: what stands in which cell of a row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.decide.failure import FormLost
from warehouse.decide.rows import read_form_again
from warehouse.fault import UserFault
from warehouse.read.form import Form
from warehouse.read.sheet import cell_address
from warehouse.settings import Settings
from warehouse.site.privacy import hide_personal

if TYPE_CHECKING:
    from warehouse.night.rules import Rules

MOST_HELD = 200_000
"""Rows of forms held at once: a figure's rows come form by form, many figures rest on the same."""
SMALL = 5_000
"""Rows of a form that is looked up whole; of a larger one only the rows asked for are."""

Spot = tuple[str, int]
"""Sheet and row of a form's row."""
Texts = dict[Spot, dict[str, str | None]]
"""What was read, by sheet and row, then by column; personal texts are hidden."""


@dataclass(frozen=True)
class Original:
    """One original, read with the rules it was judged with."""

    form: Form
    expectations: Expectations

    @cached_property
    def _all_rows(self) -> Texts:
        return _list_rows(self.form.rows)

    def read_rows(self, numbers: Collection[int]) -> Texts:
        """What stands in rows of these numbers, on whatever sheet."""
        if self.form.rows.height <= SMALL:
            return self._all_rows
        return _list_rows(self.form.rows.filter(pl.col("source_row").is_in(numbers)))

    def find_cell(self, texts: Texts, spot: Spot, column: str) -> tuple[str | None, str | None]:
        """Address and text of a cell; None for what the original does not have."""
        place = self.form.columns_at.get(spot[0], {}).get(column)
        if place is None or spot not in texts:
            return None, None
        return cell_address(spot[1], place), texts[spot].get(column)


@dataclass
class Originals:
    """The originals of a data root, each read at most once while it is held."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    rules: Rules
    _expectations: dict[str, Expectations] = field(default_factory=dict)
    _held: dict[int, Original | None] = field(default_factory=dict)

    def read(self, facts: dict[str, Any]) -> Original | None:
        """The original of a submission; None where the archive lost it or it cannot be read.

        Args:
            facts: its row of `ledger.submission`.
        """
        number = facts["submission_id"]
        if number not in self._held:
            original = self._read(facts)
            while self._held and self._count_rows(original) > MOST_HELD:
                del self._held[next(iter(self._held))]
            self._held[number] = original
        return self._held[number]

    def _count_rows(self, another: Original | None) -> int:
        held = [*self._held.values(), another]
        return sum(original.form.rows.height for original in held if original)

    def _read(self, facts: dict[str, Any]) -> Original | None:
        expectations = self.find_expectations(facts["rule_set"])
        row = self.connection.execute("select getvariable('night_at')::date").fetchone()
        today = row[0] if row and row[0] else date.max
        try:
            form = read_form_again(facts, expectations, self.settings.archive, today)
        except FormLost:
            return None
        if form.identity.contract is None:
            return None
        return Original(form, expectations)

    def find_expectations(self, rule_set: str | None) -> Expectations:
        """The contracts of a rule set; those in force where it was not kept."""
        from warehouse.night.rules import load_kept_rules  # the night imports the site's evidence

        if not rule_set or rule_set == self.rules.rule_set:
            return self.rules.expectations
        if rule_set not in self._expectations:
            try:
                kept = load_kept_rules(self.settings.archive, rule_set).expectations
            except UserFault:
                kept = self.rules.expectations
            self._expectations[rule_set] = kept
        return self._expectations[rule_set]


def _list_rows(rows: pl.DataFrame) -> Texts:
    return {
        (row.pop("source_sheet"), row.pop("source_row")): {
            name: hide_personal(text) for name, text in row.items()
        }
        for row in rows.iter_rows(named=True)
    }
