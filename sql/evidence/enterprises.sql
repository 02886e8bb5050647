-- 一行是名录上的一家企业对一个指标的一份贡献。新增和退出要看两期：上期的行排在前，
-- 在上期的不算新增，在本期的不算退出。 /
-- A row is what one entry of a list adds to one measure of the mart of enterprises. Who joined and
-- who left is told from two periods: added_count has the rows of this period with 1 and those of
-- the period before with 0, removed_count the other way round, and of an enterprise with both the 0
-- takes precedence.
with enterprises as (
    select
        period,
        reporting_unit,
        ownership,
        uscc,
        submission_id,
        source_sheet,
        source_row
    from included.enterprises
    where status = '在营'
),

honours as (
    select
        period,
        reporting_unit,
        list_name,
        ownership,
        submission_id,
        source_sheet,
        source_row,
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

member as (
    select
        period,
        reporting_unit,
        '全部在营' as list_name,
        ownership,
        uscc as thing,
        submission_id,
        source_sheet,
        source_row
    from enterprises
    union all
    select
        period,
        reporting_unit,
        list_name,
        ownership,
        enterprise as thing,
        submission_id,
        source_sheet,
        source_row
    from honours
),

former as (
    select
        following.period,
        member.reporting_unit,
        member.list_name,
        member.ownership,
        member.thing,
        member.submission_id,
        member.source_sheet,
        member.source_row
    from member
    inner join following on member.period = following.previous_period
),

contribution as (
    select
        'enterprise_count' as measure,
        *,
        null as amount,
        null as precedence
    from member
    union all
    select
        'added_count' as measure,
        *,
        1 as amount,
        0 as precedence
    from member
    union all
    select
        'added_count' as measure,
        *,
        0 as amount,
        1 as precedence
    from former
    union all
    select
        'removed_count' as measure,
        *,
        1 as amount,
        0 as precedence
    from former
    union all
    select
        'removed_count' as measure,
        *,
        0 as amount,
        1 as precedence
    from member
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    list_name::varchar as list_name,
    ownership::varchar as ownership,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    precedence::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
