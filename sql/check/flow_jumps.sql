-- A row is a flow figure that is the given factor times the one in the reporter's last accepted
-- form for the period before, or more. Growth from 0 has no factor and is no fault.
select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    column_name::varchar as column_name,
    plain_number(value)::varchar as value,
    plain_number(earlier_value)::varchar as expected
from gate_change
where
    measure_kind = 'flow'
    and earlier_value > 0
    and value >= earlier_value * $factor
