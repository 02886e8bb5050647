-- 一行是一次发布，包括本次。 /
-- A row is one published state of the marts, this one included.
with earlier as (
    select
        release_id,
        ledger_cut,
        published_at,
        recorded_at,
        is_replayed,
        rule_set,
        code_version,
        published_by,
        inputs_sha256,
        contract_versions
    from ledger.release
    where release_id < getvariable('release_id')
),

this_one as (
    select
        getvariable('release_id') as release_id,
        getvariable('ledger_cut') as ledger_cut,
        getvariable('night_at') as published_at,
        getvariable('recorded_at') as recorded_at,
        getvariable('is_replayed') as is_replayed,
        getvariable('rule_set') as rule_set,
        getvariable('code_version') as code_version,
        getvariable('published_by') as published_by,
        getvariable('inputs_sha256') as inputs_sha256,
        getvariable('contract_versions') as contract_versions
),

published as (
    select * from earlier
    union all by name
    select * from this_one
),

release as (
    select
        *,
        timezone('Asia/Shanghai', published_at)::date as published_on
    from published
),

vintage as (
    select
        release_id,
        series_code,
        period,
        reporting_unit_code,
        is_present
    from core.series_vintage
),

change as (
    select
        release_id,
        series_code,
        period,
        reporting_unit_code,
        cause
    from core.series_change
),

numbered as (
    select
        release_id,
        is_present,
        row_number() over (
            partition by series_code, period, reporting_unit_code
            order by release_id
        ) as vintage_number
    from vintage
),

told as (
    select
        release_id,
        count(*) filter (where vintage_number = 1) as first_published,
        count(*) filter (where not is_present) as withdrawn
    from numbered
    group by release_id
),

moved_by_cause as (
    select
        release_id,
        cause,
        count(distinct concat_ws(' ', series_code, period, reporting_unit_code)) as moved
    from change
    group by release_id, cause
),

causes as (
    select
        release_id,
        string_agg(cause || ' ' || moved, ', ' order by cause) as causes
    from moved_by_cause
    group by release_id
),

moved as (
    select
        release_id,
        count(distinct concat_ws(' ', series_code, period, reporting_unit_code)) as moved
    from change
    group by release_id
)

select
    release.release_id::bigint as release_id, -- 发布号: number of the release
    release.ledger_cut::bigint as ledger_cut, -- 台账截止号: last ledger entry it was made from
    release.published_on::date as published_on, -- 发布日期: day of its clock, city time
    release.published_at::timestamptz as published_at, -- 发布时间: clock of the night
    release.published_by::varchar as published_by, -- 发布者: account the night ran under
    release.recorded_at::timestamptz as recorded_at, -- 记录时间: when it was really made
    release.is_replayed::boolean
        as is_replayed, -- 回放: made on a simulated clock, no record of that day
    release.inputs_sha256::varchar as inputs_sha256, -- 来源哈希: hash over the files that count
    release.rule_set::varchar as rule_set, -- 规则集: hash of the contracts and models in force
    release.contract_versions::varchar
        as contract_versions, -- 报表版本: version of each dataset's contract, as JSON
    release.code_version::varchar as code_version, -- 程序版本: version of Biaogan
    causes.causes::varchar
        as what_changed, -- 变动原因: figures moved, by cause; a figure may have several
    coalesce(told.first_published, 0)::bigint
        as first_published, -- 首次发布: figures never published before
    coalesce(moved.moved, 0)::bigint as moved, -- 变动: published figures with another value
    coalesce(told.withdrawn, 0)::bigint as withdrawn -- 撤下: figures no longer published
from release
left join told on release.release_id = told.release_id
left join moved on release.release_id = moved.release_id
left join causes on release.release_id = causes.release_id
