"""Makes the corpus and has it judged: clean workbooks, single faults, and as many as fit."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.corpus import LOOKS, make_clean
from tests.corpus_blank import issue_blank
from tests.corpus_faults import find_planter, list_faults
from tests.corpus_history import CODES, list_reporters
from tests.corpus_nights import NIGHT, settings_of
from tests.corpus_plants import Case, Fault, Found
from warehouse.check import Checked, check_files
from warehouse.contracts.model import Contract

MANY, FEW = 48, 12
"""Rows that are new this period: enough for every fault of one cell, and enough for a few."""
FILL = 12
"""Faults planted once more where a workbook has room."""


@dataclass(frozen=True)
class Result:
    """A workbook that was judged.

    Attributes:
        name: dataset, look, reporter and number.
        expected: the findings that must be told, each as often.
        verdict: the verdict that must follow.
        rows: how many rows were made.
    """

    name: str
    dataset: str
    planted: tuple[Fault, ...]
    expected: Counter[Found]
    verdict: str
    rows: int
    outcome: Checked

    @property
    def found(self) -> Counter[Found]:
        """The findings that were told."""
        names = ("rule", "sheet", "cell", "column")
        return Counter(tuple(item[name] for name in names) for item in self.outcome.findings)


def judge_cases(home: Path, root: Path, cases: Mapping[str, Case]) -> list[Result]:
    """Has workbooks judged in one run against what was accepted before.

    Args:
        home: a root after `corpus_nights.play_history`.
        root: a folder to write them into.
        cases: by name.
    """
    paths = [case.form.write(root, number) for number, case in enumerate(cases.values())]
    outcomes = check_files(settings_of(home), paths, "zh", NIGHT)
    return [
        Result(
            name,
            case.form.contract.dataset,
            tuple(case.planted),
            case.expected,
            case.verdict,
            len(case.form.rows),
            outcome,
        )
        for (name, case), outcome in zip(cases.items(), outcomes, strict=True)
    ]


def list_offices(contract: Contract, start: int = 0) -> list[tuple[str, str]]:
    """Every look with every reporter of history, beginning with another each time."""
    pairs = [(look, item.code) for look in LOOKS for item in list_reporters(contract)]
    return pairs[start % len(pairs) :] + pairs[: start % len(pairs)]


def make_case(contract: Contract, look: str, reporter: str, seed: int, count: int = FEW) -> Case:
    """A clean workbook, to plant faults in."""
    return Case(make_clean(contract, CODES.reporter(reporter), look, seed, count))


def plant(case: Case, faults: Iterable[Fault], dice: random.Random) -> None:
    """Plants as many of the faults as can stand in a workbook beside each other."""
    for fault in faults:
        planter = find_planter(case.form.contract, fault)
        if planter is not None and fault not in case.planted:
            case.plant(fault, planter, dice)


def list_clean(contract: Contract, seeds: Iterable[int]) -> dict[str, Case]:
    """Clean workbooks of a contract in every look, the blank forms whole."""
    cases = {}
    for look, reporter in list_offices(contract):
        for seed in seeds:
            case = make_case(contract, look, reporter, seed, (FEW, MANY)[seed % 2])
            if case.form.blank is not None:
                case.form.blank = issue_blank(contract.dataset, reporter, case.form.period)
            cases[f"{contract.dataset} {look} {reporter} clean {seed}"] = case
    return cases


def list_single(contract: Contract, seed: int) -> Iterator[tuple[str, Case]]:
    """Each fault of a contract alone, in every look in which it can stand."""
    reporters = [item.code for item in list_reporters(contract)]
    for number, fault in enumerate(list_faults(contract, CODES)):
        for place, look in enumerate(LOOKS):
            reporter = reporters[(number + place) % len(reporters)]
            case = make_case(contract, look, reporter, (seed + number) % FEW)
            plant(case, [fault], random.Random(seed + number))
            if case.planted:
                yield f"{contract.dataset} {look} {reporter} {fault}", case


def pack_faults(contract: Contract, seed: int) -> dict[str, Case]:
    """As few workbooks as it takes to plant every fault of a contract, each filled up with others.

    A fault that can be planted nowhere is in none of them.
    """
    dice = random.Random(seed)
    every = list(list_faults(contract, CODES))
    waiting: Sequence[Fault] = dice.sample(every, len(every))
    offices = list_offices(contract, seed)
    cases: dict[str, Case] = {}
    idle = 0
    while waiting and idle < len(offices):
        look, reporter = offices[len(cases) % len(offices)]
        count = MANY if 2 * len(waiting) > len(every) else FEW
        case = make_case(contract, look, reporter, seed + len(cases), count)
        plant(case, waiting, dice)
        left = [fault for fault in waiting if fault not in case.planted]
        idle = 0 if len(left) < len(waiting) else idle + 1
        plant(case, dice.sample(every, FILL), dice)
        waiting = left
        cases[f"{contract.dataset} {look} {reporter} pack {seed}.{len(cases)}"] = case
    return cases
