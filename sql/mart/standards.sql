-- A row is a period, reporting unit, standard level and role: how many standards enterprises execute,
-- lead or join. 全部 and the city's code mark rollups, in which distinct things are counted anew.
with standards as (
    select
        period,
        reporting_unit,
        standard_level,
        role,
        standard_no,
        uscc,
        product_name
    from included.standards
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
    where dataset = 'standards'
),

counted as (
    select
        period,
        case when grouping(reporting_unit) = 1 then '420200' else reporting_unit end as unit_code,
        case when grouping(standard_level) = 1 then '全部' else standard_level end as standard_level,
        case when grouping(role) = 1 then '全部' else role end as role,
        count(distinct standard_no) as standard_count,
        count(distinct uscc) as enterprise_count,
        count(distinct (uscc, product_name)) filter (where product_name is not null)
            as product_count
    from standards
    group by period, cube(reporting_unit, standard_level, role)
)

select
    counted.period::varchar as period, -- 报告期: reporting period
    unit_coverage.period_type::varchar as period_type, -- 报告期别: year, quarter or month
    unit_coverage.reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    unit_coverage.reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    counted.standard_level::varchar as standard_level, -- 标准级别: level, 全部 for all
    counted.role::varchar as role, -- 参与方式: the enterprise's part, 全部 for all
    counted.standard_count::bigint as standard_count, -- 标准项数: distinct standard numbers (项, stock)
    counted.enterprise_count::bigint as enterprise_count, -- 企业数: distinct enterprises (家, stock)
    counted.product_count::bigint as product_count, -- 产品种数: distinct products by enterprise (种, stock)
    unit_coverage.expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    unit_coverage.included_submissions::bigint as included_submissions, -- 已计入: forms included
    unit_coverage.status::varchar as status -- 状态: provisional, final or revised
from counted
inner join unit_coverage
    on
        counted.period = unit_coverage.period
        and counted.unit_code = unit_coverage.reporting_unit_code
