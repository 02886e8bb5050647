"""Groups a submission's findings by cause, in the words of the rules it was judged with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.read.sheet import cell_address, split_address
from warehouse.site.neighbourhood import Neighbourhood, Original, Spot, locate, shorten
from warehouse.site.privacy import hide_personal, mask_numbers
from warehouse.site.signs import SEVERITIES
from warehouse.site.text import say
from warehouse.wording import word_finding

DRAWN_PER_CAUSE, DRAWN_PER_PAGE = 3, 40
MOST_CHARACTERS = 90
"""Of what was read, or expected, in one line of a list."""
LIST_BYTES = 500_000
"""Places listed one by one, with what was read, take at most so much of a page of 1 MB; what comes
after is listed by address alone, in ranges."""


@dataclass(frozen=True)
class Place:
    """Where one finding stands, what was read and expected, and whether it was explained."""

    address: str
    value: str
    expected: str
    explanation: str
    change: str


@dataclass(frozen=True)
class Cause:
    """One rule broken in one column, wherever it was.

    Attributes:
        column: the column's heading; None where no column is meant.
        places: those listed one by one.
        ranges: addresses of the others, in short.
        expected: what would have been right, where that is the same everywhere.
        drawings: the sheet around the first places.
    """

    rule_id: str
    severity: str
    column: str | None
    sentence: Text
    remedy: Text
    count: int
    open_count: int
    places: tuple[Place, ...]
    ranges: str = ""
    expected: str = ""
    drawings: tuple[Neighbourhood, ...] = ()
    has: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_listed(self) -> bool:
        """Whether a list of places says anything beyond the sentence and the drawings."""
        if self.has & {"explanation", "change"}:
            return True
        drawn = sum(len(drawing.marked) for drawing in self.drawings)
        return self.count > drawn and (self.count > 1 or "address" in self.has)


def group_findings(
    findings: Iterable[dict[str, Any]],
    dataset: str | None,
    expectations: Expectations,
    original: Original | None,
) -> list[Cause]:
    """The causes of a submission's findings, the gravest and most frequent first.

    Args:
        findings: rows of `core.finding` with `change` (`new` or `left`; None in a first round).
        dataset: of the submission, where it is known.
        expectations: the contracts it was judged with.
        original: the file itself, to draw from.
    """
    grouped: dict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for finding in findings:
        grouped[finding["rule_id"], finding["column_name"]].append(finding)
    order = list(SEVERITIES)
    groups = sorted(
        grouped.values(), key=lambda group: (order.index(group[0]["severity"]), -len(group))
    )
    room, drawn = LIST_BYTES, 0
    causes = []
    for group in groups:
        drawings = _draw(group, original, min(DRAWN_PER_CAUSE, DRAWN_PER_PAGE - drawn))
        drawn += len(drawings)
        cause, used = _describe(group, dataset, expectations, drawings, room)
        room -= used
        causes.append(cause)
    return causes


def _draw(
    group: Sequence[dict[str, Any]], original: Original | None, most: int
) -> tuple[Neighbourhood, ...]:
    """The sheet around the first places, each of them in one drawing only."""
    if original is None:
        return ()
    spots = [locate(finding) for finding in group]
    failing = frozenset(spots)
    drawings: list[Neighbourhood] = []
    shown: set[Spot] = set()
    for spot in spots:
        if len(drawings) == most:
            break
        if spot not in shown:
            drawing = original.draw(spot, failing)
            shown |= drawing.marked if drawing else {spot}
            drawings += [drawing] if drawing else []
    return tuple(drawings)


def _describe(
    group: Sequence[dict[str, Any]],
    dataset: str | None,
    expectations: Expectations,
    drawings: tuple[Neighbourhood, ...],
    room: int,
) -> tuple[Cause, int]:
    """One cause, and how many bytes its list takes."""
    first = group[0]
    contract = expectations.contracts.get(dataset or "")
    column = contract.columns.get(first["column_name"] or "") if contract else None
    sentence, remedy = _word(expectations, dataset, first)
    wanted = {finding["expected"] for finding in group}
    common = first["expected"] or "" if len(wanted) == 1 else ""
    places: list[Place] = []
    used = 0
    for finding in group:
        place = _make_place(finding, is_expected_common=len(wanted) == 1)
        size = 60 + sum(len(text.encode()) for text in vars(place).values())
        if used + size > room:
            break
        used += size
        places.append(place)
    return Cause(
        rule_id=first["rule_id"],
        severity=first["severity"],
        column=column.heading if column else first["column_name"],
        sentence=sentence,
        remedy=remedy,
        count=len(group),
        open_count=sum(finding["is_open"] for finding in group),
        places=tuple(places),
        ranges=write_ranges(group[len(places) :]),
        expected=shorten(common, 4 * MOST_CHARACTERS),
        drawings=drawings,
        has=frozenset(name for place in places for name, text in vars(place).items() if text),
    ), used


def _word(
    expectations: Expectations, dataset: str | None, finding: dict[str, Any]
) -> tuple[Text, Text]:
    """Sentence and remedy; a rule that no kept contract has any more still has its name."""
    shown = finding | {"value": shorten(hide(finding) or "", MOST_CHARACTERS)}
    try:
        zh, en = (word_finding(expectations, dataset, shown, language) for language in ("zh", "en"))
    except KeyError:
        gone = say("The rule {rule} is no longer in the contracts.", rule=finding["rule_id"])
        return gone, say("Ask the steward.")
    return Text(zh=zh.sentence, en=en.sentence), Text(zh=zh.remedy, en=en.remedy)


def hide(finding: dict[str, Any]) -> str | None:
    """What was read; outside the contract's columns a clerk may have written anything."""
    value: str | None = finding["value"]
    return value if finding["column_name"] else hide_personal(value)


def _make_place(finding: dict[str, Any], *, is_expected_common: bool) -> Place:
    expected = "" if is_expected_common else finding["expected"] or ""
    return Place(
        address=write_address(finding),
        value=shorten(hide(finding) or "", MOST_CHARACTERS),
        expected=shorten(expected, MOST_CHARACTERS),
        explanation=shorten(mask_numbers(finding["explanation"]) or "", 2 * MOST_CHARACTERS),
        change=finding["change"] or "",
    )


def write_address(finding: dict[str, Any]) -> str:
    """`Sheet!B7`; the row alone where no cell is at fault; empty for the form as a whole."""
    place = finding["cell"] or (str(finding["source_row"]) if finding["source_row"] else "")
    sheet = finding["sheet"]
    return f"{sheet}!{place}" if sheet and place else place or sheet or ""


def write_ranges(findings: Sequence[dict[str, Any]]) -> str:
    """Addresses in short, cells below one another as a range: `C7:C2006, D9`."""
    runs: list[list[tuple[str, int, int]]] = []
    texts = []
    for finding in findings:
        if not finding["cell"] or not re.fullmatch(r"[A-Z]+\d+", finding["cell"]):
            texts.append(write_address(finding))
            continue
        row, column = split_address(finding["cell"])
        spot = (finding["sheet"], column, row)
        if runs and runs[-1][-1][:2] == spot[:2] and runs[-1][-1][2] + 1 == row:
            runs[-1].append(spot)
        else:
            runs.append([spot])
    for run in runs:
        sheet, column, row = run[0]
        first, last = cell_address(row, column), cell_address(run[-1][2], column)
        text = first if len(run) == 1 else f"{first}:{last}"
        texts.append(f"{sheet}!{text}" if sheet else text)
    return ", ".join(texts)
