"""The rows behind a figure make the figure: every figure of every mart, made again from them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence_proof import Compared, compare_figures, compare_reported
from tests.warehouse_rows import LOCKED, Form, Warehouse, expectations, sql
from warehouse.build.marts import PLACE_COLUMNS, describe_columns, dimensions_of
from warehouse.evidence.contributions import (
    ALL,
    REPORTED,
    add_up,
    open_evidence,
    select_contributions,
)
from warehouse.evidence.figure import split_label
from warehouse.evidence.model import Formula

MEASURED = sorted(
    name
    for name, model in sql("mart").items()
    if any(item.unit for item in describe_columns(model))
    and any(source.startswith("included.") for source in model.sources)
)
GENERAL = (
    "measure", "period", "reporting_unit_code", "thing", "amount", "precedence", "submission_id",
    "source_sheet", "source_row",
)  # fmt: skip
UNITS = ("420202", "420203", "420222")


@dataclass(frozen=True)
class Dataset:
    """Words a dataset's rows are drawn from, by column; `#` is a number no other row has.

    Two rows alike in all but a value would leave it to chance which of them a mart takes.

    Attributes:
        reporters: who sends it.
        most: rows of one form.
        is_one_each: a form has one row a unit, which is its first column.
    """

    reporters: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    most: int = 7
    is_one_each: bool = False


NAMES = ("甲", "乙", "丙", "丁")
CODES = ("A", "B", "C", "-")
DATASETS = {
    "standards": Dataset(
        UNITS,
        {
            "reporting_unit": UNITS,
            "standard_no": ("GB1", "GB2", "Q1", "Q2"),
            "uscc": ("A", "B", "C"),
            "product_name": ("p1", "p2", "-"),
            "standard_level": ("国家标准", "企业标准"),
            "role": ("执行", "主导"),
        },
    ),
    "patents": Dataset(
        UNITS,
        {
            "reporting_unit": UNITS,
            "application_no": ("P1", "P2", "P3", "P4"),
            "patent_type": ("发明", "外观设计"),
            "patentee_name": NAMES,
            "uscc": CODES,
            "granted_on": ("2019-03-01", "-"),
            "legal_status": ("有效", "失效"),
            "is_high_value": ("是", "否", "-"),
        },
    ),
    "trademarks": Dataset(
        ("scjg",),
        {
            "reporting_unit": ("420202", "420203", "420204", "420222", "420281", "KFQTS"),
            "application_count": ("3", "0", "-"),
            "registration_count": ("2", "5"),
            "valid_count": ("7", "8"),
            "application_yoy_pct": ("3.5", "-"),
            "registration_yoy_pct": ("-1.2", "-"),
        },
        most=9,
        is_one_each=True,
    ),
    "funding": Dataset(
        ("scjg", "czj"),
        {
            "reporting_unit": UNITS,
            "programme": ("奖励", "贷款"),
            "funding_level": ("省级", "市级"),
            "funding_kind": ("补助", "授信"),
            "recipient_name": NAMES,
            "uscc": CODES,
            "ownership": ("民营", "国有", "-"),
            "amount": ("#", "-"),
        },
    ),
    "quality_projects": Dataset(
        ("scjg", "jxj", "420202"),
        {
            "reporting_unit": (*UNITS, "-"),
            "project_level": ("省级", "市级"),
            "progress": ("在建", "完成"),
            "project_name": ("提升", "标杆"),
            "organiser": ("局", "所"),
            "fund_amount": ("#", "-"),
        },
    ),
    "honours": Dataset(
        ("scjg", "jxj", "swj"),
        {
            "reporting_unit": UNITS,
            "list_name": ("百强", "优品"),
            "edition": ("一", "二"),
            "enterprise_name": NAMES,
            "uscc": CODES,
            "ownership": ("民营", "国有"),
            "brand_or_product": ("牌", "品", "-"),
            "granted_on": ("2019-#", "-"),
            "brand_value": ("#", "-"),
        },
    ),
    "platforms": Dataset(
        ("kjj", "fgw"),
        {
            "reporting_unit": UNITS,
            "platform_name": ("台一", "台二"),
            "platform_type": ("中心", "实验室"),
            "level": ("省级", "国家级"),
        },
    ),
    "services": Dataset(
        ("scjg",),
        {
            "reporting_unit": UNITS,
            "uscc": ("A", "B", "-"),
            "service_type": ("培训", "检测"),
        },
    ),
    "enterprises": Dataset(
        ("scjg",),
        {
            "reporting_unit": UNITS,
            "uscc": ("A", "B", "C", "D"),
            "ownership": ("民营", "国有"),
            "status": ("在营", "注销"),
        },
    ),
    "indicators": Dataset(
        ("scjg", "jxj"),
        {
            "indicator_code": ("std_total_count",),
            "reporting_unit": ("420200",),
            "unit": ("项",),
            "value": ("#", "/"),
            "qualifier": ("近", "-"),
        },
        most=1,
    ),
}


def draw_rows(dataset: Dataset, chance: random.Random) -> list[str]:
    """Lines of words; one a unit where the form's key allows no more."""
    lines = []
    for _ in range(chance.randint(1, dataset.most)):
        number = chance.randrange(10**6)
        day = f"2019-{1 + number % 12:02d}-{1 + number % 28:02d}"
        words = [chance.choice(words) for words in dataset.columns.values()]
        line = " ".join(words)
        lines.append(line.replace("2019-#", day).replace("#", str(number)))
    keyed = {line.split()[0]: line for line in lines}
    return list(keyed.values()) if dataset.is_one_each else lines


