-- 一行是一个数字的一个版本在一项比对中的作用，以及按限定词和进位它可能在的区间。 /
-- A row is one vintage of a figure in the part it plays in a comparison, with the interval it may
-- lie in by its qualifier and rounding.
-- register: a reported indicator and what a register counts; a flow is held against a stock only
-- over a declared bridge. total: the city and its units, for every additive series that has units.
-- departments, share, growth, rank, part: declared in expectations/codes/relations.toml.
-- 近500 is 450 to 500, 余 and 超过 reach to the next digit of that place (500余万 ends before 600万,
-- 70余 before 80), 约 and 左右 are 5 % to either side: the usage written down with the figures of the
-- 2020 report, and the rule of the check register_differs. A figure in a coarser unit than the
-- published one, a percentage and a share are rounded: half the last written digit to either side.
-- The unit a figure was written in is known of the form in force; earlier vintages go by it.
with vintage as (
    select
        series_code,
        indicator_code,
        indicator_name,
        unit,
        basis,
        qualifier,
        is_additive,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        value,
        expected_submissions,
        included_submissions,
        known_from_release,
        known_to_release
    from mart.series_vintage
),

place as (
    select
        reporting_unit_code,
        reporting_unit,
        is_city
    from codes.reporting_unit
),

indicator as (
    select
        indicator_code,
        indicator_name,
        indicator_name_en,
        department,
        measure_kind
    from codes.indicator
),

relation as (
    select
        relation_code,
        kind,
        role,
        series_code,
        left_series,
        right_series,
        title,
        title_en,
        owner_code,
        times
    from codes.relation
),

bridge as (
    select
        left_series,
        right_series
    from codes.bridge
),

counting as (
    select
        indicator_count.indicator_code,
        measure.measure_kind,
        indicator_count.mart || '.' || indicator_count.measure as whole_code,
        indicator_count.mart || '.' || indicator_count.measure
        || coalesce('[' || indicator_count.dimensions || ']', '') as series_code
    from codes.indicator_count
    inner join codes.measure
        on
            indicator_count.mart = measure.mart
            and indicator_count.measure = measure.measure
),

counted_by as (
    select
        counting.indicator_code,
        counting.whole_code,
        counting.series_code,
        indicator.indicator_name,
        indicator.indicator_name_en,
        indicator.department
    from counting
    inner join indicator on counting.indicator_code = indicator.indicator_code
    where
        counting.measure_kind = indicator.measure_kind
        or (counting.indicator_code, counting.series_code) in (
            select (bridge.left_series, bridge.right_series)
            from bridge
        )
),

figure as (
    select
        vintage.series_code,
        vintage.period,
        vintage.reporting_unit_code,
        place.is_city,
        max(vintage.indicator_code) as indicator_code,
        max(vintage.indicator_name) as indicator_name,
        bool_or(vintage.is_additive) as is_additive
    from vintage
    inner join place on vintage.reporting_unit_code = place.reporting_unit_code
    group by
        vintage.series_code,
        vintage.period,
        vintage.reporting_unit_code,
        place.is_city
),

split as (
    select distinct
        series_code,
        period
    from figure
    where
        is_additive
        and not is_city
),

definition as (
    select
        'register.' || indicator_code as comparison_code,
        'register' as kind,
        indicator_code as left_series,
        series_code as right_series,
        indicator_name as title,
        indicator_name_en as title_en,
        department as owner_code,
        null as times
    from counted_by
    union all by name
    select
        'total.' || figure.series_code as comparison_code,
        'total' as kind,
        figure.series_code as left_series,
        figure.series_code as right_series,
        max(figure.indicator_name) as title,
        coalesce(max(indicator.indicator_name_en), figure.series_code) as title_en,
        max(indicator.department) as owner_code,
        null as times
    from figure
    left join indicator on figure.indicator_code = indicator.indicator_code
    where figure.series_code in (select split.series_code from split)
    group by figure.series_code
    union all by name
    select distinct
        relation_code as comparison_code,
        kind,
        left_series,
        right_series,
        title,
        title_en,
        owner_code,
        times
    from relation
),

