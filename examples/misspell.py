"""Other ways to write a value: what input methods, narrow columns and spreadsheets make of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from examples.entries import Cell, Row

TRUNCATED_CODE = "914202811234567000"
"""18 digits of which a spreadsheet kept 15; no code of the reserved zone can lose its digits so,
for all of them have letters."""
OLD_NUMBER = "420281000012345"
"""A business registration number of the time before credit codes, invented."""


def widen(value: Cell) -> Cell:
    """The value in full-width characters, as an input method leaves it."""
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def group_thousands(value: Cell) -> Cell:
    """The number as text with separators."""
    return f"{value:,}" if isinstance(value, (int, Decimal)) else value


def space_out(value: Cell) -> Cell:
    """A name with blanks between its signs, as narrow columns print it."""
    return " ".join(str(value))


def break_check(value: Cell) -> str:
    """The code with another last character."""
    text = str(value)
    return text[:-1] + ("1" if text[-1] != "1" else "2")


def cut_short(value: Cell) -> str:
    """The code without its last character."""
    return str(value)[:-1]


def count_days(day: Cell) -> Cell:
    """The serial number a spreadsheet keeps for a day."""
    return (day - date(1899, 12, 30)).days if isinstance(day, date) else day


def flip_type(row: Row) -> Cell:
    """A patent type that is not the row's."""
    return "外观设计" if row["patent_type"] != "外观设计" else "实用新型"


def flip_level(row: Row) -> Cell:
    """A level of standards that is not the row's."""
    return "国家标准" if row["standard_level"] != "国家标准" else "行业标准"


def shift_filing(row: Row) -> Cell:
    """A filing date in another year than the row's number says."""
    applied_on = row["applied_on"]
    return applied_on - timedelta(days=366) if isinstance(applied_on, date) else None


def keep_seven_of_ten(rows: list[Row]) -> list[Row]:
    """The form with three rows of ten left out."""
    return [row for place, row in enumerate(rows) if place % 10 >= 3]


def sort_valid_last(rows: list[Row]) -> list[Row]:
    """Patents in force at the end, so that the first row is not and the last one is."""
    return sorted(rows, key=lambda row: row["legal_status"] == "有效")


def sort_limited_first(rows: list[Row]) -> list[Row]:
    """Honours that expire at the front."""
    return sorted(rows, key=lambda row: row["valid_until"] is None)


def take_yuan_for_wan(rows: list[Row]) -> list[Row]:
    """Amounts in 元 under a line that says 万元: the ten-thousandfold slip."""
    return [
        row | {"amount": amount * 10_000}
        for row in rows
        if isinstance(amount := row["amount"], Decimal)
    ]
