"""Looks at what readers see: the pointer, the file it leads to, and the forms that are overdue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from warehouse.doctor.check import Check, Words, fail_on, pass_check, warn_of
from warehouse.doctor.ledger import LedgerView
from warehouse.query import FileUnreadable, NothingPublished, open_published, resolve_release
from warehouse.query.errors import read_error
from warehouse.settings import Settings

_NAMED_AT_MOST = 5
_FIRST_NIGHT = Words("请运行 biaogan nightly", "run biaogan nightly")
_PUBLISH_AGAIN = Words(
    "请运行 biaogan nightly，会按台账重新发布",
    "run biaogan nightly: it publishes again from the ledger",
)


def look_at_published(settings: Settings, view: LedgerView | None, today: date) -> list[Check]:
    """Follows the pointer and opens the file, as a reader would.

    Args:
        settings: the data root.
        view: what the ledger says; None where it could not be read.
        today: forms due before this day are overdue.
    """
    try:
        path = resolve_release(settings.pointer)
    except NothingPublished:
        return [_report_no_release(settings.pointer, view)]
    try:
        with open_published(path) as connection:
            release = _read_release(connection)
            checks = [_compare_release(path, release, view)]
            return [*checks, _check_overdue(connection, today)]
    except FileUnreadable as fault:
        return [_report_unreadable(path, fault.reason)]
    except duckdb.Error as error:
        return [_report_unreadable(path, read_error(error)[0])]


def _report_no_release(pointer: Path, view: LedgerView | None) -> Check:
    if pointer.is_symlink():
        target = pointer.readlink()
        seen = Words(f"指针指向的 {target} 不存在", f"the pointer leads to {target}, which is gone")
        return fail_on("pointer", seen, _PUBLISH_AGAIN)
    if view is not None and view.last_release:
        seen = Words(
            f"没有指针 {pointer.name}，台账却有发布 {view.last_release}",
            f"there is no {pointer.name}, though the ledger knows release {view.last_release}",
        )
        return fail_on("pointer", seen, _PUBLISH_AGAIN)
    return warn_of("pointer", Words("还没有发布过", "nothing has been published yet"), _FIRST_NIGHT)


def _report_unreadable(path: Path, reason: str) -> Check:
    return fail_on(
        "pointer",
        Words(f"发布文件 {path.name} 读不出来：{reason}", f"{path.name} cannot be read: {reason}"),
        Words(
            "请把这个文件和它旁边的 .wal 移出 published 目录，再运行 biaogan nightly 重新发布",
            "move the file, and a .wal beside it, out of the folder, then run biaogan nightly: "
            "it publishes again",
        ),
    )


def _read_release(connection: duckdb.DuckDBPyConnection) -> int | None:
    row = connection.execute("select max(release_id) from mart.release").fetchone()
    return row[0] if row else None


def _compare_release(path: Path, release: int | None, view: LedgerView | None) -> Check:
    if view is None or view.last_release == release:
        return pass_check(
            "pointer", f"发布 {release}（{path.name}）", f"release {release} ({path.name})"
        )
    return fail_on(
        "pointer",
        Words(
            f"读者看到的是发布 {release}（{path.name}），台账最后一次是发布 {view.last_release}",
            f"readers see release {release} ({path.name}), "
            f"the last one in the ledger is {view.last_release}",
        ),
        Words(
            "请运行 biaogan nightly，会把指针指到最新的发布",
            "run biaogan nightly: it points to the newest release",
        ),
    )  # fmt: skip


def _check_overdue(connection: duckdb.DuckDBPyConnection, today: date) -> Check:
    """How many forms are overdue, by who owes them."""
    overdue = connection.execute(
        """
        select reporter, count(*) as forms
        from mart.coverage
        where expected and state = 'missing' and due_on < $1
        group by reporter
        order by forms desc, reporter
        """,
        [today],
    ).fetchall()
    if not overdue:
        return pass_check("overdue", "没有逾期未报的报表", "no form is overdue")
    total = sum(count for _, count in overdue)
    more = len(overdue) - _NAMED_AT_MOST
    named = [f"{reporter} {count}" for reporter, count in overdue[:_NAMED_AT_MOST]]
    return warn_of(
        "overdue",
        Words(
            f"逾期未报 {total} 份，涉及 {len(overdue)} 个单位：{'、'.join(named)}"
            + (" 等" if more > 0 else ""),
            f"{total} forms of {len(overdue)} reporters are overdue: {', '.join(named)}"
            + (f" and {more} more" if more > 0 else ""),
        ),
        Words(
            "请用 biaogan status 查看是哪些，并催报",
            "see which with biaogan status, and ask for them",
        ),
    )
