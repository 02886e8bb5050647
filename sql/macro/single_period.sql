-- 一行是一个按本年累计上报的序列在一期、一个统计单元的单期数：本期累计减上期累计。只有年内上一期也在
-- 时才给，否则说明缺什么。 /
-- A row is one figure of a series that is reported as year to date, with the value of its single
-- period: less the year-to-date value of the period before. It is given only where it is exact: the
-- first period of a year, or the period before is there; and both are complete.

-- parameters: series
with figure as (
    select
        series_code,
        unit,
        measure_kind,
        adds_over_periods,
        accumulated_since,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        value,
        included_submissions = expected_submissions as is_complete,
        case period_type
            when 'quarter' then period[6]::integer
            when 'month' then period[6:]::integer
            else 1
        end as number_in_year
    from mart.series
    where series_code = series
),

known as (
    select
        case
            when count(*) = 0
                then error(
                    '没有序列 ' || series || '，序列代码见 mart.series。 / '
                    || 'There is no series ' || series || '; mart.series has their codes.'
                )
            else true
        end as is_known
    from mart.series
    where series_code = series
),

compared as (
    select
        figure.*,
        earlier.value as value_before,
        coalesce(earlier.is_complete, figure.number_in_year = 1) as is_complete_before,
        figure.number_in_year = 1 or earlier.value is not null as is_known_before
    from figure
    left join figure as earlier
        on
            figure.reporting_unit_code = earlier.reporting_unit_code
            and figure.period_type = earlier.period_type
            and figure.period[:4] = earlier.period[:4]
            and figure.number_in_year = earlier.number_in_year + 1
),

answered as (
    select compared.*
    from known
    left join compared on known.is_known
)

select
    series_code,
    unit,
    period,
    reporting_unit_code,
    reporting_unit,
    value as year_to_date_value,
    case
        when measure_kind = 'stock'
            then error(
                series || ' 是时点数，不能由累计还原单期数。 / '
                || series || ' is a stock: there is no single period to take out of it.'
            )
        when accumulated_since = 'period'
            then error(
                series || ' 本来就按单期上报，不必还原。 / '
                || series || ' is reported for single periods as it is.'
            )
        when accumulated_since = 'beginning'
            then error(
                series || ' 是历年累计数，请直接用相邻两期相减。 / '
                || series || ' has accumulated since it began: subtract two periods of it.'
            )
        when adds_over_periods and is_known_before and is_complete and is_complete_before
            then value - coalesce(value_before, 0)
    end::decimal(28, 6) as value,
    adds_over_periods
    and is_known_before
    and is_complete
    and is_complete_before
    and value is not null as is_exact,
    case
        when not adds_over_periods
            then '去重计数不可相减 / distinct things may not be subtracted'
        when value is null then '不适用 / not applicable'
        when not is_known_before
            then '缺年内上一期 / the period before in the year is missing'
        when not (is_complete and is_complete_before) then '有表未报 / forms are missing'
    end as note
from answered
