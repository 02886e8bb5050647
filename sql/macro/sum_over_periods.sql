-- 一行是一个序列在一段报告期内之和，按统计单元。时点数拒绝相加并说明原因；缺期时不给合计。 /
-- A row is the sum of one series from one period to another, by reporting unit. A stock is refused,
-- with the reason; where a period between is missing there is no sum.

-- parameters: series, first_period, last_period
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
        expected_submissions,
        included_submissions
    from mart.series
    where series_code = series and period between first_period and last_period
),

known as (
    select
        case
            when count(*) = 0
                then error(
                    '没有序列 ' || series || '，序列代码见 mart.series。 / '
                    || 'There is no series ' || series || '; mart.series has their codes.'
                )
            when
                not bool_and(
                    regexp_matches(
                        first_period || ' ' || last_period,
                        case period_type
                            when 'quarter' then '^\d{4}Q[1-4] \d{4}Q[1-4]$'
                            when 'month' then '^\d{4}-\d\d \d{4}-\d\d$'
                            else '^\d{4} \d{4}$'
                        end
                    )
                )
                then error(
                    '报告期写法不对：' || series || ' 的报告期写作 ' || any_value(period) || '。 / '
                    || 'The periods of ' || series || ' are written like ' || any_value(period)
                    || '.'
                )
            when first_period > last_period
                then error(
                    '起始期 ' || first_period || ' 晚于终止期 ' || last_period || '。 / '
                    || first_period || ' is after ' || last_period || '.'
                )
            when count(*) filter (where period between first_period and last_period) = 0
                then error(
                    series || ' 在 ' || first_period || ' 至 ' || last_period || ' 没有数字。 / '
                    || series || ' has no figures from ' || first_period || ' to ' || last_period
                    || '.'
                )
            else true
        end as is_known
    from mart.series
    where series_code = series
),

reached as (
    select
        reporting_unit_code,
        any_value(reporting_unit) as reporting_unit,
        any_value(unit) as unit,
        any_value(measure_kind) as measure_kind,
        any_value(period_type) as period_type,
        bool_and(adds_over_periods) as adds_over_periods,
        bool_and(accumulated_since = 'period') as is_single,
        count(value) as period_count,
        sum(value) as total,
        bool_and(included_submissions = expected_submissions) as is_complete
    from figure
    group by reporting_unit_code
),

summed as (
    select
        *,
        case period_type
            when 'quarter'
                then
                    (try_cast(last_period[:4] as integer) - try_cast(first_period[:4] as integer))
                    * 4
                    + try_cast(last_period[6] as integer)
                    - try_cast(first_period[6] as integer) + 1
            when 'month'
                then
                    (try_cast(last_period[:4] as integer) - try_cast(first_period[:4] as integer))
                    * 12
                    + try_cast(last_period[6:] as integer)
                    - try_cast(first_period[6:] as integer) + 1
            else try_cast(last_period as integer) - try_cast(first_period as integer) + 1
        end as periods_between
    from reached
),

answered as (
    select summed.*
    from known
    left join summed on known.is_known
)

select
    series as series_code,
    first_period::varchar as period_from,
    last_period::varchar as period_to,
    reporting_unit_code,
    reporting_unit,
    unit,
    period_count,
    case
        when measure_kind = 'stock'
            then error(
                series || ' 是时点数，不同时点的存量不可相加；要看变化请相减，要看期末请取最后一期。 / '
                || series || ' is a stock: what stood at several dates may not be added. Subtract '
                || 'for the change, or take the last period.'
            )
        when not is_single
            then error(
                series || ' 按累计上报，各期已含以前各期，不可相加；单期数请用 single_period。 / '
                || series || ' is reported cumulatively: each period has those before in it. '
                || 'single_period takes single periods out of a year to date.'
            )
        when not adds_over_periods
            then error(
                series || ' 数的是不重复的单位，同一单位可能出现在几期里，各期不可相加。 / '
                || series || ' counts distinct things, which may appear in several periods: '
                || 'periods may not be added.'
            )
        when period_count = periods_between then total
    end::decimal(28, 6) as value,
    is_complete and period_count = periods_between as is_complete,
    case
        when period_count < periods_between
            then
                '缺 ' || (periods_between - period_count) || ' 期，不给合计 / '
                || (periods_between - period_count) || ' periods are missing: no sum'
        when not is_complete then '有表未报，合计不全 / forms are missing: the sum is incomplete'
    end as note
from answered
