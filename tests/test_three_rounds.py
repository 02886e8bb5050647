"""One form in three rounds: returned, half mended with an explanation, accepted.

At each step the ledger, the returned workbook, the steward's page and the published marts say the
same.
"""

import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import xlsxwriter
from night_root import HEADINGS, lay, settings_of, write_form

from warehouse.identifiers.synthetic import make_uscc
from warehouse.ledger.chain import verify_chain
from warehouse.night import run_night
from warehouse.read.returned_list import LIST_SHEET
from warehouse.settings import CITY_TIME

SUMMER = datetime(2020, 7, 20, 2, tzinfo=CITY_TIME)
FIRST = datetime(2020, 10, 12, 2, tzinfo=CITY_TIME)
SECOND, THIRD = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
WINTER = datetime(2021, 1, 12, 2, tzinfo=CITY_TIME)
REASON = "复审后废止四项，已逐项核对。"
UNIT = "420222"


class Round:
    """What everybody can see after one night."""

    def __init__(self, home: Path, period: str = "2020Q3") -> None:
        self.home = home
        settings = settings_of(home)
        with duckdb.connect(str(settings.database), read_only=True) as ledger:
            assert verify_chain(ledger) == []
            self.number, self.ancestor = ledger.execute(
                "select submission_id, ancestor_id from ledger.submission "
                f"where period = '{period}' order by submission_id desc limit 1"
            ).fetchone()
            [(self.action,)] = ledger.execute(
                "select action from ledger.decision where submission_id = ? "
                "order by sequence desc limit 1",
                [self.number],
            ).fetchall()
            self.findings = ledger.execute(
                "select rule_id, cell, explanation from ledger.finding where submission_id = ? "
                "order by finding_number",
                [self.number],
            ).fetchall()
            self.explanations = ledger.execute(
                "select rule_id, author, explanation, valid_until::varchar from ledger.explanation"
            ).fetchall()
            self.delivered = [
                settings.outbox / path
                for (path,) in ledger.execute(
                    "select path from ledger.delivery where submission_id = ?", [self.number]
                ).fetchall()
            ]
        with duckdb.connect(str(settings.pointer), read_only=True) as mart:
            [(self.state, self.counted)] = mart.execute(
                "select state, submission_id from mart.coverage where dataset = 'standards' "
                f"and reporter_code = '{UNIT}' and period = '{period}'"
            ).fetchall()
            self.standards = [
                count
                for (count,) in mart.execute(
                    "select standard_count from mart.standards where standard_level = '全部' "
                    f"and role = '全部' and reporting_unit_code = '{UNIT}' and period = '{period}'"
                ).fetchall()
            ]
        self.page = (settings.site / "submissions" / f"{self.number}.html").read_text("utf-8")

    @property
    def rules(self) -> dict[str, str | None]:
        return {rule: explanation for rule, _, explanation in self.findings}


def play(home: Path, at: datetime) -> Round:
    run_night(settings_of(home), at)
    return Round(home)


