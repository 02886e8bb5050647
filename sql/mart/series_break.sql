-- 一行是一个序列在一个统计单元的一处中断：自该期起的数不可与以前各期直接比较。统计单元的变动
-- 只标在新设的单元上，全市合计没有中断；变动以后才开始的序列也没有。 /
-- A row is one break of one series in one reporting unit: figures from that period on cannot be
-- compared with those before. A change of units marks the unit that came into being; totals of the
-- city have none. The period is that of the change, or of the first figure after it where there are
-- older ones; a series that began later has no break.
with series as (
    select
        series_code,
        indicator_code,
        basis,
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        break_reason
    from mart.series
    where break_reason is not null
),

broken as (
    select
        kind,
        indicator_code,
        reporting_unit_code,
        period_type,
        period,
        reason_zh,
        reason_en
    from codes.series_break
),

first_since as (
    select
        series.series_code,
        series.indicator_code,
        series.reporting_unit_code,
        series.reporting_unit,
        series.period_type,
        broken.kind,
        broken.reason_zh,
        broken.reason_en,
        min(series.period) as period
    from series
    inner join broken
        on
            series.period_type = broken.period_type
            and series.period >= broken.period
            and contains(series.break_reason, broken.reason_zh)
            and (
                series.reporting_unit_code = broken.reporting_unit_code
                or (series.basis = 'reported' and series.series_code = broken.indicator_code)
            )
    group by all
)

select
    series_code::varchar as series_code, -- 序列代码: mart, measure and dimensions, or the indicator
    indicator_code::varchar as indicator_code, -- 指标代码: indicator, where the figure is one
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: unit whose figures break
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    period::varchar as period, -- 报告期: first figure since the change
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    kind::varchar as kind, -- 类别: unit (单元变动), definition (口径变动) or owner (报送单位变动)
    reason_zh::varchar as reason, -- 原因: why
    reason_en::varchar as reason_en -- 原因（英文）: why, in English
from first_since
