"""Reads an identified document into a form: its data rows, totals, notes and explanations."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import polars as pl

from warehouse.contracts.codes import Codes, fold_name
from warehouse.contracts.model import Contract
from warehouse.findings import Finding
from warehouse.read.body import Body, read_body
from warehouse.read.form import EXPLANATION_SHEET, Form, Identity, empty_rows, is_unread
from warehouse.read.headings import Heading, find_heading, match_misspelt
from warehouse.read.labels import Line, Said, find_money_units, lines_of
from warehouse.read.nil import answer_nil, titles_nil
from warehouse.read.returned_list import LIST_SHEET, Answer, read_list
from warehouse.read.sheet import Document, Sheet, cell_address

__all__ = ["EXPLANATION_SHEET", "read_form"]


def read_form(document: Document, identity: Identity, codes: Codes) -> Form:
    """Reads a document through its contract.

    Every cell is taken in, ignored by name, or reported: unknown and repeated headings, missing
    columns, values without a heading, sheets left unread.
    """
    contract = identity.contract
    if contract is None:
        return Form(identity, empty_rows(None), empty_rows(None))
    findings: list[Finding] = _check_template(identity, contract)
    if document.has_macros:
        findings.append(Finding("macros", "notice"))
    lines = lines_of(document)
    bodies: list[Body] = []
    headings: dict[str, Heading] = {}
    unread = identity.other_sheets.union(
        sheet.name for sheet in document.sheets if is_unread(sheet.name)
    )
    for sheet in document.sheets:
        heading = find_heading(sheet, contract) if sheet.name not in unread else None
        if heading is None:
            continue
        headings[sheet.name] = heading
        bodies.append(read_body(sheet, heading, contract))
        findings += _check_heading(sheet, heading, contract)
    findings += _report_unread(document, headings.keys(), unread)
    rows = pl.concat([body.rows for body in bodies]) if bodies else empty_rows(contract)
    is_nil = any(body.says_nil for body in bodies) or _says_nil(lines, headings)
    findings += [finding for body in bodies for finding in body.findings]
    findings += _check_rows(contract, rows, is_nil, has_heading=bool(bodies))
    units, found = _find_money_units(find_money_units(lines, contract), contract, codes, headings)
    returned = read_list(document)
    answers = returned.answers if returned else ()
    return Form(
        identity=identity,
        rows=rows,
        totals=pl.concat([body.totals for body in bodies]) if bodies else empty_rows(contract),
        columns_at={
            name: {column: place for place, column in heading.columns.items()}
            for name, heading in headings.items()
        },
        money_units=units,
        is_nil=is_nil,
        explanations=_read_explanations(document),
        answers=tuple(answer for answer in answers if answer.rule_id),
        ancestor_id=returned.ancestor.submission_id if returned else None,
        findings=(*findings, *found, *_check_answers(answers)),
    )


def _check_template(identity: Identity, contract: Contract) -> list[Finding]:
    version = identity.template_version
    if version is None or version == contract.version:
        return []
    return [Finding("old_template", "notice", value=str(version), expected=str(contract.version))]


def _check_heading(sheet: Sheet, heading: Heading, contract: Contract) -> list[Finding]:
    """Unknown and repeated headings, required columns that are missing, and what is hidden.

    A column whose heading is merely misspelt is one fault, not two.
    """
    findings = []
    found = set(heading.columns.values())
    absent = [column for column in contract.column if column.name not in found]
    meant = match_misspelt(heading.unknown, absent)
    expected = "、".join(column.heading for column in contract.column)
    for rule, places in (
        ("unknown_heading", heading.unknown),
        ("duplicate_heading", heading.repeated),
    ):
        for place, text in places.items():
            row = heading.rows[place]
            cell = cell_address(row, place)
            name, shown = None, expected
            if place in meant and rule == "unknown_heading":
                name, shown = meant[place].name, meant[place].heading
            findings.append(Finding(rule, "must_fix", sheet.name, row, cell, name, text, shown))
    first = min(heading.columns, default=0)
    row = heading.rows.get(first, heading.last_row)
    cell = cell_address(row, first)
    findings += [
        Finding(
            "missing_column", "must_fix", sheet.name, row, cell, column.name, None, column.heading
        )
        for column in absent
        if column.required and column not in meant.values()
    ]
    for place in sorted(sheet.hidden_columns & heading.columns.keys()):
        cell = cell_address(heading.rows[place], place)
        name = heading.columns[place]
        findings.append(Finding("hidden_column", "notice", sheet.name, None, cell, name))
    if sheet.is_hidden:
        findings.append(Finding("hidden_sheet", "notice", sheet.name, value=sheet.name))
    return findings


def _says_nil(lines: Sequence[Line], headings: dict[str, Heading]) -> bool:
    """Whether a line above the table says 零报告, or any line of a sheet without a table."""
    for line in lines:
        heading = headings.get(line.sheet)
        if heading and line.source_row > heading.last_row:
            continue
        texts = [text for _, text in line.cells]
        if answer_nil(texts) or any(map(titles_nil, texts)):
            return True
    return False


def _check_rows(
    contract: Contract, rows: pl.DataFrame, is_nil: bool, *, has_heading: bool
) -> list[Finding]:
    if is_nil and not rows.is_empty():
        return [Finding("nil_report_with_rows", "must_fix", value=str(rows.height))]
    if is_nil and not contract.nil_report:
        return [Finding("nil_report_not_allowed", "must_fix")]
    if is_nil:
        return []
    if not has_heading:
        return [
            Finding("missing_column", "must_fix", column_name=column.name, expected=column.heading)
            for column in contract.column
            if column.required
        ]
    return [Finding("no_rows", "must_fix")] if rows.is_empty() else []


def _find_money_units(
    said: Sequence[Said], contract: Contract, codes: Codes, headings: dict[str, Heading]
) -> tuple[dict[str, str], list[Finding]]:
    """The unit of money of each money column, and what is wrong with the unit lines.

    A heading's own unit comes first, then the unit line, then what the contract says. A unit that
    is none of money (单位：件) is fine where no money column hangs on it.
    """
    money = [column for column in contract.column if column.type == "money"]
    if not money:
        return {}, []
    written: dict[str, str] = {}
    findings: list[Finding] = []
    for heading in headings.values():
        written |= heading.money_units
    known = {unit.name for unit in codes.units_of_measure if unit.base == "元"}
    read = [(item, _read_unit(item.text, known)) for item in said]
    units = [(item, unit) for item, unit in read if unit]
    fixed = {column.name: unit for column in money if (unit := own_unit(column.heading))}
    is_open = any(column.name not in written | fixed for column in money)
    if read and not units and is_open:
        findings = [item.dispute("unknown_money_unit", contract.money_unit) for item, _ in read]
    if units and any(column.name not in written for column in money):
        line_unit = units[0][1]
        findings = [
            item.dispute("sheet_disagrees", line_unit) for item, unit in units if unit != line_unit
        ]
        return {column.name: written.get(column.name, line_unit) for column in money}, findings
    default = {column.name: contract.money_unit for column in money}
    return default | fixed | written, findings


def _read_unit(text: str, known: set[str]) -> str | None:
    """The one unit of money among the units a line names: 万元, 人民币万元, 万元、件."""
    named = {part.removeprefix("人民币") for part in re.split(r"[、,/;\s]+", text)} & known
    return named.pop() if len(named) == 1 else None


def own_unit(heading: str) -> str | None:
    """The unit a contract's own heading fixes, such as 品牌价值(亿元)."""
    return next((unit for unit in ("亿元", "万元", "千元", "元") if f"({unit})" in heading), None)


