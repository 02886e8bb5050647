"""Plants what the rows of a form show beside those accepted before: falls, jumps, units gone."""

from __future__ import annotations

import bisect
import random
from collections.abc import Callable, Iterator
from decimal import Decimal

from tests.corpus import CorpusForm
from tests.corpus_columns import tell
from tests.corpus_history import (
    amount_before,
    draw_fresh_rows,
    evaluate,
    find_unit_column,
    reads,
)
from tests.corpus_plants import (
    COUNT,
    PERIOD,
    REPORTER,
    Attempt,
    Claim,
    Fault,
    Found,
    Planted,
    Planter,
)
from warehouse.contracts.model import Contract, Figure, Rule

FormChange = Callable[[CorpusForm, Rule, str, random.Random], Planted | None]
"""Makes a rule speak of what a form amounts to."""
COMPARED = frozenset({PERIOD, REPORTER})
"""What must be known of a form that is compared with an earlier one."""
FALL, JUMP = "stock_falls", "flow_jumps"


def take_rows_out(form: CorpusForm, rule: Rule, column: str, dice: random.Random) -> Planted | None:
    """As few rows less as it takes for a stock to fall; a row of each unit stays."""
    figure = find_figure(form.contract, column, "stock")
    before = amount_before(form.contract.dataset, form.reporter.code, figure.name)
    unit = find_unit_column(form.contract)
    most = max(before, key=lambda code: before[code]) if figure.by_unit else None
    spare = [at for at, row in enumerate(form.rows) if most is None or row[unit] == most]
    if unit:
        first = {row[unit]: at for at, row in reversed([*enumerate(form.rows)])}
        spare = [at for at in spare if at not in first.values()]
    dice.shuffle(spare)

    def falls(count: int) -> bool:
        left = [row for at, row in enumerate(form.rows) if at not in spare[:count]]
        now = evaluate(form.contract, figure, left).get(most)
        return now is not None and _is_breach(rule, now, before[most])

    count = bisect.bisect_left(range(len(spare) + 1), True, key=falls)
    if count > len(spare):
        return None
    for at in sorted(spare[:count], reverse=True):
        form.drop(at)
    return _tell_figures(form)


def add_many_rows(form: CorpusForm, rule: Rule, column: str, dice: random.Random) -> Planted | None:
    """As many rows as it takes for a flow to jump."""
    count = rule.arguments["factor"] * len(form.history.before)
    seen = {tuple(row[name] for name in form.contract.key) for row in form.rows}
    for fresh in draw_fresh_rows(form.contract.dataset, form.reporter.code, count, -1):
        if tuple(fresh[name] for name in form.contract.key) not in seen:
            form.append(fresh)
    return _tell_figures(form)


def enlarge_sum(form: CorpusForm, rule: Rule, column: str, dice: random.Random) -> Planted | None:
    """A single sum that is as much as it takes for a flow to jump."""
    figure = find_figure(form.contract, column, "flow")
    before = amount_before(form.contract.dataset, form.reporter.code, figure.name)
    row = dice.randrange(len(form.rows))
    form.change(row, column, before[None] * rule.arguments["factor"])
    return _tell_figures(form)


def leave_unit_out(
    form: CorpusForm, rule: Rule, column: str, dice: random.Random
) -> Planted | None:
    """No row of a unit that had one."""
    unit = dice.choice([row[column] for row in form.history.before])
    for at in reversed(range(len(form.rows))):
        if form.rows[at][column] == unit:
            form.drop(at)
    if not form.rows or _list_breaches(form):
        return None
    found = (rule.id, "", None, column)
    return tell(found, writes={COUNT}, needs=COMPARED | set(_counted_cells(form)))


def find_figure(contract: Contract, column: str, measure_kind: str) -> Figure:
    """The figure of a kind that is told at a column."""
    return next(
        figure
        for figure in contract.figure
        if (figure.column, figure.measure_kind) == (column, measure_kind)
    )


def _list_breaches(form: CorpusForm) -> list[Found]:
    """Which figures of a register fell or jumped, as the contract's own expressions tell."""
    breaches: list[Found] = []
    for rule in form.contract.rule:
        kind = {FALL: "stock", JUMP: "flow"}.get(rule.check or "")
        for figure in form.contract.figure if kind else ():
            if figure.measure_kind != kind:
                continue
            before = amount_before(form.contract.dataset, form.reporter.code, figure.name)
            for unit, now in evaluate(form.contract, figure, form.rows).items():
                then = before.get(unit)
                if then and _is_breach(rule, now, then):
                    breaches.append((rule.id, "", None, figure.column))
    return breaches


def _is_breach(rule: Rule, now: Decimal, then: Decimal) -> bool:
    if rule.check == FALL:
        return now < then * (1 - Decimal(str(rule.arguments["share"])))
    return now >= then * rule.arguments["factor"]


def _tell_figures(form: CorpusForm) -> Planted:
    needs = COMPARED | set(_counted_cells(form))
    return tell(*_list_breaches(form), writes={COUNT}, needs=needs | {COUNT})


def _counted_cells(form: CorpusForm) -> Iterator[Claim]:
    """The cells that the figures of a register depend on."""
    for column in form.contract.column:
        is_read = any(reads(figure, column) for figure in form.contract.figure)
        if (is_read or column.type == "reporting_unit") and column.name in form.grid.places:
            yield form.heading_place(column.name)
            yield from (form.place(row, column.name) for row in range(len(form.rows)))


FORM_CHANGES = frozenset({FALL, JUMP, "unit_vanished"})
"""Checks of what a register's rows amount to, and of the units any form has rows of."""


def make_change_planter(rule: Rule) -> Planter:
    """A planter that changes the rows of a form as a whole."""

    def plant(form: CorpusForm, fault: Fault, dice: random.Random) -> Iterator[Attempt]:
        column = fault.column or ""
        if form.history is not None and column in form.grid.places:
            change = _choose_change(form.contract, rule, column)
            yield lambda: change(form, rule, column, dice)

    return plant


def _choose_change(contract: Contract, rule: Rule, column: str) -> FormChange:
    if rule.check == "unit_vanished":
        return leave_unit_out
    if rule.check == FALL:
        return take_rows_out
    is_sum = find_figure(contract, column, "flow").expression == f"sum({column})"
    return enlarge_sum if is_sum else add_many_rows
