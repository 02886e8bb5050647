-- 一行是一期、一个统计单元、资金项目、级别、类型和受益单位性质：本期批准的金额。汇总行的受益单位重
-- 新计数；各类资金性质不同，合计只表示报了多少。 /
-- A row is a period, reporting unit, programme, level, kind and recipient's ownership: money
-- approved in the period. 全部 and the city's code mark rollups, in which recipients are counted
-- anew; a unit whose forms name none has one row of zeros. The kinds (a grant, a credit line, a
-- waived fee) are different things: their rollup says what was reported, not what was spent.
with funding as (
    select
        period,
        reporting_unit,
        programme,
        funding_level,
        funding_kind,
        amount,
        coalesce(ownership, '未注明') as ownership,
        coalesce(
            uscc, max(uscc) over (partition by period, recipient_name), recipient_name
        ) as recipient
    from included.funding
),

unit_coverage as (
    select
        period,
        period_type,
        reporting_unit_code,
        reporting_unit,
        expected_submissions,
        included_submissions,
        status
    from core.unit_coverage
    where
        dataset = 'funding'
        and included_submissions > 0
),

counted as (
    select
        period,
        if(grouping(reporting_unit) = 1, '420200', reporting_unit) as unit_code,
        if(grouping(programme) = 1, '全部', programme) as programme,
        if(grouping(funding_level) = 1, '全部', funding_level) as funding_level,
        if(grouping(funding_kind) = 1, '全部', funding_kind) as funding_kind,
        if(grouping(ownership) = 1, '全部', ownership) as ownership,
        sum(amount) as amount_yuan,
        count(distinct recipient) as recipient_count
    from funding
    group by period, cube (reporting_unit, programme, funding_level, funding_kind, ownership)
),

filled as (
    select
        unit_coverage.period,
        unit_coverage.period_type,
        unit_coverage.reporting_unit_code,
        unit_coverage.reporting_unit,
        unit_coverage.expected_submissions,
        unit_coverage.included_submissions,
        unit_coverage.status,
        coalesce(counted.programme, '全部') as programme,
        coalesce(counted.funding_level, '全部') as funding_level,
        coalesce(counted.funding_kind, '全部') as funding_kind,
        coalesce(counted.ownership, '全部') as ownership,
        coalesce(counted.amount_yuan, 0) as amount_yuan,
        coalesce(counted.recipient_count, 0) as recipient_count
    from unit_coverage
    left join counted
        on
            unit_coverage.period = counted.period
            and unit_coverage.reporting_unit_code = counted.unit_code
)

select
    period::varchar as period, -- 报告期: reporting period
    period_type::varchar as period_type, -- 报告期别: year, quarter or month
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    programme::varchar as programme, -- 资金项目: programme, 全部 for all
    funding_level::varchar as funding_level, -- 资金级别: level, 全部 for all
    funding_kind::varchar as funding_kind, -- 资金类型: kind of money, 全部 for all
    ownership::varchar as ownership, -- 企业性质: recipient's, 未注明 where blank, 全部 for all
    amount_yuan::decimal(28, 2) as amount_yuan, -- 金额: money approved (元, flow, additive)
    recipient_count::bigint as recipient_count, -- 受益单位数: distinct recipients (家, flow)
    expected_submissions::bigint as expected_submissions, -- 应报: forms expected
    included_submissions::bigint as included_submissions, -- 已计入: forms included
    status::varchar as status -- 状态: provisional, final or revised
from filled
