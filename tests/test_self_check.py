"""The sheet 自查 says of a filled form what the gate says of it, by LibreOffice's arithmetic."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from self_check_forms import (
    CONTRACTS,
    EXPECTATIONS,
    ONLY,
    ROWS,
    SHAPES,
    begin,
    change_numbers,
    copy_earlier,
    count_earlier,
    fill,
    keep_earlier,
    plant_cells,
)

from tests.form_maker import PERIODS, MadeForm
from warehouse.check import Checked, check_files
from warehouse.contracts.model import Contract
from warehouse.periods import PARTS
from warehouse.read.form import is_unread
from warehouse.settings import Settings
from warehouse.template import Prefill, read_prefill, write_template
from warehouse.template.earlier_sheet import SHEET as EARLIER_SHEET
from warehouse.template.plan import number_columns

pytestmark = pytest.mark.slow

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""LibreOffice takes the values stored in a workbook unless it is told to calculate."""
BY_SYSTEM = "由系统审核"
INDICATOR_FIGURES = ("value", "prior_year_value", "ytd_value")
KNOWN_TO_ALL = {
    *("ABS", "ADDRESS", "AND", "ASC", "CLEAN", "COLUMN", "COUNT", "COUNTA", "COUNTIF", "DATEVALUE"),
    *("FIND", "HYPERLINK", "IF", "IFERROR", "INDEX", "INT", "ISERROR", "ISNUMBER", "ISTEXT"),
    *("LEFT", "LEN", "LOOKUP", "LOWER", "MATCH", "MAX", "MID", "MIN", "MMULT", "MOD", "N", "NOT"),
    *("OR", "REPT", "RIGHT", "ROUND", "ROW", "ROWS", "SUBSTITUTE", "SUM", "SUMIF", "TEXT", "TRIM"),
    *("UPPER", "VALUE", "YEAR"),
}
"""Functions that Excel has had since 2007, and WPS and LibreOffice as well."""


@dataclass
class Line:
    """One line of the sheet 自查."""

    rule: str
    column: str
    hits: Any
    first: str
    state: str


@dataclass
class Case:
    """A filled template, what the sheet says of it and what the gate says."""

    form: MadeForm
    path: Path
    prefill: Prefill | None = None
    total: str = ""
    lines: list[Line] = field(default_factory=list)
    checked: Checked | None = None

    @property
    def found(self) -> Counter[tuple[str, str]]:
        """What the gate found, by rule and column; notices left out."""
        assert self.checked
        return Counter(
            (found["rule"], found["column"] or "")
            for found in self.checked.findings
            if found["severity"] != "notice"
        )

    def cells_of(self, line: Line) -> set[str]:
        """The cells in which the gate found what a line looks for."""
        assert self.checked
        return {
            str(found["cell"])
            for found in self.checked.findings
            if found["rule"] == line.rule and line.column in {"", found["column"]}
        }


