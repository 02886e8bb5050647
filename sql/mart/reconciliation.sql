-- 一行是一项比对在一期、一个统计单元的现状：两边各是多少，差多少，是否有口径差说明，未决多久，由谁答复。 /
-- A row is one comparison in one period and reporting unit as it stands: both sides, by how much
-- they differ, the bridge that explains it, since when it is open, and who has to answer. How both
-- sides are held against each other is told in mart.comparison and mart.comparison_term.
-- agrees: both can be true. bridged: a bridge (口径差) in force explains the difference. expired: the
-- bridge that would explain it has ended; it is open again from the day after. open: nothing
-- explains it. incomplete: forms are missing behind one side. one_sided: one side has no figure.
-- Open since: the start of the unbroken run of releases in which the difference was not settled;
-- while nothing can be said, or one side is gone, a run is broken.
with comparison as (
    select
        comparison_code,
        kind,
        comparison,
        comparison_en,
        period,
        period_type,
        period_end,
        reporting_unit_code,
        reporting_unit,
        left_series,
        left_value,
        left_qualifier,
        right_series,
        right_value,
        right_qualifier,
        difference,
        lowest_difference,
        highest_difference,
        unit,
        outcome,
        owner_code,
        known_from_release,
        known_from_on,
        known_to_release,
        known_to_on
    from mart.comparison
),

release as (
    select
        release_id,
        published_on
    from mart.release
),

reporter as (
    select
        reporter_code,
        reporter
    from codes.reporter
),

bridge as (
    select
        bridge_code,
        left_series,
        right_series,
        units,
        first_period_end,
        last_period_end,
        expected_difference,
        expected_ratio,
        tolerance,
        tolerance_pct,
        side,
        reason,
        reason_en,
        owner_code,
        valid_from,
        ends_on
    from codes.bridge
),

dated as (
    select
        *,
        timezone('Asia/Shanghai', getvariable('night_at'))::date as today,
        if(
            known_to_on is null,
            timezone('Asia/Shanghai', getvariable('night_at'))::date,
            greatest(known_to_on - 1, known_from_on)
        ) as last_day
    from comparison
),

offered as (
    select
        dated.comparison_code,
        dated.period,
        dated.reporting_unit_code,
        dated.known_from_release,
        dated.lowest_difference,
        dated.highest_difference,
        bridge.bridge_code,
        bridge.side,
        bridge.reason,
        bridge.reason_en,
        bridge.owner_code,
        bridge.ends_on,
        coalesce(
            bridge.expected_difference, (bridge.expected_ratio - 1) * dated.right_value, 0
        ) as expected,
        coalesce(
            bridge.tolerance, bridge.tolerance_pct / 100 * abs(dated.right_value), 0
        ) as tolerance
    from dated
    inner join bridge
        on
            dated.left_series = bridge.left_series
            and dated.right_series = bridge.right_series
            and dated.last_day >= bridge.valid_from
            and (
                len(bridge.units) = 0
                or list_contains(bridge.units, dated.reporting_unit_code)
            )
            and dated.period_end >= coalesce(bridge.first_period_end, dated.period_end)
            and dated.period_end <= coalesce(bridge.last_period_end, dated.period_end)
    where dated.outcome = 'differs'
),

allowed as (
    select
        *,
        if(side is distinct from 'below', expected - tolerance, null)::decimal(28, 6)
            as allowed_lowest,
        if(side is distinct from 'above', expected + tolerance, null)::decimal(28, 6)
            as allowed_highest
    from offered
),

explained as (
    select *
    from allowed
    where
        highest_difference >= coalesce(allowed_lowest, highest_difference)
        and lowest_difference <= coalesce(allowed_highest, lowest_difference)
    qualify
        row_number() over (
            partition by comparison_code, period, reporting_unit_code, known_from_release
            order by ends_on desc, bridge_code asc
        ) = 1
),

told as (
    select
        dated.*,
        explained.bridge_code,
        explained.reason,
        explained.reason_en,
        explained.ends_on as bridge_ends_on,
        explained.allowed_lowest,
        explained.allowed_highest,
        dated.outcome = 'differs'
        and coalesce(explained.ends_on < dated.last_day, true) as is_unsettled,
        greatest(dated.known_from_on, coalesce(explained.ends_on + 1, dated.known_from_on))
            as unsettled_from,
        coalesce(explained.owner_code, dated.owner_code) as answering_code
    from dated
    left join explained
        on
            dated.comparison_code = explained.comparison_code
            and dated.period = explained.period
            and dated.reporting_unit_code = explained.reporting_unit_code
            and dated.known_from_release = explained.known_from_release
),

