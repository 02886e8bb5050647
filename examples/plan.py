"""The whole example as data: every file, its arrival, what was planted, what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from examples.entries import Row
from examples.faults import Mark
from examples.formats import SUFFIXES, write_grid
from examples.forms import Form, Grid
from examples.habits import name_file
from examples.layout import lay_out
from examples.pool import draw
from examples.registers import build_registers
from examples.schedule import SHANGHAI, Sending, schedule_sendings
from examples.strays import LINK, REFUSABLE, fill_good_workbook, list_unidentified
from warehouse.contracts.codes import Codes
from warehouse.contracts.load import Expectations, load_expectations

SEED = 420200
RESENT = (
    ("patents", "420203", "2020Q3", "2020-10-19T16:20", "专利情况表（重发）.xls"),
    ("patents", "420202", "2019Q3", "2019-10-24T09:15", "Book1 (1).xlsx"),
)
"""Files sent again under another name, byte for byte: once before the night, once after."""


@dataclass(frozen=True)
class Planned:
    """One file of the example.

    Attributes:
        path: below the inbox, `<folder>/<name>`.
        planted: rules that must object, each with the cell, or None where the rule speaks of no
            single cell.
        verdict: `accepted`, `held`, `rejected`, `identical` (the bytes are known already) or
            `refused` (nothing is read).
        withheld: keys of the figures that stay unpublished in a form whose others are published.
        rows: what the form reports, before faults in cells: yuan, codes of reporting units.
        link_to: for a symbolic link, what it points to.
        write: gives the file's bytes.
    """

    path: str
    arrival: datetime
    dataset: str | None
    reporter: str | None
    period: str | None
    planted: tuple[Mark, ...]
    verdict: str
    withheld: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=(), repr=False)
    link_to: str | None = None
    write: Callable[[], bytes] = field(default=bytes, compare=False, repr=False)


def plan_examples(seed: int = SEED, expectations: Expectations | None = None) -> list[Planned]:
    """Plans every file, in the order of arrival; the same seed gives the same plan and bytes."""
    expectations = expectations or load_expectations()
    registers = build_registers(expectations.codes, seed)
    planned = [
        _plan_sending(sending, expectations.codes)
        for sending in schedule_sendings(expectations, registers, seed)
    ]
    for form, folder, arrival, rule, name in list_unidentified(expectations, registers):
        planned.append(_plan_unidentified(form, folder, arrival, rule, name, expectations.codes))
    planned += _plan_refused(expectations, seed)
    planned += [_plan_resent(planned, *resent) for resent in RESENT]
    planned = _name_apart(sorted(planned, key=lambda file: (file.arrival, file.path)))
    return sorted([*planned, _plan_link(planned)], key=lambda file: (file.arrival, file.path))


def _plan_sending(sending: Sending, codes: Codes) -> Planned:
    form = replace(sending.form, reported_on=sending.arrival.date())
    for fault in sending.faults:
        form = fault.on_form(form) if fault.on_form else form
    grid = lay_out(form, codes)
    for fault in sending.faults:
        if fault.on_grid:
            fault.on_grid(grid)
    marks = [mark for fault in sending.faults for mark in fault.list_marks(grid)]
    return Planned(
        path=f"{sending.folder or form.reporter.code}/{_name(form)}",
        arrival=sending.arrival,
        dataset=form.contract.dataset,
        reporter=form.reporter.code,
        period=_read_period(sending),
        planted=tuple(marks),
        verdict=sending.verdict,
        withheld=sending.withheld,
        rows=form.rows,
        write=_write_later(grid, form.look.file_format, sending.arrival),
    )


def _read_period(sending: Sending) -> str | None:
    """The period the file says: none where it does not tell."""
    if any(fault.rule == "unidentified_period" for fault in sending.faults):
        return None
    return sending.says_period or str(sending.form.period)


def _plan_unidentified(
    form: Form, folder: str, arrival: str, rule: str, name: str, codes: Codes
) -> Planned:
    when = _read_time(arrival)
    form = replace(form, reported_on=when.date())
    return Planned(
        path=f"{folder}/{name}{SUFFIXES[form.look.file_format]}",
        arrival=when,
        dataset=None if rule == "unidentified_dataset" else form.contract.dataset,
        reporter=None if rule == "unidentified_reporter" else form.reporter.code,
        period=str(form.period),
        planted=((rule, None),),
        verdict="rejected",
        rows=form.rows,
        write=_write_later(lay_out(form, codes), form.look.file_format, when),
    )


def _plan_refused(expectations: Expectations, seed: int) -> list[Planned]:
    good = fill_good_workbook(expectations)
    refused = []
    for file in REFUSABLE:
        write = partial(file.make, draw(seed, file.name), good)
        refused.append(
            _plan_bare(f"{file.folder}/{file.name}", file.arrival, file.rule, write=write)
        )
    return refused


def _plan_link(planned: list[Planned]) -> Planned:
    """A link to the newest form in the same folder."""
    folder, name, arrival = LINK
    beside = [
        file.path
        for file in planned
        if file.path.startswith(f"{folder}/") and file.arrival < _read_time(arrival)
    ]
    return _plan_bare(f"{folder}/{name}", arrival, "refused_symlink", beside[-1].partition("/")[2])


def _plan_bare(
    path: str, arrival: str, rule: str, link_to: str | None = None,
    write: Callable[[], bytes] = bytes,
) -> Planned:  # fmt: skip
    when = _read_time(arrival)
    return Planned(
        path, when, None, None, None, ((rule, None),), "refused", link_to=link_to, write=write
    )


def _plan_resent(
    planned: list[Planned], dataset: str, reporter: str, period: str, arrival: str, name: str
) -> Planned:
    first = next(
        file
        for file in reversed(planned)
        if (file.dataset, file.reporter, file.period) == (dataset, reporter, period)
    )
    return replace(
        first,
        path=f"{reporter}/{name}",
        arrival=_read_time(arrival),
        verdict="identical",
        planted=(),
    )


def _name_apart(planned: list[Planned]) -> list[Planned]:
    """Numbers files of one folder that would have the same name, as a file manager does."""
    taken: dict[str, int] = {}
    apart = []
    for file in planned:
        taken[file.path] = count = taken.get(file.path, 0) + 1
        if count > 1:
            stem, dot, suffix = file.path.rpartition(".")
            apart.append(replace(file, path=f"{stem} ({count}){dot}{suffix}"))
        else:
            apart.append(file)
    return apart


def _name(form: Form) -> str:
    stem = name_file(form.contract, form.reporter, form.period, form.look)
    return stem + SUFFIXES[form.look.file_format]


def _write_later(grid: Grid, file_format: str, created: datetime) -> Callable[[], bytes]:
    return lambda: write_grid(grid, file_format, created)


def _read_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
