-- A row is one finding that is still to be mended or explained: it stands in the newest file of its
-- form, which was neither withdrawn nor accepted as it is by a steward. A figure that is withheld
-- is open although its form was accepted.
with round as (
    select
        submission_id,
        dataset,
        reporter_code,
        period,
        round
    from core.round
    qualify round = max(round) over (partition by dataset, reporter_code, period)
),

verdict as (
    select submission_id
    from core.verdict
    where action <> 'withdraw' and (action <> 'accept' or decided_by = 'gate')
),

finding as (
    select
        submission_id,
        finding_number
    from core.finding
    where is_open
)

select
    round.submission_id::bigint as submission_id,
    finding.finding_number::bigint as finding_number,
    round.dataset::varchar as dataset,
    round.reporter_code::varchar as reporter_code,
    round.period::varchar as period
from finding
inner join round on finding.submission_id = round.submission_id
inner join verdict on finding.submission_id = verdict.submission_id
