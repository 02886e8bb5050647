-- 一行是一个数字在某次发布中的值。 /
-- A row is one figure as the release of that number had it.

-- parameters: release_number
with in_force as (
    select release_id
    from mart.release
    where release_id = release_number
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
