"""Obligations on the Chinese calendar: days late, exceptions, rates, and the grid of a period."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaogan.messages import choose_language
from biaogan.status import show_status
from tests.night_root import SUMMER, lay, lay_summer, start_night, write_form
from tests.warehouse_rows import Form, Warehouse, expectations
from warehouse.build.views import list_obligations
from warehouse.check import check_files
from warehouse.database import open_database, transaction
from warehouse.ledger.chain import Chain
from warehouse.ledger.lease import hold_lease
from warehouse.obligations import list_exemptions, list_notes, read_grid, warn_of_calendar
from warehouse.obligations.working_days import (
    count_working_days,
    describe_calendar_end,
    is_working_day,
)
from warehouse.periods import Period
from warehouse.query import NothingPublished
from warehouse.settings import CITY_TIME, Settings

STANDARDS = "reporting_unit standard_no uscc product_name standard_level role"
TODAY = "2020-10-30"


def row(unit: str) -> list[str]:
    return [f"{unit} GB1 A p1 国家标准 执行"]


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=CITY_TIME)


def keep(
    warehouse: Warehouse, form: Form, arrived: str | None = None, rules: Iterable[str] = ()
) -> int:
    """Keeps a form that arrived on a day, with findings of these rules."""
    number = warehouse.keep("standards", STANDARDS, form)
    warehouse.connection.execute(
        "update ledger.submission set known_at = $1 where submission_id = $2",
        [at(arrived or form.day), number],
    )
    for rule in rules:
        warehouse.connection.execute(
            "insert into ledger.finding (submission_id, rule_id, severity) values (?, ?, ?)",
            [number, rule, "must_fix"],
        )
    return number


def grant(warehouse: Warehouse, kind: str, ends_on: str | None, **facts: Any) -> None:
    """Grants an exception for one form."""
    entry = {"exemption_id": 1, "kind": kind, "dataset": "standards", "reporter_code": "420202"}
    entry |= {"period": "2020Q3", "granted_by": "王五", "reason": "换系统"}
    ends = date.fromisoformat(ends_on) if ends_on else None
    warehouse.chain.append("exemption", [entry | {"ends_on": ends} | facts])


def look(
    warehouse: Warehouse, columns: str, day: str = TODAY, reporter: str = "420202"
) -> list[str]:
    """A form's cells in `core.coverage`, as words."""
    warehouse.open(day)
    names = ", ".join(f"coalesce({name}::varchar, '-')" for name in columns.split())
    found = warehouse.connection.execute(
        f"select {names} from core_coverage where dataset = 'standards' and period = '2020Q3' "
        "and reporter_code = $1",
        [reporter],
    ).fetchall()
    assert len(found) == 1
    return list(found[0])


# --- working days --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        ("2020-10-15", "2020-10-15", 0),
        ("2020-10-15", "2020-10-16", 1),
        ("2020-10-16", "2020-10-17", 0),
        ("2020-10-16", "2020-10-18", 0),
        ("2020-10-16", "2020-10-19", 1),
        ("2020-10-19", "2020-10-16", -1),
        # 春节 of 2020 was extended to 2 February
        ("2020-01-23", "2020-01-31", 0),
        ("2020-01-23", "2020-02-02", 0),
        ("2020-01-23", "2020-02-03", 1),
        ("2020-01-17", "2020-01-19", 1),
        # 国庆 of 2020: Sunday 27 September and Saturday 10 October were working days
        ("2020-09-25", "2020-09-26", 0),
        ("2020-09-25", "2020-09-27", 1),
        ("2020-09-30", "2020-10-08", 0),
        ("2020-09-30", "2020-10-09", 1),
        ("2020-09-30", "2020-10-10", 2),
        ("2020-09-30", "2020-10-11", 2),
        ("2098-12-31", "2099-01-04", None),
        ("1999-12-31", "2020-01-04", None),
    ],
)
def test_working_days_are_those_of_the_state_council(after, until, days):
    assert count_working_days(date.fromisoformat(after), date.fromisoformat(until)) == days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2020-09-27", True),
        ("2020-10-01", False),
        ("2020-10-10", True),
        ("2020-10-11", False),
        ("2020-01-31", False),
        # beyond the data, a week has five working days
        ("2098-06-06", True),
        ("2098-06-07", False),
    ],
)
def test_a_sunday_may_be_a_working_day_and_a_thursday_none(day, works):
    assert is_working_day(date.fromisoformat(day)) is works


