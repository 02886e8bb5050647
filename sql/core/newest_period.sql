-- A row is a dataset that is owed, with the newest period it is owed for.
with coverage as (
    select
        dataset,
        period
    from core.coverage
    where is_expected
)

select
    dataset::varchar as dataset,
    max(period)::varchar as period
from coverage
group by dataset
