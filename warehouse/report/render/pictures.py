"""Draws the lines of a picture as SVG, without a browser; each can stand alone as a file."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from warehouse.periods import Period
from warehouse.report.render.drawing import Drawing, Line
from warehouse.site.chart_layers import Spec, compose, draw_rules, raw, time_axis, value_axis, write
from warehouse.site.main_series import list_periods
from warehouse.site.numbers import Scale, choose_scale, qualify
from warehouse.site.text import same

FONTS: Final = (
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Micro Hei, "
    "SimHei, sans-serif"
)
WIDTH, HEIGHT = 520, 200
_MOST_LABELLED = 2
"""Lines whose every point is labelled; of more, the labels would lie on one another."""
_COLOURS = ("#2f6db3", "#b4531c", "#3b7d4f", "#7d5a9b", "#8a6d1f", "#525d6a")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 1], [1, 3])
_INK, _GRID, _AXIS = "#1c2733", "#d5dae1", "#9aa5b1"
_BREAK = "#7d5a9b"
_CONFIG: Final[dict[str, Any]] = {
    "background": "white",
    "font": FONTS,
    "padding": {"left": 40, "right": 16, "top": 6, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "titleColor": _INK,
        "gridColor": _GRID,
        "domainColor": _AXIS,
        "tickColor": _AXIS,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {
        "orient": "bottom",
        "direction": "vertical",
        "labelFontSize": 12,
        "labelLimit": 480,
        "symbolSize": 80,
        "rowPadding": 6,
        "title": None,
    },
}


def draw_svg(drawing: Drawing) -> str:
    """Draws a picture that has a line; told apart by dashes and shapes, not by colour alone."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(_specify(drawing) | {"config": _CONFIG})
    return svg


def draw_png(svg: str) -> bytes:
    """The same picture in pixels, twice as fine as on a screen, for what cannot show SVG."""
    import vl_convert

    png: bytes = vl_convert.svg_to_png(svg, scale=3)
    return png


def _specify(drawing: Drawing) -> Spec:
    figures = drawing.points
    periods = list_periods(figure.period for figure in figures)
    scale = choose_scale(figures[-1].unit, [figure.value for figure in figures])
    looks = zip(drawing.lines, _DASHES, _list_sizes(drawing), strict=False)
    points = [
        point | {"dash": dash, "size": size}
        for line, dash, size in looks
        for point in _list_points(line, periods, scale)
    ]
    names = [line.name for line in drawing.lines]
    breaks = sorted({point["place"] - 0.5 for point in points if point["is_break"]})
    above, below = _divide_labels(_choose_labels(points, names))
    layers = [
        draw_rules(
            [{"place": place} for place in breaks],
            color=_BREAK,
            strokeDash=[5, 4],
            strokeWidth=1.4,
        ),
        {
            "mark": {"type": "line", "strokeWidth": 1.8},
            "encoding": {
                "detail": {"field": "run", "type": "nominal"},
                "stroke": _tell_apart(names, _COLOURS),
                "strokeDash": raw("dash"),
            },
        },
        {
            "mark": {
                "type": "point",
                "strokeWidth": 1.6,
                "fill": "white",
                "opacity": 1,
            },
            "encoding": {
                "stroke": _tell_apart(names, _COLOURS),
                "shape": _tell_apart(names, _SHAPES),
                "size": raw("size"),
            },
        },
        write(above, "label", dy=-9, baseline="bottom", color=_INK),
        write(below, "label", dy=12, baseline="top", color=_INK),
    ]
    encoding = {"x": time_axis(periods), "y": value_axis(same(scale.unit.zh))}
    return compose(points, encoding, layers, WIDTH, HEIGHT)


def _list_sizes(drawing: Drawing) -> list[int]:
    """Of one indicator's two lines the first has larger points, to be seen around the other's."""
    is_pair = len(drawing.asked) == 1 and len(drawing.lines) > 1
    return [190 if is_pair and at == 0 else 70 for at in range(len(drawing.lines))]


def _choose_labels(points: list[Spec], names: list[str]) -> list[Spec]:
    """Every point's, or of many lines the last one's; of points that lie on one another one's."""
    last = {name: max(item["place"] for item in points if item["line"] == name) for name in names}
    chosen = [
        item
        for item in points
        if len(names) <= _MOST_LABELLED or item["place"] == last[item["line"]]
    ]
    return list({(item["place"], item["value"]): item for item in reversed(chosen)}.values())


def _divide_labels(labels: list[Spec]) -> tuple[list[Spec], list[Spec]]:
    """The highest of a period is written above its point, the others below theirs."""
    highest = {
        place: max(item["value"] for item in labels if item["place"] == place)
        for place in {item["place"] for item in labels}
    }
    above = [item for item in labels if item["value"] == highest[item["place"]]]
    return above, [item for item in labels if item["value"] < highest[item["place"]]]


def _list_points(line: Line, periods: list[str], scale: Scale) -> list[Spec]:
    """The points of a line; it is broken where a period has no figure or is not comparable."""
    values: list[Spec] = []
    run, before = 0, None
    for figure in line.figures:
        place = periods.index(figure.period)
        if figure.break_reason or before is None or place != before + 1:
            run += 1
        before = place
        value = figure.value if figure.value is not None else Decimal(0)
        values.append(
            {
                "line": line.name,
                "run": f"{line.name} {run}",
                "place": place,
                "value": scale.shrink(value),
                "label": qualify(scale.show(value), figure.qualifier),
                "is_break": figure.break_reason is not None,
            }
        )
    return values


def _tell_apart(names: list[str], looks: Iterable[object]) -> Spec:
    scale = {"domain": names, "range": list(looks)[: len(names)]}
    return {"field": "line", "type": "nominal", "scale": scale}


def describe(drawing: Drawing) -> str:
    """What is to be seen, for whoever cannot see it."""
    said = []
    for line in drawing.lines:
        scale = choose_scale(line.figures[-1].unit, [figure.value for figure in line.figures])
        points = "，".join(
            f"{Period.parse(figure.period).title_zh}{scale.show(figure.value)}{scale.unit.zh}"
            for figure in line.figures
        )
        said.append(f"{line.name}：{points}")
    return f"{drawing.title}。{'；'.join(said)}。"
