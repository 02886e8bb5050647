"""Writes the dictionary as Markdown: Chinese first, English beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from warehouse.contracts.codes import Codes
from warehouse.contracts.dated import Dated
from warehouse.contracts.load import load_expectations
from warehouse.contracts.model import Column, CommonRule, Contract, Deadline, Rule, Text
from warehouse.dictionary.entries import Dictionary, MartColumnEntry, MartEntry, build_dictionary
from warehouse.dictionary.words import (
    CONTENTS,
    FORM_KINDS,
    GROUPS,
    KINDS,
    PERIODS,
    SEVERITIES,
    TYPES,
)
from warehouse.sql_files import load_sql

_OPENING = """\
# 数据字典 Data dictionary

本页由 `make dictionary` 从 `expectations/` 和 `sql/` 生成，请勿手改。
This page is made by `make dictionary` from `expectations/` and `sql/`; do not edit it.
"""

_AFTER_LOCK = "此后的改动记为修订 / Later changes are revisions."
_PLACEHOLDERS = """\
规则的句子里，{column} 是列名，{value} 是读到的值，{expected} 是应有的值。
In a rule's sentence {column} is the heading, {value} what was read, {expected} what was expected.
"""


def write_dictionary(path: Path) -> None:
    """Writes the dictionary of the project's own contracts and marts."""
    dictionary = build_dictionary(load_expectations(), load_sql("mart"), load_sql("macro"))
    path.write_text(render_markdown(dictionary), encoding="utf-8")


