"""Proves the gate on generated forms of every contract: what is planted is found, and no more."""

from __future__ import annotations

import itertools
import json
import os
import pickle
import random
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest
from filelock import FileLock

from tests.cases.gate.faults import CELL_FAULTS, FAULTY_LOOK, FORM_FAULTS, Found
from tests.form_maker import FORMATS, Look, MadeForm, draw_look, make_form, write_cell
from warehouse import check
from warehouse.check import Checked, check_files
from warehouse.contracts.load import load_expectations
from warehouse.contracts.model import Contract
from warehouse.gate import judge as gate_judge
from warehouse.gate.stage import open_stage, stage_forms
from warehouse.gate.suite import plan_suite
from warehouse.identifiers.synthetic import make_uscc
from warehouse.intake import Incoming, take_in
from warehouse.night import run_night
from warehouse.settings import CITY_TIME, Settings
from warehouse.wording import find_rule, word_finding

EXTRA = Path(__file__).parent / "cases" / "gate"
EXPECTATIONS = load_expectations(extra=EXTRA / "expectations")
CONTRACTS = EXPECTATIONS.contracts
NIGHT = datetime(2020, 11, 1, 2, tzinfo=CITY_TIME)
ROWS = 12
PROVEN_ELSEWHERE = {
    # files that cannot be read, and sheets that a generated form does not have
    "hidden_sheet", "refused_damaged", "refused_empty_file", "refused_encrypted",
    "refused_et_format", "refused_external_links", "refused_name_leaves_folder",
    "refused_forbidden", "refused_no_reporter_folder", "refused_not_a_file", "refused_other_host",
    "refused_reader_failed", "refused_too_deep", "refused_unreadable_name",
    "refused_not_a_table", "refused_symlink", "refused_too_large", "refused_unsupported_format",
    "rule_not_run",
    # rules that look at earlier periods and other tables
    "application_growth_differs", "flow_jumps", "indicator_falls", "indicator_jumps",
    "prior_year_differs", "register_differs", "registration_growth_differs", "stock_falls",
    "unit_vanished",
    # what depends on the day, or on a workbook that was returned
    "answer_too_long", "answer_without_finding", "period_locked", "revision_note",
    "unreadable_day",
}  # fmt: skip


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
        for turn, file_format in enumerate(FORMATS * 2):
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
    file_format = file_format or FORMATS[(number + turn) % len(FORMATS)]
    drawn = draw_look(turn, file_format)
    look = replace(
        FAULTY_LOOK,
        file_format=file_format,
        money_unit=drawn.money_unit,
        left_columns=drawn.left_columns,
        date_style=drawn.date_style,
        heading=drawn.heading if drawn.heading == "groups" else "plain",
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


def test_every_rule_of_every_contract_is_planted_somewhere():
    planted = {rule for case in CASES.values() for rule, _, _ in case.planted}
    own = {rule.id for contract in CONTRACTS.values() for rule in contract.rule}
    assert (own | EXPECTATIONS.codes.common_rules.keys()) - planted == PROVEN_ELSEWHERE


def test_a_rejected_file_has_a_finding_that_says_what_to_mend(judged):
    rejected = [item for item in judged.outcomes.values() if item.verdict == "rejected"]
    assert rejected
    for outcome in rejected:
        mended = [item for item in outcome.findings if item["severity"] == "must_fix"]
        assert mended
        assert all(item["sentence"] and item["remedy"] for item in mended)


def test_every_planned_rule_really_ran_and_looked_at_every_value(judged):
    assert {item.dataset for item in judged.judgements} == CONTRACTS.keys()
    for judgement in judged.judgements:
        planned = plan_suite(CONTRACTS[judgement.dataset], EXPECTATIONS)
        asked = {
            item["expectation_config"]["meta"]["key"] for item in judgement.document["results"]
        }
        assert judgement.broken == {}
        assert asked == {plan.key for plan in planned}
        assert all(item["result"]["element_count"] for item in judgement.document["results"])


def test_rows_read_are_rows_made(judged):
    for name, case in CASES.items():
        if ": valid" in name:
            assert judged.outcomes[name].rows == len(case.form.rows)
            assert judged.outcomes[name].reporter == case.form.reporter.code
            assert judged.outcomes[name].period == str(case.form.period)


# --- a file is judged by itself ------------------------------------------------------------------


def test_findings_do_not_depend_on_the_files_judged_beside_it_or_on_their_order(judged, tmp_path):
    names = random.Random(5).sample(sorted(CASES), 90)
    outcomes = judge(tmp_path, [judged.paths[name] for name in names])
    for name, outcome in zip(names, outcomes, strict=True):
        assert asdict(outcome) == asdict(judged.outcomes[name])


@pytest.mark.parametrize(
    "name",
    ["standards: many faults 1", "funding: many faults 2", "indicators: many faults 0",
     "trademarks: valid 3", "patents: forget_grant", "quality_projects: repeat_row"],
)  # fmt: skip
def test_a_file_judged_alone_gets_the_same_findings(name, judged, tmp_path):
    [outcome] = judge(tmp_path, [judged.paths[name]])
    assert asdict(outcome) == asdict(judged.outcomes[name])


def shuffle_rows(form: MadeForm, seed: int) -> dict[int, int]:
    """Shuffles the rows and puts blank ones between them; gives the new line of each old one."""
    dice = random.Random(seed)
    order = form.row_numbers.copy()
    dice.shuffle(order)
    first, last = min(order), max(order)
    moved, cells = {}, form.grid.cells[:first]
    for old in order:
        cells += [[] for _ in range(dice.randrange(3))]
        moved[old + 1] = len(cells) + 1
        cells.append(form.grid.cells[old])
    shift = len(cells) - last - 1
    cells += form.grid.cells[last + 1 :]
    moved |= {old + 1: old + 1 + shift for old in range(last + 1, len(form.grid.cells))}
    form.grid.cells = cells
    return moved


def test_the_order_of_rows_and_blank_rows_between_them_change_addresses_alone(tmp_path):
    cases = {}
    for dataset, number in itertools.product(CONTRACTS, range(2)):
        form = make_faulty(CONTRACTS[dataset], 3, number)
        planted = plant_one_a_row(form, number + 20)
        moved = shuffle_rows(form, number)
        expected = Counter(
            (rule, sheet, move_address(cell, moved)) for rule, sheet, cell in planted
        )
        cases[form.write(tmp_path, len(cases))] = expected
    for outcome, expected in zip(judge(tmp_path, list(cases)), cases.values(), strict=True):
        assert found_in(outcome) == expected


def move_address(cell: str, moved: dict[int, int]) -> str:
    letters = cell.rstrip("0123456789")
    row = int(cell.removeprefix(letters))
    return f"{letters}{moved.get(row, row)}"


def test_the_order_of_sheets_does_not_matter(tmp_path):
    form = make_faulty(CONTRACTS["standards"], 0, 3, "xlsx")
    planted = plant_one_a_row(form, 3)
    form.grid.sheets = {"说明": [["规则", "说明"], ["stock_falls", "撤并"]], "资料来源": [["台账"]]}
    path = form.write(tmp_path, 1)
    book = openpyxl.load_workbook(path)
    book.move_sheet("说明", -1)
    book.move_sheet("资料来源", -2)
    assert book.sheetnames[-1] == form.sheet
    book.save(path)
    [outcome] = judge(tmp_path, [path])
    assert found_in(outcome) == Counter(planted)


def test_nothing_is_capped(tmp_path):
    form = make_form(CONTRACTS["services"], EXPECTATIONS.codes, Look(), 1)
    row = ",".join(str(cell or "") for cell in form.grid.cells[form.row_numbers[0]])
    code = form.rows[0]["uscc"]
    wrong = [make_uscc("420222", number)[:-1] + "-" for number in range(1, 5_001)]
    lines = [",".join(str(cell or "") for cell in cells) for cells in form.grid.cells]
    lines[form.row_numbers[0] : form.row_numbers[-1] + 1] = [
        row.replace(code, text) for text in wrong
    ]
    path = form.write(tmp_path, 1)
    path.write_text("\n".join(lines), encoding="utf-8")
    [outcome] = judge(tmp_path, [path])
    place = form.at(0, "uscc").rstrip("0123456789")
    first = form.row_numbers[0] + 1
    assert found_in(outcome) == Counter(
        ("identifier_form", "", f"{place}{first + number}") for number in range(5_000)
    )


# --- each cause once -----------------------------------------------------------------------------


def write_in(dataset: str, seed: int, cells: dict[tuple[int, str], str | None]) -> MadeForm:
    form = make_form(CONTRACTS[dataset], EXPECTATIONS.codes, FAULTY_LOOK, seed, ROWS)
    for (row, column), text in cells.items():
        form.put(row, column, text)
    return form


def repeat_key_without(form: MadeForm, column: str, text: str | None) -> set[Found]:
    """Two rows of one key, of which a part is not known."""
    for name in form.contract.key:
        form.change(1, name, form.rows[0][name])
    rule = "required" if text is None else "not_a_date"
    return {(rule, form.sheet, form.put(row, column, text)) for row in (0, 1)}


def list_consequences() -> dict[str, Case]:
    """Faults whose plain consequences are not told as well."""
    cases = {}
    blank = write_in("standards", 1, {})
    planted = repeat_key_without(blank, "standard_no", None)
    cases["a key repeated because a part of it is blank"] = Case(blank, planted)
    undated = write_in("sample_inspections", 1, {})
    planted = repeat_key_without(undated, "sampled_on", "2020.9")
    cases["a key repeated because a date in it cannot be read"] = Case(undated, planted)
    misread = write_in(
        "patents", 2, {(0, "application_no"): "201710601862.4", (0, "patent_type"): "外观设计"}
    )
    found = {("check_digit", "", misread.at(0, "application_no"))}
    cases["a type held against a number that fails its check"] = Case(misread, found)
    unread = write_in("funding", 3, {(2, "amount"): "约50", (3, "amount"): None})
    found = {
        ("not_a_number", "", unread.at(2, "amount")),
        ("required", "", unread.at(3, "amount")),
    }
    cases["a total of numbers that cannot be read"] = Case(unread, found)
    late = write_in("patents", 4, {(0, "applied_on"): "2077-01-01"})
    found = {("date_after_period", "", late.at(0, "applied_on"))}
    cases["a grant before a filing date that lies in the future"] = Case(late, found)
    misplaced = write_in("standards", 5, {})
    other = next(
        unit for unit in EXPECTATIONS.codes.counties if unit.code != misplaced.reporter.code
    )
    misplaced.folder = misplaced.reporter.code
    write_cell(misplaced.grid, *misplaced.label_cells["reporter"], f"填报单位：{other.name}")
    cases["rows of the reporter in whose folder a wrongly named form lies"] = Case(
        misplaced, {("folder_disagrees", "", None)}
    )
    unkeyed = write_in("enterprises", 6, {})
    place = unkeyed.grid.places["uscc"]
    write_cell(unkeyed.grid, unkeyed.heading_rows["uscc"], place, "社会信用号码")
    cases["keys under a misspelt heading"] = Case(
        unkeyed, {("unknown_heading", "", unkeyed.at_heading("uscc"))}
    )
    return cases


CONSEQUENCES = list_consequences()


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> dict[str, Checked]:
    root = tmp_path_factory.mktemp("consequences")
    paths = [case.form.write(root, at) for at, case in enumerate(CONSEQUENCES.values())]
    return dict(zip(CONSEQUENCES, judge(root, paths), strict=True))


@pytest.mark.parametrize("name", CONSEQUENCES)
def test_what_only_follows_from_another_fault_is_not_told(name, followed):
    assert found_in(followed[name]) == Counter(CONSEQUENCES[name].planted)


# --- the suite decides ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "fault", "key", "gone"),
    [
        ("standards", "break_check_digit", "uscc.identifier_form", ("uscc", "check_digit")),
        (
            "standards",
            "contradict",
            "rule.level_contradicts_number",
            ("standard_level", "level_contradicts_number"),
        ),
        ("quality_projects", "leave_blank", "organiser.required", ("organiser", "required")),
        (
            "platforms",
            "date_after_period",
            "recognised_on.date_after_period",
            ("recognised_on", "date_after_period"),
        ),
    ],
)
def test_without_its_rule_a_fault_goes_through(
    dataset, fault, key, gone, judged, tmp_path, monkeypatch
):
    def leave_out(*given):
        return [plan for plan in plan_suite(*given) if plan.key != key]

    monkeypatch.setattr(gate_judge, "plan_suite", leave_out)
    name = f"{dataset}: {fault}"
    [outcome] = judge(tmp_path, [judged.paths[name]])
    found = judged.outcomes[name].findings
    left = [item for item in found if (item["column"], item["rule"]) != gone]
    assert len(left) == len(found) - 1
    assert outcome.findings == left


