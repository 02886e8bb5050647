"""Deciding: which decisions are allowed, what each appends, and what it changes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import night_root
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night_root import AUTUMN, SUMMER, WINTER, lay, settings_of, write_form
from warehouse_rows import expectations, sql

import warehouse.decide.ledger
from biaogan import decide as commands
from biaogan.messages import choose_language
from warehouse.build.views import Cut, open_views, set_cut
from warehouse.decide.answers import append_explanation
from warehouse.decide.decision import append_decision
from warehouse.decide.difference import compare_submission
from warehouse.decide.exemption import append_exemption
from warehouse.decide.failure import DecisionRefused, FormLost, NotUnderstood
from warehouse.decide.ledger import Ledger
from warehouse.decide.record import (
    grant_exemption,
    record_decision,
    record_explanation,
    show_difference,
)
from warehouse.ledger.chain import Chain, find_cut, verify_chain
from warehouse.ledger.lease import LeaseHeld, hold_lease
from warehouse.ledger.load import Clock
from warehouse.night import run_night
from warehouse.settings import CITY_TIME

BY, REASON = "王科长", "已电话核实"
TODAY, WEEK = WINTER + timedelta(days=1), timedelta(days=7)
HELD, REJECTED = "420281/三季度.csv", "420204/三季度.csv"
ACCEPTED, HUNDRED = "420222/三季度.csv", "420222/四季度.csv"
EARLIER, REVISED = "420222/二季度.csv", "420222/二季度更正.csv"
FEWER, STILL_FEWER = "420203/少报.csv", "420203/四季度.csv"
LAST_DAY, APRIL = date(2021, 1, 31), datetime(2021, 4, 20, 2, tzinfo=CITY_TIME)
FIGURES, WIDE = "scjg/指标.csv", "420202/四季度.csv"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root after three nights.

    In autumn a register is held as it falls, another as it changes a locked period, and one figure
    is withheld as it falls; in winter a hundred rows come of which one cannot be read. One reporter
    sends fewer rows each time, and a steward says in autumn why that is right until January.
    """
    home = tmp_path_factory.mktemp("played") / "home"
    figures = night_root.INDICATORS.replace(",12", ",77")
    lay(home, "scjg/二季度指标.csv", figures.replace("三", "二").replace("77", "100"), SUMMER)
    night_root.lay_spring(home)
    night_root.lay_summer(home)
    lay(home, "420203/二季度.csv", write_form("420203", "2020年二季度", range(20)))
    run_night(settings_of(home), SUMMER)
    night_root.lay_autumn(home)
    lay(home, FEWER, write_form("420203", "2020年三季度", range(12)), AUTUMN)
    lay(home, "scjg/指标.csv", figures, AUTUMN)
    run_night(settings_of(home), AUTUMN)
    record_explanation(
        settings_of(home), find(home, FEWER), "stock_falls", "标准废止", BY,
        until=LAST_DAY, at=AUTUMN + timedelta(hours=9),
    )  # fmt: skip
    lay(home, STILL_FEWER, write_form("420203", "2020年四季度", range(7)), WINTER)
    hundred = write_form("420222", "2020年四季度", range(100, 200))
    lay(home, "420222/四季度.csv", hundred.replace("GB/T 1100-2019", "不知道"), WINTER)
    wide = write_form("420202", "2020年四季度", range(3)).replace("GB/T 1000", "ＧＢ/Ｔ 1000")
    lay(home, "420202/四季度.csv", wide, WINTER)
    run_night(settings_of(home), WINTER)
    return home


@pytest.fixture
def home(played: Path, tmp_path: Path) -> Path:
    return night_root.copy_root(played, tmp_path / "home")


@pytest.fixture(scope="module")
def opened(played: Path) -> Iterator[Ledger]:
    """The ledger of that root, opened once: views take a while to be made."""
    with duckdb.connect(str(settings_of(played).database)) as connection:
        connection.execute(f"set TimeZone = '{CITY_TIME.key}'")
        cut = Cut(find_cut(connection), TODAY, 0)
        open_views(connection, expectations(), cut, sql("core"))
        yield Ledger(connection, expectations(), Clock(TODAY, is_replayed=True))