def _report_unread(
    document: Document, read: Collection[str], unread: frozenset[str]
) -> list[Finding]:
    return [
        Finding("unread_sheet", "notice", sheet.name, value=sheet.name)
        for sheet in document.sheets
        if sheet.name not in {*read, *unread} and not sheet.cells.is_empty() and read
    ]


def _check_answers(answers: Sequence[Answer]) -> list[Finding]:
    """Answers in the list of a returned workbook that cannot be taken as they stand."""
    findings = []
    for answer in answers:
        if not answer.rule_id:
            findings.append(
                Finding("answer_without_finding", "notice", LIST_SHEET, value=answer.text)
            )
        if answer.is_cut:
            shown = answer.text[:40]
            findings.append(Finding("answer_too_long", "notice", LIST_SHEET, value=shown))
        if answer.problem:
            findings.append(Finding("unreadable_day", "notice", LIST_SHEET, value=answer.problem))
    return findings


def _read_explanations(document: Document) -> tuple[tuple[str, str], ...]:
    """Entries of the 说明 sheet: first what is explained (a rule, heading or cell), then why."""
    entries: list[tuple[str, str]] = []
    for sheet in document.sheets:
        if fold_name(sheet.name) != EXPLANATION_SHEET:
            continue
        for row in sheet.cells.iter_rows():
            texts = [text.strip() for text in row[1:] if text]
            if len(texts) > 1:
                entries.append((texts[0], texts[-1]))
    return tuple(entries)
