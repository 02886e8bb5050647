"""Verifies a whole data root: the ledger, every original, and every released file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from warehouse.build.publish import read_back, release_path
from warehouse.collect.archive import verify
from warehouse.contracts.model import Text
from warehouse.evidence.finding import (
    PUBLISH_AGAIN,
    RESTORE_ARCHIVE,
    RESTORE_LEDGER,
    Check,
    Problem,
)
from warehouse.evidence.originals import Originals
from warehouse.evidence.originals_check import check_core, check_originals
from warehouse.evidence.release import Look
from warehouse.evidence.submissions import keep_facts, read_facts
from warehouse.fault import UserFault
from warehouse.ledger.chain import verify_chain

_KEPT = """
    select sha256, any_value(file_name) from ledger.submission where sha256 is not null
    group by sha256
    union all
    select rule_set, 'rules' from ledger.submission where rule_set is not null group by rule_set
    union all
    select rule_set, 'rules' from ledger.release where rule_set is not null group by rule_set
    union all
    select document_sha256, 'Great Expectations' from ledger.judgement
    where document_sha256 is not null group by document_sha256
"""


def verify_root(look: Look, *, deep: bool = False) -> list[Check]:
    """Verifies all that is kept, against the seals in the ledger.

    Args:
        look: the warehouse as of its newest release.
        deep: read every original that counts again as well, and compare it with what was taken in:
            no seal covers those rows, the originals do.
    """
    connection, settings = look.connection, look.settings
    kept = dict(connection.execute(_KEPT).fetchall())
    return [
        _check_ledger(connection),
        check_originals(settings.archive, kept),
        _check_strays(settings.archive, kept),
        _check_releases(connection, settings.published),
        *([_check_rows(look)] if deep else []),
    ]


def _check_rows(look: Look) -> Check:
    numbers = [
        number
        for (number,) in look.connection.execute(
            "select submission_id from core_included_submission"
        ).fetchall()
    ]
    keep_facts(look.connection)
    facts = read_facts(look.connection, numbers)
    originals = Originals(look.connection, look.settings, look.rules)
    return check_core(look.connection, facts.values(), originals)


def _check_ledger(connection: duckdb.DuckDBPyConnection) -> Check:
    """Chain, findings and vintages."""
    problems = tuple(
        Problem("warehouse.duckdb", Text(zh=f"台账与封存时不符：{line}", en=line), RESTORE_LEDGER)
        for line in verify_chain(connection)
    )
    row = connection.execute("select count(*) from ledger.submission").fetchone()
    count = row[0] if row else 0
    seen = Text(
        zh=f"台账哈希链、{count} 份报送的问题清单和各次发布的数字",
        en=f"the ledger's chain, the findings of {count} submissions, the figures of all releases",
    )
    return Check("chain", seen, problems)


def _check_strays(archive: Path, named: Collection[str]) -> Check:
    """Files of the archive, beside those the ledger names, that are not what they are called."""
    problems = tuple(
        Problem(
            path,
            Text(
                zh="存档里的这个文件不是它名字所说的内容",
                en="this file of the archive is not what its name says",
            ),
            RESTORE_ARCHIVE,
        )
        for path in verify(archive)
        if Path(path).name not in named
    )
    seen = Text(zh="存档里其余的文件", en="the other files of the archive")
    return Check("archive", seen, problems)


def _check_releases(connection: duckdb.DuckDBPyConnection, folder: Path) -> Check:
    """The content of every released file that is still there."""
    sealed = connection.execute(
        "select release_id, content_sha256 from ledger.release order by release_id"
    ).fetchall()
    problems = []
    count = 0
    for release_id, content in sealed:
        path = release_path(folder, release_id)
        if not path.exists():
            continue
        count += 1
        try:
            found = read_back(path)[1]
        except (duckdb.Error, UserFault) as error:
            found = next(iter(str(error).splitlines()), type(error).__name__)
        if found != content:
            what = Text(
                zh=f"第 {release_id} 次发布的内容与台账不符：台账是 {content}，文件是 {found}",
                en=f"release {release_id} does not fit the ledger, which has {content}, the file "
                f"{found}",
            )
            problems.append(Problem(path.name, what, PUBLISH_AGAIN))
    seen = Text(zh=f"{count} 个发布文件的内容", en=f"the content of {count} released files")
    return Check("releases", seen, tuple(problems))
