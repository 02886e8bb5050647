"""Incidents at the indicators and the trademark tables: a doubtful figure is withheld alone."""

from __future__ import annotations

from decimal import Decimal

from examples.faults import Fault, add_row, change_total, put
from examples.forms import Grid
from examples.incident import Incident


def list_incidents_of_figures() -> list[Incident]:
    """Of one form, in the order of arrival."""
    return [
        Incident(
            "indicators", "scjg", "2018Q4", "accepted",
            (put("indicator_name_matches", 1, "indicator_name", "驰名商标总数"),),
            corrected_after=None,
        ),
        Incident(
            "indicators", "kjj", "2019Q4", "rejected",
            (
                put("indicator_unit_known", 0, "unit", "家次"),
                put("negative_figure", 1, "value", Decimal(-22)),
                put("negative_figure", 1, "prior_year_value", Decimal(-20)),
                put("negative_figure", 2, "ytd_value", Decimal(-1)),
                add_row(
                    "indicator_department", "indicator_code",
                    {
                        "indicator_code": "local_budget_revenue",
                        "indicator_name": "地方一般公共预算收入",
                        "unit": "亿元",
                        "value": Decimal("119.5"),
                    },
                ),
            ),
        ),
        Incident(
            "indicators", "jxj", "2020Q3", "held",
            (Fault("outside_plausible_range", locate=_find_fee_reduction),),
            corrected_after=None, withheld=("fee_reduction_amount",),
        ),
        Incident(
            "indicators", "jxj", "2020Q4", "held",
            (
                put("indicator_jumps", 0, "value", Decimal(81180)),
                put("indicator_falls", 1, "value", Decimal(7)),
                put("register_differs", 2, "value", Decimal(9)),
            ),
            corrected_after=None,
            withheld=(
                "workers_dispatched_count", "prov_growth_cluster_count", "prov_key_lab_count"
            ),
        ),
        Incident(
            "indicators", "czj", "2020Q4", "held",
            (put("prior_year_differs", 0, "prior_year_value", Decimal("115.9")),),
            corrected_after=9, withheld=("local_budget_revenue",),
            revised_as="revision_note", revision_note="上年同期数按决算数更正。",
        ),
        Incident(
            "trademarks", "scjg", "2024Q1", "rejected",
            (
                put("too_large", 2, "registration_count", "9300000000000000000000"),
                put("not_an_integer", 3, "application_count", Decimal("76.5")),
                change_total("valid_count", Decimal(24414)),
            ),
            corrected_after=1,
        ),
        Incident(
            "trademarks", "scjg", "2020Q4", "held",
            (
                put("application_growth_differs", 0, "application_yoy_pct", "12.46%"),
                put("registration_growth_differs", 5, "registration_yoy_pct", "2.22%"),
            ),
            corrected_after=14, withheld=("420281", "KFQTS"), revised_as="revision_note",
        ),
    ]  # fmt: skip


def _find_fee_reduction(grid: Grid) -> tuple[str | None, ...]:
    """The report's own figure, which is doubtful as it stands: nothing is changed in the form."""
    place = grid.places["indicator_code"]
    codes = [cells[place] for cells in grid.cells[grid.first_row : grid.first_row + grid.row_count]]
    return (grid.address(codes.index("fee_reduction_amount"), "value"),)
