"""`python -m bench`: times nights over the work sets, beside what the machine could do at best."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bench.report import describe_change, describe_run, describe_set
from bench.run import compare, time_command
from bench.text_check import describe_checks, time_checks
from bench.work_sets import WORK_SETS

_FEW_FILES = 0.02


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the work sets asked for, prints as it goes, and writes the JSON file."""
    options = _read_options(arguments)
    run: dict[str, Any] = {"about": _describe_machine(options.scale), "sets": {}}
    for name in options.sets:
        compared = compare(WORK_SETS[name].scale(options.scale), options.work)
        run["sets"][name] = compared
        _say(describe_set(name, compared))
    if options.prefect:
        run["prefect"] = _measure_prefect(options)
    if run["sets"] or options.prefect:
        _say(describe_run(run))
    if options.texts:
        run["texts"] = time_checks(options.work, options.scale)
        _say(describe_checks(run["texts"]))
    options.output.write_text(json.dumps(run, indent=2, ensure_ascii=False), encoding="utf-8")
    if options.compare:
        _say(describe_change(json.loads(options.compare.read_text(encoding="utf-8")), run))
    return 0


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    titles = "; ".join(f"{name}: {item.title}" for name, item in WORK_SETS.items())
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--sets", type=_read_sets, default=list(WORK_SETS), help=f"by name, as a,b ({titles})"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="0.1 for a quick look")
    parser.add_argument("--output", type=Path, default=Path("bench.json"), help="what is written")
    parser.add_argument("--compare", type=Path, help="another run's file, to set beside this one")
    parser.add_argument("--prefect", action="store_true", help="time Prefect's overhead as well")
    parser.add_argument(
        "--texts", action="store_true", help="time `report check` as well; --sets '' for it alone"
    )
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "biaogan-bench",
        help="where work sets are kept between runs (3 GB) and nights are played",
    )
    return parser.parse_args(arguments)


def _read_sets(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    unknown = [name for name in names if name not in WORK_SETS]
    if unknown:
        message = f"no work set {', '.join(unknown)}; there are {', '.join(WORK_SETS)}"
        raise argparse.ArgumentTypeError(message)
    return names


def _measure_prefect(options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """The same nights with and without Prefect: one of few files and one of many."""
    measured = {}
    for factor in sorted({_FEW_FILES, options.scale}):
        work_set = WORK_SETS["b"].scale(factor)
        plain = time_command(work_set, options.work, "--no-prefect")
        shown = time_command(work_set, options.work)
        measured[str(work_set.files)] = {
            "with_seconds": shown,
            "without_seconds": plain,
            "overhead_seconds": shown - plain,
        }
    return measured


def _describe_machine(scale: float) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _name_commit(),
        "scale": scale,
        "processors": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "polars": pl.__version__,
    }


def _name_commit() -> str:
    try:
        named = subprocess.run(
            ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git there is
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return "no commit"
    return named.stdout.strip()


def _say(lines: Any) -> None:  # noqa: ANN401
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
