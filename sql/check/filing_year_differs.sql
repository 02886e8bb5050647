-- A row is a filing date outside the year that the application number carries.
select
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row,
    'applied_on'::varchar as column_name,
    applied_on::varchar as value,
    application_no__filed_year::varchar as expected
from gate_row
where year(applied_on) <> application_no__filed_year
