"""The example submissions: synthetic where they say so, rich in faults, true to the report."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import python_calamine
import xlrd
from odf.opendocument import load as load_ods
from odf.table import TableRow

from examples.entries import Row
from examples.lay import REPLAY, Laid, lay_examples
from examples.merger import JOINED, TIESHAN, ZONE
from examples.plan import SEED, Planned, plan_examples
from examples.pool import QUARTERS, quarter
from examples.registers import build_registers
from examples.schedule import NIGHTS
from warehouse.contracts.load import Expectations, load_expectations
from warehouse.contracts.model import Contract
from warehouse.identifiers.patents import find_fault as find_application_fault
from warehouse.identifiers.synthetic import RESERVED_PREFIX
from warehouse.identifiers.uscc import find_fault as find_credit_code_fault

REPORT = datetime.fromisoformat("2020-10-27T11:10:10+08:00")
NIGHT_BEFORE_REPORT = NIGHTS[6]
NOT_PLANTED = {
    "rule_not_run": "no file can cause it: a rule of ours has to fail",
    "answer_too_long": "only a workbook that was returned can have a list",
    "answer_without_finding": "only a workbook that was returned can have a list",
    "unreadable_day": "only a workbook that was returned can have a list",
    "refused_unreadable_name": "a folder on this disk cannot hold such a name",
    "refused_not_a_file": "a pipe in an inbox is no example to follow",
    "refused_too_deep": "one refused place, the symbolic link, is enough of an example",
    "refused_forbidden": "whoever runs the example may read what they wrote",
    "refused_other_host": "only a server can send elsewhere",
    "refused_no_reporter_folder": "one refused place, the symbolic link, is enough of an example",
    "refused_reader_failed": "no file is known that our readers fail on",
    "refused_too_large": "a file beyond the limit would make the example large",
    "refused_name_leaves_folder": "no folder on disk holds such a name; a server's list can",
    "share_out_of_range": "no contract has a share column; shares are indicators with a range",
}


@pytest.fixture(scope="module")
def expectations() -> Expectations:
    return load_expectations()


@pytest.fixture(scope="module")
def plan(expectations: Expectations) -> list[Planned]:
    return plan_examples(expectations=expectations)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Laid]:
    inbox = tmp_path_factory.mktemp("root") / "inbox"
    return inbox, lay_examples(inbox)


def severities(expectations: Expectations) -> dict[str, str]:
    own = {rule.id: rule.severity for c in expectations.contracts.values() for rule in c.rule}
    common = {name: rule.severity for name, rule in expectations.codes.common_rules.items()}
    return own | common


def test_the_same_seed_gives_the_same_plan_and_the_same_bytes(plan, expectations):
    again = plan_examples(expectations=expectations)
    assert again == plan
    by_suffix = {Path(file.path).suffix: place for place, file in enumerate(plan)}
    for place in by_suffix.values():
        assert plan[place].write() == again[place].write(), plan[place].path


def test_another_seed_gives_other_registers(plan, expectations):
    assert [file.rows for file in plan_examples(7, expectations)] != [file.rows for file in plan]


def test_every_rule_has_a_planted_file(plan, expectations):
    planted = {rule for file in plan for rule, _ in file.planted}
    assert set(severities(expectations)) - planted == set(NOT_PLANTED)


def test_every_planted_rule_is_one_the_gate_knows(plan, expectations):
    known = set(severities(expectations))
    assert {rule for file in plan for rule, _ in file.planted} <= known


def test_verdicts_follow_from_what_was_planted(plan, expectations):
    severity = severities(expectations)
    for file in plan:
        worst = {severity[rule] for rule, _ in file.planted}
        if file.verdict in {"rejected", "refused"}:
            assert "must_fix" in worst, file.path
        elif file.verdict == "held":
            assert "must_fix" not in worst and "explain" in worst, file.path
        else:
            assert "must_fix" not in worst, file.path


def test_only_explained_files_are_accepted_with_something_to_explain(plan, expectations):
    severity = severities(expectations)
    asked = [
        file
        for file in plan
        if file.verdict == "accepted"
        and any(severity[rule] == "explain" for rule, _ in file.planted)
        and ("revision_note", None) not in file.planted
    ]
    assert len(asked) == 4
    for file in asked:
        texts = [str(cell) for row in read_cells(file) for cell in row]
        assert any(text.endswith("。") for text in texts), file.path


def test_cells_are_named_where_a_rule_speaks_of_one(plan):
    addressed = [cell for file in plan for _, cell in file.planted if cell]
    assert len(addressed) > 200
    assert all(cell[0].isalpha() and cell[-1].isdigit() for cell in addressed)


def test_paths_are_apart_and_lie_in_one_folder_below_the_inbox(plan):
    paths = [file.path for file in plan]
    assert len(set(paths)) == len(paths)
    assert all(path.count("/") == 1 for path in paths)


def test_only_the_files_sent_again_have_bytes_seen_before(plan):
    seen: set[str] = set()
    for file in plan:
        if file.link_to:
            continue
        digest = hashlib.sha256(file.write()).hexdigest()
        assert (digest in seen) == (file.verdict == "identical"), file.path
        seen.add(digest)


def rows_known_at(plan: Iterable[Planned], period: str, moment: datetime) -> dict[str, list[Row]]:
    """The rows in force of each dataset: of every reporter the last accepted form."""
    latest: dict[tuple[str, str], Planned] = {}
    for file in plan:
        counts = file.verdict == "accepted" and file.period == period and file.arrival < moment
        if counts and file.dataset and file.reporter:
            latest[file.dataset, file.reporter] = file
    rows: dict[str, list[Row]] = {}
    for (dataset, _), file in latest.items():
        rows.setdefault(dataset, []).extend(file.rows)
    return rows


def pick(rows: Iterable[Row], **wanted: str) -> list[Row]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def distinct(rows: Iterable[Row], *names: str) -> int:
    return len({tuple(row[name] for name in names) for row in rows})


def on_list(rows: dict[str, list[Row]], name: str, **wanted: str) -> int:
    return distinct(pick(rows["honours"], list_name=name, **wanted), "enterprise_name")


def platforms(rows: dict[str, list[Row]], name: str, *levels: str) -> int:
    found = pick(rows["platforms"], platform_type=name)
    return sum(row["level"] in levels for row in found)


def paid(rows: dict[str, list[Row]], **wanted: str) -> Any:
    return sum(row["amount"] for row in pick(rows["funding"], **wanted))


def served(rows: dict[str, list[Row]], name: str) -> int:
    return distinct(pick(rows["services"], service_type=name), "uscc")


def departments(rows: dict[str, list[Row]]) -> int:
    return len({r["organiser"] for r in rows["quality_projects"] if r["reporting_unit"] is None})


Count = Callable[[dict[str, list[Row]]], Any]
CLAIMS: list[tuple[str, Count, Any]] = [
    ("C01 enterprises", lambda r: distinct(r["standards"], "uscc"), 316),
    ("C02 products", lambda r: distinct(r["standards"], "uscc", "product_name"), 1437),
    ("C03 standards", lambda r: distinct(r["standards"], "standard_no"), 1213),
    (
        "C04 national standards",
        lambda r: distinct(pick(r["standards"], standard_level="国家标准"), "standard_no"),
        388,
    ),
    ("C05 visits", lambda r: len(pick(r["services"], service_type="知识产权服务")), 146),
    ("C06 fund", lambda r: paid(r, programme="知识产权专项资金"), range(5_000_001, 6_000_000)),
    ("C07 prepared for an award", lambda r: served(r, "质量奖培育"), 18),
    ("C08 top 100", lambda r: on_list(r, "湖北企业百强"), 8),
    ("C10 manufacturing top 100", lambda r: on_list(r, "湖北制造业企业百强"), 17),
    ("C13 hidden champions", lambda r: on_list(r, "隐形冠军示范及培育企业"), 79),
    ("C16 single champion", lambda r: on_list(r, "制造业单项冠军"), 1),
    ("C17 brand values", lambda r: on_list(r, "中国品牌价值评价"), 5),
    (
        "C18 highest brand value",
        lambda r: max(
            row["brand_value"] for row in pick(r["honours"], list_name="中国品牌价值评价")
        ),
        20_184_000_000,
    ),
    ("C21 time-honoured", lambda r: len(pick(r["honours"], list_name="中华老字号")), 2),
    ("C22 fine goods", lambda r: len(pick(r["honours"], list_name="荆楚优品")), 5),
    ("C23 mayor's award", lambda r: on_list(r, "市长质量奖"), 14),
    ("C24 prizes", lambda r: paid(r, programme="市长质量奖", funding_kind="奖励"), 5_400_000),
    ("C25 private winners", lambda r: on_list(r, "市长质量奖", ownership="民营"), 10),
    ("C28 departments", departments, 29),
    ("C29 projects", lambda r: len(r["quality_projects"]), 37),
    ("C31 budget", lambda r: paid(r, programme="质量提升专项经费", funding_kind="预算"), 2_100_000),
    ("C32 provincial", lambda r: len(pick(r["quality_projects"], project_level="省级")), 1),
    (
        "C33 provincial grant",
        lambda r: sum(x["fund_amount"] for x in pick(r["quality_projects"], project_level="省级")),
        300_000,
    ),
    ("C34 municipal", lambda r: len(pick(r["quality_projects"], project_level="市级")), 2),
    ("C35 county", lambda r: len(pick(r["quality_projects"], project_level="县级")), 6),
    ("C36 loans", lambda r: paid(r, funding_kind="贷款授信"), 9_960_000_000),
    ("C39 served", lambda r: served(r, "质量技术服务"), range(450, 500)),
    ("C40 excellence", lambda r: served(r, "卓越绩效导入"), range(70, 80)),
    ("C41 institutes", lambda r: len(pick(r["platforms"], platform_type="产业研究院")), 8),
    ("C42 technology centres", lambda r: platforms(r, "企业技术中心", "国家", "省"), 36),
    ("C43 engineering centres", lambda r: platforms(r, "工程技术研究中心", "省"), 22),
    ("C44 laboratories", lambda r: platforms(r, "重点实验室", "省"), 8),
    ("C45 design centres", lambda r: platforms(r, "工业设计中心", "省"), 6),
    ("C46 demonstrations", lambda r: platforms(r, "服务型制造示范", "国家", "省"), 4),
]


@pytest.mark.parametrize("seed", [SEED, 7])
def test_the_registers_of_2020q3_count_to_the_report(seed, expectations):
    rows = rows_known_at(plan_examples(seed, expectations), "2020Q3", NIGHT_BEFORE_REPORT)
    wrong = []
    for claim, count, wanted in CLAIMS:
        counted = count(rows)
        agrees = counted in wanted if isinstance(wanted, range) else counted == wanted
        if not agrees:
            wrong.append((claim, counted, wanted))
    assert not wrong


def test_five_of_the_seventeen_are_new_and_none_has_left(plan):
    before, now = (
        {
            row["enterprise_name"]
            for row in rows_known_at(plan, period, NIGHT_BEFORE_REPORT)["honours"]
            if row["list_name"] == "湖北制造业企业百强"
        }
        for period in ("2020Q2", "2020Q3")
    )
    assert (len(before), len(now - before), len(before - now)) == (12, 5, 0)


def test_every_obligation_of_2020q3_is_met_before_the_report(plan, expectations):
    registers = set(expectations.contracts) - {"trademarks", "indicators"}
    met = {
        (file.dataset, file.reporter)
        for file in plan
        if file.period == "2020Q3" and file.verdict == "accepted" and file.arrival < REPORT
    }
    owed = {
        (name, reporter.code)
        for name in registers
        for reporter in expectations.codes.owing(expectations.contracts[name].owed_by)
    }
    assert owed <= met


REPORTED = {
    "std_total_count": ("1213", "项", None),
    "ip_special_fund_amount": ("500", "万元", "余"),
    "hidden_champion_province_share": ("7", "%", "左右"),
    "brand_value_amount": ("201.84", "亿元", None),
    "brand_show_applicant_count": ("500", "家", "超过"),
    "fee_reduction_amount": ("240", "亿元", "近"),
    "quality_service_enterprise_count": ("500", "家", "近"),
    "excellence_model_adopter_count": ("70", "家", "余"),
    "hubei_top100_rank": ("2", "位", None),
    "design_service_rank": ("3", "位", None),
}


def test_indicators_of_2020q3_carry_43_measures_and_2_ranks_as_the_report_writes_them(plan):
    forms = [f for f in plan if f.dataset == "indicators" and f.period == "2020Q3"]
    assert {form.reporter for form in forms} == {"scjg", "jxj", "swj", "czj"}
    assert all(form.arrival < NIGHT_BEFORE_REPORT for form in forms)
    rows = {str(row["indicator_code"]): row for form in forms for row in form.rows}
    assert len(rows) == sum(len(form.rows) for form in forms) == 45
    assert sum(code.endswith("_rank") for code in rows) == 2
    for code, (value, unit, qualifier) in REPORTED.items():
        row = rows[code]
        assert (row["value"], row["unit"], row["qualifier"]) == (Decimal(value), unit, qualifier)
    assert all(row["reporting_unit"] is None and row["note"] is None for row in rows.values())


def test_the_doubtful_figure_of_2020q3_is_withheld_alone(plan):
    held = [f for f in plan if f.period == "2020Q3" and f.verdict == "held"]
    assert [file.withheld for file in held] == [("fee_reduction_amount",)]


def test_indicators_are_reported_by_the_department_that_owes_them(plan, expectations):
    owner = {indicator.code: indicator.department for indicator in expectations.codes.indicators}
    for file in plan:
        if file.dataset == "indicators" and file.verdict != "rejected":
            assert {owner[str(row["indicator_code"])] for row in file.rows} == {file.reporter}


def test_every_public_figure_names_its_source():
    folder = Path(__file__).parents[1] / "examples" / "data"
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        assert lines and all(line["source"].strip() for line in lines), path.name


def test_the_trademark_tables_add_up_and_their_growth_recomputes(plan):
    last = {f.period: f for f in plan if f.dataset == "trademarks" and f.verdict == "accepted"}
    published = last["2024Q1"].rows
    assert sum(row["application_count"] for row in published) == 906
    assert sum(row["valid_count"] for row in published) == 24144
    now = {row["reporting_unit"]: row for row in last["2020Q4"].rows}
    before = {row["reporting_unit"]: row for row in last["2019Q4"].rows}
    for unit, row in now.items():
        grown = row["application_count"] / before[unit]["application_count"] * 100 - 100
        assert abs(grown - Decimal(str(row["application_yoy_pct"]).rstrip("%"))) < Decimal("0.005")


@pytest.mark.parametrize("seed", [SEED, 7])
def test_all_credit_codes_are_valid_and_of_the_reserved_zone(seed, expectations):
    registers = build_registers(expectations.codes, seed)
    rows = [entry.row for entries in registers.entries.values() for entry in entries]
    codes = {str(row["uscc"]) for row in rows if row.get("uscc")}
    assert len(codes) > 1000
    assert all(code[8:].startswith(RESERVED_PREFIX) for code in codes)
    assert find_credit_code_fault(pl.Series(sorted(codes))).null_count() == len(codes)
    numbers = {str(row["application_no"]) for row in rows if "application_no" in row}
    assert find_application_fault(pl.Series(sorted(numbers))).null_count() == len(numbers)
    assert all(number[5] == "9" for number in numbers)


def test_no_name_in_a_register_could_be_a_real_firms(expectations):
    registers = build_registers(expectations.codes, SEED)
    named = {"enterprise_name", "patentee_name", "recipient_name", "host_name", "platform_name"}
    for entries in registers.entries.values():
        for entry in entries:
            assert all("（虚构）" in str(entry.row[name]) for name in named & entry.row.keys())


def test_whoever_a_register_names_is_on_the_register_of_enterprises(expectations):
    registers = build_registers(expectations.codes, SEED).entries
    for index in range(QUARTERS):
        listed = {e.row["uscc"] for e in registers["enterprises"] if e.since <= index < e.until}
        for name, entries in registers.items():
            there = [entry.row for entry in entries if entry.since <= index < entry.until]
            named = {row["uscc"] for row in there if row.get("uscc")}
            assert named <= listed, (name, index)


def test_no_key_is_repeated_and_no_date_lies_after_its_period(expectations):
    registers = build_registers(expectations.codes, SEED).entries
    for name, entries in registers.items():
        contract = expectations.contracts[name]
        dated = [c.name for c in contract.column if c.type == "date" and not c.may_follow_period]
        for index in range(QUARTERS):
            there = [e.row for e in entries if e.since <= index < e.until]
            keys = Counter(tuple(str(row[column]) for column in contract.key) for row in there)
            assert max(keys.values(), default=1) == 1, (name, index)
            days = [row[column] for row in there for column in dated if row[column] is not None]
            assert all(day <= quarter(index).end for day in days), (name, index)


@pytest.mark.parametrize("seed", [SEED, 7])
def test_ordinary_forms_give_nothing_to_explain(seed, expectations):
    """No stock falls by a fifth, no flow grows tenfold, no unit vanishes, unless it was planted."""
    registers = build_registers(expectations.codes, seed)
    strange = []
    for name, entries in registers.entries.items():
        contract = expectations.contracts[name]
        for reporter in sorted({entry.reporter for entry in entries}):
            forms = [registers.rows(name, reporter, index) for index in range(QUARTERS)]
            for index, (before, now) in enumerate(pairwise(forms), start=1):
                strange += [
                    (name, reporter, index, odd) for odd in compare_forms(contract, before, now)
                ]
    assert not strange


def compare_forms(contract: Contract, before: list[Row], now: list[Row]) -> Iterator[Any]:
    """What is strange; units that were joined in between are held against the joint one."""
    joined = dict.fromkeys((TIESHAN, ZONE), JOINED)
    units = (
        joined.get(str(row.get("reporting_unit")), row.get("reporting_unit")) for row in before
    )
    before = [row | {"reporting_unit": unit} for row, unit in zip(before, units, strict=True)]
    earlier, later = count_figures(contract, before), count_figures(contract, now)
    for (figure, unit), value in earlier.items():
        kind = next(known.measure_kind for known in contract.figure if known.name == figure)
        found = later.get((figure, unit), 0)
        if kind == "stock" and found < value * 0.8:
            yield figure, unit, value, found
        if kind == "flow" and value and found >= value * 10:
            yield figure, unit, value, found
    if any(rule.check == "unit_vanished" for rule in contract.rule):
        earlier_units, units_now = (
            {row["reporting_unit"] for row in rows} for rows in (before, now)
        )
        yield from earlier_units - units_now


def count_figures(contract: Contract, rows: list[Row]) -> dict[tuple[str, str], float]:
    """The contract's own figures over rows, by unit where it says so."""
    counted: dict[tuple[str, str], float] = {}
    for figure in contract.figure:
        units = {row["reporting_unit"] for row in rows} if figure.by_unit else {None}
        for unit in units:
            chosen = [row for row in rows if unit is None or row["reporting_unit"] == unit]
            counted[figure.name, str(unit)] = EXPRESSIONS[figure.expression](chosen)
    return counted


