-- 一行是一个填报单位在一张报表上至今的报送情况；“全部”为各单位或各表合计，只算应报的表。一次通过是第
-- 一份就被接受，从无异议，也没有要改或要说明的问题。轮次数到首次接受的那一份。逾期按工作日计。未了问题
-- 是最新一份里还要改或要说明的，管理员照样接受了的不算。 /
-- A row is how one reporter has done with one form so far, over all periods it was owed for; 全部
-- is all reporters or forms together. Passed first: the first file was accepted, no decision ever
-- went against it, and nothing in it had to be mended or explained. Rounds count up to the first
-- file accepted. Late is counted in working days. Open: what the newest file still leaves to mend
-- or explain, unless a steward accepted it as it is.
with coverage as (
    select
        dataset,
        reporter_code,
        period,
        state,
        round,
        days_late
    from core.coverage
    where is_expected
),

reporter as (
    select
        reporter_code,
        reporter
    from codes.reporter
),

round as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        round
    from core.round
),

verdict as (
    select
        submission_id,
        action
    from core.verdict
),

objection as (
    select submission_id
    from ledger.decision
    where sequence <= getvariable('ledger_cut') and action <> 'accept'
    union
    select submission_id
    from ledger.finding
    where severity = 'must_fix' or (severity = 'explain' and explanation is null)
),

open_finding as (
    select
        dataset,
        reporter_code,
        period,
        count(*) as open_count
    from core.open_finding
    group by dataset, reporter_code, period
),

sent as (
    select
        round.dataset,
        round.reporter_code,
        round.period,
        bool_or(round.round = 1 and objection.submission_id is null) as has_passed_first,
        min(round.round) filter (where verdict.action = 'accept') as accepted_round
    from round
    inner join verdict on round.submission_id = verdict.submission_id
    left join objection on round.submission_id = objection.submission_id
    group by round.dataset, round.reporter_code, round.period
),

form as (
    select
        coverage.dataset,
        coverage.reporter_code,
        coverage.days_late,
        sent.accepted_round,
        coverage.round > 0 as is_received,
        coverage.state in ('accepted', 'nil') as is_accepted,
        coalesce(sent.has_passed_first, false) as has_passed_first,
        coalesce(open_finding.open_count, 0) as open_count
    from coverage
    left join sent
        on
            coverage.dataset = sent.dataset
            and coverage.reporter_code = sent.reporter_code
            and coverage.period = sent.period
    left join open_finding
        on
            coverage.dataset = open_finding.dataset
            and coverage.reporter_code = open_finding.reporter_code
            and coverage.period = open_finding.period
),

score as (
    select
        coalesce(reporter_code, '全部') as reporter_code,
        coalesce(dataset, '全部') as dataset,
        count(*) as expected_count,
        count(*) filter (where is_received) as received_count,
        count(*) filter (where is_accepted) as accepted_count,
        count(*) filter (where has_passed_first) as first_pass_count,
        avg(accepted_round) filter (where is_accepted) as rounds_mean,
        max(accepted_round) filter (where is_accepted) as rounds_max,
        count(*) filter (where days_late > 0) as late_count,
        count(*) filter (where days_late > 0 and not is_accepted) as overdue_count,
        avg(days_late) filter (where is_accepted) as accepted_days_late_mean,
        max(days_late) filter (where is_accepted) as accepted_days_late_max,
        avg(days_late) as days_late_mean,
        max(days_late) as days_late_max,
        sum(open_count) as open_count
    from form
    group by grouping sets ((reporter_code, dataset), (reporter_code), (dataset), ())
),

named as (
    select
        score.dataset,
        score.reporter_code,
        score.expected_count,
        score.received_count,
        score.accepted_count,
        score.first_pass_count,
        score.rounds_mean,
        score.rounds_max,
        score.late_count,
        score.overdue_count,
        score.accepted_days_late_mean,
        score.accepted_days_late_max,
        score.days_late_mean,
        score.days_late_max,
        score.open_count,
        coalesce(reporter.reporter, '全部') as reporter,
        100 * score.first_pass_count / nullif(score.received_count, 0) as first_pass_pct
    from score
    left join reporter on score.reporter_code = reporter.reporter_code
)

select
    dataset::varchar as dataset, -- 报表: dataset, or 全部
    reporter_code::varchar as reporter_code, -- 填报单位代码: reporter, or 全部
    reporter::varchar as reporter, -- 填报单位: reporter's name, or 全部
    expected_count::bigint as expected_count, -- 应报: forms owed so far (件, flow)
    received_count::bigint as received_count, -- 已收: forms a file came for (件, flow)
    accepted_count::bigint as accepted_count, -- 已接受: forms that count (件, flow)
    first_pass_count::bigint as first_pass_count, -- 一次通过: forms passed first (件, flow)
    first_pass_pct::decimal(5, 2) as first_pass_pct, -- 一次通过率: passed among received (%, stock)
    rounds_mean::decimal(9, 2) as rounds_mean, -- 平均轮次: files up to acceptance
    rounds_max::bigint as rounds_max, -- 最多轮次: files up to acceptance, the most
    late_count::bigint as late_count, -- 逾期: forms accepted late, or overdue (件, stock)
    overdue_count::bigint as overdue_count, -- 逾期未报: nothing accepted yet (件, stock)
    accepted_days_late_mean::decimal(9, 2) as accepted_days_late_mean, -- 接受的平均逾期: accepted alone
    accepted_days_late_max::bigint as accepted_days_late_max, -- 接受的最长逾期: accepted alone
    days_late_mean::decimal(9, 2) as days_late_mean, -- 平均逾期: overdue tonight included
    days_late_max::bigint as days_late_max, -- 最长逾期: overdue tonight included
    open_count::bigint as open_count -- 未了问题: findings to mend or explain (项, stock)
from named
