"""Computes growth, shares and differences of published figures, or says why that says nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from warehouse.contracts.model import Text
from warehouse.report.figures import Figure
from warehouse.report.render.amounts import PERCENT, RANK, write_amount
from warehouse.report.render.failure import Misasked
from warehouse.report.render.lookup import Lookup, Refusal
from warehouse.report.render.model import PrintedKind
from warehouse.report.render.printable import Computed, Printable
from warehouse.report.render.words import find_year_before

POINTS = "个百分点"
_STEP = Decimal("0.1")
_NOT_COMPARED, _NOT_COMPUTED, _NO_BREAKTHROUGH = "无法比较", "无法计算", "不是零的突破"


@dataclass(frozen=True)
class Comparison:
    """Compares the figures a report asks for."""

    lookup: Lookup

    def grow(self, printable: Printable) -> Printable:
        """同比增长12.5%: against the same period of the year before; of a share in points."""
        before = self._find_before(printable)
        if not isinstance(before, Figure):
            return before
        now = _value(printable.figure)
        then = _value(before)
        if before.unit == PERCENT:
            points = _round(now - then)
            text = _say_change(points, "同比提高", "同比下降", f"{abs(points)}{POINTS}")
            return _compute(printable, "growth", text, points, POINTS, before)
        if then <= 0:
            return _refuse(
                printable,
                _NOT_COMPARED,
                f"{before.period} 的数不大于零，增长率没有意义",
                f"the figure of {before.period} is not above zero: a growth says nothing",
            )
        growth = _round(100 * (now - then) / then)
        text = _say_change(growth, "同比增长", "同比下降", f"{abs(growth)}%")
        if growth == 0 and now != then:
            text = "与上年同期基本持平"
        return _compute(printable, "growth", text, growth, PERCENT, before)

    def subtract(self, printable: Printable, of: object = None) -> Printable:
        """比上年同期增加24项; with `of`, the difference from that figure: 4家."""
        if of is None:
            before = self._find_before(printable)
            if not isinstance(before, Figure):
                return before
            change = _value(printable.figure) - _value(before)
            amount = self._write(printable, abs(change), before.unit)
            text = _say_change(change, "比上年同期增加", "比上年同期减少", amount)
            return _compute(printable, "difference", text, change, before.unit, before)
        other = self._read_other(printable, of, "difference")
        if not isinstance(other, Figure):
            return other
        change = _value(printable.figure) - _value(other)
        text = self._write(printable, change, other.unit)
        return _compute(printable, "difference", text, change, other.unit, other)

    def share(self, printable: Printable, of: object = None) -> Printable:
        """占比32.0%: of the figure given as `of`."""
        whole = self._read_other(printable, of, "share")
        if not isinstance(whole, Figure):
            return whole
        part, total = _value(printable.figure), _value(whole)
        if not 0 <= part <= total or total == 0:
            return _refuse(
                printable,
                _NOT_COMPUTED,
                f"它不是{whole.indicator_name}的一部分，占比没有意义",
                f"it is no part of {whole.indicator_name}: a share says nothing",
            )
        share = _round(100 * part / total)
        return _compute(printable, "share", f"占比{share}%", share, PERCENT, whole)

    def break_through(self, printable: Printable) -> Printable:
        """零的突破: the figure is 1, and there was none before, or 0."""
        figure = printable.figure
        if figure is None or printable.refused:
            return printable
        code = figure.indicator_code or figure.series_code
        earlier = [
            item
            for item in self.lookup.list_known(code, figure.reporting_unit_code)
            if item.period_type == figure.period_type and item.period < figure.period and item.value
        ]
        if figure.value == 1 and not figure.qualifier and not earlier:
            return _compute(printable, "breakthrough", "零的突破", Decimal(1), figure.unit, None)
        zh = f"{earlier[0].period} 已经有了" if earlier else "本期的数不是 1"
        en = f"there was one in {earlier[0].period}" if earlier else "the figure is not 1"
        return _refuse(printable, _NO_BREAKTHROUGH, zh, en)

    def _find_before(self, printable: Printable) -> Figure | Printable:
        """The figure of the year before, if the two can be compared; else the refused one."""
        figure = printable.figure
        if figure is None or printable.refused:
            return printable
        if figure.unit == RANK:
            raise Misasked(
                f"{figure.indicator_name}是位次，不能计算增长",
                f"{figure.indicator_name} is a rank: it does not grow",
            )
        period = find_year_before(printable.asked.period)
        before = self.lookup.find_other(figure, period)
        if before is None or before.value is None:
            return _refuse(
                printable,
                _NOT_COMPARED,
                f"同一序列（{figure.series_code}）没有上年同期（{period}）的数",
                f"the series {figure.series_code} has no figure for {period}, a year before",
            )
        broken = self._find_break(figure, before)
        if broken:
            return _refuse(
                printable,
                _NOT_COMPARED,
                f"{broken.period} 起与以前不可比：{_split(broken.break_reason).zh}",
                f"not comparable since {broken.period}: {_split(broken.break_reason).en}",
            )
        return _check_exact(printable, before)

    def _find_break(self, figure: Figure, before: Figure) -> Figure | None:
        return next(
            (
                item
                for item in self.lookup.list_series(figure)
                if before.period < item.period <= figure.period
                and (item.break_reason or item.unit != before.unit)
            ),
            None,
        )

    def _read_other(self, printable: Printable, of: object, name: str) -> Figure | Printable:
        """The figure given as `of`, if the two belong together; else the refused one."""
        if not isinstance(of, Printable) or of.computed:
            raise Misasked(
                f"请写 {name}(of=figure(…))", f"{name} wants another figure: {name}(of=figure(…))"
            )
        if printable.figure is None or printable.refused:
            return printable
        if of.figure is None or of.refused:
            reason = of.refused.reason if of.refused else Text(zh="没有数", en="no figure")
            return _refuse(
                printable,
                _NOT_COMPUTED,
                f"{of.asked.name.zh}：{reason.zh}",
                f"{of.asked.name.en}: {reason.en}",
            )
        ours = (printable.figure.unit, printable.figure.period, printable.asked.unit.code)
        theirs = (of.figure.unit, of.figure.period, of.asked.unit.code)
        if name == "share" and ours != theirs:
            raise Misasked(
                f"占比的两个数要同单位、同报告期、同一统计单元：{ours} 与 {theirs}",
                f"a share is of two figures of one unit, period and place: {ours}, {theirs}",
            )
        if ours[0] != theirs[0]:
            raise Misasked(
                f"单位不同，不能相减：{ours[0]} 与 {theirs[0]}",
                f"figures in {ours[0]} and {theirs[0]} have no difference",
            )
        return _check_exact(printable, of.figure)

    def _write(self, printable: Printable, value: Decimal, unit: str) -> str:
        return write_amount(value, unit, None, printable.style).text


def _check_exact(printable: Printable, other: Figure) -> Figure | Printable:
    for figure in (printable.figure, other):
        if figure and figure.qualifier:
            return _refuse(
                printable,
                _NOT_COMPUTED,
                f"{figure.indicator_name} {figure.period} 是“{figure.qualifier}”数，"
                "不是精确数，不能计算",
                f"{figure.indicator_name} of {figure.period} is qualified "
                f"({figure.qualifier}): nothing exact can be computed from it",
            )
    return other


def _compute(
    printable: Printable,
    kind: PrintedKind,
    text: str,
    value: Decimal,
    unit: str,
    against: Figure | None,
) -> Printable:
    return replace(printable, computed=Computed(kind, text, value, unit, against))


def _refuse(printable: Printable, word: str, zh: str, en: str) -> Printable:
    return replace(printable, refusal=Refusal(word, Text(zh=zh, en=en)))


def _say_change(change: Decimal, up: str, down: str, amount: str) -> str:
    if change == 0:
        return "与上年同期持平"
    return f"{up if change > 0 else down}{amount}"


def _round(value: Decimal) -> Decimal:
    return value.quantize(_STEP, ROUND_HALF_UP)


def _value(figure: Figure | None) -> Decimal:
    return figure.value if figure and figure.value is not None else Decimal(0)


def _split(reason: str | None) -> Text:
    """A reason as the marts hold it: `中文 / English`."""
    chinese, _, english = (reason or "–").partition(" / ")
    return Text(zh=chinese, en=english or chinese)
