"""What arrives when: ordinary forms, the incidents among them, what is late, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from examples.entries import Row
from examples.faults import Fault, explain, spoil_whole
from examples.figures import (
    list_indicator_forms,
    list_indicator_sources,
    list_indicators,
    list_trademarks,
)
from examples.forms import Form
from examples.habits import choose_look
from examples.incident import Incident
from examples.incidents import list_incidents
from examples.pool import QUARTERS, draw, quarter
from examples.registers import Registers
from warehouse.contracts.load import Expectations
from warehouse.periods import Period

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NIGHTS: Final = tuple(
    datetime(year, month, day, 2, 0, tzinfo=SHANGHAI)
    for year, month, day in (
        (2019, 4, 22), (2019, 7, 22), (2019, 10, 22), (2020, 1, 22), (2020, 4, 22), (2020, 7, 22),
        (2020, 10, 22), (2021, 1, 22), (2021, 2, 8),
    )
)  # fmt: skip
"""The nights that are replayed; the seventh is the last before the city's report of 2020-10-27.
Between the last two the figures of 2020Q4 are corrected before their lock date."""

MISSING: Final = frozenset(
    {
        ("platforms", "kjj", "2019Q1"),
        ("honours", "swj", "2019Q2"),
        ("funding", "czj", "2019Q2"),
        ("patents", "420203", "2020Q2"),
    }
)
LATE: Final = {
    ("standards", "420281", "2019Q1"): "2019-05-20",
    ("patents", "KFQTS", "2019Q3"): "2019-11-01",
    ("enterprises", "scjg", "2019Q4"): "2020-02-11",
    ("services", "scjg", "2020Q4"): "2021-01-25",
    ("funding", "jxj", "2020Q4"): "2021-01-27",
    ("standards", "KFQTS", "2020Q4"): "2021-02-03",
}
SILENT_SHARE: Final = 0.15
"""So many of the departments without a project send nothing instead of 零报告."""

# History is handed in before the first night, the report's figures a week before the report, and
# what came later on the day its source published it.
_FIGURE_DAYS: Final = {
    "2015Q4": "2019-04-08",
    "2018Q4": "2019-04-10",
    "2019Q4": "2020-01-14",
    "2020Q3": "2020-10-20",
    "2020Q4": "2021-01-21",
    "2021Q2": "2021-05-12",
    "2021Q3": "2021-09-28",
    "2021Q4": "2022-07-19",
    "2022Q2": "2022-08-02",
    "2022Q3": "2022-10-12",
    "2023Q4": "2024-01-12",
    "2024Q1": "2024-04-30",
}
_LATER_FIGURE_DAYS: Final = {("kjj", "2020Q4"): "2021-01-25", ("czj", "2020Q4"): "2021-01-19"}
_TRADEMARK_DAYS: Final = {
    "2019Q4": "2020-01-13",
    "2020Q4": "2021-01-12",
    "2024Q1": "2024-04-27",
}
_PUBLIC_NOTE: Final = "说明：数据为公开资料，来源见“资料来源”。"
_DEMONSTRATION_NOTE: Final = "说明：示例数据，为演示核实规则而设，数字不实。"


@dataclass(frozen=True)
class Sending:
    """One form on its way: what it says, what is wrong with it, and where and when it arrives."""

    form: Form
    arrival: datetime
    faults: tuple[Fault, ...] = ()
    verdict: str = "accepted"
    folder: str | None = None
    says_period: str | None = None
    withheld: tuple[str, ...] = ()


def schedule_sendings(expectations: Expectations, registers: Registers, seed: int) -> list[Sending]:
    """Every form that somebody owes and sends, in the order of arrival."""
    forms = [
        *_list_register_forms(expectations, registers, seed),
        *_list_indicator_forms(expectations),
        *_list_trademark_forms(expectations),
    ]
    incidents: dict[tuple[str, str, str], list[Incident]] = {}
    for incident in list_incidents():
        key = (incident.dataset, incident.reporter, incident.period)
        incidents.setdefault(key, []).append(incident)
    sendings: list[Sending] = []
    for form, arrival in forms:
        key = (form.contract.dataset, form.reporter.code, str(form.period))
        sendings += _send(form, arrival, incidents.pop(key, []))
    if incidents:
        message = f"incidents at forms nobody sends: {sorted(incidents)}"
        raise LookupError(message)
    return sorted(sendings, key=lambda sending: sending.arrival)


def _send(form: Form, arrival: datetime, incidents: list[Incident]) -> Iterator[Sending]:
    if not incidents:
        yield Sending(form, arrival)
    for incident in incidents:
        yield Sending(
            replace(form, look=replace(form.look, **incident.look)),
            arrival,
            incident.faults,
            incident.verdict,
            incident.folder,
            incident.says_period,
            incident.withheld,
        )
        arrival += timedelta(days=incident.corrected_after or 1, minutes=47)
    if incidents and incidents[-1].corrected_after is not None:
        yield _revise(form, arrival, incidents[-1])


def _revise(form: Form, arrival: datetime, incident: Incident) -> Sending:
    """The good form; one that says why it revises another does so on a sheet a CSV cannot have."""
    asked, note = incident.revised_as, incident.revision_note
    if asked is None:
        return Sending(form, arrival)
    if note is None:
        return Sending(form, arrival, (spoil_whole(asked),))
    look = replace(form.look, file_format="xlsx")
    return Sending(replace(form, look=look), arrival, (spoil_whole(asked), explain(asked, note)))


def _list_register_forms(
    expectations: Expectations, registers: Registers, seed: int
) -> Iterator[tuple[Form, datetime]]:
    for index in range(QUARTERS):
        period = quarter(index)
        for dataset in registers.entries:
            contract = expectations.contracts[dataset]
            for reporter in expectations.codes.owing_in(contract, period):
                rows = registers.rows(dataset, reporter.code, index)
                key = (dataset, reporter.code, str(period))
                random = draw(seed, "/".join(key))
                if key in MISSING or (not rows and random.random() < SILENT_SHARE):
                    continue
                look = choose_look(contract, reporter, period, expectations.codes)
                total = (
                    _add_up(rows) if dataset == "funding" and reporter.code in _TOTALLED else None
                )
                yield (
                    Form(contract, reporter, period, tuple(rows), look, total, is_nil=not rows),
                    _choose_arrival(key, period, random.randrange(9, 15), random.randrange(540)),
                )


_TOTALLED: Final = frozenset({"scjg", "jxj", "czj"})


def _add_up(rows: list[Row]) -> Row:
    return {"programme": "合 计", "amount": sum(row["amount"] for row in rows)}  # type: ignore[misc]


def _choose_arrival(key: tuple[str, str, str], period: Period, day: int, minute: int) -> datetime:
    """A working hour of the month after the period, or the day on which it comes late."""
    if key in LATE:
        return _at(LATE[key], minute)
    month = period.end + timedelta(days=1)
    arrival = datetime(month.year, month.month, day, 8, 30, tzinfo=SHANGHAI)
    arrival += timedelta(days=(0, 0, 0, 0, 0, 2, 1)[arrival.weekday()])
    return arrival + timedelta(minutes=minute)


def _at(day: str, minute: int) -> datetime:
    return datetime.fromisoformat(f"{day}T08:30").replace(tzinfo=SHANGHAI) + timedelta(
        minutes=minute
    )


def _list_indicator_forms(expectations: Expectations) -> Iterator[tuple[Form, datetime]]:
    contract, codes = expectations.contracts["indicators"], expectations.codes
    for minute, (reporter_code, written) in enumerate(list_indicator_forms()):
        reporter, period = codes.reporter(reporter_code), Period.parse(written)
        sources = list_indicator_sources(codes, reporter_code, written)
        is_public = not any(source.startswith("示例") for _, _, source in sources)
        day = _LATER_FIGURE_DAYS.get((reporter_code, written), _FIGURE_DAYS[written])
        form = Form(
            contract,
            reporter,
            period,
            tuple(list_indicators(codes, reporter_code, written)),
            choose_look(contract, reporter, period, codes),
            sources=sources,
            note=_PUBLIC_NOTE if is_public else _DEMONSTRATION_NOTE,
        )
        yield form, _at(day, 31 + minute)


def _list_trademark_forms(expectations: Expectations) -> Iterator[tuple[Form, datetime]]:
    contract, codes = expectations.contracts["trademarks"], expectations.codes
    reporter = codes.reporter("scjg")
    for written, day in _TRADEMARK_DAYS.items():
        period = Period.parse(written)
        rows, total, source = list_trademarks(written)
        look = replace(choose_look(contract, reporter, period, codes), period_style=0)
        note = f"说明：资料来源：{source}。"
        yield Form(contract, reporter, period, tuple(rows), look, total, note=note), _at(day, 12)
