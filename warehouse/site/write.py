"""Writes the steward's pages: those whose inputs have changed, each in one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.collect.archive import path_of
from warehouse.settings import Settings
from warehouse.site.evidence import EvidencePages
from warehouse.site.form_period import FormPages
from warehouse.site.page import PACKAGE, STAMP, Page, Site
from warehouse.site.received import read_received
from warehouse.site.reconciliation import ReconciliationPage
from warehouse.site.releases import ReleasePages
from warehouse.site.scorecards import ScorecardPage
from warehouse.site.subjects import SubjectPages
from warehouse.site.submissions import SubmissionPages, name_judgement
from warehouse.site.today import TodayPage
from warehouse.whole_file import UNFINISHED, put_whole

if TYPE_CHECKING:
    from warehouse.night.rules import Rules

_STAMP_BYTES = 128
_JUDGEMENTS = """
    select night_at, dataset, max_by(document_sha256, recorded_at) as document_sha256
    from ledger.judgement
    where document_sha256 is not null
    group by night_at, dataset
"""


@dataclass(frozen=True)
class SiteReport:
    """What became of the pages.

    Attributes:
        written: paths of the pages written, below the site.
        kept: pages that already said what they should.
    """

    written: tuple[str, ...]
    kept: int

    @property
    def pages_written(self) -> int:
        """How many pages were written."""
        return len(self.written)


def write_site(
    connection: duckdb.DuckDBPyConnection, settings: Settings, rules: Rules
) -> SiteReport:
    """Writes every page that does not say yet what it should.

    Killed at any point, the next run ends in the same state. A run without news changes no byte.

    Args:
        connection: the warehouse, with `open_views` at the ledger cut the pages are to show.
        settings: the data root; pages go below its site.
        rules: contracts, code lists and models.
    """
    site = Site(connection, settings, rules)
    clear_unfinished(settings.site)
    write_assets(settings.site)
    return write_pages(settings.site, list_pages(site))


def list_pages(site: Site) -> Iterator[Page]:
    """Every page of the site, each kind from its module."""
    received = read_received(site)
    judgements = copy_judgements(site)
    yield from SubmissionPages(site, received, judgements).list_pages()
    yield from FormPages(site, received).list_pages()
    yield from SubjectPages(site).list_pages()
    yield from EvidencePages(site).list_pages()
    yield from ReconciliationPage(site).list_pages()
    yield from ReleasePages(site).list_pages()
    yield from ScorecardPage(site).list_pages()
    yield from TodayPage(site, received).list_pages()


def copy_judgements(site: Site) -> dict[tuple[datetime, str], str]:
    """Puts what Great Expectations itself said beside the pages.

    Copied, not linked: a file of the site that somebody changes must not change the archive.

    Returns:
        The hash of each result in the archive, by night and dataset.
    """
    kept = {}
    for row in site.fetch(_JUDGEMENTS):
        night_at, dataset, sha256 = row.values()
        source = path_of(site.settings.archive, sha256)
        target = site.settings.site / name_judgement(night_at, dataset)
        copy_once(source, target)
        if target.exists():
            kept[night_at, dataset] = sha256
    return kept


def write_pages(folder: Path, pages: Iterable[Page]) -> SiteReport:
    """Writes those pages whose inputs have changed, or that are not there.

    What lies beside a page is written before it: the page's stamp says that all of it is there.
    """
    written: list[str] = []
    kept = 0
    for page in pages:
        is_whole = all((folder / name).exists() for name in page.beside)
        if is_whole and read_stamp(folder / page.path) == page.stamp:
            kept += 1
            continue
        for name, make in page.beside.items():
            put_whole(folder / name, make())
        put_whole(folder / page.path, page.render().encode())
        written.append(page.path)
    return SiteReport(tuple(written), kept)


def read_stamp(path: Path) -> str | None:
    """The stamp of a page as it lies there; None where there is no whole page."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(stream.tell() - _STAMP_BYTES, 0))
            found = STAMP.search(stream.read())
    except FileNotFoundError:
        return None
    return found[1].decode() if found else None


def copy_once(source: Path, target: Path) -> None:
    """Copies a file of the archive, where it is not there yet; another length is another file."""
    if source.exists() and not (target.exists() and target.stat().st_size == source.stat().st_size):
        put_whole(target, source.read_bytes())


def write_assets(folder: Path) -> None:
    """Puts style sheet and script beside the pages."""
    for source in sorted((PACKAGE / "assets").iterdir()):
        target = folder / "assets" / source.name
        content = source.read_bytes()
        if not target.exists() or target.read_bytes() != content:
            put_whole(target, content)


def clear_unfinished(folder: Path) -> None:
    """Removes what a killed run left half written."""
    for leftover in folder.rglob(UNFINISHED):
        leftover.unlink()
