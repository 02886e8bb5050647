"""Makes forms from contracts: valid rows of any contract, laid out the way offices lay them out.

Nothing here knows a dataset by name: values follow from a column's type, and what must agree within
a row follows from the contract's rules. A made form knows the address of every cell it wrote.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from examples.entries import Cell
from examples.formats import SUFFIXES, write_grid
from examples.forms import Grid, write_address
from warehouse.contracts.codes import Codes, Indicator, Reporter
from warehouse.contracts.model import Column, Contract, Rule
from warehouse.gate.checks import ADDED_TYPES
from warehouse.identifiers import patents, standard_numbers
from warehouse.identifiers.synthetic import make_application_no, make_uscc
from warehouse.periods import Period
from warehouse.read.headings import IGNORED_HEADINGS, explaining_columns
from warehouse.read.identify import make_mark

PERIODS = {
    "quarter": Period.parse("2020Q3"),
    "month": Period.parse("2020-09"),
    "year": Period.parse("2019"),
}
FACTORS = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
FORMATS = tuple(name for name in SUFFIXES if name != "xlsm")
STANDARDS = (
    "GB/T {}-2019",
    "GB {}-2015",
    "JC/T {}-2017",
    "DB42/T {}-2018",
    "T/HBQA {}-2020",
    "Q/SL {}-2019",
)
DIVISION_CODES = ("3360", "0111", "27", "C3041", "A0121")
CREATED = datetime(2020, 10, 12)
DATE_STYLES = {
    "iso": "{0.year}-{0.month:02d}-{0.day:02d}", "slash": "{0.year}/{0.month}/{0.day}",
    "dot": "{0.year}.{0.month}.{0.day}", "chinese": "{0.year}年{0.month}月{0.day}日",
    "spaced": "{0.year} 年 {0.month} 月 {0.day} 日", "compact": "{0.year}{0.month:02d}{0.day:02d}",
    "midnight": "{0.year}-{0.month:02d}-{0.day:02d} 00:00:00",
}  # fmt: skip

Row = dict[str, Cell]


@dataclass(frozen=True)
class Look:
    """How a form looks.

    Attributes:
        labels: `apart` (one a cell), `split` (label and value in cells of their own), `joined` (all
            in one cell), or None: the name of the file says it all.
        heading: `plain`, `groups` (names of groups over the headings), `tall` (each heading over
            two rows) or `stacked` (headings cut in two, one half over the other).
        total: `first`, `last` or None.
        blank_rows: whether rows without anything stand between the others.
    """

    file_format: str = "csv"
    has_title: bool = True
    has_mark: bool = False
    labels: str | None = "apart"
    period_style: int = 0
    reporter_spelling: int = 0
    money_unit: str = "万元"
    has_unit_line: bool = True
    top_rows: int = 0
    left_columns: int = 0
    has_seq: bool = False
    heading: str = "plain"
    has_other_headings: bool = False
    has_column_numbers: bool = False
    has_note_column: bool = False
    blank_rows: bool = False
    total: str | None = None
    total_word: str = "合计"
    has_footer: bool = True
    date_style: str = "iso"
    as_text: bool = False
    file_name: str | None = None


def draw_look(seed: int, file_format: str) -> Look:
    """One of the many looks a valid form may have."""
    dice = random.Random(seed)
    has_title = dice.random() < 0.8
    has_mark = dice.random() < 0.4
    merges = not file_format.startswith("csv")
    return Look(
        file_format=file_format,
        has_title=has_title,
        has_mark=has_mark,
        labels=dice.choice(["apart", "split", "joined", None]),
        period_style=dice.randrange(4),
        reporter_spelling=dice.randrange(3),
        money_unit=dice.choice(list(FACTORS)),
        top_rows=dice.choice([0, 0, 2]),
        left_columns=dice.choice([0, 0, 1, 3]),
        has_seq=dice.random() < 0.4,
        heading=dice.choice(
            ["plain", "groups", "tall", "stacked"] if merges else ["plain", "groups"]
        ),
        has_other_headings=dice.random() < 0.3,
        has_column_numbers=dice.random() < 0.5,
        has_note_column=dice.random() < 0.4,
        blank_rows=dice.random() < 0.3,
        total=dice.choice(["first", "last", None]),
        total_word=dice.choice(["合计", "合 计", "总计", "合\u3000计"]),
        has_footer=dice.random() < 0.7,
        date_style=dice.choice(["cell", *DATE_STYLES]),
        as_text=dice.random() < 0.3,
    )


@dataclass
class MadeForm:
    """A form with the place of each of its cells (rows and columns from 0)."""

    contract: Contract
    codes: Codes
    reporter: Reporter
    period: Period
    look: Look
    rows: list[Row]
    grid: Grid
    row_numbers: list[int] = field(default_factory=list)
    total_row: int | None = None
    heading_rows: dict[str, int] = field(default_factory=dict)
    label_cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    note_column: int | None = None
    width: int = 0
    folder: str | None = None
    file_name: str | None = None

    @property
    def sheet(self) -> str:
        """The name of the form's sheet, as a finding has it."""
        return "" if self.look.file_format.startswith("csv") else self.grid.sheet_name

    def place(self, row: int, column: str) -> tuple[int, int]:
        """Where a data cell stands."""
        return self.row_numbers[row], self.grid.places[column]

    def at(self, row: int, column: str) -> str:
        """The address of a data cell."""
        return write_address(*self.place(row, column))

    def at_total(self, column: str) -> str:
        """The address of a cell of the 合计 row."""
        assert self.total_row is not None
        return write_address(self.total_row, self.grid.places[column])

    def at_heading(self, column: str) -> str:
        """The address of a heading."""
        return write_address(self.heading_rows[column], self.grid.places[column])

    def at_label(self, kind: str) -> str:
        """The address of what stands behind 填报单位, 报告期 or 单位."""
        return write_address(*self.label_cells[kind])

    def put(self, row: int, column: str, value: Cell) -> str:
        """Overwrites a data cell and returns its address."""
        number, place = self.place(row, column)
        write_cell(self.grid, number, place, value)
        return self.at(row, column)

    def change(self, row: int, column: str, value: Cell) -> str:
        """Gives a row another value, written as the form writes it, and adds up again."""
        self.rows[row][column] = value
        self.put(row, column, show(self, self.contract.columns[column], value))
        self.add_up()
        return self.at(row, column)

    def add_up(self) -> None:
        """Writes the 合计 row anew."""
        if self.total_row is None:
            return
        for column in added_columns(self.contract):
            total = sum(
                (
                    Decimal(str(row[column.name]))
                    for row in self.rows
                    if row[column.name] is not None
                ),
                Decimal(0),
            )
            write_cell(
                self.grid, self.total_row, self.grid.places[column.name], show(self, column, total)
            )

    def write(self, root: Path, number: int) -> Path:
        """Writes the form where a pull would find it: below its reporter's folder."""
        folder = (
            root
            / f"{number:05d}"
            / (self.folder if self.folder is not None else self.reporter.code)
        )
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.file_name or name_file(self)}{SUFFIXES[self.look.file_format]}"
        path.write_bytes(write_grid(self.grid, self.look.file_format, CREATED))
        return path


