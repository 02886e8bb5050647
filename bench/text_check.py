"""Times `report check` over a report of 200 pages, beside merely reading the same file."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.long_text import PAGES, save_as_word, write_long_text

GOAL_SECONDS = 30.0
_READ = (
    "import sys, pathlib; from warehouse.report.documents.read import read_document; "
    "print(len(read_document(pathlib.Path(sys.argv[1])).text))"
)
_CHECK = "from biaogan.cli import main; main()"


def time_checks(work: Path, factor: float = 1.0) -> dict[str, dict[str, float]]:
    """Whole processes over a text file and a Word file, by their ending.

    The figures are those of the root in force, which must have a release: see `make nightly`.

    Args:
        work: where the files are written.
        factor: 0.1 for 20 pages.

    Raises:
        RuntimeError: the command failed.
    """
    folder = work / "text"
    folder.mkdir(parents=True, exist_ok=True)
    text = write_long_text(factor)
    (folder / "long.txt").write_text(text, encoding="utf-8")
    save_as_word(text, folder / "long.docx")
    measured = {}
    for ending in ("txt", "docx"):
        file = folder / f"long.{ending}"
        targets = [folder / f"{ending}_marked.{kind}" for kind in ("html", "docx")]
        options = [part for target in targets for part in ("-o", str(target))]
        reading = _time(_READ, str(file))
        bare = _time(_CHECK, "report", "check", str(file), "--format", "json")
        whole = _time(_CHECK, "report", "check", str(file), *options)
        measured[ending] = {
            "pages": PAGES * factor,
            "characters": len(text),
            "read_seconds": reading,
            "json_seconds": bare,
            "whole_seconds": whole,
            "ratio": whole / reading,
        }
    return measured


def describe_checks(measured: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The lines about them; whole processes, start and imports included."""
    yield "report check     pages   read s   json s   with both copies   to reading"
    for ending, facts in measured.items():
        yield (
            f"    {ending:<9}{facts['pages']:>9,.0f}{facts['read_seconds']:>9.1f}"
            f"{facts['json_seconds']:>9.1f}{facts['whole_seconds']:>19.1f}{facts['ratio']:>13.1f}"
        )
    yield f"    goal at most {GOAL_SECONDS:g} s with both copies"


def _time(program: str, *arguments: str) -> float:
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode > 1:
        message = f"{arguments}: {done.stderr.strip() or done.stdout.strip()}"
        raise RuntimeError(message)
    return time.perf_counter() - started
