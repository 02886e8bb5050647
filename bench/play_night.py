"""A child process that plays one night and writes how long each of its stages took."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.stages import StageClock


def play_night(home: Path, clock: StageClock) -> dict[str, int]:
    """Plays a night over a data root.

    Returns:
        Submissions, accepted ones, rows loaded, findings.
    """
    import great_expectations  # noqa: F401 - counted as part of the start
    import pandas as pd  # noqa: F401

    from warehouse.night import run_night
    from warehouse.progress import listen
    from warehouse.settings import load_settings

    clock.enter("open")
    with listen(lambda stage, _: clock.enter(stage)):
        report = run_night(load_settings(home))
    clock.enter(None)
    return {
        "files": report.new_files,
        "accepted": sum(row["verdict"] == "accepted" for row in report.submissions),
        "rows_loaded": report.rows_loaded,
        "findings": sum(report.findings.values()),
    }


def main() -> None:
    """Runs as `python -m bench.play_night HOME OUTPUT`."""
    home, output = map(Path, sys.argv[1:])
    clock = StageClock()
    clock.enter("start")
    facts = play_night(home, clock)
    output.write_text(json.dumps({"stages": clock.as_dict(), "facts": facts}), encoding="utf-8")


if __name__ == "__main__":
    main()