# --- days late -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "arrived", "night", "late"),
    [
        # a form that came: how it looks later does not depend on the night
        ("2020-10-15", "2020-10-14", "2020-10-30", "0"),
        ("2020-10-15", "2020-10-15", "2020-10-30", "0"),
        ("2020-10-15", "2020-10-16", "2020-10-30", "1"),
        ("2020-10-16", "2020-10-18", "2020-10-30", "0"),
        ("2020-10-16", "2020-10-19", "2020-10-30", "1"),
        ("2020-01-23", "2020-02-02", "2020-10-30", "0"),
        ("2020-01-23", "2020-02-04", "2020-10-30", "2"),
        ("2020-09-25", "2020-09-27", "2020-10-30", "1"),
        ("2020-09-30", "2020-10-10", "2020-10-30", "2"),
        # accepted before it is due: nothing to wait for
        ("2020-11-16", "2020-10-14", "2020-10-30", "0"),
        # a form that did not: up to tonight
        ("2020-10-15", None, "2020-10-14", "-"),
        ("2020-10-15", None, "2020-10-15", "-"),
        ("2020-10-15", None, "2020-10-16", "1"),
        ("2020-10-16", None, "2020-10-18", "0"),
        ("2020-10-16", None, "2020-10-19", "1"),
        ("2020-01-23", None, "2020-02-03", "1"),
        ("2020-09-30", None, "2020-10-08", "0"),
        ("2020-09-30", None, "2020-10-10", "2"),
        # beyond the holiday data nothing is counted
        (None, "2020-10-14", "2020-10-30", "-"),
        (None, None, "2020-10-30", "-"),
        ("2020-10-15", None, "2099-01-05", "-"),
    ],
)
def test_days_late_are_working_days_from_the_due_date_to_the_arrival_or_tonight(
    one_accepted, due, arrived, night, late
):
    reporter = "420202" if arrived else "420203"
    one_accepted.execute(
        "update ledger.submission set known_at = $1", [at(arrived) if arrived else None]
    )
    one_accepted.execute(f"set variable night_at = timestamptz '{at(night, 2).isoformat()}'")
    one_accepted.execute(
        "update codes_obligation set due_on = $1", [date.fromisoformat(due) if due else None]
    )
    found = one_accepted.execute(
        "select coalesce(days_late::varchar, '-') from core_coverage "
        "where dataset = 'standards' and period = '2019Q4' and reporter_code = $1",
        [reporter],
    ).fetchall()
    assert found == [(late,)]


@pytest.fixture(scope="module")
def one_accepted() -> duckdb.DuckDBPyConnection:
    """The views over one accepted form of a quarter that had ended on every day of the cases."""
    warehouse = Warehouse()
    keep(warehouse, Form("420202", row("420202"), period="2019Q4"))
    warehouse.open(TODAY)
    return warehouse.connection


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (
            [("accept", "2020-10-14"), ("accept", "2020-10-20")],
            ["accepted", "2", "2020-10-14", "2020-10-14", "0", "2"],
        ),
        (
            [("reject", "2020-10-14"), ("accept", "2020-10-20")],
            ["accepted", "2", "2020-10-14", "2020-10-20", "3", "2"],
        ),
        (
            [("reject", "2020-10-14"), ("hold", "2020-10-20")],
            ["held", "2", "2020-10-14", "-", "11", "2"],
        ),
        (
            [("accept", "2020-10-14"), ("reject", "2020-10-20")],
            ["accepted", "2", "2020-10-14", "2020-10-14", "0", "1"],
        ),
        ([("return", "2020-10-14")], ["returned", "1", "2020-10-14", "-", "11", "1"]),
        ([("withdraw", "2020-10-14")], ["withdrawn", "1", "2020-10-14", "-", "11", "1"]),
        ([], ["missing", "0", "-", "-", "11", "-"]),
    ],
)
def test_a_form_is_late_until_the_first_file_that_still_counts(forms, expected):
    warehouse = Warehouse()
    for action, day in forms:
        then = [(action, day)] if action in {"return", "withdraw"} else []
        first = "accept" if then else action
        keep(warehouse, Form("420202", row("420202"), action=first, then=then), day)
    read = "state round first_arrived_at::date accepted_at::date days_late submission_id"
    assert look(warehouse, read) == expected


