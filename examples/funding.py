"""The synthetic funding register: sums approved in each quarter, by the department that pays.

Shaped so that 2020Q3 adds up to the report: prizes of 5.4 million yuan, over five million
of the intellectual property fund, a quality budget of 2.1 million, loans of 9.96 billion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from examples.entries import Entry, Row
from examples.honours import pick_award_winners
from examples.pool import (
    QUARTERS,
    REPORT_QUARTER,
    UNIT_SHARES,
    Enterprise,
    day_within,
    draw,
    pick_enterprises,
    quarter,
)

AWARD, AWARD_QUARTERS = "市长质量奖", {3: (10, 12), REPORT_QUARTER: (0, 14)}
"""Quarters in which prizes are paid, with the places of the winners in the order of the awards.
The report counts 540万 for all fourteen: 2020Q3 pays every winner the rates of the new rule."""
FULL_PRIZE, SMALL_PRIZE = 400_000, 200_000
BUDGET = "质量提升专项经费"
BUDGET_YUAN = (900_000, 900_000, 1_200_000, 600_000, 1_500_000, 1_200_000, 2_100_000, 900_000)


@dataclass(frozen=True)
class Programme:
    """One programme: who pays, what for, and how much in each of the eight quarters."""

    reporter: str
    name: str
    level: str
    kind: str
    step: int
    totals: tuple[int, ...]
    recipients: int


PROGRAMMES = (
    Programme(
        "scjg", "知识产权专项资金", "市", "奖励", 1_000,
        (2_860_000, 3_120_000, 3_405_000, 4_018_000, 2_240_000, 4_130_000, 5_360_000, 4_615_000),
        26,
    ),
    Programme(
        "jxj", "双千活动协调贷款", "市", "贷款授信", 100_000,
        (3_120_000_000, 3_480_000_000, 4_050_000_000, 4_400_000_000,
         3_900_000_000, 7_200_000_000, 9_960_000_000, 8_100_000_000), 58,
    ),
    Programme(
        "jxj", "技术改造补助", "省", "补助", 10_000,
        (6_400_000, 7_100_000, 8_250_000, 9_600_000, 4_200_000, 8_800_000, 9_150_000, 9_900_000),
        14,
    ),
    Programme(
        "swj", "商贸品牌培育补助", "市", "补助", 500,
        (412_500, 436_000, 468_500, 520_000, 388_000, 455_500, 612_000, 640_500), 9,
    ),
    Programme(
        "kjj", "科技创新平台补助", "省", "补助", 1_000,
        (2_150_000, 2_300_000, 2_460_000, 3_020_000, 1_980_000, 2_600_000, 3_180_000, 3_240_000),
        12,
    ),
)  # fmt: skip


def list_funding(pool: list[Enterprise], seed: int) -> list[Entry]:
    """A row: one sum, in yuan, approved for one recipient in the quarter."""
    random = draw(seed, "funding")
    entries = [
        entry
        for programme in PROGRAMMES
        for index in range(QUARTERS)
        for entry in _pay_programme(random, pool, programme, index)
    ]
    winners = pick_award_winners(pool, seed)
    for index, (first, last) in AWARD_QUARTERS.items():
        entries += _pay_prizes(winners[first:last], index)
    for index, total in enumerate(BUDGET_YUAN):
        entries += _spend_budget(total, index)
    return entries


def _pay_programme(
    random: Random, pool: list[Enterprise], programme: Programme, index: int
) -> Iterator[Entry]:
    firms = pick_enterprises(pool, random, programme.recipients)
    amounts = _split(random, programme.totals[index], programme.step, len(firms))
    period = quarter(index)
    for place, (firm, amount) in enumerate(zip(firms, amounts, strict=True)):
        approved_on = day_within(random, period.start, period.end - timedelta(days=20))
        yield Entry(
            programme.reporter,
            _write_sum(programme.name, programme.level, programme.kind, firm, amount, approved_on)
            | {
                "paid_on": approved_on + timedelta(days=random.randrange(1, 18)),
                "document_no": f"示例文〔{period.year}〕{period.part}{place // 8:02d}号",
            },
            index,
            index + 1,
        )


def _split(random: Random, total: int, step: int, count: int) -> list[int]:
    """Positive multiples of `step` that add up to `total`."""
    cuts = sorted(random.sample(range(1, total // step), count - 1))
    return [
        (end - start) * step for start, end in zip([0, *cuts], [*cuts, total // step], strict=True)
    ]


def _pay_prizes(winners: list[Enterprise], index: int) -> Iterator[Entry]:
    period = quarter(index)
    for place, firm in enumerate(winners):
        is_last = index == REPORT_QUARTER and place == len(winners) - 1
        amount = SMALL_PRIZE if is_last else FULL_PRIZE
        row = _write_sum(AWARD, "市", "奖励", firm, amount, period.end - timedelta(days=30))
        document: Row = {
            "paid_on": period.end - timedelta(days=9),
            "document_no": f"示例政发〔{period.year}〕{period.part}号",
        }
        yield Entry("scjg", row | document, index, index + 1)


def _spend_budget(total: int, index: int) -> Iterator[Entry]:
    """One service station in each reporting unit; they are no enterprises and have no code here."""
    period = quarter(index)
    for number, unit_code in enumerate(UNIT_SHARES, start=1):
        row: Row = {
            "programme": BUDGET,
            "funding_level": "市",
            "funding_kind": "预算",
            "recipient_name": f"示例质量服务站{number}号（虚构）",
            "uscc": None,
            "reporting_unit": unit_code,
            "ownership": None,
            "amount": Decimal(total) / len(UNIT_SHARES),
            "approved_on": period.start + timedelta(days=40),
            "paid_on": None,
            "document_no": f"示例财函〔{period.year}〕{period.part}号",
        }
        yield Entry("czj", row, index, index + 1)


def _write_sum(
    programme: str, level: str, kind: str, firm: Enterprise, amount: int, approved_on: date
) -> Row:
    return {
        "programme": programme,
        "funding_level": level,
        "funding_kind": kind,
        "recipient_name": firm.name,
        "uscc": firm.uscc,
        "reporting_unit": firm.unit_code,
        "ownership": firm.ownership,
        "amount": Decimal(amount),
        "approved_on": approved_on,
    }
