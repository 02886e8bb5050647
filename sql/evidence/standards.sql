-- 一行是企业参与的一条标准对一个指标的一份贡献：标准、企业或产品。 /
-- A row is what one row of a register adds to one measure of the mart of standards: a standard, an
-- enterprise or a product, each counted once.
with standards as (
    select
        period,
        reporting_unit,
        standard_level,
        role,
        standard_no,
        uscc,
        product_name,
        submission_id,
        source_sheet,
        source_row
    from included.standards
),

contribution as (
    select
        'standard_count' as measure,
        period,
        reporting_unit,
        standard_level,
        role,
        standard_no as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from standards
    union all
    select
        'enterprise_count' as measure,
        period,
        reporting_unit,
        standard_level,
        role,
        uscc as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from standards
    union all
    select
        'product_count' as measure,
        period,
        reporting_unit,
        standard_level,
        role,
        json_array(uscc, product_name)::varchar as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from standards
    where product_name is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    standard_level::varchar as standard_level,
    role::varchar as role,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
