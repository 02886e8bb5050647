-- A row is a negative figure of an indicator that cannot be negative: one whose plausible range
-- does not reach below 0. Net changes declare a minimum below 0.
with figure as (
    select
        submission_id,
        source_sheet,
        source_row,
        indicator_code,
        unnest(['value', 'prior_year_value', 'ytd_value']) as column_name,
        unnest([value, prior_year_value, ytd_value]) as value
    from gate_row
)

select
    figure.submission_id::bigint as submission_id,
    figure.source_sheet::varchar as source_sheet,
    figure.source_row::bigint as source_row,
    figure.column_name::varchar as column_name,
    plain_number(figure.value)::varchar as value,
    plain_number(0)::varchar as expected
from figure
left join codes.indicator as indicator on figure.indicator_code = indicator.indicator_code
where
    figure.value < 0
    and coalesce(indicator.minimum, 0) >= 0
