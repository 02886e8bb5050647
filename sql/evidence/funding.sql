-- 一行是一笔资金对一个指标的一份贡献：金额，或受益单位。 /
-- A row is what one grant adds to one measure of the mart of funding: its money, or its recipient,
-- who is counted once. A recipient without a code is the one of the same name that has one.
with funding as (
    select
        period,
        reporting_unit,
        programme,
        funding_level,
        funding_kind,
        amount,
        submission_id,
        source_sheet,
        source_row,
        coalesce(ownership, '未注明') as ownership,
        coalesce(
            uscc, max(uscc) over (partition by period, recipient_name), recipient_name
        ) as recipient
    from included.funding
),

contribution as (
    select
        'amount_yuan' as measure,
        period,
        reporting_unit,
        programme,
        funding_level,
        funding_kind,
        ownership,
        null as thing,
        amount,
        submission_id,
        source_sheet,
        source_row
    from funding
    where amount is not null
    union all
    select
        'recipient_count' as measure,
        period,
        reporting_unit,
        programme,
        funding_level,
        funding_kind,
        ownership,
        recipient as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from funding
    where recipient is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    programme::varchar as programme,
    funding_level::varchar as funding_level,
    funding_kind::varchar as funding_kind,
    ownership::varchar as ownership,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
