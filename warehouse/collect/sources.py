"""Reads which folders files are pulled from: the inbox, and the sources of `biaogan.toml`."""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from warehouse.collect.names import judge_name
from warehouse.fault import UserFault

CONFIG_NAME = "biaogan.toml"
LOOSE = "inbox"
_OUR_TABLES = ("source", "collect")
_COLLECT_KEYS = (
    "max_bytes",
    "timeout_seconds",
    "retries",
    "backoff_seconds",
    "settle_seconds",
)


class ConfigError(UserFault):
    """The configuration cannot be used: which file, which key, what is wrong, what to do."""


class Source(BaseModel):
    """One folder that one reporter leaves files in.

    Attributes:
        name: unique; `inbox/<reporter code>` for the folders of the inbox.
        reporter: reporter code; whether it exists is judged where the contracts are known.
        address: a path, or an fsspec address (`sftp://`, `https://`, `s3://`, `davs://` ...).
            `${NAME}` stands for an environment variable, so that secrets stay out of the file.
        options: what the protocol's own client takes; `${NAME}` works here too.
        files: take exactly these names below the address; None takes everything.
        known_hosts: OpenSSH file with the keys of the SFTP servers that are trusted.
        max_bytes: a larger file is refused, by its declared size and again while it streams.
        timeout_seconds: how long one answer of the server may take.
        retries: how often one transient failure is tried again.
        backoff_seconds: the pause before the first retry; it doubles up to 30 s.
        settle_seconds: a file changed less than this ago waits for the next night.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    reporter: str
    address: str = Field(min_length=1, repr=False)
    options: dict[str, Any] = Field(default_factory=dict, repr=False)
    files: list[str] | None = Field(default=None, min_length=1)
    known_hosts: Path | None = None
    max_bytes: int = Field(default=1 << 30, gt=0)
    timeout_seconds: float = Field(default=30.0, gt=0)
    retries: int = Field(default=3, ge=0, le=20)
    backoff_seconds: float = Field(default=1.0, ge=0)
    settle_seconds: float = Field(default=2.0, ge=0)

    @field_validator("files")
    @classmethod
    def _strip_names(cls, files: list[str] | None) -> list[str] | None:
        return None if files is None else list(dict.fromkeys(name.strip() for name in files))

    @property
    def is_inbox(self) -> bool:
        """Whether this is a folder of the inbox, not one that an operator wrote down."""
        return self.name == LOOSE or self.name.startswith(f"{LOOSE}/")


def find_config(root: Path) -> Path | None:
    """Finds the config: `$BIAOGAN_CONFIG`, else `biaogan.toml` in the data root, else None."""
    named = os.environ.get("BIAOGAN_CONFIG")
    if named:
        return Path(named).expanduser()
    path = root / CONFIG_NAME
    return path if path.exists() else None


def load_sources(config_path: Path | None, inbox: Path) -> list[Source]:
    """Lists every source: the inbox's folders by name, then the config's in its order.

    Files that lie in the inbox itself, in no reporter's folder, make one more source called
    `inbox`, whose files are all refused: nobody's file is overlooked.

    Raises:
        ConfigError: the file is missing, is not TOML, or has a key or value that cannot be used.
    """
    tables, defaults = _read_tables(config_path) if config_path else ([], {})
    declared = [
        _build_source(config_path, number, {**defaults, **table})
        for number, table in enumerate(tables, start=1)
        if config_path
    ]
    sources = [*_list_inbox(inbox, defaults), *declared]
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise _complain(config_path, f"source {name}", "名称重复", "the name is used twice")
    return sources


def _list_inbox(inbox: Path, defaults: dict[str, Any]) -> list[Source]:
    if not inbox.is_dir():
        return []
    entries = sorted(entry for entry in inbox.iterdir() if judge_name(entry.name) is None)
    sources = [
        Source(name=f"{LOOSE}/{entry.name}", reporter=entry.name, address=str(entry), **defaults)
        for entry in entries
        if entry.is_dir()
    ]
    if any(not entry.is_dir() for entry in entries):
        sources.append(Source(name=LOOSE, reporter="", address=str(inbox), **defaults))
    return sources


def _read_tables(path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    try:
        config = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _complain(
            path,
            "file",
            f"读不到（{error.strerror}）；请改正 BIAOGAN_CONFIG 或恢复文件",
            f"cannot be read ({error.strerror}); mend BIAOGAN_CONFIG or restore the file",
        ) from error
    except UnicodeDecodeError as error:
        raise _complain(path, "file", "请另存为 UTF-8", "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _complain(path, "file", f"不是有效的 TOML：{error}", f"not TOML: {error}") from error
    # Other parts of the program keep their own tables here, so only a near miss is a mistake.
    for key in config.keys() - set(_OUR_TABLES):
        meant = difflib.get_close_matches(key, _OUR_TABLES, n=1)
        if meant:
            raise _complain(path, key, f"是否应为 {meant[0]}", f"did you mean {meant[0]}?")
    tables, defaults = config.get("source", []), config.get("collect", {})
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise _complain(path, "source", "应写成 [[source]]", "write each one as [[source]]")
    _check_defaults(path, defaults)
    return tables, defaults


def _check_defaults(path: Path, defaults: Any) -> None:  # noqa: ANN401
    if not isinstance(defaults, dict):
        raise _complain(path, "collect", "应写成 [collect]", "write it as a table, [collect]")
    for key in defaults.keys() - set(_COLLECT_KEYS):
        raise _complain(path, f"collect ▸ {key}", *_name_known_keys(key, _COLLECT_KEYS))
    try:
        Source(name="x", reporter="x", address="x", **defaults)
    except ValidationError as error:
        raise _translate(path, "collect", error) from error


def _build_source(path: Path, number: int, table: dict[str, Any]) -> Source:
    where = f"source {number} ({table.get('name', '?')})"
    try:
        source = Source(**table)
    except ValidationError as error:
        raise _translate(path, where, error) from error
    if source.is_inbox:
        raise _complain(
            path,
            f"{where} ▸ name",
            "inbox 开头的名称已用于收件文件夹，请换名",
            "names that begin with inbox belong to the inbox; choose another",
        )
    return source.model_copy(update=_resolve_paths(path.parent, source))


def _resolve_paths(base: Path, source: Source) -> dict[str, Any]:
    """Relative paths in the file are relative to the file, wherever the night is started."""
    update: dict[str, Any] = {}
    if source.known_hosts is not None:
        update["known_hosts"] = base / source.known_hosts.expanduser()
    if "://" not in source.address and not source.address.startswith(("/", "~", "$")):
        update["address"] = str(base / source.address)
    return update


def _translate(path: Path, where: str, error: ValidationError) -> ConfigError:
    problem = error.errors()[0]
    key = " ▸ ".join([where, *(str(part) for part in problem["loc"])])
    if problem["type"] == "missing":
        return _complain(path, key, "缺少此项，请补上", "this key is required: add it")
    if problem["type"] == "extra_forbidden":
        misspelt = str(problem["loc"][-1])
        return _complain(path, key, *_name_known_keys(misspelt, tuple(Source.model_fields)))
    return _complain(
        path, key, f"值不合要求：{problem['msg']}", f"{problem['msg']}: mend the value"
    )


def _name_known_keys(key: str, known: tuple[str, ...]) -> tuple[str, str]:
    meant = difflib.get_close_matches(key, known, n=1)
    listed = meant[0] if meant else ", ".join(known)
    return f"没有这个键；可用：{listed}", f"no such key; known: {listed}"


def _complain(path: Path | None, key: str, chinese: str, english: str) -> ConfigError:
    return ConfigError(f"{path or CONFIG_NAME} ▸ {key}：{chinese} / {english}")
