-- 一行是部门上报的一个指标值，按发布单位；数字就是这一行。 /
-- A row is one figure that a department reports, in its published unit: the row is the figure.
with indicators as (
    select
        indicator_code,
        reporting_unit,
        unit,
        value,
        qualifier,
        period,
        not_applicable,
        submission_id,
        source_sheet,
        source_row
    from included.indicators
),

unit_of_measure as (
    select
        unit,
        factor
    from codes.unit_of_measure
),

figure as (
    select
        indicators.*,
        indicators.value * unit_of_measure.factor as amount
    from indicators
    inner join unit_of_measure on indicators.unit = unit_of_measure.unit
    where indicators.value is not null or list_contains(indicators.not_applicable, 'value')
)

select
    indicator_code::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    qualifier::varchar as qualifier,
    null::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from figure
