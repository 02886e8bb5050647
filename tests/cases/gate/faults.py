"""Faults to plant in a made form, each with the findings it must lead to, and no other.

A cell fault spoils one cell of one column; a form fault spoils the form as a whole. Either returns
None where it does not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from examples.forms import write_address
from tests.form_maker import (
    FACTORS,
    Look,
    MadeForm,
    added_columns,
    own_unit,
    read_facet,
    show,
    write_cell,
)
from warehouse.contracts.model import IDENTIFIER_TYPES, NUMERIC_TYPES, Column, Rule
from warehouse.identifiers.uscc import ALPHABET, check_uscc
from warehouse.read.identify import make_mark

Found = tuple[str, str, str | None]
"""Rule, sheet, cell; None for what concerns the file as a whole."""
CellFault = Callable[[MadeForm, int, Column], str | None]
FormFault = Callable[[MadeForm], set[Found] | None]
ABSENT = ("-", "—", "不适用", "/", "——")


# --- one cell ------------------------------------------------------------------------------------


def leave_blank(form: MadeForm, row: int, column: Column) -> str | None:
    if not column.required:
        return None
    form.put(row, column.name, None)
    return "required"


def mark_not_applicable(form: MadeForm, row: int, column: Column) -> str | None:
    if not column.required or column.may_be_not_applicable:
        return None
    form.put(row, column.name, ABSENT[row % len(ABSENT)])
    return "not_applicable_not_allowed"


def write_words_for_number(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type not in NUMERIC_TYPES:
        return None
    form.put(row, column.name, ("约50", "50余", "1e5", "二十", "12,34", ".5")[row % 6])
    return "not_a_number"


def write_half(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type != "integer":
        return None
    form.put(row, column.name, "1.5")
    return "not_an_integer"


def write_too_precise(form: MadeForm, row: int, column: Column) -> str | None:
    digits = {"元": "1.234", "千元": "1.234567", "万元": "1.2345678"}
    unit = own_unit(column) or form.look.money_unit
    if column.type != "money" or unit not in digits:
        return None
    form.put(row, column.name, digits[unit])
    return "too_precise"


def write_too_large(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type not in NUMERIC_TYPES:
        return None
    form.put(row, column.name, "1234567890123456")
    return "too_large"


def write_half_date(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type != "date":
        return None
    written = ("2020.9", "2020-02-30", "2020年三季度", "待定", "20200931", "1020-01-01", "20209")
    form.put(row, column.name, written[row % len(written)])
    return "not_a_date"


def write_unknown_code(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type not in {"code", "indicator_code"}:
        return None
    form.put(row, column.name, f"没有的{row}")
    return "unknown_code"


def write_unknown_unit(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type != "reporting_unit":
        return None
    form.put(row, column.name, f"不存在区{row}")
    return "unknown_reporting_unit"


def break_check_digit(form: MadeForm, row: int, column: Column) -> str | None:
    value = form.rows[row].get(column.name)
    if column.type not in {"uscc", "application_no"} or not value:
        return None
    last = str(value)[-1]
    alphabet = ALPHABET if column.type == "uscc" else "0123456789X"
    form.put(row, column.name, f"{str(value)[:-1]}{alphabet[alphabet.index(last) - 1]}")
    return "check_digit"


def lose_precision(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type == "application_no":
        form.put(row, column.name, f"2.01710{row}E+11")
        return "precision_loss"
    if column.type != "uscc":
        return None
    serial = next(
        number
        for number in range(10**5 * (row + 1), 10**5 * (row + 2))
        if check_uscc(f"914202{number:09d}000") == "precision_loss"
    )
    form.put(row, column.name, f"914202{serial:09d}000")
    return "precision_loss"


def write_registration_number(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type != "uscc":
        return None
    form.put(row, column.name, f"4202000000{row:05d}")
    return "registration_number"


def misshape(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type not in IDENTIFIER_TYPES:
        return None
    shapes = {
        "uscc": f"无{row}", "application_no": f"CN1071234{row:02d}A", "standard_no": f"企标{row}",
        "industry_code": "X9",
    }  # fmt: skip
    form.put(row, column.name, shapes[column.type])
    return "identifier_form"


def go_below(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type in {"integer", "money"}:
        lowest = int(column.minimum or 0)
        form.change(row, column.name, lowest - 1 if column.type == "integer" else Decimal(-10_000))
        return "below_minimum"
    if column.minimum is not None:
        form.change(row, column.name, Decimal(str(column.minimum)) - 1)
        return "below_minimum"
    rule = find_rule(form, check="indicator_is_negative")
    if rule is None or column.type != "decimal" or not _cannot_be_negative(form, row):
        return None
    form.change(row, column.name, Decimal(-1))
    return rule.id


def date_after_period(form: MadeForm, row: int, column: Column) -> str | None:
    if column.type != "date" or column.may_follow_period:
        return None
    form.change(row, column.name, form.period.end + timedelta(days=1 + row))
    return "date_after_period"


def date_before_first_event(form: MadeForm, row: int, column: Column) -> str | None:
    for rule in form.contract.rule:
        is_later = rule.arguments.get("column_A") == column.name
        if rule.expectation == "ExpectColumnPairValuesAToBeGreaterThanB" and is_later:
            first = form.rows[row][rule.arguments["column_B"]]
            assert isinstance(first, date)
            form.change(row, column.name, first - timedelta(days=1))
            return rule.id
    return None


def contradict(form: MadeForm, row: int, column: Column) -> str | None:
    for rule in form.contract.rule:
        is_told = rule.arguments.get("column_A") == column.name
        if rule.expectation == "ExpectColumnPairValuesToBeEqual" and is_told:
            right = read_facet(rule.arguments["column_B"], form.rows[row])
            other = next(code for code in column.codes if code != right)
            form.change(row, column.name, other)
            return rule.id
    return None


def write_foreign_unit(form: MadeForm, row: int, column: Column) -> str | None:
    own = form.reporter.reporting_unit_code
    if (
        column.type != "reporting_unit"
        or own is None
        or "reporting_units" not in form.contract.owed_by
    ):
        return None
    foreign = [unit.code for unit in form.codes.counties if unit.code != own]
    form.change(row, column.name, foreign[row % len(foreign)])
    return "foreign_unit"


def leave_range(form: MadeForm, row: int, column: Column) -> str | None:
    if not column.is_share:
        return None
    form.change(row, column.name, Decimal("120.5"))
    return "share_out_of_range"


def break_pattern(form: MadeForm, row: int, column: Column) -> str | None:
    for rule in form.contract.rule:
        is_about = rule.arguments.get("column") == column.name
        if rule.expectation == "ExpectColumnValuesToMatchRegex" and is_about:
            form.change(row, column.name, f"#{row}")
            return rule.id
    return None


def file_in_another_year(form: MadeForm, row: int, column: Column) -> str | None:
    rule = find_rule(form, check="filing_year_differs")
    if rule is None or rule.column != column.name:
        return None
    filed = form.rows[row][column.name]
    assert isinstance(filed, date)
    form.change(row, column.name, filed - timedelta(days=400))
    return rule.id


def forget_grant(form: MadeForm, row: int, column: Column) -> str | None:
    rule = find_rule(form, check="valid_without_grant")
    if rule is None or rule.column != column.name:
        return None
    form.change(row, "legal_status", "有效")
    form.put(row, column.name, None)
    return rule.id


def leave_plausible_range(form: MadeForm, row: int, column: Column) -> str | None:
    rule = find_rule(form, check="outside_plausible_range")
    indicator = indicator_of(form, row)
    if rule is None or rule.column != column.name or indicator is None or indicator.maximum is None:
        return None
    form.change(row, column.name, Decimal(str(indicator.maximum)) + 1)
    return rule.id


def use_other_unit(form: MadeForm, row: int, column: Column) -> str | None:
    rule = find_rule(form, check="indicator_unit_known")
    if rule is None or rule.column != column.name:
        return None
    indicator = indicator_of(form, row)
    form.change(row, column.name, "批" if indicator and indicator.unit != "批" else "户")
    return rule.id


def report_for_another(form: MadeForm, row: int, column: Column) -> str | None:
    rule = find_rule(form, check="indicator_department")
    if rule is None or rule.column != column.name:
        return None
    others = [entry for entry in form.codes.indicators if entry.department != form.reporter.code]
    other = others[row]
    form.change(row, column.name, other.code)
    form.change(row, find_rule(form, check="indicator_unit_known").column, other.unit)
    form.change(row, find_rule(form, check="indicator_name_matches").column, other.name.zh)
    lowest, highest = other.minimum, other.maximum
    value = next(number for number in (lowest, highest, 7) if number is not None)
    form.change(
        row, find_rule(form, check="outside_plausible_range").column, Decimal(str(max(value, 0)))
    )
    return rule.id


def misname_indicator(form: MadeForm, row: int, column: Column) -> str | None:
    rule = find_rule(form, check="indicator_name_matches")
    if rule is None or rule.column != column.name:
        return None
    form.change(row, column.name, f"别的名称{row}")
    return rule.id


def write_full_width(form: MadeForm, row: int, column: Column) -> str | None:
    value = form.rows[row].get(column.name)
    if column.type not in NUMERIC_TYPES | IDENTIFIER_TYPES | {"date"} or value is None:
        return None
    shown = show(form, column, value)
    text = f"{shown.normalize():f}" if isinstance(shown, Decimal) else str(shown)
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    form.put(row, column.name, wide)
    return "full_width"


def group_thousands(form: MadeForm, row: int, column: Column) -> str | None:
    ranged = find_rule(form, check="outside_plausible_range")
    is_ranged = column.is_share or (ranged is not None and ranged.column == column.name)
    if column.type not in NUMERIC_TYPES or is_ranged:
        return None
    unit = FACTORS[own_unit(column) or form.look.money_unit] if column.type == "money" else 1
    form.change(row, column.name, Decimal(1234 * unit) if column.type != "integer" else 1234)
    form.put(row, column.name, "1,234")
    return "thousands_separator"


def spell_otherwise(form: MadeForm, row: int, column: Column) -> str | None:
    value = form.rows[row].get(column.name)
    spellings = {code: text for text, code in column.code_spellings.items()}
    if column.type == "reporting_unit":
        spellings = {unit.code: unit.spellings[0] for unit in form.codes.counties}
    if column.type == "indicator_code":
        spellings = {str(value): str(value).upper()}
    if value not in spellings:
        return None
    form.put(row, column.name, spellings[str(value)])
    return "spelling_recognised"


def write_serial_date(form: MadeForm, row: int, column: Column) -> str | None:
    value = form.rows[row].get(column.name)
    if column.type != "date" or not isinstance(value, date):
        return None
    form.put(row, column.name, (value - date(1899, 12, 30)).days)
    return "serial_date"


CELL_FAULTS: dict[str, CellFault] = {
    fault.__name__: fault
    for fault in (
        leave_blank, mark_not_applicable, write_words_for_number, write_half, write_too_precise,
        write_too_large, write_half_date, write_unknown_code, write_unknown_unit, break_check_digit,
        lose_precision, write_registration_number, misshape, go_below, date_after_period,
        date_before_first_event, contradict, write_foreign_unit, leave_range, break_pattern,
        file_in_another_year, forget_grant, leave_plausible_range, use_other_unit,
        report_for_another, misname_indicator, write_full_width, group_thousands, spell_otherwise,
        write_serial_date,
    )
}  # fmt: skip


# --- the whole form ------------------------------------------------------------------------------


def repeat_row(form: MadeForm) -> set[Found]:
    for column in form.contract.column:
        form.change(1, column.name, form.rows[0][column.name])
    key = form.contract.key[0]
    return {("duplicate_key", form.sheet, form.at(row, key)) for row in (0, 1)}


def change_totals(form: MadeForm) -> set[Found] | None:
    if form.total_row is None:
        return None
    found = set()
    for column in added_columns(form.contract):
        write_cell(form.grid, form.total_row, form.grid.places[column.name], "777777")
        found.add(("total_differs", form.sheet, form.at_total(column.name)))
    return found


def write_words_for_totals(form: MadeForm) -> set[Found] | None:
    if form.total_row is None:
        return None
    found = set()
    for column in added_columns(form.contract):
        write_cell(form.grid, form.total_row, form.grid.places[column.name], "见附件")
        found.add(("not_a_number", form.sheet, form.at_total(column.name)))
    return found


def rename_optional_heading(form: MadeForm) -> set[Found] | None:
    optional = [column for column in form.contract.column if not column.required]
    if not optional:
        return None
    name = optional[0].name
    write_cell(form.grid, form.heading_rows[name], form.grid.places[name], "神秘栏目")
    return {("unknown_heading", form.sheet, form.at_heading(name))}


def misspell_heading(form: MadeForm) -> set[Found]:
    column = max(form.contract.column, key=lambda column: (column.required, len(column.heading)))
    heading = f"{column.heading}儿"
    write_cell(form.grid, form.heading_rows[column.name], form.grid.places[column.name], heading)
    return {("unknown_heading", form.sheet, form.at_heading(column.name))}


def repeat_heading(form: MadeForm) -> set[Found]:
    column = form.contract.column[-1]
    row = form.heading_rows[column.name]
    write_cell(form.grid, row, form.width, column.heading)
    return {("duplicate_heading", form.sheet, write_address(row, form.width))}


def drop_required_column(form: MadeForm) -> set[Found]:
    name = next(column.name for column in form.contract.column if column.required)
    row, place = form.heading_rows.pop(name), form.grid.places.pop(name)
    for number in (row, *form.row_numbers, *([form.total_row] if form.total_row else [])):
        write_cell(form.grid, number, place, None)
    if form.total_row:  # the word 合计 may have stood there
        lead = min(form.grid.places.values())
        write_cell(form.grid, form.total_row, lead, form.look.total_word)
    first = min(form.grid.places, key=lambda column: form.grid.places[column])
    return {("missing_column", form.sheet, form.at_heading(first))}


def write_beside(form: MadeForm) -> set[Found]:
    found = set()
    for row, place in ((0, form.width), (1, form.width + 2)):
        number = form.row_numbers[row]
        write_cell(form.grid, number, place, "旁注")
        found.add(("stray_value", form.sheet, write_address(number, place)))
    return found


def hide_rows(form: MadeForm) -> set[Found] | None:
    if form.look.file_format != "xlsx":
        return None
    form.grid.hidden_rows |= {form.row_numbers[0], form.row_numbers[2]}
    first = next(iter(form.grid.places))
    return {("hidden_row", form.sheet, form.at(row, first)) for row in (0, 2)}


def hide_column(form: MadeForm) -> set[Found] | None:
    if form.look.file_format != "xlsx":
        return None
    name = form.contract.column[1].name
    form.grid.hidden_columns.add(form.grid.places[name])
    return {("hidden_column", form.sheet, form.at_heading(name))}


def leave_formulas(form: MadeForm) -> set[Found] | None:
    """A formula without a value in each column, of the 合计 row as well."""
    if form.look.file_format != "xlsx":
        return None
    found = set()
    for number, column in enumerate(form.contract.column):
        row = number % len(form.rows)
        form.put(row, column.name, "")
        form.grid.formulas[form.place(row, column.name)] = "=1+1"
        found.add(("uncalculated_formula", form.sheet, form.at(row, column.name)))
    return found


def leave_errors(form: MadeForm) -> set[Found] | None:
    if form.look.file_format != "xlsx":
        return None
    found = set()
    for number, column in enumerate(form.contract.column):
        row = number % len(form.rows)
        form.put(row, column.name, ("#DIV/0!", "#REF!", "#N/A")[number % 3])
        form.grid.formulas[form.place(row, column.name)] = "=1/0"
        found.add(("error_value", form.sheet, form.at(row, column.name)))
    return found


def leave_broken_totals(form: MadeForm) -> set[Found] | None:
    if form.look.file_format != "xlsx" or form.total_row is None:
        return None
    found = set()
    for number, column in enumerate(added_columns(form.contract)):
        place = form.grid.places[column.name]
        write_cell(form.grid, form.total_row, place, "#REF!" if number % 2 else "")
        form.grid.formulas[form.total_row, place] = "=SUM(#REF!)"
        rule = "error_value" if number % 2 else "uncalculated_formula"
        found.add((rule, form.sheet, form.at_total(column.name)))
    return found


def name_no_money_unit(form: MadeForm) -> set[Found] | None:
    if "unit" not in form.label_cells:
        return None
    write_cell(form.grid, *form.label_cells["unit"], "单位：美元")
    return {("unknown_money_unit", form.sheet, form.at_label("unit"))}


def report_a_month(form: MadeForm) -> set[Found] | None:
    return _state_period(form, "报告期：2020年9月", "wrong_period", is_located=False)


def report_the_future(form: MadeForm) -> set[Found] | None:
    return _state_period(form, "报告期：2077年一季度", "wrong_period", is_located=False)


def report_half_a_period(form: MadeForm) -> set[Found] | None:
    return _state_period(form, "报告期：三季度", "unidentified_period", is_located=True)


def contradict_the_mark(form: MadeForm) -> set[Found] | None:
    """A clerk takes last quarter's blank form again and edits what can be seen."""
    mark = make_mark(form.contract, form.reporter.code, str(form.period.previous))
    write_cell(form.grid, form.label_cells["period"][0], form.width + 3, mark)
    return {("mark_disagrees", form.sheet, form.at_label("period"))}


