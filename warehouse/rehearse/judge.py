"""Judges one sitting again, with any rules, against what was known then."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from warehouse.build.marts import build_marts
from warehouse.build.views import Cut, open_views
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import list_asking
from warehouse.fault import UserFault
from warehouse.gate.consequences import drop_consequences
from warehouse.gate.explanations import apply_explanations
from warehouse.gate.judge import Judgement, judge_contract
from warehouse.gate.stage import open_stage, stage_forms
from warehouse.gate.verdict import Verdict, decide
from warehouse.history import look_back, open_bench
from warehouse.intake import Incoming, take_in
from warehouse.ledger.chain import NO_FINDINGS, digest_findings
from warehouse.night.arrivals import BATCH_BYTES, BATCH_FILES
from warehouse.night.rules import Rules
from warehouse.rehearse.history import LATER_WAIT_SECONDS, Past, Sitting
from warehouse.settings import Settings

WAITING = Verdict("wait", "a rule could not be run", "waiting")
_PLACE = ("submission_id", "rule_id", "severity", "column_name", "subject", "sheet", "source_row")
_SHOWN = ("rule_id", "severity", "sheet", "cell", "column_name", "subject", "value", "expected")
_TABLES = {"now": "gate_explained", "then": "past_finding"}


@dataclass
class Judged:
    """A sitting judged again.

    Attributes:
        facts: what was read of each file; those whose bytes are gone are not among them.
        verdicts: of the same files.
        missing: files whose bytes are not in the archive any more, or not as they were.
        asking: the rules whose open questions hold nothing.
        reworded: files whose findings are not, to the last letter, those recorded.
        seconds: what judging took, by dataset.
        broken: rules that could not be run, by dataset; its files would wait.
    """

    connection: duckdb.DuckDBPyConnection
    asking: tuple[str, ...] = ()
    facts: dict[int, dict[str, Any]] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    missing: list[Incoming] = field(default_factory=list)
    reworded: set[int] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    broken: dict[str, dict[str, str]] = field(default_factory=dict)

    def list_added(self) -> list[dict[str, Any]]:
        """Findings that were not made then: `submission_id` and what `ledger.finding` says."""
        return self._list_without("now", "then")

    def list_gone(self) -> list[dict[str, Any]]:
        """Findings that were made then and would not be now."""
        return self._list_without("then", "now")

    def count_hits(self) -> list[tuple[int, str, int]]:
        """Findings of each submission by rule."""
        return self.connection.execute(
            "select submission_id, rule_id, count(*) from gate_explained group by all"
        ).fetchall()

    def list_said(self, numbers: Iterable[int]) -> dict[int, set[tuple[Any, ...]]]:
        """What is said of each of some files: rule, column, subject and value of its findings."""
        said: dict[int, set[tuple[Any, ...]]] = {number: set() for number in numbers}
        for number, *finding in self.connection.execute(
            "select submission_id, rule_id, column_name, subject, value from gate_explained "
            "where submission_id in (select unnest($1::bigint[]))",
            [list(said)],
        ).fetchall():
            said[number].add(tuple(finding))
        return said

    def _list_without(self, kept: str, other: str) -> list[dict[str, Any]]:
        """Findings of one side that the other has not in the same place about the same subject."""
        same = " and ".join(f"kept.{name} is not distinct from other.{name}" for name in _PLACE)
        shown = ", ".join(f"kept.{name}" for name in ("submission_id", *_SHOWN))
        cursor = self.connection.execute(
            f"select {shown}, kept.explanation is not null as is_explained, "  # noqa: S608
            "not list_contains($1::varchar[], kept.rule_id) as is_holding "
            f"from {_TABLES[kept]} as kept anti join {_TABLES[other]} as other on {same} "
            "order by kept.submission_id, kept.finding_number",
            [list(self.asking)],
        )
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def judge_again(settings: Settings, rules: Rules, sitting: Sitting) -> Iterator[Judged]:
    """Judges a sitting as its night did, and keeps the findings of both as long as it is open.

    Files are read before the warehouse is opened: a night is kept out for no longer than judging
    takes.

    Raises:
        LeaseHeld: a night was under way for too long.
    """
    expectations = rules.expectations
    contracts = list(expectations.contracts.values())
    with open_bench(settings) as connection:
        open_stage(connection, contracts)
        judged = Judged(connection, tuple(list_asking(expectations.codes.common_rules)))
        _stage(judged, sitting, expectations)
        with look_back(connection, settings, contracts, LATER_WAIT_SECONDS):
            cut = Cut(sitting.ledger_cut, sitting.night_at, 0)
            open_views(connection, expectations, cut, rules.core)
            _judge(judged, rules)
            drop_consequences(connection, expectations)
            apply_explanations(connection, expectations)
            _copy_past(connection)
        _decide(judged, sitting, expectations)
        yield judged


def _stage(judged: Judged, sitting: Sitting, expectations: Expectations) -> None:
    today = sitting.night_at.date()
    for batch in _cut_into_batches(sitting.submissions):
        missing = [past.incoming for past in batch if not _is_kept(past.incoming)]
        judged.missing += missing
        gone = {incoming.submission_id for incoming in missing}
        taken = [
            take_in(past.incoming, expectations, today)
            for past in batch
            if past.incoming.submission_id not in gone
        ]
        stage_forms(judged.connection, expectations, [item.staged for item in taken])
        judged.facts |= {item.staged.submission_id: item.facts for item in taken}


def _cut_into_batches(submissions: Sequence[Past]) -> Iterator[list[Past]]:
    """Batches of about the size a night takes in at once."""
    least = BATCH_BYTES // BATCH_FILES
    sizes = itertools.accumulate(max(past.incoming.size_bytes, least) for past in submissions)
    pairs = itertools.groupby(
        zip(submissions, sizes, strict=True), key=lambda pair: pair[1] // BATCH_BYTES
    )
    return ([past for past, _ in batch] for _, batch in pairs)


def _is_kept(incoming: Incoming) -> bool:
    """Whether a file's bytes are what they were; of one refused at its source there are none."""
    if incoming.path is None:
        return True
    try:
        with incoming.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == incoming.sha256
    except OSError:
        return False


