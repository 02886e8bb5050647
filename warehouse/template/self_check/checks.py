"""The lines of a self-check that look beyond one cell: keys, sums, indicators, the form as a whole.

Each compiler of `CHECKS` is the twin of the file of that name in `sql/check/`.
"""

from __future__ import annotations

from collections.abc import Callable

from warehouse.contracts.codes import Indicator
from warehouse.contracts.model import NUMERIC_TYPES, Column, Rule
from warehouse.read.headings import IGNORED_HEADINGS, known_headings
from warehouse.template.plan import FIRST_ENTRY
from warehouse.template.self_check import history
from warehouse.template.self_check.area import EntryArea
from warehouse.template.self_check.cells import (
    fold_heading_text,
    is_absent,
    is_among,
    quote,
    trim,
)
from warehouse.template.self_check.indicators import (
    base_of_unit,
    factor_of_unit,
    look_up_indicator,
    number_of_base,
)
from warehouse.template.self_check.lines import Draft, Found, Line
from warehouse.template.self_check.operands import is_in_time, read_facet

_HEADING_ROW = FIRST_ENTRY - 1
_STRAY_COLUMNS = 20
"""Columns to the right of the form that are looked at for values without a heading."""


def list_check_lines(draft: Draft) -> list[Line]:
    """Repeated keys, 合计 rows, and the contract's own checks."""
    area = draft.area
    lines = [_check_key(draft)]
    lines += [
        draft.add("total_differs", column.name, _differ_from_total(area, column))
        for column in area.contract.column
        if area.added(column)
    ]
    for rule in area.contract.rule:
        if rule.check is None or rule.severity == "notice":
            continue
        compile_check = CHECKS.get(rule.check) or history.CHECKS.get(rule.check)
        found = compile_check(area, rule) if compile_check else [Found(rule.column)]
        lines += [draft.add_found(rule.id, each) for each in found]
    return lines


def list_form_lines(draft: Draft) -> list[Line]:
    """What is said of the form as a whole: rows at all, 零报告, headings, strays, error values."""
    area = draft.area
    nil, rows = area.says_nil, area.row_count
    lines = [
        draft.add("no_rows", None, f"({rows}=0)*({nil}=0)"),
        draft.add("nil_report_with_rows", None, f"({rows}>0)*({nil}>0)"),
    ]
    if not area.contract.nil_report:
        lines.append(draft.add("nil_report_not_allowed", None, f"({rows}=0)*({nil}>0)"))
    last = len(area.blank.columns)
    headings = area.address(_HEADING_ROW, 0, _HEADING_ROW, last - 1)
    words = [*known_headings(area.contract), *sorted(IGNORED_HEADINGS)]
    known = area.kept.keep(f"|{'|'.join(words)}|")
    folded = fold_heading_text(trim(headings))
    unknown = f'({trim(headings)}<>"")*(1-{is_among(folded, known)})'
    lines.append(draft.add_block("unknown_heading", unknown, headings))
    strays = area.cut(last, last + _STRAY_COLUMNS - 1)
    above = area.address(_HEADING_ROW, last, _HEADING_ROW, last + _STRAY_COLUMNS - 1)
    stray = f'{area.rows}*({trim(above)}="")*({trim(strays)}<>"")'
    lines.append(draft.add_block("stray_value", stray, strays))
    cells = area.cut(0, last - 1)
    lines.append(draft.add_block("error_value", f"ISERROR({cells})*1", cells))
    return lines


def _check_key(draft: Draft) -> Line:
    """The second and later rows of the same key; a key of which a part is missing is left out."""
    area = draft.area
    keys = area.key(area.contract.key)
    whole = "*".join(_is_whole(area, area.contract.columns[name]) for name in area.contract.key)
    repeated = f"IFERROR((MATCH({keys},{keys},0)<>{area.position})*1,0)"
    expected = "、".join(area.contract.columns[name].heading for name in area.contract.key)
    hits = draft.in_rows(f"{whole}*{repeated}")
    return draft.add("duplicate_key", area.contract.key[0], hits, expected=expected)


def _is_whole(area: EntryArea, column: Column) -> str:
    """1 where a part of a key is what the gate can compare."""
    if column.required and not column.may_be_not_applicable:
        is_there = area.filled(column.name)
    else:
        is_there = "1"
    if column.type in NUMERIC_TYPES or column.type == "date":
        text = area.text(column.name)
        is_there += f'*(ISNUMBER({area.value(column.name)})+({text}="")+{is_absent(text)}>0)'
    return is_there