def contradict_the_title(form: MadeForm) -> set[Found] | None:
    title = f"{form.period.previous.title_zh}{form.contract.title.zh}"
    write_cell(form.grid, form.look.top_rows, form.look.left_columns, title)
    cell = write_address(form.look.top_rows, form.look.left_columns)
    return {("sheet_disagrees", form.sheet, cell)}


def name_a_stranger(form: MadeForm) -> set[Found] | None:
    write_cell(form.grid, *form.label_cells["reporter"], "填报单位：火星分局")
    return {("unidentified_reporter", form.sheet, form.at_label("reporter"))}


def name_another_than_the_mark(form: MadeForm) -> set[Found] | None:
    owing = form.codes.owing(form.contract.owed_by)
    other = next((item for item in owing if item != form.reporter), None)
    if other is None:
        return None
    mark = make_mark(form.contract, other.code, str(form.period))
    write_cell(form.grid, form.label_cells["period"][0], form.width + 3, mark)
    return {("mark_disagrees", form.sheet, form.at_label("reporter"))}


def lie_in_another_folder(form: MadeForm) -> set[Found] | None:
    form.folder = next(item.code for item in form.codes.reporters if item != form.reporter)
    return {("folder_disagrees", "", None)}


def report_what_is_not_owed(form: MadeForm) -> set[Found] | None:
    owing = form.codes.owing(form.contract.owed_by)
    others = [
        item for item in form.codes.reporters if item not in owing and item.kind == "department"
    ]
    if not others:
        return None
    write_cell(form.grid, *form.label_cells["reporter"], f"填报单位：{others[0].name}")
    form.folder = others[0].code
    found = {("wrong_form", "", None)}
    rule = find_rule(form, check="indicator_department")
    if rule:
        found |= {(rule.id, form.sheet, form.at(row, rule.column)) for row in range(len(form.rows))}
    return found


