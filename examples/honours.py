"""The synthetic honours register: which enterprise is on which list, quarter by quarter.

Shaped so that 2020Q3 counts to the report: 79 hidden champions, 8 and 17 on the provincial lists
(12 on the edition before, all of them kept), 14 mayor's awards of which 10 private, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from examples.entries import Entry, Row
from examples.pool import QUARTERS, REPORT_QUARTER, Enterprise, draw, pick_enterprises

HIDDEN_CHAMPIONS = 79
AWARD_OWNERSHIPS = ("民营",) * 7 + ("国有",) * 2 + ("外资",) + ("民营",) * 2 + ("国有", "民营")
"""In the order of the awards: ten are private by the tenth of the fourteen's count."""
BRAND_VALUES = ("201.84", "36.52", "12.70", "9.85", "7.31")
"""Billions of the list's five brands, in 亿元; the first is the figure the report prints."""


@dataclass(frozen=True)
class Edition:
    """One edition of a list and the quarters in which it is the current one."""

    name: str
    granted_on: date
    since: int
    until: int = QUARTERS
    valid_until: date | None = None


@dataclass(frozen=True)
class Honour:
    """A list, who keeps it, and its level."""

    name: str
    reporter: str
    level: str


TOP = Honour("湖北企业百强", "jxj", "省")
MANUFACTURING_TOP = Honour("湖北制造业企业百强", "jxj", "省")
HIDDEN_CHAMPION = Honour("隐形冠军示范及培育企业", "jxj", "省")
LITTLE_GIANT = Honour("专精特新“小巨人”", "jxj", "国家")
SINGLE_CHAMPION = Honour("制造业单项冠军", "jxj", "国家")
BRAND_VALUE = Honour("中国品牌价值评价", "scjg", "国家")
TIME_HONOURED = Honour("中华老字号", "swj", "国家")
FINE_GOODS = Honour("荆楚优品", "swj", "省")
MAYORS_AWARD = Honour("市长质量奖", "scjg", "市")

_CHAMPION_BATCHES = (
    (52, Edition("第一批", date(2017, 11, 20), 0, valid_until=date(2021, 12, 31))),
    (9, Edition("第二批", date(2019, 8, 16), 2, valid_until=date(2022, 8, 15))),
    (5, Edition("第三批", date(2020, 3, 10), 4, valid_until=date(2023, 3, 9))),
    (13, Edition("第四批", date(2020, 9, 8), 6, valid_until=date(2023, 9, 7))),
)
_AWARDS = (
    (10, Edition("第六届及以前", date(2018, 3, 15), 0)),
    (2, Edition("第七届", date(2019, 11, 28), 3)),
    (2, Edition("第八届", date(2020, 8, 26), 6)),
)
_TOP_EDITIONS = (
    Edition("2018年", date(2018, 9, 18), 0, 2),
    Edition("2019年", date(2019, 9, 12), 2, REPORT_QUARTER),
    Edition("2020年", date(2020, 9, 10), REPORT_QUARTER),
)
_BRAND_EDITIONS = (
    Edition("2018年", date(2018, 5, 9), 0, 1),
    Edition("2019年", date(2019, 5, 9), 1, 5),
    Edition("2020年", date(2020, 5, 10), 5),
)
_GIANT_BATCHES = (
    (1, Edition("第一批", date(2019, 6, 5), 1, valid_until=date(2022, 6, 4))),
    (3, Edition("第二批", date(2020, 9, 1), 6, valid_until=date(2023, 8, 31))),
)
_FINE_GOODS_BATCHES = (
    (3, Edition("第一批", date(2017, 10, 31), 0)),
    (2, Edition("第二批", date(2019, 10, 30), 3)),
)


def list_honours(pool: list[Enterprise], seed: int) -> list[Entry]:
    """A row: an enterprise, or a brand or product of it, on one edition of a list."""
    random = draw(seed, "honours")
    champions = pick_enterprises(pool, random, HIDDEN_CHAMPIONS)
    entries = [
        *_list_top(random, pool),
        *_list_manufacturing_top(random, pool),
        *_list_batches(HIDDEN_CHAMPION, champions, _CHAMPION_BATCHES),
        *_list_batches(LITTLE_GIANT, champions[::7], _GIANT_BATCHES),
        _list_single_champion(champions[3]),
        *_list_brand_values(pick_enterprises(pool, random, len(BRAND_VALUES))),
        *_list_time_honoured(random, pool),
        *_list_batches(
            FINE_GOODS, _pick_trade(random, pool, "食品", 5), _FINE_GOODS_BATCHES, "示例优品"
        ),
        *_list_batches(MAYORS_AWARD, pick_award_winners(pool, seed), _AWARDS),
    ]
    return sorted(entries, key=lambda entry: str(entry.row["list_name"]))


