-- A row is an obligation for which something was ever accepted: how often what counts for it has
-- changed, and when last. The first acceptance is a change; a later one, and whatever ends one
-- (withdraw, return), is another.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        period
    from ledger.submission
    where sequence <= getvariable('ledger_cut')
),

decision as (
    select
        submission_id,
        action,
        sequence,
        night_at,
        min(sequence) filter (where action = 'accept') over (
            partition by submission_id
        ) as accepted_at
    from ledger.decision
    where sequence <= getvariable('ledger_cut')
),

turn as (
    select
        submission_id,
        sequence,
        night_at
    from decision
    where sequence >= accepted_at
    qualify
        action is distinct from lag(action) over (partition by submission_id order by sequence)
)

select
    submission.dataset::varchar as dataset,
    submission.reporter_code::varchar as reporter_code,
    submission.period::varchar as period,
    count(*)::bigint as change_count,
    max_by(turn.night_at, turn.sequence)::timestamptz as changed_at
from submission
inner join turn on submission.submission_id = turn.submission_id
group by submission.dataset, submission.reporter_code, submission.period
