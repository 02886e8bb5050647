-- A row is one fault of one form over all rounds: the same rule, column and subject. Where the form
-- could not be told, a row is such a fault of all such files. A hit is a first appearance; it is
-- corrected where the next round no longer has it, and pending while there is no next round and
-- nothing was accepted since.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        known_at
    from ledger.submission
    where sequence <= getvariable('ledger_cut')
),

included as (
    select
        dataset,
        reporter_code,
        period,
        submission_id
    from core.included_submission
),

open_finding as (
    select
        submission_id,
        finding_number
    from core.open_finding
),

finding as (
    select
        submission_id,
        finding_number,
        rule_id,
        severity,
        column_name,
        subject,
        severity = 'explain' and explanation is not null as is_explained
    from core.finding
),

fate as (
    select
        submission_id,
        finding_number,
        change,
        fate
    from core.finding_fate
),

found as (
    select
        submission.dataset,
        submission.reporter_code,
        submission.period,
        submission.submission_id,
        submission.known_at,
        finding.rule_id,
        finding.severity,
        finding.column_name,
        finding.subject,
        finding.is_explained,
        coalesce(fate.change, 'new') = 'new' as is_hit,
        coalesce(fate.fate, 'open') = 'fixed' as is_fixed,
        coalesce(fate.change, 'new') = 'new'
        and coalesce(fate.fate, 'open') = 'open'
        and included.submission_id is null as is_pending,
        open_finding.submission_id is not null as is_open
    from finding
    inner join submission on finding.submission_id = submission.submission_id
    left join open_finding
        on
            finding.submission_id = open_finding.submission_id
            and finding.finding_number = open_finding.finding_number
    left join fate
        on
            finding.submission_id = fate.submission_id
            and finding.finding_number = fate.finding_number
    left join included
        on
            submission.dataset = included.dataset
            and submission.reporter_code = included.reporter_code
            and submission.period = included.period
            and submission.submission_id <= included.submission_id
),

-- Two files may both mend the same one: what the two have fixed is one correction.
trail as (
    select
        dataset,
        reporter_code,
        period,
        rule_id,
        column_name,
        subject,
        max_by(severity, submission_id) as severity,
        count(*) filter (where is_hit) as hit_count,
        least(count(*) filter (where is_fixed), hit_count) as corrected_count,
        least(count(*) filter (where is_explained), hit_count) as explained_count,
        count(*) filter (where is_pending) as pending_count,
        count(*) filter (where is_open) as open_count,
        list(distinct submission_id) as submission_ids,
        max(submission_id) as last_submission_id,
        max(known_at) as last_known_at
    from found
    group by dataset, reporter_code, period, rule_id, column_name, subject
)

select
    dataset::varchar as dataset,
    reporter_code::varchar as reporter_code,
    period::varchar as period,
    rule_id::varchar as rule_id,
    column_name::varchar as column_name,
    subject::varchar as subject,
    severity::varchar as severity,
    hit_count::bigint as hit_count,
    corrected_count::bigint as corrected_count,
    explained_count::bigint as explained_count,
    pending_count::bigint as pending_count,
    open_count::bigint as open_count,
    submission_ids::bigint[] as submission_ids,
    last_submission_id::bigint as last_submission_id,
    last_known_at::timestamptz as last_known_at
from trail
