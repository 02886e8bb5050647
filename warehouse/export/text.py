"""Encodes an answer for other programs: CSV, JSON, Parquet."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import polars as pl

from warehouse.export.values import FORMULA, PLAIN_NUMBER, show_decimal


def encode_csv(frame: pl.DataFrame) -> bytes:
    """CSV in UTF-8 with a byte-order mark, without which spreadsheets garble Chinese.

    An empty cell is NULL, `""` an empty text. A text that begins like a formula gets an apostrophe
    before it, unless it is a plain number.
    """
    shown = frame.select(_csv_column(name, kind) for name, kind in frame.schema.items())
    shown.columns = [_disarm(name) for name in shown.columns]
    return _bytes_of(shown.write_csv, include_bom=True, line_terminator="\r\n")


def encode_json(frame: pl.DataFrame) -> bytes:
    """A JSON array, one object a line; decimals as exact numbers, dates and times in ISO form."""
    keys = [json.dumps(name, ensure_ascii=False) for name in frame.columns]
    rows = (
        ", ".join(f"{key}: {_json_value(value)}" for key, value in zip(keys, row, strict=True))
        for row in frame.iter_rows()
    )
    objects = ",\n".join(f"{{{row}}}" for row in rows)
    return (f"[\n{objects}\n]\n" if objects else "[]\n").encode()


def encode_parquet(frame: pl.DataFrame) -> bytes:
    """Parquet, with every type as it is."""
    return _bytes_of(frame.write_parquet)


def _disarm(text: str) -> str:
    is_formula = re.match(FORMULA, text) and not re.fullmatch(PLAIN_NUMBER, text)
    return f"'{text}" if is_formula else text


def _csv_column(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Decimal):
        shown = column.cast(pl.String).str.replace(r"(\.\d*?)0+$", "${1}")
        return shown.str.replace(r"\.$", "").alias(name)
    if isinstance(kind, pl.Datetime):
        zone = "%:z" if kind.time_zone else ""
        return column.dt.strftime(f"%Y-%m-%d %H:%M:%S%.f{zone}").alias(name)
    if kind == pl.String:
        is_formula = column.str.contains(FORMULA) & ~column.str.contains(PLAIN_NUMBER)
        return pl.when(is_formula).then(pl.lit("'") + column).otherwise(column).alias(name)
    return column


def _json_value(value: object) -> str:
    if isinstance(value, Decimal):
        return show_decimal(value)
    if isinstance(value, date | time):
        return json.dumps(value.isoformat())
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(str(value))
    return json.dumps(value, ensure_ascii=False)


def _bytes_of(write: Callable[..., Any], **options: Any) -> bytes:  # noqa: ANN401
    content = io.BytesIO()
    write(content, **options)
    return content.getvalue()
