"""Why a form was revised: asked once per submission before the lock, holding nothing back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tests.night_root import SUMMER, lay, settings_of, write_form
from tests.warehouse_rows import FIRST_ROW, LOCKED, OPEN, Form, Gate, expectations
from warehouse.build.views import Cut, set_cut
from warehouse.check import check_files
from warehouse.contracts.model import list_asking
from warehouse.decide.failure import DecisionRefused
from warehouse.decide.record import record_decision, record_explanation
from warehouse.gate.consequences import drop_consequences
from warehouse.gate.explanations import apply_explanations
from warehouse.gate.locks import stage_locked
from warehouse.gate.revisions import stage_revisions
from warehouse.gate.verdict import decide
from warehouse.ledger.chain import verify_chain
from warehouse.ledger.load import Clock, load_rows, record_submissions
from warehouse.night import run_night
from warehouse.obligations import ReminderConfig, list_outstanding
from warehouse.periods import Period
from warehouse.read.returned_list import LIST_SHEET
from warehouse.rehearse.rehearsal import rehearse
from warehouse.returned.gather import gather_returns
from warehouse.returned.words import write_head
from warehouse.settings import CITY_TIME

STANDARDS = "reporting_unit standard_no enterprise_name product_name standard_level role"
INDICATORS = "indicator_code reporting_unit unit value prior_year_value"
ONE = "420202 GB1 A P1 国家标准 执行"
TWO = "420202 GB2 A P1 国家标准 执行"
THREE = "420202 GB3 A P1 国家标准 执行"
BY = "王科长"


@dataclass(frozen=True)
class Sent:
    """A form sent in a night of its own, and what comes of it.

    Attributes:
        rows: lines of words; None is 零报告.
        answer: what the file says in 说明, as `about = text`.
        faults: rules that reject or hold it besides.
        becomes: `verdict`, or `verdict asked` with what the question expects, or `verdict said`
            where the file answers it.
        day: of the night that judges it.
    """

    rows: Sequence[str] | None
    becomes: str
    answer: str = ""
    faults: Sequence[tuple[str, str]] = ()
    day: str = OPEN


class Desk(Gate):
    """A gate at which files are judged and recorded one night after the other."""

    dataset, columns, reporter = "standards", STANDARDS, "420202"
    seen_from = ""

    def open(self, day: str, cut: int | None = None) -> None:
        """Opens the views once a day: a new cut alone needs none."""
        if cut is None and day == self.seen_from:
            at = datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=CITY_TIME)
            set_cut(self.connection, Cut(self.chain.sequence, at, 7))
        else:
            super().open(day, cut)
            self.seen_from = day

    def receive(self, sent: Sent) -> str:
        """Judges and records a file: what becomes of it."""
        form = Form(self.reporter, sent.rows or (), is_nil=sent.rows is None)
        number = self.stage(self.dataset, self.columns, form)
        for rule, severity in sent.faults:
            self.connection.execute(
                "insert into gate_finding values (?, ?, ?, '', ?, 'B9', 'role', 'x', null)",
                [number, rule, severity, FIRST_ROW],
            )
        if sent.answer:
            about, text = sent.answer.split(" = ")
            self.connection.execute(
                "insert into gate_explanation values (?, ?, null, null, null, ?, null)",
                [number, about, text],
            )
        return self._settle(number, sent)

    def _settle(self, number: int, sent: Sent) -> str:
        self.open(sent.day)
        contract = expectations().contracts[self.dataset]
        stage_locked(self.connection, self.dataset, expectations())
        stage_revisions(self.connection, contract, expectations())
        drop_consequences(self.connection, expectations())
        apply_explanations(self.connection, expectations())
        verdicts = decide(self.connection, expectations())
        facts = {
            "submission_id": number,
            "dataset": self.dataset,
            "reporter_code": self.reporter,
            "period": "2020Q3",
            "period_type": Period.parse("2020Q3").period_type,
            "is_nil": sent.rows is None,
            "file_name": f"{number}.csv",
        }
        at = datetime.fromisoformat(f"{sent.day}T02:00:00").replace(tzinfo=CITY_TIME)
        record_submissions(self.connection, self.chain, Clock(at, True), [facts], verdicts)
        if verdicts[number].action != "reject":
            load_rows(self.connection, contract, [number])
        words = [verdicts[number].shown]
        for expected, explanation in self.connection.execute(
            "select expected, explanation from gate_explained where rule_id = 'revision_note'"
        ).fetchall():
            words.append("said" if explanation else expected)
        for table in ("submission", "finding", "explanation", f"row_{self.dataset}"):
            self.connection.execute(f"delete from gate_{table}")
        return " ".join(words)

    def explain(self, number: int, text: str, *, day: str = OPEN) -> None:
        """Writes down, as a steward would, why a submission revises another."""
        [(subject,)] = self.connection.execute(
            "select subject from ledger.finding where submission_id = ? "
            "and rule_id = 'revision_note'",
            [number],
        ).fetchall()
        self.write_down(number, "revision_note", None, subject, text, day)

    def write_down(
        self, number: int, rule: str, column: str | None, subject: str, text: str, day: str
    ) -> None:
        at = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=CITY_TIME)
        entry = {
            "submission_id": number, "dataset": self.dataset, "reporter_code": self.reporter,
            "period": "2020Q3", "rule_id": rule, "column_name": column, "subject": subject,
            "explanation": text, "author": BY, "night_at": at, "recorded_at": at,
            "is_replayed": True,
        }  # fmt: skip
        self.chain.append("explanation", [entry])

    def notes(self, day: str = OPEN) -> list[str]:
        """The rows of core.revision_note as lines of words."""
        self.open(day)
        rows = self.connection.execute("from core_revision_note order by all").fetchall()
        return [" ".join("-" if item is None else str(item) for item in row) for row in rows]


CASES = {
    "a first form revises nothing": [Sent([ONE], "accepted")],
    "another row asks, and the form is accepted all the same": [
        Sent([ONE], "accepted"),
        Sent([ONE, TWO], "accepted 1"),
    ],
    "a row less asks": [Sent([ONE, TWO], "accepted"), Sent([ONE], "accepted 1")],
    "the same row twice asks": [Sent([ONE], "accepted"), Sent([ONE, ONE], "accepted 1")],
    "one cell asks": [Sent([ONE], "accepted"), Sent([ONE.replace("执行", "主导")], "accepted 1")],
    "blank and not applicable are two things": [
        Sent([ONE.replace("P1", "-")], "accepted"),
        Sent([ONE.replace("P1", "/")], "accepted 1"),
    ],
    "another order asks nothing": [
        Sent([ONE, TWO], "accepted"),
        Sent([TWO, ONE], "accepted"),
    ],
    "a nil report in the place of rows asks, and rows in the place of one": [
        Sent([ONE], "accepted"),
        Sent(None, "accepted said", answer="修订说明 = 误报"),
        Sent([ONE], "accepted 2"),
    ],
    "a nil report again asks nothing": [Sent(None, "accepted"), Sent(None, "accepted")],
    "an answer given with the file, by either rule's name or a clerk's word for it": [
        Sent([ONE], "accepted"),
        Sent([TWO], "accepted said", answer="revision_note = 漏报"),
        Sent([ONE], "accepted said", answer="period_locked = 漏报"),
        Sent([TWO], "accepted said", answer="修订说明 = 漏报"),
    ],
    "an answer about something else is none": [
        Sent([ONE], "accepted"),
        Sent([TWO], "accepted 1", answer="stock_falls = 漏报"),
    ],
    "the next correction asks for its own note, whatever was said of the one before": [
        Sent([ONE], "accepted"),
        Sent([TWO], "accepted said", answer="修订说明 = 漏报"),
        Sent([THREE], "accepted 2"),
    ],
    "a question nobody has answered goes on with a file that says the same": [
        Sent([ONE], "accepted"),
        Sent([TWO], "accepted 1"),
        Sent([TWO], "accepted 1"),
        Sent([TWO], "accepted said", answer="修订说明 = 漏报"),
        Sent([TWO], "accepted"),
    ],
    "and with one that says something else again": [
        Sent([ONE], "accepted"),
        Sent([TWO], "accepted 1"),
        Sent([THREE], "accepted 1"),
        Sent([TWO], "accepted said", answer="修订说明 = 漏报"),
        Sent([ONE], "accepted 4"),
    ],
    "after the lock date the lock asks instead, and holds": [
        Sent([ONE], "accepted"),
        Sent([TWO], "held", day=LOCKED),
    ],
    "a rejected file takes nobody's place; the mended one is asked": [
        Sent([ONE], "accepted"),
        Sent([TWO], "rejected", faults=[("required", "must_fix")]),
        Sent([TWO], "accepted 1"),
    ],
    "what a rejected file said does not answer for the mended one": [
        Sent([ONE], "accepted"),
        Sent([TWO], "rejected", "修订说明 = 漏报", [("required", "must_fix")]),
        Sent([TWO], "accepted 1"),
    ],
    "a register held for another question is asked as well, and held for that one alone": [
        Sent([ONE], "accepted"),
        Sent([TWO], "held 1", faults=[("stock_falls", "explain")]),
    ],
    "what a held file said does not answer for the next one": [
        Sent([ONE], "accepted"),
        Sent([TWO], "held said", "修订说明 = 漏报", [("stock_falls", "explain")]),
        Sent([THREE], "accepted 1"),
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_a_revision_is_asked_for(name: str) -> None:
    desk = Desk()
    assert [desk.receive(sent) for sent in CASES[name]] == [sent.becomes for sent in CASES[name]]


def test_the_question_stands_at_no_cell_and_names_what_is_replaced() -> None:
    desk = Desk()
    for rows in ([ONE], [TWO]):
        desk.receive(Sent(rows, ""))
    desk.open(OPEN)
    found = desk.connection.execute(
        "select severity, sheet, source_row, cell, column_name, value, expected, subject, is_open "
        "from core_finding"
    ).fetchall()
    assert found == [("explain", "", None, None, None, None, "1", "1", True)]


def test_a_figure_that_is_asked_about_is_published() -> None:
    desk = Desk()
    desk.dataset, desk.columns, desk.reporter = "indicators", INDICATORS, "jxj"
    figure = "workers_dispatched_count 420200 人 {} -"
    assert desk.receive(Sent([figure.format(8)], "")) == "accepted"
    assert desk.receive(Sent([figure.format(9)], "")) == "accepted 1"
    desk.build("series")
    assert desk.read("series", "value", "basis = 'reported'") == ["9.000000"]
    desk.open(OPEN)
    assert desk.connection.execute("select value from included_indicators").fetchall() == [(9,)]


def test_only_what_holds_nothing_is_declared_so() -> None:
    assert list_asking(expectations().codes.common_rules) == ["revision_note"]


# --- core.revision_note --------------------------------------------------------------------------


def test_a_revision_has_the_note_given_with_it_or_later() -> None:
    desk = Desk()
    desk.receive(Sent([ONE], ""))
    desk.receive(Sent([TWO], "", answer="修订说明 = 漏报"))
    desk.receive(Sent([THREE], ""))
    before = desk.chain.sequence
    assert desk.notes() == ["2 1 漏报 420202", "3 2 - -"]
    desk.explain(3, "笔误")
    assert desk.notes() == ["2 1 漏报 420202", f"3 2 笔误 {BY}"]
    desk.open(OPEN, cut=before)
    as_known = desk.connection.execute("select note from core_revision_note order by 1").fetchall()
    assert as_known == [("漏报",), (None,)]


def test_what_answers_a_question_that_went_on_answers_for_all_since() -> None:
    desk = Desk()
    for rows, answer in (([ONE], ""), ([TWO], ""), ([TWO], ""), ([THREE], "修订说明 = 漏报")):
        desk.receive(Sent(rows, "", answer=answer))
    desk.receive(Sent([ONE], ""))
    assert desk.notes() == ["2 1 漏报 420202", "3 2 漏报 420202", "4 3 漏报 420202", "5 4 - -"]


def test_after_a_withdrawal_another_revision_of_the_same_form_has_a_note_of_its_own() -> None:
    desk = Desk()
    desk.receive(Sent([ONE], ""))
    desk.receive(Sent([TWO], ""))
    at = datetime(2020, 10, 30, 9, tzinfo=CITY_TIME)
    desk.chain.append(
        "decision",
        [
            {"submission_id": 2, "action": "withdraw", "decided_by": BY, "night_at": at}
            | {"recorded_at": at, "is_replayed": True}
        ],
    )
    assert desk.receive(Sent([THREE], "", answer="修订说明 = 漏报")) == "accepted said"
    assert desk.notes() == ["2 1 - -", "3 1 漏报 420202"]


def test_a_revision_after_the_lock_has_its_note_there_too_and_the_next_is_asked_anew() -> None:
    desk = Desk()
    desk.receive(Sent([ONE], ""))
    desk.receive(Sent([TWO], "", answer="修订说明 = 漏报", day=LOCKED))
    assert desk.notes(LOCKED) == ["2 1 漏报 420202"]
    assert desk.receive(Sent([THREE], "", day=LOCKED)) == "held"


# --- core.change ---------------------------------------------------------------------------------

OTHER = "prov_key_lab_count"
FIGURE = "workers_dispatched_count"


class Figures(Desk):
    """A desk for the indicators of one department, of which figures may be withheld."""

    dataset, columns, reporter = "indicators", INDICATORS, "jxj"

    def keep_form(self, value: int, *withheld: str, action: str = "accept") -> int:
        """An accepted form in which columns of its first row wait for an explanation."""
        rows = [f"{FIGURE} 420200 人 {value} 7", f"{OTHER} 420200 家 1 -"]
        places = [(0, column) for column in withheld]
        return self.keep(
            self.dataset, self.columns, Form("jxj", rows, action=action, withheld=places)
        )

    def publish(self, number: int, column: str = "value", day: str = "2020-12-20") -> None:
        """A steward explains what is withheld in a column."""
        self.write_down(number, "x", column, "", "属实", day)

    def status(self) -> list[str]:
        self.connection.execute("update ledger.finding set subject = ''")
        self.build("series", day=LOCKED)
        where = f"basis = 'reported' and indicator_code = '{FIGURE}'"
        return self.read("series", "value status", where)


def test_a_figure_published_by_an_explanation_after_the_lock_is_revised() -> None:
    desk = Figures()
    desk.publish(desk.keep_form(8, "value"))
    assert desk.status() == ["8.000000 revised"]


def test_one_published_before_the_lock_is_not() -> None:
    desk = Figures()
    desk.publish(desk.keep_form(8, "value"), day=OPEN)
    assert desk.status() == ["8.000000 final"]


def test_later_words_for_a_figure_that_is_out_change_nothing() -> None:
    desk = Figures()
    number = desk.keep_form(8, "value")
    desk.publish(number, day=OPEN)
    desk.publish(number)
    assert desk.status() == ["8.000000 final"]


def test_a_figure_is_out_when_the_last_question_about_it_is_answered() -> None:
    desk = Figures()
    number = desk.keep_form(8, "value", "value")
    desk.connection.execute("update ledger.finding set rule_id = 'y' where rowid = 1")
    desk.publish(number, day=OPEN)
    assert desk.status() == []
    desk.write_down(number, "y", "value", "", "属实", "2020-12-20")
    assert desk.status() == ["8.000000 revised"]


def test_an_explanation_of_a_form_that_was_replaced_before_it_came_changes_nothing() -> None:
    desk = Figures()
    first = desk.keep_form(8, "value")
    desk.keep_form(9)
    desk.publish(first)
    assert desk.status() == ["9.000000 final"]


def test_an_explanation_of_a_form_that_still_counted_does() -> None:
    desk = Figures()
    first = desk.keep_form(8, "value")
    desk.publish(first)
    desk.keep_form(9, action="hold")
    assert desk.status() == ["8.000000 revised"]


def test_a_note_written_down_after_the_lock_revises_nothing() -> None:
    desk = Desk()
    desk.receive(Sent([ONE], ""))
    desk.receive(Sent([TWO], ""))
    desk.explain(2, "笔误", day=LOCKED)
    desk.build("standards", day=LOCKED)
    where = "standard_level = '全部' and role = '全部' and reporting_unit_code = '420202'"
    assert desk.read("standards", "standard_count status", where) == ["1 final"]


# --- where the question is asked -----------------------------------------------------------------


def ask_again(desk: Desk) -> list[tuple[str, int]]:
    desk.open(OPEN)
    today = date.fromisoformat(OPEN)
    found = list_outstanding(desk.connection, expectations(), ReminderConfig(), today)
    return [
        (item.kind, item.unexplained)
        for item in found
        if (item.dataset, item.reporter, item.period) == (desk.dataset, desk.reporter, "2020Q3")
    ]


@pytest.mark.parametrize("rows", [[TWO], None], ids=["rows", "nil report"])
def test_a_reminder_asks_for_the_note_until_it_is_given(rows: Sequence[str] | None) -> None:
    desk = Desk()
    desk.receive(Sent([ONE], ""))
    assert ask_again(desk) == []
    desk.receive(Sent(rows, ""))
    assert ask_again(desk) == [("revised", 1)]
    desk.explain(2, "笔误")
    assert ask_again(desk) == []


def test_a_form_with_a_figure_withheld_is_reminded_of_both() -> None:
    desk = Figures()
    desk.keep_form(8)
    number = desk.keep_form(9, "value")
    desk.connection.execute(
        "insert into ledger.finding (submission_id, rule_id, severity, sheet, expected, subject) "
        "values (?, 'revision_note', 'explain', '', '1', '1')",
        [number],
    )
    assert ask_again(desk) == [("withheld", 1), ("revised", 1)]
    desk.connection.execute("update ledger.submission set file_name = '表.csv'")
    form = gather_returns(desk.connection, expectations(), [number])[number]
    assert form.verdict == "held"


def test_what_goes_back_says_that_the_form_counts() -> None:
    desk = Desk()
    desk.receive(Sent([ONE], ""))
    desk.receive(Sent([TWO], ""))
    desk.open(OPEN)
    form = gather_returns(desk.connection, expectations(), [2])[2]
    assert form.verdict == "accepted"
    assert "已接受，请补写修订原因" in "".join(write_head(form, "own"))
    assert [(mark.rule_id, mark.subject) for mark in form.marks] == [("revision_note", "1")]


UNIT, QUARTER = "420222", "2020年二季度"
WEEKS = [SUMMER + timedelta(days=7 * week) for week in range(4)]


@dataclass
class Night:
    """What a night left behind: what the tables say, and the files that went out."""

    verdicts: list[str]
    notes: list[tuple[Any, ...]]
    count: int
    returned: list[Path]
    reminder: str
    page: str


def play(home: Path, at: datetime) -> Night:
    settings = settings_of(home)
    report = run_night(settings, at)
    with duckdb.connect(str(settings.database), read_only=True) as ledger:
        assert verify_chain(ledger) == []
        notes = ledger.execute(
            "select submission_id, expected, explanation from ledger.finding "
            "where rule_id = 'revision_note' order by all"
        ).fetchall()
        paths = ledger.execute("select path from ledger.delivery where kind = 'returned'")
        returned = sorted(settings.outbox / path for (path,) in paths.fetchall())
    with duckdb.connect(str(settings.pointer.resolve()), read_only=True) as release:
        [(count,)] = release.execute(
            "select standard_count from mart.standards where standard_level = '全部' "
            f"and role = '全部' and reporting_unit_code = '{UNIT}'"
        ).fetchall()
    reminder = settings.outbox / UNIT / "催报.txt"
    newest = max(settings.site.glob("submissions/[0-9]*.html"), key=lambda path: int(path.stem))
    return Night(
        [row["verdict"] for row in report.submissions],
        notes,
        count,
        returned,
        reminder.read_text(encoding="utf-8") if reminder.exists() else "",
        newest.read_text(encoding="utf-8"),
    )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Night]]:
    """A form, its correction, the correction's returned workbook answered, another correction."""
    home = tmp_path_factory.mktemp("story") / "home"
    nights = []
    for week, count in ((0, 6), (1, 8)):
        lay(home, f"{UNIT}/第{week}周.csv", write_form(UNIT, QUARTER, range(count)), WEEKS[week])
        nights.append(play(home, WEEKS[week]))
    [returned] = nights[-1].returned
    book = openpyxl.load_workbook(returned)
    listed = book[LIST_SHEET]
    cells = [cell for row in listed.iter_rows() for cell in row]
    row = next(cell.row for cell in cells if cell.value == "revision_note")
    column = next(cell.column for cell in cells if cell.value == "explanation")
    listed.cell(row, column).value = "漏报两项"
    answered = home / "inbox" / UNIT / returned.name
    book.save(answered)
    os.utime(answered, (WEEKS[2].timestamp() - 3600,) * 2)
    nights.append(play(home, WEEKS[2]))
    lay(home, f"{UNIT}/第3周.csv", write_form(UNIT, QUARTER, range(9)), WEEKS[3])
    nights.append(play(home, WEEKS[3]))
    return home, nights


