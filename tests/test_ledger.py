"""The ledger: nothing is overwritten, nothing counts twice, and a changed row is found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import night_root
import pytest
from hypothesis import given
from hypothesis import strategies as st
from night_root import AUTUMN, SPRING, SUMMER, lay, write_form

from warehouse.ledger.chain import GENESIS, Chain, seal, verify_chain
from warehouse.ledger.schema import CHAINED, LEDGER_TABLES
from warehouse.night import NightReport, run_night
from warehouse.settings import CITY_TIME

MAY = datetime(2020, 5, 8, 2, tzinfo=CITY_TIME)
"""A night before the lock date of the first quarter."""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root after three nights."""
    home = tmp_path_factory.mktemp("history") / "home"
    for lay_forms, at in (
        (night_root.lay_spring, SPRING),
        (night_root.lay_summer, SUMMER),
        (night_root.lay_autumn, AUTUMN),
    ):
        lay_forms(home)
        run_night(night_root.settings_of(home), at)
    return home


@pytest.fixture
def ledger(history: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the warehouse file, with entries of every kind, to do wrong to."""
    path = shutil.copy(night_root.settings_of(history).database, tmp_path)
    with duckdb.connect(str(path)) as connection:
        chain = Chain(connection)
        for table in ("explanation", "exemption"):
            chain.append(table, [{"dataset": "standards", "night_at": AUTUMN}] * 2)
        yield connection


def night(home: Path, at: datetime | None, **changes: Any) -> NightReport:
    return run_night(night_root.settings_of(home, **changes), at)


def verdicts(report: NightReport) -> dict[str, str]:
    return {f"{row['folder']}/{row['file_name']}": row["verdict"] for row in report.submissions}


def ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query on the warehouse file."""
    with duckdb.connect(str(night_root.settings_of(home).database), read_only=True) as connection:
        connection.execute(f"set TimeZone = '{CITY_TIME.key}'")
        return connection.execute(query).fetchall()


def count_standards(home: Path, period: str, unit: str = "420200") -> int | None:
    """The published number of standards."""
    with duckdb.connect(str(night_root.settings_of(home).pointer), read_only=True) as reader:
        row = reader.execute(
            "select standard_count from mart.standards where period = ? and "
            "reporting_unit_code = ? and standard_level = '全部' and role = '全部'",
            [period, unit],
        ).fetchone()
    return row[0] if row else None


def test_a_ledger_nobody_touched_verifies(ledger):
    assert verify_chain(ledger) == []
    assert ledger.execute("select count(*) from ledger.finding").fetchone() != (0,)


CHANGES = {
    "bigint": "coalesce({name}, 0) + 1",
    "varchar": "coalesce({name}, '') || '.'",
    "boolean": "not coalesce({name}, false)",
    "timestamptz": "coalesce({name}, timestamptz '2020-01-01') + interval 1 microsecond",
    "date": "coalesce({name}, date '2020-01-01') + 1",
}
COLUMNS = [
    (table, name, CHANGES[kind].format(name=name))
    for table in (*CHAINED, "finding")
    for name, (kind, _) in LEDGER_TABLES[table][1].items()
]


@pytest.mark.parametrize(("table", "name", "change"), COLUMNS)
def test_a_changed_cell_of_the_ledger_is_found(table, name, change, ledger):
    ledger.execute(f"update ledger.{table} set {name} = {change} where rowid = 1")
    problems = verify_chain(ledger)
    assert any(f"ledger.{table}" in problem or "is missing" in problem for problem in problems)


@pytest.mark.parametrize("table", [*CHAINED, "finding"])
def test_a_removed_row_is_found(table, ledger):
    ledger.execute(
        f"delete from ledger.{table} where rowid = (select min(rowid) from ledger.{table})"
    )
    assert verify_chain(ledger)


def test_an_added_finding_is_found(ledger):
    ledger.execute(
        "insert into ledger.finding (submission_id, finding_number, rule_id, severity) "
        "values (1, 1, 'invented', 'must_fix')"
    )
    assert verify_chain(ledger) == [
        "ledger.finding: the findings of submission 1 are not those it was sealed with"
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("value = null, expected = value", "a text moved to the next column"),
        ("explanation = '已核实'", "an explanation given afterwards"),
        ("cell = coalesce(cell, '')", "an empty text for a blank"),
        ("submission_id = 7", "a finding handed to another submission"),
    ],
)
def test_findings_that_read_alike_are_told_apart(change, why, ledger):
    ledger.execute(f"update ledger.finding set {change} where rule_id = 'stock_falls'")
    assert verify_chain(ledger), why