def test_a_file_is_not_accepted_where_a_rule_could_not_run(tmp_path):
    folder = tmp_path / "own" / "expectations"
    folder.mkdir(parents=True)
    text = (EXTRA / "expectations" / "sample_inspections.toml").read_text(encoding="utf-8")
    rule = (
        '[[rule]]\nid = "no_such"\nseverity = "notice"\nowner = "reporter"\ncheck = "no_such"\n'
        'sentence = { zh = "无", en = "none" }\nremedy = { zh = "无", en = "none" }\n'
    )
    (folder / "sample_inspections.toml").write_text(f"{text}\n{rule}", encoding="utf-8")
    form = make_form(CONTRACTS["sample_inspections"], EXPECTATIONS.codes, Look(), 3)
    settings = Settings(home=tmp_path / "home", extra=tmp_path / "own")
    [outcome] = check_files(settings, [form.write(tmp_path, 1)], "en", NIGHT)
    assert outcome.verdict == "rejected"
    assert [item["rule"] for item in outcome.findings] == ["rule_not_run"]
    assert "no_such" in outcome.findings[0]["sentence"]


# --- explanations --------------------------------------------------------------------------------


def doubt(dataset: str, fault: str, seed: int) -> tuple[MadeForm, int, str, str]:
    """A form with one thing to explain: the form, its row, its rule and its column."""
    form = make_form(
        CONTRACTS[dataset], EXPECTATIONS.codes, replace(FAULTY_LOOK, file_format="xlsx"), seed, ROWS
    )
    for row, column in itertools.product(range(len(form.rows)), form.contract.column):
        if rule := CELL_FAULTS[fault](form, row, column):
            return form, row, rule, column.name
    message = f"{fault} cannot be planted"
    raise AssertionError(message)


