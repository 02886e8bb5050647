-- 一行是一期、一个统计单元、一个名录、一种企业性质：期末在录的企业，以及比上期新增和退出的。名录“
-- 全部在营”是企业名录本身。汇总行重新计数；不同名录不相加。上期缺表则增减为空。 /
-- A row is a period, reporting unit, list and ownership: the enterprises on it as of the period's
-- end, and who joined and left since the period earlier. The list 全部在营 is the register of
-- enterprises itself; the others are lists of honour. 全部 (ownership) and the city's code mark
-- rollups, in which enterprises are counted anew: who moved from one unit to another is new there,
-- and neither new nor gone in the city. There is no rollup over lists: they are different things.
-- added_count is empty where the period before lacks the list or a form, removed_count also where
-- this period lacks a form: an enterprise whose form is missing has not left.
with enterprises as (
    select
        period,
        reporting_unit,
        ownership,
        uscc
    from included.enterprises
    where status = '在营'
),

honours as (
    select
        period,
        reporting_unit,
        list_name,
        ownership,
        coalesce(uscc, max(uscc) over (partition by enterprise_name), enterprise_name)
            as enterprise
    from included.honours
),

following as (
    select
        period,
        previous_period
    from core.period
),

unit_coverage as (
    select
        dataset,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        expected_submissions,
        included_submissions,
        status,
        expected_submissions = included_submissions as is_complete
    from core.unit_coverage
    where
        dataset in ('enterprises', 'honours')
        and included_submissions > 0
),

member as (
    select
        'enterprises' as dataset,
        period,
        reporting_unit,
        '全部在营' as list_name,
        ownership,
        uscc as enterprise
    from enterprises
    union all
    select
        'honours' as dataset,
        period,
        reporting_unit,
        list_name,
        ownership,
        enterprise
    from honours
),

presence as (
    select
        dataset,
        period,
        reporting_unit,
        list_name,
        ownership,
        enterprise,
        true as is_now,
        false as was_before
    from member
    union all
    select
        member.dataset,
        following.period,
        member.reporting_unit,
        member.list_name,
        member.ownership,
        member.enterprise,
        false as is_now,
        true as was_before
    from member
    inner join following on member.period = following.previous_period
),

placed as (
    select
        dataset,
        period,
        list_name,
        enterprise,
        if(grouping(reporting_unit) = 1, '420200', reporting_unit) as unit_code,
        if(grouping(ownership) = 1, '全部', ownership) as ownership,
        bool_or(is_now) as is_now,
        bool_or(was_before) as was_before
    from presence
    group by dataset, period, list_name, enterprise, cube (reporting_unit, ownership)
),

counted as (
    select
        dataset,
        period,
        unit_code,
        list_name,
        ownership,
        count(*) filter (where is_now) as enterprise_count,
        count(*) filter (where is_now and not was_before) as added_count,
        count(*) filter (where was_before and not is_now) as removed_count,
        bool_or(bool_or(was_before)) over (
            partition by dataset, period, list_name
        ) as was_list_before
    from placed
    group by dataset, period, unit_code, list_name, ownership
),

compared as (
    select
        now.period,
        now.period_type,
        now.reporting_unit_code,
        now.reporting_unit,
        now.expected_submissions,
        now.included_submissions,
        now.status,
        now.is_complete,
        counted.list_name,
        counted.ownership,
        counted.enterprise_count,
        counted.added_count,
        counted.removed_count,
        counted.was_list_before and coalesce(earlier.is_complete, false) as is_comparable
    from counted
    inner join unit_coverage as now
        on
            counted.dataset = now.dataset
            and counted.period = now.period
            and counted.unit_code = now.reporting_unit_code
    inner join following on now.period = following.period
    left join unit_coverage as earlier
        on
            now.dataset = earlier.dataset
            and now.reporting_unit_code = earlier.reporting_unit_code
            and following.previous_period = earlier.period
),

known as (
    select
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        expected_submissions,
        included_submissions,
        status,
        list_name,
        ownership,
        enterprise_count,
        case when is_comparable then added_count end as added_count,
        case when is_comparable and is_complete then removed_count end as removed_count
    from compared
    where
        enterprise_count > 0
        or (is_comparable and is_complete)
)

select
    period::varchar as period, -- 报告期: reporting period
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    list_name::varchar as list_name, -- 名录名称: list of honour, 全部在营 for the register
    ownership::varchar as ownership, -- 企业性质: ownership, 全部 for all
    enterprise_count::bigint as enterprise_count, -- 企业数: distinct enterprises (家, stock)
    added_count::bigint as added_count, -- 新增数: not on it the period before (家, flow)
    removed_count::bigint as removed_count, -- 退出数: on it only the period before (家, flow)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from known