def leave_title_out(form: MadeForm) -> set[Found] | None:
    write_cell(form.grid, form.look.top_rows, form.look.left_columns, "季度情况汇总")
    form.file_name = "新建表格"
    return {("unidentified_dataset", "", None)}


def use_old_template(form: MadeForm) -> set[Found] | None:
    used = form.contract.model_copy(update={"version": form.contract.version - 1})
    mark = make_mark(used, form.reporter.code, str(form.period))
    write_cell(form.grid, form.label_cells["period"][0], form.width + 3, mark)
    return {("old_template", "", None)}


def add_foreign_sheet(form: MadeForm) -> set[Found] | None:
    if form.look.file_format.startswith("csv"):
        return None
    form.grid.sheets["草稿"] = [["随手记", 1], ["随手记", 2]]
    return {("unread_sheet", "草稿", None)}


def add_second_form(form: MadeForm) -> set[Found] | None:
    if form.look.file_format.startswith("csv"):
        return None
    titles = ["企业名录", "专利情况表"]
    other = next(title for title in titles if title != form.contract.title.zh)
    form.grid.sheets["另一张"] = [
        [other],
        ["企业名称", "统一社会信用代码", "所属县(市、区)"],
        ["甲", "乙", "丙"],
    ]
    return {("second_form", "另一张", "A1")}


