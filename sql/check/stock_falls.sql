-- A row is a stock figure that fell by more than the given share since the reporter's last accepted
-- form for the period before.
select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    column_name::varchar as column_name,
    plain_number(value)::varchar as value,
    plain_number(earlier_value)::varchar as expected
from gate_change
where
    measure_kind = 'stock'
    and value < earlier_value * (1 - $share)
