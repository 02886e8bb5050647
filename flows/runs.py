"""What the flow says of its own runs: their names, and the end of those that were killed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.runtime import flow_run
from prefect.states import Crashed

from warehouse.night import NightReport
from warehouse.settings import CITY_TIME

FLOW = "nightly"


def rename_run(report: NightReport) -> None:
    """Gives the run a name with its date and release."""
    release = f"release {report.release_id}" if report.release_id else "nothing new"
    name = f"night {_name_day(report.clock.at)} · {release}"

    async def rename() -> None:
        async with get_client() as client:
            await client.update_flow_run(UUID(flow_run.get_id()), name=name)

    asyncio.run(rename())


def close_abandoned_runs(home: str) -> int:
    """Ends the runs of a data root that a kill left running; call it while holding the lease.

    Whoever holds the lease is alone, so every other run that still counts as running is dead.

    Returns:
        How many there were.
    """
    own = flow_run.get_id()

    async def close() -> int:
        async with get_client() as client:
            dead = [
                run.id
                for run in await _read_running(client)
                if run.id != UUID(own) and run.parameters.get("home") == home
            ]
            for run_id in dead:
                state: State[None] = Crashed(
                    message="The process was killed; a later night took over."
                )
                await client.set_flow_run_state(run_id, state, force=True)
            return len(dead)

    return asyncio.run(close())


async def _read_running(client: PrefectClient):  # type: ignore[no-untyped-def]  # noqa: ANN202
    running = FlowRunFilterStateType(any_=[StateType.RUNNING])
    return await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW])),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=running)),
    )


def _name_day(at: datetime) -> str:
    return at.astimezone(CITY_TIME).strftime("%Y-%m-%d")
