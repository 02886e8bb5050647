"""Makes the pictures of the guides: plays the example up to October 2020 and photographs it.

    .venv/bin/python docs/pictures/make.py [--root DIR] [--whole DIR] [--only forms|reports]

Needs LibreOffice (soffice), poppler (pdftotext, pdftoppm) and Chromium. A root that was played
before is photographed as it is; without one everything happens in a temporary folder. All
enterprises are invented, and lines with names and telephone numbers are left empty. Written
reports are photographed on a root of their own, which has all nights of the example.
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
from datetime import date, datetime
from pathlib import Path

import docx
import duckdb
import openpyxl
from playwright.sync_api import Browser, sync_playwright

from biaogan.report_check import check_report
from biaogan.report_render import write_report
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

SAMPLE = """\
# 黄石市2020年质量工作小结
（本文是编造的，用来演示核对）
2021年1月26日
## 一、标准与知识产权
截至2020年底，全市企业执行和参与制修订标准1065项，其中国家标准338项。全年商标申请量802件，商标注册量631件，有效注册商标近2万件。有效发明专利197件，同比增长16.6%。
## 二、企业和平台
全市入围湖北制造业百强企业17家，隐形冠军示范及培育企业79家；省级以上企业技术中心36家，省级重点实验室9家。同期宜昌市隐形冠军企业有102家。
## 三、质量提升
各部门实施质量提升项目37项，包括省级1项、市级2项、县级36项。市经信局为企业减免各项费用3.2亿元。
## 四、经济运行
全年社会消费品零售总额760亿元，出口额127亿元，地方一般公共预算收入约88亿元。研发机构覆盖率力争2021年达到80%。按照黄政发〔2020〕12号文件要求，走访企业1200余家。
"""
"""A made-up report: some of its figures hold, and some are wrong, old, planned or of elsewhere."""
CHECKED_ON, WRITTEN_ON, WRITTEN_OF = date(2021, 2, 10), date(2020, 10, 27), "2020Q3"


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


def play_whole(settings: Settings) -> None:
    """Two years of the example as they are."""
    lay_examples(settings.inbox)
    for night in NIGHTS:
        run_night(settings, night)


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


def photograph_reports(settings: Settings, folder: Path) -> None:
    """Takes a report that was checked and one that was written, of the whole example."""
    os.environ["BIAOGAN_HOME"] = str(settings.home)
    report, checked = folder / "小结.docx", folder / "核对.html"
    write_sample(report)
    check_report(report, CHECKED_ON, [checked], "table")
    written = folder / "报告.docx"
    write_report("quality_and_brand", Period.parse(WRITTEN_OF), WRITTEN_ON, written)
    with open_chromium() as browser:
        shoot_page(browser, checked, "report-checked", 1500)
        shoot_sheet(browser, print_workbook(written), "标准化", "report-written", 1000,
                    Part(80, 170, 840, 1200))  # fmt: skip


def write_sample(target: Path) -> None:
    """The made-up report as a Word file."""
    word = docx.Document()
    for line in SAMPLE.splitlines():
        marks, _, said = line.rpartition("# ")
        if line.startswith("#"):
            word.add_heading(said, len(marks) + 1)
        else:
            word.add_paragraph(line)
    word.save(str(target))


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
    parser.add_argument("--whole", type=Path, help="a data root with all nights of the example")
    parser.add_argument("--only", choices=("forms", "reports"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, root, lay, shoot in (
            ("forms", asked.root, play, photograph),
            ("reports", asked.whole, play_whole, photograph_reports),
        ):
            if asked.only in {None, name}:
                settings = Settings(home=(root or Path(folder, name)).resolve())
                if not settings.pointer.exists():
                    lay(settings)
                shoot(settings, Path(folder))


if __name__ == "__main__":
    main()
