"""Finds and loads contracts by their file names."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from warehouse.contracts.codes import Codes, build_codes
from warehouse.contracts.model import Contract, describe_problems
from warehouse.fault import UserFault

DEFAULT_EXPECTATIONS = Path(__file__).parents[2] / "expectations"


class ContractError(UserFault):
    """A contract or code list is wrong: which file, what, and how to mend it."""


@dataclass(frozen=True)
class Expectations:
    """All contracts and code lists of one folder.

    Attributes:
        rule_set: hash over every file: pinned to each submission judged with it.
    """

    contracts: dict[str, Contract]
    codes: Codes
    rule_set: str


def load_expectations(folder: Path | None = None, extra: Path | None = None) -> Expectations:
    """Loads every contract of a folder, and of an extra folder beside it.

    Raises:
        ContractError: a file cannot be read, has an unknown key, or lacks a sentence.
    """
    folder = folder or DEFAULT_EXPECTATIONS
    paths = [*sorted(folder.glob("*.toml")), *(sorted(extra.glob("*.toml")) if extra else ())]
    codes = _explain(folder / "codes", lambda: build_codes(folder / "codes", _read_toml))
    contracts: dict[str, Contract] = {}
    for path in paths:
        contract = _explain(path, lambda path=path: Contract(dataset=path.stem, **_read_toml(path)))
        _explain(path, lambda contract=contract: codes.owing(contract.owed_by))
        contracts[contract.dataset] = contract
    digest = hashlib.sha256()
    for path in [*paths, *sorted((folder / "codes").glob("*.toml"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return Expectations(contracts, codes, digest.hexdigest())


def _read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _explain(path: Path, load: Any) -> Any:  # noqa: ANN401
    try:
        return load()
    except ValidationError as error:
        problems = describe_problems(error)
        message = _word(path, problems)
        raise ContractError(message) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = _word(path, error)
        raise ContractError(message) from error


def _word(path: Path, problem: object) -> str:
    return f"{path.name}：{problem}。请改正该文件。 / {path.name}: {problem}. Mend the file."
