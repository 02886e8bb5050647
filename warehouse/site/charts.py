"""Draws charts as SVG, without a browser.

altair and vl-convert are loaded where the first chart is drawn: a night that changes none is
spared: measured, loading takes 0.25 s, the first chart 0.4 to 0.9 s, each after it 0.05 s.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from warehouse.contracts.model import Text
from warehouse.site.signs import Sign

if TYPE_CHECKING:
    import altair

_NOISE = re.compile(
    r" (?:xmlns(?::xlink)?|version|class|role|aria-[a-z]+|pointer-events|opacity|font-family)"
    r'="[^"]*"'
)
"""What a drawing inside a page does without; a reader hears the label of the whole instead."""
_TEXT = re.compile(r"(?<=>)([^<>]+)(?=</text>)")
_BOTH = Markup('<tspan lang="zh">{}</tspan><tspan lang="en">{}</tspan>')
_CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "padding": {"left": 36, "right": 12, "top": 4, "bottom": 4},
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "#1c2733",
        "titleColor": "#1c2733",
        "gridColor": "#d5dae1",
        "domainColor": "#9aa5b1",
        "tickColor": "#9aa5b1",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
}
"""The padding is for words that are measured here with another font than the reader's, which may
be a tenth wider."""


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, and how many of each category."""

    label: Text
    counts: Mapping[str, int]


def draw_bars(bars: Sequence[Bar], categories: Mapping[str, Sign], unit: Text) -> Markup:
    """Draws bars lying one below the other, each made up of its categories in their order.

    The table that says the same in numbers belongs below the drawing, as its legend as well.

    Args:
        bars: at least one.
        categories: name, sign and colour of each category.
        unit: what is counted; the title of the axis.
    """
    import altair

    length = altair.X("count:Q", title=find_widest(unit), axis=altair.Axis(tickMinStep=1))
    return _draw_lying(bars, categories, unit, length)


def draw_shares(bars: Sequence[Bar], categories: Mapping[str, Sign], unit: Text) -> Markup:
    """Draws bars of one length, divided by the shares of their categories; see `draw_bars`."""
    import altair

    axis = altair.Axis(format="%", tickCount=5)
    length = altair.X("count:Q", stack="normalize", title=find_widest(unit), axis=axis)
    return _draw_lying(bars, categories, unit, length)


def draw_columns(bars: Sequence[Bar], categories: Mapping[str, Sign], unit: Text) -> Markup:
    """Draws bars standing side by side, as over time; see `draw_bars`."""
    import altair

    chart = altair.Chart(_make_values(bars, categories)).mark_bar()
    return draw(
        chart.encode(
            x=altair.X("bar:N", title=None, sort=None, axis=altair.Axis(labelAngle=-40)),
            y=altair.Y("count:Q", title=find_widest(unit), axis=altair.Axis(tickMinStep=1)),
            color=_colour(categories),
            order="order:Q",
        )
        .properties(width=altair.Step(34), height=170)
        .to_dict(),
        [unit, *(bar.label for bar in bars)],
    )


def _draw_lying(
    bars: Sequence[Bar], categories: Mapping[str, Sign], unit: Text, length: altair.X
) -> Markup:
    import altair

    chart = altair.Chart(_make_values(bars, categories)).mark_bar()
    return draw(
        chart.encode(
            x=length,
            y=altair.Y("bar:N", title=None, sort=None, axis=altair.Axis(labelLimit=400)),
            color=_colour(categories),
            order="order:Q",
        )
        .properties(width=400, height=altair.Step(22))
        .to_dict(),
        [unit, *(bar.label for bar in bars)],
    )


def draw(specification: Mapping[str, Any], texts: Sequence[Text]) -> Markup:
    """Draws a Vega-Lite chart whose words are `find_widest` of texts; each shows in both languages.

    Made for `parts.chart`, whose label says what is to be seen. Numbers and words that are none of
    the texts show as they are.

    Args:
        specification: of altair, or written by hand where a night draws a great many: measured,
            altair takes as long to check a chart of eight layers as drawing it takes.
        texts: the words.
    """
    import vl_convert

    plain = dict(specification) | {"config": _CONFIG}
    svg = _NOISE.sub("", vl_convert.vegalite_to_svg(plain))
    known = {str(escape(find_widest(text))): text for text in texts}
    return Markup(_TEXT.sub(lambda found: _say(known.get(found[1]), found[1]), svg))  # noqa: S704


def find_widest(text: Text) -> str:
    """The wider of both languages, so that a chart leaves room for either."""
    return max(text.zh, text.en, key=_measure)


def _measure(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _say(text: Text | None, shown: str) -> str:
    """Words inside a drawing, in both languages; what was shown is escaped already."""
    if text is None or text.zh == text.en:
        return shown
    return str(_BOTH.format(text.zh, text.en))


def _make_values(bars: Sequence[Bar], categories: Mapping[str, Sign]) -> altair.InlineData:
    import altair

    values = [
        {"bar": find_widest(bar.label), "category": name, "count": count, "order": order}
        for bar in bars
        for order, name in enumerate(categories)
        if (count := bar.counts.get(name, 0))
    ]
    return altair.InlineData(values=values)


def _colour(categories: Mapping[str, Sign]) -> altair.Color:
    import altair

    scale = altair.Scale(
        domain=list(categories), range=[sign.colour for sign in categories.values()]
    )
    return altair.Color("category:N", legend=None, scale=scale)
