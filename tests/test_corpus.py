"""Proves the gate on a corpus of workbooks: every fault of every rule, alone and among many."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus_cases import (
    MANY,
    Result,
    judge_cases,
    list_clean,
    list_offices,
    list_single,
    make_case,
    pack_faults,
    plant,
)
from tests.corpus_faults import IN_THE_FORM, REFUSED, list_faults, list_unplanted, say_unplanted
from tests.corpus_files import PROVEN_ELSEWHERE, REFUSED_FILES, REFUSED_PLACES, lay_refused
from tests.corpus_history import CODES, CONTRACTS
from tests.corpus_nights import NIGHT, play_history
from tests.corpus_plants import Case
from tests.made_once import make_once
from warehouse.check import check_files
from warehouse.contracts.model import Column, list_asking
from warehouse.night import run_night
from warehouse.settings import Settings

DATASETS = pytest.mark.parametrize("dataset", CONTRACTS)


@dataclass(frozen=True)
class Companion:
    """Findings that may be told beside planted ones, though nobody planted them.

    Attributes:
        checks: of the rules that may speak: a contract's checks, or common rules.
        faults: the planted rules after which they may.
        stands_in: the columns in which those stand.
        reason: why it is so.
    """

    checks: frozenset[str]
    faults: frozenset[str]
    stands_in: Callable[[Column], bool]
    reason: str

    def follows(self, result: Result) -> bool:
        """Whether one of its faults was planted."""
        columns = CONTRACTS[result.dataset].columns
        return any(
            fault.rule in self.faults and fault.column and self.stands_in(columns[fault.column])
            for fault in result.planted
        )


COMPANIONS = [
    Companion(
        frozenset({"duplicate_key"}),
        frozenset({"uncalculated_formula"}),
        lambda column: column.blank_means is not None,
        "where a blank means something, what was not read is taken for it",
    ),
]


def list_companions(result: Result) -> set[str]:
    """The rules that may speak in a workbook beside those planted."""
    checks = {check for item in COMPANIONS if item.follows(result) for check in item.checks}
    own = {rule.id for rule in CONTRACTS[result.dataset].rule if rule.check in checks}
    return own | (checks & CODES.common_rules.keys())


def list_differences(results: Iterable[Result]) -> list[str]:
    """What was missed and what was found beside the planted, workbook by workbook."""
    differences = []
    for result in results:
        missed = result.expected - result.found
        further = {
            found: count
            for found, count in (result.found - result.expected).items()
            if found[0] not in list_companions(result)
        }
        if missed or further or result.outcome.verdict != result.verdict:
            planted = ", ".join(map(str, result.planted))
            differences.append(
                f"{result.name}: {result.outcome.verdict}, not {result.verdict}; "
                f"missed {dict(missed)}; further {further}; planted {planted}"
            )
    return differences


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A data root in which reporters' earlier forms were accepted."""

    def play(folder: Path) -> Path:
        play_history(folder)
        return folder

    return make_once(tmp_path_factory, "corpus", play)


@pytest.fixture(scope="session")
def own_home(home, tmp_path_factory) -> Path:
    """The same root for this worker alone: who looks at a root holds its lease, and another who
    would look at the same time is judged without history.
    """
    return Path(shutil.copytree(home, tmp_path_factory.mktemp("own") / "home"))


@pytest.fixture(scope="session")
def corpus(home, tmp_path_factory) -> list[Result]:
    """The clean workbooks, and every fault in as few workbooks as hold them, judged in one run."""

    def judge(folder: Path) -> list[Result]:
        cases: dict[str, Case] = {}
        for number, contract in enumerate(CONTRACTS.values()):
            cases |= list_clean(contract, [number])
            cases |= pack_faults(contract, number)
        return judge_cases(home, folder, cases)

    return make_once(tmp_path_factory, "corpus_judged", judge)


def of(results: Iterable[Result], dataset: str, *, planted: bool) -> list[Result]:
    return [item for item in results if item.dataset == dataset and bool(item.planted) == planted]


# --- recall and precision ------------------------------------------------------------------------


@DATASETS
def test_a_clean_workbook_has_no_finding_and_is_read_whole(dataset, corpus):
    results = of(corpus, dataset, planted=False)
    assert len(results) >= len(list_offices(CONTRACTS[dataset]))
    for result in results:
        assert (result.name, result.outcome.findings) == (result.name, [])
        assert (result.outcome.verdict, result.outcome.rows) == ("accepted", result.rows)


@DATASETS
def test_every_fault_is_found_at_its_cell_in_one_round_and_nothing_else_is(dataset, corpus):
    assert list_differences(of(corpus, dataset, planted=True)) == []


@DATASETS
def test_every_fault_that_can_stand_in_a_form_is_planted(dataset, corpus):
    contract = CONTRACTS[dataset]
    planted = {fault for result in of(corpus, dataset, planted=True) for fault in result.planted}
    missing = set(list_faults(contract, CODES)) - planted
    assert [say_unplanted(contract, f"{fault}") for fault in missing] == []
    assert list_unplanted(contract, CODES) == []


@DATASETS
def test_many_faults_stand_in_one_workbook(dataset, corpus):
    most = max(len(result.planted) for result in of(corpus, dataset, planted=True))
    assert 4 * most >= len(list(list_faults(CONTRACTS[dataset], CODES)))


def test_a_rejected_workbook_says_where_and_an_accepted_one_leaves_nothing_open(corpus):
    check_verdicts(corpus)


