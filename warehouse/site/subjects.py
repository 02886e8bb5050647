"""One page per subject: its main series in charts and tables, and what they are made from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import polars as pl

from warehouse.contracts.model import Text
from warehouse.contracts.subjects import MainSeries, Subject, build_subjects
from warehouse.ledger.tables import quote
from warehouse.site.downloads import (
    encode_standing_csv,
    encode_standing_xlsx,
    encode_vintages_csv,
)
from warehouse.site.evidence import evidence_path
from warehouse.site.main_series import SeriesFacts
from warehouse.site.page import Page, Site
from warehouse.site.published import PublishedFigures, read_published
from warehouse.site.received import Row
from warehouse.site.series_charts import draw_city, draw_revisions, draw_units
from warehouse.site.series_past import PastFacts
from warehouse.site.text import say
from warehouse.site.unit_series import UnitFacts

STATUSES: Final[dict[str, Text]] = {
    "provisional": say("provisional"),
    "final": say("final"),
    "revised": say("revised"),
}
BASES: Final[dict[str, Text]] = {
    "counted": say("counted"),
    "reported": say("reported"),
}
_WORDS: Final[dict[str, Any]] = {"statuses": STATUSES, "bases": BASES}
MOST_PERIODS = 12
"""Periods of a table that are seen at once; the older ones are folded, not left out."""


@dataclass(frozen=True)
class SubjectPages:
    """The pages of all subjects, and their list."""

    site: Site

    def list_pages(self) -> Iterator[Page]:
        """Every subject's page, and the list of them."""
        expectations = self.site.expectations
        subjects = build_subjects(expectations.texts, expectations.codes, expectations.contracts)
        published = read_published(self.site.settings, subjects)
        coverage = _group(published.coverage.to_dicts(), "dataset")
        listed = []
        for subject in subjects:
            vintages = _select(published, subject)
            listed.append((subject, vintages))
            yield self._plan(subject, vintages, coverage)
        yield Page(
            "subjects/index.html",
            "subjects.html",
            [(subject.model_dump(), _hash(vintages)) for subject, vintages in listed],
            lambda: _WORDS | {"subjects": [self._summarise(*item) for item in listed]},
        )

    def _plan(
        self,
        subject: Subject,
        vintages: pl.DataFrame,
        coverage: Mapping[str, Sequence[Row]],
    ) -> Page:
        rates = [
            (self.site.name_dataset(name), coverage.get(name, [])) for name in subject.datasets
        ]
        models = self._find_models(vintages)
        units = self.site.expectations.codes.reporting_units
        inputs = {
            "subject": subject.model_dump(),
            "figures": _hash(vintages),
            "rates": rates,
            "models": models,
            "units": [unit.model_dump() for unit in units],
        }
        return Page(
            f"subjects/{subject.code}.html",
            "subject.html",
            inputs,
            lambda: (
                self._fill(subject, vintages)
                | {"rates": rates, "models": models, "has_figures": vintages.height > 0}
            ),
            self._plan_downloads(subject, vintages) if vintages.height else {},
        )

    def _fill(self, subject: Subject, vintages: pl.DataFrame) -> dict[str, Any]:
        rows = _assign(subject, vintages.to_dicts())
        return _WORDS | {
            "subject": subject,
            "sections": [self._describe(main, rows[main.code]) for main in subject.main],
            "most_periods": MOST_PERIODS,
            "evidence": self._find_evidence,
            "query": write_query(subject),
            "as_of_query": write_query(subject, "mart.series_as_of(current_date)"),
        }

    def _facts(self, main: MainSeries, rows: Sequence[Row]) -> SeriesFacts:
        return SeriesFacts(main, rows, self.site.expectations.codes.reporting_units)

    def _describe(self, main: MainSeries, rows: Sequence[Row]) -> dict[str, Any]:
        """One main series with its drawings."""
        city = self._facts(main, rows)
        units, past = UnitFacts(city), PastFacts(city)
        points, panels, revisions = city.points, units.panels, past.revisions
        unit = city.scale.unit
        has_panels = any(found for _, found in panels)
        return {
            "main": main,
            "unit": unit,
            "city": city,
            "units": units,
            "past": past,
            "city_chart": draw_city(points, city.periods, unit) if points else None,
            "unit_chart": draw_units(panels, units.periods, unit) if has_panels else None,
            "revision_chart": draw_revisions(revisions, city.periods, unit) if revisions else None,
            "longest": max((line["value"] or 0 for line in units.ranking), default=0),
        }

    def _summarise(
        self, subject: Subject, vintages: pl.DataFrame
    ) -> tuple[Subject, list[dict[str, Any]]]:
        """The newest figure of each main series."""
        rows = _assign(subject, vintages.to_dicts())
        lines = []
        for main in subject.main:
            facts = self._facts(main, rows[main.code])
            newest = next(iter(facts.lines), None)
            lines.append({"main": main, "unit": facts.scale.unit, "line": newest})
        return subject, lines

    def _find_evidence(self, row: Row) -> str | None:
        """Where the evidence of a city's figure lies; one without an indicator has no page."""
        has_page = row["indicator_code"] and self.site.rules.evidence
        return evidence_path(row["series_code"], row["period"]) if has_page else None

    def _find_models(self, vintages: pl.DataFrame) -> list[tuple[str, str]]:
        """Name and text of the SQL files the figures come from: the marts, then the series."""
        marts = self.site.rules.marts
        codes: Iterable[str] = vintages["series_code"].unique() if vintages.height else ()
        names = sorted({code.split(".")[0] for code in codes if "." in code})
        return [(name, marts[name].text) for name in (*names, "series") if name in marts]

    def _plan_downloads(
        self, subject: Subject, vintages: pl.DataFrame
    ) -> dict[str, Callable[[], bytes]]:
        place = f"subjects/{subject.code}"
        notes = [
            f"{subject.title.zh}。{subject.about.zh}",
            f"{subject.title.en}. {subject.about.en}",
            write_query(subject),
        ]
        return {
            f"{place}.csv": partial(encode_standing_csv, vintages),
            f"{place}.xlsx": partial(encode_standing_xlsx, vintages, notes),
            f"{place}-vintages.csv": partial(encode_vintages_csv, vintages),
        }


def write_query(subject: Subject, table: str = "mart.series") -> str:
    """A query for the subject's series, to be run on the published file."""
    lists = {
        "series_code": [item.series for item in subject.main if item.series],
        "indicator_code": [item.indicator for item in subject.main if item.indicator],
    }
    tests = [
        f"{column} in ({', '.join(map(quote, names))})" for column, names in lists.items() if names
    ]
    return f"from {table} where {' or '.join(tests)} order by series_code, period"


def _select(published: PublishedFigures, subject: Subject) -> pl.DataFrame:
    if published.vintages.is_empty():
        return published.vintages
    series = [item.series for item in subject.main if item.series]
    indicators = [item.indicator for item in subject.main if item.indicator]
    return published.vintages.filter(
        pl.col("series_code").is_in(series) | pl.col("indicator_code").is_in(indicators)
    )


def _hash(vintages: pl.DataFrame) -> str:
    """Measured, a tenth of the time that the rows as JSON take; a night without news pays it."""
    return hashlib.sha256(vintages.write_csv().encode()).hexdigest()


def _assign(subject: Subject, rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each main series, by its code."""
    by_indicator, by_series = _group(rows, "indicator_code"), _group(rows, "series_code")
    return {
        item.code: by_indicator.get(item.code, [])
        if item.indicator
        else by_series.get(item.code, [])
        for item in subject.main
    }


def _group(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[name]].append(row)
    return dict(grouped)