EXPRESSIONS: dict[str, Callable[[list[Row]], float]] = {
    "count(*)": len,
    "count(distinct uscc)": lambda rows: distinct(rows, "uscc"),
    "count(distinct standard_no)": lambda rows: distinct(rows, "standard_no"),
    "count(distinct uscc) filter (where status = '在营')": lambda rows: distinct(
        pick(rows, status="在营"), "uscc"
    ),
    "count(*) filter (where legal_status = '有效')": lambda rows: len(
        pick(rows, legal_status="有效")
    ),
    "sum(amount)": lambda rows: float(sum(row["amount"] for row in rows)),
}
"""The contracts' figures, written a second time; a new one fails here by its name."""


def read_cells(file: Planned) -> list[list[Any]]:
    """All cells of all sheets, by a reader that is not the warehouse's own."""
    content = file.write()
    if file.path.endswith(".csv"):
        return [list(row) for row in csv.reader(io.StringIO(decode(content)))]
    book = python_calamine.load_workbook(io.BytesIO(content))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


def decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("neither UTF-8 nor GB18030")


def test_every_form_opens_and_says_what_its_figures_are(plan):
    for file in plan:
        if file.verdict == "refused":
            continue
        words = "\n".join(str(cell) for row in read_cells(file) for cell in row if cell)
        assert "说明：示例数据" in words or "资料来源" in words, file.path


