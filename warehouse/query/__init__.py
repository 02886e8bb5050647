"""Answers questions from the published file, and from nothing else.

One statement that reads (`statement`), on the file the pointer leads to (`published`), within
limits (`run`), or a reason in one sentence (`errors`).
"""

from warehouse.query.errors import (
    FileUnreadable,
    NothingPublished,
    QueryError,
    QueryFailed,
    QueryRefused,
    QueryTooBig,
    QueryTooSlow,
)
from warehouse.query.published import QueryLimits, open_published, resolve_release
from warehouse.query.run import QueryResult, run_query

__all__ = [
    "FileUnreadable",
    "NothingPublished",
    "QueryError",
    "QueryFailed",
    "QueryLimits",
    "QueryRefused",
    "QueryResult",
    "QueryTooBig",
    "QueryTooSlow",
    "open_published",
    "resolve_release",
    "run_query",
]
