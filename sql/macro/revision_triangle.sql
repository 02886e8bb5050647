-- 一行是一个序列的一个报告期、一个统计单元的一个发布值：第几个值、何时发布、比前一个和第一个变了多少。
-- 横看是报告期，竖看是发布日期，就是修订三角。 /
-- A row is one value a series was published with for one period and unit: the how-manieth, when it
-- came out, and how far from the one before and from the first. Periods against days of publication
-- are the revision triangle; a vintage in which only status or coverage changed is no revision.

-- parameters: series
with vintage as (
    select
        series_code,
        unit,
        period,
        reporting_unit_code,
        reporting_unit,
        value,
        status,
        expected_submissions,
        included_submissions,
        known_from_release,
        known_from_on,
        lag([value]) over (
            partition by period, reporting_unit_code
            order by known_from_release
        ) as value_before
    from mart.series_vintage
    where series_code = series
),

revision as (
    select
        *,
        row_number() over (
            partition by period, reporting_unit_code
            order by known_from_release
        ) as vintage_number,
        first_value(value) over (
            partition by period, reporting_unit_code
            order by known_from_release
        ) as value_at_first
    from vintage
    where value_before is null or value is distinct from value_before[1]
)

select
    series_code,
    unit,
    period,
    reporting_unit_code,
    reporting_unit,
    vintage_number,
    known_from_release as release_id,
    known_from_on as published_on,
    value,
    status,
    expected_submissions,
    included_submissions,
    value - value_before[1] as difference_from_before,
    value - value_at_first as difference_from_first
from revision
