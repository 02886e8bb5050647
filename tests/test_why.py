"""Why a figure changed: every part with its cause, and the parts add up to the whole."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import night_root
import pytest
from night_root import SPRING, lay, run_command, settings_of, write_form
from test_as_of import redefine

from biaogan.options import read_release
from warehouse.decide.record import record_decision
from warehouse.ledger.lease import hold_lease
from warehouse.night import run_night
from warehouse.query import FileUnreadable, NothingPublished
from warehouse.vintages import cells
from warehouse.vintages.cells import add_cells
from warehouse.vintages.failure import FigureUnknown, ReleaseUnknown
from warehouse.vintages.model import Account, Movement, Part
from warehouse.vintages.why import Question, explain_series

pytestmark = pytest.mark.slow  # real nights: half a minute of processor time and more

Q1, BY, REASON = "2020年一季度", "王科长", "与原件不符"
SERIES = "standards.standard_count"
LED = "standards.standard_count[role=主导]"
DAYS = [SPRING + timedelta(days=2 * number) for number in range(5)]


def correct(numbers: range) -> str:
    """The form of 420222 with another number of rows, its first now led instead of executed."""
    return write_form("420222", Q1, numbers).replace("国家标准,执行", "国家标准,主导", 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five releases: one form; a late one; a correction; both of these taken back by a steward; and
    at last another model, a correction and a late form in one night."""
    folder = tmp_path_factory.mktemp("why")
    home = folder / "home"

    def night(at: datetime, **changes: object) -> None:
        assert run_night(settings_of(home, **changes), at).release_id

    lay(home, "420222/一季度.csv", write_form("420222", Q1, range(8)), SPRING)
    night(DAYS[0])
    lay(home, "420281/一季度.csv", write_form("420281", Q1, range(100, 103)), DAYS[1])
    night(DAYS[1])
    lay(home, "420222/更正.csv", correct(range(9)), DAYS[2])
    night(DAYS[2])
    before = DAYS[3] - timedelta(hours=9)
    record_decision(settings_of(home), 2, "return", BY, REASON, before)
    record_decision(settings_of(home), 3, "withdraw", BY, REASON, before)
    night(DAYS[3])
    lay(home, "420222/再更正.csv", correct(range(10)), DAYS[4])
    lay(home, "420204/一季度.csv", write_form("420204", Q1, range(200, 202)), DAYS[4])
    night(DAYS[4], extra=redefine(folder / "extra"))
    return home


def ask(home: Path, series: str = SERIES, **asked: object) -> Account:
    facts = {"period": None, "unit": None, "city": "420200", "start": None, "end": None}
    settings = settings_of(home)
    return add_cells(settings, explain_series(settings.pointer, Question(series, **facts | asked)))


def only(account: Account) -> Movement:
    (movement,) = account.movements
    return movement


def brief(part: Part) -> tuple[object, ...]:
    return (part.release_id, part.cause, part.submission_id, int(part.difference))


def test_a_figure_is_split_into_what_happened_to_it(home: Path) -> None:
    movement = only(ask(home))
    assert [brief(part) for part in movement.parts] == [
        (1, "first_published", None, 8),
        (2, "late_form", 2, 3),
        (3, "correction", 3, 1),
        (4, "decision", 2, -3),
        (4, "withdrawal", 3, -1),
        (5, "definition_change", None, 1000),
        (5, "late_form", 4, 2),
        (5, "correction", 5, 2),
    ]
    assert (movement.before, movement.after) == (None, Decimal(1012))
    assert movement.subtotals == {
        "first_published": 8,
        "late_form": 5,
        "correction": 3,
        "withdrawal": -1,
        "decision": -3,
        "definition_change": 1000,
    }
    assert movement.revision == 1004
    assert movement.is_accounted


def test_each_part_names_who_and_which_entry(home: Path) -> None:
    parts = only(ask(home)).parts
    assert [part.decided_by for part in parts[1:5]] == ["gate", "gate", BY, BY]
    assert [part.reporter for part in parts[1:3]] == ["大冶市", "阳新县"]
    with duckdb.connect(str(settings_of(home).database), read_only=True) as connection:
        for part in parts:
            if part.sequence is None:
                assert part.cause in {"first_published", "definition_change"}
                continue
            assert connection.execute(
                "select submission_id, decided_by from ledger.decision where sequence = $1",
                [part.sequence],
            ).fetchone() == (part.submission_id, part.decided_by)


