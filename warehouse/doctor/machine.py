"""Looks at the machine: versions, time zones, the holiday calendar, the disk the root lies on."""

from __future__ import annotations

import platform
import shutil
import tempfile
import zoneinfo
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import psutil
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from warehouse.contracts.deadlines import CalendarError, resolve_deadline
from warehouse.contracts.model import Deadline
from warehouse.doctor.check import Check, Words, fail_on, pass_check, warn_of
from warehouse.periods import period_containing
from warehouse.settings import CITY_TIME

DISTRIBUTION = "biaogan"
NAMED = ("duckdb", "prefect", "great-expectations", "polars")
LOW_BYTES = 2 * 1024**3
NO_BYTES = 200 * 1024**2
CALENDAR_DAYS = 60
SHARES = frozenset(
    {
        "9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.sshfs", "glusterfs", "lustre",
        "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs", "vboxsf",
    }
)  # fmt: skip


class Mount(NamedTuple):
    """A mounted file system: where, and of which type."""

    mountpoint: str
    fstype: str


class _Mismatch(NamedTuple):
    name: str
    wanted: str
    found: str


def check_versions(requirements: Sequence[str] | None = None, python: str | None = None) -> Check:
    """Compares what is installed with what the project asks for.

    Args:
        requirements: lines such as `duckdb==1.5.5`; None takes those of the installed project.
        python: accepted versions of Python; None takes those of the installed project.
    """
    try:
        wanted = metadata.requires(DISTRIBUTION) if requirements is None else requirements
        accepted = python or metadata.metadata(DISTRIBUTION)["Requires-Python"]
    except metadata.PackageNotFoundError:
        return warn_of(
            "versions",
            Words("程序没有安装成包，版本无从核对", "the project is not installed as a package"),
            Words("请用 make nightly 建立 .venv", "let make nightly build .venv"),
        )
    wrong = [item for text in wanted or () if (item := _compare(Requirement(text)))]
    if not SpecifierSet(accepted or "").contains(platform.python_version(), prereleases=True):
        wrong.append(_Mismatch("python", accepted, platform.python_version()))
    if wrong:
        return _report_mismatches(wrong)
    names = (
        ("Python", platform.python_version()),
        *((name, _find_version(name)) for name in NAMED),
    )
    shown = ", ".join(f"{name} {version}" for name, version in names if version)
    return pass_check("versions", shown, shown)


def _report_mismatches(wrong: list[_Mismatch]) -> Check:
    zh = "；".join(
        f"{item.name} 要求 {item.wanted}，现为 {item.found or '未安装'}" for item in wrong
    )
    en = "; ".join(
        f"{item.name} {item.wanted} is asked for, {item.found or 'none'} is installed"
        for item in wrong
    )
    return fail_on(
        "versions",
        Words(zh, en),
        Words(
            "请删除 .venv 后运行 make nightly，按锁定文件重装",
            "remove .venv and run make nightly: it installs from the lock",
        ),
    )


def _compare(requirement: Requirement) -> _Mismatch | None:
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return None
    found = _find_version(requirement.name)
    if found and requirement.specifier.contains(found, prereleases=True):
        return None
    return _Mismatch(requirement.name, str(requirement.specifier), found)


def _find_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def check_time_zone(key: str = CITY_TIME.key) -> Check:
    """Whether the city's time zone is known; without it no night knows which day it is."""
    try:
        offset = datetime(2020, 10, 27, tzinfo=zoneinfo.ZoneInfo(key)).strftime("%z")
    except zoneinfo.ZoneInfoNotFoundError:
        return fail_on(
            "time_zone",
            Words(f"找不到时区 {key} 的数据", f"there is no data of the time zone {key}"),
            Words(
                "请安装系统的 tzdata 包，或 pip install tzdata",
                "install the system's tzdata package, or pip install tzdata",
            ),
        )
    return pass_check("time_zone", f"{key}（UTC{offset}）", f"{key} (UTC{offset})")