reported as (
    select
        series_code,
        period,
        reporting_unit_code
    from figure
    where series_code in (select counted_by.indicator_code from counted_by)
),

-- A slot is a figure's part in a comparison: `told_of` is the unit the figure itself is of.
register_slot as (
    select
        'register.' || series_code as comparison_code,
        'left' as role,
        period,
        reporting_unit_code,
        series_code,
        period as told_for,
        reporting_unit_code as told_of
    from reported
    union all by name
    select
        'register.' || counted_by.indicator_code as comparison_code,
        if(figure.series_code = counted_by.series_code, 'right', 'whole') as role,
        figure.period,
        figure.reporting_unit_code,
        figure.series_code,
        figure.period as told_for,
        figure.reporting_unit_code as told_of
    from counted_by
    inner join figure
        on figure.series_code in (counted_by.series_code, counted_by.whole_code)
    where
        figure.is_city
        or (counted_by.indicator_code, figure.period, figure.reporting_unit_code) in (
            select (reported.series_code, reported.period, reported.reporting_unit_code)
            from reported
        )
),

total_slot as (
    select
        'total.' || figure.series_code as comparison_code,
        if(figure.is_city, 'left', 'part') as role,
        figure.period,
        city.reporting_unit_code,
        figure.series_code,
        figure.period as told_for,
        figure.reporting_unit_code as told_of
    from figure
    inner join split
        on
            figure.series_code = split.series_code
            and figure.period = split.period
    inner join place as city on city.is_city
),

declared_slot as (
    select
        relation.relation_code as comparison_code,
        relation.kind,
        relation.role,
        figure.period,
        figure.reporting_unit_code,
        figure.series_code,
        figure.period as told_for,
        figure.reporting_unit_code as told_of,
        figure.is_city
    from relation
    inner join figure on relation.series_code = figure.series_code
),

year_before_slot as (
    select
        comparison_code,
        'before' as role,
        (period[:4]::integer + 1) || period[5:] as period,
        reporting_unit_code,
        series_code,
        told_for,
        told_of
    from declared_slot
    where
        kind = 'growth'
        and role = 'of'
),

peer_slot as (
    select
        ranked.comparison_code,
        'peer' as role,
        ranked.period,
        ranked.reporting_unit_code,
        peer.series_code,
        peer.told_for,
        peer.told_of
    from declared_slot as ranked
    inner join declared_slot as peer
        on
            ranked.comparison_code = peer.comparison_code
            and ranked.period = peer.period
    where
        ranked.kind = 'rank'
        and ranked.role = 'left'
        and peer.role = 'of'
        and not ranked.is_city
        and not peer.is_city
),

slot as (
    select * from register_slot
    union all by name
    select * from total_slot
    union all by name
    select * exclude (kind, is_city) from declared_slot
    union all by name
    select * from year_before_slot
    union all by name
    select * from peer_slot
),

counts as (
    select
        submission_id,
        period
    from core.included_submission
),

written as (
    select
        indicators.indicator_code as series_code,
        counts.period,
        indicators.reporting_unit as reporting_unit_code,
        max(unit_of_measure.factor) as factor
    from core.indicators
    inner join counts on indicators.submission_id = counts.submission_id
    inner join codes.unit_of_measure on indicators.unit = unit_of_measure.unit
    group by
        indicators.indicator_code,
        counts.period,
        indicators.reporting_unit
),

