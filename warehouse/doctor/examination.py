"""Looks at everything in order, the machine first, so that a later fault is read in its light."""

from __future__ import annotations

from datetime import datetime

from warehouse.doctor.check import Check
from warehouse.doctor.ledger import check_archive_bytes, check_sources, look_into_ledger
from warehouse.doctor.machine import (
    check_calendar,
    check_disk,
    check_root,
    check_share,
    check_time_zone,
    check_versions,
)
from warehouse.doctor.published import look_at_published
from warehouse.doctor.root import (
    check_config,
    check_contracts,
    check_lease,
    check_left_files,
    watch_lease,
)
from warehouse.settings import CITY_TIME, Settings


def examine(settings: Settings, now: datetime, *, deep: bool = False) -> list[Check]:
    """Looks at a data root and its machine; nothing is changed.

    Args:
        settings: the data root.
        now: decides what is overdue and how far the calendar must reach.
        deep: also read every kept file and compare it with its hash.
    """
    today = now.astimezone(CITY_TIME).date()
    checks = [
        check_versions(),
        check_time_zone(),
        check_calendar(today),
        check_contracts(settings),
        check_root(settings.home),
    ]
    if not settings.home.is_dir():
        return checks
    checks += [
        check_share(settings.home),
        check_disk(settings.home),
        check_config(settings),
    ]
    with watch_lease(settings) as lease:
        checks += [check_lease(lease), *check_left_files(settings, is_free=lease.is_free)]
        found, view = look_into_ledger(settings, lease)
        checks += found
    checks += look_at_published(settings, view, today)
    if view is not None:
        checks += check_sources(settings, view, now)
    if deep:
        checks.append(check_archive_bytes(settings))
    return checks
