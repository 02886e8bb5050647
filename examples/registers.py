"""The eight synthetic registers together: what a reporter's form has in a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from examples.entries import Entry, Row, list_rows
from examples.funding import list_funding
from examples.honours import list_honours
from examples.merger import JOINED_FROM, find_lister, list_before
from examples.patents import list_patents
from examples.platforms import list_platforms
from examples.pool import Enterprise, found_enterprises
from examples.projects import list_projects
from examples.services import list_services
from examples.standards import list_standards
from warehouse.contracts.codes import Codes


@dataclass(frozen=True)
class Registers:
    """Every row of every register, with the reporter and the quarters that list it."""

    entries: dict[str, list[Entry]]

    def rows(self, dataset: str, reporter: str, index: int) -> list[Row]:
        """The rows of one form; empty where the reporter has nothing to report."""
        rows = list_rows(self.entries[dataset], find_lister(reporter, index), index)
        return list_before(rows, reporter) if index < JOINED_FROM else rows


def build_registers(codes: Codes, seed: int) -> Registers:
    """All registers from one seed: the same seed gives the same rows."""
    pool = found_enterprises(seed)
    return Registers(
        {
            "standards": list_standards(pool, seed),
            "patents": list_patents(pool, seed),
            "funding": list_funding(pool, seed),
            "honours": list_honours(pool, seed),
            "quality_projects": list_projects(codes, seed),
            "platforms": list_platforms(pool, seed),
            "services": list_services(pool, seed),
            "enterprises": [entry for firm in pool for entry in _list_enterprise(firm)],
        }
    )


def _list_enterprise(firm: Enterprise) -> Iterator[Entry]:
    """A row: an enterprise, kept on the register after it is struck off."""
    row: Row = {
        "uscc": firm.uscc,
        "enterprise_name": firm.name,
        "reporting_unit": firm.unit_code,
        "industry_code": firm.industry_code,
        "ownership": firm.ownership,
        "size": firm.size,
        "established_on": firm.established_on,
        "status": "在营",
    }
    if firm.closed is None:
        yield Entry("scjg", row, firm.since)
        return
    yield Entry("scjg", row, firm.since, firm.closed)
    yield Entry("scjg", row | {"status": "注销"}, firm.closed)