def test_a_held_form_that_is_accepted_later_came_when_it_came():
    warehouse = Warehouse()
    then = [("accept", "2020-10-28")]
    keep(warehouse, Form("420202", row("420202"), action="hold", then=then), "2020-10-15")
    assert look(warehouse, "state days_late") == ["accepted", "0"]


@pytest.mark.parametrize(
    ("forms", "filled"),
    [
        ([("reject", ["required"])], "false"),
        ([("reject", ["refused_damaged"])], "false"),
        ([("reject", ["no_rows", "unknown_heading"])], "false"),
        ([("reject", ["total_differs"])], "true"),
        ([("reject", ["required"]), ("accept", [])], "true"),
        # a correction that was sent back leaves standing what it was to replace
        ([("accept", []), ("reject", ["required"])], "true"),
        ([], "false"),
    ],
)
def test_a_form_is_filled_where_no_required_cell_of_the_one_that_counts_or_came_last_is_blank(
    forms, filled
):
    warehouse = Warehouse()
    for action, rules in forms:
        keep(warehouse, Form("420202", row("420202"), action=action), rules=rules)
    assert look(warehouse, "is_filled") == [filled]


# --- exceptions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grants", "night", "expected"),
    [
        ([], "2020-10-30", ["missing", "true", "2020-11-16"]),
        ([("excuse", None)], "2020-10-30", ["excused", "false", "2020-11-16"]),
        ([("excuse", "2020-10-30")], "2020-10-30", ["excused", "false", "2020-11-16"]),
        ([("excuse", "2020-10-29")], "2020-10-30", ["missing", "true", "2020-11-16"]),
        ([("lock", "2020-12-31")], "2020-10-30", ["missing", "true", "2020-12-31"]),
        ([("lock", "2020-12-31")], "2020-12-31", ["missing", "true", "2020-12-31"]),
        # locked again by itself
        ([("lock", "2020-12-31")], "2021-01-01", ["missing", "true", "2020-11-16"]),
        # an exception never locks earlier
        ([("lock", "2020-11-02")], "2020-10-30", ["missing", "true", "2020-11-16"]),
        # the last one of a kind counts, so that one can be shortened
        ([("lock", "2021-03-31"), ("lock", "2020-12-31")], "2020-10-30",
         ["missing", "true", "2020-12-31"]),
        ([("lock", "2021-03-31"), ("lock", "2020-12-31")], "2021-02-01",
         ["missing", "true", "2020-11-16"]),
        ([("excuse", None), ("excuse", "2020-10-29")], "2020-10-30",
         ["missing", "true", "2020-11-16"]),
        ([("excuse", None), ("lock", "2020-12-31")], "2020-10-30",
         ["excused", "false", "2020-12-31"]),
        ([("lock", None)], "2020-10-30", ["missing", "true", "2020-11-16"]),
    ],
)  # fmt: skip
def test_an_exception_holds_until_its_last_day_and_no_longer(grants, night, expected):
    warehouse = Warehouse()
    for kind, ends_on in grants:
        grant(warehouse, kind, ends_on)
    assert look(warehouse, "state is_expected locked_on", night) == expected
    assert look(warehouse, "state is_expected", night, "420203") == ["missing", "true"]


def test_an_excused_form_that_comes_all_the_same_counts_and_one_that_is_sent_back_does_not():
    warehouse = Warehouse()
    grant(warehouse, "excuse", None)
    keep(warehouse, Form("420202", row("420202"), action="reject"))
    assert look(warehouse, "state is_expected days_late") == ["excused", "false", "-"]
    keep(warehouse, Form("420202", row("420202")))
    assert look(warehouse, "state is_expected") == ["accepted", "true"]


