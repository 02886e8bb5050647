"""Says what a long command is doing, to whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[str, str], None]] = []


@contextmanager
def listen(listener: Callable[[str, str], None]) -> Iterator[None]:
    """Calls a listener with a stage's name and what it works on, from any thread of the process."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def announce(stage: str, subject: str = "") -> None:
    """Says that a stage has begun to work on something."""
    for listener in _listeners:
        listener(stage, subject)
