-- A row is a stated growth in per cent that differs, by more than the tolerance in points, from
-- what the figure beside it and the unit's accepted figure of a year before give. Growth from 0
-- cannot be computed, nor that of a unit which stands twice.
with figure as (
    select
        figure.submission_id,
        figure.source_sheet,
        figure.source_row,
        figure.reporting_unit,
        figure.value,
        submission.dataset,
        submission.reporter_code,
        submission.year_before
    from gate_figure as figure
    inner join gate_submission as submission on figure.submission_id = submission.submission_id
    where figure.column_name = $value
),

growth as (
    select
        submission_id,
        source_sheet,
        source_row,
        column_name,
        value
    from gate_number
    where column_name = $growth
),

earlier as (
    select
        dataset,
        reporter_code,
        period,
        reporting_unit,
        value
    from gate_earlier_figure
    where
        column_name = $value
        and value > 0
),

compared as (
    select
        growth.submission_id,
        growth.source_sheet,
        growth.source_row,
        growth.column_name,
        growth.value,
        ((figure.value - earlier.value) * 100 / earlier.value)::decimal(28, 6) as recomputed
    from growth
    inner join figure
        on
            growth.submission_id = figure.submission_id
            and growth.source_sheet = figure.source_sheet
            and growth.source_row = figure.source_row
    inner join earlier
        on
            figure.dataset = earlier.dataset
            and figure.reporter_code = earlier.reporter_code
            and figure.year_before = earlier.period
            and figure.reporting_unit is not distinct from earlier.reporting_unit
)

select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    column_name::varchar as column_name,
    plain_number(value)::varchar as value,
    plain_number(round(recomputed, 2))::varchar as expected
from compared
where abs(value - recomputed) > $tolerance::decimal(28, 6)
