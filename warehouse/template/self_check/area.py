"""The entry rows of a blank form as named arrays, so that one formula can look at a whole column.

Arrays begin at the row of marks, so that a row inserted above the first entry is among them, and
end at the last row in use: a short form costs little to recalculate, however many rows it may have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from warehouse.contracts.codes import Codes
from warehouse.contracts.model import IDENTIFIER_TYPES, NUMERIC_TYPES, Column, Contract
from warehouse.gate.checks import ADDED_TYPES
from warehouse.gate.type_rows import names_of, spellings_of
from warehouse.read import body
from warehouse.template.plan import FIRST_ENTRY, Blank, money_factor
from warehouse.template.self_check import cells as cell
from warehouse.template.self_check import identifiers as identifier
from warehouse.template.self_check.kept import LAST_CHECKED, LAST_ROW, ROWS, SHEET, STEPS, Kept

_NIL_WORDS = ("零报告", "本期零报告", "本季度零报告", "本期为零报告", "零报告。", "零报告：是")


class EntryArea:
    """The columns of one blank form, each in the readings that rules ask for.

    Attributes:
        form: the form's sheet, as formulas name it.
        names: the defined names asked for so far, with their formulas.
        kept: what the hidden columns of the sheet hold.
    """

    def __init__(self, blank: Blank, codes: Codes, form_sheet: str) -> None:
        """Looks at nothing yet: a name is defined when a rule first asks for it."""
        self.blank, self.codes = blank, codes
        self.names: dict[str, str] = {}
        self.kept = Kept()
        self.form = "'" + form_sheet.replace("'", "''") + "'"
        self._places = {column.name: at for at, column in enumerate(blank.columns)}
        self.last_row = self.kept.keep(self._find_last_row())
        self.entered = self.kept.keep(self._count_entered())

    def define(self, name: str, formula: str) -> str:
        """Gives a formula a name in the workbook, the first time it is asked for."""
        full = f"{SHEET}_{name}"
        self.names.setdefault(full, f"={formula}")
        return full

    @property
    def contract(self) -> Contract:
        """The form's contract."""
        return self.blank.contract

    def address(self, first_row: int, first: int, last_row: int, last: int) -> str:
        """A fixed range of the form; rows from 1, columns from 0."""
        letters = (xl_col_to_name(at, col_abs=True) for at in (first, last))
        begin, end = next(letters), next(letters)
        return f"{self.form}!{begin}${first_row}:{end}${last_row}"

    def raw(self, name: str) -> str:
        """The cells of a column as they are."""
        at = self._places[name]
        return self.define(name, self.cut(at, at))

    def text(self, name: str) -> str:
        """The cells of a column as trimmed texts."""
        return self.define(f"{name}_文", cell.trim(self.raw(name)))

    def filled(self, name: str) -> str:
        """1 where a column has a value: neither blank nor said not to apply."""
        return cell.is_filled(self.text(name))

    def value(self, name: str) -> str:
        """The cells of a column as typed: a number, a day, a code's number, a folded identifier.

        What does not parse is an empty text, and 0 for a code.
        """
        column, raw, text = self._column(name), self.raw(name), self.text(name)
        if column.type in NUMERIC_TYPES:
            percent = column.type == "percent"
            folded = self.define(f"{name}_字", cell.fold_number(text, percent=percent))
            return self.define(f"{name}_值", cell.read_number(raw, folded))
        if column.type == "date":
            folded = self.define(f"{name}_字", cell.fold_date(text))
            return self.define(f"{name}_值", cell.read_date(raw, folded))
        if column.type in IDENTIFIER_TYPES:
            folded = identifier.fold_code(raw, text, is_long_number=column.type == "uscc")
            return self.define_rows(f"{name}_值", folded)
        if column.type == "reporting_unit":
            return self.define_rows(f"{name}_值", self._read_code(column, text))
        if self.codes_of(column):
            return self.define(f"{name}_值", self._read_code(column, text))
        return text

    def is_read(self, name: str) -> str:
        """1 where a column has a value that could be typed."""
        column = self._column(name)
        if column.type in NUMERIC_TYPES or column.type == "date":
            return f"ISNUMBER({self.value(name)})"
        if self.codes_of(column):
            return f"({self.value(name)}>0)"
        return self.filled(name)

    def key(self, names: Sequence[str]) -> str:
        """What tells the rows of a form apart, as one text a row; empty where there is no row."""
        parts = [self._part_of_key(name) for name in names]
        joined = '&"|"&'.join(parts)
        whole = f'IF({self.rows},{cell.escape_wildcards(joined)},"")'
        return self.define("键_" + "_".join(names), whole)

    @property
    def rows(self) -> str:
        """1 for each row of data: neither blank nor 合计, 小计, 零报告 or a line of the footer."""
        line = self._line
        colon = f'FIND(":",{line}&":")'
        is_footer = cell.is_among(f"LEFT({line},{colon}-1)", cell.list_words(body.FOOTERS))
        is_footer = f'{is_footer}*ISNUMBER(FIND(":",{line}))'
        others = "*".join(f"(1-{mask})" for mask in (self.totals, self.nil, is_footer))
        return self.define_rows("行", f'({self.position}>1)*({line}<>"")*{others}')

    @property
    def position(self) -> str:
        """The place of each row in the arrays, from 1; the first is the row of marks."""
        first = next(iter(self._places))
        return f"(ROW({self.raw(first)})-ROW({self.form}!$A${FIRST_ENTRY})+1)"

    @property
    def totals(self) -> str:
        """1 for each 合计 or 小计 row."""
        return self._lead_with(body.SUBTOTALS + self.total_words)

    @property
    def sums(self) -> str:
        """1 for each 合计 row, whose numbers are held against the sum of the rows."""
        return self.define("总计", self._lead_with(self.total_words))

    def numbered_rows(self, column: Column) -> str:
        """1 for each row whose cell in a column is looked at as a number of it.

        The sums of a 合计 row are; the word 合计 itself, over 序号, is not.
        """
        if not self.added(column):
            return self.rows
        others = f"*(1-{self._says(column.name, self.total_words)})"
        is_lead = self._places[column.name] < body.LEAD_COLUMNS
        return f"({self.rows}+{self.sums}{others if is_lead else ''})"

    @property
    def nil(self) -> str:
        """1 for each row that says 零报告 and nothing else."""
        words = (cell_text.replace("：", ":") for cell_text in _NIL_WORDS)
        return f"{cell.is_among(self._line, cell.list_words(words))}*1"

    @property
    def says_nil(self) -> str:
        """How many rows say 零报告, as the address of a kept cell."""
        return self.kept.keep(f"=SUM({self.nil})")

    @property
    def row_count(self) -> str:
        """How many rows of data there are, as the address of a kept cell."""
        return self.kept.keep(f"=IF({self.entered}=0,0,SUM({self.rows}))")

    def count_below(self) -> str:
        """How many cells are in use below the last row that is checked."""
        below = self.address(LAST_CHECKED + 1, 0, LAST_ROW, len(self._places) - 1)
        return f"COUNTA({below})"

    @property
    def unit_column(self) -> Column | None:
        """The column that says which reporting unit a row is of."""
        return next((c for c in self.contract.column if c.type == "reporting_unit"), None)

    def codes_of(self, column: Column) -> dict[str, str]:
        """A column's codes with the names a form should carry; empty for free texts."""
        return names_of(column, self.codes)

    def number_of_code(self, column: Column, code: object) -> int:
        """The number by which `value` tells a code; 0 for what is none today."""
        codes = list(self.codes_of(column))
        return codes.index(code) + 1 if code in codes else 0

    def money_factor(self, column: Column) -> int:
        """The yuan in one unit of a money column."""
        return money_factor(column, self.contract, self.codes)

    def added(self, column: Column) -> bool:
        """Whether a 合计 row may carry a sum of the column."""
        return column.type in ADDED_TYPES

    def _column(self, name: str) -> Column:
        return self.blank.columns[self._places[name]]

    @property
    def total_words(self) -> tuple[str, ...]:
        """The words that make a row of this form a 合计."""
        return tuple(body.total_words(self.contract))

    def _lead_with(self, words: Sequence[str]) -> str:
        """1 for each row with one of some words among its first cells."""
        lead = list(self._places)[: body.LEAD_COLUMNS]
        found = "+".join(self._says(name, words) for name in lead)
        return f"({found}+0>0)*1"

    def _says(self, name: str, words: Sequence[str]) -> str:
        text = cell.remove_all(cell.squeeze(self.text(name)), ":")
        return cell.is_among(text, cell.list_words(words))

    def _read_code(self, column: Column, text: str) -> str:
        numbers = {code: at for at, code in enumerate(self.codes_of(column), start=1)}
        spellings: dict[str, Any] = spellings_of(column, self.codes) or {}
        known = {text: numbers[code] for text, code in spellings.items() if code in numbers}
        found = cell.read_code(text, self.kept.keep(cell.list_codes(known)))
        if column.blank_means is None:
            return found
        return f'IF({text}="",{numbers[column.blank_means]},{found})'

    def _part_of_key(self, name: str) -> str:
        column, text = self._column(name), self.text(name)
        present = f'IF({cell.is_absent(text)},"",{text})'
        if self.codes_of(column):
            return f"IF({self.value(name)}>0,{self.value(name)},{present})"
        return self.value(name) if column.type != "text" else present

    @property
    def _line(self) -> str:
        """All texts of a row in one, without blanks: the first cell in use stands in front.

        A row with an error value is in use, whatever else it holds.
        """
        # One IFERROR around the whole: LibreOffice then takes the texts of other rows.
        cells = "&".join(f'IFERROR({self.raw(name)}&"","#")' for name in self._places)
        return self.define("行文", cell.squeeze(cell.trim_text(cells)))

    def cut(self, first: int, last: int) -> str:
        """A range of the form from the row of marks down to the last row in use."""
        whole = self.address(FIRST_ENTRY, first, LAST_CHECKED, last)
        corner = whole.split(":")[0]
        end = self.address(FIRST_ENTRY, last, LAST_CHECKED, last)
        return f"{corner}:INDEX({end},{self.last_row})"

    def _find_last_row(self) -> str:
        """How many rows are looked at; COUNTA is quicker than asking every cell.

        Never one alone: LibreOffice does not spread an array of one cell over a row of constants.
        """
        last = len(self._places) - 1
        whole = self.address(FIRST_ENTRY, 0, LAST_CHECKED, last)
        found = str(ROWS)
        for step in reversed(STEPS):
            # From the marks on, which stay: a range that is removed whole leaves no formula alive.
            upper = self.address(FIRST_ENTRY, 0, FIRST_ENTRY + step, last)
            found = f"IF(COUNTA({upper})=COUNTA({whole}),ROWS({upper}),{found})"
        return f"=MIN({ROWS},{found})"

    def _count_entered(self) -> str:
        """Cells in use that were not printed in advance, and rows that say 零报告."""
        printed = {name for row in self.blank.given_rows for name in row}
        free = [at for name, at in self._places.items() if name not in printed]
        counts = (f"COUNTA({self.address(FIRST_ENTRY, at, LAST_CHECKED, at)})-1" for at in free)
        return f"={'+'.join(counts)}+{self.says_nil}"

    def define_rows(self, name: str, formula: str) -> str:
        """Gives a formula that is kept for all rows a name."""
        return self.define(name, self.kept.keep_rows(formula, self.last_row))