def render_markdown(dictionary: Dictionary) -> str:
    """The whole dictionary as one page."""
    contracts = dictionary.expectations.contracts
    codes = dictionary.expectations.codes
    parts = [
        _OPENING,
        "## 已发布的数据 Published marts",
        _table(
            ("表 Table", "一行是 A row is", "来源报表 From the forms"),
            (
                (f"`{mart.table}`", mart.row_is, _name_forms(mart, contracts))
                for mart in dictionary.marts
            ),
        ),
        *(_render_mart(mart, contracts) for mart in dictionary.marts),
        *_render_macros(dictionary),
        "## 报表 Forms",
        _PLACEHOLDERS,
        *(_render_contract(contract, dictionary) for contract in contracts.values()),
        "## 每张报表都适用的规则 Rules of every form",
        _render_rules(codes.common_rules.items()),
        _render_codes(codes),
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _render_mart(mart: MartEntry, contracts: dict[str, Contract]) -> str:
    columns = _table(
        (
            "列 Column", "名称", "Meaning", "类型 Type", "单位 Unit", "时点或时期 Kind",
            "可按统计单元相加 Additive",
        ),
        (_list_mart_column(column) for column in mart.columns),
    )  # fmt: skip
    forms = _name_forms(mart, contracts)
    return f"### `{mart.table}`\n\n{mart.row_is}\n\n来源报表 From the forms: {forms}\n\n{columns}"


def _render_macros(dictionary: Dictionary) -> list[str]:
    """The table macros, called like tables: `from mart.series_as_of(date '2020-10-27')`."""
    if not dictionary.macros:
        return []
    rows = [(f"`{macro.call}`", macro.comment) for macro in dictionary.macros]
    table = _table(("写法 Call", "一行是 A row is"), rows)
    return ["## 表宏 Table macros", table]


def _list_mart_column(column: MartColumnEntry) -> tuple[str, ...]:
    return (
        f"`{column.name}`",
        column.title,
        column.meaning,
        f"`{column.type}`",
        column.unit or "",
        KINDS[column.measure_kind] if column.measure_kind else "",
        _yes_or_no(column.is_additive) if column.measure_kind else "",
    )


def _name_forms(mart: MartEntry, contracts: dict[str, Contract]) -> str:
    named = [f"{contracts[name].title.zh} `{name}`" for name in mart.datasets]
    return "、".join(named) or "台账 the ledger"


def _render_contract(contract: Contract, dictionary: Dictionary) -> str:
    key = "、".join(f"{contract.columns[name].heading} `{name}`" for name in contract.key)
    facts = [
        ("一行是 Each row is", _both(contract.each_row_is)),
        ("种类 Kind", f"{FORM_KINDS[contract.kind]}；{CONTENTS[contract.content]}"),
        ("唯一标识 Key", key),
        ("填报 Owed by", _list_owers(contract, dictionary.expectations.codes)),
        ("报送 Period", f"{PERIODS[contract.period_type]}，自 from {contract.owed_from}"),
        ("截止 Due", _say_deadline(contract.due)),
        ("锁定 Locked", f"{_say_deadline(contract.lock)}。{_AFTER_LOCK}"),
        ("发布于 Published in", _name_marts(contract.dataset, dictionary)),
    ]
    if contract.nil_report:
        facts.append(("零报告 Nil report", "没有可报的也要报 owed even where there is nothing"))
    columns = _table(
        (
            "列名 Heading", "列 Column", "类型 Type", "必填 Required", "代码 Codes", "单位 Unit",
            "说明", "Description",
        ),
        (_list_column(column, contract) for column in contract.column),
    )  # fmt: skip
    return "\n\n".join(
        [
            f"### {contract.title.zh} `{contract.dataset}` {contract.title.en}",
            "\n".join(f"- {name}: {value}" for name, value in facts),
            columns,
            _render_rules((rule.id, rule) for rule in contract.rule),
        ]
    )


def _name_marts(dataset: str, dictionary: Dictionary) -> str:
    return "、".join(f"`{mart.table}`" for mart in dictionary.marts if dataset in mart.datasets)


def _list_column(column: Column, contract: Contract) -> tuple[str, ...]:
    unit = contract.money_unit if column.type == "money" else None
    return (
        "、".join((column.heading, *column.spellings)),
        f"`{column.name}`",
        TYPES[column.type],
        _yes_or_no(column.required),
        "、".join(column.codes),
        column.unit or unit or ("%" if column.type == "percent" else ""),
        column.description.zh,
        column.description.en,
    )


def _list_owers(contract: Contract, codes: Codes) -> str:
    earlier = (
        f"；{entry.until} 及以前 up to it: {_name_owers(entry.owed_by, codes)}"
        for entry in contract.owed_before
    )
    return _name_owers(contract.owed_by, codes) + "".join(earlier)


def _name_owers(owed_by: Iterable[str], codes: Codes) -> str:
    names = {reporter.code: reporter.name for reporter in codes.reporters}
    return "、".join(
        GROUPS[entry] if entry in GROUPS else f"{names[entry]} `{entry}`" for entry in owed_by
    )


def _say_deadline(deadline: Deadline) -> str:
    months, day = deadline.months_after, deadline.day
    zh = f"报告期结束后第 {months} 个月 {day} 日" if months else f"报告期最后一个月 {day} 日"
    en = (
        f"day {day} of month {months} after the period"
        if months
        else f"day {day} of its last month"
    )
    return f"{zh}，遇节假日顺延到下一个工作日 / {en}, or the next working day"


def _render_rules(rules: Iterable[tuple[str, Rule | CommonRule]]) -> str:
    return _table(
        ("规则 Rule", "级别 Severity", "句子", "Sentence", "怎么办", "Remedy"),
        (
            (
                f"`{name}`", SEVERITIES[rule.severity], rule.sentence.zh, rule.sentence.en,
                rule.remedy.zh, rule.remedy.en,
            )
            for name, rule in rules
        ),
    )  # fmt: skip


def _render_codes(codes: Codes) -> str:
    units = _table(
        ("代码 Code", "名称", "Name", "有效期 Valid", "也写作 Also written"),
        (
            (
                f"`{unit.code}`", unit.name, unit.name_en, _say_validity(unit),
                "、".join(unit.spellings),
            )
            for unit in codes.reporting_units
        ),
    )  # fmt: skip
    reporters = _table(
        ("代码 Code", "名称", "Name", "也写作 Also written"),
        (
            (f"`{item.code}`", item.name, item.name_en, "、".join(item.spellings))
            for item in codes.reporters
        ),
    )
    measures = _table(
        ("单位 Unit", "发布单位 Published in", "换算 Factor"),
        ((unit.name, unit.base, f"{unit.factor}") for unit in codes.units_of_measure),
    )
    return "\n\n".join(
        [
            "## 代码表 Code lists",
            "### 统计单元 Reporting units", units,
            "### 填报单位 Reporters", reporters,
            "### 计量单位 Units of measure", measures,
            "### 指标 Indicators", _render_indicators(codes),
        ]
    )  # fmt: skip


def _say_validity(entry: Dated) -> str:
    if entry.valid_from is None and entry.valid_until is None:
        return ""
    return f"{entry.valid_from or ''} ~ {entry.valid_until or ''}".strip()


def _render_indicators(codes: Codes) -> str:
    names = {reporter.code: reporter.name for reporter in codes.reporters}
    rows = []
    for item in codes.indicators:
        counted = ""
        if item.counted:
            where = "，".join(f"{name}={value}" for name, value in item.counted.where.items())
            counted = f"`mart.{item.counted.mart}.{item.counted.measure}` {where}".strip()
        rows.append(
            (
                f"`{item.code}`", item.name.zh, item.name.en, item.unit,
                names.get(item.department, item.department), KINDS[item.measure_kind],
                _yes_or_no(item.is_additive), counted,
            )
        )  # fmt: skip
    heading = (
        "代码 Code", "名称", "Name", "单位 Unit", "报送部门 Reported by", "时点或时期 Kind",
        "可按统计单元相加 Additive", "由名录计数 Counted as",
    )  # fmt: skip
    return _table(heading, rows)


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"


def _yes_or_no(answer: bool) -> str:
    return "是 yes" if answer else "否 no"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *([_escape(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escape(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