def check_verdicts(results: Iterable[Result]) -> None:
    for result in results:
        asking = list_asking(CODES.common_rules)
        severities = {
            item["severity"] for item in result.outcome.findings if item["rule"] not in asking
        }
        if result.outcome.verdict == "accepted":
            assert severities <= {"notice"}, result.name
        if result.outcome.verdict == "rejected":
            mended = [item for item in result.outcome.findings if item["severity"] == "must_fix"]
            assert mended, result.name
            assert all(item["cell"] or item["rule"] in IN_THE_FORM for item in mended), result.name


# --- the list of faults --------------------------------------------------------------------------


@pytest.mark.parametrize("check", ["stock_doubles", "stock_falls"])
def test_a_rule_without_a_planter_is_named(check):
    contract = CONTRACTS["services"]  # which has no stock that could fall
    new = contract.rule[0].model_copy(update={"id": "brand_new", "check": check})
    changed = contract.model_copy(update={"rule": (*contract.rule, new)})
    told = "no fault is planted for rule brand_new of contract services"
    assert told in list_unplanted(changed, CODES)


def test_a_common_rule_without_a_planter_is_named():
    rule = CODES.common_rules["required"]
    codes = CODES.model_copy(update={"common_rules": CODES.common_rules | {"brand_new": rule}})
    told = "no fault is planted for rule brand_new of contract funding"
    assert told in list_unplanted(CONTRACTS["funding"], codes)


def test_a_companion_speaks_of_rules_that_there_are():
    checks = {rule.check for contract in CONTRACTS.values() for rule in contract.rule}
    for companion in COMPANIONS:
        assert companion.checks <= checks | CODES.common_rules.keys()
        assert companion.faults <= CODES.common_rules.keys()


# --- files that are refused ----------------------------------------------------------------------


def test_every_reason_to_refuse_a_file_is_tried():
    refusals = {rule for rule in CODES.common_rules if rule.startswith(REFUSED)}
    assert refusals == {*REFUSED_FILES, *REFUSED_PLACES, *PROVEN_ELSEWHERE}


def test_a_file_without_a_form_is_refused_for_its_own_reason(tmp_path):
    paths = []
    for rule, (suffix, make) in REFUSED_FILES.items():
        path = tmp_path / "scjg" / f"{rule} 企业名录_市市场监管局_2020Q3{suffix}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(make())
        paths.append(path)
    outcomes = check_files(Settings(home=tmp_path / "home"), paths, "zh", NIGHT)
    for rule, outcome in zip(REFUSED_FILES, outcomes, strict=True):
        assert [item["rule"] for item in outcome.findings] == [rule]
        assert outcome.verdict == "rejected"


def test_a_file_is_refused_for_where_it_lies(tmp_path):
    settings = Settings(home=tmp_path / "home")
    lay_refused(settings.inbox, tmp_path / "outside", NIGHT)
    report = run_night(settings, NIGHT)
    assert sorted(item["rule"] for item in report.findings_by_rule) == sorted(REFUSED_PLACES)
    assert {row["verdict"] for row in report.submissions} == {"rejected"}


def test_a_reader_that_fails_refuses_the_file_and_not_the_night(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.intake.read_document", lambda *_, **__: [][0])
    path = tmp_path / "企业名录.csv"
    path.write_text("a,b", encoding="utf-8")
    [outcome] = check_files(Settings(home=tmp_path / "home"), [path], "zh", NIGHT)
    assert [item["rule"] for item in outcome.findings] == ["refused_reader_failed"]


# --- any faults at once --------------------------------------------------------------------------


@st.composite
def draw_case(draw: st.DrawFn) -> Case:
    """A workbook with faults that nobody chose."""
    contract = CONTRACTS[draw(st.sampled_from(list(CONTRACTS)))]
    look, reporter = draw(st.sampled_from(list_offices(contract)))
    faults = draw(st.lists(st.sampled_from(list(list_faults(contract, CODES))), max_size=60))
    case = make_case(contract, look, reporter, draw(st.integers(0, 40)), MANY)
    plant(case, faults, random.Random(draw(st.integers(0, 1000))))
    return case


def judge_drawn(home: Path, case: Case) -> None:
    with tempfile.TemporaryDirectory() as root:
        results = judge_cases(home, Path(root), {case.form.contract.dataset: case})
    assert list_differences(results) == []
    check_verdicts(results)


@given(case=draw_case())
@settings(max_examples=8, derandomize=True)
def test_any_faults_are_found_together(own_home, case):
    judge_drawn(own_home, case)


@pytest.mark.slow
@given(case=draw_case())
@settings(max_examples=20, derandomize=True)
def test_any_faults_are_found_together_again_and_again(own_home, case):
    judge_drawn(own_home, case)


# --- the larger sweep ----------------------------------------------------------------------------


@pytest.mark.slow
@DATASETS
def test_every_fault_is_found_alone_in_every_look(dataset, own_home, tmp_path):
    results = judge_cases(own_home, tmp_path, dict(list_single(CONTRACTS[dataset], 1)))
    assert list_differences(results) == []
    check_verdicts(results)


@pytest.mark.slow
@DATASETS
def test_other_seeds_lead_to_the_same(dataset, own_home, tmp_path):
    contract = CONTRACTS[dataset]
    cases = list_clean(contract, range(20, 28))
    for seed in range(20, 24):
        cases |= pack_faults(contract, seed)
    results = judge_cases(own_home, tmp_path, cases)
    assert list_differences(results) == []
    check_verdicts(results)
