"""The synthetic services register: which enterprise was given which service in each quarter.

Shaped so that 2020Q3 counts to the report: 146 visits about intellectual property, 482 firms with
quality services (近500家), 18 prepared for an award, 73 with the excellence model (70余家).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from examples.entries import Entry, Row
from examples.pool import QUARTERS, Enterprise, day_within, draw, pick_enterprises, quarter


@dataclass(frozen=True)
class Service:
    """A type of service, with firms and visits in each of the eight quarters.

    A firm's first visits fill the firms; visits beyond them go to firms already visited.
    """

    name: str
    firms: tuple[int, ...]
    visits: tuple[int, ...]


# The report's numbers run from January (卓越绩效 over years), while this form holds one quarter.
# The example lets each programme visit all its firms in the third quarter, when they are reviewed,
# so that the quarter's own count is the report's.
SERVICES = (
    Service(
        "知识产权服务",
        (52, 58, 66, 71, 40, 80, 104, 98),
        (70, 79, 88, 95, 52, 108, 146, 132),
    ),
    Service(
        "质量技术服务",
        (160, 175, 210, 220, 96, 240, 482, 260),
        (160, 175, 214, 226, 96, 251, 497, 266),
    ),
    Service("质量奖培育", (6, 6, 9, 9, 5, 10, 18, 12), (6, 6, 9, 9, 5, 10, 18, 12)),
    Service("卓越绩效导入", (22, 24, 51, 26, 14, 30, 73, 28), (22, 24, 51, 26, 14, 30, 73, 28)),
)


def list_services(pool: list[Enterprise], seed: int) -> list[Entry]:
    """A row: one service to one enterprise on one day."""
    return [
        entry
        for service in SERVICES
        for index in range(QUARTERS)
        for entry in _visit(pool, seed, service, index)
    ]


def _visit(pool: list[Enterprise], seed: int, service: Service, index: int) -> Iterator[Entry]:
    random = draw(seed, f"services {service.name} {index}")
    period = quarter(index)
    firms = pick_enterprises(pool, random, service.firms[index])
    further = service.visits[index] - len(firms)
    visited: set[tuple[str, object]] = set()
    for firm in [*firms, *random.choices(firms, k=further)]:
        day = day_within(random, period.start, period.end)
        while (firm.uscc, day) in visited:
            day = day_within(random, period.start, period.end)
        visited.add((firm.uscc, day))
        row: Row = {
            "enterprise_name": firm.name,
            "uscc": firm.uscc,
            "reporting_unit": firm.unit_code,
            "service_type": service.name,
            "service_date": day,
            "provider": f"示例服务机构{random.randint(1, 9)}号（虚构）",
        }
        yield Entry("scjg", row, index, index + 1)
