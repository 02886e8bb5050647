"""One thing looked at: what was seen and what to do, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Words:
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Attributes:
        name: what was looked at, such as `lease`.
        state: `fail` stops a night or makes its figures doubtful, `warn` may soon or needs a look.
        seen: what was found.
        remedy: what to do; None where nothing is to be done.
    """

    name: str
    state: State
    seen: Words
    remedy: Words | None = None


def pass_check(name: str, zh: str, en: str) -> Check:
    """All is well."""
    return Check(name, "ok", Words(zh, en))


def warn_of(name: str, seen: Words, remedy: Words) -> Check:
    """Something needs a look."""
    return Check(name, "warn", seen, remedy)


def fail_on(name: str, seen: Words, remedy: Words) -> Check:
    """Something must be mended."""
    return Check(name, "fail", seen, remedy)
