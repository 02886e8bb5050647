"""Lays returned workbooks into the outbox, each into the folder its file came from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from warehouse.collect.archive import path_of
from warehouse.contracts.load import Expectations
from warehouse.fault import UserFault
from warehouse.ledger.entries import append_entries
from warehouse.returned.gather import gather_returns
from warehouse.returned.model import ReturnedForm
from warehouse.returned.write import write_returned
from warehouse.settings import Settings

UNIDENTIFIED = "unidentified"
"""The folder for files of which not even the sender is known."""

_OWN_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
_EARLIER = re.compile(r"_退回第\d+轮(?:_\d+)?$")
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_STEM_BYTES = 180
"""A name may have 255 bytes; a Chinese character takes three."""

_WANTED = """
    with latest as (
        select
            submission.submission_id,
            submission.folder,
            submission.reporter_code
        from ledger.submission as submission
        where submission.sequence <= getvariable('ledger_cut')
        qualify
            submission.dataset is null
            or submission.reporter_code is null
            or submission.period is null
            or row_number() over (
                partition by submission.dataset, submission.reporter_code, submission.period
                order by submission.submission_id desc
            ) = 1
    ),

    decided as (
        select submission_id, action, recorded_at
        from ledger.decision
        where sequence <= getvariable('ledger_cut')
        qualify row_number() over (partition by submission_id order by sequence desc) = 1
    ),

    unexplained as (
        select distinct submission_id
        from core_finding
        where severity = 'explain' and is_open
    ),

    delivered as (
        select submission_id, max(recorded_at) as recorded_at
        from ledger.delivery
        where kind = 'returned'
        group by submission_id
    )

    select latest.submission_id, latest.folder, latest.reporter_code
    from latest
    inner join decided on latest.submission_id = decided.submission_id
    left join unexplained on latest.submission_id = unexplained.submission_id
    left join delivered on latest.submission_id = delivered.submission_id
    where
        (
            decided.action in ('reject', 'hold', 'return')
            or (decided.action = 'accept' and unexplained.submission_id is not null)
        )
        and coalesce(delivered.recorded_at < decided.recorded_at, true)
        and ($numbers is null or latest.submission_id in (select unnest($numbers::bigint[])))
    order by latest.submission_id
"""


class OutboxError(UserFault):
    """A returned workbook could not be written into the outbox."""


def write_returns(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    expectations: Expectations,
    at: datetime,
    *,
    submission_ids: Sequence[int] | None = None,
) -> list[Path]:
    """Returns every file that waits for its reporter, once for each decision on it.

    That is the last file of an obligation, or one of no known obligation, that was rejected, held
    or returned, and a form of figures of which some are withheld. What lies in the outbox already
    stays there. Killed between writing and recording, the next run writes the same again.

    Args:
        connection: for writing, on which `open_views` was called.
        settings: the data root.
        expectations: contracts and codes.
        at: the night's clock.
        submission_ids: look at these only.

    Returns:
        The files written.

    Raises:
        OutboxError: a file could not be written; the others were, and are recorded.
    """
    numbers = None if submission_ids is None else list(submission_ids)
    waiting = connection.execute(_WANTED, {"numbers": numbers}).fetchall()
    forms = gather_returns(connection, expectations, [number for number, *_ in waiting])
    taken = dict(
        connection.execute(
            "select path, submission_id from ledger.delivery where kind = 'returned'"
        ).fetchall()
    )
    entries: list[dict[str, Any]] = []
    failed: list[OSError] = []
    for number, folder, reporter in waiting:
        form = forms[number]
        place = name_returned(form, folder or reporter or UNIDENTIFIED, taken)
        taken[str(place)] = number
        try:
            sha256 = _deliver(settings, form, settings.outbox / place)
        except OSError as error:
            failed.append(error)
            continue
        entries.append(
            {
                "kind": "returned",
                "submission_id": number,
                "reporter_code": folder or reporter,
                "path": str(place),
                "sha256": sha256,
                "channel": "outbox",
                "night_at": at,
                "recorded_at": datetime.now(UTC),
            }
        )
    append_entries(connection, "delivery", entries)
    if failed:
        raise OutboxError(
            f"{len(failed)} 份退回文件写不进 outbox（{failed[0]}）。请检查磁盘空间和目录权限，"
            f"下次运行会补写。 / {len(failed)} returned workbooks could not be written into the "
            f"outbox ({failed[0]}). Check disk space and rights; the next run writes them."
        ) from failed[0]
    return [settings.outbox / entry["path"] for entry in entries]


def name_returned(form: ReturnedForm, folder: str, taken: Mapping[str, int]) -> PurePosixPath:
    """The place of a returned workbook below the outbox.

    The name keeps that of the file, which may be all that tells period and reporter. Where another
    submission was returned under the same name, the number of this one is added.

    Args:
        form: what goes back.
        folder: of whose file it is.
        taken: submissions by the places they were returned at.
    """
    name = PurePosixPath(_NOT_IN_NAMES.sub("_", form.file_name))
    suffix = name.suffix.lower()
    if form.document_kind != "xlsx" or suffix not in _OWN_SUFFIXES:
        suffix = ".xlsx"
    stem = _EARLIER.sub("", name.stem).encode()[:_STEM_BYTES].decode(errors="ignore")
    bare = f"{stem}_退回第{form.round}轮"
    place = PurePosixPath(folder) / f"{bare}{suffix}"
    if taken.get(str(place), form.submission_id) != form.submission_id:
        return place.with_name(f"{bare}_{form.submission_id}{suffix}")
    return place


def _deliver(settings: Settings, form: ReturnedForm, target: Path) -> str:
    original = path_of(settings.archive, form.sha256) if form.sha256 else None
    target.parent.mkdir(parents=True, exist_ok=True)
    write_returned(original if original and original.is_file() else None, form, target)
    return hashlib.sha256(target.read_bytes()).hexdigest()
