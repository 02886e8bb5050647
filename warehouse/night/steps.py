"""The steps of a night, each a plain method: a flow may call them one by one to show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from warehouse import __version__
from warehouse.build.marts import build_marts
from warehouse.build.views import Cut, set_cut
from warehouse.collect.arrivals import PullResult
from warehouse.collect.pull import pull_source
from warehouse.collect.sources import Source, find_config, load_sources
from warehouse.fault import UserFault
from warehouse.gate.consequences import drop_consequences
from warehouse.gate.explanations import apply_explanations
from warehouse.gate.judge import Judgement, judge_contract
from warehouse.gate.stage import stage_forms
from warehouse.gate.verdict import Verdict, decide
from warehouse.intake import Taken, take_in
from warehouse.ledger.chain import Chain, find_cut
from warehouse.ledger.load import KEPT, Clock, load_rows, record_submissions
from warehouse.night.arrivals import Arrivals
from warehouse.night.outgoing import Outgoing
from warehouse.night.records import record_judgements
from warehouse.night.releases import Releases
from warehouse.night.report import NightReport
from warehouse.night.rules import Rules
from warehouse.progress import announce
from warehouse.settings import CITY_TIME, Settings


class Night:
    """One night over one data root. Use `open_night`.

    Attributes:
        sources: by name.
        report: what the night has done so far.
        outgoing: what goes out once the night has published.
    """

    def __init__(
        self, settings: Settings, rules: Rules, clock: Clock, connection: duckdb.DuckDBPyConnection
    ) -> None:
        """Continues from the ledger; nothing is written before `load`."""
        self.settings = settings
        self.rules = rules
        self.expectations = rules.expectations
        self.clock = clock
        self.report = NightReport(clock)
        self.connection = connection
        self.sources: dict[str, Source] = {
            source.name: source
            for source in load_sources(find_config(settings.home), settings.inbox)
        }
        self.outgoing = Outgoing(settings, rules, clock, connection, self.report)
        self._arrivals = Arrivals(connection, settings.archive)
        self._taken: dict[int, Taken] = {}
        self._judgements: list[Judgement] = []
        self._verdicts: dict[int, Verdict] = {}
        self._recorded: list[int] = []
        self._in_transaction = False

    def pull(self, name: str) -> PullResult:
        """Pulls one source into the archive."""
        announce("pull", name)
        with self.report.time_stage("pull"):
            result = pull_source(
                self.sources[name],
                self.settings.archive,
                seen=self._arrivals.seen,
                at=self.clock.at,
                is_replayed=self.clock.is_replayed,
                received=self._arrivals.received,
            )
        self.report.sources.append(result)
        return result

    def plan_batches(self) -> list[list[int]]:
        """Numbers the new files in order of arrival and groups them into batches by size."""
        return self._arrivals.number(
            item for result in self.report.sources for item in result.arrivals
        )

    def receive(self, numbers: Sequence[int]) -> list[int]:
        """Reads, identifies, types and stages a batch of files."""
        announce("receive", f"{numbers[0]} … {numbers[-1]}")
        with self.report.time_stage("receive"):
            today = self.clock.at.astimezone(CITY_TIME).date()
            read = (
                take_in(self._arrivals.incoming[number], self.expectations, today)
                for number in numbers
            )
            news = [item for item in read if self._arrivals.is_news(item)]
            stage_forms(self.connection, self.expectations, [item.staged for item in news])
            self._taken |= {item.staged.submission_id: _let_go(item) for item in news}
        return list(numbers)

    def datasets(self) -> list[str]:
        """Datasets with new files: registers first, as reported figures are held against them."""
        present = {item.facts["dataset"] for item in self._taken.values()} - {None}
        contracts = self.expectations.contracts
        return sorted(present, key=lambda name: (contracts[name].kind == "figures", name))

    def judge(self, dataset: str) -> Judgement:
        """Judges all of a dataset's new files in one run."""
        announce("check", dataset)
        with self.report.time_stage("check"):
            judgement = self._judge(dataset)
        self._judgements.append(judgement)
        if judgement.broken:
            self.report.broken[dataset] = judgement.broken
            self._recover()
        return judgement

    def load(self) -> None:
        """Decides, and writes the night into ledger and core in one transaction."""
        announce("load")
        with self.report.time_stage("load"):
            if not self._arrivals:
                return
            self._begin()
            self._record([number for number in self._taken if number not in self._recorded])
            record_judgements(
                self.connection,
                self.settings,
                self.rules.rule_set,
                self.clock.at,
                self._judgements,
            )
            self._arrivals.record(self.connection, self.clock, self._list_waiting())
            self.connection.execute("commit")
            self._in_transaction = False
            self.report.summarise(
                self.connection,
                {number: item.facts for number, item in self._taken.items()},
                {number: verdict.shown for number, verdict in self._verdicts.items()},
                self._list_waiting(),
            )
            self.report.add_twins(self._arrivals.twins)

    def publish(self) -> Path | None:
        """Publishes a release where something has changed; mends the pointer if not."""
        announce("publish")
        with self.report.time_stage("publish"):
            made = Releases(self.connection, self.settings, self.rules, self.clock).publish()
            if made:
                self.report.release_id, self.report.published = made
        return self.report.published

    def _judge(self, dataset: str) -> Judgement:
        """Judges a dataset; a contract or SQL file that cannot be used is a broken rule of it."""
        contract = self.expectations.contracts[dataset]
        try:
            if contract.kind == "figures":
                self._settle_registers()
            return judge_contract(self.connection, contract, self.expectations, self.rules.checks)
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
        set_cut(self.connection, Cut(find_cut(self.connection), self.clock.at, 0))
        rules = self.rules
        readers = rules.checks.values()
        build_marts(self.connection, rules.marts, self.expectations, "temp", readers=readers)

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

    def _list_waiting(self) -> set[int]:
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
        waiting = self._list_waiting()
        numbers = [number for number in numbers if number not in waiting]
        pinned = {"rule_set": self.rules.rule_set, "code_version": __version__}
        facts = [self._taken[number].facts | pinned for number in numbers]
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


def _let_go(item: Taken) -> Taken:
    """The rows are staged; keeping their text as well would hold the whole night in memory."""
    form = replace(item.staged.form, rows=item.staged.form.rows.clear())
    return Taken(replace(item.staged, form=form), item.facts)
