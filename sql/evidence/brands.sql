-- 一行是名录上的一个品牌对一个指标的一份贡献；同一品牌的价值取最近一次的。 /
-- A row is what one entry of a list adds to one measure of the mart of brands: the brand, which is
-- counted once, or its value, of which the latest one counts (precedence: the day it was granted).
with honours as (
    select
        period,
        reporting_unit,
        list_name,
        granted_on,
        brand_value,
        submission_id,
        source_sheet,
        source_row,
        coalesce(brand_or_product, enterprise_name) as brand
    from included.honours
),

contribution as (
    select
        'brand_count' as measure,
        period,
        reporting_unit,
        list_name,
        brand as thing,
        null as amount,
        null as precedence,
        submission_id,
        source_sheet,
        source_row
    from honours
    union all
    select
        'brand_value_yuan' as measure,
        period,
        reporting_unit,
        list_name,
        brand as thing,
        brand_value as amount,
        granted_on - date '1970-01-01' as precedence,
        submission_id,
        source_sheet,
        source_row
    from honours
    where brand_value is not null and granted_on is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    list_name::varchar as list_name,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    precedence::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
