-- 一行是一个单元填写的一个商标同比；数字就是这一行。 /
-- A row is one growth of trademark counts that a form states for one unit: the row is the figure.
with trademarks as (
    select
        period,
        reporting_unit,
        application_yoy_pct,
        registration_yoy_pct,
        submission_id,
        source_sheet,
        source_row
    from included.trademarks
),

contribution as (
    select
        'application_yoy_pct' as measure,
        period,
        reporting_unit,
        application_yoy_pct as amount,
        submission_id,
        source_sheet,
        source_row
    from trademarks
    where application_yoy_pct is not null
    union all
    select
        'registration_yoy_pct' as measure,
        period,
        reporting_unit,
        registration_yoy_pct as amount,
        submission_id,
        source_sheet,
        source_row
    from trademarks
    where registration_yoy_pct is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    null::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
