"""Incidents at the registers of 2019."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from examples.faults import (
    add_sheet,
    change_row,
    drop_unit,
    empty_form,
    explain,
    explain_row,
    hide_column,
    hide_copy,
    hide_row,
    keep_rows,
    put,
    put_formula,
    rename_heading,
    repeat_row,
    rewrite,
    say_nil,
    spoil_whole,
)
from examples.incident import Incident
from examples.misspell import (
    OLD_NUMBER,
    TRUNCATED_CODE,
    break_check,
    cut_short,
    flip_level,
    flip_type,
    group_thousands,
    shift_filing,
    sort_limited_first,
    sort_valid_last,
    space_out,
    take_yuan_for_wan,
    widen,
)


def list_incidents_of_2019() -> list[Incident]:
    """In the order of their quarters."""
    return [*_in_first_half(), *_in_third_quarter(), *_in_fourth_quarter()]


def _in_first_half() -> list[Incident]:
    return [
        Incident(
            "standards", "420203", "2019Q1", "rejected",
            (put("required", 4, "standard_name", None), repeat_row(2)),
        ),
        Incident(
            "patents", "420202", "2019Q1", "rejected",
            (
                rewrite("check_digit", "application_no", break_check, slice(5, 6)),
                change_row("type_contradicts_number", 8, "patent_type", flip_type),
            ),
        ),
        Incident(
            "patents", "420203", "2019Q1", "rejected", (spoil_whole("unidentified_period"),),
            look={"period_text": "本季度", "title": "专利情况表", "file_name": "专利表"},
        ),
        Incident(
            "funding", "swj", "2019Q1", "rejected",
            (
                put("not_a_number", 1, "amount", "约50"),
                put("unknown_code", 3, "funding_kind", "借款"),
            ),
        ),
        Incident(
            "enterprises", "scjg", "2019Q1", "rejected",
            (
                put("precision_loss", 10, "uscc", TRUNCATED_CODE),
                put("registration_number", 20, "uscc", OLD_NUMBER),
                rewrite("identifier_form", "uscc", cut_short, slice(30, 31)),
            ),
            corrected_after=2,
        ),
        Incident("quality_projects", "420281", "2019Q1", "rejected", (say_nil(),)),
        Incident(
            "standards", "420204", "2019Q2", "rejected", (spoil_whole("folder_disagrees"),),
            folder="420203",
        ),
        Incident(
            "patents", "420222", "2019Q2", "rejected",
            (
                put("granted_before_applied", 3, "granted_on", date(1999, 5, 4)),
                put("date_after_period", 6, "granted_on", date(2019, 9, 10)),
            ),
        ),
        Incident(
            "funding", "kjj", "2019Q2", "rejected",
            (
                put("paid_before_approved", 2, "paid_on", date(2019, 3, 28)),
                put("below_minimum", 4, "amount", Decimal(-5)),
            ),
        ),
        Incident(
            "services", "scjg", "2019Q2", "rejected",
            (
                put("unknown_reporting_unit", 3, "reporting_unit", "大冶湖高新区"),
                put("not_a_date", 6, "service_date", "2019.5"),
            ),
        ),
        Incident(
            "standards", "KFQTS", "2019Q2", "accepted",
            (
                rewrite("spelling_recognised", "reporting_unit", lambda _: "市开发区", slice(6)),
                rewrite(
                    "spelling_recognised", "reporting_unit",
                    lambda _: "黄石经济技术开发区·铁山区", slice(6, 12),
                ),
                rewrite("full_width", "standard_no", widen, slice(14, 15)),
            ),
            corrected_after=None,
        ),
        # After the lock date: the figure is published as revised, and both vintages stay.
        Incident(
            "patents", "420281", "2019Q2", "accepted",
            (keep_rows(None, lambda rows: rows[:-3]),), corrected_after=130,
            revised_as="period_locked", revision_note="初报漏报三件已受理专利，核对后补齐。",
        ),
    ]  # fmt: skip


def _in_third_quarter() -> list[Incident]:
    return [
        Incident(
            "standards", "420222", "2019Q3", "rejected", (spoil_whole("wrong_period"),),
            look={"period_text": "2019年8月"}, says_period="2019-08",
        ),
        Incident(
            "patents", "420204", "2019Q3", "rejected",
            (rename_heading("duplicate_heading", "is_high_value", "法律状态"),),
        ),
        Incident(
            "funding", "swj", "2019Q3", "held", (keep_rows("flow_jumps", take_yuan_for_wan),),
            corrected_after=20, look={"money_unit": "万元"},
        ),
        Incident(
            "platforms", "jxj", "2019Q3", "accepted",
            (
                drop_unit("unit_vanished"),
                explain("unit_vanished", "该区平台正在省级复核，公布前暂不列入，已与省厅确认。"),
            ),
            corrected_after=None, look={"file_format": "xlsx"},
        ),
        Incident(
            "services", "scjg", "2019Q3", "rejected",
            (rename_heading("unknown_heading", "provider", "经办人员"),),
        ),
        Incident(
            "enterprises", "scjg", "2019Q3", "accepted", (hide_row(7), hide_column("size")),
            corrected_after=None,
            look={"file_format": "xlsx", "is_bare": False, "date_style": "cell"},
        ),
        Incident(
            "quality_projects", "420203", "2019Q3", "rejected",
            (put_formula("uncalculated_formula", 0, "fund_amount", "=5+6.5", ""),),
            look={"file_format": "xlsx"},
        ),
        Incident(
            "quality_projects", "420281", "2019Q3", "accepted", (spoil_whole("old_template"),),
            corrected_after=None, look={"template_age": 1},
        ),
        Incident(
            "patents", "420281", "2019Q3", "rejected", (spoil_whole("mark_disagrees"),),
            look={"template_age": 0, "period_text": "2019年二季度", "is_bare": False},
        ),
        Incident(
            "platforms", "jxj", "2019Q3", "rejected",
            (
                add_sheet(
                    "荣誉", [["企业荣誉名录"], ["名录名称", "年度批次", "企业名称"]], "second_form"
                ),
            ),
            look={"file_format": "xlsx", "is_bare": False},
        ),
        Incident(
            "honours", "swj", "2019Q3", "rejected",
            (
                add_sheet("二季度", [["报告期：2019年二季度"]], "sheet_disagrees"),
                spoil_whole("unread_sheet"),
            ),
            look={"file_format": "xlsx", "is_bare": False},
        ),
        Incident(
            "patents", "KFQTS", "2019Q3", "accepted", (hide_copy("底稿"),),
            corrected_after=None, look={"file_format": "xlsx", "is_bare": False},
        ),
    ]  # fmt: skip


def _in_fourth_quarter() -> list[Incident]:
    return [
        Incident(
            "standards", "420202", "2019Q4", "rejected",
            (
                change_row("level_contradicts_number", 9, "standard_level", flip_level),
                put("foreign_unit", 12, "reporting_unit", "大冶市"),
            ),
        ),
        Incident(
            "standards", "420281", "2019Q4", "held",
            (keep_rows("stock_falls", lambda rows: rows[-40:]),), corrected_after=4,
        ),
        Incident(
            "patents", "420222", "2019Q4", "accepted",
            (rewrite("spelling_recognised", "reporting_unit", space_out, slice(None)),),
            corrected_after=None,
        ),
        Incident(
            "patents", "420203", "2019Q4", "accepted",
            (
                keep_rows(None, sort_valid_last),
                change_row("filing_year_differs", 0, "applied_on", shift_filing),
                explain_row(0, "分案申请，沿用母案申请日。"),
                change_row("valid_without_grant", -1, "granted_on", lambda _: None),
                explain_row(-1, "受让取得，原授权公告日正向原权利人核实。"),
            ),
            corrected_after=None,
        ),
        Incident(
            "patents", "KFQTS", "2019Q4", "held",
            (
                keep_rows(None, sort_valid_last),
                change_row("filing_year_differs", 0, "applied_on", shift_filing),
            ),
        ),
        Incident(
            "funding", "swj", "2019Q4", "accepted",
            (rewrite("thousands_separator", "amount", group_thousands, slice(None)),),
            corrected_after=None,
        ),
        Incident(
            "funding", "jxj", "2019Q4", "rejected", (spoil_whole("unknown_money_unit"),),
            look={"money_unit": "万美元"},
        ),
        Incident(
            "platforms", "kjj", "2019Q4", "rejected",
            (empty_form("nil_report_not_allowed", is_nil=True),),
        ),
        Incident(
            "honours", "jxj", "2019Q4", "rejected",
            (
                keep_rows(None, sort_limited_first),
                put("expires_before_granted", 2, "valid_until", date(2012, 11, 19)),
            ),
        ),
    ]  # fmt: skip
