-- 一行是一期的一张报表（“全部” 为各表合计）的报送率：应报的表中已报送、已填齐、已接受的各占多少。免报的不计入应报；未要求而报来的不计入任何一项。 /
-- A row is a period and dataset (全部 is all of them): of the forms that were expected, how many and
-- what share arrived, were filled and count. A form that is excused is not expected; one that came
-- without being owed counts nowhere, so no share exceeds 100 %.
with coverage as (
    select
        dataset,
        period,
        period_type,
        state,
        round,
        is_filled
    from core.coverage
    where is_expected
),

counted as (
    select
        period,
        period_type,
        coalesce(dataset, '全部') as dataset,
        count(*) as expected_count,
        count(*) filter (where round > 0) as arrived_count,
        count(*) filter (where is_filled) as filled_count,
        count(*) filter (where state in ('accepted', 'nil')) as accepted_count
    from coverage
    group by grouping sets ((dataset, period, period_type), (period, period_type))
)

select
    dataset::varchar as dataset, -- 报表: dataset, 全部 for all
    period::varchar as period, -- 报告期: reporting period
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    expected_count::bigint as expected_count, -- 应报: forms expected (件, stock)
    arrived_count::bigint as arrived_count, -- 已报送: forms a file came for (件, stock)
    filled_count::bigint as filled_count, -- 已填齐: with no required cell blank (件, stock)
    accepted_count::bigint as accepted_count, -- 已接受: forms that count (件, stock)
    (100 * arrived_count / expected_count)::decimal(5, 2) as arrived_pct, -- 报送率: share (%, stock)
    (100 * filled_count / expected_count)::decimal(5, 2) as filled_pct, -- 填齐率: share (%, stock)
    (100 * accepted_count / expected_count)::decimal(5, 2) as accepted_pct -- 接受率: share (%, stock)
from counted
