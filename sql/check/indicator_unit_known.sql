-- A row is a figure in a unit that does not convert to the indicator's own: 家 and 家次 never do.
with indicator as (
    select
        indicator.indicator_code,
        indicator.unit,
        unit.base
    from codes.indicator
    inner join codes.unit_of_measure as unit on indicator.unit = unit.unit
)

select
    gate_row.submission_id::bigint as submission_id,
    gate_row.source_sheet::varchar as source_sheet,
    gate_row.source_row::bigint as source_row,
    'unit'::varchar as column_name,
    gate_row.unit::varchar as value,
    indicator.unit::varchar as expected
from gate_row
inner join indicator on gate_row.indicator_code = indicator.indicator_code
inner join codes.unit_of_measure as unit on gate_row.unit = unit.unit
where unit.base <> indicator.base
