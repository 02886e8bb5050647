"""A report that was rendered is read back: every figure is tied, and a changed digit is found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_figures import FIRST, make_history

from warehouse.contracts.load import DEFAULT_EXPECTATIONS, load_expectations
from warehouse.periods import Period
from warehouse.report.check import Judge
from warehouse.report.documents.read import read_document
from warehouse.report.figures import Figures
from warehouse.report.model import Document, Item
from warehouse.report.reading.places import load_places
from warehouse.report.reading.wording import load_lexicon
from warehouse.report.render import Rendered, render_report

EXPECTATIONS = load_expectations()
LEXICON = load_lexicon(EXPECTATIONS.codes)
PLACES = load_places(DEFAULT_EXPECTATIONS)
TEMPLATE = DEFAULT_EXPECTATIONS / "reports" / "quality_and_brand.md"
WITHOUT_CHARTS = re.sub(r"\{\{ chart.*\}\}\n", "", TEMPLATE.read_text(encoding="utf-8"))
"""Drawing takes two seconds a report and says no number."""
HOLDS = {"agrees", "agrees when rounded"}


class Report:
    """The shipped report of a random period, as known on a random day of a random history."""

    def __init__(self, seed: int, folder: Path, ending: str = ".md") -> None:
        random = Random(seed)
        connection, releases = make_history(EXPECTATIONS.codes, seed)
        count = len(releases)
        number = random.randint(5, count)
        self.as_of: date = releases[number]
        self.period: Period = FIRST.shift(random.randint(4, number - 1))
        self.figures = Figures(connection, self.as_of)
        self.judge = Judge(self.figures, EXPECTATIONS.codes, LEXICON, PLACES)
        template = folder / "template.md"
        template.write_text(WITHOUT_CHARTS, encoding="utf-8")
        self.rendered: Rendered = render_report(
            template, self.figures, EXPECTATIONS, self.period, folder / f"report{ending}"
        )
        self.document = read_document(self.rendered.files[0])

    def check(self, text: str | None = None) -> list[Item]:
        """The figures found in the report, or in a changed text of it."""
        said = self.document if text is None else _change(self.document, text)
        return [item for item in self.judge.check(said).items if item.status != "not a measure"]

    def find_printed(self) -> Iterator[tuple[int, str]]:
        """Where every printed figure stands in the plain text, and how it is printed."""
        at = 0
        for bound in self.rendered.bound:
            at = self.document.text.index(bound.text, at)
            yield at, bound.text
            at += len(bound.text)


def _change(document: Document, text: str) -> Document:
    return Document(document.name, text, document.blocks)


def list_bad(report: Report, items: Sequence[Item]) -> list[str]:
    return [
        f"{item.text} {item.indicator_code} {item.status} {item.reason.zh if item.reason else ''}"
        for item in items
        if item.status not in HOLDS
    ]


@settings(max_examples=4, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_what_was_rendered_is_tied_to_the_last_figure_and_contradicts_nothing(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    report = Report(seed, tmp_path_factory.mktemp("report"))
    items = report.check()
    assert list_bad(report, items) == []
    assert [item.series_code for item in items] == [
        bound.series_code for bound in report.rendered.bound
    ]


@settings(max_examples=2, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_one_digit_changed_in_any_printed_figure_is_found(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    report = Report(seed, tmp_path_factory.mktemp("report"))
    random = Random(seed)
    text = report.document.text
    for start, printed in report.find_printed():
        digits = [at for at, sign in enumerate(printed, start) if sign.isdecimal()]
        if not digits:
            continue
        at = random.choice(digits)
        digit = random.choice([sign for sign in "0123456789" if sign != text[at]])
        changed = text[:at] + digit + text[at + 1 :]
        found = [item for item in report.check(changed) if item.start <= at < item.end]
        assert all(item.status not in HOLDS for item in found), (printed, changed[start:][:20])