def write_workbook(path: Path, rows: list[list[str]]) -> None:
    """A clerk's own workbook: a title, the lines that identify it, a heading, rows, a footer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("标准")
    title = book.add_format({"bold": True, "font_size": 16})
    sheet.write_string(0, 0, "标准制修订情况表", title)
    sheet.write_row(1, 0, ["填报单位：阳新县", "报告期：2020年三季度"])
    sheet.write_row(2, 0, HEADINGS.split(","))
    for number, row in enumerate(rows, start=3):
        sheet.write_row(number, 0, row)
    sheet.write_row(len(rows) + 4, 0, ["填表人：张三丰", "联系电话：0714-6543210"])
    sheet.set_column(0, 7, 19)
    book.close()


def make_rows(count: int) -> list[list[str]]:
    rows = []
    for n in range(count):
        who = [f"示例企业{n % 7}号", make_uscc("420200", 1 + n % 7), "阳新县", ""]
        rows.append([*who, f"GB/T {1000 + n}-2019", f"示例标准{n}", "国家标准", "执行"])
    return rows


def send(path: Path, name: str, home: Path, at: datetime) -> Path:
    """The clerk puts a file into the folder, an hour before the night."""
    target = home / "inbox" / UNIT / name
    target.write_bytes(path.read_bytes())
    os.utime(target, (at.timestamp() - 3600,) * 2)
    return target


def find_row(sheet: Any, rule: str) -> int:
    """The row of the list that is about a rule."""
    return next(row[0].row for row in sheet.iter_rows() if any(cell.value == rule for cell in row))


def find_column(sheet: Any, name: str) -> int:
    return next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == name)


@pytest.fixture(scope="module")
def rounds(tmp_path_factory) -> dict[str, Round]:
    home = tmp_path_factory.mktemp("rounds")
    lay(home, f"{UNIT}/二季度.csv", write_form(UNIT, "2020年二季度", range(12)), SUMMER)
    run_night(settings_of(home), SUMMER)

    rows = make_rows(8)
    rows[2][6] = "企业标准"
    rows[5][1] = rows[5][1][:-1] + ("A" if rows[5][1][-1] != "A" else "B")
    book = tmp_path_factory.mktemp("desk") / "三季度.xlsx"
    write_workbook(book, rows)
    send(book, "三季度.xlsx", home, FIRST)
    played = {"first": play(home, FIRST)}

    [returned] = played["first"].delivered
    copy = book.with_name(returned.name)
    workbook = openpyxl.load_workbook(returned)
    workbook["标准"]["G6"] = "国家标准"
    listed = workbook[LIST_SHEET]
    place = find_row(listed, "stock_falls"), find_column(listed, "explanation")
    listed.cell(*place).value = REASON
    workbook.save(copy)
    send(copy, copy.name, home, SECOND)
    played["second"] = play(home, SECOND)

    [returned] = played["second"].delivered
    workbook = openpyxl.load_workbook(returned)
    workbook["标准"]["B9"] = make_uscc("420200", 6)
    copy = book.with_name(returned.name)
    workbook.save(copy)
    send(copy, copy.name, home, THIRD)
    played["third"] = play(home, THIRD)
    return played


def test_the_first_round_is_returned_with_every_fault_marked_in_the_clerks_own_workbook(rounds):
    first = rounds["first"]
    assert (first.action, first.state, first.standards) == ("reject", "rejected", [])
    assert set(first.rules) == {"level_contradicts_number", "check_digit", "stock_falls"}
    [returned] = first.delivered
    assert returned.parent.name == UNIT
    sheet = openpyxl.load_workbook(returned)["标准"]
    for rule, cell, _ in first.findings:
        if cell:
            assert sheet[cell].comment, rule
            assert sheet[cell].fill.fgColor.rgb not in {None, "00000000"}
    assert sheet["A1"].font.sz == 16
    assert sheet.column_dimensions["A"].width == pytest.approx(19.7, abs=1)


def test_the_second_round_says_what_is_fixed_and_what_is_left(rounds):
    first, second = rounds["first"], rounds["second"]
    assert (second.action, second.state, second.standards) == ("reject", "rejected", [])
    assert second.ancestor == first.number
    assert second.rules == {"check_digit": None, "stock_falls": REASON}
    assert ("stock_falls", UNIT, REASON, None) in second.explanations
    assert re.search(r"已改[^0-9]{0,40}1", second.page)
    [returned] = second.delivered
    texts = read_texts(returned, LIST_SHEET)
    assert any(re.search(r"已改\D{0,4}1", text) for text in texts)
    assert REASON in " ".join(texts)
    sheet = openpyxl.load_workbook(returned)["标准"]
    assert sheet["B9"].comment
    assert sheet["G6"].comment is None


def test_the_third_round_is_accepted_without_explaining_again(rounds):
    second, third = rounds["second"], rounds["third"]
    assert (third.action, third.state, third.standards) == ("accept", "accepted", [8])
    assert third.ancestor == second.number
    assert third.counted == third.number
    assert third.rules == {"stock_falls": REASON}
    assert third.delivered == []
    assert REASON in third.page


def test_no_page_and_no_table_knows_who_filled_the_form_in(rounds):
    home = rounds["third"].home
    settings = settings_of(home)
    for path in [*settings.site.rglob("*.html"), *settings.site.rglob("*.json")]:
        text = path.read_text("utf-8")
        assert "张三丰" not in text, path
        assert "6543210" not in text, path
    for name in (settings.database, settings.pointer):
        with duckdb.connect(str(name), read_only=True) as connection:
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall():
                rows = connection.execute(f"from {schema}.{table}").fetchall()
                assert "张三丰" not in json.dumps(rows, ensure_ascii=False, default=str), table


def read_texts(path: Path, sheet: str) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [str(c.value) for row in book[sheet].iter_rows() for c in row if c.value is not None]
