"""Puts a file to its place in one step: readers meet the old one or the new one, never half."""

from __future__ import annotations

from pathlib import Path

UNFINISHED = ".*.new"
"""The pattern of what a killed run may leave behind; the next run writes it anew."""


def put_whole(target: Path, content: bytes) -> None:
    """Writes a file in one step, and the folder it lies in where there is none.

    Raises:
        OSError: the file cannot be written; the one before still stands.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