def fill(seed: int) -> Warehouse:
    """A warehouse with two periods of every dataset, some forms held or sent twice."""
    chance = random.Random(seed)
    warehouse = Warehouse()
    for name, dataset in DATASETS.items():
        for period in ("2020Q2", "2020Q3"):
            for reporter in dataset.reporters:
                least = 1 if len(dataset.reporters) == 1 else 0
                for _ in range(chance.choice((least, 1, 1, 2))):
                    rows = draw_rows(dataset, chance)
                    action = chance.choice(("accept",) * 5 + ("hold",))
                    form = Form(reporter, rows, period=period, action=action)
                    warehouse.keep(name, " ".join(dataset.columns), form)
    warehouse.build(*MEASURED, day=LOCKED)
    open_evidence(warehouse.connection, sql("evidence"))
    return warehouse


@pytest.fixture(scope="module")
def filled() -> Warehouse:
    return fill(3)


def compare_all(warehouse: Warehouse) -> list[Compared]:
    found = []
    for name in MEASURED:
        model = sql("mart")[name]
        if name == REPORTED:
            found.append(compare_reported(warehouse.connection, f"release.mart.{name}"))
        else:
            found += compare_figures(warehouse.connection, model, f"release.mart.{name}")
    return found


@settings(max_examples=3)
@given(st.integers(0, 10**9))
def test_the_rows_make_every_figure_of_every_mart(seed: int) -> None:
    compared = compare_all(fill(seed))
    assert [item for item in compared if item.differing] == []
    assert sum(item.figures for item in compared) > 0


def test_the_comparison_finds_a_figure_that_its_rows_do_not_make() -> None:
    warehouse = fill(7)
    warehouse.connection.execute(
        "update release.mart.standards set standard_count = standard_count + 1 "
        "where reporting_unit_code = '420200'"
    )
    differing = [item.measure for item in compare_all(warehouse) if item.differing]
    assert differing == ["standard_count"]


def test_every_mart_with_measures_has_its_evidence_and_the_indicators_have() -> None:
    assert sorted({*MEASURED, REPORTED}) == sorted(sql("evidence"))


@pytest.mark.parametrize("name", sorted(sql("evidence")))
def test_evidence_has_the_dimensions_of_its_mart_and_says_what_a_row_is(name: str) -> None:
    model = sql("evidence")[name]
    chinese, _, english = model.header.partition(" / ")
    assert chinese.startswith("一行是")
    assert english.startswith("A row is")
    selected = model.query.named_selects
    dimensions = [item for item in selected if item not in GENERAL]
    if name != REPORTED:
        assert dimensions == dimensions_of(describe_columns(sql("mart")[name]))
    assert [item for item in selected if item in GENERAL] == list(GENERAL)
    assert not {source.split(".")[0] for source in model.sources} - {"included", "core", "codes"}


@pytest.mark.parametrize("name", [name for name in MEASURED if name != REPORTED])
def test_every_measure_of_a_mart_has_evidence_rows(name: str, filled: Warehouse) -> None:
    found = filled.connection.execute(f"select distinct measure from evidence_{name}").fetchall()
    measures = {item.name for item in describe_columns(sql("mart")[name]) if item.unit}
    assert {measure for (measure,) in found} == measures


# --- the rule by which rows make a figure ---------------------------------------------------------

ROW = st.fixed_dictionaries(
    {
        "thing": st.sampled_from(["a", "b", "c"]),
        "amount": st.integers(0, 4).map(Decimal),
        "precedence": st.one_of(st.none(), st.integers(0, 3)),
    }
)


@settings(max_examples=30)
@given(st.lists(ROW, max_size=8), st.sampled_from(["sum", "count", "chosen"]))
def test_what_rows_add_sums_to_what_they_make(rows: list[dict], rule: str) -> None:
    connection = duckdb.connect()
    blank = {"sum": "thing", "count": "amount"}.get(rule)
    rows = [row | ({blank: None} if blank else {}) for row in rows]
    connection.execute(
        "create temp table kept (measure varchar, period varchar, thing varchar, "
        "amount decimal(28, 6), precedence bigint, submission_id bigint, source_sheet varchar, "
        "source_row bigint)"
    )
    for place, row in enumerate(rows):
        values = [row[name] for name in ("thing", "amount", "precedence")]
        connection.execute(
            "insert into kept values ('m', '2020Q3', ?, ?, ?, 1, '', ?)", [*values, place]
        )
    formula = Formula("standards", "m", {}, (), {}, {})
    query, sought = select_contributions(formula, "2020Q3", None, "kept")
    found = connection.execute(
        f"select count(*), coalesce(sum(adds), 0), any_value(total), any_value(row_count) "
        f"from ({query})",
        sought,
    ).fetchone()
    assert found is not None
    count, adds, total, said = found
    assert adds == add_up(rows)
    assert (total, said) == ((adds, count) if rows else (None, None))


def test_a_figure_that_is_not_applicable_is_made_of_no_amount() -> None:
    assert add_up([{"thing": None, "amount": None, "precedence": None}]) is None


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("", {}),
        ("role=执行", {"role": "执行"}),
        ("level=国家标准,role=执行", {"level": "国家标准", "role": "执行"}),
        ("level=甲,乙=丙,role=执行", {"level": "甲,乙=丙", "role": "执行"}),
    ],
)
def test_the_dimensions_of_a_series_are_read_from_its_code(label: str, expected: dict) -> None:
    assert split_label(label, ["level", "role"]) == expected


def test_the_word_for_all_is_the_one_the_marts_use() -> None:
    assert all(
        f"'{ALL}'" in sql("mart")[name].text
        for name in MEASURED
        if dimensions_of(describe_columns(sql("mart")[name])) and name != REPORTED
    )
    assert set(PLACE_COLUMNS) <= set(sql("mart")["standards"].query.named_selects)
    assert expectations().codes.reporting_units
