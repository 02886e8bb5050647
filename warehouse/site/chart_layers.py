"""The layers and axes the drawings of series are made of, as Vega-Lite has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from warehouse.contracts.model import Text
from warehouse.site.charts import find_widest

MOST_LABELS = 12
"""As many points all have their value written beside them; of more, only the last of a line."""
_DASHES: Final = {"domain": ["counted", "reported"], "range": [[1, 0], [5, 3]]}

Spec = dict[str, Any]


def compose(
    values: Sequence[Spec], encoding: Spec, layers: Sequence[Spec], width: int, height: int
) -> Spec:
    """A chart of layers that share their data and axes; a layer may have data of its own."""
    return {
        "data": {"values": values},
        "encoding": encoding,
        "layer": layers,
        "width": width,
        "height": height,
    }


def draw_lines() -> Spec:
    """One line for each run of points: solid where counted, dashed where reported."""
    return {
        "mark": {"type": "line", "strokeWidth": 1.8},
        "encoding": {
            "detail": {"field": "run", "type": "nominal"},
            "stroke": raw("colour"),
            "strokeDash": {
                "field": "basis",
                "type": "nominal",
                "scale": _DASHES,
                "legend": None,
            },
        },
    }


def draw_points(size: Spec) -> Spec:
    """Reported figures are larger, so that a counted one of equal value shows within."""
    return {
        "mark": {"type": "point", "strokeWidth": 1.6, "opacity": 1},
        "encoding": {
            "shape": raw("shape"),
            "stroke": raw("colour"),
            "fill": raw("fill"),
            "size": size,
        },
    }


def draw_rules(values: Sequence[Spec], **style: Any) -> Spec:  # noqa: ANN401
    """Lines from top to bottom."""
    return {
        "data": {"values": values},
        "mark": {"type": "rule", **style},
        "encoding": {"y": {"value": 0}, "y2": {"value": "height"}},
    }


def write(values: Sequence[Spec], field: str, height: float | None = None, **style: Any) -> Spec:  # noqa: ANN401
    """Words: at their value, or at a height counted from the top in pixels."""
    encoding: Spec = {"text": {"field": field, "type": "nominal"}}
    if height is not None:
        encoding["y"] = {"value": height}
    return {
        "data": {"values": values},
        "mark": {"type": "text", "fontSize": 11, **style},
        "encoding": encoding,
    }


def time_axis(periods: Sequence[str]) -> Spec:
    """Places 0, 1, 2 … under the periods' names; of many, every fourth back from the last."""
    count = len(periods)
    step = 1 if count <= MOST_LABELS else 4 * (1 + (count - 1) // (4 * MOST_LABELS))
    places = [place for place in range(count) if (count - 1 - place) % step == 0]
    names = " : ".join(f"datum.value === {place} ? '{periods[place]}'" for place in places)
    return {
        "field": "place",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [-0.5, count - 0.5], "nice": False},
        "axis": {"values": places, "labelExpr": f"{names} : ''", "grid": False},
    }


def value_axis(unit: Text, *, ticks: int = 5, title_height: int = -16) -> Spec:
    """Its title lies above it: turned sideways, a Chinese character cannot be read."""
    title = {"titleAngle": 0, "titleAlign": "left", "titleX": -34, "titleY": title_height}
    return {
        "field": "value",
        "type": "quantitative",
        "title": find_widest(unit),
        "axis": {"tickCount": ticks, "titleBaseline": "bottom", **title},
    }


def raw(field: str) -> Spec:
    """A channel whose values are colours or shapes themselves."""
    return {"field": field, "type": "nominal", "scale": None}
