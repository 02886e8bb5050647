-- A row is a reporting unit that has rows in the reporter's last accepted form for the period
-- before, and none now. A nil report is a whole form without rows, not a unit that was forgotten.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        previous_period
    from gate_submission
    where not is_nil
),

earlier as (
    select
        earlier.dataset,
        earlier.reporter_code,
        earlier.period,
        earlier.column_name,
        earlier.reporting_unit as unit_code,
        unit.reporting_unit
    from gate_earlier_unit as earlier
    inner join codes.reporting_unit as unit
        on earlier.reporting_unit = unit.reporting_unit_code
)

select
    submission.submission_id::bigint as submission_id,
    null::varchar as source_sheet,
    null::bigint as source_row,
    earlier.column_name::varchar as column_name,
    null::varchar as value,
    earlier.reporting_unit::varchar as expected
from submission
inner join earlier
    on
        submission.dataset = earlier.dataset
        and submission.reporter_code = earlier.reporter_code
        and submission.previous_period = earlier.period
left join gate_unit as present
    on
        submission.submission_id = present.submission_id
        and earlier.unit_code = present.reporting_unit
where present.submission_id is null
