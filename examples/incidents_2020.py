"""Incidents at the registers of 2020."""

from __future__ import annotations

from decimal import Decimal

from examples.faults import (
    add_sheet,
    change_row,
    change_total,
    drop_column,
    drop_unit,
    empty_form,
    explain,
    keep_rows,
    leave_out_total,
    put,
    put_formula,
    repeat_row,
    rewrite,
    spoil_whole,
    stray,
)
from examples.incident import Incident
from examples.misspell import break_check, count_days, keep_seven_of_ten, sort_valid_last, widen


def list_incidents_of_2020() -> list[Incident]:
    """In the order of their quarters; what is wrong in 2020Q3 is put right before the report."""
    return [
        Incident(
            "patents", "420202", "2020Q1", "accepted",
            (
                keep_rows("stock_falls", keep_seven_of_ten),
                explain("stock_falls", "疫情期间只报了完成核对的部分，其余下期补齐。"),
            ),
            corrected_after=None,
        ),
        Incident("honours", "jxj", "2020Q1", "held", (drop_unit("unit_vanished"),)),
        Incident("standards", "420204", "2020Q1", "rejected", (drop_column("standard_name"),)),
        Incident(
            "enterprises", "scjg", "2020Q1", "rejected",
            (
                put("not_applicable_not_allowed", 15, "industry_code", "—"),
                put("unknown_code", 25, "size", "特大型"),
            ),
        ),
        Incident("services", "scjg", "2020Q1", "rejected", (empty_form("no_rows", is_nil=False),)),
        Incident("funding", "czj", "2020Q1", "rejected", (change_total("amount", Decimal(151)),)),
        Incident(
            "patents", "KFQTS", "2020Q1", "accepted",
            (rewrite("serial_date", "applied_on", count_days, slice(2, 5)),),
            corrected_after=None, look={"file_format": "xlsx", "date_style": "cell"},
        ),
        Incident(
            "quality_projects", "420222", "2020Q1", "accepted", (spoil_whole("macros"),),
            corrected_after=None, look={"file_format": "xlsm"},
        ),
        Incident("platforms", "jxj", "2020Q1", "rejected", (stray(5, "待省厅复核"),)),
        Incident(
            "platforms", "kjj", "2020Q1", "accepted",
            (add_sheet("Sheet2", [["待核对"], ["示例省重点实验室03号（虚构）"]]),),
            corrected_after=None,
        ),
        Incident(
            "standards", "420203", "2020Q2", "rejected",
            (put_formula("error_value", 11, "standard_name", "=VLOOKUP(A1,#REF!,2,0)", "#REF!"),),
            look={"file_format": "xlsx"},
        ),
        Incident(
            "standards", "420222", "2020Q2", "rejected",
            (
                put("identifier_form", 5, "standard_no", "ISO 9001:2015"),
                rewrite("check_digit", "uscc", break_check, slice(8, 9)),
            ),
        ),
        # Never sent again: the city's count of 2020Q2 covers five of six and says so.
        Incident(
            "standards", "420202", "2020Q2", "rejected",
            (put("required", 20, "role", None),), corrected_after=None,
        ),
        Incident(
            "funding", "kjj", "2020Q2", "rejected",
            (put("too_precise", 3, "amount", "86.4312345"), repeat_row(0)),
        ),
        Incident(
            "patents", "420281", "2020Q2", "held",
            (
                keep_rows(None, sort_valid_last),
                change_row("valid_without_grant", -1, "granted_on", lambda _: None),
            ),
            corrected_after=None,
        ),
        Incident(
            "standards", "420222", "2020Q3", "rejected",
            (put("required", 0, "enterprise_name", None), repeat_row(30)), corrected_after=2,
        ),
        Incident(
            "funding", "scjg", "2020Q3", "accepted",
            (keep_rows(None, lambda rows: rows[2:]), leave_out_total()), corrected_after=2,
        ),
        Incident(
            "honours", "scjg", "2020Q3", "accepted",
            (rewrite("full_width", "brand_value", widen, slice(1)),), corrected_after=None,
        ),
    ]  # fmt: skip
