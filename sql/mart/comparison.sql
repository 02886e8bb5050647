-- 一行是一项比对在若干次发布之间的结果：两个来源对同一事实怎么说，是否一致。 /
-- A row is one comparison as it stood from one release up to another: what two sources say of one
-- fact in one period and reporting unit, and whether both can be true.
-- Both sides are intervals (mart.comparison_term) and agree where these meet. The right side is as
-- published, or recomputed: the sum of the units; numerator / denominator; now / a year before - 1;
-- 1 + the units with a larger figure, so that equal figures share a rank. Parts agree with a whole
-- they do not exceed. A part that a register does not list counts 0 where it has the whole.
-- What another figure is checked by has a row only where there is something to check, except that a
-- city's figure that only one source has is one_sided.
-- Each bound of the join over releases names one side alone: measured, a coalesce over both made
-- DuckDB compare every row with every row.
with term as (
    select
        comparison_code,
        kind,
        comparison,
        comparison_en,
        left_series,
        right_series,
        owner_code,
        times,
        period,
        period_type,
        reporting_unit_code,
        role,
        told_of,
        basis,
        unit,
        qualifier,
        value,
        lowest,
        highest,
        is_open_above,
        expected_submissions,
        included_submissions,
        known_from_release,
        known_to_release,
        coalesce(known_to_release, getvariable('release_id') + 1) as gone_by
    from mart.comparison_term
),

release as (
    select
        release_id,
        published_on
    from mart.release
),

place as (
    select
        reporting_unit_code,
        reporting_unit
    from codes.reporting_unit
),

unit as (
    select
        reporting_unit_code,
        valid_from,
        valid_until
    from codes.reporting_unit
    where not is_city
),

ended as (
    select distinct
        period,
        case period_type
            when 'quarter'
                then last_day(make_date(period[:4]::integer, period[6]::integer * 3, 1))
            when 'month' then last_day(make_date(period[:4]::integer, period[6:]::integer, 1))
            else make_date(period::integer, 12, 31)
        end as period_end
    from term
),

division as (
    select
        ended.period,
        ended.period_end,
        count(unit.reporting_unit_code) as units_owed
    from ended
    left join unit on ended.period_end between unit.valid_from and unit.valid_until
    group by
        ended.period,
        ended.period_end
),

definition as (
    select distinct
        comparison_code,
        comparison,
        comparison_en,
        left_series,
        right_series,
        owner_code
    from term
),

turn as (
    select distinct
        comparison_code,
        kind,
        times,
        period,
        period_type,
        reporting_unit_code,
        unnest([known_from_release, known_to_release]) as release_id
    from term
),

gathered as (
    select
        turn.comparison_code,
        turn.kind,
        turn.times,
        turn.period,
        turn.period_type,
        turn.reporting_unit_code,
        turn.release_id,
        coalesce(max(term.unit) filter (where term.role = 'left'), max(term.unit)) as unit,
        string_agg(term.qualifier, ' ') filter (where term.role = 'left') as left_qualifier,
        string_agg(term.qualifier, ' ') filter (where term.role = 'right') as right_qualifier,
        sum(term.value) filter (where term.role = 'left') as left_value,
        sum(term.lowest) filter (where term.role = 'left') as left_lowest,
        sum(term.highest) filter (where term.role = 'left') as left_highest,
        coalesce(bool_or(term.is_open_above) filter (where term.role = 'left'), false)
            as is_left_open,
        sum(term.value) filter (where term.role in ('right', 'part')) as added_value,
        sum(term.lowest) filter (where term.role in ('right', 'part')) as added_lowest,
        sum(term.highest) filter (where term.role in ('right', 'part')) as added_highest,
        coalesce(bool_or(term.is_open_above) filter (where term.role <> 'left'), false)
            as is_right_open,
        max(term.value) filter (where term.role = 'whole') is not null as has_whole,
        max(term.value) filter (where term.role in ('numerator', 'of')) as over_value,
        max(term.lowest) filter (where term.role in ('numerator', 'of')) as over_lowest,
        max(term.highest) filter (where term.role in ('numerator', 'of')) as over_highest,
        max(term.value) filter (where term.role in ('denominator', 'before')) as under_value,
        max(term.lowest) filter (where term.role in ('denominator', 'before')) as under_lowest,
        max(term.highest) filter (where term.role in ('denominator', 'before')) as under_highest,
        list(term.value) filter (where term.role = 'peer') as peers,
        count(distinct term.told_of) filter (
            where term.role = 'peer' or (term.role = 'part' and term.basis = 'reported')
        ) as units_told,
        coalesce(
            bool_or(term.role = 'peer' or (term.role = 'part' and term.basis = 'reported')), false
        ) as is_of_units,
        coalesce(bool_and(term.included_submissions >= term.expected_submissions), false)
            as is_covered
    from turn
    left join term
        on
            turn.comparison_code = term.comparison_code
            and turn.period = term.period
            and turn.reporting_unit_code = term.reporting_unit_code
            and turn.release_id >= term.known_from_release
            and turn.release_id < term.gone_by
    where turn.release_id is not null
    group by
        turn.comparison_code,
        turn.kind,
        turn.times,
        turn.period,
        turn.period_type,
        turn.reporting_unit_code,
        turn.release_id
),