def pick_award_winners(pool: list[Enterprise], seed: int) -> list[Enterprise]:
    """The fourteen winners in the order of their awards; the prize money goes to the same ones."""
    shuffled = pick_enterprises(pool, draw(seed, "mayors award"), 400)
    winners: list[Enterprise] = []
    for ownership in AWARD_OWNERSHIPS:
        winners.append(
            next(firm for firm in shuffled if firm.ownership == ownership and firm not in winners)
        )
    return winners


def _enter(
    honour: Honour, edition: Edition, firm: Enterprise, brand: str | None = None,
    brand_value: Decimal | None = None,
) -> Entry:  # fmt: skip
    row: Row = {
        "list_name": honour.name,
        "edition": edition.name,
        "enterprise_name": firm.name,
        "uscc": firm.uscc,
        "reporting_unit": firm.unit_code,
        "ownership": firm.ownership,
        "brand_or_product": brand,
        "level": honour.level,
        "granted_on": edition.granted_on,
        "valid_until": edition.valid_until,
        "brand_value": brand_value,
    }
    return Entry(honour.reporter, row, edition.since, edition.until)


def _list_batches(
    honour: Honour,
    firms: list[Enterprise],
    batches: tuple[tuple[int, Edition], ...],
    brand: str | None = None,
) -> Iterator[Entry]:
    place = 0
    for count, edition in batches:
        for firm in firms[place : place + count]:
            place += 1
            yield _enter(honour, edition, firm, brand and f"{brand}{place:02d}（虚构）")


def _list_top(random: Random, pool: list[Enterprise]) -> Iterator[Entry]:
    """Eight on every edition; each new one drops a firm and takes in another."""
    members = pick_enterprises(pool, random, 8 + len(_TOP_EDITIONS))
    for place, edition in enumerate(_TOP_EDITIONS):
        for firm in members[place : place + 8]:
            yield _enter(TOP, edition, firm)


def _list_manufacturing_top(random: Random, pool: list[Enterprise]) -> Iterator[Entry]:
    members = pick_enterprises(pool, random, 17)
    for edition in _TOP_EDITIONS:
        count = 17 if edition.since == REPORT_QUARTER else 12
        for firm in members[:count]:
            yield _enter(MANUFACTURING_TOP, edition, firm)


def _list_single_champion(firm: Enterprise) -> Entry:
    """The city's first, so the quarter before counts none."""
    edition = Edition("第四批", date(2020, 7, 20), REPORT_QUARTER)
    return _enter(SINGLE_CHAMPION, edition, firm, f"{firm.trade}产品01型")


def _list_brand_values(firms: list[Enterprise]) -> Iterator[Entry]:
    for edition in _BRAND_EDITIONS:
        for place, (firm, value) in enumerate(zip(firms, BRAND_VALUES, strict=True), start=1):
            share = Decimal(edition.name[:4]) - 2010
            worth = Decimal(value) * share / 10 * 100_000_000
            brand = f"示例品牌{place:02d}（虚构）"
            yield _enter(BRAND_VALUE, edition, firm, brand, worth.quantize(Decimal(10_000)))


def _list_time_honoured(random: Random, pool: list[Enterprise]) -> Iterator[Entry]:
    """Granted in 2011, though the report of 2020 prints both as new: the list's date stands."""
    edition = Edition("第二批", date(2011, 5, 14), 0)
    for place, firm in enumerate(_pick_trade(random, pool, "食品", 2), start=1):
        yield _enter(TIME_HONOURED, edition, firm, f"示例老字号{place:02d}（虚构）")


def _pick_trade(random: Random, pool: list[Enterprise], trade: str, count: int) -> list[Enterprise]:
    firms = [firm for firm in pick_enterprises(pool, random, 400) if firm.trade == trade]
    return [firm for firm in firms if firm.established_on.year < 2011][:count]