def check_calendar(today: date) -> Check:
    """Whether due dates can be told for the time ahead."""
    until = today + timedelta(days=CALENDAR_DAYS)
    try:
        # A deadline on the last safe day of each month, so that the year's end is looked across.
        for day in (today, until):
            resolve_deadline(period_containing(day, "month"), Deadline(months_after=0, day=28))
    except CalendarError as error:
        return warn_of(
            "calendar",
            Words(
                f"节假日数据不到 {until}：此后的截止日和锁定日算不出来",
                f"the holiday calendar does not reach {until}: {error}",
            ),
            Words(
                "国务院公布下一年放假安排后，请升级 chinesecalendar 包",
                "upgrade the package chinesecalendar once next year's calendar is published",
            ),
        )
    return pass_check("calendar", f"节假日数据至少到 {until}", f"the calendar reaches {until}")


def check_root(home: Path) -> Check:
    """Whether the data root exists and can really be written: a file is made and removed."""
    if not home.is_dir():
        return _report_no_root(home)
    try:
        with tempfile.TemporaryFile(dir=home, prefix=".doctor-"):
            pass
    except OSError as error:
        return fail_on(
            "root",
            Words(
                f"数据目录 {home} 写不了：{error.strerror}", f"{home} cannot be written: {error}"
            ),
            Words(
                "请检查目录的属主、权限和挂载方式（是否只读）",
                "check the folder's owner and rights, and whether it is mounted read-only",
            ),
        )
    return pass_check("root", f"数据目录 {home}", f"data root {home}")


def _report_no_root(home: Path) -> Check:
    if home.exists():
        return fail_on(
            "root",
            Words(f"{home} 不是目录", f"{home} is no folder"),
            Words("请让 BIAOGAN_HOME 指向一个目录", "point BIAOGAN_HOME to a folder"),
        )
    return warn_of(
        "root",
        Words(f"数据目录 {home} 还不存在", f"the data root {home} does not exist yet"),
        Words(
            "首次 biaogan nightly 会建立；如果本应有数据，请检查 BIAOGAN_HOME",
            "the first biaogan nightly makes it; if there should be data, check BIAOGAN_HOME",
        ),
    )


def list_mounts() -> list[Mount]:
    """All mounted file systems, network shares among them."""
    return [Mount(item.mountpoint, item.fstype) for item in psutil.disk_partitions(all=True)]


def check_share(home: Path) -> Check:
    """Whether the root lies on a network share, where locks and write-ahead logs are not safe."""
    above = [mount for mount in list_mounts() if home.is_relative_to(mount.mountpoint)]
    nearest = max(above, key=lambda mount: len(mount.mountpoint), default=None)
    if nearest is None or nearest.fstype.lower() not in SHARES:
        kind = nearest.fstype if nearest else "?"
        return pass_check("share", f"本机磁盘（{kind}）", f"a disk of this machine ({kind})")
    return warn_of(
        "share",
        Words(
            f"数据目录在网络共享上（{nearest.fstype}，{nearest.mountpoint}）",
            f"the data root lies on a network share ({nearest.fstype} at {nearest.mountpoint})",
        ),
        Words(
            "请移到本机磁盘：共享上的文件锁和日志不可靠，可能损坏 warehouse.duckdb；"
            "共享只适合放收件箱和发布文件的副本",
            "move it to a disk of this machine: locks and logs on a share are not reliable and "
            "warehouse.duckdb may be damaged; keep only the inbox and copies of releases on it",
        ),
    )


def check_disk(home: Path) -> Check:
    """Whether there is room for the next nights."""
    place = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    shown = f"{free / 1024**3:.1f} GB"
    seen = Words(f"磁盘剩余 {shown}", f"{shown} free on the disk")
    if free >= LOW_BYTES:
        return Check("disk", "ok", seen)
    remedy = Words(
        "请清理磁盘或扩容；可调小 keep_releases，少留几个旧的发布文件。存档和台账不能删",
        "free or add space; a smaller keep_releases keeps fewer old releases. "
        "Never delete the archive or the ledger",
    )
    return warn_of("disk", seen, remedy) if free >= NO_BYTES else fail_on("disk", seen, remedy)
