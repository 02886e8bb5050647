-- A row is one submission for a known obligation: the how-manieth it is, and the one it mends, by
-- the mark of the returned workbook where it carries one, else the last readable one before. A file
-- that could not be read tells nothing of what was fixed, so nothing is held against it.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        ancestor_id
    from ledger.submission
    where
        sequence <= getvariable('ledger_cut')
        and dataset is not null
        and reporter_code is not null
        and period is not null
),

unread as (
    select distinct submission_id
    from ledger.finding
    where rule_id[:8] = 'refused_'
),

numbered as (
    select
        submission.submission_id,
        submission.dataset,
        submission.reporter_code,
        submission.period,
        submission.ancestor_id,
        unread.submission_id is null as is_read,
        row_number() over obligation as round,
        max(submission.submission_id) filter (where unread.submission_id is null) over (
            obligation rows between unbounded preceding and 1 preceding
        ) as before_id
    from submission
    left join unread on submission.submission_id = unread.submission_id
    window
        obligation as (
            partition by submission.dataset, submission.reporter_code, submission.period
            order by submission.submission_id
        )
)

select
    numbered.submission_id::bigint as submission_id,
    numbered.dataset::varchar as dataset,
    numbered.reporter_code::varchar as reporter_code,
    numbered.period::varchar as period,
    numbered.round::bigint as round,
    numbered.is_read::boolean as is_read,
    coalesce(ancestor.submission_id, numbered.before_id)::bigint as previous_submission_id
from numbered
left join submission as ancestor
    on
        numbered.ancestor_id = ancestor.submission_id
        and numbered.submission_id > ancestor.submission_id
        and numbered.dataset = ancestor.dataset
        and numbered.reporter_code = ancestor.reporter_code
        and numbered.period = ancestor.period
