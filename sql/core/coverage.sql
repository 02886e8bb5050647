-- A row is one form that was owed, or came without being owed: what became of it.
-- Submissions for periods before a dataset was owed are kept with is_expected false.
with obligation as (
    select
        dataset,
        reporter_code,
        period,
        period_type,
        due_on,
        locked_on
    from codes.obligation
),

included as (
    select
        dataset,
        reporter_code,
        period,
        period_type,
        submission_id,
        is_nil,
        night_at,
        accepted_count
    from core.included_submission
),

submission as (
    select
        submission.dataset,
        submission.reporter_code,
        submission.period,
        submission.period_type,
        submission.submission_id,
        verdict.action
    from ledger.submission
    inner join core.verdict on submission.submission_id = verdict.submission_id
    where
        submission.sequence <= getvariable('ledger_cut')
        and submission.dataset is not null
        and submission.reporter_code is not null
        and submission.period is not null
),

latest as (
    select
        dataset,
        reporter_code,
        period,
        period_type,
        submission_id,
        action
    from submission
    qualify
        row_number() over (
            partition by dataset, reporter_code, period
            order by submission_id desc
        ) = 1
),

received as (
    select
        latest.dataset,
        latest.reporter_code,
        latest.period,
        latest.period_type,
        included.is_nil,
        included.night_at,
        included.accepted_count,
        coalesce(included.submission_id, latest.submission_id) as submission_id,
        case
            when included.is_nil then 'nil'
            when included.submission_id is not null then 'accepted'
            when latest.action = 'hold' then 'held'
            when latest.action = 'withdraw' then 'withdrawn'
            else 'rejected'
        end as state
    from latest
    left join included
        on
            latest.dataset = included.dataset
            and latest.reporter_code = included.reporter_code
            and latest.period = included.period
)

select
    coalesce(obligation.dataset, received.dataset)::varchar as dataset,
    coalesce(obligation.period, received.period)::varchar as period,
    coalesce(obligation.period_type, received.period_type)::varchar as period_type,
    coalesce(obligation.reporter_code, received.reporter_code)::varchar as reporter_code,
    (obligation.dataset is not null)::boolean as is_expected,
    coalesce(received.state, 'missing')::varchar as state,
    received.submission_id::bigint as submission_id,
    obligation.due_on::date as due_on,
    obligation.locked_on::date as locked_on,
    (
        coalesce(received.accepted_count, 0) > 1
        and received.night_at::date > obligation.locked_on
    )::boolean as is_revised
from obligation
full outer join received
    on
        obligation.dataset = received.dataset
        and obligation.reporter_code = received.reporter_code
        and obligation.period = received.period
