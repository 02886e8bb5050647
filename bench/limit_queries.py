"""The same rules as plain SQL, written by hand for this one form: what the night is measured by.

Nothing here is derived from the contract and nothing is reported with an address. It is the least
that can be done with the same bytes: read them, judge every row, set the failing ones aside, count,
publish.
"""

from __future__ import annotations

from typing import Final

from warehouse.identifiers.uscc import (
    ALPHABET,
    ORGANISATION_ALPHABET,
    ORGANISATION_WEIGHTS,
    WEIGHTS,
)

COLUMNS: Final = (
    "enterprise_name", "uscc", "unit_name", "product_name", "standard_no",
    "standard_name", "standard_level", "role", "published_on", "standard_status",
)  # fmt: skip
_REQUIRED = (*COLUMNS[:3], *COLUMNS[4:8])


def _weigh(alphabet: str, weights: tuple[int, ...], start: int) -> str:
    return " + ".join(
        f"(instr('{alphabet}', uscc[{start + step}]) - 1) * {weight}"
        for step, weight in enumerate(weights)
    )


_IS_WHOLE = f"({_weigh(ALPHABET, WEIGHTS, 1)} + instr('{ALPHABET}', uscc[18]) - 1) % 31 = 0"
_IS_ORGANISATION = (
    f"({_weigh(ORGANISATION_ALPHABET, ORGANISATION_WEIGHTS, 9)}"
    " + instr('0123456789X', uscc[17]) - 1) % 11 = 0"
)
_LEVELS = "'国家标准', '行业标准', '地方标准', '团体标准', '企业标准'"
_ROLES = "'主导', '参与', '执行'"
_LEVEL = """
    case
        when standard_no like 'GB%' then '国家标准'
        when regexp_full_match(standard_no, 'DB[0-9]{2}.*') then '地方标准'
        when standard_no like 'T/%' then '团体标准'
        when standard_no like 'Q/%' then '企业标准'
        else '行业标准'
    end
"""
_STANDARD_NO = (
    "(GBZ?(/[TZ])?|[A-Z]{2,3}(/[TZ])?|DB[0-9]{2}([0-9]{2})?/T|T/[A-Z][A-Z0-9]*)"
    " [0-9]+(\\.[0-9]+)*-[0-9]{2,4}|Q/[^ ].*[0-9].*"
)
_NOTHING = "'', '-', '—', '——', '－', '–', '/', '不适用', 'N/A'"
_BLANKS = ", ".join(
    f"case when coalesce(trim({name}), '') in ({_NOTHING}) then 'required' end"
    for name in _REQUIRED
)

