"""All that decides what is accepted and published: contracts, checks and models."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from warehouse.contracts.load import Expectations, load_expectations
from warehouse.settings import Settings
from warehouse.sql_files import SqlFile, load_sql


@dataclass(frozen=True)
class Rules:
    """Contracts, and the SQL files by name: checks, core models, marts."""

    expectations: Expectations
    checks: dict[str, SqlFile]
    core: dict[str, SqlFile]
    marts: dict[str, SqlFile]

    @cached_property
    def rule_set(self) -> str:
        """Hash over all of them: pinned to every submission and release made with it."""
        digest = hashlib.sha256(self.expectations.rule_set.encode())
        for folder in (self.checks, self.core, self.marts):
            for model in folder.values():
                digest.update(f"\n{model.table}\n{model.text}".encode())
        return digest.hexdigest()


def load_rules(settings: Settings) -> Rules:
    """Loads the rules in force, with those of the extra folder.

    Raises:
        ContractError: a contract or code list cannot be used.
    """
    return Rules(
        expectations=load_expectations(extra=settings.expectations_extra),
        checks=load_sql("check", extra=settings.sql_extra),
        core=load_sql("core", extra=settings.sql_extra),
        marts=load_sql("mart", extra=settings.sql_extra),
    )
