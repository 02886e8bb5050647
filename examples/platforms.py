"""The synthetic platforms register.

Shaped so that 2020Q3 counts to the report: 8 institutes, 36 technology centres, 22 engineering
centres, 8 laboratories, 6 design centres, 4 service demonstrations; 2015 had 25, 15 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from examples.entries import Entry, Row
from examples.pool import Enterprise, day_within, draw, pick_enterprises, quarter


@dataclass(frozen=True)
class PlatformType:
    """A type and level of platform.

    Attributes:
        before: how many the register starts with in 2019Q1.
        added: the quarters in which one more is recognised.
    """

    name: str
    level: str
    reporter: str
    before: int
    added: tuple[int, ...]


TYPES = (
    PlatformType("产业研究院", "市", "kjj", 4, (2, 3, 5, 6)),
    PlatformType("工程技术研究中心", "省", "kjj", 18, (1, 3, 5, 6)),
    PlatformType("重点实验室", "省", "kjj", 8, ()),
    PlatformType("企业技术中心", "国家", "jxj", 5, (4,)),
    PlatformType("企业技术中心", "省", "jxj", 26, (2, 3, 5, 6)),
    PlatformType("工业设计中心", "省", "jxj", 4, (3, 6)),
    PlatformType("服务型制造示范", "国家", "jxj", 1, ()),
    PlatformType("服务型制造示范", "省", "jxj", 2, (5,)),
)


def list_platforms(pool: list[Enterprise], seed: int) -> list[Entry]:
    """A row: a platform from the quarter it is recognised."""
    random = draw(seed, "platforms")
    return [entry for kind in TYPES for entry in _recognise(random, pool, kind)]


def _recognise(random: Random, pool: list[Enterprise], kind: PlatformType) -> Iterator[Entry]:
    quarters = [*([0] * kind.before), *kind.added]
    hosts = pick_enterprises(pool, random, len(quarters))
    for number, (index, firm) in enumerate(zip(quarters, hosts, strict=True), start=1):
        is_old = number <= kind.before
        first = date(2015, 1, 5) if is_old else quarter(index).start
        last = date(2018, 12, 28) if is_old else quarter(index).end
        row: Row = {
            "platform_name": f"示例{kind.level}{kind.name}{number:02d}号（虚构）",
            "platform_type": kind.name,
            "level": kind.level,
            "host_name": firm.name,
            "uscc": firm.uscc,
            "reporting_unit": firm.unit_code,
            "recognised_on": day_within(random, first, last),
        }
        yield Entry(kind.reporter, row, index)
