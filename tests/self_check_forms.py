"""Forms typed into their templates: valid ones, spoilt ones, and ones with a history.

Nothing here knows a dataset by name: rows come from `form_maker`, faults from the gate's own cases.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb
from python_calamine import CalamineWorkbook
from warehouse_rows import Warehouse

from examples.forms import Grid, write_address
from tests.cases.gate.faults import CELL_FAULTS
from tests.form_maker import Look, MadeForm, added_columns, make_form, show, write_cell
from warehouse.contracts.load import load_expectations
from warehouse.contracts.model import NUMERIC_TYPES, Contract
from warehouse.read.headings import explaining_columns
from warehouse.settings import CITY_TIME, Settings
from warehouse.template import Prefill, write_template
from warehouse.template.earlier_sheet import SHEET as EARLIER_SHEET
from warehouse.template.plan import FIRST_ENTRY

EXPECTATIONS = load_expectations()
CONTRACTS = EXPECTATIONS.contracts
PLAIN = Look(file_format="xlsx", date_style="cell")
ROWS, HEADING = 60, FIRST_ENTRY - 2
SERIAL_ORIGIN = date(1899, 12, 30)


def begin(contract: Contract, seed: int, count: int = ROWS) -> MadeForm:
    """Valid rows of a contract, placed where its template has them."""
    form = make_form(contract, EXPECTATIONS.codes, PLAIN, seed, count)
    return lay(form, form.rows)


def lay(form: MadeForm, rows: list[dict[str, Any]]) -> MadeForm:
    """A form with other rows."""
    columns = form.contract.column
    form = replace(form, rows=[dict(row) for row in rows], grid=Grid([], {}), total_row=None)
    form.grid.places = {column.name: at for at, column in enumerate(columns)}
    form.row_numbers = list(range(FIRST_ENTRY, FIRST_ENTRY + len(rows)))
    form.width = len(columns) + (not explaining_columns(form.contract))
    for number, row in enumerate(form.rows):
        for column in columns:
            form.put(number, column.name, show(form, column, row[column.name]))
    return form


def plant_cells(contract: Contract, seed: int) -> Iterator[MadeForm]:
    """Forms with every fault of one cell in every column, each in a row of its own."""
    form, row = begin(contract, seed), 0
    for fault in CELL_FAULTS.values():
        for column in contract.column:
            if row == len(form.rows):
                yield form
                form, row = begin(contract, seed), 0
            row += fault(form, row, column) is not None
    yield form


def spoil_whole(contract: Contract, seed: int) -> MadeForm:
    """A repeated row, two 合计 of which one is wrong, a stray, an error, a strange heading."""
    form = begin(contract, seed, 6)
    for column in contract.column:
        form.change(2, column.name, form.rows[0][column.name])
    if not any(column.blank_means for column in contract.column):
        form.grid.cells += [[], ["合 计"], ["总计："]]
        for column in added_columns(contract):
            values = [Decimal(str(row[column.name] or 0)) for row in form.rows]
            total = show(form, column, sum(values, Decimal(0)))
            assert isinstance(total, Decimal)
            for at, more in ((-2, 0), (-1, 1)):
                if place := form.grid.places[column.name]:
                    write_cell(form.grid, len(form.grid.cells) + at, place, total + more)
    form.grid.cells.append(["填表人：某某"])
    write_cell(form.grid, FIRST_ENTRY + 1, form.width + 2, "旁注")
    form.put(3, contract.column[1].name, "#N/A")
    counted = {*contract.key, *(column.name for column in added_columns(contract))}
    optional = [c for c in contract.column if not c.required and c.name not in counted]
    if optional:
        write_cell(form.grid, HEADING, form.grid.places[optional[-1].name], "神秘栏目")
    write_cell(form.grid, FIRST_ENTRY + 300, 0, "　 ")
    return form


def say_nil(contract: Contract, seed: int) -> MadeForm:
    form = lay(begin(contract, seed, 1), [])
    write_cell(form.grid, FIRST_ENTRY, 0, "零报告")
    return form


def say_nothing(contract: Contract, seed: int) -> MadeForm:
    form = lay(begin(contract, seed, 1), [])
    write_cell(form.grid, FIRST_ENTRY, 0, "填表人：某某")
    return form


def say_nil_above_rows(contract: Contract, seed: int) -> MadeForm:
    form = begin(contract, seed, 3)
    form.grid.cells.insert(FIRST_ENTRY, ["零 报 告"])
    return form


def raise_doubts(contract: Contract, seed: int) -> MadeForm:
    """A form in which three filing dates are doubtful, and one of them is explained in its row."""
    form = begin(contract, seed, 4)
    for row in (1, 2, 3):
        CELL_FAULTS["file_in_another_year"](form, row, contract.columns["applied_on"])
        form.put(row, "granted_on", None)
        form.put(row, "legal_status", "审中")
    write_cell(form.grid, FIRST_ENTRY + 1, form.width - 1, "分案申请")
    return form


SHAPES: dict[str, Callable[[Contract, int], MadeForm]] = {
    "clean": begin,
    "whole": spoil_whole,
    "nil": say_nil,
    "nothing": say_nothing,
    "nil and rows": say_nil_above_rows,
    "doubts": raise_doubts,
}
ONLY = {
    "nil": {"funding", "trademarks"},
    "nothing": {"standards", "services"},
    "nil and rows": {"funding", "standards"},
    "doubts": {"patents"},
}


def change_numbers(form: MadeForm, count: int, factor: Decimal) -> MadeForm:
    """The first rows of a form with every number of them multiplied."""
    rows = [dict(row) for row in form.rows[:count]]
    for row in rows:
        for column in form.contract.column:
            value = row[column.name]
            if column.type in NUMERIC_TYPES - {"percent"} and value is not None:
                changed = Decimal(str(value)) * factor
                row[column.name] = int(changed) if column.type == "integer" else changed
    return lay(form, rows)


def fill(
    form: MadeForm,
    path: Path,
    prefill: Prefill | None = None,
    explanations: Sequence[tuple[str, str]] = (),
) -> None:
    """Types a form into its template: a cell has the format of its column, as in a spreadsheet.

    All else stays the bytes that were written. Explanations go into the sheet 说明, the third of a
    workbook without history.
    """
    write_template(form.contract, form.codes, path, form.reporter, form.period, prefill=prefill)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet{}.xml"
    parts[name.format(1)] = _retype(parts[name.format(1)].decode(), form).encode()
    if explanations:
        rows = "".join(
            f'<row r="{number}"><c r="A{number}" {_type_cell(about, "0")}'
            f'<c r="B{number}" {_type_cell(why, "0")}</row>'
            for number, (about, why) in enumerate(explanations, start=2)
        )
        end = b"</sheetData>"
        parts[name.format(3)] = parts[name.format(3)].replace(end, rows.encode() + end)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            book.writestr(part, content)


def _retype(xml: str, form: MadeForm) -> str:
    """A sheet with other entry rows, and here and there another heading."""
    styles = {
        at: style
        for first, last, style in re.findall(r'<col min="(\d+)" max="(\d+)"[^>]*style="(\d+)"', xml)
        for at in range(int(first) - 1, int(last))
    }
    start, end = xml.index("<sheetData>") + len("<sheetData>"), xml.index("</sheetData>")
    rows = re.findall(r'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', xml[start:end], re.DOTALL)
    assert rows[:FIRST_ENTRY] == [str(number + 1) for number in range(FIRST_ENTRY)]
    first_entry = f'<row r="{FIRST_ENTRY + 1}"'
    head = xml[start:end].split(first_entry)[0]
    entries = ""
    for number, cells in enumerate(form.grid.cells):
        written = [
            (write_address(number, at), _type_cell(value, styles.get(at, "0")))
            for at, value in enumerate(cells)
            if value is not None
        ]
        if number < FIRST_ENTRY:
            for address, typed in written:
                head = re.sub(rf'<c r="{address}"[^>]*>.*?</c>', f'<c r="{address}" {typed}', head)
        elif written:
            row = "".join(f'<c r="{address}" {typed}' for address, typed in written)
            entries += f'<row r="{number + 1}">{row}</row>'
    return xml[:start] + head + entries + xml[end:]


def _type_cell(value: Any, style: str) -> str:
    """What stands in a cell's element after its address."""
    if isinstance(value, date):
        value = (value - SERIAL_ORIGIN).days
    if isinstance(value, int | Decimal):
        return f's="{style}"><v>{value}</v></c>'
    if str(value).startswith("#") and str(value)[1:2].isupper():
        return f's="{style}" t="e"><v>{value}</v></c>'
    return (
        f's="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
    )


