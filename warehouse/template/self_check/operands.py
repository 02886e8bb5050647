"""What rules look at in a row, as expressions: typed cells, and what identifiers say of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from warehouse.template.self_check import identifiers as identifier
from warehouse.template.self_check.area import EntryArea
from warehouse.template.self_check.cells import look_up, quote

PERIOD_END, OWN_UNIT = "period__end", "reporter__unit"
NEVER = "0"
"""Hits of a rule that cannot break in this form; it gets no line."""
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Operand:
    """What an expectation looks at: where it is present, and its value."""

    present: str
    value: str


def find_operand(area: EntryArea, name: str) -> Operand | None:
    """A column or a facet of one; None where the form leaves it open."""
    if name == PERIOD_END:
        period = area.blank.period
        return Operand("1", str((period.end - _EPOCH).days)) if period else None
    if name == OWN_UNIT:
        return own_unit(area)
    column_name, _, facet = name.partition("__")
    if facet == "known":
        return _label(area, column_name)
    if facet:
        value = read_facet(area, column_name, facet)
        return Operand(f'({value}<>"")', value) if value else None
    column = area.contract.columns[name]
    if area.codes_of(column):
        return _label(area, name)
    value = area.value(name)
    if column.type == "money":
        value = f"IFERROR({value}*{area.money_factor(column)},0)"
    return Operand(area.is_read(name), value)


def own_unit(area: EntryArea) -> Operand | None:
    """The reporting unit of the reporter's own office; None for a department or an open form."""
    reporter = area.blank.reporter
    if reporter is None:
        return None
    units = {unit.code: unit.name for unit in area.codes.reporting_units}
    code = reporter.reporting_unit_code
    return Operand("1", quote(units[code])) if code else Operand(NEVER, quote(""))


def _label(area: EntryArea, name: str) -> Operand:
    """The name of the code a cell was read as."""
    names = list(area.codes_of(area.contract.columns[name]).values())
    value = area.value(name)
    return Operand(f"({value}>0)", f'IFERROR({look_up(value, names)},"")')


def read_facet(area: EntryArea, name: str, facet: str) -> str | None:
    """What a right identifier says of the cells beside it; an empty text for a wrong one."""
    if facet == "level":
        number = area.define_rows(f"{name}_号", identifier.fold_standard_no(area.text(name)))
        return area.define_rows(f"{name}_级", identifier.read_standard_level(number))
    read = {
        "patent_type": identifier.read_patent_type,
        "filed_year": identifier.read_filed_year,
    }.get(facet)
    return area.define_rows(f"{name}_{facet}", read(_split_number(area, name))) if read else None


def judge_identifier(area: EntryArea, name: str) -> dict[str, str]:
    """By rule whether an identifier breaks it."""
    kind, value = area.contract.columns[name].type, area.value(name)
    if kind == "uscc":
        return identifier.judge_uscc(value)
    if kind == "application_no":
        return identifier.judge_application_no(value, _split_number(area, name))
    if kind == "industry_code":
        return identifier.judge_industry_code(value)
    level = read_facet(area, name, "level")
    return {"identifier_form": f'{area.filled(name)}*({level}="")'}


def is_in_time(area: EntryArea, name: str) -> str:
    """1 where a column has a value; a date after the period's end is wrong in itself, so none."""
    column, period = area.contract.columns[name], area.blank.period
    if column.type != "date" or column.may_follow_period or period is None:
        return area.is_read(name)
    return f"({area.value(name)}<={(period.end - _EPOCH).days})"


def _split_number(area: EntryArea, name: str) -> str:
    return area.define_rows(f"{name}_号", identifier.split_application_no(area.value(name)))
