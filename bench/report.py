"""Prints what was measured, and what another run measured beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

GOALS = {"a": 4.0, "b": 5.0, "c": 2.0, "d": 3.0}
"""The most a night may take, in multiples of the limit."""
GOAL_PEAK_MB = {"d": 3_000.0}
HISTORY = ("vintages", "evidence")
"""Stages that remember: the goal is at most a quarter of the rest, on 1,000,000 rows."""
_LIMITS = {"c": "calamine, reading only"}
_NOTE = (
    "A ratio is the night's seconds from the opened ledger to the release, to those of the limit; "
    "interpreter start and imports (Great Expectations alone takes seconds) are left out of both "
    "and shown as `start`."
)


def describe_set(name: str, compared: Mapping[str, Any]) -> Iterator[str]:
    """The lines about one work set: stages of night and limit, then the ratios."""
    night, limit = compared["night"], compared["limit"]
    rows = compared["rows"]
    yield f"({name}) {compared['title']}: {rows:,} rows in {compared['files']:,} files"
    yield f"    {'':<24}{'seconds':>9}{'cpu':>9}{'rows/s':>12}{'peak MB':>9}"
    yield from _describe_process("night", night, rows)
    yield from _describe_process(_LIMITS.get(name, "limit, DuckDB and SQL"), limit, rows)
    yield f"    night / limit {compared['ratio']:.2f}, goal at most {GOALS[name]:g}" + (
        f"; peak memory goal at most {GOAL_PEAK_MB[name]:,.0f} MB" if name in GOAL_PEAK_MB else ""
    )
    yield (
        f"    by processor time {compared['cpu_ratio']:.2f}; with start and imports "
        f"{compared['ratio_with_start']:.2f}; receiving alone {compared['receive_ratio']:.2f}"
    )
    share = _share_of_history(night)
    yield f"    vintages, changes and evidence: {share:.0%} of the rest of the night"
    if compared["reading_ratio"] is not None:
        yield f"    reading alone, the way a night reads: {compared['reading_ratio']:.2f}"
    yield ""


def _share_of_history(night: Mapping[str, Any]) -> float:
    """What remembering costs, by processor time, to all the rest of the night."""
    spent = sum(night["stages"].get(name, {}).get("cpu_seconds", 0.0) for name in HISTORY)
    return float(spent / (night["cpu_seconds"] - spent))


def _describe_process(title: str, measured: Mapping[str, Any], rows: int) -> Iterator[str]:
    yield f"    {title}"
    yield f"      {'start':<22}{measured['start_seconds']:>9.2f}"
    for name, stage in measured["stages"].items():
        yield _describe_stage(name, stage, rows)
    yield _describe_stage("all but start", measured, rows)


def _describe_stage(name: str, stage: Mapping[str, Any], rows: int) -> str:
    seconds = stage["seconds"]
    pace = f"{rows / seconds:,.0f}" if seconds else ""
    return (
        f"      {name:<22}{seconds:>9.2f}{stage['cpu_seconds']:>9.2f}{pace:>12}"
        f"{stage['peak_mb']:>9,.0f}"
    )


def describe_run(run: Mapping[str, Any]) -> Iterator[str]:
    """The closing lines: every ratio beside its goal."""
    yield "set   ratio    goal   by cpu   peak MB"
    for name, compared in run["sets"].items():
        yield (
            f"{name:<4}{compared['ratio']:>7.2f}{GOALS[name]:>8g}{compared['cpu_ratio']:>9.2f}"
            f"{compared['night']['peak_mb']:>10,.0f}"
        )
    yield _NOTE
    for files, measured in run.get("prefect", {}).items():
        yield (
            f"Prefect over {files} files: {measured['overhead_seconds']:.1f} s more "
            f"({measured['with_seconds']:.1f} s with, {measured['without_seconds']:.1f} s without)"
        )


def describe_change(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Lines that set two runs side by side, set by set and stage by stage."""
    yield f"then: {_name_run(then)}"
    yield f"now:  {_name_run(now)}"
    yield f"{'':<28}{'then':>9}{'now':>9}"
    for name in then["sets"].keys() & now["sets"].keys():
        before, after = then["sets"][name], now["sets"][name]
        yield f"({name}) {after['title']}"
        for measure in ("ratio", "cpu_ratio"):
            yield f"    {measure:<24}{before[measure]:>9.2f}{after[measure]:>9.2f}"
        yield (
            f"    {'peak MB':<24}{before['night']['peak_mb']:>9,.0f}"
            f"{after['night']['peak_mb']:>9,.0f}"
        )
        for stage, spent in after["night"]["stages"].items():
            past = before["night"]["stages"].get(stage, {}).get("seconds", 0.0)
            yield f"    {stage + ' seconds':<24}{past:>9.2f}{spent['seconds']:>9.2f}"


def _name_run(run: Mapping[str, Any]) -> str:
    about = run["about"]
    return f"{about['at']}, {about['commit']}, scale {about['scale']:g}"
