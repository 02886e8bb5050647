-- A row is what one release said anew of one figure, up to the release being made: what the ledger
-- has, and the news that goes there with it.
with told as (
    select * from ledger.series_vintage
    where release_id <= getvariable('release_id')
    union all by name
    select * from news.series_vintage
)

select
    release_id::bigint as release_id,
    series_code::varchar as series_code,
    indicator_code::varchar as indicator_code,
    indicator_name::varchar as indicator_name,
    unit::varchar as unit,
    basis::varchar as basis,
    qualifier::varchar as qualifier,
    measure_kind::varchar as measure_kind,
    is_additive::boolean as is_additive,
    adds_over_periods::boolean as adds_over_periods,
    accumulated_since::varchar as accumulated_since,
    period::varchar as period,
    period_type::varchar as period_type,
    reporting_unit_code::varchar as reporting_unit_code,
    reporting_unit::varchar as reporting_unit,
    value::decimal(28, 6) as value,
    value_state::varchar as value_state,
    expected_submissions::bigint as expected_submissions,
    included_submissions::bigint as included_submissions,
    status::varchar as status,
    break_reason::varchar as break_reason,
    is_present::boolean as is_present
from told