term as (
    select
        slot.comparison_code,
        slot.role,
        slot.period,
        slot.reporting_unit_code,
        slot.told_of,
        slot.told_for,
        definition.kind,
        definition.title,
        definition.title_en,
        definition.left_series,
        definition.right_series,
        definition.owner_code,
        definition.times,
        vintage.series_code,
        vintage.period_type,
        vintage.basis,
        vintage.unit,
        vintage.qualifier,
        vintage.value,
        vintage.expected_submissions,
        vintage.included_submissions,
        vintage.known_from_release,
        vintage.known_to_release,
        coalesce(vintage.qualifier in ('余', '超过'), false) as is_open_above,
        coalesce(written.factor, 1)::decimal(28, 6) as factor,
        vintage.qualifier is null
        and (
            written.factor > 1
            or vintage.unit = '%'
            or (definition.kind = 'share' and slot.role = 'left')
        ) as is_rounded,
        rtrim(rtrim(vintage.value::varchar, '0'), '.') as digits
    from slot
    inner join definition on slot.comparison_code = definition.comparison_code
    inner join vintage
        on
            slot.series_code = vintage.series_code
            and slot.told_for = vintage.period
            and slot.told_of = vintage.reporting_unit_code
    left join written
        on
            slot.series_code = written.series_code
            and slot.told_for = written.period
            and slot.told_of = written.reporting_unit_code
),

placed as (
    select
        *,
        case
            when value = 0 then factor
            when contains(digits, '.') then power(10, -length(split_part(digits, '.', 2)))
            else power(10, length(digits) - length(rtrim(digits, '0')))
        end::decimal(28, 6) as last_place
    from term
),

bounded as (
    select
        *,
        case
            when qualifier = '近' then value - last_place / 2
            when qualifier in ('约', '左右') then value - abs(value) / 20
            when is_rounded then value - least(last_place, factor) / 2
            else value
        end::decimal(28, 6) as lowest,
        case
            when is_open_above then value + last_place
            when qualifier in ('约', '左右') then value + abs(value) / 20
            when is_rounded then value + least(last_place, factor) / 2
            else value
        end::decimal(28, 6) as highest
    from placed
)

select
    bounded.comparison_code::varchar as comparison_code, -- 比对代码: kind and series, or the relation
    bounded.kind::varchar
        as kind, -- 比对类别: register, departments, total, share, growth, rank or part
    bounded.title::varchar as comparison, -- 比对内容: what is compared
    bounded.title_en::varchar as comparison_en, -- 比对内容(英文): the same in English
    bounded.left_series::varchar as left_series, -- 左序列: series that is checked
    bounded.right_series::varchar as right_series, -- 右序列: series it is checked by
    bounded.owner_code::varchar
        as owner_code, -- 责任单位代码: reporter who answers; empty for what only registers say
    bounded.times::bigint as times, -- 倍数: what a share is multiplied by; 100 for per cent
    bounded.period::varchar as period, -- 报告期: reporting period of the comparison
    bounded.period_type::varchar as period_type, -- 报告期别: year, quarter or month
    bounded.reporting_unit_code::varchar
        as reporting_unit_code, -- 统计单元代码: unit of the comparison; 420200 is the city
    bounded.role::varchar
        as role, -- 作用: left is checked, by right, part, numerator, denominator, of, before or peer
    bounded.series_code::varchar as series_code, -- 序列代码: series of the figure
    bounded.told_for::varchar as told_for, -- 数字的报告期: the figure's own period
    bounded.told_of::varchar as told_of, -- 数字的统计单元: the figure's own reporting unit
    bounded.basis::varchar as basis, -- 来源: reported by a department, or counted from rows
    bounded.unit::varchar as unit, -- 计量单位: published unit
    bounded.qualifier::varchar as qualifier, -- 限定词: 近, 余, 超过, 约 or 左右, as reported
    bounded.value::decimal(28, 6) as value, -- 数值: as published; empty where not applicable
    bounded.lowest::decimal(28, 6) as lowest, -- 下限: least it can be
    bounded.highest::decimal(28, 6) as highest, -- 上限: most it can be
    bounded.is_open_above::boolean as is_open_above, -- 不含上限: the most itself is not meant
    bounded.expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    bounded.included_submissions::bigint as included_submissions, -- 已计入: forms included
    bounded.known_from_release::bigint as known_from_release, -- 起始发布号: release that first said it
    bounded.known_to_release::bigint as known_to_release -- 终止发布号: release that replaced it
from bounded
