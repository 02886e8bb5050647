"""Labelled texts, and how well the numbers of a text are found and tied: a scorer."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from warehouse.contracts.load import load_expectations
from warehouse.report.documents.headings import guess_heading
from warehouse.report.model import FIGURES, Block, BlockRole, Document, Item

PROSE = Path(__file__).parent / "cases" / "prose"
REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
CODES = {item.code for item in load_expectations().codes.indicators}
_MARK = re.compile(r"\[\[(?P<quote>[^\[\]]+?)::(?P<facts>[^\[\]]+)\]\]")
_AMOUNTS = frozenset({*FIGURES, "target"})
_SAME_KIND = ({"measure", "share"},)
"""A rate may be called either: the labels of the reference call every percentage a measure."""


@dataclass(frozen=True)
class Label:
    """What a number of a text is, as a person read it."""

    start: int
    end: int
    kind: str
    value: Decimal | None = None
    unit: str | None = None
    code: str | None = None
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Labelled:
    """A text with the labels of its numbers."""

    document: Document
    labels: tuple[Label, ...]


def read_labelled(path: Path) -> Labelled:
    """Reads a text whose numbers are marked in place; its first line is about the text."""
    marked = path.read_text(encoding="utf-8").partition("\n")[2]
    text, labels, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        start = len(text)
        text += match["quote"]
        labels.append(_read_facts(start, len(text), match["facts"].split()))
        at = match.end()
    return Labelled(make_document(path.stem, text + marked[at:]), tuple(labels))


def make_document(name: str, text: str) -> Document:
    """A plain text as the reader of plain texts would give it, its headings told by their look."""
    blocks = [
        Block(match.start(), match.end(), *_tell_role(match.group()))
        for match in re.finditer(r"[^\n]*\S[^\n]*", text)
    ]
    return Document(name, text, tuple(blocks))


def _tell_role(line: str) -> tuple[BlockRole, int]:
    level = guess_heading(line)
    return ("heading" if level else "paragraph"), level


def _read_facts(start: int, end: int, facts: Sequence[str]) -> Label:
    kind, *rest = facts
    keys = dict(fact.split("=", 1) for fact in rest if "=" in fact)
    plain = [fact for fact in rest if "=" not in fact]
    if kind not in _AMOUNTS:
        return Label(start, end, kind, keys=keys)
    value, unit, code = plain
    return Label(start, end, kind, Decimal(value), unit, None if code == "-" else code, keys)


@dataclass
class Score:
    """How many numbers were found as they are, and how many ties were right or wrong."""

    name: str = ""
    labels: int = 0
    found: int = 0
    tied: int = 0
    codes: int = 0
    right: int = 0
    wrong: int = 0
    mistakes: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("labels", "found", "tied", "codes", "right", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.mistakes += other.mistakes

    @property
    def found_share(self) -> float:
        return self.found / max(self.labels, 1)

    @property
    def right_share(self) -> float:
        return self.right / max(self.codes, 1)

    @property
    def wrong_share(self) -> float:
        return self.wrong / max(self.tied, 1)

    def __str__(self) -> str:
        return (
            f"found {self.found}/{self.labels} {self.found_share:.1%}  "
            f"right ties {self.right}/{self.codes} {self.right_share:.1%}  "
            f"wrong ties {self.wrong}/{self.tied} {self.wrong_share:.1%}"
        )


def score_items(labelled: Labelled, items: Sequence[Item]) -> Score:
    """Compares items with labels.

    A number is found if an item lies at its place with its kind, value and unit. A tie is wrong if
    its code is not the label's, or if no label is there.
    """
    score = Score(labels=len(labelled.labels), name=labelled.document.name)
    left = list(items)
    for label in labelled.labels:
        item = _pick(label, left)
        if item is not None:
            left.remove(item)
        _judge(score, labelled, label, item)
    for item in left:
        if item.indicator_code or item.series_code:
            score.tied += 1
            score.wrong += 1
            score.mistakes.append(
                f"{labelled.document.name}: WRONG, nothing is labelled here: {_show(item)}"
            )
    return score


def _judge(score: Score, labelled: Labelled, label: Label, item: Item | None) -> None:
    text = labelled.document.text
    before, quote = text[max(label.start - 14, 0) : label.start], text[label.start : label.end]
    after = text[label.end : label.end + 10]
    place = f"{labelled.document.name}: {before}【{quote}】{after}".replace("\n", "⏎")
    is_found = item is not None and _is_alike(label, item)
    score.found += is_found
    if not is_found:
        wanted = (label.kind, str(label.value), label.unit)
        score.mistakes.append(f"{place} found {_show(item)} wanted {wanted}")
    score.codes += label.code is not None
    code = (item.indicator_code or item.series_code) if item else None
    score.tied += code is not None
    if code is not None and code != label.code:
        score.wrong += 1
        score.mistakes.append(f"{place} WRONG {code} wanted {label.code}")
    elif code is None and label.code is not None:
        reason = item.reason.zh if item and item.reason else ""
        score.mistakes.append(f"{place} untied, wanted {label.code}: {reason}")
    score.right += code is not None and code == label.code


def _pick(label: Label, items: Sequence[Item]) -> Item | None:
    """The item that overlaps a label most."""
    overlapping = [item for item in items if item.start < label.end and label.start < item.end]
    return max(
        overlapping,
        key=lambda item: (
            item.kind == label.kind,
            min(item.end, label.end) - max(item.start, label.start),
        ),
        default=None,
    )


def _is_alike(label: Label, item: Item) -> bool:
    is_kind = label.kind == item.kind or any({label.kind, item.kind} <= same for same in _SAME_KIND)
    if label.kind not in _AMOUNTS:
        return is_kind
    if label.keys.get("qualifier") == "implied" and label.kind == "growth":
        return is_kind  # 翻番 is 100 % to one reader and 1 倍 to the other
    return is_kind and item.value == label.value and item.unit == label.unit


def _show(item: Item | None) -> str:
    if item is None:
        return "nothing"
    code = item.indicator_code or item.series_code
    return f"({item.text} {item.kind} {item.value} {item.unit} {code})"


def read_reference() -> Labelled:
    """The reference report with the labels of its claims."""
    text = (REFERENCE / "report_2020.txt").read_text(encoding="utf-8")
    with (REFERENCE / "claims.csv").open(encoding="utf-8", newline="") as file:
        labels = [_read_claim(text, row) for row in csv.DictReader(file)]
    return Labelled(make_document("report_2020", text), tuple(labels))


_KINDS = {
    "measure": "measure", "implied": "measure", "rank": "rank", "ordinal": "identifier",
    "identifier": "identifier", "date": "date", "nominal": "name", "nominal_target": "name",
}  # fmt: skip


def _read_claim(text: str, row: dict[str, str]) -> Label:
    kind = _KINDS[row["kind"]]
    start, end = _place_claim(text, row)
    if kind not in _AMOUNTS:
        return Label(start, end, kind)
    value = Decimal(row["value_normalised"])
    value = value * 100 if row["unit_zh"] == "%" else value
    return Label(start, end, kind, value, row["unit_zh"], row["indicator_code"])


def _place_claim(text: str, row: dict[str, str]) -> tuple[int, int]:
    """Where a claim stands: `char_start` may be a few words before its number."""
    start = int(row["char_start"])
    if row["kind"] == "implied":
        return start, start + 6
    raw = re.sub(r"\D*(?=\d|[一二两三四五六七八九十])", "", row["value_raw"], count=1)
    at = text.find(raw, start, start + 40)
    return (at, at + len(raw)) if at >= 0 else (start, start + 4)


def score_expected(
    document: Document, rows: Sequence[dict[str, str]], items: Sequence[Item]
) -> Score:
    """Compares items with the figures a text of the reference is expected to hold.

    Its codes are wider than ours: a figure we have no indicator for must stay untied.
    """
    score = Score(labels=len(rows), name=document.name)
    left = list(items)
    for row in rows:
        value = Decimal(row["value"]) * (100 if row["unit"] == "%" else 1)
        found = [item for item in left if item.value == value and item.unit == row["unit"]]
        if not found:
            continue
        left.remove(found[0])
        score.found += 1
        code = found[0].indicator_code or found[0].series_code
        is_ours = row["indicator"] in CODES
        score.codes += is_ours
        score.tied += code is not None
        score.right += code is not None and code == row["indicator"]
        score.wrong += code is not None and code != row["indicator"]
    return score


def read_reference_texts() -> Iterator[tuple[Document, list[dict[str, str]]]]:
    """The texts of the reference with the figures they are expected to hold."""
    with (REFERENCE / "texts" / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in dict.fromkeys(row["text_id"] for row in rows):
        text = (REFERENCE / "texts" / f"{name}.txt").read_text(encoding="utf-8")
        yield make_document(name, text), [row for row in rows if row["text_id"] == name]


def list_texts(folder: str) -> list[Path]:
    """The labelled texts of a set: `developing`, `kept_aside`, or the report of our own."""
    return sorted((PROSE / folder).glob("*.txt")) if folder else [PROSE / "own_report_2020.txt"]