FORM: Final = """
    create table form (
        path varchar, unit_code varchar, period varchar, period_end date, number bigint
    )
"""
UNIT: Final = "create table unit (spelling varchar, unit_code varchar)"
JUDGED: Final = f"""
    create table judged as
    with typed as (
        select
            form.number,
            form.period,
            form.period_end,
            form.unit_code as own_unit,
            unit.unit_code,
            raw.* exclude (filename, published_on),
            raw.published_on as published_text,
            try_cast(raw.published_on as date) as published_on
        from read_csv(
            $files, columns = {{{", ".join(f"'{name}': 'varchar'" for name in COLUMNS)}}},
            header = true, auto_detect = false, delim = ',', quote = '"', filename = true
        ) as raw
        inner join form on raw.filename = form.path
        left join unit on raw.unit_name = unit.spelling
    )

    select
        * exclude (published_text, own_unit, period_end),
        nullif(concat_ws(',',
            {_BLANKS},
            case
                when length(uscc) <> 18 then 'length'
                when not regexp_full_match(uscc, '[1-9ANY][{ALPHABET}][0-9]{{6}}[{ALPHABET}]{{10}}')
                    then 'character'
                when not ({_IS_WHOLE}) or not ({_IS_ORGANISATION}) then 'check_digit'
            end,
            case when unit_code is null then 'unknown_reporting_unit' end,
            case when unit_code <> own_unit then 'foreign_unit' end,
            case when not regexp_full_match(standard_no, '{_STANDARD_NO}') then 'standard_no' end,
            case
                when standard_level not in ({_LEVELS}) then 'standard_level'
                when standard_level <> {_LEVEL} then 'level_contradicts_number'
            end,
            case when role not in ({_ROLES}) then 'role' end,
            case
                when standard_status not in ('现行', '即将实施', '废止') then 'standard_status'
            end,
            case when published_text is not null and published_on is null then 'not_a_date' end,
            case when published_on > period_end then 'date_after_period' end
        ), '') as faults
    from typed
"""  # noqa: S608
REPEATED: Final = """
    create table repeated as
    select number, uscc, standard_no, product_name
    from judged
    group by all
    having count(*) > 1
"""
QUARANTINE: Final = """
    create table quarantine as
    select judged.*, repeated.number is not null as is_repeated
    from judged
    left join repeated
        on
            judged.number = repeated.number
            and judged.uscc = repeated.uscc
            and judged.standard_no = repeated.standard_no
            and judged.product_name is not distinct from repeated.product_name
    where judged.faults is not null or repeated.number is not null
"""
INCLUDED: Final = """
    create temp view included as
    select *
    from judged
    where
        faults is null
        and number in (select max(number) from form group by unit_code, period)
"""
_CELL = f"""
    1 << ((list_position([{_LEVELS}], standard_level) - 1) * 3
        + list_position([{_ROLES}], role) - 1)
"""
MARTS: Final = {
    # Counting distinct things over a cube takes four times as long, and 10,000,000 rows spill. So
    # each thing gets the bits of the levels and roles it stands in, each cell of the cube a mask.
    "standards": f"""
        with placed as not materialized (
            select period, unit_code, standard_no, uscc, product_name, {_CELL} as bit from included
        ),

        product as (
            select period, unit_code, uscc, product_name, bit_or(bit) as bits
            from placed
            group by all
        ),

        thing as (
            select 'standard' as kind, period, unit_code, bit_or(bit) as bits
            from placed
            group by period, standard_no, grouping sets (unit_code, ())
            union all
            select 'enterprise', period, unit_code, bit_or(bits)
            from product
            group by period, uscc, grouping sets (unit_code, ())
            union all
            select 'product', period, unit_code, bit_or(bits)
            from product
            where product_name is not null
            group by period, uscc, product_name, grouping sets (unit_code, ())
        ),

        pattern as (
            select period, unit_code, kind, bits, count(*) as thing_count
            from thing
            group by all
        ),

        cell as (
            select
                coalesce(standard_level, '全部') as standard_level,
                coalesce(role, '全部') as role,
                bit_or({_CELL}) as mask
            from (select distinct standard_level, role from included)
            group by cube (standard_level, role)
        )

        select
            pattern.period,
            coalesce(pattern.unit_code, '420200') as unit_code,
            cell.standard_level,
            cell.role,
            sum(thing_count) filter (where kind = 'standard') as standard_count,
            sum(thing_count) filter (where kind = 'enterprise') as enterprise_count,
            sum(thing_count) filter (where kind = 'product') as product_count
        from pattern
        inner join cell on pattern.bits & cell.mask <> 0
        group by all
    """,  # noqa: S608
    "enterprise": """
        select period, unit_code, uscc, count(*) as row_count
        from included
        group by all
    """,
    "standard": """
        select period, standard_no, count(*) as row_count
        from included
        group by all
    """,
    "product": "select product_name, count(*) as row_count from included group by all",
    "level": "select period, standard_level, count(*) as row_count from included group by all",
    "role": "select period, role, count(*) as row_count from included group by all",
    "status": "select period, standard_status, count(*) as row_count from included group by all",
    "publication": """
        select year(published_on) as year, standard_level, count(*) as row_count
        from included
        group by all
    """,
    "unit": """
        select period, unit_code, standard_level, role, count(*) as row_count
        from included
        group by all
    """,
    "coverage": """
        select period, unit_code, count(distinct number) as form_count, count(*) as row_count
        from judged
        group by all
    """,
}  # fmt: skip
