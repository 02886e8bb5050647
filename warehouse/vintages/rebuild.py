"""Gives the file of a release: as published where it still lies there, else built once more.

What is built again lies apart from what the night published, and is used only where its content
has the very hash the ledger has of that release.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from warehouse import __version__
from warehouse.build.publish import PublishError, read_back, release_path
from warehouse.build.release import build_release
from warehouse.contracts.model import Text
from warehouse.fault import UserFault
from warehouse.history import look_back, open_bench
from warehouse.night.rules import load_kept_rules
from warehouse.settings import Settings
from warehouse.vintages.failure import ReleaseLost
from warehouse.vintages.ledger import WAIT_SECONDS, Release

KEPT = 4
"""Rebuilt files kept, the last used; one that a reader has open keeps being read when it goes."""


def rebuilt_folder(settings: Settings) -> Path:
    """Where rebuilt releases lie."""
    return settings.home / "rebuilt"


def open_release_file(settings: Settings, release: Release) -> Path:
    """The file of a release, whole.

    Raises:
        ReleaseLost: what this version builds differs from what was published.
        RuleSetLost: the rules of that release cannot be had any more.
        NoHistory: no night has run yet.
        LeaseHeld: a night is under way, and still was after waiting.
    """
    for folder in (settings.published, rebuilt_folder(settings)):
        path = release_path(folder, release.release_id)
        if _has_content(path, release.content_sha256):
            if folder != settings.published:
                with suppress(OSError):  # not its owner, or just gone: the reader will ask again
                    os.utime(path)
            return path
    return _rebuild(settings, release)


def _has_content(path: Path, content_sha256: str) -> bool:
    """Whether a file is there and its marts have that content, none damaged."""
    try:
        return path.is_file() and read_back(path)[1] == content_sha256
    except (duckdb.Error, UserFault):
        return False


def _rebuild(settings: Settings, release: Release) -> Path:
    """Builds the file under the lease, in a folder of its own, and moves it to its place."""
    rules = load_kept_rules(settings.archive, release.facts.rule_set)
    contracts = rules.expectations.contracts.values()
    folder = rebuilt_folder(settings)
    path = release_path(folder, release.release_id)
    with (
        open_bench(settings) as connection,
        look_back(connection, settings, contracts, WAIT_SECONDS),
    ):
        if _has_content(path, release.content_sha256):  # another command was first
            return path
        try:
            built = build_release(connection, rules, release.facts, folder / ".building")
        except (PublishError, duckdb.ProgrammingError, duckdb.DataError) as error:
            reason = next(iter(str(error.__cause__ or error).splitlines()), type(error).__name__)
            raise _lose(release, f"出错：{reason}", f"it fails: {reason}") from error
        if built.content_sha256 != release.content_sha256:
            built.path.unlink()
            raise _lose(
                release,
                f"内容哈希为 {built.content_sha256}",
                f"it has the content hash {built.content_sha256}",
            )
        built.path.replace(path)
    _retire(folder, path)
    return path


def _retire(folder: Path, used: Path) -> None:
    """Removes the rebuilt files beyond the number kept, those first that nobody asked for."""
    rebuilt = []
    for path in folder.glob("mart-*.duckdb"):
        with suppress(FileNotFoundError):
            rebuilt.append((path == used, path.stat().st_mtime, path))
    for _, _, path in sorted(rebuilt)[:-KEPT]:
        path.unlink(missing_ok=True)


def _lose(release: Release, what: str, what_english: str) -> ReleaseLost:
    facts = release.facts
    name = release_path(Path(), release.release_id).name
    remedy, remedy_english = (
        ("请运行 biaogan doctor --deep 核对台账和存档", "run biaogan doctor --deep on the ledger")
        if facts.code_version == __version__
        else (f"请用 {facts.code_version} 版程序查询", f"ask with version {facts.code_version}")
    )
    return ReleaseLost(
        Text(
            zh=f"第 {release.release_id} 次发布的文件已不在，重建的与当时发布的不一致："
            f"{facts.code_version} 版当时发布的内容哈希为 {release.content_sha256}，"
            f"本版 {__version__} 重建时{what}。"
            f"请从备份把 {name} 恢复到 published 目录，或{remedy}。",
            en=f"The file of release {release.release_id} is gone and cannot be rebuilt as it was: "
            f"version {facts.code_version} published the content hash {release.content_sha256}; "
            f"rebuilt by this version {__version__}, {what_english}. Restore {name} from the "
            f"backup into published/, or {remedy_english}.",
        )
    )
