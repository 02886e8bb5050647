"""Reads what stands under one sheet's heading: rows of data, 合计 rows, 零报告, and the rest."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from warehouse.contracts.model import Contract
from warehouse.findings import Finding
from warehouse.read.form import EXPLANATION
from warehouse.read.headings import Heading, explaining_columns
from warehouse.read.identify import MARK_WORD
from warehouse.read.nil import answer_nil, holds_more
from warehouse.read.sheet import Sheet, cell_address, split_address

_TOTALS = ("合计", "总计", "共计", "全市合计")
SUBTOTALS = ("小计",)
FOOTERS = (
    *("单位负责人", "统计负责人", "分管负责人", "负责人", "填表人", "填报人", "制表人", "经办人"),
    *("统计员", "审核人", "复核人", "联系电话", "联系方式", "联系人", "分机号", "报出日期"),
    *("填报日期", "制表日期", "说明", "备注", "注", "资料来源", "数据来源", MARK_WORD),
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
LEAD_COLUMNS = 3
"""How many columns from the left may hold the word that makes a row a 合计."""
_UNMARKED = 2
"""How many columns of a 甲乙丙123 row may be left without a mark."""


@dataclass(frozen=True)
class Body:
    """What stands under one sheet's heading, split by kind."""

    rows: pl.DataFrame
    totals: pl.DataFrame
    findings: list[Finding]
    says_nil: bool


def read_body(sheet: Sheet, heading: Heading, contract: Contract) -> Body:
    """Splits the rows below a heading and names their columns."""
    names = [name for name in sheet.cells.columns if name != "source_row"]
    below = sheet.cells.filter(pl.col("source_row") > heading.last_row)
    below = _drop_column_numbers(below, heading)
    marks = _mark_rows(below, names, heading, contract)
    filled = below.select(
        pl.sum_horizontal([pl.col(f"c{place}").is_not_null() for place in heading.columns])
    ).to_series()
    # A lone text below the first footer line is a footnote; a row with more is data, and is judged.
    is_note = marks["is_footer"] | (marks["is_footer"].cum_max() & (filled <= 1))
    answers = _answer_nil(below.filter(marks["may_be_nil"]))
    is_nil = below["source_row"].is_in(list(answers))
    data = below.filter(~(marks["is_total"] | marks["is_subtotal"] | is_note | is_nil))
    totals = _blank_words(below.filter(marks["is_total"]), total_words(contract))
    findings = _find_strays(sheet, heading, data)
    findings += _find_broken_cells(sheet, heading, pl.concat([data, totals]))
    findings += _find_hidden_rows(sheet, heading, data)
    return Body(
        rows=_name_columns(data, sheet, heading, contract),
        totals=_name_columns(totals, sheet, heading, contract),
        findings=findings,
        says_nil=any(answers.values()),
    )


def _mark_rows(
    below: pl.DataFrame, names: list[str], heading: Heading, contract: Contract
) -> pl.DataFrame:
    """Says of each row whether it looks like a 合计, a 小计, a footer line or a 零报告."""
    start = min(heading.rows)
    lead = [f"c{place}" for place in range(start, start + LEAD_COLUMNS) if f"c{place}" in names]
    words = "|".join(map(_space_out, FOOTERS))
    footer = rf"^\s*(?:{words})\s*(?:[(（][^()（）]{{1,8}}[)）]\s*)?[:：]"
    return below.select(
        is_total=_is_any_of(lead, total_words(contract)),
        is_subtotal=_is_any_of(lead, SUBTOTALS),
        is_footer=pl.coalesce(names).str.contains(footer),
        may_be_nil=pl.any_horizontal(
            [pl.col(name).str.contains(_space_out("零报告")) for name in lead]
        ),
    ).with_columns(pl.all().fill_null(value=False))


def total_words(contract: Contract) -> list[str]:
    """The words that make a row a 合计; 全市 is one only where no row may speak of the city."""
    has_city_rows = any(column.blank_means for column in contract.column)
    return [*_TOTALS, *(() if has_city_rows else ("全市",))]


def _blank_words(totals: pl.DataFrame, words: Iterable[str]) -> pl.DataFrame:
    """Blanks the word 合计 itself: it may stand over 序号, which is a column of numbers."""
    if totals.is_empty():
        return totals
    names = totals.columns[1:]
    return totals.with_columns(
        pl.when(~pl.col(name).str.contains(_make_pattern(words))).then(pl.col(name))
        for name in names
    )


