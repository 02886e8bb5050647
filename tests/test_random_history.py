"""Two years of random nights: the warehouse says what a slow reference in plain Python says."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from random_forms import RealNights, read_reference
from random_history import (
    FIELDS,
    FIRMS,
    NOT_APPLICABLE,
    REPORTERS,
    STEWARD,
    Act,
    Decision,
    Exemption,
    File,
    History,
    Night,
    Question,
    histories,
    merge_nights,
    sort_files,
)
from reference_history import MARTS, NEW_NAME, Figure, Meaning, Part, Reference, Release

from tests.warehouse_rows import FIRST_ROW, expectations, sql
from warehouse.build.marts import build_marts
from warehouse.build.release import ReleaseFacts, build_release
from warehouse.build.views import Cut, open_views
from warehouse.contracts.load import build_expectations
from warehouse.ledger.chain import NO_FINDINGS, Chain, digest_findings, find_cut, verify_chain
from warehouse.ledger.load import Clock
from warehouse.ledger.tables import create_tables
from warehouse.night.releases import Releases
from warehouse.night.rules import Rules, load_kept_rules, load_rules
from warehouse.periods import Period
from warehouse.settings import CITY_TIME, Settings
from warehouse.sql_files import SqlFile

RELEASE_MARTS = ("series", "series_vintage", "series_change", "release")
KEY = "series_code, period, reporting_unit_code"
FIGURE = (
    f"{KEY}, value, value_state, expected_submissions, included_submissions, status, qualifier, "
    "indicator_name, unit, measure_kind, is_additive, adds_over_periods, "
    "accumulated_since, break_reason is not null"
)
EXAMPLES = int(os.environ.get("BIAOGAN_HISTORIES", "10"))
"""Histories drawn in each run; raise it to search for longer."""
OURS = "series_code not like 'trademark_growth%'"
PATCHES = {
    "no_credit": ("funding", "where funding_kind <> '贷款授信'"),
    "own_part": ("standards", "where role <> '执行'"),
}
"""By edition, the mart and what is added to where it reads its rows."""
FILE_EDITIONS = ("first", "no_credit", "own_part", "two_departments")
"""Those that a folder beside the project's own can define."""


@functools.cache
def rules(edition: str, about: frozenset[str]) -> Rules:
    """Contracts, core models and the marts of some datasets, as an edition defines them."""
    wanted = {mart.name for mart in MARTS if about.intersection(mart.datasets)}
    marts = {name: sql("mart")[name] for name in (*sorted(wanted), *RELEASE_MARTS)}
    texts = dict(expectations().texts)
    if edition in PATCHES and PATCHES[edition][0] in wanted:
        name, condition = PATCHES[edition]
        text = marts[name].text.replace(
            f"from included.{name}\n", f"from included.{name} {condition}\n"
        )
        assert text != marts[name].text
        marts[name] = SqlFile("mart", name, text)
    elif edition == "two_departments":
        contract = texts["services.toml"]
        texts["services.toml"] = contract.replace('owed_by = ["scjg"]', 'owed_by = ["scjg", "jxj"]')
    elif edition == "renamed":
        before, code, rest = texts["codes/indicators.toml"].partition('code = "std_total_count"')
        rest = rest.replace("执行和参与制修订标准项数", NEW_NAME, 1)
        rest = rest.replace("is_additive = false", "is_additive = true", 1)
        texts["codes/indicators.toml"] = before + code + rest
    return Rules(build_expectations(texts), {}, sql("core"), marts, sql("macro"))


