"""What a verification looked at, and what it found not to hold."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.contracts.model import Text


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold: what, where, and what to do."""

    where: str
    what: Text
    remedy: Text


@dataclass(frozen=True)
class Check:
    """One thing that was verified.

    Attributes:
        name: `page`, `chain`, `originals`, `cells`, `core`, `rows`, `said`, `figure`, ….
        seen: how much was looked at.
    """

    name: str
    seen: Text
    problems: tuple[Problem, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


RESTORE_LEDGER = Text(
    zh="有人改过台账：请停止夜间任务，与备份比对，查明后恢复 warehouse.duckdb",
    en="somebody changed the ledger: stop the nights, compare with the backup, and restore "
    "warehouse.duckdb",
)
RESTORE_ARCHIVE = Text(
    zh="请从备份恢复这个文件，并检查磁盘和权限",
    en="restore this file from the backup, and check the disk and who may write there",
)
RESTORE_CORE = Text(
    zh="有人改过已入库的行：请从备份恢复 warehouse.duckdb",
    en="somebody changed rows that were taken in: restore warehouse.duckdb from the backup",
)
MAKE_AGAIN = Text(
    zh="这份证据与台账不符，不要采信；请用 biaogan evidence 重新生成",
    en="this file does not fit the ledger, do not rely on it: make it again with biaogan evidence",
)
PUBLISH_AGAIN = Text(
    zh="请把这个文件移出 published 目录，再运行 biaogan nightly 重新发布",
    en="move the file out of published/ and run biaogan nightly, which publishes again",
)
