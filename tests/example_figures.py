"""The example's reported figures as a published file, without the nights that publish them."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from functools import cache

from published_rows import open_rows

from examples.figures import DATA
from warehouse.contracts.load import load_expectations
from warehouse.report.check import Judge, make_judge
from warehouse.report.figures import Figures

REPORT_DAY = date(2020, 10, 27)
RELEASES = {1: date(2020, 10, 22), 2: date(2026, 11, 24)}
WITHHELD = {"fee_reduction_amount"}
"""The gate asks about it, and nobody has answered."""

OF_YANGXIN = {"qip_provincial_project_count", "qip_provincial_grant_amount"}
"""The one provincial project is there: the register counts it for the county as well."""


@cache
def judge_example(as_of: date | None = None) -> Judge:
    """What a text is held against: the example's figures, as known on a day."""
    codes = load_expectations().codes
    rows = list(_read_rows())
    rows += [
        row | {"reporting_unit_code": "420222", "reporting_unit": "阳新县"}
        for row in rows
        if row["indicator_code"] in OF_YANGXIN and row["period"] == "2020Q3"
    ]
    figures = Figures(open_rows(rows, RELEASES), as_of)
    return make_judge(figures, codes)


def _read_rows():
    codes = load_expectations().codes
    units = {unit.name: unit for unit in codes.units_of_measure}
    indicators = {item.code: item for item in codes.indicators}
    with (DATA / "indicators.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["indicator_code"] not in WITHHELD]
    for line in lines:
        indicator, unit = indicators[line["indicator_code"]], units[line["unit"]]
        is_flow = indicator.measure_kind == "flow"
        adds = is_flow and not indicator.counts_distinct
        yield {
            "series_code": indicator.code,
            "indicator_code": indicator.code,
            "indicator_name": indicator.name.zh,
            "unit": indicator.unit,
            "basis": "reported",
            "qualifier": line["qualifier"] or None,
            "measure_kind": indicator.measure_kind,
            "is_additive": indicator.is_additive,
            "adds_over_periods": adds and indicator.accumulated_since == "period",
            "accumulated_since": indicator.accumulated_since if is_flow else None,
            "period": line["period"],
            "period_type": "quarter",
            "reporting_unit_code": codes.city.code,
            "reporting_unit": codes.city.name,
            "value": Decimal(line["value"]) * unit.factor,
            "value_state": "value",
            "expected_submissions": 1,
            "included_submissions": 1,
            "status": "final",
            "break_reason": None,
            "known_from_release": 1 if line["period"] <= "2020Q3" else 2,
            "known_to_release": None,
        }
