"""Lays the example's files into an inbox, each dated to the moment it arrives."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from examples.plan import SEED, Planned, plan_examples
from examples.schedule import NIGHTS

REPLAY = "replay.toml"


@dataclass(frozen=True)
class Laid:
    """What was laid.

    Attributes:
        by_folder: files in each folder of the inbox.
        nights: the simulated nights to replay before tonight, oldest first.
    """

    files: int
    rows: int
    by_folder: dict[str, int]
    nights: tuple[datetime, ...]


def lay_examples(inbox: Path, seed: int = SEED) -> Laid:
    """Writes every example file below `inbox`, and `replay.toml` beside it.

    Files that are there already under the same names are overwritten; nothing else is touched.

    Raises:
        OSError: the folder cannot be written.
    """
    planned = plan_examples(seed)
    by_folder: dict[str, int] = {}
    for file in planned:
        folder = file.path.partition("/")[0]
        by_folder[folder] = by_folder.get(folder, 0) + 1
        _lay_file(inbox / file.path, file)
    _write_nights(inbox.parent / REPLAY)
    return Laid(len(planned), sum(len(file.rows) for file in planned), by_folder, NIGHTS)


def _lay_file(path: Path, file: Planned) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if file.link_to is not None:
        path.unlink(missing_ok=True)
        path.symlink_to(file.link_to)
    else:
        path.write_bytes(file.write())
    moment = file.arrival.timestamp()
    os.utime(path, (moment, moment), follow_symlinks=False)


def _write_nights(path: Path) -> None:
    nights = "".join(f'    "{night.isoformat()}",\n' for night in NIGHTS)
    path.write_text(f"nights = [\n{nights}]\n", encoding="utf-8")
