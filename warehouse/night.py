"""One night, step by step: pull, receive, check, load, build, publish. Each step is a plain method.

A flow may call the steps one by one to show them; `run_night` calls them in order.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator, Sequence
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
from warehouse.build.views import Cut, open_views, set_cut
from warehouse.collect.archive import clear_incoming, path_of
from warehouse.collect.arrivals import Arrival, PullResult
from warehouse.collect.pull import pull_source
from warehouse.collect.sources import Source, find_config, load_sources
from warehouse.contracts.load import Expectations, load_expectations
from warehouse.database import open_database
from warehouse.fault import UserFault
from warehouse.gate.consequences import drop_consequences
from warehouse.gate.judge import Judgement, judge_contract
from warehouse.gate.stage import open_stage, stage_forms
from warehouse.gate.verdict import Verdict, apply_explanations, decide
from warehouse.intake import Incoming, Taken, take_in
from warehouse.ledger.chain import Chain
from warehouse.ledger.entries import append_entries
from warehouse.ledger.lease import hold_lease
from warehouse.ledger.load import KEPT, Clock, load_rows, record_submissions
from warehouse.ledger.tables import create_tables
from warehouse.progress import announce
from warehouse.settings import CITY_TIME, Settings
from warehouse.sql_files import SqlFile, load_sql

_IDENTITY = ("file_name", "dataset", "reporter_code", "period")
BATCH_FILES = 500
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
        self._verdicts: dict[int, Verdict] = {}
        self._recorded: list[int] = []
        self._in_transaction = False
        self._checks = load_sql("check", extra=settings.sql_extra)
        self._core_models = load_sql("core", extra=settings.sql_extra)
        self._mart_models = load_sql("mart", extra=settings.sql_extra)
        self.rule_set = _hash_rules(
            expectations, self._checks, self._core_models, self._mart_models
        )
        self._seen = {
            tuple(row)
            for row in connection.execute(
                "select source, file_name, size_bytes, etag from ledger.arrival"
            ).fetchall()
        }
        self._known: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
        for number, folder, sha256, *identity in connection.execute(
            "select submission_id, folder, sha256, file_name, dataset, reporter_code, period "
            "from ledger.submission where sha256 is not null order by submission_id"
        ).fetchall():
            facts = dict(zip(_IDENTITY, identity, strict=True))
            self._known.setdefault((folder, sha256), []).append((number, facts))
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
        announce("pull", name)
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
            twin = self._find_twin(item.reporter, item.sha256, {"file_name": item.file_name})
            if twin is not None:
                self._twins[len(self._arrivals) - 1] = twin
                continue
            number = self._next_submission
            self._next_submission += 1
            self._numbers[len(self._arrivals) - 1] = number
            self._incoming[number] = self._describe(number, item)
        return list(_group(self._incoming.values()))

    def receive(self, numbers: Sequence[int]) -> list[int]:
        """Reads, identifies, types and stages a batch of files."""
        announce("receive", f"{numbers[0]} … {numbers[-1]}")
        with self.time_stage("receive"):
            today = self.clock.at.astimezone(CITY_TIME).date()
            taken = [
                item
                for number in numbers
                if self._is_news(
                    item := take_in(self._incoming[number], self.expectations, today)
                )
            ]
            stage_forms(self.connection, self.expectations, [item.staged for item in taken])
            for item in taken:
                # The rows are staged; keeping the text as well would hold the night in memory.
                self._taken[item.staged.submission_id] = Taken(item.staged, item.facts)
                object.__setattr__(item.staged.form, "rows", item.staged.form.rows.clear())
        return list(numbers)

    def _find_twin(self, folder: str, sha256: str | None, identity: dict[str, Any]) -> int | None:
        """The earlier submission with the same bytes that is the same in the facts given."""
        for number, facts in self._known.get((folder, sha256 or ""), []):
            if all(facts[name] == value for name, value in identity.items()):
                return number
        return None

    def _is_news(self, item: Taken) -> bool:
        """Whether a file is not what was sent before: the same bytes for the same obligation.

        A bare CSV names its period in its file name only, so an unchanged list of the next quarter
        has the bytes of the one before and is news all the same.
        """
        number, facts = item.staged.submission_id, item.facts
        identity = {name: facts[name] for name in _IDENTITY}
        obligation = {name: facts[name] for name in _IDENTITY if name != "file_name"}
        twin = self._find_twin(facts["folder"], facts["sha256"], obligation)
        if twin is None:
            self._known.setdefault((facts["folder"], facts["sha256"]), []).append((number, identity))
            return True
        [place] = [place for place, own in self._numbers.items() if own == number]
        self._twins[place] = twin
        return False

    def datasets(self) -> list[str]:
        """Datasets with new files: registers first, since forms of figures are held against them."""
        present = {item.facts["dataset"] for item in self._taken.values()} - {None}
        contracts = self.expectations.contracts
        return sorted(present, key=lambda name: (contracts[name].kind == "figures", name))

    def judge(self, dataset: str) -> Judgement:
        """Judges all of a dataset's new files in one run."""
        announce("check", dataset)
        with self.time_stage("check"):
            judgement = self._judge(dataset)
        self._judgements.append(judgement)
        if judgement.broken:
            self.report.broken[dataset] = judgement.broken
            self._recover()
        return judgement

    def _judge(self, dataset: str) -> Judgement:
        """Judges a dataset; a contract or SQL file that cannot be used is a broken rule of it."""
        contract = self.expectations.contracts[dataset]
        try:
            if contract.kind == "figures":
                self._settle_registers()
            return judge_contract(self.connection, contract, self.expectations, self._checks)
        except (UserFault, duckdb.ProgrammingError, duckdb.DataError) as error:
            return Judgement(dataset, 0, {"contract": str(error)[:300]}, {})

    def _settle_registers(self) -> None:
        """Records the registers already judged, so that reported figures are held against them.

        The transaction stays open: `load` records the rest in it and commits the whole night.
        """
        if self._in_transaction:
            return
        self._begin()
        self._record([number for number in self._taken if self._is_register(number)])
        set_cut(self.connection, Cut(self._content_cut(), self.clock.at, 0))
        build_marts(self.connection, self._mart_models, self.expectations, "temp")

    def _recover(self) -> None:
        """Starts afresh where a rule that failed as it ran has ended the transaction.

        What was staged in it is gone as well, so forms of figures judged in it are judged again.
        """
        if not self._in_transaction:
            return
        try:
            self.connection.execute("select 1")
        except duckdb.Error:
            self.connection.execute("rollback")
            self._in_transaction = False
            self._recorded.clear()
            self.report.rows_loaded = 0
            for earlier in self._judgements:
                contract = self.expectations.contracts[earlier.dataset]
                if contract.kind == "figures" and not earlier.broken:
                    self._judge(earlier.dataset)

    def _is_register(self, number: int) -> bool:
        contract = self.expectations.contracts.get(self._taken[number].facts["dataset"])
        return contract is not None and contract.kind == "register"

    def _begin(self) -> None:
        if not self._in_transaction:
            self.connection.execute("begin")
            self._in_transaction = True

    def load(self) -> None:
        """Decides, and writes the night into ledger and core in one transaction."""
        announce("load")
        with self.time_stage("load"):
            if not self._arrivals:
                return
            self._begin()
            self._record([number for number in self._taken if number not in self._recorded])
            self._record_arrivals()
            self.connection.execute("commit")
            self._in_transaction = False
            self._summarise()

    def publish(self) -> Path | None:
        """Builds and publishes a release where something has changed; mends the pointer if not."""
        announce("publish")
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

    def _record(self, numbers: Sequence[int]) -> None:
        """Records files with their verdicts and rows; those whose rules could not run wait."""
        drop_consequences(self.connection, self.expectations)
        apply_explanations(self.connection, self.expectations)
        self._verdicts |= decide(self.connection, self.expectations)
        waiting = self._list_undecided()
        numbers = [number for number in numbers if number not in waiting]
        facts = [
            self._taken[number].facts | {"rule_set": self.rule_set, "code_version": __version__}
            for number in numbers
        ]
        chain = Chain(self.connection)
        record_submissions(self.connection, chain, self.clock, facts, self._verdicts)
        for dataset, contract in self.expectations.contracts.items():
            kept = [
                number
                for number in numbers
                if self._taken[number].facts["dataset"] == dataset
                and self._verdicts[number].action in KEPT
            ]
            self.report.rows_loaded += load_rows(self.connection, contract, kept)
        self._recorded += numbers

    def _record_arrivals(self) -> None:
        waiting = self._list_undecided()
        entries = []
        for place, item in enumerate(self._arrivals):
            number = self._twins.get(place) or self._numbers.get(place)
            if number in waiting:
                continue
            outcome = item.outcome
            if item.sha256:
                # The source compares bytes alone; the same bytes from another reporter are news.
                outcome = "identical" if place in self._twins else "new"
            entries.append(
                {
                    "source": item.source,
                    "folder": item.reporter,
                    "file_name": item.file_name,
                    "size_bytes": item.size,
                    "etag": item.etag,
                    "known_at": item.known_at,
                    "sha256": item.sha256,
                    "outcome": outcome,
                    "reason": item.reason,
                    "submission_id": number,
                    "night_at": self.clock.at,
                    "recorded_at": datetime.now(UTC),
                }
            )
        append_entries(self.connection, "arrival", entries)

    def _summarise(self) -> None:
        counts: dict[int, dict[str, int]] = {}
        for number, severity, count in self.connection.execute(
            "select submission_id, severity, count(*) from gate_explained group by all"
        ).fetchall():
            counts.setdefault(number, {})[severity] = count
        waiting = self._list_undecided()
        for number in sorted(self._taken):
            facts = self._taken[number].facts
            found = {} if number in waiting else counts.get(number, {})
            verdict = "waiting" if number in waiting else self._verdicts[number].shown
            self.report.submissions.append({**facts, "verdict": verdict, "findings": found})
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
            self._content_cut(), self.rule_set, __version__,
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
                    "rule_set": self.rule_set,
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
        connection.execute(f"set variable rule_set = '{self.rule_set}'")
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


def _hash_rules(expectations: Expectations, *folders: dict[str, SqlFile]) -> str:
    """Hash over all that decides what is accepted and published: contracts, checks and models."""
    digest = hashlib.sha256(expectations.rule_set.encode())
    for model in (model for folder in folders for model in folder.values()):
        digest.update(f"\n{model.table}\n{model.text}".encode())
    return digest.hexdigest()


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


def run_night(settings: Settings, at: datetime | None = None) -> NightReport:
    """Runs one night from beginning to end.

    Raises:
        LeaseHeld: another run is alive.
        PublishError: the release could not be made; the one before still stands.
    """
    with open_night(settings, at) as night:
        for name in night.sources:
            night.pull(name)
        for batch in night.plan_batches():
            night.receive(batch)
        for dataset in night.datasets():
            night.judge(dataset)
        night.load()
        night.publish()
    return night.report
