"""What a steward sees before deciding: how a form differs from the one accepted last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse_rows import OPEN, Form, Warehouse, expectations

from warehouse.build.views import Cut, set_cut
from warehouse.decide.difference import compare_submission
from warehouse.decide.model import Difference

STANDARDS = "enterprise_name uscc reporting_unit product_name standard_no standard_level role"
FUNDING = "programme recipient_name reporting_unit amount document_no paid_on"
TRADEMARKS = "seq reporting_unit application_count application_yoy_pct valid_count"


def compare(warehouse: Warehouse, number: int) -> Difference:
    warehouse.open(OPEN)
    return compare_submission(warehouse.connection, expectations(), number)


def lines(difference: Difference) -> list[str]:
    """A difference as lines of words."""
    return sorted(
        [f"+ {row.address} {row.key}" for row in difference.added]
        + [f"- {row.key}" for row in difference.removed]
        + [
            f"{cell.address} {cell.column} {cell.before} {cell.after}"
            for cell in difference.changed
        ]
    )


def totals(difference: Difference) -> list[str]:
    return [
        " ".join([total.name, total.reporting_unit or "全部", *total.shown])
        for total in difference.totals
    ]


def test_a_resent_register_differs_by_its_key_in_rows_and_cells_and_in_sum():
    warehouse = Warehouse()
    first = ["甲 U1 420222 p GB/T1 国家标准 执行", "乙 U2 420222 - GB/T2 国家标准 执行"]
    then = ["乙厂 U2 420222 - GB/T2 国家标准 主导", "丙 U3 420222 - GB/T2 国家标准 执行"]
    before = warehouse.keep("standards", STANDARDS, Form("420222", first))
    after = warehouse.keep("standards", STANDARDS, Form("420222", then))
    difference = compare(warehouse, after)
    assert (difference.against, difference.against_period) == (before, "2020Q3")
    assert not difference.is_other_period
    assert lines(difference) == [
        "+ 7 U3 · GB/T2 · ",
        "- U1 · GB/T1 · p",
        "6 enterprise_name 乙 乙厂",
        "6 role 执行 主导",
    ]
    assert totals(difference) == [
        "rows 全部 2 2 0",
        "standard_count 全部 2 1 -1",
        "enterprise_count 全部 2 2 0",
    ]


def test_money_is_in_yuan_codes_have_names_and_blank_zero_and_not_applicable_stay_apart():
    warehouse = Warehouse()
    first = ["专项 甲 420222 1200000.50 1号 2020-08-01", "专项 乙 420222 0 2号 -"]
    then = ["专项 甲 KFQTS 12000.00 1号 /", "专项 乙 420222 - 2号 2020-08-01"]
    warehouse.keep("funding", FUNDING, Form("kjj", first))
    after = warehouse.keep("funding", FUNDING, Form("kjj", then))
    difference = compare(warehouse, after)
    assert lines(difference) == [
        "6 amount 1200000.5 12000",
        "6 paid_on 2020-08-01 不适用",
        "6 reporting_unit 阳新县 开发区·铁山区",
        "7 amount 0 None",
        "7 paid_on None 2020-08-01",
    ]
    assert totals(difference) == ["rows 全部 2 2 0", "amount 全部 1200000.5 12000 -1188000.5"]
    assert difference.columns["amount"] == "金额（元）"
    assert difference.totals[1].title.zh == "资金总额（元）"


def test_a_form_of_figures_is_summed_by_unit_and_its_running_number_says_nothing():
    warehouse = Warehouse()
    first = ["1 420222 10 5.5 7", "2 420281 20 - 8"]
    then = ["1 420281 20 - 8", "2 420202 4 - 1"]
    warehouse.keep("trademarks", TRADEMARKS, Form("scjg", first, period="2020Q2"))
    after = warehouse.keep("trademarks", TRADEMARKS, Form("scjg", then))
    difference = compare(warehouse, after)
    assert difference.is_other_period
    assert difference.against_period == "2020Q2"
    assert lines(difference) == ["+ 7 黄石港区", "- 阳新县"]
    assert "seq" not in difference.columns
    assert difference.columns["application_count"] == "申请量（件）"
    assert [line for line in totals(difference) if line.startswith("valid_count")] == [
        "valid_count 全部 15 9 -6",
        "valid_count 黄石港区  1 ",
        "valid_count 阳新县 7  ",
        "valid_count 大冶市 8 8 0",
    ]


def test_figures_in_units_of_their_own_are_never_added_up():
    warehouse = Warehouse()
    columns = "indicator_code reporting_unit unit value"
    rows = ["std_total_count 420200 项 12", "ip_special_fund_amount 420200 万元 80.50"]
    warehouse.keep("indicators", columns, Form("scjg", rows[:1]))
    difference = compare(warehouse, warehouse.keep("indicators", columns, Form("scjg", rows)))
    assert totals(difference) == ["rows 全部 1 2 +1"]
    assert lines(difference) == ["+ 7 知识产权专项资金运用额 · 黄石市"]
    assert dict(zip(difference.columns, difference.added[0].cells, strict=True))["value"] == "80.5"


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ([], None),
        ([Form("kjj", period="2020Q1", is_nil=True)], None),
        ([Form("kjj", period="2020Q2", is_nil=True)], 1),
        ([Form("kjj", period="2020Q2", is_nil=True), Form("kjj", is_nil=True)], 2),
        ([Form("kjj", is_nil=True), Form("kjj", is_nil=True)], 2),
        ([Form("kjj", is_nil=True), Form("kjj", action="hold")], 1),
        ([Form("kjj", is_nil=True, then=[("withdraw", "2020-10-13")])], None),
        ([Form("kjj", action="hold", then=[("accept", "2020-10-13")])], 1),
        ([Form("swj", is_nil=True)], None),
    ],
)
def test_a_submission_is_held_against_the_last_accepted_one_else_that_of_the_period_before(
    earlier, expected
):
    warehouse = Warehouse()
    for form in earlier:
        warehouse.keep("funding", FUNDING, form)
    rows = ["专项 甲 420222 5 1号 -"]
    difference = compare(warehouse, warehouse.keep("funding", FUNDING, Form("kjj", rows)))
    assert difference.against == expected
    # Of a nil report 0 is known; where there is no form, nothing is.
    assert totals(difference)[0] == ("rows 全部  1 " if expected is None else "rows 全部 0 1 +1")
    assert lines(difference) == ([] if expected is None else ["+ 6 1号 · 甲 · 专项"])


def test_an_older_submission_is_held_against_the_one_that_counts_and_not_against_itself():
    warehouse = Warehouse()
    old = warehouse.keep("funding", FUNDING, Form("kjj", ["专项 甲 420222 5 1号 -"]))
    new = warehouse.keep("funding", FUNDING, Form("kjj", ["专项 甲 420222 7 1号 -"]))
    assert lines(compare(warehouse, old)) == ["6 amount 7 5"]
    assert lines(compare(warehouse, new)) == ["6 amount 5 7"]


WORDS = st.lists(
    st.tuples(
        st.sampled_from(["1号", "2号", "-"]),
        st.sampled_from(["甲", "乙", "丙"]),
        st.sampled_from(["0", "5", "12.50", "-", "/"]),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def board() -> Warehouse:
    warehouse = Warehouse()
    warehouse.open(OPEN)
    return warehouse


@given(first=WORDS, then=WORDS)
@settings(max_examples=25)
def test_the_difference_turns_the_one_form_into_the_other(board, first, then):
    """Keys may repeat, as in a rejected file, or have blank parts."""

    def keep(words: Sequence[tuple[str, str, str]]) -> int:
        rows = [f"专项 {name} 420222 {amount} {number} -" for number, name, amount in words]
        return board.keep("funding", FUNDING, Form("kjj", rows))

    keep(first)
    after = keep(then)
    set_cut(board.connection, Cut(board.chain.sequence, datetime.now(UTC), 0))
    difference = compare_submission(board.connection, expectations(), after)

    def shown(words: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
        amounts = {"12.50": "12.5", "-": "", "/": "不适用"}
        return sorted(
            (f"{'' if number == '-' else number} · {name} · 专项", amounts.get(amount, amount))
            for number, name, amount in words
        )

    place = list(difference.columns).index("amount")
    rows = shown(first)
    for row in difference.removed:
        rows.remove((row.key, row.cells[place] or ""))
    for cell in difference.changed:
        rows.remove((cell.key, cell.before or ""))
        rows.append((cell.key, cell.after or ""))
    rows += [(row.key, row.cells[place] or "") for row in difference.added]
    assert sorted(rows) == shown(then)
    assert difference.count == 0 or first != then
