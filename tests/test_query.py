"""Asking the published file: what is answered, what is refused, and how answers are written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from warehouse.export import ExportError, encode_result, write_result
from warehouse.export.table import render_table
from warehouse.query import (
    FileUnreadable,
    NothingPublished,
    QueryError,
    QueryFailed,
    QueryLimits,
    QueryRefused,
    QueryTooBig,
    QueryTooSlow,
    run_query,
)

UNITS = ["黄石港区", "西塞山区", "下陆区", "阳新县", "大冶市", "开发区·铁山区"]


def publish(folder: Path, release: int, standards: int = 1213) -> Path:
    """A released file as the night leaves it, and the pointer to it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"mart-{release:06d}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema mart")
        connection.execute(
            "create table mart.standards as select '2020Q3' as period, "
            "unnest($1::varchar[]) as reporting_unit, $2::bigint as standard_count, "
            "timestamptz '2020-10-27 02:00:00+08' as published_at",
            [UNITS, standards],
        )
        connection.execute("comment on column mart.standards.standard_count is '标准项数'")
    path.chmod(0o444)
    pointer = folder / "mart.duckdb"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(path.name)
    return pointer


@pytest.fixture(scope="module")
def pointer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("published"), 1)


def ask(pointer: Path, sql: str, **limits: object) -> list[tuple]:
    return run_query(pointer, sql, limits=QueryLimits(**limits)).frame.rows()


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


@pytest.mark.parametrize(
    "table", ["standards", "mart.standards", "biaogan.mart.standards", '"standards"']
)
def test_a_mart_is_found_with_and_without_its_schema(pointer: Path, table: str) -> None:
    assert ask(pointer, f"select max(standard_count) from {table}") == [(1213,)]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select 1", 1),
        ("select 1 ;; -- that is all", 1),
        ("/* first */ with unit as (select 1 as i) select * from unit", 1),
        ("from standards", 6),
        ("table standards", 6),
        ("values (1), (2)", 2),
        ("(select 1) union all (select 2)", 2),
        ("describe standards", 4),
        ("desc standards", 4),
        ("show tables", 1),
        ("show all tables", 1),
        ("summarize standards", 4),
        ("explain select * from standards", 1),
        ("explain (analyze, format json) select * from standards", 1),
        ("pivot standards on reporting_unit using max(standard_count)", 1),
        ("from (pivot standards on reporting_unit using max(standard_count))", 1),
        ("unpivot standards on standard_count", 6),
        ("select\u3000period\u3000from\u3000standards", 6),
        ("select ';' as semicolon", 1),
        ("select 1 as i, 2 as i, 3 as I", 1),
        ("select * from standards where false", 0),
    ],
)
def test_every_way_of_reading_is_answered(pointer: Path, sql: str, rows: int) -> None:
    assert run_query(pointer, sql).frame.height == rows


def test_the_comments_of_a_mart_can_be_read(pointer: Path) -> None:
    sql = "select comment from duckdb_columns() where column_name = 'standard_count'"
    assert ask(pointer, sql) == [("标准项数",)]


def test_types_no_spreadsheet_knows_come_back_as_text(pointer: Path) -> None:
    sql = """
        select [1, 2] as l, {'a': 1} as s, map {'k': 1} as m, interval 1 month as i,
            'x'::blob as b, '101'::bit as t, 'a'::enum ('a', 'b') as e, 1::variant as v,
            uuid '00000000-0000-0000-0000-000000000001' as u, '{"a":1}'::json as j, 5::uhugeint as h
    """
    (row,) = ask(pointer, sql)
    assert all(isinstance(value, str) for value in row)
    assert row[:4] == ("[1, 2]", "{'a': 1}", "{k=1}", "1 month")


def test_sums_of_counts_stay_exact_numbers(pointer: Path) -> None:
    assert ask(pointer, "select sum(9007199254740993::bigint)") == [(Decimal(9007199254740993),)]


def test_times_are_those_of_the_city(pointer: Path) -> None:
    ((at,),) = ask(pointer, "select max(published_at) from standards")
    assert at.isoformat() == "2020-10-27T02:00:00+08:00"


