"""Puts the table macros of `sql/macro` into a published file, with their comments."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from warehouse.ledger.tables import quote
from warehouse.sql_files import SqlFile, SqlFileError

_PARAMETERS = re.compile(r"^-- parameters:(?P<names>[a-z0-9_, ]*)$", re.MULTILINE)


@dataclass(frozen=True)
class Macro:
    """A table macro as its file declares it.

    Attributes:
        comment: what a row is, in both languages.
        parameters: their names, in order.
    """

    name: str
    comment: str
    parameters: tuple[str, ...]
    query: str

    @property
    def call(self) -> str:
        """How it is called: `mart.series_as_of(as_of_date)`."""
        return f"mart.{self.name}({', '.join(self.parameters)})"


def read_macro(model: SqlFile) -> Macro:
    """Reads a macro's file.

    Raises:
        SqlFileError: it does not name its parameters, or is no single SELECT.
    """
    found = _PARAMETERS.search(model.text)
    if found is None:
        message = (
            f"sql/macro/{model.name}.sql: after the header and a blank line, a line "
            "`-- parameters: a, b` must follow; leave the names out where there are none"
        )
        raise SqlFileError(message)
    names = tuple(name.strip() for name in found["names"].split(",") if name.strip())
    query = model.query.sql(dialect="duckdb", comments=False)
    return Macro(model.name, model.header, names, query)


def create_macros(
    connection: duckdb.DuckDBPyConnection, macros: dict[str, SqlFile], catalog: str
) -> None:
    """Creates every macro whose marts are there; DuckDB checks each as it is created.

    A macro names no catalog, so that the file works under whatever name it is opened; the catalog
    must be the current one while it is created.
    """
    here = connection.execute("select current_database(), current_schema()").fetchone()
    built = {
        f"mart.{name}"
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = ? and schema_name = "
            "'mart'",
            [catalog],
        ).fetchall()
    }
    connection.execute(f"use {catalog}")
    try:
        for model in macros.values():
            if model.sources <= built:
                macro = read_macro(model)
                parameters = ", ".join(macro.parameters)
                connection.execute(
                    f"create macro {catalog}.mart.{macro.name}({parameters}) as table {macro.query}"
                )
                connection.execute(
                    f"comment on macro table {catalog}.mart.{macro.name} is {quote(macro.comment)}"
                )
    finally:
        if here:
            connection.execute(f'use "{here[0]}"."{here[1]}"')
