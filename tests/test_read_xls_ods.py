"""Reading xls and ods: the same texts, addresses and marks as xlsx."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import python_calamine
import xlrd
import xlwt
from cases.read import books
from cases.read.grids import TRICKY_TEXTS, expected, filled, grids, read, refusal
from hypothesis import HealthCheck, given, settings
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from warehouse.read.refuse import Limits

_REUSED_FOLDER = settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _save(book: xlwt.Workbook, path: Path) -> Path:
    book.save(str(path))
    return path


@_REUSED_FOLDER
@given(rows=grids())
def test_xls_texts_come_back_as_written(tmp_path: Path, rows: list[list[str]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表", cell_overwrite_ok=True)
    for row, texts in enumerate(rows, start=2):
        for column, text in enumerate(texts, start=1):
            sheet.write(row, column, text)
    sheet.write(0, 0, "标题")
    path = _save(book, tmp_path / "book")
    assert filled(read(path).sheets[0]) == {"A1": "标题"} | expected(rows, 3, 1)


@pytest.mark.parametrize(
    ("shown", "value", "text"),
    [
        ("General", 240, "240"),
        ("General", 0.1, "0.1"),
        ("General", 9910000000, "9910000000"),
        ("General", 913205056082348768, "913205056082349000"),
        ("0.0%", 0.185, "18.5%"),
        ("0%", 0.29, "29%"),
        ('0.0"%"', 18.5, "18.5"),
        ("yyyy-mm-dd", dt.date(2020, 9, 30), "2020-09-30"),
        ('yyyy"年"m"月"d"日"', dt.date(2020, 9, 30), "2020-09-30"),
        ("yyyy-mm-dd hh:mm", dt.datetime(2020, 9, 30, 14, 30), "2020-09-30T14:30:00"),
        ("hh:mm", dt.time(14, 30), "14:30:00"),
        ("General", True, "TRUE"),
    ],
)
def test_an_xls_value_reads_as_it_is_shown(
    tmp_path: Path, shown: str, value: object, text: str
) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表").write(6, 1, value, xlwt.easyxf(num_format_str=shown))
    assert filled(read(_save(book, tmp_path / "book")).sheets[0]) == {"B7": text}


def test_xls_marks_are_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 1, 0, 3, "标题")
    sheet.write(4, 1, "x")
    sheet.row(4).hidden = True
    sheet.col(2).hidden = True
    sheet.row(3).set_cell_error(0, 0x17)
    book.add_sheet("选项").visibility = 1
    first, second = read(_save(book, tmp_path / "book")).sheets
    assert (first.hidden_rows, first.hidden_columns) == ({5}, {2})
    assert first.merged == ((1, 0, 2, 3),)
    assert (first.errors, filled(first)) == ({"A4"}, {"A1": "标题", "A4": "#REF!", "B5": "x"})
    assert (first.is_hidden, second.is_hidden) == (False, True)


def test_xls_links_to_other_files_are_flagged(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "x")
    content = _save(book, tmp_path / "plain").read_bytes()
    (tmp_path / "linked").write_bytes(books.link_xls(content))
    assert not read(tmp_path / "plain").has_external_links
    linked = read(tmp_path / "linked")
    assert (linked.has_external_links, filled(linked.sheets[0])) == (True, {"A1": "x"})


def test_an_xls_whose_sectors_are_claimed_twice_is_read_as_other_programs_do(
    tmp_path: Path,
) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表").write(1, 1, "阳新县")
    content = books.overlap_xls(_save(book, tmp_path / "plain").read_bytes())
    with pytest.raises(xlrd.compdoc.CompDocError):
        xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    (tmp_path / "book").write_bytes(content)
    assert filled(read(tmp_path / "book").sheets[0]) == {"B2": "阳新县"}


def test_an_xls_above_the_limit_of_cells_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表").write(99, 9, "x")
    path = _save(book, tmp_path / "book")
    assert refusal(path, limits=Limits(cells=999)).reason == "too_large"
    assert filled(read(path, limits=Limits(cells=1000)).sheets[0]) == {"J100": "x"}


def _table(rows: str, *, columns: str = "", style: str = "") -> str:
    return f'<table:table table:name="表" table:style-name="{style}">{columns}{rows}</table:table>'


def _row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def _text(text: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}>{text}</table:table-cell>'


_REPEATED = "table:number-rows-repeated"


def test_ods_texts_come_back_as_another_library_wrote_them(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="表")
    for text in TRICKY_TEXTS:
        row, cell = TableRow(), TableCell(valuetype="string")
        for line in text.split("\n"):
            cell.addElement(P(text=line))
        row.addElement(TableCell())
        row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "book.ods"))
    texts = [[text] for text in TRICKY_TEXTS]
    assert filled(read(tmp_path / "book.ods").sheets[0]) == expected(texts, 1, 1)
    other = python_calamine.CalamineWorkbook.from_path(tmp_path / "book.ods")
    theirs = [row[0] for row in other.get_sheet_by_index(0).to_python()]
    assert theirs == list(TRICKY_TEXTS)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('office:value-type="float" office:value="240"', "240"),
        ('office:value-type="float" office:value="9.91E+09"', "9910000000"),
        ('office:value-type="float" office:value="913205056082348768"', "913205056082349000"),
        ('office:value-type="currency" office:value="12345678.12"', "12345678.12"),
        ('office:value-type="percentage" office:value="0.185"', "18.5%"),
        ('office:value-type="date" office:date-value="2020-09-30"', "2020-09-30"),
        ('office:value-type="date" office:date-value="2020-09-30T00:00:00"', "2020-09-30"),
        ('office:value-type="date" office:date-value="2020-09-30T14:30:00"', "2020-09-30T14:30:00"),
        ('office:value-type="time" office:time-value="PT14H30M00S"', "14:30:00"),
        ('office:value-type="boolean" office:boolean-value="true"', "TRUE"),
        ('office:value-type="string" office:string-value="00123"', "00123"),
        ('table:formula="of:=1+1" office:value-type="float" office:value="2"', "2"),
    ],
)
def test_an_ods_value_reads_as_it_is_shown(tmp_path: Path, cell: str, text: str) -> None:
    shown = f"<table:table-cell {cell}><text:p>shown otherwise</text:p></table:table-cell>"
    path = books.write_ods(tmp_path / "book", _table(_row(shown)))
    assert filled(read(path).sheets[0]) == {"A1": text}


def test_ods_paragraphs_spaces_and_breaks_are_kept_and_comments_are_not_text(
    tmp_path: Path,
) -> None:
    text = (
        "<office:annotation><text:p>批注</text:p></office:annotation><text:p/><text:p>阳"
        '<text:s text:c="2"/><text:span>新</text:span><text:tab/><text:a>县</text:a></text:p>'
        "<text:p>甲<text:line-break/>乙<text:ruby><text:ruby-base>丙</text:ruby-base>"
        "<text:ruby-text>bing</text:ruby-text></text:ruby></text:p>"
    )
    path = books.write_ods(tmp_path / "book", _table(_row(_text(text))))
    assert filled(read(path).sheets[0]) == {"A1": "\n阳  新\t县\n甲\n乙丙"}


def test_repeated_ods_rows_and_cells_keep_addresses_right(tmp_path: Path) -> None:
    wide = 'table:number-columns-repeated="2"'
    rows = (
        _row("<table:table-cell/>", f'{_REPEATED}="4"')
        + _row(f"<table:table-cell {wide}/>" + _text("<text:p>x</text:p>", wide))
        + _row(_text("<text:p>y</text:p>"), f'{_REPEATED}="2"')
        + _row(
            '<table:table-cell table:number-columns-repeated="16384"/>', f'{_REPEATED}="1048569"'
        )
    )
    path = books.write_ods(tmp_path / "book", _table(rows))
    assert filled(read(path).sheets[0]) == {"C5": "x", "D5": "x", "A6": "y", "A7": "y"}


@pytest.mark.parametrize(
    ("row_repeat", "column_repeat"), [(1_048_576, 16_384), (1, 99_999_999_999), (10**10, 1)]
)
def test_a_value_repeated_without_end_is_refused_before_it_is_unfolded(
    tmp_path: Path, row_repeat: int, column_repeat: int
) -> None:
    cell = _text("<text:p>x</text:p>", f'table:number-columns-repeated="{column_repeat}"')
    path = books.write_ods(tmp_path / "book", _table(_row(cell, f'{_REPEATED}="{row_repeat}"')))
    assert refusal(path).reason == "too_large"


def test_ods_marks_are_read(tmp_path: Path) -> None:
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
    )
    merged = 'table:number-columns-spanned="3" table:number-rows-spanned="2"'
    rows = (
        _row(_text("<text:p>标题</text:p>", merged))
        + _row(_text("<text:p>a</text:p>"), f'table:visibility="collapse" {_REPEATED}="2"')
        + _row(
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
            'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
            '<table:table-cell table:formula="of:=A1" office:value-type="float" office:value="0">'
            "<text:p>Err:502</text:p></table:table-cell>"
            '<table:table-cell table:formula="of:=A1"/>'
            '<table:table-cell table:formula="of:=A1" office:value-type="string"/>',
            'table:visibility="filter"',
        )
        + _row("<table:table-cell/>", f'table:visibility="collapse" {_REPEATED}="1048570"')
    )
    hidden = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    tables = _table(rows, columns=columns) + _table(_row(_text("<text:p>b</text:p>")), style="ta2")
    path = books.write_ods(tmp_path / "book", tables, automatic_styles=hidden)
    first, second = read(path).sheets
    assert (first.hidden_rows, first.hidden_columns) == ({2, 3, 4}, {2})
    assert first.merged == ((1, 0, 2, 2),)
    assert (first.errors, first.uncalculated) == ({"A4", "B4"}, {"C4"})
    assert filled(first)["B4"] == "Err:502"
    assert (first.is_hidden, second.is_hidden) == (False, True)


def test_ods_macros_links_and_passwords_are_recognised(tmp_path: Path) -> None:
    table = _table(_row(_text("<text:p>x</text:p>")))
    plain = read(books.write_ods(tmp_path / "a", table))
    assert (plain.has_macros, plain.has_external_links) == (False, False)
    cached = (
        "<table:table table:name=\"'file:///other.ods'#$S\"><table:table-source "
        f'xlink:href="other.ods"/>{_row(_text("<text:p>cached</text:p>"))}</table:table>'
    )
    linked = read(
        books.write_ods(tmp_path / "b", table + cached, **{"Basic/Standard/m.xml": "<x/>"})
    )
    assert (linked.has_macros, linked.has_external_links) == (True, True)
    assert [filled(sheet) for sheet in linked.sheets] == [{"A1": "x"}]
    manifest = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
    assert refusal(books.write_ods(tmp_path / "c", table, **manifest)).reason == "encrypted"


def test_text_of_deleted_ods_cells_is_not_read(tmp_path: Path) -> None:
    tracked = (
        "<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-"
        "table-cell><text:p>old</text:p></table:change-track-table-cell></table:previous>"
        f"<table:table-row>{_text('<text:p>gone</text:p>')}</table:table-row>"
        "</table:cell-content-change></table:tracked-changes>"
    )
    path = books.write_ods(tmp_path / "book", tracked + _table(_row(_text("<text:p>x</text:p>"))))
    assert [filled(sheet) for sheet in read(path).sheets] == [{"A1": "x"}]
