"""Publishes a release: a fresh file, verified by reopening it, then the pointer."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

CATALOG = "release"


class PublishError(Exception):
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
    """Attaches a fresh file as catalog `release`; detaching it leaves no write-ahead log behind."""
    folder.mkdir(parents=True, exist_ok=True)
    building = folder / f".building-{release_id:06d}.duckdb"
    remove_unfinished(folder)
    connection.execute(f"attach '{building}' as {CATALOG}")
    try:
        connection.execute(f"create schema {CATALOG}.mart")
        yield building
        connection.execute(f"checkpoint {CATALOG}")
    finally:
        connection.execute(f"detach {CATALOG}")


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
        message = f"{building.name} was not closed cleanly; run the night again"
        raise PublishError(message)
    rows, content = _read_back(building)
    with building.open("rb") as stream:
        os.fsync(stream.fileno())
    target = release_path(folder, release_id)
    building.replace(target)
    target.chmod(0o444)
    _sync_folder(folder)
    return Published(target, content, rows)


def _read_back(path: Path) -> tuple[dict[str, int], str]:
    digest = hashlib.sha256()
    rows: dict[str, int] = {}
    with duckdb.connect(str(path), read_only=True) as reader:
        tables = reader.execute(
            "select table_name from duckdb_tables() where schema_name = 'mart' order by all"
        ).fetchall()
        if not tables:
            message = f"{path.name} holds no mart"
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
    """Swaps the pointer in one step: a reader sees the old release or the new one, never neither."""
    fresh = pointer.with_name(f".{pointer.name}.next")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.name)
    fresh.replace(pointer)
    _sync_folder(pointer.parent)


def retire_releases(folder: Path, pointer: Path, keep: int) -> list[Path]:
    """Removes the oldest files beyond the number kept; never the one pointed to.

    A reader that still has a removed file open keeps reading it.
    """
    current = pointer.resolve() if pointer.is_symlink() else None
    files = sorted(folder.glob("mart-*.duckdb"))
    retired = [path for path in files[:-keep] if path.resolve() != current]
    for path in retired:
        path.unlink()
    return retired


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