@pytest.mark.parametrize("start", [None, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("end", [1, 2, 3, 4, 5])
def test_between_any_two_releases_the_parts_add_up_to_the_whole(
    home: Path, start: int | None, end: int
) -> None:
    if start and start > end:
        with pytest.raises(ReleaseUnknown, match="--from"):
            explain_series(
                settings_of(home).pointer, Question(SERIES, None, "all", "420200", start, end)
            )
        return
    account = explain_series(
        settings_of(home).pointer, Question(SERIES, None, "all", "420200", start, end)
    )
    with duckdb.connect(str(settings_of(home).pointer.resolve()), read_only=True) as connection:
        for movement in account.movements:
            values = [
                connection.execute(
                    "select value from mart.series_as_released($1) where series_code = $2 "
                    "and period = $3 and reporting_unit_code = $4",
                    [number, SERIES, movement.period, movement.reporting_unit_code],
                ).fetchone()
                for number in (start or 0, end)
            ]
            assert [movement.before, movement.after] == [row[0] if row else None for row in values]
            assert sum(part.difference for part in movement.parts) == movement.difference
            assert movement.is_accounted


def test_days_choose_the_releases_in_force(home: Path) -> None:
    account = ask(home, start=DAYS[1].date(), end=(DAYS[3] + timedelta(days=1)).date())
    assert (account.start.release_id, account.end.release_id) == (2, 4)
    assert [brief(part) for part in only(account).parts] == [
        (3, "correction", 3, 1),
        (4, "decision", 2, -3),
        (4, "withdrawal", 3, -1),
    ]


def test_a_correction_shows_the_cells_it_changed(home: Path) -> None:
    (part,) = (part for part in only(ask(home, end=3)).parts if part.cause == "correction")
    said = {(cell.heading, cell.before, cell.after): cell.address for cell in part.cells}
    assert said[("参与方式", "执行", "主导")] == "H4"
    added = [cell for cell in part.cells if cell.before is None]
    assert [cell.address for cell in added] == ["B12"]
    assert {cell.file for cell in part.cells} == {"420222/更正.csv"}


def test_a_correction_is_compared_with_what_counted_then_not_with_what_came_later(
    home: Path,
) -> None:
    """The last correction is held against the first form: the one between was withdrawn."""
    (part,) = (part for part in only(ask(home, start=4)).parts if part.cause == "correction")
    assert sorted(cell.address for cell in part.cells if cell.before is None) == ["B12", "B13"]


@pytest.mark.parametrize(
    ("series", "difference", "addresses"),
    [
        (LED, 1001, ["H4"]),
        ("standards.standard_count[role=执行]", 1, ["B12", "B13", "H4"]),
        (SERIES, 2, ["B12", "B13", "H4"]),
    ],
)
@pytest.mark.parametrize("unit", ["420200", "阳新县"])
def test_only_cells_that_can_touch_the_figure_are_shown(
    home: Path, series: str, difference: int, addresses: list[str], unit: str
) -> None:
    """One row became led (by a model that adds 1000), and two executed ones came."""
    movement = only(ask(home, series, unit=unit, start=4))
    (part,) = (part for part in movement.parts if part.cause == "correction")
    assert part.difference == difference
    assert sorted(cell.address for cell in part.cells) == addresses


def test_where_the_warehouse_cannot_be_looked_at_the_parts_are_told_all_the_same(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "WAIT_SECONDS", 0.1)
    settings = settings_of(home)
    account = explain_series(settings.pointer, Question(SERIES, None, None, "420200", None, 3))
    with hold_lease(settings.lease, "nightly"):
        held = add_cells(settings, account)
    elsewhere = add_cells(settings_of(tmp_path / "elsewhere"), account)
    for told, reason in ((held, "nightly"), (elsewhere, "biaogan nightly")):
        assert told.movements == account.movements
        assert [reason in notice.en for notice in told.notices] == [True]


def test_without_the_archive_rows_are_named_instead_of_cells(home: Path, tmp_path: Path) -> None:
    copied = night_root.copy_root(home, tmp_path / "home")
    (settings_of(copied).archive).rename(tmp_path / "away")
    (part,) = (part for part in only(ask(copied, end=3)).parts if part.cause == "correction")
    assert {cell.address for cell in part.cells} == {"4", "12"}


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ({"series": "standards.standard_cuont"}, SERIES),
        ({"period": "2020Q9"}, "2020Q1"),
        ({"unit": "武汉市"}, "420222 阳新县"),
    ],
)
def test_what_no_release_had_is_refused_with_what_is_near(
    home: Path, asked: dict[str, str], near: str
) -> None:
    with pytest.raises(FigureUnknown) as refused:
        ask(home, **asked)
    for language in ("zh", "en"):
        assert near in refused.value.of(language)


