"""What the XML of an xlsx sheet says beside its cells: hidden rows and columns, merged ranges."""

from __future__ import annotations

import re

from warehouse.read.sheet import split_address

_COLUMNS = 16_384
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]* hidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col ([^>]*)>")
_ATTRIBUTE = re.compile(rb'([A-Za-z:]+)="([^"]*)"')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[1-9][0-9]*):([A-Z]{1,3}[1-9][0-9]*)"')


def read_attributes(spelled: bytes) -> dict[bytes, bytes]:
    """Read the attributes of one element as spelled, values unescaped."""
    return dict(_ATTRIBUTE.findall(spelled))


def read_count(digits: bytes | None) -> int:
    """Read a count or index; anything else is 0."""
    return int(digits) if digits and digits.isdigit() else 0


def find_hidden_rows(xml: bytes) -> frozenset[int]:
    """List hidden rows, counted from 1, closed groups and rows left out by a filter included."""
    if b" hidden=" not in xml:
        return frozenset()
    return frozenset(int(number) for number in _HIDDEN_ROW.findall(xml))


def find_hidden_columns(xml: bytes) -> frozenset[int]:
    """List hidden columns, counted from 0; a column of no width is as good as hidden."""
    head = xml[: xml.find(b"<sheetData")]
    hidden: set[int] = set()
    for column in _COLUMN.findall(head):
        attributes = read_attributes(column)
        is_hidden = attributes.get(b"hidden") in (b"1", b"true")
        if is_hidden or attributes.get(b"width") == b"0":
            first, last = read_count(attributes.get(b"min")), read_count(attributes.get(b"max"))
            hidden.update(range(max(first - 1, 0), min(last, _COLUMNS)))
    return frozenset(hidden)


def find_merged(xml: bytes) -> tuple[tuple[int, int, int, int], ...]:
    """List merged ranges as (first row, first column, last row, last column)."""
    after_rows = max(xml.rfind(b"</sheetData>"), 0)
    return tuple(
        (*split_address(match[1].decode()), *split_address(match[2].decode()))
        for match in _MERGED.finditer(xml, after_rows)
    )
