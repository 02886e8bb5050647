"""One page per figure of the main series: what stands behind it, as the newest release has it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.site.page import Page, Site

if TYPE_CHECKING:
    from warehouse.evidence.gather import Gatherer

MOST_ROWS = 300
"""Rows a page lists; it says how many more there are. `biaogan evidence` lists all."""

_FIGURES = """
    with said as (
        select *
        from ledger.series_vintage
        where release_id <= $release_id and reporting_unit_code = $city
        qualify row_number() over (partition by series_code, period order by release_id desc) = 1
    ),

    heard as (
        select series_code, period, count(*) as vintages
        from ledger.series_vintage
        where release_id <= $release_id and reporting_unit_code = $city
        group by series_code, period
    )

    select said.*, heard.vintages
    from said
    inner join heard using (series_code, period)
    where said.is_present and said.indicator_code is not null
    order by said.period, said.series_code
"""
_FORMS = """
    select
        coverage.period,
        coverage.dataset,
        list(
            [
                coverage.submission_id::varchar, coverage.state, coverage.reporter_code,
                verdict.sequence::varchar, finding.state
            ]
            order by coverage.reporter_code
        ) as forms
    from core_coverage as coverage
    left join core_verdict as verdict on coverage.submission_id = verdict.submission_id
    left join (
        select
            submission_id,
            sum(
                hash(finding_number, explanation, explained_by, is_open)::hugeint
            )::varchar as state
        from core_finding
        group by submission_id
    ) as finding on coverage.submission_id = finding.submission_id
    group by coverage.period, coverage.dataset
"""
_NEWEST = """
    select max(release_id) as release_id
    from ledger.release
    having max_by(ledger_cut, release_id) = getvariable('ledger_cut')
"""
"""Where something was decided since and is not published yet, rows and figure would not agree: the
pages then stay as they are until the next release."""


def evidence_path(series_code: str, period: str, unit: str | None = None) -> str:
    """Where the page of a figure lies below the site: `evidence/<series>/<period>.html`.

    Args:
        series_code: its series.
        period: its period.
        unit: a reporting unit other than the city; the site has pages of the city's figures only.
    """
    name = f"{period}-{unit}" if unit else period
    return f"evidence/{slug(series_code)}/{name}.html"


def slug(series_code: str) -> str:
    """A series as the name of a folder: what a file system takes amiss becomes a dash.

    A few digits of its hash keep series apart that differ in nothing else.
    """
    plain = re.sub(r"[^\w.]+", "-", series_code).strip("-")
    if plain == series_code:
        return plain
    return f"{plain[:60]}-{hashlib.sha256(series_code.encode()).hexdigest()[:8]}"


@dataclass
class EvidencePages:
    """The evidence of every city figure that an indicator has, reported or counted."""

    site: Site

    def list_pages(self) -> Iterator[Page]:
        """One page a series and period, those of one period together."""
        newest = self.site.fetch(_NEWEST)
        city = next(
            (unit.code for unit in self.site.expectations.codes.reporting_units if unit.is_city), ""
        )
        if not newest or not self.site.rules.evidence:
            return
        release_id = newest[0]["release_id"]
        gatherer = self._open_gatherer(release_id)
        forms = {(row["period"], row["dataset"]): row["forms"] for row in self.site.fetch(_FORMS)}
        figures = self.site.fetch(_FIGURES, {"release_id": release_id, "city": city})
        for row in figures:
            yield self._plan(row, gatherer, forms)

    def _open_gatherer(self, release_id: int) -> Gatherer:
        from warehouse.evidence.contributions import open_evidence
        from warehouse.evidence.gather import Gatherer
        from warehouse.evidence.release import read_release

        open_evidence(self.site.connection, self.site.rules.evidence)
        release = read_release(self.site.connection, release_id)
        return Gatherer(
            self.site.connection, self.site.settings, self.site.rules, release, MOST_ROWS
        )

    def _plan(
        self, row: Mapping[str, Any], gatherer: Gatherer, forms: Mapping[tuple[str, str], Any]
    ) -> Page:
        """The page is made anew where the figure, its forms, or what makes it changed.

        Not where a later release merely carries it on: the page names the release that said it.
        """
        from warehouse.site.evidence_page import fill

        code, period = row["series_code"], row["period"]
        formula = gatherer.find_formula(code)
        previous = _previous(period)
        inputs = {
            "figure": dict(row),
            "forms": [
                forms.get((each, dataset)) for dataset in formula.datasets for each in previous
            ],
            "sql": formula.sql,
        }

        def write() -> dict[str, Any]:
            document = gatherer.gather(code, period, row["reporting_unit_code"]).document
            return fill(document) | {"has_links": True}

        return Page(evidence_path(code, period), "evidence.html", inputs, write)


def _previous(period: str) -> tuple[str, str]:
    """The periods a figure may rest on: who joined and left is told from the one before as well."""
    from warehouse.periods import Period

    return str(Period.parse(period).previous), period
