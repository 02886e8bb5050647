"""The fictional enterprises of the example: who exists, where, and from which quarter on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from warehouse.identifiers.synthetic import make_uscc
from warehouse.periods import Period

FIRST_PERIOD: Final = Period(2019, 1, "quarter")
QUARTERS: Final = 8
REPORT_QUARTER: Final = 6
"""2020Q3, the quarter of the city's report, counted from 2019Q1 = 0."""

FIRST_COUNT, LAST_COUNT = 1020, 1224
CLOSING: Final = 0.15
ESTABLISHED_COUNT: Final = 720
"""The first so many are old firms that stay open: whoever another register names is one of them."""

UNIT_SHARES: Final = {
    "420281": 0.27,
    "420222": 0.20,
    "420203": 0.14,
    "420202": 0.12,
    "420204": 0.11,
    "KFQTS": 0.16,
}
# Codes keep the office that registered the firm: the zone's firms carry 铁山区 or the city.
DIVISIONS: Final = {"KFQTS": ("420205", "420200")}
TRADES: Final = (
    ("机械", "3421"),
    ("特钢", "3130"),
    ("铜材", "3251"),
    ("模具", "3525"),
    ("水泥", "3011"),
    ("医药", "2720"),
    ("制冷", "3464"),
    ("电子", "3982"),
    ("汽车零部件", "3670"),
    ("食品", "1439"),
    ("酒业", "1512"),
    ("服装", "1830"),
)
OWNERSHIPS: Final = ("民营", "国有", "外资", "其他")
SIZES: Final = ("大型", "中型", "小型", "微型")


@dataclass(frozen=True)
class Enterprise:
    """One fictional enterprise.

    Attributes:
        serial: also the serial in the reserved zone of organisation codes.
        since: the quarter, from 0, whose register is the first to name it.
        closed: the quarter from which it is struck off; None while it is open.
    """

    serial: int
    name: str
    uscc: str
    trade: str
    industry_code: str
    unit_code: str
    ownership: str
    size: str
    established_on: date
    since: int
    closed: int | None


def draw(seed: int, what: str) -> Random:
    """A stream of numbers for each purpose: adding one leaves the others as they were."""
    return Random(f"{seed}/{what}")  # noqa: S311


def quarter(index: int) -> Period:
    """The period of a quarter counted from 2019Q1 = 0."""
    return FIRST_PERIOD.shift(index)


def day_within(random: Random, first: date, last: date) -> date:
    """Any day from the first to the last."""
    return first + timedelta(days=random.randrange((last - first).days + 1))


def found_enterprises(seed: int) -> list[Enterprise]:
    """All enterprises that ever appear, in the order of their serials."""
    random = draw(seed, "enterprises")
    return [_found_enterprise(random, serial) for serial in range(1, LAST_COUNT + 1)]


def pick_enterprises(pool: list[Enterprise], random: Random, count: int) -> list[Enterprise]:
    """So many old firms, none twice, in a random order."""
    return random.sample(pool[:ESTABLISHED_COUNT], count)


def _found_enterprise(random: Random, serial: int) -> Enterprise:
    unit_code = random.choices(list(UNIT_SHARES), list(UNIT_SHARES.values()))[0]
    trade, industry_code = random.choice(TRADES)
    since = min(QUARTERS - 1, max(0, serial - FIRST_COUNT + 28) // 29)
    may_close = ESTABLISHED_COUNT < serial <= FIRST_COUNT
    closed = random.randrange(1, QUARTERS) if may_close and random.random() < CLOSING else None
    return Enterprise(
        serial=serial,
        name=f"示例{serial:04d}号{trade}有限公司（虚构）",
        uscc=make_uscc(random.choice(DIVISIONS.get(unit_code, (unit_code, "420200"))), serial),
        trade=trade,
        industry_code=industry_code,
        unit_code=unit_code,
        ownership=random.choices(OWNERSHIPS, (82, 9, 6, 3))[0],
        size=random.choices(SIZES, (4, 16, 55, 25))[0],
        established_on=_founding_day(random, serial, since),
        since=since,
        closed=closed,
    )


def _founding_day(random: Random, serial: int, since: int) -> date:
    if serial <= ESTABLISHED_COUNT:
        return day_within(random, date(1993, 1, 4), date(2014, 12, 31))
    if since == 0:
        return day_within(random, date(2015, 1, 4), date(2018, 12, 31))
    return day_within(random, quarter(since).start, quarter(since).end)
