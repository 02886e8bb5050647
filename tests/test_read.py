"""Reading a received file: told by its contents, within limits, or refused by name."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest
import xlsxwriter
import xlwt
from cases.read import books
from cases.read.grids import filled, read, refusal

from warehouse import intake
from warehouse.contracts.load import load_expectations
from warehouse.intake import Incoming
from warehouse.read.refuse import Limits, Reason, Refused
from warehouse.wording import word_finding

EXPECTATIONS = load_expectations()

_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
_XLSX_NAMES = ("[Content_Types].xml", "xl/workbook.xml")


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_file_is_told_by_its_contents_and_not_by_its_name(tmp_path: Path) -> None:
    xlsx = books.write_xlsx(tmp_path / "a", books.sheet(_ROW))
    xls = xlwt.Workbook()
    xls.add_sheet("表").write(0, 0, 1)
    xls.save(str(tmp_path / "b"))
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    table = f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'
    ods = books.write_ods(tmp_path / "c", table)
    text = _write(tmp_path / "d", b"1,")
    for path, kind in ((xlsx, "xlsx"), (tmp_path / "b", "xls"), (ods, "ods"), (text, "csv")):
        document = read(path, "报表.pdf")
        assert (document.kind, filled(document.sheets[0])) == (kind, {"A1": "1"})


def _office(folder: str) -> bytes:
    return _zip({"[Content_Types].xml": books.CONTENT_TYPES, f"{folder}/document.xml": "<x/>"})


def _zip(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for name, content in members.items():
            container.writestr(name, content)
    return buffer.getvalue()


_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
_REFUSED = {
    "an empty file": (b"", "empty_file"),
    "white space": (b"\xef\xbb\xbf \r\n\t\n", "empty_file"),
    "a picture": (_PNG, "not_a_table"),
    "a PDF": (b"%PDF-1.7\n", "unsupported_format"),
    "a web page called xls": (b"\n<html><table><tr><td>1", "unsupported_format"),
    "an XML workbook of 2003": (b'<?xml version="1.0"?><Workbook/>', "unsupported_format"),
    "a mail archive": (b"MIME-Version: 1.0\r\n", "unsupported_format"),
    "a rar archive": (b"Rar!\x1a\x07\x01\x00", "unsupported_format"),
    "a gzip archive": (b"\x1f\x8b\x08\x00", "unsupported_format"),
    "a zip of tables": (_zip({"a.csv": "1,2"}), "unsupported_format"),
    "an empty zip": (_zip({}), "unsupported_format"),
    "a binary xlsb": (
        _zip({"[Content_Types].xml": books.CONTENT_TYPES, "xl/workbook.bin": ""}),
        "unsupported_format",
    ),
    "a Word document": (_office("word"), "not_a_table"),
    "a slide show": (_office("ppt"), "not_a_table"),
    "an OpenDocument text": (
        _zip({"mimetype": "application/vnd.oasis.opendocument.text"}),
        "not_a_table",
    ),
    "an old Word document": (books.pack_ole("WordDocument", b"x"), "not_a_table"),
    "an OLE2 file of something else": (books.pack_ole("Whatever", b"x"), "not_a_table"),
    "an xls with a password": (books.encrypted_biff(), "encrypted"),
    "an xlsx with a password": (books.pack_ole("EncryptedPackage", b"x"), "encrypted"),
    "an xls of noise": (books.pack_ole("Workbook", bytes(range(256)) * 16), "damaged"),
    "half an OLE2 file": (books.pack_ole("Workbook", b"x")[:700], "damaged"),
    "half a zip": (_zip(dict.fromkeys(_XLSX_NAMES, "<x/>"))[:60], "damaged"),
    "a zip without the workbook it declares": (
        _zip({"[Content_Types].xml": books.CONTENT_TYPES}),
        "damaged",
    ),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_what_is_no_readable_table_is_refused_by_name(tmp_path: Path, name: str) -> None:
    content, reason = _REFUSED[name]
    assert refusal(_write(tmp_path / "file", content), "报表.xlsx").reason == reason


def test_an_et_file_is_read_where_it_is_an_xls_inside_and_refused_by_name_where_not(
    tmp_path: Path,
) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表").write(1, 1, "甲")
    book.save(str(tmp_path / "readable"))
    assert filled(read(tmp_path / "readable", "报表.et").sheets[0]) == {"B2": "甲"}
    for stream in ("Workbook", "ETWorkbook"):
        path = _write(tmp_path / "file", books.pack_ole(stream, b"\x01\x02\x03"))
        assert refusal(path, "报表.ET").reason == "et_format"
    path = _write(tmp_path / "file", books.pack_ole("EncryptedPackage", b"x"))
    assert refusal(path, "报表.et").reason == "encrypted"


def test_a_zip_bomb_is_refused_by_its_declared_size_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = books.write_xlsx(
        tmp_path / "bomb", books.sheet(_ROW), extra={"xl/media/a.bin": bytes(500_000_000)}
    )
    assert path.stat().st_size < 600_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    refused = refusal(path, limits=Limits(unpacked_bytes=400_000_000))
    assert refused.reason == "too_large"
    assert int(refused.facts["unpacked_bytes"]) > 500_000_000


def _understate(content: bytes, name: bytes, size: int) -> bytes:
    """Let the zip directory and the member's own header declare `size` for a member."""
    changed = bytearray(content)
    for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = changed.find(mark)
        while at >= 0:
            if changed[at + name_at :].startswith(name):
                struct.pack_into("<I", changed, at + size_at, size)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def test_a_member_that_unpacks_to_more_than_it_declares_is_refused(tmp_path: Path) -> None:
    spaces = " " * 50_000_000
    path = books.write_xlsx(tmp_path / "lie", books.sheet(_ROW) + spaces)
    _write(path, _understate(path.read_bytes(), b"xl/worksheets/sheet1.xml", 1000))
    refused = refusal(path)
    assert (refused.reason, refused.facts["part"]) == ("damaged", "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/texts.xml"]
)
@pytest.mark.parametrize(
    "encode",
    [lambda text: text.encode(), lambda text: text.encode("utf-16")],
    ids=["utf8", "utf16"],
)
def test_a_document_type_is_refused_in_every_member(tmp_path: Path, member: str, encode) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = books.write_xlsx(
        tmp_path / "book",
        books.sheet(_ROW),
        style_xml=books.styles(0),
        strings=f'<sst xmlns="{books.MAIN}"/>',
    )
    with zipfile.ZipFile(path) as container:
        members = {name: container.read(name) for name in container.namelist()}
    members[member] = encode(bomb + members[member].decode())
    assert refusal(books.write_zip(path, members)).reason == "damaged"


