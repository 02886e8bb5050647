-- A row is a 合计 cell that is not the sum of the rows above and below it, to the last fen.
-- The sum is shown in the form's own unit of money, as the clerk adds it up.
with declared as (
    select
        submission_id,
        source_sheet,
        source_row,
        column_name,
        value,
        factor
    from gate_total
),

added as (
    select
        submission_id,
        source_sheet,
        column_name,
        value
    from gate_sum
)

select
    declared.submission_id::bigint as submission_id,
    declared.source_sheet::varchar as source_sheet,
    declared.source_row::bigint as source_row,
    declared.column_name::varchar as column_name,
    plain_number(declared.value / declared.factor)::varchar as value,
    plain_number(coalesce(added.value, 0) / declared.factor)::varchar as expected
from declared
inner join added
    on
        declared.submission_id = added.submission_id
        and declared.source_sheet = added.source_sheet
        and declared.column_name = added.column_name
where declared.value <> coalesce(added.value, 0)
