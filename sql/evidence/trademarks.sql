-- 一行是一个单元上报的一个商标数，合计即全市。 /
-- A row is one count of trademarks that one unit reports; the city is their sum.
with trademarks as (
    select
        period,
        reporting_unit,
        application_count,
        registration_count,
        valid_count,
        submission_id,
        source_sheet,
        source_row
    from included.trademarks
    where reporting_unit <> '420200'
),

contribution as (
    select
        'application_count' as measure,
        period,
        reporting_unit,
        null as thing,
        application_count as amount,
        submission_id,
        source_sheet,
        source_row
    from trademarks
    where application_count is not null
    union all
    select
        'registration_count' as measure,
        period,
        reporting_unit,
        null as thing,
        registration_count as amount,
        submission_id,
        source_sheet,
        source_row
    from trademarks
    where registration_count is not null
    union all
    select
        'valid_count' as measure,
        period,
        reporting_unit,
        null as thing,
        valid_count as amount,
        submission_id,
        source_sheet,
        source_row
    from trademarks
    where valid_count is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
