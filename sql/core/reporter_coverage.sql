-- A row is one submission that counts, with the status of a figure that rests on it alone.
with coverage as (
    select
        submission_id,
        is_revised,
        is_expected
        and coalesce(locked_on >= getvariable('night_at')::date, true) as is_open
    from core.coverage
    where state in ('accepted', 'nil')
)

select
    submission_id::bigint as submission_id,
    case
        when is_open then 'provisional'
        when is_revised then 'revised'
        else 'final'
    end::varchar as status
from coverage
