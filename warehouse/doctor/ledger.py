"""Looks into the ledger: its hash chain, its archive, and sources from which nothing comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.collect.archive import path_of, verify
from warehouse.collect.sources import ConfigError, find_config, load_sources
from warehouse.database import open_database
from warehouse.doctor.check import Check, Words, fail_on, pass_check, warn_of
from warehouse.doctor.root import Lease
from warehouse.ledger.chain import verify_chain
from warehouse.settings import CITY_TIME, Settings

SILENT_DAYS = 120
"""A quarter, and the time its forms take to come in."""
_NAMED_AT_MOST = 5


@dataclass(frozen=True)
class LedgerView:
    """What the other checks need from the ledger.

    Attributes:
        last_release: number of the last release; None before the first.
        arrivals: when the last file came, by source.
    """

    last_release: int | None = None
    arrivals: dict[str, datetime] = field(default_factory=dict)


def look_into_ledger(settings: Settings, lease: Lease) -> tuple[list[Check], LedgerView | None]:
    """Reads the ledger, without writing, while nobody else does.

    Returns:
        The checks, and what was read; None where it could not be.
    """
    if not settings.database.exists():
        return [_report_no_database(settings)], None
    if not lease.is_free:
        seen = Words(
            "有任务正在运行，这次不查台账", "a run is going on; the ledger was not looked at"
        )
        return [Check("ledger", "ok", seen)], None
    try:
        with open_database(settings, read_only=True) as connection:
            checks = [_check_chain(connection), _check_archive(connection, settings.archive)]
            return checks, _read_view(connection)
    except duckdb.Error as error:
        return [_report_unreadable(settings, error)], None


def _read_view(connection: duckdb.DuckDBPyConnection) -> LedgerView:
    row = connection.execute("select max(release_id) from ledger.release").fetchone()
    arrivals = connection.execute(
        "select source, max(known_at) from ledger.arrival group by source"
    ).fetchall()
    return LedgerView(row[0] if row else None, dict(arrivals))


def _report_no_database(settings: Settings) -> Check:
    if not any(settings.published.glob("mart-*.duckdb")):
        return pass_check("ledger", "还没有台账", "no ledger yet")
    name = settings.database.name
    return fail_on(
        "ledger",
        Words(
            f"有发布文件，却没有 {name}：台账丢失",
            f"there are releases but no {name}: the ledger is lost",
        ),
        Words(
            f"先不要运行 nightly；从备份恢复 {name}",
            f"do not run a night; restore {name} from the backup",
        ),
    )


def _report_unreadable(settings: Settings, error: duckdb.Error) -> Check:
    name, reason = settings.database.name, " ".join(str(error).split())
    return fail_on(
        "ledger",
        Words(f"{name} 读不出来：{reason}", f"{name} cannot be read: {reason}"),
        Words(
            "关掉占用它的程序；仍打不开就从备份恢复，旁边的 .wal 一并恢复或移走",
            "close the program that uses it; if it still cannot be read, restore it from the "
            "backup, together with its .wal or without any",
        ),
    )


def _check_chain(connection: duckdb.DuckDBPyConnection) -> Check:
    problems = verify_chain(connection)
    if not problems:
        row = connection.execute("select count(*) from ledger.submission").fetchone()
        count = row[0] if row else 0
        return pass_check(
            "ledger", f"台账首尾相扣，{count} 份报送", f"the chain holds, {count} submissions"
        )
    return fail_on(
        "ledger",
        Words(
            f"台账有 {len(problems)} 处与封存时不符，第一处：{problems[0]}",
            f"the ledger differs from what was sealed in {len(problems)} places: {problems[0]}",
        ),
        Words(
            "有人改过台账。请停止夜间任务，与备份比对，查明后恢复",
            "somebody changed the ledger: stop the nights, compare with the backup, and restore it",
        ),
    )


def _check_archive(connection: duckdb.DuckDBPyConnection, archive: Path) -> Check:
    hashes = connection.execute(
        "select distinct sha256 from ledger.submission where sha256 is not null"
    ).fetchall()
    missing = [sha256 for (sha256,) in hashes if not path_of(archive, sha256).exists()]
    if not missing:
        count = len(hashes)
        return pass_check("archive", f"存档 {count} 个文件都在", f"all {count} files are kept")
    return fail_on(
        "archive",
        Words(
            f"存档缺 {len(missing)} 个文件，如 {missing[0]}",
            f"{len(missing)} files are missing from the archive, such as {missing[0]}",
        ),
        Words(
            "请从备份恢复 archive 目录：原件丢失后，数字就无从追溯",
            "restore the archive from the backup: without the originals no figure can be traced",
        ),
    )


def check_archive_bytes(settings: Settings) -> Check:
    """Reads every kept file again and compares it with its hash; takes time."""
    damaged = verify(settings.archive)
    if not damaged:
        return pass_check("archive_bytes", "存档内容与哈希一致", "every kept file fits its hash")
    return fail_on(
        "archive_bytes",
        Words(
            f"存档有 {len(damaged)} 个文件变了：{'、'.join(damaged[:_NAMED_AT_MOST])}",
            f"{len(damaged)} kept files have changed: {', '.join(damaged[:_NAMED_AT_MOST])}",
        ),
        Words(
            "请从备份恢复这些文件，并检查磁盘",
            "restore these files from the backup and check the disk",
        ),
    )


def check_sources(settings: Settings, view: LedgerView, now: datetime) -> list[Check]:
    """Names the sources from which nothing has come for a long time."""
    try:
        sources = load_sources(find_config(settings.home), settings.inbox)
    except ConfigError:
        return []  # the check of the config says so
    since = now - timedelta(days=SILENT_DAYS)
    silent = [
        (source.name, view.arrivals.get(source.name))
        for source in sources
        if (at := view.arrivals.get(source.name)) is None or at < since
    ]
    if not silent:
        count = len(sources)
        seen = Words(f"{count} 个来源近期都有文件", f"files came lately from all {count} sources")
        return [Check("sources", "ok", seen)]
    more = len(silent) - _NAMED_AT_MOST
    named = [(name, f"{at.astimezone(CITY_TIME):%Y-%m-%d}" if at else "") for name, at in silent]
    shown = named[:_NAMED_AT_MOST]
    zh = "、".join(f"{name}（{f'最近 {day}' if day else '从未'}）" for name, day in shown)
    en = ", ".join(f"{name} ({f'last on {day}' if day else 'never'})" for name, day in shown)
    return [
        warn_of(
            "sources",
            Words(
                f"{len(silent)} 个来源 {SILENT_DAYS} 天没有来文件：{zh}"
                + (" 等" if more > 0 else ""),
                f"nothing has come from {len(silent)} sources for {SILENT_DAYS} days: {en}"
                + (f" and {more} more" if more > 0 else ""),
            ),
            Words(
                "请确认地址、账号是否有效，填报单位是否还在报",
                "check that address and account still work and the reporter still reports",
            ),
        )
    ]
