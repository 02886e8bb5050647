-- 一行是一个数字：首次发布的值、最新的值和两者之差；已撤下的，最新值为空。 /
-- A row is one figure: the value it was first published with, the latest, and how far it moved. A
-- figure that was taken down has no latest value.

-- parameters:
with vintage as (
    select
        series_code,
        indicator_name,
        unit,
        basis,
        period,
        reporting_unit_code,
        reporting_unit,
        value,
        status,
        known_from_release,
        known_from_on,
        known_to_release
    from mart.series_vintage
),

figure as (
    select
        series_code,
        period,
        reporting_unit_code,
        max_by(indicator_name, known_from_release) as indicator_name,
        max_by(unit, known_from_release) as unit,
        max_by(basis, known_from_release) as basis,
        max_by(reporting_unit, known_from_release) as reporting_unit,
        -- In lists: a first value may be empty (not applicable), and min_by passes over nulls.
        min_by([value], known_from_release)[1] as first_value,
        min(known_from_release) as first_release,
        min_by(known_from_on, known_from_release) as first_on,
        max_by([value], known_from_release) filter (where known_to_release is null)[1]
            as latest_value,
        max_by(status, known_from_release) filter (where known_to_release is null)
            as latest_status,
        count(distinct value) as value_count
    from vintage
    group by series_code, period, reporting_unit_code
)

select
    series_code,
    indicator_name,
    unit,
    basis,
    period,
    reporting_unit_code,
    reporting_unit,
    first_value,
    first_release,
    first_on,
    latest_value,
    latest_status,
    value_count,
    latest_value - first_value as difference,
    round(100 * (latest_value - first_value) / nullif(abs(first_value), 0), 2) as difference_pct
from figure
