"""One night over one data root: pull, receive, check, load, build, publish."""

from warehouse.night.report import NightReport
from warehouse.night.run import open_night, run_night
from warehouse.night.steps import Night

__all__ = ["Night", "NightReport", "open_night", "run_night"]
