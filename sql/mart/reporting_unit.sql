-- 一行是一个统计单元（含已撤并的）与它全部或部分归入的今天的一个单元；仍在的归入自己。 /
-- A row is a reporting unit of any time and a unit of today that it went into, whole or in part.
-- One that is still there went into itself; without a successor the unit of today is empty.
with unit as (
    select
        reporting_unit_code,
        reporting_unit,
        reporting_unit_en,
        is_city,
        valid_from,
        valid_until
    from codes.reporting_unit
),

todays_unit as (
    select
        reporting_unit_code,
        todays_unit_code,
        is_whole
    from codes.todays_unit
),

followed as (
    select
        unit.reporting_unit_code,
        unit.reporting_unit,
        unit.reporting_unit_en,
        unit.is_city,
        todays_unit.todays_unit_code,
        today.reporting_unit as todays_unit,
        nullif(unit.valid_from, date '0001-01-01') as valid_from,
        nullif(unit.valid_until, date '9999-12-31') as valid_until,
        coalesce(todays_unit.is_whole, false) as is_whole
    from unit
    left join todays_unit on unit.reporting_unit_code = todays_unit.reporting_unit_code
    left join unit as today on todays_unit.todays_unit_code = today.reporting_unit_code
)

select
    reporting_unit_code::varchar as reporting_unit_code, -- 统计单元代码: 420200 is the city
    reporting_unit::varchar as reporting_unit, -- 统计单元: reporting unit's name
    reporting_unit_en::varchar as reporting_unit_en, -- 统计单元（英文）: its name in English
    is_city::boolean as is_city, -- 全市: whether it is the whole city
    valid_from::date as valid_from, -- 起始日: first day; empty where it has always been there
    valid_until::date as valid_until, -- 终止日: last day; empty where it has not ended
    todays_unit_code::varchar as todays_unit_code, -- 今日单元代码: unit of today it went into
    todays_unit::varchar as todays_unit, -- 今日单元: name of that unit
    is_whole::boolean as is_whole -- 整体归入: whether all of it went there
from followed
