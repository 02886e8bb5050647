"""Turns what can go wrong for a user into one sentence: what, where, and what to do."""

from __future__ import annotations

import duckdb

from biaogan.messages import language, tell
from warehouse.fault import UserFault


def explain_fault(error: BaseException) -> str | None:
    """One sentence for a fault a user can mend; None for a fault of the program itself."""
    if isinstance(error, UserFault) and not _is_disk_full(error):
        return error.of(language())
    if _is_disk_full(error):
        return tell(
            "The disk is full: {error}. The release before still stands; "
            "free some space and run again.",
            error=_first_line(error),
        )
    if isinstance(
        error, duckdb.IOException | duckdb.TransactionException | duckdb.FatalException | OSError
    ):
        return tell("Cannot read or write: {error}. Run biaogan doctor.", error=_first_line(error))
    return None


def _is_disk_full(error: BaseException) -> bool:
    text = str(error).lower()
    return "no space left" in text or "disk full" in text or "disk quota" in text


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
