-- 一行是一期、一个统计单元、一种服务类型：本期服务家次和企业数。汇总行的企业重新计数。 /
-- A row is a period, reporting unit and service type: services given in the period (家次), and the
-- enterprises they were given to (家). 全部 and the city's code mark rollups, in which enterprises are
-- counted anew; a unit without services has one row of zeros.
with services as (
    select
        period,
        reporting_unit,
        service_type,
        uscc
    from included.services
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
        dataset = 'services'
        and included_submissions > 0
),

counted as (
    select
        period,
        if(grouping(reporting_unit) = 1, '420200', reporting_unit) as unit_code,
        if(grouping(service_type) = 1, '全部', service_type) as service_type,
        count(*) as service_count,
        count(distinct uscc) as enterprise_count
    from services
    group by period, cube (reporting_unit, service_type)
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
        coalesce(counted.service_type, '全部') as service_type,
        coalesce(counted.service_count, 0) as service_count,
        coalesce(counted.enterprise_count, 0) as enterprise_count
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
    service_type::varchar as service_type, -- 服务类型: kind of service, 全部 for all
    service_count::bigint as service_count, -- 服务家次: services given (家次, flow, additive)
    enterprise_count::bigint as enterprise_count, -- 服务企业数: distinct enterprises served (家, flow)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from filled