REFUSED = [
    "attach 'other.duckdb'",
    "copy standards to 'out.csv'",
    "copy (select 1) to 'out.parquet'",
    "pragma version",
    "PRAGMA database_list",
    "set memory_limit = '100GB'",
    "reset memory_limit",
    "install httpfs",
    "load httpfs",
    "create table mine (i int)",
    "create temp table mine (i int)",
    "create type mood as enum ('a')",
    "insert into standards values (1)",
    "update standards set standard_count = 0",
    "delete from standards",
    "truncate standards",
    "drop table standards",
    "alter table standards drop column period",
    "comment on table standards is 'x'",
    "merge into standards using standards as other on true when matched then delete",
    "call enable_logging()",
    "export database 'folder'",
    "import database 'folder'",
    "checkpoint",
    "vacuum",
    "begin",
    "use memory",
    "detach biaogan",
    "prepare question as select 1",
    "execute question",
    "select 1; select 2",
    "select 1; drop table standards",
    "create type mood as enum ('a'); select 1",
    "explain copy standards to 'out.csv'",
    "explain analyze copy standards to 'out.csv'",
    "explain (analyze, format json) copy standards to 'out.csv'",
    "explain analyze create temp table mine (i int)",
    "explain\u3000analyze\u3000copy\u3000standards to 'out.csv'",
    "explain\u200banalyze\u200bcopy standards to 'out.csv'",
    "explain analyze set memory_limit = '100GB'",
    "explain",
    "from enable_logging(storage = 'file', storage_path = 'logs')",
    "select * from \"enable_logging\" ('QueryLog')",
    "select * from system.main.enable_logging\u3000('QueryLog')",
    "from enable_profiling(save_location = 'profile.json')",
    "from query('from enable_logging()')",
    "from json_execute_serialized_sql(json_serialize_sql('select 1'))",
    "from force_checkpoint()",
    "from arrow_scan(1, 2, 3)",
    "",
    "  ;  ",
    "-- nothing",
    "select '\ud800'",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_whatever_does_more_than_read_is_refused_in_one_sentence(pointer: Path, sql: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        run_query(pointer, sql)
    assert refusal.value.text.zh != refusal.value.text.en
    assert "\n" not in str(refusal.value)


NOISE = st.lists(
    st.sampled_from([" ", "\n", "\t", "\x0b", "\x0c", "\xa0", "\u3000", "\u200b", "\ufeff",
                     "/* ; */", "/* /* select */ */", "-- select\n"]),
    min_size=1,
).map("".join)  # fmt: skip


@given(begun=st.sampled_from(["copy", "explain copy", "EXPLAIN analyze Copy"]), noise=NOISE)
def test_no_blank_or_comment_hides_what_a_statement_does(
    pointer: Path, begun: str, noise: str
) -> None:
    before = fingerprint(pointer.parent)
    text = f"{noise}{begun} standards to".replace(" ", noise)
    with pytest.raises(QueryError):
        run_query(pointer, f"{text} '{pointer.resolve()}.wal'")
    assert fingerprint(pointer.parent) == before


def test_a_refusal_names_what_was_refused(pointer: Path) -> None:
    with pytest.raises(QueryRefused, match=r"不允许 COPY.*COPY is not allowed"):
        run_query(pointer, "explain analyze copy standards to 'out.csv'")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{file}')",
        "select * from read_blob('{file}')",
        "select * from read_csv('{file}')",
        "select * from read_json('{file}')",
        "select * from read_parquet('{file}')",
        "select * from read_duckdb('{file}')",
        "select * from '{file}'",
        "select * from sniff_csv('{file}')",
        "select * from parquet_metadata('{file}')",
        "select * from glob('{folder}/*')",
        "select * from read_text('https://127.0.0.1:9/x')",
        "select * from read_parquet('s3://bucket/x')",
        "select getenv('HOME')",
        "select * from sqlite_scan('{file}', 't')",
        "select * from secrets_in_this_program",
    ],
)
def test_no_file_no_network_no_environment_and_no_program_variable_is_reached(
    pointer: Path, tmp_path: Path, sql: str
) -> None:
    secrets_in_this_program = pl.DataFrame({"secret": [1]})  # noqa: F841
    secret = tmp_path / "secret.csv"
    secret.write_text("name,value\npassword,42\n")
    with pytest.raises(QueryError) as refusal:
        run_query(pointer, sql.format(file=secret, folder=tmp_path))
    assert "42" not in str(refusal.value)


