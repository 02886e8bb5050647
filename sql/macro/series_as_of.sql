-- 一行是一个数字在某一天有效的值：当天或以前最后一次发布。日期按黄石当地时间。 /
-- A row is one figure as it was known on a day, city time: in the last release, by number, that was
-- published on that day or before.

-- parameters: as_of_date
with in_force as (
    select max(release_id) as release_id
    from mart.release
    where published_on <= as_of_date::date
)

select
    vintage.series_code,
    vintage.indicator_code,
    vintage.indicator_name,
    vintage.unit,
    vintage.basis,
    vintage.qualifier,
    vintage.measure_kind,
    vintage.is_additive,
    vintage.adds_over_periods,
    vintage.accumulated_since,
    vintage.period,
    vintage.period_type,
    vintage.reporting_unit_code,
    vintage.reporting_unit,
    vintage.value,
    vintage.value_state,
    vintage.expected_submissions,
    vintage.included_submissions,
    vintage.status,
    vintage.break_reason,
    in_force.release_id
from mart.series_vintage as vintage
inner join in_force
    on
        vintage.known_from_release <= in_force.release_id
        and coalesce(vintage.known_to_release > in_force.release_id, true)
