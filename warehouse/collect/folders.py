"""What every protocol offers: the entries of a source, and a stream of one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Literal, Protocol

from warehouse.collect.failures import ABSENT, Setback, SourceFailure, explain
from warehouse.collect.names import Verdict, judge_name
from warehouse.collect.place import Place
from warehouse.collect.sources import Source

MAX_DEPTH = 3
MAX_ENTRIES = 100_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One thing seen in a source before it is read.

    Attributes:
        name: relative to the source, `/` between folders, decoded to text.
        handle: what the folder needs to open it again: a path or a URL.
        kind: what it is; only a `file` is ever opened, and no `link` is followed.
        size: declared bytes, None where the server does not say.
        modified: aware time of last change, None where the server does not say.
        etag: the server's own mark of this version, else the time of change; empty if neither.
        verdict: set where it will not be read, and why.
    """

    name: str
    handle: str
    kind: Literal["file", "folder", "link", "other"] = "file"
    size: int | None = None
    modified: datetime | None = None
    etag: str = ""
    verdict: Verdict | None = None


class Stream(Protocol):
    """One file being read at its source."""

    def read(self, size: int, /) -> bytes:
        """Reads at most `size` bytes; empty bytes mean the end."""

    def close(self) -> object:
        """Lets the file go."""


class Folder(Protocol):
    """One source, connected. It reads only: nothing at the source is ever written or deleted."""

    def list_entries(self) -> list[Entry]:
        """Lists everything below the address, judged by name and kind."""

    def open_entry(self, entry: Entry) -> Stream:
        """Opens one file for reading."""

    def close(self) -> None:
        """Ends the connection."""


def open_folder(source: Source, place: Place) -> Folder:
    """Connects to a source by its scheme; a protocol's library is imported only here.

    Raises:
        SourceFailure: the extra for this protocol is not installed.
    """
    modules = {"file": "local", "http": "web", "https": "web"}
    module = import_module(f"warehouse.collect.{modules.get(place.scheme, 'remote')}")
    folder: Folder = module.connect(source, place)
    return folder


def walk(list_children: Callable[[Entry | None], Iterable[Entry]]) -> list[Entry]:
    """Walks a source's folders and judges what it meets; what is judged is not entered.

    Args:
        list_children: lists one folder; None stands for the source itself.

    Raises:
        SourceFailure: more than `MAX_ENTRIES` entries.
    """
    found: list[Entry] = []
    pending: list[tuple[Entry | None, int]] = [(None, 0)]
    while pending:
        folder, depth = pending.pop()
        try:
            children = list(list_children(folder))
        except Exception as error:
            found.append(_judge_unlisted(folder, error))
            continue
        for entry in children:
            verdict = entry.verdict or _judge_entry(entry, depth)
            if entry.kind == "folder" and verdict is None:
                pending.append((entry, depth + 1))
            else:
                found.append(replace(entry, verdict=verdict))
        if len(found) > MAX_ENTRIES:
            detail = f"more than {MAX_ENTRIES} files: point the address at a smaller folder"
            raise SourceFailure("configuration", detail)
    return found


def pick_files(entries: list[Entry], files: list[str] | None) -> list[Entry]:
    """Keeps the files a source asks for by name; one that is not there waits for a later night."""
    if files is None:
        return entries
    found = {entry.name: entry for entry in entries}
    return [
        found.get(name) or Entry(name, name, verdict=judge_name(name) or ABSENT) for name in files
    ]


class Measured:
    """A stream that must give exactly the declared bytes: a file that grew or shrank waits."""

    def __init__(self, stream: Stream, size: int | None) -> None:
        """Wraps a stream; `size` None accepts any length."""
        self._stream = stream
        self._left = size

    def read(self, size: int, /) -> bytes:
        """Reads on.

        Raises:
            Setback: the file ended early or went on past its declared size.
        """
        chunk = self._stream.read(size)
        if self._left is not None:
            self._left -= len(chunk)
            if self._left < 0 or (not chunk and self._left):
                raise Setback("waiting", "changed_while_read")
        return chunk


def read_clock(nanoseconds: int) -> datetime:
    """Turns nanoseconds since 1970 into an aware time, to the microsecond and without a float."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def _judge_entry(entry: Entry, depth: int) -> Verdict | None:
    verdict = judge_name(entry.name)
    if verdict is not None:
        return verdict
    if entry.kind == "folder":
        return Verdict("refused", "too_deep") if depth >= MAX_DEPTH else None
    reasons = {"link": "symlink", "other": "not_a_file"}
    return Verdict("refused", reasons[entry.kind]) if entry.kind in reasons else None


def _judge_unlisted(folder: Entry | None, error: Exception) -> Entry:
    """A sub-folder that cannot be entered is refused by name; the rest of the source goes on."""
    failure = explain(error)
    if folder is None or failure.file_verdict is None:
        raise failure from error
    return replace(folder, verdict=failure.file_verdict)
