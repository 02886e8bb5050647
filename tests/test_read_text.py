"""Reading text tables: encodings, delimiters, quotes, ragged rows and line numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from cases.read.grids import expected, filled, grids, read, refusal
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from warehouse.read.refuse import Limits

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
_HEAD = ["统一社会信用代码", "标准编号", "产品名称", "金额", "说明"]


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _cells(path: Path) -> dict[str, str]:
    return filled(read(path).sheets[0])


def _spell(rows: list[list[str]], delimiter: str, line_end: str, quoting: int) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(
        rows
    )
    return buffer.getvalue()


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=grids(),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(",\t;"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_texts_come_back_as_written_at_the_same_lines(
    tmp_path: Path,
    rows: list[list[str]],
    encoding: str,
    delimiter: str,
    line_end: str,
    quoting: int,
) -> None:
    # The standard library's writer leaves a lone carriage return unquoted.
    assume(quoting == csv.QUOTE_ALL or not any("\r" in text for row in rows for text in row))
    rows = [_HEAD] * 9 + rows
    texts: dict[str, str] = {}
    line = 1
    for row in rows:
        texts |= expected([row], line)
        record = io.StringIO(_spell([row], delimiter, "\n", quoting), newline="")
        line += len(record.readlines())
    content = _spell(rows, delimiter, line_end, quoting).encode(encoding)
    document = read(_write(tmp_path / "file", content))
    assert document.encoding == encoding
    assert filled(document.sheets[0]) == texts


@pytest.mark.parametrize("encoding", [*ENCODINGS, "utf-16-be-bom"])
def test_rare_characters_come_through_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "单位：万元,〇·—㎡䶮𠮷\n年份,２０２０\n"
    if encoding == "utf-16-be-bom":
        content, encoding = b"\xfe\xff" + text.encode("utf-16-be"), "utf-16"
    else:
        content = text.encode(encoding)
    document = read(_write(tmp_path / "file", content))
    assert document.encoding == encoding
    assert filled(document.sheets[0])["B1"] == "〇·—㎡䶮𠮷"


def test_a_long_gb18030_file_is_decoded_across_its_slices(tmp_path: Path) -> None:
    rows = "".join(f"阳新县示例企业{number},𠮷䶮\n" for number in range(300_000))
    sheet = read(_write(tmp_path / "file", rows.encode("gb18030"))).sheets[0]
    assert sheet.cells.height == 300_000
    assert sheet.cells.row(-1) == (300_000, "阳新县示例企业299999", "𠮷䶮")
    assert sheet.cells["c1"].unique().to_list() == ["𠮷䶮"]


@pytest.mark.parametrize(
    ("content", "reason", "offset"),
    [
        ("阳新县,1\n".encode() * 20 + b"\xff\xff,2\n", "damaged", 240),
        ("阳新县,1\n".encode("gb18030") * 20 + b"\xff\xff,2\n", "damaged", 180),
        (b"\xef\xbb\xbf" + "县,1\n".encode() + b"\xe5\x8e", "damaged", 6),
        ("县,1\n".encode("gb18030") * 2_000_000 + b"\xb0", "damaged", 10_000_000),
        (b"a,b\n\x00,1\n", "not_a_table", 4),
        ("a,b\n\x00".encode("utf-16"), "not_a_table", 4),
        (b"\xff\xfea", "damaged", 2),
    ],
)
def test_text_that_is_damaged_is_refused_with_its_offset(
    tmp_path: Path, content: bytes, reason: str, offset: int
) -> None:
    refused = refusal(_write(tmp_path / "file", content))
    assert (refused.reason, refused.facts["offset"]) == (reason, offset)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_that_parts_the_lines_evenly(
    tmp_path: Path, delimiter: str
) -> None:
    record = ["甲,乙", "丙", "丁;戊"]
    title = "标题; 甲, 乙\n填报单位：市场监管局\n"
    text = title + _spell([record] * 3, delimiter, "\n", csv.QUOTE_MINIMAL)
    cells = _cells(_write(tmp_path / "file", text.encode()))
    assert [cells["A5"], cells["B5"], cells["C5"]] == record


def test_rows_may_differ_in_length_and_none_is_cut(tmp_path: Path) -> None:
    text = "标题\n\n甲,乙,丙\n1\n1,2,3,4,5,6\n,,\n 末 \n"
    cells = _cells(_write(tmp_path / "file", text.encode()))
    assert cells == (
        {"A1": "标题", "A3": "甲", "B3": "乙", "C3": "丙", "A4": "1", "A7": " 末 "}
        | {f"{column}5": number for column, number in zip("ABCDEF", "123456", strict=True)}
    )


def test_a_row_that_is_longer_far_below_the_first_lines_is_not_cut(tmp_path: Path) -> None:
    text = "a,b,c\n" * 30_000 + "a,b,c,d,e\n" + '"a","b"\n' * 3
    sheet = read(_write(tmp_path / "file", text.encode())).sheets[0]
    assert sheet.cells.columns == ["source_row", "c0", "c1", "c2", "c3", "c4"]
    assert sheet.cells.row(30_000) == (30_001, "a", "b", "c", "d", "e")


def test_columns_left_empty_in_every_row_are_dropped_only_at_the_end(tmp_path: Path) -> None:
    sheet = read(_write(tmp_path / "file", b",,a,,\n,,b,,\n")).sheets[0]
    assert sheet.cells.rows() == [(1, None, None, "a"), (2, None, None, "b")]


def test_a_record_with_line_breaks_has_the_number_of_its_first_line(tmp_path: Path) -> None:
    text = '甲,乙\r\n"两\r\n行",1\r\n\r\n"三\n\n行",2\r\n末,3'
    assert _cells(_write(tmp_path / "file", text.encode())) == {
        "A1": "甲",
        "B1": "乙",
        "A2": "两\r\n行",
        "B2": "1",
        "A5": "三\n\n行",
        "B5": "2",
        "A8": "末",
        "B8": "3",
    }


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('"a ""b""",c\n', {"A1": 'a "b"', "B1": "c"}),
        ('"",c\n', {"B1": "c"}),
        ('5" 管,c\n', {"A1": '5" 管', "B1": "c"}),
        ('a "b, c" d,e\n', {"A1": 'a "b', "B1": ' c" d', "C1": "e"}),
        ('"a,b",c\n"d",e\n', {"A1": "a,b", "B1": "c", "A2": "d", "B2": "e"}),
        ("a,b\rc,d\r", {"A1": "a", "B1": "b", "A2": "c", "B2": "d"}),
        ("a,b", {"A1": "a", "B1": "b"}),
        ("零报告\n", {"A1": "零报告"}),
    ],
)
def test_quotes_and_line_ends_are_read_as_spreadsheets_write_them(
    tmp_path: Path, text: str, cells: dict[str, str]
) -> None:
    assert _cells(_write(tmp_path / "file", text.encode())) == cells


@pytest.mark.parametrize(
    ("text", "line"),
    [('a,b\n"c,d\ne,f\n', 2), ('a,b\nc,d\n"鄂A"牌产品,1\n', 3), ('a,b\n"' + "x\n" * 99_999, 2)],
)
def test_a_quote_that_is_not_closed_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    refused = refusal(_write(tmp_path / "file", text.encode()))
    assert (refused.reason, refused.facts["line"]) == ("damaged", line)


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(rows=3), "a,b\n" * 3),
        (Limits(cells=8), "a,b,c\n" * 3),
        (Limits(cells=8), 'a,"b\n",c\n' * 3),
        (Limits(cells=1000), "a\n" * 100 + "," * 20 + "\n"),
    ],
)
def test_a_text_table_above_a_limit_is_refused(tmp_path: Path, limits: Limits, text: str) -> None:
    assert refusal(_write(tmp_path / "file", text.encode()), limits=limits).reason == "too_large"
