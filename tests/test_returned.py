"""Returned workbooks: the reporter's own file comes back marked, and can be sent again as it is."""

from __future__ import annotations

import random
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from cases.read import books
from cases.read.grids import TEXTS, read
from hypothesis import HealthCheck, example, given, settings
from openpyxl.cell.cell import MergedCell
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from warehouse_rows import Form as Submitted
from warehouse_rows import Warehouse, expectations

from examples.broken import make_compound_file
from warehouse.contracts.model import Severity
from warehouse.read.identify import identify
from warehouse.read.layout import read_form
from warehouse.read.returned_list import LIST_SHEET, Answer, is_list, read_list, write_mark
from warehouse.read.sheet import Document
from warehouse.returned import (
    Mark,
    OutboxError,
    ReturnedForm,
    gather_returns,
    write_returned,
    write_returns,
)
from warehouse.returned.deliver import name_returned
from warehouse.returned.fills import BASE_COLOURS
from warehouse.settings import Settings

SHEET = "表 '一' 张"
SHA256 = "ab12" * 16
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
INJECTIONS = ("=cmd|'/C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("x")')
needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)
pytestmark = pytest.mark.filterwarnings("ignore:Workbook contains no default style")
_REUSED_FOLDER = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def make_mark(number: int, cell: str | None, severity: Severity = "must_fix", **facts: Any) -> Mark:
    known = {
        "rule_id": f"rule_{number}", "sheet": SHEET, "source_row": None, "column_name": "amount",
        "heading": "金额", "value": "12,5", "subject": f"企业 {number} · 甲",
        "sentence": f"第 {number} 个问题。", "remedy": "请改正。",
    }  # fmt: skip
    return Mark(finding_number=number, cell=cell, severity=severity, **known | facts)


def make_form(*marks: Mark, **facts: Any) -> ReturnedForm:
    known = {
        "submission_id": 12, "sha256": SHA256, "file_name": "三季度.xlsx", "document_kind": "xlsx",
        "title": "标准制修订情况表", "reporter": "黄石港区", "period": "2020年三季度", "round": 2,
        "verdict": "rejected", "reason": None, "fixed_count": 4, "new_count": 3, "left_count": 2,
    }  # fmt: skip
    return ReturnedForm(marks=marks, **known | facts)


MARKS = (
    make_mark(1, "D5", value=None, example="如 GB/T 1.1-2020"),
    make_mark(2, "B4", last_accepted="12.5", change="left"),
    make_mark(3, "B4", "explain", offered="去年新增（有效至 2020-12-31）"),
    make_mark(4, "C7", "explain", explanation="企业注销", valid_until=date(2021, 6, 30)),
    make_mark(5, "A8", "notice"),
    make_mark(6, None, sheet="", column_name=None, subject=""),
    make_mark(7, "C1", "notice"),
    make_mark(8, "F40"),
)
MARKED = {"D5": "must_fix", "B4": "must_fix", "C7": "explain", "A8": "notice", "A1": "notice",
          "F40": "must_fix"}  # fmt: skip
"""B4 has two findings, of which the worse one colours it; C1 is merged into A1."""


