"""Makes the pictures of the guides: plays the example up to October 2020 and photographs it.

    .venv/bin/python docs/pictures/make.py [--root DIR]

Needs LibreOffice (soffice), poppler (pdftotext, pdftoppm) and Chromium. A root that was played
before is photographed as it is; without one everything happens in a temporary folder. All
enterprises are invented, and lines with names and telephone numbers are left empty.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
from playwright.sync_api import Browser, sync_playwright

from examples.lay import lay_examples
from examples.plan import plan_examples
from examples.schedule import NIGHTS
from warehouse.contracts.load import load_expectations
from warehouse.night import run_night
from warehouse.periods import Period
from warehouse.read.returned_list import LIST_SHEET
from warehouse.settings import CITY_TIME, Settings
from warehouse.template import read_prefill, write_template

PICTURES = Path(__file__).parent
DATASET, REPORTER, PERIOD = "standards", "420222", "2020Q3"
"""The form whose three rounds are shown: 阳新县's standards."""
FORM, FILLED = "标准制修订情况表_阳新县_2020Q3.xlsx", "填好.xlsx"
NIGHT_1, NIGHT_2, TODAY = (datetime(2020, 10, day, 2, tzinfo=CITY_TIME) for day in (14, 16, 22))

FIRST_ROW, KEPT_ROWS = 7, 230
FAULTS = {
    "H8": "执行标准",
    "B9": "91420222PDY0000363",
    "F10": None,
    "G12": "企业标准",
    "I14": "2020-12-01",
}
"""Mistakes of the clerk, by cell; beside them fewer rows than the period before."""
MENDED = ("F10", "G12", "I14")
SHOWN_COMMENTS = ("B9", "G12")
REASON = "年内复审废止一批企业标准，已逐项核对，减少属实。"


def play(settings: Settings) -> None:
    """Two years of the example, then 阳新县's form in two rounds of its own making."""
    lay_examples(settings.inbox)
    own = (DATASET, REPORTER, PERIOD)
    for planned in plan_examples():
        if (planned.dataset, planned.reporter, planned.period) == own:
            (settings.inbox / planned.path).unlink()
    for night in NIGHTS[:6]:
        run_night(settings, night)

    write_blank(settings, settings.home / FORM)
    filled = fill_in(settings.home / FORM, settings.home / FILLED)
    send(filled, settings.inbox / REPORTER / FORM, NIGHT_1)
    run_night(settings, NIGHT_1)

    returned = find_returned(settings, 1)
    mended = mend(returned, settings.home / returned.name)
    send(mended, settings.inbox / REPORTER / returned.name, NIGHT_2)
    run_night(settings, NIGHT_2)
    run_night(settings, TODAY)


def write_blank(settings: Settings, target: Path) -> None:
    """The blank form as the clerk gets it."""
    expectations = load_expectations()
    contract = expectations.contracts[DATASET]
    reporter, period = expectations.codes.reporter(REPORTER), Period.parse(PERIOD)
    prefill = read_prefill(settings, expectations, contract, reporter, period)
    write_template(contract, expectations.codes, target, reporter, period, "zh", prefill)


def fill_in(blank: Path, target: Path) -> Path:
    """Copies last period's rows into the form, as a clerk would, and makes the mistakes."""
    book = openpyxl.load_workbook(blank)
    form = book.worksheets[0]
    last = FIRST_ROW + KEPT_ROWS - 1
    for row in book["上期"].iter_rows(min_row=FIRST_ROW, max_row=last):
        for cell in row:
            form[cell.coordinate].value = cell.value
            form[cell.coordinate].number_format = cell.number_format
    for cell, value in FAULTS.items():
        form[cell].value = value
    return save(book, target)


def mend(returned: Path, target: Path) -> Path:
    """Mends most of what is marked, from last period's rows, and explains the rest."""
    book = openpyxl.load_workbook(returned)
    form, earlier = book.worksheets[0], book["上期"]
    for cell in MENDED:
        form[cell].value = earlier[cell].value
    rows = list(book[LIST_SHEET].iter_rows())
    [names] = [row for row in rows if any(cell.value == "rule_id" for cell in row)][:1]
    place = {cell.value: number for number, cell in enumerate(names)}
    for row in rows:
        if row[place["rule_id"]].value == "stock_falls":
            row[place["explanation"]].value = REASON
    return save(book, target)


def save(book: openpyxl.Workbook, target: Path) -> Path:
    """Saves a workbook by LibreOffice, so that it is calculated and its rows are high enough."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, target.name)
        book.save(written)
        convert(written, "xlsx", target.parent)
    return target


def send(path: Path, target: Path, night: datetime) -> None:
    """Puts a file into the folder the afternoon before a night."""
    shutil.copyfile(path, target)
    os.utime(target, (night.timestamp() - 10 * 3600,) * 2)


def find_returned(settings: Settings, number: int) -> Path:
    """The form's returned workbook of a round."""
    [path] = (settings.outbox / REPORTER).glob(f"{Path(FORM).stem}*_退回第{number}轮.xlsx")
    return path


