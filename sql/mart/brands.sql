-- 一行是一期、一个统计单元、一个名录：期末在录的品牌或产品，名录不写品牌的按企业计。“全部”和全市
-- 代码是汇总行，重新计数；报了表而没有的单元有一行 0。 /
-- A row is a period, reporting unit and list of honour: the brands or products on it as of the
-- period's end, or the enterprises themselves where the list names no brand. 全部 and the city's
-- code mark rollups, in which brands are counted anew; a unit whose forms name none has one row of
-- zeros. A brand on several editions counts once, with the value of the latest one.
with honours as (
    select
        period,
        reporting_unit,
        list_name,
        granted_on,
        brand_value,
        coalesce(brand_or_product, enterprise_name) as brand
    from included.honours
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
        dataset = 'honours'
        and included_submissions > 0
),

brand as (
    select
        period,
        brand,
        if(grouping(reporting_unit) = 1, '420200', reporting_unit) as unit_code,
        if(grouping(list_name) = 1, '全部', list_name) as list_name,
        max_by(brand_value, (granted_on, brand_value)) filter (
            where brand_value is not null and granted_on is not null
        ) as brand_value
    from honours
    group by period, brand, cube (reporting_unit, list_name)
),

counted as (
    select
        period,
        unit_code,
        list_name,
        count(*) as brand_count,
        sum(brand_value) as brand_value_yuan
    from brand
    group by period, unit_code, list_name
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
        counted.brand_value_yuan,
        coalesce(counted.list_name, '全部') as list_name,
        coalesce(counted.brand_count, 0) as brand_count
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
    list_name::varchar as list_name, -- 名录名称: list, 全部 for all
    brand_count::bigint as brand_count, -- 品牌数: distinct brands, products or enterprises (个, stock)
    brand_value_yuan::decimal(28, 2) as brand_value_yuan, -- 品牌价值: estimates, if any (元, stock)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from filled
