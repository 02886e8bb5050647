"""How a remark is worded: both places as they stand, and the computation."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from warehouse.contracts.model import Text
from warehouse.report.consistency.passages import Mention
from warehouse.report.model import Remark

_LONGEST = 16


def quote(mention: Mention) -> str:
    """A figure with the words that lead to it, as they stand, blanks left out."""
    words = mention.clause_before[-_LONGEST:]
    written = mention.item.text[max(0, mention.start - mention.item.start) :].strip()
    return f"{words}{written}"


def write_number(value: Decimal, places: int = 2) -> str:
    """A number to so many decimals at most, without zeros at its end."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    written = f"{rounded:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def write_amount(value: Decimal, unit: str | None) -> str:
    """An amount as texts write it: money of a size in 万 or 亿."""
    if unit == "元":
        for size, name in ((Decimal(10) ** 8, "亿元"), (Decimal(10) ** 4, "万元")):
            if abs(value) >= size:
                return f"{write_number(value / size, 4)}{name}"
    return f"{write_number(value)}{unit or ''}"


def add_up(mentions: Sequence[Mention]) -> tuple[str, Decimal]:
    """A sum as it is written out, and what it comes to."""
    total = sum((mention.value for mention in mentions), Decimal(0))
    unit = mentions[0].unit
    terms = "＋".join(write_amount(mention.value, unit) for mention in mentions)
    return f"{terms}＝{write_amount(total, unit)}", total


def build_remark(
    rule: str, mentions: Sequence[Mention], zh: str, en: str, remedy: Text | None = None
) -> Remark:
    """A remark on figures, the one to look at first being the first."""
    return Remark(
        rule=rule,
        spans=tuple((mention.item.start, mention.item.end) for mention in mentions),
        sentence=Text(zh=zh, en=en),
        remedy=remedy or _REMEDIES[rule],
    )


_REMEDIES = {
    "part_exceeds_total": Text(
        zh="核对总数与其中数：改正写错的一个，或写明两者不是包含关系。",
        en="Compare the total with its parts: correct the wrong one, or say that one does not "
        "include the other.",
    ),
    "share_differs": Text(
        zh="按分子、分母重算占比；若占比另有分母，请在文中写明。",
        en="Recompute the share from its parts; if it is of another whole, name that whole.",
    ),
    "same_figure_twice": Text(
        zh="确定哪一个是对的，全文统一；若时点或口径不同，请在文中写明。",
        en="Settle which one is right and use it throughout; if day or definition differ, say so.",
    ),
    "growth_differs": Text(
        zh="按前后两个数重算增幅；若按可比口径计算，请在文中写明。",
        en="Recompute the change from the two figures; if it is on a comparable basis, say so.",
    ),
    "slip_of_the_point": Text(
        zh="检查小数点和单位（万、亿、%）。",
        en="Check the decimal point and the unit (万, 亿, %).",
    ),
    "sum_of_list": Text(
        zh="逐项核对各分项与合计。",
        en="Check every entry of the list, and the total.",
    ),
}
