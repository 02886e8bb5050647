"""Reads sources that are folders of this machine, without ever following a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from warehouse.collect.failures import Setback, SourceFailure
from warehouse.collect.folders import Entry, pick_files, read_clock, walk
from warehouse.collect.names import Verdict, decode_name, judge_name
from warehouse.collect.place import Place
from warehouse.collect.sources import LOOSE, Source


class LocalFolder:
    """A folder on a disk or a mounted share."""

    def __init__(self, source: Source, root: Path) -> None:
        """Takes the folder as the operator wrote it; inside it, links are refused."""
        self._source = source
        self._root = root

    def list_entries(self) -> list[Entry]:
        """Lists the files below the folder.

        Raises:
            SourceFailure: an inbox folder is itself a link.
        """
        if self._source.is_inbox and self._root.is_symlink():
            detail = f"{self._root} is a link: declare where it points as a [[source]] instead"
            raise SourceFailure("configuration", detail)
        if self._source.name == LOOSE:
            stray = Verdict("refused", "no_reporter_folder")
            return [
                replace(entry, verdict=judge_name(entry.name) or stray)
                for entry in self._list_children(None)
                if entry.kind != "folder"
            ]
        return pick_files(walk(self._list_children), self._source.files)

    def open_entry(self, entry: Entry) -> LocalStream:
        """Opens a file one folder at a time, so that no part of its path can turn into a link.

        Raises:
            Setback: the file or a folder above it is a link, or no plain file, by now.
        """
        *folders, name = Path(entry.handle).parts
        parent = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                child = _open_below(parent, folder, os.O_DIRECTORY)
                os.close(parent)
                parent = child
            # Opening a pipe for reading would wait for its writer for ever.
            return LocalStream(_open_below(parent, name, os.O_NONBLOCK), entry)
        finally:
            os.close(parent)

    def close(self) -> None:
        """Nothing is held open between two files."""

    def _list_children(self, folder: Entry | None) -> Iterator[Entry]:
        base = folder.handle if folder else "."
        with os.scandir(self._root / base) as children:
            for child in children:
                try:
                    status = child.stat(follow_symlinks=False)
                except FileNotFoundError:  # an upload that was renamed while we looked
                    continue
                handle = os.path.normpath(f"{base}/{child.name}")
                yield Entry(
                    name=decode_name(os.fsencode(handle)),
                    handle=handle,
                    kind=_name_kind(status.st_mode),
                    size=status.st_size,
                    modified=read_clock(status.st_mtime_ns),
                    etag=str(status.st_mtime_ns),
                )


class LocalStream:
    """One open file, which at its end must still be the file that was listed."""

    def __init__(self, descriptor: int, entry: Entry) -> None:
        """Takes over the descriptor."""
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._etag = entry.etag
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            self._file.close()
            raise Setback("refused", "not_a_file")

    def read(self, size: int, /) -> bytes:
        """Reads on.

        Raises:
            Setback: somebody wrote to the file while it was read.
        """
        chunk = self._file.read(size)
        if not chunk and str(os.fstat(self._file.fileno()).st_mtime_ns) != self._etag:
            raise Setback("waiting", "changed_while_read")
        return chunk

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def connect(source: Source, place: Place) -> LocalFolder:
    """Opens a folder of this machine."""
    return LocalFolder(source, Path(place.rest))


def _open_below(parent: int, name: str, flags: int) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=parent)
    except OSError as error:
        # Linux says ELOOP for a link where a file was, ENOTDIR for a link where a folder was.
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise Setback("refused", "symlink") from error
        raise


def _name_kind(mode: int) -> Literal["file", "folder", "link", "other"]:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"
