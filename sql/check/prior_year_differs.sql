-- A row is a figure of a year before that is not the one accepted then, whatever units the two are
-- in. A figure in a coarser unit is rounded: half its last written digit is no difference. One that
-- was accepted as about (近, 余, 约) so much says no exact number to compare with, nor does one that
-- was defined otherwise.
with stated as (
    select
        gate_row.submission_id,
        gate_row.source_sheet,
        gate_row.source_row,
        gate_row.indicator_code,
        gate_row.reporting_unit,
        gate_row.prior_year_value as value,
        submission.year_before,
        definition.definition,
        unit.base,
        unit.factor,
        length(split_part(plain_number(gate_row.prior_year_value), '.', 2)) as decimals
    from gate_row
    inner join gate_submission as submission on gate_row.submission_id = submission.submission_id
    inner join codes.indicator_definition as definition
        on
            gate_row.indicator_code = definition.indicator_code
            and submission.period_end between definition.valid_from and definition.valid_until
    inner join codes.unit_of_measure as unit on gate_row.unit = unit.unit
),

earlier as (
    select
        earlier.indicator_code,
        earlier.reporting_unit,
        earlier.period,
        earlier.value,
        definition.definition,
        unit.base,
        unit.factor,
        length(split_part(plain_number(earlier.value), '.', 2)) as decimals
    from included.indicators as earlier
    inner join codes.indicator_definition as definition
        on
            earlier.indicator_code = definition.indicator_code
            and last_day_of(earlier.period) between definition.valid_from
            and definition.valid_until
    inner join codes.unit_of_measure as unit on earlier.unit = unit.unit
    where earlier.qualifier is null
),

compared as (
    select
        stated.submission_id,
        stated.source_sheet,
        stated.source_row,
        stated.value,
        earlier.value * earlier.factor / stated.factor as expected,
        abs(stated.value * stated.factor - earlier.value * earlier.factor) as difference,
        greatest(
            if(stated.factor > 1, stated.factor / power(10, stated.decimals) / 2, 0),
            if(earlier.factor > 1, earlier.factor / power(10, earlier.decimals) / 2, 0)
        ) as tolerance
    from stated
    inner join earlier
        on
            stated.indicator_code = earlier.indicator_code
            and stated.definition = earlier.definition
            and stated.reporting_unit = earlier.reporting_unit
            and stated.year_before = earlier.period
            and stated.base = earlier.base
)

select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    'prior_year_value'::varchar as column_name,
    plain_number(value)::varchar as value,
    plain_number(expected)::varchar as expected
from compared
where difference > tolerance
