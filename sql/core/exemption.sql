-- A row is one exception in force for one form, as of the ledger cut and on the clock's day: its
-- lock is open until a last day, or it need not be sent. Of one kind the last granted counts, so
-- granting it anew with an earlier end shortens it; past its last day there is no row: what was
-- open is locked again, and what was excused is owed again.
with granted as (
    select
        exemption_id,
        kind,
        dataset,
        reporter_code,
        period,
        granted_by,
        reason,
        ends_on,
        sequence
    from ledger.exemption
    where sequence <= getvariable('ledger_cut')
),

latest as (
    select
        exemption_id,
        kind,
        dataset,
        reporter_code,
        period,
        granted_by,
        reason,
        ends_on
    from granted
    qualify
        row_number() over (
            partition by kind, dataset, reporter_code, period
            order by sequence desc
        ) = 1
)

select
    exemption_id::bigint as exemption_id,
    kind::varchar as kind,
    dataset::varchar as dataset,
    reporter_code::varchar as reporter_code,
    period::varchar as period,
    granted_by::varchar as granted_by,
    reason::varchar as reason,
    ends_on::date as ends_on
from latest
where
    ends_on >= getvariable('night_at')::date
    or (ends_on is null and kind = 'excuse')
