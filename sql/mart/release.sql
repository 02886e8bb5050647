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
        code_version
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
        getvariable('code_version') as code_version
),

release as (
    select * from earlier
    union all by name
    select * from this_one
)

select
    release_id::bigint as release_id, -- 发布号: number of the release
    ledger_cut::bigint as ledger_cut, -- 台账截止号: last ledger entry it was made from
    published_at::timestamptz as published_at, -- 发布时间: clock of the night that published it
    recorded_at::timestamptz as recorded_at, -- 记录时间: when it was really made
    is_replayed::boolean as is_replayed, -- 回放: made on a simulated clock, no record of that day
    rule_set::varchar as rule_set, -- 规则集: hash of the contracts in force
    code_version::varchar as code_version -- 程序版本: version of Biaogan
from release
