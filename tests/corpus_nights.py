"""Plays the nights before: a data root in which everything that reporters sent was accepted."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from examples.forms import Grid
from tests.corpus_history import (
    CODES,
    CONTRACTS,
    EXTRA,
    KEPT,
    draw_rows,
    find_counting,
    find_history,
    find_revised,
    list_reporters,
    year_before,
)
from tests.form_maker import PERIODS, Look, MadeForm, Row, lay_out
from warehouse.contracts.codes import Reporter
from warehouse.contracts.model import Contract
from warehouse.night import run_night
from warehouse.periods import Period
from warehouse.settings import CITY_TIME, Settings

NIGHTS = {
    "figures": datetime(2020, 10, 19, 2, tzinfo=CITY_TIME),
    "register": datetime(2020, 10, 20, 2, tzinfo=CITY_TIME),
}
"""Figures arrive a night before the registers, against which they would be held."""
NIGHT = datetime(2020, 11, 1, 2, tzinfo=CITY_TIME)
"""When the corpus is judged: the period before is locked, the period itself is not."""


def settings_of(home: Path) -> Settings:
    """Settings of the corpus's data root."""
    return Settings(home=home, extra=EXTRA)


def play_history(home: Path) -> None:
    """Lets two nights take in everything that was accepted before."""
    for kind, night in NIGHTS.items():
        forms = [form for contract in CONTRACTS.values() for form in _list_kept(contract, kind)]
        if kind == "register" and (counting := find_counting()):
            contract, reporter = counting
            rows = draw_rows(contract, reporter, KEPT, random.Random(KEPT))
            forms.append(_make(contract, reporter, PERIODS[contract.period_type], rows))
        if kind == "register":
            forms += _list_revised()
        _take_in(settings_of(home), forms, night)


def _list_kept(contract: Contract, kind: str) -> Iterator[MadeForm]:
    period = PERIODS[contract.period_type]
    for reporter in list_reporters(contract) if contract.kind == kind else ():
        history = find_history(contract.dataset, reporter.code)
        yield _make(contract, reporter, period.previous, history.before)
        if history.year_before:
            yield _make(contract, reporter, year_before(period), history.year_before)


def _list_revised() -> Iterator[MadeForm]:
    for contract in CONTRACTS.values():
        if reporter := find_revised(contract):
            rows = draw_rows(contract, reporter, KEPT, random.Random(KEPT))
            yield _make(contract, reporter, PERIODS[contract.period_type], rows)


def _make(contract: Contract, reporter: Reporter, period: Period, rows: Sequence[Row]) -> MadeForm:
    look = Look(labels=None)
    form = MadeForm(contract, CODES, reporter, period, look, list(rows), Grid([], {}))
    lay_out(form, random.Random(0))
    return form


def _take_in(settings: Settings, forms: Sequence[MadeForm], night: datetime) -> None:
    for number, form in enumerate(forms):
        path = form.write(settings.inbox, number)
        kept = settings.inbox / form.reporter.code / path.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.rename(kept)
        path.parent.rmdir()
        path.parent.parent.rmdir()
        seconds = night.timestamp() - 3600
        os.utime(kept, (seconds, seconds))
    report = run_night(settings, night)
    refused = [row for row in report.submissions if row["verdict"] != "accepted"]
    assert len(report.submissions) == len(forms)
    assert not refused, refused