DOUBTS = [
    ("patents", "file_in_another_year", 1),
    ("patents", "forget_grant", 2),
    ("indicators", "leave_plausible_range", 4),
    ("sample_inspections", "leave_range", 2),
    ("sample_inspections", "break_pattern", 2),
]
SAYS = {
    "nothing": "held", "row": "accepted", "blank": "held", "other row": "held", "rule": "accepted",
    "heading": "accepted", "cell": "accepted", "column": "accepted", "other rule": "held",
    "small cell": "accepted", "cell of sheet": "accepted", "cell of another sheet": "held",
}  # fmt: skip


def explain(form: MadeForm, row: int, rule: str, column: str, how: str) -> None:
    texts = {"row": "分案申请，已核实", "blank": "  ", "other row": "见附件"}
    if how in texts:
        at = row if how != "other row" else (row + 1) % len(form.rows)
        write_cell(form.grid, form.row_numbers[at], form.note_column or 0, texts[how])
        return
    about = {
        "rule": rule,
        "heading": form.contract.columns[column].heading,
        "cell": form.at(row, column),
        "small cell": form.at(row, column).lower(),
        "cell of sheet": f"{form.sheet}!{form.at(row, column)}",
        "cell of another sheet": f"附表!{form.at(row, column)}",
        "column": column,
        "other rule": "stock_falls",
    }
    if how in about:
        form.grid.sheets["说明"] = [["规则", "说明"], [about[how], "已核实，情况属实"]]


