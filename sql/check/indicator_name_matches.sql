-- A row is an indicator's name that is not the one its code had in that period, blanks and the
-- width of brackets aside.
with named as (
    select
        gate_row.submission_id,
        gate_row.source_sheet,
        gate_row.source_row,
        gate_row.indicator_name as written,
        indicator.indicator_name as known,
        translate(
            regexp_replace(gate_row.indicator_name, '[\s\p{Z}]', '', 'g'), '（）', '()'
        ) as folded
    from gate_row
    inner join gate_submission as submission on gate_row.submission_id = submission.submission_id
    inner join codes.indicator_definition as indicator
        on
            gate_row.indicator_code = indicator.indicator_code
            and coalesce(submission.period_end, date '9999-12-31')
            between indicator.valid_from and indicator.valid_until
)

select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    'indicator_name'::varchar as column_name,
    written::varchar as value,
    known::varchar as expected
from named
where folded <> known