def test_each_format_opens_in_its_own_reader(plan):
    last = {Path(file.path).suffix: file for file in plan if file.rows}
    for suffix in (".xlsx", ".xlsm"):
        book = openpyxl.load_workbook(io.BytesIO(last[suffix].write()), keep_vba=True)
        assert book.worksheets[0].max_row > len(last[suffix].rows)
    sheet = xlrd.open_workbook(
        file_contents=last[".xls"].write(), formatting_info=True
    ).sheet_by_index(0)
    assert sheet.nrows > len(last[".xls"].rows)
    table = load_ods(io.BytesIO(last[".ods"].write())).spreadsheet
    assert len(table.getElementsByType(TableRow)) > len(last[".ods"].rows)


def test_forms_come_in_all_formats_and_encodings(plan):
    suffixes = Counter(Path(file.path).suffix for file in plan)
    assert {".xlsx", ".xls", ".ods", ".csv", ".xlsm"} <= set(suffixes)
    tables = [file.write() for file in plan if file.path.endswith(".csv") and file.rows]
    assert any(table.startswith(b"\xef\xbb\xbf") for table in tables)
    assert any(is_utf8(table) for table in tables)
    assert any(not is_utf8(table) for table in tables)


def is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not content.startswith(b"\xef\xbb\xbf")