def _is_any_of(names: list[str], words: Iterable[str]) -> pl.Expr:
    """Whether one of the columns holds one of the words, blanks in it or around it left out."""
    pattern = _make_pattern(words)
    return pl.any_horizontal([pl.col(name).str.contains(pattern) for name in names])


def _make_pattern(words: Iterable[str]) -> str:
    return rf"^\s*(?:{'|'.join(map(_space_out, words))})\s*[:：]?\s*$"


def _space_out(word: str) -> str:
    return r"\s*".join(word)


def _answer_nil(below: pl.DataFrame) -> dict[int, bool]:
    """Of rows that hold the words 零报告: those that say so, or that it is none, by row number."""
    answers = {}
    for row, *cells in below.iter_rows():
        texts = [text for text in cells if text]
        answer = answer_nil(texts)
        if answer is not None and not holds_more(texts):
            answers[row] = answer
    return answers


def _drop_column_numbers(below: pl.DataFrame, heading: Heading) -> pl.DataFrame:
    """Drops the 甲 乙 丙 1 2 3 row under a heading; a row of small figures is none."""
    first = below.head(1)
    if first.is_empty() or first["source_row"][0] > heading.last_row + 2:
        return below
    marks = [unicodedata.normalize("NFKC", text).strip(" ()") for text in first.row(0)[1:] if text]
    columns = len(heading.rows)
    enough = max(min(columns, LEAD_COLUMNS), columns - _UNMARKED)
    return below.slice(1) if len(marks) >= enough and _count_up(marks) else below


def _count_up(marks: Sequence[str]) -> bool:
    """Whether all are column marks and count up: 甲 乙 丙, and 1 2 3.

    Without a stem they count from 1 and leave none out: a row of small figures is no such row. With
    one there may be gaps, where a clerk has deleted a column whole.
    """
    stems = [_STEMS.index(mark) for mark in marks if mark in _STEMS]
    numbers = [int(mark) for mark in marks if re.fullmatch(r"[1-9]\d?", mark)]
    return (
        len(stems) + len(numbers) == len(marks)
        and all(one < other for one, other in itertools.pairwise(stems))
        and all(one < other for one, other in itertools.pairwise(numbers))
        and (bool(stems) or numbers == list(range(1, len(numbers) + 1)))
    )


def _name_columns(
    data: pl.DataFrame, sheet: Sheet, heading: Heading, contract: Contract
) -> pl.DataFrame:
    """Puts the contract's columns in order; a column of its own headed 说明 explains as well."""
    place_of = {name: pl.col(f"c{place}") for place, name in heading.columns.items()}
    nothing = pl.lit(None, dtype=pl.String)
    explaining = [
        place_of[name] for name in (EXPLANATION, *explaining_columns(contract)) if name in place_of
    ]
    return data.select(
        pl.lit(sheet.name).alias("source_sheet"),
        pl.col("source_row"),
        *(place_of.get(column.name, nothing).alias(column.name) for column in contract.column),
        (pl.coalesce(explaining) if explaining else nothing).alias(EXPLANATION),
    )


def _find_strays(sheet: Sheet, heading: Heading, data: pl.DataFrame) -> list[Finding]:
    findings = []
    for name in data.columns[1:]:
        place = int(name[1:])
        if place in heading.rows:
            continue
        for row, value in data.filter(pl.col(name).is_not_null())["source_row", name].iter_rows():
            cell = cell_address(row, place)
            findings.append(Finding("stray_value", "must_fix", sheet.name, row, cell, None, value))
    return findings


def _find_broken_cells(sheet: Sheet, heading: Heading, rows: pl.DataFrame) -> list[Finding]:
    """Formulas without a value and error values, in the form's own columns."""
    if not sheet.uncalculated and not sheet.errors:
        return []
    place_of = {row: place for place, row in enumerate(rows["source_row"])}
    findings = []
    for address in sorted(sheet.uncalculated | sheet.errors):
        row, place = split_address(address)
        name = heading.columns.get(place)
        if name is None or row not in place_of:
            continue
        if address in sheet.uncalculated:
            rule, value = "uncalculated_formula", None
        else:
            rule, value = "error_value", rows[place_of[row], f"c{place}"]
        findings.append(Finding(rule, "must_fix", sheet.name, row, address, name, value))
    return findings


def _find_hidden_rows(sheet: Sheet, heading: Heading, data: pl.DataFrame) -> list[Finding]:
    if not sheet.hidden_rows:
        return []
    first = min(heading.columns, default=0)
    return [
        Finding("hidden_row", "notice", sheet.name, row, cell_address(row, first), None, str(row))
        for row in sorted(sheet.hidden_rows & set(data["source_row"]))
    ]
