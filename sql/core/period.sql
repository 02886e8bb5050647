-- A row is a reporting period that a form was owed or came for, with the period before it.
with coverage as (
    select
        period,
        period_type
    from core.coverage
),

started as (
    select distinct
        period,
        period_type,
        case period_type
            when 'quarter' then make_date(period[:4]::integer, period[6]::integer * 3 - 2, 1)
            when 'month' then make_date(period[:4]::integer, period[6:]::integer, 1)
            else make_date(period::integer, 1, 1)
        end as first_day
    from coverage
)

select
    period::varchar as period,
    period_type::varchar as period_type,
    case period_type
        when 'quarter'
            then
                strftime(first_day - interval 3 month, '%YQ')
                || quarter(first_day - interval 3 month)
        when 'month' then strftime(first_day - interval 1 month, '%Y-%m')
        else strftime(first_day - interval 1 year, '%Y')
    end::varchar as previous_period
from started
