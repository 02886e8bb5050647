-- A row is one submission for a known obligation: how many findings of the round before are fixed,
-- how many are new, and how many are left.
with round as (
    select
        submission_id,
        previous_submission_id,
        is_read
    from core.round
),

fate as (
    select
        submission_id,
        change
    from core.finding_fate
),

changed as (
    select
        submission_id,
        count(*) filter (where change = 'new') as new_count,
        count(*) filter (where change = 'left') as left_count
    from fate
    group by submission_id
),

before as (
    select
        submission_id,
        count(*) as finding_count
    from fate
    group by submission_id
)

select
    round.submission_id::bigint as submission_id,
    coalesce(changed.new_count, 0)::bigint as new_count,
    coalesce(changed.left_count, 0)::bigint as left_count,
    case
        when round.is_read
            then coalesce(before.finding_count, 0) - coalesce(changed.left_count, 0)
        else 0
    end::bigint as fixed_count
from round
left join changed on round.submission_id = changed.submission_id
left join before on round.previous_submission_id = before.submission_id
