-- 一行是名单上的一个平台对平台数的一份贡献。 /
-- A row is one platform on a list; the same one on another list is not counted again.
with platforms as (
    select
        period,
        reporting_unit,
        platform_type,
        level,
        submission_id,
        source_sheet,
        source_row,
        json_array(platform_name, platform_type) as thing
    from included.platforms
)

select
    'platform_count'::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    platform_type::varchar as platform_type,
    level::varchar as level,
    thing::varchar as thing,
    null::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from platforms
