"""Writes the reminders (催报) of a night into the outbox, one text per reporter that has to act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.ledger.load import Clock
from warehouse.obligations.config import ReminderConfig
from warehouse.obligations.outstanding import (
    COUNTING,
    Outstanding,
    list_exemptions,
    list_outstanding,
    warn_of_calendar,
)
from warehouse.obligations.texts import Wording
from warehouse.settings import CITY_TIME, Settings
from warehouse.whole_file import put_whole

REMINDER = "催报.txt"
SUMMARY = "催报汇总.txt"


@dataclass(frozen=True)
class Reminder:
    """One text that lies in the outbox.

    Attributes:
        reporter: code of whom it is for.
        path: below the outbox.
        subject: its first line.
        text: the whole file.
    """

    reporter: str
    path: str
    subject: str
    text: str


def write_reminders(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    expectations: Expectations,
    clock: Clock,
    config: ReminderConfig,
) -> list[Reminder]:
    """Lays a text into the outbox of everybody who has something to do, and clears the others'.

    `<reporter>/催报.txt` says what that reporter owes; `<owner>/催报汇总.txt` tells who owns the
    forms which reporters are far behind, and which exceptions are in force. What has not changed is
    not written again.

    Args:
        connection: with the views of the night's cut and clock, after it has published.
        settings: the data root.
        expectations: contracts and code lists.
        clock: the night's clock.
        config: how reminders are written.

    Returns:
        Every text that lies in the outbox now, by path.
    """
    today = clock.at.astimezone(CITY_TIME).date()
    items = list_outstanding(connection, expectations, config, today)
    wording = Wording(expectations, config.language, config.page)
    warning = warn_of_calendar(connection, today)
    notes = [wording.say(warning)] if warning else []
    exemptions = list_exemptions(connection)
    reminders = [
        *_ask_reporters(items, wording),
        *_tell_owners(items, exemptions, expectations, config, wording, notes),
    ]
    _lay(settings.outbox, reminders)
    return sorted(reminders, key=lambda item: item.path)


def _ask_reporters(items: Iterable[Outstanding], wording: Wording) -> list[Reminder]:
    reminders = []
    for reporter, own in _group(items).items():
        subject = wording.write_subject(reporter, own)
        text = wording.compose(subject, [wording.write_item(item) for item in own], *wording.ask())
        reminders.append(Reminder(reporter, f"{reporter}/{REMINDER}", subject, text))
    return reminders


def _tell_owners(
    items: Iterable[Outstanding],
    exemptions: Iterable[dict[str, Any]],
    expectations: Expectations,
    config: ReminderConfig,
    wording: Wording,
    notes: list[str],
) -> list[Reminder]:
    """One summary per owner of forms: who is far behind, and what is excepted."""
    owners = {name: contract.owner for name, contract in expectations.contracts.items()}
    late = [item for item in items if _is_far_behind(item, config)]
    granted = [row for row in exemptions if row["dataset"] in owners]
    reminders = []
    for owner in expectations.codes.reporters:
        own = _group(item for item in late if owners[item.dataset] == owner.code)
        excepted = [row for row in granted if owners[row["dataset"]] == owner.code]
        if not own and not excepted:
            continue
        worst_first = sorted(
            own.items(), key=lambda pair: (-_measure_delay(pair[1]), -len(pair[1]), pair[0])
        )
        lines = [wording.write_late_reporter(code, forms) for code, forms in worst_first]
        lines += [wording.write_exemption(row) for row in excepted]
        subject = wording.write_summary_subject(len(own), config.escalate_after)
        text = wording.compose(subject, lines, *notes)
        reminders.append(Reminder(owner.code, f"{owner.code}/{SUMMARY}", subject, text))
    return reminders


def _is_far_behind(item: Outstanding, config: ReminderConfig) -> bool:
    """Whether the owner is to know; a delay that cannot be told is one that is to be looked at."""
    if item.kind in COUNTING or not item.is_past:
        return False
    return item.days_late is None or item.days_late > config.escalate_after


def _measure_delay(items: Iterable[Outstanding]) -> int:
    return max(item.days_late or 0 for item in items)


def _group(items: Iterable[Outstanding]) -> dict[str, list[Outstanding]]:
    grouped: dict[str, list[Outstanding]] = {}
    for item in items:
        grouped.setdefault(item.reporter, []).append(item)
    return grouped


def _lay(outbox: Path, reminders: Iterable[Reminder]) -> None:
    """Writes what has changed, each text in one step, and removes what no longer holds."""
    wanted = {outbox / item.path: item.text.encode() for item in reminders}
    for name in (REMINDER, SUMMARY):
        for path in outbox.glob(f"*/{name}"):
            if path not in wanted:
                path.unlink()
    for path, content in wanted.items():
        if not path.is_file() or path.read_bytes() != content:
            put_whole(path, content)
