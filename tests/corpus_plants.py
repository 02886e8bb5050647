"""Plants faults in one workbook, as many as can stand beside each other without hiding one.

What a fault writes, and what must stay right for it to be seen, are its claims: cells, or one of
the words below. A fault whose claims meet those of one already planted is taken back.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.corpus import CorpusForm, Place
from tests.corpus_history import EXPECTATIONS
from warehouse.contracts.model import list_asking
from warehouse.gate.consequences import SPOILING
from warehouse.wording import find_rule

ROWS, COUNT, WHOLE, PERIOD, REPORTER, FOLDER, MARK, COLUMN, SPELLING, UNIT, MENDED = (
    "rows", "number of rows", "figures of the whole form", "period", "reporter", "folder", "mark",
    "a column taken away", "a heading misspelt", "unit of money",
    "something to mend",
)  # fmt: skip
_SHARED = frozenset({WHOLE, MENDED})
"""What two faults may both spoil: neither hides the other."""

Claim = Place | str
Found = tuple[str, str, str | None, str | None]
"""Rule, sheet, cell and column of a finding; None for what concerns the form as a whole."""


@dataclass(frozen=True)
class Fault:
    """One fault that can stand in a contract's form.

    Attributes:
        column: where it stands or what it is about; None where it is about no column.
        in_total: whether it stands in the 合计 row.
    """

    rule: str
    column: str | None = None
    in_total: bool = False

    def __str__(self) -> str:
        place = "合计 of " if self.in_total else ""
        return f"{self.rule} ({place}{self.column or 'the form'})"


@dataclass(frozen=True)
class Planted:
    """What planting a fault leads to.

    Attributes:
        found: the findings to expect.
        writes: what it spoils beyond the cells that it wrote.
        needs: what must stay right for the findings to be told.
    """

    found: Sequence[Found]
    writes: frozenset[Claim] = frozenset()
    needs: frozenset[Claim] = frozenset()


Attempt = Callable[[], Planted | None]
"""Plants a fault at one place; None where it cannot stand there."""
Planter = Callable[[CorpusForm, Fault, random.Random], Iterator[Attempt]]
"""The places at which a fault may be planted, in a random order."""


@dataclass
class Case:
    """A workbook, the faults planted in it and what must be found: exactly that."""

    form: CorpusForm
    planted: dict[Fault, Sequence[Found]] = field(default_factory=dict)
    writes: set[Claim] = field(default_factory=set)
    needs: set[Claim] = field(default_factory=set)

    @property
    def expected(self) -> Counter[Found]:
        """The findings to expect, each as often as it must be told."""
        return Counter(one for found in self.planted.values() for one in found)

    @property
    def verdict(self) -> str:
        """The verdict that follows."""
        severities = {severity_of(self.form, found[0]) for found in self.expected}
        if "must_fix" in severities:
            return "rejected"
        asking = list_asking(EXPECTATIONS.codes.common_rules)
        holds = any(
            severity_of(self.form, rule) == "explain" and rule not in asking
            for rule, *_ in self.expected
        )
        return "held" if holds else "accepted"

    def plant(self, fault: Fault, planter: Planter, dice: random.Random) -> bool:
        """Plants a fault at the first place where it hides no other; False where there is none."""
        for attempt in planter(self.form, fault, dice):
            planted, cells, take_back = self.form.try_out(attempt)
            if planted is not None:
                writes, needs = cells | self._spoil(planted), self._ask(planted)
                if not self._clash(writes, needs):
                    self.planted[fault] = planted.found
                    self.writes |= writes
                    self.needs |= needs
                    return True
            take_back()
        return False

    def _spoil(self, planted: Planted) -> frozenset[Claim]:
        spoils = any(rule in SPOILING for rule, *_ in planted.found)
        mends = any(severity_of(self.form, rule) == "must_fix" for rule, *_ in planted.found)
        spoilt = {claim for claim, is_so in ((WHOLE, spoils), (MENDED, mends)) if is_so}
        return planted.writes | spoilt

    def _ask(self, planted: Planted) -> frozenset[Claim]:
        asks = any(
            cell is None and severity_of(self.form, rule) == "explain"
            for rule, _, cell, _ in planted.found
        )
        return planted.needs | {ROWS} | ({WHOLE} if asks else frozenset())

    def _clash(self, writes: Iterable[Claim], needs: Iterable[Claim]) -> bool:
        return not (
            self.writes.isdisjoint(set(writes) - _SHARED)
            and self.needs.isdisjoint(writes)
            and self.writes.isdisjoint(needs)
        )


def need_cells(form: CorpusForm, row: int, columns: Iterable[str]) -> frozenset[Claim]:
    """Some cells of a row, under their headings."""
    return frozenset(
        place
        for column in columns
        for place in (form.place(row, column), form.heading_place(column))
    )


def severity_of(form: CorpusForm, rule: str) -> str:
    """How severe a finding of that rule is in that form."""
    return find_rule(EXPECTATIONS, form.contract.dataset, rule).severity