def read_sheet(path: Path, contract: Contract) -> tuple[str, list[Line]]:
    """The total and the lines of the sheet 自查, as stored."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("自查").to_python()
    columns = contract.column
    marked = dict(zip(number_columns(columns), columns, strict=True))
    lines = [
        Line(rule, marked[mark].name if mark else "", hits, first, state)
        for mark, _, _, hits, first, state, rule in (row[:7] for row in rows[4:])
        if rule
    ]
    return str(rows[1][0]), lines


@contextmanager
def recalculating(paths: list[Path], folder: Path) -> Iterator[Path]:
    """Opens workbooks in LibreOffice, all in one run, and saves them calculated in a folder.

    They are there once the block has ended.
    """
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed: nobody calculates the formulas")
    profile, target = folder / "profile", folder / "calculated"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(target), *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        try:
            yield target
            run.wait(timeout=500)
        finally:
            run.kill()
    assert run.returncode == 0


def judge(settings: Settings, cases: list[Case]) -> None:
    """Lets the gate say what it finds."""
    judged = check_files(settings, [case.path for case in cases], "zh")
    for case, checked in zip(cases, judged, strict=True):
        case.checked = checked


def make_cases(folder: Path) -> dict[str, Case]:
    """Forms that are judged without history."""
    cases: dict[str, Case] = {}
    for seed, (dataset, contract) in enumerate(CONTRACTS.items()):
        forms = {
            name: make(contract, 100 * seed)
            for name, make in SHAPES.items()
            if dataset in ONLY.get(name, CONTRACTS)
        }
        spoilt = enumerate(plant_cells(contract, 100 * seed + 50))
        for name, form in (forms | {f"cells {at}": form for at, form in spoilt}).items():
            case = Case(form, folder / f"{len(cases):03d}.xlsx")
            reasons = [(form.at(2, "applied_on"), "优先权日")] if name == "doubts" else []
            fill(form, case.path, explanations=reasons)
            cases[f"{dataset}: {name}"] = case
    return cases


def make_later_cases(settings: Settings, folder: Path) -> dict[str, Case]:
    """Forms for which two earlier periods were accepted: with less, with more, and as they were."""
    forms = {
        dataset: begin(contract, 100 * seed + 70)
        for seed, (dataset, contract) in enumerate(CONTRACTS.items())
    }
    earlier = [
        replace(form, period=form.period.shift(-back), rows=form.rows[: count_earlier(form)])
        for form in forms.values()
        for back in (1, PARTS[form.period.period_type])
    ]
    keep_earlier(settings, earlier)
    cases: dict[str, Case] = {}
    for dataset, form in forms.items():
        prefill = read_prefill(settings, EXPECTATIONS, form.contract, form.reporter, form.period)
        later = {
            "less": change_numbers(form, 3, Decimal("0.5")),
            "more": change_numbers(form, ROWS, Decimal(10)),
        }
        if form.contract.content == "snapshot":
            later["copied"] = copy_earlier(form, folder / "copied.xlsx", prefill)
        for name, filled in later.items():
            case = Case(filled, folder / f"later_{len(cases):03d}.xlsx", prefill)
            fill(filled, case.path, prefill)
            cases[f"{dataset}: {name}"] = case
    return cases


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Every form filled in, calculated in one run of LibreOffice, and judged meanwhile."""
    folder = tmp_path_factory.mktemp("self_check")
    settings, later_settings = (Settings(home=folder / name) for name in ("none", "later"))
    plain, later = make_cases(folder), make_later_cases(later_settings, folder)
    everything = plain | later
    with recalculating([case.path for case in everything.values()], folder) as calculated:
        judge(settings, list(plain.values()))
        judge(later_settings, list(later.values()))
    for case in everything.values():
        case.total, case.lines = read_sheet(calculated / case.path.name, case.form.contract)
    return everything


def test_the_sheet_says_of_every_form_what_the_gate_says(cases):
    """Line by line as many hits, the first of them where the gate found one."""
    differing = []
    for name, case in cases.items():
        for line in case.lines:
            if line.state == BY_SYSTEM:
                continue
            expected = sum(
                count
                for (rule, column), count in case.found.items()
                if rule == line.rule and line.column in {"", column}
            )
            if line.rule == "duplicate_key" and expected:
                expected -= 1  # the first of the rows is none too many
            if line.hits != expected or (line.first and line.first not in case.cells_of(line)):
                differing.append((name, line, expected))
    assert differing == []


def test_what_no_formula_tells_is_named_on_the_sheet(cases):
    """Every finding that blocks belongs to a line, with a formula or without."""
    for name, case in cases.items():
        listed = {line.rule for line in case.lines}
        assert {rule for rule, _ in case.found} <= listed, name


def test_every_line_with_a_formula_was_seen_to_find_something(cases):
    """Lines of the form as a whole have one formula for all contracts."""
    hits: Counter[tuple[str, str, str]] = Counter()
    for case in cases.values():
        for line in case.lines:
            if line.state != BY_SYSTEM:
                dataset = case.form.contract.dataset if line.column else ""
                hits[dataset, line.rule, line.column] += int(line.hits)
    never = {line for line, count in hits.items() if not count}
    # A form with rows of the whole city has no 合计, and over 序号 stands that word.
    assert never == {
        *(("indicators", "total_differs", name) for name in INDICATOR_FIGURES),
        ("trademarks", "total_differs", "seq"),
    }


def test_clean_forms_are_green_and_accepted(cases):
    for dataset in CONTRACTS:
        case = cases[f"{dataset}: clean"]
        assert case.total == "全部通过", dataset
        assert {line.state for line in case.lines} <= {"通过", BY_SYSTEM}
        assert case.checked and case.checked.verdict == "accepted"
        assert case.found == {}


def test_a_form_is_red_or_amber_exactly_where_the_gate_would_not_take_it(cases):
    by_system = {"register_differs"}
    for name, case in cases.items():
        blocking = {rule for rule, _ in case.found} - by_system
        assert (case.total == "全部通过") == (not blocking), name


