-- 一行是一期、一个统计单元：上报的商标数。全市是各单元之和，有一个单元缺报或待说明时为空。 /
-- A row is a period and reporting unit: trademark counts as reported. The city is the sum of the
-- units, and empty while the cell of one of them is missing or withheld.
with trademarks as (
    select
        period,
        reporting_unit,
        application_count,
        registration_count,
        valid_count
    from included.trademarks
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
        dataset = 'trademarks'
        and included_submissions > 0
),

owed as (
    select
        unit_coverage.period,
        unit_coverage.reporting_unit_code,
        trademarks.application_count,
        trademarks.registration_count,
        trademarks.valid_count
    from unit_coverage
    left join trademarks
        on
            unit_coverage.period = trademarks.period
            and unit_coverage.reporting_unit_code = trademarks.reporting_unit
    where unit_coverage.reporting_unit_code <> '420200'
),

added as (
    select
        period,
        if(grouping(reporting_unit_code) = 1, '420200', reporting_unit_code) as unit_code,
        case when count(application_count) = count(*) then sum(application_count) end
            as application_count,
        case when count(registration_count) = count(*) then sum(registration_count) end
            as registration_count,
        case when count(valid_count) = count(*) then sum(valid_count) end as valid_count
    from owed
    group by period, rollup (reporting_unit_code)
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
        added.application_count,
        added.registration_count,
        added.valid_count
    from unit_coverage
    inner join added
        on
            unit_coverage.period = added.period
            and unit_coverage.reporting_unit_code = added.unit_code
)

select
    period::varchar as period, -- 报告期: reporting period
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    application_count::bigint as application_count, -- 申请量: applied for (件, flow, additive)
    registration_count::bigint as registration_count, -- 注册量: registered (件, flow, additive)
    valid_count::bigint as valid_count, -- 有效注册量: in force at the end (件, stock, additive)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from filled