class Played:
    """A warehouse in memory that plays nights, with the reference beside it."""

    def __init__(self, home: Path, history: History) -> None:
        self.about = frozenset(file.dataset for file in history.files)
        self.settings = Settings(home=home, keep_releases=99)
        self.connection = duckdb.connect()
        self.connection.execute(f"set TimeZone = '{CITY_TIME.key}'; set threads = 1")
        create_tables(self.connection, expectations().contracts.values())
        self.reference = Reference()
        self.nights: dict[int, Night] = {}

    def rules(self, edition: str) -> Rules:
        """The definitions of an edition, as far as the history is about them."""
        return rules(edition, self.about)

    def receive(self, night: Night) -> None:
        """What stewards did on the day before, then the night's files and the gate's verdicts."""
        self.reference.receive(night)
        for act in night.acts:
            self._act(act, _stamp(night.at - timedelta(hours=8)))
        last = len(self.reference.files) - len(night.files)
        numbered = list(enumerate(night.files, start=last + 1))
        for number, file in numbered:
            self._load(number, file)
        digests = digest_findings(self.connection, "ledger.finding")
        stamp = _stamp(night.at)
        self._append("submission", [_facts(n, f, digests.get(n)) | stamp for n, f in numbered])
        self._append(
            "decision",
            [
                {"submission_id": number, "action": file.verdict, "decided_by": "gate"} | stamp
                for number, file in numbered
            ],
        )

    def publish(self, night: Night) -> int | None:
        """Publishes where there is anything new; tells the release's number."""
        clock = Clock(night.at, is_replayed=True)
        current = self.rules(night.edition)
        made = Releases(self.connection, self.settings, current, clock).publish()
        if made is None:
            return None
        self.reference.publish(night, current.rule_set)
        self.nights[made[0]] = night
        return made[0]

    def look(self, cut: int, at: datetime, edition: str) -> dict[tuple[str, ...], Figure]:
        """The figures as of a ledger entry, without a release."""
        current = self.rules(edition)
        open_views(self.connection, current.expectations, Cut(cut, at, 0), current.core)
        marts = {n: m for n, m in current.marts.items() if n not in RELEASE_MARTS or n == "series"}
        build_marts(self.connection, marts, current.expectations, "temp")
        return read_figures(self.connection, "mart_series")

    def published(self, number: int) -> duckdb.DuckDBPyConnection:
        """Opens the file of a release."""
        path = self.settings.published / f"mart-{number:06d}.duckdb"
        return duckdb.connect(str(path), read_only=True)

    def _act(self, act: Act, stamp: dict[str, Any]) -> None:
        if isinstance(act, Exemption):
            entry = {
                "exemption_id": 1, "kind": act.kind, "dataset": act.dataset, "period": act.period,
                "reporter_code": act.reporter, "ends_on": act.ends_on, "granted_by": STEWARD,
            }  # fmt: skip
            self._append("exemption", [entry | stamp])
            return
        about = {"submission_id": act.submission_id}
        if isinstance(act, Decision):
            decision = {"action": act.action, "decided_by": STEWARD}
            self._append("decision", [about | decision | stamp])
            return
        file = self.reference.files[act.submission_id]
        entry = {
            "explanation_id": 1, "dataset": file.dataset, "reporter_code": file.reporter,
            "period": file.period, "explanation": "属实", "author": STEWARD,
            **_finding(act.question or (0, "", "")),
        }  # fmt: skip
        self._append("explanation", [about | entry | stamp])

    def _append(self, table: str, entries: list[dict[str, Any]]) -> None:
        Chain(self.connection).append(table, entries)

    def _load(self, number: int, file: File) -> None:
        for place, at in enumerate(file.doubtful, start=1):
            finding = _finding(at) | {
                "submission_id": number, "finding_number": place, "severity": "explain",
                "sheet": "", "source_row": FIRST_ROW + at[0],
            }  # fmt: skip
            self._insert("ledger.finding", [finding])
        if file.verdict == "reject":
            return
        rows = []
        for line, record in enumerate(file.records):
            absent = [name for name, value in record.items() if value == NOT_APPLICABLE]
            values = {name: None if name in absent else value for name, value in record.items()}
            place = {"source_sheet": "", "source_row": FIRST_ROW + line, "not_applicable": absent}
            rows.append({"submission_id": number} | place | values)
        self._insert(f"core.{file.dataset}", rows)

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            names = list(rows[0])
            marks = f"({', '.join('?' * len(names))})"
            self.connection.execute(
                f"insert into {table} ({', '.join(names)}) values {', '.join([marks] * len(rows))}",
                [row[name] for row in rows for name in names],
            )


def _stamp(at: datetime) -> dict[str, Any]:
    return {"night_at": at, "recorded_at": at, "is_replayed": True}


def _facts(number: int, file: File, findings: tuple[int, str] | None) -> dict[str, Any]:
    count, digest = findings or NO_FINDINGS
    return {
        "submission_id": number, "sha256": f"{number:064x}", "dataset": file.dataset,
        "reporter_code": file.reporter, "period": file.period, "is_nil": file.is_nil,
        "period_type": Period.parse(file.period).period_type, "finding_count": count,
        "findings_sha256": digest,
    }  # fmt: skip


