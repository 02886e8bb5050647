"""The sheet 自查 of a blank workbook: the gate's rules as formulas of Excel, WPS, LibreOffice."""

from warehouse.template.self_check.kept import SHEET
from warehouse.template.self_check.sheet import write_self_check

__all__ = ["SHEET", "write_self_check"]
