-- A row is the one submission that counts for an obligation: the last accepted one, by number.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        period_type,
        is_nil
    from ledger.submission
    where
        sequence <= getvariable('ledger_cut')
        and dataset is not null
        and reporter_code is not null
        and period is not null
),

verdict as (
    select
        submission_id,
        action
    from core.verdict
    where action = 'accept'
)

select
    submission.submission_id::bigint as submission_id,
    submission.dataset::varchar as dataset,
    submission.reporter_code::varchar as reporter_code,
    submission.period::varchar as period,
    submission.period_type::varchar as period_type,
    submission.is_nil::boolean as is_nil
from submission
inner join verdict on submission.submission_id = verdict.submission_id
qualify
    row_number() over (
        partition by submission.dataset, submission.reporter_code, submission.period
        order by submission.submission_id desc
    ) = 1
