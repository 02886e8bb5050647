"""Writes down how a night went: what the gate ran and said, and how long each stage took."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb

from warehouse import __version__
from warehouse.collect.archive import store
from warehouse.gate.judge import Judgement
from warehouse.ledger.entries import append_entries
from warehouse.night.report import NightReport
from warehouse.settings import Settings


def record_judgements(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    rule_set: str,
    at: datetime,
    judgements: Iterable[Judgement],
) -> None:
    """Records each run of the gate; Great Expectations' own result goes into the archive as JSON.

    A dataset that was judged again in the same night is recorded as it was judged last.
    """
    entries = [
        {
            "night_at": at,
            "recorded_at": datetime.now(UTC),
            "dataset": judgement.dataset,
            "rule_set": rule_set,
            "code_version": __version__,
            "rules_run": judgement.rules_run,
            "seconds": judgement.seconds,
            "broken": json.dumps(judgement.broken, ensure_ascii=False),
            "document_sha256": _keep_document(settings, judgement),
        }
        for judgement in {item.dataset: item for item in judgements}.values()
    ]
    append_entries(connection, "judgement", entries)


def _keep_document(settings: Settings, judgement: Judgement) -> str | None:
    if not judgement.document:
        return None
    text = json.dumps(judgement.document, ensure_ascii=False, sort_keys=True, default=str)
    content = text.encode()
    return store(settings.archive, io.BytesIO(content), max_bytes=len(content)).sha256


def record_night(connection: duckdb.DuckDBPyConnection, report: NightReport) -> None:
    """Records a night that came to its end; one that met nothing new leaves no trace."""
    if not report.submissions and report.release_id is None:
        return
    entry = {
        "night_at": report.clock.at,
        "recorded_at": datetime.now(UTC),
        "is_replayed": report.clock.is_replayed,
        "release_id": report.release_id,
        "new_files": report.new_files,
        "rows_loaded": report.rows_loaded,
        "seconds": json.dumps({name: round(spent, 3) for name, spent in report.seconds.items()}),
    }
    append_entries(connection, "night", [entry])