def test_files_are_laid_where_and_when_the_plan_says(plan, laid):
    inbox, counts = laid
    found = [path for path in inbox.rglob("*") if path.is_symlink() or path.is_file()]
    assert {path.relative_to(inbox).as_posix() for path in found} == {file.path for file in plan}
    assert counts.files == len(plan) == sum(counts.by_folder.values())
    for file in plan:
        assert os.lstat(inbox / file.path).st_mtime == file.arrival.timestamp(), file.path


def test_the_symbolic_link_points_to_a_form_beside_it(plan, laid):
    links = [file for file in plan if file.link_to]
    assert len(links) == 1
    assert (laid[0] / links[0].path).resolve().is_file()


def test_the_nights_to_replay_are_written_beside_the_inbox(laid):
    replay = tomllib.loads((laid[0].parent / REPLAY).read_text(encoding="utf-8"))
    nights = [datetime.fromisoformat(night) for night in replay["nights"]]
    assert nights == list(NIGHTS) == list(laid[1].nights)
    assert len(nights) == 9
    assert nights == sorted(nights)
    assert nights[6] < REPORT < nights[7]


def test_something_arrives_before_every_night_and_after_the_last(plan):
    bounds = [datetime.fromisoformat("2000-01-01T00:00:00+08:00"), *NIGHTS]
    arrived = [
        sum(start <= file.arrival < end for file in plan)
        for start, end in zip(bounds, NIGHTS, strict=False)
    ]
    assert min(arrived[:-1]) > 30 and arrived[-1] > 3
    later = [file for file in plan if file.arrival >= NIGHTS[-1]]
    assert {file.period for file in later} >= {"2021Q2", "2022Q2", "2024Q1"}


def test_of_the_forms_revised_before_their_lock_some_say_why_and_some_do_not(plan):
    revised = [file for file in plan if ("revision_note", None) in file.planted]
    said = [
        any(str(cell).endswith("。") for row in read_cells(file) for cell in row)
        for file in revised
        if file.dataset == "indicators"
    ]
    assert len(revised) == 2 and said == [True]
    assert {file.dataset for file in revised} == {"indicators", "trademarks"}


def test_there_are_late_missing_nil_and_corrected_forms(plan):
    accepted = [file for file in plan if file.verdict == "accepted"]
    sent = Counter((file.dataset, file.reporter, file.period) for file in accepted)
    assert any(not file.rows for file in accepted)
    assert max(sent.values()) == 2
    assert ("platforms", "kjj", "2019Q1") not in sent
    assert any(file.period == "2019Q1" and file.arrival > NIGHTS[0] for file in accepted)
