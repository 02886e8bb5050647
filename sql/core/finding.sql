-- A row is one finding, with the explanation in force as of the ledger cut: given with the form,
-- standing from an earlier period, or written down by the steward later.
with submission as (
    select
        submission_id,
        dataset,
        reporter_code
    from ledger.submission
    where sequence <= getvariable('ledger_cut')
),

found as (
    select
        submission_id,
        finding_number,
        rule_id,
        severity,
        sheet,
        source_row,
        cell,
        column_name,
        value,
        expected,
        subject,
        explanation
    from ledger.finding
),

explanation as (
    select
        submission_id,
        dataset,
        reporter_code,
        rule_id,
        column_name,
        subject,
        explanation,
        author,
        valid_until,
        sequence
    from ledger.explanation
    where sequence <= getvariable('ledger_cut')
),

given as (
    select
        submission_id,
        rule_id,
        column_name,
        subject,
        max_by(explanation, sequence) as explanation,
        max_by(author, sequence) as author,
        -- In a list: the last one may have no last day, and max_by passes over nulls.
        max_by([valid_until], sequence)[1] as valid_until
    from explanation
    group by submission_id, rule_id, column_name, subject
),

standing as (
    select
        dataset,
        reporter_code,
        rule_id,
        column_name,
        subject,
        explanation,
        max_by(author, sequence) as author,
        max_by([valid_until], sequence)[1] as valid_until
    from explanation
    group by dataset, reporter_code, rule_id, column_name, subject, explanation
)

select
    found.submission_id::bigint as submission_id,
    found.finding_number::bigint as finding_number,
    found.rule_id::varchar as rule_id,
    found.severity::varchar as severity,
    found.sheet::varchar as sheet,
    found.source_row::bigint as source_row,
    found.cell::varchar as cell,
    found.column_name::varchar as column_name,
    found.value::varchar as value,
    found.expected::varchar as expected,
    found.subject::varchar as subject,
    coalesce(given.explanation, found.explanation)::varchar as explanation,
    coalesce(given.author, standing.author)::varchar as explained_by,
    coalesce(given.valid_until, standing.valid_until)::date as valid_until,
    (
        found.severity = 'must_fix'
        or (
            found.severity = 'explain'
            and coalesce(given.explanation, found.explanation) is null
        )
    )::boolean as is_open
from found
inner join submission on found.submission_id = submission.submission_id
left join given
    on
        found.severity = 'explain'
        and found.submission_id = given.submission_id
        and found.rule_id = given.rule_id
        and found.column_name is not distinct from given.column_name
        and found.subject is not distinct from given.subject
left join standing
    on
        found.explanation = standing.explanation
        and submission.dataset = standing.dataset
        and submission.reporter_code = standing.reporter_code
        and found.rule_id = standing.rule_id
        and found.column_name is not distinct from standing.column_name
        and found.subject is not distinct from standing.subject
