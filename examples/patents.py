"""The synthetic patents register: applications whose state changes from quarter to quarter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from examples.entries import Entry, Row, enter_states
from examples.pool import QUARTERS, Enterprise, draw, pick_enterprises, quarter
from warehouse.identifiers.synthetic import make_application_no
from warehouse.periods import period_containing

EARLIER, PER_QUARTER = 860, 46
_OLDEST = -28
_FIRST_SERIAL = 9_900_001
"""No year has given out nine million numbers of one type, so these belong to nobody."""
_TYPES = (("发明", "1", 30, 800), ("实用新型", "2", 52, 260), ("外观设计", "3", 18, 190))
"""Type, type digit, share in per cent, days from application to grant at the least."""
_GRANTED_SHARE, _LAPSED_SHARE, _HIGH_VALUE_SHARE, _PERSON_SHARE = 0.8, 0.12, 0.18, 0.05


def list_patents(pool: list[Enterprise], seed: int) -> list[Entry]:
    """A row: an application, in the state it has at the quarter's end."""
    random = draw(seed, "patents")
    firms = pick_enterprises(pool, random, 280)
    quarters = [
        *(random.randint(_OLDEST, 0) for _ in range(EARLIER)),
        *(index for index in range(1, QUARTERS) for _ in range(PER_QUARTER)),
    ]
    return [
        entry
        for place, index in enumerate(quarters)
        for entry in _follow(random, random.choice(firms), place, index)
    ]


def _follow(random: Random, firm: Enterprise, place: int, index: int) -> list[Entry]:
    applied_in = quarter(index)
    applied_on = applied_in.start + timedelta(days=random.randrange(90))
    patent_type, digit, _, wait = random.choices(_TYPES, [share for *_, share, _ in _TYPES])[0]
    is_person = random.random() < _PERSON_SHARE
    row: Row = {
        "application_no": make_application_no(applied_on.year, digit, _FIRST_SERIAL + place),
        "patent_type": patent_type,
        "title": f"示例{patent_type}第{place + 1}号（虚构）",
        "patentee_name": f"示例自然人{place:04d}（虚构）" if is_person else firm.name,
        "uscc": None if is_person else firm.uscc,
        "reporting_unit": firm.unit_code,
        "applied_on": applied_on,
        "granted_on": None,
        "legal_status": "审中",
        "is_high_value": "否",
    }
    states = [(index, row)]
    if random.random() < _GRANTED_SHARE:
        granted_on = applied_on + timedelta(days=wait + random.randrange(180))
        value = "是" if digit == "1" and random.random() < _HIGH_VALUE_SHARE else "否"
        granted: Row = row | {
            "granted_on": granted_on, "legal_status": "有效", "is_high_value": value
        }  # fmt: skip
        states += _continue(random, index, granted)
    return enter_states(firm.unit_code, states)


def _continue(random: Random, applied: int, granted: Row) -> Iterator[tuple[int, Row]]:
    day = granted["granted_on"]
    granted_in = applied
    while quarter(granted_in) < period_containing(day, "quarter"):  # type: ignore[arg-type]
        granted_in += 1
    yield granted_in, granted
    if random.random() < _LAPSED_SHARE:
        lapsed: Row = granted | {"legal_status": "失效", "is_high_value": "否"}
        yield granted_in + random.randint(2, 9), lapsed
