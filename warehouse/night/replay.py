"""History that is to be replayed: the nights that `replay.toml` of the data root lists."""

from __future__ import annotations

import tomllib
from datetime import datetime

from warehouse.settings import Settings


def list_planned_nights(settings: Settings, after: datetime | None = None) -> list[datetime]:
    """The clocks of the nights to replay, those later than a given one; none without a plan."""
    plan = settings.home / "replay.toml"
    if not plan.exists():
        return []
    nights = tomllib.loads(plan.read_text(encoding="utf-8"))["nights"]
    clocks = [datetime.fromisoformat(text) for text in nights]
    return [clock for clock in clocks if after is None or clock > after]
