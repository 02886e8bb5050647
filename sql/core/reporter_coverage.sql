-- A row is one submission that counts, with the status of a figure that rests on it alone.
with coverage as (
    select
        submission_id,
        state,
        locked_on,
        is_revised
    from core.coverage
    where state in ('accepted', 'nil')
)

select
    submission_id::bigint as submission_id,
    case
        when coalesce(locked_on >= getvariable('night_at')::date, false) then 'provisional'
        when is_revised then 'revised'
        else 'final'
    end::varchar as status
from coverage
