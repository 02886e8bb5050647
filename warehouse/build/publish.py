"""Publishes a release: a fresh file, verified by reopening it, then the pointer."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.fault import UserFault

CATALOG = "release"


class PublishError(UserFault):
    """A release could not be made; the one before still stands."""


@dataclass(frozen=True)
class Published:
    """One released file.

    Attributes:
        content_sha256: hash over the content of every mart but the list of releases; equal for
            equal content, whatever order the rows lie in.
        rows: rows by mart.
    """

    path: Path
    content_sha256: str
    rows: dict[str, int]


def release_path(folder: Path, release_id: int) -> Path:
    """Where the file of a release lies."""
    return folder / f"mart-{release_id:06d}.duckdb"


@contextlib.contextmanager
def open_release(
    connection: duckdb.DuckDBPyConnection, folder: Path, release_id: int
) -> Iterator[Path]:
    """Attaches a fresh file as catalog `release`; detaching it leaves no write-ahead log behind.

    Where building fails the half-made file is removed at once: on a full disk it is in the way.

    Raises:
        PublishError: a model cannot be built.
    """
    folder.mkdir(parents=True, exist_ok=True)
    building = folder / f".building-{release_id:06d}.duckdb"
    remove_unfinished(folder)
    try:
        connection.execute(f"attach '{building}' as {CATALOG}")
        connection.execute(f"create schema {CATALOG}.mart")
        yield building
        connection.execute(f"checkpoint {CATALOG}")
        connection.execute(f"detach {CATALOG}")
    except BaseException as error:
        # Detaching a file that could not be written fails as well and would hide why.
        with contextlib.suppress(duckdb.Error):
            connection.execute(f"detach {CATALOG}")
        remove_unfinished(folder)
        if isinstance(error, duckdb.ProgrammingError | duckdb.DataError):
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            message = (
                f"发布未成，模型有误：{reason}。上一版仍然有效；请改正 sql/ 中的模型后重跑。 / "
                f"Nothing was published, a model cannot be built: {reason}. The release before "
                "still stands; mend the model in sql/ and run the night again."
            )
            raise PublishError(message) from error
        raise


def remove_unfinished(folder: Path) -> None:
    """Removes what a killed or failed run left half made."""
    for leftover in folder.glob(".building-*"):
        leftover.unlink()


def finish_release(building: Path, folder: Path, release_id: int) -> Published:
    """Verifies a built file by reopening it and moves it to its name.

    Raises:
        PublishError: the file has a write-ahead log, lacks marts, or cannot be read.
    """
    if building.with_suffix(".duckdb.wal").exists():
        message = (
            f"发布未成：{building.name} 没有正常关闭。上一版仍然有效；请重跑本夜任务。 / "
            f"Nothing was published: {building.name} was not closed cleanly. The release before "
            "still stands; run the night again."
        )
        raise PublishError(message)
    rows, content = read_back(building)
    with building.open("rb") as stream:
        os.fsync(stream.fileno())
    target = release_path(folder, release_id)
    building.replace(target)
    target.chmod(0o444)
    _sync_folder(folder)
    return Published(target, content, rows)


def read_back(path: Path) -> tuple[dict[str, int], str]:
    """Reads a released file: rows by mart, and the hash over its content.

    Raises:
        PublishError: it holds no mart.
    """
    digest = hashlib.sha256()
    rows: dict[str, int] = {}
    with duckdb.connect(str(path), read_only=True) as reader:
        tables = reader.execute(
            "select table_name from duckdb_tables() where schema_name = 'mart' order by all"
        ).fetchall()
        if not tables:
            message = (
                f"发布未成：{path.name} 里没有任何数据集市，请检查 sql/mart/。 / "
                f"Nothing was published: {path.name} holds no mart; look into sql/mart/."
            )
            raise PublishError(message)
        for (table,) in tables:
            columns = [
                f'"{name}"'
                for (name,) in reader.execute(
                    "select column_name from duckdb_columns() where schema_name = 'mart' "
                    "and table_name = ? and column_name <> 'release_id' order by column_index",
                    [table],
                ).fetchall()
            ]
            # Adding up row hashes does not depend on the order the rows lie in.
            count, total = reader.execute(
                f"select count(*), sum(hash({', '.join(columns)})::hugeint) from mart.{table}"  # noqa: S608
            ).fetchone() or (0, 0)
            rows[table] = count
            if table != "release":
                digest.update(f"{table}:{count}:{total}\n".encode())
    return rows, digest.hexdigest()


def point_to(target: Path, pointer: Path) -> None:
    """Swaps the pointer in one step: a reader sees the old release or the new one, always one."""
    fresh = pointer.with_name(f".{pointer.name}.next")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.name)
    fresh.replace(pointer)
    _sync_folder(pointer.parent)


def retire_releases(folder: Path, pointer: Path, keep: int) -> list[Path]:
    """Removes the oldest files beyond the number kept; never the one pointed to or the one before.

    A reader that still has a removed file open keeps reading it. DuckDB first resolves the pointer
    and then opens what it found by name: a reader between the two still needs the release before.
    """
    current = pointer.resolve() if pointer.is_symlink() else None
    files = sorted(folder.glob("mart-*.duckdb"))
    retired = [path for path in files[: -max(keep, 2)] if path.resolve() != current]
    for path in retired:
        path.unlink()
    return retired


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
