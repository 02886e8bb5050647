"""Proves the gate on generated forms of every contract: what is valid passes, what is planted is found."""

from __future__ import annotations

import itertools
import pickle
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cases.gate.faults import CELL_FAULTS, FAULTY_LOOK, FORM_FAULTS, Found
from tests.form_maker import FORMATS, MadeForm, draw_look, make_form
from warehouse import check
from warehouse.check import Checked, check_files
from warehouse.contracts.load import load_expectations
from warehouse.gate.suite import plan_suite
from warehouse.settings import CITY_TIME, Settings
from warehouse.wording import find_rule

EXTRA = Path(__file__).parent / "cases" / "gate"
EXPECTATIONS = load_expectations(extra=EXTRA / "expectations")
CONTRACTS = EXPECTATIONS.contracts
NIGHT = datetime(2020, 11, 1, 2, tzinfo=CITY_TIME)
ROWS = 12


@dataclass
class Case:
    """A made form, what must be found in it, and the verdict that follows."""

    form: MadeForm
    planted: set[Found] = field(default_factory=set)

    @property
    def verdict(self) -> str:
        severities = {
            find_rule(EXPECTATIONS, self.form.contract.dataset, rule).severity
            for rule, _, _ in self.planted
        }
        if "must_fix" in severities:
            return "rejected"
        return "held" if "explain" in severities else "accepted"


def list_cases() -> dict[str, Case]:
    """All cases by name; the same each time."""
    cases: dict[str, Case] = {}
    for number, (dataset, contract) in enumerate(CONTRACTS.items()):
        for turn, file_format in enumerate(FORMATS * 3):
            seed = 1000 * number + turn
            form = make_form(contract, EXPECTATIONS.codes, draw_look(seed, file_format), seed)
            cases[f"{dataset}: valid {turn}"] = Case(form)
        for turn, name in enumerate(CELL_FAULTS):
            form = make_faulty(contract, number, turn)
            planted = plant_in_each_column(form, name)
            if planted:
                cases[f"{dataset}: {name}"] = Case(form, planted)
        for turn, (name, fault) in enumerate(FORM_FAULTS.items()):
            form = make_faulty(contract, number, turn, "xlsx")
            planted = fault(form)
            if planted is not None:
                cases[f"{dataset}: {name}"] = Case(form, planted)
        for turn in range(6):
            form = make_faulty(contract, number, turn)
            cases[f"{dataset}: many faults {turn}"] = Case(form, plant_one_a_row(form, turn))
    return cases


def make_faulty(contract, number: int, turn: int, file_format: str | None = None) -> MadeForm:
    chosen = file_format or FORMATS[(number + turn) % len(FORMATS)]
    look = draw_look(turn, chosen)
    look = FAULTY_LOOK.__class__(
        **{**FAULTY_LOOK.__dict__, "file_format": chosen, "money_unit": look.money_unit}
        | {"left_columns": look.left_columns, "date_style": look.date_style}
        | {"heading": look.heading if look.heading in {"plain", "groups"} else "plain"}
    )
    return make_form(contract, EXPECTATIONS.codes, look, 7_000 * number + turn, ROWS)


def plant_in_each_column(form: MadeForm, name: str) -> set[Found]:
    """Plants a fault in every column it applies to, in a row of its own where there are enough."""
    planted = set()
    rows = itertools.cycle(range(len(form.rows)))
    for column in form.contract.column:
        for row in itertools.islice(rows, len(form.rows)):
            rule = CELL_FAULTS[name](form, row, column)
            if rule:
                planted.add((rule, form.sheet, form.at(row, column.name)))
                break
    return planted


def plant_one_a_row(form: MadeForm, seed: int) -> set[Found]:
    """Plants another fault in each row."""
    dice = random.Random(seed)
    planted = set()
    for row in range(len(form.rows)):
        for _ in range(60):
            name, column = dice.choice(list(CELL_FAULTS)), dice.choice(form.contract.column)
            rule = CELL_FAULTS[name](form, row, column)
            if rule:
                planted.add((rule, form.sheet, form.at(row, column.name)))
                break
    return planted


CASES = list_cases()


def found_in(checked: Checked) -> Counter[Found]:
    return Counter(
        (finding["rule"], finding["sheet"], finding["cell"]) for finding in checked.findings
    )


@dataclass
class Judged:
    """All cases judged in one run: by name, and what the suite was asked and said."""

    outcomes: dict[str, Checked]
    judgements: list
    paths: dict[str, Path]


@pytest.fixture(scope="session")
def judged(tmp_path_factory) -> Judged:
    """Judges all cases together, once for all workers."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if root.name.startswith("popen") else root
    kept = root / "judged.pickle"
    with FileLock(root / "judged.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(judge_all(root / "gate")))
    return pickle.loads(kept.read_bytes())


def judge_all(root: Path) -> Judged:
    paths = {name: case.form.write(root, at) for at, (name, case) in enumerate(CASES.items())}
    judgements = []
    judge_contract = check.judge_contract

    def record(*given):
        judgements.append(judge_contract(*given))
        return judgements[-1]

    check.judge_contract = record
    try:
        outcomes = judge(root, list(paths.values()))
    finally:
        check.judge_contract = judge_contract
    return Judged(dict(zip(paths, outcomes, strict=True)), judgements, paths)


def judge(root: Path, paths: list[Path], language: str = "zh") -> list[Checked]:
    return check_files(Settings(home=root / "home", extra=EXTRA), paths, language, NIGHT)


@pytest.mark.parametrize("name", CASES)
def test_a_form_gets_exactly_the_findings_that_were_planted_in_it(name, judged):
    case, outcome = CASES[name], judged.outcomes[name]
    assert found_in(outcome) == Counter(case.planted)
    assert outcome.verdict == case.verdict