def test_an_exception_does_not_make_an_unknown_lock_date_known():
    warehouse = Warehouse()
    grant(warehouse, "lock", "2020-12-31")
    keep(warehouse, Form("420202", row("420202")))
    warehouse.open("2021-02-01")
    warehouse.connection.execute("update codes_obligation set locked_on = null")
    found = warehouse.connection.execute(
        "select locked_on, (select status from core_unit_coverage where dataset = 'standards' "
        "and period = '2020Q3' and reporting_unit_code = '420202') from core_coverage "
        "where dataset = 'standards' and period = '2020Q3' and reporter_code = '420202'"
    ).fetchall()
    assert found == [(None, "provisional")]


def test_an_exception_is_not_there_before_it_was_granted():
    warehouse = Warehouse()
    cut = warehouse.chain.sequence
    grant(warehouse, "excuse", None)
    warehouse.open(TODAY, cut)
    assert list_exemptions(warehouse.connection) == []
    warehouse.open(TODAY)
    assert len(list_exemptions(warehouse.connection)) == 1


def test_the_exceptions_in_force_are_listed_with_owner_reason_and_end():
    warehouse = Warehouse()
    grant(warehouse, "excuse", None, exemption_id=1)
    grant(warehouse, "lock", "2020-12-31", exemption_id=2, granted_by="赵六", reason="补报")
    grant(warehouse, "lock", "2020-10-01", exemption_id=3, reporter_code="420203")
    warehouse.open(TODAY)
    named = ("exemption_id", "kind", "granted_by", "reason", "ends_on")
    listed = [tuple(item[name] for name in named) for item in list_exemptions(warehouse.connection)]
    assert listed == [
        (2, "lock", "赵六", "补报", date(2020, 12, 31)),
        (1, "excuse", "王五", "换系统", None),
    ]


def test_the_night_s_notes_tell_them_in_both_languages():
    warehouse = Warehouse()
    grant(warehouse, "lock", "2020-12-31")
    warehouse.open(TODAY)
    [note] = list_notes(warehouse.connection, expectations(), date.fromisoformat(TODAY))
    assert note.zh == (
        "锁定后可改：黄石港区 标准制修订情况表 2020年三季度，到 2020-12-31 为止；王五：换系统"
    )
    assert note.en == (
        "Open after its lock: Huangshigang District, Standards executed, led or joined, 2020Q3, "
        "until 2020-12-31; 王五: 换系统"
    )
    warehouse.open("2021-01-01")
    assert list_notes(warehouse.connection, expectations(), date(2021, 1, 1)) == []


@pytest.mark.slow
def test_a_locked_period_opens_by_an_exception_and_locks_again_by_itself(tmp_path):
    home = tmp_path / "data"
    lay_summer(home)
    run_night(home, SUMMER)
    with_exemption = datetime(2020, 9, 10, 2, tzinfo=CITY_TIME)
    facts = {"dataset": "standards", "reporter_code": "420222", "period": "2020Q2"}
    correct(home, "更正一", range(11), datetime(2020, 9, 1, 2, tzinfo=CITY_TIME))
    form = tmp_path / "再更正.csv"
    form.write_text(write_form("420222", "2020年二季度", range(12)), encoding="utf-8")
    assert find_rules(home, form, with_exemption) == ["period_locked"]
    grant_in(home, {**facts, "ends_on": date(2020, 9, 20)})
    assert find_rules(home, form, with_exemption) == ["revision_note"]
    correct(home, "更正二", range(12), with_exemption)
    correct(home, "更正三", range(13), datetime(2020, 9, 21, 2, tzinfo=CITY_TIME))
    with open_database(Settings(home=home), read_only=True) as connection:
        found = connection.execute(
            "select submission.file_name, decision.action, count(finding.rule_id) "
            "from ledger.submission as submission "
            "inner join ledger.decision as decision using (submission_id) "
            "left join ledger.finding as finding on finding.rule_id = 'period_locked' "
            "and finding.submission_id = submission.submission_id "
            "where submission.reporter_code = '420222' group by all order by all"
        ).fetchall()
    assert found == [
        ("二季度.csv", "accept", 0),
        ("更正一.csv", "hold", 1),
        ("更正三.csv", "hold", 1),
        ("更正二.csv", "accept", 0),
    ]


def find_rules(home: Path, form: Path, at: datetime) -> list[str]:
    """What a check would say, which sees all that the ledger holds and stores nothing."""
    [checked] = check_files(Settings(home=home), [form], "zh", at)
    return [finding["rule"] for finding in checked.findings]