def carry_macros(form: MadeForm) -> set[Found] | None:
    if form.look.file_format != "xlsx":
        return None
    form.look = replace(form.look, file_format="xlsm")
    return {("macros", "", None)}


def take_rows_away(form: MadeForm) -> set[Found]:
    _clear_rows(form)
    return {("no_rows", "", None)}


def report_nothing(form: MadeForm) -> set[Found]:
    _clear_rows(form)
    write_cell(form.grid, form.row_numbers[0], form.look.left_columns, "本期零报告")
    return set() if form.contract.nil_report else {("nil_report_not_allowed", "", None)}


def report_nothing_and_rows(form: MadeForm) -> set[Found]:
    write_cell(form.grid, len(form.grid.cells), form.look.left_columns, "零报告")
    return {("nil_report_with_rows", "", None)}


FORM_FAULTS: dict[str, FormFault] = {
    fault.__name__: fault
    for fault in (
        repeat_row, change_totals, write_words_for_totals, rename_optional_heading,
        misspell_heading, repeat_heading, drop_required_column, write_beside, hide_rows,
        hide_column, leave_formulas, leave_errors, leave_broken_totals, name_no_money_unit,
        report_a_month, report_the_future, report_half_a_period, contradict_the_mark,
        contradict_the_title, name_a_stranger, name_another_than_the_mark, lie_in_another_folder,
        report_what_is_not_owed, leave_title_out, use_old_template, add_foreign_sheet,
        add_second_form, carry_macros, take_rows_away, report_nothing, report_nothing_and_rows,
    )
}  # fmt: skip
FAULTY_LOOK = Look(labels="apart", has_title=True, total="last", has_note_column=True)


# --- parts ---------------------------------------------------------------------------------------


def find_rule(form: MadeForm, check: str) -> Rule | None:
    """The contract's rule that is judged by a check."""
    return next((rule for rule in form.contract.rule if rule.check == check), None)


def indicator_of(form: MadeForm, row: int) -> object | None:
    """The indicator a row is about."""
    name = next((c.name for c in form.contract.column if c.type == "indicator_code"), None)
    code = form.rows[row].get(name or "")
    return next((entry for entry in form.codes.indicators if entry.code == code), None)


def _cannot_be_negative(form: MadeForm, row: int) -> bool:
    indicator = indicator_of(form, row)
    return indicator is not None and (indicator.minimum is None or indicator.minimum >= 0)


def _state_period(form: MadeForm, label: str, rule: str, *, is_located: bool) -> set[Found]:
    write_cell(form.grid, *form.label_cells["period"], label)
    return {(rule, form.sheet, form.at_label("period")) if is_located else (rule, "", None)}


def _clear_rows(form: MadeForm) -> None:
    for number in (*form.row_numbers, *([form.total_row] if form.total_row else [])):
        form.grid.cells[number] = []
