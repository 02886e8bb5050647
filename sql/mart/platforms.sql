-- 一行是一期、一个统计单元、平台类型和级别：期末的科创与服务平台。两个部门都报的平台在汇总行只计一
-- 次。 /
-- A row is a period, reporting unit, platform type and level: research and service platforms as of
-- the period's end. 全部 and the city's code mark rollups, in which a platform that two departments
-- report counts once; a unit without platforms has one row of zeros.
with platforms as (
    select
        period,
        reporting_unit,
        platform_type,
        level,
        platform_name
    from included.platforms
),

unit_coverage as (
    select
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        expected_submissions,
        included_submissions,
        status
    from core.unit_coverage
    where
        dataset = 'platforms'
        and included_submissions > 0
),

counted as (
    select
        period,
        if(grouping(reporting_unit) = 1, '420200', reporting_unit) as unit_code,
        if(grouping(platform_type) = 1, '全部', platform_type) as platform_type,
        if(grouping(level) = 1, '全部', level) as level,
        count(distinct row(platform_name, platform_type)) as platform_count
    from platforms
    group by period, cube (reporting_unit, platform_type, level)
),

filled as (
    select
        unit_coverage.period,
        unit_coverage.period_type,
        unit_coverage.reporting_unit_code,
        unit_coverage.reporting_unit,
        unit_coverage.expected_submissions,
        unit_coverage.included_submissions,
        unit_coverage.status,
        coalesce(counted.platform_type, '全部') as platform_type,
        coalesce(counted.level, '全部') as level,
        coalesce(counted.platform_count, 0) as platform_count
    from unit_coverage
    left join counted
        on
            unit_coverage.period = counted.period
            and unit_coverage.reporting_unit_code = counted.unit_code
)

select
    period::varchar as period, -- 报告期: reporting period
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    platform_type::varchar as platform_type, -- 平台类型: kind of platform, 全部 for all
    level::varchar as level, -- 级别: level of recognition, 全部 for all
    platform_count::bigint as platform_count, -- 平台数: distinct platforms (个, stock)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from filled
