-- A row is one submission that was asked why it revises an accepted one: before the lock date
-- (revision_note) or after it (period_locked). The one it replaces is what counted when it was
-- judged. While nobody answers, later files of the form are asked the same question on, and what
-- answers them answers for all since.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        sequence
    from ledger.submission
    where
        sequence <= getvariable('ledger_cut')
        and dataset is not null
        and reporter_code is not null
        and period is not null
),

decision as (
    select
        submission_id,
        action,
        sequence
    from ledger.decision
    where sequence <= getvariable('ledger_cut')
),

finding as (
    select
        submission_id,
        rule_id,
        expected,
        explanation,
        explained_by
    from core.finding
    where rule_id in ('revision_note', 'period_locked')
),

asked as (
    select
        finding.submission_id,
        finding.rule_id,
        finding.expected,
        finding.explanation,
        finding.explained_by,
        submission.dataset,
        submission.reporter_code,
        submission.period,
        submission.sequence
    from finding
    inner join submission on finding.submission_id = submission.submission_id
),

known as (
    select
        asked.submission_id,
        earlier.submission_id as earlier_id,
        max_by(decision.action, decision.sequence) as action
    from asked
    inner join submission as earlier
        on
            asked.dataset = earlier.dataset
            and asked.reporter_code = earlier.reporter_code
            and asked.period = earlier.period
            and asked.submission_id > earlier.submission_id
    inner join decision
        on
            earlier.submission_id = decision.submission_id
            and asked.sequence > decision.sequence
    group by asked.submission_id, earlier.submission_id
),

replaced as (
    select
        submission_id,
        max(earlier_id) as replaced_submission_id
    from known
    where action = 'accept'
    group by submission_id
),

numbered as (
    select
        asked.submission_id,
        asked.dataset,
        asked.reporter_code,
        asked.period,
        asked.explanation,
        asked.explained_by,
        replaced.replaced_submission_id,
        count(*) filter (
            where asked.rule_id = 'period_locked'
            or asked.expected = replaced.replaced_submission_id::varchar
        ) over (
            partition by asked.dataset, asked.reporter_code, asked.period
            order by asked.submission_id
        ) as question
    from asked
    left join replaced on asked.submission_id = replaced.submission_id
)

select
    submission_id::bigint as submission_id,
    replaced_submission_id::bigint as replaced_submission_id,
    first_value(explanation ignore nulls) over since::varchar as note,
    first_value(explained_by ignore nulls) over since::varchar as noted_by
from numbered
window
    since as (
        partition by dataset, reporter_code, period, question
        order by submission_id
        rows between current row and unbounded following
    )