def name_file(form: MadeForm) -> str:
    """The name of the file: it says what the form does not say itself."""
    if form.look.labels is None:
        return f"{form.contract.title.zh}_{form.reporter.name}_{form.period}"
    return "报表" if form.look.has_title or form.look.has_mark else form.contract.title.zh


def make_form(contract: Contract, codes: Codes, look: Look, seed: int, count: int = 6) -> MadeForm:
    """A valid form of a contract."""
    dice = random.Random(seed)
    period = PERIODS[contract.period_type]
    reporters = codes.owing(contract.owed_by)
    if any(rule.check == "indicator_department" for rule in contract.rule):
        owning = {indicator.department for indicator in codes.indicators}
        reporters = tuple(reporter for reporter in reporters if reporter.code in owning)
    reporter = dice.choice(reporters)
    if any(column.heading in IGNORED_HEADINGS for column in contract.column):
        look = replace(look, has_seq=False)
    rows = make_rows(contract, codes, reporter, period, count, dice)
    form = MadeForm(contract, codes, reporter, period, look, rows, Grid([], {}))
    lay_out(form, dice)
    return form


# --- rows ----------------------------------------------------------------------------------------


def make_rows(
    contract: Contract,
    codes: Codes,
    reporter: Reporter,
    period: Period,
    count: int,
    dice: random.Random,
) -> list[Row]:
    """Rows in which nothing is wrong: money in yuan, reporting units as codes."""
    rows: list[Row] = []
    seen = set()
    for attempt in range(count * 40):
        row = _make_row(
            contract, codes, reporter, period, attempt + dice.randrange(50) * 1000, dice
        )
        key = tuple(row[name] for name in contract.key)
        if key not in seen:
            seen.add(key)
            rows.append(row)
        if len(rows) == count:
            break
    return rows


