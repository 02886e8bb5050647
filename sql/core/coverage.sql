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
        submission_id,
        is_nil
    from core.included_submission
),

change as (
    select
        dataset,
        reporter_code,
        period,
        change_count,
        changed_at
    from core.change
),

submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        period_type
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
),

latest as (
    select
        submission.dataset,
        submission.reporter_code,
        submission.period,
        submission.period_type,
        submission.submission_id,
        verdict.action
    from submission
    inner join verdict on submission.submission_id = verdict.submission_id
    qualify
        row_number() over (
            partition by submission.dataset, submission.reporter_code, submission.period
            order by submission.submission_id desc
        ) = 1
),

form as (
    select
        dataset,
        reporter_code,
        period,
        period_type
    from obligation
    union
    select
        dataset,
        reporter_code,
        period,
        period_type
    from latest
)

select
    form.dataset::varchar as dataset,
    form.period::varchar as period,
    form.period_type::varchar as period_type,
    form.reporter_code::varchar as reporter_code,
    obligation.due_on::date as due_on,
    obligation.locked_on::date as locked_on,
    (obligation.dataset is not null)::boolean as is_expected,
    case
        when included.is_nil then 'nil'
        when included.submission_id is not null then 'accepted'
        when latest.action is null then 'missing'
        when latest.action = 'hold' then 'held'
        when latest.action = 'withdraw' then 'withdrawn'
        else 'rejected'
    end::varchar as state,
    coalesce(included.submission_id, latest.submission_id)::bigint as submission_id,
    coalesce(
        change.change_count > 1 and change.changed_at::date > obligation.locked_on, false
    )::boolean as is_revised
from form
left join obligation
    on
        form.dataset = obligation.dataset
        and form.reporter_code = obligation.reporter_code
        and form.period = obligation.period
left join latest
    on
        form.dataset = latest.dataset
        and form.reporter_code = latest.reporter_code
        and form.period = latest.period
left join included
    on
        form.dataset = included.dataset
        and form.reporter_code = included.reporter_code
        and form.period = included.period
left join change
    on
        form.dataset = change.dataset
        and form.reporter_code = change.reporter_code
        and form.period = change.period
