-- A row is an indicator's name that is not the one of its code, blanks and the width of brackets
-- aside.
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
    inner join codes.indicator as indicator
        on gate_row.indicator_code = indicator.indicator_code
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
