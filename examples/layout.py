"""Lays a form out as a clerk would: title, unit line, headings, rows, 合计, footer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from examples.entries import Cell
from examples.forms import Form, Grid, write_period
from warehouse.contracts.codes import Codes
from warehouse.contracts.model import Column
from warehouse.read.identify import make_mark

EXPLANATION: Final = "说明"
_STEMS: Final = ("甲", "乙", "丙")
_CLERKS: Final = ("张示例", "李虚构", "王样本", "赵范例", "周演示", "吴试填")
_MONEY: Final = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}


def lay_out(form: Form, codes: Codes) -> Grid:
    """Lays a form out; the same form always gives the same cells."""
    columns = list(form.contract.column)
    lead: list[Cell] = ["序号"] if form.look.has_seq else []
    grid = Grid([], {column.name: place + len(lead) for place, column in enumerate(columns)})
    headings = [*lead, *(_choose_heading(form, column) for column in columns)]
    if form.row_notes:
        headings.append(EXPLANATION)
    width = len(headings)
    if not form.look.is_bare:
        _write_head(grid, form, width)
    _write_headings(grid, form, headings)
    _write_rows(grid, form, codes)
    if not form.look.is_bare:
        _write_foot(grid, form)
    grid.cells.append([form.note])
    _write_sheets(grid, form)
    return grid


def _write_head(grid: Grid, form: Form, width: int) -> None:
    look, contract = form.look, form.contract
    grid.cells.append([look.title or contract.title.zh])
    grid.merges.append((0, 0, 0, width - 1))
    if look.template_age is not None:
        used = contract.model_copy(update={"version": contract.version - look.template_age})
        mark = make_mark(used, form.reporter.code, str(form.period))
        grid.cells.append([*[None] * (width - 1), mark])
    period = look.period_text or write_period(form.period, look.period_style)
    parts = [f"填报单位：{look.reporter_name or form.reporter.name}", f"报告期：{period}"]
    if any(column.type == "money" for column in contract.column):
        parts.append(f"单位：{form.money_unit}")
    elif unit := next((column.unit for column in contract.column if column.unit), None):
        parts.append(f"单位：{unit}")
    if look.is_joined:
        grid.merges.append((len(grid.cells), 0, len(grid.cells), width - 1))
        grid.cells.append(["    ".join(parts)])
        return
    line: list[Cell] = [None] * width
    for place, part in zip((0, width // 2, width - 1), parts, strict=False):
        line[place] = part
    grid.cells.append(line)


def _write_headings(grid: Grid, form: Form, headings: list[Cell]) -> None:
    if form.contract.dataset == "trademarks":
        headings = _stack_growth(grid, headings)
    elif form.look.has_groups:
        half = len(headings) // 2
        top = len(grid.cells)
        grid.merges += [(top, 0, top, half - 1), (top, half, top, len(headings) - 1)]
        grid.cells.append(["基本情况", *[None] * (half - 1), "填报内容"])
    grid.heading_row = len(grid.cells)
    grid.cells.append(headings)
    if form.look.has_column_numbers and not form.look.is_bare:
        numbers = range(1, len(headings) - len(_STEMS) + 1)
        grid.cells.append([*_STEMS, *numbers])


def _stack_growth(grid: Grid, headings: list[Cell]) -> list[Cell]:
    """As the city prints it: 完成值 and 同比 under each merged indicator, none under the last."""
    top = len(grid.cells)
    upper: list[Cell] = list(headings)
    lower: list[Cell] = [None] * len(headings)
    for first, second in (
        ("application_count", "application_yoy_pct"),
        ("registration_count", "registration_yoy_pct"),
    ):
        left, right = grid.places[first], grid.places[second]
        lower[left], lower[right], upper[right] = "完成值", "同比", None
        grid.merges.append((top, left, top, right))
    for place, text in enumerate(lower):
        if text is None:
            grid.merges.append((top, place, top + 1, place))
    grid.cells.append(upper)
    return lower


def _write_rows(grid: Grid, form: Form, codes: Codes) -> None:
    grid.first_row, grid.row_count = len(grid.cells), len(form.rows)
    names = {unit.code: unit.name for unit in codes.reporting_units}
    for number, row in enumerate(form.rows):
        cells: list[Cell] = [number + 1] if form.look.has_seq else []
        cells += [
            _write_cell(form, column, row.get(column.name), names)
            for column in form.contract.column
        ]
        if form.row_notes:
            cells.append(form.row_notes.get(number))
        grid.cells.append(cells)
    if form.is_nil:
        grid.cells.append(["零报告"])
    if form.total is not None:
        grid.total_row = len(grid.cells)
        cells = [None] if form.look.has_seq else []
        cells += [
            _write_cell(form, column, form.total.get(column.name), names)
            for column in form.contract.column
        ]
        grid.cells.append(cells)


def _write_cell(form: Form, column: Column, value: Cell, names: dict[str, str]) -> Cell:
    if column.type == "reporting_unit" and isinstance(value, str):
        return names.get(value, value)
    if column.type == "money" and isinstance(value, Decimal):
        return value / _MONEY.get(column.unit or form.money_unit, 1)
    if isinstance(value, date) and form.look.date_style != "cell":
        return _write_date(value, form.look.date_style)
    return value


def _write_date(day: date, style: str) -> str:
    if style == "slash":
        return f"{day.year}/{day.month}/{day.day}"
    if style == "chinese":
        return f"{day.year}年{day.month}月{day.day}日"
    return day.isoformat()


def _choose_heading(form: Form, column: Column) -> str:
    if form.look.has_other_headings and column.spellings:
        return column.spellings[0]
    return column.heading


def _write_foot(grid: Grid, form: Form) -> None:
    clerk = _CLERKS[sum(form.reporter.code.encode()) % len(_CLERKS)]
    chief = _CLERKS[(sum(form.reporter.code.encode()) + 2) % len(_CLERKS)]
    day = form.reported_on or form.period.end
    grid.cells.append(
        [
            f"单位负责人：{chief}",
            None,
            f"填表人：{clerk}",
            f"联系电话：0714-000{sum(form.reporter.code.encode()) % 10_000:04d}",
            None,
            f"报出日期：{day.year}年{day.month}月{day.day}日",
        ]
    )
    if form.sources and form.look.file_format.startswith("csv"):
        named = "；".join(dict.fromkeys(str(line[-1]) for line in form.sources))
        grid.cells.append([f"资料来源：{named}"])


def _write_sheets(grid: Grid, form: Form) -> None:
    if form.explanations:
        grid.sheets[EXPLANATION] = [["规则", EXPLANATION]]
        grid.sheets[EXPLANATION] += [[*line] for line in form.explanations]
    if form.sources and not form.look.file_format.startswith("csv"):
        grid.sheets["资料来源"] = [["指标代码", "指标名称", "资料来源"]]
        grid.sheets["资料来源"] += [[*line] for line in form.sources]