@pytest.fixture(scope="module")
def explained(tmp_path_factory) -> dict[tuple[str, str, str], Checked]:
    root = tmp_path_factory.mktemp("explained")
    paths = {}
    for (dataset, fault, seed), how in itertools.product(DOUBTS, SAYS):
        form, row, rule, column = doubt(dataset, fault, seed)
        explain(form, row, rule, column, how)
        paths[dataset, fault, how] = form.write(root, len(paths))
    return dict(zip(paths, judge(root, list(paths.values())), strict=True))


@pytest.mark.parametrize(("dataset", "fault", "seed"), DOUBTS)
@pytest.mark.parametrize("how", SAYS)
def test_what_is_to_be_explained_holds_a_form_until_it_is(dataset, fault, seed, how, explained):
    outcome = explained[dataset, fault, how]
    assert [item["severity"] for item in outcome.findings] == ["explain"]
    assert outcome.verdict == SAYS[how]


def test_a_column_of_the_contract_s_own_explains_as_well(tmp_path):
    paths = []
    for (dataset, fault, seed), text in itertools.product(DOUBTS[2:], (None, "口径不同，已核实")):
        form, row, _, _ = doubt(dataset, fault, seed)
        own = "note" if dataset == "indicators" else "remark"
        form.put(row, own, text)
        paths.append(form.write(tmp_path, len(paths)))
    verdicts = [outcome.verdict for outcome in judge(tmp_path, paths)]
    assert verdicts == ["held", "accepted"] * 3


