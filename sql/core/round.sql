-- A row is one submission for a known obligation: the how-manieth it is, and the one it mends, by
-- the mark of the returned workbook where it carries one, else the one before.
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

numbered as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        ancestor_id,
        row_number() over obligation as round,
        lag(submission_id) over obligation as before_id
    from submission
    window
        obligation as (
            partition by dataset, reporter_code, period
            order by submission_id
        )
)

select
    numbered.submission_id::bigint as submission_id,
    numbered.dataset::varchar as dataset,
    numbered.reporter_code::varchar as reporter_code,
    numbered.period::varchar as period,
    numbered.round::bigint as round,
    coalesce(ancestor.submission_id, numbered.before_id)::bigint as previous_submission_id
from numbered
left join submission as ancestor
    on
        numbered.ancestor_id = ancestor.submission_id
        and numbered.submission_id > ancestor.submission_id
        and numbered.dataset = ancestor.dataset
        and numbered.reporter_code = ancestor.reporter_code
        and numbered.period = ancestor.period
