-- 一行是一个序列在一期、今天的一个统计单元的数值：已撤并单元的数归到今天的单元上。可加的数在原
-- 各单元都已发布且报齐时相加；不可加的、缺报的、近似的或单元拆分的，数值为空并说明原因。“当时的
-- 样子”就是 mart.series 本身。 /
-- A row is one series in one period and one reporting unit of today: figures of units that ended
-- are brought to those they went into. An additive figure is summed where every unit it was in is
-- published and complete. Where things are distinct, a form or a figure is missing, a figure is
-- approximate or a unit was split, the value is empty and the note says why. As it was: mart.series
-- itself.

-- parameters: series
with figure as (
    select
        series_code,
        indicator_code,
        indicator_name,
        unit,
        basis,
        qualifier,
        measure_kind,
        is_additive,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        value,
        value_state,
        expected_submissions,
        included_submissions,
        status,
        break_reason,
        case period_type
            when 'quarter'
                then last_day(make_date(period[:4]::integer, period[6:]::integer * 3, 1))
            when 'month' then last_day(make_date(period[:4]::integer, period[6:]::integer, 1))
            else make_date(period[:4]::integer, 12, 31)
        end as last_day
    from mart.series
    where series_code = series
),

-- A register lists no combination that it has no row of: where the unit has the figure of all of
-- them, such a part counts 0.
whole as (
    select
        period,
        reporting_unit_code,
        expected_submissions,
        included_submissions,
        status
    from mart.series
    where
        contains(series, '[')
        and series_code = split_part(series, '[', 1)
),

place as (
    select
        reporting_unit_code,
        reporting_unit,
        valid_from,
        valid_until,
        todays_unit_code,
        todays_unit,
        is_whole
    from mart.reporting_unit
),

kept as (
    select
        figure.*,
        'own' as units_as,
        figure.included_submissions = figure.expected_submissions as is_complete,
        case
            when place.todays_unit_code is null
                then '单元已撤销，没有后继 / the unit ended without a successor'
        end as note
    from figure
    inner join place on figure.reporting_unit_code = place.reporting_unit_code
    where place.todays_unit_code is null or place.todays_unit_code = place.reporting_unit_code
),

-- The units of a period that went into one of today's, where one of them has a figure.
wanted as (
    select distinct
        figure.period,
        figure.last_day,
        place.todays_unit_code,
        place.todays_unit
    from figure
    inner join place on figure.reporting_unit_code = place.reporting_unit_code
    where place.todays_unit_code <> place.reporting_unit_code
),

part as (
    select
        wanted.period,
        wanted.todays_unit_code,
        wanted.todays_unit,
        place.reporting_unit,
        place.is_whole,
        figure.qualifier,
        figure.value_state,
        case
            when figure.series_code is not null then figure.value
            when whole.period is not null then 0
        end as value,
        coalesce(figure.expected_submissions, whole.expected_submissions) as expected_submissions,
        coalesce(figure.included_submissions, whole.included_submissions) as included_submissions,
        coalesce(figure.status, whole.status) as status,
        figure.series_code is not null or whole.period is not null as is_published
    from wanted
    inner join place
        on
            wanted.todays_unit_code = place.todays_unit_code
            and wanted.last_day >= coalesce(place.valid_from, wanted.last_day)
            and wanted.last_day <= coalesce(place.valid_until, wanted.last_day)
    left join figure
        on
            wanted.period = figure.period
            and place.reporting_unit_code = figure.reporting_unit_code
    left join whole
        on
            wanted.period = whole.period
            and place.reporting_unit_code = whole.reporting_unit_code
),

gathered as (
    select
        period,
        todays_unit_code as reporting_unit_code,
        todays_unit as reporting_unit,
        sum(value) as total,
        string_agg(reporting_unit, '、' order by reporting_unit) as parts,
        bool_and(is_whole) as is_whole,
        coalesce(
            bool_and(is_published and included_submissions = expected_submissions), false
        ) as is_complete,
        bool_and(qualifier is null) as is_exact,
        bool_and(value is not null or not is_published) as is_applicable,
        case
            when bool_or(status = 'provisional' or status is null) then 'provisional'
            when bool_or(status = 'revised') then 'revised'
            else 'final'
        end as status
    from part
    group by period, todays_unit_code, todays_unit
),

told as (
    select distinct
        gathered.*,
        figure.series_code,
        figure.indicator_code,
        figure.indicator_name,
        figure.unit,
        figure.basis,
        figure.measure_kind,
        figure.is_additive,
        figure.period_type
    from gathered
    inner join figure on gathered.period = figure.period
),

mapped as (
    select
        *,
        case
            when not is_additive
                then
                    '不可加：同一事物可能在几个单元各算一次，须按原始行重新统计 / distinct things '
                    || 'cannot be added: they may stand in several units; a recount needs the rows'
            when not is_whole
                then
                    '单元已拆分，须按原始行重新统计 / the unit was split; a recount needs the rows'
            when not is_complete
                then '原单元未都发布或未报齐 / not all of the units are published and complete'
            when not is_applicable then '原单元中有不适用的 / not applicable in one of the units'
            when not is_exact
                then '原数带限定词，不能相加 / approximate figures cannot be added'
        end as reason
    from told
),

all_rows as (
    select
        series_code,
        indicator_code,
        indicator_name,
        unit,
        basis,
        qualifier,
        measure_kind,
        is_additive,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        value,
        is_complete,
        status,
        units_as,
        note
    from kept
    union all by name
    select
        series_code,
        indicator_code,
        indicator_name,
        unit,
        basis,
        measure_kind,
        is_additive,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        is_complete,
        status,
        null as qualifier,
        case when reason is null then total end as value,
        case when reason is null then 'summed' else 'not_comparable' end as units_as,
        coalesce(reason || '：' || parts, '合计自 / the sum of：' || parts) as note
    from mapped
)

select
    series_code::varchar as series_code,
    indicator_code::varchar as indicator_code,
    indicator_name::varchar as indicator_name,
    unit::varchar as unit,
    basis::varchar as basis,
    qualifier::varchar as qualifier,
    measure_kind::varchar as measure_kind,
    is_additive::boolean as is_additive,
    period::varchar as period,
    period_type::varchar as period_type,
    reporting_unit_code::varchar as reporting_unit_code,
    reporting_unit::varchar as reporting_unit,
    value::decimal(28, 6) as value,
    is_complete::boolean as is_complete,
    status::varchar as status,
    units_as::varchar as units_as,
    note::varchar as note
from all_rows
