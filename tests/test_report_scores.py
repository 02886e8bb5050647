"""How well the numbers of labelled texts are found and tied, and that the documents say so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from example_figures import REPORT_DAY, judge_example
from prose_score import (
    REFERENCE,
    Labelled,
    Score,
    list_texts,
    read_labelled,
    read_reference,
    read_reference_texts,
    score_expected,
    score_items,
)
from score_tables import DOCUMENT, write_scores

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference is not here")


def score_all(texts: list[Labelled], as_of: date | None = None) -> Score:
    total = Score()
    for text in texts:
        total.add(score_items(text, judge_example(as_of).check(text.document).items))
    return total


@needs_reference
def test_the_reference_report_is_read_as_a_person_read_it() -> None:
    score = score_all([read_reference()], REPORT_DAY)
    assert score.found_share >= 0.98, score.mistakes
    assert score.right_share >= 0.90, score.mistakes
    assert score.wrong_share <= 0.01, score.mistakes


@needs_reference
def test_of_the_reference_report_every_figure_holds_but_the_one_that_is_withheld() -> None:
    items = judge_example(REPORT_DAY).check(read_reference().document).items
    open_items = [item for item in items if item.status not in {"agrees", "not a measure"}]
    assert [(item.text, item.indicator_code, item.status) for item in open_items] == [
        ("近240亿元", "fee_reduction_amount", "cannot be tied")
    ]


def test_our_own_report_of_the_same_claims_is_read_as_it_is_meant() -> None:
    text = read_labelled(list_texts("")[0])
    score = score_all([text], REPORT_DAY)
    assert score.found_share >= 0.98, score.mistakes
    assert score.right_share >= 0.90, score.mistakes
    assert score.wrong_share <= 0.01, score.mistakes
    items = judge_example(REPORT_DAY).check(text.document).items
    assert not [item for item in items if item.status == "contradicts"]


@needs_reference
@pytest.mark.parametrize("at", range(3))
def test_the_other_texts_of_the_reference_are_read_and_nothing_is_tied_wrongly(at: int) -> None:
    document, rows = list(read_reference_texts())[at]
    score = score_expected(document, rows, judge_example().check(document).items)
    assert score.found == score.labels
    assert score.wrong == 0
    assert score.right == score.codes


@pytest.mark.parametrize(
    ("folder", "found", "wrong"), [("developing", 0.97, 0.01), ("kept_aside", 0.95, 0.02)]
)
def test_texts_are_read_as_they_are_labelled(folder: str, found: float, wrong: float) -> None:
    score = score_all([read_labelled(path) for path in list_texts(folder)])
    assert score.found_share >= found
    assert score.wrong_share <= wrong


@pytest.mark.parametrize(
    "path", list_texts("kept_aside") + list_texts("developing"), ids=lambda path: path.stem
)
def test_a_figure_of_another_place_is_held_against_nothing(path: Path) -> None:
    text = read_labelled(path)
    items = {item.start: item for item in judge_example().check(text.document).items}
    foreign = ("武汉", "孝感", "宜昌", "鄂州", "全省", "湖北省", "咸宁", "全国")
    for label in text.labels:
        item = items.get(label.start)
        if item is not None and label.keys.get("scope", "").startswith(foreign):
            assert item.series_code is None or item.kind == "rank", (item.text, item.reason)


def test_the_documents_say_what_the_scorer_finds() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == write_scores()
