"""How what is said of a number looks wherever it is marked: a sign, a word and a colour."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from warehouse.contracts.model import Text
from warehouse.report.model import CheckedText, Item, Status

_UNWIELDY = 40
_LARGE = ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元"))


@dataclass(frozen=True)
class StatusSign:
    """One status.

    Attributes:
        name: in class names of the page.
        mark: a character that tells it apart without its colour.
        word: what it is called.
        meaning: what it means, in one sentence.
        fill: background in a Word document, as RRGGBB.
    """

    name: str
    mark: str
    word: Text
    meaning: Text
    fill: str


SIGNS: Final[dict[Status, StatusSign]] = {
    "contradicts": StatusSign(
        "contradicts",
        "✗",
        Text(zh="不符", en="contradicts"),
        Text(zh="已发布的数不是这个数。", en="The published figure is another."),
        "F8C4BC",
    ),
    "cannot be tied": StatusSign(
        "untied",
        "?",
        Text(zh="无法对应", en="cannot be tied"),
        Text(
            zh="找不到对应的已发布指标，请人工核实。",
            en="No published series says this; check it by hand.",
        ),
        "FFE699",
    ),
    "explained by a later revision": StatusSign(
        "revised",
        "↻",
        Text(zh="因后来修订而不同", en="explained by a later revision"),
        Text(
            zh="当时发布的是这个数，后来修订了。",
            en="It was published so, and revised later.",
        ),
        "CFE2F8",
    ),
    "agrees when rounded": StatusSign(
        "rounded",
        "≈",
        Text(zh="四舍五入后一致", en="agrees when rounded"),
        Text(zh="按文中写到的位数与已发布的数一致。", en="It agrees to the digits written."),
        "D8EEEE",
    ),
    "agrees": StatusSign(
        "agrees",
        "✓",
        Text(zh="一致", en="agrees"),
        Text(zh="就是已发布的数。", en="It is the published figure."),
        "E0F0DC",
    ),
    "not a measure": StatusSign(
        "other",
        "·",
        Text(zh="不是指标", en="not a measure"),
        Text(
            zh="日期、文号、名称里的数字，不核对。",
            en="A date, a document number, a number inside a name: not checked.",
        ),
        "EDEDED",
    ),
}
"""What can be said of a number, what has to be looked at first."""


def write_amount(value: Decimal | None, unit: str | None) -> str:
    """An amount to read: 1,213 项, 95%, 201.84 亿元; nothing is rounded, — where there is none."""
    if value is None:
        return "—"
    if unit == "元":
        for size, name in _LARGE:
            if abs(value) >= size:
                return f"{_write_number(value / size)} {name}"
    space = "" if not unit or unit == "%" else " "
    return f"{_write_number(value)}{space}{unit or ''}"


def write_release(item: Item) -> Text | None:
    """The release an item was held against."""
    if item.release is None:
        return None
    return Text(zh=f"第 {item.release} 次发布", en=f"release {item.release}")


def write_standing(checked: CheckedText) -> Text:
    """Which figures a text was held against."""
    day = checked.as_of
    if day is None:
        return checked.release_label
    return Text(
        zh=f"截至 {day} 的数据：{checked.release_label.zh}",
        en=f"Figures as of {day}: {checked.release_label.en}",
    )


def _write_number(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > _UNWIELDY:
        return str(value)
    number = f"{value:,f}"
    return number.rstrip("0").rstrip(".") if "." in number else number