@pytest.mark.parametrize("wanted", [99, (SPRING - timedelta(days=1)).date()])
def test_a_release_that_is_not_there_is_refused_with_those_there_are(
    home: Path, wanted: object
) -> None:
    with pytest.raises(ReleaseUnknown, match=r"there are 1 \(2020-04-20\) to 5"):
        ask(home, start=wanted)


def test_a_period_not_yet_published_is_refused(home: Path) -> None:
    with pytest.raises(FigureUnknown, match="By release 1"):
        ask(home, "standards.standard_count[role=主导]", period="2020Q1", end=1)


@pytest.mark.parametrize(("text", "release"), [("5", 5), ("2020-04-20", SPRING.date())])
def test_a_release_is_named_by_number_or_day(text: str, release: object) -> None:
    assert read_release(text) == release


def test_the_screen_shows_parts_sums_and_cells(home: Path) -> None:
    code, said, _ = run_command(home, "--lang", "en", "why", SERIES, "--to", "3")
    assert code == 0
    words = " ".join(said.split())
    assert (
        "first published +8 late forms +3 corrections +1; together +12, from nothing to 12."
        in words
    )
    assert "420222/更正.csv ▸ H4" in words
    assert "执行 → 主导" in words
    _, chinese, _ = run_command(home, "why", SERIES, "--to", "3")
    assert "首次发布 +8 晚报 +3 更正 +1；合计 +12，由 无 变为 12。" in " ".join(chinese.split())


def test_json_has_every_part_and_exact_numbers(home: Path) -> None:
    code, said, _ = run_command(home, "why", SERIES, "--format", "json", "--from", "2")
    account = json.loads(said)
    assert code == 0
    assert account["from"] == {
        "release_id": 2,
        "published_on": "2020-04-22",
        "is_replayed": True,
    }
    (figure,) = account["figures"]
    assert (figure["before"], figure["after"], figure["difference"]) == ("11", "1012", "1001")
    assert figure["is_accounted"] is True
    assert sum(Decimal(part["difference"]) for part in figure["parts"]) == 1001
    assert [part["cause"] for part in figure["parts"]][:4] == [
        "correction",
        "decision",
        "withdrawal",
        "definition_change",
    ]
    assert figure["parts"][0]["cells"][0]["file"] == "420222/更正.csv"
    assert figure["parts"][2]["cells"] is None


@pytest.mark.parametrize("words", [("--from", "yesterday"), ("--to", ""), ("--format", "csv")])
def test_wrong_use_is_told_apart_from_a_refusal(home: Path, words: tuple[str, ...]) -> None:
    assert run_command(home, "why", SERIES, *words)[0] == 2
    code, said, complaint = run_command(home, "--lang", "en", "why", "nothing_like_it_at_all")
    assert (code, said) == (1, "")
    assert complaint.startswith("There is no series nothing_like_it_at_all")


def test_a_file_from_before_vintages_is_named(tmp_path: Path) -> None:
    pointer = tmp_path / "mart.duckdb"
    with pytest.raises(NothingPublished):
        explain_series(pointer, Question(SERIES, None, None, "420200", None, None))
    with duckdb.connect(str(tmp_path / "mart-000001.duckdb")) as connection:
        connection.execute("create schema mart; create table mart.release (release_id bigint)")
    pointer.symlink_to("mart-000001.duckdb")
    with pytest.raises(FileUnreadable, match="earlier version"):
        explain_series(pointer, Question(SERIES, None, None, "420200", None, None))
