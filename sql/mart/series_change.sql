-- 一行是一个数字在一次发布中变动的一部分：晚报、更正、撤回、决定或口径变化；首次发布也有一行。
-- 各部分之和等于变动。 /
-- A row is one part of what moved a figure in one release, or its first publication. The parts of a
-- figure add up to what it moved by, between any two releases; nothing published counts as 0.
with vintage as (
    select * from core.series_vintage
),

change as (
    select * from core.series_change
),

release as (
    select
        release_id,
        published_on,
        published_at,
        is_replayed
    from mart.release
),

reporter as (
    select
        reporter_code,
        reporter
    from codes.reporter
),

revision_note as (
    select
        submission_id,
        note
    from core.revision_note
),

first_published as (
    select
        release_id,
        series_code,
        period,
        reporting_unit_code,
        1 as part_number,
        'first_published' as cause,
        null as value_before,
        value as value_after,
        coalesce(value, 0) as difference
    from vintage
    qualify
        row_number() over (
            partition by series_code, period, reporting_unit_code
            order by release_id
        ) = 1
),

described as (
    select
        series_code,
        period,
        reporting_unit_code,
        max_by(indicator_name, release_id) as indicator_name,
        max_by(unit, release_id) as unit,
        max_by(reporting_unit, release_id) as reporting_unit
    from vintage
    group by series_code, period, reporting_unit_code
),

part as (
    select * from change
    union all by name
    select * from first_published
)

select
    part.release_id::bigint as release_id, -- 发布号: release that says the new value
    release.published_on::date as published_on, -- 发布日期: its day, city time
    release.published_at::timestamptz as published_at, -- 发布时间: its clock
    release.is_replayed::boolean as is_replayed, -- 回放: made on a simulated clock
    part.series_code::varchar as series_code, -- 序列代码: series
    described.indicator_name::varchar as indicator_name, -- 指标名称: what the figure means
    described.unit::varchar as unit, -- 计量单位: published unit
    part.period::varchar as period, -- 报告期: reporting period
    part.reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    described.reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    part.part_number::bigint as part_number, -- 序号: place among the parts, in the ledger's order
    part.cause::varchar
        as cause, -- 原因: first_published, late_form, correction, withdrawal, decision …
    part.sequence::bigint as sequence, -- 台账号: ledger entry that did it
    part.submission_id::bigint as submission_id, -- 报送序号: submission the entry is about
    part.reporter_code::varchar as reporter_code, -- 填报单位代码: reporter
    reporter.reporter::varchar as reporter, -- 填报单位: reporter's name
    part.decided_by::varchar as decided_by, -- 决定人: who decided; gate for the nightly verdict
    part.value_before::decimal(28, 6) as value_before, -- 变动前: value before; empty for none
    part.value_after::decimal(28, 6) as value_after, -- 变动后: value after; empty for none
    part.difference::decimal(28, 6) as difference, -- 变动: what this part added
    revision_note.note::varchar as note -- 更正说明: why its reporter revised, where given
from part
inner join release on part.release_id = release.release_id
inner join described
    on
        part.series_code = described.series_code
        and part.period = described.period
        and part.reporting_unit_code = described.reporting_unit_code
left join reporter on part.reporter_code = reporter.reporter_code
left join revision_note on part.submission_id = revision_note.submission_id
