"""Finds and loads contracts by their file names."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from warehouse.contracts.bridges import PLACE as BRIDGES
from warehouse.contracts.bridges import read_bridges
from warehouse.contracts.codes import Codes
from warehouse.contracts.model import Contract, describe_problems
from warehouse.contracts.read_codes import build_codes
from warehouse.contracts.relations import PLACE as RELATIONS
from warehouse.contracts.relations import read_relations
from warehouse.contracts.subjects import SUBJECTS_FILE, build_subjects
from warehouse.fault import UserFault

DEFAULT_EXPECTATIONS = Path(__file__).parents[2] / "expectations"
_CODES = Path("codes")
_Loaded = TypeVar("_Loaded")


class ContractError(UserFault):
    """A contract or code list is wrong: which file, what, and how to mend it."""


@dataclass(frozen=True)
class Expectations:
    """All contracts and code lists, with the texts they were built from.

    Attributes:
        texts: what each file says, by its place in the folder: `standards.toml` is a contract,
            `codes/reporters.toml` a code list. All else follows from them.
    """

    contracts: dict[str, Contract]
    codes: Codes
    texts: Mapping[str, str]

    @cached_property
    def rule_set(self) -> str:
        """Hash over every file; the order they were found in says nothing."""
        digest = hashlib.sha256()
        for place in sorted(self.texts):
            digest.update(f"{place}\0{self.texts[place]}\0".encode())
        return digest.hexdigest()


def load_expectations(
    folder: Path | None = None, extra: Path | None = None, files: Sequence[Path] = ()
) -> Expectations:
    """Loads every contract of a folder, of an extra folder beside it, and of single files.

    A later one takes the place of an earlier one of the same name.

    Raises:
        ContractError: a file cannot be read, has an unknown key, or lacks a sentence.
    """
    folder = folder or DEFAULT_EXPECTATIONS
    found = [*folder.glob("*.toml"), *(extra.glob("*.toml") if extra else ()), *files]
    texts = _read_texts("", found) | _read_texts("codes/", (folder / _CODES).glob("*.toml"))
    return build_expectations(texts)


def build_expectations(texts: Mapping[str, str]) -> Expectations:
    """Builds contracts and code lists from the texts of their files, wherever these were kept.

    Raises:
        ContractError: a text has an unknown key or lacks a sentence, or a code list is not there.
    """
    codes = _explain(_CODES, partial(build_codes, _CODES, partial(_parse_list, texts)))
    _explain(Path(RELATIONS), partial(read_relations, texts, codes))
    _explain(Path(BRIDGES), partial(read_bridges, texts, codes))
    paths = [Path(place) for place in sorted(texts) if Path(place).parent != _CODES]
    contracts = [_explain(path, partial(_build, path, texts[path.name], codes)) for path in paths]
    datasets = {contract.dataset for contract in contracts}
    _explain(Path(SUBJECTS_FILE), partial(build_subjects, texts, codes, datasets))
    return Expectations({contract.dataset: contract for contract in contracts}, codes, texts)


def _build(path: Path, text: str, codes: Codes) -> Contract:
    contract = Contract(dataset=path.stem, **tomllib.loads(text))
    codes.owing(tuple(contract.ever_owed_by))
    return contract


def _parse_list(texts: Mapping[str, str], path: Path) -> dict[str, Any]:
    if path.as_posix() not in texts:
        message = f"{path.name}: no such file"
        raise ValueError(message)
    try:
        return tomllib.loads(texts[path.as_posix()])
    except ValueError as error:
        message = f"{path.name}: {error}"
        raise ValueError(message) from error


def _read_texts(below: str, paths: Iterable[Path]) -> dict[str, str]:
    """What files say, to the last byte: a text whose line ends were changed has another hash."""
    return {below + path.name: _explain(path, partial(_read, path)) for path in paths}


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _explain(path: Path, load: Callable[[], _Loaded]) -> _Loaded:
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