def test_a_correction_is_published_the_night_it_comes_and_its_note_is_asked_for(story) -> None:
    first, second, *_ = story[1]
    assert (first.verdicts, first.notes, first.count) == (["accepted"], [], 6)
    assert (second.verdicts, second.count) == (["accepted"], 8)
    assert second.notes == [(2, "1", None)]
    assert "请写明为什么修订" in second.reminder and "请写明为什么修订" not in first.reminder
    assert "biaogan explain 2 --rule revision_note" in second.page


def test_the_answer_in_the_returned_workbook_is_taken_and_ends_the_question(story) -> None:
    third = story[1][2]
    assert (third.verdicts, third.count) == (["accepted"], 8)
    assert third.notes == [(2, "1", None), (3, "1", "漏报两项")]
    assert "请写明为什么修订" not in third.reminder
    assert "biaogan explain 3" not in third.page
    assert len(third.returned) == 1


def test_the_next_correction_asks_for_its_own(story) -> None:
    fourth = story[1][3]
    assert (fourth.verdicts, fourth.count) == (["accepted"], 9)
    assert fourth.notes[2:] == [(4, "3", None)]
    assert "请写明为什么修订" in fourth.reminder


def test_a_check_tells_it_and_accepts(story, tmp_path) -> None:
    form = tmp_path / "更正.csv"
    form.write_text(write_form(UNIT, QUARTER, range(10)), encoding="utf-8")
    [checked] = check_files(settings_of(story[0]), [form], "zh", WEEKS[3] + timedelta(hours=9))
    assert checked.verdict == "accepted"
    assert [finding["rule"] for finding in checked.findings] == ["revision_note"]
    assert "第 4 号报送" not in checked.findings[0]["sentence"]  # the question of 4 goes on
    assert "第 3 号报送" in checked.findings[0]["sentence"]


def test_judged_again_with_the_same_rules_nothing_is_different(story) -> None:
    again = rehearse(settings_of(story[0]))
    assert not again.differences and not again.reworded


def test_a_steward_writes_the_note_down_once_and_for_that_submission_alone(story) -> None:
    settings = settings_of(story[0])
    later = WEEKS[3] + timedelta(hours=9)
    with pytest.raises(DecisionRefused, match="leave the last day out"):
        record_explanation(
            settings, 4, "revision_note", "漏报", BY, until=date(2020, 12, 31), at=later
        )
    done = record_explanation(settings, 4, "revision_note", "再漏报一项", BY, at=later)
    assert (done.answered, done.left, done.is_accepted, done.counting) == (1, 0, False, 4)
    with pytest.raises(DecisionRefused, match="already"):
        record_decision(settings, 4, "accept", BY, "已核", at=later)
