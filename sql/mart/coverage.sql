-- 一行是一份应报的表，或未要求而报来的表，以及它的结果。 /
-- A row is one form that was owed, or came without being owed, and what became of it.
with coverage as (
    select
        dataset,
        period,
        period_type,
        reporter_code,
        is_expected,
        state,
        submission_id,
        due_on,
        locked_on,
        round,
        first_arrived_at,
        accepted_at,
        days_late,
        is_filled
    from core.coverage
),

reporter as (
    select
        reporter_code,
        reporter
    from codes.reporter
)

select
    coverage.dataset::varchar as dataset, -- 报表: dataset
    coverage.period::varchar as period, -- 报告期: reporting period
    coverage.period_type::varchar as period_type, -- 报告期别: year, quarter or month
    coverage.reporter_code::varchar as reporter_code, -- 填报单位代码: reporter
    reporter.reporter::varchar as reporter, -- 填报单位: reporter's name
    coverage.is_expected::boolean as expected, -- 应报: whether the form was owed
    coverage.state::varchar
        as state, -- 状态: accepted, nil, held, rejected, returned, withdrawn, excused or missing
    coverage.submission_id::bigint as submission_id, -- 报送序号: one that counts, or the last
    coverage.due_on::date as due_on, -- 截止日期: day the form is due
    coverage.locked_on::date as locked_on, -- 锁定日期: last day figures may change
    coverage.round::bigint as round, -- 轮次: how many files came for it
    coverage.first_arrived_at::timestamptz as first_arrived_at, -- 首次收到: when the first came
    coverage.accepted_at::timestamptz as accepted_at, -- 接受: when the first that counts had come
    coverage.days_late::bigint as days_late, -- 逾期工作日: working days late, as of the release
    coverage.is_filled::boolean as is_filled -- 填齐: no required cell of it blank
from coverage
inner join reporter on coverage.reporter_code = reporter.reporter_code