def _finding(question: Question) -> dict[str, Any]:
    line, column, rule = question
    return {"rule_id": rule, "column_name": column, "subject": str(line)}


def read_figures(
    connection: duckdb.DuckDBPyConnection, table: str
) -> dict[tuple[str, ...], Figure]:
    """The figures of a table of series, each once; growth of trademarks is not the reference's."""
    rows = connection.execute(f"select {FIGURE} from {table} where {OURS}").fetchall()
    found = {row[:3]: read_figure(row) for row in rows}
    assert len(found) == len(rows), "a figure stands twice"
    return found


def read_figure(row: tuple[Any, ...]) -> Figure:
    """A row of the columns in `FIGURE`."""
    meaning = Meaning(*row[9:13])
    assert (meaning.adds_over_periods, meaning.accumulated_since) == row[13:15]
    return Figure(*row[3:9], meaning, row[15])


@contextmanager
def played(history: History) -> Iterator[Played]:
    """Plays a history to its end."""
    with tempfile.TemporaryDirectory() as home:
        warehouse = Played(Path(home), history)
        for night in history.nights:
            warehouse.receive(night)
            warehouse.publish(night)
        yield warehouse
        warehouse.connection.close()


def told(figures: dict[Any, Any]) -> list[Any]:
    """In order, so that a difference is told in few words."""
    return sorted(figures.items(), key=str)


# --- figures -------------------------------------------------------------------------------------