def _make_row(
    contract: Contract,
    codes: Codes,
    reporter: Reporter,
    period: Period,
    number: int,
    dice: random.Random,
) -> Row:
    needed, explaining = _columns_of_rules(contract), explaining_columns(contract)
    row: Row = {}
    for column in contract.column:
        is_filled = column.required or column.name in needed or dice.random() < 0.7
        is_filled = is_filled and column.name not in explaining
        row[column.name] = (
            _make_value(column, codes, reporter, period, number, dice) if is_filled else None
        )
    indicator = _find_indicator(contract, codes, row)
    for rule in contract.rule:
        _agree(rule, contract, row, period, indicator, dice)
    return row


def _columns_of_rules(contract: Contract) -> set[str]:
    named = {rule.column for rule in contract.rule if rule.column and rule.severity != "notice"}
    for rule in contract.rule:
        named |= {
            str(rule.arguments.get(name, "")).split("__")[0] for name in ("column_A", "column_B")
        }
    return {name for name in named if name in contract.columns}


def _make_value(
    column: Column,
    codes: Codes,
    reporter: Reporter,
    period: Period,
    number: int,
    dice: random.Random,
) -> Cell:
    kind = column.type
    if kind == "text":
        return f"示例{column.heading[:2]}{number}"
    if kind == "code":
        return dice.choice(column.codes)
    if kind == "uscc":
        return make_uscc("420200", 1 + number % 99_999)
    if kind == "application_no":
        return make_application_no(dice.randint(2008, 2019), dice.choice("12389"), number % 99_999)
    if kind == "standard_no":
        return dice.choice(STANDARDS).format(1 + number)
    if kind == "industry_code":
        return dice.choice(DIVISION_CODES)
    if kind == "reporting_unit":
        own = reporter.reporting_unit_code
        return own or dice.choice([unit.code for unit in codes.counties])
    if kind == "indicator_code":
        own_codes = [entry.code for entry in codes.indicators if entry.department == reporter.code]
        return dice.choice(own_codes or [entry.code for entry in codes.indicators])
    if kind == "date":
        return _draw_day(date(2005, 1, 1), period.end, dice)
    return _make_number(column, dice)


def _make_number(column: Column, dice: random.Random) -> Cell:
    lowest = int(column.minimum or 0)
    if column.type == "integer":
        return dice.randint(max(lowest, 1), 900)
    if column.type == "money":
        # Multiples that any unit up to 亿元 writes without losing a fen.
        return Decimal(dice.randint(1, 5_000)) * 10_000
    if column.type == "percent":
        return Decimal(dice.randint(0 if column.is_share else -5_000, 9_999)) / 100
    return Decimal(dice.randint(max(lowest, 0) * 10, 9_999)) / 10


def _draw_day(first: date, last: date, dice: random.Random) -> date:
    return first + timedelta(days=dice.randint(0, max((last - first).days, 0)))


def _find_indicator(contract: Contract, codes: Codes, row: Row) -> Indicator | None:
    name = next(
        (column.name for column in contract.column if column.type == "indicator_code"), None
    )
    return next((entry for entry in codes.indicators if name and entry.code == row[name]), None)


def _agree(
    rule: Rule,
    contract: Contract,
    row: Row,
    period: Period,
    indicator: Indicator | None,
    dice: random.Random,
) -> None:
    """Makes the cells of a row agree with one rule."""
    one, other = rule.arguments.get("column_A"), rule.arguments.get("column_B")
    if rule.expectation == "ExpectColumnPairValuesToBeEqual":
        row[one] = read_facet(other, row)
    elif rule.expectation == "ExpectColumnPairValuesAToBeGreaterThanB":
        first = row[other]
        assert isinstance(first, date)
        last = period.end if not contract.columns[one].may_follow_period else date(2022, 1, 1)
        row[one] = _draw_day(first, last, dice)
    elif rule.check == "filing_year_differs":
        number = next(c.name for c in contract.column if c.type == "application_no")
        year = int(patents.application_year_of(pl.Series([row[number]]))[0])
        row[rule.column or ""] = _draw_day(date(year, 1, 1), date(year, 12, 31), dice)
        _settle_pairs(contract, row, period, dice)
    elif indicator and rule.check == "indicator_unit_known":
        row[rule.column or ""] = indicator.unit
    elif indicator and rule.check == "indicator_name_matches":
        row[rule.column or ""] = indicator.name.zh
    elif indicator and rule.check == "outside_plausible_range":
        lowest = int(indicator.minimum or 0)
        highest = int(indicator.maximum) if indicator.maximum is not None else lowest + 900
        row[rule.column or ""] = Decimal(dice.randint(max(lowest, 0), max(highest, 0)))


