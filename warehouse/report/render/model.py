"""What became of a report: what was printed, what was refused, what is bound to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from warehouse.contracts.model import Text
from warehouse.report.figures import Figure, ReleaseName

PrintedKind = Literal["figure", "growth", "share", "difference", "breakthrough"]
"""What a printed number is: a published figure itself, or what was computed from it."""


@dataclass(frozen=True)
class Bound:
    """A printed number and the published figure it comes from.

    Attributes:
        order: its place among all that carry a footnote, from 1; the number of the footnote too.
        text: as printed, qualifier and unit included.
        kind: whether it is the figure or was computed from it.
        value: of the figure, in `unit`; of what was computed, the number printed.
        unit: the published one; of a growth or a share %.
        unit_code: the reporting unit's.
        release: number of the release the figure was read in.
        against: the figure it was computed with: the year before, or the whole.
    """

    order: int
    text: str
    kind: PrintedKind
    series_code: str
    indicator_code: str | None
    period: str
    unit_code: str
    value: Decimal
    unit: str
    release: int
    against: Figure | None = None


@dataclass(frozen=True)
class Refused:
    """A number, or a picture, that was asked for and is not printed.

    Attributes:
        order: see `Bound`.
        text: the mark that stands in its place.
        code: as the template names it.
        reason: why, in one sentence.
    """

    order: int
    text: str
    code: str
    name: Text
    period: str
    unit_code: str
    reason: Text


@dataclass(frozen=True)
class Drawn:
    """A picture, and the figures its points are."""

    order: int
    title: str
    points: Sequence[Figure]


@dataclass(frozen=True)
class Loose:
    """A number of the report that is bound to nothing: typed into the template.

    Attributes:
        line: of the report as Markdown.
        text: the number with what stands around it.
    """

    line: int
    text: str


@dataclass(frozen=True)
class Rendered:
    """A written report.

    Attributes:
        files: the report first, then what lies beside it.
        release: the one every figure was read in.
        bound: every printed number, in its order.
        refused: every number that is not printed, in its order; the report is to be mended where
            there is one.
        drawn: every picture.
        loose: numbers that no figure stands behind, other than periods and releases.
    """

    files: Sequence[Path]
    release: ReleaseName
    bound: Sequence[Bound] = field(default_factory=tuple)
    refused: Sequence[Refused] = field(default_factory=tuple)
    drawn: Sequence[Drawn] = field(default_factory=tuple)
    loose: Sequence[Loose] = field(default_factory=tuple)
