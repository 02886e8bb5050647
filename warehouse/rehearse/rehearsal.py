"""Judges all stored history with changed rules, or with those each file was judged with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from warehouse.contracts.load import ContractError
from warehouse.fault import UserFault
from warehouse.gate.judge_values import judge_values
from warehouse.gate.suite import plan_suite
from warehouse.intake import Incoming
from warehouse.night.rules import Rules, load_kept_rules, load_rules
from warehouse.progress import announce
from warehouse.rehearse.compare import Comparison
from warehouse.rehearse.differences import Difference, RuleEffect
from warehouse.rehearse.history import Sitting, read_history
from warehouse.rehearse.judge import judge_again
from warehouse.settings import Settings


@dataclass
class Rehearsal:
    """What would have become of every file ever sent.

    Attributes:
        submissions: files judged.
        nights: over which they came.
        differences: submissions that would be judged otherwise, by number.
        rules: the same by rule, those that would block most first.
        reworded: submissions with the same findings, of which one would say something else.
        missing: files whose bytes are not in the archive any more, or not as they were.
        broken: rules that could not be run, by dataset; its files would wait.
        seconds: what judging all of it took, reading and the loading of programs with it.
        seconds_by_dataset: what the gate took, by dataset.
        seconds_in_force: what it takes with the contracts in force, for those that changed.
    """

    submissions: int = 0
    nights: int = 0
    differences: tuple[Difference, ...] = ()
    rules: tuple[RuleEffect, ...] = ()
    reworded: tuple[int, ...] = ()
    missing: list[Incoming] = field(default_factory=list)
    broken: dict[str, dict[str, str]] = field(default_factory=dict)
    seconds: float = 0.0
    seconds_by_dataset: dict[str, float] = field(default_factory=dict)
    seconds_in_force: dict[str, float] = field(default_factory=dict)

    @property
    def changes_something(self) -> bool:
        """Whether anything would be different, or cannot be told."""
        return bool(self.differences or self.reworded or self.missing or self.broken)


def rehearse(
    settings: Settings,
    contract_files: Sequence[Path] = (),
    *,
    pinned: bool = False,
    at: datetime | None = None,
) -> Rehearsal:
    """Judges every submission of the ledger again; nothing is stored.

    Each is judged against what was known when its night judged it: what earlier nights accepted
    stays accepted, whatever the changed rules would say of it. The lease is given back after each
    sitting, so that a night which begins meanwhile is let in.

    Args:
        settings: the data root.
        contract_files: contracts that take the place of those of the same name, or join them.
        pinned: judge each file with the rule set it was judged with, as it was kept.
        at: history ends with the last night before this moment; None for all of it.

    Raises:
        ContractError: a contract cannot be used.
        RuleSetLost: a rule set is not kept.
        NoHistory: no night has run yet.
        LeaseHeld: a night is under way.
    """
    began = time.perf_counter()
    rules_of = _choose_rules(settings, contract_files, pinned=pinned)
    sittings = read_history(settings, at)
    rehearsal = Rehearsal(nights=len({sitting.night_at for sitting in sittings}))
    comparison = Comparison()
    judge_values([], {})  # loads Great Expectations, which is no rule's cost
    for sitting in sittings:
        announce("rehearse", f"{sitting.night_at:%Y-%m-%d %H:%M}")
        with judge_again(settings, rules_of(sitting), sitting) as judged:
            comparison.add(sitting, judged)
        rehearsal.submissions += len(judged.verdicts)
        rehearsal.missing += judged.missing
        rehearsal.broken |= judged.broken
        _add_seconds(rehearsal.seconds_by_dataset, judged.seconds)
    rehearsal.differences, rehearsal.rules = comparison.finish()
    rehearsal.reworded = tuple(comparison.reworded)
    rehearsal.seconds = time.perf_counter() - began
    if contract_files:
        changed = {path.stem for path in contract_files}
        rehearsal.seconds_in_force = _time_in_force(settings, sittings, changed)
    return rehearsal


def _choose_rules(
    settings: Settings, contract_files: Sequence[Path], *, pinned: bool
) -> Callable[[Sitting], Rules]:
    if pinned:
        load = cache(lambda rule_set: load_kept_rules(settings.archive, rule_set))
        return lambda sitting: load(sitting.rule_set)
    rules = load_rules(settings, contract_files)
    for path in contract_files:
        _refuse_unusable(path, rules)
    return lambda _: rules


def _refuse_unusable(path: Path, rules: Rules) -> None:
    """Refuses at once what a night would only find as it judges: rules that cannot be run."""
    contract = rules.expectations.contracts[path.stem]
    unknown = sorted({rule.check for rule in contract.rule if rule.check} - rules.checks.keys())
    try:
        plan_suite(contract, rules.expectations)
    except UserFault as error:
        reasons = [str(error)]
    except LookupError:
        reasons = ["an expectation names no column"]
    else:
        reasons = [f"there is no sql/check/{name}.sql" for name in unknown]
    if reasons:
        problem = "; ".join(reasons)
        message = f"{path.name}：{problem}。请改正该文件。 / {path.name}: {problem}. Mend the file."
        raise ContractError(message)


def _time_in_force(
    settings: Settings, sittings: Sequence[Sitting], datasets: set[str]
) -> dict[str, float]:
    """What judging some datasets' files takes with the contracts in force."""
    rules = load_rules(settings)
    seconds: dict[str, float] = {}
    for sitting in (sitting.only(datasets) for sitting in sittings):
        if sitting.submissions:
            announce("rehearse", f"{sitting.night_at:%Y-%m-%d %H:%M}")
            with judge_again(settings, rules, sitting) as judged:
                _add_seconds(seconds, judged.seconds)
    return seconds


def _add_seconds(total: dict[str, float], seconds: Mapping[str, float]) -> None:
    for dataset, spent in seconds.items():
        total[dataset] = total.get(dataset, 0.0) + spent
