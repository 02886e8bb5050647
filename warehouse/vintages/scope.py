"""Tells which rows and columns of a form can touch a figure, as far as its series says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from warehouse.contracts.model import Column, Contract
from warehouse.evidence.figure import find_formula
from warehouse.night.rules import Rules
from warehouse.vintages.failure import FigureUnknown
from warehouse.vintages.model import Account, Movement

Row = Mapping[str, str | None]
"""A row's texts by column, as a difference shows them: codes by name."""


@dataclass(frozen=True)
class Scope:
    """What the figures of a series are made of.

    Attributes:
        is_reported: a department reported them; what is counted for the city has rows of all units.
        names: the series' code and name, by which rows of a form of figures name their indicator.
        dimensions: values that a row must have.
        columns: columns the figures are made of by dataset; empty where that is not told.
        cities: codes of the city as a whole.
    """

    is_reported: bool
    names: frozenset[str]
    dimensions: Mapping[str, str]
    columns: Mapping[str, Iterable[str]]
    cities: frozenset[str]

    def touches(
        self, movement: Movement, contract: Contract, column: str, rows: Iterable[Row]
    ) -> bool:
        """Whether a change can touch a figure.

        Args:
            movement: the figure.
            contract: the form's.
            column: the column that changed; empty for a whole row.
            rows: the row before and after.
        """
        columns = self.columns.get(contract.dataset)
        if column and columns and column not in columns:
            return False
        return any(
            all(
                self._fits(movement, item, text)
                for item in contract.column
                if (text := row.get(item.name))  # what is blank may belong anywhere
            )
            for row in rows
        )

    def _fits(self, movement: Movement, column: Column, text: str) -> bool:
        if column.name in self.dimensions:
            return text == self.dimensions[column.name]
        if column.type == "indicator_code":
            return not self.is_reported or text in self.names
        if column.type == "reporting_unit":
            has_all = not self.is_reported and movement.reporting_unit_code in self.cities
            return has_all or text in {movement.reporting_unit, movement.reporting_unit_code}
        return True


def find_scope(account: Account, rules: Rules) -> Scope:
    """What the series of an account is made of, by the rules in force."""
    units = rules.expectations.codes.reporting_units
    try:
        formula = find_formula(account.series_code, rules)
        dimensions, columns = formula.dimensions, formula.columns
    except FigureUnknown:
        dimensions, columns = {}, {}
    return Scope(
        is_reported=account.basis == "reported",
        names=frozenset({account.series_code, account.name}),
        dimensions=dimensions,
        columns=columns,
        cities=frozenset(unit.code for unit in units if unit.is_city),
    )
