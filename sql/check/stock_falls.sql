-- A row is a stock figure that fell by more than the given share since the reporter's last accepted
-- form for the period before.
with figure as (
    select
        figure.submission_id,
        figure.source_sheet,
        figure.source_row,
        figure.figure_name,
        figure.column_name,
        figure.reporting_unit,
        figure.value,
        submission.dataset,
        submission.reporter_code,
        submission.previous_period
    from gate_figure as figure
    inner join gate_submission as submission on figure.submission_id = submission.submission_id
    where figure.measure_kind = 'stock'
),

earlier as (
    select
        dataset,
        reporter_code,
        period,
        figure_name,
        reporting_unit,
        value
    from gate_earlier_figure
)

select
    figure.submission_id::bigint as submission_id,
    figure.source_sheet::varchar as source_sheet,
    figure.source_row::bigint as source_row,
    figure.column_name::varchar as column_name,
    plain_number(figure.value)::varchar as value,
    plain_number(earlier.value)::varchar as expected
from figure
inner join earlier
    on
        figure.dataset = earlier.dataset
        and figure.reporter_code = earlier.reporter_code
        and figure.previous_period = earlier.period
        and figure.figure_name = earlier.figure_name
        and figure.reporting_unit is not distinct from earlier.reporting_unit
where figure.value < earlier.value * (1 - $share)
