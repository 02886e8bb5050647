"""Lets exactly one statement pass that reads, and says what another one would do.

Measured with duckdb 1.5.5, and why the statement is looked at before it runs, however locked the
connection: with `enable_external_access=false` an `explain analyze copy ... to` still writes over
the attached file and its `.wal`; `enable_logging(storage = 'file')` is not stopped by a locked
configuration and aborts the process afterwards; `import database` opens a file while it is parsed.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import duckdb

from warehouse.contracts.model import Text
from warehouse.query.errors import QueryFailed, QueryRefused, locate_error

READING = frozenset(
    {
        "desc", "describe", "from", "pivot", "pivot_wider", "pivot_longer", "select",
        "show", "summarize", "table", "unpivot", "values", "with",
    }
)  # fmt: skip
_READING_TYPES = frozenset({"SELECT", "EXPLAIN", "CREATE"})
_FORBIDDEN_FUNCTIONS = frozenset(
    {
        "arrow_scan", "arrow_scan_dumb", "checkpoint", "disable_logging", "disable_profiling",
        "enable_logging", "enable_profiling", "force_checkpoint", "json_execute_serialized_sql",
        "pandas_scan", "python_map_function", "query", "truncate_duckdb_logs", "write_log",
    }
)  # fmt: skip
"""They change the session, take memory addresses, or run SQL that is hidden in a text."""


def refuse_unless_reading(sql: str) -> None:
    """Lets a text pass whose words are those of one reading statement, before anything opens.

    Raises:
        QueryRefused: naming what is not allowed.
    """
    words = _split_words(sql)
    leading = _leading_word(words)
    if leading in {"", ";"}:
        raise QueryRefused(Text(zh="没有语句。", en="There is no statement."))
    if leading not in READING and _is_keyword(leading):
        raise _refuse(leading)
    after = words[words.index(";") :] if ";" in words else []
    if set(after) - {";"}:
        raise QueryRefused(
            Text(zh="一次只能运行一条语句。", en="Only one statement can be run at a time.")
        )
    for word, follower in pairwise(words):
        if follower == "(" and word in _FORBIDDEN_FUNCTIONS:
            raise _refuse(f"{word}()")


def refuse_other_types(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Lets a text pass that DuckDB itself takes for reading.

    PIVOT without a list of values is two statements to DuckDB: it creates a temporary type first.

    Raises:
        QueryRefused: naming the type of statement.
        QueryFailed: the text is no SQL.
    """
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryFailed(locate_error(error, sql)) from error
    for statement in statements:
        if statement.type.name not in _READING_TYPES:
            raise _refuse(statement.type.name)


def _split_words(sql: str) -> list[str]:
    """The words and signs DuckDB's own scanner sees, comments left out, names without quotes.

    DuckDB takes every Unicode blank for a blank, its scanner does not: `copy` after a full-width
    blank would go unseen.
    """
    if any(unicodedata.category(char) == "Cs" for char in sql):
        raise QueryRefused(
            Text(zh="语句不是有效的文字编码。", en="The statement is not validly encoded text.")
        )
    blanks = ("Zs", "Zl", "Zp", "Cf")
    folded = "".join(" " if unicodedata.category(char) in blanks else char for char in sql)
    encoded = folded.encode()
    starts = [offset for offset, _ in duckdb.tokenize(folded)]
    words = []
    for start, end in pairwise([*starts, len(encoded)]):
        text = encoded[start:end].decode(errors="replace")
        match = re.match(r'"((?:[^"]|"")*)"|(\w+)', text)
        words.append((match[1] or match[2] or "").lower() if match else text[0])
    return words


def _leading_word(words: list[str]) -> str:
    """The first word that says what is done: that of the statement that is explained, too."""
    rest = words
    while rest and rest[0] == "(":
        rest = rest[1:]
    if rest and rest[0] == "explain":
        rest = rest[1:]
        while rest and rest[0] in {"analyze", "verbose", "("}:
            rest = rest[rest.index(")") + 1 :] if rest[0] == "(" and ")" in rest else rest[1:]
    return rest[0] if rest else ""


def _is_keyword(word: str) -> bool:
    """Whether a statement may begin so; a misspelt word is left for DuckDB to point at."""
    return any(kind == duckdb.token_type.keyword for _, kind in duckdb.tokenize(word))


def _refuse(word: str) -> QueryRefused:
    name = word.upper()
    return QueryRefused(
        Text(
            zh=f"查询只能读取已发布的数据，不允许 {name}。"
            "请用 SELECT、WITH、DESCRIBE、SHOW、SUMMARIZE、EXPLAIN 或 PIVOT。",
            en=f"A query only reads what is published, {name} is not allowed: "
            "use SELECT, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN or PIVOT.",
        )
    )