@pytest.mark.parametrize("encoding", ["utf-16", "cp037", "utf-7"])
def test_a_member_in_an_encoding_no_office_program_writes_is_refused(
    tmp_path: Path, encoding: str
) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>' + books.sheet(_ROW)
    path = books.write_xlsx(tmp_path / "book", xml.encode("utf-8"))
    assert refusal(path).facts["found"] == "encoding"


def test_a_container_that_lists_a_member_twice_is_refused(tmp_path: Path) -> None:
    path = books.write_xlsx(tmp_path / "book", books.sheet(_ROW))
    with zipfile.ZipFile(path, "a") as container:
        container.writestr("XL\\Workbook.xml", "<workbook/>")
    assert refusal(path).facts["found"] == "listed twice"


def test_a_file_above_the_size_limit_is_not_opened(tmp_path: Path) -> None:
    path = _write(tmp_path / "file", b"a,b\n" * 100)
    assert refusal(path, limits=Limits(file_bytes=399)).reason == "too_large"
    assert read(path, limits=Limits(file_bytes=400)).kind == "csv"


def test_a_workbook_without_worksheets_has_no_sheets(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "book") as book:
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=图!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
    assert read(tmp_path / "book").sheets == ()


def test_a_damaged_file_is_refused_or_read_but_never_a_crash(tmp_path: Path) -> None:
    chance = random.Random(20201027)
    with xlsxwriter.Workbook(tmp_path / "xlsx") as book:
        share = book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet("表")
        sheet.merge_range("A1:C1", "标题")
        sheet.write_row("A2", ["企业", 0.185, True], share)
        sheet.write_formula("D2", "=1/0", None, "#DIV/0!")
    xls = xlwt.Workbook()
    xls.add_sheet("表").write_merge(0, 1, 0, 2, "标题")
    xls.save(str(tmp_path / "xls"))
    (tmp_path / "csv").write_bytes('"企业",1\r\n"两\n行",2\r\n'.encode("gb18030"))
    for _ in range(400):
        content = bytearray((tmp_path / chance.choice(["xlsx", "xls", "csv"])).read_bytes())
        for _ in range(chance.choice([1, 3, 20])):
            at = chance.randrange(len(content))
            content[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(1, 4))
        path = _write(tmp_path / "damaged", bytes(content))
        try:
            read(path, limits=Limits(cells=1_000_000))
        except Refused as refused:
            assert refused.reason in get_args(Reason)


def test_a_sheet_damaged_inside_its_container_is_refused_or_read(tmp_path: Path) -> None:
    chance = random.Random(420200)
    sheet = books.sheet(
        '<row r="1" hidden="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1" s="1">'
        '<f>1+1</f><v>0.185</v></c></row><row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>',
        before='<cols><col min="1" max="2" hidden="1"/></cols>',
        after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    ).encode()
    pieces = [b"<", b">", b'"', b"'", b"&", b"\0", b"\xff", b"<!--", b"<c>", b'r="A0"', b"9" * 9]
    for _ in range(300):
        damaged = bytearray(sheet)
        for _ in range(chance.choice([1, 2, 5])):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randrange(4)] = chance.choice(pieces)
        path = books.write_xlsx(
            tmp_path / "book", bytes(damaged), style_xml=books.styles(0, "0.0%")
        )
        try:
            read(path, limits=Limits(cells=1_000_000))
        except Refused as refused:
            assert refused.reason in get_args(Reason)


def test_a_refusal_says_what_is_wrong_and_what_to_do_in_both_languages(tmp_path, monkeypatch):
    path = _write(tmp_path / "form", b"a,b")
    for reason in get_args(Reason):

        def refuse(*_, reason: Reason = reason, **__):
            raise Refused(reason, line=7)

        monkeypatch.setattr(intake, "read_document", refuse)
        incoming = Incoming(1, path, "0" * 64, 3, "inbox", "420222", "form.csv", datetime.now(UTC))
        taken = intake.take_in(incoming, EXPECTATIONS, date(2020, 10, 22))
        [finding] = taken.staged.form.findings
        rule = EXPECTATIONS.codes.common_rules[finding.rule_id]
        assert finding.rule_id == f"refused_{reason}"
        for language in ("zh", "en"):
            wording = word_finding(EXPECTATIONS, None, asdict(finding), language)
            assert "line 7" in wording.sentence
            assert wording.remedy == rule.remedy.of(language).replace(
                "{expected}", finding.expected or ""
            )
