"""Makes what many tests look at, such as nights that were played, once for all workers."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

Made = TypeVar("Made")


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """What `make` gives, made by whichever worker asks first; the others wait and read it.

    What lies in the folder belongs to all tests: a test that changes it takes a copy.

    Args:
        factory: of this run of the tests.
        name: of what is made.
        make: called with an empty folder; what it gives is kept, and may name files in the folder.
    """
    base = factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen") else base) / name
    folder.mkdir(exist_ok=True)
    kept = folder.with_suffix(".pickle")
    with FileLock(folder.with_suffix(".lock")):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(kept.read_bytes())