def _differ_from_total(area: EntryArea, column: Column) -> str:
    """合计 rows whose number is not the sum of the rows; one unknown number leaves the sum open."""
    value = area.value(column.name)
    number = f"IF(ISNUMBER({value}),{value},0)"
    unknown = f"{area.numbered_rows(column)}*{area.filled(column.name)}*(1-ISNUMBER({value}))"
    if column.required:
        unknown += f"+{area.rows}*(1-{area.filled(column.name)})"
    differs = f"(ROUND({number}-SUM({area.rows}*{number}),6)<>0)"
    return f"{area.sums}*ISNUMBER({value})*(SUM({unknown})=0)*{differs}"


def _filing_year_differs(area: EntryArea, rule: Rule) -> list[Found]:
    number = next(c.name for c in area.contract.column if c.type == "application_no")
    name = rule.column or ""
    date = area.value(name)
    year = read_facet(area, number, "filed_year")
    differs = f"IFERROR(YEAR({date})<>{year},FALSE)"
    return [Found(name, f'{is_in_time(area, name)}*({year}<>"")*{differs}')]


def _valid_without_grant(area: EntryArea, rule: Rule) -> list[Found]:
    status = area.contract.columns["legal_status"]
    granted = area.text(rule.column or "")
    in_force = f"({area.value(status.name)}={area.number_of_code(status, '有效')})"
    return [Found(rule.column, f'{in_force}*(({granted}="")+{is_absent(granted)}>0)')]


def _indicator_is_negative(area: EntryArea, _: Rule) -> list[Found]:
    names = ("value", "prior_year_value", "ytd_value")
    return [Found(name, _is_wrongly_negative(area, name)) for name in names]


def _indicator_unit_known(area: EntryArea, rule: Rule) -> list[Found]:
    bases = [number_of_base(area, entry.unit) for entry in area.codes.indicators]
    own = look_up_indicator(area, bases)
    return [Found(rule.column, f"IFERROR({base_of_unit(area)}<>{own},FALSE)")]


def _indicator_department(area: EntryArea, rule: Rule) -> list[Found]:
    if area.blank.reporter is None:
        return [Found(rule.column)]
    departments = look_up_indicator(area, [entry.department for entry in area.codes.indicators])
    own = quote(area.blank.reporter.code)
    return [Found(rule.column, f"IFERROR({departments}<>{own},FALSE)")]


def _outside_plausible_range(area: EntryArea, rule: Rule) -> list[Found]:
    factors = {unit.name: float(unit.factor) for unit in area.codes.units_of_measure}

    def limit(bound: float | None, entry: Indicator, otherwise: float) -> float:
        return otherwise if bound is None else bound * factors[entry.unit]

    entries = area.codes.indicators
    least = look_up_indicator(area, [limit(entry.minimum, entry, -1e300) for entry in entries])
    most = look_up_indicator(area, [limit(entry.maximum, entry, 1e300) for entry in entries])
    value = area.value(rule.column or "")
    figure = f"ROUND({value}*{factor_of_unit(area)},6)"
    (unit,) = _indicator_unit_known(area, rule)
    outside = f"IFERROR(({figure}<{least})+({figure}>{most}),0)"
    negative = _is_wrongly_negative(area, rule.column or "")
    return [Found(rule.column, f"(1-{unit.hits})*{outside}*(1-{negative})")]


def _is_wrongly_negative(area: EntryArea, name: str) -> str:
    may_be = [int((entry.minimum or 0) < 0) for entry in area.codes.indicators]
    cannot = f"(IFERROR({look_up_indicator(area, may_be)},0)=0)"
    return f"ISNUMBER({area.value(name)})*IFERROR({area.value(name)}<0,FALSE)*{cannot}"


CHECKS: dict[str, Callable[[EntryArea, Rule], list[Found]]] = {
    "filing_year_differs": _filing_year_differs,
    "indicator_department": _indicator_department,
    "indicator_is_negative": _indicator_is_negative,
    "indicator_unit_known": _indicator_unit_known,
    "outside_plausible_range": _outside_plausible_range,
    "valid_without_grant": _valid_without_grant,
}
