-- 一行是一期、一个统计单元、一种专利类型：期末名册上的申请，以及其中已授权、有效、高价值的件数。汇
-- 总行重新计数。 /
-- A row is a period, reporting unit and patent type: the applications on the units' registers, and
-- how many of them are granted, in force and of high value, all as of the period's end. 全部 and the
-- city's code mark rollups, in which distinct things are counted anew; a unit whose forms name none
-- has one row of zeros.
with patents as (
    select
        period,
        reporting_unit,
        patent_type,
        application_no,
        granted_on,
        legal_status,
        is_high_value,
        coalesce(
            uscc, max(uscc) over (partition by period, patentee_name), patentee_name
        ) as patentee
    from included.patents
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
        dataset = 'patents'
        and included_submissions > 0
),

counted as (
    select
        period,
        if(grouping(reporting_unit) = 1, '420200', reporting_unit) as unit_code,
        if(grouping(patent_type) = 1, '全部', patent_type) as patent_type,
        count(distinct application_no) as application_count,
        count(distinct application_no) filter (where granted_on is not null) as grant_count,
        count(distinct application_no) filter (where legal_status = '有效') as valid_count,
        count(distinct application_no) filter (where is_high_value = '是') as high_value_count,
        count(distinct patentee) as patentee_count
    from patents
    group by period, cube (reporting_unit, patent_type)
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
        coalesce(counted.patent_type, '全部') as patent_type,
        coalesce(counted.application_count, 0) as application_count,
        coalesce(counted.grant_count, 0) as grant_count,
        coalesce(counted.valid_count, 0) as valid_count,
        coalesce(counted.high_value_count, 0) as high_value_count,
        coalesce(counted.patentee_count, 0) as patentee_count
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
    patent_type::varchar as patent_type, -- 专利类型: type, 全部 for all
    application_count::bigint as application_count, -- 申请件数: distinct applications (件, stock)
    grant_count::bigint as grant_count, -- 授权件数: applications with a grant date (件, stock)
    valid_count::bigint as valid_count, -- 有效件数: patents in force (件, stock)
    high_value_count::bigint as high_value_count, -- 高价值件数: marked as of high value (件, stock)
    patentee_count::bigint as patentee_count, -- 专利权人数: distinct patentees (个, stock)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from filled
