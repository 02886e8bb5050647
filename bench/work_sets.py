"""The work sets: which forms of the standards register a bench night finds in its inbox."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from bench.rows import HEADINGS, Universe, spoil_codes
from warehouse.build.views import ended_periods
from warehouse.contracts.codes import ReportingUnit
from warehouse.contracts.load import load_expectations
from warehouse.periods import Period
from warehouse.settings import CITY_TIME

DATASET = "standards"
FAULTS_A_FORM = 3
LAID_AT = 1_750_000_000
"""Every file was last changed on the same day, well before the night."""
_CODE_MARKS = ("甲", "乙", "丙", "丁", "1", "2", "3", "4", "5", "6")


@dataclass(frozen=True)
class WorkSet:
    """One work set.

    Attributes:
        files: how many forms.
        rows: data rows of each form.
        kind: `csv` or `xlsx`.
        has_gb18030: every other form is GB18030 instead of UTF-8.
        faulty_every: every so manieth form has rows with a wrong check digit; 0 for none. A night
            rejects such a form as a whole, so a set of few forms has none.
    """

    name: str
    title: str
    files: int
    rows: int
    kind: str = "csv"
    has_gb18030: bool = False
    faulty_every: int = 0

    @property
    def faulty_rows(self) -> int:
        """Rows of all forms that have a fault."""
        return FAULTS_A_FORM * (self.files // self.faulty_every) if self.faulty_every else 0

    @property
    def row_count(self) -> int:
        """Data rows of all forms."""
        return self.files * self.rows

    def scale(self, factor: float) -> WorkSet:
        """The same set with fewer rows a file where there are few files, else with fewer files."""
        few = 10
        files = self.files if self.files <= few else max(2, round(self.files * factor))
        rows = max(5, round(self.rows * factor)) if self.files <= few else self.rows
        title = self.title if factor == 1 else f"{self.title}, at {factor:g}"
        return replace(self, title=title, files=files, rows=rows)


WORK_SETS = {
    item.name: item
    for item in (
        WorkSet("a", "1 CSV of 1,000,000 rows", 1, 1_000_000),
        WorkSet(
            "b",
            "1,000 CSV of 1,000 rows, half GB18030",
            1_000,
            1_000,
            has_gb18030=True,
            faulty_every=50,
        ),
        WorkSet(
            "c",
            "300 xlsx of 500 rows, titles and footers",
            300,
            500,
            kind="xlsx",
            faulty_every=50,
        ),
        WorkSet("d", "10 CSV of 1,000,000 rows", 10, 1_000_000),
    )
}


@dataclass(frozen=True)
class BenchForm:
    """One form of a work set; forms of one obligation beyond the first are resends."""

    work_set: WorkSet
    number: int
    unit: ReportingUnit
    unit_count: int
    first_row: int
    period: Period

    @property
    def path(self) -> Path:
        """Where it lies below the inbox; its name says dataset, reporter and period."""
        name = f"标准制修订情况表_{self.unit.name}_{self.period}_{self.number:04d}"
        return Path(self.unit.code) / f"{name}.{self.work_set.kind}"

    @property
    def is_faulty(self) -> bool:
        """Whether some of its rows have a fault."""
        every = self.work_set.faulty_every
        return every > 0 and self.number % every == every - 1

    def write(self, inbox: Path) -> None:
        """Writes the file."""
        universe = Universe(self.work_set.row_count, self.unit_count)
        rows = universe.make_rows(
            self.unit.code, self.unit.name, self.first_row, self.work_set.rows
        )
        if self.is_faulty:
            rows = spoil_codes(rows, FAULTS_A_FORM)
        path = inbox / self.path
        if self.work_set.kind == "xlsx":
            _write_workbook(path, self, rows)
        elif self.work_set.has_gb18030 and self.number % 2:
            path.write_bytes(rows.write_csv().encode("gb18030"))
        else:
            rows.write_csv(path)
        os.utime(path, (LAID_AT, LAID_AT))


def list_forms(work_set: WorkSet) -> list[BenchForm]:
    """The forms of a set: units take turns, and each turn of all of them is a quarter.

    Forms beyond the last quarter that has ended are resends from the first quarter on: the first
    that has all of today's units.
    """
    expectations = load_expectations()
    units = expectations.codes.counties
    periods = [
        period
        for period in ended_periods(expectations.contracts[DATASET], datetime.now(CITY_TIME).date())
        if expectations.codes.in_period(period).counties == units
    ]
    unit_count = min(len(units), work_set.files)
    return [
        BenchForm(
            work_set,
            number,
            unit=units[number % unit_count],
            unit_count=unit_count,
            first_row=number // unit_count * work_set.rows,
            period=periods[number // unit_count % len(periods)],
        )
        for number in range(work_set.files)
    ]


def lay_work_set(work_set: WorkSet, folder: Path) -> Path:
    """Makes a set's inbox below a folder, once.

    Returns:
        The inbox.
    """
    laid = folder / f"{work_set.name}-{work_set.files}x{work_set.rows}"
    inbox, complete = laid / "inbox", laid / "complete"
    if complete.exists():
        return inbox
    for form in list_forms(work_set):
        (inbox / form.path).parent.mkdir(parents=True, exist_ok=True)
        form.write(inbox)
    complete.touch()
    return inbox


def _write_workbook(path: Path, form: BenchForm, rows: pl.DataFrame) -> None:
    """A form as an office fills it in: title, unit line, 甲乙丙 row, real dates, footer."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("标准")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        title = book.add_format({"bold": True, "align": "center"})
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "标准制修订情况表", title)
        sheet.write(1, 0, f"填报单位：{form.unit.name}")
        sheet.write(1, 4, f"报告期：{form.period.title_zh}")
        sheet.write_row(2, 0, HEADINGS)
        sheet.write_row(3, 0, _CODE_MARKS)
        dated = rows.with_columns(pl.col("发布日期").str.to_date())
        for place, heading in enumerate(HEADINGS):
            sheet.write_column(4, place, dated[heading], day if heading == "发布日期" else None)
        foot = 4 + rows.height
        sheet.write_row(foot, 0, ["单位负责人：虚构甲", "填表人：虚构乙", "联系电话：0714-0000000"])
        sheet.write(foot + 1, 0, f"报出日期：{form.period.shift(1).start:%Y-%m-%d}")
