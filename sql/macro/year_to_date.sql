-- 一行是一个时期数序列在一期、一个统计单元的本期数和由各期相加得到的本年累计。只有从年初起每期都在
-- 时才给累计，否则说明缺什么；去重计数不可跨期相加；本来就按本年累计上报的照用。 /
-- A row is one figure of a flow with its year-to-date value, added up from the year's periods
-- only where it is exact: every period since the year began is there and complete, and the
-- measure counts no distinct things (an enterprise served in two quarters is one enterprise).

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

so_far as (
    select
        *,
        sum(value) over since_january as total,
        count(value) over since_january as period_count,
        bool_and(is_complete) over since_january as is_complete_so_far
    from figure
    window
        since_january as (
            partition by reporting_unit_code, period_type, period[:4]
            order by period
        )
),

answered as (
    select so_far.*
    from known
    left join so_far on known.is_known
)

select
    series_code,
    unit,
    period,
    reporting_unit_code,
    reporting_unit,
    value,
    case
        when measure_kind = 'stock'
            then error(
                series || ' 是时点数，没有本年累计。 / '
                || series || ' is a stock: it has no year-to-date value.'
            )
        when accumulated_since = 'beginning'
            then error(
                series || ' 是历年累计数，分不出本年累计。 / '
                || series || ' has accumulated since it began: the year cannot be told from it.'
            )
        when accumulated_since = 'year' then value
        when adds_over_periods and period_count = number_in_year and is_complete_so_far then total
    end::decimal(28, 6) as year_to_date_value,
    case
        when accumulated_since = 'year' then value is not null and is_complete
        else adds_over_periods and period_count = number_in_year and is_complete_so_far
    end as is_exact,
    case
        when accumulated_since = 'year'
            then
                if(is_complete, '按累计上报 / reported so', '有表未报 / forms are missing')
        when not adds_over_periods
            then '去重计数不可跨期相加 / distinct things may not be added over periods'
        when period_count < number_in_year
            then
                '年初以来缺 ' || (number_in_year - period_count) || ' 期 / '
                || (number_in_year - period_count) || ' periods since January are missing'
        when not is_complete_so_far then '年初以来有表未报 / forms since January are missing'
    end as note
from answered
