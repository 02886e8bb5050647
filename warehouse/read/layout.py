"""Reads an identified document into a form: its data rows, totals, notes and explanations."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from warehouse.contracts.codes import Codes, fold_name
from warehouse.contracts.model import Contract
from warehouse.findings import Finding
from warehouse.read.form import EXPLANATION, Form, Identity, empty_rows
from warehouse.read.headings import Heading, find_heading
from warehouse.read.identify import MARK_WORD, find_money_unit, lines_of
from warehouse.read.sheet import Document, Sheet, cell_address

EXPLANATION_SHEET = "说明"
UNREAD_SHEETS = frozenset({EXPLANATION_SHEET, "资料来源", "填报说明", "自查", "问题清单", "选项"})
_TOTALS = ("合计", "总计", "全市合计")
_SUBTOTALS = ("小计",)
_FOOTERS = (
    r"^\s*(单位负责人|统计负责人|分管负责人|负责人|填表人|审核人|联系电话|联系方式|分机号|报出日期|填报日期|说明"
    r"|备注|注|资料来源|数据来源|" + MARK_WORD + r")\s*[:：]"
)
_NIL = r"零\s*报\s*告(?!\s*[:：]?\s*(否|无|不))"
_COLUMN_NUMBER = r"^\s*([甲乙丙丁戊己庚辛]|\(?\d{1,2}\)?)\s*$"


@dataclass(frozen=True)
class Body:
    """What stands under one sheet's heading, split by kind."""

    rows: pl.DataFrame
    totals: pl.DataFrame
    findings: list[Finding]
    says_nil: bool


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
    bodies: list[Body] = []
    columns_at: dict[str, dict[str, int]] = {}
    money_units: dict[str, str] = {}
    for sheet in document.sheets:
        heading = find_heading(sheet, contract) if sheet.name not in UNREAD_SHEETS else None
        if heading is None:
            continue
        columns_at[sheet.name] = {name: place for place, name in heading.columns.items()}
        money_units |= heading.money_units
        bodies.append(_read_body(sheet, heading, contract))
        findings += _check_heading(sheet, heading, contract)
    findings += _report_unread(document, columns_at)
    rows = pl.concat([body.rows for body in bodies]) if bodies else empty_rows(contract)
    is_nil = _says_nil(document, bodies)
    findings += [finding for body in bodies for finding in body.findings]
    findings += _check_rows(contract, rows, is_nil, has_heading=bool(bodies))
    unit_findings, default_unit = _check_money_unit(document, contract, codes, money_units)
    return Form(
        identity=identity,
        rows=rows,
        totals=pl.concat([body.totals for body in bodies]) if bodies else empty_rows(contract),
        columns_at=columns_at,
        money_units={
            column.name: money_units.get(column.name) or _own_unit(column.heading) or default_unit
            for column in contract.column
            if column.type == "money"
        },
        is_nil=is_nil,
        explanations=_read_explanations(document),
        findings=tuple(findings + unit_findings),
    )


def _own_unit(heading: str) -> str | None:
    """The unit a contract's own heading fixes, such as 品牌价值(亿元)."""
    return next((unit for unit in ("亿元", "万元", "千元") if f"({unit})" in heading), None)


def _check_template(identity: Identity, contract: Contract) -> list[Finding]:
    version = identity.template_version
    if version is None or version == contract.version:
        return []
    return [Finding("old_template", "notice", value=str(version), expected=str(contract.version))]


def _check_heading(sheet: Sheet, heading: Heading, contract: Contract) -> list[Finding]:
    findings = []
    expected = "、".join(column.heading for column in contract.column)
    for rule, places in (
        ("unknown_heading", heading.unknown),
        ("duplicate_heading", heading.repeated),
    ):
        for place, text in places.items():
            cell = cell_address(heading.last_row, place)
            findings.append(
                Finding(rule, "must_fix", sheet.name, heading.last_row, cell, None, text, expected)
            )
    found = set(heading.columns.values())
    first_cell = cell_address(heading.last_row, min(heading.columns, default=0))
    for column in contract.column:
        if column.required and column.name not in found:
            findings.append(
                Finding(
                    "missing_column", "must_fix", sheet.name, heading.last_row, first_cell,
                    column.name, None, column.heading,
                )
            )  # fmt: skip
    for place in sorted(sheet.hidden_columns & heading.columns.keys()):
        cell = cell_address(heading.last_row, place)
        name = heading.columns[place]
        findings.append(Finding("hidden_column", "notice", sheet.name, None, cell, name))
    return findings


