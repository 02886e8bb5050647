"""The schedule: every night at 02:00 Asia/Shanghai, one at a time."""

from __future__ import annotations

import warnings
from pathlib import Path

from prefect import serve
from prefect.schedules import Cron

from flows.channels import register_channels
from flows.nightly import nightly
from flows.reminders import remind
from warehouse.settings import CITY_TIME

CRON = "0 2 * * *"
MORNING = "30 8 * * *"
"""When reminders are sent, to people at work; on days off the flow sends nothing."""
SLUG = "every-night"


def serve_schedule(home: Path) -> None:
    """Serves the flow until the process is stopped.

    The schedule has a slug, so that serving again updates it and never adds a second one. Two
    nights never overlap: one run at a time here, and the lease on the warehouse everywhere.
    """
    # Ended by a signal, Prefect's runner leaves a coroutine behind; that is nothing to report.
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited")
    register_channels()
    parameters = {"home": str(home)}
    serve(
        nightly.to_deployment(  # type: ignore[arg-type]
            "nightly",
            parameters=parameters,
            schedules=[Cron(CRON, timezone=CITY_TIME.key, slug=SLUG)],
        ),
        remind.to_deployment(  # type: ignore[arg-type]
            "remind",
            parameters=parameters,
            schedules=[Cron(MORNING, timezone=CITY_TIME.key, slug="every-morning")],
        ),
        limit=1,
        pause_on_shutdown=False,
        print_starting_message=False,
    )
