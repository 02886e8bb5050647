"""Plants faults of what a form says it is: which form, of whom, for when, in which unit."""

from __future__ import annotations

import random
from collections.abc import Iterator

from examples.forms import write_address
from tests.corpus import CorpusForm
from tests.corpus_columns import about_form, tell
from tests.corpus_history import find_revised
from tests.corpus_plants import (
    FOLDER,
    MARK,
    MENDED,
    PERIOD,
    REPORTER,
    ROWS,
    UNIT,
    Attempt,
    Fault,
    Planted,
    Planter,
)
from tests.corpus_sheets import SHEET_FAULTS, FormFault
from warehouse.contracts.codes import Codes, Reporter
from warehouse.contracts.model import Contract
from warehouse.read.identify import make_mark


def list_strangers(contract: Contract, codes: Codes) -> list[Reporter]:
    """The departments that do not owe a form."""
    owing = codes.owing(contract.owed_by)
    return [item for item in codes.reporters if item not in owing and item.kind == "department"]


def leave_title_out(form: CorpusForm, dice: random.Random) -> Planted | None:
    if place := form.find_mark():
        form.write_mark("标杆模板：no_such_form-1")
        found = about_form("unidentified_dataset", form.sheet, write_address(*place))
    else:
        found = about_form("unidentified_dataset")
    form.write_title("季度情况汇总")
    form.file_name = "新建表格"
    return tell(found, writes={ROWS})


def name_a_stranger(form: CorpusForm, dice: random.Random) -> Planted | None:
    cell = form.restate("reporter", "火星分局")
    return tell(about_form("unidentified_reporter", form.sheet, cell), writes={REPORTER})


def name_half_a_period(form: CorpusForm, dice: random.Random) -> Planted | None:
    cell = form.restate("period", "三季度")
    return tell(about_form("unidentified_period", form.sheet, cell), writes={PERIOD})


def report_the_future(form: CorpusForm, dice: random.Random) -> Planted | None:
    ahead = form.period.shift(400)
    _state_period(form, ahead.title_zh, str(ahead))
    return tell(about_form("wrong_period"), writes={PERIOD}, needs={MARK})


def report_again_after_the_lock(form: CorpusForm, dice: random.Random) -> Planted | None:
    if form.history is None:
        return None
    locked = form.history.locked
    _state_period(form, locked.title_zh, str(locked))
    return tell(about_form("period_locked"), writes={PERIOD}, needs={MARK, REPORTER, FOLDER})


def report_anew_for_another(form: CorpusForm, dice: random.Random) -> Planted | None:
    """The form of a department that was accepted already, and said something else."""
    other = find_revised(form.contract)
    if other is None or form.history is None:
        return None
    form.restate("reporter", other.name)
    if form.find_mark():
        form.write_mark(make_mark(form.contract, other.code, str(form.period)))
    form.folder = other.code
    found = about_form("revision_note")
    return tell(found, writes={REPORTER, FOLDER}, needs={MARK, PERIOD, MENDED})


def _state_period(form: CorpusForm, said: str, code: str) -> None:
    form.restate("period", said)
    form.write_title(form.contract.title.zh)
    if form.find_mark():
        form.write_mark(make_mark(form.contract, form.reporter.code, code))


def contradict_the_mark(form: CorpusForm, dice: random.Random) -> Planted | None:
    """A clerk takes last period's blank form again and edits what can be seen."""
    earlier = form.period.previous
    form.write_title(form.contract.title.zh)
    form.write_mark(make_mark(form.contract, form.reporter.code, str(earlier)))
    cell = form.at_label("period")
    return tell(about_form("mark_disagrees", form.sheet, cell), writes={PERIOD, MARK})


def contradict_the_title(form: CorpusForm, dice: random.Random) -> Planted | None:
    if form.find_mark():
        form.write_mark(None)
    cell = form.write_title(f"{form.period.previous.title_zh}{form.contract.title.zh}")
    found = about_form("sheet_disagrees", form.sheet, cell)
    return tell(found, writes={PERIOD}, needs={MARK})


def lie_in_another_folder(form: CorpusForm, dice: random.Random) -> Planted | None:
    others = [item.code for item in form.codes.reporters if item != form.reporter]
    form.folder = dice.choice(others)
    return tell(about_form("folder_disagrees"), writes={FOLDER}, needs={REPORTER})


def report_what_is_not_owed(form: CorpusForm, dice: random.Random) -> Planted | None:
    other = list_strangers(form.contract, form.codes)[0]
    form.restate("reporter", other.name)
    if form.find_mark():
        form.write_mark(make_mark(form.contract, other.code, str(form.period)))
    form.folder = other.code
    found, writes = [about_form("wrong_form")], {REPORTER, FOLDER}
    rule = next((rule for rule in form.contract.rule if rule.check == "indicator_department"), None)
    if rule and rule.column in form.grid.places:
        rows = range(len(form.rows))
        found += [(rule.id, form.sheet, form.at(row, rule.column), rule.column) for row in rows]
        cells = {form.place(row, rule.column) for row in rows}
        needs = {MARK, form.heading_place(rule.column)}
        return tell(*found, writes=writes | cells, needs=needs)
    return tell(*found, writes=writes, needs={MARK})


def use_old_template(form: CorpusForm, dice: random.Random) -> Planted | None:
    used = form.contract.model_copy(update={"version": form.contract.version - 1})
    form.write_mark(make_mark(used, form.reporter.code, str(form.period)))
    return tell(about_form("old_template"), writes={MARK}, needs={PERIOD, REPORTER})


def name_no_money_unit(form: CorpusForm, dice: random.Random) -> Planted | None:
    if "unit" not in form.label_cells:
        return None
    found = about_form("unknown_money_unit", form.sheet, form.restate("unit", "美元"))
    return tell(found, writes={UNIT})


FORM_FAULTS: dict[str, FormFault] = SHEET_FAULTS | {
    "folder_disagrees": lie_in_another_folder,
    "mark_disagrees": contradict_the_mark,
    "old_template": use_old_template,
    "period_locked": report_again_after_the_lock,
    "revision_note": report_anew_for_another,
    "sheet_disagrees": contradict_the_title,
    "unidentified_dataset": leave_title_out,
    "unidentified_period": name_half_a_period,
    "unidentified_reporter": name_a_stranger,
    "unknown_money_unit": name_no_money_unit,
    "wrong_form": report_what_is_not_owed,
    "wrong_period": report_the_future,
}


def make_form_planter(form_fault: FormFault) -> Planter:
    """A planter that has but one place to try."""

    def plant(form: CorpusForm, fault: Fault, dice: random.Random) -> Iterator[Attempt]:
        yield lambda: form_fault(form, dice)

    return plant
