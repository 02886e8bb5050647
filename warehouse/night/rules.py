"""All that decides what is accepted and published: contracts, checks and models; kept as it was."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from warehouse.collect.archive import path_of, store
from warehouse.contracts.load import Expectations, build_expectations, load_expectations
from warehouse.fault import UserFault
from warehouse.settings import Settings
from warehouse.sql_files import SqlFile, load_sql

_CONTRACTS = "expectations/"
_SCHEMAS = ("check", "core", "mart", "macro", "evidence")


class RuleSetLost(UserFault):
    """A rule set that was judged with cannot be had any more: which, why, and what to do."""


@dataclass(frozen=True)
class Rules:
    """Contracts, and the SQL files by name.

    Attributes:
        macros: table macros of the published file.
        evidence: by mart, the rows its figures are made of.
    """

    expectations: Expectations
    checks: dict[str, SqlFile]
    core: dict[str, SqlFile]
    marts: dict[str, SqlFile]
    macros: dict[str, SqlFile] = field(default_factory=dict)
    evidence: dict[str, SqlFile] = field(default_factory=dict)

    @cached_property
    def content(self) -> bytes:
        """Every file's text by its place, as JSON: the same rules always give the same bytes."""
        texts = {_CONTRACTS + place: text for place, text in self.expectations.texts.items()}
        for folder in (self.checks, self.core, self.marts, self.macros, self.evidence):
            texts |= {_place(model): model.text for model in folder.values()}
        return json.dumps(texts, ensure_ascii=False, indent=0, sort_keys=True).encode()

    @cached_property
    def rule_set(self) -> str:
        """Hash of all of them: pinned to every submission and release made with it."""
        return hashlib.sha256(self.content).hexdigest()


def load_rules(settings: Settings, contract_files: Sequence[Path] = ()) -> Rules:
    """Loads the rules in force, with those of the extra folder.

    Args:
        settings: the data root.
        contract_files: contracts that take the place of those of the same name, or join them.

    Raises:
        ContractError: a contract or code list cannot be used.
    """
    return Rules(
        load_expectations(extra=settings.expectations_extra, files=contract_files),
        *(load_sql(schema, extra=settings.sql_extra) for schema in _SCHEMAS),
    )


def keep_rule_set(rules: Rules, archive: Path) -> Path:
    """Keeps the rules in the archive, where they lie under their own hash like any other file.

    Kept before, nothing is written.

    Raises:
        ArchiveError: the archive cannot be written.
    """
    store(archive, io.BytesIO(rules.content), max_bytes=len(rules.content))
    return path_of(archive, rules.rule_set)


def load_kept_rules(archive: Path, rule_set: str) -> Rules:
    """Loads the rules that were in force once, as they were.

    Raises:
        RuleSetLost: they were never kept, were damaged, or this version cannot read them.
    """
    try:
        content = path_of(archive, rule_set).read_bytes()
    except (OSError, ValueError) as error:
        raise _lose(rule_set, "存档里没有", "it is not in the archive") from error
    if hashlib.sha256(content).hexdigest() != rule_set:
        raise _lose(rule_set, "存档里的内容已损坏", "what the archive has was damaged")
    try:
        return _build(json.loads(content))
    except (UserFault, ValueError, KeyError, AttributeError) as error:
        reason = error.of("zh") if isinstance(error, UserFault) else str(error)
        english = error.of("en") if isinstance(error, UserFault) else str(error)
        raise _lose(
            rule_set, f"本版程序读不了：{reason}", f"this version cannot read it: {english}"
        ) from error


def _build(texts: Mapping[str, str]) -> Rules:
    contracts: dict[str, str] = {}
    models: dict[str, dict[str, SqlFile]] = {schema: {} for schema in _SCHEMAS}
    for place, text in texts.items():
        if place.startswith(_CONTRACTS):
            contracts[place.removeprefix(_CONTRACTS)] = text
        else:
            path = Path(place)
            models[path.parent.name][path.stem] = SqlFile(path.parent.name, path.stem, text)
    return Rules(build_expectations(contracts), *models.values())


def _place(model: SqlFile) -> str:
    return f"sql/{model.schema}/{model.name}.sql"


def _lose(rule_set: str, why: str, why_english: str) -> RuleSetLost:
    return RuleSetLost(
        f"规则集 {rule_set} 无法载入：{why}。请从备份恢复 archive 目录；"
        "没有备份时，只能按现行规则预演。 / "
        f"The rule set {rule_set} cannot be loaded: {why_english}. Restore the archive from the "
        "backup; without one, rehearse with the rules in force."
    )
