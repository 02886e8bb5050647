"""What a pull reports: one arrival per file met, one result per source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

Fingerprint = tuple[str, str, int, str]


@dataclass(frozen=True)
class Arrival:
    """One file met at a source in one night, and what became of it.

    Attributes:
        source: name of the source.
        reporter: reporter code of the source.
        file_name: relative to the source, `/` between folders; control signs are spelled out.
        size: bytes, as stored or else as declared; 0 where the server does not say.
        known_at: aware time the file was last changed at its source, else the night's time.
        etag: mark of this version; empty where the server gives none. For a refused file the
            refusal is part of it, so that the file is taken once the limit that stopped it is
            lifted.
        sha256: its name in the archive; None if it is not there.
        outcome: `stored`, `identical`, `refused`, `waiting` or `ignored`.
        reason: code for the last three, such as `symlink`, `too_large`, `still_being_written`.
    """

    source: str
    reporter: str
    file_name: str
    size: int
    known_at: datetime
    etag: str
    sha256: str | None
    outcome: str
    reason: str | None

    @property
    def fingerprint(self) -> Fingerprint:
        """What `seen` of a later night holds for this file; never record one that is waiting."""
        return (self.source, self.file_name, self.size, self.etag)


@dataclass(frozen=True)
class PullResult:
    """One source in one night.

    Attributes:
        source: name of the source.
        arrivals: files not recorded before, by time and name; those taken before an error stay.
        error: why the source could not be read to its end, Chinese first; None if it was.
        error_kind: `down`, `authentication`, `host_key`, `missing_extra` or `configuration`.
        seconds: how long it took.
        tries: 1, and 1 more for each retry.
        unchanged: files that an earlier night recorded and that were not fetched again.
    """

    source: str
    arrivals: list[Arrival]
    error: str | None
    error_kind: str | None
    seconds: float
    tries: int
    unchanged: int


def mark_identical(results: Iterable[PullResult]) -> list[PullResult]:
    """Makes the first of several new files with the same bytes `stored`, the later `identical`.

    For callers that pull sources side by side, where it is chance who stores the bytes first.
    """
    kept = list(results)
    new = {
        arrival.sha256
        for result in kept
        for arrival in result.arrivals
        if arrival.outcome == "stored"
    }

    def mark(arrival: Arrival) -> Arrival:
        if arrival.sha256 is None:
            return arrival
        is_first = arrival.sha256 in new
        new.discard(arrival.sha256)
        return replace(arrival, outcome="stored" if is_first else "identical")

    return [replace(result, arrivals=list(map(mark, result.arrivals))) for result in kept]
