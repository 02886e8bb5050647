-- 一行是一期、一个统计单元：上报的商标数旁边填写的同比。全市合计行不入库，所以全市没有行。 /
-- A row is a period and reporting unit: the growth on the year before that a form states beside its
-- trademark counts. The form's row of the whole city is not loaded, so the city has none.
with trademarks as (
    select
        period,
        reporting_unit,
        application_yoy_pct,
        registration_yoy_pct
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
    where dataset = 'trademarks'
),

stated as (
    select
        unit_coverage.period,
        unit_coverage.period_type,
        unit_coverage.reporting_unit_code,
        unit_coverage.reporting_unit,
        unit_coverage.expected_submissions,
        unit_coverage.included_submissions,
        unit_coverage.status,
        trademarks.application_yoy_pct,
        trademarks.registration_yoy_pct
    from unit_coverage
    inner join trademarks
        on
            unit_coverage.period = trademarks.period
            and unit_coverage.reporting_unit_code = trademarks.reporting_unit
)

select
    period::varchar as period, -- 报告期: reporting period
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: county-level area
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    application_yoy_pct::decimal(28, 6)
        as application_yoy_pct, -- 申请量同比: growth of applications, as stated (%, stock)
    registration_yoy_pct::decimal(28, 6)
        as registration_yoy_pct, -- 注册量同比: growth of registrations, as stated (%, stock)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from stated