def test_an_explanation_excuses_nothing_that_must_be_mended(tmp_path):
    form = make_faulty(CONTRACTS["patents"], 1, 1)
    write_cell(form.grid, form.row_numbers[0], form.note_column or 0, "情况属实")
    form.put(0, "title", None)
    [outcome] = judge(tmp_path, [form.write(tmp_path, 1)])
    assert (outcome.verdict, len(outcome.findings)) == ("rejected", 1)


def test_a_figure_is_withheld_until_it_is_explained_and_the_others_are_published(tmp_path):
    settings = Settings(home=tmp_path)
    form, row, _, _ = doubt("indicators", "leave_plausible_range", 4)
    published = {}
    for night, text in ((NIGHT, None), (NIGHT + timedelta(days=1), "口径不同，已核实")):
        form.put(row, "note", text)
        form.file_name = f"指标{night.day}"
        path = form.write(tmp_path / "made", 1)
        (settings.inbox / form.reporter.code).mkdir(parents=True, exist_ok=True)
        kept = settings.inbox / form.reporter.code / path.name
        kept.write_bytes(path.read_bytes())
        seconds = night.timestamp() - 3600
        os.utime(kept, (seconds, seconds))
        run_night(settings, night)
        with duckdb.connect(str(settings.pointer), read_only=True) as connection:
            published[text] = {
                (code, unit)
                for code, unit in connection.execute(
                    "select indicator_code, reporting_unit_code from mart.series "
                    "where basis = 'reported'"
                ).fetchall()
            }
    place = (form.rows[row]["indicator_code"], form.rows[row]["reporting_unit"] or "420200")
    assert published["口径不同，已核实"] - published[None] == {place}
    assert len(published["口径不同，已核实"]) == len(form.rows)


