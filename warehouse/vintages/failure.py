"""Why a release of the past cannot answer, or a change cannot be told, in one sentence."""

from __future__ import annotations

from warehouse.told import ToldFault


class ReleaseUnknown(ToldFault):
    """Nothing was published by then, or never under that number."""


class ReleaseLost(ToldFault):
    """The release's file is gone and what is rebuilt is not what was published."""


class FigureUnknown(ToldFault):
    """No release ever had such a series, period or reporting unit; what comes near is named."""
