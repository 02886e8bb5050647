-- 一行是一个序列在一期、一个统计单元的数值：各数据集市的全部数字（counted）和各部门上报并已
-- 接受的指标（reported），按发布单位。待说明的数字没有行。 /
-- A row is one series in one period and reporting unit: every figure of the marts (basis counted)
-- and every accepted indicator (basis reported), in its published unit. A figure that is withheld
-- until it is explained, or cannot be told, has no row.
with figure as (
    select
        series_code,
        mart,
        measure,
        dimensions,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        expected_submissions,
        included_submissions,
        status,
        value
    from mart.figure
),

counted_by as (
    select
        indicator_code,
        mart,
        measure,
        dimensions
    from codes.indicator_count
),

indicator as (
    select
        indicator_code,
        indicator_name,
        department,
        measure_kind,
        is_additive,
        adds_over_periods,
        accumulated_since,
        unit
    from codes.indicator
),

measure as (
    select
        mart,
        measure,
        measure_name,
        unit,
        measure_kind,
        is_additive
    from codes.measure
),

counted as (
    select
        figure.series_code,
        counted_by.indicator_code,
        coalesce(indicator.indicator_name, measure.measure_name) as indicator_name,
        measure.unit,
        'counted' as basis,
        null as qualifier,
        measure.measure_kind,
        measure.is_additive,
        measure.is_additive and measure.measure_kind = 'flow' as adds_over_periods,
        if(measure.measure_kind = 'flow', 'period', null) as accumulated_since,
        figure.period,
        figure.period_type,
        figure.reporting_unit_code,
        figure.reporting_unit,
        figure.expected_submissions,
        figure.included_submissions,
        figure.status,
        figure.value,
        'value' as value_state
    from figure
    inner join measure on figure.mart = measure.mart and figure.measure = measure.measure
    left join counted_by
        on
            figure.mart = counted_by.mart
            and figure.measure = counted_by.measure
            and figure.dimensions is not distinct from counted_by.dimensions
    left join indicator on counted_by.indicator_code = indicator.indicator_code
),

reported as (
    select
        reported.indicator_code as series_code,
        reported.indicator_code,
        definition.indicator_name,
        unit_of_measure.base as unit,
        'reported' as basis,
        reported.qualifier,
        indicator.measure_kind,
        indicator.is_additive,
        indicator.adds_over_periods,
        indicator.accumulated_since,
        reported.period,
        reported.period_type,
        unit.reporting_unit_code,
        unit.reporting_unit,
        1 as expected_submissions,
        1 as included_submissions,
        reporter_coverage.status,
        reported.value * unit_of_measure.factor as value,
        case when reported.value is null then 'not_applicable' else 'value' end as value_state
    from included.indicators as reported
    inner join indicator on reported.indicator_code = indicator.indicator_code
    inner join codes.indicator_definition as definition
        on
            reported.indicator_code = definition.indicator_code
            and last_day_of(reported.period) between definition.valid_from
            and definition.valid_until
    inner join codes.unit_of_measure as unit_of_measure on reported.unit = unit_of_measure.unit
    inner join codes.reporting_unit as unit
        on reported.reporting_unit = unit.reporting_unit_code
    inner join core.reporter_coverage as reporter_coverage
        on reported.submission_id = reporter_coverage.submission_id
    where reported.value is not null or list_contains(reported.not_applicable, 'value')
),

all_series as (
    select * from counted
    union all by name
    select * from reported
),

-- Figures of a unit that ended go on in the one that came of it: so a break has figures before.
line as (
    select
        series_code,
        basis,
        period_type,
        period,
        reporting_unit_code
    from all_series
    where
        reporting_unit_code in (
            select broken.reporting_unit_code from codes.series_break as broken
        )
        or series_code in (select broken.indicator_code from codes.series_break as broken)
    union all
    select
        all_series.series_code,
        all_series.basis,
        all_series.period_type,
        all_series.period,
        succession.successor_code as reporting_unit_code
    from all_series
    inner join codes.unit_succession as succession
        on all_series.reporting_unit_code = succession.reporting_unit_code
),

followed as (
    select
        series_code,
        basis,
        period_type,
        period,
        reporting_unit_code,
        lag(period) over (
            partition by series_code, reporting_unit_code, period_type
            order by period
        ) as earlier_period
    from line
),

break_mark as (
    select
        followed.series_code,
        followed.reporting_unit_code,
        followed.period,
        string_agg(
            distinct broken.reason_zh || ' / ' || broken.reason_en,
            '；' order by broken.reason_zh || ' / ' || broken.reason_en
        ) as break_reason
    from followed
    inner join codes.series_break as broken
        on
            followed.period_type = broken.period_type
            and (
                followed.period = broken.period
                or (followed.period > broken.period and followed.earlier_period < broken.period)
            )
            and (
                followed.reporting_unit_code = broken.reporting_unit_code
                or (
                    followed.basis = 'reported'
                    and followed.series_code = broken.indicator_code
                )
            )
    group by followed.series_code, followed.reporting_unit_code, followed.period
),

marked as (
    select
        all_series.*,
        break_mark.break_reason
    from all_series
    left join break_mark
        on
            all_series.series_code = break_mark.series_code
            and all_series.reporting_unit_code = break_mark.reporting_unit_code
            and all_series.period = break_mark.period
)

select
    series_code::varchar as series_code, -- 序列代码: mart, measure and dimensions, or the indicator
    indicator_code::varchar as indicator_code, -- 指标代码: indicator, where the figure is one
    indicator_name::varchar as indicator_name, -- 指标名称: what the figure means
    unit::varchar as unit, -- 计量单位: published unit; money is always 元
    basis::varchar as basis, -- 来源: reported by a department, or counted from a register's rows
    qualifier::varchar as qualifier, -- 限定词: 近, 余, 超过, 约 or 左右, as reported
    measure_kind::varchar as measure_kind, -- 时点或时期: stock or flow
    is_additive::boolean as is_additive, -- 可加: whether it may be summed over reporting units
    adds_over_periods::boolean
        as adds_over_periods, -- 可跨期相加: whether single periods add up to longer ones
    accumulated_since::varchar
        as accumulated_since, -- 累计自: of a flow, since the period, year or beginning
    period::varchar as period, -- 报告期: reporting period
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    value::decimal(28, 6) as value, -- 数值: in the published unit; empty only where not applicable
    value_state::varchar as value_state, -- 数值状态: value, or not_applicable (不适用)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status, -- 状态: provisional, final or revised
    break_reason::varchar as break_reason, -- 中断原因: why not comparable with the period before
    getvariable('release_id')::bigint as release_id -- 发布号: release that carries the row
from marked