# --- four states ---------------------------------------------------------------------------------


def type_forms(paths: list[Path], contract: Contract) -> duckdb.DuckDBPyConnection:
    """The typed rows of files, staged as for a night."""
    connection = duckdb.connect()
    open_stage(connection, [contract])
    taken = [
        take_in(
            Incoming(number, path, "", 0, "test", "", path.name, NIGHT), EXPECTATIONS, NIGHT.date()
        )
        for number, path in enumerate(paths)
    ]
    only = replace(EXPECTATIONS, contracts={contract.dataset: contract})
    stage_forms(connection, only, [item.staged for item in taken])
    return connection


def test_blank_not_applicable_zero_and_nil_stay_four_things(tmp_path):
    contract = CONTRACTS["sample_inspections"]
    written = [None, "0", "-", "—", "不适用", "/", "N/A", "  ", "－"]
    form = make_form(contract, EXPECTATIONS.codes, Look(), 11, len(written))
    for row, text in enumerate(written):
        form.put(row, "weight", text)
        form.put(row, "verdict", text if text not in {None, "0", "  "} else "合格")
    nil = make_form(contract, EXPECTATIONS.codes, Look(), 12, 1)
    FORM_FAULTS["report_nothing"](nil)
    connection = type_forms([form.write(tmp_path, 1), nil.write(tmp_path, 2)], contract)
    rows = connection.execute(
        "select weight, list_contains(not_applicable, 'weight'), verdict "
        "from gate_row_sample_inspections order by source_row"
    ).fetchall()
    blank, zero, absent = (None, False, "合格"), (0, False, "合格"), (None, True, "不适用")
    assert rows == [blank, zero, *[absent] * 5, blank, absent]
    assert connection.execute("select is_nil from gate_submission order by 1").fetchall() == [
        (False,),
        (True,),
    ]


# --- words ---------------------------------------------------------------------------------------

TRICKY = "{value} %s {0} {column} \\1 ${expected} {{}} \x00"
RULES = [(contract.dataset, rule) for contract in CONTRACTS.values() for rule in contract.rule] + [
    (None, name) for name in EXPECTATIONS.codes.common_rules
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_is_worded_whole_and_shows_what_was_read_as_it_was(language):
    for dataset, rule in RULES:
        rule_id = rule if isinstance(rule, str) else rule.id
        finding = {"rule_id": rule_id, "column_name": "栏", "value": TRICKY, "expected": TRICKY}
        wording = word_finding(EXPECTATIONS, dataset, finding, language)
        told = EXPECTATIONS.codes.common_rules[rule] if isinstance(rule, str) else rule
        for text, source in ((wording.sentence, told.sentence), (wording.remedy, told.remedy)):
            asked = source.of(language)
            count = asked.count("{value}") + asked.count("{expected}")
            assert text.count(TRICKY) == count
            assert not set(text.replace(TRICKY, "")) & set("{}")


def test_findings_are_worded_without_gaps(judged):
    for outcome in judged.outcomes.values():
        for item in outcome.findings:
            for text in (item["sentence"], item["remedy"]):
                assert "（空）" not in text
                assert "“”" not in text


def test_the_command_prints_exactly_the_keys_of_the_interface(
    judged, monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("BIAOGAN_HOME", str(tmp_path))
    from biaogan.look import check_files as check_command

    paths = [judged.paths["standards: many faults 1"], judged.paths["standards: valid 0"]]
    assert check_command(paths, "json") == 1
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    keys = ["file", "dataset", "reporter", "period", "verdict", "rows", "findings"]
    assert [list(item) for item in printed] == [keys, keys]
    assert [item["verdict"] for item in printed] == ["rejected", "accepted"]
    names = ["rule", "severity", "sheet", "cell", "column", "value", "sentence", "remedy"]
    assert {tuple(found) for found in printed[0]["findings"]} == {tuple(names)}
    assert printed[1]["findings"] == []
