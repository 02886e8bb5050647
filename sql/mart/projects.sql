-- 一行是一期、一个统计单元、项目级别和进展：期末的质量提升项目。不属于任何统计单元的项目只计入全市
-- ；两家都报的项目和经费只计一次。 /
-- A row is a period, reporting unit, project level and progress: quality improvement projects as of
-- the period's end. 全部 and the city's code mark rollups, in which distinct things are counted anew;
-- a unit whose forms name none has one row of zeros. A project without a reporting unit counts in
-- the city alone. One that two reporters send counts once, and so does its fund.
with quality_projects as (
    select
        period,
        reporting_unit,
        project_level,
        progress,
        project_name,
        organiser,
        reporter_code,
        case
            when
                row_number() over (
                    partition by period, project_name, organiser
                    order by
                        fund_amount desc nulls last,
                        reporting_unit asc nulls last,
                        submission_id asc,
                        source_row asc
                ) = 1
                then fund_amount
        end as fund_amount
    from included.quality_projects
),

department as (
    select reporter_code
    from codes.reporter
    where kind = 'department'
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
        dataset = 'quality_projects'
        and included_submissions > 0
),

project as (
    select
        quality_projects.period,
        quality_projects.reporting_unit,
        quality_projects.project_level,
        quality_projects.progress,
        quality_projects.project_name,
        quality_projects.organiser,
        quality_projects.fund_amount,
        department.reporter_code as department_code
    from quality_projects
    left join department on quality_projects.reporter_code = department.reporter_code
),

counted as (
    select
        period,
        if(grouping(reporting_unit) = 1, '420200', reporting_unit) as unit_code,
        if(grouping(project_level) = 1, '全部', project_level) as project_level,
        if(grouping(progress) = 1, '全部', progress) as progress,
        count(distinct row(project_name, organiser)) as project_count,
        count(distinct organiser) as organiser_count,
        count(distinct department_code) as department_count,
        sum(fund_amount) as fund_yuan
    from project
    group by period, cube (reporting_unit, project_level, progress)
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
        counted.fund_yuan,
        coalesce(counted.project_level, '全部') as project_level,
        coalesce(counted.progress, '全部') as progress,
        coalesce(counted.project_count, 0) as project_count,
        coalesce(counted.organiser_count, 0) as organiser_count,
        coalesce(counted.department_count, 0) as department_count
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
    project_level::varchar as project_level, -- 项目级别: level, 不适用 for none, 全部 for all
    progress::varchar as progress, -- 进展: state of the project, 全部 for all
    project_count::bigint as project_count, -- 项目数: distinct projects (项, stock)
    organiser_count::bigint as organiser_count, -- 组织单位数: distinct organisers (个, stock)
    department_count::bigint as department_count, -- 市直部门数: departments reporting (个, stock)
    fund_yuan::decimal(28, 2) as fund_yuan, -- 专项经费: funds stated, if any (元, stock)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from filled
