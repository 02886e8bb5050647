"""From findings to verdicts: explanations applied, findings numbered, files accepted or not."""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.gate.stage import append


class Verdict(NamedTuple):
    """What the gate decides on a file.

    Attributes:
        action: accept, hold or reject: what the ledger records.
        shown: accepted, held or rejected. A form of figures that is accepted with figures withheld
            is shown as held: its clerk has something to explain.
    """

    action: str
    reason: str
    shown: str


def apply_explanations(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    """Makes `gate_explained`: the findings numbered, each with the explanation given for it.

    A row's own 说明 explains what stands in that row; an entry of the 说明 sheet explains the rule,
    column or cell it names.
    """
    rows = " union all ".join(
        f"select submission_id, source_sheet, source_row, explanation from gate_row_{dataset} "  # noqa: S608
        "where explanation is not null"
        for dataset in expectations.contracts
    )
    headings = pl.DataFrame(
        [
            (contract.dataset, column.name, column.heading)
            for contract in expectations.contracts.values()
            for column in contract.column
        ],
        schema=["dataset", "column_name", "heading"],
        orient="row",
    )
    connection.execute(
        "create or replace temp table gate_heading (dataset varchar, column_name varchar, "
        "heading varchar)"
    )
    append(connection, "gate_heading", headings)
    connection.execute(
        f"""
        create or replace temp table gate_explained as
        with own as ({rows}),
        entry as (
            select
                finding.rowid as place,
                min(entry.text) as text
            from gate_finding as finding
            inner join gate_explanation as entry
                on finding.submission_id = entry.submission_id
            inner join gate_submission as submission
                on finding.submission_id = submission.submission_id
            left join gate_heading as heading
                on
                    submission.dataset = heading.dataset
                    and finding.column_name = heading.column_name
            where
                finding.severity = 'explain'
                and (
                    entry.about in (finding.rule_id, finding.column_name, heading.heading)
                    or upper(entry.about) in (
                        finding.cell, upper(finding.sheet || '!' || finding.cell)
                    )
                )
            group by all
        )
        select
            finding.submission_id,
            row_number() over (
                partition by finding.submission_id
                order by finding.sheet, finding.source_row nulls first, finding.cell,
                    finding.rule_id, finding.column_name, finding.value, finding.expected
            ) as finding_number,
            finding.rule_id,
            finding.severity,
            finding.sheet,
            finding.source_row,
            finding.cell,
            finding.column_name,
            finding.value,
            finding.expected,
            case
                when finding.severity = 'explain'
                    then coalesce(nullif(trim(own.explanation), ''), entry.text)
            end as explanation
        from gate_finding as finding
        left join own
            on
                finding.submission_id = own.submission_id
                and finding.sheet = own.source_sheet
                and finding.source_row = own.source_row
        left join entry on finding.rowid = entry.place
        """  # noqa: S608
    )


def decide(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> dict[int, Verdict]:
    """The verdict and its reason for every staged submission.

    A file with anything to mend is rejected; a register that leaves something unexplained is held
    as a whole, because a partial total is wrong where nobody sees it; in a form of figures each
    figure stands alone, and only what is unexplained is withheld.
    """
    counts = connection.execute(
        """
        select
            submission.submission_id,
            submission.dataset,
            count(*) filter (where finding.severity = 'must_fix') as must_fix,
            count(*) filter (
                where finding.severity = 'explain' and finding.explanation is null
            ) as unexplained,
            count(*) filter (
                where finding.severity = 'explain' and finding.explanation is not null
            ) as explained
        from gate_submission as submission
        left join gate_explained as finding
            on submission.submission_id = finding.submission_id
        group by all
        order by all
        """
    ).fetchall()
    return {
        submission_id: _decide_one(expectations, dataset, *numbers)
        for submission_id, dataset, *numbers in counts
    }


def _decide_one(
    expectations: Expectations, dataset: str, must_fix: int, unexplained: int, explained: int
) -> Verdict:
    contract = expectations.contracts.get(dataset)
    if must_fix:
        return Verdict("reject", f"{must_fix} findings to mend", "rejected")
    if unexplained and (contract is None or contract.kind == "register"):
        return Verdict("hold", f"{unexplained} findings without an explanation", "held")
    if unexplained:
        return Verdict("accept", f"{unexplained} figures withheld until explained", "held")
    if explained:
        return Verdict("accept", f"{explained} findings explained", "accepted")
    return Verdict("accept", "no finding stands against it", "accepted")
