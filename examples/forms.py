"""What a form says, how an office writes it, and the grid of cells it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from examples.entries import Cell, Row
from warehouse.contracts.codes import Reporter
from warehouse.contracts.model import Contract
from warehouse.periods import Period

SYNTHETIC_NOTE: Final = "说明：示例数据，企业为虚构，与任何真实单位无关。"


@dataclass(frozen=True)
class Look:
    """The habits of one office.

    Attributes:
        file_format: `xlsx`, `xlsm`, `xls`, `ods`, `csv`, `csv-bom` or `csv-gb18030`.
        is_bare: headings and rows only, as a system exports them; the name says the rest.
        period_style: which of the ways to write a quarter.
        money_unit: unit of money of the form's unit line; None leaves the unit out.
        is_joined: 填报单位, 报告期 and 单位 stand in one merged cell rather than three.
        has_other_headings: writes the headings' first known spelling instead.
        has_groups: a merged row of group headings stands over the headings.
        date_style: `cell`, `iso`, `slash` or `chinese`.
        template_age: how many versions old the blank form was; None where none was used.
    """

    file_format: str = "xlsx"
    is_bare: bool = False
    title: str | None = None
    reporter_name: str | None = None
    period_style: int = 0
    period_text: str | None = None
    money_unit: str | None = None
    is_joined: bool = False
    has_seq: bool = False
    has_column_numbers: bool = True
    has_other_headings: bool = False
    has_groups: bool = False
    date_style: str = "cell"
    template_age: int | None = None
    file_name: str | None = None


@dataclass(frozen=True)
class Form:
    """What one file is to say.

    Attributes:
        rows: money in yuan, reporting units as codes.
        total: cells of a last row by column; None for a form without one.
        explanations: entries of a sheet 说明: rule or heading, then the text.
        row_notes: text of a column 说明 at the right end, by row.
        sources: a sheet 资料来源, one line each; on a CSV one footer line.
        note: the footer that says what the figures are.
    """

    contract: Contract
    reporter: Reporter
    period: Period
    rows: tuple[Row, ...]
    look: Look = Look()
    total: Row | None = None
    is_nil: bool = False
    explanations: tuple[tuple[str, str], ...] = ()
    row_notes: dict[int, str] = field(default_factory=dict)
    sources: tuple[tuple[str, ...], ...] = ()
    note: str = SYNTHETIC_NOTE
    reported_on: date | None = None

    @property
    def money_unit(self) -> str:
        """The unit the form's money is written in."""
        return self.look.money_unit or self.contract.money_unit


@dataclass
class Grid:
    """The cells of a form's sheet, and where everything stands (rows and columns from 0).

    Attributes:
        places: position of each contract column.
        merges: first row, first column, last row, last column.
        sheets: further sheets by name.
    """

    cells: list[list[Cell]]
    places: dict[str, int]
    heading_row: int = 0
    first_row: int = 0
    row_count: int = 0
    total_row: int | None = None
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    sheets: dict[str, list[list[Cell]]] = field(default_factory=dict)
    hidden_sheets: set[str] = field(default_factory=set)
    sheet_name: str = "Sheet1"

    def row_at(self, row: int) -> int:
        """Position of a data row; negative ones count from the last."""
        return self.first_row + (row if row >= 0 else self.row_count + row)

    def address(self, row: int, column: str) -> str:
        """The address of a data cell, such as `B7`."""
        return write_address(self.row_at(row), self.places[column])

    def heading_address(self, column: str) -> str:
        """The address of a column's heading."""
        return write_address(self.heading_row, self.places[column])


def write_address(row: int, column: int) -> str:
    """An address such as `B7` from positions that count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def write_period(period: Period, style: int) -> str:
    """A quarter as offices write it: 2020年三季度, 2020年第3季度, 2020年1-9月."""
    numeral = "一二三四"[period.part - 1]
    return (
        f"{period.year}年{numeral}季度",
        f"{period.year}年第{period.part}季度",
        f"{period.year}年1-{period.part * 3}月",
        f"{period.year}年第{numeral}季度",
        f"{period.year} 年 {numeral} 季 度",
    )[style % 5]
