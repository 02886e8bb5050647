"""Keeps every file unchanged under its SHA-256: `archive/<first two hex>/<sha256>`, read-only."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from warehouse.fault import UserFault

_CHUNK = 1 << 20
_INCOMING = ".incoming"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_STALE_SECONDS = 24 * 3600


class ArchiveError(UserFault):
    """The archive could not be written: a full disk, a missing right. No source is to blame."""


class TooLarge(Exception):
    """More bytes came than the source's limit allows; nothing was kept."""


class Readable(Protocol):
    """Anything that gives bytes until it gives none."""

    def read(self, size: int, /) -> bytes:
        """Reads at most `size` bytes; empty bytes mean the end."""


@dataclass(frozen=True)
class StoredFile:
    """One file in the archive.

    Attributes:
        sha256: its name there, 64 lower-case hex digits.
        size: bytes.
        is_new: False where the archive had these bytes already.
    """

    sha256: str
    size: int
    is_new: bool


def store(archive: Path, stream: BinaryIO | Readable, *, max_bytes: int) -> StoredFile:
    """Stores what a stream gives, in constant memory; killed at any point it leaves no half file.

    The same bytes again change nothing, unless the stored file is damaged: then the good bytes
    take its place. Whatever the stream raises passes through.

    Raises:
        TooLarge: the stream gives more than `max_bytes`.
        ArchiveError: the archive cannot be written.
    """
    with _open_incoming(archive) as (descriptor, incoming):
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > max_bytes:
                message = f"more than {max_bytes} bytes"
                raise TooLarge(message)
            digest.update(chunk)
            with _blaming_archive(archive):
                _write_all(descriptor, chunk)
        sha256 = digest.hexdigest()
        with _blaming_archive(archive):
            return StoredFile(sha256, size, _keep(archive, descriptor, incoming, sha256))


def path_of(archive: Path, sha256: str) -> Path:
    """Says where a file is kept, whether or not it is there.

    Raises:
        ValueError: not a SHA-256 in lower-case hex, so that no name can lead out of the archive.
    """
    if not _SHA256.fullmatch(sha256):
        message = f"not a SHA-256 in lower-case hex: {sha256!r}"
        raise ValueError(message)
    return archive / sha256[:2] / sha256


def verify(archive: Path) -> list[str]:
    """Reads the whole archive and lists what is not what it was.

    Returns:
        Paths below the archive (`ab/ab12…`), sorted: files whose content does not give their
        name any more, that cannot be read, or that do not belong there.
    """
    return sorted(
        path.relative_to(archive).as_posix()
        for path in archive.glob("*/*")
        if path.parent.name != _INCOMING and not _is_intact(archive, path)
    )


def clear_incoming(archive: Path) -> int:
    """Removes what killed nights left half written, older than a day; says how many files."""
    removed = 0
    for path in (archive / _INCOMING).glob("*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()
                removed += 1
    return removed


@contextmanager
def _open_incoming(archive: Path) -> Iterator[tuple[int, Path]]:
    with _blaming_archive(archive):
        folder = archive / _INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
    try:
        yield descriptor, Path(name)
    finally:
        os.close(descriptor)
        with suppress(FileNotFoundError):
            Path(name).unlink()


@contextmanager
def _blaming_archive(archive: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        message = (
            f"存档目录 {archive} 无法写入：{reason}。请检查磁盘空间和写权限，再重跑本夜任务。 / "
            f"The archive {archive} cannot be written: {reason}. "
            "Check free space and write permission, then run the night again."
        )
        raise ArchiveError(message) from error


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _keep(archive: Path, descriptor: int, incoming: Path, sha256: str) -> bool:
    """Moves a complete file to its place; says whether the archive lacked it."""
    final = path_of(archive, sha256)
    is_new = not final.exists()
    if not is_new and _is_intact(archive, final):
        return False
    os.fchmod(descriptor, 0o444)
    os.fsync(descriptor)
    if not final.parent.exists():
        final.parent.mkdir(exist_ok=True)
        _sync_folder(archive)
    incoming.replace(final)
    _sync_folder(final.parent)
    return is_new


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_intact(archive: Path, path: Path) -> bool:
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False
    return path == path_of(archive, sha256)