def test_what_is_explained_in_its_row_or_on_the_sheet_no_longer_blocks(cases):
    case = cases["patents: doubts"]
    (line,) = (line for line in case.lines if line.rule == "filing_year_differs")
    assert (line.hits, line.state) == (3, "有 1 处")
    assert case.total == "还有 1 项未通过，共 1 处"


def test_last_periods_rows_are_copied_across_and_never_read_where_they_stand(cases):
    assert is_unread(EARLIER_SHEET)
    for dataset, contract in CONTRACTS.items():
        case = cases.get(f"{dataset}: copied")
        if case is None:
            continue
        assert case.checked and case.prefill and case.prefill.previous
        assert case.checked.rows == len(case.prefill.previous.rows), dataset
        if contract.kind == "register":
            assert (case.total, case.checked.verdict) == ("全部通过", "accepted"), dataset
        else:  # growth and figures of a year before are those of another period
            assert case.checked.verdict != "rejected", dataset


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dataset", CONTRACTS)
def test_a_blank_form_reads_as_not_filled_in_before_anything_calculates(
    dataset, language, tmp_path
):
    contract = CONTRACTS[dataset]
    reporter = EXPECTATIONS.codes.owing(contract.owed_by)[0]
    path = tmp_path / "blank.xlsx"
    period = PERIODS[contract.period_type]
    write_template(contract, EXPECTATIONS.codes, path, reporter, period, language)
    total, lines = read_sheet(path, contract)
    empty, by_system = {
        "zh": ("未填", BY_SYSTEM),
        "en": ("nothing entered", "judged after sending"),
    }[language]
    assert total == empty
    assert {(line.hits, line.first, line.state) for line in lines} <= {
        (0, "", empty),
        ("", "", by_system),
    }


def test_what_an_open_form_cannot_know_is_left_to_the_system(tmp_path):
    path = tmp_path / "open.xlsx"
    write_template(CONTRACTS["patents"], EXPECTATIONS.codes, path, None, None)
    _, lines = read_sheet(path, CONTRACTS["patents"])
    by_system = {(line.rule, line.column) for line in lines if line.state == BY_SYSTEM}
    assert by_system >= {
        ("date_after_period", "applied_on"),
        ("date_after_period", "granted_on"),
        ("foreign_unit", "reporting_unit"),
    }
    assert ("granted_before_applied", "granted_on") not in by_system


def test_blank_forms_calculate_to_what_they_say(tmp_path):
    for dataset in ("standards", "trademarks", "indicators"):
        contract = CONTRACTS[dataset]
        reporter = EXPECTATIONS.codes.owing(contract.owed_by)[0]
        period = PERIODS[contract.period_type]
        write_template(contract, EXPECTATIONS.codes, tmp_path / f"{dataset}.xlsx", reporter, period)
    with recalculating(sorted(tmp_path.glob("*.xlsx")), tmp_path) as calculated:
        pass
    for path in calculated.glob("*.xlsx"):
        contract = CONTRACTS[path.stem]
        assert read_sheet(path, contract) == read_sheet(tmp_path / path.name, contract)


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_formulas_keep_to_what_excel_2010_opens(dataset, cases):
    """At most 8192 characters, 64 levels, texts of 255, and functions that all programs have."""
    for name in (f"{dataset}: clean", f"{dataset}: more"):
        for formula in list_formulas(cases[name].path):
            assert len(formula) <= 8_192
            assert all(len(text) <= 255 for text in re.findall(r'"((?:[^"]|"")*)"', formula))
            bare = re.sub(r'"(?:[^"]|"")*"|\'[^\']*\'', "", formula)
            depths = [0]
            for sign in re.findall(r"[()]", bare):
                depths.append(depths[-1] + (1 if sign == "(" else -1))
            assert max(depths) <= 64
            assert depths[-1] == 0
            assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare)) <= KNOWN_TO_ALL


def list_formulas(path: Path) -> list[str]:
    """The formulas of cells, names and conditional formats."""
    marks = r"<f[^>]*>(.*?)</f>|<definedName[^>]*>(.*?)</definedName>|<formula>(.*?)</formula>"
    formulas = []
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith(("xl/worksheets/sheet", "xl/workbook")):
                for found in re.findall(marks, book.read(name).decode(), re.DOTALL):
                    text = "".join(found).replace("&lt;", "<").replace("&gt;", ">")
                    formulas.append(text.replace("&quot;", '"').replace("&amp;", "&"))
    assert len(formulas) > 100
    return formulas
