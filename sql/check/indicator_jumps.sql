-- A row is a flow that is the given factor times the figure accepted for the period before, or
-- more, whatever units the two are in. Growth from 0 has no factor and is no fault; what was
-- defined otherwise then is not compared.
with figure as (
    select
        gate_row.submission_id,
        gate_row.source_sheet,
        gate_row.source_row,
        gate_row.indicator_code,
        gate_row.reporting_unit,
        gate_row.value,
        submission.previous_period,
        definition.definition,
        unit.base,
        unit.factor
    from gate_row
    inner join gate_submission as submission on gate_row.submission_id = submission.submission_id
    inner join codes.indicator as indicator
        on gate_row.indicator_code = indicator.indicator_code
    inner join codes.indicator_definition as definition
        on
            gate_row.indicator_code = definition.indicator_code
            and submission.period_end between definition.valid_from and definition.valid_until
    inner join codes.unit_of_measure as unit on gate_row.unit = unit.unit
    where indicator.measure_kind = 'flow'
),

earlier as (
    select
        earlier.indicator_code,
        earlier.reporting_unit,
        earlier.period,
        definition.definition,
        unit.base,
        earlier.value * unit.factor as value
    from included.indicators as earlier
    inner join codes.indicator_definition as definition
        on
            earlier.indicator_code = definition.indicator_code
            and last_day_of(earlier.period) between definition.valid_from
            and definition.valid_until
    inner join codes.unit_of_measure as unit on earlier.unit = unit.unit
)

select
    figure.submission_id::bigint as submission_id,
    figure.source_sheet::varchar as source_sheet,
    figure.source_row::bigint as source_row,
    'value'::varchar as column_name,
    plain_number(figure.value)::varchar as value,
    plain_number(earlier.value / figure.factor)::varchar as expected
from figure
inner join earlier
    on
        figure.indicator_code = earlier.indicator_code
        and figure.definition = earlier.definition
        and figure.reporting_unit = earlier.reporting_unit
        and figure.previous_period = earlier.period
        and figure.base = earlier.base
where
    earlier.value > 0
    and figure.value * figure.factor >= earlier.value * $factor