@settings(max_examples=EXAMPLES)
@given(history=histories(), places=st.sets(st.integers(0, 99), min_size=3, max_size=5))
def test_as_of_any_ledger_entry_the_figures_are_the_references(
    history: History, places: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as home:
        warehouse = Played(Path(home), history)
        for night in history.nights:
            warehouse.receive(night)
        reference, last = warehouse.reference, history.nights[-1]
        newest = len(reference.entries)
        assert find_cut(warehouse.connection) == newest
        for cut in sorted({newest, *(place * newest // 100 for place in places)}):
            seen = warehouse.look(cut, last.at, last.edition)
            assert told(seen) == told(reference.figures(cut, last.at, last.edition))


@settings(max_examples=max(EXAMPLES // 2, 1))
@given(history=histories(editions=("first",)), joined=st.lists(st.booleans(), max_size=5))
def test_in_other_batches_of_nights_the_same_files_end_in_the_same_figures(
    history: History, joined: list[bool]
) -> None:
    figures = look_at_end(history)
    assert told(look_at_end(sort_files(history))) == told(figures)
    # Which day something was decided on is part of what became of it, but no figure hangs on it.
    merged = look_at_end(merge_nights(history, joined))
    assert told(leave_status(merged)) == told(leave_status(figures))


def look_at_end(history: History) -> dict[Any, Figure]:
    """The figures after the last night."""
    with tempfile.TemporaryDirectory() as home:
        warehouse = Played(Path(home), history)
        for night in history.nights:
            warehouse.receive(night)
        last = history.nights[-1]
        return warehouse.look(find_cut(warehouse.connection), last.at, last.edition)


def leave_status(figures: dict[Any, Figure]) -> dict[Any, Figure]:
    return {key: figure._replace(status="") for key, figure in figures.items()}


# --- releases ------------------------------------------------------------------------------------


def honour(name: str, code: str | None, edition: str = "一") -> tuple[Any, ...]:
    return (
        "420202", "湖北企业百强", edition, name, code, "民营", None, date(2019, 5, 10), None,
    )  # fmt: skip


def _standard(number: str) -> tuple[Any, ...]:
    return ("420202", number, FIRMS["甲"], None, "国家标准", "执行")


def nights_of(*told: tuple[tuple[Act, ...], tuple[File, ...]]) -> History:
    """A night a quarter."""
    begin = datetime(2020, 7, 20, 2, tzinfo=CITY_TIME)
    return History(
        tuple(Night(begin + timedelta(days=91 * place), *night) for place, night in enumerate(told))
    )


LISTED = (honour("甲", FIRMS["甲"]),)
EXCUSED = nights_of(
    (
        (),
        tuple(
            File("honours", reporter, period, LISTED)
            for period in ("2020Q1", "2020Q2")
            for reporter in REPORTERS["honours"]
        ),
    ),
    ((Decision(3, "withdraw"),), ()),
    ((Exemption("excuse", "honours", "swj", "2020Q1", None),), ()),
)
"""Who joined and left can be told again as the form that was withdrawn is no longer owed."""
CODED_LATER = nights_of(
    (
        (),
        (File("honours", "jxj", "2020Q1", (honour("甲", None), honour("乙", FIRMS["甲"], "二"))),),
    ),
    ((), ()),
    ((), (File("honours", "jxj", "2020Q4", LISTED),)),
)
"""A form of another quarter tells that two names are one enterprise."""


BLAMED = nights_of(
    *[(night.acts, night.files) for night in CODED_LATER.nights[:2]],
    (
        (),
        (
            File("honours", "jxj", "2020Q4", LISTED),
            File("honours", "swj", "2020Q1", (("420222", "荆楚优品", *honour("丙", None)[2:]),)),
        ),
    ),
)
"""The same night a form comes that has nothing to do with it, for the quarter that moves."""


FORM = File("standards", "420202", "2020Q1", (_standard("GB/T 1001-2019"),))
CORRECTED = File("standards", "420202", "2020Q1", (*FORM.rows, _standard("GB/T 1002-2019")))
DAY = datetime(2020, 7, 20, 2, tzinfo=CITY_TIME)
BACKWARDS = History(
    (
        Night(DAY, files=(FORM,)),
        Night(DAY - timedelta(days=40), acts=(Decision(1, "withdraw"),)),
        Night(DAY - timedelta(days=50), acts=(Decision(1, "accept"),), files=(CORRECTED,)),
    )
)
"""What is decided later counts, whatever the clock says."""
SAME_SECOND = History(
    (
        Night(DAY, files=(FORM,)),
        Night(DAY, files=(CORRECTED,)),
        Night(DAY, acts=(Decision(2, "return"), Decision(1, "withdraw"))),
        Night(DAY, acts=(Decision(1, "accept"),)),
    )
)
"""Four releases in one second: a figure is corrected, taken down, and there as it was at first."""


@settings(max_examples=max(EXAMPLES // 2, 1))
@given(history=histories())
@example(history=EXCUSED)
@example(history=CODED_LATER)
@example(history=BLAMED)
@example(history=BACKWARDS)
@example(history=SAME_SECOND)
def test_every_release_says_what_the_reference_says_then_and_ever_after(history: History) -> None:
    with played(history) as warehouse:
        assert verify_chain(warehouse.connection) == []
        for release in warehouse.reference.releases:
            check_release(warehouse, release)
        check_vintages(warehouse)
        check_changes(warehouse)
        for release in warehouse.reference.releases:
            check_rebuilt(warehouse, release)


def check_release(warehouse: Played | Root, release: Release) -> None:
    """A file says what the reference says, and the last file still knows it."""
    with warehouse.published(release.number) as then:
        assert told(read_figures(then, "mart.series")) == told(dict(release.figures))
    with warehouse.published(len(warehouse.reference.releases)) as now:
        again = read_figures(now, f"mart.series_as_released({release.number})")
        assert told(again) == told(dict(release.figures))
        on_day = [
            item for item in warehouse.reference.releases if item.at.date() <= release.at.date()
        ]
        again = read_figures(now, f"mart.series_as_of('{release.at.date()}')")
        assert told(again) == told(dict(on_day[-1].figures))


def check_vintages(warehouse: Played | Root) -> None:
    """Every value ever published, with the releases and clocks it stood between."""
    releases = {release.number: release for release in warehouse.reference.releases}
    expected = [
        (key, vintage.figure, vintage.from_release, vintage.to_release)
        for key, vintages in warehouse.reference.vintages().items()
        for vintage in vintages
    ]
    with warehouse.published(len(releases)) as file:
        rows = file.execute(
            f"select {FIGURE}, known_from_release, known_to_release, known_from_on, known_from_at, "
            f"known_to_on, known_to_at from mart.series_vintage where {OURS}"
        ).fetchall()
    seen = []
    for row in rows:
        began, ended, *times = row[16:]
        seen.append((row[:3], read_figure(row), began, ended))
        assert times == [*clock_of(releases[began]), *clock_of(releases.get(ended))]
    assert sorted(seen, key=str) == sorted(expected, key=str)


def clock_of(release: Release | None) -> tuple[Any, Any]:
    """Day and time of a release; neither where there is none."""
    return (release.at.date(), release.at) if release else (None, None)


def check_changes(warehouse: Played | Root) -> None:
    """The parts of every move, by cause and ledger entry; they telescope between any releases."""
    reference = warehouse.reference
    expected: list[Any] = [
        (release.number, *key, place, part)
        for release in reference.releases
        for key, parts in release.parts.items()
        for place, part in enumerate(parts, start=1)
    ]
    with warehouse.published(len(reference.releases)) as file:
        rows = file.execute(
            f"select release_id, {KEY}, part_number, cause, sequence, submission_id, "
            "value_before, value_after, difference from mart.series_change "
            f"where {OURS} order by all"
        ).fetchall()
    parts = [(*row[:5], Part(*row[5:10])) for row in rows if row[5] != "first_published"]
    assert parts == sorted(expected, key=str)
    moves: dict[Any, list[tuple[int, Decimal]]] = {}
    for release, *key, _, cause, _, _, before, after, difference in rows:
        assert cause != "unaccounted"
        assert difference == (after or 0) - (before or 0)
        moves.setdefault(tuple(key), []).append((release, difference))
    for key, own in moves.items():
        for release in reference.releases:
            figure = release.figures.get(key)
            value = figure.value if figure else None
            assert sum(moved for number, moved in own if number <= release.number) == (value or 0)


def check_rebuilt(warehouse: Played | Root, release: Release) -> None:
    """Built again from ledger and core, a release has the content it was published with."""
    columns = "ledger_cut, published_at, recorded_at, is_replayed, rule_set, code_version"
    row = warehouse.connection.execute(
        f"select {columns}, published_by, content_sha256 from ledger.release where release_id = ?",
        [release.number],
    ).fetchone()
    assert row
    facts = ReleaseFacts(release.number, *row[:-1])
    current = warehouse.rules(warehouse.nights[release.number].edition)
    folder = warehouse.settings.home / "again"
    again = build_release(warehouse.connection, current, facts, folder)
    assert again.content_sha256 == row[-1]


# --- real nights ---------------------------------------------------------------------------------


class Root:
    """A data root over which real nights were run, with the reference read from its ledger."""

    def __init__(self, root: RealNights) -> None:
        self.root = root
        self.settings = root.settings("first")
        self.nights = root.nights
        self.connection = duckdb.connect(str(self.settings.database))
        self.connection.execute(f"set TimeZone = '{CITY_TIME.key}'")
        self.reference = read_reference(self.connection, root)

    def rules(self, edition: str) -> Rules:
        """What was in force in a night of an edition, as the archive has it."""
        rule_set = load_rules(self.root.settings(edition)).rule_set
        return load_kept_rules(self.settings.archive, rule_set)

    def published(self, number: int) -> duckdb.DuckDBPyConnection:
        """Opens the file of a release, built again where it is long gone."""
        path = self.settings.published / f"mart-{number:06d}.duckdb"
        again = self.settings.home / "again" / path.name
        return duckdb.connect(str(path if path.exists() else again), read_only=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=3, phases=[Phase.generate], derandomize=True)
@given(history=histories(nights=5, least_nights=4, least_files=2, editions=FILE_EDITIONS))
def test_real_nights_over_real_forms_say_what_the_reference_says(history: History) -> None:
    with tempfile.TemporaryDirectory() as folder:
        extras = {name: declare(Path(folder) / name, name) for name in FILE_EDITIONS}
        nights = RealNights(Path(folder) / "home", expectations(), extras)
        nights.play(history)
        root = Root(nights)
        assert verify_chain(root.connection) == []
        for release in root.reference.releases:
            check_rebuilt(root, release)
        for release in root.reference.releases:
            check_release(root, release)
        check_vintages(root)
        check_changes(root)
        root.connection.close()


def declare(folder: Path, edition: str) -> Path:
    """A folder with what an edition defines otherwise."""
    current = rules(edition, frozenset(FIELDS))
    for name, model in current.marts.items():
        if model != sql("mart")[name]:
            place = folder / "sql" / "mart" / f"{name}.sql"
            place.parent.mkdir(parents=True)
            place.write_text(model.text, "utf-8")
    for name, text in current.expectations.texts.items():
        if text != expectations().texts[name]:
            place = folder / "expectations" / name
            place.parent.mkdir(parents=True)
            place.write_text(text, "utf-8")
    return folder
