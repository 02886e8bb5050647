"""Which of a night's files are new: numbers for those that are, the earlier number for the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.collect.archive import path_of
from warehouse.collect.arrivals import Arrival, Fingerprint
from warehouse.intake import Incoming, Taken
from warehouse.ledger.entries import append_entries
from warehouse.ledger.load import Clock

_IDENTITY = ("file_name", "dataset", "reporter_code", "period")
BATCH_FILES = 500
BATCH_BYTES = 64 * 1024 * 1024


class Arrivals:
    """The files of one night, held against all that was taken in before.

    Attributes:
        seen: fingerprints of the files that earlier nights recorded.
        incoming: new files by the number their submission will have.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, archive: Path) -> None:
        """Continues from the ledger."""
        self._archive = archive
        self.incoming: dict[int, Incoming] = {}
        self.seen: set[Fingerprint] = {
            (source, file_name, size, etag)
            for source, file_name, size, etag in connection.execute(
                "select source, file_name, size_bytes, etag from ledger.arrival"
            ).fetchall()
        }
        self._arrivals: list[Arrival] = []
        self._numbers: dict[int, int] = {}
        self._twins: dict[int, int] = {}
        self._known: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
        self._next = 1
        for number, folder, sha256, *identity in connection.execute(
            "select submission_id, folder, sha256, file_name, dataset, reporter_code, period "
            "from ledger.submission order by submission_id"
        ).fetchall():
            self._next = number + 1
            if sha256:
                facts = dict(zip(_IDENTITY, identity, strict=True))
                self._known.setdefault((folder, sha256), []).append((number, facts))

    def __bool__(self) -> bool:
        """Whether anything was met that the ledger has to know of."""
        return bool(self._arrivals)

    @property
    def received(self) -> set[str]:
        """Hashes the ledger has taken in."""
        return {sha256 for _, sha256 in self._known}

    @property
    def twins(self) -> list[tuple[Arrival, int]]:
        """Files that were sent before, with the submission they are identical with."""
        return [(self._arrivals[place], number) for place, number in self._twins.items()]

    def number(self, arrivals: Iterable[Arrival]) -> list[list[int]]:
        """Numbers the new files in order of arrival and groups them into batches by size."""
        for item in sorted(arrivals, key=lambda item: (item.known_at, item.source, item.file_name)):
            if item.outcome == "waiting":
                continue
            place = len(self._arrivals)
            self._arrivals.append(item)
            if item.outcome == "ignored":
                continue
            twin = self._find_twin(item.reporter, item.sha256, {"file_name": item.file_name})
            if twin is not None:
                self._twins[place] = twin
                continue
            self._numbers[place] = self._next
            self.incoming[self._next] = self._describe(self._next, item)
            self._next += 1
        return list(_group(self.incoming.values()))

    def is_news(self, item: Taken) -> bool:
        """Whether a file is not what was sent before: the same bytes for the same obligation.

        A bare CSV names its period in its file name only, so an unchanged list of the next quarter
        has the bytes of the one before and is news all the same.
        """
        number, facts = item.staged.submission_id, item.facts
        key = (facts["folder"], facts["sha256"] or "")
        obligation = {name: facts[name] for name in _IDENTITY if name != "file_name"}
        twin = self._find_twin(*key, obligation)
        if twin is None:
            identity = {name: facts[name] for name in _IDENTITY}
            self._known.setdefault(key, []).append((number, identity))
            return True
        [place] = [place for place, own in self._numbers.items() if own == number]
        self._twins[place] = twin
        return False

    def record(
        self, connection: duckdb.DuckDBPyConnection, clock: Clock, waiting: Collection[int]
    ) -> None:
        """Records what was met; files that wait for the next night are left out, to come again."""
        entries = []
        for place, item in enumerate(self._arrivals):
            number = self._twins.get(place) or self._numbers.get(place)
            if number in waiting:
                continue
            outcome = item.outcome
            if item.sha256:
                # The source compares bytes alone; the same bytes from another reporter are news.
                outcome = "identical" if place in self._twins else "new"
            entries.append(
                {
                    "source": item.source,
                    "folder": item.reporter,
                    "file_name": item.file_name,
                    "size_bytes": item.size,
                    "etag": item.etag,
                    "known_at": item.known_at,
                    "sha256": item.sha256,
                    "outcome": outcome,
                    "reason": item.reason,
                    "submission_id": number,
                    "night_at": clock.at,
                    "recorded_at": datetime.now(UTC),
                }
            )
        append_entries(connection, "arrival", entries)

    def _find_twin(self, folder: str, sha256: str | None, identity: dict[str, Any]) -> int | None:
        """The earlier submission with the same bytes that is the same in the facts given."""
        for number, facts in self._known.get((folder, sha256 or ""), []):
            if sha256 and all(facts[name] == value for name, value in identity.items()):
                return number
        return None

    def _describe(self, number: int, item: Arrival) -> Incoming:
        return Incoming(
            submission_id=number,
            path=path_of(self._archive, item.sha256) if item.sha256 else None,
            sha256=item.sha256,
            size_bytes=item.size,
            source=item.source,
            folder=item.reporter,
            file_name=item.file_name,
            known_at=item.known_at,
            refusal=item.reason if item.outcome == "refused" else None,
        )


def _group(files: Iterable[Incoming]) -> Iterator[list[int]]:
    batch: list[int] = []
    size = 0
    for item in files:
        if batch and (len(batch) >= BATCH_FILES or size + item.size_bytes > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item.submission_id)
        size += item.size_bytes
    if batch:
        yield batch
