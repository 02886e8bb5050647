-- 一行是名册上的一件专利对一个指标的一份贡献。没有代码的专利权人取同名者的代码。 /
-- A row is what one patent on a register adds to one measure of the mart of patents. A patentee
-- without a code is the one of the same name that has one.
with patents as (
    select
        period,
        reporting_unit,
        patent_type,
        application_no,
        granted_on,
        legal_status,
        is_high_value,
        submission_id,
        source_sheet,
        source_row,
        coalesce(
            uscc, max(uscc) over (partition by period, patentee_name), patentee_name
        ) as patentee
    from included.patents
),

contribution as (
    select
        'application_count' as measure,
        period,
        reporting_unit,
        patent_type,
        application_no as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from patents
    union all
    select
        'grant_count' as measure,
        period,
        reporting_unit,
        patent_type,
        application_no as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from patents
    where granted_on is not null
    union all
    select
        'valid_count' as measure,
        period,
        reporting_unit,
        patent_type,
        application_no as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from patents
    where legal_status = '有效'
    union all
    select
        'high_value_count' as measure,
        period,
        reporting_unit,
        patent_type,
        application_no as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from patents
    where is_high_value = '是'
    union all
    select
        'patentee_count' as measure,
        period,
        reporting_unit,
        patent_type,
        patentee as thing,
        null as amount,
        submission_id,
        source_sheet,
        source_row
    from patents
    where patentee is not null
)

select
    measure::varchar as measure,
    period::varchar as period,
    reporting_unit::varchar as reporting_unit_code,
    patent_type::varchar as patent_type,
    thing::varchar as thing,
    amount::decimal(28, 6) as amount,
    null::bigint as precedence,
    submission_id::bigint as submission_id,
    source_sheet::varchar as source_sheet,
    source_row::bigint as source_row
from contribution
