"""The lines of a self-check that hold a form against the periods it was prefilled from.

Each compiler of `CHECKS` is the twin of the file of that name in `sql/check/`. A form that was
made without history has no such formulas; what is accepted after it was made, it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from warehouse.contracts.codes import Indicator
from warehouse.contracts.model import Figure, Rule
from warehouse.template.prefill import Earlier
from warehouse.template.self_check.area import EntryArea
from warehouse.template.self_check.cells import look_up
from warehouse.template.self_check.indicators import EarlierIndicators, factor_of_unit
from warehouse.template.self_check.lines import Found

_EXPRESSION = re.compile(
    r"(?P<kind>count|sum)\((?P<distinct>distinct )?(?P<column>\w+|\*)\)"
    r"(?: filter \(where (?P<filter>\w+) = '(?P<code>[^']*)'\))?"
)


def _growth_recomputes(area: EntryArea, rule: Rule) -> list[Found]:
    earlier = _year_before(area)
    figure = next(f for f in area.contract.figure if f.column == rule.arguments["value"])
    growth, value = (area.value(rule.arguments[name]) for name in ("growth", "value"))
    if earlier is None:
        return [Found(rule.column)]
    before = _figure_of_row(area, figure, earlier)
    recomputed = f"ROUND(({value}-{before})*100/{before},6)"
    differs = f"(ROUND(ABS({growth}-{recomputed}),6)>{rule.arguments['tolerance']})"
    return [Found(rule.column, f"{_is_positive(before)}*IFERROR({differs}*1,0)")]


def _flow_jumps(area: EntryArea, rule: Rule) -> list[Found]:
    factor = rule.arguments["factor"]
    return _compare(area, rule, "flow", lambda now, before: f"({now}>={before}*{factor})")


def _stock_falls(area: EntryArea, rule: Rule) -> list[Found]:
    left = 1 - rule.arguments["share"]
    return _compare(area, rule, "stock", lambda now, before: f"({now}<{before}*{left:g})")


def _compare(
    area: EntryArea, rule: Rule, kind: str, differs: Callable[[str, str], str]
) -> list[Found]:
    """Figures of one kind: in a form of figures row by row, else for the form as a whole."""
    earlier = area.blank.prefill.previous if area.blank.prefill else None
    figures = [figure for figure in area.contract.figure if figure.measure_kind == kind]
    if earlier is None or not all(_EXPRESSION.fullmatch(f.expression) for f in figures):
        return [Found(rule.column)]
    found = []
    for figure in figures:
        if area.contract.kind == "figures":
            now, before = area.value(figure.column), _figure_of_row(area, figure, earlier)
            is_there = f"ISNUMBER({now})*IFERROR({now}>=0,FALSE)*{_is_positive(before)}"
            hits = f"{is_there}*IFERROR({differs(now, before)}*1,0)"
            found.append(Found(figure.column, hits))
        else:
            found.append(Found(figure.column, _compare_sums(area, figure, earlier, differs), True))
    return found


def _compare_sums(
    area: EntryArea, figure: Figure, earlier: Earlier, differs: Callable[[str, str], str]
) -> str:
    unit = area.unit_column
    parts = []
    for (name, code), value in earlier.figures.items():
        number = area.number_of_code(unit, code) if unit and figure.by_unit else None
        if name != figure.name or value <= 0 or number == 0:
            continue
        now = area.kept.keep(f"={_add_up(area, figure, number)}")
        rows = area.kept.keep(f"={_count_rows(area, number)}")
        is_there = f"({rows}+{area.says_nil}>0)" if number is None else f"({rows}>0)"
        parts.append(f"{is_there}*{differs(now, str(value.normalize()))}")
    return f"({'+'.join(parts) or '0'})*{_units_are_known(area)}"


def _unit_vanished(area: EntryArea, rule: Rule) -> list[Found]:
    earlier, unit = area.blank.prefill and area.blank.prefill.previous, area.unit_column
    if not earlier or unit is None:
        return [Found(rule.column)]
    present = {str(row[unit.name]) for row in earlier.rows}
    counts = [
        area.kept.keep(f"={_count_rows(area, number)}")
        for number, code in enumerate(area.codes_of(unit), start=1)
        if code in present
    ]
    gone = "+".join(f"({count}=0)" for count in counts)
    hits = f"({area.row_count}>0)*({area.says_nil}=0)*({gone}+0)*{_units_are_known(area)}"
    return [Found(rule.column, hits, True)]


def _indicator_jumps(area: EntryArea, rule: Rule) -> list[Found]:
    factor = rule.arguments["factor"]
    return _compare_indicators(
        area,
        rule,
        lambda entry: entry.measure_kind == "flow",
        lambda now, before: f"({now}>=ROUND({before}*{factor},6))",
    )


def _indicator_falls(area: EntryArea, rule: Rule) -> list[Found]:
    left = 1 - rule.arguments["share"]
    return _compare_indicators(
        area,
        rule,
        lambda entry: entry.measure_kind == "stock" and entry.unit != "位",
        lambda now, before: f"({now}<ROUND({before}*{left:g},6))",
    )


def _compare_indicators(
    area: EntryArea,
    rule: Rule,
    speaks_of: Callable[[Indicator], bool],
    differs: Callable[[str, str], str],
) -> list[Found]:
    earlier = area.blank.prefill.previous if area.blank.prefill else None
    chosen = {entry.code for entry in area.codes.indicators if speaks_of(entry)}
    rows = [row for row in earlier.rows if row["indicator_code"] in chosen] if earlier else []
    if not rows:
        return [Found(rule.column)]
    table = EarlierIndicators(area, rows)
    before = table.look_up([float(table.base_value(row)) for row in table.rows])
    now = f"ROUND({area.value(rule.column or '')}*{factor_of_unit(area)},6)"
    hits = f"({before}>0)*IFERROR({differs(now, before)}*{table.is_same_base()},0)"
    return [Found(rule.column, hits)]


def _prior_year_differs(area: EntryArea, rule: Rule) -> list[Found]:
    earlier = _year_before(area)
    rows = [row for row in earlier.rows if row["qualifier"] is None] if earlier else []
    if not rows:
        return [Found(rule.column)]
    table = EarlierIndicators(area, rows)
    before = table.look_up([float(table.base_value(row)) for row in table.rows])
    rounding = table.look_up([float(table.rounding(row)) for row in table.rows])
    stated, factor = area.value(rule.column or ""), factor_of_unit(area)
    digits = f'LEN({stated}&"")-FIND(".",{stated}&".")'
    own = f"IF({factor}>1,{factor}/10^IF({digits}>0,{digits},0)/2,0)"
    difference = f"ROUND(ABS({stated}*{factor}-{before}),4)"
    differs = f"({difference}>{own})*({difference}>{rounding})*{table.is_same_base()}"
    return [Found(rule.column, f"ISNUMBER({stated})*IFERROR({differs},0)")]


CHECKS: dict[str, Callable[[EntryArea, Rule], list[Found]]] = {
    "flow_jumps": _flow_jumps,
    "growth_recomputes": _growth_recomputes,
    "indicator_falls": _indicator_falls,
    "indicator_jumps": _indicator_jumps,
    "prior_year_differs": _prior_year_differs,
    "stock_falls": _stock_falls,
    "unit_vanished": _unit_vanished,
}


def _year_before(area: EntryArea) -> Earlier | None:
    return area.blank.prefill.year_before if area.blank.prefill else None


def _figure_of_row(area: EntryArea, figure: Figure, earlier: Earlier) -> str:
    """The earlier figure of the unit a row is about; an empty text where there was none."""
    unit = area.unit_column
    if unit is None or not figure.by_unit:
        return str(earlier.figures.get((figure.name, None), '""'))
    values = [earlier.figures.get((figure.name, code)) for code in area.codes_of(unit)]
    shown = ["" if value is None else float(value) for value in values]
    return f'IFERROR({look_up(area.value(unit.name), shown)},"")'


def _is_positive(value: str) -> str:
    """1 for a number above 0; in a spreadsheet a text is above every number."""
    return f"IFERROR(ISNUMBER({value})*({value}>0),0)"


def _add_up(area: EntryArea, figure: Figure, unit_number: int | None) -> str:
    """What the rows of a form, or those of one reporting unit, amount to, as in the contract."""
    said = _EXPRESSION.fullmatch(figure.expression)
    assert said is not None  # noqa: S101 - the caller asked
    rows = _filter_rows(area, unit_number)
    if said["filter"]:
        column = area.contract.columns[said["filter"]]
        rows += f"*({area.value(column.name)}={area.number_of_code(column, said['code'])})"
    if said["column"] == "*":
        return f"SUM({rows}*1)"
    column = area.contract.columns[said["column"]]
    value = area.value(column.name)
    if said["kind"] == "sum":
        factor = area.money_factor(column) if column.type == "money" else 1
        return f"SUM({rows}*IF(ISNUMBER({value}),{value},0))*{factor}"
    if not said["distinct"]:
        return f"SUM({rows}*{area.filled(column.name)})"
    keys = f'IF({rows}*{area.filled(column.name)},{value},"")'
    return f'SUM(({keys}<>"")*IFERROR((MATCH({keys},{keys},0)={area.position})*1,0))'


def _count_rows(area: EntryArea, unit_number: int | None) -> str:
    return f"SUM({_filter_rows(area, unit_number)}*1)"


def _filter_rows(area: EntryArea, unit_number: int | None) -> str:
    unit = area.unit_column
    if unit_number is None or unit is None:
        return area.rows
    return f"{area.rows}*({area.value(unit.name)}={unit_number})"


def _units_are_known(area: EntryArea) -> str:
    """1 where every reporting unit was recognised: else the sums by unit mean nothing."""
    unit = area.unit_column
    if unit is None:
        return "1"
    unknown = f"SUM({area.rows}*{area.filled(unit.name)}*({area.value(unit.name)}=0))"
    return f"({area.kept.keep(f'={unknown}')}=0)"
