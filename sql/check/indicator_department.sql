-- A row is an indicator that another department reports, or did in that period.
with indicator as (
    select
        indicator.indicator_code,
        indicator.valid_from,
        indicator.valid_until,
        indicator.department,
        reporter.reporter
    from codes.indicator_definition as indicator
    inner join codes.reporter on indicator.department = reporter.reporter_code
)

select
    gate_row.submission_id::bigint as submission_id,
    gate_row.source_sheet::varchar as source_sheet,
    gate_row.source_row::bigint as source_row,
    'indicator_code'::varchar as column_name,
    gate_row.indicator_code::varchar as value,
    indicator.reporter::varchar as expected
from gate_row
inner join gate_submission as submission on gate_row.submission_id = submission.submission_id
inner join indicator
    on
        gate_row.indicator_code = indicator.indicator_code
        -- A form that does not tell its period is held against who reports it now.
        and coalesce(submission.period_end, date '9999-12-31')
        between indicator.valid_from and indicator.valid_until
where submission.reporter_code <> indicator.department
