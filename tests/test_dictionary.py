"""The data dictionary: complete, true to its sources, and never stale."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from warehouse.build.marts import describe_columns
from warehouse.contracts.load import DEFAULT_EXPECTATIONS, load_expectations
from warehouse.dictionary import build_dictionary, render_markdown, write_dictionary
from warehouse.sql_files import SqlFile, SqlFileError, load_sql

EXPECTATIONS = load_expectations()
MARTS = load_sql("mart")
PAGE = Path(__file__).parents[1] / "docs" / "dictionary.md"
RENDERED = render_markdown(build_dictionary(EXPECTATIONS, MARTS, load_sql("macro")))

UNITS_MART = SqlFile(
    "mart",
    "units",
    """-- A row is a period | and a unit.
select
    listed.period::varchar as period, -- 报告期: reporting period
    listed.share::decimal(9, 2) as share_pct, -- 占比: share (%, stock)
    count(*)::bigint as unit_count -- 单位数: units (in all) (家, flow, additive)
from included.standards as listed
""",
)
ON_IT = SqlFile(
    "mart",
    "on_it",
    "-- A row is a unit.\nselect a.b::bigint as b -- 乙: second\nfrom mart.units as a\n",
)
EVERY = SqlFile(
    "mart",
    "every",
    "-- A row is a figure.\nselect a.b::bigint as b -- 乙: second\n"
    "from mart.figure as a inner join included.indicators as c on a.b = c.b\n",
)
LEDGER = SqlFile(
    "mart",
    "ledger",
    "-- A row is an entry.\nselect a.b::bigint as b -- 乙: second\nfrom ledger.release as a\n",
)


def section(page: str, heading: str) -> str:
    """The text below a heading, up to the next one of its kind."""
    return page.split(f"{heading}", 1)[1].split("\n### ", 1)[0]


def test_the_page_in_docs_is_what_the_contracts_and_marts_say_today() -> None:
    assert PAGE.exists(), "docs/dictionary.md is not there: run `make dictionary`"
    kept = PAGE.read_text(encoding="utf-8")
    assert kept == RENDERED, "docs/dictionary.md is out of date: run `make dictionary`"


def test_writing_the_page_twice_gives_the_same_page(tmp_path: Path) -> None:
    write_dictionary(tmp_path / "dictionary.md")
    assert (tmp_path / "dictionary.md").read_text(encoding="utf-8") == RENDERED


@pytest.mark.parametrize("name", list(MARTS))
def test_every_column_of_a_mart_has_its_chinese_english_type_and_unit(name: str) -> None:
    text = section(RENDERED, f"### `mart.{name}`")
    assert MARTS[name].header.split("|")[0] in text
    for column in describe_columns(MARTS[name]):
        (line,) = (row for row in text.splitlines() if row.startswith(f"| `{column.name}` |"))
        assert column.title in line
        assert re.search(r"\| `[a-z]+(\(\d+, \d+\))?` \|", line), "a column without a type"
        if column.unit:
            assert f"| {column.unit} |" in line


@pytest.mark.parametrize("dataset", list(EXPECTATIONS.contracts))
def test_every_column_and_rule_of_a_form_is_there(dataset: str) -> None:
    contract = EXPECTATIONS.contracts[dataset]
    text = section(RENDERED, f"### {contract.title.zh} `{dataset}` {contract.title.en}")
    for needed in (contract.each_row_is.zh, contract.each_row_is.en):
        assert needed in text
    for column in contract.column:
        assert column.heading in text
        assert f"| `{column.name}` |" in text
        assert column.description.zh in text
        assert all(code in text for code in column.codes)
    for rule in contract.rule:
        (line,) = (row for row in text.splitlines() if row.startswith(f"| `{rule.id}` |"))
        assert rule.sentence.zh in line
        assert rule.remedy.en in line
    assert "遇节假日顺延" in text
    assert "or the next working day" in text


def test_every_code_and_every_common_rule_is_there() -> None:
    codes = EXPECTATIONS.codes
    named = [
        *(unit.code for unit in codes.reporting_units),
        *(reporter.code for reporter in codes.reporters),
        *(indicator.code for indicator in codes.indicators),
        *codes.common_rules,
    ]
    assert [code for code in named if f"| `{code}` |" not in RENDERED] == []


def test_every_table_has_as_many_cells_in_a_row_as_in_its_heading() -> None:
    width = 0
    for line in RENDERED.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert cells == (width or cells), line
        width = cells


def test_a_measure_tells_unit_kind_and_whether_it_adds_up() -> None:
    (mart,) = build_dictionary(EXPECTATIONS, {"units": UNITS_MART}).marts
    period, share, count = mart.columns
    assert (period.unit, period.measure_kind, period.type) == (None, None, "varchar")
    assert (share.unit, share.measure_kind, share.is_additive) == ("%", "stock", False)
    assert share.type == "decimal(9, 2)"
    assert (count.unit, count.measure_kind, count.is_additive) == ("家", "flow", True)
    assert count.meaning == "units (in all)"


def test_a_mart_names_the_forms_its_figures_come_from_through_other_marts_too() -> None:
    models = {"units": UNITS_MART, "on_it": ON_IT, "every": EVERY, "ledger": LEDGER}
    marts = {mart.table: mart for mart in build_dictionary(EXPECTATIONS, models).marts}
    assert marts["mart.units"].datasets == ("standards",)
    assert marts["mart.on_it"].datasets == ("standards",)
    assert set(marts["mart.every"].datasets) == {"indicators", "standards"}
    assert marts["mart.ledger"].datasets == ()


def test_a_bar_or_a_tag_in_a_text_does_not_break_the_page() -> None:
    marked = replace(UNITS_MART, text=UNITS_MART.text.replace("reporting period", "a | <b>"))
    page = render_markdown(build_dictionary(EXPECTATIONS, {"units": marked}))
    assert "a \\| &lt;b>" in page


def test_a_mart_column_without_its_comment_is_refused() -> None:
    bare = replace(ON_IT, text=ON_IT.text.replace(" -- 乙: second", ""))
    with pytest.raises(SqlFileError, match="b needs"):
        build_dictionary(EXPECTATIONS, {"on_it": bare})


def test_a_dataset_of_ones_own_is_in_the_dictionary_too(tmp_path: Path) -> None:
    text = (DEFAULT_EXPECTATIONS / "standards.toml").read_text(encoding="utf-8")
    own = text.replace("标准制修订情况", "标准样品情况").replace("企业标准样品情况表", "样品表")
    (tmp_path / "samples.toml").write_text(own, encoding="utf-8")
    page = render_markdown(build_dictionary(load_expectations(extra=tmp_path), MARTS))
    assert "### 标准样品情况表 `samples`" in page