def _settle_pairs(contract: Contract, row: Row, period: Period, dice: random.Random) -> None:
    for rule in contract.rule:
        if rule.expectation == "ExpectColumnPairValuesAToBeGreaterThanB":
            _agree(rule, contract, row, period, None, dice)


def read_facet(facet: str, row: Row) -> str:
    """What an identifier says of the cell beside it: `x__level`, `x__patent_type`."""
    column, _, kind = facet.partition("__")
    values = pl.Series([row[column]], dtype=pl.String)
    read = {"level": standard_numbers.level_of, "patent_type": patents.patent_type_of}[kind]
    return str(read(values)[0])


# --- layout --------------------------------------------------------------------------------------


def added_columns(contract: Contract) -> list[Column]:
    """The columns a 合计 adds up; none where rows of the whole city stand among the others."""
    if any(column.blank_means for column in contract.column):
        return []
    return [
        column for column in contract.column if column.type in ADDED_TYPES and column.name != "seq"
    ]


def write_cell(grid: Grid, row: int, place: int, value: Cell) -> None:
    """Writes one cell, wherever it lies."""
    while len(grid.cells) <= row:
        grid.cells.append([])
    cells = grid.cells[row]
    cells.extend([None] * (place + 1 - len(cells)))
    cells[place] = value


def own_unit(column: Column) -> str | None:
    """The unit of money a heading names."""
    return next(
        (unit for unit in ("亿元", "万元", "千元", "元") if f"({unit})" in column.heading), None
    )


def show(form: MadeForm, column: Column, value: Cell) -> Cell:
    """A value as the form writes it."""
    if value is None:
        return None
    if column.type == "reporting_unit":
        return next((unit.name for unit in form.codes.reporting_units if unit.code == value), value)
    if column.type == "money":
        value = Decimal(str(value)) / FACTORS[own_unit(column) or form.look.money_unit]
    if isinstance(value, date) and form.look.date_style != "cell":
        return DATE_STYLES[form.look.date_style].format(value)
    if isinstance(value, int | Decimal) and form.look.as_text:
        return f"{Decimal(value).normalize():f}"
    return value


def lay_out(form: MadeForm, dice: random.Random) -> None:
    """Writes title, labels, headings, rows, 合计 and footer into the form's grid."""
    look, contract, grid = form.look, form.contract, form.grid
    left = look.left_columns + look.has_seq
    grid.places = {column.name: left + at for at, column in enumerate(contract.column)}
    form.width = left + len(contract.column)
    if look.has_note_column:
        form.note_column = form.width
        form.width += 1
    grid.cells.extend([] for _ in range(look.top_rows))
    _write_head(form)
    _write_headings(form)
    if look.total == "first":
        _write_total(form)
    for number, row in enumerate(form.rows):
        if look.blank_rows and dice.random() < 0.3:
            grid.cells.append([])
        at = len(grid.cells)
        form.row_numbers.append(at)
        if look.has_seq:
            write_cell(grid, at, look.left_columns, number + 1)
        for column in contract.column:
            write_cell(grid, at, grid.places[column.name], show(form, column, row[column.name]))
    if look.total == "last":
        _write_total(form)
    if look.has_footer:
        _write_footer(form)


def _write_head(form: MadeForm) -> None:
    look, grid, left = form.look, form.grid, form.look.left_columns
    title = form.contract.title.zh
    if look.has_title:
        at = len(grid.cells)
        write_cell(
            grid, at, left, f"{form.period.title_zh}{title}" if look.period_style % 2 else title
        )
        if form.width - left > 1:
            grid.merges.append((at, left, at, form.width - 1))
    if look.has_mark:
        mark = make_mark(form.contract, form.reporter.code, str(form.period))
        write_cell(grid, len(grid.cells), form.width - 1, mark)
    if look.labels:
        _write_labels(form, len(grid.cells), left)
    if look.blank_rows:
        grid.cells.append([])


