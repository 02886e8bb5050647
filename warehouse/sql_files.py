"""The files of `sql/`: one SELECT each, the file's name is the table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import sqlglot
from sqlglot import exp

from warehouse.fault import UserFault

DEFAULT_SQL = Path(__file__).parents[1] / "sql"


class SqlFileError(UserFault):
    """A SQL file cannot be used: which, why, and what to do."""


@lru_cache(maxsize=1_024)
def _parse(text: str) -> exp.Expr:
    """Parsed once a process: a night's models took a quarter of a small night to parse."""
    return sqlglot.parse_one(text, dialect="duckdb")


@dataclass(frozen=True)
class SqlFile:
    """One SELECT.

    Attributes:
        schema: the folder's name, such as `mart`.
        name: the file's stem.
        text: the whole file.
    """

    schema: str
    name: str
    text: str

    @cached_property
    def query(self) -> exp.Query:
        """The parsed SELECT.

        Raises:
            SqlFileError: the file is no single SELECT.
        """
        try:
            query = _parse(self.text)
        except sqlglot.errors.ParseError as error:
            message = f"sql/{self.schema}/{self.name}.sql cannot be parsed: {error}"
            raise SqlFileError(message) from error
        if not isinstance(query, exp.Query):
            message = f"sql/{self.schema}/{self.name}.sql is no SELECT: write one per file"
            raise SqlFileError(message)
        return query

    @property
    def table(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"

    @cached_property
    def sources(self) -> frozenset[str]:
        """The tables it reads, as `schema.name`; names of its own CTEs left out."""
        own = {cte.alias for cte in self.query.find_all(exp.CTE)}
        return frozenset(
            f"{table.db}.{table.name}" if table.db else table.name
            for table in self.query.find_all(exp.Table)
            if table.name and (table.db or table.name not in own)
        )

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Names of the `$name` parameters."""
        return frozenset(
            parameter.name
            for kind in (exp.Parameter, exp.Placeholder)
            for parameter in self.query.find_all(kind)
        )

    @property
    def header(self) -> str:
        """The leading comment, `中文 / English`: what a row is."""
        text = ""
        for line in self.text.splitlines():
            if not line.startswith("--"):
                break
            piece = line.removeprefix("--").strip()
            glue = " " if text and (text[-1].isascii() or piece[:1].isascii()) else ""
            text += glue + piece
        return text


def load_sql(
    schema: str, folder: Path | None = None, extra: Path | None = None
) -> dict[str, SqlFile]:
    """The files of one schema by name, and of an extra folder beside it."""
    roots = [(folder or DEFAULT_SQL) / schema, *([extra / schema] if extra else [])]
    return {
        path.stem: SqlFile(schema, path.stem, path.read_text(encoding="utf-8"))
        for root in roots
        if root.is_dir()
        for path in sorted(root.glob("*.sql"))
    }


def order_models(models: dict[str, SqlFile]) -> list[SqlFile]:
    """Orders models so that each comes after those it reads.

    Args:
        models: by `schema.name`.

    Raises:
        SqlFileError: models read each other in a circle.
    """
    ordered: dict[str, SqlFile] = {}
    visiting: list[str] = []

    def visit(table: str) -> None:
        if table in ordered or table not in models:
            return
        if table in visiting:
            circle = " -> ".join([*visiting[visiting.index(table) :], table])
            message = f"models read each other in a circle: {circle}"
            raise SqlFileError(message)
        visiting.append(table)
        for source in sorted(models[table].sources):
            visit(source)
        visiting.pop()
        ordered[table] = models[table]

    for table in sorted(models):
        visit(table)
    return list(ordered.values())
