-- A row is an indicator that another department reports.
with indicator as (
    select
        indicator.indicator_code,
        indicator.department,
        reporter.reporter
    from codes.indicator
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
inner join indicator on gate_row.indicator_code = indicator.indicator_code
where submission.reporter_code <> indicator.department
