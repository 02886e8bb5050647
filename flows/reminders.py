"""Sends the reminders that lie in the outbox through Prefect's notification blocks."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from prefect import flow, get_run_logger
from prefect.blocks.abstract import NotificationBlock

from flows.channels import load_channel
from warehouse.contracts.model import Text
from warehouse.ledger.entries import append_entries
from warehouse.ledger.load import Clock
from warehouse.night import Night, open_night
from warehouse.obligations import Reminder, ReminderConfig
from warehouse.obligations.working_days import is_working_day
from warehouse.settings import CITY_TIME, load_settings

FLOW = "remind"
_ADDRESS = re.compile(r"\w+://\S+")


@dataclass
class Outcome:
    """What became of the texts.

    Attributes:
        sent: their paths below the outbox.
        failed: by path, why a text was not sent; it stays in the outbox and is tried again.
    """

    sent: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@flow(name=FLOW, validate_parameters=False)
def remind(home: str) -> Outcome:
    """Brings the reminders of a data root up to this hour and sends them.

    Args:
        home: the data root.
    """
    with open_night(load_settings(Path(home))) as night:
        return send_night_reminders(night)


def send_night_reminders(night: Night) -> Outcome:
    """Writes a night's reminders into the outbox and sends those that may be sent now."""
    outgoing = night.outgoing
    outcome = send_reminders(
        night.connection, outgoing.remind(), night.clock, outgoing.reminder_config
    )
    for failure in describe_failures(outcome):
        get_run_logger().warning("%s", failure.en)
    return outcome


def describe_failures(outcome: Outcome) -> list[Text]:
    """One sentence for each text that was not sent."""
    return [
        Text(
            zh=f"催报没有发出，文本留在发件箱 {path}，下次再发：{reason}",
            en=f"a reminder was not sent; it stays in the outbox as {path} and is tried again: "
            f"{reason}",
        )
        for path, reason in outcome.failed.items()
    ]


def send_reminders(
    connection: duckdb.DuckDBPyConnection,
    reminders: Sequence[Reminder],
    clock: Clock,
    config: ReminderConfig,
) -> Outcome:
    """Sends each text through its reporter's block, once a day, and writes down each sending.

    Nothing is sent by a replayed night, on a day that is no working day, or before `send_from`.
    Whatever goes wrong with a block is in the outcome and stops neither the night nor the others.
    """
    outcome = Outcome()
    if not is_time_to_send(clock, config):
        return outcome
    done = _list_sent(connection, clock)
    channels: dict[str, NotificationBlock | str] = {}
    for reminder in reminders:
        name = config.find_block(reminder.reporter)
        if name is None or reminder.path in done:
            continue
        if name not in channels:
            channels[name] = _try_to_load(name)
        reason = _try_to_send(channels[name], reminder)
        if reason is not None:
            outcome.failed[reminder.path] = f"{name}: {reason}"
            continue
        append_entries(connection, "delivery", [_describe(reminder, name, clock)])
        outcome.sent.append(reminder.path)
    return outcome


def is_time_to_send(clock: Clock, config: ReminderConfig) -> bool:
    """Whether people are to be disturbed at this hour."""
    at = clock.at.astimezone(CITY_TIME)
    return not clock.is_replayed and at.hour >= config.send_from and is_working_day(at.date())


def _list_sent(connection: duckdb.DuckDBPyConnection, clock: Clock) -> set[str]:
    """Paths of the texts that were sent earlier on the clock's day."""
    rows = connection.execute(
        "select path from ledger.delivery where kind = 'reminder' and night_at::date = $1",
        [clock.at.astimezone(CITY_TIME).date()],
    ).fetchall()
    return {path for (path,) in rows}


def _try_to_load(name: str) -> NotificationBlock | str:
    """The block, or why it cannot be used; a server that is down is one reason of many."""
    try:
        return load_channel(name)
    except Exception as error:
        return _explain(error)


def _try_to_send(channel: NotificationBlock | str, reminder: Reminder) -> str | None:
    """Why a text could not be sent; a block may raise whatever its service's client raises."""
    if isinstance(channel, str):
        return channel
    try:
        with channel.raise_on_failure():
            answer = channel.notify(reminder.text, reminder.subject)
            if inspect.iscoroutine(answer):
                asyncio.run(answer)
    except Exception as error:
        return _explain(error)
    return None


def _explain(error: Exception) -> str:
    """The first line of a fault, without the address: a robot's holds its key."""
    said = next(iter(str(error).splitlines()), "")
    return _ADDRESS.sub("…", said) or type(error).__name__


def _describe(reminder: Reminder, channel: str, clock: Clock) -> dict[str, object]:
    return {
        "kind": "reminder",
        "reporter_code": reminder.reporter,
        "path": reminder.path,
        "sha256": hashlib.sha256(reminder.text.encode()).hexdigest(),
        "channel": channel,
        "night_at": clock.at,
        "recorded_at": datetime.now(UTC),
    }
