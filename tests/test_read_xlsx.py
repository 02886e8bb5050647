"""Reading xlsx: every cell as the text it shows, at its address, and the marks of the sheet."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from cases.read import books
from cases.read.grids import TRICKY_TEXTS, expected, filled, grids, read, refusal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.read.cell_text import kind_of_format, write_number
from warehouse.read.document import read_document
from warehouse.read.refuse import Limits
from warehouse.read.sheet import cell_address, split_address

_REUSED_FOLDER = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_REUSED_FOLDER
@given(
    rows=grids(),
    row=st.integers(1, 40),
    column=st.integers(0, 40),
    in_memory=st.booleans(),
)
def test_texts_come_back_as_written_at_the_same_addresses(
    tmp_path: Path, rows: list[list[str]], row: int, column: int, in_memory: bool
) -> None:
    path = tmp_path / "book"
    with xlsxwriter.Workbook(path, {"constant_memory": not in_memory}) as book:
        sheet = book.add_worksheet()
        for down, texts in enumerate(rows):
            for right, text in enumerate(texts):
                sheet.write_string(row - 1 + down, column + right, text)
    assert filled(read(path).sheets[0]) == expected(rows, row, column)


def test_texts_written_by_another_library_come_back_too(tmp_path: Path) -> None:
    # This one writes _x000D_ unescaped, which is the escape of a carriage return.
    texts = [text for text in TRICKY_TEXTS if text != "_x000D_"]
    book = openpyxl.Workbook()
    for row, text in enumerate(texts, start=3):
        book.active.cell(row, 2).value = text
        book.active.cell(row, 2).data_type = "s"
    book.save(tmp_path / "book")
    sheet = read(tmp_path / "book").sheets[0]
    assert filled(sheet) == expected([[text] for text in texts], 3, 1)


_NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False).map(repr),
    st.decimals(-(10**9), 10**9, places=4).map(lambda number: format(number, "f")),
    st.integers(0, 10**9).map(lambda number: repr(number / 10)),
    st.floats(0, 1, allow_subnormal=False).map(lambda number: f"{number:.17g}"),
)


@_REUSED_FOLDER
@given(numbers=st.lists(_NUMBERS, min_size=1, max_size=20))
def test_numbers_keep_fifteen_digits_and_never_show_an_exponent(
    tmp_path: Path, numbers: list[str]
) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="B{row}"><v>{number}</v></c></row>'
        for row, number in enumerate(numbers, start=2)
    )
    cells = filled(read(books.write_xlsx(tmp_path / "book", books.sheet(rows))).sheets[0])
    assert len(cells) == len(numbers)
    for row, number in enumerate(numbers, start=2):
        text = cells[f"B{row}"]
        assert "e" not in text.lower()
        assert text.removeprefix("-") == (write_number(number) or "").removeprefix("-")
        assert abs(Decimal(text) - Decimal(number)) <= abs(Decimal(number)) * Decimal("1e-14")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1", "1"),
        ("0.1", "0.1"),
        ("0.10000000000000001", "0.1"),
        ("240", "240"),
        ("9910000000", "9910000000"),
        ("9.91E9", "9910000000"),
        ("12345678.119999999", "12345678.12"),
        ("1E-07", "0.0000001"),
        ("913205056082348768", "913205056082349000"),
        ("9.1320505608234803E+17", "913205056082348000"),
    ],
)
def test_a_number_reads_as_a_person_would_write_it(tmp_path: Path, number: str, text: str) -> None:
    xml = books.sheet(f'<row r="1"><c r="A1"><v>{number}</v></c></row>')
    assert filled(read(books.write_xlsx(tmp_path / "book", xml)).sheets[0]) == {"A1": text}


_SHOWN = [
    ("0.00%", "0.185", "18.5%"),
    ("0%", "0.18500000000000005", "18.5%"),
    (9, "0.28999999999999998", "29%"),
    (10, "-1", "-100%"),
    ("0.0%;[Red]-0.0%", "2", "200%"),
    ('[=0]"—";0.0%', "0.5", "50%"),
    ('0.0"%"', "18.5", "18.5"),
    (r"0.0\%", "18.5", "18.5"),
    ("yyyy-mm-dd", "44104", "2020-09-30"),
    (14, "44104", "2020-09-30"),
    (31, "44104", "2020-09-30"),
    (57, "44104", "2020-09-30"),
    ('yyyy"年"m"月"d"日"', "44104", "2020-09-30"),
    ("[$-804]aaaa;@", "44104", "2020-09-30"),
    ("yyyy-mm-dd", "44104.6", "2020-09-30"),
    ("yyyy-mm-dd hh:mm", "44104.604166666664", "2020-09-30T14:30:00"),
    ("yyyy-mm-dd hh:mm", "44104", "2020-09-30"),
    ("hh:mm:ss", "0.75", "18:00:00"),
    ("[h]:mm", "1.5", "1.5"),
    ("yyyy-mm-dd", "1", "1900-01-01"),
    ("yyyy-mm-dd", "60", "60"),
    ("yyyy-mm-dd", "61", "1900-03-01"),
    ("yyyy-mm-dd", "-5", "-5"),
    ("yyyy-mm-dd", "99999999", "99999999"),
    ("0.00_ ", "3", "3"),
    ('#,##0.00"元/日"', "3.5", "3.5"),
    ('_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "7", "7"),
    ("G/通用格式", "44104", "44104"),
    ("@", "44104", "44104"),
    ("000000", "123", "123"),
]


@pytest.mark.parametrize(("shown", "number", "text"), _SHOWN)
def test_a_formatted_number_reads_as_it_is_shown(
    tmp_path: Path, shown: str | int, number: str, text: str
) -> None:
    xml = books.sheet(
        f'<row r="1"><c r="A1" s="1"><v>{number}</v></c><c r="B1"><v>{number}</v></c>'
        f'<c r="C1" s="1"><f>A1</f><v>{number}</v></c><c r="D1" s="1" t="str"><v>x</v></c></row>'
    )
    path = books.write_xlsx(tmp_path / "book", xml, style_xml=books.styles(0, shown))
    cells = filled(read(path).sheets[0])
    assert cells == {"A1": text, "B1": write_number(number), "C1": text, "D1": "x"}


def test_a_format_that_only_looks_like_a_date_stays_a_number() -> None:
    for code in ("General", "0.00E+00", "# ?/?", '0"d"', "[Red]0", "0.0 [$USD]"):
        assert kind_of_format(164, code) == "number"


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    xml = books.sheet('<row r="1"><c r="A1" s="0"><v>42642</v></c></row>')
    path = books.write_xlsx(
        tmp_path / "book",
        xml,
        style_xml=books.styles(14),
        workbook_start='<workbookPr date1904="1"/>',
    )
    assert filled(read(path).sheets[0]) == {"A1": "2020-09-30"}


def test_errors_booleans_and_iso_dates_read_as_their_texts(tmp_path: Path) -> None:
    xml = books.sheet(
        '<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="b"><v>1</v></c>'
        '<c r="D2" t="b"><f>1=2</f><v>0</v></c><c r="E2" t="d"><v>2020-09-30T00:00:00</v></c>'
        '<c r="F2" t="e"><f>#SPILL!</f><v>#SPILL!</v></c></row>'
    )
    sheet = read(books.write_xlsx(tmp_path / "book", xml)).sheets[0]
    assert filled(sheet) == {
        "B2": "#REF!",
        "C2": "TRUE",
        "D2": "FALSE",
        "E2": "2020-09-30",
        "F2": "#SPILL!",
    }
    assert sheet.errors == {"B2", "F2"}


def test_a_formula_without_a_result_is_named_and_an_empty_result_is_blank(tmp_path: Path) -> None:
    xml = books.sheet(
        '<row r="1"><c r="A1"><f>B1</f></c><c r="B1"><f>A2</f><v></v></c>'
        '<c r="C1"><f t="shared" si="0"/><v/></c><c r="D1" t="str"><f>""</f><v></v></c>'
        '<c r="E1"><f>1+1</f><v>2</v></c><c r="F1" t="str"><f>"a"</f><v>甲 </v></c></row>'
    )
    sheet = read(books.write_xlsx(tmp_path / "book", xml)).sheets[0]
    assert sheet.uncalculated == {"A1", "B1", "C1"}
    assert filled(sheet) == {"E1": "2", "F1": "甲 "}


def test_a_formula_saved_by_a_program_that_does_not_calculate_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["B7"] = "=SUM(A1:A6)"
    book.save(tmp_path / "book")
    sheet = read(tmp_path / "book").sheets[0]
    assert (sheet.uncalculated, filled(sheet)) == ({"B7"}, {"A1": "1"})


def test_hidden_rows_and_columns_merged_ranges_and_hidden_sheets_are_marked(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "book") as book:
        sheet = book.add_worksheet("表 & <一>")
        sheet.merge_range("A1:D1", "标题")
        sheet.merge_range("B3:B5", "合并")
        sheet.write_string("A6", "数")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column("C:D", 9, None, {"hidden": True})
        sheet.set_column("F:F", 0)
        book.add_worksheet("选项").hide()
        book.add_worksheet("字典").very_hidden()
        book.add_chartsheet("图")
    first, second, third = read(tmp_path / "book").sheets
    assert (first.name, first.hidden_rows, first.hidden_columns) == ("表 & <一>", {4}, {2, 3, 5})
    assert first.merged == ((1, 0, 1, 3), (3, 1, 5, 1))
    assert [sheet.is_hidden for sheet in (first, second, third)] == [False, True, True]
    assert second.cells.height == 0


_ODD_SPELLINGS = {
    "prefixes": (
        f'<x:worksheet xmlns:x="{books.MAIN}"><x:sheetData><x:row r="2" hidden="1">'
        '<x:c r="B2" s="1"><x:v>0.185</x:v></x:c><x:c r="C2" t="inlineStr"><x:is><x:t>甲</x:t>'
        "</x:is></x:c></x:row></x:sheetData></x:worksheet>"
    ),
    "single quotes": books.sheet(
        "<row r='2' x14ac:dyDescent='0.2' hidden='true'><c r='B2' s='1'><v>0.185</v></c>"
        "<c r='C2' t='str'><v>甲</v></c></row>"
    ).replace("<worksheet", '<worksheet xmlns:x14ac="urn:x"'),
    "no addresses": books.sheet(
        '<row/><row hidden="1"><c/><c s="1"><v>0.185</v></c>'
        '<c t="inlineStr"><is><t>甲</t></is></c></row>'
    ),
    "comments": books.sheet(
        '<!-- <c r="A1"><v>5</v></c> --><row r="2" hidden="1"><c r="B2" s="1"><v>0.1<!-- -->85'
        '</v></c><c r="C2" t="inlineStr"><is><t><![CDATA[甲]]></t></is></c></row>'
    ),
    "attributes in another order": books.sheet(
        '<row hidden="1" r="2"><c s="1" r="B2"><v>0.185</v></c>'
        '<c t="str" r="C2"><v>甲</v></c></row>'
    ),
    "indentation": books.sheet(
        '\n <row r="2" hidden="1">\n  <c r="B2" s="1">\n   <v>0.185</v>\n  </c>\n'
        '  <c r="C2" t="str">\n   <v>甲</v>\n  </c>\n </row>\n'
    ),
    "rich text": books.sheet(
        '<row r="2" hidden="1"><c r="B2" s="1"><v>0.185</v></c><c r="C2" t="inlineStr"><is><r><rPr>'
        '<color rgb="FF0000"/></rPr><t>甲</t></r><rPh sb="0" eb="1"><t>jia</t></rPh></is></c></row>'
    ),
}


@pytest.mark.parametrize("spelling", _ODD_SPELLINGS)
def test_a_sheet_reads_the_same_however_its_xml_is_spelled(tmp_path: Path, spelling: str) -> None:
    path = books.write_xlsx(
        tmp_path / "book", _ODD_SPELLINGS[spelling], style_xml=books.styles(0, "0.0%")
    )
    sheet = read(path).sheets[0]
    assert filled(sheet) == {"B2": "18.5%", "C2": "甲"}
    assert sheet.hidden_rows == {2}


def test_indented_formulas_without_results_are_named_too(tmp_path: Path) -> None:
    xml = books.sheet('<row r="1">\n<c r="A1">\n<f>B1</f>\n</c>\n<c r="B1">\n<v>1</v></c></row>')
    assert read(books.write_xlsx(tmp_path / "book", xml)).sheets[0].uncalculated == {"A1"}


def test_shared_strings_are_found_whatever_their_member_is_called(tmp_path: Path) -> None:
    strings = (
        f'<sst xmlns="{books.MAIN}"><si><t xml:space="preserve"> 甲</t></si><si><r><t>乙</t></r>'
        '<r><t>丙</t></r><rPh sb="0" eb="1"><t>yi</t></rPh></si></sst>'
    )
    xml = books.sheet('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>')
    path = books.write_xlsx(tmp_path / "book", xml, strings=strings)
    assert filled(read(path).sheets[0]) == {"A1": " 甲", "B1": "乙丙"}


def test_a_declared_size_and_styled_empty_cells_cost_nothing(tmp_path: Path) -> None:
    xml = books.sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="5000"><c r="C5000" s="1"/></row>'
        '<row r="1048576"><c r="XFD1048576" s="1"/></row>',
        before='<dimension ref="A1:XFD1048576"/>',
    )
    sheet = read(books.write_xlsx(tmp_path / "book", xml)).sheets[0]
    assert sheet.cells.rows() == [(1, "1")]


def test_a_stray_value_far_away_is_refused_by_its_address(tmp_path: Path) -> None:
    xml = books.sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    refused = refusal(books.write_xlsx(tmp_path / "book", xml))
    assert (refused.reason, refused.facts["cell"]) == ("too_large", "XFD1048576")


def test_the_limit_of_cells_holds_over_all_sheets(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "book") as book:
        for _ in range(3):
            book.add_worksheet().write_string("J10", "x")
    assert refusal(tmp_path / "book", limits=Limits(cells=299)).reason == "too_large"
    assert len(read(tmp_path / "book", limits=Limits(cells=300)).sheets) == 3


def test_a_sheet_wider_than_26_columns_and_longer_than_99999_rows_keeps_addresses(
    tmp_path: Path,
) -> None:
    xml = books.sheet(
        '<row r="3"><c r="AA3"><v>1</v></c></row><row r="100000"><c r="B100000"><v>2</v></c></row>'
    )
    sheet = read(books.write_xlsx(tmp_path / "book", xml)).sheets[0]
    assert filled(sheet) == {"AA3": "1", "B100000": "2"}


def test_disordered_and_repeated_cells_do_not_shift_addresses(tmp_path: Path) -> None:
    xml = books.sheet(
        '<row r="5"><c r="C5"><v>1</v></c><c r="A5"><v>2</v></c></row>'
        '<row r="2"><c r="B2"><v>3</v></c><c r="B2"><v>4</v></c></row>'
    )
    sheet = read(books.write_xlsx(tmp_path / "book", xml)).sheets[0]
    assert filled(sheet) == {"A5": "2", "C5": "1", "B2": "4"}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="x"><c><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_cannot_be_read_for_certain_is_refused(tmp_path: Path, rows: str) -> None:
    assert refusal(books.write_xlsx(tmp_path / "book", books.sheet(rows))).reason == "damaged"


def test_a_sheet_of_which_the_reader_sees_less_than_its_rows_is_refused(tmp_path: Path) -> None:
    xml = books.sheet('</sheetData><sheetData><row r="3"><c r="A3"><v>1</v></c></row>')
    assert refusal(books.write_xlsx(tmp_path / "book", xml)).reason == "damaged"


def test_macros_and_links_to_other_files_are_flagged_and_nothing_is_run(tmp_path: Path) -> None:
    xml = books.sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    plain = read(books.write_xlsx(tmp_path / "plain", xml))
    assert (plain.has_macros, plain.has_external_links) == (False, False)
    extra = {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": "<externalLink/>"}
    document = read(books.write_xlsx(tmp_path / "book", xml, extra=extra))
    assert (document.has_macros, document.has_external_links) == (True, True)
    assert filled(document.sheets[0]) == {"A1": "1"}


def test_a_book_agrees_with_an_independent_reader(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["C3"], sheet["D4"] = "名称", 12.5, dt.date(2020, 9, 30)
    sheet["E9"] = True
    book.save(tmp_path / "book.xlsx")
    ours = filled(read(tmp_path / "book.xlsx").sheets[0])
    other = python_calamine.CalamineWorkbook.from_path(tmp_path / "book.xlsx")
    rows = other.get_sheet_by_index(0).to_python(skip_empty_area=False)
    theirs = {
        cell_address(row, column): value
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values)
        if value != ""
    }
    assert theirs.keys() == ours.keys()
    assert ours == {"B3": "名称", "C3": "12.5", "D4": "2020-09-30", "E9": "TRUE"}


@given(st.integers(1, 1_048_576), st.integers(0, 16_383))
def test_an_address_leads_back_to_its_cell(row: int, column: int) -> None:
    assert split_address(cell_address(row, column)) == (row, column)


@pytest.mark.parametrize(
    ("row", "column", "address"),
    [(7, 1, "B7"), (1, 25, "Z1"), (1, 26, "AA1"), (2, 701, "ZZ2"), (3, 702, "AAA3")],
)
def test_an_address_is_written_as_spreadsheets_do(row: int, column: int, address: str) -> None:
    assert cell_address(row, column) == address


@pytest.mark.parametrize("claim", ['uniqueCount="99999999999"', "count='99999999999'"])
def test_a_book_that_claims_more_texts_than_it_has_is_read_all_the_same(claim, tmp_path):
    path = tmp_path / "claims.xlsx"
    book = xlsxwriter.Workbook(tmp_path / "honest.xlsx")
    book.add_worksheet().write_row(0, 0, ["一", "二"])
    book.close()
    with (
        zipfile.ZipFile(tmp_path / "honest.xlsx") as honest,
        zipfile.ZipFile(path, "w") as claiming,
    ):
        for name in honest.namelist():
            content = honest.read(name).decode()
            if name.endswith("sharedStrings.xml"):
                content = content.replace('count="2"', "").replace('uniqueCount="2"', claim)
            claiming.writestr(name, content)
    [sheet] = read_document(path, file_name=path.name, limits=Limits()).sheets
    assert sheet.cells.row(0)[1:] == ("一", "二")