def keep_earlier(settings: Settings, forms: list[MadeForm]) -> None:
    """A warehouse in which each form was accepted as that of its reporter, for its period."""
    settings.home.mkdir()
    warehouse = Warehouse(duckdb.connect(str(settings.database)))
    at = datetime(2020, 10, 12, 2, tzinfo=CITY_TIME)
    stamp = {"night_at": at, "recorded_at": at, "is_replayed": True}
    for number, form in enumerate(forms, start=1):
        dataset = form.contract.dataset
        facts = {"submission_id": number, "dataset": dataset, "reporter_code": form.reporter.code}
        facts |= {"period": str(form.period), "period_type": form.period.period_type}
        warehouse.chain.append("submission", [facts | {"is_nil": False} | stamp])
        decision = {"submission_id": number, "action": "accept", "decided_by": "gate"}
        warehouse.chain.append("decision", [decision | stamp])
        names = [*form.rows[0], "submission_id", "source_sheet", "source_row", "not_applicable"]
        meant = {column.name: column.blank_means for column in form.contract.column}
        rows = [
            [*(meant[name] if value is None else value for name, value in row.items()),
             number, "", FIRST_ENTRY + place, []]
            for place, row in enumerate(form.rows, start=1)
        ]  # fmt: skip
        holes = ", ".join("?" for _ in names)
        warehouse.connection.executemany(
            f"insert into core.{dataset} ({', '.join(names)}) values ({holes})", rows
        )
    warehouse.connection.close()


def count_earlier(form: MadeForm) -> int:
    """Rows of each earlier period: a flow that jumps needs few, a stock that falls many."""
    return 5 if form.contract.content == "increment" else 20


def copy_earlier(form: MadeForm, path: Path, prefill: Prefill | None) -> MadeForm:
    """What a clerk gets who copies the rows of the sheet 上期 to where they stand in the form."""
    write_template(form.contract, form.codes, path, form.reporter, form.period, prefill=prefill)
    book = CalamineWorkbook.from_path(path)
    copied = lay(form, [])
    width = len(form.contract.column)
    for number, row in enumerate(book.get_sheet_by_name(EARLIER_SHEET).to_python()):
        for at, value in enumerate(row[:width]):
            if number >= FIRST_ENTRY and value != "":
                is_number = isinstance(value, float)
                write_cell(copied.grid, number, at, Decimal(repr(value)) if is_number else value)
    return copied