@dataclass(frozen=True)
class Part:
    """What is shown of a page: pixels from its left and top, and of its width and height."""

    left: int
    top: int
    width: int
    height: int


def photograph(settings: Settings, folder: Path) -> None:
    """Takes every picture of a played root."""
    returned = show_comments(find_returned(settings, 1), folder / "returned.xlsx")
    filled = Path(shutil.copy(settings.home / FILLED, folder))
    with open_chromium() as browser:
        pages = print_workbook(returned)
        shoot_sheet(browser, pages, "标杆模板", "returned-workbook", 1500, Part(46, 78, 1250, 292))
        shoot_sheet(browser, pages, "问题清单 ·", "list-of-findings", 1280, Part(36, 50, 1204, 424))
        pages = print_workbook(filled)
        shoot_sheet(browser, pages, "自查：", "self-check", 1280, Part(50, 84, 1180, 768))
        number = find_last_round(settings)
        for address, name, height in (
            ("index", "today", 872),
            (f"submissions/{number}", "submission", 1138),
            (f"forms/{DATASET}/{PERIOD}", "form-period", 830),
            ("scorecards", "scorecards", 800),
        ):
            shoot_page(browser, settings.site / f"{address}.html", name, height)


def show_comments(workbook: Path, target: Path) -> Path:
    """A copy in which some cells show their comments without a mouse over them."""
    cells = [openpyxl.utils.cell.coordinate_from_string(cell) for cell in SHOWN_COMMENTS]
    places = [
        (row - 1, openpyxl.utils.column_index_from_string(column) - 1) for column, row in cells
    ]
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".vml"):
                content = _SHAPE.sub(lambda shape: _open(shape[0], places), content)
            new.writestr(name, content)
    return target


_SHAPE = re.compile(rb"<(\w+:)?shape\b.*?</(\w+:)?shape>", re.DOTALL)
_PLACE = re.compile(rb"Row>(\d+)<.*?Column>(\d+)<", re.DOTALL)


def _open(shape: bytes, places: Sequence[tuple[int, int]]) -> bytes:
    found = _PLACE.search(shape)
    if not found or (int(found[1]), int(found[2])) not in places:
        return shape
    shown = shape.replace(b"visibility:hidden", b"visibility:visible")
    return re.sub(rb"</(\w+:)ClientData>", rb"<\1Visible/></\1ClientData>", shown)


def print_workbook(workbook: Path) -> Path:
    """The sheets as LibreOffice prints them, in a PDF beside the workbook."""
    convert(workbook, "pdf", workbook.parent)
    return workbook.with_suffix(".pdf")


def convert(workbook: Path, kind: str, folder: Path) -> None:
    """Opens a workbook in LibreOffice and saves it as something else."""
    with tempfile.TemporaryDirectory() as profile:
        own = f"-env:UserInstallation={Path(profile).as_uri()}"
        run("soffice", own, "--headless", "--convert-to", kind, "--outdir", folder, workbook)


def shoot_sheet(
    browser: Browser, pages: Path, words: str, name: str, width: int, part: Part
) -> None:
    """Takes a part of the first printed page that holds some words, drawn as wide as asked."""
    texts = run("pdftotext", pages, "-").split("\f")
    number = next(at for at, text in enumerate(texts, start=1) if words in text)
    drawn = pages.with_name(name)
    size = ("-scale-to-x", width, "-scale-to-y", -1)
    run("pdftoppm", "-png", "-singlefile", "-f", number, *size, pages, drawn)
    data = base64.b64encode(drawn.with_suffix(".png").read_bytes()).decode()
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(f'<body style="margin:0"><img src="data:image/png;base64,{data}">')
    page.screenshot(
        path=PICTURES / f"{name}.png",
        full_page=True,
        clip={"x": part.left, "y": part.top, "width": part.width, "height": part.height},
    )
    page.close()


def shoot_page(browser: Browser, path: Path, name: str, height: int) -> None:
    """Takes the upper part of one of the steward's pages."""
    page = browser.new_page(viewport={"width": 1280, "height": height})
    page.goto(path.as_uri())
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()


def find_last_round(settings: Settings) -> int:
    """Number of the form's last submission."""
    with duckdb.connect(str(settings.pointer), read_only=True) as published:
        found = published.execute(
            "select submission_id from mart.coverage "
            "where dataset = ? and reporter_code = ? and period = ?",
            [DATASET, REPORTER, PERIOD],
        ).fetchone()
    return int(found[0]) if found else 0


def run(*command: object) -> str:
    """Runs a program and gives what it prints."""
    texts = [str(part) for part in command]
    return subprocess.run(texts, check=True, capture_output=True, text=True).stdout  # noqa: S603


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Starts the Chromium of this machine."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def main() -> None:
    """Plays where nothing was played yet, and takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, help="a data root of its own, to be kept")
    with tempfile.TemporaryDirectory() as folder:
        root = parser.parse_args().root or Path(folder, "root")
        settings = Settings(home=root.resolve())
        if not settings.pointer.exists():
            play(settings)
        photograph(settings, Path(folder))


if __name__ == "__main__":
    main()
