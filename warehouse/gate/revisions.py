"""Forms that change what an accepted one says, while its period is not locked yet."""

from __future__ import annotations

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.gate.verdict import HOLDING
from warehouse.read.headings import compared_columns

REVISING = "revision_note"
"""The question why a form is revised; after the lock date the rule `HOLDING` asks it instead."""
ONCE = frozenset({REVISING, HOLDING})
"""Asked anew of each submission: what was said of an earlier one answers neither."""
REVISION_ENTRY = "修订说明"
"""What an entry of the sheet 说明 may be about to answer either rule: a clerk who corrects a form
need not know whether the period was locked by the time it is judged."""


def stage_revisions(
    connection: duckdb.DuckDBPyConnection, contract: Contract, expectations: Expectations
) -> None:
    """A form that takes the place of an accepted one and says something else must say why.

    Forms are compared by their typed rows, whatever their order, sheet or spelling: one that only
    looks different asks nothing. As long as nobody has said why the accepted one was revised, the
    same question goes on with the next file, so that an answer in its returned workbook finds it.
    """
    rule = expectations.codes.common_rules.get(REVISING)
    if rule is None:
        return
    values = {"dataset": contract.dataset, "holding": HOLDING}
    connection.execute(_PAIRS.format(dataset=contract.dataset), values)
    pairs = connection.execute("select count(*) from gate_revision").fetchone()
    if not pairs or not pairs[0]:
        return
    names = [f'row."{column.name}"' for column in compared_columns(contract)]
    columns = ", ".join([*names, "list_sort(row.not_applicable)"])
    connection.execute(
        _CHANGED.format(dataset=contract.dataset, columns=columns),
        {"rule_id": REVISING, "severity": rule.severity},
    )


_PAIRS = """
    create or replace temp table gate_revision as
    select
        submission.submission_id,
        included.submission_id as replaced_id,
        submission.is_nil <> included.is_nil as is_nil_anew
    from gate_submission as submission
    inner join core_included_submission as included
        on
            submission.dataset = included.dataset
            and submission.reporter_code = included.reporter_code
            and submission.period = included.period
    where
        submission.dataset = $dataset
        and (
            submission.is_nil
            or submission.submission_id in (select submission_id from gate_row_{dataset})
        )
        and submission.submission_id not in (
            select submission_id from gate_finding where rule_id = $holding
        )
"""
_CHANGED = """
    insert into gate_finding
    with said as (
        select revision.submission_id, {columns}
        from gate_revision as revision
        inner join gate_row_{dataset} as row on revision.submission_id = row.submission_id
    ),

    accepted as (
        select revision.submission_id, {columns}
        from gate_revision as revision
        inner join core.{dataset} as row on revision.replaced_id = row.submission_id
    ),

    changed as (
        select submission_id from (from said except all from accepted)
        union
        select submission_id from (from accepted except all from said)
        union
        select submission_id from gate_revision where is_nil_anew
    ),

    unanswered as (
        select submission_id, any_value(expected) as expected
        from core_finding
        where rule_id = $rule_id and is_open
        group by submission_id
    )

    select
        revision.submission_id, $rule_id, $severity, '', null, null, null, null,
        coalesce(unanswered.expected, revision.replaced_id::varchar)
    from gate_revision as revision
    left join unanswered on revision.replaced_id = unanswered.submission_id
    where
        unanswered.submission_id is not null
        or revision.submission_id in (select submission_id from changed)
"""