@pytest.fixture
def ledger(opened: Ledger) -> Iterator[Ledger]:
    """The opened ledger; whatever is appended is undone."""
    with undone(opened):
        yield opened


@contextmanager
def undone(opened: Ledger) -> Iterator[None]:
    opened.connection.execute("begin")
    try:
        yield
    finally:
        opened.connection.execute("rollback")
        set_cut(opened.connection, Cut(find_cut(opened.connection), TODAY, 0))


def ask(source: Path | Ledger, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of a query on a warehouse file or an opened ledger."""
    if isinstance(source, Ledger):
        return source.connection.execute(query, list(values)).fetchall()
    with duckdb.connect(str(settings_of(source).database), read_only=True) as connection:
        connection.execute(f"set TimeZone = '{CITY_TIME.key}'")
        return connection.execute(query, list(values)).fetchall()


def find(source: Path | Ledger, name: str) -> int:
    """The submission of a file, `<reporter>/<file>`."""
    folder, _, file_name = name.partition("/")
    [(number,)] = ask(
        source,
        "select submission_id from ledger.submission where folder = ? and file_name = ?",
        folder,
        file_name,
    )
    return int(number)


def count_rows(source: Path | Ledger) -> dict[str, int]:
    tables = ("submission", "finding", "decision", "explanation", "exemption")
    return {table: ask(source, f"select count(*) from ledger.{table}")[0][0] for table in tables}


def grown(source: Path | Ledger, before: dict[str, int]) -> dict[str, int]:
    """How many rows each table of the ledger has gained."""
    after = count_rows(source)
    return {name: after[name] - count for name, count in before.items() if after[name] != count}


def last(source: Path | Ledger, table: str, columns: str) -> tuple[Any, ...]:
    """The last entry of a table of the ledger."""
    query = f"select {columns} from ledger.{table} order by sequence desc limit 1"
    return ask(source, query)[0]


def published(home: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings_of(home).pointer.resolve()), read_only=True) as reader:
        return reader.execute(query).fetchall()


def count_standards(home: Path, period: str, unit: str) -> int | None:
    """The published number of standards; None where there is no row."""
    rows = published(
        home,
        f"select standard_count from mart.standards where period = '{period}' and "
        f"reporting_unit_code = '{unit}' and standard_level = '全部' and role = '全部'",
    )
    return rows[0][0] if rows else None


def read_core(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    tables = ask(home, "select table_name from duckdb_tables() where schema_name = 'core'")
    return {name: ask(home, f"from core.{name}") for (name,) in tables}


def problems(home: Path) -> list[str]:
    with duckdb.connect(str(settings_of(home).database), read_only=True) as connection:
        connection.execute(f"set TimeZone = '{CITY_TIME.key}'")
        return verify_chain(connection)


def test_a_rejected_file_is_read_again_and_its_cells_have_addresses(ledger, played):
    archive = settings_of(played).archive
    difference = compare_submission(
        ledger.connection, expectations(), find(ledger, REJECTED), archive
    )
    assert difference.against_period == "2020Q2"
    assert {cell.column for cell in difference.changed} == {"standard_level"}
    assert [cell.address for cell in difference.changed] == ["G4", "G5", "G6", "G7", "G8"]
    assert difference.totals[0].shown == ("5", "5", "0")


def test_a_cell_that_cannot_be_typed_is_shown_as_it_stands(ledger, played):
    difference = compare_submission(
        ledger.connection, expectations(), find(ledger, HUNDRED), settings_of(played).archive
    )
    assert "不知道" in difference.added[0].key
    assert (len(difference.added), len(difference.removed)) == (100, 12)


def test_a_file_without_a_row_is_not_compared(ledger, played):
    difference = compare_submission(
        ledger.connection,
        expectations(),
        find(ledger, "420203/旧表.et"),
        settings_of(played).archive,
    )
    assert not difference.is_readable
    assert (difference.totals, difference.count) == ((), 0)


def test_where_the_archive_lost_a_file_only_what_is_in_core_is_compared(ledger, played, tmp_path):
    for archive, address in ((settings_of(played).archive, "B14"), (tmp_path, "14"), (None, "14")):
        difference = compare_submission(
            ledger.connection, expectations(), find(ledger, REVISED), archive
        )
        assert [row.address for row in difference.added] == [address]
    rejected = find(ledger, REJECTED)
    for archive in (tmp_path, None):
        with pytest.raises(FormLost, match=f"submission {rejected}"):
            compare_submission(ledger.connection, expectations(), rejected, archive)


def test_what_is_accepted_counts_from_the_next_build_and_not_one_value_changes(home):
    root, core, before = settings_of(home), read_core(home), count_rows(home)
    figure = (
        "select value from mart.series where indicator_code = 'std_total_count' "
        "and basis = 'reported' and period = '2020Q3'"
    )
    began = datetime.now(UTC)
    held, figures = find(home, HELD), find(home, FIGURES)
    decided = record_decision(root, held, "accept", BY, REASON)
    assert (decided.counting, decided.answered) == (held, 2)
    assert grown(home, before) == {"decision": 1, "explanation": 2}
    *said, at = last(home, "decision", "submission_id, action, decided_by, reason, night_at")
    assert said == [held, "accept", BY, REASON]
    assert began <= at <= datetime.now(UTC)
    assert last(home, "decision", "is_replayed") == (False,)

    decided = record_decision(root, figures, "accept", BY, REASON)
    assert (decided.counting, decided.answered) == (figures, 1)
    assert grown(home, before) == {"decision": 2, "explanation": 3}
    explained = "submission_id, rule_id, column_name, explanation, author, valid_until"
    assert last(home, "explanation", explained) == (
        figures, "indicator_falls", "value", REASON, BY, None,
    )  # fmt: skip

    assert (count_standards(home, "2020Q3", "420281"), published(home, figure)) == (None, [])
    run_night(root, TODAY)
    assert (count_standards(home, "2020Q3", "420281"), published(home, figure)) == (4, [(77,)])
    assert read_core(home) == core
    assert problems(home) == []


def test_withdrawing_retires_all_that_came_of_a_file_and_the_one_before_counts_again(home):
    root = settings_of(home)
    revised, earlier, only = (find(home, name) for name in (REVISED, EARLIER, ACCEPTED))
    findings = ask(home, "from ledger.finding order by all")
    coverage = (
        "select state, submission_id from mart.coverage where dataset = 'standards' "
        "and reporter_code = '420222' and period in ('2020Q2', '2020Q3') order by period"
    )
    series = (
        "select count(*) from mart.series where basis = 'counted' and period = '2020Q3' "
        "and reporting_unit_code = '420222'"
    )
    assert record_decision(root, revised, "accept", BY, REASON).counting == revised
    run_night(root, TODAY)
    assert count_standards(home, "2020Q2", "420222") == 11
    assert published(home, coverage) == [("accepted", revised), ("accepted", only)]
    assert published(home, series) != [(0,)]

    assert record_decision(root, revised, "withdraw", BY, "报错").counting == earlier
    assert record_decision(root, only, "withdraw", BY, "报错").counting is None
    run_night(root, TODAY + timedelta(days=1))
    assert count_standards(home, "2020Q2", "420222") == 10
    assert count_standards(home, "2020Q3", "420222") is None
    assert published(home, coverage) == [("accepted", earlier), ("withdrawn", only)]
    assert published(home, series) == [(0,)]
    # What was held against the withdrawn form stays as it was judged.
    assert ask(home, "from ledger.finding order by all") == findings


def test_nobody_may_wave_through_what_must_be_mended(ledger):
    number, before = find(ledger, REJECTED), count_rows(ledger)
    with pytest.raises(DecisionRefused) as refused:
        append_decision(ledger, number, "accept", BY, REASON)
    assert "5 must_fix: G4, G5, G6 …" in refused.value.of("en")
    assert "5 处必须改正：G4、G5、G6 等" in refused.value.of("zh")
    append_decision(ledger, number, "withdraw", BY, REASON)
    with pytest.raises(DecisionRefused, match="5 must_fix"):
        append_decision(ledger, number, "accept", BY, REASON)
    assert grown(ledger, before) == {"decision": 1}
    with pytest.raises(DecisionRefused, match="1 must_fix: refused_et_format"):
        append_decision(ledger, find(ledger, "420203/旧表.et"), "accept", BY, REASON)


def test_a_returned_form_counts_no_more_until_it_is_accepted_again(ledger):
    revised, earlier = find(ledger, REVISED), find(ledger, EARLIER)
    for number, action, counting in (
        (revised, "return", earlier),
        (revised, "accept", revised),
        (revised, "withdraw", earlier),
        (revised, "accept", revised),
        (earlier, "return", revised),
        (revised, "return", None),
        (earlier, "accept", earlier),
    ):
        assert append_decision(ledger, number, action, BY, REASON).counting == counting


@pytest.mark.parametrize(
    ("name", "first", "then", "words"),
    [
        (ACCEPTED, None, "accept", ("was accepted already by the gate at 2020-10-22 02:00",)),
        (HELD, "accept", "accept", ("was accepted already by 王科长", REASON)),
        (HELD, "return", "return", ("was returned already by 王科长",)),
        (HELD, "withdraw", "withdraw", ("was withdrawn already by 王科长",)),
        (HELD, "withdraw", "return", ("was withdrawn by 王科长", "nothing to return")),
        (REJECTED, None, "return", ("was rejected by the gate", "nothing to return")),
    ],
)
def test_what_was_decided_before_is_refused_with_who_did_it_and_when(
    name, first, then, words, ledger
):
    number = find(ledger, name)
    if first:
        append_decision(ledger, number, first, BY, REASON)
    before = count_rows(ledger)
    with pytest.raises(DecisionRefused) as refused:
        append_decision(ledger, number, then, "李", REASON)
    for word in words:
        assert word in refused.value.of("en")
    assert str(number) in refused.value.of("zh")
    assert count_rows(ledger) == before


@pytest.mark.parametrize("number", [0, -1, 999, 10**40])
def test_an_unknown_submission_is_refused_and_the_newest_is_named(number, ledger):
    [(newest,)] = ask(ledger, "select max(submission_id) from ledger.submission")
    for act in (
        lambda: append_decision(ledger, number, "withdraw", BY, REASON),
        lambda: append_explanation(ledger, number, "stock_falls", REASON, BY),
        lambda: compare_submission(ledger.connection, expectations(), number),
    ):
        with pytest.raises(DecisionRefused, match=f"submission {number}; the newest is {newest}"):
            act()


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        ("", REASON),
        (" \t\n", REASON),
        ("\udcff\udcfe", REASON),
        ("Gate", REASON),
        (BY, ""),
        (BY, " \u3000 "),
    ],
)
def test_a_decision_needs_a_name_and_a_reason(by, reason, ledger):
    before, held = count_rows(ledger), find(ledger, HELD)
    form = ("standards", "420222", "2020Q4")
    for act in (
        lambda: append_decision(ledger, held, "withdraw", by, reason),
        lambda: append_explanation(ledger, held, "stock_falls", reason, by),
        lambda: append_exemption(ledger, "excuse", *form, by, reason),
    ):
        with pytest.raises(NotUnderstood):
            act()
    assert count_rows(ledger) == before


def test_a_reason_is_kept_in_one_line_without_what_steers_a_screen(ledger):
    number, reason = find(ledger, HELD), "误报\x1b[2J\n见 / 函 — x"
    append_decision(ledger, number, "withdraw", " 王\u202e科长 ", reason)
    assert last(ledger, "decision", "decided_by, reason") == ("王 科长", "误报 [2J 见 / 函 — x")
    with pytest.raises(DecisionRefused) as refused:
        append_decision(ledger, number, "withdraw", BY, REASON)
    assert refused.value.of("en").startswith("Submission")
    assert "见 / 函" in refused.value.of("zh")


def test_a_decision_on_a_simulated_clock_is_flagged_so(home):
    at = WINTER + timedelta(hours=8)
    record_decision(settings_of(home), find(home, HELD), "accept", BY, REASON, at)
    for table in ("decision", "explanation"):
        night_at, is_replayed, recorded_at = last(home, table, "night_at, is_replayed, recorded_at")
        assert (night_at, is_replayed) == (at, True)
        assert recorded_at > at + timedelta(days=365)


def test_a_decision_that_fails_half_way_leaves_nothing(home, monkeypatch):
    before = count_rows(home)
    append = Chain.append

    def fail_at_decision(chain: Chain, table: str, rows: Any) -> None:
        append(chain, table, rows)
        if table == "decision":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Chain, "append", fail_at_decision)
    with pytest.raises(OSError, match="No space left"):
        record_decision(settings_of(home), find(home, HELD), "accept", BY, REASON)
    assert count_rows(home) == before
    assert not settings_of(home).lease.exists()


def test_nothing_is_decided_before_the_first_night(tmp_path):
    with pytest.raises(DecisionRefused, match="run biaogan nightly first"):
        record_decision(settings_of(tmp_path), 1, "accept", BY, REASON)
    with pytest.raises(DecisionRefused, match="run biaogan nightly first"):
        show_difference(settings_of(tmp_path), 1)


def test_a_warehouse_of_an_earlier_version_is_named_so_and_mended_by_a_decision(home):
    number = find(home, HELD)
    with duckdb.connect(str(settings_of(home).database)) as connection:
        connection.execute("drop table ledger.exemption; drop table ledger.explanation")
    with pytest.raises(DecisionRefused, match="earlier version"):
        show_difference(settings_of(home), number)
    record_decision(settings_of(home), number, "accept", BY, REASON)
    assert show_difference(settings_of(home), number).submission_id == number


def look_at(ledger: Ledger, cut: int) -> list[Any]:
    """What was known at a cut: decisions in force, what counts, what is explained."""
    set_cut(ledger.connection, Cut(cut, TODAY, 0))
    return [
        ask(ledger, f"from {view} order by all")
        for view in ("core_verdict", "core_included_submission", "core_finding", "core_coverage")
    ]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "return", "withdraw", "stock_falls", "indicator_falls"]),
        st.integers(1, 20),
    ),
    min_size=1,
    max_size=5,
)


@given(acts=ACTS)
@settings(max_examples=12)
def test_whatever_is_decided_no_value_changes_and_what_was_known_before_stays(opened, acts):
    kept = ["core.standards", "core.indicators", "ledger.finding", "ledger.submission"]
    with undone(opened):
        values = {table: ask(opened, f"from {table}") for table in kept}
        by_steward = "select count(*) from ledger.decision where decided_by <> 'gate'"
        [(before,)] = ask(opened, by_steward)
        cuts = [find_cut(opened.connection)]
        known = {cuts[0]: look_at(opened, cuts[0])}
        decided = 0
        for act, number in acts:
            set_cut(opened.connection, Cut(cuts[-1], TODAY, 0))
            try:
                if act in {"accept", "return", "withdraw"}:
                    append_decision(opened, number, act, BY, REASON)
                    decided += 1
                else:
                    decided += append_explanation(opened, number, act, REASON, BY).is_accepted
            except DecisionRefused:
                assert find_cut(opened.connection) == cuts[-1]
                continue
            cuts.append(find_cut(opened.connection))
            known[cuts[-1]] = look_at(opened, cuts[-1])
        assert verify_chain(opened.connection) == []
        assert {table: ask(opened, f"from {table}") for table in kept} == values
        assert {cut: look_at(opened, cut) for cut in known} == known
        assert ask(opened, by_steward) == [(before + decided,)]


def test_the_last_question_answered_accepts_a_held_submission(ledger):
    number, before = find(ledger, HELD), count_rows(ledger)
    rows = f"select column_name, author from ledger.explanation where submission_id = {number}"
    done = append_explanation(ledger, number, "stock_falls", REASON, BY, column="标准编号")
    assert (done.answered, done.left, done.is_accepted, done.counting) == (1, 1, False, None)
    assert grown(ledger, before) == {"explanation": 1}
    # What another has explained already keeps its words.
    done = append_explanation(ledger, number, "stock_falls", "企业注销", "李")
    assert (done.answered, done.left, done.is_accepted, done.counting) == (1, 0, True, number)
    assert done.times == before["explanation"] + 2
    assert grown(ledger, before) == {"explanation": 2, "decision": 1}
    assert last(ledger, "decision", "action, decided_by, reason") == ("accept", "李", "企业注销")
    assert ask(ledger, f"{rows} order by sequence") == [
        ("standard_no", BY),
        ("uscc", "李"),
    ]
    # Where nothing is open any more, all of the rule is explained anew.
    done = append_explanation(ledger, number, "stock_falls", "复审", "赵")
    assert (done.answered, done.is_accepted) == (2, False)
    assert verify_chain(ledger.connection) == []


def test_an_explained_figure_is_published_without_a_decision(ledger):
    number, before = find(ledger, FIGURES), count_rows(ledger)
    value = f"select value from included_indicators where submission_id = {number}"
    assert ask(ledger, value) == [(None,)]
    done = append_explanation(ledger, number, "indicator_falls", REASON, BY, cell="$e$4")
    assert (done.answered, done.left, done.is_accepted) == (1, 0, False)
    assert grown(ledger, before) == {"explanation": 1}
    assert ask(ledger, value) == [(77,)]


@pytest.mark.parametrize(
    ("name", "rule", "place", "words"),
    [
        (REJECTED, "level_contradicts_number", {}, "a must_fix is never explained"),
        (REJECTED, "level_contradicts_number", {"cell": "G4"}, "a must_fix is never explained"),
        (HELD, "required", {}, "no finding of required there; what can be explained: stock_falls"),
        (FIGURES, "indicator_falls", {"cell": "A1"}, "explained: indicator_falls (E4)."),
        (FIGURES, "indicator_falls", {"cell": "别表!E4"}, "explained: indicator_falls (E4)."),
        (FIGURES, "indicator_falls", {"column": "没有"}, "explained: indicator_falls (E4)."),
        (ACCEPTED, "stock_falls", {}, "nothing asks for a reason"),
        (WIDE, "full_width", {}, "only a notice"),
    ],
)
def test_only_what_asks_for_a_reason_can_be_explained(name, rule, place, words, ledger):
    before = count_rows(ledger)
    with pytest.raises(DecisionRefused) as refused:
        append_explanation(ledger, find(ledger, name), rule, REASON, BY, **place)
    assert words in refused.value.of("en")
    assert count_rows(ledger) == before


def test_an_explanation_ends_today_at_the_earliest(ledger):
    explained = (find(ledger, HELD), "stock_falls", REASON, BY)
    yesterday = TODAY.date() - timedelta(days=1)
    with pytest.raises(NotUnderstood, match=f"{yesterday} has passed"):
        append_explanation(ledger, *explained, until=yesterday)
    append_explanation(ledger, *explained, until=TODAY.date())


def test_a_standing_explanation_answers_later_periods_and_then_expires(home):
    explained = (
        "select action, decided_by, finding.explanation, explained_by, valid_until "
        "from core_verdict inner join core_finding as finding using (submission_id) "
        "where finding.rule_id = 'stock_falls' and submission_id = ?"
    )

    def look(name: str, at: datetime) -> set[tuple[Any, ...]]:
        number = find(home, name)
        with duckdb.connect(str(settings_of(home).database)) as connection:
            open_views(connection, expectations(), Cut(find_cut(connection), at, 0), sql("core"))
            return set(connection.execute(explained, [number]).fetchall())

    assert look(FEWER, WINTER) == {("accept", BY, "标准废止", BY, LAST_DAY)}
    assert look(STILL_FEWER, WINTER) == {("accept", "gate", "标准废止", BY, LAST_DAY)}
    assert count_standards(home, "2020Q3", "420203") == 12
    assert count_standards(home, "2020Q4", "420203") == 7

    lay(home, "420203/一季度.csv", write_form("420203", "2021年一季度", range(3)), APRIL)
    run_night(settings_of(home), APRIL)
    # Past its last day the same question is open again, and what it answered stays answered.
    assert look("420203/一季度.csv", APRIL) == {("hold", "gate", None, None, None)}
    assert count_standards(home, "2021Q1", "420203") is None
    assert count_standards(home, "2020Q4", "420203") == 7


def test_an_excuse_and_an_open_lock_hold_until_their_last_day(ledger):
    before, last_day = count_rows(ledger), date(2021, 2, 1)

    def coverage(at: datetime) -> tuple[str, date]:
        set_cut(ledger.connection, Cut(find_cut(ledger.connection), at, 0))
        [row] = ask(
            ledger,
            "select state, locked_on from core_coverage where dataset = 'standards' "
            "and period = '2020Q4' and reporter_code = '420204'",
        )
        return row

    state, locked_on = coverage(TODAY)
    for kind, reporter in (("excuse", "420204"), ("lock", "下陆区")):
        done = append_exemption(
            ledger, kind, "standards", reporter, "2020Q4", BY, "机构合并", locked_on + WEEK
        )
        assert (done.kind, done.reporter_code) == (kind, "420204")
    assert grown(ledger, before) == {"exemption": 2}
    assert last_day < locked_on
    assert coverage(TODAY + WEEK) == ("excused", locked_on + WEEK)
    until = datetime.combine(locked_on + WEEK, datetime.min.time(), CITY_TIME)
    assert coverage(until)[0] == "excused"
    assert coverage(until + timedelta(days=1))[0] == state
    append_exemption(ledger, "excuse", "standards", "420204", "2020Q4", BY, "无业务")
    assert coverage(until + 100 * WEEK)[0] == "excused"
    assert verify_chain(ledger.connection) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dataset": "standard"}, "no dataset standard"),
        ({"reporter": "scjg"}, "does not owe standards"),
        ({"reporter": "nobody"}, "does not owe standards"),
        ({"period": "2020"}, "no period 2020;"),
        ({"period": "三季度"}, "no period 三季度;"),
        ({"period": "2018Q4"}, "the first is 2019Q1"),
        ({"until": None}, "needs a last day"),
        ({"until": date(2021, 1, 20)}, "2021-01-20 has passed"),
    ],
)
def test_an_exception_names_a_form_that_is_owed_and_a_last_day(changes, words, ledger):
    granted = {
        "kind": "lock", "dataset": "standards", "reporter": "420222", "period": "2020Q3",
        "by": BY, "reason": REASON, "until": TODAY.date(),
    }  # fmt: skip
    with pytest.raises(NotUnderstood, match=words):
        append_exemption(ledger, **(granted | changes))
    append_exemption(ledger, **granted)


def hold(path: Path, begun: Path) -> None:
    """What another process runs: a night that does not end."""
    with hold_lease(path, "nightly 2020-10-22 02:00"):
        begun.touch()
        signal.pause()


def test_deciding_while_a_night_runs_waits_and_then_says_who_holds_the_warehouse(
    home, tmp_path, monkeypatch
):
    monkeypatch.setattr(warehouse.decide.ledger, "WAIT_SECONDS", 0.1)
    root, number, begun = settings_of(home), find(home, HELD), tmp_path / "begun"
    before = count_rows(home)
    night = night_root.start(hold, root.lease, begun)
    night_root.wait_for(begun.exists)
    for act in (
        lambda: record_decision(root, number, "accept", BY, REASON),
        lambda: record_explanation(root, number, "stock_falls", REASON, BY),
        lambda: grant_exemption(root, "excuse", "standards", "420203", "2020Q3", BY, REASON),
        lambda: show_difference(root, number),
    ):
        with pytest.raises(LeaseHeld) as raised:
            act()
        for word in ("nightly 2020-10-22 02:00 holds the warehouse", f"process {night.pid}"):
            assert word in raised.value.of("en")
    assert count_rows(home) == before

    # A night that ends in time is waited for.
    monkeypatch.setattr(warehouse.decide.ledger, "WAIT_SECONDS", 60.0)
    night.kill()
    assert record_decision(root, number, "accept", BY, REASON).counting == number
    night.join()


@pytest.fixture
def desk(home, monkeypatch):
    """The commands, in English, on a root of one's own."""
    monkeypatch.setenv("BIAOGAN_HOME", str(home))
    choose_language("en")
    yield home
    choose_language()


def test_a_script_must_say_yes_and_is_never_kept_waiting(desk, capsys):
    number, before = find(desk, HELD), count_rows(desk)
    assert commands.decide(number, "accept", BY, REASON, None, yes=False) == 2
    assert "say --yes" in capsys.readouterr().out
    assert count_rows(desk) == before
    assert commands.decide(number, "accept", BY, REASON, None, yes=True) == 0
    said = capsys.readouterr().out
    for words in (
        "6 rows removed",
        "The reason answers 2 open questions",
        "From the next night on it counts",
    ):
        assert words in said
    assert grown(desk, before)["decision"] == 1


def test_what_may_not_be_decided_is_refused_before_anything_is_shown(desk, capsys):
    with pytest.raises(DecisionRefused, match="must_fix"):
        commands.decide(find(desk, REJECTED), "accept", BY, REASON, None, yes=True)
    assert commands.decide(find(desk, HELD), "accept", " ", REASON, None, yes=True) == 2
    assert capsys.readouterr().out == "Say who decides (--by).\n"


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_on_a_terminal_the_steward_is_asked_after_the_difference(answer, code, desk):
    number = find(desk, HELD)
    script = (
        "from biaogan.decide import decide; from biaogan.messages import choose_language; "
        "choose_language('en'); "
        f"raise SystemExit(decide({number}, 'withdraw', '王', '误报', None, yes=False))"
    )
    keys, terminal = pty.openpty()
    steward = subprocess.Popen(
        [sys.executable, "-c", script], stdin=terminal, stdout=subprocess.PIPE, text=True
    )
    os.write(keys, f"{answer}\n".encode())
    said, _ = steward.communicate()
    os.close(keys)
    os.close(terminal)
    assert steward.returncode == code
    assert said.index("6 rows removed") < said.index(f"withdraw submission {number}?")
    decision = "select max_by(action, sequence) from ledger.decision where submission_id = ?"
    assert ask(desk, decision, number) == [("withdraw" if code == 0 else "hold",)]


def test_the_screen_cuts_a_long_difference_and_says_so_and_json_has_all_of_it(desk, capsys):
    number = find(desk, HUNDRED)
    assert commands.show_diff(number, "table") == 0
    said = capsys.readouterr().out
    assert "of 2020Q3, as nothing else was accepted" in " ".join(said.split())
    assert f"and 52 more: biaogan diff {number} --format json" in said
    assert commands.show_diff(number, "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["added"]), len(found["removed"]), found["changed"]) == (100, 12, [])
    assert found["added"][0]["address"] == "B4"
    assert found["added"][0]["cells"]["standard_no"] == "不知道"
    assert found["totals"][0]["change"] == "+88"


def test_explain_and_exempt_say_what_they_recorded(desk, capsys):
    number = find(desk, HELD)
    explain = ("stock_falls", BY, REASON, None)
    assert commands.explain(number, *explain, "2021-01-20", TODAY) == 2
    assert "has passed" in capsys.readouterr().out
    assert commands.explain(number, *explain, "2021-12-31", TODAY) == 0
    said = capsys.readouterr().out
    for words in (
        "2 findings of stock_falls",
        "answered until 2021-12-31",
        "the submission is accepted",
        "stock_falls was explained",
    ):
        assert words in said
    form = ("standards", "420203", "2020Q3")
    assert commands.exempt(*form, "holiday", BY, REASON, None, None) == 2
    assert commands.exempt(*form, "lock", BY, REASON, None, None) == 2
    assert commands.exempt(*form, "excuse", BY, REASON, "2027-01-31", None) == 0
    said = capsys.readouterr().out
    assert "Xisaishan District · 2020Q3 need not be sent" in " ".join(said.split())
    assert "The last day it holds is 2027-01-31" in said
