"""What a template may do with a figure: choose how it is written, or compute with another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from warehouse.contracts.codes import Codes
from warehouse.report.render.amounts import RANK, YUAN, write_amount
from warehouse.report.render.comparison import Comparison
from warehouse.report.render.failure import Misasked
from warehouse.report.render.printable import Printable

_SAME_COUNTERS = (frozenset({"家", "个", "户", "项", "件", "种"}), frozenset({"人", "名"}))
"""Counters of the same things. 家次 are visits, not things: no counter stands for them."""

Filter = Callable[..., Printable]


@dataclass(frozen=True)
class Filters:
    """The filters and tests of a template."""

    codes: Codes
    comparison: Comparison

    def list_filters(self) -> Mapping[str, Filter]:
        """By the name a template has for them."""
        return {
            name: _guard(name, apply)
            for name, apply in (
                ("number", _bare),
                ("unit", self._unit),
                ("money", self._money),
                ("hanzi", _hanzi),
                ("rank", _rank),
                ("rank_hanzi", _rank_hanzi),
                ("thousands", _thousands),
                ("incomplete", _incomplete),
                ("growth", self.comparison.grow),
                ("share", self.comparison.share),
                ("difference", self.comparison.subtract),
                ("breakthrough", self.comparison.break_through),
            )
        }

    def list_tests(self) -> Mapping[str, Callable[[Any], bool]]:
        """By the name a template has for them: `{% if figure("…") is published %}`."""
        filters = self.list_filters()
        return {
            "published": lambda value: filters["number"](value).refused is None,
            "comparable": lambda value: filters["growth"](value).refused is None,
            "breakthrough": lambda value: filters["breakthrough"](value).refused is None,
        }

    def _unit(self, printable: Printable, unit: str) -> Printable:
        figure = printable.figure
        if figure is None:
            return printable
        if figure.unit == unit or any({figure.unit, unit} <= same for same in _SAME_COUNTERS):
            return _restyle(printable, unit=unit)
        known = {item.name: item for item in self.codes.units_of_measure}
        if unit in known and known[unit].base == figure.unit:
            return _restyle(printable, unit=unit, divisor=known[unit].factor)
        raise Misasked(
            f"{figure.indicator_name}的单位是{figure.unit}，不能写成{unit}",
            f"{figure.indicator_name} is in {figure.unit}, which cannot be written as {unit}",
        )

    def _money(self, printable: Printable, unit: str | None = None) -> Printable:
        if printable.figure and printable.figure.unit != YUAN:
            raise Misasked(
                f"{printable.figure.indicator_name}的单位是{printable.figure.unit}，不是金额",
                f"{printable.figure.indicator_name} is in {printable.figure.unit}: no money",
            )
        return self._unit(printable, unit) if unit else printable


def _guard(name: str, apply: Filter) -> Filter:
    """A filter that refuses what is no figure, or was computed already."""

    def filtered(value: object, *given: object, **named: object) -> Printable:
        if not isinstance(value, Printable):
            raise Misasked(
                f"过滤器 {name} 只能用于 figure(…)", f"the filter {name} is for figure(…) alone"
            )
        if value.computed and name != "incomplete":
            raise Misasked(
                f"已经算出来的数后面不能再用过滤器 {name}",
                f"the filter {name} cannot follow what was computed already",
            )
        return apply(value, *given, **named)

    return filtered


def _restyle(printable: Printable, **changes: Any) -> Printable:  # noqa: ANN401
    return replace(printable, style=replace(printable.style, **changes))


def _bare(printable: Printable) -> Printable:
    return _restyle(printable, is_bare=True)


def _thousands(printable: Printable) -> Printable:
    return _restyle(printable, has_thousands=True)


def _incomplete(printable: Printable) -> Printable:
    return replace(printable, allows_incomplete=True)


def _rank(printable: Printable) -> Printable:
    figure = printable.figure
    if figure and figure.unit != RANK:
        raise Misasked(
            f"{figure.indicator_name}的单位是{figure.unit}，不是位次",
            f"{figure.indicator_name} is in {figure.unit}: no rank",
        )
    return _restyle(printable, is_rank=True)


def _rank_hanzi(printable: Printable) -> Printable:
    return _hanzi(_rank(printable))


def _hanzi(printable: Printable) -> Printable:
    styled = _restyle(printable, is_hanzi=True)
    figure = printable.figure
    if figure is None or figure.value is None:
        return styled
    try:
        write_amount(figure.value, figure.unit, figure.qualifier, styled.style)
    except ValueError:
        raise Misasked(
            f"{figure.indicator_name}太大，不能用汉字写",
            f"{figure.indicator_name} is too large to be written in characters",
        ) from None
    return styled
