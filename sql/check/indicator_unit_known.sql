-- A row is a figure in a unit that does not convert to the one the indicator had in that period: 家
-- and 家次 never do.
with indicator as (
    select
        indicator.indicator_code,
        indicator.valid_from,
        indicator.valid_until,
        indicator.unit,
        unit.base
    from codes.indicator_definition as indicator
    inner join codes.unit_of_measure as unit on indicator.unit = unit.unit
)

select
    gate_row.submission_id::bigint as submission_id,
    gate_row.source_sheet::varchar as source_sheet,
    gate_row.source_row::bigint as source_row,
    'unit'::varchar as column_name,
    gate_row.unit::varchar as value,
    indicator.unit::varchar as expected
from gate_row
inner join gate_submission as submission on gate_row.submission_id = submission.submission_id
inner join indicator
    on
        gate_row.indicator_code = indicator.indicator_code
        and coalesce(submission.period_end, date '9999-12-31')
        between indicator.valid_from and indicator.valid_until
inner join codes.unit_of_measure as unit on gate_row.unit = unit.unit
where unit.base <> indicator.base
