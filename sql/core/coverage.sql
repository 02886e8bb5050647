-- A row is one form that was owed, or came without being owed: what became of it.
-- Submissions for periods before a dataset was owed are kept with is_expected false. A lock date
-- that is not known stays so, whatever exception there is: figures are provisional until it is.
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

exemption as (
    select
        dataset,
        reporter_code,
        period,
        max(ends_on) filter (where kind = 'lock') as open_until,
        bool_or(kind = 'excuse') as is_excused
    from core.exemption
    group by dataset, reporter_code, period
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
        period_type,
        known_at
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

unfilled as (
    select distinct submission_id
    from ledger.finding
    where
        rule_id in ('required', 'missing_column', 'no_rows', 'not_applicable_not_allowed')
        or rule_id[:8] = 'refused_'
),

received as (
    select
        submission.dataset,
        submission.reporter_code,
        submission.period,
        any_value(submission.period_type) as period_type,
        count(*) as round,
        max(submission.submission_id) as submission_id,
        max_by(verdict.action, submission.submission_id) as action,
        min(submission.known_at) as first_arrived_at,
        min(submission.known_at) filter (where verdict.action = 'accept') as accepted_at
    from submission
    inner join verdict on submission.submission_id = verdict.submission_id
    group by submission.dataset, submission.reporter_code, submission.period
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
    from received
),

working_day as (
    select
        day,
        number
    from codes.working_day
),

judged as (
    select
        form.dataset,
        form.period,
        form.period_type,
        form.reporter_code,
        obligation.due_on,
        received.round,
        received.first_arrived_at,
        received.accepted_at,
        obligation.dataset is not null as is_owed,
        case
            when exemption.open_until > obligation.locked_on then exemption.open_until
            else obligation.locked_on
        end as locked_on,
        coalesce(exemption.is_excused, false) as is_excused,
        case
            when included.is_nil then 'nil'
            when included.submission_id is not null then 'accepted'
            when coalesce(exemption.is_excused, false) then 'excused'
            when received.action is null then 'missing'
            when received.action = 'hold' then 'held'
            when received.action = 'withdraw' then 'withdrawn'
            when received.action = 'return' then 'returned'
            else 'rejected'
        end as state,
        coalesce(included.submission_id, received.submission_id) as submission_id,
        coalesce(
            change.change_count > 1 and change.changed_at::date > obligation.locked_on, false
        ) as is_revised
    from form
    left join obligation
        on
            form.dataset = obligation.dataset
            and form.reporter_code = obligation.reporter_code
            and form.period = obligation.period
    left join exemption
        on
            form.dataset = exemption.dataset
            and form.reporter_code = exemption.reporter_code
            and form.period = exemption.period
    left join received
        on
            form.dataset = received.dataset
            and form.reporter_code = received.reporter_code
            and form.period = received.period
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
)

select
    judged.dataset::varchar as dataset,
    judged.period::varchar as period,
    judged.period_type::varchar as period_type,
    judged.reporter_code::varchar as reporter_code,
    judged.due_on::date as due_on,
    judged.locked_on::date as locked_on,
    judged.state::varchar as state,
    judged.submission_id::bigint as submission_id,
    judged.is_revised::boolean as is_revised,
    judged.is_excused::boolean as is_excused,
    judged.first_arrived_at::timestamptz as first_arrived_at,
    judged.accepted_at::timestamptz as accepted_at,
    (judged.is_owed and judged.state <> 'excused')::boolean as is_expected,
    coalesce(judged.round, 0)::bigint as round,
    (
        judged.submission_id is not null and unfilled.submission_id is null
    )::boolean as is_filled,
    case
        when judged.state = 'excused' then null
        when settled.number < due.number then 0
        else settled.number - due.number
    end::bigint as days_late
from judged
left join unfilled on judged.submission_id = unfilled.submission_id
left join working_day as due
    on
        judged.due_on = due.day
        and (judged.accepted_at is not null or judged.due_on < getvariable('night_at')::date)
left join working_day as settled
    on coalesce(judged.accepted_at, getvariable('night_at'))::date = settled.day
