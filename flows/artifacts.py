"""What a night shows in the Prefect UI: a summary, the submissions, and the findings by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from warehouse.contracts.load import Expectations
from warehouse.night import NightReport
from warehouse.settings import CITY_TIME

MOST_ROWS = 500


def publish_artifacts(report: NightReport, expectations: Expectations) -> None:
    """Writes the artifacts of one night. No value of a form is shown, only where things stand."""
    create_markdown_artifact(_summarise(report), key="night-summary", description="Summary")
    create_table_artifact(
        _limit([_describe(row) for row in report.submissions]),
        key="night-submissions",
        description="Files that arrived, with their verdicts",
    )
    create_table_artifact(
        _limit(report.findings_by_rule),
        key="night-findings",
        description="Findings by rule",
    )


def _summarise(report: NightReport) -> str:
    lines = [f"# {report.clock.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"]
    if report.clock.is_replayed:
        lines.append("Replayed on a simulated clock.")
    lines += [f"- new files: {report.new_files}", f"- rows loaded: {report.rows_loaded}"]
    lines += [f"- {severity}: {count}" for severity, count in sorted(report.findings.items())]
    lines += [f"- source down: {source.source}" for source in report.sources if source.error]
    lines += [f"- waiting, rules not run: {dataset}" for dataset in report.broken]
    lines += [f"- not done, {stage}: {reason}" for stage, reason in report.failures.items()]
    lines += [f"- {note.en}" for note in report.notes]
    lines.append(f"- release: {report.release_id or 'unchanged'}")
    lines += [f"- {stage}: {seconds:.2f} s" for stage, seconds in report.seconds.items()]
    return "\n".join(lines)


def _describe(row: dict[str, Any]) -> dict[str, Any]:
    names = ("submission_id", "folder", "file_name", "dataset", "period", "verdict")
    return {name: row.get(name) for name in names} | {
        severity: row["findings"].get(severity, 0) for severity in ("must_fix", "explain", "notice")
    }


def _limit(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A table of the UI stays readable; the ledger holds every row, and the last line says so."""
    if len(rows) <= MOST_ROWS:
        return list(rows)
    rest = dict.fromkeys(rows[0], "") | {next(iter(rows[0])): f"… {len(rows) - MOST_ROWS} more"}
    return [*rows[:MOST_ROWS], rest]