@pytest.mark.parametrize("target", ["{release}", "{release}.wal", "{folder}/other.csv"])
@pytest.mark.parametrize(
    "sql",
    [
        "copy standards to '{0}'",
        "explain analyze copy standards to '{0}'",
        "explain analyze copy standards to '{0}' (format csv, use_tmp_file false)",
    ],
)
def test_the_published_file_and_its_folder_stay_as_they_are(
    tmp_path: Path, sql: str, target: str
) -> None:
    pointer = publish(tmp_path / "published", 1)
    before = fingerprint(pointer.parent)
    place = target.format(release=pointer.resolve(), folder=pointer.parent)
    with pytest.raises(QueryError):
        run_query(pointer, sql.format(place))
    assert fingerprint(pointer.parent) == before


def test_no_setting_can_be_changed_once_the_file_is_open(pointer: Path) -> None:
    from warehouse.query import open_published

    with open_published(pointer.resolve()) as connection:
        for change in ("enable_external_access = true", "memory_limit = '100GB'"):
            with pytest.raises(duckdb.InvalidInputException):
                connection.execute(f"set {change}")
        for work in ("insert into standards select * from standards", "install httpfs"):
            with pytest.raises(duckdb.Error):
                connection.execute(work)


TEN_BILLION = "range(100000) as one, range(100000) as other"


@pytest.mark.parametrize(
    "sql",
    [
        f"select count(*) from {TEN_BILLION} where one.range + other.range = 3",
        f"select one.range from {TEN_BILLION} where one.range + other.range < -1",
        "with recursive up as (select 1 as i union all select i + 1 from up) select max(i) from up",
    ],
)
def test_a_query_that_takes_too_long_is_stopped(pointer: Path, sql: str) -> None:
    with pytest.raises(QueryTooSlow, match=r"超过 0.5 秒.*longer than 0.5 s"):
        run_query(pointer, sql, limits=QueryLimits(seconds=0.5))


