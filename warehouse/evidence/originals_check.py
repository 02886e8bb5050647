"""Holds what is kept against the archived originals: their bytes, cells and rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from warehouse.collect.archive import path_of
from warehouse.contracts.model import Text
from warehouse.decide.rows import keep_rows, select_cells, type_form_again
from warehouse.evidence.finding import RESTORE_ARCHIVE, RESTORE_CORE, Check, Problem
from warehouse.evidence.model import Document
from warehouse.evidence.originals import Originals
from warehouse.evidence.submissions import Facts
from warehouse.site.evidence_page import write_place

_CHUNK = 1 << 20
_NAMED = 20
"""Differences named of one file; how many there are is said."""
_DIFFERING = """
    with kept as ({kept}),

    again as ({again})

    select
        coalesce(kept.source_sheet, again.source_sheet) as source_sheet,
        coalesce(kept.source_row, again.source_row) as source_row
    from kept
    full join again
        on kept.source_sheet = again.source_sheet and kept.source_row = again.source_row
    where kept.cells is distinct from again.cells
    order by source_sheet, source_row
"""


def check_originals(archive: Path, hashes: Mapping[str, str]) -> Check:
    """Hashes every original anew.

    Args:
        archive: every file ever received.
        hashes: what each is called, by the SHA-256 it must have.
    """
    problems = [
        problem
        for sha256, name in hashes.items()
        if (problem := _check_bytes(archive, sha256, name)) is not None
    ]
    count = len(hashes)
    seen = Text(
        zh=f"重算 {count} 个原件的哈希", en=f"the hashes of {count} originals computed anew"
    )
    return Check("originals", seen, tuple(problems))


def _check_bytes(archive: Path, sha256: str, name: str) -> Problem | None:
    try:
        path = path_of(archive, sha256)
        with path.open("rb") as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except (OSError, ValueError) as error:
        what = Text(
            zh=f"存档里读不到这个原件（{type(error).__name__}）",
            en=f"the archive does not give this original ({type(error).__name__})",
        )
        return Problem(f"{name} {sha256}", what, RESTORE_ARCHIVE)
    if digest.hexdigest() == sha256:
        return None
    what = Text(
        zh=f"存档里的字节变了，现在的哈希是 {digest.hexdigest()}",
        en=f"the bytes in the archive changed, their hash now is {digest.hexdigest()}",
    )
    return Problem(f"{name} {sha256}", what, RESTORE_ARCHIVE)


def check_cells(document: Document, facts: Mapping[int, Facts], originals: Originals) -> Check:
    """Reads every cell named in the document again, at its address in the original."""
    problems = []
    count = 0
    rows_of = defaultdict(list)
    for row in document["rows"]:
        rows_of[row["submission_id"]].append(row)
    for number, rows in rows_of.items():
        submission = facts.get(number)
        original = originals.read(submission) if submission else None
        texts = original.read_rows({row["row"] for row in rows}) if original else {}
        named = document["headings"].get(submission["dataset"], {}) if submission else {}
        for row in rows:
            spot = row["sheet"], row["row"]
            for column, (address, read, *_) in zip(named, row["cells"], strict=False):
                count += 1
                now = original.find_cell(texts, spot, column) if original else (None, None)
                if now != (address, read):
                    name = submission["file_name"] if submission else None
                    problems.append(_tell_cell(write_place(name, row), address, read, now))
    seen = Text(
        zh=f"按地址重读原件的 {count} 个单元格", en=f"{count} cells read again in the originals"
    )
    return Check("cells", seen, tuple(problems))


def _tell_cell(
    place: str, address: str | None, read: str | None, now: tuple[str | None, str | None]
) -> Problem:
    what = Text(
        zh=f"证据说 {address or '?'} 写的是“{read or ''}”，"
        f"原件 {now[0] or '?'} 写的是“{now[1] or ''}”",
        en=f"the evidence says that {address or '?'} reads '{read or ''}', the original's "
        f"{now[0] or '?'} reads '{now[1] or ''}'",
    )
    remedy = Text(
        zh="以原件为准；请用 biaogan evidence 重新生成这份证据",
        en="the original is right: make this file again with biaogan evidence",
    )
    return Problem(place, what, remedy)


def check_core(
    connection: duckdb.DuckDBPyConnection, facts: Iterable[Facts], originals: Originals
) -> Check:
    """Types each original anew and compares it, row by row, with what was taken in."""
    problems = []
    count = 0
    for submission in facts:
        if submission["is_nil"]:
            continue
        original = originals.read(submission)
        contract = original.form.identity.contract if original else None
        if original is None or contract is None or contract.dataset != submission["dataset"]:
            problems.append(_tell_unread(submission))
            continue
        number = submission["submission_id"]
        typed = type_form_again(connection, contract, original.expectations, number, original.form)
        if typed is None:
            problems.append(_tell_unread(submission))
            continue
        found = connection.execute(
            _DIFFERING.format(
                kept=select_cells(contract, keep_rows(contract, number, is_nil=False)),
                again=select_cells(contract, typed),
            )
        ).fetchall()
        count += original.form.rows.height
        problems += _tell_rows(submission, found)
    seen = Text(
        zh=f"从原件重读 {count} 行，与入库的比对",
        en=f"{count} rows read again from the originals and compared with those taken in",
    )
    return Check("core", seen, tuple(problems))


def _tell_rows(submission: Facts, found: list[tuple[str, int]]) -> list[Problem]:
    left = len(found) - _NAMED
    return [
        Problem(
            f"{submission['file_name']} ▸ {f'{sheet}!' if sheet else ''}{row}",
            Text(
                zh=f"入库的行（第 {submission['submission_id']} 号报送）与原件不同"
                + (f"；该文件还有 {left} 行不同" if left > 0 and place == _NAMED - 1 else ""),
                en=f"the row taken in (submission {submission['submission_id']}) is not that of "
                "the original"
                + (f"; {left} more rows of it differ" if left > 0 and place == _NAMED - 1 else ""),
            ),
            RESTORE_CORE,
        )
        for place, (sheet, row) in enumerate(found[:_NAMED])
    ]


def _tell_unread(submission: Facts) -> Problem:
    number = submission["submission_id"]
    what = Text(
        zh=f"第 {number} 号报送的原件读不出来，无法与入库的行比对",
        en=f"the original of submission {number} cannot be read and held against what was taken in",
    )
    return Problem(str(submission["file_name"]), what, RESTORE_ARCHIVE)