def correct(home: Path, name: str, numbers: range, night: datetime) -> None:
    form = write_form("420222", "2020年二季度", numbers)
    lay(home, f"420222/{name}.csv", form, night)
    run_night(home, night)


def run_night(home: Path, night: datetime) -> None:
    process = start_night(home, night)
    process.join()
    assert process.exitcode == 0


def grant_in(home: Path, facts: dict[str, Any]) -> None:
    target = Settings(home=home)
    entry = {"exemption_id": 1, "kind": "lock", "granted_by": "王五", "reason": "补报", **facts}
    with (
        hold_lease(target.lease, "exempt", wait_seconds=10),
        open_database(target) as connection,
        transaction(connection),
    ):
        Chain(connection).append("exemption", [entry])


# --- rates ---------------------------------------------------------------------------------------

RATES = "expected_count arrived_count filled_count accepted_count arrived_pct filled_pct"
RATES += " accepted_pct"


@pytest.mark.parametrize(
    ("says", "forms", "grants", "rates"),
    [
        ("nothing came", [], [], "6 0 0 0 0.00 0.00 0.00"),
        ("one was accepted", [("420202", "accept", [])], [], "6 1 1 1 16.67 16.67 16.67"),
        ("a nil report was accepted", [("420202", "nil", [])], [], "6 1 1 1 16.67 16.67 16.67"),
        ("one is held", [("420202", "hold", [])], [], "6 1 1 0 16.67 16.67 0.00"),
        ("one was sent back, filled", [("420202", "reject", ["total_differs"])], [],
         "6 1 1 0 16.67 16.67 0.00"),
        ("one was sent back, not filled", [("420202", "reject", ["required"])], [],
         "6 1 0 0 16.67 0.00 0.00"),
        ("one was returned by the steward", [("420202", "return", [])], [],
         "6 1 1 0 16.67 16.67 0.00"),
        ("one was withdrawn", [("420202", "withdraw", [])], [], "6 1 1 0 16.67 16.67 0.00"),
        ("two rounds are one form",
         [("420202", "reject", ["required"]), ("420202", "accept", [])], [],
         "6 1 1 1 16.67 16.67 16.67"),
        ("one is excused", [("420203", "accept", [])], ["420202"], "5 1 1 1 20.00 20.00 20.00"),
        ("an excused one that came counts", [("420202", "accept", [])], ["420202"],
         "6 1 1 1 16.67 16.67 16.67"),
        ("all are there", [(unit, "accept", []) for unit in
                           ("420202", "420203", "420204", "420222", "420281", "KFQTS")], [],
         "6 6 6 6 100.00 100.00 100.00"),
        ("one came that was not owed", [("scjg", "accept", [])], [], "6 0 0 0 0.00 0.00 0.00"),
    ],
)  # fmt: skip
def test_rates_are_shares_of_the_forms_that_were_owed(says, forms, grants, rates):
    warehouse = Warehouse()
    for reporter, action, rules in forms:
        decided = action in {"return", "withdraw"}
        form = Form(
            reporter,
            [] if action == "nil" else row(reporter),
            action="accept" if decided or action == "nil" else action,
            then=[(action, "2020-10-20")] if decided else [],
            is_nil=action == "nil",
        )
        keep(warehouse, form, rules=rules)
    for reporter in grants:
        grant(warehouse, "excuse", None, reporter_code=reporter)
    warehouse.build("coverage_rate")
    where = "dataset = 'standards' and period = '2020Q3'"
    assert warehouse.read("coverage_rate", RATES, where) == [rates]


def test_a_late_form_counts_like_any_other():
    warehouse = Warehouse()
    keep(warehouse, Form("420202", row("420202")), "2020-10-27")
    warehouse.build("coverage_rate")
    where = "dataset = 'standards' and period = '2020Q3'"
    assert warehouse.read("coverage_rate", "accepted_count", where) == ["1"]


def test_the_total_of_a_period_is_that_of_all_its_forms():
    warehouse = Warehouse()
    keep(warehouse, Form("420202", row("420202")))
    warehouse.keep("patents", "application_no", Form("420203", is_nil=True))
    warehouse.build("coverage_rate")
    read = "dataset expected_count accepted_count"
    totals = warehouse.read("coverage_rate", read, "period = '2020Q3' and dataset = '全部'")
    parts = warehouse.read("coverage_rate", read, "period = '2020Q3' and dataset <> '全部'")
    numbers = [[int(word) for word in line.split()[1:]] for line in parts]
    assert totals == [f"全部 {sum(n for n, _ in numbers)} {sum(n for _, n in numbers)}"]
    assert totals[0].endswith(" 2")


