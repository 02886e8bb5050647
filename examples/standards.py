"""The synthetic standards register: who executes, joins or leads which standard.

Shaped so that 2020Q3 counts to the report: 316 enterprises, 1437 products, 1213 standards of
which 388 national. Numbers lie above those given out (GB/T ends near 45000), titles say 虚构.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from examples.entries import Entry, Row
from examples.pool import REPORT_QUARTER, Enterprise, day_within, draw, pick_enterprises, quarter

ENTERPRISES, PRODUCTS, STANDARDS, NATIONAL = 316, 1437, 1213, 388
OWN = 420
"""Enterprise standards: each belongs to one firm, every other one may be shared."""
FURTHER_ROWS = 150
NEW_IN_LAST_QUARTER = 9
_EARLY_SHARE = 0.72
_SHARED_LEVELS = (("国家标准", NATIONAL), ("行业标准", 262), ("地方标准", 83), ("团体标准", 60))
_PREFIXES = {
    "国家标准": ("GB/T", "GB/T", "GB/T", "GB/Z", "GB"),
    "行业标准": ("YB/T", "JB/T", "JC/T", "QB/T", "HG/T", "JB"),
    "地方标准": ("DB42/T", "DB42/T", "DB4202/T"),
    "团体标准": ("T/SLXH", "T/SLJX"),
}
_KINDS = ("技术条件", "试验方法", "通用规范", "安全要求", "检验规则")

Standard = tuple[str, str, str, date]
Product = tuple[Enterprise, str]


def list_standards(pool: list[Enterprise], seed: int) -> list[Entry]:
    """A row: an enterprise's part in one standard with one product."""
    random = draw(seed, "standards")
    products = _list_products(pick_enterprises(pool, random, ENTERPRISES), random)
    shared = list(_write_shared_standards(random))
    random.shuffle(products)
    entries = []
    for place, product in enumerate(products):
        own = place < OWN
        first_of = shared[place - OWN] if OWN <= place < STANDARDS else random.choice(shared)
        standard = _write_own_standard(random, product[0], place) if own else first_of
        entries.append(_enter(random, product, standard))
    entries += _list_further_rows(random, products, shared)
    entries += _list_last_rows(random, products)
    return sorted(entries, key=lambda entry: (str(entry.row["uscc"])[8:], entry.since))


def _list_products(firms: list[Enterprise], random: Random) -> list[Product]:
    owners = [*firms, *random.choices(firms, k=PRODUCTS - ENTERPRISES)]
    made: dict[int, int] = {}
    products = []
    for firm in owners:
        made[firm.serial] = number = made.get(firm.serial, 0) + 1
        products.append((firm, f"{firm.trade}产品{number:02d}型"))
    return products


def _write_shared_standards(random: Random) -> Iterator[Standard]:
    serial = 90_000
    for level, count in _SHARED_LEVELS:
        for _ in range(count):
            serial += 1
            published_on = day_within(random, date(2006, 1, 1), date(2018, 11, 30))
            prefix = random.choice(_PREFIXES[level])
            title = f"示例产品第{serial - 90_000}号{random.choice(_KINDS)}（虚构）"
            yield f"{prefix} {serial}-{published_on.year}", title, level, published_on


def _write_own_standard(random: Random, firm: Enterprise, place: int) -> Standard:
    published_on = day_within(random, date(2012, 1, 1), date(2018, 11, 30))
    number = f"Q/SL{firm.serial:04d} {place:03d}-{published_on.year}"
    return number, f"{firm.trade}产品企业标准第{place}号（虚构）", "企业标准", published_on


def _enter(random: Random, product: Product, standard: Standard, since: int | None = None) -> Entry:
    firm, product_name = product
    number, title, level, published_on = standard
    if since is None:
        early = random.random() < _EARLY_SHARE
        since = 0 if early else random.randint(1, REPORT_QUARTER)
    row: Row = {
        "enterprise_name": firm.name,
        "uscc": firm.uscc,
        "reporting_unit": firm.unit_code,
        "product_name": product_name,
        "standard_no": number,
        "standard_name": title,
        "standard_level": level,
        "role": _choose_role(random, level),
        "published_on": published_on,
        "standard_status": "现行",
    }
    return Entry(firm.unit_code, row, since)


def _choose_role(random: Random, level: str) -> str:
    """A firm's own standard counts as executed, so that 主导 and 参与 stay comparable with 2018."""
    if level == "企业标准":
        return "执行"
    return random.choices(("主导", "参与", "执行"), (5, 17, 78))[0]


def _list_further_rows(
    random: Random, products: list[Product], shared: list[Standard]
) -> Iterator[Entry]:
    """Second standards for products that have one already; none repeats a row."""
    for product in random.sample(products[:OWN], FURTHER_ROWS):
        yield _enter(random, product, random.choice(shared))


def _list_last_rows(random: Random, products: list[Product]) -> Iterator[Entry]:
    """What is new in 2020Q4, after the report."""
    last = quarter(REPORT_QUARTER + 1)
    for serial in range(NEW_IN_LAST_QUARTER):
        published_on = day_within(random, last.start, last.end)
        number = f"YB/T {99_001 + serial}-{published_on.year}"
        standard = (number, f"示例新标准第{serial + 1}号（虚构）", "行业标准", published_on)
        yield _enter(random, random.choice(products), standard, REPORT_QUARTER + 1)
