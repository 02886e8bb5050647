"""What is still asked about forms that count: figures held back, and revisions without a note."""

from __future__ import annotations

from warehouse.contracts.model import list_asking
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
        and not list_contains(?, finding.rule_id)
    order by included.period desc, included.submission_id, finding.finding_number
"""
_ASKED = """
    select
        included.submission_id,
        included.dataset,
        included.reporter_code,
        included.period,
        finding.rule_id,
        finding.expected
    from core_included_submission as included
    inner join core_finding as finding using (submission_id)
    where
        finding.severity = 'explain'
        and finding.is_open
        and list_contains(?, finding.rule_id)
    order by included.period desc, included.submission_id
"""


def list_withheld(site: Site) -> list[Row]:
    """Each figure with its form, reporter and what it is about; the newest period first."""
    contracts = site.expectations.contracts
    figures = [name for name, contract in contracts.items() if contract.kind == "figures"]
    rows = []
    for row in site.fetch(_WITHHELD, [figures, list_asking(site.expectations.codes.common_rules)]):
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


def list_asked(site: Site) -> list[Row]:
    """Each form that counts in the place of another of which nobody has said why."""
    asking = list_asking(site.expectations.codes.common_rules)
    return [
        row
        | {
            "title": site.name_dataset(row["dataset"]),
            "reporter": site.name_reporter(row["reporter_code"]),
        }
        for row in site.fetch(_ASKED, [asking])
    ]
