"""One night, step by step: pull, receive, check, load, build, publish. Each step is a plain method.

A flow may call the steps one by one to show them; `run_night` calls them in order.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import __version__
from warehouse.build.marts import build_marts
from warehouse.build.publish import (
    CATALOG,
    finish_release,
    open_release,
    point_to,
    release_path,
    remove_unfinished,
    retire_releases,
)
from warehouse.build.views import Cut, open_views
from warehouse.collect.archive import clear_incoming, path_of
from warehouse.collect.arrivals import Arrival, PullResult
from warehouse.collect.pull import pull_source
from warehouse.collect.sources import Source, find_config, load_sources
from warehouse.contracts.load import Expectations, load_expectations
from warehouse.database import open_database
from warehouse.gate.judge import Judgement, judge_contract
from warehouse.gate.stage import open_stage, stage_forms
from warehouse.gate.verdict import VERDICTS, apply_explanations, decide
from warehouse.intake import Incoming, Taken, take_in
from warehouse.ledger.chain import Chain
from warehouse.ledger.lease import hold_lease
from warehouse.ledger.load import KEPT, Clock, load_rows, record_submissions
from warehouse.ledger.tables import create_tables, transaction
from warehouse.settings import CITY_TIME, Settings
from warehouse.sql_files import load_sql

BATCH_FILES = 100
BATCH_BYTES = 64 * 1024 * 1024


@dataclass
class NightReport:
    """What a night did, for the summary.

    Attributes:
        submissions: one row per file that arrived, with its verdict.
        findings: number of findings by severity.
        seconds: by stage.
        broken: rules that could not be run, by dataset; its files wait for the next run.
    """

    clock: Clock
    submissions: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    findings_by_rule: list[dict[str, Any]] = field(default_factory=list)
    sources: list[PullResult] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    broken: dict[str, dict[str, str]] = field(default_factory=dict)
    rows_loaded: int = 0
    release_id: int | None = None
    published: Path | None = None
    taken_over_from: str | None = None

    @property
    def new_files(self) -> int:
        """Files that became submissions."""
        return sum(row["verdict"] != "identical" for row in self.submissions)


class Night:
    """One night over one data root. Use `open_night`."""

    def __init__(
        self,
        settings: Settings,
        expectations: Expectations,
        clock: Clock,
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        """Continues from the ledger; nothing is written before `load`."""
        self.settings = settings
        self.expectations = expectations
        self.clock = clock
        self.report = NightReport(clock)
        self.connection = connection
        self.sources: dict[str, Source] = {
            source.name: source for source in load_sources(find_config(settings.home), settings.inbox)
        }
        self._arrivals: list[Arrival] = []
        self._incoming: dict[int, Incoming] = {}
        self._numbers: dict[int, int] = {}
        self._twins: dict[int, int] = {}
        self._taken: dict[int, Taken] = {}
        self._judgements: list[Judgement] = []
        self._verdicts: dict[int, tuple[str, str]] = {}
        self._checks = load_sql("check", extra=settings.sql_extra)
        self._core_models = load_sql("core", extra=settings.sql_extra)
        self._mart_models = load_sql("mart", extra=settings.sql_extra)
        self._seen = {
            tuple(row)
            for row in connection.execute(
                "select source, file_name, size_bytes, etag from ledger.arrival"
            ).fetchall()
        }
        self._known = {
            (folder, sha256): number
            for folder, sha256, number in connection.execute(
                "select folder, sha256, min(submission_id) from ledger.submission "
                "where sha256 is not null group by all"
            ).fetchall()
        }
        self._next_submission = _fetch_number(
            connection, "select coalesce(max(submission_id), 0) + 1 from ledger.submission"
        )

    @contextlib.contextmanager
    def time_stage(self, name: str) -> Iterator[None]:
        """Adds what is done inside to the seconds of a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.report.seconds[name] = self.report.seconds.get(name, 0.0) + spent

    def pull(self, name: str) -> PullResult:
        """Pulls one source into the archive."""
        with self.time_stage("pull"):
            result = pull_source(
                self.sources[name],
                self.settings.archive,
                seen=self._seen,
                at=self.clock.at,
                is_replayed=self.clock.is_replayed,
                received={sha256 for _, sha256 in self._known},
            )
        self.report.sources.append(result)
        return result

    def plan_batches(self) -> list[list[int]]:
        """Numbers the new files in order of arrival and groups them into batches by size."""
        arrivals = [item for result in self.report.sources for item in result.arrivals]
        arrivals.sort(key=lambda item: (item.known_at, item.source, item.file_name))
        for item in arrivals:
            if item.outcome == "waiting":
                continue
            self._arrivals.append(item)
            if item.outcome == "ignored":
                continue
            twin = self._known.get((item.reporter, item.sha256 or ""))
            if twin is not None:
                self._twins[len(self._arrivals) - 1] = twin
                continue
            number = self._next_submission
            self._next_submission += 1
            self._numbers[len(self._arrivals) - 1] = number
            self._incoming[number] = self._describe(number, item)
            if item.sha256:
                self._known[item.reporter, item.sha256] = number
        return list(_group(self._incoming.values()))

    def receive(self, numbers: Sequence[int]) -> list[int]:
        """Reads, identifies, types and stages a batch of files."""
        with self.time_stage("receive"):
            today = self.clock.at.astimezone(CITY_TIME).date()
            taken = [
                take_in(self._incoming[number], self.expectations, today) for number in numbers
            ]
            stage_forms(self.connection, self.expectations, [item.staged for item in taken])
            for item in taken:
                # The rows are staged; keeping the text as well would hold the night in memory.
                self._taken[item.staged.submission_id] = Taken(item.staged, item.facts)
                object.__setattr__(item.staged.form, "rows", item.staged.form.rows.clear())
        return list(numbers)

    def datasets(self) -> list[str]:
        """Datasets with new files: registers first, since forms of figures are held against them."""
        present = {item.facts["dataset"] for item in self._taken.values()} - {None}
        contracts = self.expectations.contracts
        return sorted(present, key=lambda name: (contracts[name].kind == "figures", name))

    def judge(self, dataset: str) -> Judgement:
        """Judges all of a dataset's new files in one run."""
        with self.time_stage("check"):
            if self.expectations.contracts[dataset].kind == "figures":
                self._preview_marts()
            judgement = judge_contract(
                self.connection,
                self.expectations.contracts[dataset],
                self.expectations,
                self._checks,
            )
        self._judgements.append(judgement)
        if judgement.broken:
            self.report.broken[dataset] = judgement.broken
        return judgement

    def _preview_marts(self) -> None:
        """Lets checks on reported figures look at what the registers count, tonight's included."""
        build_marts(self.connection, self._mart_models, self.expectations, "temp")

    def load(self) -> None:
        """Decides, and writes the night into ledger and core in one transaction."""
        with self.time_stage("load"):
            if not self._arrivals:
                return
            waiting = self._list_undecided()
            with transaction(self.connection):
                self._record(waiting)

    def publish(self) -> Path | None:
        """Builds and publishes a release where something has changed; mends the pointer if not."""
        with self.time_stage("publish"):
            last = self.connection.execute(
                "select release_id, file_name, ledger_cut, rule_set, code_version, published_at "
                "from ledger.release order by release_id desc limit 1"
            ).fetchone()
            if last and not self._has_changed(last):
                self._mend_published(last)
                return None
            return self._release(last[0] + 1 if last else 1)

    def _describe(self, number: int, item: Arrival) -> Incoming:
        path = path_of(self.settings.archive, item.sha256) if item.sha256 else None
        return Incoming(
            submission_id=number,
            path=path,
            sha256=item.sha256,
            size_bytes=item.size,
            source=item.source,
            folder=item.reporter,
            file_name=item.file_name,
            known_at=item.known_at,
            refusal=item.reason if item.outcome == "refused" else None,
        )

    def _list_undecided(self) -> set[int]:
        """Files of datasets with a rule that could not be run: they wait for the next night."""
        return {
            number
            for number, item in self._taken.items()
            if item.facts["dataset"] in self.report.broken
        }

    def _record(self, waiting: set[int]) -> None:
        apply_explanations(self.connection, self.expectations)
        self._verdicts = decide(self.connection, self.expectations)
        numbers = [number for number in self._taken if number not in waiting]
        facts = [
            self._taken[number].facts
            | {"rule_set": self.expectations.rule_set, "code_version": __version__}
            for number in numbers
        ]
        chain = Chain(self.connection)
        record_submissions(self.connection, chain, self.clock, facts, self._verdicts)
        for dataset, contract in self.expectations.contracts.items():
            kept = [
                number
                for number in numbers
                if self._taken[number].facts["dataset"] == dataset
                and self._verdicts[number][0] in KEPT
            ]
            self.report.rows_loaded += load_rows(self.connection, contract, kept)
        self._record_arrivals(waiting)
        self._summarise(numbers)

    def _record_arrivals(self, waiting: set[int]) -> None:
        rows = []
        for place, item in enumerate(self._arrivals):
            number = self._twins.get(place) or self._numbers.get(place)
            if number in waiting:
                continue
            outcome = item.outcome
            if item.sha256:
                # The source compares bytes alone; the same bytes from another reporter are news.
                outcome = "identical" if place in self._twins else "new"
            rows.append(
                [
                    item.source, item.reporter, item.file_name, item.size, item.etag,
                    item.known_at, item.sha256, outcome, item.reason, number, self.clock.at,
                    datetime.now(UTC),
                ]
            )  # fmt: skip
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.connection.executemany(f"insert into ledger.arrival values ({marks})", rows)  # noqa: S608

    def _summarise(self, numbers: Sequence[int]) -> None:
        counts: dict[int, dict[str, int]] = {}
        for number, severity, count in self.connection.execute(
            "select submission_id, severity, count(*) from gate_explained group by all"
        ).fetchall():
            counts.setdefault(number, {})[severity] = count
        for number in numbers:
            facts = self._taken[number].facts
            found = counts.get(number, {})
            self.report.submissions.append(
                {**facts, "verdict": VERDICTS[self._verdicts[number][0]], "findings": found}
            )
            for severity, count in found.items():
                self.report.findings[severity] = self.report.findings.get(severity, 0) + count
        self.report.findings_by_rule = [
            {"dataset": dataset, "rule": rule, "severity": severity, "count": count}
            for dataset, rule, severity, count in self.connection.execute(
                "select submission.dataset, finding.rule_id, finding.severity, count(*) "
                "from gate_explained as finding inner join gate_submission as submission "
                "using (submission_id) group by all order by count(*) desc, 1, 2, 3"
            ).fetchall()
        ]
        for place, twin in self._twins.items():
            item = self._arrivals[place]
            self.report.submissions.append(
                {
                    "submission_id": twin,
                    "file_name": item.file_name,
                    "folder": item.reporter,
                    "verdict": "identical",
                    "findings": {},
                }
            )

    def _has_changed(self, last: tuple[Any, ...]) -> bool:
        """Whether a new release would say anything the last one does not, or its file is gone."""
        release_id, _, cut, rule_set, code_version, published_at = last
        if not release_path(self.settings.published, release_id).exists():
            return True
        if (cut, rule_set, code_version) != (
            self._content_cut(), self.expectations.rule_set, __version__,
        ):  # fmt: skip
            return True
        return published_at.astimezone(CITY_TIME).date() != self._today() and self._date_matters(
            published_at.astimezone(CITY_TIME).date()
        )

    def _today(self) -> Any:  # noqa: ANN401
        return self.clock.at.astimezone(CITY_TIME).date()

    def _date_matters(self, since: Any) -> bool:  # noqa: ANN401
        """Whether a period ended or a lock date passed since a day."""
        from warehouse.build.views import list_obligations  # noqa: PLC0415

        before = list_obligations(self.expectations, since)
        now = list_obligations(self.expectations, self._today())
        passed = now.filter(now["locked_on"].is_between(since, self._today(), closed="left"))
        return before.height != now.height or not passed.is_empty()

    def _content_cut(self) -> int:
        """The last ledger entry that figures can depend on; releases themselves are none."""
        return _fetch_number(
            self.connection,
            "select coalesce(max(sequence), 0) from "
            "(select sequence from ledger.submission union all select sequence from ledger.decision)",
        )

    def _release(self, release_id: int) -> Path:
        cut = self._content_cut()
        open_views(
            self.connection,
            self.expectations,
            Cut(cut, self.clock.at, release_id),
            self._core_models,
        )
        self._set_release_facts()
        folder = self.settings.published
        with open_release(self.connection, folder, release_id) as building:
            build_marts(self.connection, self._mart_models, self.expectations, CATALOG)
        published = finish_release(building, folder, release_id)
        Chain(self.connection).append(
            "release",
            [
                {
                    "release_id": release_id,
                    "ledger_cut": cut,
                    "file_name": published.path.name,
                    "content_sha256": published.content_sha256,
                    "rule_set": self.expectations.rule_set,
                    "code_version": __version__,
                    "published_at": self.clock.at,
                    "recorded_at": datetime.now(UTC),
                    "is_replayed": self.clock.is_replayed,
                }
            ],
        )
        point_to(published.path, self.settings.pointer)
        retire_releases(folder, self.settings.pointer, self.settings.keep_releases)
        self.report.release_id = release_id
        self.report.published = published.path
        return published.path

    def _set_release_facts(self) -> None:
        connection = self.connection
        connection.execute(f"set variable recorded_at = timestamptz '{datetime.now(UTC).isoformat()}'")
        connection.execute(f"set variable is_replayed = {self.clock.is_replayed}")
        connection.execute(f"set variable rule_set = '{self.expectations.rule_set}'")
        connection.execute(f"set variable code_version = '{__version__}'")

    def _mend_published(self, last: tuple[Any, ...]) -> None:
        """A killed run left the pointer one release behind, half a file, or a file too many."""
        folder, pointer = self.settings.published, self.settings.pointer
        target = release_path(folder, last[0])
        if pointer.resolve() != target.resolve():
            point_to(target, pointer)
        remove_unfinished(folder)
        retire_releases(folder, pointer, self.settings.keep_releases)


