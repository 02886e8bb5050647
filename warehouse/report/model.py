"""What is said of a text: where its parts lie, every number in it, and what is inconsistent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, get_args

from warehouse.contracts.model import Text

Kind = Literal["measure", "share", "growth", "rank", "target", "date", "identifier", "name"]
"""What a number is. `measure`: a count or a sum; `share`: a part of a whole or a rate, in percent;
`growth`: a change against another period or place; `rank`: a place in a comparison; `target`: a
plan, never a figure of what is; `date`: a day, a period or a clock; `identifier`: a document,
batch, standard or other number that only tells things apart; `name`: a number inside a name."""

Status = Literal[
    "agrees",
    "agrees when rounded",
    "explained by a later revision",
    "contradicts",
    "cannot be tied",
    "not a measure",
]
STATUSES: tuple[Status, ...] = get_args(Status)
FIGURES: frozenset[Kind] = frozenset({"measure", "share", "growth", "rank"})
"""The kinds that a warehouse can hold; the others are no measures, and a target is a plan."""

BlockRole = Literal["heading", "paragraph", "item", "cell"]


@dataclass(frozen=True)
class Block:
    """A stretch of a text that stands for itself: heading, paragraph, list item or table cell.

    Attributes:
        start: its first character in the plain text.
        end: the one after its last.
        role: what it is.
        level: of a heading, 1 being the title; 0 otherwise.
        place: of a cell its table, row and column, each counted from 0; None where it has none.
    """

    start: int
    end: int
    role: BlockRole = "paragraph"
    level: int = 0
    place: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Document:
    """A text as it was read.

    Attributes:
        name: of its file.
        text: the plain text; all offsets count its characters. Of a plain text file it is what the
            file says, to the character.
        blocks: its parts in their order, without overlap.
    """

    name: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Item:
    """One number of a text, what it is, and whether it holds.

    Attributes:
        start: its first character in the plain text; `end` is the one after its last.
        text: as written, its unit and what stands between number and unit included: 500余万元.
        value: in `unit`; None where it names no amount (a clock, a document number).
        unit: the one it is published in: money in 元, a percentage in %; else the counter as
            written.
        qualifier: 近, 余, 超过, 约 and the like, as written; `implied` where the amount is said
            without a number.
        kind: see `Kind`.
        period: the period it speaks of, such as 2020Q3; None where the text leaves it open and
            nothing was tied.
        scope: name of the place it speaks of.
        indicator_code: what it counts, as far as it is certain; None otherwise.
        series_code: the series it was held against; None where there is none.
        status: see `Status`.
        warehouse_value: the published value it was held against, in `unit`.
        release: the release that says `warehouse_value`; of a figure explained by a later
            revision, the release in which it stood as the text has it.
        reason: why this status, in one sentence.
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str | None
    qualifier: str | None
    kind: Kind
    period: str | None = None
    scope: str | None = None
    indicator_code: str | None = None
    series_code: str | None = None
    status: Status = "not a measure"
    warehouse_value: Decimal | None = None
    release: int | None = None
    reason: Text | None = None


@dataclass(frozen=True)
class Remark:
    """Something in a text that contradicts the text itself.

    Attributes:
        rule: which rule says so.
        spans: the stretches concerned, the one to look at first being the first.
        sentence: what is wrong.
        remedy: what to do.
    """

    rule: str
    spans: tuple[tuple[int, int], ...]
    sentence: Text
    remedy: Text


@dataclass(frozen=True)
class CheckedText:
    """A text with all that was found in it.

    Attributes:
        document: the text.
        as_of: the day asked for, as 2020-10-27; None for the newest release.
        release: number of the release it was held against.
        release_label: which release that is, and whether it was replayed.
        items: every number, by its place.
        remarks: what contradicts the text itself, by place.
    """

    document: Document
    as_of: str | None
    release: int
    release_label: Text
    items: Sequence[Item] = field(default_factory=tuple)
    remarks: Sequence[Remark] = field(default_factory=tuple)

    def list_facts(self, language: str) -> dict[str, Any]:
        """The check as plain values, as `report check --format json` prints it."""
        return {
            "file": self.document.name,
            "as_of": self.as_of,
            "release": self.release,
            "items": [_list_item(item, language) for item in self.items],
            "remarks": [
                {
                    "rule": remark.rule,
                    "spans": [list(span) for span in remark.spans],
                    "sentence": remark.sentence.of(language),
                    "remedy": remark.remedy.of(language),
                }
                for remark in self.remarks
            ],
        }


def _list_item(item: Item, language: str) -> dict[str, Any]:
    facts = {name: getattr(item, name) for name in Item.__dataclass_fields__}
    return facts | {
        "value": write_plain(item.value),
        "warehouse_value": write_plain(item.warehouse_value),
        "reason": item.reason.of(language) if item.reason else None,
    }


def write_plain(value: Decimal | None) -> int | float | None:
    """A value as JSON has numbers; a whole one without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