def test_a_period_whose_forms_are_all_excused_has_no_rate():
    warehouse = Warehouse()
    for unit in ("420202", "420203", "420204", "420222", "420281", "KFQTS"):
        grant(warehouse, "excuse", None, reporter_code=unit)
    warehouse.build("coverage_rate")
    where = "dataset = 'standards' and period = '2020Q3'"
    assert warehouse.read("coverage_rate", "expected_count", where) == []


ACTIONS = ("accept", "hold", "reject", "withdraw")
SENT = st.lists(
    st.tuples(
        st.sampled_from(["420202", "420203", "KFQTS", "scjg", "jxj"]),
        st.sampled_from(["2018Q4", "2020Q2", "2020Q3"]),
        st.sampled_from(ACTIONS),
        st.booleans(),
        st.sampled_from([[], ["required"], ["no_rows"]]),
    ),
    max_size=8,
)
GRANTED = st.lists(
    st.tuples(
        st.sampled_from(["420202", "420203"]),
        st.sampled_from(["2020Q2", "2020Q3"]),
        st.sampled_from([None, "2020-10-01", "2020-12-31"]),
    ),
    max_size=4,
)


@settings(max_examples=8)
@given(sent=SENT, granted=GRANTED)
def test_no_rate_exceeds_100_percent_and_every_owed_form_is_counted_once(sent, granted):
    warehouse = Warehouse()
    for reporter, period, action, is_nil, rules in sent:
        decided = [("withdraw", "2020-10-20")] if action == "withdraw" else []
        form = Form(
            reporter, period=period, action="accept" if decided else action, then=decided,
            is_nil=is_nil,
        )  # fmt: skip
        keep(warehouse, form, rules=rules)
    for reporter, period, ends_on in granted:
        grant(warehouse, "excuse", ends_on, reporter_code=reporter, period=period)
    warehouse.build("coverage", "coverage_rate")
    wrong = warehouse.read(
        "coverage_rate",
        "dataset period",
        "greatest(arrived_pct, filled_pct, accepted_pct) > 100 or expected_count < 1 "
        "or greatest(filled_count, accepted_count) > arrived_count",
    )
    assert wrong == []
    cells = warehouse.read("coverage", "dataset period reporter_code")
    owed = list_obligations(expectations(), date.fromisoformat(TODAY))
    due = {f"{dataset} {period} {reporter}" for dataset, reporter, period, *_ in owed.iter_rows()}
    assert len(cells) == len(set(cells))
    assert due <= set(cells)


# --- the grid ------------------------------------------------------------------------------------


def publish(warehouse: Warehouse, home: Path, day: str = TODAY, *, replayed: bool = True) -> Path:
    """Lays a release of the marts the grid reads into a root; gives the pointer."""
    warehouse.build("coverage", "coverage_rate", "release", day=day)
    target = Settings(home=home)
    target.published.mkdir(parents=True)
    path = target.published / "mart-000007.duckdb"
    warehouse.connection.execute(f"attach '{path}' as kept")
    warehouse.connection.execute("copy from database release to kept")
    warehouse.connection.execute(f"update kept.mart.release set is_replayed = {replayed}")
    warehouse.connection.execute("detach kept")
    target.pointer.symlink_to(path.name)
    return target.pointer


@pytest.fixture
def every_state() -> Warehouse:
    """Forms of the third quarter in every state, and one that was not asked for."""
    warehouse = Warehouse()
    keep(warehouse, Form("420202", row("420202")), "2020-10-20")
    keep(warehouse, Form("420203", row("420203"), action="reject"))
    keep(warehouse, Form("420203", row("420203"), action="reject"))
    keep(warehouse, Form("420204", row("420204"), action="hold"))
    keep(warehouse, Form("420222", is_nil=True))
    keep(warehouse, Form("420281", row("420281"), then=[("withdraw", "2020-10-20")]))
    keep(warehouse, Form("scjg", row("420202")))
    grant(warehouse, "excuse", None, reporter_code="KFQTS")
    return warehouse


