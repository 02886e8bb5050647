"""Plants what one row shows beside the same row accepted before: figures that differ from it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal

from tests.cases.gate.faults import find_rule, indicator_of
from tests.corpus import CorpusForm
from tests.corpus_cells import columns_of
from tests.corpus_changes import COMPARED, FALL, JUMP
from tests.corpus_columns import tell
from tests.corpus_history import (
    FIGURE,
    find_counting,
    find_unit_column,
    list_counted,
    recompute_growth,
)
from tests.corpus_plants import Attempt, Fault, Planted, Planter, need_cells
from warehouse.contracts.model import Rule

RowChange = Callable[[CorpusForm, Rule, str, int], Planted | None]
"""Makes a rule speak, of a column, in a row."""


def halve_figure(form: CorpusForm, rule: Rule, column: str, row: int) -> Planted | None:
    """Half a stock."""
    return _change_figure(form, rule, column, row, Decimal(1) / 2)


def multiply_figure(form: CorpusForm, rule: Rule, column: str, row: int) -> Planted | None:
    """A flow many times as large."""
    return _change_figure(form, rule, column, row, Decimal(rule.arguments["factor"]))


def _change_figure(
    form: CorpusForm, rule: Rule, column: str, row: int, factor: Decimal
) -> Planted | None:
    """Another number in a row that is compared; its growth is told as it recomputes."""
    earlier = form.earlier(row)
    if not earlier or not earlier[column]:
        return None
    form.change(row, column, int(earlier[column] * factor))
    told = {column, *form.contract.key}
    for other in form.contract.rule:
        year_before = form.history.year_before_of(form.rows[row])
        if other.check == "growth_recomputes" and other.arguments["value"] == column:
            growth = other.arguments["growth"]
            form.change(row, growth, recompute_growth(other, form.rows[row], year_before))
            told.add(growth)
    found = (rule.id, form.sheet, form.at(row, column), column)
    return tell(found, needs=COMPARED | need_cells(form, row, told))


def misstate_growth(form: CorpusForm, rule: Rule, column: str, row: int) -> Planted | None:
    """Growth that does not follow from the accepted figure of a year before."""
    earlier = form.history.year_before_of(form.rows[row])
    growth = recompute_growth(rule, form.rows[row], earlier) if earlier else None
    if growth is None:
        return None
    form.change(row, column, growth + 5)
    return _tell_row(form, rule, column, row)


def misstate_prior_year(form: CorpusForm, rule: Rule, column: str, row: int) -> Planted | None:
    """A figure of a year before that is not the one accepted then."""
    earlier = form.history.year_before_of(form.rows[row])
    if earlier is None:
        return None
    form.change(row, column, Decimal(str(earlier[FIGURE])) + 3)
    return _tell_row(form, rule, column, row)


def multiply_indicator(form: CorpusForm, rule: Rule, column: str, row: int) -> Planted | None:
    """Ten times the flow of the period before."""
    indicator = indicator_of(form, row)
    if indicator is None or indicator.measure_kind != "flow" or indicator.maximum is not None:
        return None
    return _scale_indicator(form, rule, column, row, Decimal(rule.arguments["factor"]))


def shrink_indicator(form: CorpusForm, rule: Rule, column: str, row: int) -> Planted | None:
    """Half the stock of the period before."""
    indicator = indicator_of(form, row)
    if indicator is None or indicator.measure_kind != "stock" or indicator.unit == "位":
        return None
    if indicator.minimum is not None:
        return None
    return _scale_indicator(form, rule, column, row, Decimal(1) / 2)


def contradict_register(form: CorpusForm, rule: Rule, column: str, row: int) -> Planted | None:
    """A figure of a unit whose register is in and counts otherwise."""
    counting, unit = find_counting(), find_unit_column(form.contract)
    if counting is None or unit is None or form.earlier(row) is not None:
        return None
    own = [item for item in list_counted(counting[0]) if item.department == form.reporter.code]
    if not own:
        return None
    told = {
        "indicator_department": own[0].code,
        "indicator_unit_known": own[0].unit,
        "indicator_name_matches": own[0].name.zh,
    }
    columns = {check: find_rule(form, check=check).column for check in told}
    for check, value in told.items():
        form.change(row, columns[check], value)
    form.change(row, unit, counting[1].reporting_unit_code)
    form.change(row, column, Decimal(98_765))
    form.put(row, "qualifier", None)
    return _tell_row(form, rule, column, row, {*columns.values(), unit})


def _scale_indicator(
    form: CorpusForm, rule: Rule, column: str, row: int, factor: Decimal
) -> Planted | None:
    earlier = form.earlier(row)
    if not earlier or not earlier[column]:
        return None
    form.change(row, column, Decimal(str(earlier[column])) * factor)
    return _tell_row(form, rule, column, row)


def _tell_row(
    form: CorpusForm, rule: Rule, column: str, row: int, further: set[str] = frozenset()
) -> Planted:
    """A finding in a row that is compared: its key, unit and figures must be known."""
    told = columns_of(form.contract, rule) | further | set(form.contract.key)
    found = (rule.id, form.sheet, form.at(row, column), column)
    return tell(found, needs=COMPARED | need_cells(form, row, told))


FIGURE_CHANGES: dict[str, RowChange] = {FALL: halve_figure, JUMP: multiply_figure}
"""Checks that speak of one row where a form is of figures."""
ROW_CHANGES: dict[str, RowChange] = {
    "growth_recomputes": misstate_growth,
    "indicator_falls": shrink_indicator,
    "indicator_jumps": multiply_indicator,
    "prior_year_differs": misstate_prior_year,
    "register_differs": contradict_register,
}


def make_row_planter(rule: Rule) -> Planter:
    """A planter that tries one row after the other."""
    change = {**FIGURE_CHANGES, **ROW_CHANGES}[rule.check or ""]

    def plant(form: CorpusForm, fault: Fault, dice: random.Random) -> Iterator[Attempt]:
        column = fault.column or ""
        if form.history is None or column not in form.grid.places:
            return
        for row in dice.sample(range(len(form.rows)), len(form.rows)):
            yield lambda row=row: change(form, rule, column, row)

    return plant