@pytest.mark.parametrize(
    "sql",
    [
        f"select distinct one.range * 100000 + other.range from {TEN_BILLION}",
        f"select * from {TEN_BILLION} order by one.range + other.range desc",
        f"select list(one.range) from {TEN_BILLION}",
    ],
)
def test_a_query_that_needs_too_much_memory_is_stopped(
    pointer: Path, sql: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    limits = QueryLimits(seconds=120, rows=20_000_000_000, memory="100MB")
    with pytest.raises(QueryTooBig, match=r"超过 100MB.*more memory than 100MB"):
        run_query(pointer, sql, limits=limits)
    assert not list(tmp_path.iterdir()), "nothing may be written to disk instead"


def test_a_long_answer_is_cut_at_the_row_limit_and_says_so(pointer: Path) -> None:
    result = run_query(pointer, "select * from range(10000000000)", limits=QueryLimits(rows=5))
    assert result.frame.height == 5
    assert result.notice is not None
    assert "前 5 行" in result.notice.zh
    assert "first 5 rows" in result.notice.en


def test_an_answer_exactly_as_long_as_the_limit_is_not_called_cut(pointer: Path) -> None:
    result = run_query(pointer, "from standards", limits=QueryLimits(rows=6))
    assert (result.frame.height, result.notice) == (6, None)


@pytest.mark.parametrize(
    ("sql", "where", "what"),
    [
        ("select * frm x", "第 1 行第 14 字", 'near "x"'),
        ("selec 1", "第 1 行第 1 字", 'near "selec"'),
        ("select\n '甲乙', nope from standards", "第 2 行第 8 字", "nope"),
        ("from nosuch", "第 1 行第 6 字", "nosuch"),
        ("select '甲', foo(1)", "line 1, column 13", "foo"),
        ("select 'a'::int", "line 1, column 11", "INT32"),
        ("select 'abc", "line 1, column 8", "unterminated"),
        ("select period, count(*) from standards", "line 1, column 8", "GROUP BY"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(
    pointer: Path, sql: str, where: str, what: str
) -> None:
    with pytest.raises(QueryFailed) as failure:
        run_query(pointer, sql)
    assert where in str(failure.value)
    assert what in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_date_no_calendar_has_is_a_sentence_and_no_crash(pointer: Path) -> None:
    with pytest.raises(QueryFailed, match="9999"):
        run_query(pointer, "select date 'infinity' as day")
    assert ask(pointer, "select (date 'infinity')::varchar") == [("infinity",)]


def test_before_the_first_night_the_reader_is_told_to_run_one(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished, match="biaogan nightly"):
        run_query(tmp_path / "mart.duckdb", "select 1")


def test_a_pointer_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    pointer = publish(tmp_path, 7)
    pointer.resolve().unlink()
    with pytest.raises(NothingPublished, match=r"mart-000007\.duckdb"):
        run_query(pointer, "select 1")


@pytest.mark.parametrize("damage", ["not a database", "half of it", "empty"])
def test_a_damaged_file_is_a_sentence_that_leads_to_the_doctor(tmp_path: Path, damage: str) -> None:
    pointer = publish(tmp_path, 1)
    path = pointer.resolve()
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(
        {"not a database": b"x" * 9000, "half of it": content[: len(content) // 2], "empty": b""}[
            damage
        ]
    )
    with pytest.raises(FileUnreadable, match="biaogan doctor"):
        run_query(pointer, "from standards")


def test_a_reader_keeps_its_release_while_the_next_is_published(tmp_path: Path) -> None:
    pointer = publish(tmp_path, 1, standards=1000)
    from warehouse.query import open_published, resolve_release

    with open_published(resolve_release(pointer)) as reader:
        publish(tmp_path, 2, standards=1213)
        (tmp_path / "mart-000001.duckdb").unlink()
        assert reader.sql("select max(standard_count) from standards").fetchall() == [(1000,)]
        assert ask(pointer, "select max(standard_count) from standards") == [(1213,)]


def test_two_readers_with_different_limits_do_not_disturb_each_other(pointer: Path) -> None:
    answers: list[list[tuple]] = []

    def read(memory: str) -> None:
        answers.append(ask(pointer, "select count(*) from standards", memory=memory))

    readers = [threading.Thread(target=read, args=(f"{size}MB",)) for size in range(100, 106)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert answers == [[(6,)]] * 6


FRAME = pl.DataFrame(
    {
        "单位": ["黄石港区", "=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(1)", "\tx", "\rx", "＝1+1"],
        "number": [-1, 2, 3, 4, 5, 6, 7, None],
        "yuan": [Decimal(text) for text in ("-5.40", "0", "1.50", "1e10", "7", "8", "9", "10")],
        "text_number": ["-5", "-28.5%", "+3", "5", "", None, "x", "-"],
        "day": [date(2020, 9, 30)] * 7 + [None],
    },
    schema_overrides={"yuan": pl.Decimal(28, 6)},
)
FORMULAS = FRAME["单位"].to_list()[1:]


def read_csv(frame: pl.DataFrame) -> list[list[str]]:
    content = encode_result(frame, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_byte_order_mark_and_no_formula() -> None:
    heading, *rows = read_csv(FRAME)
    assert heading == FRAME.columns
    assert [row[0] for row in rows] == ["黄石港区", *(f"'{text}" for text in FORMULAS)]


def test_negative_numbers_stay_numbers_in_csv() -> None:
    _, *rows = read_csv(FRAME)
    assert [row[1] for row in rows] == ["-1", "2", "3", "4", "5", "6", "7", ""]
    assert [row[2] for row in rows] == ["-5.4", "0", "1.5", "10000000000", "7", "8", "9", "10"]
    assert [row[3] for row in rows] == ["-5", "-28.5%", "+3", "5", "", "", "x", "'-"]


def test_a_heading_that_is_a_formula_is_disarmed_too() -> None:
    assert read_csv(pl.DataFrame({"=1+1": [1]}))[0] == ["'=1+1"]


def test_null_and_empty_text_stay_apart_in_csv() -> None:
    assert encode_result(pl.DataFrame({"a": ["", None]}), "csv")[3:] == b'a\r\n""\r\n\r\n'


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_no_text_ever_begins_a_csv_cell_like_a_formula(text: str) -> None:
    (_, (cell,)) = read_csv(pl.DataFrame({"a": [f"x{text}", text]})[1:])
    assert cell.lstrip("'").startswith(text.lstrip("'")[:1])
    if cell[0] in "=+-@\t\r":
        float(cell.rstrip("%"))


def test_xlsx_holds_numbers_as_numbers_dates_as_dates_and_text_as_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(encode_result(FRAME, "xlsx", notes=["=SQL"])))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == FRAME.columns
    assert [sheet.cell(2, column).data_type for column in range(1, 6)] == ["s", "n", "n", "s", "d"]
    assert sheet["B2"].value == -1
    assert sheet["C2"].value == -5.4
    assert sheet["D2"].value == "-5"
    assert sheet["E2"].value == datetime(2020, 9, 30)
    assert sheet["B9"].value is None
    for line, text in enumerate(FORMULAS, start=3):
        cell = sheet.cell(line, 1)
        assert cell.data_type == "s"
        assert cell.quotePrefix, text
    assert book.worksheets[1]["A1"].data_type == "s"


def test_xlsx_keeps_long_codes_and_old_days_as_text() -> None:
    frame = pl.DataFrame(
        {
            "code": [914202817000000798],
            "exact": [Decimal("12345678901234567.89")],
            "old": [date(1897, 1, 1)],
            "nan": [float("nan")],
            "at": [datetime(2020, 10, 27, 2, tzinfo=UTC)],
            "clock": [time(2, 30)],
            "is_it": [True],
        }
    )
    content = encode_result(frame, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[2]] == [
        "914202817000000798", "12345678901234567.89", "1897-01-01", "nan",
        datetime(2020, 10, 27, 2), time(2, 30), True,
    ]  # fmt: skip


def test_a_text_no_cell_can_hold_is_refused_and_not_cut() -> None:
    with pytest.raises(ExportError, match="32,767"):
        encode_result(pl.DataFrame({"a": ["x" * 32_768]}), "xlsx")


def test_json_has_exact_numbers_iso_dates_and_plain_chinese() -> None:
    frame = pl.DataFrame(
        {
            "单位": ['甲"乙'],
            "yuan": [Decimal("123456789012345678.10")],
            "day": [date(2020, 9, 30)],
            "at": [datetime(2020, 10, 27, 2, tzinfo=UTC)],
            "none": [None],
            "inf": [float("inf")],
        }
    )
    content = encode_result(frame, "json").decode()
    assert "甲" in content
    (row,) = json.loads(content, parse_float=Decimal, parse_constant=pytest.fail)
    assert row == {
        "单位": '甲"乙',
        "yuan": Decimal("123456789012345678.1"),
        "day": "2020-09-30",
        "at": "2020-10-27T02:00:00+00:00",
        "none": None,
        "inf": "inf",
    }
    assert json.loads(encode_result(frame[:0], "json")) == []


def test_parquet_comes_back_as_it_was() -> None:
    assert pl.read_parquet(io.BytesIO(encode_result(FRAME, "parquet"))).equals(FRAME)


def test_a_table_lines_up_where_chinese_takes_two_places() -> None:
    frame = pl.DataFrame({"统计单元": UNITS, "n": [1, 22, 333, 4, 5, 6]})
    heading, _, *lines = render_table(frame).splitlines()
    ends = {cell_len(line) for line in (heading, *lines)}
    assert len(ends) == 1


def test_a_narrow_screen_folds_a_table_and_loses_nothing() -> None:
    text = "质量与知识产权资金情况" * 4
    shown = render_table(pl.DataFrame({"a": [text], "b": [text]}), width=40)
    assert max(cell_len(line) for line in shown.splitlines()) <= 40
    assert sum(shown.count(char) for char in "质") == 8


def test_a_value_cannot_steer_the_terminal_or_style_the_table() -> None:
    frame = pl.DataFrame({"[red]a": ["\x1b[31mred\x07", "[bold]b[/bold]", None]})
    shown = render_table(frame)
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]b[/bold]" in shown
    assert "[red]a" in shown
    assert "NULL" in shown


def test_a_query_plan_is_shown_as_it_is(pointer: Path) -> None:
    plan = run_query(pointer, "explain select * from standards").frame
    assert render_table(plan).strip() == plan["explain_value"][0].strip()


def test_a_file_is_replaced_whole_or_stays(tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"
    write_result(FRAME, "csv", target)
    before = target.read_bytes()
    with pytest.raises(ExportError):
        write_result(pl.DataFrame({"a": ["x" * 32_768]}), "xlsx", target)
    with pytest.raises(ExportError, match="answer"):
        write_result(FRAME, "csv", tmp_path / "nowhere" / "answer.csv")
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["answer.csv"]


def test_standard_output_gets_the_same_bytes_as_a_file(tmp_path: Path) -> None:
    program = (
        "import polars as pl, sys; from warehouse.export import write_result; "
        "write_result(pl.DataFrame({'单位': ['黄石港区']}), sys.argv[1])"
    )
    for form in ("table", "csv", "json"):
        shown = subprocess.run(
            [sys.executable, "-c", program, form],
            capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        ).stdout  # fmt: skip
        assert shown == encode_result(pl.DataFrame({"单位": ["黄石港区"]}), form)


def test_asking_loads_neither_the_gate_nor_the_flows(pointer: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from warehouse.query import run_query; "
        "import warehouse.export, warehouse.doctor, warehouse.dictionary; "
        "run_query(Path(sys.argv[1]), 'from standards'); "
        "print([name for name in ('great_expectations', 'pandas', 'prefect') "
        "if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program, str(pointer)], capture_output=True, check=True, text=True
    ).stdout
    assert shown.strip() == "[]"


@pytest.fixture(scope="module")
def with_macros(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released file with table macros, one of which refuses."""
    pointer = publish(tmp_path_factory.mktemp("macros"), 1)
    path = pointer.resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create macro mart.standards_of(unit) as table "
            "select standard_count from mart.standards where reporting_unit = unit"
        )
        connection.execute(
            "create macro mart.sum_of(series) as table select case when count(*) > 0 then error("
            "series || ' 不可相加：A/B 两处。 / ' || series || ' may not be added: 1 / 2.') end "
            "as total from mart.standards"
        )
    return pointer


@pytest.mark.parametrize(
    "sql",
    [
        "from standards_of('阳新县')",
        "select standard_count from mart.standards_of('阳新县')",
        "select standard_count from biaogan.mart.standards_of(unit := '阳新县')",
        "select sum(standard_count) from (from standards_of('阳新县'))",
    ],
)
def test_a_table_macro_is_found_with_and_without_its_schema(with_macros: Path, sql: str) -> None:
    assert ask(with_macros, sql) == [(1213,)]


def test_what_a_macro_refuses_comes_out_as_its_own_sentence(with_macros: Path) -> None:
    with pytest.raises(QueryFailed) as refused:
        ask(with_macros, "from sum_of('标准')")
    assert refused.value.of("zh") == "标准 不可相加：A/B 两处。"
    assert refused.value.of("en") == "标准 may not be added: 1 / 2."


@pytest.mark.parametrize("text", ["no / sentence", "没有第二种语言"])
def test_an_error_that_is_no_sentence_of_both_languages_is_told_as_duckdb_does(
    pointer: Path, text: str
) -> None:
    with pytest.raises(QueryFailed) as refused:
        ask(pointer, f"select error('{text}')")
    assert refused.value.of("en") == f"The statement cannot be run: Invalid Input Error: {text}"