def _read_body(sheet: Sheet, heading: Heading, contract: Contract) -> Body:
    names = [name for name in sheet.cells.columns if name != "source_row"]
    below = sheet.cells.filter(pl.col("source_row") > heading.last_row)
    below = _drop_column_numbers(below, heading.last_row, names)
    placed = [f"c{place}" for place in heading.columns]
    first = pl.coalesce([pl.col(name) for name in names])
    folded = pl.coalesce([pl.col(name).str.replace_all(r"\s", "") for name in names])
    second = pl.concat_list([pl.col(name).str.replace_all(r"\s", "") for name in names[:3]])
    filled = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int32) for name in placed])
    total_words = [*_TOTALS, *(["全市"] if not _has_city_rows(contract) else [])]
    is_total = pl.any_horizontal(
        [second.list.contains(word) for word in total_words]
    ) & folded.is_not_null()
    is_subtotal = pl.any_horizontal([second.list.contains(word) for word in _SUBTOTALS])
    is_footer = first.str.contains(_FOOTERS)
    marked = below.with_columns(
        is_total=is_total.fill_null(value=False),
        is_subtotal=is_subtotal.fill_null(value=False),
        is_footer=is_footer.fill_null(value=False),
        filled=filled,
        is_nil=first.str.contains(r"^\s*(本期|本季度)?\s*" + r"零\s*报\s*告").fill_null(value=False),
    ).with_columns(after_footer=pl.col("is_footer").cum_max())
    # A lone text below the first footer line is a footnote; a row with more is data, and is judged.
    is_note = pl.col("is_footer") | pl.col("is_nil") | (
        pl.col("after_footer") & (pl.col("filled") <= 1)
    )
    is_data = ~(pl.col("is_total") | pl.col("is_subtotal") | is_note)
    data = marked.filter(is_data)
    findings = _find_strays(sheet, heading, data, names)
    findings += _find_broken_cells(sheet, heading, data)
    return Body(
        rows=_name_columns(data, sheet, heading, contract),
        totals=_name_columns(marked.filter("is_total"), sheet, heading, contract),
        findings=findings,
        says_nil=bool(marked["is_nil"].any()),
    )


def _has_city_rows(contract: Contract) -> bool:
    return any(column.blank_means for column in contract.column)


def _drop_column_numbers(below: pl.DataFrame, last_row: int, names: list[str]) -> pl.DataFrame:
    """Drops the 甲 乙 丙 1 2 3 row under a heading: each filled cell is one such mark."""
    first = below.head(1)
    if first.is_empty() or first["source_row"][0] > last_row + 1:
        return below
    filled = [text for text in first.row(0)[1:] if text is not None]
    marks = pl.Series(filled, dtype=pl.String)
    looks = marks.str.contains(_COLUMN_NUMBER)
    enough = 3
    if len(filled) >= min(enough, len(names)) and looks.all() and _is_run(filled):
        return below.slice(1)
    return below


def _is_run(marks: list[str]) -> bool:
    """Whether the marks count up: 甲乙丙…, then 1 2 3 …; a row of figures seldom does."""
    numbers = [int(mark.strip(" ()")) for mark in marks if mark.strip(" ()").isdigit()]
    return all(after == before + 1 for before, after in zip(numbers, numbers[1:], strict=False))


def _name_columns(
    data: pl.DataFrame, sheet: Sheet, heading: Heading, contract: Contract
) -> pl.DataFrame:
    place_of = {name: f"c{place}" for place, name in heading.columns.items()}
    wanted = [*(column.name for column in contract.column), EXPLANATION]
    return data.select(
        pl.lit(sheet.name).alias("source_sheet"),
        pl.col("source_row"),
        *(
            pl.col(place_of[name]).alias(name)
            if name in place_of
            else pl.lit(None, dtype=pl.String).alias(name)
            for name in wanted
        ),
    )


