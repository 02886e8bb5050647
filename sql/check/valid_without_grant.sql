-- A row is a patent in force without a grant date.
select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    'granted_on'::varchar as column_name,
    null::varchar as value,
    legal_status::varchar as expected
from gate_row
where
    legal_status = '有效'
    and granted_on is null
