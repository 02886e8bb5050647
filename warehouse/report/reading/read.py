"""Finds every number of a text, and what it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from warehouse.report.model import Document, Kind
from warehouse.report.reading.amounts import Amount, find_amounts, hide, mark
from warehouse.report.reading.dates import DateSpan, find_dates
from warehouse.report.reading.folding import fold_text
from warehouse.report.reading.identifiers import find_identifiers
from warehouse.report.reading.kinds import is_planned, tell_kind, tell_sign
from warehouse.report.reading.mention import IMPLIED, Mention, clean
from warehouse.report.reading.mentions import build_mentions
from warehouse.report.reading.named import find_named
from warehouse.report.reading.names import find_idioms, find_names
from warehouse.report.reading.ranks import RANK_UNIT, find_moves, find_ranks
from warehouse.report.reading.sentences import Sentence, divide
from warehouse.report.reading.tables import Cell, find_cells, settle

BREAKTHROUGH = re.compile(r"零的突破|零突破")
_WITHIN_YEARS = re.compile(
    r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2})(?:年|个?月)(?=内|间)|1[0-8]\d\d年"
)
_SESSION = re.compile(r"[一二三四五六七八九十]{1,3}次(?=全会|全体会议|会议)")
_ENDLESS = re.compile(r"\d{25,}|\d{1,3}(?:,\d{3}){8,}")
"""More digits than any amount has: a key, a checksum or rubbish."""
_FRACTION = re.compile(
    r"[百千]分之[零〇一二两三四五六七八九十百点]+|[一二两三四五六七八九十]点[一二三四五六七八九]|翻[一两二三]番"
)
_SIGNED = re.compile(r"[-－−]")
_JOINED = re.compile(r"[、和与及]|以及")
_REMARK = re.compile(r"〔[^〔〕]*[\u4e00-\u9fff][^〔〕]*〕")
"""A remark put into a text, such as one for a figure that is not published, names no figure."""
_PUNCTUATION = re.compile(r"[，,。；;、）)（(：:\s]|$")


@dataclass(frozen=True)
class Plain:
    """A number that is no figure.

    Attributes:
        kind: date, identifier or name.
    """

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Reading:
    """What was found in a text.

    Attributes:
        text: folded, of the same length as the document's.
        sentences: all of it.
        dates: every date and period.
        plain: numbers that are no figures, dates among them, by place.
        mentions: numbers that are, or are planned, by place.
    """

    document: Document
    text: str
    sentences: Sequence[Sentence]
    dates: Sequence[DateSpan]
    plain: Sequence[Plain]
    mentions: Sequence[Mention]


def read_numbers(document: Document) -> Reading:
    """Finds every number of a text."""
    text = fold_text(document.text)
    sentences = divide(document, text)
    names, dates = find_names(text), find_dates(text)
    identifiers = find_identifiers(text)
    claimed = _choose(
        [
            *(Plain(item.start, item.end, "name") for item in names),
            *(Plain(item.start, item.end, "identifier") for item in identifiers),
            *(Plain(item.start, item.end, "date") for item in dates),
            *(Plain(*match.span(), "date") for match in _WITHIN_YEARS.finditer(text)),
            *(Plain(*match.span(), "identifier") for match in _SESSION.finditer(text)),
            *(Plain(*match.span(), "identifier") for match in _ENDLESS.finditer(text)),
        ]
    )
    markers = {(item.start, item.end) for item in identifiers if item.kind == "marker"}
    plain = [item for item in claimed if (item.start, item.end) not in markers]
    kept = {(item.start, item.end) for item in plain if item.kind == "date"}
    aside = [match.span() for match in _REMARK.finditer(text)]
    hidden = hide(
        text, [*((item.start, item.end) for item in claimed), *_list_idioms(text), *aside]
    )
    cells = find_cells(document, text)
    found = _classify(text, hidden, sentences, cells)
    mentions = build_mentions(document, text, sentences, found)
    _place(mentions, cells, text)
    mentions += find_named(text, sentences, mentions)
    return Reading(
        document, text, sentences, [item for item in dates if (item.start, item.end) in kept],
        plain, mentions,
    )  # fmt: skip


def _choose(spans: Iterable[Plain]) -> list[Plain]:
    """Of spans that overlap, the one that covers most; by place."""
    chosen: list[Plain] = []
    for item in sorted(spans, key=lambda span: (span.start, -span.end)):
        if chosen and item.start < chosen[-1].end:
            if item.end - item.start > chosen[-1].end - chosen[-1].start:
                chosen[-1] = item
            continue
        chosen.append(item)
    return chosen


def _list_idioms(text: str) -> list[tuple[int, int]]:
    """Where characters that look like numerals are none; 一点 in 一点九 is one."""
    fractions = {at for match in _FRACTION.finditer(text) for at in range(*match.span())}
    return [span for span in find_idioms(text) if span[0] not in fractions]


def _place(mentions: Sequence[Mention], cells: Sequence[Cell], text: str) -> None:
    """Names the numbers of tables by the heads of their rows and columns."""
    for mention in mentions:
        cell = _find_cell(cells, mention.amount.start)
        if cell is not None:
            mention.beside, mention.reach = clean(cell.name(text)), clean(cell.name_wider(text))
            mention.behind, mention.parent, mention.is_part = "", None, False
            mention.role, mention.cell = None, cell


def _find_cell(cells: Sequence[Cell], place: int) -> Cell | None:
    at = bisect_right(cells, place, key=lambda cell: cell.start) - 1
    return cells[at] if at >= 0 and place < cells[at].end else None


def _classify(
    text: str, hidden: str, sentences: Sequence[Sentence], cells: Sequence[Cell]
) -> list[tuple[Amount, Kind]]:
    """Finds the amounts in the hidden text, and tells what they are by all of it."""
    ranks = find_ranks(hidden)
    moves = mark(find_moves(hidden), len(text))
    rest = hide(hidden, ((item.start, item.end) for item in ranks))
    implied = [
        Amount(*match.span(), Decimal(1), None, IMPLIED, Decimal(1), Decimal(1))
        for match in BREAKTHROUGH.finditer(hidden)
    ]
    rest = hide(rest, ((item.start, item.end) for item in implied))
    amounts = [item for item in find_amounts(rest) if not _is_idle(item, hidden)]
    found: list[tuple[Amount, Kind]] = []
    at, earlier = 0, 0
    for item in sorted([*ranks, *implied, *amounts], key=lambda amount: amount.start):
        while at < len(sentences) and sentences[at].end <= item.start:
            at += 1
        if at == len(sentences) or item.start < sentences[at].start:
            continue
        told = _tell(item, text, sentences[at], earlier, moves)
        cell = _find_cell(cells, item.start)
        if cell is not None:
            found.append(settle(*told, cell, text))
        else:
            found.append(_go_on(found[-1], told, text) if found else told)
        earlier = item.end
    return found


def _tell(
    item: Amount, text: str, sentence: Sentence, earlier: int, moves: bytearray
) -> tuple[Amount, Kind]:
    heading = sentence.heading
    title = text[heading.start : heading.end] if heading else ""
    if item.qualifier == IMPLIED:
        return item, "target" if is_planned(item, text, sentence, title) else "measure"
    if moves[item.start] and text[item.start] not in "第首榜头魁前":
        return replace(item, unit=RANK_UNIT), "growth"
    kind = tell_kind(item, text, sentence, title, max(earlier, sentence.start))
    if kind == "growth" and tell_sign(item, text, sentence) < 0:
        return replace(item, value=-item.value), kind
    return item, kind


def _go_on(
    before: tuple[Amount, Kind], told: tuple[Amount, Kind], text: str
) -> tuple[Amount, Kind]:
    """A number of a list is what the one before it is: 分别增长12%、15%和18%."""
    (first, kind), (item, _) = before, told
    is_list = _JOINED.fullmatch(text[first.end : item.start]) is not None
    if not is_list or first.unit != item.unit or kind not in {"growth", "target"}:
        return told
    is_word = not _SIGNED.search(text, first.start, first.end)
    is_fall = kind == "growth" and is_word and first.value < 0 < item.value
    return (replace(item, value=-item.value) if is_fall else item), kind


def _is_idle(item: Amount, text: str) -> bool:
    """Whether a single 一 counts nothing: 一项 is an amount only behind what it counts."""
    return item.is_lone and not _PUNCTUATION.match(text, item.end)
