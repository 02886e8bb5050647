"""Shows one value as text, and tells texts a spreadsheet would run as a formula."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
"""Full-width signs count: a Chinese spreadsheet takes them for the plain ones."""

PLAIN_NUMBER = r"^[+\-]?\d+(\.\d+)?%?$"


def show_value(value: object) -> str:
    """A value as text: NULL spelt out, decimals without idle zeros."""
    if value is None:
        return "NULL"
    if isinstance(value, Decimal):
        return show_decimal(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def show_decimal(value: Decimal) -> str:
    """A decimal with all its digits and no idle zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
