-- 一行是一个数字曾经发布过的一个值，以及它在哪些发布中有效；撤下后没有行。 /
-- A row is one value a figure was ever published with, and the releases it stood in; while it was
-- taken down there is no row. Of releases made within one second none is lost: order is by number.
with recorded as (
    select * from core.series_vintage
),

release as (
    select
        release_id,
        published_on,
        published_at
    from mart.release
),

spell as (
    select
        *,
        lead(release_id) over (
            partition by series_code, period, reporting_unit_code
            order by release_id
        ) as known_to_release
    from recorded
)

select
    spell.series_code::varchar as series_code, -- 序列代码: mart, measure, dimensions, or indicator
    spell.indicator_code::varchar as indicator_code, -- 指标代码: indicator, where the figure is one
    spell.indicator_name::varchar as indicator_name, -- 指标名称: what the figure means
    spell.unit::varchar as unit, -- 计量单位: published unit; money is always 元
    spell.basis::varchar as basis, -- 来源: reported by a department, or counted from rows
    spell.qualifier::varchar as qualifier, -- 限定词: 近, 余, 超过, 约 or 左右, as reported
    spell.measure_kind::varchar as measure_kind, -- 时点或时期: stock or flow
    spell.is_additive::boolean as is_additive, -- 可加: whether it may be summed over units
    spell.adds_over_periods::boolean
        as adds_over_periods, -- 可跨期相加: whether single periods add up
    spell.accumulated_since::varchar
        as accumulated_since, -- 累计自: of a flow, since the period, year or beginning
    spell.period::varchar as period, -- 报告期: reporting period
    spell.period_type::varchar as period_type, -- 报告期别: year, quarter or month
    spell.reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    spell.reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    spell.value::decimal(28, 6) as value, -- 数值: in the published unit; empty where not applicable
    spell.value_state::varchar as value_state, -- 数值状态: value, or not_applicable (不适用)
    spell.expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    spell.included_submissions::bigint as included_submissions, -- 已计入: forms included
    spell.status::varchar as status, -- 状态: provisional, final or revised
    spell.break_reason::varchar as break_reason, -- 中断原因: why not comparable with before
    spell.release_id::bigint as known_from_release, -- 起始发布号: release that first said it
    began.published_on::date as known_from_on, -- 起始日期: day of that release, city time
    began.published_at::timestamptz as known_from_at, -- 起始时间: clock of that release
    spell.known_to_release::bigint as known_to_release, -- 终止发布号: release that replaced it
    ended.published_on::date as known_to_on, -- 终止日期: day of that release; empty while it stands
    ended.published_at::timestamptz as known_to_at -- 终止时间: clock of that release
from spell
inner join release as began on spell.release_id = began.release_id
left join release as ended on spell.known_to_release = ended.release_id
where spell.is_present
