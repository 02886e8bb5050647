"""Pulls what is new from each source into the archive, and says what became of every file."""

from __future__ import annotations

import time
from collections.abc import Collection, Container, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path

from warehouse.collect.archive import StoredFile, TooLarge, clear_incoming, store
from warehouse.collect.arrivals import Arrival, Fingerprint, PullResult, mark_identical
from warehouse.collect.connection import Connection
from warehouse.collect.failures import REMEDIES, Setback, SourceFailure
from warehouse.collect.folders import Entry, Folder, Measured
from warehouse.collect.names import Verdict, show_name
from warehouse.collect.place import show_address
from warehouse.collect.sources import Source

__all__ = ["Arrival", "Fingerprint", "PullResult", "mark_identical", "pull_all", "pull_source"]

_CLOCK_SKEW = timedelta(hours=1)
_SOURCES_AT_ONCE = 4


def pull_all(
    sources: Sequence[Source],
    archive: Path,
    *,
    seen: Collection[Fingerprint],
    at: datetime,
    is_replayed: bool,
    received: Container[str] | None = None,
) -> list[PullResult]:
    """Pulls every source, several at once; one that fails stops no other.

    Returns:
        One result per source, in the order given. Of files with the same bytes the first in that
        order is `stored`, whichever thread was faster.

    Raises:
        ArchiveError: the archive cannot be written; that stops the night.
        ValueError: `at` has no time zone.
    """
    clear_incoming(archive)
    pull = partial(
        pull_source,
        archive=archive,
        seen=frozenset(seen),
        at=at,
        is_replayed=is_replayed,
        received=received,
    )
    with ThreadPoolExecutor(_SOURCES_AT_ONCE, thread_name_prefix="pull") as pool:
        return mark_identical(list(pool.map(pull, sources)))


def pull_source(
    source: Source,
    archive: Path,
    *,
    seen: Collection[Fingerprint],
    at: datetime,
    is_replayed: bool,
    received: Container[str] | None = None,
) -> PullResult:
    """Pulls what is new from one source.

    Args:
        source: where to look.
        archive: where the bytes go.
        seen: fingerprints of the arrivals earlier nights recorded, those that waited left out.
        at: the night's clock, aware. A replayed night does not see files changed after it.
        is_replayed: whether that clock is simulated.
        received: hashes the ledger has taken in; they decide what is `identical`. None lets the
            archive decide, which calls a file identical that a killed night stored but never
            recorded.

    Raises:
        ArchiveError: the archive cannot be written.
        ValueError: `at` has no time zone.
    """
    if at.utcoffset() is None:
        message = "the night's clock needs a time zone"
        raise ValueError(message)
    started = time.monotonic()
    recorded = seen if isinstance(seen, Set) else frozenset(seen)
    pull = _Pull(source, archive, recorded, at, is_replayed, received)
    failure: SourceFailure | None = None
    with closing(Connection(source)) as connection:
        try:
            pull.run(connection)
        except SourceFailure as error:
            failure = error
    return PullResult(
        source=source.name,
        arrivals=pull.arrivals,
        error=_write_error(source, failure) if failure else None,
        error_kind=failure.kind if failure else None,
        seconds=time.monotonic() - started,
        tries=connection.tries,
        unchanged=pull.unchanged,
    )


@dataclass
class _Pull:
    """The running account of one source in one night."""

    source: Source
    archive: Path
    seen: Set[Fingerprint]
    at: datetime
    is_replayed: bool
    received: Container[str] | None
    arrivals: list[Arrival] = field(default_factory=list)
    unchanged: int = 0
    taken: set[str] = field(default_factory=set)

    def run(self, connection: Connection) -> None:
        entries = connection.run(lambda folder: folder.list_entries())
        for entry in sorted(entries, key=lambda entry: (self._date(entry), entry.name)):
            if self.is_replayed and self._date(entry) > self.at:
                continue
            verdict = entry.verdict or self._judge(entry)
            if verdict is not None:
                self._record(self._describe(entry, verdict))
            elif self._is_recorded(entry):
                self.unchanged += 1
            else:
                self._record(self._take(connection, entry))

    def _date(self, entry: Entry) -> datetime:
        return entry.modified or self.at

    def _judge(self, entry: Entry) -> Verdict | None:
        age = self.at - self._date(entry)
        if not self.is_replayed and age < -_CLOCK_SKEW:
            return Verdict("waiting", "dated_in_future")
        is_fresh = entry.modified and age < timedelta(seconds=self.source.settle_seconds)
        if is_fresh and not self.is_replayed:
            return Verdict("waiting", "still_being_written")
        if (entry.size or 0) > self.source.max_bytes:
            return Verdict("refused", "too_large")
        return None

    def _is_recorded(self, entry: Entry) -> bool:
        """A file without any mark of its version is fetched again: its hash must decide."""
        if not entry.etag:
            return False
        if entry.size is None:
            return (show_name(entry.name), entry.etag) in self._versions
        return (self.source.name, show_name(entry.name), entry.size, entry.etag) in self.seen

    @cached_property
    def _versions(self) -> set[tuple[str, str]]:
        return {(name, etag) for source, name, _, etag in self.seen if source == self.source.name}

    def _take(self, connection: Connection, entry: Entry) -> Arrival:
        def fetch(folder: Folder) -> StoredFile:
            with closing(folder.open_entry(entry)) as stream:
                measured = Measured(stream, entry.size)
                return store(self.archive, measured, max_bytes=self.source.max_bytes)

        try:
            stored = connection.run(fetch)
        except TooLarge:
            return self._describe(entry, Verdict("refused", "too_large"))
        except Setback as setback:
            return self._describe(entry, setback.verdict)
        except SourceFailure as failure:
            if failure.file_verdict is None:
                raise
            return self._describe(entry, failure.file_verdict)
        arrival = self._describe(entry, self._compare(stored))
        return replace(arrival, size=stored.size, sha256=stored.sha256)

    def _compare(self, stored: StoredFile) -> Verdict:
        is_known = stored.sha256 in self.taken or (
            not stored.is_new if self.received is None else stored.sha256 in self.received
        )
        self.taken.add(stored.sha256)
        return Verdict("identical" if is_known else "stored")

    def _describe(self, entry: Entry, verdict: Verdict) -> Arrival:
        mark = f"refused:{verdict.reason}:" if verdict.outcome == "refused" else ""
        return Arrival(
            source=self.source.name,
            reporter=self.source.reporter,
            file_name=show_name(entry.name),
            size=entry.size or 0,
            known_at=self._date(entry),
            etag=f"{mark}{entry.etag}",
            sha256=None,
            outcome=verdict.outcome,
            reason=verdict.reason,
        )

    def _record(self, arrival: Arrival) -> None:
        is_news = arrival.outcome in {"stored", "waiting"} or arrival.fingerprint not in self.seen
        if is_news:
            self.arrivals.append(arrival)
        else:
            self.unchanged += 1


def _write_error(source: Source, failure: SourceFailure) -> str:
    if failure.is_complete:
        return failure.detail
    chinese, english = REMEDIES[failure.kind]
    where = f"{source.name} ({show_address(source)})"
    return f"来源 {where} {chinese}。 / Source {where} {english}. [{failure.detail}]"