before as (
    select
        *,
        lag(is_unsettled) over over_time as was_unsettled,
        lag(known_to_release) over over_time as followed_by
    from told
    window over_time as (
        partition by comparison_code, period, reporting_unit_code
        order by known_from_release
    )
),

run as (
    select
        comparison_code,
        period,
        reporting_unit_code,
        max(unsettled_from) as open_since,
        max(known_from_release) as from_release
    from before
    where
        is_unsettled
        and (
            unsettled_from > known_from_on
            or not coalesce(was_unsettled, false)
            or followed_by is distinct from known_from_release
        )
    group by
        comparison_code,
        period,
        reporting_unit_code
),

opened as (
    select
        run.comparison_code,
        run.period,
        run.reporting_unit_code,
        run.open_since,
        min(release.release_id) as open_since_release
    from run
    inner join release
        on
            run.from_release <= release.release_id
            and run.open_since <= release.published_on
    group by
        run.comparison_code,
        run.period,
        run.reporting_unit_code,
        run.open_since
),

stated as (
    select
        told.*,
        opened.open_since,
        opened.open_since_release,
        told.today - opened.open_since as age_days,
        case
            when told.outcome <> 'differs' then told.outcome
            when not told.is_unsettled then 'bridged'
            when told.bridge_code is not null then 'expired'
            else 'open'
        end as state
    from told
    left join opened
        on
            told.comparison_code = opened.comparison_code
            and told.period = opened.period
            and told.reporting_unit_code = opened.reporting_unit_code
            and told.is_unsettled
    where told.known_to_release is null
)

select
    stated.comparison_code::varchar as comparison_code, -- 比对代码: kind and series, or the relation
    stated.kind::varchar
        as kind, -- 比对类别: register, departments, total, share, growth, rank or part
    stated.comparison::varchar as comparison, -- 比对内容: what is compared
    stated.comparison_en::varchar as comparison_en, -- 比对内容(英文): the same in English
    stated.period::varchar as period, -- 报告期: reporting period
    stated.period_type::varchar as period_type, -- 报告期别: year, quarter or month
    stated.reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    stated.reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    stated.left_series::varchar as left_series, -- 左序列: series that is checked
    stated.left_value::decimal(28, 6) as left_value, -- 左值: its figure; parts are added up
    stated.left_qualifier::varchar as left_qualifier, -- 左限定词: 近, 余, 超过, 约 or 左右
    stated.right_series::varchar as right_series, -- 右序列: series it is checked by
    stated.right_value::decimal(28, 6) as right_value, -- 右值: its figure, or the one recomputed
    stated.right_qualifier::varchar as right_qualifier, -- 右限定词: 近, 余, 超过, 约 or 左右
    stated.difference::decimal(28, 6) as difference, -- 差: left less right, as written
    stated.unit::varchar as unit, -- 计量单位: of both sides
    stated.state::varchar
        as state, -- 状态: agrees, bridged, open, expired, incomplete or one_sided
    stated.bridge_code::varchar as bridge_code, -- 口径差代码: bridge that explains it, or did
    stated.allowed_lowest::decimal(28, 6)
        as allowed_lowest, -- 允许差下限: least the bridge allows; empty without limit
    stated.allowed_highest::decimal(28, 6)
        as allowed_highest, -- 允许差上限: most the bridge allows; empty without limit
    stated.reason::varchar as reason, -- 原因: why they differ, as the bridge says
    stated.reason_en::varchar as reason_en, -- 原因(英文): the same in English
    stated.bridge_ends_on::date as bridge_ends_on, -- 口径差止期: last day of the bridge
    stated.open_since_release::bigint
        as open_since_release, -- 未决起始发布号: first release of the run it is open in
    stated.open_since::date
        as open_since, -- 未决起始日: first day of that run, or the day after the bridge ended
    stated.age_days::bigint as age_days, -- 未决天数: days open at this release
    stated.answering_code::varchar
        as owner_code, -- 责任单位代码: who answers; empty for what only registers say
    reporter.reporter::varchar as owner_name -- 责任单位: its name
from stated
left join reporter on stated.answering_code = reporter.reporter_code