def _find_strays(
    sheet: Sheet, heading: Heading, data: pl.DataFrame, names: list[str]
) -> list[Finding]:
    known = {f"c{place}" for place in (*heading.columns, *heading.unknown, *heading.repeated)}
    findings = []
    for name in names:
        place = int(name[1:])
        if name in known or _is_ignored(sheet, heading, place):
            continue
        for row, value in data.filter(pl.col(name).is_not_null())["source_row", name].iter_rows():
            cell = cell_address(row, place)
            findings.append(Finding("stray_value", "must_fix", sheet.name, row, cell, None, value))
    return findings


def _is_ignored(sheet: Sheet, heading: Heading, place: int) -> bool:
    """A column such as 序号 has a heading that is ignored by name."""
    rows = sheet.cells.filter(
        pl.col("source_row").is_between(heading.first_row, heading.last_row)
        & pl.col(f"c{place}").is_not_null()
    )
    return not rows.is_empty()


def _find_broken_cells(sheet: Sheet, heading: Heading, data: pl.DataFrame) -> list[Finding]:
    """Formulas without a value and error values, in the data rows' own columns."""
    if not sheet.uncalculated and not sheet.errors and not sheet.hidden_rows:
        return []
    findings = []
    rows = data["source_row"].to_list()
    for place, name in heading.columns.items():
        for row in rows:
            cell = cell_address(row, place)
            if cell in sheet.uncalculated:
                findings.append(
                    Finding("uncalculated_formula", "must_fix", sheet.name, row, cell, name)
                )
            elif cell in sheet.errors:
                value = data.filter(pl.col("source_row") == row)[f"c{place}"][0]
                findings.append(
                    Finding("error_value", "must_fix", sheet.name, row, cell, name, value)
                )
    first = min(heading.columns, default=0)
    findings += [
        Finding("hidden_row", "notice", sheet.name, row, cell_address(row, first), None, str(row))
        for row in rows
        if row in sheet.hidden_rows
    ]
    return findings


def _says_nil(document: Document, bodies: list[Body]) -> bool:
    if any(body.says_nil for body in bodies):
        return True
    few = 40
    return any(
        sheet.cells.height <= few
        and bool(
            sheet.cells.select(
                pl.any_horizontal(pl.exclude("source_row").str.contains(r"零\s*报\s*告")).any()
            ).item()
        )
        for sheet in document.sheets
        if sheet.name not in UNREAD_SHEETS and sheet.cells.width > 1
    )


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


def _check_money_unit(
    document: Document, contract: Contract, codes: Codes, money_units: dict[str, str]
) -> tuple[list[Finding], str]:
    """The form's money unit; a unit line that is no money (单位：件) is fine where no money is."""
    money = [column for column in contract.column if column.type == "money"]
    written = find_money_unit(lines_of(document))
    known = {unit.name for unit in codes.units_of_measure if unit.base == "元"}
    if not money or written is None or written in known:
        return [], written if written in known else contract.money_unit
    if all(column.name in money_units or _own_unit(column.heading) for column in money):
        return [], contract.money_unit
    finding = Finding("unknown_money_unit", "must_fix", value=written, expected=contract.money_unit)
    return [finding], contract.money_unit


def _report_unread(document: Document, read: dict[str, dict[str, int]]) -> list[Finding]:
    return [
        Finding("unread_sheet", "notice", sheet.name, value=sheet.name)
        for sheet in document.sheets
        if sheet.name not in read
        and sheet.name not in UNREAD_SHEETS
        and not sheet.cells.is_empty()
        and read
    ]


def _read_explanations(document: Document) -> tuple[tuple[str, str], ...]:
    """Entries of the 说明 sheet: a first column that names a rule, column or cell, then the text."""
    entries: list[tuple[str, str]] = []
    for sheet in document.sheets:
        if fold_name(sheet.name) != EXPLANATION_SHEET:
            continue
        for row in sheet.cells.iter_rows():
            texts = [text.strip() for text in row[1:] if text]
            if len(texts) > 1:
                entries.append((texts[0], texts[-1]))
    return tuple(entries)
