-- A row is an indicator's figure outside its plausible range, which is told in the form's own
-- unit.
with figure as (
    select
        gate_row.submission_id,
        gate_row.source_sheet,
        gate_row.source_row,
        gate_row.value,
        gate_row.unit,
        indicator.minimum / unit.factor as minimum,
        indicator.maximum / unit.factor as maximum
    from gate_row
    inner join codes.indicator as indicator
        on gate_row.indicator_code = indicator.indicator_code
    inner join codes.unit_of_measure as own on indicator.unit = own.unit
    inner join codes.unit_of_measure as unit
        on
            gate_row.unit = unit.unit
            and own.base = unit.base
)

select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    'value'::varchar as column_name,
    plain_number(value)::varchar as value,
    case
        when maximum is null then '≥ ' || plain_number(minimum) || unit
        when minimum is null then '≤ ' || plain_number(maximum) || unit
        else plain_number(minimum) || ' ~ ' || plain_number(maximum) || unit
    end::varchar as expected
from figure
where
    value < minimum
    or value > maximum
