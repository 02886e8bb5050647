-- A row is one finding of a submission for a known obligation: whether the round before had it, and
-- whether the next one still has it. The same finding is the same rule, column and subject; where
-- it occurs several times, the first so many are held to be the same.
with round as (
    select
        submission_id,
        previous_submission_id,
        is_read
    from core.round
),

successor as (
    select
        previous_submission_id as submission_id,
        max(submission_id) as next_submission_id
    from round
    where is_read and previous_submission_id is not null
    group by previous_submission_id
),

finding as (
    select
        submission_id,
        finding_number,
        rule_id,
        column_name,
        subject,
        row_number() over (
            partition by submission_id, rule_id, column_name, subject
            order by finding_number
        ) as occurrence
    from core.finding
)

select
    finding.submission_id::bigint as submission_id,
    finding.finding_number::bigint as finding_number,
    case when earlier.submission_id is null then 'new' else 'left' end::varchar as change,
    case
        when successor.next_submission_id is null then 'open'
        when later.submission_id is null then 'fixed'
        else 'left'
    end::varchar as fate
from finding
inner join round on finding.submission_id = round.submission_id
left join successor on finding.submission_id = successor.submission_id
left join finding as earlier
    on
        round.previous_submission_id = earlier.submission_id
        and finding.rule_id = earlier.rule_id
        and finding.column_name is not distinct from earlier.column_name
        and finding.subject is not distinct from earlier.subject
        and finding.occurrence = earlier.occurrence
left join finding as later
    on
        successor.next_submission_id = later.submission_id
        and finding.rule_id = later.rule_id
        and finding.column_name is not distinct from later.column_name
        and finding.subject is not distinct from later.subject
        and finding.occurrence = later.occurrence
