-- 一行是一个序列在一期各统计单元之和。不可加的指标拒绝相加并说明原因；有单元未报齐时照实说明。 /
-- A row is the sum of one series over the reporting units in one period. It is refused, with the
-- reason, where the measure counts distinct things that may stand in several units; where a form is
-- missing it says so.

-- parameters: series, in_period
with figure as (
    select
        series_code,
        unit,
        is_additive,
        period,
        reporting_unit_code,
        value,
        value_state,
        expected_submissions,
        included_submissions,
        case period_type
            when 'quarter'
                then last_day(make_date(period[:4]::integer, period[6:]::integer * 3, 1))
            when 'month' then last_day(make_date(period[:4]::integer, period[6:]::integer, 1))
            else make_date(period[:4]::integer, 12, 31)
        end as last_day
    from mart.series
    where series_code = series and period = in_period
),

unit_of_then as (
    select distinct unit.reporting_unit_code
    from mart.reporting_unit as unit
    inner join figure
        on
            not unit.is_city
            and figure.last_day >= coalesce(unit.valid_from, figure.last_day)
            and figure.last_day <= coalesce(unit.valid_until, figure.last_day)
),

summed as (
    select
        any_value(unit) as unit,
        bool_and(is_additive) as is_additive,
        count(*) filter (where reporting_unit_code <> '420200') as unit_count,
        count(*) filter (where reporting_unit_code <> '420200' and value_state <> 'value')
            as not_applicable_count,
        sum(value) filter (where reporting_unit_code <> '420200') as total,
        any_value(value) filter (where reporting_unit_code = '420200') as city_value,
        coalesce(
            bool_and(included_submissions = expected_submissions)
            filter (where reporting_unit_code <> '420200'),
            false
        ) as is_complete
    from figure
),

then_count as (
    select count(*) as units_then
    from unit_of_then
),

judged as (
    select
        summed.*,
        then_count.units_then,
        -- A register lists no combination it has no row of: the city's own figure proves the sum.
        summed.is_complete
        and coalesce(
            summed.city_value = summed.total, summed.unit_count = then_count.units_then
        ) as is_whole
    from summed
    cross join then_count
)

select
    series::varchar as series_code,
    in_period::varchar as period,
    unit,
    unit_count,
    units_then,
    city_value,
    is_whole as is_complete,
    case
        when unit_count = 0
            then error(
                series || ' 在 ' || in_period || ' 没有分统计单元的数字，无法相加。 / '
                || series || ' has no figures by reporting unit in ' || in_period
                || ': there is nothing to add.'
            )
        when not is_additive
            then error(
                series || ' 不可跨统计单元相加：同一事物可能在几个单元各算一次，请用全市的行（'
                || '420200）。 / ' || series || ' may not be added over reporting units: one thing '
                || 'can be counted in several of them. Take the row of the whole city (420200).'
            )
        else total
    end::decimal(28, 6) as value,
    case
        when not is_complete then '有表未报，合计不全 / forms are missing: the sum is incomplete'
        when not is_whole
            then
                units_then || ' 个单元中 ' || unit_count || ' 个有数，与全市数不符或无法核对 / '
                || unit_count || ' of ' || units_then || ' units have a figure, and the whole '
                || 'city''s does not confirm the sum'
        when not_applicable_count > 0
            then '有单元不适用 / not applicable in some units'
    end as note
from judged
