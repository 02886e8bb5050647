"""Looks at the files of the data root: config, contracts, the lease, what a killed run left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from warehouse.build.marts import describe_columns
from warehouse.collect.sources import find_config, load_sources
from warehouse.contracts.load import load_expectations
from warehouse.doctor.check import Check, Words, fail_on, pass_check, warn_of
from warehouse.fault import UserFault
from warehouse.ledger.lease import STALE_SECONDS, Holder, LeaseHeld, read_holder, share_lease
from warehouse.settings import Settings, load_settings
from warehouse.sql_files import load_sql


@dataclass(frozen=True)
class Lease:
    """Who has the warehouse file at this moment.

    Attributes:
        is_free: nobody does, and nobody can take it before the doctor is done.
        holder: who holds it, or was killed holding it.
        trouble: why it cannot be told.
    """

    is_free: bool
    holder: Holder | None = None
    trouble: str | None = None


@contextlib.contextmanager
def watch_lease(settings: Settings) -> Iterator[Lease]:
    """Finds out who has the lease; while it is free it is kept, so that no night starts meanwhile.

    A reader of the warehouse file would make a starting night fail. The holder's file, which tells
    the next night whom it takes over from, is left alone.
    """
    path = settings.lease
    if not path.with_suffix(".lock").exists():
        yield Lease(is_free=True, holder=read_holder(path))
        return
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(share_lease(path))
            lease = Lease(is_free=True, holder=read_holder(path))
        except LeaseHeld:
            lease = Lease(is_free=False, holder=read_holder(path))
        except OSError as error:
            lease = Lease(is_free=False, trouble=error.strerror or str(error))
        yield lease


def check_lease(lease: Lease) -> Check:
    """Says who holds the warehouse, and whether that run is still alive."""
    holder = lease.holder
    if lease.trouble:
        return warn_of(
            "lease",
            Words(f"锁文件打不开：{lease.trouble}", f"the lock cannot be opened: {lease.trouble}"),
            Words(
                "请以运行夜间任务的用户运行 doctor", "run doctor as the user that runs the nights"
            ),
        )
    if lease.is_free:
        return _report_left_behind(holder) if holder else pass_check("lease", "空闲", "free")
    if holder is None:
        return pass_check("lease", "有任务正在运行", "a run is going on")
    who_zh = f"{holder.purpose}（{holder.host} 上的进程 {holder.pid}，自 {holder.since}）"
    who_en = f"{holder.purpose} (process {holder.pid} on {holder.host}, since {holder.since})"
    if holder.silence <= STALE_SECONDS:
        return pass_check("lease", f"正在运行：{who_zh}", f"held by {who_en}")
    silence = f"{holder.silence:.0f}"
    return warn_of(
        "lease",
        Words(f"{who_zh} 已 {silence} 秒没有心跳", f"{who_en} has been silent for {silence} s"),
        Words(
            f"请查看进程 {holder.pid}；确已停住就结束它（kill {holder.pid}），下次运行会接手",
            f"look at process {holder.pid}; if it hangs, end it with kill {holder.pid}: "
            "the next run takes over",
        ),
    )


def _report_left_behind(holder: Holder) -> Check:
    return warn_of(
        "lease",
        Words(
            f"空闲；{holder.purpose}（进程 {holder.pid}）中途被终止",
            f"free; {holder.purpose} (process {holder.pid}) was killed before it ended",
        ),
        Words(
            "无需处理，下次 biaogan nightly 会接手并做完；想马上补做就现在运行",
            "nothing: the next biaogan nightly takes over and finishes; run it now to have it now",
        ),
    )


def check_left_files(settings: Settings, *, is_free: bool) -> list[Check]:
    """Looks for write-ahead logs and half-built files that no run is using."""
    logs = sorted(path.name for path in settings.published.glob("[!.]*.wal"))
    checks = [_report_published_logs(logs)] if logs else []
    log = settings.database.with_name(f"{settings.database.name}.wal")
    if is_free and log.exists():
        checks.append(
            warn_of(
                "wal",
                Words(
                    f"上次运行没有正常结束，留下 {log.name}",
                    f"a run ended early and left {log.name}",
                ),
                Words(
                    "不要删除：下次 biaogan nightly 打开时自动补上",
                    "do not delete it: the next biaogan nightly replays it when it opens the file",
                ),
            )
        )
    if not checks:
        checks.append(pass_check("wal", "没有遗留的 .wal 日志", "no stray .wal"))
    halves = sorted(path.name for path in settings.published.glob(".building-*"))
    if halves and is_free:
        names = "、".join(halves)
        seen = Words(f"有没做完的发布文件：{names}", f"half-built release: {', '.join(halves)}")
        remedy = Words(
            "无需处理，下次 biaogan nightly 会清除", "nothing: the next biaogan nightly removes it"
        )
        checks.append(warn_of("half_built", seen, remedy))
    return checks


def _report_published_logs(logs: list[str]) -> Check:
    return fail_on(
        "wal",
        Words(
            f"发布文件旁有 {'、'.join(logs)}：有人以可写方式打开过发布文件，可能谁都打不开它",
            f"{', '.join(logs)} beside a published file: somebody opened it for writing, "
            "and now it may open for nobody",
        ),
        Words(
            "请关掉那个程序，把 .wal 移出 published 目录，再用 biaogan query 试读；"
            "今后只用 biaogan query 或只读方式打开",
            "close that program, move the .wal out of the folder, then try biaogan query; "
            "open releases read-only from now on",
        ),
    )


def check_config(settings: Settings) -> Check:
    """Whether the config file and the sources in it can be read."""

    def load() -> int:
        load_settings(settings.home)
        return len(load_sources(find_config(settings.home), settings.inbox))

    return _try("config", load, "来源", "sources")


def check_contracts(settings: Settings) -> Check:
    """Whether contracts, code lists and models can be read."""

    def load() -> int:
        expectations = load_expectations(extra=settings.expectations_extra)
        for model in load_sql("mart", extra=settings.sql_extra).values():
            describe_columns(model)
        return len(expectations.contracts)

    return _try("contracts", load, "报表合约", "contracts")


def _try(name: str, load: Callable[[], int], zh: str, en: str) -> Check:
    try:
        count = load()
    except UserFault as fault:
        remedy = Words("请按上面的提示改正", "mend what it says")
        return fail_on(name, Words(fault.of("zh"), fault.of("en")), remedy)
    return pass_check(name, f"{count} 个{zh}", f"{count} {en}")