def _write_labels(form: MadeForm, at: int, left: int) -> None:
    look, grid = form.look, form.grid
    names = [form.reporter.name, *form.reporter.spellings]
    labels = {
        "reporter": ("填报单位：", names[look.reporter_spelling % len(names)]),
        "period": ("报告期：", write_period(form.period, look.period_style)),
    }
    is_open = any(c.type == "money" and not own_unit(c) for c in form.contract.column)
    if look.has_unit_line and is_open:
        labels["unit"] = ("单位：", look.money_unit)
    if look.labels == "joined":
        write_cell(grid, at, left, "　　".join(label + text for label, text in labels.values()))
        form.label_cells = dict.fromkeys(labels, (at, left))
        return
    place = left
    for kind, (label, text) in labels.items():
        if look.labels == "split":
            write_cell(grid, at, place, label)
            write_cell(grid, at, place + 1, text)
            form.label_cells[kind] = (at, place + 1)
            place += 2
        else:
            write_cell(grid, at, place, label + text)
            form.label_cells[kind] = (at, place)
            place += 1


def write_period(period: Period, style: int) -> str:
    """A period as forms write it."""
    if period.period_type != "quarter":
        return period.title_zh
    numeral = "一二三四"[period.part - 1]
    return (
        f"{period.year}年{numeral}季度", f"{period.year}年第{period.part}季度",
        f"{period.year}年1-{period.part * 3}月", f"{period.year}Q{period.part}",
    )[style % 4]  # fmt: skip


def _write_headings(form: MadeForm) -> None:
    look, grid = form.look, form.grid
    texts = _choose_headings(form)
    at = len(grid.cells)
    if look.heading == "groups":
        _write_groups(form, at)
        at += 1
    rows = dict.fromkeys(texts, at)
    for number, (place, text) in enumerate(texts.items()):
        cut = len(text) // 2
        is_cut = look.heading == "stacked" and number % 2 and cut > 1 and "(" not in text
        write_cell(grid, at, place, text[:cut] if is_cut else text)
        if is_cut:
            write_cell(grid, at + 1, place, text[cut:])
            rows[place] = at + 1
        elif look.heading in {"stacked", "tall"}:
            write_cell(grid, at + 1, place, None)
            grid.merges.append((at, place, at + 1, place))
    form.heading_rows = {name: rows[place] for name, place in grid.places.items()}
    if look.has_column_numbers:
        at = len(grid.cells)
        for place, mark in zip(texts, [*"甲乙丙", *map(str, range(1, 60))], strict=False):
            write_cell(grid, at, place, mark)


def _choose_headings(form: MadeForm) -> dict[int, str]:
    texts = {form.look.left_columns: "序号"} if form.look.has_seq else {}
    for column in form.contract.column:
        spelled = column.heading
        if form.look.has_other_headings and column.spellings:
            spelled = column.spellings[0]
        texts[form.grid.places[column.name]] = spelled
    if form.note_column is not None:
        texts[form.note_column] = "备注"
    return texts


def _write_groups(form: MadeForm, at: int) -> None:
    first, last = form.look.left_columns, form.width - 1
    middle = (first + last + 1) // 2
    for left, right, text in ((first, middle - 1, "基本情况"), (middle, last, "填报内容")):
        write_cell(form.grid, at, left, text)
        if right > left:
            form.grid.merges.append((at, left, at, right))


def _write_total(form: MadeForm) -> None:
    columns = added_columns(form.contract)
    lead = [c for c in form.contract.column[:3] if c not in columns]
    if not columns or not lead:
        return
    form.total_row = len(form.grid.cells)
    write_cell(form.grid, form.total_row, form.grid.places[lead[0].name], form.look.total_word)
    if lead[0].name == "seq":
        write_cell(form.grid, form.total_row, form.grid.places["seq"], None)
        write_cell(form.grid, form.total_row, form.grid.places[lead[1].name], form.look.total_word)
    form.add_up()


def _write_footer(form: MadeForm) -> None:
    at, left = len(form.grid.cells), form.look.left_columns
    for place, text in enumerate(
        ("单位负责人：张示例", "填 表 人：李虚构", "联系电话：0714-0000000")
    ):
        write_cell(form.grid, at, left + place, text)
    write_cell(form.grid, at + 1, left, "（此表一式两份）")
