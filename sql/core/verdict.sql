-- A row is the decision in force on one submission, as of the ledger cut.
with decision as (
    select
        submission_id,
        action,
        sequence,
        decided_by,
        reason,
        night_at
    from ledger.decision
    where sequence <= getvariable('ledger_cut')
)

select
    submission_id::bigint as submission_id,
    action::varchar as action,
    sequence::bigint as sequence,
    decided_by::varchar as decided_by,
    reason::varchar as reason,
    night_at::timestamptz as night_at
from decision
qualify row_number() over (partition by submission_id order by sequence desc) = 1
