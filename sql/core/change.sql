-- A row is an obligation for which something was ever accepted: how often what counts for it has
-- changed, and when last. The first acceptance is a change; a later one, and whatever ends one
-- (withdraw, return), is another; so is the explanation that publishes what was withheld of the
-- form that counts: the last one its cell waited for. Later words for it change nothing.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code,
        period
    from ledger.submission
    where sequence <= getvariable('ledger_cut')
),

decision as (
    select
        submission_id,
        action,
        sequence,
        night_at,
        min(sequence) filter (where action = 'accept') over (
            partition by submission_id
        ) as accepted_at
    from ledger.decision
    where sequence <= getvariable('ledger_cut')
),

withheld as (
    select
        submission_id,
        rule_id,
        sheet,
        source_row,
        column_name,
        subject
    from ledger.finding
    where
        severity = 'explain'
        and explanation is null
        and source_row is not null
        and column_name is not null
),

explanation as (
    select
        submission_id,
        rule_id,
        column_name,
        subject,
        sequence,
        night_at
    from ledger.explanation
    where sequence <= getvariable('ledger_cut')
),

turn as (
    select
        submission.dataset,
        submission.reporter_code,
        submission.period,
        decision.submission_id,
        decision.action,
        decision.sequence,
        decision.night_at
    from decision
    inner join submission on decision.submission_id = submission.submission_id
    where decision.sequence >= decision.accepted_at
    qualify
        decision.action is distinct from lag(decision.action) over (
            partition by decision.submission_id
            order by decision.sequence
        )
),

answered as (
    select
        withheld.submission_id,
        withheld.sheet,
        withheld.source_row,
        withheld.column_name,
        min(explanation.sequence) as sequence,
        min_by(explanation.night_at, explanation.sequence) as night_at
    from withheld
    left join explanation
        on
            withheld.submission_id = explanation.submission_id
            and withheld.rule_id = explanation.rule_id
            and withheld.column_name = explanation.column_name
            and withheld.subject is not distinct from explanation.subject
    group by
        withheld.submission_id, withheld.rule_id, withheld.sheet, withheld.source_row,
        withheld.column_name, withheld.subject
),

cell as (
    select
        submission_id,
        max(sequence) as sequence,
        max_by(night_at, sequence) as night_at
    from answered
    group by submission_id, sheet, source_row, column_name
    having count(*) = count(sequence)
),

explained as (
    select distinct
        submission_id,
        sequence,
        night_at
    from cell
),

-- What was in force on each file of the form when the explanation was given.
standing as (
    select
        explained.submission_id,
        explained.sequence,
        explained.night_at,
        turn.submission_id as other_id,
        max_by(turn.action, turn.sequence) as action
    from explained
    inner join submission on explained.submission_id = submission.submission_id
    inner join turn
        on
            submission.dataset = turn.dataset
            and submission.reporter_code = turn.reporter_code
            and submission.period = turn.period
            and explained.sequence > turn.sequence
    group by explained.submission_id, explained.sequence, explained.night_at, turn.submission_id
),

published as (
    select
        submission_id,
        sequence,
        night_at
    from standing
    group by submission_id, sequence, night_at
    having submission_id = max(other_id) filter (where action = 'accept')
),

change as (
    select
        dataset,
        reporter_code,
        period,
        sequence,
        night_at
    from turn
    union all
    select
        submission.dataset,
        submission.reporter_code,
        submission.period,
        published.sequence,
        published.night_at
    from published
    inner join submission on published.submission_id = submission.submission_id
)

select
    dataset::varchar as dataset,
    reporter_code::varchar as reporter_code,
    period::varchar as period,
    count(*)::bigint as change_count,
    max_by(night_at, sequence)::timestamptz as changed_at
from change
group by dataset, reporter_code, period
