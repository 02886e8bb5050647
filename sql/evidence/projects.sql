-- 一行是一个质量提升项目对一个指标的一份贡献；两家都报的经费只算一家的。 /
-- A row is what one project adds to one measure of the mart of projects: itself, its organiser, the
-- department that reports it, or its fund, which of a project sent twice is that of one row.
with quality_projects as (
    select
        period,
        reporting_unit,
        project_level,
        progress,
        project_name,
        organiser,
        reporter_code,
        submission_id,
        source_sheet,
        source_row,
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

contribution as (
    select
        'project_count' as measure,
        period,
        reporting_unit,
        project_level,
        progress,
        json_array(project_name, organiser)::varchar as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from quality_projects
    union all
    select
        'organiser_count' as measure,
        period,
        reporting_unit,
        project_level,
        progress,
        organiser as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from quality_projects
    where organiser is not null
    union all
    select
        'department_count' as measure,
        period,
        reporting_unit,
        project_level,
        progress,
        reporter_code as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from quality_projects
    where reporter_code in (select department.reporter_code from department)
    union all
    select
        'fund_yuan' as measure,
        period,
        reporting_unit,
        project_level,
        progress,
        null as thing,
        fund_amount as amount,
        submission_id,
        source_sheet,
        source_row
    from quality_projects
    where fund_amount is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    project_level::varchar as project_level,
    progress::varchar as progress,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