def write_rich_book(path: Path) -> Path:
    """A form with everything a clerk may have put into it."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#FFF2CC"})
    number = book.add_format({"num_format": "#,##0.00", "italic": True, "border": 2})
    text = book.add_format({"num_format": "@", "locked": False, "text_wrap": True})
    sheet.merge_range("A1:D1", "标题", head)
    sheet.write_row("A2", ["名称", "数", "比", "码"], head)
    for row in range(3, 13):
        sheet.write_string(f"A{row}", f"名{row}", text)
        sheet.write_number(f"B{row}", row * 1.5, number)
        sheet.write_formula(f"C{row}", f"=B{row}*2", number, row * 3)
        sheet.write_string(f"D{row}", "00123")
    sheet.write_comment("B4", "审核人：看过", {"author": "张三"})
    sheet.write_comment("A3", "别人的批注", {"author": "李四"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": [SHEET, 2, 1, 11, 1]})
    sheet.insert_chart("F2", chart)
    picture = path.with_suffix(".png")
    picture.write_bytes(PICTURE)
    sheet.insert_image("F20", str(picture))
    sheet.data_validation("D3:D12", {"validate": "list", "source": ["00123", "00456"]})
    sheet.conditional_format(
        "B3:B12", {"type": "cell", "criteria": ">", "value": 9, "format": head}
    )
    sheet.set_column("A:A", 33)
    sheet.set_column("E:E", None, None, {"hidden": True})
    sheet.set_row(7, None, None, {"hidden": True})
    sheet.freeze_panes(2, 1)
    sheet.autofilter("A2:D12")
    book.add_worksheet("隐藏").hide()
    book.define_name("区域", f"='{SHEET.replace(chr(39), chr(39) * 2)}'!$B$3:$B$12")
    book.close()
    return path


def write_plain_book(path: Path) -> Path:
    """The same by openpyxl, which leads from member to member by absolute names."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.merge_cells("A1:D1")
    for row in range(3, 13):
        sheet.append({"A": f"名{row}", "B": row * 1.5, "C": row * 3, "D": "00123"})
    sheet["B4"].comment = Comment("审核人：看过", "张三")
    sheet["A3"].comment = Comment("别人的批注", "李四")
    sheet["A1"].fill = PatternFill("solid", fgColor="FFFFF2CC")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=3, max_row=12))
    sheet.add_chart(chart, "F2")
    book.save(path)
    return path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Saves a workbook by LibreOffice, in a format given by its suffix."""
    profile = tmp_path_factory.mktemp("profile")
    filters = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods", "fods": "fods"}

    def save(path: Path, suffix: str) -> Path:
        folder = tmp_path_factory.mktemp("office")
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless"]
        command += ["--convert-to", filters[suffix], "--outdir", str(folder), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=500)
        return folder / f"{path.stem}.{suffix}"

    return save


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str], Path]:
    """A rich workbook by the program that made it."""
    folder = tmp_path_factory.mktemp("made")
    known: dict[str, Path] = {}

    def make(maker: str) -> Path:
        if maker not in known:
            if maker == "openpyxl":
                known[maker] = write_plain_book(folder / "plain.xlsx")
            elif maker == "xlsxwriter":
                known[maker] = write_rich_book(folder / "rich.xlsx")
            else:
                known[maker] = request.getfixturevalue("office")(make("xlsxwriter"), "xlsx")
        return known[maker]

    return make


MAKERS = ["xlsxwriter", "openpyxl", pytest.param("LibreOffice", marks=needs_soffice)]


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as container:
        return {name: container.read(name) for name in container.namelist()}


def open_book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def fills_of(sheet: Any) -> dict[str, str]:
    return {
        cell.coordinate: cell.fill.fgColor.rgb
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.patternType == "solid" and not isinstance(cell, MergedCell)
    }


def comments_of(sheet: Any) -> dict[str, str]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def severity_of(colour: str) -> str | None:
    """The severity whose colour a fill has, whatever its shade."""
    bare = int(colour[-6:], 16) & ~0x070707
    return next((name for name, base in BASE_COLOURS.items() if base == bare), None)


def describe(sheet: Any) -> Any:
    """A sheet as openpyxl sees it, but for fills and comments."""
    cells = [
        (cell.coordinate, cell.value, repr(cell.font), repr(cell.border), cell.number_format,
         repr(cell.alignment), repr(cell.protection))
        for row in sheet["A1:H30"]
        for cell in row
    ]  # fmt: skip
    parts = (
        len(sheet._charts), len(sheet._images), sorted(map(str, sheet.merged_cells.ranges)),
        [str(found.sqref) for found in sheet.data_validations.dataValidation],
        [str(found.sqref) for found in sheet.conditional_formatting],
        {name: (size.width, size.hidden) for name, size in sheet.column_dimensions.items()},
        {row: size.hidden for row, size in sheet.row_dimensions.items() if size.hidden},
        sheet.freeze_panes, sheet.auto_filter.ref,
    )  # fmt: skip
    return cells, parts


def form_cells(document: Document) -> dict[str, Any]:
    """All that was read of a document but for the list."""
    return {
        sheet.name: (
            sheet.cells.to_dict(as_series=False), sheet.hidden_rows, sheet.hidden_columns,
            sorted(sheet.merged), sheet.is_hidden, sheet.uncalculated, sheet.errors,
        )
        for sheet in document.sheets
        if not is_list(sheet.name)
    }  # fmt: skip


def count_styles(path: Path) -> int:
    return len(open_book(path)._cell_styles)


def answer(path: Path, target: Path, answers: dict[int, tuple[str, Any]]) -> Path:
    """Writes into 说明 and 有效期至 of the list, by number of the finding, as a clerk would."""
    book = open_book(path)
    sheet = book[LIST_SHEET]
    for row in sheet.iter_rows():
        if row[0].value in answers:
            row[9].value, row[10].value = answers[row[0].value]
    book.save(target)
    return target


@pytest.mark.parametrize("maker", MAKERS)
def test_what_is_not_marked_keeps_its_bytes(
    maker: str, made: Callable[[str], Path], tmp_path: Path
) -> None:
    target = tmp_path / "back.xlsx"
    assert write_returned(made(maker), make_form(*MARKS), target) == "own"
    before, after = members(made(maker)), members(target)
    assert before.keys() <= after.keys()
    changed = {name for name in before if before[name] != after[name]}
    touched = ("[Content_Types]", "workbook.xml", "styles", "omments", "vmlDrawing", "sheet1.xml")
    assert {name for name in changed if not any(part in name for part in touched)} == set()


@pytest.mark.parametrize("maker", MAKERS)
def test_two_readers_find_everything_in_its_place(
    maker: str, made: Callable[[str], Path], tmp_path: Path
) -> None:
    target = tmp_path / "back.xlsx"
    write_returned(made(maker), make_form(*MARKS), target)
    assert form_cells(read(target)) == form_cells(read(made(maker)))
    before, after = open_book(made(maker))[SHEET], open_book(target)[SHEET]
    assert describe(after) == describe(before)


@pytest.mark.parametrize("maker", MAKERS)
def test_fills_and_comments_stand_where_the_faults_are(
    maker: str, made: Callable[[str], Path], tmp_path: Path
) -> None:
    target = tmp_path / "back.xlsx"
    write_returned(made(maker), make_form(*MARKS), target)
    sheet = open_book(target)[SHEET]
    coloured = {cell: severity_of(colour) for cell, colour in fills_of(sheet).items()}
    assert {cell: found for cell, found in coloured.items() if found} == MARKED
    comments = comments_of(sheet)
    assert comments.keys() == {*MARKED, "A3"}
    assert comments["A3"] == "别人的批注"
    assert comments["B4"].endswith("审核人：看过")
    for said in ("2. 强制（上一轮已指出） · 第 2 个问题。", "3. 核实", "读到：12,5",
                 "上次通过：12.5", "怎么改：请改正。"):  # fmt: skip
        assert said in comments["B4"]
    assert "读到：（空）\n填法：如 GB/T 1.1-2020" in comments["D5"]


def test_the_list_leads_to_every_cell_and_opens_first(tmp_path: Path) -> None:
    target = tmp_path / "back.xlsx"
    write_returned(write_rich_book(tmp_path / "form.xlsx"), make_form(*MARKS), target)
    book = open_book(target)
    assert book.sheetnames == [SHEET, "隐藏", LIST_SHEET]
    assert book.active.title == LIST_SHEET
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [LIST_SHEET]
    sheet = book[LIST_SHEET]
    links = {cell.value: cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink}
    quoted = "'表 ''一'' 张'!"
    assert links == {f"{SHEET}!{mark.cell}": quoted + mark.cell for mark in MARKS if mark.cell} | {
        "全表": f"{quoted}A1"
    }
    numbers = [row[0].value for row in sheet if isinstance(row[0].value, int)]
    assert numbers == [1, 2, 6, 8, 3, 4, 5, 7]
    texts = {str(cell.value) for row in sheet for cell in row}
    assert (
        "结论：退回改正。强制 4 · 核实 2 · 提示 2。与上一轮相比：已改 4 · 新增 3 · 未改 2。"
        in texts
    )
    assert {"去年新增（有效至 2020-12-31）", "企业注销", "2021-06-30"} <= texts
    hidden = [name for name, size in sheet.column_dimensions.items() if size.hidden]
    assert hidden == ["L", "M", "N", "O"]


def test_the_first_round_compares_with_nothing_and_english_may_come_first(tmp_path: Path) -> None:
    form = make_form(
        make_mark(1, "B4"), round=1, language="en", verdict="returned", reason="改口径"
    )
    write_returned(write_rich_book(tmp_path / "form.xlsx"), form, tmp_path / "back.xlsx")
    sheet = open_book(tmp_path / "back.xlsx")[LIST_SHEET]
    assert sheet["A3"].value == (
        "Result: returned by the steward (改口径). 1 must fix · 0 explain · 0 notice."
    )
    assert "经审核退回（改口径）" in sheet["A5"].value
    assert all(sheet.column_dimensions[name].hidden for name in ("H", "I", "J"))


@_REUSED_FOLDER
@given(value=TEXTS, subject=TEXTS, sentence=TEXTS)
@example(value="【标杆批注止】", subject="=1+1", sentence="【标杆退回第9轮】")
def test_whatever_was_read_is_shown_and_comes_back_as_a_text(
    tmp_path: Path, value: str, subject: str, sentence: str
) -> None:
    mark = make_mark(
        1, "B4", "explain", value=value, subject=subject, sentence=sentence, explanation="属实"
    )
    source, target, again = (tmp_path / name for name in ("form.xlsx", "back.xlsx", "again.xlsx"))
    if not source.exists():
        write_rich_book(source)
    write_returned(source, make_form(mark), target)
    found = read_list(read(target))
    assert found
    assert [item.subject for item in found.answers] == [subject if subject.strip() else ""]
    write_returned(target, make_form(), again)
    assert comments_of(open_book(again)[SHEET]) == {"B4": "审核人：看过", "A3": "别人的批注"}


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    lines = "\r\n".join(f'示例,"{text.replace(chr(34), chr(34) * 2)}",甲,乙' for text in INJECTIONS)
    (tmp_path / "form.csv").write_text(lines, encoding="utf-8")
    marks = [
        make_mark(
            number, f"B{number}", "explain", sheet="", value=text, subject=text, sentence=text,
            remedy=text, offered=text, explanation=text, heading=text,
        )
        for number, text in enumerate(INJECTIONS, start=1)
    ]  # fmt: skip
    form = make_form(*marks, document_kind="csv", title="=1+1", reporter="=1+1", file_name="=1.csv")
    assert write_returned(tmp_path / "form.csv", form, tmp_path / "back.xlsx") == "rebuilt"
    for sheet in open_book(tmp_path / "back.xlsx"):
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
        assert kinds <= {"s", "n", "inlineStr"}, sheet.title
    found = read_list(read(tmp_path / "back.xlsx"))
    assert found
    assert [item.text for item in found.answers] == [text.strip() for text in INJECTIONS]


@needs_soffice
def test_libreoffice_calculates_none_of_the_texts(
    tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    marks = [make_mark(number, f"B{number + 3}", value=text, remedy=text, subject=text)
             for number, text in enumerate(INJECTIONS)]  # fmt: skip
    (tmp_path / "form.csv").write_text("\n".join(f"{text},甲,乙" for text in INJECTIONS[:3]))
    write_returned(tmp_path / "form.csv", make_form(*marks), tmp_path / "back.xlsx")
    flat = office(tmp_path / "back.xlsx", "fods").read_text(encoding="utf-8")
    assert "=cmd|" in flat
    assert "table:formula=" not in flat


@needs_soffice
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_answers_and_ancestor_come_back_through_libreoffice(
    suffix: str, tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    write_returned(write_rich_book(tmp_path / "form.xlsx"), make_form(*MARKS), tmp_path / "a.xlsx")
    answers = {
        3: (" 新建厂房\n已投产 ", date(2021, 12, 31)),
        4: ("企业注销", "长期"),
        2: ("不能", None),
    }
    mended = answer(tmp_path / "a.xlsx", tmp_path / "mended.xlsx", answers)
    resent = office(mended, suffix)
    found = read_list(read(resent))
    assert found
    assert (found.ancestor.submission_id, found.ancestor.sha256_prefix) == (12, SHA256[:12])
    assert [
        (item.rule_id, item.column_name, item.subject, item.text, item.valid_until, item.problem)
        for item in found.answers
    ] == [
        ("rule_2", "amount", "企业 2 · 甲", "不能", None, None),
        ("rule_3", "amount", "企业 3 · 甲", "新建厂房\n已投产", date(2021, 12, 31), None),
        ("rule_4", "amount", "企业 4 · 甲", "企业注销", None, "长期"),
    ]
    base = write_returned(resent, make_form(*MARKS, document_kind=suffix), tmp_path / "b.xlsx")
    assert base == ("own" if suffix == "xlsx" else "rebuilt")
    assert open_book(tmp_path / "b.xlsx").sheetnames == [SHEET, "隐藏", LIST_SHEET]


@needs_soffice
@pytest.mark.slow
@pytest.mark.parametrize("maker", ["xlsxwriter", "openpyxl"])
def test_marks_never_add_up_over_rounds_saved_by_libreoffice(
    maker: str, made: Callable[[str], Path], tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    source = made(maker)
    seen = []
    for number in (1, 2, 3):
        target = tmp_path / f"round{number}.xlsx"
        assert write_returned(source, make_form(*MARKS, round=number), target) == "own"
        book = open_book(target)
        comments = comments_of(book[SHEET])
        colours = {cell: severity_of(colour) for cell, colour in fills_of(book[SHEET]).items()}
        assert {cell: found for cell, found in colours.items() if found} == MARKED
        assert book.sheetnames.count(LIST_SHEET) == 1
        assert len(book.sheetnames) == len(open_book(made(maker)).sheetnames) + 1
        assert [text.count("【标杆退回") for text in comments.values()].count(1) == len(MARKED)
        assert comments["B4"].endswith("】\n审核人：看过")
        source = office(target, "xlsx")
        seen.append(count_styles(target))
    assert seen[2] <= seen[1] + 1
    last = tmp_path / "last.xlsx"
    write_returned(source, make_form(round=4, verdict="held"), last)
    sheet = open_book(last)[SHEET]
    assert comments_of(sheet) == {"B4": "审核人：看过", "A3": "别人的批注"}
    assert {severity_of(colour) for colour in fills_of(sheet).values()} <= {None}
    assert fills_of(sheet)["A1"] == "FFFFF2CC"


def test_returning_twice_is_returning_once(tmp_path: Path) -> None:
    write_returned(write_rich_book(tmp_path / "form.xlsx"), make_form(*MARKS), tmp_path / "a.xlsx")
    write_returned(tmp_path / "a.xlsx", make_form(*MARKS), tmp_path / "b.xlsx")
    first, second = members(tmp_path / "a.xlsx"), members(tmp_path / "b.xlsx")
    sheet = "xl/worksheets/sheet1.xml"
    assert first.keys() == second.keys()
    assert first[sheet] == second[sheet]
    assert count_styles(tmp_path / "a.xlsx") == count_styles(tmp_path / "b.xlsx")
    write_returned(tmp_path / "b.xlsx", make_form(), tmp_path / "c.xlsx")
    before, after = open_book(tmp_path / "form.xlsx")[SHEET], open_book(tmp_path / "c.xlsx")[SHEET]
    assert fills_of(after) == fills_of(before)
    assert comments_of(after) == comments_of(before)


def test_a_marked_cell_that_was_moved_gets_its_own_fill_back(tmp_path: Path) -> None:
    write_returned(write_rich_book(tmp_path / "form.xlsx"), make_form(*MARKS), tmp_path / "a.xlsx")
    book = open_book(tmp_path / "a.xlsx")
    sheet = book[SHEET]
    sheet["H50"]._style = sheet["A1"]._style
    sheet.insert_rows(3)
    book.save(tmp_path / "moved.xlsx")
    write_returned(tmp_path / "moved.xlsx", make_form(), tmp_path / "b.xlsx")
    colours = fills_of(open_book(tmp_path / "b.xlsx")[SHEET])
    assert colours["H51"] == colours["A1"] == "FFFFF2CC"
    assert {severity_of(colour) for colour in colours.values()} == {None}


def test_without_its_list_a_workbook_loses_our_colours_and_no_others(tmp_path: Path) -> None:
    write_returned(write_rich_book(tmp_path / "form.xlsx"), make_form(*MARKS), tmp_path / "a.xlsx")
    book = open_book(tmp_path / "a.xlsx")
    del book[LIST_SHEET]
    book.save(tmp_path / "bare.xlsx")
    write_returned(tmp_path / "bare.xlsx", make_form(), tmp_path / "b.xlsx")
    assert set(fills_of(open_book(tmp_path / "b.xlsx")[SHEET]).values()) == {"FFFFF2CC"}


def test_a_sheet_of_the_reporter_s_own_with_the_list_s_name_is_kept(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "我们自己的问题"
    book.active.title = LIST_SHEET
    book.create_sheet(SHEET)["B4"] = 1
    book.save(tmp_path / "form.xlsx")
    write_returned(tmp_path / "form.xlsx", make_form(make_mark(1, "B4")), tmp_path / "back.xlsx")
    document = read(tmp_path / "back.xlsx")
    assert [sheet.name for sheet in document.sheets] == [LIST_SHEET, SHEET, f"{LIST_SHEET}."]
    assert document.sheets[0].cells["c0"].to_list() == ["我们自己的问题"]
    assert read_list(document)
    write_returned(tmp_path / "back.xlsx", make_form(make_mark(1, "B4")), tmp_path / "again.xlsx")
    assert len(read(tmp_path / "again.xlsx").sheets) == 3


def test_comments_are_tied_to_a_sheet_where_the_format_wants_it(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "form.xlsx") as book:
        sheet = book.add_worksheet(SHEET)
        sheet.add_table("A1:C5", {"columns": [{"header": name} for name in "abc"]})
        sheet.add_sparkline("E1", {"range": "A2:A5"})
        sheet.insert_textbox("H3", "x")
    write_returned(tmp_path / "form.xlsx", make_form(make_mark(1, "B4")), tmp_path / "back.xlsx")
    xml = members(tmp_path / "back.xlsx")["xl/worksheets/sheet1.xml"]
    order = [
        xml.index(b"<" + name) for name in (b"drawing", b"legacyDraw", b"tableParts", b"extLst")
    ]
    assert order == sorted(order)


def test_boxes_beside_those_openpyxl_wrote_are_well_formed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "一"
    book.active["A1"].comment = openpyxl.comments.Comment("别人的批注", "李四")
    book.save(tmp_path / "original.xlsx")
    target = tmp_path / "returned.xlsx"
    marks = [make_mark(1, "A1", sheet="Sheet"), make_mark(2, "B2", sheet="Sheet")]
    write_returned(tmp_path / "original.xlsx", make_form(*marks), target)
    [drawing] = [content for name, content in members(target).items() if name.endswith(".vml")]
    shapes = ElementTree.fromstring(drawing).iter("{urn:schemas-microsoft-com:vml}shape")
    assert len(list(shapes)) == 2
    assert {"A1", "B2"} <= comments_of(open_book(target)["Sheet"]).keys()


def test_macros_stay(tmp_path: Path) -> None:
    (tmp_path / "vba.bin").write_bytes(make_compound_file({"PROJECT": b"Name=VBAProject\r\n"}))
    with xlsxwriter.Workbook(tmp_path / "form.xlsm") as book:
        book.add_worksheet(SHEET).write("B4", 1)
        book.add_vba_project(str(tmp_path / "vba.bin"))
    write_returned(tmp_path / "form.xlsm", make_form(make_mark(1, "B4")), tmp_path / "back.xlsm")
    before, after = members(tmp_path / "form.xlsm"), members(tmp_path / "back.xlsm")
    assert after["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]
    assert b"macroEnabled" in after["[Content_Types].xml"]


WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = {
    "[Content_Types].xml": f'<Types xmlns="{books.PACKAGE}/content-types"><Override '
    f'PartName="/xl/workbook.xml" ContentType="{WORKBOOK_TYPE}"/></Types>'
}
ROWS = '<row r="3"><c r="B3"><v>1</v></c></row><row r="5"/>'
SPELLINGS = {
    "no styles at all": (books.sheet(ROWS), ""),
    "styles without fonts, fills and borders": (books.sheet(ROWS), books.styles("0.00")),
    "no rows": (f'<worksheet xmlns="{books.MAIN}"><sheetData/></worksheet>', ""),
    "single quotes": (books.sheet(ROWS).replace('"', "'"), ""),
    "no addresses": (
        books.sheet("<row/><row/><row><c/><c><v>1</v></c></row><row/><row/>"), ""
    ),
    "a prefix": (
        books.sheet(ROWS).replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
        .replace("xmlns=", "xmlns:x="), ""
    ),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "styles"), SPELLINGS.values(), ids=SPELLINGS)
def test_a_sheet_of_any_spelling_is_marked_in_place(xml: str, styles: str, tmp_path: Path) -> None:
    form = books.write_xlsx(tmp_path / "form.xlsx", xml, style_xml=styles, extra=TYPES)
    cells = ("B3", "D3", "C5", "A7")
    marks = [make_mark(number, cell, sheet="表") for number, cell in enumerate(cells, start=1)]
    assert write_returned(form, make_form(*marks), tmp_path / "back.xlsx") == "own"
    assert form_cells(read(tmp_path / "back.xlsx")) == form_cells(read(form))
    with zipfile.ZipFile(tmp_path / "back.xlsx") as container:
        sheet = container.read("xl/worksheets/sheet1.xml")
    assert sheet.count(b"legacyDrawing") == 1
    if b"x:" not in sheet:  # openpyxl reads no prefixes
        sheet = open_book(tmp_path / "back.xlsx")["表"]
        assert {*fills_of(sheet)} == {*comments_of(sheet)} == set(cells)


@pytest.mark.parametrize("seed", range(3))
def test_no_workbook_however_damaged_stops_the_others(seed: int, tmp_path: Path) -> None:
    whole = members(write_rich_book(tmp_path / "form.xlsx"))
    dice = random.Random(seed)
    names = [
        name for name in whole if "sharedStrings" not in name and name.endswith((".xml", "ml"))
    ]
    outcomes = Counter[str]()
    for _ in range(25):
        name = dice.choice(names)
        content = bytearray(whole[name])
        at = dice.randrange(len(content) - 8)
        content[at : at + dice.randrange(1, 8)] = dice.randbytes(dice.randrange(0, 3))
        damaged = books.write_zip(tmp_path / "damaged.xlsx", whole | {name: bytes(content)})
        outcomes[write_returned(damaged, make_form(*MARKS), tmp_path / "back.xlsx")] += 1
        assert read_list(read(tmp_path / "back.xlsx"))
    assert outcomes["own"]


TITLE = "标准制修订情况表"
TABLE = [
    [f"{TITLE}", "", "", "", "", ""],
    ["填报单位：黄石港区", "报告期：2020年三季度", "", "", "", ""],
    ["企业名称", "统一社会信用代码", "所属县(市、区)", "标准编号", "标准名称", "标准级别"],
    ["示例公司", "914202057PDY000012", "黄石港区", "GB/T 1.1-2020", "=1+1", "00123"],
    ["示例二公司", "1.50", "黄石港区", "18.5%", "两\n行", "国家标准"],
]


def write_table(path: Path) -> Path:
    """The table as CSV, xls or ods, by the suffix."""
    if path.suffix == ".csv":
        lines = (",".join(f'"{text}"' for text in row) for row in TABLE)
        path.write_bytes("\r\n".join(lines).encode("gb18030"))
    elif path.suffix == ".xls":
        xlwt = pytest.importorskip("xlwt")
        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet("Sheet1")
        for row, texts in enumerate(TABLE):
            for column, text in enumerate(texts):
                if text:
                    sheet.write(row, column, text)
        sheet.merge(0, 0, 0, 3)
        sheet.row(4).hidden = True
        book.save(str(path))
    else:
        rows = "".join(
            "<table:table-row>" + "".join(
                '<table:table-cell office:value-type="string"><text:p>'
                + text.replace("\n", "</text:p><text:p>") + "</text:p></table:table-cell>"
                if text else "<table:table-cell/>"
                for text in texts
            ) + "</table:table-row>"
            for texts in TABLE
        )  # fmt: skip
        name = "一张名字很长" + "很长" * 12 + "/第2张"
        books.write_ods(path, f'<table:table table:name="{name}">{rows}</table:table>')
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xls", ".ods"])
def test_other_formats_come_back_as_a_workbook_that_is_the_same_form(
    suffix: str, tmp_path: Path
) -> None:
    source = write_table(tmp_path / f"标准表_黄石港区_2020Q3{suffix}")
    before = read(source)
    marks = (make_mark(1, "B4", sheet=before.sheets[0].name), make_mark(2, None, sheet=""))
    form = make_form(*marks, document_kind=before.kind, title=TITLE, file_name=source.name, round=1)
    place = name_returned(form, "420202", {})
    assert place.name == "标准表_黄石港区_2020Q3_退回第1轮.xlsx"
    target = tmp_path / place.name
    assert write_returned(source, form, target) == "rebuilt"
    after = read(target)
    [old], [new] = form_cells(before).values(), form_cells(after).values()
    assert new == old
    codes = expectations().codes
    told = [identify(document, name, "420202", expectations())
            for document, name in ((before, source.name), (after, place.name))]  # fmt: skip
    assert told[0] == told[1]
    assert told[0][0].period
    rows = [
        read_form(item, told[0][0], codes).rows.drop("source_sheet") for item in (before, after)
    ]
    assert rows[0].equals(rows[1])
    sheet = open_book(target).worksheets[0]
    assert fills_of(sheet).keys() == comments_of(sheet).keys() == {"B4"}
    assert {type(cell.value) for row in sheet.iter_rows() for cell in row} == {str, type(None)}


def test_a_formula_without_a_result_never_comes_back_as_a_blank(tmp_path: Path) -> None:
    cell = '<table:table-cell table:formula="of:=1+1"/>'
    error = (
        '<table:table-cell table:formula="of:=1/0" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    rows = f"<table:table-row>{cell}{error}</table:table-row>"
    source = books.write_ods(
        tmp_path / "form.ods", f'<table:table table:name="表">{rows}</table:table>'
    )
    form = make_form(make_mark(1, "A1", sheet="表"), document_kind="ods")
    write_returned(source, form, tmp_path / "back.xlsx")
    sheet = read(tmp_path / "back.xlsx").sheets[0]
    assert sheet.errors == {"A1", "B1"}
    assert sheet.cells.row(0) == (1, "#N/A", "#DIV/0!")


@pytest.mark.parametrize("content", [None, b"", b"no workbook \xff\xfe\x00", b"\xd0\xcf\x11\xe0 x"])
def test_a_file_that_cannot_be_read_comes_back_as_a_list_alone(
    content: bytes | None, tmp_path: Path
) -> None:
    original = None
    if content is not None:
        original = tmp_path / "form"
        original.write_bytes(content)
    mark = make_mark(1, None, sheet="", column_name=None, sentence="文件打不开。")
    form = make_form(mark, document_kind=None, sha256="" if content is None else SHA256)
    assert write_returned(original, form, tmp_path / "back.xlsx") == "none"
    book = open_book(tmp_path / "back.xlsx")
    assert book.sheetnames == [LIST_SHEET]
    assert "原文件无法读取" in str([cell.value for row in book[LIST_SHEET] for cell in row])
    found = read_list(read(tmp_path / "back.xlsx"))
    assert found
    assert found.ancestor.sha256_prefix == (SHA256[:12] if content is not None else "")


def test_two_thousand_marks_need_few_styles(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "form.xlsx") as book:
        sheet = book.add_worksheet(SHEET)
        looks = [book.add_format({"num_format": code}) for code in ("0", "0.00", "@", "yyyy-mm-dd")]
        for row in range(1000):
            for column in range(8):
                sheet.write_number(row, column, row, looks[(row + column) % len(looks)])
    severities: Sequence[Severity] = ("must_fix", "explain", "notice")
    marks = [
        make_mark(number, f"{'ABCDEFGH'[number % 8]}{1 + number // 2}", severities[number % 3])
        for number in range(2000)
    ]
    write_returned(tmp_path / "form.xlsx", make_form(*marks), tmp_path / "back.xlsx")
    sheet = open_book(tmp_path / "back.xlsx")[SHEET]
    assert fills_of(sheet).keys() == comments_of(sheet).keys() == {mark.cell for mark in marks}
    added = count_styles(tmp_path / "back.xlsx") - count_styles(tmp_path / "form.xlsx")
    assert added <= 4 * 3 + 14  # each look by severity, and those of the list


def test_a_full_style_table_costs_fills_and_nothing_else(tmp_path: Path) -> None:
    style = '<xf numFmtId="2" fontId="0" fillId="0" borderId="0"/>'
    styles = (
        f'<styleSheet xmlns="{books.MAIN}"><fonts><font/></fonts><fills><fill><patternFill/></fill>'
        f"</fills><borders><border/></borders><cellXfs>{style * 64_000}</cellXfs></styleSheet>"
    )
    rows = '<row r="3"><c r="B3" s="63999"><v>1</v></c></row>'
    form = books.write_xlsx(
        tmp_path / "form.xlsx", books.sheet(rows), style_xml=styles, extra=TYPES
    )
    marks = make_mark(1, "B3", sheet="表"), make_mark(2, "C3", sheet="表")
    assert write_returned(form, make_form(*marks), tmp_path / "back.xlsx") == "own"
    sheet = open_book(tmp_path / "back.xlsx")["表"]
    assert (fills_of(sheet), comments_of(sheet).keys()) == ({}, {"B3", "C3"})
    assert sheet["B3"].number_format == "0.00"


LIST_HEAD = ["rule_id", "column_name", "subject", "explanation", "valid_until"]


def list_document(tmp_path: Path, *rows: Sequence[str], mark: str = "") -> Document:
    with xlsxwriter.Workbook(tmp_path / "list.xlsx") as book:
        sheet = book.add_worksheet(LIST_SHEET)
        sheet.write_string(0, 0, mark or write_mark(7, SHA256))
        for row, texts in enumerate([LIST_HEAD, *rows], start=1):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
    return read(tmp_path / "list.xlsx")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("", None),
        ("2021-12-31", date(2021, 12, 31)),
        ("2021/2/8", date(2021, 2, 8)),
        ("2021 年 12 月 31 日", date(2021, 12, 31)),
        ("２０２１．１２．３１", date(2021, 12, 31)),
        ("20211231", date(2021, 12, 31)),
        ("2021-02-30", "2021-02-30"),
        ("明年年底", "明年年底"),
        ("44561", "44561"),
    ],
)
def test_until_when_an_answer_holds_is_read_or_said_to_be_unreadable(
    written: str, day: date | str | None, tmp_path: Path
) -> None:
    found = read_list(list_document(tmp_path, ["r", "", "s", "原因", written]))
    assert found
    [item] = found.answers
    expected = (None, day) if isinstance(day, str) else (day, None)
    assert (item.valid_until, item.problem) == expected


def test_answers_are_rows_with_a_reason(tmp_path: Path) -> None:
    found = read_list(
        list_document(
            tmp_path,
            ["r", "c", "s", " ", "2021-12-31"],
            ["", "", "", "放在别处的话", ""],
            ["r", "c", "s", "长" * 2500, ""],
        )
    )
    assert found
    assert found.answers == (
        Answer("", None, "", "放在别处的话", None, cell="D4"),
        Answer("r", "c", "s", "长" * 2000, None, cell="D5", is_cut=True),
    )


def test_a_sheet_without_the_mark_is_no_list(tmp_path: Path) -> None:
    assert read_list(list_document(tmp_path, ["r", "c", "s", "原因", ""], mark="问题")) is None


COLUMNS = "enterprise_name uscc reporting_unit product_name standard_no standard_name role"
AT = datetime(2020, 10, 20, tzinfo=UTC)


def keep(warehouse: Warehouse, action: str, period: str = "2020Q3", **facts: Any) -> int:
    row = "甲公司 91420205X 420202 - GB/T-1 标准 执行"
    form = Submitted("420202", [row] if action == "accept" else [], period, action=action)
    number = warehouse.keep("standards", COLUMNS, form)
    facts = {"file_name": f"{period}.csv", "folder": "420202", "sha256": f"{number:064d}"} | facts
    changes = ", ".join(f"{name} = ${name}" for name in facts)
    warehouse.connection.execute(
        f"update ledger.submission set {changes} where submission_id = $number",
        facts | {"number": number},
    )
    return number


def find(warehouse: Warehouse, number: int, *findings: dict[str, Any]) -> None:
    for place, facts in enumerate(findings, start=1):
        known = {"submission_id": number, "finding_number": place, "severity": "must_fix"}
        row = known | {"sheet": "", "source_row": 6, "subject": "91420205X · GB/T-1 · "} | facts
        names = ", ".join(row)
        marks = ", ".join(f"${name}" for name in row)
        warehouse.connection.execute(f"insert into ledger.finding ({names}) values ({marks})", row)


def test_a_returned_form_says_what_the_ledger_knows() -> None:
    warehouse = Warehouse()
    keep(warehouse, "accept", "2020Q2")
    first = keep(warehouse, "reject")
    role = {"rule_id": "unknown_code", "column_name": "role", "cell": "H6", "value": "领头"}
    find(warehouse, first, {"rule_id": "required", "column_name": "standard_name"}, role)
    second = keep(warehouse, "hold")
    find(
        warehouse, second,
        role,
        {"rule_id": "stock_falls", "severity": "explain", "column_name": "standard_no",
         "source_row": None, "value": "3", "expected": "9", "subject": ""},
    )  # fmt: skip
    warehouse.chain.append("explanation", [{
        "explanation_id": 1, "submission_id": 1, "dataset": "standards", "reporter_code": "420202",
        "period": "2020Q2", "rule_id": "stock_falls", "column_name": "standard_no", "subject": "",
        "explanation": "标准废止", "author": "420202", "valid_until": date(2020, 9, 30),
        "night_at": AT, "recorded_at": AT, "is_replayed": True,
    }])  # fmt: skip
    warehouse.open("2020-10-20")
    forms = gather_returns(warehouse.connection, expectations(), [first, second, 999])
    assert forms.keys() == {first, second}
    form = forms[second]
    assert (form.title, form.reporter, form.period) == (TITLE, "黄石港区", "2020年三季度")
    assert (form.round, form.verdict) == (2, "held")
    assert (form.fixed_count, form.new_count, form.left_count) == (1, 1, 1)
    code, falls = sorted(form.marks, key=lambda mark: mark.severity == "explain")
    assert (code.heading, code.change, code.last_accepted) == ("参与方式", "left", "执行")
    assert (code.example, code.offered) == ("从列表中选择", None)
    assert "领头" in code.sentence
    assert (falls.change, falls.last_accepted, falls.example) == ("new", None, None)
    assert falls.offered == "标准废止（2020Q2，有效至 2020-09-30）"
    english = gather_returns(warehouse.connection, expectations(), [second], "en")[second]
    assert english.marks[1].offered == "标准废止 (2020Q2, valid until 2020-09-30)"


def test_a_retired_rule_is_named_where_its_wording_is_gone() -> None:
    warehouse = Warehouse()
    number = keep(warehouse, "reject")
    find(warehouse, number, {"rule_id": "rule_of_old", "column_name": "gone", "cell": "B6"})
    warehouse.open("2020-10-20")
    [mark] = gather_returns(warehouse.connection, expectations(), [number])[number].marks
    assert (mark.sentence, mark.remedy, mark.heading) == ("rule_of_old", "", "")


def test_money_is_shown_in_the_form_s_unit() -> None:
    warehouse = Warehouse()
    columns = "programme recipient_name document_no amount approved_on"
    row = ["质量 甲公司 1号 125000 2020-03-31"]
    warehouse.keep("funding", columns, Submitted("czj", row, "2020Q2"))
    number = warehouse.keep("funding", columns, Submitted("czj", [], action="reject"))
    warehouse.connection.execute("update ledger.submission set file_name = 'a.csv'")
    subject = "1号 · 甲公司 · 质量"
    find(warehouse, number,
         {"rule_id": "not_a_number", "column_name": "amount", "cell": "H6", "subject": subject},
         {"rule_id": "not_a_date", "column_name": "approved_on", "subject": subject})  # fmt: skip
    warehouse.open("2020-10-20")
    marks = gather_returns(warehouse.connection, expectations(), [number])[number].marks
    assert [mark.last_accepted for mark in marks] == ["12.5 万元", "2020-03-31"]


def deliver(warehouse: Warehouse, home: Path) -> list[str]:
    warehouse.open("2020-10-20")
    paths = write_returns(warehouse.connection, Settings(home=home), expectations(), AT)
    return [str(path.relative_to(home / "outbox")) for path in paths]


def test_each_decision_is_delivered_once_and_only_to_the_sender(tmp_path: Path) -> None:
    warehouse = Warehouse()
    overtaken = keep(warehouse, "reject")
    last = keep(warehouse, "reject", file_name="子目录/2020Q3_退回第1轮.csv")
    accepted = keep(warehouse, "accept", "2020Q2")
    strayed = keep(warehouse, "reject", "2020Q1", folder="scjg", document_kind="xlsx",
                   file_name="表.XLSM")  # fmt: skip
    nameless = keep(warehouse, "reject", "2019Q4", file_name="2020Q3.csv")
    warehouse.connection.execute(
        "update ledger.submission set period = null where submission_id = ?", [nameless]
    )
    find(warehouse, last, {"rule_id": "required", "column_name": "role", "cell": "H6"})
    assert deliver(warehouse, tmp_path) == [
        "420202/2020Q3_退回第2轮.xlsx", "scjg/表_退回第1轮.xlsm", "420202/2020Q3_退回第1轮.xlsx",
    ]  # fmt: skip
    assert deliver(warehouse, tmp_path) == []
    recorded = warehouse.connection.execute(
        "select submission_id, reporter_code, kind, channel, length(sha256) from ledger.delivery"
    ).fetchall()
    assert {number for number, *_ in recorded} == {last, strayed, nameless}
    assert {tuple(rest) for _, reporter, *rest in recorded} == {("returned", "outbox", 64)}
    assert not {overtaken, accepted} & {number for number, *_ in recorded}
    for number in (accepted, nameless):
        decision = {"submission_id": number, "action": "return", "decided_by": "审核员",
                    "reason": "口径不对", "night_at": AT, "recorded_at": datetime.now(UTC),
                    "is_replayed": True}  # fmt: skip
        warehouse.chain.append("decision", [decision])
    again = deliver(warehouse, tmp_path)
    assert again == ["420202/2020Q2_退回第1轮.xlsx", "420202/2020Q3_退回第1轮.xlsx"]
    texts = [cell.value for row in open_book(tmp_path / "outbox" / again[0])[LIST_SHEET]
             for cell in row]  # fmt: skip
    assert any("经审核退回（口径不对）" in str(text) for text in texts)


def test_a_run_killed_before_it_recorded_writes_the_same_again(tmp_path: Path) -> None:
    warehouse = Warehouse()
    keep(warehouse, "reject")
    [path] = deliver(warehouse, tmp_path)
    first = (tmp_path / "outbox" / path).read_bytes()
    warehouse.connection.execute("delete from ledger.delivery")
    assert deliver(warehouse, tmp_path) == [path]
    assert (tmp_path / "outbox" / path).read_bytes() == first
    assert len(list((tmp_path / "outbox").rglob("*.xlsx"))) == 1


def test_names_of_different_files_never_meet() -> None:
    form = make_form(file_name="表" * 200 + ".xls", document_kind="xls", round=1)
    place = name_returned(form, "swj", {})
    assert len(place.name.encode()) < 255
    other = replace(form, submission_id=13)
    assert name_returned(other, "swj", {str(place): 12}).name.endswith("_退回第1轮_13.xlsx")
    assert name_returned(form, "swj", {str(place): 12}) == place
    assert name_returned(replace(form, file_name="a_退回第1轮_12.xlsx", round=2), "s", {}).name == (
        "a_退回第2轮.xlsx"
    )


def test_what_cannot_be_written_is_told_after_all_others_were(tmp_path: Path) -> None:
    warehouse = Warehouse()
    keep(warehouse, "reject", folder="swj")
    keep(warehouse, "reject", "2020Q2")
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox/swj").write_text("in the way")
    with pytest.raises(OutboxError, match="1 returned workbooks"):
        deliver(warehouse, tmp_path)
    assert [path.name for path in (tmp_path / "outbox/420202").iterdir()] == [
        "2020Q2_退回第1轮.xlsx"
    ]
    assert warehouse.connection.execute("select count(*) from ledger.delivery").fetchone() == (1,)
