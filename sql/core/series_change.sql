-- A row is one part of why a published figure moved in one release, up to the release being made:
-- what the ledger has, and the news that goes there with it.
with told as (
    select * from ledger.series_change
    where release_id <= getvariable('release_id')
    union all by name
    select * from news.series_change
)

select
    release_id::bigint as release_id,
    series_code::varchar as series_code,
    period::varchar as period,
    reporting_unit_code::varchar as reporting_unit_code,
    part_number::bigint as part_number,
    cause::varchar as cause,
    sequence::bigint as sequence,
    submission_id::bigint as submission_id,
    reporter_code::varchar as reporter_code,
    decided_by::varchar as decided_by,
    value_before::decimal(28, 6) as value_before,
    value_after::decimal(28, 6) as value_after,
    difference::decimal(28, 6) as difference
from told
