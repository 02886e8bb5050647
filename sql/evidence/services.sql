-- 一行是一次服务对一个指标的一份贡献：一家次，或受服务的企业。 /
-- A row is what one service adds to one measure of the mart of services: one service given, or the
-- enterprise it was given to, which is counted once.
with services as (
    select
        period,
        reporting_unit,
        service_type,
        uscc,
        submission_id,
        source_sheet,
        source_row
    from included.services
),

contribution as (
    select
        'service_count' as measure,
        period,
        reporting_unit,
        service_type,
        null as thing,
        1 as amount,
        submission_id,
        source_sheet,
        source_row
    from services
    union all
    select
        'enterprise_count' as measure,
        period,
        reporting_unit,
        service_type,
        uscc as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from services
    where uscc is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    service_type::varchar as service_type,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
