"""Holds findings against the explanations given for them, now or earlier, and numbers them."""

from __future__ import annotations

import duckdb
import polars as pl

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.database import append
from warehouse.gate.revisions import REVISING, REVISION_ENTRY
from warehouse.gate.verdict import HOLDING

SUBJECT_JOINT = " · "
"""What stands between the parts of a row's key in a finding's subject."""


def apply_explanations(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    """Makes `gate_explained`: the findings numbered, each with the explanation in force for it.

    A row's own 说明 explains what stands in that row; an entry of the 说明 sheet explains the rule,
    column or cell it names; an answer in the list of a returned workbook explains the finding it
    stands beside. What the ledger holds for the same rule, column and subject answers as well, for
    the period it was given for or until its last day, but not why a form was revised: that is said
    once for each submission. `is_given` tells what came with the file.
    """
    _create_subjects(connection, expectations)
    _create_headings(connection, expectations)
    own = " union all ".join(
        f"select submission_id, source_sheet, source_row, explanation from gate_row_{dataset} "  # noqa: S608
        "where explanation is not null"
        for dataset in expectations.contracts
    )
    values = {"revising": REVISING, "holding": HOLDING, "revision": REVISION_ENTRY}
    connection.execute(_EXPLAINED.format(own=own), values)


def _create_subjects(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    """Makes `gate_subject`: the key of each row that has a finding, as typed, else as read."""
    connection.execute(
        "create or replace temp table gate_subject "
        "(submission_id bigint, sheet varchar, source_row bigint, subject varchar)"
    )
    for contract in expectations.contracts.values():
        connection.execute(f"insert into gate_subject {_select_subjects(contract)}")


def _select_subjects(contract: Contract) -> str:
    parts = ", ".join(
        f'coalesce(row."{name}"::varchar, any_value(written.text) '
        f"filter (where written.column_name = '{name}'), '')"
        for name in contract.key
    )
    keys = ", ".join(f'row."{name}"' for name in contract.key)
    return f"""
        with place as (
            select distinct submission_id, sheet, source_row
            from gate_finding
            where source_row is not null
        )
        select
            place.submission_id, place.sheet, place.source_row,
            concat_ws('{SUBJECT_JOINT}', {parts})
        from place
        inner join gate_row_{contract.dataset} as row
            on
                place.submission_id = row.submission_id
                and place.sheet = row.source_sheet
                and place.source_row = row.source_row
        left join gate_read_as as written
            on
                place.submission_id = written.submission_id
                and place.sheet = written.source_sheet
                and place.source_row = written.source_row
        group by place.submission_id, place.sheet, place.source_row, {keys}
    """  # noqa: S608


def _create_headings(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> None:
    """Makes `gate_heading`: an entry of the 说明 sheet may name a column by its heading."""
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


_EXPLAINED = """
create or replace temp table gate_explained as
with finding as (
    select
        found.rowid as place,
        found.*,
        submission.dataset,
        submission.reporter_code,
        submission.period,
        case
            when subject.subject is not null then subject.subject
            -- A comparison of whole figures is about them, whatever they are this time.
            when
                (found.source_row is null or found.column_name is not null)
                and found.value is not null
                and found.expected is not null
                then ''
            else coalesce(found.value, found.expected, '')
        end as subject
    from gate_finding as found
    inner join gate_submission as submission on found.submission_id = submission.submission_id
    left join gate_subject as subject
        on
            found.submission_id = subject.submission_id
            and found.sheet = subject.sheet
            and found.source_row = subject.source_row
),

own as ({own}),

entry as (
    select
        finding.place,
        min(entry.text) as text,
        min(entry.valid_until) as valid_until
    from finding
    inner join gate_explanation as entry on finding.submission_id = entry.submission_id
    left join gate_heading as heading
        on finding.dataset = heading.dataset and finding.column_name = heading.column_name
    where
        finding.severity = 'explain'
        and case
            when entry.rule_id is not null
                then
                    entry.rule_id = finding.rule_id
                    and entry.column_name is not distinct from finding.column_name
                    and entry.subject = finding.subject
            else
                entry.about in (finding.rule_id, finding.column_name, heading.heading)
                or upper(entry.about) in (
                    finding.cell, upper(finding.sheet || '!' || finding.cell)
                )
                or (
                    finding.rule_id in ($revising, $holding)
                    and entry.about in ($revising, $holding, $revision)
                )
        end
    group by finding.place
),

kept as (
    select
        finding.place,
        max_by(kept.explanation, kept.sequence) as text,
        max_by(kept.valid_until, kept.sequence) as valid_until
    from finding
    inner join ledger.explanation as kept
        on
            finding.dataset = kept.dataset
            and finding.reporter_code = kept.reporter_code
            and finding.rule_id = kept.rule_id
            and finding.column_name is not distinct from kept.column_name
            and finding.subject = kept.subject
    where
        finding.severity = 'explain'
        and finding.rule_id not in ($revising, $holding)
        and kept.sequence <= getvariable('ledger_cut')
        and (
            finding.period = kept.period
            or kept.valid_until >= getvariable('night_at')::date
        )
    group by finding.place
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
            then coalesce(nullif(trim(own.explanation), ''), entry.text, kept.text)
    end as explanation,
    finding.subject,
    finding.severity = 'explain'
    and coalesce(nullif(trim(own.explanation), ''), entry.text) is not null as is_given,
    entry.valid_until
from finding
left join own
    on
        finding.submission_id = own.submission_id
        and finding.sheet = own.source_sheet
        and finding.source_row = own.source_row
left join entry on finding.place = entry.place
left join kept on finding.place = kept.place
"""