recomputed as (
    select
        *,
        case
            when kind = 'register' then coalesce(added_value, if(has_whole, 0, null))
            when kind = 'share' and under_lowest > 0 then over_value / under_value * times
            when kind = 'growth' and under_lowest > 0 then (over_value / under_value - 1) * 100
            when kind = 'rank' then 1 + len(list_filter(peers, lambda peer: peer > over_value))
            when kind in ('departments', 'total', 'part') then added_value
        end as right_value,
        case
            when kind = 'register' then coalesce(added_lowest, if(has_whole, 0, null))
            when kind = 'share' and under_lowest > 0 then over_lowest / under_highest * times
            when kind = 'growth' and under_lowest > 0 then (over_lowest / under_highest - 1) * 100
            when kind = 'rank' then 1 + len(list_filter(peers, lambda peer: peer > over_value))
            when kind in ('departments', 'total', 'part') then added_lowest
        end as right_lowest,
        case
            when kind = 'register' then coalesce(added_highest, if(has_whole, 0, null))
            when kind = 'share' and under_lowest > 0 then over_highest / under_lowest * times
            when kind = 'growth' and under_lowest > 0 then (over_highest / under_lowest - 1) * 100
            when kind = 'rank' then 1 + len(list_filter(peers, lambda peer: peer > over_value))
            when kind in ('departments', 'total', 'part') then added_highest
        end as right_highest
    from gathered
),

held as (
    select
        recomputed.* replace (
            recomputed.right_value::decimal(28, 6) as right_value,
            recomputed.right_lowest::decimal(28, 6) as right_lowest,
            recomputed.right_highest::decimal(28, 6) as right_highest
        ),
        division.units_owed,
        division.period_end
    from recomputed
    inner join division on recomputed.period = division.period
),

judged as (
    select
        *,
        lead(release_id) over (
            partition by comparison_code, period, reporting_unit_code
            order by release_id
        ) as next_release,
        left_value - right_value as difference,
        left_lowest - right_highest as lowest_difference,
        left_highest - right_lowest as highest_difference,
        case
            when left_value is null or right_value is null then 'one_sided'
            when
                not is_covered
                or (is_of_units and units_told < units_owed)
                then 'incomplete'
            when kind = 'part' then if(left_lowest <= right_highest, 'agrees', 'differs')
            when
                left_lowest <= right_highest
                and right_lowest <= left_highest
                and not (is_left_open and right_lowest = left_highest)
                and not (is_right_open and left_lowest = right_highest)
                then 'agrees'
            else 'differs'
        end as outcome
    from held
)

select
    judged.comparison_code::varchar as comparison_code, -- 比对代码: kind and series, or the relation
    judged.kind::varchar
        as kind, -- 比对类别: register, departments, total, share, growth, rank or part
    definition.comparison::varchar as comparison, -- 比对内容: what is compared
    definition.comparison_en::varchar as comparison_en, -- 比对内容(英文): the same in English
    judged.period::varchar as period, -- 报告期: reporting period
    judged.period_type::varchar as period_type, -- 报告期别: year, quarter or month
    judged.period_end::date as period_end, -- 报告期末: its last day
    judged.reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    place.reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    definition.left_series::varchar as left_series, -- 左序列: series that is checked
    judged.left_value::decimal(28, 6) as left_value, -- 左值: its figure; parts are added up
    judged.left_qualifier::varchar as left_qualifier, -- 左限定词: 近, 余, 超过, 约 or 左右
    definition.right_series::varchar as right_series, -- 右序列: series it is checked by
    judged.right_value::decimal(28, 6) as right_value, -- 右值: its figure, or the one recomputed
    judged.right_qualifier::varchar as right_qualifier, -- 右限定词: 近, 余, 超过, 约 or 左右
    judged.difference::decimal(28, 6) as difference, -- 差: left less right, as written
    judged.lowest_difference::decimal(28, 6)
        as lowest_difference, -- 差的下限: with qualifiers and rounding
    judged.highest_difference::decimal(28, 6)
        as highest_difference, -- 差的上限: with qualifiers and rounding
    judged.unit::varchar as unit, -- 计量单位: of both sides
    judged.outcome::varchar
        as outcome, -- 结果: agrees, differs, incomplete (forms are missing) or one_sided
    definition.owner_code::varchar
        as owner_code, -- 责任单位代码: reporter who answers; empty for what only registers say
    judged.release_id::bigint as known_from_release, -- 起始发布号: release it stood so from
    began.published_on::date as known_from_on, -- 起始日期: day of that release, city time
    judged.next_release::bigint as known_to_release, -- 终止发布号: release that changed a side
    replaced.published_on::date as known_to_on -- 终止日期: its day; empty while it stands
from judged
inner join definition on judged.comparison_code = definition.comparison_code
inner join place on judged.reporting_unit_code = place.reporting_unit_code
inner join release as began on judged.release_id = began.release_id
left join release as replaced on judged.next_release = replaced.release_id
where
    judged.left_value is not null
    or (
        judged.right_value is not null
        and judged.kind in ('register', 'departments', 'total')
    )
