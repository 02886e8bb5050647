-- A row is a dataset, period and reporting unit of that period: how many forms its figures should
-- rest on, and do.
-- Every form counts towards the city; a unit's figures rest on the departments' forms and its own.
-- A form that was not owed is expected only where it counts. Until the lock date of every owed form
-- is known and has passed, figures are provisional.
with coverage as (
    select
        coverage.dataset,
        coverage.period,
        coverage.period_type,
        coverage.is_revised,
        reporter.reporting_unit_code,
        last_day_of(coverage.period) as last_day,
        coverage.state in ('accepted', 'nil') as is_included,
        coverage.is_expected
        and coalesce(coverage.locked_on >= getvariable('night_at')::date, true) as is_open
    from core.coverage
    inner join codes.reporter on coverage.reporter_code = reporter.reporter_code
    where coverage.is_expected or coverage.state in ('accepted', 'nil')
),

unit as (
    select
        reporting_unit_code,
        reporting_unit,
        is_city,
        valid_from,
        valid_until
    from codes.reporting_unit
),

counted as (
    select
        coverage.dataset,
        coverage.period,
        coverage.period_type,
        unit.reporting_unit_code,
        unit.reporting_unit,
        count(*) as expected_submissions,
        count(*) filter (where coverage.is_included) as included_submissions,
        bool_or(coverage.is_open) as is_open,
        bool_or(coverage.is_revised) as is_revised
    from coverage
    inner join unit
        on
            coverage.last_day between unit.valid_from and unit.valid_until
            and (
                unit.is_city
                or coverage.reporting_unit_code is null
                or coverage.reporting_unit_code = unit.reporting_unit_code
            )
    group by all
)

select
    dataset::varchar as dataset,
    period::varchar as period,
    period_type::varchar as period_type,
    reporting_unit_code::varchar as reporting_unit_code,
    reporting_unit::varchar as reporting_unit,
    expected_submissions::bigint as expected_submissions,
    included_submissions::bigint as included_submissions,
    case
        when included_submissions < expected_submissions or is_open then 'provisional'
        when is_revised then 'revised'
        else 'final'
    end::varchar as status
from counted