def test_two_entries_in_the_wrong_order_are_found(ledger):
    ledger.execute(
        "update ledger.decision set sequence = "
        "(select sum(sequence) from ledger.decision where submission_id in (1, 2)) - sequence "
        "where submission_id in (1, 2)"
    )
    assert verify_chain(ledger)


@given(
    entry=st.dictionaries(
        st.sampled_from(["submission_id", "sha256", "file_name", "is_nil", "known_at"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(-(2**62), 2**62),
            st.text(max_size=20),
            st.datetimes(timezones=st.sampled_from([UTC, CITY_TIME])),
        ),
    ),
    other=st.text(max_size=5),
)
def test_the_seal_depends_on_every_value_and_on_what_came_before(entry, other):
    sealed = seal(GENESIS, entry)
    assert seal(GENESIS, dict(reversed(entry.items()))) == sealed
    assert seal(sealed, entry) != sealed
    for name in entry:
        if entry[name] != other:
            assert seal(GENESIS, entry | {name: other}) != sealed
    moments = {k: v.astimezone(UTC) for k, v in entry.items() if isinstance(v, datetime)}
    assert seal(GENESIS, entry | moments) == sealed


def test_a_second_night_without_news_changes_no_byte(history, tmp_path):
    home = night_root.copy_root(history, tmp_path / "home")
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    links = {path: path.readlink() for path in home.rglob("*") if path.is_symlink()}

    report = night(home, AUTUMN)

    assert (report.new_files, report.submissions, report.release_id) == (0, [], None)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert {path: path.readlink() for path in home.rglob("*") if path.is_symlink()} == links


def test_the_command_says_that_nothing_new_arrived(history, tmp_path):
    home = night_root.copy_root(history, tmp_path / "home")
    words = ("nightly", "--no-prefect", "--at", "2020-10-22T03:00")
    code, said, _ = night_root.run_command(home, "--lang", "zh", *words)
    assert code == 0
    assert "没有新的报送" in said


def test_every_row_read_is_loaded_or_rejected_and_none_twice(history):
    received = ask(
        history,
        "select submission_id, row_count, action from ledger.submission "
        "inner join ledger.decision using (submission_id) where dataset = 'standards'",
    )
    loaded = dict(ask(history, "select submission_id, count(*) from core.standards group by all"))
    assert {action for *_, action in received} == {"accept", "hold", "reject"}
    for number, rows, action in received:
        assert loaded.get(number, 0) == (0 if action == "reject" else rows)
    places = "select submission_id, source_sheet, source_row from core.standards"
    assert ask(history, f"select count(*) from ({places})") == ask(
        history, f"select count(*) from (select distinct * from ({places}))"
    )


@pytest.fixture(scope="module")
def resent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A root whose second night got much of the first again, in every way; with its verdicts."""
    home = tmp_path_factory.mktemp("resent") / "home"

    def lay_form(name: str, count: int, changed: datetime, **form: Any) -> None:
        unit = name.partition("/")[0]
        lay(home, name, write_form(unit, "2020年一季度", range(count), **form), changed)

    for unit in ("420202", "420204", "420222", "420281"):
        lay_form(f"{unit}/一季度.csv", 8, SPRING)
    night(home, SPRING)
    lay_form("420202/更早的日期.csv", 9, SPRING - timedelta(days=9))
    lay_form("420204/有错的更正.csv", 9, MAY, level="企业标准")
    lay_form("420222/一季度.csv", 8, MAY)
    lay_form("420222/换名.csv", 8, MAY)
    lay(home, "420203/别人的.csv", write_form("420222", "2020年一季度", range(8)), MAY)
    lay_form("420203/甲.csv", 6, MAY)
    lay_form("420203/乙.csv", 7, MAY)
    lay_form("420281/一季度.csv", 9, MAY)
    return home, verdicts(night(home, MAY))


def test_the_same_bytes_again_are_identical_under_any_name(resent):
    home, shown = resent
    assert shown["420222/换名.csv"] == "identical"
    assert shown["420222/一季度.csv"] == "identical"
    assert ask(
        home,
        "select file_name, outcome, submission_id from ledger.arrival where folder = '420222' "
        "order by night_at, 1",
    ) == [("一季度.csv", "new", 3), ("一季度.csv", "identical", 3), ("换名.csv", "identical", 3)]
    assert ask(home, "select count(*) from core.standards where reporting_unit = '420222'") == [
        (8,)
    ]


def test_the_same_bytes_in_another_reporters_folder_are_another_submission(resent):
    home, shown = resent
    assert shown["420203/别人的.csv"] == "rejected"
    [(outcome, number)] = ask(
        home, "select outcome, submission_id from ledger.arrival where file_name = '别人的.csv'"
    )
    assert outcome == "new"
    assert ask(home, f"select rule_id from ledger.finding where submission_id = {number}") == [
        ("folder_disagrees",)
    ]


def test_other_bytes_for_the_same_obligation_stand_beside_the_old_and_count(resent):
    home, shown = resent
    assert shown["420281/一季度.csv"] == "accepted"
    rows = (
        "select count(*) from core.standards where reporting_unit = '420281' group by submission_id"
    )
    assert sorted(ask(home, rows)) == [(8,), (9,)]
    assert count_standards(home, "2020Q1", "420281") == 9


def test_a_rejected_correction_leaves_the_accepted_form_in_force(resent):
    home, shown = resent
    assert shown["420204/有错的更正.csv"] == "rejected"
    assert count_standards(home, "2020Q1", "420204") == 8


def test_of_two_forms_in_one_second_both_are_kept_and_the_later_number_counts(resent):
    home, _ = resent
    rows = ask(
        home,
        "select submission_id, row_count, known_at from ledger.submission "
        "where file_name in ('甲.csv', '乙.csv') order by 1",
    )
    assert len({number for number, *_ in rows}) == 2
    assert rows[0][2] == rows[1][2]
    assert count_standards(home, "2020Q1", "420203") == rows[1][1]


def test_what_counts_follows_the_order_of_recording_and_not_a_date(resent):
    home, _ = resent
    dates = ask(
        home,
        "select known_at from ledger.submission where folder = '420202' order by submission_id",
    )
    assert dates[1] < dates[0]
    assert count_standards(home, "2020Q1", "420202") == 9


def decide(home: Path, **decision: Any) -> None:
    """Appends a decision as a steward's command will."""
    now = datetime.now(UTC)
    entry = {"decided_by": "steward", "night_at": now, "recorded_at": now, "is_replayed": False}
    with duckdb.connect(str(night_root.settings_of(home).database)) as connection:
        Chain(connection).append("decision", [entry | decision])
        assert verify_chain(connection) == []


def test_a_withdrawn_submission_counts_no_more_and_the_one_before_does_again(resent, tmp_path):
    home = night_root.copy_root(resent[0], tmp_path / "home")
    rows = ask(home, "select count(*) from core.standards")
    numbers = ask(home, "select submission_id from ledger.submission where folder = '420281'")
    (first,), (second,) = sorted(numbers)

    decide(home, submission_id=second, action="withdraw", reason="报错单位")
    assert night(home, SUMMER).release_id == 3
    assert count_standards(home, "2020Q1", "420281") == 8

    decide(home, submission_id=first, action="withdraw", reason="报错单位")
    assert night(home, SUMMER).release_id == 4
    assert count_standards(home, "2020Q1", "420281") is None
    assert ask(home, "select count(*) from core.standards") == rows


def test_a_held_form_counts_once_a_decision_accepts_it(history, tmp_path):
    home = night_root.copy_root(history, tmp_path / "home")
    [(held,)] = ask(
        home,
        "select submission_id from ledger.decision where action = 'hold' and submission_id in "
        "(select submission_id from ledger.finding where rule_id = 'stock_falls')",
    )
    assert count_standards(home, "2020Q3", "420281") is None
    decide(home, submission_id=held, action="accept", reason="已核实")
    night(home, AUTUMN)
    assert count_standards(home, "2020Q3", "420281") == 4


def test_a_replayed_night_is_flagged_and_sees_no_file_changed_after_it(tmp_path):
    began = datetime.now(UTC)
    night_root.lay_spring(tmp_path)
    night_root.lay_summer(tmp_path)

    report = night(tmp_path, SPRING)

    assert verdicts(report) == {"420222/一季度.csv": "accepted"}
    [(known_at, night_at, recorded_at, is_replayed)] = ask(
        tmp_path, "select known_at, night_at, recorded_at, is_replayed from ledger.submission"
    )
    assert known_at == SPRING - timedelta(hours=1)
    assert night_at == SPRING
    assert recorded_at >= began
    assert is_replayed
    [(published_at, recorded_at, is_replayed)] = ask(
        tmp_path, "select published_at, recorded_at, is_replayed from ledger.release"
    )
    assert (published_at, is_replayed) == (SPRING, True)
    assert recorded_at >= began
    with duckdb.connect(str(night_root.settings_of(tmp_path).pointer), read_only=True) as reader:
        shown = reader.execute("select is_replayed, recorded_at from mart.release").fetchone()
    assert shown[0]
    assert shown[1] >= began


def test_a_night_of_today_is_no_replay_but_takes_old_files_at_their_date(tmp_path):
    began = datetime.now(UTC)
    night_root.lay_spring(tmp_path)
    night(tmp_path, None)
    [(known_at, night_at, recorded_at, is_replayed)] = ask(
        tmp_path, "select known_at, night_at, recorded_at, is_replayed from ledger.submission"
    )
    assert known_at == SPRING - timedelta(hours=1)
    assert began <= night_at <= recorded_at
    assert not is_replayed


def test_refused_and_ignored_files_are_told_apart_in_the_list_of_arrivals(history):
    rows = ask(
        history,
        "select arrival.file_name, arrival.outcome, arrival.reason, submission.file_name "
        "from ledger.arrival left join ledger.submission using (submission_id) "
        "where arrival.folder = '420203' order by 1",
    )
    assert rows == [
        ("~$三季度.xlsx", "ignored", "office_lock", None),
        ("三季度.csv", "new", None, "三季度.csv"),
        ("旧表.et", "new", None, "旧表.et"),
        ("链接1.csv", "refused", "symlink", "链接1.csv"),
        ("链接2.csv", "refused", "symlink", "链接2.csv"),
    ]


def test_every_rejected_file_has_a_located_finding_and_a_decision(history):
    assert (
        ask(
            history,
            "select submission_id from ledger.decision where action = 'reject' and submission_id "
            "not in (select submission_id from ledger.finding where severity = 'must_fix')",
        )
        == []
    )
    assert ask(
        history,
        "select count(*) from ledger.submission full join ledger.decision using (submission_id) "
        "where submission.file_name is null or decision.action is null",
    ) == [(0,)]


def test_numbers_of_submissions_and_entries_are_never_reused(history):
    numbers = [
        row[0] for row in ask(history, "select submission_id from ledger.submission order by 1")
    ]
    assert numbers == sorted(set(numbers))
    entries = " union all ".join(f"select sequence from ledger.{table}" for table in CHAINED)
    sequence = [row[0] for row in ask(history, f"select * from ({entries}) order by 1")]
    assert sequence == list(range(1, len(sequence) + 1))
