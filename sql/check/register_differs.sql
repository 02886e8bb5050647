-- A row is an indicator's figure that a register counts differently, for the same period and
-- reporting unit, where every form of the register is in. A flow is never held against a stock.
-- Where the register has a figure for 全部, a part that it does not list counts 0.
-- Qualifiers are honoured: 近500 is 450 to 500, 余 and 超过 reach to the next digit of that place
-- (500余 ends before 600, 70余 before 80), 约 and 左右 are 5 % to either side. A figure in a coarser
-- unit is rounded: half its last written digit is no difference.
with counted_by as (
    select
        counts.indicator_code,
        counts.mart,
        counts.measure,
        counts.dimensions
    from codes.indicator_count as counts
    inner join codes.measure as measure
        on
            counts.mart = measure.mart
            and counts.measure = measure.measure
    inner join codes.indicator as indicator
        on
            counts.indicator_code = indicator.indicator_code
            and measure.measure_kind = indicator.measure_kind
),

register as (
    select
        counted_by.indicator_code,
        figure.period,
        figure.reporting_unit_code,
        coalesce(
            max(figure.value) filter (
                where figure.dimensions is not distinct from counted_by.dimensions
            ),
            min(0) filter (where figure.dimensions is null)
        ) as value
    from mart.figure as figure
    inner join counted_by
        on
            figure.mart = counted_by.mart
            and figure.measure = counted_by.measure
    where figure.included_submissions = figure.expected_submissions
    group by counted_by.indicator_code, figure.period, figure.reporting_unit_code
),

written as (
    select
        gate_row.submission_id,
        gate_row.source_sheet,
        gate_row.source_row,
        gate_row.indicator_code,
        gate_row.reporting_unit,
        gate_row.value,
        gate_row.qualifier,
        gate_row.unit,
        submission.period,
        unit.factor,
        plain_number(gate_row.value) as digits
    from gate_row
    inner join gate_submission as submission on gate_row.submission_id = submission.submission_id
    inner join codes.unit_of_measure as unit on gate_row.unit = unit.unit
),

figure as (
    select
        submission_id,
        source_sheet,
        source_row,
        indicator_code,
        reporting_unit,
        value,
        qualifier,
        unit,
        period,
        factor,
        power(10, -length(split_part(digits, '.', 2))) as last_digit,
        if(
            contains(digits, '.'),
            power(10, -length(split_part(digits, '.', 2))),
            power(10, length(digits) - length(rtrim(digits, '0')))
        ) as last_place
    from written
),

compared as (
    select
        figure.submission_id,
        figure.source_sheet,
        figure.source_row,
        figure.value,
        figure.unit,
        register.value / figure.factor as counted,
        case
            when figure.qualifier = '近' then figure.value - figure.last_place / 2
            when figure.qualifier in ('约', '左右') then figure.value * 0.95
            when figure.qualifier is null and figure.factor > 1
                then figure.value - figure.last_digit / 2
            else figure.value
        end as lowest,
        case
            when figure.qualifier in ('余', '超过') then figure.value + figure.last_place
            when figure.qualifier in ('约', '左右') then figure.value * 1.05
            when figure.qualifier is null and figure.factor > 1
                then figure.value + figure.last_digit / 2
            else figure.value
        end as highest,
        coalesce(figure.qualifier in ('余', '超过'), false) as is_open_above
    from figure
    inner join register
        on
            figure.indicator_code = register.indicator_code
            and figure.period = register.period
            and figure.reporting_unit = register.reporting_unit_code
)

select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    'value'::varchar as column_name,
    plain_number(value)::varchar as value,
    (plain_number(counted) || unit)::varchar as expected
from compared
where
    counted < lowest
    or counted > highest
    or (is_open_above and counted >= highest)
