"""Whether a text agrees with itself: what its own figures say against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, permutations

from warehouse.report.consistency.growth import check_growth
from warehouse.report.consistency.passages import Sentence, read_sentences
from warehouse.report.consistency.repeats import check_additions, check_repeats
from warehouse.report.consistency.shares import check_shares
from warehouse.report.consistency.totals import check_distributed, check_parts, check_units
from warehouse.report.model import Document, Item, Remark

RULES = (
    "slip_of_the_point",
    "sum_of_list",
    "part_exceeds_total",
    "share_differs",
    "growth_differs",
    "same_figure_twice",
)
"""Every rule, the one whose word counts where two speak of the same places first."""
_LONGEST_SENTENCE = 80
"""Figures; more of them between two full stops are a table that lost its lines."""


def find_remarks(document: Document, items: Sequence[Item]) -> list[Remark]:
    """Everything in which a text contradicts itself.

    A rule that is not certain what a figure belongs to says nothing.

    Args:
        document: the text.
        items: its numbers, by place.

    Returns:
        The remarks by place; of two that have two figures in common only one.
    """
    sentences = read_sentences(document, items)
    found = [*check_repeats(sentences), *check_additions(sentences)]
    for _, group in groupby(sentences, key=lambda sentence: sentence.block):
        found.extend(_check_block(list(group)))
    return sorted(_keep_one_each(found), key=lambda remark: (remark.spans[0], remark.rule))


def _keep_one_each(found: Sequence[Remark]) -> Iterator[Remark]:
    """Of remarks that have two figures in common, the one whose rule counts first."""
    told: set[tuple[object, object]] = set()
    for remark in sorted(found, key=lambda remark: RULES.index(remark.rule)):
        spans = remark.spans
        pairs = set(permutations(spans, 2)) if len(spans) > 1 else {(spans[0], spans[0])}
        if not pairs & told:
            yield remark
        told |= pairs


def _check_block(sentences: Sequence[Sentence]) -> Iterator[Remark]:
    if sentences[0].role == "cell":
        return
    yield from check_units(sentences)
    for sentence in sentences:
        if 1 < len(sentence.mentions) <= _LONGEST_SENTENCE:
            yield from check_parts(sentence)
            yield from check_distributed(sentence)
            yield from check_shares(sentence)
            yield from check_growth(sentence)