def test_the_grid_has_every_owed_form_exactly_once(every_state, tmp_path):
    grid = read_grid(publish(every_state, tmp_path), Period.parse("2020Q3"), at(TODAY))
    owed = list_obligations(expectations(), date.fromisoformat(TODAY))
    due = {(d, r) for d, r, p, *_ in owed.iter_rows() if p == "2020Q3"}
    cells = [(item["dataset"], item["reporter_code"]) for item in grid.rows]
    assert len(cells) == len(set(cells))
    assert set(cells) - due == {("standards", "scjg")}
    assert due <= set(cells)
    assert [item["expected"] for item in grid.rows if item["reporter_code"] == "KFQTS"][-1] is False
    assert grid.warning is None


@pytest.mark.parametrize("day", ["2020-10-15", "2020-10-16", "2020-10-18", "2020-11-20"])
def test_days_late_are_those_of_today_where_nothing_new_was_published_since(
    every_state, day, tmp_path
):
    old = publish(every_state, tmp_path / "old", "2020-10-13", replayed=False)
    new = publish(every_state, tmp_path / "new", day, replayed=False)
    now = at(day)
    period = Period.parse("2020Q3")
    seen, fresh = (read_grid(pointer, period, now).rows for pointer in (old, new))
    assert [(item["state"], item["days_late"]) for item in seen] == [
        (item["state"], item["days_late"]) for item in fresh
    ]
    late = {item["reporter_code"]: item for item in seen if item["dataset"] == "standards"}
    assert late["420204"]["is_due"] == (day > "2020-10-15")


def test_a_root_that_lives_on_a_simulated_clock_is_seen_by_that_clock(every_state, tmp_path):
    pointer = publish(every_state, tmp_path)
    assert read_grid(pointer, None, at("2026-11-24")).as_of == date(2020, 10, 30)


def test_without_a_period_the_newest_with_an_owed_form_that_came_is_shown(tmp_path):
    warehouse = Warehouse()
    keep(warehouse, Form("420202", row("420202"), period="2020Q1"))
    keep(warehouse, Form("420203", row("420203"), period="2020Q2"))
    keep(warehouse, Form("scjg", row("420203"), period="2020Q3"))
    assert read_grid(publish(warehouse, tmp_path), None, at(TODAY)).period == Period.parse("2020Q2")


def test_before_any_form_came_the_newest_period_is_shown(tmp_path):
    grid = read_grid(publish(Warehouse(), tmp_path), None, at(TODAY))
    assert grid.period == Period.parse("2020Q3")


@pytest.fixture
def shown(monkeypatch, capsys):
    """Runs the command on a root and gives its exit code and what it printed."""

    def show(home: Path, period: str | None, output: str = "table", language: str = "zh"):
        monkeypatch.setenv("BIAOGAN_HOME", str(home))
        monkeypatch.delenv("BIAOGAN_CONFIG", raising=False)
        choose_language(language)
        code = show_status(period, output)
        return code, capsys.readouterr().out

    return show


def test_status_says_every_state_in_words_with_dates_and_days(every_state, tmp_path, shown):
    publish(every_state, tmp_path)
    code, said = shown(tmp_path, "2020Q3")
    assert code == 0
    lines = [line for line in said.splitlines() if "标准制修订情况表" in line]
    expected = {
        "黄石港区": ("已接受", "逾期 3 个工作日", "2020-10-15", "2020-11-16"),
        "西塞山区": ("退回（第 2 轮）", "逾期 11 个工作日"),
        "下陆区": ("待核实", "逾期 11 个工作日"),
        "阳新县": ("零报告",),
        "大冶市": ("已撤回",),
        "开发区·铁山区": ("免报",),
        "市市场监管局": ("已接受（未要求）",),
    }
    for reporter, words in expected.items():
        [line] = [line for line in lines if reporter in line]
        assert [word for word in words if word not in line] == []
    assert any("应报未报" in line for line in said.splitlines())
    assert "报送率" in said
    [rates] = [line for line in lines if " %" in line]
    assert [part.strip() for part in rates.split("│")[2:6]] == [
        "5", "5  100.00 %", "5  100.00 %", "2  40.00 %"
    ]  # fmt: skip


