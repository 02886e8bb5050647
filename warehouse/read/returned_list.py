"""Reads the list of a returned workbook that came back: what it is a return of, and the answers.

The list is found by its sheet and its mark. Hidden columns say which finding a row is about, so
rows may be sorted, moved and left out; a hidden row names the columns, so they may be moved too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from warehouse.contracts.codes import fold_name
from warehouse.read.sheet import Document, Sheet, cell_address

LIST_SHEET = "问题清单"
IDENTITY_FIELDS = ("rule_id", "column_name", "subject")
"""What tells a finding from every other one, as the hidden columns of the list are named."""
ANSWER_FIELDS = ("explanation", "valid_until")
MEMORY_FIELD = "fill"
"""The hidden column that says which fill each mark's colour stands for."""
MOST_LETTERS = 2_000
"""Letters of an explanation that are kept."""

_MARK_WORD = "标杆退回件"
_MARK = re.compile(_MARK_WORD + r"[:：]?\s*(?P<submission>\d{1,18})-(?P<sha256>[0-9a-f]{12})")
_NO_HASH = "0" * 12
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]0?0:00(?::00)?)?"
)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Ancestor:
    """The submission a workbook is a return of; the hash is of the file that came first."""

    submission_id: int
    sha256_prefix: str


@dataclass(frozen=True)
class Answer:
    """One explanation written in the list.

    Attributes:
        rule_id: of the finding; empty where it was written beside no finding.
        subject: what the finding is about; empty for a comparison of whole figures.
        text: the explanation, at most `MOST_LETTERS` of it.
        valid_until: the last day it holds; None for this period only.
        problem: what stands under 有效期至 where it is no day; then `valid_until` is None.
        cell: where the explanation stands in the list.
        is_cut: whether it was longer.
    """

    rule_id: str
    column_name: str | None
    subject: str
    text: str
    valid_until: date | None
    problem: str | None = None
    cell: str = ""
    is_cut: bool = False


@dataclass(frozen=True)
class ReturnedList:
    """The list of a returned workbook.

    Attributes:
        fills: by colour of mark, the fill it stands for, as XML; not to be trusted.
    """

    ancestor: Ancestor
    answers: tuple[Answer, ...]
    fills: Mapping[str, str]


def write_mark(submission_id: int, sha256: str) -> str:
    """The mark by which a returned workbook is known."""
    return f"{_MARK_WORD}：{submission_id}-{sha256[: len(_NO_HASH)] or _NO_HASH}"


def is_list(sheet_name: str) -> bool:
    """Whether a sheet of that name may be a list of findings."""
    return fold_name(sheet_name) == LIST_SHEET


def read_list(document: Document) -> ReturnedList | None:
    """The list of a document; None where it is not a returned workbook."""
    for sheet in document.sheets:
        if is_list(sheet.name) and (found := _read_sheet(sheet)):
            return found
    return None


def _read_sheet(sheet: Sheet) -> ReturnedList | None:
    ancestor: Ancestor | None = None
    places: dict[str, int] = {}
    answers: list[Answer] = []
    fills: dict[str, str] = {}
    for number, *cells in sheet.cells.iter_rows():
        if not places:
            ancestor = ancestor or _find_ancestor(cells)
            places = _find_fields(cells)
            continue
        row = {name: cells[place] or "" for name, place in places.items() if place < len(cells)}
        colour, _, fill = row.get(MEMORY_FIELD, "").partition(" ")
        if fill:
            fills.setdefault(colour, fill)
        if row.get("rule_id") != "rule_id" and row["explanation"].strip():
            answers.append(_read_answer(row, cell_address(number, places["explanation"])))
    return ReturnedList(ancestor, tuple(answers), fills) if ancestor else None


def _find_ancestor(cells: Sequence[str | None]) -> Ancestor | None:
    for text in cells:
        if text and (mark := _MARK.search(text)):
            return Ancestor(int(mark["submission"]), mark["sha256"].replace(_NO_HASH, ""))
    return None


def _find_fields(cells: Sequence[str | None]) -> dict[str, int]:
    """The columns of the list by name, where this row is the hidden one that names them."""
    named = {text.strip(): place for place, text in enumerate(cells) if text}
    needed = {*IDENTITY_FIELDS, *ANSWER_FIELDS}
    return named if needed <= named.keys() else {}


def _read_answer(row: Mapping[str, str], cell: str) -> Answer:
    text = row["explanation"].strip()
    written = row.get("valid_until", "").strip()
    day = _read_day(written)
    return Answer(
        rule_id=row.get("rule_id", "").strip(),
        column_name=row.get("column_name", "").strip() or None,
        subject=row.get("subject", ""),
        text=text[:MOST_LETTERS],
        valid_until=day,
        problem=written if written and day is None else None,
        cell=cell,
        is_cut=len(text) > MOST_LETTERS,
    )


def _read_day(written: str) -> date | None:
    folded = unicodedata.normalize("NFKC", written)
    match = _DAY.fullmatch(folded) or _COMPACT_DAY.fullmatch(folded)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
