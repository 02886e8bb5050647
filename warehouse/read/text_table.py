"""The cells of a text table: fields parted by commas, tabs or semicolons."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

import numpy as np
import polars as pl

from warehouse.read.refuse import Limits, Refused
from warehouse.read.sheet import Document, Sheet, blank_to_null, frame_rows, number_rows
from warehouse.read.text_encoding import to_utf_8

_DELIMITERS = ",\t;"
_HEAD_BYTES, _HEAD_RECORDS = 32 * 1024, 50
_CHUNK_ROWS = 50_000
_QUOTE, _BREAKS = ord('"'), (ord("\n"), ord("\r"))
_FOREIGN_HEADS = (
    (
        re.compile(rb"\s*<(?:!doctype|html|head|meta|table|body|div|style|script|svg|\?xml)", re.I),
        "html or xml",
    ),
    (re.compile(rb"\s*mime-version:", re.I), "mhtml"),
    (re.compile(rb"%PDF-"), "pdf"),
    (re.compile(rb"\{\\rtf"), "rtf"),
    (re.compile(rb"Rar!\x1a\x07"), "rar"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "7z"),
    (re.compile(rb"\x1f\x8b"), "gzip"),
)


def read_text_table(content: bytes, limits: Limits) -> Document:
    """Read a text table as one sheet without a name.

    Rows may differ in length. A record that spans lines, because a quoted field holds line breaks,
    has the number of its first line.

    Args:
        content: the whole file.
        limits: how many lines and cells may be read.

    Raises:
        Refused: ``unsupported_format`` for web pages and archives that carry a table's name,
            ``not_a_table``, ``damaged`` (also for a quote that is never closed, with its ``line``),
            ``too_large``, or ``empty_file`` for nothing but white space.
    """
    for head, found in _FOREIGN_HEADS:
        if head.match(content):
            raise Refused("unsupported_format", found=found)
    encoding, text = to_utf_8(content)
    if not text.strip():
        raise Refused("empty_file")
    lines = text.count(b"\n") + 1
    if lines > limits.rows:
        raise Refused("too_large", rows=lines, limit=limits.rows)
    delimiter, width = _look_at_head(text)
    plain = _read_plain(text, delimiter, width, limits)
    frame, source_rows = plain or _read_records(text, delimiter, limits)
    sheet = Sheet(name="", cells=number_rows(blank_to_null(frame), source_rows))
    return Document("csv", encoding, (sheet,), has_macros=False, has_external_links=False)


def _look_at_head(text: bytes) -> tuple[str, int]:
    """Choose the delimiter by the first records, and say how many fields the widest of them has.

    The delimiter is the one that parts them into the most fields of an even number: titles and
    long texts hold commas and semicolons too, but not as many in every record.
    """
    head = text[:_HEAD_BYTES].decode(errors="ignore")
    best = (-1, _DELIMITERS[0], 1)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        widths = Counter(map(len, islice(reader, _HEAD_RECORDS)))
        score = max(count * (width - 1) for width, count in widths.items())
        if score > best[0]:
            best = (score, delimiter, max(widths))
    return best[1:]


def _read_plain(
    text: bytes, delimiter: str, width: int, limits: Limits
) -> tuple[pl.DataFrame, pl.Series] | None:
    """Read a table whose every line is one record, at full speed; None if it is no such table."""
    has_quotes = b'"' in text
    if _has_lone_returns(text) or (has_quotes and not _is_plainly_quoted(text, delimiter)):
        return None
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    frame = _parse(text, delimiter, width, has_quotes, lines, limits)
    if frame is None:
        width = max(line.count(delimiter.encode()) for line in text.split(b"\n")) + 1
        frame = _parse(text, delimiter, width, has_quotes, lines, limits)
    if frame is None:
        return None
    return frame, pl.int_range(1, lines + 1, eager=True)


def _parse(
    text: bytes, delimiter: str, width: int, has_quotes: bool, lines: int, limits: Limits
) -> pl.DataFrame | None:
    """Parse into `width` columns, or None if a line has more fields or lines went astray."""
    _check_size(lines * width, limits)
    names = [f"c{index}" for index in range(width)]
    # A header of our own: the parser takes the number of columns from the first line.
    header = delimiter.join(names).encode() + b"\n"
    try:
        frame = pl.read_csv(
            header + text,
            separator=delimiter,
            quote_char='"' if has_quotes else None,
            schema=dict.fromkeys(names, pl.String),
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == lines else None


def _read_records(text: bytes, delimiter: str, limits: Limits) -> tuple[pl.DataFrame, pl.Series]:
    """Read a table record by record, for line breaks inside fields and unusual quotes.

    Raises:
        Refused: ``damaged`` where a quote is not closed, or closed in the middle of a field: what
            belongs to the field would be a guess.
    """
    reader = csv.reader(io.StringIO(text.decode(), newline=""), delimiter=delimiter, strict=True)
    frames: list[pl.DataFrame] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    first_line, width = 1, 0
    try:
        for record in reader:
            rows.append(record)
            numbers.append(first_line)
            first_line = reader.line_num + 1
            width = max(width, len(record))
            if len(rows) == _CHUNK_ROWS:
                _check_size(len(numbers) * width, limits)
                frames.append(frame_rows(rows))
                rows = []
    except csv.Error as error:
        raise Refused("damaged", line=first_line, found=str(error)) from error
    _check_size(len(numbers) * width, limits)
    frames.append(frame_rows(rows))
    return pl.concat(frames, how="diagonal"), pl.Series(numbers, dtype=pl.Int64)


def _has_lone_returns(text: bytes) -> bool:
    return b"\r" in text and text.count(b"\r") != text.count(b"\r\n")


def _is_plainly_quoted(text: bytes, delimiter: str) -> bool:
    """Say whether quotes enclose whole fields or are doubled, and no field has line breaks."""
    codes = np.frombuffer(text, dtype=np.uint8)
    quotes = np.flatnonzero(codes == _QUOTE)
    if quotes.size % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    before = codes[opening[opening > 0] - 1]
    after = codes[closing[closing < codes.size - 1] + 1]
    neighbours = np.array([ord(delimiter), _QUOTE, *_BREAKS], dtype=np.uint8)
    if not (np.isin(before, neighbours).all() and np.isin(after, neighbours).all()):
        return False
    breaks = np.flatnonzero(codes == _BREAKS[0])
    return not (np.searchsorted(quotes, breaks) % 2).any()


def _check_size(cells: int, limits: Limits) -> None:
    if cells > limits.cells:
        raise Refused("too_large", cells=cells, limit=limits.cells)