def _fetch_number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _group(files: Iterator[Incoming] | Any) -> Iterator[list[int]]:  # noqa: ANN401
    batch: list[int] = []
    size = 0
    for item in files:
        if batch and (len(batch) >= BATCH_FILES or size + item.size_bytes > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item.submission_id)
        size += item.size_bytes
    if batch:
        yield batch


@contextlib.contextmanager
def open_night(settings: Settings, at: datetime | None = None) -> Iterator[Night]:
    """Holds the lease and opens a night.

    Args:
        settings: the data root.
        at: a simulated clock for history that is replayed; None for the real one.

    Raises:
        LeaseHeld: another run is alive.
    """
    expectations = load_expectations(extra=settings.expectations_extra)
    clock = Clock(at or datetime.now(UTC), at is not None)
    purpose = f"nightly {clock.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
    with hold_lease(settings.lease, purpose) as left_behind:
        clear_incoming(settings.archive)
        connection = open_database(settings)
        try:
            contracts = list(expectations.contracts.values())
            create_tables(connection, contracts)
            open_stage(connection, contracts)
            night = Night(settings, expectations, clock, connection)
            if left_behind:
                night.report.taken_over_from = f"{left_behind.purpose} (process {left_behind.pid})"
            open_views(
                connection,
                expectations,
                Cut(night._content_cut(), clock.at, 0),  # noqa: SLF001
            )
            yield night
        finally:
            connection.close()


def run_night(
    settings: Settings,
    at: datetime | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> NightReport:
    """Runs one night from beginning to end.

    Raises:
        LeaseHeld: another run is alive.
        PublishError: the release could not be made; the one before still stands.
    """
    with open_night(settings, at) as night:
        for name in night.sources:
            progress(f"pull {name}")
            night.pull(name)
        for batch in night.plan_batches():
            progress(f"receive {len(batch)} files")
            night.receive(batch)
        for dataset in night.datasets():
            progress(f"check {dataset}")
            night.judge(dataset)
        progress("load")
        night.load()
        progress("publish")
        night.publish()
    return night.report


