"""Why a query was not answered, in one sentence of both languages."""

from __future__ import annotations

import json
import re

import duckdb

from warehouse.contracts.model import Text
from warehouse.told import ToldFault

_RAISED = re.compile(r"Invalid Input Error: (?P<zh>[^/]*[\u4e00-\u9fff].*?) / (?P<en>.+)")
"""A refusal that a macro of the published file raises with `error('中文 / English')`."""


class QueryError(ToldFault):
    """A query was not answered; the message says why and what to do, in both languages."""


class NothingPublished(QueryError):
    """There is no published file, or the pointer leads nowhere."""


class FileUnreadable(QueryError):
    """The published file cannot be opened or read.

    Attributes:
        reason: DuckDB's, in one line.
    """

    def __init__(self, text: Text, reason: str) -> None:
        """Keeps the reason apart."""
        super().__init__(text)
        self.reason = reason


class QueryRefused(QueryError):
    """The statement does something else than read, or is more than one."""


class QueryFailed(QueryError):
    """DuckDB cannot run the statement: one line, with the place in it."""


class QueryTooSlow(QueryError):
    """The time limit ran out."""


class QueryTooBig(QueryError):
    """The memory limit was reached."""


def locate_error(error: duckdb.Error, sql: str) -> Text:
    """One line: what is wrong and where in the statement, or what a macro itself has to say.

    Args:
        error: raised by a connection with `errors_as_json`.
        sql: the statement; the position DuckDB gives counts its bytes.
    """
    message, position = read_error(error)
    if said := _RAISED.fullmatch(message):
        return Text(zh=said["zh"], en=said["en"])
    if position is None:
        return Text(zh=f"语句无法运行：{message}", en=f"The statement cannot be run: {message}")
    before = sql.encode()[:position].decode(errors="ignore")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Text(
        zh=f"语句第 {line} 行第 {column} 字处有误：{message}",
        en=f"The statement is wrong at line {line}, column {column}: {message}",
    )


def read_error(error: duckdb.Error) -> tuple[str, int | None]:
    """DuckDB's message in one line, and the byte of the statement it is about."""
    kind, _, rest = str(error).partition(": ")
    position = None
    if rest.startswith("{"):
        facts = json.loads(rest)
        rest = facts["exception_message"]
        position = int(facts["position"]) if "position" in facts else None
    return " ".join(f"{kind}: {rest}".split()), position
