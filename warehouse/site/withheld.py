"""Single figures that are held back until they are explained, in forms that count otherwise."""

from __future__ import annotations

from warehouse.site.page import Site
from warehouse.site.received import Row

_WITHHELD = """
    select
        included.submission_id,
        included.dataset,
        included.reporter_code,
        included.period,
        finding.rule_id,
        finding.column_name,
        finding.subject,
        finding.cell,
        finding.sheet,
        finding.source_row,
        finding.value
    from core_included_submission as included
    inner join core_finding as finding using (submission_id)
    where
        list_contains(?, included.dataset)
        and finding.severity = 'explain'
        and finding.is_open
    order by included.period desc, included.submission_id, finding.finding_number
"""


def list_withheld(site: Site) -> list[Row]:
    """Each figure with its form, reporter and what it is about; the newest period first."""
    contracts = site.expectations.contracts
    figures = [name for name, contract in contracts.items() if contract.kind == "figures"]
    rows = []
    for row in site.fetch(_WITHHELD, [figures]):
        columns = contracts[row["dataset"]].columns
        column = columns.get(row["column_name"] or "")
        rows.append(
            row
            | {
                "title": site.name_dataset(row["dataset"]),
                "reporter": site.name_reporter(row["reporter_code"]),
                "about": site.name_subject(row["subject"]),
                "heading": column.heading if column else "",
            }
        )
    return rows
