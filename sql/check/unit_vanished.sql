-- A row is a reporting unit that has rows in the reporter's last accepted form for the period
-- before, and none now. A unit that ended is there where one of those it became is; where none is,
-- they are named. A nil report is a whole form without rows, not a unit that was forgotten.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        previous_period,
        period_end
    from gate_submission
    where not is_nil
),

unit as (
    select
        reporting_unit_code,
        reporting_unit,
        valid_until
    from codes.reporting_unit
),

earlier as (
    select
        submission.submission_id,
        earlier.column_name,
        earlier.reporting_unit as earlier_code,
        coalesce(succession.successor_code, earlier.reporting_unit) as unit_code
    from submission
    inner join gate_earlier_unit as earlier
        on
            submission.dataset = earlier.dataset
            and submission.reporter_code = earlier.reporter_code
            and submission.previous_period = earlier.period
    inner join unit on earlier.reporting_unit = unit.reporting_unit_code
    left join codes.unit_succession as succession
        on
            earlier.reporting_unit = succession.reporting_unit_code
            and submission.period_end > unit.valid_until
),

vanished as (
    select
        earlier.submission_id,
        earlier.column_name,
        string_agg(unit.reporting_unit, '、' order by earlier.unit_code) as reporting_unit
    from earlier
    inner join unit on earlier.unit_code = unit.reporting_unit_code
    left join gate_unit as present
        on
            earlier.submission_id = present.submission_id
            and earlier.unit_code = present.reporting_unit
    group by earlier.submission_id, earlier.column_name, earlier.earlier_code
    having count(present.submission_id) = 0
)

select distinct
    submission_id::bigint as submission_id,
    null::varchar as source_sheet,
    null::bigint as source_row,
    column_name::varchar as column_name,
    null::varchar as value,
    reporting_unit::varchar as expected
from vanished