def _judge(judged: Judged, rules: Rules) -> None:
    """Judges each dataset, registers first; figures are held against the marts of the cut."""
    contracts = rules.expectations.contracts
    present = {facts["dataset"] for facts in judged.facts.values()} - {None}
    figures = {name for name in present if contracts[name].kind == "figures"}
    for dataset in [*sorted(present - figures), *sorted(figures)]:
        judgement = _judge_one(judged.connection, dataset, rules)
        judged.seconds[dataset] = judgement.seconds
        if judgement.broken:
            judged.broken[dataset] = judgement.broken


def _judge_one(connection: duckdb.DuckDBPyConnection, dataset: str, rules: Rules) -> Judgement:
    """Judges one dataset; a contract or SQL file that cannot be used is a broken rule of it."""
    expectations = rules.expectations
    contract = expectations.contracts[dataset]
    try:
        if contract.kind == "figures":
            readers = rules.checks.values()
            build_marts(connection, rules.marts, expectations, "temp", readers=readers)
        return judge_contract(connection, contract, expectations, rules.checks)
    except (UserFault, duckdb.ProgrammingError, duckdb.DataError) as error:
        return Judgement(dataset, 0, {"contract": str(error)[:300]}, {})


def _copy_past(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table past_finding as select * from ledger.finding "
        "where submission_id in (select submission_id from gate_submission)"
    )


def _decide(judged: Judged, sitting: Sitting, expectations: Expectations) -> None:
    digests = digest_findings(judged.connection, "gate_explained")
    decided = decide(judged.connection, expectations)
    for past in sitting.submissions:
        number = past.incoming.submission_id
        if number not in judged.facts:
            continue
        is_broken = judged.facts[number]["dataset"] in judged.broken
        judged.verdicts[number] = WAITING if is_broken else decided[number]
        if digests.get(number, NO_FINDINGS)[1] != past.findings_sha256:
            judged.reworded.add(number)