def test_status_draws_one_sign_a_form_where_many_report(every_state, tmp_path, shown):
    publish(every_state, tmp_path)
    _, said = shown(tmp_path, "2020Q3", language="en")
    drawn = said[said.index("A accepted") - 4000 : said.index("A accepted")].splitlines()
    [line] = [line for line in drawn if line.startswith("Standards executed") and " R " in line]
    assert line.removeprefix("Standards executed, led or joined").split() == list("ARH0WEA")


def test_status_before_the_due_date_says_not_due(tmp_path, shown):
    publish(Warehouse(), tmp_path, "2020-10-15")
    _, said = shown(tmp_path, "2020Q3")
    assert "未到期" in said
    assert "应报未报" not in said.replace("欠 应报未报", "")
    assert "个工作日" not in said


def test_status_as_json_is_a_list_of_rows(every_state, tmp_path, shown):
    publish(every_state, tmp_path)
    code, said = shown(tmp_path, "2020Q3", "json")
    rows = json.loads(said)
    assert code == 0
    [first] = [r for r in rows if r["dataset"] == "standards" and r["reporter_code"] == "420202"]
    assert first == {
        "dataset": "standards", "period": "2020Q3", "reporter_code": "420202",
        "reporter": "黄石港区", "expected": True, "state": "accepted", "round": 1,
        "submission_id": 1, "due_on": "2020-10-15", "locked_on": "2020-11-16",
        "first_arrived_at": "2020-10-20 09:00:00+08:00",
        "accepted_at": "2020-10-20 09:00:00+08:00", "days_late": 3, "is_filled": True,
        "is_due": True,
    }  # fmt: skip


@pytest.mark.parametrize("period", ["2020Q5", "2020-13", "Q3", "三季度", "2020Q3' or true --", "-"])
def test_what_is_no_period_is_wrong_use(period, tmp_path, shown):
    code, said = shown(tmp_path, period)
    assert code == 2
    assert "不是报告期" in said


@pytest.mark.parametrize("period", ["2015Q1", "2020-09", "2020", "2099Q1"])
def test_a_period_nobody_owes_anything_for_says_so(every_state, period, tmp_path, shown):
    publish(every_state, tmp_path)
    code, said = shown(tmp_path, period)
    assert code == 0
    assert "没有应报的报表" in said
    assert shown(tmp_path, period, "json") == (0, "[]\n")


def test_status_before_the_first_night_says_that_nothing_is_published(tmp_path, shown):
    with pytest.raises(NothingPublished):
        shown(tmp_path, None)


# --- where the calendar ends ---------------------------------------------------------------------

LAST_YEAR = max(chinese_calendar.constants.holidays).year
BEYOND = date(LAST_YEAR + 1, 1, 5)


def test_dates_beyond_the_holiday_data_are_empty_and_the_grid_says_so(tmp_path, shown):
    publish(Warehouse(), tmp_path, BEYOND.isoformat())
    code, said = shown(tmp_path, f"{LAST_YEAR}Q4")
    assert code == 0
    assert f"节假日数据到 {LAST_YEAR} 年为止" in said.replace("\n", "")
    assert str(BEYOND.year) not in said.replace(BEYOND.isoformat(), "")
    code, said = shown(tmp_path, f"{LAST_YEAR}Q3")
    assert "已逾期，天数算不出来" in said


def test_the_night_is_warned_as_soon_as_one_date_is_unknown():
    warehouse = Warehouse()
    warehouse.open(TODAY)
    today = date.fromisoformat(TODAY)
    assert warn_of_calendar(warehouse.connection, today) is None
    warehouse.connection.execute(
        "update codes_obligation set locked_on = null where period = '2020Q3'"
    )
    warning = warn_of_calendar(warehouse.connection, today)
    assert warning is not None
    assert str(LAST_YEAR) in warning.zh
    assert str(LAST_YEAR) in warning.en


def test_the_last_day_of_the_holiday_data_is_still_known():
    last = date(LAST_YEAR, 12, 31)
    assert describe_calendar_end(last, has_unknown_dates=False) is None
    assert describe_calendar_end(last + timedelta(days=1), has_unknown_dates=False) is not None
