-- 一行是一条规则在一张报表上至今的成效；“全部”为各表合计，“未识别”为认不出报表的文件。命中是首次出现
-- 的问题；下一轮没有了是已改正；下一轮还在、或原样接受了是未改；都还没有的待定，不计入改正率。在两份
-- 以上文件中已定 10 项以上而改正不到二十分之一的给出建议：没人理的停用（retire），只是一再说明的放宽
-- （widen），必须改而没人改的写清楚（clarify）。 /
-- A row is what one rule has achieved on one form so far; 全部 is all forms together, 未识别 files
-- whose form could not be told. A hit is a finding at its first appearance; corrected: the next
-- round no longer has it; kept: the next round still has it, or it was accepted as it is; pending:
-- neither has happened yet, and precision leaves it out. Advice is given from 10 settled hits in
-- more than one file on, where fewer than one in twenty was corrected: retire a rule nobody acts
-- on, widen one that is only ever explained, clarify one that must be mended and is not.
with trail as (
    select
        rule_id,
        severity,
        hit_count,
        corrected_count,
        explained_count,
        pending_count,
        submission_ids,
        last_submission_id,
        last_known_at,
        coalesce(dataset, '未识别') as dataset
    from core.finding_trail
),

tally as (
    select
        rule_id,
        coalesce(dataset, '全部') as dataset,
        max_by(severity, last_submission_id) as severity,
        sum(hit_count) as hit_count,
        sum(corrected_count) as corrected_count,
        sum(explained_count) as explained_count,
        sum(pending_count) as pending_count,
        sum(hit_count) - sum(pending_count) as settled_count,
        len(list_distinct(flatten(list(submission_ids)))) as submission_count,
        max(last_known_at) as last_hit_at
    from trail
    group by grouping sets ((dataset, rule_id), (rule_id))
),

scored as (
    select
        dataset,
        rule_id,
        severity,
        hit_count,
        corrected_count,
        pending_count,
        explained_count,
        submission_count,
        last_hit_at,
        settled_count - corrected_count as kept_count,
        100 * corrected_count / nullif(settled_count, 0) as precision_pct,
        case
            when settled_count < 10 or submission_count < 2 then null
            -- Why something is revised is asked to be told, not to be mended.
            when rule_id in ('period_locked', 'revision_note') then null
            when 20 * corrected_count >= settled_count then null
            when severity = 'must_fix' then 'clarify'
            when explained_count > 0 then 'widen'
            else 'retire'
        end as advice
    from tally
)

select
    dataset::varchar as dataset, -- 报表: dataset, or 全部 or 未识别
    rule_id::varchar as rule_id, -- 规则: rule
    severity::varchar as severity, -- 级别: must_fix, explain or notice, as last applied
    hit_count::bigint as hit_count, -- 命中: findings at their first appearance (项, flow)
    corrected_count::bigint as corrected_count, -- 已改正: gone in the next round (项, flow)
    kept_count::bigint as kept_count, -- 未改: still there, or accepted as it is (项, flow)
    pending_count::bigint as pending_count, -- 待定: no next round yet (项, stock)
    precision_pct::decimal(5, 2) as precision_pct, -- 改正率: corrected among settled (%, stock)
    explained_count::bigint as explained_count, -- 已说明: hits with a reason given (项, flow)
    submission_count::bigint as submission_count, -- 涉及文件: files it spoke of (件, flow)
    last_hit_at::timestamptz as last_hit_at, -- 最近命中: when the last such file had come
    advice::varchar as advice -- 建议: retire, widen or clarify; empty where it does its work
from scored
